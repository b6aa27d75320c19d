//! A bet on a reading: what it will be at a moment to come, in words that can be judged, and the judging.
//!
//! Must not know who bets, nor whether the moment was seen already ([`super::seen`]).

use std::fmt::Write;

use super::lab::Lab;
use super::narrate::{self, short_time};
use super::reading::{Quantity, ReadingSpec, Value, short};
use super::scenario::Scenario;
use super::scene::Unit;
use crate::engine::time::{Span, Time};

/// How far ahead one can bet, in seconds.
pub const HORIZONS: [u64; 4] = [5, 10, 30, 60];
/// What part of a number it may be off.
const PART: f64 = 0.1;

/// A question about a reading at a moment to come.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Question {
    /// The index of the reading.
    pub index: usize,
    /// The reading.
    pub spec: &'static ReadingSpec,
    /// How many seconds ahead was asked for.
    pub horizon: u64,
    /// When it is asked.
    pub made: Time,
    /// The moment that it is about: a whole second, since rates are read once a second.
    pub at: Time,
    /// What the reading shows when it is asked.
    pub now: Value,
}

/// What one says that a reading will be.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Answer {
    /// This number, give or take [`Question::margin`]; of a total, by so much more.
    Number(f64),
    /// More than about the same as now.
    Higher,
    /// About the same as now.
    Same,
    /// Less than about the same as now, or nothing to measure.
    Lower,
    /// This state.
    Word(&'static str),
    /// There will be a value where there is none now.
    Comes,
    /// There will still be none.
    ComesNot,
    /// A total will have grown.
    Grows,
    /// A total will be what it is.
    Stays,
}

impl Question {
    /// Asks what the reading at `index` will be in `horizon` seconds; the error is a sentence.
    pub fn of(lab: &dyn Lab, index: usize, horizon: u64) -> Result<Self, String> {
        let spec = lab.spec().readings.get(index).ok_or("There is no such reading.")?;
        let (made, now) = (lab.now(), lab.reading(index));
        if spec.kind == Quantity::Moment && now != Value::None {
            return Err(format!("{} has come already: there is nothing to bet on.", spec.name));
        }
        let later = made + Span::from_secs(horizon);
        let whole = Time::from_secs(later.whole_secs());
        let at = if whole < later { Time::from_secs(whole.whole_secs() + 1) } else { whole };
        Ok(Self { index, spec, horizon, made, at, now })
    }

    /// The question in a sentence.
    pub fn text(&self) -> String {
        let (name, horizon, at) = (self.spec.name, self.horizon, short_time(self.at));
        match (self.spec.kind, self.now) {
            (Quantity::Total, _) => {
                format!("By how much will {name} have grown in {horizon} s, at t {at} s?")
            }
            (Quantity::Moment, _) => format!("Will {name} have come in {horizon} s, by t {at} s?"),
            _ => format!("What will {name} be in {horizon} s, at t {at} s?"),
        }
    }

    /// The outcomes that can be chosen; a number can be said besides, see [`Question::takes_number`].
    pub fn answers(&self) -> Vec<Answer> {
        match (self.spec.kind, self.now) {
            (Quantity::State(words), _) => words.iter().copied().map(Answer::Word).collect(),
            (Quantity::Total, _) => vec![Answer::Grows, Answer::Stays],
            (_, Value::Number(now)) => {
                // What cannot fall below nothing is not offered to.
                let falls = now - self.margin(now) > 0.0 || matches!(self.spec.kind, Quantity::PerSecond(_));
                let lower = falls.then_some(Answer::Lower);
                [Answer::Higher, Answer::Same].into_iter().chain(lower).collect()
            }
            // Before its first second: that there will be one is no bet.
            (Quantity::Rate(_), Value::None) => Vec::new(),
            (_, Value::None | Value::Word(_)) => vec![Answer::Comes, Answer::ComesNot],
        }
    }

    /// Whether a number can be said.
    pub const fn takes_number(&self) -> bool {
        !matches!(self.spec.kind, Quantity::State(_) | Quantity::Moment)
    }

