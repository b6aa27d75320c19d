//! An answer in the making, and the keys that make it.

use crate::app::key::Key;
use crate::app::keymap::{Command, Context};
use crate::app::line::Line;
use crate::course::quiz::{Ask, Question};
use crate::study::question::read_number;
use crate::study::record::Answer;

/// An answer in the making. Positions are those of the course file unless said otherwise.
#[derive(Clone, Debug)]
pub enum Draft {
    /// One option.
    Single {
        /// The options in the order shown.
        shown: Vec<usize>,
        /// The place of the cursor in it: what it is on is chosen. None until one is.
        cursor: Option<usize>,
    },
    /// Any number of options.
    Several {
        /// The options in the order shown.
        shown: Vec<usize>,
        /// The place of the cursor in it.
        cursor: usize,
        /// Those that are chosen.
        chosen: Vec<usize>,
    },
    /// Items in an order.
    Order {
        /// The items in the order given so far.
        items: Vec<usize>,
        /// The place of the cursor in it.
        cursor: usize,
        /// Whether anything was done with them yet.
        touched: Touched,
    },
    /// A number.
    Number(Line),
    /// A word or two.
    Text(Line),
    /// A line of code.
    Code {
        /// How many lines there are.
        lines: usize,
        /// The line that the cursor is on, the first being 0. None until one is chosen.
        cursor: Option<usize>,
    },
    /// Right sides for left sides.
    Match {
        /// The right sides in the order shown.
        shown: Vec<usize>,
        /// For each left side, the right side given to it.
        given: Vec<Option<usize>>,
        /// The left side that the cursor is on.
        cursor: usize,
    },
}

/// Whether the learner did anything with a draft: what stands there by itself is no answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Touched {
    /// Not yet.
    No,
    /// Yes.
    Yes,
}

/// Why a draft is no answer yet; a sentence.
pub type Unfinished = String;

impl Draft {
    /// Nothing answered yet; `shown` is the order in which options, items or right sides are shown.
    pub fn new(question: &Question, shown: Vec<usize>) -> Self {
        match &question.ask {
            Ask::Single { .. } => Self::Single { shown, cursor: None },
            Ask::Several { .. } => Self::Several { shown, cursor: 0, chosen: Vec::new() },
            Ask::Order { .. } => Self::Order { items: shown, cursor: 0, touched: Touched::No },
            Ask::Number { .. } => Self::Number(Line::default()),
            Ask::Text { .. } => Self::Text(Line::default()),
            Ask::Line { code, .. } => Self::Code { lines: code.lines().count(), cursor: None },
            Ask::Match { pairs } => Self::Match { shown, given: vec![None; pairs.len()], cursor: 0 },
        }
    }

    /// The line that is typed into, if that is how it is answered.
    pub const fn line(&self) -> Option<&Line> {
        match self {
            Self::Number(line) | Self::Text(line) => Some(line),
            _ => None,
        }
    }

    /// The context of its keys.
    pub const fn context(&self) -> Context {
        match self {
            Self::Single { .. } => Context::Single,
            Self::Several { .. } => Context::Several,
            Self::Order { .. } => Context::Order,
            Self::Number(_) | Self::Text(_) => Context::Typed,
            Self::Code { .. } => Context::Code,
            Self::Match { .. } => Context::Match,
        }
    }

    /// Whether `command` would do anything.
    pub const fn allows(&self, command: Command) -> bool {
        use Command as C;
        let moves = matches!(command, C::Up | C::Down);
        match self {
            Self::Number(_) | Self::Text(_) => matches!(command, C::Left | C::Right | C::First | C::Last),
            Self::Single { shown, .. } => moves || is_letter(command, shown.len()),
            Self::Several { shown, .. } => {
                moves || is_letter(command, shown.len()) || matches!(command, C::Toggle)
            }
            Self::Order { .. } => moves || matches!(command, C::MoveUp | C::MoveDown),
            Self::Code { .. } => moves,
            Self::Match { shown, .. } => {
                moves || is_letter(command, shown.len()) || matches!(command, C::Left | C::Right)
            }
        }
    }

    /// Does what a key asks for.
    pub fn update(&mut self, command: Command) {
        match (self, command) {
            (Self::Number(line) | Self::Text(line), command) => line.go(command),
            (Self::Single { shown, cursor }, command) => match command {
                Command::Choose(n) => *cursor = Some(usize::from(n).min(shown.len().saturating_sub(1))),
                command => *cursor = begun(*cursor, shown.len(), command),
            },
            (Self::Several { shown, cursor, chosen }, command) => {
                if let Command::Choose(n) = command {
                    *cursor = usize::from(n).min(shown.len().saturating_sub(1));
                }
                match (command, shown.get(*cursor)) {
                    (Command::Toggle | Command::Choose(_), Some(option)) => toggle(chosen, *option),
                    _ => *cursor = stepped(*cursor, shown.len(), command),
                }
            }
            (Self::Order { items, cursor, touched }, command) => {
                *touched = Touched::Yes;
                let before = *cursor;
                *cursor = stepped(before, items.len(), command);
                if matches!(command, Command::MoveUp | Command::MoveDown) && before < items.len() {
                    items.swap(before, *cursor);
                }
            }
            (Self::Code { lines, cursor }, command) => {
                *cursor = begun(*cursor, *lines, command);
            }
            (Self::Match { shown, given, cursor }, command) => pair(shown, given, cursor, command),
        }
    }

