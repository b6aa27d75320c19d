//! The learner: what was done, how it went, what comes next.
//!
//! Pure: "now" and record ids are arguments. Knows no file, no terminal, no lesson text and no simulation: questions and
//! chapters arrive as small input structs, so that the same code serves any course folder.

pub mod bet;
pub mod calibration;
pub mod completion;
pub mod generated;
pub mod ledger;
pub mod progress;
pub mod question;
pub mod record;
pub mod session;
pub mod typed;
