//! The line of a run: written, and read from whoever pasted it. Every error points at its word.

use std::fmt::Write;
use std::ops::Range;

use super::{FORMAT, LONGEST_RUN, MOST_ACTS, Recording};
use crate::engine::run::By;
use crate::engine::time::{Span, Time};
use crate::labs::narrate;
use crate::labs::scenario::{Field, Refusal, Scenario, Wanted};
use crate::labs::text::{Misread, words};

/// The longest line that is read, in bytes.
const LONGEST: usize = 1_000_000;
/// The most errors that are told.
const MOST_TOLD: usize = 5;
/// What a line looks like.
const SHAPE: &str = "a run line reads `halfopen LAB vN preset P seed N; 20s hang payments; you 24.3s crash A; until 40s; digest …`";

impl Recording {
    /// The run as one line, safe between single quotes on a shell.
    pub fn line(&self) -> String {
        let scenario = &self.scenario;
        let mut out = format!("halfopen {}", scenario.lab.spec.name);
        if let Some(model) = self.model {
            let _ = write!(out, " v{model}");
        }
        if !scenario.preset.is_empty() {
            let _ = write!(out, " preset {}", scenario.preset);
        }
        let _ = write!(out, " seed {}", scenario.seed);
        for (knob, value) in narrate::changed(scenario) {
            let _ = write!(out, "; set {knob} {value}");
        }
        for sentence in self.sentences(By::Script) {
            let _ = write!(out, "; {sentence}");
        }
        for sentence in self.sentences(By::Hand) {
            let _ = write!(out, "; you {sentence}");
        }
        if let Some(until) = self.until {
            let _ = write!(out, "; until {}", until.since(Time::ZERO));
        }
        if let Some(digest) = self.digest {
            let _ = write!(out, "; digest {digest:016x}");
        }
        out
    }

    /// Reads a line, or gives everything that is wrong with it, the first few at least.
    pub fn read_line(text: &str) -> Result<Self, Vec<Misread>> {
        Words::read(text).map_err(|misread| vec![misread])?.recording()
    }
}

/// A part of a line, with the byte at which it begins.
#[derive(Clone, Copy, Debug)]
struct Part<'a> {
    at: usize,
    text: &'a str,
}

impl Part<'_> {
    fn range(self) -> Range<usize> {
        self.at..self.at + self.text.len()
    }

    fn refused(self, message: impl Into<String>) -> Misread {
        Misread { at: self.range(), message: message.into(), help: None }
    }

    /// What stands behind its first `cut` bytes.
    fn behind(self, cut: usize) -> Self {
        let text = self.text.get(cut..).unwrap_or_default();
        let trimmed = text.trim_start();
        Part { at: self.at + cut + (text.len() - trimmed.len()), text: trimmed }
    }
}

/// The words of a line, before any lab has looked at them.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    lab: Part<'a>,
    preset: Option<Part<'a>>,
    model: Option<u32>,
    seed: Option<u64>,
    set: Vec<(Part<'a>, Part<'a>)>,
    at: Vec<Part<'a>>,
    hand: Vec<Part<'a>>,
    until: Option<Time>,
    digest: Option<u64>,
}

impl<'a> Words<'a> {
    /// Whether a text is meant as a line and not as the name of a lab.
    pub fn are_in(text: &str) -> bool {
        let first = text.split_whitespace().next().unwrap_or_default();
        text.contains(';') || first.starts_with("halfopen") && first.len() < text.trim().len()
    }

    /// Takes a line apart; the error is the first thing that is wrong.
    pub fn read(text: &'a str) -> Result<Self, Misread> {
        if text.len() > LONGEST {
            return Err(Misread {
                at: 0..0,
                message: format!("a line of more than {LONGEST} bytes is not read"),
                help: None,
            });
        }
        let mut parts = parts(text);
        let head = parts.next().unwrap_or(Part { at: 0, text: "" });
        let mut line = Self::head(head)?;
        for part in parts.filter(|part| !part.text.is_empty()) {
            if line.set.len() + line.at.len() + line.hand.len() >= MOST_ACTS {
                return Err(part.refused(format!("more than {MOST_ACTS} sentences are not read")));
            }
            line.take(part)?;
        }
        Ok(line)
    }