    /// How far a number may be off to be right: a tenth of it, but never less than one, or than what is little in its unit.
    pub fn margin(&self, number: f64) -> f64 {
        (number.abs() * PART).max(self.least())
    }

    /// The rule of [`Question::margin`] in words.
    pub fn rule(&self) -> String {
        let least = match self.unit() {
            Unit::Seconds => "10 ms".to_owned(),
            Unit::Share => "5 %".to_owned(),
            _ => short(self.least()),
        };
        format!("within 10 % or {least}, whichever is wider")
    }

    fn least(&self) -> f64 {
        match self.unit() {
            Unit::Seconds => 0.01,
            _ if is_share(self.spec) => 0.05,
            _ => 1.0,
        }
    }

    /// From where to where a number is right.
    pub fn range(&self, number: f64) -> (f64, f64) {
        let margin = self.margin(number);
        ((number - margin).max(0.0), number + margin)
    }

    fn unit(&self) -> Unit {
        match self.spec.unit() {
            "/s" => Unit::PerSecond,
            "s" => Unit::Seconds,
            "%" => Unit::Share,
            _ => Unit::None,
        }
    }

    /// A number of this reading with its unit.
    pub fn shown(&self, number: f64) -> String {
        match self.unit() {
            Unit::PerSecond => format!("{}/s", short(number)),
            Unit::None => short(number),
            unit => unit.text(number),
        }
    }

    /// What the reading shows, with its unit.
    pub fn value(&self, value: Value) -> String {
        match value {
            Value::None => "nothing to measure".to_owned(),
            Value::Word(word) => word.to_owned(),
            Value::Number(number) if self.spec.kind == Quantity::Total => format!("{} more", short(number)),
            Value::Number(number) => self.shown(number),
        }
    }

    /// An answer with the bounds by which it is judged: `higher than now: above 77/s`.
    pub fn say(&self, answer: Answer) -> String {
        let now = self.now.number().unwrap_or(0.0);
        let (low, high) = self.range(now);
        let (low, high) = (self.shown(low), self.shown(high));
        match answer {
            Answer::Number(number) => {
                let (low, high) = self.range(number);
                let more = if self.spec.kind == Quantity::Total { " more" } else { "" };
                format!("{}{more} ({} to {})", self.shown(number), self.shown(low), self.shown(high))
            }
            Answer::Higher => format!("higher than now: above {high}"),
            Answer::Same => format!("about the same: {low} to {high}"),
            Answer::Lower if matches!(self.spec.kind, Quantity::PerSecond(_)) => {
                format!("lower: below {low}, or nothing to measure")
            }
            Answer::Lower => format!("lower than now: below {low}"),
            Answer::Word(word) => word.to_owned(),
            Answer::Comes if self.spec.kind == Quantity::Moment => "yes, it comes".to_owned(),
            Answer::ComesNot if self.spec.kind == Quantity::Moment => "no, not by then".to_owned(),
            Answer::Comes => "there is a value then".to_owned(),
            Answer::ComesNot => "still nothing to measure".to_owned(),
            Answer::Grows => format!("it grows beyond {}", short(now)),
            Answer::Stays => format!("it stays at {}", short(now)),
        }
    }

