//! A bet on a reading: which one, when, what it will be, how sure; see [`super::wager`] for how it is decided.

use super::focus::moved;
use super::wager::Wager;
use super::{Bench, Focus, Open};
use crate::app::key::Key;
use crate::app::keymap::{Command, Context};
use crate::app::lesson::bet::{SURE, USUAL};
use crate::app::line::Line;
use crate::app::player::Player;
use crate::app::screen::Cx;
use crate::engine::time::Time;
use crate::labs::bet::{Answer, HORIZONS, Question, offered};
use crate::labs::reading::ReadingSpec;

/// Where the choice of a horizon begins: 10 s.
const USUAL_HORIZON: usize = 1;

/// A bet being made.
#[derive(Clone, Debug)]
pub struct Making {
    typed: Line,
    /// The readings that can be bet on, as indices.
    offered: Vec<usize>,
    /// Those of them that what was typed finds.
    found: Vec<usize>,
    at: usize,
    horizon: usize,
    question: Option<Question>,
    phase: Phase,
    seen: Time,
}

/// How far a bet is.
#[derive(Clone, Debug)]
pub enum Phase {
    /// The learner looks for a reading.
    Picking,
    /// The learner chooses an outcome.
    Saying {
        /// The row under the cursor; the one after the outcomes is the number.
        cursor: usize,
    },
    /// The learner types a number.
    Typing {
        /// What was typed.
        line: Line,
        /// Why it was not taken.
        refused: Option<String>,
    },
    /// The learner says how sure they are.
    Weighing {
        /// What they say.
        answer: Answer,
        /// How sure, in percent.
        sure: u8,
    },
}

/// What became of a key.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Stands {
    /// It is still being made.
    Open,
    /// It was called off.
    Off,
    /// It is made.
    Made(Question, Answer, u8),
}

impl Making {
    /// Begins a bet; `first` is the reading that is offered first, and up to `seen` the run was watched already.
    pub fn new(player: &Player, first: Option<usize>, seen: Time) -> Self {
        let offered = offered(player.lab(), first);
        Self {
            typed: Line::default(),
            found: offered.clone(),
            offered,
            at: 0,
            horizon: USUAL_HORIZON,
            question: None,
            phase: Phase::Picking,
            seen,
        }
    }

    /// What was typed to find a reading.
    pub const fn typed(&self) -> &Line {
        &self.typed
    }

    /// The readings found, as indices, and which of them is under the cursor.
    pub fn found(&self) -> (&[usize], usize) {
        (&self.found, self.at)
    }

    /// The question, once a reading is chosen.
    pub const fn question(&self) -> Option<&Question> {
        self.question.as_ref()
    }

    /// How far it is.
    pub const fn phase(&self) -> &Phase {
        &self.phase
    }

    /// Up to when the run was watched, if that is beyond the moment asked about: then it is practice.
    pub fn seen(&self) -> Option<Time> {
        self.question.filter(|question| question.at <= self.seen).map(|_| self.seen)
    }

    pub(super) fn contexts(&self) -> Vec<Context> {
        match self.phase {
            Phase::Picking => vec![Context::BetPick],
            Phase::Saying { .. } => vec![Context::BetSay, Context::Everywhere],
            Phase::Typing { .. } => vec![Context::BetNumber],
            Phase::Weighing { .. } => vec![Context::BetSure, Context::Everywhere],
        }
    }

    pub(super) fn allows(&self, command: Command) -> bool {
        use Command as C;
        match (&self.phase, command) {
            (Phase::Picking, C::Accept) => !self.found.is_empty(),
            (Phase::Picking, C::Up | C::Down | C::PageUp | C::PageDown)
            | (Phase::Saying { .. }, C::Up | C::Down | C::Left | C::Right | C::Accept)
            | (Phase::Typing { .. }, C::Left | C::Right | C::First | C::Last | C::Accept)
            | (Phase::Weighing { .. }, C::Left | C::Right | C::Accept) => true,
            (Phase::Saying { .. }, C::Choose(n)) => usize::from(n) < self.rows(),
            (Phase::Weighing { .. }, C::Digit(n)) => (4..=8).contains(&n),
            _ => false,
        }
    }

    /// How many rows there are to choose from, that of the number included.
    fn rows(&self) -> usize {
        self.question.map_or(0, |it| it.answers().len() + usize::from(it.takes_number()))
    }

    /// Whether text is typed.
    pub(super) const fn types(&self) -> bool {
        matches!(self.phase, Phase::Picking | Phase::Typing { .. })
    }

    pub(super) fn type_key(&mut self, key: Key, player: &Player) {
        self.edit(|line| line.type_key(key), player);
    }

    pub(super) fn paste(&mut self, text: &str, player: &Player) {
        self.edit(|line| line.paste(text), player);
    }

    fn edit(&mut self, edit: impl FnOnce(&mut Line), player: &Player) {
        match &mut self.phase {
            Phase::Picking => {
                edit(&mut self.typed);
                self.search(player);
            }
            Phase::Typing { line, refused } => {
                edit(line);
                *refused = None;
            }
            Phase::Saying { .. } | Phase::Weighing { .. } => {}
        }
    }

