//! Schedules: messages that the learner delivers by hand, in any order, or never.

use super::words::{counted, joined, rows, sentence, widest, width};
use super::{Part, Primitive, Tone};

/// A list of messages.
///
/// ```text
///   15  accept(7, red)     P1 -> A    would be refused
/// > 17  promise(9, none)   A  -> P2   gives P2 its majority
/// ```
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Schedule {
    /// The messages, in the order in which they were sent.
    pub pending: Vec<Pending>,
}

/// A message that waits.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Pending {
    /// The message.
    pub part: Part,
    /// Its number in the run.
    pub number: u64,
    /// What it says.
    pub label: String,
    /// Who sent it.
    pub from: String,
    /// Who gets it.
    pub to: String,
    /// What would follow if it came now.
    pub effect: String,
    /// How that stands.
    pub tone: Tone,
}

impl Primitive for Schedule {
    fn min_size(&self) -> (u16, u16) {
        (24, rows(self.pending.len()).clamp(1, 2))
    }

    fn best_size(&self) -> (u16, u16) {
        let ends =
            widest(self.pending.iter().flat_map(|message| [message.from.as_str(), message.to.as_str()]));
        let words =
            self.pending.iter().map(|message| width(&message.label).saturating_add(width(&message.effect)));
        let wide = words.max().unwrap_or(0).saturating_add(ends.saturating_mul(2));
        (wide.saturating_add(16), rows(self.pending.len()).max(1))
    }

    fn one_line(&self) -> String {
        match self.pending.first() {
            None => "no message waits".to_owned(),
            Some(first) => {
                format!("{} waiting, first: {}", counted(self.pending.len() as u64, "message"), first.label)
            }
        }
    }

    fn speak(&self) -> Vec<String> {
        if self.pending.is_empty() {
            return vec!["No message waits.".to_owned()];
        }
        let says = |message: &Pending| {
            let way = format!("{} from {} to {}", message.label, message.from, message.to);
            sentence(&format!("Message {}", message.number), &joined([way.as_str(), &message.effect], ", "))
        };
        self.pending.iter().map(says).collect()
    }

    fn lines(&self) -> Vec<Vec<&Part>> {
        self.pending.iter().map(|message| vec![&message.part]).collect()
    }
}
