//! The vocabulary of faults, the same in files, commands and keys:
//! `TIME VERB [TARGET] [xN | P% | by D] [first N] [for D]`.

mod route;
mod vocabulary;

use std::fmt;

pub use self::route::{Ends, Route, Target};
pub use self::vocabulary::Vocabulary;
use super::knob::Value;
use crate::engine::run::Entry;
use crate::engine::time::{Span, Time};

/// What can be done to a part of a lab. One word, one meaning, in every lab.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Verb {
    /// Stops at once and loses what it was doing.
    Crash,
    /// Starts again after a crash.
    Restart,
    /// Ends in good order: hands over what it holds, then is down.
    Stop,
    /// Loses what is on its disk; one that runs crashes first.
    Wipe,
    /// Stops without losing anything; goes on when healed.
    Pause,
    /// Cuts the network: around nodes, between two, or one way.
    Cut,
    /// Loses a message that is on its way.
    Drop,
    /// Doubles a message that is on its way.
    Duplicate,
    /// Lets a message that is on its way arrive later.
    Delay,
    /// Lets a message that is on its way arrive now.
    Deliver,
    /// Lets a clock run faster or slower than time.
    Skew,
    /// Sets a clock forward.
    Jump,
    /// Lets a timer run out now.
    Fire,
    /// Begins a new round for its value.
    Propose,
    /// Sends a write to it.
    Write,
    /// Sends a read to it.
    Read,
    /// Takes requests and never answers.
    Hang,
    /// Works, but takes longer.
    Slow,
    /// Answers with an error.
    Error,
    /// Works and fails by turns.
    Flap,
    /// Sends requests that are refused as malformed.
    Flood,
    /// Sends more traffic than usual, or less.
    Burst,
    /// Turns a share of the calls away at once.
    Shed,
    /// Throws away what waits.
    Drain,
    /// What runs beside the work gets no time: watchdogs, renewals, heartbeats.
    Starve,
    /// Lets a replica take over.
    Promote,
    /// Ends every fault of the target.
    Heal,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Self; 27] = [
        Self::Crash,
        Self::Restart,
        Self::Stop,
        Self::Wipe,
        Self::Pause,
        Self::Cut,
        Self::Drop,
        Self::Duplicate,
        Self::Delay,
        Self::Deliver,
        Self::Skew,
        Self::Jump,
        Self::Fire,
        Self::Propose,
        Self::Write,
        Self::Read,
        Self::Hang,
        Self::Slow,
        Self::Error,
        Self::Flap,
        Self::Flood,
        Self::Burst,
        Self::Shed,
        Self::Drain,
        Self::Starve,
        Self::Promote,
        Self::Heal,
    ];

    /// Whether it is done in an instant, so that nothing goes on that could end.
    pub const fn is_instant(self) -> bool {
        !matches!(
            self,
            Self::Crash
                | Self::Stop
                | Self::Pause
                | Self::Cut
                | Self::Skew
                | Self::Hang
                | Self::Slow
                | Self::Error
                | Self::Flap
                | Self::Flood
                | Self::Burst
                | Self::Shed
                | Self::Starve
        )
    }

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Crash => "crash",
            Self::Restart => "restart",
            Self::Stop => "stop",
            Self::Wipe => "wipe",
            Self::Pause => "pause",
            Self::Cut => "cut",
            Self::Drop => "drop",
            Self::Duplicate => "duplicate",
            Self::Delay => "delay",
            Self::Deliver => "deliver",
            Self::Skew => "skew",
            Self::Jump => "jump",
            Self::Fire => "fire",
            Self::Propose => "propose",
            Self::Write => "write",
            Self::Read => "read",
            Self::Hang => "hang",
            Self::Slow => "slow",
            Self::Error => "error",
            Self::Flap => "flap",
            Self::Flood => "flood",
            Self::Burst => "burst",
            Self::Shed => "shed",
            Self::Drain => "drain",
            Self::Starve => "starve",
            Self::Promote => "promote",
            Self::Heal => "heal",
        }
    }
}

/// A fault that a lab knows, as its specification lists it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct FaultSpec {
    /// What is done.
    pub verb: Verb,
    /// To which kinds of parts it can be done. The first part of the first kind is meant where none is named.
    pub targets: &'static [&'static str],
    /// Which amount it takes.
    pub amount: Takes,
    /// One line of meaning.
    pub meaning: &'static str,
}

impl FaultSpec {
    /// `verb`, done to parts of these kinds.
    pub const fn new(
        verb: Verb,
        targets: &'static [&'static str],
        amount: Takes,
        meaning: &'static str,
    ) -> Self {
        Self { verb, targets, amount, meaning }
    }

    /// The names that it can be aimed at among `parts`; of ways and messages, one as an example.
    pub fn aims<'a>(&self, parts: &'a [Target]) -> Vec<&'a str> {
        let fits = parts.iter().filter(|part| self.targets.contains(&part.kind));
        let mut names: Vec<&str> = fits.map(|part| part.name.as_str()).collect();
        if self.targets.contains(&Target::LINK) {
            names.extend(
                ["S1-S2", "S1>S2", "S1,S2"].into_iter().filter(|way| Route::read(way, parts).is_some()),
            );
        }
        if self.targets.contains(&Target::MESSAGE) {
            names.push("m17");
        }
        names
    }
}

