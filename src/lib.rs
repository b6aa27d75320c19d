//! halfopen.
pub mod engine;
pub mod patterns;
pub mod study;
