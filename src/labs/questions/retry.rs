//! Questions about retries, budgets and deadlines.
//!
//! The answers are those of the [`patterns`](crate::patterns), or of a run of the lab `retry-storm`.

pub(super) mod budget;
pub(super) mod comes_back;
pub(super) mod deadline;
pub(super) mod layers;
pub(super) mod loops;
pub(super) mod throttle;
pub(super) mod waits;

use crate::engine::time::Span;

/// A time in seconds, as exact as it is.
fn seconds(span: Span) -> String {
    let millis = span.millis();
    let text = format!("{}.{:03}", millis / 1000, millis % 1000);
    format!("{} s", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_as_long_as_they_need_to_be() {
        let told = [0, 5, 120, 1000, 10_000, 12_340].map(|ms| seconds(Span::from_millis(ms)));
        assert_eq!(told, ["0 s", "0.005 s", "0.12 s", "1 s", "10 s", "12.34 s"]);
    }
}
