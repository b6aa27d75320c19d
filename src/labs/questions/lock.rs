//! Questions about distributed locks: who may write, and who believes so.
//!
//! The answers are those of [`patterns::lock`](crate::patterns::lock): of clients, lock servers and a storage that run.

pub(super) mod passes_on;
pub(super) mod redlock;
pub(super) mod session_ends;
pub(super) mod which_write;

/// `No value`, `Only value 2`, `Values 1, 2 and 4`: some of several, as an option says it.
fn set(all: &[usize], one: &str, many: &str) -> String {
    match all {
        [] => format!("No {}", one.to_lowercase()),
        [only] => format!("Only {} {only}", one.to_lowercase()),
        [most @ .., last] => {
            let most: Vec<String> = most.iter().map(ToString::to_string).collect();
            format!("{many} {} and {last}", most.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use super::super::sound::{Written, assert_all_tempt, assert_not_to_be_guessed, assert_sound, written};
    use super::{passes_on, redlock, session_ends, which_write};

    /// Made once for all tests.
    fn all() -> &'static Written {
        static ALL: OnceLock<Written> = OnceLock::new();
        ALL.get_or_init(|| {
            written(&[
                &passes_on::TEMPLATE,
                &redlock::TEMPLATE,
                &session_ends::TEMPLATE,
                &which_write::TEMPLATE,
            ])
        })
    }

    #[test]
    fn every_seed_gives_a_sound_question() {
        assert_sound(all(), &["lock-"]);
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
