//! Deadlines, and what of them is left for the next call.
//!
//! A timeout is a length of time for one hop; a deadline is one point in time for the whole tree of calls (Google, *Site
//! Reliability Engineering*, chapter 22, "Propagating deadlines"; grpc.io, "Deadlines"). With fixed timeouts a server goes on
//! with work that nobody waits for; with a deadline it knows.
//!
//! What goes over the wire is the time that is *left*, so clocks need not agree. gRPC has a header for it ([`to_grpc_timeout`]);
//! HTTP has none.

use crate::engine::time::{Span, Time};

/// The time after which nobody waits for the answer any more. By default never.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Deadline(Time);

impl Default for Deadline {
    fn default() -> Self {
        Self::NONE
    }
}

impl Deadline {
    /// No deadline: what gRPC and most HTTP clients have until somebody sets one.
    pub const NONE: Self = Self(Time::NEVER);

    /// The deadline at `time`.
    pub const fn at(time: Time) -> Self {
        Self(time)
    }

    /// The deadline of somebody who waits for `timeout` from `now` on.
    pub fn after(now: Time, timeout: Span) -> Self {
        Self(now + timeout)
    }

    /// The point in time, [`Time::NEVER`] without a deadline.
    pub const fn time(self) -> Time {
        self.0
    }

    /// How long is left; `None` without a deadline, zero once it is over.
    pub fn remaining(self, now: Time) -> Option<Span> {
        (self.0 != Time::NEVER).then(|| self.0.since(now))
    }

    /// Whether it is over: at the deadline already.
    pub fn is_over(self, now: Time) -> bool {
        now >= self.0
    }

    /// Whether something that takes `needed` from `now` on would be done before the deadline: a wait before a retry, say, with a
    /// typical answer after it. If not, there is no point in beginning.
    pub fn has_time_for(self, now: Time, needed: Span) -> bool {
        !Self(self.0).is_over(now + needed)
    }

    /// The deadline of a call that is made for this work at `now`: the sooner of the call's own timeout, and of this deadline less
    /// `margin`, which is what the caller needs to answer in time itself.
    #[must_use]
    pub fn for_call(self, now: Time, own_timeout: Option<Span>, margin: Span) -> Self {
        let inherited = if self == Self::NONE { self } else { Self(self.0 - margin) };
        own_timeout.map_or(inherited, |timeout| inherited.min(Self::after(now, timeout)))
    }
}

/// Units of the header, the shortest first.
const GRPC_UNITS: [(char, u64); 6] = [
    ('n', 1),
    ('u', 1_000),
    ('m', 1_000_000),
    ('S', 1_000_000_000),
    ('M', 60_000_000_000),
    ('H', 3_600_000_000_000),
];

/// The value of the header `grpc-timeout` for what is left: at most 8 digits and a unit (grpc/grpc, `doc/PROTOCOL-HTTP2.md`).
/// `None` if nothing is left: the number has to be positive, and the call is not worth sending. The unit is the shortest that
/// fits, and the number is cut, so that the server never believes in more time than there is.
pub fn to_grpc_timeout(left: Span) -> Option<String> {
    let fits = |(unit, size): &(char, u64)| {
        let number = left.nanos() / size;
        (number <= 99_999_999).then(|| format!("{number}{unit}"))
    };
    (left != Span::ZERO).then(|| GRPC_UNITS.iter().find_map(fits)).flatten()
}