    fn head(head: Part<'a>) -> Result<Self, Misread> {
        let mut found =
            words(head.text).into_iter().map(|(range, text)| Part { at: head.at + range.start, text });
        let end = Part { at: head.at + head.text.len(), text: "" };
        let misread =
            |part: Part<'_>, message: String| Misread { help: Some(SHAPE.into()), ..part.refused(message) };
        let first = found.next().unwrap_or(end);
        match first.text.strip_prefix("halfopen") {
            Some("") => {}
            Some(format) if !format.is_empty() && format.bytes().all(|b| b.is_ascii_digit()) => {
                return Err(first.refused(format!(
                    "this line is of format {format}, from a newer halfopen; this one reads format {FORMAT}"
                )));
            }
            _ => {
                return Err(misread(
                    first,
                    format!("a run line begins with `halfopen`, not with `{}`", first.text),
                ));
            }
        }
        let lab = found.next().ok_or_else(|| misread(end, "a lab is missing".into()))?;
        let mut line = Self {
            lab,
            preset: None,
            model: None,
            seed: None,
            set: Vec::new(),
            at: Vec::new(),
            hand: Vec::new(),
            until: None,
            digest: None,
        };
        while let Some(word) = found.next() {
            let number = |part: Part<'_>| part.text.parse::<u64>().ok();
            let version = word.text.strip_prefix('v').and_then(|n| n.parse().ok());
            match word.text {
                "preset" => {
                    let name = found.next().ok_or_else(|| misread(end, "`preset` takes a name".into()))?;
                    once(&mut line.preset, name, word)?;
                }
                "seed" => {
                    let seed = found.next().unwrap_or(end);
                    let read = number(seed).ok_or_else(|| {
                        misread(seed, format!("`seed` takes a whole number, not `{}`", seed.text))
                    })?;
                    once(&mut line.seed, read, word)?;
                }
                _ => match version {
                    Some(version) => once(&mut line.model, version, word)?,
                    None => return Err(misread(word, format!("`{}` is not understood here", word.text))),
                },
            }
        }
        Ok(line)
    }

    fn take(&mut self, part: Part<'a>) -> Result<(), Misread> {
        let (first, rest) = match part.text.find(char::is_whitespace) {
            Some(end) => (Part { text: &part.text[..end], ..part }, part.behind(end)),
            None => (part, part.behind(part.text.len())),
        };
        match first.text {
            "set" => {
                let found = words(rest.text);
                let [(knob, name), (value, text)] = &found[..] else {
                    return Err(part.refused("`set` takes a knob and a value: set call_timeout 500ms"));
                };
                let placed = |range: &Range<usize>, text| Part { at: rest.at + range.start, text };
                self.set.push((placed(knob, name), placed(value, text)));
            }
            "you" => self.hand.push(rest),
            "until" => {
                let read = rest.text.parse().map_err(|_| {
                    rest.refused(format!("`until` takes a time such as 38.5s, not `{}`", rest.text))
                });
                let span: Span = read?;
                if span > LONGEST_RUN {
                    return Err(rest.refused(format!("a run longer than {LONGEST_RUN} is not read")));
                }
                once(&mut self.until, Time::ZERO + span, first)?;
            }
            "digest" => {
                let digest = read_digest(rest.text).ok_or_else(|| Misread {
                    help: Some("the line may have been cut off".into()),
                    ..rest.refused(format!("a digest has 16 hexadecimal digits, unlike `{}`", rest.text))
                })?;
                once(&mut self.digest, digest, first)?;
            }
            _ => self.at.push(part),
        }
        Ok(())
    }

    /// The run that they describe, or what is wrong with it.
    pub fn recording(&self) -> Result<Recording, Vec<Misread>> {
        let (set, at, hand) = (self.pairs(), self.sentences(), self.by_hand());
        let wanted = Wanted {
            lab: self.lab.text,
            preset: self.preset.map(|preset| preset.text),
            set: &set,
            seed: self.seed(),
            at: &at,
        };
        let few = |mut wrong: Vec<Misread>| {
            wrong.truncate(MOST_TOLD);
            wrong
        };
        let mut scenario = Scenario::read(&wanted)
            .map_err(|refusals| few(refusals.into_iter().map(|refusal| self.placed(refusal)).collect()))?;
        scenario.add(&hand, By::Hand).map_err(|wrong| {
            let placed = |(i, misread): (usize, Misread)| {
                misread.shifted(self.hand.get(i).map_or(0, |sentence: &Part<'_>| sentence.at))
            };
            few(wrong.into_iter().map(placed).collect())
        })?;
        Ok(Recording { scenario, model: self.model, until: self.until, digest: self.digest })
    }

    fn placed(&self, refusal: Refusal) -> Misread {
        let part = match refusal.field {
            Field::Lab => Some(self.lab),
            Field::Preset => self.preset,
            Field::Knob(i) => self.set.get(i).map(|(knob, _)| *knob),
            Field::Value(i) => self.set.get(i).map(|(_, value)| *value),
            Field::Sentence(i) => self.at.get(i).copied(),
        };
        refusal.misread.shifted(part.map_or(0, |part| part.at))
    }

    /// The lab's name.
    pub const fn lab(&self) -> &'a str {
        self.lab.text
    }

    /// The preset's name.
    pub fn preset(&self) -> Option<&'a str> {
        self.preset.map(|preset| preset.text)
    }

    /// The seed; 1 unless said otherwise.
    pub fn seed(&self) -> u64 {
        self.seed.unwrap_or(1)
    }

