//! Fault sentences, read; an error points at its word.

use std::ops::Range;

use super::{Act, Fault, FaultSpec, Takes, Target};
use crate::engine::run::{By, Entry};
use crate::engine::time::{Span, Time};
use crate::labs::knob::{Effect, Knobs};
use crate::labs::text::{Misread, nearest, words};

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
        let fits = |spec: &FaultSpec, kind: &str| spec.targets.contains(&kind);
        // With one possible target, the target may be left out.
        let named = words.first().filter(|(_, word)| !is_amount(word));
        let (spec, target, rest) = if let Some((range, name)) = named {
            let kind = Target::kind_of(name, self.parts);
            let Some(spec) = kind.and_then(|kind| specs.iter().find(|spec| fits(spec, kind))) else {
                return Err(self.no_such_target(specs, range.clone(), name));
            };
            (*spec, (*name).to_string(), &words[1..])
        } else {
            let spec = specs[0];
            let first = self.parts.iter().find(|part| spec.targets.first() == Some(&part.kind));
            if first.is_none() {
                let at = words.first().map_or(sentence.len()..sentence.len(), |(at, _)| at.clone());
                return Err(self.no_such_target(specs, at, ""));
            }
            (spec, first.map(|part| part.name.clone()).unwrap_or_default(), words)
        };
        read_amounts(spec, target, sentence, rest)
    }

    fn no_such_target(&self, specs: &[FaultSpec], at: Range<usize>, name: &str) -> Misread {
        let fits = |part: &&Target| specs.iter().any(|spec| spec.targets.contains(&part.kind));
        let names: Vec<&str> = self.parts.iter().filter(fits).map(|part| part.name.as_str()).collect();
        let verb = specs[0].verb.word();
        let kinds = || specs.iter().flat_map(|spec| spec.targets);
        let help = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if kinds().any(|kind| *kind == Target::MESSAGE) => {
                format!("`{verb}` takes a message by its number, such as m17")
            }
            None if kinds().any(|kind| *kind == Target::LINK) && names.len() > 1 => {
                let (a, b) = (names[0], names[1]);
                format!(
                    "`{verb}` takes {}, a way such as {a}-{b} or {a}>{b}, or several: {a},{b}",
                    few(&names)
                )
            }
            None => format!("`{verb}` takes one of: {}", few(&names)),
        };
        let message = if name.is_empty() {
            format!("`{verb}` needs to know what")
        } else {
            format!("there is no `{name}` to {verb}")
        };
        Misread { at, message, help: Some(help) }
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

const SHAPE: &str =
    "write TIME VERB [TARGET] [xN | P% | by D] [first N] [for D], as in `20s hang payments for 10s`";

/// Whether a word cannot be a target.
fn is_amount(word: &str) -> bool {
    ["for", "first", "by"].contains(&word) || word.ends_with('%') || factor(word).is_some()
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
    let by = if let Takes::By(default) = spec.amount { default } else { Span::ZERO };
    let mut fault =
        Fault { verb: spec.verb, target, factor: default, share: 1.0, by, first: None, lasts: None };
    let refuse = |at: &Range<usize>, message: String| {
        Err(Misread { at: at.clone(), message, help: Some(SHAPE.into()) })
    };
    let mut words = words.iter();
    while let Some((at, word)) = words.next() {
        match *word {
            "for" | "first" | "by" => {
                let end = sentence.len()..sentence.len();
                let (at, amount) = words.next().map_or((end, ""), |(at, amount)| (at.clone(), *amount));
                if *word == "for" {
                    match amount.parse() {
                        Ok(span) => fault.lasts = Some(span),
                        Err(_) => {
                            return refuse(&at, format!("`for` takes a time such as 10s, not `{amount}`"));
                        }
                    }
                } else if *word == "by" {
                    match (amount.parse(), spec.amount) {
                        (Ok(span), Takes::By(_)) => fault.by = span,
                        (Ok(_), _) => return refuse(&at, format!("`{}` takes no `by`", spec.verb.word())),
                        (Err(_), _) => {
                            return refuse(&at, format!("`by` takes a time such as 50ms, not `{amount}`"));
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
