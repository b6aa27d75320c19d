//! Small worlds that put patterns under load and let a learner break them, all behind one face.

pub mod attempt;
pub mod branch;
pub mod breaker;
pub mod catalogue;
pub mod causes;
pub mod digest;
pub mod fault;
pub mod faults;
pub mod inspect;
pub mod judge;
pub mod knob;
pub mod lab;
pub mod language;
pub mod latency;
pub mod narrate;
pub mod questions;
pub mod reading;
pub mod recording;
pub mod remarks;
pub mod scenario;
pub mod scene;
pub mod search;
pub mod server;
pub mod story;
pub mod text;
pub mod twin;
