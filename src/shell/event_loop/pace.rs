//! When a frame of time is due, and how much simulation fits into it.

use std::time::Duration;

use tokio::time::Instant;

/// More wall time than this between two frames is a suspended program or a stalled terminal, not time to be simulated.
const MAX_ELAPSED: Duration = Duration::from_millis(100);

/// How long the simulation of a frame may take, so that a key pressed meanwhile is answered within a frame of a screen at
/// 60 Hz. A million clients need about a quarter of a core, and frames come every 33 ms.
const FRAME_BUDGET: Duration = Duration::from_millis(14);

/// A frame timer that exists only while something moves.
#[derive(Default, Debug)]
pub struct FrameTimer {
    ticking: Option<Ticking>,
}

#[derive(Clone, Copy, Debug)]
struct Ticking {
    /// When time was last told.
    told: Instant,
    /// When it should have been, so that lateness does not add up.
    beat: Instant,
}

impl FrameTimer {
    /// The wall time since the frame before, if a frame is due now. The first call while something moves starts the timer.
    pub fn elapsed_if_due(&mut self, now: Instant, interval: Option<Duration>) -> Option<Duration> {
        let Some(interval) = interval else {
            self.ticking = None;
            return None;
        };
        let ticking = self.ticking.get_or_insert(Ticking { told: now, beat: now });
        let due = ticking.beat + interval;
        if now < due {
            return None;
        }
        let elapsed = now - ticking.told;
        // A whole beat late: the missed ones are skipped, not made up for.
        let beat = if now < due + interval { due } else { now };
        *ticking = Ticking { told: now, beat };
        Some(elapsed.min(MAX_ELAPSED))
    }

    /// When the next frame is due, once the timer runs.
    pub fn due(&self, interval: Option<Duration>) -> Option<Instant> {
        Some(self.ticking?.beat + interval?)
    }
}

/// How many events of a simulation fit into a frame, by what they have cost so far.
#[derive(Debug)]
pub struct Allowance {
    nanos_per_event: u64,
}

impl Default for Allowance {
    fn default() -> Self {
        // A guess on the slow side: the first frame may be short, it must not be long.
        Self { nanos_per_event: 2_000 }
    }
}

impl Allowance {
    /// Even the costliest simulation moves, and the guess can be mended by measuring.
    const LEAST: u64 = 256;
    /// Fewer events than this say more about the rest of the frame than about an event.
    const WORTH_MEASURING: u64 = 64;

    /// How many events the next frame may handle.
    pub fn events(&self) -> u64 {
        (nanos(FRAME_BUDGET) / self.nanos_per_event).max(Self::LEAST)
    }

    /// Takes in that so many events took so long.
    pub fn learn(&mut self, cost: Duration, events: u64) {
        if events < Self::WORTH_MEASURING {
            return;
        }
        let measured = (nanos(cost) / events).max(1);
        let known = self.nanos_per_event;
        // Slower by up to double at once, as a long frame is felt; but one hiccup of the machine is not the simulation.
        self.nanos_per_event =
            if measured > known { measured.min(2 * known) } else { (3 * known + measured) / 4 }.max(1);
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEAT: Option<Duration> = Some(Duration::from_millis(33));

    fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    #[test]
    fn there_is_no_timer_while_nothing_moves() {
        let start = Instant::now();
        let mut timer = FrameTimer::default();
        assert_eq!(timer.elapsed_if_due(start, None), None);
        assert_eq!(timer.due(None), None);
        assert_eq!(timer.elapsed_if_due(start, BEAT), None, "starts");
        assert_eq!(timer.due(BEAT), Some(start + ms(33)));
        assert_eq!(timer.elapsed_if_due(start + ms(40), None), None, "stops");
        assert_eq!(
            timer.elapsed_if_due(start + ms(90), BEAT),
            None,
            "starts anew, without the time that it stood"
        );
    }

    #[test]
    fn lateness_does_not_add_up_and_no_time_is_lost() {
        let start = Instant::now();
        let mut timer = FrameTimer::default();
        assert_eq!(timer.elapsed_if_due(start, BEAT), None);
        assert_eq!(timer.elapsed_if_due(start + ms(35), BEAT), Some(ms(35)));
        assert_eq!(timer.elapsed_if_due(start + ms(65), BEAT), None);
        assert_eq!(timer.elapsed_if_due(start + ms(66), BEAT), Some(ms(31)));
    }

    #[test]
    fn a_gap_is_clamped_and_not_made_up_for() {
        let start = Instant::now();
        let mut timer = FrameTimer::default();
        assert_eq!(timer.elapsed_if_due(start, BEAT), None);
        assert_eq!(timer.elapsed_if_due(start + ms(60_000), BEAT), Some(ms(100)));
        assert_eq!(timer.elapsed_if_due(start + ms(60_001), BEAT), None);
        assert_eq!(timer.due(BEAT), Some(start + ms(60_033)));
    }

    #[test]
    fn the_allowance_settles_at_the_budget() {
        let mut allowance = Allowance::default();
        for _ in 0..40 {
            let events = allowance.events();
            allowance.learn(Duration::from_nanos(250 * events), events);
        }
        // Whole nanoseconds: the average stops up to 3 ns short.
        assert!((54_000..=56_000).contains(&allowance.events()), "{}", allowance.events());
        for _ in 0..8 {
            let events = allowance.events();
            allowance.learn(Duration::from_micros(10 * events), events);
        }
        assert_eq!(allowance.events(), 1400);
    }

    #[test]
    fn one_hiccup_halves_it_at_most_and_small_frames_teach_nothing() {
        let mut allowance = Allowance::default();
        let before = allowance.events();
        allowance.learn(Duration::from_secs(1), 100);
        assert_eq!(allowance.events(), before / 2);
        allowance.learn(Duration::from_secs(1), 3);
        assert_eq!(allowance.events(), before / 2);
        for _ in 0..40 {
            allowance.learn(Duration::from_secs(1), 100);
        }
        assert_eq!(allowance.events(), Allowance::LEAST);
    }
}
