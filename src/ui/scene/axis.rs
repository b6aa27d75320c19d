//! Time along the width: which column an instant falls into, and the labels beneath.
//!
//! ```text
//! 0 s       2 s       4 s    @
//! ```

use super::canvas::{Canvas, width};
use crate::engine::time::Time;
use crate::labs::scene::{Stretch, Tone, Window};
use crate::ui::theme::Role;

/// Columns that carry a window of time.
#[derive(Clone, Copy)]
pub(super) struct Axis {
    /// The first column.
    pub(super) x: u16,
    /// How many.
    pub(super) columns: u16,
    /// What they show.
    pub(super) window: Window,
}

/// Columns between two labels, at least.
const APART: u128 = 10;

impl Axis {
    /// The column of an instant, counted from the axis's own start; `None` outside the window.
    pub(super) fn column(&self, at: Time) -> Option<u16> {
        (self.window.from <= at && at <= self.window.to).then(|| self.clamped(at))
    }

    /// The column of an instant, or the edge that is nearer to it.
    pub(super) fn clamped(&self, at: Time) -> u16 {
        let (from, to) = (self.window.from.nanos(), self.window.to.nanos());
        let length = u128::from(to.saturating_sub(from)).max(1);
        let passed = u128::from(at.nanos().clamp(from, to.max(from)) - from);
        let column = passed * u128::from(self.columns) / length;
        u16::try_from(column).unwrap_or(u16::MAX).min(self.columns.saturating_sub(1))
    }

    /// The columns of a stretch, the last one excluded; empty outside the window. One that lasts at all has a column.
    pub(super) fn columns_of(&self, stretch: &Stretch) -> std::ops::Range<u16> {
        let Window { from, to, now } = self.window;
        let end = if stretch.to == Time::NEVER { now.max(stretch.from) } else { stretch.to };
        if end < from || stretch.from > to || self.columns == 0 {
            return 0..0;
        }
        let first = self.clamped(stretch.from);
        // A stretch that reaches the edge fills the last column too.
        let last = if end >= to { self.columns } else { self.clamped(end) };
        first..last.max(first.saturating_add(1)).min(self.columns)
    }

    /// Draws the labels into row `y`, and `@` at the present if it is inside.
    pub(super) fn draw(&self, y: u16, canvas: &mut Canvas<'_>) {
        let dim = canvas.role(Role::Dim);
        let (from, to) = (self.window.from.nanos(), self.window.to.nanos());
        if from >= to {
            return;
        }
        let step = self.step();
        let mut tick = from.div_ceil(step).saturating_mul(step);
        let now = self.column(self.window.now).filter(|_| self.window.now < self.window.to);
        let mut free = 0;
        while tick <= to {
            let column = self.clamped(Time::from_nanos(tick));
            let text = label(tick, step);
            // A label whose digits the present would cover reads as another number.
            let end = column.saturating_add(width(&text));
            let covered = now.is_some_and(|now| (column..end).contains(&now));
            if column >= free && end <= self.columns && !covered {
                canvas.put(self.x.saturating_add(column), y, &text, dim);
                free = end.saturating_add(2);
            }
            tick = match tick.checked_add(step) {
                Some(next) => next,
                None => break,
            };
        }
        if let Some(column) = now {
            let style = canvas.role(Role::Focus);
            canvas.letter(self.x.saturating_add(column), y, '@', style);
        }
    }

    /// The distance between two labels in nanoseconds: 1, 2 or 5 times a power of ten.
    fn step(&self) -> u64 {
        let length = u128::from(self.window.to.nanos().saturating_sub(self.window.from.nanos()));
        let least = length * APART / u128::from(self.columns.max(1));
        let mut power = 1_000_u64;
        loop {
            for factor in [1, 2, 5] {
                let step = power.saturating_mul(factor);
                if u128::from(step) >= least || step == u64::MAX {
                    return step;
                }
            }
            power = power.saturating_mul(10);
        }
    }
}

/// An instant in the unit of the step: `2 s`, `150 ms`.
fn label(nanos: u64, step: u64) -> String {
    if step >= 1_000_000_000 {
        format!("{} s", nanos / 1_000_000_000)
    } else if step >= 100_000_000 {
        format!("{}.{} s", nanos / 1_000_000_000, nanos / 100_000_000 % 10)
    } else if step >= 1_000_000 {
        format!("{} ms", nanos / 1_000_000)
    } else {
        format!("{} us", nanos / 1_000)
    }
}

/// Fills columns with the letter of a state. A plain state is told by its first letter and then recedes.
pub(super) fn fill(stretch: &Stretch, axis: &Axis, y: u16, canvas: &mut Canvas<'_>) {
    let columns = axis.columns_of(stretch);
    let (x, long) = (axis.x.saturating_add(columns.start), columns.end.saturating_sub(columns.start));
    let style = canvas.tone(stretch.tone);
    if matches!(stretch.tone, Tone::Plain | Tone::Idle) && stretch.letter.is_ascii_alphabetic() {
        let dim = canvas.role(Role::Dim);
        canvas.repeat(x, y, '-', long, dim);
        canvas.repeat(x, y, stretch.letter, long.min(1), style);
    } else {
        canvas.repeat(x, y, stretch.letter, long, style);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(columns: u16) -> Axis {
        Axis { x: 0, columns, window: Window::until(Time::from_secs(10), Time::from_secs(30)) }
    }

    #[test]
    fn instants_fall_into_columns() {
        let axis = axis(20);
        assert_eq!(axis.column(Time::from_secs(10)), Some(0));
        assert_eq!(axis.column(Time::from_millis(10_999)), Some(0));
        assert_eq!(axis.column(Time::from_secs(11)), Some(1));
        assert_eq!(axis.column(Time::from_secs(30)), Some(19));
        assert_eq!((axis.column(Time::from_secs(9)), axis.column(Time::from_secs(31))), (None, None));
    }

    #[test]
    fn steps_are_round_numbers() {
        assert_eq!(axis(60).step(), 5_000_000_000);
        assert_eq!(axis(100).step(), 2_000_000_000);
        assert_eq!(axis(0).step(), 200_000_000_000);
    }

    #[test]
    fn an_empty_window_does_no_harm() {
        let axis = Axis { x: 0, columns: 0, window: Window::default() };
        assert_eq!(axis.clamped(Time::NEVER), 0);
        assert!(axis.step() >= 1_000);
    }
}