    /// The one word by which an answer is typed and recorded.
    pub const fn word(answer: Answer) -> &'static str {
        match answer {
            Answer::Number(_) => "number",
            Answer::Higher => "higher",
            Answer::Same => "same",
            Answer::Lower => "lower",
            Answer::Word(word) => word,
            Answer::Comes => "yes",
            Answer::ComesNot => "no",
            Answer::Grows => "grows",
            Answer::Stays => "stays",
        }
    }

    /// Reads an answer as it is typed: one of the words, or a number with or without its unit. The error is a sentence.
    pub fn read(&self, text: &str) -> Result<Answer, String> {
        let text = text.trim().to_lowercase();
        if let Some(found) = self.answers().into_iter().find(|answer| Self::word(*answer) == text) {
            return Ok(found);
        }
        if self.takes_number() {
            if let Some(number) = self.number(&text) {
                return Ok(Answer::Number(number));
            }
            return Err(format!("\"{text}\" is no number such as {}.", self.example()));
        }
        let words: Vec<&str> = self.answers().into_iter().map(Self::word).collect();
        Err(format!("\"{text}\" is none of {}.", words.join(", ")))
    }

    /// A number as it may be typed.
    pub fn example(&self) -> String {
        match self.unit() {
            Unit::Seconds => "250ms or 1.5s".to_owned(),
            Unit::PerSecond => "60 or 60/s".to_owned(),
            _ if is_share(self.spec) => "0.4 or 40%".to_owned(),
            _ => "12 or 1.5k".to_owned(),
        }
    }

    fn number(&self, text: &str) -> Option<f64> {
        let text = text.trim_start_matches('+').replace(' ', "");
        // By division where it is a part, which rounds as the typed decimal would.
        let ends: &[(&str, f64, f64)] = match self.unit() {
            Unit::Seconds => &[("ms", 1.0, 1e3), ("us", 1.0, 1e6), ("s", 1.0, 1.0)],
            Unit::PerSecond => &[("k/s", 1e3, 1.0), ("/s", 1.0, 1.0), ("k", 1e3, 1.0), ("m", 1e6, 1.0)],
            _ if is_share(self.spec) => &[("%", 1.0, 1e2)],
            _ => &[("k", 1e3, 1.0), ("m", 1e6, 1.0)],
        };
        let (digits, times, parts) = ends
            .iter()
            .find_map(|(end, times, parts)| Some((text.strip_suffix(end)?, *times, *parts)))
            .unwrap_or((text.as_str(), 1.0, 1.0));
        // `inf`, `nan` and `1e9` are no numbers that a reading shows.
        let plain = digits.chars().all(|c| c.is_ascii_digit() || c == '.');
        let number = digits.parse::<f64>().ok().filter(|_| plain)? * times / parts;
        (number.is_finite() && number <= 1e12).then_some(number)
    }

    /// What the reading came to in a run that stands at the moment; of a total, by how much it grew.
    pub fn came(&self, lab: &dyn Lab) -> Value {
        match (self.spec.kind, lab.reading(self.index), self.now) {
            (Quantity::Total, Value::Number(then), now) => Value::Number(then - now.number().unwrap_or(0.0)),
            (_, value, _) => value,
        }
    }

    /// Whether an answer is right, given what came. None if that decides nothing: a level that is not measured any more.
    pub fn judge(&self, answer: Answer, came: Value) -> Option<bool> {
        let now = self.now.number().unwrap_or(0.0);
        let within = |centre: f64, x: f64| {
            let (low, high) = self.range(centre);
            (low..=high).contains(&x)
        };
        // Without any answer there is no latency: that a run stalls is what such a bet is about.
        let stalls = matches!(self.spec.kind, Quantity::PerSecond(_));
        Some(match (answer, came) {
            (Answer::Comes, came) => came != Value::None,
            (Answer::ComesNot, came) => came == Value::None,
            (answer, Value::None) if stalls => answer == Answer::Lower,
            (_, Value::None) => return None,
            (Answer::Number(said), Value::Number(x)) => within(said, x),
            (Answer::Higher, Value::Number(x)) => x > self.range(now).1,
            (Answer::Same, Value::Number(x)) => within(now, x),
            (Answer::Lower, Value::Number(x)) => x < self.range(now).0,
            (Answer::Word(said), Value::Word(word)) => said == word,
            (Answer::Grows, Value::Number(grown)) => grown > 0.0,
            (Answer::Stays, Value::Number(grown)) => grown <= 0.0,
            _ => false,
        })
    }

    /// What came, in a sentence: `At t 25 s ok_per_s came to 71/s.`
    pub fn told(&self, came: Value) -> String {
        let mut told = format!("At t {} s ", short_time(self.at));
        let _ = match (self.spec.kind, came) {
            (Quantity::Moment, Value::None) => write!(told, "{} had not come.", self.spec.name),
            (Quantity::Moment, came) => {
                write!(told, "{} had come, at {}.", self.spec.name, self.value(came))
            }
            (Quantity::Total, Value::Number(grown)) => {
                write!(told, "{} had grown by {}.", self.spec.name, short(grown))
            }
            (_, Value::None) => write!(told, "{} had nothing to measure.", self.spec.name),
            (_, came) => write!(told, "{} came to {}.", self.spec.name, self.value(came)),
        };
        told
    }
}

