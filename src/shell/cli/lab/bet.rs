//! A bet by a typed line: `bet queue higher 80%`, `bet ok_per_s 60 70% in 30s`. The run decides it as it stands then.

use super::{Bench, Flow, not_done, span};
use crate::app::stake::{Stake, seen_until};
use crate::labs::bet::{HORIZONS, Question, practice};
use crate::labs::judge::MOST_EVENTS;
use crate::labs::reading::Value;
use crate::labs::scenario::Scenario;
use crate::labs::text::nearest;
use crate::shell::cli::console::Console;
use crate::shell::cli::output::Failure;
use crate::shell::learner::Learner;
use crate::study::progress::Progress;
use crate::study::record::Kind;

/// How far ahead a bet is, in seconds, if nothing is said.
const USUAL: u64 = HORIZONS[1];

/// The learner whose bets are written down: lent by a lesson, or opened with the first bet.
pub enum Purse<'a> {
    /// Nobody has bet yet.
    Closed,
    /// Opened here.
    Own(Box<Learner>),
    /// A lesson's.
    Lent(&'a mut Learner),
}

impl Purse<'_> {
    fn learner(&mut self) -> Option<&mut Learner> {
        if matches!(self, Self::Closed) {
            *self = Self::Own(Box::new(Learner::open()));
        }
        match self {
            Self::Closed => None,
            Self::Own(learner) => Some(learner),
            Self::Lent(learner) => Some(learner),
        }
    }
}

/// A bet that is made and not told yet.
pub struct Wager {
    stake: Stake,
    came: Value,
    /// The run that it is about.
    run: Scenario,
    /// What that run began as.
    origin: Scenario,
}

/// A bet as typed: the reading, the answer, how sure, how far ahead.
struct Typed<'a> {
    reading: &'a str,
    answer: String,
    sure: Option<u8>,
    horizon: u64,
}

impl Bench {
    /// Makes a bet, or tells how one is made, or which one stands.
    pub(super) fn bet(
        &mut self,
        rest: &str,
        console: &mut Console,
        purse: &mut Purse<'_>,
    ) -> Result<(), Failure> {
        if let Some(wager) = &self.wager {
            return console.say(&format!("One bet at a time. {}", wager.stake.told()));
        }
        if rest.is_empty() {
            return console.say(
                "Type a reading, what it will be, and how sure you are, 50 to 99: bet queue higher 80%. In place of higher: \
                 same, lower, a number, a state. It is about 10 s from now; in 30s at the end makes it 30. bet READING alone \
                 tells what can be said of that reading.",
            );
        }
        let typed = Typed::read(rest)?;
        let index = self.index(typed.reading)?;
        let question = Question::of(self.lab(), index, typed.horizon).map_err(Failure::Usage)?;
        let (false, Some(sure)) = (typed.answer.is_empty(), typed.sure) else {
            return explain(&question, &typed, console);
        };
        let answer = question.read(&typed.answer).map_err(Failure::Usage)?;
        let run = self.recorded();
        let learner = purse.learner();
        let nobody = Progress::default();
        let progress = learner.as_ref().map_or(&nobody, |it| it.progress());
        let seen = seen_until(&self.origin, run.seed, &self.seen, progress).max(self.lab().now());
        let mut ahead = self.lab().boxed_clone();
        if ahead.advance(question.at, MOST_EVENTS) >= MOST_EVENTS {
            return Err(not_done("that is too far ahead for this run"));
        }
        let came = question.came(&*ahead);
        let stake = Stake { question, answer, sure, counts: question.at > seen };
        if !stake.counts {
            console.say(&format!("{} A later moment counts, and so does another seed.", practice(seen)))?;
        }
        if let Some((bet, learner)) = stake.record(came, &self.origin, run.seed).zip(learner) {
            learner.record(Kind::Bet(bet));
        }
        console.say(&stake.told())?;
        console.say("run goes on; what comes is told when the run is there.")?;
        self.wager = Some(Wager { stake, came, run, origin: self.origin.clone() });
        Ok(())
    }

