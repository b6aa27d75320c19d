//! Histograms: counts by bin, a row each.

use super::words::{joined, rows, sentence, widest, width};
use super::{Part, Primitive, Tone};

/// Bins under one another.
///
/// ```text
/// 100-150 ms  ####                      40
/// 150-200 ms  ######################   220   median
/// ```
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Histogram {
    /// What is counted: `runs`.
    pub counted: String,
    /// The bins in order.
    pub bins: Vec<Bin>,
}

/// One bin.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Bin {
    /// The bin.
    pub part: Part,
    /// Its bounds in words: `100-150 ms`.
    pub label: String,
    /// How many fell into it.
    pub count: u64,
    /// How it stands.
    pub tone: Tone,
    /// What is special about it: `median`, `you`.
    pub note: String,
}

impl Histogram {
    /// The widths of the widest label and the widest count.
    pub fn head_widths(&self) -> (u16, u16) {
        let counts = self.bins.iter().map(|bin| width(&bin.count.to_string()));
        (widest(self.bins.iter().map(|bin| bin.label.as_str())), counts.max().unwrap_or(0))
    }

    /// The largest count.
    pub fn highest(&self) -> u64 {
        self.bins.iter().map(|bin| bin.count).max().unwrap_or(0)
    }
}

impl Primitive for Histogram {
    fn min_size(&self) -> (u16, u16) {
        let (label, count) = self.head_widths();
        (label.saturating_add(count).saturating_add(8), rows(self.bins.len()).min(3))
    }

    fn best_size(&self) -> (u16, u16) {
        let (label, count) = self.head_widths();
        let notes = widest(self.bins.iter().map(|bin| bin.note.as_str()));
        (label.saturating_add(count).saturating_add(notes).saturating_add(38), rows(self.bins.len()))
    }

    fn one_line(&self) -> String {
        let all = self.bins.iter().fold(0_u64, |sum, bin| sum.saturating_add(bin.count));
        let most = self.bins.iter().max_by_key(|bin| bin.count);
        let most = most.map_or_else(String::new, |bin| format!("most at {}", bin.label));
        joined([format!("{all} {}", self.counted).as_str(), &most], ", ")
    }

    fn speak(&self) -> Vec<String> {
        let says = |bin: &Bin| {
            let count = format!("{} {}", bin.count, self.counted);
            sentence(&bin.label, &joined([count.as_str(), &bin.note], ", "))
        };
        self.bins.iter().map(says).collect()
    }

    fn lines(&self) -> Vec<Vec<&Part>> {
        self.bins.iter().map(|bin| vec![&bin.part]).collect()
    }
}
