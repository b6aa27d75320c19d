//! How long to wait before a retry: the textbook formulas, with and without jitter.
//!
//! The formulas are those of "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015) and of its simulator,
//! aws-samples/aws-arch-backoff-simulator at commit 66cb169, `src/backoff_simulator.py`. What real clients do
//! differs in the details: see [`retry`](super::retry).
//!
//! A schedule has no state. Decorrelated jitter needs its last wait, so the caller keeps that and hands it in.

use crate::engine::random::Draw;
use crate::engine::time::Span;

/// The shape of a schedule. v(k) stands for [`Schedule::envelope`] after the failure of attempt k.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Backoff {
    /// No wait at all. The simulator calls it `None`.
    #[default]
    Immediate,
    /// Always the base; the cap has no say.
    Fixed,
    /// v(k), without luck: clients that collided once stay as close together as they were.
    Exponential,
    /// U(0, v(k)).
    FullJitter,
    /// v(k)/2 + U(0, v(k)/2): at least half of the exponential wait.
    EqualJitter,
    /// min(cap, U(base, 3 × the last wait)), where the last wait starts as the base. Ignores which attempt failed.
    Decorrelated,
}

impl Backoff {
    /// All shapes, from the simplest to the one with a memory.
    pub const ALL: [Self; 6] = [
        Self::Immediate,
        Self::Fixed,
        Self::Exponential,
        Self::FullJitter,
        Self::EqualJitter,
        Self::Decorrelated,
    ];

    /// Whether a wait depends on its draw.
    pub const fn is_random(self) -> bool {
        matches!(self, Self::FullJitter | Self::EqualJitter | Self::Decorrelated)
    }
}

/// A shape with its numbers.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Schedule {
    /// The shape.
    pub kind: Backoff,
    /// What the waits grow from.
    pub base: Span,
    /// What no wait exceeds, except a fixed one.
    pub cap: Span,
    /// How much longer each wait is than the one before. 2 in the sources.
    pub factor: f64,
    /// The exponent after the first failure. 0 in most texts, so that the first wait comes from the base itself; 1 in the
    /// simulator, whose counter is raised before it is used, so that its first wait comes from twice the base.
    pub first_exponent: u32,
}

impl Schedule {
    /// A schedule that doubles, whose first wait comes from `base` itself.
    pub const fn new(kind: Backoff, base: Span, cap: Span) -> Self {
        Self { kind, base, cap, factor: 2.0, first_exponent: 0 }
    }

    /// The schedule of the simulator behind the article: base 5 ms, cap 2 s, and 10 ms after the first failure.
    pub const fn contention(kind: Backoff) -> Self {
        Self { first_exponent: 1, ..Self::new(kind, Span::from_millis(5), Span::from_millis(2000)) }
    }

    /// v(k) = min(cap, base × factor^(first exponent + k − 1)), where `failed` is k, the number of the attempt that failed,
    /// from 1.
    pub fn envelope(&self, failed: u32) -> Span {
        let exponent = f64::from(self.first_exponent) + f64::from(failed.saturating_sub(1));
        scaled(self.base, libm::pow(self.factor, exponent)).min(self.cap)
    }

    /// How long to wait now that attempt `failed` has failed (from 1) and the last wait of this call was `previous` (zero, or
    /// the base, before the first). Only decorrelated jitter looks at `previous`; only a random shape at `draw`.
    pub fn wait(&self, failed: u32, previous: Span, draw: Draw) -> Span {
        match self.kind {
            Backoff::Immediate => Span::ZERO,
            Backoff::Fixed => self.base,
            Backoff::Exponential => self.envelope(failed),
            Backoff::FullJitter => draw.between(Span::ZERO, self.envelope(failed)),
            Backoff::EqualJitter => {
                let whole = self.envelope(failed);
                draw.between(scaled(whole, 0.5), whole)
            }
            Backoff::Decorrelated => {
                draw.between(self.base, scaled(previous.max(self.base), 3.0)).min(self.cap)
            }
        }
    }
}

