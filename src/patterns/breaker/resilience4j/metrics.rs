//! One state's results and what is computed from them: `CircuitBreakerMetrics` of Resilience4j 2.4.0. Knows no state.

use super::window::{CountWindow, TimeWindow, Window};
use super::{Config, WindowKind};
use crate::engine::time::Time;
use crate::patterns::breaker::{Counts, Permit, Refused};

/// The results that the current state looks at. OPEN goes on with those of the state before.
#[derive(Clone, Debug)]
pub(super) struct Metrics {
    pub window: Window,
    /// Results it takes before there are rates.
    pub minimum: u32,
    /// Calls refused under this object.
    pub not_permitted: u32,
}

impl Metrics {
    /// An empty count window. Its size caps the minimum.
    pub fn counting(size: u32, minimum: u32) -> Self {
        Self { window: Window::Count(CountWindow::new(size)), minimum: minimum.min(size), not_permitted: 0 }
    }

    /// The empty window of CLOSED.
    pub fn as_configured(config: &Config, now: Time) -> Self {
        match config.window {
            WindowKind::Count(size) => Self::counting(size, config.minimum_calls),
            // A time window does not cap the minimum: with too little traffic it never opens.
            WindowKind::Seconds(seconds) => Self {
                window: Window::Time(TimeWindow::new(seconds, now)),
                minimum: config.minimum_calls,
                not_permitted: 0,
            },
        }
    }

    /// Counts a refusal.
    pub fn refuse(&mut self, why: Refused) -> Result<Permit, Refused> {
        self.not_permitted = self.not_permitted.saturating_add(1);
        Err(why)
    }

    /// The share of `bad` in percent, in 32-bit floats and in the library's order; `None` (its -1) below the minimum.
    pub fn percent(&self, bad: u32, counts: Counts) -> Option<f32> {
        let enough = counts.calls > 0 && counts.calls >= self.minimum;
        enough.then(|| bad as f32 * 100.0 / counts.calls as f32)
    }
}
