//! A lesson: its steps, one at a time, each with its text and, where it has one, its lab.
//!
//! The text area shows the step, or in its place an open prediction, goal or list of sources; an open prediction or goal
//! brings its own lab, and closing it brings the step's lab back as it was. Must not know how text is laid out: its
//! height comes from [`Shared::measure`].

pub mod areas;
pub mod attempt;
pub mod bet;
mod clock;
pub mod cure;
mod panels;
pub mod proof;
mod scrolling;
pub mod sources;
mod steps;
pub mod text;

use super::keymap::{Command, Context, LabCommand};
use super::passage::{Passage, Scroll};
use super::player::Player;
use super::screen::{Cx, Go};
use super::shared::Shared;
use super::{Flow, bench};
use crate::course::{Claim, StepId, StepRef};
use areas::{Areas, Shows};
use attempt::Attempt;
use bet::{Bet, Phase};
use cure::Compared;
use proof::Proved;
use sources::Sources;

/// A lesson at one of its steps.
#[derive(Debug)]
pub struct Lesson {
    /// The step.
    pub at: StepId,
    /// The chapter's id, for the journal.
    chapter: String,
    /// How far the text area is scrolled.
    pub scroll: Scroll,
    /// Which part has the arrows.
    pub focus: Focus,
    /// What stands in the text area.
    pub panel: Panel,
    /// Why there is no lab though the step has one, as a sentence.
    pub broken: Option<String>,
    /// The step's lab.
    player: Option<Player>,
    /// The step whose lab it is.
    lab_of: Option<usize>,
    bet: Option<Box<Bet>>,
    attempt: Option<Box<Attempt>>,
    cure: Option<Box<Compared>>,
    /// What was put off by one key: the bet before going on, the end of the chapter.
    pause: Pause,
    lab: Whose,
    handled: u64,
}

/// Where the lab that is shown plays.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
enum Whose {
    /// Here.
    #[default]
    Own,
    /// On the bench above.
    Bench,
}

/// Which part of a lesson has the arrows.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Focus {
    /// The text.
    #[default]
    Text,
    /// The mark of the claim with this number in the step.
    Claim(usize),
    /// The lab.
    Lab,
}

/// What stands in the text area.
#[derive(Clone, PartialEq, Default, Debug)]
pub enum Panel {
    /// The step.
    #[default]
    Step,
    /// Its prediction.
    Bet,
    /// Its goal.
    Goal,
    /// Its links and the lesson's sources.
    Sources(Sources),
    /// A claim of it that is run.
    Proof(Proved),
    /// What its remedies buy and cost, on the whole screen.
    Cure,
}

/// What the learner was told once when they wanted to go on.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
enum Pause {
    /// Nothing.
    #[default]
    None,
    /// The step asks for a bet.
    Bet,
    /// The chapter ends here.
    End,
}

impl Lesson {
    /// The lesson at this step, before it is shown.
    pub fn new(at: StepId) -> Self {
        Self {
            at,
            chapter: String::new(),
            scroll: Scroll::default(),
            focus: Focus::Text,
            panel: Panel::Step,
            broken: None,
            player: None,
            lab_of: None,
            bet: None,
            attempt: None,
            cure: None,
            pause: Pause::None,
            lab: Whose::Own,
            handled: 0,
        }
    }