    /// Takes a key into the line.
    pub fn type_key(&mut self, key: Key) {
        if let Self::Number(line) | Self::Text(line) = self {
            line.type_key(key);
        }
    }

    /// The answer, or what is missing. None where nothing was answered at all, which may mean "I don't know".
    pub fn answer(&self, question: &Question) -> Result<Option<Answer>, Unfinished> {
        Ok(match self {
            Self::Single { shown, cursor } => {
                cursor.and_then(|at| shown.get(at)).map(|option| Answer::Options(vec![*option]))
            }
            Self::Several { chosen, .. } => {
                let mut chosen = chosen.clone();
                chosen.sort_unstable();
                (!chosen.is_empty()).then_some(Answer::Options(chosen))
            }
            Self::Order { touched: Touched::No, .. } => None,
            Self::Order { items, .. } => Some(Answer::Order(items.clone())),
            Self::Code { cursor, .. } => cursor.map(|line| Answer::Line(line + 1)),
            Self::Number(line) | Self::Text(line) if line.is_blank() => None,
            Self::Text(line) => Some(Answer::Text(line.text().trim().to_owned())),
            Self::Number(line) => {
                let unit = if let Ask::Number { unit, .. } = &question.ask { unit } else { "" };
                let number = read_number(line.text(), unit).ok_or_else(|| {
                    format!("`{}` is no number: type digits, as in 64 or 0.5.", line.text().trim())
                })?;
                Some(Answer::Number(number))
            }
            Self::Match { given, .. } => match given.iter().filter(|right| right.is_none()).count() {
                0 => Some(Answer::Pairs(given.iter().flatten().copied().collect())),
                all if all == given.len() => None,
                1 => return Err("One is still without its match.".to_owned()),
                left => return Err(format!("{left} are still without their match.")),
            },
        })
    }
}

/// Whether a command is the letter of one of `len` parts.
const fn is_letter(command: Command, len: usize) -> bool {
    matches!(command, Command::Choose(n) if (n as usize) < len)
}

/// Where a cursor in a list of `len` goes.
fn stepped(at: usize, len: usize, command: Command) -> usize {
    match command {
        Command::Up | Command::MoveUp => at.saturating_sub(1),
        Command::Down | Command::MoveDown => at + 1,
        _ => at,
    }
    .min(len.saturating_sub(1))
}

/// The same for a cursor that may not be in the list yet.
fn begun(at: Option<usize>, len: usize, command: Command) -> Option<usize> {
    match (at, command) {
        (Some(at), command) => Some(stepped(at, len, command)),
        (None, Command::Down) => Some(0),
        (None, Command::Up) => Some(len.saturating_sub(1)),
        (None, _) => None,
    }
}

fn toggle(chosen: &mut Vec<usize>, option: usize) {
    match chosen.iter().position(|other| *other == option) {
        Some(at) => {
            chosen.swap_remove(at);
        }
        None => chosen.push(option),
    }
}

/// Gives the left side under the cursor its right side. Each right side goes to one left side only: there are as many.
fn pair(shown: &[usize], given: &mut [Option<usize>], cursor: &mut usize, command: Command) {
    let place = |right: usize| shown.iter().position(|other| *other == right);
    let now = given.get(*cursor).copied().flatten().and_then(place);
    let chosen = match command {
        Command::Choose(n) => shown.get(usize::from(n)),
        Command::Right => shown.get(now.map_or(0, |at| (at + 1) % shown.len().max(1))),
        Command::Left => shown.get(now.unwrap_or(0).checked_sub(1).unwrap_or(shown.len().saturating_sub(1))),
        command => {
            *cursor = stepped(*cursor, given.len(), command);
            return;
        }
    };
    let Some(right) = chosen.copied() else { return };
    for other in given.iter_mut().filter(|other| **other == Some(right)) {
        *other = None;
    }
    if let Some(left) = given.get_mut(*cursor) {
        *left = Some(right);
    }
    // A letter says all about this one; the arrows may not be done with it.
    if let (Command::Choose(_), Some(next)) = (command, given.iter().position(Option::is_none)) {
        *cursor = next;
    }
}