/// Reads what [`to_grpc_timeout`] writes; `None` if it is not of that form. A request without the header has no deadline. The
/// units are told apart by case: `M` are minutes, `m` are milliseconds.
pub fn from_grpc_timeout(value: &str) -> Option<Span> {
    let (at, unit) = value.char_indices().next_back()?;
    let digits = &value[..at];
    let (_, size) = GRPC_UNITS.iter().find(|(letter, _)| *letter == unit)?;
    let fine = (1..=8).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    let number = digits.parse::<u64>().ok().filter(|_| fine)?;
    Some(Span::from_nanos(number.saturating_mul(*size)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECS: fn(u64) -> Span = Span::from_secs;

    fn at(secs: u64) -> Time {
        Time::from_secs(secs)
    }

    /// The book's example: 30 s at the top; A takes 7 s and leaves 23 s to B, B takes 4 s and leaves 19 s to C.
    #[test]
    fn what_is_left_goes_down_the_chain() {
        let top = Deadline::after(at(0), SECS(30));
        let b = top.for_call(at(7), None, Span::ZERO);
        assert_eq!(b.remaining(at(7)), Some(SECS(23)));
        let c = b.for_call(at(11), Some(SECS(20)), Span::ZERO);
        assert_eq!(c.remaining(at(11)), Some(SECS(19)));
    }

    /// The counter-example: 10 s at the top, B is 8 s late. With a fixed timeout of 20 s C works for 18 s after everybody left.
    #[test]
    fn a_fixed_timeout_outlives_its_caller() {
        let top = Deadline::after(at(0), SECS(10));
        let fixed = Deadline::NONE.for_call(at(8), Some(SECS(20)), Span::ZERO);
        assert_eq!(fixed.time().since(top.time()), SECS(18));
        let propagated = top.for_call(at(8), Some(SECS(20)), Span::ZERO);
        assert_eq!(propagated.remaining(at(8)), Some(SECS(2)));
    }

    #[test]
    fn the_sooner_of_the_own_timeout_and_of_the_rest_less_the_margin_counts() {
        let top = Deadline::after(at(0), SECS(10));
        assert_eq!(top.for_call(at(3), Some(SECS(2)), SECS(1)), Deadline::at(at(5)));
        assert_eq!(top.for_call(at(3), Some(SECS(20)), SECS(1)), Deadline::at(at(9)));
        assert_eq!(top.for_call(at(3), None, SECS(1)), Deadline::at(at(9)));
        assert_eq!(Deadline::NONE.for_call(at(3), None, SECS(1)), Deadline::NONE);
        assert!(top.for_call(at(9), None, SECS(2)).is_over(at(9)), "less is left than the margin");
    }

    #[test]
    fn a_deadline_is_over_when_it_is_reached() {
        let deadline = Deadline::after(at(0), SECS(10));
        assert!(!deadline.is_over(Time::from_millis(9999)) && deadline.is_over(at(10)));
        assert!(deadline.has_time_for(at(5), SECS(4)) && !deadline.has_time_for(at(5), SECS(5)));
        assert_eq!(deadline.remaining(at(12)), Some(Span::ZERO));
        assert_eq!(Deadline::default().remaining(at(12)), None);
        assert!(Deadline::NONE.has_time_for(at(5), SECS(1_000_000)));
    }

    #[test]
    fn the_header_has_eight_digits_at_most_and_is_read_back() {
        for (left, header) in [
            (Span::from_nanos(7), "7n"),
            (Span::from_nanos(99_999_999), "99999999n"),
            (Span::from_millis(100), "100000u"),
            (SECS(1), "1000000u"),
            (SECS(30), "30000000u"),
            (SECS(100), "100000m"),
            (SECS(100_000), "100000S"),
        ] {
            assert_eq!(to_grpc_timeout(left).as_deref(), Some(header));
            assert_eq!(from_grpc_timeout(header), Some(left));
        }
        assert_eq!(to_grpc_timeout(Span::from_nanos(100_000_001)).as_deref(), Some("100000u"), "cut");
        assert_eq!(to_grpc_timeout(Span::ZERO), None);
        assert_eq!(from_grpc_timeout("2M"), Some(SECS(120)));
        assert_eq!(from_grpc_timeout("2m"), Some(Span::from_millis(2)));
        for wrong in ["", "m", "5", "123456789n", "-1S", "1.5S", "1s", "1 S", "é"] {
            assert_eq!(from_grpc_timeout(wrong), None, "{wrong}");
        }
    }
}
