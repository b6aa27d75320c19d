//! What the run is watched for, above what happened last.
//!
//! ```text
//!  A breaker without slow rule never opens: first_open_s is none, at 60 s, on 20 seeds      before anything is done
//!  [ok] queue < 20   [no] mean(p50_s) < 0.3: p50_s came to 0.75, not < 0.3                  from then on
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::inset;
use crate::app::bench::Bench;
use crate::app::brief::{Brief, Kind, Standing};
use crate::engine::time::Time;
use crate::labs::scene::Tone;
use crate::ui::frame;
use crate::ui::theme::{Role, Theme};
use crate::ui::wrap::{self, Run};

/// What stands in the header: the goal, or that this is a claim.
pub(super) fn title(brief: &Brief) -> String {
    match brief.kind {
        Kind::Goal => format!("goal: {}", brief.title),
        Kind::Claim => "a claim".to_owned(),
    }
}

/// Draws it into the first rows of `area` and gives the rows used: all of them before anything is done and at the end of
/// a claim, else one.
pub(super) fn view(bench: &Bench, area: Rect, buf: &mut Buffer, theme: Theme) -> u16 {
    let Some(brief) = bench.brief() else { return 0 };
    let player = bench.player();
    let now = player.lab().now();
    let is_fresh = now == Time::ZERO && player.remark().is_none() && player.changes().is_empty();
    let standings = brief.standings(player.lab());
    let (runs, rows) = match brief.kind {
        Kind::Claim if is_fresh => (fresh(brief, theme), area.height),
        Kind::Claim if now >= brief.end => (verdict(brief, &standings, now, theme), area.height),
        Kind::Claim | Kind::Goal => (live(&standings, theme), area.height.min(1)),
    };
    let lines = wrap::wrap(&runs, inset(area).width);
    frame::put_lines(&lines, frame::rows(inset(area), 0, rows), buf, theme);
    u16::try_from(lines.len()).unwrap_or(u16::MAX).min(rows)
}

fn fresh(brief: &Brief, theme: Theme) -> Vec<Run> {
    let runs = if brief.runs == 1 { "1 seed".to_owned() } else { format!("{} seeds", brief.runs) };
    let end = brief.end.secs();
    let says = if brief.title.is_empty() { String::new() } else { format!("{} ", brief.title) };
    vec![
        Run::new(says, theme.style(Role::Strong)),
        Run::new(format!("Checked at {end} s on {runs}: {}", brief.condition()), theme.style(Role::Text)),
    ]
}

fn verdict(brief: &Brief, standings: &[Standing], now: Time, theme: Theme) -> Vec<Run> {
    if now > brief.end {
        let text = format!("The claim is about the first {} s: R starts over. ", brief.end.secs());
        return vec![Run::new(text, theme.style(Role::Strong))];
    }
    let (text, style) = match standings {
        all if all.iter().any(|it| it.holds == Some(false)) => {
            ("Does not hold here. ", theme.tone(Tone::Bad))
        }
        all if all.iter().all(|it| it.holds.is_none()) => ("Of this run: ", theme.style(Role::Strong)),
        _ => ("Holds here. ", theme.tone(Tone::Good)),
    };
    let mut runs = vec![Run::new(text, style)];
    runs.extend(standings.iter().map(|it| Run::new(format!("{}. ", it.text), theme.style(Role::Text))));
    runs
}

fn live(standings: &[Standing], theme: Theme) -> Vec<Run> {
    let spoken = |it: &Standing| {
        let style = match it.holds {
            Some(true) => theme.tone(Tone::Good),
            Some(false) => theme.tone(Tone::Bad),
            None => theme.style(Role::Text),
        };
        Run::new(format!("{} {}   ", it.mark(), it.text), style)
    };
    standings.iter().map(spoken).collect()
}
