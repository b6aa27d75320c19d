//! What lies over the stage, which keys it takes, and what else reaches it: typed text, news from the background.

use super::{Bench, Focus, Inspect, List, Making, Share, Sweep, Told, Why, allows, share};
use crate::app::brief;
use crate::app::key::Key;
use crate::app::keymap::{Command, Context};
use crate::app::screen::Cx;
use crate::app::shared::Shared;
use crate::app::work::News;
use crate::app::{Effect, Flow};

/// What lies over the stage.
#[derive(Clone, Debug)]
pub enum Open {
    /// Nothing.
    Nothing,
    /// The presets, with the cursor on this one.
    Presets(usize),
    /// The branches of the run.
    Branches(List),
    /// Why something happened.
    Why(Why),
    /// The run as a line of text.
    Share(Box<Share>),
    /// The log.
    Log,
    /// A part of the stage.
    Part(Inspect),
    /// The chosen knob over a range.
    Sweep(Box<Sweep>),
    /// A bet being made.
    Bet(Box<Making>),
    /// A bet and what came.
    Told(Box<Told>),
}

impl Bench {
    /// See [`crate::app::screen::Screen::contexts`].
    pub fn contexts(&self) -> Vec<Context> {
        let mut contexts = self.own_contexts();
        if self.judges() {
            contexts.insert(0, Context::Zoomed);
        }
        if matches!(self.open, Open::Nothing) && self.player.side().is_some() {
            contexts.insert(0, Context::Twins);
        }
        contexts
    }

    /// Whether `g` judges the goal that the run is watched for.
    fn judges(&self) -> bool {
        let goal = self.brief.as_ref().is_some_and(|brief| brief.kind == brief::Kind::Goal);
        goal && matches!(self.open, Open::Nothing)
    }

    fn own_contexts(&self) -> Vec<Context> {
        let of_focus = match (&self.open, self.focus) {
            (Open::Presets(_), _) => return vec![Context::Presets, Context::Everywhere],
            (Open::Branches(list), _) if list.naming().is_some() => return vec![Context::Name],
            (Open::Branches(_), _) => return vec![Context::Branches, Context::Everywhere],
            (Open::Why(_), _) => return vec![Context::Why, Context::Everywhere],
            (Open::Share(share), _) => return share.contexts(),
            (Open::Sweep(_), _) => return vec![Context::Sweep, Context::Everywhere],
            (Open::Bet(making), _) => return making.contexts(),
            (Open::Told(_), _) => return vec![Context::BetTold, Context::Everywhere],
            (Open::Log, _) if self.log.is_typing() => return vec![Context::Search],
            (Open::Log, _) => return vec![Context::LogView, Context::Lab, Context::Everywhere],
            (Open::Part(_), _) => return vec![Context::Inspect, Context::Lab, Context::Everywhere],
            (Open::Nothing, Focus::Knobs) => None,
            (Open::Nothing, Focus::Stage) => Some(Context::Stage),
            (Open::Nothing, Focus::Log) => Some(Context::Log),
            (Open::Nothing, Focus::Readings) => Some(Context::Readings),
            (Open::Nothing, Focus::Timeline) => Some(Context::Timeline),
        };
        of_focus.into_iter().chain([Context::Lab, Context::Bench, Context::Everywhere]).collect()
    }

