//! halfopen.
pub mod engine;
pub mod patterns;
