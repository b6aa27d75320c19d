//! How fast a lab's clock runs against the wall clock: a scale that a hand can work.

use std::fmt;
use std::time::Duration;

use crate::engine::time::Span;

/// The speeds, as fractions of real time.
const SCALE: [(u32, u32); 16] = [
    (1, 1000),
    (1, 500),
    (1, 200),
    (1, 100),
    (1, 50),
    (1, 20),
    (1, 10),
    (1, 5),
    (1, 2),
    (1, 1),
    (2, 1),
    (5, 1),
    (10, 1),
    (20, 1),
    (50, 1),
    (100, 1),
];
const REAL_TIME: usize = 9;
/// As fast as the machine allows.
const UNBOUNDED: usize = SCALE.len();
/// More than any machine simulates in one frame.
const MORE_THAN_A_FRAME: Span = Span::from_secs(3600);

/// What one comes to watch should take so long, so that it can be watched.
const WATCHABLE: Duration = Duration::from_secs(3);

/// One of the speeds from 1/1000 to x100, or as fast as the machine allows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Speed(usize);

impl Default for Speed {
    fn default() -> Self {
        Self(REAL_TIME)
    }
}

impl Speed {
    /// The fastest at which `moment` can be watched; the slowest, if none is slow enough.
    pub fn to_watch(moment: Span) -> Self {
        let speeds = (0..SCALE.len()).map(Self);
        speeds.rev().find(|speed| speed.of(WATCHABLE) <= moment).unwrap_or(Self(0))
    }

    /// The next faster one.
    #[must_use]
    pub const fn faster(self) -> Self {
        if self.0 < UNBOUNDED { Self(self.0 + 1) } else { self }
    }

    /// The next slower one.
    #[must_use]
    pub const fn slower(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    const fn fraction(self) -> (u32, u32) {
        if self.0 < SCALE.len() { SCALE[self.0] } else { (1, 1) }
    }

    /// Whether only the machine sets its limit.
    pub const fn is_unbounded(self) -> bool {
        self.0 == UNBOUNDED
    }

    /// The simulated time that passes while `wall` passes, if the machine can keep up.
    pub fn of(self, wall: Duration) -> Span {
        if self.is_unbounded() {
            return MORE_THAN_A_FRAME;
        }
        let (times, part) = self.fraction();
        let nanos = wall.as_nanos() * u128::from(times) / u128::from(part);
        Span::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

/// `x1`, `x100`, `x1/20`, `max`.
impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fraction() {
            _ if self.is_unbounded() => f.pad("max"),
            (times, 1) => f.pad(&format!("x{times}")),
            (times, part) => f.pad(&format!("x{times}/{part}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_milliseconds_is_watched_in_slow_motion() {
        let of = |ms| Speed::to_watch(Span::from_millis(ms)).to_string();
        assert_eq!([of(600), of(24), of(4000), of(20_000)], ["x1/5", "x1/200", "x1", "x5"]);
        assert_eq!(of(0), "x1/1000");
    }

    #[test]
    fn speeds_go_from_a_thousandth_to_what_the_machine_allows_and_stay_there() {
        let (mut slow, mut fast) = (Speed::default(), Speed::default());
        assert_eq!(slow.to_string(), "x1");
        for _ in 0..20 {
            (slow, fast) = (slow.slower(), fast.faster());
        }
        assert_eq!((slow.to_string(), fast.to_string()), ("x1/1000".into(), "max".into()));
        fast = fast.slower();
        let frame = Duration::from_millis(33);
        assert_eq!(slow.of(frame), Span::from_nanos(33_000));
        assert_eq!(fast.of(frame), Span::from_millis(3300));
    }
}
