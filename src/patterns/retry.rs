//! Retries of real clients, one type for each: how long they wait, and when they stop.
//!
//! They agree on "longer after each failure, with some luck in it" and differ in every number. All are asked after the
//! failure of an attempt and answer with the wait before the next one, or `None`: the failure is final.
//!
//! | client | attempts in all | wait after the k-th failure | what else stops it |
//! |---|---|---|---|
//! | [`resilience4j`] Retry 2.4.0 | 3 | 500 ms; if exponential, 500 ms × 1.5^(k−1), ± 50 % if randomised | nothing |
//! | [`grpc`] | at most 5, off by default | min(initial × multiplier^(k−1), max), ± 20 % | tokens at or below half; the server |
//! | [`aws`] standard mode | 3 | U(0, min(2^(k−1) s, 20 s)) | a quota of 500, 5 or 10 a retry |
//! | [`envoy`] | 2, off by default | U(0, min(25 ms × 2^(k−1), 250 ms)) | 3 retries at a time, or a share of the requests |
//!
//! So the same word means different numbers: Resilience4j, gRPC and AWS count the first call as an attempt; Envoy counts
//! retries. And only AWS and Envoy have full jitter.

pub mod aws;
pub mod envoy;
pub mod grpc;
pub mod resilience4j;
