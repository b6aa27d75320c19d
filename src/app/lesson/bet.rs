//! A prediction: the learner commits to an outcome and to how sure they are, then the run decides.
//!
//! What the run will do is computed and recorded the moment the learner commits, so that nothing can be lost or bent by
//! watching; the lab then plays up to there, and only then is it told.

use std::time::Duration;

use crate::app::keymap::{Command, Context, LabCommand};
use crate::app::passage::{Passage, Weight};
use crate::app::player::{Player, scenario_of};
use crate::app::screen::Cx;
use crate::app::shared::Shared;
use crate::course::setup::{Predict, When};
use crate::course::{Course, Inlines};
use crate::labs::judge::{self, Trial};
use crate::labs::language::Condition;
use crate::labs::seen::Seen;
use crate::study::record::{Kind, Predicted};

/// How long it may take to watch the run decide.
const PATIENCE: Duration = Duration::from_secs(10);
/// How sure a learner can be, in percent. 50 is a coin toss; nobody is sure beyond 99.
pub const SURE: [u8; 11] = [50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 99];
/// Where the choice of a confidence begins.
pub const USUAL: u8 = 70;

/// An open prediction.
#[derive(Debug)]
pub struct Bet {
    /// The prediction.
    pub predict: Predict,
    chapter: String,
    /// How far it is.
    pub phase: Phase,
    /// The lab, shown up to the moment of the question.
    pub player: Player,
    /// When each outcome is the one that came; none for "otherwise".
    conditions: Vec<Option<Condition>>,
    before: Option<Predicted>,
    /// Whether the run was watched to its decision, in a lab with the same set-up.
    seen: bool,
    /// The outcomes in the order of the screen, each by its place in the file.
    shown: Vec<usize>,
}

/// How far a prediction is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// The learner looks at the outcomes.
    Choosing {
        /// The row under the cursor.
        cursor: usize,
    },
    /// The learner says how sure they are.
    Weighing {
        /// The outcome chosen.
        chosen: usize,
        /// How sure, in percent.
        sure: u8,
    },
    /// The run goes on to its decision.
    Running(Decided),
    /// It is told.
    Told(Decided),
}

/// A bet and what came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decided {
    /// The outcome bet on.
    pub chosen: usize,
    /// How sure, in percent.
    pub sure: u8,
    /// The outcome that came; none if the run did not make exactly one of them true, which is a fault of the course.
    pub came: Option<usize>,
}

impl Decided {
    /// Whether the bet was right.
    pub fn is_right(&self) -> bool {
        self.came == Some(self.chosen)
    }
}

/// The letter of a row.
pub fn letter(row: usize) -> char {
    u8::try_from(row).ok().and_then(|n| b'a'.checked_add(n)).map_or('?', char::from)
}

impl Bet {
    /// Opens a prediction of a chapter; the error is a sentence.
    pub fn open(
        predict: &Predict,
        chapter: &str,
        before: Option<&Predicted>,
        seen: &Seen,
    ) -> Result<Self, String> {
        let scenario = scenario_of(&predict.setup)?;
        let seen = seen.until(&scenario, scenario.seed) >= predict.until;
        let player = Player::open(&scenario, predict.from);
        let spec = player.spec();
        let read = |when: &When| match when {
            When::Holds(text) => Condition::read(text, spec).map(Some).map_err(|misread| misread.to_string()),
            When::Otherwise => Ok(None),
        };
        let conditions = predict.outcomes.iter().map(|it| read(&it.when)).collect::<Result<_, _>>()?;
        let phase = Phase::Choosing { cursor: 0 };
        Ok(Self {
            predict: predict.clone(),
            chapter: chapter.to_owned(),
            phase,
            player,
            conditions,
            before: before.cloned(),
            seen,
            shown: predict.shown(),
        })
    }

    /// Where the keys are looked up now, most specific first.
    pub fn contexts(&self) -> Vec<Context> {
        let letters = match self.shown.len() {
            0..=2 => Context::OfTwo,
            3 => Context::OfThree,
            _ => Context::OfFour,
        };
        match self.phase {
            Phase::Choosing { .. } => vec![letters, Context::Bet],
            Phase::Weighing { .. } => vec![Context::Weigh, letters],
            Phase::Running(_) => vec![Context::Watch],
            Phase::Told(_) => vec![],
        }
    }

    /// Whether a command would do anything now.
    pub fn allows(&self, command: Command) -> bool {
        let outcomes = self.predict.outcomes.len();
        match (self.phase, command) {
            (_, Command::Back)
            | (Phase::Choosing { .. }, Command::Up | Command::Down | Command::Accept)
            | (Phase::Weighing { .. }, Command::Left | Command::Right | Command::Accept)
            | (
                Phase::Running(_),
                Command::Accept | Command::Lab(LabCommand::Run | LabCommand::Slower | LabCommand::Faster),
            )
            | (Phase::Told(_), Command::Lab(_)) => true,
            (Phase::Choosing { .. }, Command::Choose(n) | Command::Digit(n))
            | (Phase::Weighing { .. }, Command::Choose(n)) => usize::from(n) < outcomes,
            (Phase::Weighing { .. }, Command::Digit(n)) => (4..=8).contains(&n),
            _ => false,
        }
    }

