//! halfopen.
pub mod app;
pub mod course;
pub mod engine;
pub mod labs;
pub mod patterns;
pub mod study;
pub mod ui;
