//! Circuit breakers, one type for each real system.
