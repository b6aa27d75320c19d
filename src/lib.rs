//! halfopen.
pub mod course;
pub mod engine;
pub mod patterns;