/// Which amount a fault takes.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Takes {
    /// None.
    Nothing,
    /// A factor such as `x5`; the number is used where none is given.
    Factor(f64),
    /// A share of the calls such as `50%`, `first N` calls, or all of them if neither is given.
    Share,
    /// How much later or forward, as in `by 50ms`; this span is used where none is given.
    By(Span),
}

/// A fault that is done, or will be.
#[derive(Clone, PartialEq, Debug)]
pub struct Fault {
    /// What is done.
    pub verb: Verb,
    /// To what.
    pub target: String,
    /// `xN`, or the fault's own default.
    pub factor: f64,
    /// `P%`, 1 if it was not given.
    pub share: f64,
    /// `by D`, or the fault's own default; zero where it takes none.
    pub by: Span,
    /// `first N`.
    pub first: Option<u64>,
    /// `for D`.
    pub lasts: Option<Span>,
}

impl Fault {
    /// `verb`, done to `target` as it is said for short, where it takes no amount.
    pub fn plain(verb: Verb, target: impl Into<String>) -> Self {
        let target = target.into();
        Self { verb, target, factor: 1.0, share: 1.0, by: Span::ZERO, first: None, lasts: None }
    }
}

/// What can be done to a running lab.
#[derive(Clone, PartialEq, Debug)]
pub enum Act {
    /// A fault.
    Fault(Fault),
    /// A live knob, by its index, is set to a value.
    Set(usize, &'static str, Value),
}

/// As it is typed, without the time: `error payments 50% for 10s`.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.verb.word(), self.target)?;
        #[expect(clippy::float_cmp, reason = "1 is what stands for no factor")]
        if matches!(self.verb, Verb::Slow | Verb::Burst | Verb::Flood | Verb::Skew) || self.factor != 1.0 {
            write!(f, " x{}", self.factor)?;
        }
        if self.share < 1.0 {
            write!(f, " {}", Value::Share(self.share))?;
        }
        if self.by > Span::ZERO {
            write!(f, " by {}", self.by)?;
        }
        if let Some(n) = self.first {
            write!(f, " first {n}")?;
        }
        if let Some(span) = self.lasts {
            write!(f, " for {span}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fault(fault) => fault.fmt(f),
            Self::Set(_, name, value) => write!(f, "set {name} {value}"),
        }
    }
}

/// A sentence with its time: `20s hang payments for 10s`, and `20s+3 …` after the third event of that instant.
pub fn timed(entry: &Entry<Act>) -> String {
    let at = entry.at.since(Time::ZERO);
    match entry.n {
        0 => format!("{at} {}", entry.act),
        n => format!("{at}+{n} {}", entry.act),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::catalogue::find;
    use crate::labs::scenario::Scenario;
    use crate::labs::text::Misread;

    fn read(sentence: &str) -> Result<Entry<Act>, Misread> {
        let scenario = Scenario::first(find("breaker").unwrap());
        let parts = (scenario.lab.parts)(&scenario.knobs);
        Vocabulary { faults: scenario.lab.spec.faults, parts: &parts, knobs: &scenario.knobs }
            .read_timed(sentence)
    }

    #[test]
    fn sentences_read_back_as_they_print() {
        for sentence in [
            "20s hang payments for 10s",
            "1.5s slow shard-3 x5 for 20s",
            "0s error payments 50% for 2s",
            "5s error shard-1 first 5",
            "3s burst users x0.03",
            "9s crash A",
            "30s heal all",
            "12s set call_timeout 500ms",
            "12.000000001s+7 crash A",
        ] {
            let entry = read(sentence).unwrap_or_else(|err| panic!("{sentence}: {err}"));
            assert_eq!(timed(&entry), sentence);
        }
    }

    #[test]
    fn what_is_left_out_has_its_usual_value() {
        let Act::Fault(slow) = read("1s slow payments").unwrap().act else { panic!() };
        assert_eq!((slow.factor, slow.lasts), (5.0, None));
        let Act::Fault(hang) = read("1s hang").unwrap().act else { panic!() };
        assert_eq!(hang.target, "payments");
    }

    /// The words at fault, the message and the help.
    fn misread(sentence: &str) -> (&str, String, String) {
        let err = read(sentence).unwrap_err();
        (&sentence[err.at], err.message, err.help.unwrap_or_default())
    }

    #[test]
    fn an_error_points_at_its_word_and_says_what_was_expected() {
        assert_eq!(
            misread("20s hagn payments"),
            ("hagn", "this lab does not know the fault `hagn`".into(), "did you mean `hang`?".into())
        );
        assert_eq!(
            misread("20s hang shard3"),
            ("shard3", "there is no `shard3` to hang".into(), "did you mean `shard-3`?".into())
        );
        assert_eq!(misread("soon hang").0, "soon");
        assert_eq!(misread("20s hang payments for ever").0, "ever");
        assert_eq!(misread("20s error payments 150%").1, "`150%` is not understood here");
        assert_eq!(misread("20s hang payments x5").1, "`hang` takes no factor");
        assert_eq!(misread("20s burst users 50%").1, "`burst` takes no share");
        assert_eq!(misread("20s set call_timeuot 1s").2, "did you mean `call_timeout`?");
        assert_eq!(misread("20s set callers 5").1, "`callers` cannot change while the lab runs");
        assert_eq!(misread("20s").1, "a verb is missing");
        assert_eq!(misread("").1, "an empty sentence");
    }
}
