//! The scale that a hand turns a knob on: which value is next.

use super::{Kind, Knob, NO_LIMIT, Value, round};
use crate::engine::time::Span;

impl Knob {
    /// The next larger or smaller value on a scale that a hand can work: words in order, numbers in 1-2-5 steps.
    pub fn turned(&self, value: Value, up: bool) -> Value {
        let turned = match (self.kind, value) {
            (Kind::Count { min, max }, Value::Count(n)) => Value::Count(step_count(n, up).clamp(min, max)),
            (Kind::Limit { max }, Value::Count(n)) => Value::Count(match (n, up) {
                (NO_LIMIT, true) => NO_LIMIT,
                (NO_LIMIT, false) => max.min(1000),
                (n, true) if n >= max.min(1000) => NO_LIMIT,
                (n, up) => step_count(n, up),
            }),
            (Kind::Number { min, max, .. }, Value::Number(x)) => {
                Value::Number(fine_step(x, up).clamp(min, max))
            }
            (Kind::Share, Value::Share(x)) => {
                let percent = (x * 100.0).round();
                Value::Share(if up { percent + 5.0 } else { percent - 5.0 }.clamp(0.0, 100.0) / 100.0)
            }
            (Kind::Span { min_ms, max_ms, zero }, Value::Span(span)) => {
                let (min, max) = (Span::from_millis(min_ms), Span::from_millis(max_ms));
                if zero.is_some() && (span <= min && !up) {
                    Value::Span(Span::ZERO)
                } else if span == Span::ZERO {
                    Value::Span(if up { min } else { span })
                } else {
                    Value::Span(Span::from_secs_f64(step(span.secs(), up)).clamp(min, max))
                }
            }
            (Kind::Choice(words), Value::Choice(word)) => {
                let at = words.iter().position(|w| *w == word).unwrap_or(0);
                let next = if up { (at + 1).min(words.len() - 1) } else { at.saturating_sub(1) };
                Value::Choice(words[next])
            }
            (Kind::Switch, Value::Switch(_)) => Value::Switch(up),
            (_, value) => value,
        };
        if self.admits(turned) { turned } else { value }
    }
}

/// The neighbours of a count: by one below ten, then as [`fine_step`].
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small, positive")]
fn step_count(n: u64, up: bool) -> u64 {
    if n < 10 || (n == 10 && !up) {
        return if up { n + 1 } else { n.saturating_sub(1) };
    }
    fine_step(n as f64, up).round() as u64
}

/// The next value on the scale 1, 1.1, 1.2 … 2, 2.5, 3 … 9.5, 10 of every decade: 70, 75 … 95, 100, 110.
fn fine_step(x: f64, up: bool) -> f64 {
    if x <= 0.0 {
        return if up { 1.0 } else { x };
    }
    let decade = decade(x);
    let place = x / decade;
    let grain = if place < 2.0 - 1e-6 || (place < 2.0 + 1e-6 && !up) { 10.0 } else { 2.0 };
    // At the lower end of a decade the way down leads into the finer one below.
    if !up && place < 1.0 + 1e-6 {
        return 0.95 * decade;
    }
    let steps = place * grain;
    let next = if up { libm::floor(steps + 1e-6) + 1.0 } else { libm::ceil(steps - 1e-6) - 1.0 };
    round(next * decade / grain)
}

/// The power of ten that `x` is at least.
fn decade(x: f64) -> f64 {
    libm::pow(10.0, libm::floor(libm::log10(x) + 1e-9))
}

/// The next value on the scale 1, 1.5, 2, 3, 5, 7.5, 10 of every decade.
fn step(x: f64, up: bool) -> f64 {
    const SCALE: [f64; 7] = [1.0, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0];
    if x <= 0.0 {
        return if up { 1.0 } else { x };
    }
    let decade = decade(x);
    let place = x / decade;
    if up {
        SCALE.into_iter().find(|s| *s > place + 1e-6).unwrap_or(15.0) * decade
    } else {
        SCALE.into_iter().rfind(|s| *s < place - 1e-6).unwrap_or(0.75) * decade
    }
}
