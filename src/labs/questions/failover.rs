//! Questions about elections, replicated logs and reads while leaders change.
//!
//! The answers are those of [`patterns::raft`](crate::patterns::raft): of servers that run, or of the table of sessions.

mod cluster;
pub(super) mod committed;
pub(super) mod gap;
mod past;
pub(super) mod retried;
pub(super) mod stale;
pub(super) mod who_wins;

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use super::super::sound::{Written, assert_all_tempt, assert_not_to_be_guessed, assert_sound, written};
    use super::{committed, gap, retried, stale, who_wins};

    /// Made once for all tests.
    fn all() -> &'static Written {
        static ALL: OnceLock<Written> = OnceLock::new();
        ALL.get_or_init(|| {
            written(&[
                &who_wins::TEMPLATE,
                &committed::TEMPLATE,
                &gap::TEMPLATE,
                &retried::TEMPLATE,
                &stale::TEMPLATE,
            ])
        })
    }

    #[test]
    fn every_seed_gives_a_sound_question() {
        assert_sound(all(), &["raft-", "failover-"]);
    }

    #[test]
    fn a_reader_who_knows_nothing_does_no_better_than_chance() {
        assert_not_to_be_guessed(all());
    }

    #[test]
    fn each_misconception_tempts_now_and_then() {
        assert_all_tempt(all());
    }
}