    /// The step with its lesson and chapter; none if the course has no such step.
    pub fn step<'a>(&self, shared: &'a Shared) -> Option<StepRef<'a>> {
        shared.course.step(&self.at)
    }

    /// The lab that is shown: that of an open prediction or goal, else the step's.
    pub fn player(&self) -> Option<&Player> {
        match self.panel {
            Panel::Bet => self.bet.as_ref().map(|bet| &bet.player),
            Panel::Goal => self.attempt.as_ref().map(|attempt| &attempt.player),
            Panel::Cure => None,
            Panel::Step | Panel::Sources(_) | Panel::Proof(_) => self.player.as_ref(),
        }
    }

    /// The same, to be played.
    pub fn player_mut(&mut self) -> Option<&mut Player> {
        match self.panel {
            Panel::Bet => self.bet.as_mut().map(|bet| &mut bet.player),
            Panel::Goal => self.attempt.as_mut().map(|attempt| &mut attempt.player),
            Panel::Cure => None,
            Panel::Step | Panel::Sources(_) | Panel::Proof(_) => self.player.as_mut(),
        }
    }

    /// Where the parts stand.
    pub fn areas(&self, shared: &Shared) -> Areas {
        let shows = match (self.player().is_some() || self.broken.is_some(), self.focus) {
            (false, _) => Shows::Text,
            (true, Focus::Lab) => Shows::LabFirst,
            (true, Focus::Text | Focus::Claim(_)) => Shows::TextFirst,
        };
        Areas::of(shared.size, shows)
    }

    /// What stands in the text area.
    pub fn passages(&self, shared: &Shared) -> Vec<Passage> {
        match (&self.panel, &self.bet, &self.attempt) {
            (Panel::Bet, Some(bet), _) => bet.passages(shared),
            (Panel::Goal, _, Some(attempt)) => attempt.passages(),
            (Panel::Sources(sources), ..) => sources.passages(),
            (Panel::Proof(proof), ..) => proof.passages(),
            _ => {
                let claim = if let Focus::Claim(n) = self.focus { Some(n) } else { None };
                self.step(shared).map_or_else(Vec::new, |at| text::passages(at, shared, claim))
            }
        }
    }

    /// The claim under the cursor.
    pub fn claim<'a>(&self, shared: &'a Shared) -> Option<&'a Claim> {
        let Focus::Claim(n) = self.focus else { return None };
        self.step(shared).and_then(|at| at.step.claims().nth(n))
    }

    /// See [`super::screen::Screen::contexts`].
    pub fn contexts(&self) -> Vec<Context> {
        let mut contexts = match (&self.panel, &self.bet) {
            (Panel::Bet, Some(bet)) => bet.contexts(),
            (Panel::Goal, _) if self.attempt.as_ref().is_some_and(|it| it.is_reached()) => {
                vec![Context::Reached, Context::Goal]
            }
            (Panel::Goal, _) => vec![Context::Goal],
            (Panel::Sources(_), _) => vec![Context::Reader],
            (Panel::Proof(_), _) => vec![Context::Proof],
            (Panel::Cure, _) => return vec![Context::Cure, Context::Everywhere],
            (Panel::Step | Panel::Bet, _) => vec![],
        };
        if matches!((&self.panel, self.focus), (Panel::Step, Focus::Claim(_))) {
            contexts.push(Context::Claim);
        }
        if self.focus != Focus::Lab
            && !contexts
                .iter()
                .any(|it| matches!(it, Context::Bet | Context::Weigh | Context::Watch | Context::Reader))
        {
            contexts.push(Context::Text);
        }
        // What has the arrows comes first in the footer.
        let lab_first = self.focus == Focus::Lab && self.player().is_some();
        contexts.extend(if lab_first {
            [Context::Halves, Context::Lab, Context::Lesson]
        } else {
            [Context::Lesson, Context::Halves, Context::Lab]
        });
        contexts.extend([Context::Aside, Context::Everywhere]);
        contexts
    }

    /// See [`super::screen::Screen::allows`].
    pub fn allows(&self, command: Command, shared: &Shared) -> bool {
        match (&self.panel, &self.bet, &self.attempt) {
            (Panel::Bet, Some(bet), _) => {
                if self.scrolls(command) && matches!(bet.phase, Phase::Told(_)) && self.focus != Focus::Lab {
                    return true;
                }
                if self.allows_lab(command) && bet.allows(command) {
                    return true;
                }
                return match command {
                    Command::Lab(_) => false,
                    _ => bet.allows(command) || self.moves_on(command, shared),
                };
            }
            (Panel::Goal, _, Some(attempt)) if attempt.allows(command) => return true,
            (Panel::Sources(_), ..) => {
                return matches!(command, Command::Up | Command::Down | Command::Accept | Command::Back);
            }
            (Panel::Proof(proof), ..) if command == Command::OpenFailing => return proof.has_failed(),
            (Panel::Cure, ..) => {
                let in_table = self.cure.as_ref().is_some_and(|cure| cure.allows(command));
                return in_table || command == Command::NextStep;
            }
            _ => {}
        }
        self.allows_lab(command) || self.scrolls(command) || self.moves_on(command, shared)
    }

    fn allows_lab(&self, command: Command) -> bool {
        let (Command::Lab(command), Some(player)) = (command, self.player()) else { return false };
        bench::allows(player, command)
    }

    fn scrolls(&self, command: Command) -> bool {
        let moves = matches!(command, Command::Up | Command::Down | Command::PageUp | Command::PageDown);
        moves && self.focus != Focus::Lab
    }

    fn moves_on(&self, command: Command, shared: &Shared) -> bool {
        let Some(at) = self.step(shared) else { return false };
        match command {
            Command::NextStep | Command::Accept => true,
            Command::PreviousStep => shared.course.step_before(&self.at).is_some(),
            Command::NextFocus => self.player().is_some(),
            Command::Predict => self.panel != Panel::Bet && at.step.predictions().next().is_some(),
            Command::Goal => self.panel != Panel::Goal && at.step.goals().next().is_some(),
            Command::Remedies => at.step.cures().next().is_some(),
            Command::NextClaim => self.panel == Panel::Step && at.step.claims().next().is_some(),
            Command::Digit(n) => {
                matches!(self.focus, Focus::Claim(_)) && usize::from(n) < at.step.claims().count()
            }
            Command::Sources => !Sources::of(at).entries.is_empty(),
            Command::Quiz => !at.chapter.questions.is_empty(),
            _ => false,
        }
    }

    /// See [`super::screen::Screen::update`].
    pub fn update(&mut self, command: Command, cx: &mut Cx<'_>) -> Flow {
        if !matches!(command, Command::NextStep) {
            self.pause = Pause::None;
        }
        match command {
            Command::Back => self.back(cx),
            Command::NextStep => self.next(cx),
            Command::PreviousStep => {
                let before = cx.shared.course.step_before(&self.at).map(|at| at.id());
                self.go_to(before, cx);
            }
            Command::NextFocus => {
                self.focus = if self.focus == Focus::Lab { Focus::Text } else { Focus::Lab };
            }
            Command::Predict => self.open_bet(cx),
            Command::Goal if self.panel != Panel::Goal => self.open_goal(cx),
            Command::Remedies => self.open_cure(cx),
            Command::NextClaim => self.next_claim(cx.shared),
            Command::Digit(n) if matches!(self.focus, Focus::Claim(_)) => {
                self.focus = Focus::Claim(usize::from(n));
                self.follow(cx.shared);
            }
            Command::Sources => self.open_sources(cx.shared),
            Command::Quiz => cx.go = self.step(cx.shared).map(|at| Go::Quiz(Some(at.chapter.id.clone()))),
            Command::Lab(command @ LabCommand::Share) => self.zoom(Some(command), cx),
            Command::Lab(command) => {
                if let Some(player) = self.player_mut() {
                    bench::play(player, command);
                }
            }
            command => self.in_panel(command, cx),
        }
        Flow::Redraw
    }

    /// What the open panel does with a key, and the text below it.
    fn in_panel(&mut self, command: Command, cx: &mut Cx<'_>) {
        match (&mut self.panel, &mut self.bet, &mut self.attempt) {
            (Panel::Bet, Some(bet), _) if bet.allows(command) => {
                bet.update(command, cx);
                match bet.phase {
                    Phase::Running(_) => self.focus = Focus::Lab,
                    _ if self.focus == Focus::Lab && command == Command::Accept => self.focus = Focus::Text,
                    _ => {}
                }
                self.follow(cx.shared);
            }
            (Panel::Goal, _, Some(attempt)) if attempt.allows(command) => {
                let below = attempt.update(command, cx);
                self.scroll = Scroll::default();
                if below {
                    self.show_end(cx.shared);
                }
            }
            (Panel::Sources(_), ..) => self.in_sources(command, cx),
            (Panel::Cure, ..) => self.in_cure(command, cx),
            (Panel::Proof(_), ..) if matches!(command, Command::Accept | Command::OpenFailing) => {
                self.in_proof(command, cx);
            }
            (_, _, _) if command == Command::Accept => self.accept(cx),
            _ => self.scroll_by(command, cx.shared),
        }
    }

    /// The lab comes back from the whole screen as it is there. A claim's lab, which was never here, does not.
    pub fn take_back(&mut self, player: Player) {
        if std::mem::take(&mut self.lab) == Whose::Bench
            && let Some(own) = self.player_mut()
        {
            *own = player;
        }
    }

    fn back(&mut self, cx: &mut Cx<'_>) {
        match (&self.panel, self.focus) {
            (Panel::Step, Focus::Claim(_)) => self.focus = Focus::Text,
            (Panel::Step, _) => cx.go = Some(Go::Back),
            (Panel::Proof(_), _) => self.close_proof(cx),
            _ => {
                self.stop_comparing(cx);
                self.close();
            }
        }
    }

    /// Closes what is open over the step.
    fn close(&mut self) {
        if let Some(player) = self.player_mut() {
            player.pause();
        }
        self.panel = Panel::Step;
        self.focus = Focus::Text;
        self.scroll = Scroll::default();
    }
}

/// The latest bet on a prediction of this step.
fn bet_before<'a>(
    shared: &'a Shared,
    at: StepRef<'_>,
    id: &str,
) -> Option<&'a crate::study::record::Predicted> {
    shared.progress.chapter(&at.chapter.id)?.predictions.get(id)?.last()
}
