//! Opening what a step of a lesson holds: its prediction, its goal, its claims, its sources.

use super::attempt::Attempt;
use super::bet::Bet;
use super::cure::Compared;
use super::proof::Proved;
use super::sources::{Sources, To};
use super::{Focus, Lesson, Panel, bet_before};
use crate::app::Effect;
use crate::app::keymap::{Command, LabCommand};
use crate::app::passage::Scroll;
use crate::app::screen::{Cx, Go};
use crate::app::shared::Shared;

/// Opening what a step holds.
impl Lesson {
    pub(super) fn open_bet(&mut self, cx: &mut Cx<'_>) {
        self.stop();
        if self.bet.is_none() {
            match self.new_bet(cx.shared) {
                Some(Ok(bet)) => self.bet = Some(Box::new(bet)),
                Some(Err(sentence)) => return cx.refuse(sentence),
                None => return,
            }
        }
        self.open(Panel::Bet, Focus::Text);
    }

    /// Of several predictions, the first one that is still open.
    fn new_bet(&self, shared: &Shared) -> Option<Result<Bet, String>> {
        let at = self.step(shared)?;
        let before = |id: &str| bet_before(shared, at, id);
        let open = at.step.predictions().find(|it| before(&it.id).is_none());
        let predict = open.or_else(|| at.step.predictions().next())?;
        Some(Bet::open(predict, &at.chapter.id, before(&predict.id), &shared.seen))
    }

    pub(super) fn open_goal(&mut self, cx: &mut Cx<'_>) {
        self.stop();
        if self.attempt.is_none() {
            match self.new_attempt(cx.shared) {
                Some(Ok(attempt)) => self.attempt = Some(Box::new(attempt)),
                Some(Err(sentence)) => return cx.refuse(sentence),
                None => return,
            }
        }
        self.open(Panel::Goal, Focus::Lab);
    }

    fn new_attempt(&self, shared: &Shared) -> Option<Result<Attempt, String>> {
        let at = self.step(shared)?;
        let goal = at.step.goals().next()?;
        let state = shared.progress.chapter(&at.chapter.id).and_then(|it| it.goals.get(&goal.id.value));
        Some(Attempt::open(goal, &at.chapter.id, state))
    }

    pub(super) fn open_sources(&mut self, shared: &Shared) {
        if let Some(at) = self.step(shared) {
            self.open(Panel::Sources(Sources::of(at)), Focus::Text);
        }
    }

    /// Compares the remedies of this step; what was compared already is shown again.
    pub(super) fn open_cure(&mut self, cx: &mut Cx<'_>) {
        self.stop();
        if self.cure.is_none() {
            let Some(cure) = self.step(cx.shared).and_then(|at| at.step.cures().next()).cloned() else {
                return;
            };
            match Compared::begin(&cure, cx) {
                Ok(compared) => self.cure = Some(Box::new(compared)),
                Err(sentence) => return cx.refuse(sentence),
            }
        }
        self.open(Panel::Cure, Focus::Text);
    }

    pub(super) fn in_cure(&mut self, command: Command, cx: &mut Cx<'_>) {
        if let Some(cure) = &mut self.cure {
            cure.update(command, cx);
        }
    }

    /// A comparison that is left before it is done is called off; a finished one is kept.
    pub(super) fn stop_comparing(&mut self, cx: &mut Cx<'_>) {
        if let Some(cure) = self.cure.take_if(|cure| !cure.is_done()) {
            cure.call_off(cx.effects);
        }
    }

    /// The comparison that is open.
    pub fn compared(&self) -> Option<&Compared> {
        self.cure.as_deref().filter(|_| self.panel == Panel::Cure)
    }

    fn open(&mut self, panel: Panel, focus: Focus) {
        (self.panel, self.focus, self.scroll) = (panel, focus, Scroll::default());
    }

    /// Stops the lab that will be hidden.
    fn stop(&mut self) {
        if let Some(player) = self.player_mut() {
            player.pause();
        }
    }

    pub(super) fn in_sources(&mut self, command: Command, cx: &mut Cx<'_>) {
        let Panel::Sources(sources) = &mut self.panel else { return };
        let last = sources.entries.len().saturating_sub(1);
        match command {
            Command::Up => sources.cursor = sources.cursor.saturating_sub(1),
            Command::Down => sources.cursor = (sources.cursor + 1).min(last),
            Command::Accept => match sources.chosen().map(|it| it.to.clone()) {
                Some(To::Step(id)) => return self.go_to(Some(id), cx),
                Some(To::Web(url)) => {
                    cx.effects.push(Effect::Copy(url));
                    cx.say("The address is in the clipboard.");
                }
                Some(To::Nowhere) | None => cx.say("This source has no address."),
            },
            _ => {}
        }
        self.follow(cx.shared);
    }

    /// Opens one of the runs of a claim.
    pub(super) fn in_proof(&mut self, command: Command, cx: &mut Cx<'_>) {
        let Panel::Proof(proof) = &mut self.panel else { return };
        let failed = if command == Command::OpenFailing { proof.next_failed() } else { None };
        let claim = failed.unwrap_or_else(|| (*proof.claim).clone());
        cx.go = Some(Go::Proof(Box::new(claim)));
    }

    /// Back to the mark of the claim.
    pub(super) fn close_proof(&mut self, cx: &mut Cx<'_>) {
        if let Panel::Proof(proof) = &self.panel {
            proof.call_off(cx);
        }
        self.panel = Panel::Step;
        self.follow(cx.shared);
    }

    pub(super) fn next_claim(&mut self, shared: &Shared) {
        let count = self.step(shared).map_or(0, |at| at.step.claims().count());
        let next = if let Focus::Claim(n) = self.focus { n + 1 } else { 0 };
        self.focus = Focus::Claim(next % count.max(1));
        self.follow(shared);
    }

    /// The obvious thing: the claim under the cursor, the lab on the whole screen, or the next step.
    pub(super) fn accept(&mut self, cx: &mut Cx<'_>) {
        if let Some(claim) = self.claim(cx.shared).cloned() {
            match Proved::begin(&claim, cx) {
                Ok(proved) => (self.panel, self.scroll) = (Panel::Proof(proved), Scroll::default()),
                Err(sentence) => cx.refuse(sentence),
            }
        } else if self.player().is_some() {
            self.zoom(None, cx);
        } else {
            self.next(cx);
        }
    }

    /// The lab on the whole screen.
    pub(super) fn zoom(&mut self, command: Option<LabCommand>, cx: &mut Cx<'_>) {
        if let Some(player) = self.player() {
            let brief = self.attempt.as_ref().filter(|_| self.panel == Panel::Goal);
            let brief = brief.map(|attempt| Box::new(attempt.brief.clone()));
            cx.go = Some(Go::Zoom(Box::new(player.clone()), brief, command));
            self.lab = super::Whose::Bench;
        }
    }
}
