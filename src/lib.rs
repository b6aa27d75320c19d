//! halfopen.
pub mod app;
pub mod course;
pub mod engine;
pub mod labs;
pub mod patterns;
pub mod study;
pub mod ui;

// So that the harness of the screens reads the same in unit tests and in `tests/`.
#[cfg(test)]
extern crate self as halfopen;
