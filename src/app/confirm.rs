//! The overlay that asks before something cannot be taken back.

use super::keymap::Command;

/// A question with yes and no.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Confirm {
    /// What will happen, as a question.
    pub question: String,
    /// What cannot be undone about it, or what stays.
    pub detail: String,
    /// What the screen is told after a yes; it comes as it was asked, so the screen must tell it apart from the key.
    pub yes: Command,
}
