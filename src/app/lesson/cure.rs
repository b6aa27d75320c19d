//! Remedies that are compared while the learner watches: how far that is, then the table with a cursor on a cell.

use crate::app::Effect;
use crate::app::curing;
use crate::app::keymap::Command;
use crate::app::player::Player;
use crate::app::screen::{Cx, Go};
use crate::app::work::{News, Work};
use crate::course::Cure;
use crate::labs::cure::{Plan, Table};

/// A comparison that is open.
#[derive(Clone, PartialEq, Debug)]
pub struct Compared {
    /// What is compared, in a few words.
    pub title: String,
    /// What is run.
    pub plan: Plan,
    ticket: u64,
    state: State,
    /// The row under the cursor: 0 is without a remedy.
    pub row: usize,
    /// The column under the cursor.
    pub axis: usize,
}

/// How far it is.
#[derive(Clone, PartialEq, Debug)]
pub enum State {
    /// So many runs are done.
    Runs(usize),
    /// What they come to.
    Done(Table),
    /// Why they came to nothing, as a sentence.
    Failed(String),
}

impl Compared {
    /// Runs a comparison in the background; the error is a sentence.
    pub fn begin(cure: &Cure, cx: &mut Cx<'_>) -> Result<Self, String> {
        let plan = curing::plan(cure).map_err(|wrong| {
            let told: Vec<String> = wrong.iter().map(|(_, misread)| misread.to_string()).collect();
            told.join("; ")
        })?;
        let ticket = cx.shared.draw();
        cx.effects.push(Effect::Work(ticket, Box::new(Work::Cure(plan.clone()))));
        let title = cure.title.clone();
        Ok(Self { title, plan, ticket, state: State::Runs(0), row: 1, axis: 0 })
    }

    /// How far it is, or what came of it.
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// Takes in what there is to tell; false if it is another's.
    pub fn hear(&mut self, ticket: u64, news: &News) -> bool {
        if ticket != self.ticket {
            return false;
        }
        match (news, &mut self.state) {
            // Runs are done side by side, so the news may overtake each other.
            (News::Runs(runs), State::Runs(before)) => *before = (*runs).max(*before),
            (News::Cured(Ok(table)), _) => self.state = State::Done(table.clone()),
            (News::Cured(Err(sentence)), _) => self.state = State::Failed(sentence.clone()),
            _ => {}
        }
        true
    }

    /// Whether its runs are all done.
    pub const fn is_done(&self) -> bool {
        matches!(self.state, State::Done(_))
    }

    /// Calls off what is not done yet.
    pub fn call_off(&self, effects: &mut Vec<Effect>) {
        if matches!(self.state, State::Runs(_)) {
            effects.push(Effect::CallOff(self.ticket));
        }
    }

    /// Whether a command would do anything now.
    pub const fn allows(&self, command: Command) -> bool {
        let moves =
            matches!(command, Command::Up | Command::Down | Command::Left | Command::Right | Command::Accept);
        moves && self.is_done()
    }

    /// Does what was asked for.
    pub fn update(&mut self, command: Command, cx: &mut Cx<'_>) {
        let (rows, axes) = (self.plan.rows(), self.plan.axes.len().max(1));
        match command {
            Command::Up => self.row = self.row.saturating_sub(1),
            Command::Down => self.row = (self.row + 1).min(rows - 1),
            Command::Left => self.axis = self.axis.saturating_sub(1),
            Command::Right => self.axis = (self.axis + 1).min(axes - 1),
            Command::Accept => self.open(cx),
            _ => {}
        }
    }

    /// The run behind the cell under the cursor, on the whole screen.
    fn open(&self, cx: &mut Cx<'_>) {
        let State::Done(table) = &self.state else { return };
        let cell = table.cell(self.row, self.axis);
        let Some((scenario, from)) = cell.and_then(|cell| self.plan.typical(self.row, self.axis, cell))
        else {
            return;
        };
        let name = self.plan.row_name(self.row);
        cx.say(format!("{name}: a run in the middle, seed {}. Space runs it, q goes back.", scenario.seed));
        cx.go = Some(Go::Zoom(Box::new(Player::open(&scenario, from)), None, None));
    }
}
