//! Stateless, keyed randomness: a draw is a hash of (seed, purpose, subject, ordinal).
//!
//! Nothing is consumed, so two runs that differ in one knob still see the same arrivals and the same service
//! times: a draw belongs to what it is *about* (service time to the job and attempt, never to the server).
//! The mixing function is the finaliser of `SplitMix64` (Steele, Lea, Flood 2014, in Stafford's variant 13);
//! logarithms come from `libm`, so the same seed gives the same bits everywhere.

use super::time::Span;

/// The golden ratio in 64 bits, the increment of `SplitMix64`.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The randomness of one run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Random {
    seed: u64,
}

/// The draws of one run for one purpose ("arrival", "service time"); cheap to copy and to keep.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stream {
    key: u64,
}

/// One draw: 64 well-mixed bits, to be read as a number of the kind that is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Draw(u64);

impl Random {
    /// The randomness that belongs to `seed`.
    pub const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The draws for `purpose`. Different names give independent streams.
    pub const fn stream(self, purpose: &str) -> Stream {
        // FNV-1a: purposes are a handful of constant names; the mixing below does the rest.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let bytes = purpose.as_bytes();
        let mut i = 0;
        while i < bytes.len() {
            hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0100_0000_01b3);
            i += 1;
        }
        Stream { key: mix(mix(self.seed.wrapping_add(GOLDEN)) ^ hash) }
    }
}

impl Stream {
    /// The draw about `subject` (a job, a node), the `ordinal`-th of its kind (its attempt, its term).
    pub const fn draw(self, subject: u64, ordinal: u64) -> Draw {
        Draw(mix(mix(self.key.wrapping_add(subject.wrapping_mul(GOLDEN)))
            .wrapping_add(ordinal.wrapping_mul(GOLDEN))))
    }
}

impl Draw {
    /// The raw bits.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Uniform in [0, 1), 53 bits.
    pub const fn unit(self) -> f64 {
        (self.0 >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// True with probability `p`.
    pub const fn chance(self, p: f64) -> bool {
        self.unit() < p
    }

    /// Uniform in `0..n`; 0 if `n` is 0. The bias is below 2^-32 for any `n` used here.
    pub const fn below(self, n: u64) -> u64 {
        ((self.0 as u128 * n as u128) >> 64) as u64
    }

    /// Uniform between two spans.
    pub fn between(self, low: Span, high: Span) -> Span {
        low + high.saturating_sub(low).times(self.unit())
    }

    /// Normally distributed with mean 0 and standard deviation 1 (Box and Muller 1958).
    pub fn normal(self) -> f64 {
        let angle = 2.0 * std::f64::consts::PI * Self(mix(self.0.wrapping_add(GOLDEN))).unit();
        libm::sqrt(-2.0 * libm::log(1.0 - self.unit())) * libm::cos(angle)
    }

    /// Exponentially distributed with the given mean.
    pub fn exponential(self, mean: Span) -> Span {
        mean.times(-libm::log(1.0 - self.unit()))
    }
}

/// The finaliser of `SplitMix64`.
const fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_depends_on_its_key_alone() {
        let service = Random::new(7).stream("service");
        let first = service.draw(3, 0);
        let _ = service.draw(99, 4);
        assert_eq!(service.draw(3, 0), first);
        assert_ne!(service.draw(3, 1), first);
        assert_ne!(service.draw(4, 0), first);
        assert_ne!(Random::new(8).stream("service").draw(3, 0), first);
        assert_ne!(Random::new(7).stream("arrival").draw(3, 0), first);
    }

    #[test]
    fn the_bits_are_pinned_for_every_platform() {
        let draw = Random::new(42).stream("arrival").draw(1, 2);
        assert_eq!(draw.bits(), 0x87a9_2e5a_3a2e_9681, "{:#x}", draw.bits());
        assert_eq!(draw.exponential(Span::from_secs(1)).nanos(), 754_863_550);
    }

    #[test]
    fn uniform_and_exponential_draws_have_their_means() {
        let stream = Random::new(1).stream("test");
        let n = 200_000_u64;
        let (mut unit, mut wait, mut sixes) = (0.0, 0.0, 0);
        let (mut normal, mut squares) = (0.0, 0.0);
        for i in 0..n {
            unit += stream.draw(i, 0).unit();
            wait += stream.draw(i, 1).exponential(Span::from_millis(100)).secs();
            sixes += u64::from(stream.draw(i, 2).below(6) == 5);
            let deviate = stream.draw(i, 3).normal();
            normal += deviate;
            squares += deviate * deviate;
        }
        let n = n as f64;
        assert!((unit / n - 0.5).abs() < 0.003, "{}", unit / n);
        assert!((wait / n - 0.1).abs() < 0.001, "{}", wait / n);
        assert!((sixes as f64 / n - 1.0 / 6.0).abs() < 0.003);
        assert!((normal / n).abs() < 0.01 && (squares / n - 1.0).abs() < 0.02, "{normal} {squares}");
    }
}
