//! A lesson: its steps, one at a time, each with its text and, where it has one, its lab.
//!
//! The text area shows the step, or in its place an open prediction, goal or list of sources; an open prediction or goal
//! brings its own lab, and closing it brings the step's lab back as it was. Must not know how text is laid out: its
//! height comes from [`Shared::measure`].

pub mod areas;
pub mod attempt;
pub mod bet;
pub mod sources;
pub mod text;

use std::time::Duration;

use super::keymap::{Command, Context};
use super::passage::{Passage, Scroll};
use super::player::{Moved, Player};
use super::screen::{Cx, Go};
use super::shared::Shared;
use super::{Effect, Flow, Judged, bench};
use crate::course::setup::Start;
use crate::course::{Claim, StepId, StepRef};
use crate::study::record::{Kind, Place, Screen, Visited};
use areas::{Areas, Shows};
use attempt::Attempt;
use bet::{Bet, Phase};
use sources::{Sources, To};

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
            Panel::Step | Panel::Sources(_) => self.player.as_ref(),
        }
    }

    fn player_mut(&mut self) -> Option<&mut Player> {
        match self.panel {
            Panel::Bet => self.bet.as_mut().map(|bet| &mut bet.player),
            Panel::Goal => self.attempt.as_mut().map(|attempt| &mut attempt.player),
            Panel::Step | Panel::Sources(_) => self.player.as_mut(),
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
            (Panel::Bet, Some(bet), _) => bet.passages(&shared.course),
            (Panel::Goal, _, Some(attempt)) => attempt.passages(),
            (Panel::Sources(sources), ..) => sources.passages(),
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
        let phase = self.bet.as_ref().map(|bet| bet.phase);
        let mut contexts = match (&self.panel, phase) {
            (Panel::Bet, Some(Phase::Choosing { .. })) => vec![Context::Bet],
            (Panel::Bet, Some(Phase::Weighing { .. })) => vec![Context::Weigh],
            (Panel::Bet, Some(Phase::Running(_))) => vec![Context::Watch],
            (Panel::Goal, _) => vec![Context::Goal],
            (Panel::Sources(_), _) => vec![Context::Reader],
            (Panel::Step | Panel::Bet, _) => vec![],
        };
        if matches!(self.focus, Focus::Claim(_)) {
            contexts.push(Context::Claim);
        }
        if self.focus != Focus::Lab
            && !matches!(contexts[..], [Context::Bet | Context::Weigh | Context::Watch | Context::Reader])
        {
            contexts.push(Context::Text);
        }
        // What has the arrows comes first in the footer.
        let lab_first = self.focus == Focus::Lab && self.player().is_some();
        contexts.extend(if lab_first {
            [Context::Lab, Context::Lesson]
        } else {
            [Context::Lesson, Context::Lab]
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
            Command::NextClaim => self.panel == Panel::Step && at.step.claims().next().is_some(),
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
            Command::NextClaim => self.next_claim(cx.shared),
            Command::Sources => self.open_sources(cx.shared),
            Command::Quiz => cx.go = self.step(cx.shared).map(|at| Go::Quiz(Some(at.chapter.id.clone()))),
            Command::Lab(command) => match (&self.panel, &mut self.attempt) {
                (Panel::Goal, Some(attempt)) => attempt.play(command),
                _ => {
                    if let Some(player) = self.player_mut() {
                        bench::play(player, command);
                    }
                }
            },
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
            (_, _, _) if command == Command::Accept => self.accept(cx),
            _ => self.scroll_by(command, cx.shared),
        }
    }

    /// The obvious thing: the claim under the cursor, the lab on the whole screen, or the next step.
    fn accept(&mut self, cx: &mut Cx<'_>) {
        if let Some(claim) = self.claim(cx.shared) {
            let says = claim.says.as_ref().map_or_else(|| "It".to_owned(), ToString::to_string);
            cx.go = Some(Go::Lab(Box::new(claim.setup.clone()), crate::engine::time::Time::ZERO));
            cx.say(format!("{says} Run it to {} s.", claim.length.secs()));
        } else if let Some(player) = self.player() {
            cx.go = Some(Go::Zoom(Box::new(player.clone())));
            self.lab = Whose::Bench;
        } else {
            self.next(cx);
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
            _ => self.close(),
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

/// Going from step to step.
impl Lesson {
    fn next(&mut self, cx: &mut Cx<'_>) {
        let Some(at) = self.step(cx.shared) else { return };
        let open = at.step.predictions().any(|it| bet_before(cx.shared, at, &it.id).is_none());
        if open && self.panel == Panel::Step && self.pause != Pause::Bet {
            self.open_bet(cx);
            self.pause = Pause::Bet;
            if self.panel == Panel::Bet {
                cx.say("First say what will happen. n goes on without.");
            }
            return;
        }
        let after = cx.shared.course.step_after(&self.at);
        let same = after.is_some_and(|after| after.chapter.id == at.chapter.id);
        if same {
            let id = after.map(|it| it.id());
            return self.go_to(id, cx);
        }
        if self.pause != Pause::End {
            self.pause = Pause::End;
            let quiz = if at.chapter.questions.is_empty() { "" } else { " z: its quiz." };
            let on = if after.is_some() { " n: the next chapter." } else { " n: back to the map." };
            return cx.say(format!("The chapter ends here.{quiz}{on}"));
        }
        match after.map(|it| it.id()) {
            Some(id) => self.go_to(Some(id), cx),
            None => cx.go = Some(Go::Back),
        }
    }

    fn go_to(&mut self, to: Option<StepId>, cx: &mut Cx<'_>) {
        let Some(to) = to else { return };
        let same_lesson = to.lesson == self.at.lesson;
        let (player, lab_of) = (self.player.take(), self.lab_of.take());
        *self = Self::new(to);
        if same_lesson {
            (self.player, self.lab_of) = (player, lab_of);
        }
        self.arrive(cx);
    }

    /// See [`super::screen::Screen::shown`].
    pub fn shown(&mut self, cx: &mut Cx<'_>) {
        if self.chapter.is_empty() {
            let place = cx.shared.progress.place();
            let same = place.filter(|place| place.step.as_deref() == Some(&self.at.to_string()));
            self.scroll.top = same.map_or(0, |place| place.row);
            self.arrive(cx);
        }
        self.resized(cx.shared);
    }

    /// The step is on the screen now: it counts as seen, and its lab is brought up.
    fn arrive(&mut self, cx: &mut Cx<'_>) {
        let Some(at) = self.step(cx.shared) else {
            cx.refuse(format!("This course has no step {}.", self.at));
            cx.go = Some(Go::Back);
            return;
        };
        self.chapter.clone_from(&at.chapter.id);
        let (chapter, step) = (self.chapter.clone(), self.at.to_string());
        let origin = at
            .lesson
            .steps
            .iter()
            .take(at.step.number)
            .rev()
            .find_map(|it| it.lab().map(|lab| (it.number, lab)));
        match origin {
            None => (self.player, self.lab_of) = (None, None),
            Some((number, _)) if self.lab_of == Some(number) && self.player.is_some() => {}
            Some((number, block)) => match Player::of_setup(&block.setup, block.from) {
                Ok(mut player) => {
                    if block.start == Start::Running {
                        player.run();
                    }
                    (self.player, self.lab_of) = (Some(player), Some(number));
                }
                Err(sentence) => {
                    (self.player, self.lab_of) = (None, None);
                    self.broken = Some(sentence);
                }
            },
        }
        if !cx.shared.progress.has_visited(&step) {
            cx.record(Kind::Visited(Visited { chapter, step }));
        }
    }

    /// See [`super::screen::Screen::place`].
    pub fn place(&self) -> Place {
        let row = if self.panel == Panel::Step { self.scroll.top } else { 0 };
        Place {
            screen: Screen::Lesson,
            chapter: Some(self.chapter.clone()),
            step: Some(self.at.to_string()),
            row,
            ..Place::default()
        }
    }
}

fn bet_before<'a>(
    shared: &'a Shared,
    at: StepRef<'_>,
    id: &str,
) -> Option<&'a crate::study::record::Predicted> {
    shared.progress.chapter(&at.chapter.id)?.predictions.get(id)?.last()
}

/// Opening what a step holds.
impl Lesson {
    fn open_bet(&mut self, cx: &mut Cx<'_>) {
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
        Some(Bet::open(predict, &at.chapter.id, before(&predict.id)))
    }

    fn open_goal(&mut self, cx: &mut Cx<'_>) {
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

    fn open_sources(&mut self, shared: &Shared) {
        if let Some(at) = self.step(shared) {
            self.open(Panel::Sources(Sources::of(at)), Focus::Text);
        }
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

    fn in_sources(&mut self, command: Command, cx: &mut Cx<'_>) {
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

    fn next_claim(&mut self, shared: &Shared) {
        let count = self.step(shared).map_or(0, |at| at.step.claims().count());
        let next = if let Focus::Claim(n) = self.focus { n + 1 } else { 0 };
        self.focus = Focus::Claim(next % count.max(1));
        self.follow(shared);
    }
}

/// Scrolling.
impl Lesson {
    fn height(&self, shared: &Shared) -> (usize, u16, usize) {
        let area = self.areas(shared).text;
        ((shared.measure)(&self.passages(shared), area.width), area.width, usize::from(area.height))
    }

    fn scroll_by(&mut self, command: Command, shared: &Shared) {
        let (height, _, rows) = self.height(shared);
        let page = isize::try_from(rows).unwrap_or(1).max(2) - 1;
        let by = match command {
            Command::Up => -1,
            Command::Down => 1,
            Command::PageUp => -page,
            Command::PageDown => page,
            _ => 0,
        };
        self.scroll.by(by, height, rows);
    }

    fn show_end(&mut self, shared: &Shared) {
        let (height, _, rows) = self.height(shared);
        self.scroll.show(height, height, height, rows);
    }

    /// Brings what is under the cursor into sight.
    fn follow(&mut self, shared: &Shared) {
        let (height, width, rows) = self.height(shared);
        let passages = self.passages(shared);
        let upto = |n: usize| (shared.measure)(passages.get(..n).unwrap_or(&passages), width);
        let item = |n: usize| (upto(n), upto(n + 1));
        let seen = match (&self.panel, &self.bet, self.focus) {
            (Panel::Step, _, Focus::Claim(n)) => self.step(shared).map(|at| {
                let end = (shared.measure)(&text::passages_to(at, shared, n), width);
                (end.saturating_sub(2), end)
            }),
            (Panel::Bet, Some(bet), _) => match bet.cursor() {
                Some(n) => Some(item(n)),
                // A verdict is read from its first line.
                None => Some((0, 1)),
            },
            (Panel::Sources(sources), ..) => Some(item(2 + sources.cursor)),
            _ => None,
        };
        match seen {
            Some((from, to)) => self.scroll.show(from, to, height, rows),
            None => self.scroll.clamp(height, rows),
        }
    }

    /// See [`super::screen::Screen::resized`].
    pub fn resized(&mut self, shared: &Shared) {
        let (height, _, rows) = self.height(shared);
        self.scroll.clamp(height, rows);
    }
}

/// Time.
impl Lesson {
    /// See [`super::screen::Screen::frame_interval`].
    pub fn frame_interval(&self) -> Option<Duration> {
        self.player().and_then(Player::frame_interval)
    }

    /// See [`super::screen::Screen::frame`].
    pub fn frame(&mut self, elapsed: Duration, allowed: u64, cx: &mut Cx<'_>) -> Flow {
        let moved = self.player_mut().map_or(Moved::Still, |player| player.frame(elapsed, allowed));
        self.handled = moved.events();
        if self.panel == Panel::Bet
            && let Some(bet) = &mut self.bet
            && bet.look()
        {
            self.focus = Focus::Text;
            self.follow(cx.shared);
            return Flow::Redraw;
        }
        if moved == Moved::Still { Flow::Unchanged } else { Flow::Redraw }
    }

    /// See [`super::screen::Screen::events_handled`].
    pub const fn events_handled(&self) -> u64 {
        self.handled
    }

    /// See [`super::screen::Screen::judged`].
    pub fn judged(&mut self, judged: &Judged, cx: &mut Cx<'_>) {
        if let Some(attempt) = &mut self.attempt {
            attempt.judged(judged, cx);
        }
    }
}
