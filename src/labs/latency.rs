//! Latencies of one second, for exact percentiles.

use crate::engine::time::Span;

/// The latencies seen since the last [`Latencies::clear`].
#[derive(Clone, Debug, Default)]
pub struct Latencies {
    seen: Vec<Span>,
}

impl Latencies {
    /// Adds one.
    pub fn add(&mut self, latency: Span) {
        self.seen.push(latency);
    }

    /// The smallest latency that a share `q` of all do not exceed, in seconds (nearest rank); `NaN` if there are none.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank within the list")]
    pub fn quantile(&mut self, q: f64) -> f64 {
        let rank = (q * self.seen.len() as f64).ceil() as usize;
        match self.seen.len() {
            0 => f64::NAN,
            n => self.seen.select_nth_unstable(rank.clamp(1, n) - 1).1.secs(),
        }
    }

    /// Bytes that a copy takes.
    pub const fn bytes(&self) -> usize {
        self.seen.len() * size_of::<Span>()
    }

    /// Forgets them.
    pub fn clear(&mut self) {
        self.seen.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let mut seen = Latencies::default();
        assert!(seen.quantile(0.5).is_nan());
        (1..=100).rev().for_each(|ms| seen.add(Span::from_millis(ms)));
        assert_eq!((seen.quantile(0.5), seen.quantile(0.99), seen.quantile(1.0)), (0.05, 0.099, 0.1));
    }
}