/// Whether a reading is a part of one: then one more or less would be everything.
fn is_share(spec: &ReadingSpec) -> bool {
    let any = |words: &[&str]| words.iter().any(|word| spec.name.contains(word));
    spec.unit() == "%"
        || matches!(spec.kind, Quantity::Level("") | Quantity::PerSecond(""))
            && any(&["fail_rate", "slow_rate", "utilisation", "share", "ratio"])
}

/// A run as it began, in a line: what bets are known by from one session to the next.
pub fn record_line(origin: &Scenario, seed: u64) -> String {
    narrate::scenario(&origin.with_seed(seed))
}

/// Says that a bet is practice, since the run was watched up to `seen` already.
pub fn practice(seen: Time) -> String {
    format!(
        "You have seen this run up to t {} s on this seed, so this is practice: it is not recorded.",
        short_time(seen)
    )
}

/// The readings in the order in which a bet offers them: `first`, those of the strips, then all others; without those that
/// can't change any more.
pub fn offered(lab: &dyn Lab, first: Option<usize>) -> Vec<usize> {
    let strips = lab.spec().strips.iter().filter_map(|(_, name)| lab.find_reading(name));
    let all = first.into_iter().chain(strips).chain(0..lab.spec().readings.len());
    let mut found: Vec<usize> = Vec::new();
    for index in all {
        if !found.contains(&index) && Question::of(lab, index, HORIZONS[0]).is_ok() {
            found.push(index);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::catalogue;
    use crate::labs::scenario::Scenario;

    fn lab(name: &str, secs: u64) -> Box<dyn Lab> {
        Scenario::first(catalogue::find(name).unwrap()).run(Time::from_secs(secs))
    }

    fn ask(lab: &dyn Lab, name: &str) -> Question {
        Question::of(lab, lab.find_reading(name).unwrap(), 10).unwrap()
    }

    #[test]
    fn the_moment_is_a_whole_second_at_least_as_far_ahead() {
        let mut lab = lab("server", 3);
        assert_eq!(ask(&*lab, "queue").at, Time::from_secs(13));
        lab.advance(Time::from_millis(3500), u64::MAX);
        let question = ask(&*lab, "queue");
        assert_eq!(question.at, Time::from_secs(14));
        assert_eq!(question.text(), "What will queue be in 10 s, at t 14 s?");
    }

    #[test]
    fn a_number_is_right_within_a_tenth_or_what_is_little_in_its_unit() {
        let lab = lab("server", 3);
        let rate = ask(&*lab, "done_per_s");
        assert_eq!((rate.range(60.0), rate.range(2.0)), ((54.0, 66.0), (1.0, 3.0)));
        assert_eq!(rate.rule(), "within 10 % or 1, whichever is wider");
        for (came, right) in [(54.0, true), (66.0, true), (53.9, false), (66.1, false)] {
            assert_eq!(rate.judge(Answer::Number(60.0), Value::Number(came)), Some(right), "{came}");
        }
        assert_eq!(rate.judge(Answer::Number(60.0), Value::None), None);
        let p99 = ask(&*lab, "p99_s");
        assert_eq!(p99.judge(Answer::Number(0.4), Value::None), Some(false));
        assert_eq!(p99.judge(Answer::Lower, Value::None), Some(true));
        let seconds = ask(&*lab, "p99_s");
        assert_eq!(seconds.say(Answer::Number(0.4)), "400 ms (360 ms to 440 ms)");
        assert_eq!(seconds.range(0.02), (0.01, 0.03));
        let (low, high) = ask(&*lab, "utilisation").range(0.2);
        assert!((low - 0.15).abs() < 1e-9 && (high - 0.25).abs() < 1e-9, "five points, not one whole");
    }

    #[test]
    fn numbers_are_typed_with_or_without_their_unit() {
        let lab = lab("server", 3);
        let read = |name: &str, text: &str| ask(&*lab, name).read(text);
        assert_eq!(read("done_per_s", "60"), Ok(Answer::Number(60.0)));
        assert_eq!(read("done_per_s", "60/s"), Ok(Answer::Number(60.0)));
        assert_eq!(read("p99_s", "410ms"), Ok(Answer::Number(0.41)));
        assert_eq!(read("p99_s", "0.5 s"), Ok(Answer::Number(0.5)));
        assert_eq!(read("utilisation", "40%"), Ok(Answer::Number(0.4)));
        assert_eq!(read("queue", "higher"), Ok(Answer::Higher));
        assert_eq!(read("queue", "1.5k"), Ok(Answer::Number(1500.0)));
        for wrong in ["", "inf", "nan", "-5", "1e400", "many"] {
            assert!(read("queue", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn exactly_one_outcome_is_right_whatever_comes() {
        let lab = lab("breaker", 3);
        let nothing = [Value::None];
        for index in offered(&*lab, None) {
            let question = Question::of(&*lab, index, 10).unwrap();
            let now = question.now.number().unwrap_or(0.0);
            let mut may_come: Vec<Value> =
                [0.0, now, now * 1.05, now * 0.5, now * 2.0 + 9.0].map(Value::Number).to_vec();
            match question.spec.kind {
                Quantity::State(words) => may_come = words.iter().copied().map(Value::Word).collect(),
                Quantity::PerSecond(_) | Quantity::Moment => may_come.extend(nothing),
                _ => {}
            }
            let answers = question.answers();
            if answers.is_empty() {
                assert!(question.takes_number());
                continue;
            }
            for came in may_come {
                let right =
                    answers.iter().filter(|answer| question.judge(**answer, came) == Some(true)).count();
                assert_eq!(right, 1, "{} now {:?}, came {came:?}", question.spec.name, question.now);
            }
        }
    }

    #[test]
    fn a_total_is_bet_on_by_how_much_it_grows() {
        let mut lab = lab("server", 3);
        let question = ask(&*lab, "arrivals");
        let before = lab.read("arrivals").number().unwrap();
        lab.advance(question.at, u64::MAX);
        let grown = lab.read("arrivals").number().unwrap() - before;
        assert_eq!(question.came(&*lab), Value::Number(grown));
        assert_eq!(question.judge(Answer::Number(grown), Value::Number(grown)), Some(true));
        assert_eq!(question.judge(Answer::Grows, Value::Number(grown)), Some(true));
    }

    #[test]
    fn states_are_chosen_from_their_words_and_what_has_come_is_no_question() {
        let mut lab = lab("breaker", 3);
        let state = ask(&*lab, "breaker");
        assert!(state.answers().contains(&Answer::Word("open")) && !state.takes_number());
        assert!(state.read("opened").unwrap_err().contains("half-open"));
        let first = lab.find_reading("first_open_s").unwrap();
        assert_eq!(ask(&*lab, "first_open_s").answers(), [Answer::Comes, Answer::ComesNot]);
        lab.act_on("hang payments").unwrap();
        lab.advance(Time::from_secs(60), u64::MAX);
        if lab.reading(first) != Value::None {
            assert!(Question::of(&*lab, first, 10).is_err());
            assert!(!offered(&*lab, None).contains(&first));
        }
    }

    #[test]
    fn the_chosen_reading_is_offered_first_then_the_strips() {
        let lab = lab("server", 3);
        let names: Vec<&str> =
            offered(&*lab, Some(3)).into_iter().map(|i| lab.spec().readings[i].name).collect();
        assert_eq!(names[..4], ["queue", "done_per_s", "p99_s", "busy"]);
        assert_eq!(names.len(), lab.spec().readings.len());
    }
}
