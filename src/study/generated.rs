//! The name of a question that the simulator writes: its template and its seed, `breaker-state~17`.
//!
//! It stands in the journal like any other question's id, so an old answer can be shown again: the same name gives the same
//! question. A written question's id has no `~`.

use std::fmt;
use std::str::FromStr;

/// Seeds below this are counted up for the learner, so that none comes twice; those from here on belong to quizzes whose own
/// seed was given.
pub const COUNTED: u64 = 1_000_000;

/// Names a question that the simulator writes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct GeneratedId {
    /// The template.
    pub template: String,
    /// The seed.
    pub seed: u64,
}

impl fmt::Display for GeneratedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}~{}", self.template, self.seed)
    }
}

/// The text names no such question.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a generated question is named by its template and its seed, like `breaker-state~17`")]
pub struct NotGenerated;

impl FromStr for GeneratedId {
    type Err = NotGenerated;

    fn from_str(text: &str) -> Result<Self, NotGenerated> {
        let (template, seed) = text.split_once('~').ok_or(NotGenerated)?;
        let seed = seed.parse().map_err(|_| NotGenerated)?;
        Ok(Self { template: template.to_owned(), seed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_and_a_written_id_is_none() {
        let id = GeneratedId { template: "breaker-state".to_owned(), seed: 17 };
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("browse-while-payments-hang".parse::<GeneratedId>(), Err(NotGenerated));
        assert_eq!("breaker-state~x".parse::<GeneratedId>(), Err(NotGenerated));
    }
}
