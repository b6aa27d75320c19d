//! Remedies compared: a row for each, a column for each thing that is measured, and below the cell under the cursor in
//! words and, where there is room, as a distribution beside the others.
//!
//! ```text
//!  A hang of 20 s, and five cures                             20 seeds, 240 runs
//!                     CURED                        PAID
//!                     browse     slow errors       pay after   refused on a
//!                     served     in the outage     the heal    healthy day
//!                     /s, more   less              s, less     less
//!    no remedy           0.1        571               0           0
//!  > timeout 1 s       + 29.8     - 600             + 0         =  0
//!    breaker           +[30.1]    + 41              - 60        =  0
//!
//!  breaker: it rejects after ten failures of twenty. breaker = resilience4j
//!  browse served: 30.1/s, 8 of 10 runs from 29 to 31/s; no remedy 0.1/s. BUYS: ...
//!  + buys  - costs  = same  ? depends on luck; medians
//! ```

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::app::lesson::cure::{Compared, State};
use crate::labs::cure::{Better, Cell, Kind, Mark, Plan, Table, amount, glyph};
use crate::labs::scene::Tone;
use crate::labs::sweep::table::{digits, strip};
use crate::ui::frame;
use crate::ui::theme::{Role, Theme};
use crate::ui::wrap;

/// Columns of a cell, at most: where there is more room the table stays together.
const WIDEST: usize = 18;
/// Columns of a cell that the names of the remedies leave it, and columns that they keep.
const NARROWEST: usize = 7;
const LEAST_LABEL: usize = 12;
/// Rows of an axis's name, at most.
const NAME_ROWS: usize = 3;
/// Rows in which the cell under the cursor is told, at least and at most.
const DETAIL: (usize, usize) = (3, 7);
/// Rows of two lines and their scale.
const FEW_STRIPS: usize = 3;
/// What the signs of the lines mean.
const KEY: &str = "  . all   - p10 to p90   = p25 to p75   | median";
/// What the signs of the table mean.
const LEGEND: &str = "+ buys  - costs  = same  ? depends on luck; medians";
const LEGEND_SPREAD: &str = "+ buys  - costs  = same  ? depends on luck; medians, below: 8 of 10 runs";

/// Draws it.
pub(super) fn view(compared: &Compared, body: Rect, buf: &mut Buffer, theme: Theme) {
    let area = Rect { x: body.x + 1, width: body.width.saturating_sub(2), ..body };
    let plan = &compared.plan;
    let seeds = frame::counted(plan.seed_count(), "seed");
    let left = frame::put_right(&seeds, frame::row(area, 0), buf, theme.style(Role::Dim));
    let left = Rect { width: left.width.saturating_sub(1), ..left };
    frame::put(&compared.title, left, buf, theme.style(Role::Heading));
    let rest = frame::rows(area, 1, area.height.saturating_sub(1));
    match compared.state() {
        State::Runs(done) => progress(*done, plan, rest, buf, theme),
        State::Failed(sentence) => {
            let told = [wrap::Run::new(sentence.clone(), theme.tone(Tone::Bad))];
            frame::put_lines(&wrap::wrap(&told, rest.width), rest, buf, theme);
        }
        State::Done(table) => Sheet::of(compared, table, rest, theme).draw(buf),
    }
}

fn progress(done: usize, plan: &Plan, area: Rect, buf: &mut Buffer, theme: Theme) {
    let all = plan.runs().max(1);
    let text = format!("{done} of {all} runs, {} %. Esc stops it.", 100 * done / all);
    frame::put(&text, frame::row(area, 1), buf, theme.style(Role::Text));
    let wide = usize::from(area.width) * done.min(all) / all;
    frame::put(&"#".repeat(wide), frame::row(area, 2), buf, theme.style(Role::Strong));
}