    /// Tells the bet if its moment has come, or at once if the run is another one.
    pub(super) fn tell_bet(&mut self, console: &mut Console, purse: &mut Purse<'_>) -> Result<(), Failure> {
        self.seen.take_in(&self.origin, &self.branches);
        let is_another = self.wager.as_ref().is_some_and(|it| it.run != self.recorded());
        let is_due = |wager: &Wager| is_another || self.lab().now() >= wager.stake.question.at;
        if !self.wager.as_ref().is_some_and(is_due) {
            return Ok(());
        }
        let Some(wager) = self.wager.take() else { return Ok(()) };
        if is_another {
            console.say("The run is another one now. This is what came of it as you bet on it:")?;
        }
        let Wager { stake: Stake { question, answer, sure, counts }, came, run, origin } = wager;
        self.seen.note(&origin, run.seed, question.at);
        let right = question.judge(answer, came);
        let verdict = match right {
            Some(true) => "Right.",
            Some(false) => "Not so.",
            None => "Off: there was nothing to measure.",
        };
        let said = question.say(answer);
        console.say(&format!("{verdict} {} You said {said}, {sure} % sure.", question.told(came)))?;
        match (counts, purse.learner()) {
            (true, Some(learner)) if right.is_some() => {
                console.say(&learner.progress().calibration().beside(sure))
            }
            (true, _) => console.say("Nothing was recorded."),
            (false, _) => console.say("Practice: the moment was seen before, so nothing was recorded."),
        }
    }

    /// This very run, as a scenario.
    fn recorded(&self) -> Scenario {
        Scenario { script: self.lab().log().to_vec(), ..self.lab().scenario().clone() }
    }

    fn index(&self, name: &str) -> Result<usize, Failure> {
        let names = self.lab().spec().readings.iter().map(|spec| spec.name);
        self.lab().find_reading(name).ok_or_else(|| {
            let near = nearest(name, names);
            let help =
                near.map_or_else(|| "readings lists them".to_owned(), |near| format!("did you mean {near}?"));
            not_done(&format!("there is no reading {name}; {help}"))
        })
    }

    /// Obeys a line, and tells what it made of a bet.
    pub(super) fn obey_betting(
        &mut self,
        line: &str,
        console: &mut Console,
        purse: &mut Purse<'_>,
    ) -> Result<Flow, Failure> {
        let flow = match line.split_once(' ').unwrap_or((line, "")) {
            ("bet", rest) => self.bet(rest.trim(), console, purse).map(|()| Flow::On),
            _ => self.obey(line, console),
        }?;
        self.tell_bet(console, purse)?;
        Ok(flow)
    }
}

/// What can be said of a reading.
fn explain(question: &Question, typed: &Typed<'_>, console: &mut Console) -> Result<(), Failure> {
    console.say(&question.text())?;
    for answer in question.answers() {
        console.item("- ", &format!("{}: {}.", Question::word(answer), question.say(answer)))?;
    }
    if question.takes_number() {
        console
            .item("- ", &format!("a number such as {}: right {}.", question.example(), question.rule()))?;
    }
    if !typed.answer.is_empty() && typed.sure.is_none() {
        console.say("How sure are you? Put a number from 50 to 99 with a % behind it.")?;
    }
    Ok(())
}

impl<'a> Typed<'a> {
    fn read(rest: &'a str) -> Result<Self, Failure> {
        let (reading, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let (rest, horizon) =
            match rest.rsplit_once("in ").filter(|(before, _)| before.is_empty() || before.ends_with(' ')) {
                Some((before, time)) => (before.trim(), horizon(time.trim())?),
                None => (rest.trim(), USUAL),
            };
        // The last word is how sure; with a % after a blank it is the last two.
        let words: Vec<&str> = rest.split_whitespace().filter(|word| *word != "%").collect();
        let (sure, answer) = match words.split_last() {
            Some((last, before)) if !before.is_empty() => (Some(sureness(last)?), before.join(" ")),
            Some((last, _)) => (None, (*last).to_owned()),
            None => (None, String::new()),
        };
        Ok(Self { reading, answer, sure, horizon })
    }
}

fn sureness(text: &str) -> Result<u8, Failure> {
    match text.trim_end_matches('%').parse::<u8>() {
        Ok(sure @ 50..=99) => Ok(sure),
        _ => {
            Err(not_done(&format!("\"{text}\" is not how sure you are, from 50% (a guess) to 99% (certain)")))
        }
    }
}

fn horizon(text: &str) -> Result<u64, Failure> {
    let secs = span(text)?.secs();
    let found = HORIZONS.into_iter().find(|it| (*it as f64 - secs).abs() < 1e-9);
    found.ok_or_else(|| not_done(&format!("a bet is about 5s, 10s, 30s or 60s from now, not {text}")))
}
