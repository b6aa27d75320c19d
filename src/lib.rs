//! halfopen.
pub mod app;
pub mod course;
pub mod engine;
pub mod labs;
pub mod patterns;
#[expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the edge is the one place with a clock, files, threads and an environment"
)]
pub mod shell;
pub mod study;
pub mod ui;

// So that the harness of the screens reads the same in unit tests and in `tests/`.
#[cfg(test)]
extern crate self as halfopen;