/// The table and how it is laid out.
struct Sheet<'a> {
    compared: &'a Compared,
    table: &'a Table,
    area: Rect,
    theme: Theme,
    /// Columns of the remedies' names, with the cursor before them.
    label: usize,
    /// Columns of a cell.
    cell: usize,
    /// The names of the axes, each in its lines.
    heads: Vec<Vec<String>>,
    /// Lines of a remedy: with the spread below the median, or without.
    lines: usize,
    /// Remedies that are seen, with the row of none.
    seen: usize,
    has_strips: bool,
}

impl<'a> Sheet<'a> {
    fn of(compared: &'a Compared, table: &'a Table, area: Rect, theme: Theme) -> Self {
        let plan = &compared.plan;
        let (rows, width) = (plan.rows(), usize::from(area.width));
        let longest = (0..rows).map(|row| plan.row_name(row).chars().count()).max().unwrap_or(0);
        let axes = plan.axes.len().max(1);
        let label = (longest + 3).min(width.saturating_sub(NARROWEST * axes).max(LEAST_LABEL));
        let cell = (width.saturating_sub(label) / axes).min(WIDEST);
        let heads: Vec<Vec<String>> = plan.axes.iter().map(|axis| broken(&axis.name, cell)).collect();
        let height = usize::from(area.height);
        let head = 2 + heads.iter().map(Vec::len).max().unwrap_or(0);
        // What is left below the head, the least that tells the cell, and the legend.
        let room = height.saturating_sub(head + DETAIL.0 + 2);
        let lines = if room > 2 * rows { 2 } else { 1 };
        let seen = rows.min(room / lines).max(2).min(rows);
        let has_strips = room.saturating_sub(lines * seen) >= rows + 5;
        Self { compared, table, area, theme, label, cell, heads, lines, seen, has_strips }
    }

    fn draw(&self, buf: &mut Buffer) {
        let mut y = self.head(buf);
        for row in self.shown() {
            self.row(row, y, buf);
            y += self.lines;
        }
        let hidden = self.compared.plan.rows() - self.seen;
        if hidden > 0 {
            let noun = if hidden == 1 { "remedy" } else { "remedies" };
            let more = format!("  +{hidden} {noun}, j/k");
            frame::put(&more, self.line(y), buf, self.theme.style(Role::More));
        }
        y += 1;
        let last = usize::from(self.area.height).saturating_sub(1);
        let chosen = self.compared.row;
        if self.has_strips {
            let axis = self.compared.plan.axes.get(self.compared.axis);
            let caption = axis.map_or_else(String::new, |axis| format!("{}: {}", axis.name, axis.told()));
            frame::put(&caption, self.line(y), buf, self.theme.style(Role::Caption));
            let all: Vec<usize> = (0..self.compared.plan.rows()).collect();
            y = self.strips(&all, y + 1, buf);
            frame::put(KEY, self.line(y), buf, self.theme.style(Role::Dim));
            y += 2;
        } else if chosen > 0 && last.saturating_sub(y) > FEW_STRIPS + DETAIL.0 {
            y = self.strips(&[0, chosen], y, buf);
        }
        let rows = last.saturating_sub(y).min(DETAIL.1);
        self.detail(y, rows, buf);
        let legend = if self.lines > 1 { LEGEND_SPREAD } else { LEGEND };
        frame::put(legend, self.line(last), buf, self.theme.style(Role::Dim));
    }

    /// The rows that are seen: the one without a remedy always, the others around the cursor.
    fn shown(&self) -> Vec<usize> {
        let last = self.compared.plan.rows() - 1;
        let others = self.seen - 1;
        let first = (self.compared.row + 1).saturating_sub(others).max(1).min(last + 1 - others);
        std::iter::once(0).chain(first..first + others).collect()
    }

    fn line(&self, y: usize) -> Rect {
        frame::row(self.area, u16::try_from(y).unwrap_or(u16::MAX))
    }

