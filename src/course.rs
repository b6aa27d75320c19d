//! The course: lessons, questions and drills as typed content.
//!
//! Text in, a [`Course`] and every problem out. Nothing here knows a file system, a clock, a screen, the learner, or
//! what a lab is called: set-ups, conditions and fault sentences are kept as text with their [`Place`], for whoever
//! knows the labs to judge.
//!
//! - `load` reads a course and never stops at the first error; `embedded` holds the shipped one.
//! - [`model`] is what a course is; [`prose`] is what its text is made of; [`setup`] the interactive blocks;
//!   [`quiz`] questions, drills, concepts and misconceptions.
//! - `coverage` tells what is taught and not asked.

pub mod model;
pub mod place;
pub mod prose;
pub mod quiz;
pub mod setup;

pub use model::{Chapter, Course, Lesson, Step, StepId, StepRef};
pub use place::{Place, Placed};
pub use prose::{Block, Inlines};
pub use quiz::{Ask, Concept, Drill, Misconception, Question};
pub use setup::{Claim, Goal, LabBlock, Predict, ScenarioFile, SetUp};
