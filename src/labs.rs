//! Small worlds that put patterns under load and let a learner break them, all behind one face.

pub mod attempt;
pub mod branch;
pub mod breaker;
pub mod catalogue;
pub mod digest;
pub mod fault;
pub mod judge;
pub mod knob;
pub mod lab;
pub mod language;
pub mod latency;
pub mod narrate;
pub mod reading;
pub mod recording;
pub mod scenario;
pub mod scene;
pub mod server;
pub mod story;
pub mod text;
pub mod twin;
pub mod why;