    /// The part of a line that belongs to an axis.
    fn column(&self, axis: usize, y: usize) -> Rect {
        let line = self.line(y);
        let from = u16::try_from(self.label + axis * self.cell).unwrap_or(u16::MAX).min(line.width);
        let width = u16::try_from(self.cell).unwrap_or(u16::MAX).min(line.width - from);
        Rect { x: line.x + from, width, ..line }
    }

    fn head(&self, buf: &mut Buffer) -> usize {
        let axes = &self.compared.plan.axes;
        let mut last = None;
        for (at, axis) in axes.iter().enumerate() {
            let word = match axis.kind {
                Kind::Cured => "CURED",
                Kind::Paid => "PAID",
            };
            if last.replace(axis.kind) != Some(axis.kind) {
                frame::put(word, self.column(at, 0), buf, self.theme.style(Role::Caption));
            }
        }
        let rows = self.heads.iter().map(Vec::len).max().unwrap_or(0);
        for (at, (name, axis)) in self.heads.iter().zip(axes).enumerate() {
            let chosen = at == self.compared.axis;
            let style = if chosen { Role::Focus } else { Role::Strong };
            for (n, line) in name.iter().enumerate() {
                let line = frame::fit(line, self.cell.saturating_sub(1));
                frame::put(&line, self.column(at, 1 + rows - name.len() + n), buf, self.theme.style(style));
            }
            let better = match axis.better {
                Better::More => "more",
                Better::Less => "less",
            };
            let unit = axis.measure.unit();
            let told = format!("{unit}, {better}");
            let unit = if unit.is_empty() || told.len() >= self.cell { better.to_owned() } else { told };
            frame::put(&unit, self.column(at, 1 + rows), buf, self.theme.style(Role::Dim));
        }
        2 + rows
    }

    fn row(&self, row: usize, y: usize, buf: &mut Buffer) {
        let chosen = row == self.compared.row;
        let name = frame::fit(self.compared.plan.row_name(row), self.label.saturating_sub(3));
        let (mark, role) = if chosen { (">", Role::Focus) } else { (" ", Role::Text) };
        let label = Rect { width: u16::try_from(self.label).unwrap_or(u16::MAX), ..self.line(y) };
        frame::put(&format!("{mark} {name}"), label.intersection(self.area), buf, self.theme.style(role));
        for axis in 0..self.compared.plan.axes.len() {
            let Some(cell) = self.table.cell(row, axis) else { continue };
            let at_cursor = chosen && axis == self.compared.axis;
            let number = amount(cell.median());
            let (open, close) = if at_cursor { ("[", "]") } else { (" ", " ") };
            let text = format!("{}{open}{number}", glyph(cell.mark()));
            let text = if text.len() < self.cell { text + close } else { text };
            frame::put(&text, self.column(axis, y), buf, style(cell, at_cursor, self.theme));
            if self.lines > 1 {
                let spread = spread(cell, self.cell.saturating_sub(3));
                frame::put(
                    &format!("  {spread}"),
                    self.column(axis, y + 1),
                    buf,
                    self.theme.style(Role::Dim),
                );
            }
        }
    }

    /// The axis under the cursor as a box and its whiskers for each remedy, on one scale.
    fn strips(&self, rows: &[usize], y: usize, buf: &mut Buffer) -> usize {
        let (plan, at) = (&self.compared.plan, self.compared.axis);
        let all: Vec<_> = self.table.column(at).map(Cell::figures).collect();
        let low = all.iter().flatten().map(|it| it.min).fold(f64::INFINITY, f64::min);
        let high = all.iter().flatten().map(|it| it.max).fold(f64::NEG_INFINITY, f64::max);
        // Behind each line stands in how many runs it never came to be.
        let wide = usize::from(self.area.width).saturating_sub(self.label + 16).min(100);
        for (n, row) in rows.iter().copied().enumerate() {
            let figures = all.get(row).and_then(Option::as_ref);
            let name = frame::fit(plan.row_name(row), self.label.saturating_sub(3));
            let drawn = figures.map_or_else(String::new, |it| strip(it, (low, high), wide));
            let cells = self.table.cell(row, at).map(Cell::values).unwrap_or_default();
            let never = cells.iter().filter(|value| value.is_infinite()).count();
            let never = if never > 0 { format!("never in {never}") } else { String::new() };
            let chosen = row == self.compared.row;
            let mark = if chosen { ">" } else { " " };
            let text = format!("{mark} {name:<label$}{drawn:<wide$}  {never}", label = self.label - 2);
            let role = if chosen { Role::Focus } else { Role::Text };
            frame::put(text.trim_end(), self.line(y + n), buf, self.theme.style(role));
        }
        let y = y + rows.len();
        if low < high {
            let (from, to) = (digits(low), digits(high));
            let gap = wide.saturating_sub(from.len());
            let scale = format!("{:label$}{from}{to:>gap$}", "", label = self.label);
            frame::put(&scale, self.line(y), buf, self.theme.style(Role::Dim));
        }
        y + 1
    }

