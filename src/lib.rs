//! halfopen.
pub mod course;
pub mod engine;
pub mod labs;
pub mod patterns;
pub mod ui;
