//! The vocabulary of faults, the same in files, commands and keys: `TIME VERB [TARGET] [xN | P%] [first N] [for D]`.

use std::fmt;
use std::ops::Range;

use super::knob::{Effect, Knobs, Value};
use super::text::{Misread, nearest, words};
use crate::engine::run::{By, Entry};
use crate::engine::time::{Span, Time};

/// What can be done to a part of a lab. One word, one meaning, in every lab.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Verb {
    /// Stops at once and loses what it was doing.
    Crash,
    /// Starts again after a crash.
    Restart,
    /// Stops without losing anything; goes on when healed.
    Pause,
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
    /// Ends every fault of the target.
    Heal,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Self; 12] = [
        Self::Crash,
        Self::Restart,
        Self::Pause,
        Self::Hang,
        Self::Slow,
        Self::Error,
        Self::Flap,
        Self::Flood,
        Self::Burst,
        Self::Shed,
        Self::Drain,
        Self::Heal,
    ];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Crash => "crash",
            Self::Restart => "restart",
            Self::Pause => "pause",
            Self::Hang => "hang",
            Self::Slow => "slow",
            Self::Error => "error",
            Self::Flap => "flap",
            Self::Flood => "flood",
            Self::Burst => "burst",
            Self::Shed => "shed",
            Self::Drain => "drain",
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
}

/// A part that faults can aim at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// Its name: `shard-3`.
    pub name: String,
    /// Its kind, as [`FaultSpec::targets`] lists it: `shard`.
    pub kind: &'static str,
}

impl Target {
    /// The part `name` of kind `kind`.
    pub fn new(name: impl Into<String>, kind: &'static str) -> Self {
        Self { name: name.into(), kind }
    }
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
    /// `first N`.
    pub first: Option<u64>,
    /// `for D`.
    pub lasts: Option<Span>,
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
        if matches!(self.verb, Verb::Slow | Verb::Burst | Verb::Flood) || self.factor != 1.0 {
            write!(f, " x{}", self.factor)?;
        }
        if self.share < 1.0 {
            write!(f, " {}", Value::Share(self.share))?;
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

/// What a sentence may name: the faults and targets of a lab as it is set up, and its knobs.
#[derive(Clone, Copy)]
pub struct Vocabulary<'a> {
    /// The faults that the lab knows.
    pub faults: &'static [FaultSpec],
    /// The parts of the lab as it is set up: `payments`, `shard-1` … `A`.
    pub parts: &'a [Target],
    /// The knobs in force.
    pub knobs: &'a Knobs,
}

impl Vocabulary<'_> {
    /// Reads a sentence with its time: `20s hang payments for 10s`.
    ///
    /// A time may name its place among the events of that instant: `20s+3` is after the third of them.
    pub fn read_timed(&self, sentence: &str) -> Result<Entry<Act>, Misread> {
        let words = words(sentence);
        let Some((range, first)) = words.first() else {
            return Err(Misread::whole(sentence, "an empty sentence".into(), Some(SHAPE.into())));
        };
        let (time, n) = first.split_once('+').unwrap_or((first, "0"));
        let (Ok(at), Ok(n)) = (time.parse::<Span>(), n.parse()) else {
            return Err(Misread {
                at: range.clone(),
                message: format!("a sentence begins with its time, not with `{first}`"),
                help: Some(SHAPE.into()),
            });
        };
        let act = self.read_words(sentence, &words[1..])?;
        Ok(Entry { at: Time::ZERO + at, n, act, by: By::Script })
    }

    /// Reads a sentence without a time: `hang payments for 10s`.
    pub fn read(&self, sentence: &str) -> Result<Act, Misread> {
        self.read_words(sentence, &words(sentence))
    }

    /// Reads a sentence that is to be done now; of one that begins with a time, as those in files do, it says so.
    pub fn read_now(&self, sentence: &str) -> Result<Act, Misread> {
        self.read(sentence).map_err(|misread| {
            let first = sentence.split_whitespace().next();
            if first.is_none_or(|word| word.parse::<Span>().is_err()) {
                return misread;
            }
            let message = "a sentence typed here begins with what is done".to_owned();
            let help = Some("leave the time out: it is done now".to_owned());
            Misread { message, help, ..misread }
        })
    }

    fn read_words(&self, sentence: &str, words: &[(Range<usize>, &str)]) -> Result<Act, Misread> {
        let Some(((range, verb), rest)) = words.split_first() else {
            let end = sentence.len()..sentence.len();
            return Err(Misread { at: end, message: "a verb is missing".into(), help: Some(self.verbs()) });
        };
        if *verb == "set" {
            return self.read_set(sentence, rest);
        }
        let known = self.faults.iter().filter(|spec| spec.verb.word() == *verb);
        if known.clone().next().is_none() {
            let near = nearest(verb, self.faults.iter().map(|spec| spec.verb.word()));
            let help = near.map_or_else(|| self.verbs(), |near| format!("did you mean `{near}`?"));
            return Err(Misread {
                at: range.clone(),
                message: format!("this lab does not know the fault `{verb}`"),
                help: Some(help),
            });
        }
        self.read_fault(&known.copied().collect::<Vec<_>>(), sentence, rest).map(Act::Fault)
    }