    /// The remedy and the cell under the cursor, in words.
    fn detail(&self, y: usize, rows: usize, buf: &mut Buffer) {
        let (plan, row) = (&self.compared.plan, self.compared.row);
        let text = self.theme.style(Role::Text);
        let mut lines = Vec::new();
        let mut say = |runs: &[wrap::Run]| lines.extend(wrap::wrap(runs, self.area.width.min(100)));
        say(&[wrap::Run::new(
            plan.told(self.table, row, self.compared.axis),
            self.theme.style(Role::Strong),
        )]);
        if let Some(axis) = plan.axes.get(self.compared.axis).filter(|axis| !axis.says.is_empty()) {
            say(&[wrap::Run::new(axis.says.clone(), text)]);
        }
        if let Some(remedy) = row.checked_sub(1).and_then(|at| plan.remedies.get(at)) {
            say(&[wrap::Run::new(
                format!("{}: {} [{}]", remedy.name, remedy.says, remedy.changes.join(", ")),
                text,
            )]);
            say(&[wrap::Run::new(format!("It {}.", plan.verdict(self.table, row)), text)]);
        } else {
            say(&[wrap::Run::new("Every remedy is compared with this, seed by seed.".to_owned(), text)]);
        }
        let area = frame::rows(
            self.area,
            u16::try_from(y).unwrap_or(u16::MAX),
            u16::try_from(rows).unwrap_or(u16::MAX),
        );
        frame::put_lines(&lines, area, buf, self.theme);
    }
}

fn style(cell: &Cell, at_cursor: bool, theme: Theme) -> Style {
    let style = match cell.mark() {
        Some(Mark::Buys) => theme.tone(Tone::Good),
        Some(Mark::Costs) => theme.tone(Tone::Bad),
        Some(Mark::Mixed) => theme.tone(Tone::Warn),
        Some(Mark::Same) => theme.style(Role::Dim),
        None => theme.style(Role::Text),
    };
    if at_cursor { style.add_modifier(Modifier::BOLD) } else { style }
}

/// From where to where eight of ten runs lie; nothing where that is one number, or where it has no room.
fn spread(cell: &Cell, width: usize) -> String {
    let told = cell.spread().map(|(low, high)| (amount(Some(low)), amount(Some(high))));
    match told {
        Some((low, high)) if low != high => {
            let text = format!("{low}..{high}");
            if text.len() <= width { text } else { String::new() }
        }
        _ => String::new(),
    }
}

/// A name in as many lines as its column needs.
fn broken(name: &str, width: usize) -> Vec<String> {
    let width = width.saturating_sub(1).max(1);
    let mut lines: Vec<String> = Vec::new();
    for word in name.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if let Some(rest) = lines.get(NAME_ROWS..).filter(|rest| !rest.is_empty()).map(|rest| rest.join(" ")) {
        lines.truncate(NAME_ROWS);
        if let Some(last) = lines.last_mut() {
            *last = frame::fit(&format!("{last} {rest}"), width);
        }
    }
    lines
}
