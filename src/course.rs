//! The course: lessons, questions and drills as typed content.
//!
//! Text in, a [`Course`] and every [`Problem`] out. Nothing here knows a file system, a clock, a screen, the learner, or
//! what a lab is called: set-ups, conditions and fault sentences are kept as text with their [`Place`], for whoever
//! knows the labs to judge.
//!
//! - [`load()`] reads a course and never stops at the first error; [`embedded`] holds the shipped one.
//! - [`model`] is what a course is; [`prose`] is what its text is made of; [`setup`] the interactive blocks;
//!   [`quiz`] questions, drills, concepts and misconceptions.
//! - [`problem`] shows what is wrong; [`text`] lets others report at a place; [`coverage`] tells what is taught and
//!   not asked; [`lint`] holds the rules for a whole course.
//!
//! How a file becomes content: [`text`] cleans it of what no terminal can show, `fields` reads TOML and `markdown` reads
//! prose, both with the way back to line and column; `load` puts them together, [`lint`] judges the whole.

pub mod coverage;
pub mod embedded;
mod fields;
pub mod lint;
mod load;
mod markdown;
pub mod model;
mod nearest;
mod origin;
pub mod place;
pub mod plain;
pub mod problem;
pub mod prose;
pub mod quiz;
pub mod setup;
pub mod showable;
pub mod text;

pub use coverage::Coverage;
pub use load::{Loaded, LoadedScenario, load, load_scenario};
pub use model::{Chapter, Course, Lesson, Step, StepId, StepRef};
pub use place::{Place, Placed};
pub use problem::{Problem, Severity};
pub use prose::{Block, Inlines};
pub use quiz::{Ask, Concept, Drill, Misconception, Question};
pub use setup::{Claim, Cure, Goal, LabBlock, Predict, ScenarioFile, SetUp};
pub use text::{SourceFile, Texts};
