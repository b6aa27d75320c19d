//! Loading as a whole.
