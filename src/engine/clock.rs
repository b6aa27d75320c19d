//! The clock of a node: it may run fast or slow, be set forward, or stand still.

use super::time::{Span, Time};

/// Parts of a clock's rate: so many of its nanoseconds pass in a million of time's.
const PAR: u64 = 1_000_000;

/// A clock that runs at a steady rate since it was last touched.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Clock {
    /// When it was last touched, and what it showed then.
    since: Time,
    shown: Time,
    /// Nanoseconds of this clock in a million of time; 0 if it stands still.
    rate: u64,
}

impl Default for Clock {
    /// One that shows the time.
    fn default() -> Self {
        Self { since: Time::ZERO, shown: Time::ZERO, rate: PAR }
    }
}

impl Clock {
    /// What it shows at `now`, which is not before it was last touched.
    pub fn read(&self, now: Time) -> Time {
        let passed = u128::from(now.since(self.since).nanos()) * u128::from(self.rate) / u128::from(PAR);
        self.shown + Span::from_nanos(u64::try_from(passed).unwrap_or(u64::MAX))
    }

    /// The first instant from `now` on at which it shows `local`; never, if it stands still before that.
    pub fn when(&self, local: Time, now: Time) -> Time {
        if local == Time::NEVER {
            return Time::NEVER;
        }
        if self.read(now) >= local {
            return now;
        }
        if self.rate == 0 {
            return Time::NEVER;
        }
        let left = u128::from(local.since(self.shown).nanos());
        let takes = (left * u128::from(PAR)).div_ceil(u128::from(self.rate));
        self.since + Span::from_nanos(u64::try_from(takes).unwrap_or(u64::MAX))
    }

    /// From `now` on it runs `factor` times as fast as time, to six digits. Zero stops it.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "kept within bounds")]
    pub fn run_at(&mut self, factor: f64, now: Time) {
        self.touch(now);
        self.rate = (factor.clamp(0.0, 1e6) * PAR as f64).round() as u64;
    }

    /// Sets it forward by `by`.
    pub fn jump(&mut self, by: Span, now: Time) {
        self.touch(now);
        self.shown += by;
    }

    /// Whether it shows the time, and goes on to.
    pub fn is_true(&self) -> bool {
        self.rate == PAR && self.since.nanos() == self.shown.nanos()
    }

    fn touch(&mut self, now: Time) {
        (self.shown, self.since) = (self.read(now), now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: fn(u64) -> Time = Time::from_millis;

    #[test]
    fn a_fast_clock_reaches_a_moment_early() {
        let mut clock = Clock::default();
        assert_eq!((clock.read(MS(700)), clock.when(MS(900), MS(700))), (MS(700), MS(900)));
        clock.run_at(1.5, MS(1000));
        assert_eq!(clock.read(MS(1200)), MS(1300));
        assert_eq!(clock.when(MS(1300), MS(1000)), MS(1200));
        assert_eq!(clock.when(MS(1100), MS(1200)), MS(1200), "that has passed");
        clock.run_at(1.0, MS(1200));
        assert_eq!(clock.read(MS(2000)), MS(2100));
        assert!(!clock.is_true());
    }

    #[test]
    fn a_clock_that_stands_still_reaches_nothing() {
        let mut clock = Clock::default();
        clock.run_at(0.0, MS(500));
        assert_eq!((clock.read(MS(900)), clock.when(MS(501), MS(900))), (MS(500), Time::NEVER));
        clock.run_at(1.0, MS(900));
        assert_eq!(clock.when(MS(501), MS(900)), MS(901));
    }

    #[test]
    fn a_clock_set_forward_skips_what_lies_between() {
        let mut clock = Clock::default();
        clock.jump(Span::from_secs(5), MS(1000));
        assert_eq!(clock.read(MS(1000)), MS(6000));
        assert_eq!(clock.when(MS(4000), MS(1000)), MS(1000));
        assert_eq!(clock.when(MS(6500), MS(1000)), MS(1500));
    }

    /// Whatever the rate, a moment is reached when it is due and not before.
    #[test]
    fn the_instant_of_a_moment_is_the_first_one() {
        for rate in [0.3, 0.999, 1.0, 1.001, 3.7] {
            let mut clock = Clock::default();
            clock.run_at(rate, MS(17));
            for local in [18, 100, 12_345] {
                let at = clock.when(MS(local), MS(17));
                assert!(clock.read(at) >= MS(local));
                assert!(clock.read(Time::from_nanos(at.nanos() - 1)) < MS(local));
            }
        }
    }
}