    /// Does what was asked for. Scrolling and closing are the lesson's.
    pub fn update(&mut self, command: Command, cx: &mut Cx<'_>) {
        self.phase = match (self.phase, command) {
            (Phase::Choosing { cursor }, Command::Up) => Phase::Choosing { cursor: cursor.saturating_sub(1) },
            (Phase::Choosing { cursor }, Command::Down) => {
                Phase::Choosing { cursor: (cursor + 1).min(self.predict.outcomes.len().saturating_sub(1)) }
            }
            (Phase::Choosing { cursor }, Command::Accept) => {
                Phase::Weighing { chosen: self.outcome(cursor), sure: USUAL }
            }
            (Phase::Choosing { .. }, Command::Choose(n) | Command::Digit(n)) => {
                Phase::Weighing { chosen: self.outcome(usize::from(n)), sure: USUAL }
            }
            (Phase::Weighing { sure, .. }, Command::Choose(n)) => {
                Phase::Weighing { chosen: self.outcome(usize::from(n)), sure }
            }
            // The digits 5 to 9 are 50 to 90 %.
            (Phase::Weighing { chosen, .. }, Command::Digit(n)) => {
                Phase::Weighing { chosen, sure: (n + 1) * 10 }
            }
            (Phase::Weighing { chosen, sure }, Command::Left) => {
                Phase::Weighing { chosen, sure: SURE.into_iter().rfind(|it| *it < sure).unwrap_or(sure) }
            }
            (Phase::Weighing { chosen, sure }, Command::Right) => {
                Phase::Weighing { chosen, sure: SURE.into_iter().find(|it| *it > sure).unwrap_or(sure) }
            }
            (Phase::Weighing { chosen, sure }, Command::Accept) => self.commit(chosen, sure, cx),
            (Phase::Running(decided), Command::Accept) => {
                self.player.pause();
                self.player.seek(self.predict.until);
                Phase::Told(decided)
            }
            (phase, _) => phase,
        };
    }

    /// The outcome of a row.
    fn outcome(&self, row: usize) -> usize {
        self.shown.get(row).copied().unwrap_or(row)
    }

    /// The letter of an outcome.
    fn letter(&self, outcome: usize) -> char {
        letter(self.shown.iter().position(|it| *it == outcome).unwrap_or(outcome))
    }

    fn commit(&mut self, chosen: usize, sure: u8, cx: &mut Cx<'_>) -> Phase {
        let decided = Decided { chosen, sure, came: self.decide() };
        if let Some(came) = decided.came {
            cx.record(Kind::Predicted(self.record(&decided, came)));
        }
        self.player.hurry(self.predict.until.since(self.predict.from), PATIENCE);
        self.player.run_until(self.predict.until);
        Phase::Running(decided)
    }

    /// The outcome that the run makes true.
    fn decide(&self) -> Option<usize> {
        let scenario = self.player.setup();
        let trial = Trial::new(scenario.clone(), self.predict.until);
        match trial.outcome(scenario.seed, &self.conditions) {
            judge::Decided::One(came) => Some(came),
            judge::Decided::None | judge::Decided::Several(_) => None,
        }
    }

    fn record(&self, decided: &Decided, came: usize) -> Predicted {
        let belief = |n: usize| {
            self.predict.outcomes.get(n).and_then(|it| it.misconception.as_ref()).map(|it| it.value.clone())
        };
        let right = decided.is_right();
        let others = (0..self.predict.outcomes.len()).filter(|n| *n != decided.chosen);
        Predicted {
            prediction: self.predict.id.value.clone(),
            chapter: self.chapter.clone(),
            concept: self.predict.concept.as_ref().map(|it| it.value.clone()),
            seed: self.predict.setup.seed,
            chosen: decided.chosen,
            confidence: decided.sure,
            right,
            came,
            seen: self.seen,
            misconception: if right { None } else { belief(decided.chosen) },
            refuted: if right { others.filter_map(belief).collect() } else { Vec::new() },
        }
    }

    /// Tells the outcome once the lab has got there; whether that is now.
    pub fn look(&mut self) -> bool {
        match self.phase {
            Phase::Running(decided) if self.player.lab().now() >= self.predict.until => {
                self.phase = Phase::Told(decided);
                true
            }
            _ => false,
        }
    }

    /// The passage under the cursor, to be brought into sight.
    pub fn cursor(&self) -> Option<usize> {
        match self.phase {
            // The question, a gap, then the outcomes.
            Phase::Choosing { cursor } => Some(2 + cursor),
            Phase::Weighing { .. } => Some(self.passages_shown()),
            Phase::Running(_) | Phase::Told(_) => None,
        }
    }

    fn passages_shown(&self) -> usize {
        self.predict.outcomes.len() + 3
    }