    /// Knobs and their values.
    pub fn pairs(&self) -> Vec<(String, String)> {
        self.set.iter().map(|(knob, value)| (knob.text.to_owned(), value.text.to_owned())).collect()
    }

    /// The sentences of the script.
    pub fn sentences(&self) -> Vec<String> {
        self.at.iter().map(|part| part.text.to_owned()).collect()
    }

    /// What was done by hand.
    pub fn by_hand(&self) -> Vec<String> {
        self.hand.iter().map(|part| part.text.to_owned()).collect()
    }
}

/// What stands between semicolons, without the blanks around it.
fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut next = 0;
    text.split(';').map(move |part| {
        let at = next;
        next += part.len() + 1;
        let trimmed = part.trim_start();
        Part { at: at + part.len() - trimmed.len(), text: trimmed.trim_end() }
    })
}

/// Puts what may be said once.
fn once<T>(place: &mut Option<T>, value: T, word: Part<'_>) -> Result<(), Misread> {
    if place.replace(value).is_none() {
        return Ok(());
    }
    let name = if word.text.starts_with('v') { "the version" } else { word.text };
    Err(word.refused(format!("{name} stands here twice")))
}

/// A digest: 16 hexadecimal digits.
pub fn read_digest(text: &str) -> Option<u64> {
    let whole = text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
    whole.then(|| u64::from_str_radix(text, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words at fault and the message.
    fn misread(text: &str) -> (&str, String) {
        let wrong = Recording::read_line(text).unwrap_err();
        (&text[wrong[0].at.clone()], wrong[0].to_string())
    }

    #[test]
    fn an_error_points_at_its_word() {
        for (text, word, message) in [
            ("", "", "a run line begins with `halfopen`, not with ``"),
            ("halfopen", "", "a lab is missing"),
            (
                "halfopen9 breaker; x",
                "halfopen9",
                "this line is of format 9, from a newer halfopen; this one reads format 1",
            ),
            ("halfopen breker seed 7", "breker", "there is no lab `breker`; did you mean `breaker`?"),
            (
                "halfopen breaker preset tunde",
                "tunde",
                "lab `breaker` has no preset `tunde`; did you mean `tuned`?",
            ),
            ("halfopen breaker sede 7", "sede", "`sede` is not understood here"),
            ("halfopen breaker seed x", "x", "`seed` takes a whole number, not `x`"),
            ("halfopen breaker seed 1 seed 2", "seed", "seed stands here twice"),
            ("halfopen breaker; set cal_timeout 1s", "cal_timeout", "this lab has no knob `cal_timeout`"),
            ("halfopen breaker; set call_timeout 1", "1", "`call_timeout` takes a time"),
            ("halfopen breaker; set call_timeout", "set call_timeout", "`set` takes a knob and a value"),
            ("halfopen breaker; 20s hagn payments", "hagn", "this lab does not know the fault `hagn`"),
            ("halfopen breaker;  you  20s hang paymints", "paymints", "there is no `paymints` to hang"),
            ("halfopen breaker; until soon", "soon", "`until` takes a time such as 38.5s, not `soon`"),
            ("halfopen breaker; until 9999999s", "9999999s", "a run longer than 1000000s is not read"),
            (
                "halfopen breaker; digest 9c1f",
                "9c1f",
                "a digest has 16 hexadecimal digits, unlike `9c1f`; the line may",
            ),
        ] {
            let (found, told) = misread(text);
            assert_eq!(found, word, "{text}: {told}");
            assert!(told.starts_with(message), "{text}: {told}");
        }
    }

    #[test]
    fn blanks_line_breaks_and_a_last_semicolon_change_nothing() {
        let line =
            "halfopen breaker v1 preset tuned seed 7; set call_timeout 500ms; you 2s+3 crash A; until 6.5s;";
        let broken = line.replace("; ", " ;\n\t").replace("seed 7", "seed\u{a0} 7");
        let (one, other) = (Recording::read_line(line).unwrap(), Recording::read_line(&broken).unwrap());
        assert_eq!(one.line(), other.line());
        assert_eq!(one.line() + ";", line);
    }

    #[test]
    fn a_name_is_no_line_and_a_file_is_none_either() {
        for (text, line) in [
            ("breaker", false),
            ("runs/a.toml", false),
            ("halfopen", false),
            ("halfopen breaker", true),
            ("breaker; x", true),
        ] {
            assert_eq!(Words::are_in(text), line, "{text}");
        }
    }

    #[test]
    fn too_much_is_refused_at_once() {
        let many = format!("halfopen breaker{}", "; 1s hang".repeat(1_000_000));
        assert!(misread(&many).1.contains("more than"));
        let many = format!("halfopen breaker{}", "; 1s hang".repeat(20_000));
        assert_eq!(misread(&many).1, "more than 10000 sentences are not read");
    }
}