/// `factor` times as long, to the nearest nanosecond and without a detour over seconds, so that doubling is exact. Too long
/// gives the longest.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "float casts saturate")]
pub(crate) fn scaled(span: Span, factor: f64) -> Span {
    Span::from_nanos((span.nanos() as f64 * factor + 0.5) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;

    const MS: fn(u64) -> Span = Span::from_millis;

    fn draw(n: u64) -> Draw {
        Random::new(1).stream("backoff").draw(n, 0)
    }

    #[test]
    fn the_wait_doubles_from_the_base_up_to_the_cap() {
        let schedule = Schedule::new(Backoff::Exponential, MS(100), MS(1000));
        let waits = (1..=6).map(|k| schedule.wait(k, Span::ZERO, draw(0)).millis()).collect::<Vec<_>>();
        assert_eq!(waits, [100, 200, 400, 800, 1000, 1000]);
        assert_eq!(schedule.wait(u32::MAX, Span::ZERO, draw(0)), MS(1000));
    }

    /// The simulator: the first back-off is computed from 10, and the cap binds from the ninth failure.
    #[test]
    fn the_simulator_begins_with_twice_the_base() {
        let schedule = Schedule::contention(Backoff::Exponential);
        let waits = (1..=9).map(|k| schedule.envelope(k).millis()).collect::<Vec<_>>();
        assert_eq!(waits, [10, 20, 40, 80, 160, 320, 640, 1280, 2000]);
    }

    #[test]
    fn a_fixed_wait_knows_no_cap_and_an_immediate_one_no_wait() {
        let schedule = Schedule::new(Backoff::Fixed, MS(20_000), MS(8000));
        assert_eq!(schedule.wait(3, MS(1), draw(0)), MS(20_000));
        let schedule = Schedule { kind: Backoff::Immediate, ..schedule };
        assert_eq!(schedule.wait(3, MS(1), draw(0)), Span::ZERO);
    }

    #[test]
    fn jitter_stays_between_its_bounds() {
        let (base, cap) = (MS(100), MS(10_000));
        for n in 0..2000 {
            for k in 1..=9 {
                let of = |kind| Schedule::new(kind, base, cap);
                let whole = of(Backoff::Exponential).envelope(k);
                let full = of(Backoff::FullJitter).wait(k, Span::ZERO, draw(n));
                let equal = of(Backoff::EqualJitter).wait(k, Span::ZERO, draw(n));
                let decorrelated = of(Backoff::Decorrelated).wait(k, MS(700), draw(n));
                assert!(full <= whole, "{full}");
                assert!(scaled(whole, 0.5) <= equal && equal <= whole, "{equal}");
                assert!(base <= decorrelated && decorrelated <= MS(2100), "{decorrelated}");
            }
        }
    }

    /// The means for base 100 ms and cap 10 s: half of v(k), three quarters of it, and for decorrelated jitter what a long
    /// simulation in another language gave.
    #[test]
    fn the_mean_waits_are_those_of_the_formulas() {
        let means = [
            (Backoff::FullJitter, [50.0, 100.0, 200.0, 400.0, 800.0, 1600.0, 3200.0, 5000.0]),
            (Backoff::EqualJitter, [75.0, 150.0, 300.0, 600.0, 1200.0, 2400.0, 4800.0, 7500.0]),
            (Backoff::Decorrelated, [200.0, 350.0, 576.0, 916.0, 1414.0, 2031.0, 2634.0, 3162.0]),
        ];
        let runs = 40_000;
        for (kind, expected) in means {
            let schedule = Schedule::new(kind, MS(100), MS(10_000));
            let mut sums = [0.0; 8];
            for run in 0..runs {
                let mut previous = Span::ZERO;
                for k in 1..=8 {
                    let draw = Random::new(1).stream("means").draw(run, u64::from(k));
                    previous = schedule.wait(k, previous, draw);
                    sums[k as usize - 1] += previous.secs() * 1e3;
                }
            }
            for (k, (sum, expected)) in sums.iter().zip(expected).enumerate() {
                let mean = sum / runs as f64;
                assert!((mean / expected - 1.0).abs() < 0.025, "{kind:?} {}: {mean} {expected}", k + 1);
            }
        }
    }
}