    /// What stands in the text area.
    pub fn passages(&self, shared: &Shared) -> Vec<Passage> {
        match self.phase {
            Phase::Choosing { cursor } => self.question(self.outcome(cursor), &self.earlier()),
            Phase::Weighing { chosen, sure } => self.question(chosen, &self.scale(sure)),
            Phase::Running(decided) => {
                let until = self.predict.until.secs();
                let told = format!(
                    "Your bet: {}, {} % sure. The run decides at {until} s.",
                    self.letter(decided.chosen),
                    decided.sure
                );
                self.question(decided.chosen, &[Passage::note(told, Weight::Strong)])
            }
            Phase::Told(decided) => self.told(&decided, shared),
        }
    }

    fn question(&self, chosen: usize, below: &[Passage]) -> Vec<Passage> {
        let mut passages =
            vec![Passage::item("", self.predict.question.clone(), Weight::Strong), Passage::Gap];
        for n in self.shown.iter().copied() {
            let Some(outcome) = self.predict.outcomes.get(n) else { continue };
            let (cursor, weight) = if n == chosen { ('>', Weight::Selected) } else { (' ', Weight::Plain) };
            passages.push(Passage::item(
                format!("{cursor} {}  ", self.letter(n)),
                outcome.text.clone(),
                weight,
            ));
        }
        if !below.is_empty() {
            passages.push(Passage::Gap);
            passages.extend_from_slice(below);
        }
        passages
    }

    fn earlier(&self) -> Vec<Passage> {
        let Some(before) = &self.before else {
            let told = "You have watched this run already, so this bet will not be in your score.";
            return if self.seen { vec![Passage::note(told, Weight::Dim)] } else { Vec::new() };
        };
        let (chosen, came) = (self.letter(before.chosen), self.letter(before.came));
        let text = format!("Last time you said {chosen}, {} % sure, and {came} came.", before.confidence);
        vec![Passage::note(text, Weight::Dim)]
    }

    fn scale(&self, sure: u8) -> Vec<Passage> {
        let marks = SURE.iter().map(|it| if *it == sure { format!("[{it}]") } else { format!(" {it} ") });
        let toss = if self.shown.len() == 2 { "   50: a coin toss" } else { "" };
        let text = format!("How sure? {} %{toss}", marks.collect::<String>());
        vec![Passage::note(text, Weight::Strong)]
    }

    fn told(&self, decided: &Decided, shared: &Shared) -> Vec<Passage> {
        let (chosen, sure) = (self.letter(decided.chosen), decided.sure);
        let Some(came) = decided.came else {
            return vec![
                Passage::note("The run did not decide for one of these outcomes.", Weight::Bad),
                Passage::note("That is a fault of the course; nothing was recorded.", Weight::Plain),
            ];
        };
        let verdict = if decided.is_right() {
            Passage::note(format!("Right: {chosen} came. You were {sure} % sure."), Weight::Good)
        } else {
            Passage::note(
                format!("Not so: you said {chosen}, {sure} % sure, and {} came.", self.letter(came)),
                Weight::Bad,
            )
        };
        let mut passages = vec![verdict];
        let text =
            |n: usize| self.predict.outcomes.get(n).map_or_else(Inlines::default, |it| it.text.clone());
        passages.push(Passage::item(format!("{}  ", self.letter(came)), text(came), Weight::Strong));
        passages.extend([Passage::Gap, Passage::item("", self.predict.after.clone(), Weight::Plain)]);
        if !decided.is_right() {
            passages.extend(self.reasons(decided.chosen, &shared.course));
        }
        // The second time one knows.
        let beside = match self.before {
            None if !self.seen => shared.progress.calibration().beside(sure),
            _ => "You had seen what comes, so this one is not in your score.".to_owned(),
        };
        passages.extend([Passage::Gap, Passage::note(beside, Weight::Dim)]);
        passages
    }

    /// Why one expects what did not come, and the belief behind it.
    fn reasons(&self, chosen: usize, course: &Course) -> Vec<Passage> {
        let Some(outcome) = self.predict.outcomes.get(chosen) else { return Vec::new() };
        let mark = format!("{}  ", self.letter(chosen));
        let mut passages = vec![Passage::Gap, Passage::item(mark, outcome.text.clone(), Weight::Dim)];
        if let Some(why) = &outcome.why {
            passages.push(Passage::item("   ", why.clone(), Weight::Plain));
        }
        if let Some(belief) = outcome.misconception.as_ref().and_then(|id| course.misconception(id)) {
            passages.push(Passage::Gap);
            let text = format!("The belief behind it: \"{}\"", belief.belief.plain());
            passages.push(Passage::note(text, Weight::Strong));
            passages.push(Passage::item("", belief.refuted_by.clone(), Weight::Plain));
        }
        passages
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_have_letters() {
        assert_eq!((0..4).map(letter).collect::<String>(), "abcd");
        assert_eq!(letter(1000), '?');
    }

    #[test]
    fn confidence_goes_from_a_coin_toss_to_almost_certain() {
        assert_eq!((SURE[0], SURE[SURE.len() - 1]), (50, 99));
        assert!(SURE.contains(&USUAL) && SURE.is_sorted());
        assert_eq!((4..=8).map(|n| (n + 1) * 10).collect::<Vec<u8>>(), [50, 60, 70, 80, 90]);
    }
}