    /// Every word must be found; those in the name come before those in the meaning.
    fn search(&mut self, player: &Player) {
        let words: Vec<String> =
            self.typed.text().to_lowercase().split_whitespace().map(str::to_owned).collect();
        let specs = player.spec().readings;
        let finds = |text: &str| words.iter().all(|word| text.contains(word.as_str()));
        let named =
            |spec: &ReadingSpec| format!("{} {}", spec.name, spec.name.replace('_', " ")).to_lowercase();
        let (mut by_name, mut by_meaning) = (Vec::new(), Vec::new());
        for index in &self.offered {
            let Some(spec) = specs.get(*index) else { continue };
            let name = named(spec);
            if finds(&name) {
                by_name.push(*index);
            } else if finds(&format!("{name} {}", spec.meaning.to_lowercase())) {
                by_meaning.push(*index);
            }
        }
        by_name.append(&mut by_meaning);
        (self.found, self.at) = (by_name, 0);
    }

    pub(super) fn update(&mut self, command: Command, player: &Player) -> Stands {
        match (&mut self.phase, command) {
            (Phase::Picking, Command::Back) => return Stands::Off,
            (Phase::Picking, Command::Accept) => {
                if self.ask(player) {
                    self.phase = Phase::Saying { cursor: 0 };
                }
            }
            (Phase::Picking, command) => {
                self.at = moved(self.at, self.found.len().saturating_sub(1), command);
            }
            (Phase::Saying { .. }, Command::Back) => self.phase = Phase::Picking,
            (Phase::Saying { .. }, Command::Left) => {
                self.horizon = self.horizon.saturating_sub(1);
                self.ask(player);
            }
            (Phase::Saying { .. }, Command::Right) => {
                self.horizon = (self.horizon + 1).min(HORIZONS.len() - 1);
                self.ask(player);
            }
            (Phase::Saying { cursor }, Command::Accept) => {
                let row = *cursor;
                self.choose(row);
            }
            (Phase::Saying { .. }, Command::Choose(row)) => self.choose(usize::from(row)),
            (Phase::Saying { cursor }, command) => {
                let last = self.question.map_or(0, |it| it.answers().len() + usize::from(it.takes_number()));
                *cursor = moved(*cursor, last.saturating_sub(1), command);
            }
            (Phase::Typing { line, refused }, Command::Accept) => {
                match self.question.map(|question| question.read(line.text())) {
                    Some(Ok(answer)) => self.phase = Phase::Weighing { answer, sure: USUAL },
                    Some(Err(sentence)) => *refused = Some(sentence),
                    None => {}
                }
            }
            (Phase::Typing { .. } | Phase::Weighing { .. }, Command::Back) => {
                self.phase = Phase::Saying { cursor: 0 };
            }
            (Phase::Typing { line, .. }, command) => line.go(command),
            (Phase::Weighing { sure, .. }, Command::Left) => {
                *sure = SURE.into_iter().rfind(|it| it < sure).unwrap_or(*sure);
            }
            (Phase::Weighing { sure, .. }, Command::Right) => {
                *sure = SURE.into_iter().find(|it| it > sure).unwrap_or(*sure);
            }
            // The digits 5 to 9 are 50 to 90 %.
            (Phase::Weighing { sure, .. }, Command::Digit(n)) => *sure = (n + 1) * 10,
            (Phase::Weighing { answer, sure }, Command::Accept) => {
                if let Some(question) = self.question {
                    return Stands::Made(question, *answer, *sure);
                }
            }
            (Phase::Weighing { .. }, _) => {}
        }
        Stands::Open
    }

    /// Asks about the reading under the cursor; whether there is one.
    fn ask(&mut self, player: &Player) -> bool {
        let index = self.found.get(self.at).copied();
        let horizon = HORIZONS.get(self.horizon).copied().unwrap_or(HORIZONS[0]);
        self.question = index.and_then(|index| Question::of(player.lab(), index, horizon).ok());
        self.question.is_some()
    }

    fn choose(&mut self, row: usize) {
        let answer = self.question.and_then(|question| question.answers().get(row).copied());
        self.phase = match answer {
            Some(answer) => Phase::Weighing { answer, sure: USUAL },
            None => Phase::Typing { line: Line::default(), refused: None },
        };
    }
}

/// Betting.
impl Bench {
    /// Asks what to bet on, the number under the cursor first.
    pub(super) fn begin_bet(&mut self, cx: &mut Cx<'_>) {
        if let Some(wager) = &self.wager {
            return cx.refuse(format!("One bet at a time. {}", wager.told()));
        }
        if self.player.heading().is_some() {
            return cx.refuse("The run is still on its way; space stops it here.");
        }
        self.player.pause();
        let first = (self.focus == Focus::Readings).then_some(self.reading);
        let seen = Wager::seen(&self.player, cx.shared);
        self.open = Open::Bet(Box::new(Making::new(&self.player, first, seen)));
    }

    pub(super) fn in_bet(&mut self, command: Command, cx: &mut Cx<'_>) {
        let Open::Bet(making) = &mut self.open else { return };
        match making.update(command, &self.player) {
            Stands::Open => {}
            Stands::Off => self.open = Open::Nothing,
            Stands::Made(question, answer, sure) => {
                self.open = Open::Nothing;
                self.wager = Some(Box::new(Wager::make(question, answer, sure, &self.player, cx)));
                self.player.run_until(question.at);
            }
        }
    }
}
