//! A sweep over the chosen knob: how far it is, then a line for each value and the curve of the medians.
//!
//! ```text
//! +- vary rate: queue, 2 of 4 -------------------------------------------+
//! |              p10    p50    p90                                       |
//! |  50/s          0      0      2  |--                                  |
//! |> 70/s          0      1      9  =|===-----                           |
//! |  95/s          2     21     48    ---=====|=======-----------        |
//! |                                 0                                48  |
//! |   60 |                    .                                          |
//! |      |             .  o                                              |
//! |    0 +----------------------                                         |
//! | 60 s, 20 seeds; - p10 to p90  = p25 to p75  | median                 |
//! +----------------------------------------------------------------------+
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::bench::{Progress, Sweep, unit};
use crate::app::player::Player;
use crate::labs::knob::{Kind, Value};
use crate::labs::reading::ReadingSpec;
use crate::labs::scene::{Axis, Curve, Path, Picture, Tone, Unit};
use crate::labs::sweep::table::{digits, ends, strip};
use crate::labs::sweep::{Outcome, Summary};
use crate::ui::frame;
use crate::ui::scene::{self, Look};
use crate::ui::theme::{Role, Theme};

const WIDTH: u16 = 76;
/// Rows of the curve, with its axis.
const CURVE: u16 = 9;
/// Columns before the lines: the value of the knob and three figures.
const HEAD: usize = 38;

/// Draws it.
pub(super) fn view(player: &Player, sweep: &Sweep, area: Rect, buf: &mut Buffer, theme: Theme) {
    let plan = sweep.plan();
    let Some((varied, spec)) = plan.varied().first().zip(plan.specs().nth(sweep.reading())) else { return };
    let values = u16::try_from(varied.values.len()).unwrap_or(u16::MAX);
    // Words have no curve.
    let has_words = matches!(varied.knob.kind, Kind::Choice(_) | Kind::Switch);
    let height = values.saturating_add(5 + if has_words { 0 } else { CURVE });
    let count = plan.readings().len();
    let title = format!("vary {}: {}, {} of {count}", varied.knob.name, spec.name, sweep.reading() + 1);
    let inner = frame::window(&title, (WIDTH, height), area, buf, theme);
    let dim = theme.style(Role::Dim);
    let note = match sweep.progress() {
        Progress::Runs(done) => {
            let all = plan.runs().max(1);
            let part = 100 * done / all;
            let row = frame::row(inner, 1);
            frame::put(&format!(" {done} of {all} runs, {part} %"), row, buf, theme.style(Role::Text));
            let wide = usize::from(inner.width.saturating_sub(4)) * done / all;
            frame::put(
                &format!(" {}", "#".repeat(wide)),
                frame::row(inner, 2),
                buf,
                theme.style(Role::Strong),
            );
            " Esc stops it.".to_owned()
        }
        Progress::Failed(sentence) => format!(" {sentence}"),
        Progress::Done(_) => {
            let now = player.lab().knobs().value(varied.index);
            lines(&sweep.summaries(), now, inner, buf, theme);
            let top = values.saturating_add(2);
            let curve = frame::rows(inner, top, inner.height.saturating_sub(top + 1));
            if let Some(path) = path(&sweep.summaries(), spec).filter(|_| curve.height >= 5) {
                scene::draw_picture(&Picture::Path(path), curve, buf, Look::of(theme));
            }
            let (seeds, until) = (plan.seeds().end(), plan.until().whole_secs());
            format!(" {until} s, {seeds} seeds   . all   - p10 to p90   = p25 to p75   | median")
        }
    };
    frame::put(&note, frame::row(inner, inner.height.saturating_sub(1)), buf, dim);
}

/// The table with a box and its whiskers for each value.
fn lines(of: &[&Summary], now: Option<Value>, inner: Rect, buf: &mut Buffer, theme: Theme) {
    let head = format!("  {:<14}{:>7}{:>7}{:>7}", "", "p10", "p50", "p90");
    frame::put(&head, frame::row(inner, 0), buf, theme.style(Role::Dim));
    let wide = usize::from(inner.width).saturating_sub(HEAD + 1);
    let scale = ends(of.iter().copied());
    let rows = u16::try_from(of.len()).unwrap_or(u16::MAX);
    for (summary, number) in of.iter().zip(1..) {
        let Some((knob, value)) = summary.settings.first() else { continue };
        let is_now = now == Some(*value);
        let style = if is_now { theme.style(Role::Focus) } else { theme.style(Role::Text) };
        let label = frame::fit(&knob.show(*value), 14);
        let told = match (&summary.outcome, scale) {
            (Outcome::Numbers(Some(it)), Some(scale)) => format!(
                "{:>7}{:>7}{:>7}  {}",
                digits(it.p10),
                digits(it.p50),
                digits(it.p90),
                strip(it, scale, wide)
            ),
            (Outcome::Words(words), _) => {
                words.iter().map(|(word, count)| format!("{word} {count}")).collect::<Vec<_>>().join("  ")
            }
            _ => "never came to be".to_owned(),
        };
        let cursor = if is_now { ">" } else { " " };
        frame::put(&format!("{cursor} {label:<14}{told}"), frame::row(inner, number), buf, style);
    }
    if let Some((low, high)) = scale.filter(|(low, high)| low < high) {
        let (low, high) = (digits(low), digits(high));
        let gap = wide.saturating_sub(low.len());
        let axis = format!("{:HEAD$} {low}{high:>gap$}", "");
        frame::put(&axis, frame::row(inner, rows.saturating_add(1)), buf, Style::new());
    }
}

/// The medians and the tenths over a knob that has numbers.
fn path(of: &[&Summary], spec: &ReadingSpec) -> Option<Path> {
    let (knob, _) = of.first()?.settings.first()?;
    let x_unit = match knob.kind {
        Kind::Share => Unit::Share,
        Kind::Span { .. } => Unit::Seconds,
        Kind::Count { .. } | Kind::Limit { .. } | Kind::Number { .. } => Unit::None,
        Kind::Choice(_) | Kind::Switch => return None,
    };
    let points: Vec<(f64, &crate::labs::sweep::Figures)> = of
        .iter()
        .filter_map(|summary| {
            let x = summary.settings.first()?.1.number().filter(|x| x.is_finite())?;
            Some((x, summary.figures()?))
        })
        .collect();
    let (first, last) = (points.first()?.0, points.last()?.0);
    let high = points.iter().map(|(_, it)| it.p90).fold(f64::NEG_INFINITY, f64::max);
    let low = points.iter().map(|(_, it)| it.p10).fold(f64::INFINITY, f64::min);
    if first >= last || low >= high {
        return None;
    }
    let curve =
        |label: &str, letter: char, tone: Tone, figure: fn(&crate::labs::sweep::Figures) -> f64| Curve {
            label: label.to_owned(),
            letter,
            tone,
            points: points.iter().map(|(x, it)| (*x, figure(it))).collect(),
            ..Curve::default()
        };
    Some(Path {
        x: Axis { label: knob.name.to_owned(), unit: x_unit, min: first, max: last },
        y: Axis { label: spec.name.to_owned(), unit: unit(spec), min: low.min(0.0), max: high },
        curves: vec![
            curve("p90", '-', Tone::Plain, |it| it.p90),
            curve("p10", '.', Tone::Plain, |it| it.p10),
            curve("median", 'o', Tone::Accent, |it| it.p50),
        ],
        points: Vec::new(),
    })
}