    /// See [`crate::app::screen::Screen::allows`].
    pub fn allows(&self, command: Command, _shared: &Shared) -> bool {
        use Command as C;
        match &self.open {
            Open::Branches(list) => list.allows(command, &self.player),
            Open::Share(share) => share.allows(command),
            Open::Sweep(sweep) => sweep.allows(command),
            Open::Bet(making) => making.allows(command),
            Open::Told(_) => command == C::Accept,
            Open::Presets(_) => matches!(command, C::Accept | C::Up | C::Down),
            Open::Why(_) => matches!(command, C::Up | C::Down),
            Open::Log => match command {
                C::Lab(command) => allows(&self.player, command),
                C::Cause => self.has_cause(),
                C::Accept => self.log.is_typing() || self.log.at().is_some(),
                C::Left | C::Right => self.log.is_typing(),
                C::Up | C::Down | C::PageUp | C::PageDown | C::First | C::Last => true,
                C::Search | C::Every | C::Why => !self.log.is_typing(),
                _ => false,
            },
            Open::Part(_) => match command {
                C::Lab(command) => allows(&self.player, command),
                C::Accept | C::Up | C::Down | C::PageUp | C::PageDown => true,
                _ => false,
            },
            Open::Nothing => match command {
                C::Lab(command) => allows(&self.player, command),
                C::NextFocus | C::PreviousFocus | C::Search | C::Why | C::Predict => true,
                C::Goal => self.judges(),
                C::Cause => self.has_cause(),
                C::Accept => match self.focus {
                    Focus::Log => self.log.at().is_some(),
                    Focus::Stage => self.chosen_part(&self.player.lab().scene()).is_some(),
                    Focus::Knobs | Focus::Readings | Focus::Timeline => false,
                },
                C::Left | C::Right => matches!(self.focus, Focus::Stage | Focus::Timeline),
                C::Up | C::Down if self.focus == Focus::Timeline => false,
                C::Up | C::Down | C::PageUp | C::PageDown | C::First | C::Last => self.focus != Focus::Knobs,
                _ => false,
            },
        }
    }

    /// Closes what lies over the stage; what it still computes is called off.
    pub fn close(&mut self, effects: &mut Vec<Effect>) {
        match &self.open {
            Open::Why(why) => why.call_off(effects),
            Open::Sweep(sweep) => sweep.call_off(effects),
            _ => {}
        }
        self.open = Open::Nothing;
    }

    /// See [`crate::app::screen::Screen::written`].
    pub fn written(&mut self, outcome: &Result<String, String>, cx: &mut Cx<'_>) -> Flow {
        match &mut self.open {
            Open::Share(share) => share.written(outcome, cx),
            _ => share::tell(outcome, cx),
        }
        Flow::Redraw
    }

    /// See [`crate::app::screen::Screen::types`].
    pub const fn types(&self) -> bool {
        match &self.open {
            Open::Branches(list) => list.naming().is_some(),
            Open::Share(share) => share.types(),
            Open::Log => self.log.is_typing(),
            Open::Bet(making) => making.types(),
            Open::Nothing
            | Open::Presets(_)
            | Open::Part(_)
            | Open::Sweep(_)
            | Open::Why(_)
            | Open::Told(_) => false,
        }
    }

    /// See [`crate::app::screen::Screen::type_key`].
    pub fn type_key(&mut self, key: Key, _cx: &mut Cx<'_>) -> Flow {
        match &mut self.open {
            Open::Branches(list) => list.type_key(key),
            Open::Share(share) => share.type_key(key),
            Open::Log => self.log.type_key(key, &self.player),
            Open::Bet(making) => making.type_key(key, &self.player),
            _ => {}
        }
        Flow::Redraw
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) -> Flow {
        match &mut self.open {
            Open::Branches(list) => list.paste(text),
            Open::Share(share) => share.paste(text),
            Open::Log if self.log.is_typing() => self.log.paste(text, &self.player),
            Open::Bet(making) => making.paste(text, &self.player),
            _ => return Flow::Unchanged,
        }
        Flow::Redraw
    }

    /// See [`crate::app::screen::Screen::worked`].
    pub fn worked(&mut self, ticket: u64, news: &News) -> Flow {
        let heard = match &mut self.open {
            Open::Why(why) => why.hear(ticket, news),
            Open::Sweep(sweep) => sweep.hear(ticket, news),
            _ => false,
        };
        if heard { Flow::Redraw } else { Flow::Unchanged }
    }
}
