//! The interactive program as one state and one `update`.
//!
//! Must not know the terminal, the clock, files or threads: keys, time and the outcome of effects arrive as [`Message`]s,
//! and what is to happen outside leaves as [`Effect`]s, so that the whole program is tested without a screen.

pub mod key;

use std::time::Duration;

use crate::study::record::{Kind, Record};
use key::{Code, Key, Mouse};

/// What the app is told.
#[derive(Clone, PartialEq, Debug)]
pub enum Message {
    /// A key was pressed or repeats.
    Key(Key),
    /// The mouse, only while [`Effect::CaptureMouse`] is on.
    Mouse(Mouse),
    /// Text was pasted.
    Paste(String),
    /// The terminal has this size now; also the first message of every run.
    Resize {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// Time passed; comes only while [`App::frame_interval`] asks for it.
    Frame {
        /// Wall time since the frame before, clamped: a suspended program does not leap.
        elapsed: Duration,
        /// How many events of a simulation this frame may handle and still leave the keys quick.
        events_allowed: u64,
    },
    /// Records that belong to the journal from now on: the one just made, and those of another running copy.
    Recorded(Vec<Record>),
    /// Whether what was recorded is on the disk; else the sentence to show.
    Saved(Result<(), String>),
    /// Something that the learner should know and that stops nothing.
    Notice(String),
}

/// What the app wants to happen outside.
#[derive(Clone, PartialEq, Debug)]
pub enum Effect {
    /// Write this into the journal, now. Answered by [`Message::Recorded`] and [`Message::Saved`].
    Record(Kind),
    /// Hand the terminal back to the user's shell until it is continued.
    Suspend,
    /// Leave.
    Quit,
    /// Put this into the clipboard.
    Copy(String),
    /// Ask the terminal for mouse events, or stop asking. Off at first, so that selecting text works.
    CaptureMouse(bool),
}

/// Whether the screen has to be drawn again. `Redraw` unless it is certain that nothing visible changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[must_use]
pub enum Flow {
    /// Draw.
    Redraw,
    /// Nothing visible changed.
    Unchanged,
}

/// The whole interactive program.
#[derive(Default, Debug)]
pub struct App {
    /// The line that the screen shows.
    pub line: String,
}

impl App {
    /// Takes one message in; what it wants done outside is pushed to `effects`.
    pub fn update(&mut self, message: Message, effects: &mut Vec<Effect>) -> Flow {
        match message {
            Message::Key(
                Key { code: Code::Char('q'), ctrl: false, .. }
                | Key { code: Code::Char('c'), ctrl: true, .. },
            ) => {
                effects.push(Effect::Quit);
            }
            Message::Key(Key { code: Code::Char('z'), ctrl: true, .. }) => effects.push(Effect::Suspend),
            Message::Key(key) => self.line = key.to_string(),
            Message::Saved(Err(sentence)) | Message::Notice(sentence) => self.line = sentence,
            Message::Mouse(_)
            | Message::Paste(_)
            | Message::Frame { .. }
            | Message::Recorded(_)
            | Message::Saved(Ok(())) => return Flow::Unchanged,
            Message::Resize { .. } => {}
        }
        Flow::Redraw
    }

    /// How often time should be told; none while nothing moves, and then the program costs nothing.
    pub const fn frame_interval(&self) -> Option<Duration> {
        None
    }

    /// How many events the last [`Message::Frame`] handled: what the next allowance is measured by.
    pub const fn events_handled(&self) -> u64 {
        0
    }
}
