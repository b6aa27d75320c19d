//! A lesson: its steps, one at a time.

use std::time::Duration;

use super::Flow;
use super::keymap::{Command, Context};
use super::screen::Cx;
use super::shared::Shared;
use crate::course::StepId;
use crate::study::record::{Place, Screen};

/// A lesson at one of its steps.
#[derive(Debug)]
pub struct Lesson {
    /// The step.
    pub at: StepId,
}

impl Lesson {
    /// The lesson at this step.
    pub const fn new(at: StepId) -> Self {
        Self { at }
    }

    /// See [`super::screen::Screen::contexts`].
    pub fn contexts(&self) -> Vec<Context> {
        vec![Context::Text, Context::Lesson, Context::Lab, Context::Everywhere]
    }

    /// See [`super::screen::Screen::allows`].
    pub fn allows(&self, _command: Command, _shared: &Shared) -> bool {
        false
    }

    /// See [`super::screen::Screen::update`].
    pub fn update(&mut self, _command: Command, _cx: &mut Cx<'_>) -> Flow {
        Flow::Redraw
    }

    /// See [`super::screen::Screen::shown`].
    pub fn shown(&mut self, _cx: &mut Cx<'_>) {}

    /// See [`super::screen::Screen::resized`].
    pub fn resized(&mut self, _shared: &Shared) {}

    /// See [`super::screen::Screen::frame_interval`].
    pub fn frame_interval(&self) -> Option<Duration> {
        None
    }

    /// See [`super::screen::Screen::frame`].
    pub fn frame(&mut self, _elapsed: Duration, _allowed: u64, _cx: &mut Cx<'_>) -> Flow {
        Flow::Unchanged
    }

    /// See [`super::screen::Screen::events_handled`].
    pub const fn events_handled(&self) -> u64 {
        0
    }

    /// See [`super::screen::Screen::place`].
    pub fn place(&self) -> Place {
        Place { screen: Screen::Lesson, step: Some(self.at.to_string()), ..Place::default() }
    }
}
