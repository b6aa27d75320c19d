//! Adaptive throttling at the client, of Google's *Site Reliability Engineering*, chapter 21, "Client-Side Throttling".
//!
//! Refusing is work too, and a server can drown in it. So a client counts what its application asked for and what the server
//! accepted over the last two minutes, and refuses a share by itself. It needs no word from the server but the refusals, and
//! goes on sending K times what is accepted, so it sees when the server is back.

use crate::engine::random::Draw;
use crate::engine::time::{Span, Time};

/// The probability to refuse a request without sending it: max(0, (requests − k × accepts) / (requests + 1)).
///
/// The 1 keeps it below certainty, so that some requests go out however bad it is.
pub fn rejection_probability(requests: u64, accepts: u64, k: f64) -> f64 {
    let (requests, accepts) = (requests as f64, accepts as f64);
    ((requests - k * accepts) / (requests + 1.0)).max(0.0)
}

/// The settings, with the values of the book.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Config {
    /// K: the requests that are sent for each accepted one, before any is refused. Default 2. Nearer to 1 refuses sooner.
    pub k: f64,
    /// How far back the counts reach. Default two minutes.
    pub window: Span,
    /// In how many slices the window moves on; at least 1. Default 120, so by the second. The book doesn't say.
    pub slices: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self { k: 2.0, window: Span::from_secs(120), slices: 120 }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
struct Counts {
    requests: u64,
    accepts: u64,
}

/// The counters of one client towards one server.
#[derive(Clone, PartialEq, Debug)]
pub struct AdaptiveThrottle {
    k: f64,
    slice: u64,
    slices: Vec<Counts>,
    /// Number of the current slice since time zero.
    current: u64,
    total: Counts,
}

impl AdaptiveThrottle {
    /// A throttle that has seen nothing, and refuses nothing.
    pub fn new(config: Config) -> Self {
        let slices = config.slices.max(1);
        Self {
            k: config.k,
            slice: (config.window.nanos() / u64::from(slices)).max(1),
            slices: vec![Counts::default(); slices as usize],
            current: 0,
            total: Counts::default(),
        }
    }

    /// The application asks for a request at `now`: whether to send it. It is counted either way, before it is sent; counting only
    /// what was sent, or what was answered, would measure something else.
    #[must_use = "a request that is not let through must not be sent"]
    pub fn try_acquire(&mut self, now: Time, draw: Draw) -> bool {
        let refuse = draw.chance(self.rejection(now));
        self.slot(now).requests += 1;
        self.total.requests += 1;
        !refuse
    }

    /// The server accepted a request: it gave an answer, good or bad, other than "overloaded".
    pub fn on_accepted(&mut self, now: Time) {
        self.slot(now).accepts += 1;
        self.total.accepts += 1;
    }

    /// The probability with which the next request would be refused.
    pub fn rejection(&mut self, now: Time) -> f64 {
        self.slot(now);
        rejection_probability(self.total.requests, self.total.accepts, self.k)
    }

    /// Requests that were asked for and accepted over the window.
    pub fn counts(&mut self, now: Time) -> (u64, u64) {
        self.slot(now);
        (self.total.requests, self.total.accepts)
    }

    /// Bytes that a copy takes, its window included.
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + self.slices.len() * size_of::<Counts>()
    }

    /// The slice of `now`, after what is older than the window was forgotten.
    fn slot(&mut self, now: Time) -> &mut Counts {
        let places = self.slices.len() as u64;
        let number = now.nanos() / self.slice;
        let place = |number: u64| usize::try_from(number % places).unwrap_or_default();
        for passed in self.current + 1..=number.min(self.current + places) {
            let gone = std::mem::take(&mut self.slices[place(passed)]);
            self.total.requests -= gone.requests;
            self.total.accepts -= gone.accepts;
        }
        self.current = self.current.max(number);
        &mut self.slices[place(self.current)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Random;

    #[test]
    fn the_probability_is_that_of_the_book() {
        for (accepts, p) in [(100, 0.0), (50, 0.0), (40, 0.198), (25, 0.495), (10, 0.792), (0, 0.990)] {
            let found = rejection_probability(100, accepts, 2.0);
            assert!((found - p).abs() < 0.0005, "{accepts}: {found}");
        }
        assert!(rejection_probability(0, 0, 2.0).abs() < 1e-12);
    }

    /// The application asks for 100 a second, of which the server accepts at most `capacity`. Gives what was sent a second in the
    /// last minute.
    fn sent_per_second(throttle: &mut AdaptiveThrottle, from: u64, seconds: u64, capacity: u32) -> f64 {
        let draws = Random::new(3).stream("throttle");
        let mut sent_late = 0;
        for second in from..from + seconds {
            let mut accepted = 0;
            for i in 0..100 {
                let now = Time::from_millis(second * 1000 + i * 10);
                if throttle.try_acquire(now, draws.draw(second, i)) {
                    sent_late += u64::from(second >= from + seconds - 60);
                    if accepted < capacity {
                        accepted += 1;
                        throttle.on_accepted(now);
                    }
                }
            }
        }
        sent_late as f64 / 60.0
    }

    /// With K = 2 the server refuses about one request for each that it accepts; everything else stays at the client.
    #[test]
    fn twice_what_is_accepted_is_sent_and_all_of_it_once_the_server_is_back() {
        let mut throttle = AdaptiveThrottle::new(Config::default());
        let sent = sent_per_second(&mut throttle, 0, 300, 100);
        assert!((sent - 100.0).abs() < 1e-9, "{sent}");
        let sent = sent_per_second(&mut throttle, 300, 400, 10);
        assert!((18.0..22.0).contains(&sent), "{sent}");
        let sent = sent_per_second(&mut throttle, 700, 300, 100);
        assert!((sent - 100.0).abs() < 1e-9, "{sent}");
    }

    #[test]
    fn what_is_older_than_two_minutes_is_forgotten() {
        let mut throttle = AdaptiveThrottle::new(Config::default());
        let draw = Random::new(1).stream("throttle").draw(0, 0);
        for second in 0..10 {
            let _ = throttle.try_acquire(Time::from_secs(second), draw);
        }
        throttle.on_accepted(Time::from_secs(9));
        assert_eq!(throttle.counts(Time::from_secs(119)), (10, 1));
        assert_eq!(throttle.counts(Time::from_secs(125)), (4, 1));
        assert_eq!(throttle.counts(Time::from_secs(100_000)), (0, 0));
    }
}