    fn read_fault(
        &self,
        specs: &[FaultSpec],
        sentence: &str,
        words: &[(Range<usize>, &str)],
    ) -> Result<Fault, Misread> {
        let fits = |spec: &FaultSpec, part: &Target| spec.targets.contains(&part.kind);
        // With one possible target, the target may be left out.
        let named = words.first().filter(|(_, word)| !is_amount(word));
        let (spec, target, rest) = if let Some((range, name)) = named {
            let part = self.parts.iter().find(|part| part.name == *name);
            let Some(spec) = part.and_then(|part| specs.iter().find(|spec| fits(spec, part))) else {
                return Err(self.no_such_target(specs, range.clone(), name));
            };
            (*spec, (*name).to_string(), &words[1..])
        } else {
            let spec = specs[0];
            let first = self.parts.iter().find(|part| spec.targets.first() == Some(&part.kind));
            (spec, first.map(|part| part.name.clone()).unwrap_or_default(), words)
        };
        read_amounts(spec, target, sentence, rest)
    }

    fn no_such_target(&self, specs: &[FaultSpec], at: Range<usize>, name: &str) -> Misread {
        let fits = |part: &&Target| specs.iter().any(|spec| spec.targets.contains(&part.kind));
        let names: Vec<&str> = self.parts.iter().filter(fits).map(|part| part.name.as_str()).collect();
        let verb = specs[0].verb.word();
        let help = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("`{verb}` takes one of: {}", few(&names)),
        };
        Misread { at, message: format!("there is no `{name}` to {verb}"), help: Some(help) }
    }

    fn read_set(&self, sentence: &str, words: &[(Range<usize>, &str)]) -> Result<Act, Misread> {
        let [(name_at, name), (value_at, value)] = words else {
            let message = "`set` takes a knob and a value: set call_timeout 500ms".into();
            return Err(Misread::whole(sentence, message, None));
        };
        let (index, knob) = self.knobs.find(name).map_err(|err| err.shifted(name_at.start))?;
        if knob.effect == Effect::Restart {
            return Err(Misread {
                at: name_at.clone(),
                message: format!("`{name}` cannot change while the lab runs"),
                help: Some("set it before the run starts".into()),
            });
        }
        let value = knob.read(value).map_err(|err| err.shifted(value_at.start))?;
        Ok(Act::Set(index, knob.name, value))
    }

    fn verbs(&self) -> String {
        let mut verbs: Vec<&str> = self.faults.iter().map(|spec| spec.verb.word()).collect();
        verbs.dedup();
        format!("this lab knows: {}, set", verbs.join(", "))
    }
}

const SHAPE: &str = "write TIME VERB [TARGET] [xN | P%] [first N] [for D], as in `20s hang payments for 10s`";

/// Whether a word cannot be a target.
fn is_amount(word: &str) -> bool {
    word == "for" || word == "first" || word.ends_with('%') || factor(word).is_some()
}

fn factor(word: &str) -> Option<f64> {
    word.strip_prefix('x')
        .and_then(|n| n.parse().ok())
        .filter(|x: &f64| x.is_finite() && (0.0..=1e6).contains(x))
}

/// A list of names that stays one line.
fn few(names: &[&str]) -> String {
    match names.len() {
        0..=8 => names.join(", "),
        n => format!("{}, and {} more", names[..8].join(", "), n - 8),
    }
}

fn read_amounts(
    spec: FaultSpec,
    target: String,
    sentence: &str,
    words: &[(Range<usize>, &str)],
) -> Result<Fault, Misread> {
    let default = if let Takes::Factor(default) = spec.amount { default } else { 1.0 };
    let mut fault = Fault { verb: spec.verb, target, factor: default, share: 1.0, first: None, lasts: None };
    let refuse = |at: &Range<usize>, message: String| {
        Err(Misread { at: at.clone(), message, help: Some(SHAPE.into()) })
    };
    let mut words = words.iter();
    while let Some((at, word)) = words.next() {
        match *word {
            "for" | "first" => {
                let end = sentence.len()..sentence.len();
                let (at, amount) = words.next().map_or((end, ""), |(at, amount)| (at.clone(), *amount));
                if *word == "for" {
                    match amount.parse() {
                        Ok(span) => fault.lasts = Some(span),
                        Err(_) => {
                            return refuse(&at, format!("`for` takes a time such as 10s, not `{amount}`"));
                        }
                    }
                } else {
                    match (amount.parse(), spec.amount) {
                        (Ok(n), Takes::Share) => fault.first = Some(n),
                        (Ok(_), _) => return refuse(&at, format!("`{}` takes no `first`", spec.verb.word())),
                        (Err(_), _) => {
                            return refuse(&at, format!("`first` takes a number of calls, not `{amount}`"));
                        }
                    }
                }
            }
            _ => match (factor(word), share(word), spec.amount) {
                (Some(x), _, Takes::Factor(_)) => fault.factor = x,
                (_, Some(x), Takes::Share) => fault.share = x,
                (Some(_), ..) => return refuse(at, format!("`{}` takes no factor", spec.verb.word())),
                (_, Some(_), _) => return refuse(at, format!("`{}` takes no share", spec.verb.word())),
                _ => return refuse(at, format!("`{word}` is not understood here")),
            },
        }
    }
    Ok(fault)
}

fn share(word: &str) -> Option<f64> {
    let percent: f64 = word.strip_suffix('%')?.parse().ok()?;
    (0.0..=100.0).contains(&percent).then_some(percent / 100.0)
}

#[cfg(test)]
mod tests {
    use crate::labs::catalogue::find;
    use crate::labs::scenario::Scenario;

    use super::*;

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
