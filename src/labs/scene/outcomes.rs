//! Outcomes: the last calls of each caller, a letter each, newest right.

use super::words::{counted, joined, rows, sentence, tallied, tally, widest, width};
use super::{Part, Primitive, Tone};

/// Named lanes of outcomes.
///
/// ```text
/// A  ..x.xx.s.xxx.x.xx.xx|-----   fail 55 %  TRIPPED  n 20/20
/// B  ..x....x..                   fail 20 %  below 50 %  n 10/10
///    . ok  x error  s slow  - rejected
/// ```
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Outcomes {
    /// One lane a caller.
    pub lanes: Vec<OutcomeLane>,
}

/// The outcomes of one caller.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct OutcomeLane {
    /// The lane.
    pub part: Part,
    /// Its name.
    pub label: String,
    /// What the window holds, oldest first.
    pub window: Vec<Outcome>,
    /// How many the window can hold; 0 where that has no meaning.
    pub capacity: u64,
    /// What came after the window froze: calls rejected while open, probes.
    pub after: Vec<Outcome>,
    /// What follows from it, most important first: `fail 55 %`, `TRIPPED`, `n 20/20`. The first two carry the tone.
    pub notes: Vec<String>,
    /// How the lane stands.
    pub tone: Tone,
}

/// How one call ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Outcome {
    /// Answered in time: `.`
    Ok,
    /// Failed: `x`
    Error,
    /// Answered, too slowly: `s`
    Slow,
    /// Never answered: `t`
    Timeout,
    /// Refused without a call: `-`
    Rejected,
    /// Not counted: `i`
    Ignored,
    /// Done although it must not be: `!`
    Wrong,
    /// Still running: `?`
    Pending,
}

impl Outcome {
    /// Every outcome, in the order of a legend.
    pub const ALL: [Self; 8] = [
        Self::Ok,
        Self::Error,
        Self::Slow,
        Self::Timeout,
        Self::Rejected,
        Self::Ignored,
        Self::Wrong,
        Self::Pending,
    ];

    /// Its letter.
    pub const fn letter(self) -> char {
        match self {
            Self::Ok => '.',
            Self::Error => 'x',
            Self::Slow => 's',
            Self::Timeout => 't',
            Self::Rejected => '-',
            Self::Ignored => 'i',
            Self::Wrong => '!',
            Self::Pending => '?',
        }
    }

    /// Its name.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Error => "error",
            Self::Slow => "slow",
            Self::Timeout => "timeout",
            Self::Rejected => "rejected",
            Self::Ignored => "ignored",
            Self::Wrong => "wrong",
            Self::Pending => "running",
        }
    }

    /// How it stands.
    pub const fn tone(self) -> Tone {
        match self {
            Self::Ok => Tone::Good,
            Self::Error | Self::Timeout | Self::Wrong => Tone::Bad,
            Self::Slow => Tone::Warn,
            Self::Rejected | Self::Ignored => Tone::Idle,
            Self::Pending => Tone::Accent,
        }
    }
}

impl OutcomeLane {
    /// The notes in one line.
    pub fn notes_text(&self) -> String {
        joined(self.notes.iter().map(String::as_str), "  ")
    }

    fn speak(&self) -> String {
        let count = |outcomes: &[Outcome]| tallied(&tally(outcomes.iter().map(|o| (o.word(), o.tone()))));
        let window = match self.window.len() {
            0 => "no calls yet".to_owned(),
            n => format!("last {}: {}", counted(n as u64, "call"), count(&self.window)),
        };
        let after =
            if self.after.is_empty() { String::new() } else { format!("since then {}", count(&self.after)) };
        sentence(&self.label, &joined([window.as_str(), &after, &self.notes.join(", ")], "; "))
    }
}

impl Outcomes {
    /// The outcomes that occur, in the order of the legend.
    pub fn used(&self) -> Vec<Outcome> {
        let occurs = |outcome: &Outcome| {
            self.lanes.iter().any(|lane| lane.window.contains(outcome) || lane.after.contains(outcome))
        };
        Outcome::ALL.into_iter().filter(occurs).collect()
    }

    /// The widest label.
    pub fn label_width(&self) -> u16 {
        widest(self.lanes.iter().map(|lane| lane.label.as_str()))
    }
}

impl Primitive for Outcomes {
    fn min_size(&self) -> (u16, u16) {
        (self.label_width().saturating_add(12), rows(self.lanes.len().min(3)))
    }

    fn best_size(&self) -> (u16, u16) {
        let letters = self.lanes.iter().map(|lane| rows(lane.window.len().saturating_add(lane.after.len())));
        let notes = self.lanes.iter().map(|lane| width(&lane.notes_text()));
        let wide = letters.max().unwrap_or(0).saturating_add(notes.max().unwrap_or(0));
        (wide.saturating_add(self.label_width()).saturating_add(8), rows(self.lanes.len().saturating_add(1)))
    }

    fn one_line(&self) -> String {
        let lanes = self.lanes.iter().map(|lane| {
            let note = lane.notes.first().map_or("", String::as_str);
            joined([lane.label.as_str(), note], " ")
        });
        lanes.collect::<Vec<_>>().join("; ")
    }

    fn speak(&self) -> Vec<String> {
        self.lanes.iter().map(OutcomeLane::speak).collect()
    }

    fn lines(&self) -> Vec<Vec<&Part>> {
        self.lanes.iter().map(|lane| vec![&lane.part]).collect()
    }
}
