//! Slots: pools of workers, threads or connections, a letter for each.

use super::words::{joined, rows, sentence, tallied, tally, widest, width};
use super::{Part, Primitive, Tone};

/// Pools under one another.
///
/// ```text
/// threads  38/40  RRRRRRRRRRRRRRRRPPC..  +212 wait
/// ```
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Slots {
    /// The pools.
    pub pools: Vec<Pool>,
    /// What the letters mean, in order: `('R', "recs")`.
    pub legend: Vec<(char, String)>,
}

/// One pool.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Pool {
    /// The pool.
    pub part: Part,
    /// Its name.
    pub label: String,
    /// The slots that are taken, a letter each; the rest up to `total` are free.
    pub used: Vec<Slot>,
    /// How many there are.
    pub total: u64,
    /// How many wait for one.
    pub waiting: u64,
    /// How it stands.
    pub tone: Tone,
    /// A few words at the end.
    pub note: String,
}

/// One slot that is taken.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Slot {
    /// The slot, by what has taken it.
    pub part: Part,
    /// By whom, as a letter.
    pub letter: char,
    /// How that stands.
    pub tone: Tone,
}

impl Pool {
    /// `38/40`.
    pub fn level_text(&self) -> String {
        format!("{}/{}", self.used.len(), self.total)
    }

    /// `+212 wait`; empty if nobody does.
    pub fn waiting_text(&self) -> String {
        if self.waiting == 0 { String::new() } else { format!("+{} wait", self.waiting) }
    }

    /// Itself, then what has taken its slots.
    fn parts(&self) -> impl Iterator<Item = &Part> {
        std::iter::once(&self.part).chain(self.used.iter().map(|slot| &slot.part))
    }

    /// Who waits, and the note.
    pub fn notes_text(&self) -> String {
        joined([self.waiting_text().as_str(), &self.note], "  ")
    }
}

impl Slots {
    /// The widths of the widest label and of the widest level, be it still to come.
    pub fn head_widths(&self) -> (u16, u16) {
        let full = |pool: &Pool| width(&format!("{0}/{0}", pool.total));
        let levels = self.pools.iter().map(|pool| width(&pool.level_text()).max(full(pool)));
        (widest(self.pools.iter().map(|pool| pool.label.as_str())), levels.max().unwrap_or(0))
    }

    /// The letters that occur and what they mean, in the order of the legend.
    pub fn used(&self) -> impl Iterator<Item = (char, &str)> {
        let occurs =
            |letter: char| self.pools.iter().any(|pool| pool.used.iter().any(|slot| slot.letter == letter));
        self.legend
            .iter()
            .filter(move |(letter, _)| occurs(*letter))
            .map(|(letter, word)| (*letter, word.as_str()))
    }

    /// What a letter means.
    pub fn meaning(&self, letter: char) -> Option<&str> {
        self.legend.iter().find(|(known, _)| *known == letter).map(|(_, word)| word.as_str())
    }
}

impl Primitive for Slots {
    fn min_size(&self) -> (u16, u16) {
        let (label, level) = self.head_widths();
        (label.saturating_add(level).saturating_add(8), rows(self.pools.len()).min(4))
    }

    fn best_size(&self) -> (u16, u16) {
        let (label, level) = self.head_widths();
        let slots = self.pools.iter().map(|pool| u16::try_from(pool.total).unwrap_or(u16::MAX).min(100));
        let notes = self.pools.iter().map(|pool| width(&pool.notes_text())).max().unwrap_or(0);
        let wide = slots.max().unwrap_or(0).saturating_add(notes).saturating_add(label).saturating_add(level);
        let legend = usize::from(!self.legend.is_empty());
        (wide.saturating_add(8), rows(self.pools.len().saturating_add(legend)))
    }

    fn one_line(&self) -> String {
        let pools = self
            .pools
            .iter()
            .map(|pool| joined([pool.label.as_str(), &pool.level_text(), &pool.notes_text()], " "));
        pools.collect::<Vec<_>>().join("; ")
    }

    fn speak(&self) -> Vec<String> {
        let says = |pool: &Pool| {
            let letters: Vec<String> = pool.used.iter().map(|slot| slot.letter.to_string()).collect();
            let by = tally(
                letters
                    .iter()
                    .zip(&pool.used)
                    .map(|(letter, slot)| (self.meaning(slot.letter).unwrap_or(letter), slot.tone)),
            );
            let level = format!("{} of {} in use", pool.used.len(), pool.total);
            let waiting = if pool.waiting == 0 { String::new() } else { format!("{} waiting", pool.waiting) };
            sentence(&pool.label, &joined([level.as_str(), &tallied(&by), &waiting, &pool.note], "; "))
        };
        self.pools.iter().map(says).collect()
    }

    fn lines(&self) -> Vec<Vec<&Part>> {
        self.pools.iter().map(|pool| pool.parts().collect()).collect()
    }
}
