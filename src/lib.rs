//! halfopen.
pub mod app;
pub mod engine;
pub mod patterns;
pub mod study;
pub mod ui;
