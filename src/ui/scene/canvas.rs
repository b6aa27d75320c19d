//! The surface that a primitive draws on: coordinates of its own, and nothing outside is ever touched.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use super::Look;
use crate::labs::scene::{Align, Cell, Part, PartId, Tone};
use crate::ui::theme::Role;
use crate::ui::wrap::clip;
pub(super) use crate::ui::wrap::width;

/// A rectangle of a buffer. The first column is the gutter: it holds the cursor only.
pub(super) struct Canvas<'a> {
    buf: &'a mut Buffer,
    area: Rect,
    look: Look<'a>,
}

/// A letter of a picture and what it means.
pub(super) struct Key {
    pub(super) letter: char,
    pub(super) word: String,
    pub(super) tone: Tone,
}

impl Key {
    /// The columns of letter, blank and word.
    pub(super) fn width(&self) -> u16 {
        width(&self.word).saturating_add(2)
    }
}

impl<'a> Canvas<'a> {
    /// A canvas over the part of `area` that `buf` has.
    pub(super) fn new(buf: &'a mut Buffer, area: Rect, look: Look<'a>) -> Self {
        let area = area.intersection(buf.area);
        Self { buf, area, look }
    }

    /// The look of everything.
    pub(super) const fn look(&self) -> Look<'a> {
        self.look
    }

    /// How many columns there are.
    pub(super) const fn width(&self) -> u16 {
        self.area.width
    }

    /// How many rows there are.
    pub(super) const fn height(&self) -> u16 {
        self.area.height
    }

    /// The style of a role.
    pub(super) fn role(&self, role: Role) -> Style {
        self.look.theme.style(role)
    }

    /// The style of a tone.
    pub(super) fn tone(&self, tone: Tone) -> Style {
        self.look.theme.tone(tone)
    }

    /// Writes `text`, as much of it as there is room for, and gives the column after it.
    pub(super) fn put(&mut self, x: u16, y: u16, text: &str, style: Style) -> u16 {
        if x >= self.area.width || y >= self.area.height {
            return x.saturating_add(width(text));
        }
        let room = usize::from(self.area.width - x);
        let (left, top) = (self.area.x.saturating_add(x), self.area.y.saturating_add(y));
        // A buffer adds a style to the one that is there: what is drawn over must not keep the colour beneath.
        let afresh =
            Style { fg: Some(Color::Reset), sub_modifier: Modifier::all(), ..Style::new() }.patch(style);
        let (end, _) = self.buf.set_stringn(left, top, text, room, afresh);
        end.saturating_sub(self.area.x)
    }

    /// Writes one glyph.
    pub(super) fn letter(&mut self, x: u16, y: u16, letter: char, style: Style) {
        self.put(x, y, letter.encode_utf8(&mut [0; 4]), style);
    }

    /// Writes `count` times the same glyph.
    pub(super) fn repeat(&mut self, x: u16, y: u16, letter: char, count: u16, style: Style) {
        for at in x..x.saturating_add(count).min(self.area.width) {
            self.letter(at, y, letter, style);
        }
    }

    /// Writes `text` into `room` columns; what is cut off is counted at its end, as `+12`.
    pub(super) fn fit(&mut self, x: u16, y: u16, room: u16, text: &str, style: Style) {
        let room = room.min(self.area.width.saturating_sub(x));
        let (shown, hidden) = clip(text, room);
        let end = self.put(x, y, shown, style);
        if hidden > 0 {
            let mark = format!("+{hidden}");
            let mark = if width(&mark) > room.saturating_sub(width(shown)) { "+" } else { &mark };
            if room > 0 {
                self.put(end, y, mark, self.role(Role::More));
            }
        }
    }

    /// Writes `text` into `room` columns, at the right if it is a number.
    pub(super) fn fit_aligned(&mut self, at: (u16, u16), room: u16, text: &str, style: Style, align: Align) {
        let blank = match align {
            Align::Left => 0,
            Align::Right => room.saturating_sub(width(text)),
        };
        self.fit(at.0.saturating_add(blank), at.1, room.saturating_sub(blank), text, style);
    }

    /// Writes a cell, its bar first.
    pub(super) fn cell(&mut self, at: (u16, u16), room: u16, cell: &Cell, align: Align) {
        let (mut x, y) = at;
        let mut room = room;
        if let Some(share) = cell.bar {
            let taken = room.min(crate::labs::scene::BAR_WIDTH);
            self.bar(x, y, taken, share, cell.tone);
            (x, room) =
                (x.saturating_add(taken).saturating_add(1), room.saturating_sub(taken.saturating_add(1)));
        }
        let style = self.tone(cell.tone);
        self.fit_aligned((x, y), room, &cell.text, style, align);
    }

    /// A bar `[####....]` of `room` columns, filled to `share` of one.
    pub(super) fn bar(&mut self, x: u16, y: u16, room: u16, share: f64, tone: Tone) {
        let inner = room.saturating_sub(2);
        if inner == 0 {
            return;
        }
        let full = scaled(share, inner);
        let (dim, style) = (self.role(Role::Dim), self.tone(tone));
        self.letter(x, y, '[', dim);
        self.repeat(x.saturating_add(1), y, '#', full, style);
        self.repeat(x.saturating_add(1).saturating_add(full), y, '.', inner - full, dim);
        self.letter(x.saturating_add(inner).saturating_add(1), y, ']', dim);
    }

    /// What letters mean, as far as there is room; how many more there are behind.
    pub(super) fn legend(&mut self, x: u16, y: u16, keys: &[Key]) {
        if !self.look.legend {
            return;
        }
        let dim = self.role(Role::Dim);
        let mut x = x;
        for (at, key) in keys.iter().enumerate() {
            let rest = keys.len().saturating_sub(at);
            let mark = if rest > 1 { 4 } else { 0 };
            if x.saturating_add(key.width()).saturating_add(mark) > self.area.width {
                return self.more(x, y, &format!("+{rest}"));
            }
            let style = self.tone(key.tone);
            self.letter(x, y, key.letter, style);
            x = self.put(x.saturating_add(2), y, &key.word, dim).saturating_add(2);
        }
    }

    /// Tells in row `y` how much is hidden.
    pub(super) fn more(&mut self, x: u16, y: u16, text: &str) {
        let style = self.role(Role::More);
        self.put(x, y, text, style);
    }

    /// Whether the part is the one under the cursor.
    pub(super) fn is_selected(&self, part: &Part) -> bool {
        !part.id.as_str().is_empty() && self.look.selected == Some(&part.id)
    }

    /// The label of a part at the start of row `y`: with the cursor in the gutter if it is selected.
    pub(super) fn label(&mut self, y: u16, room: u16, part: &Part, text: &str) {
        self.cursor(y, part);
        self.fit(1, y, room, text, Style::new());
        self.spot(part, (1, y), width(text).min(room));
    }

    /// The cursor in the gutter of row `y`, if the part is selected.
    pub(super) fn cursor(&mut self, y: u16, part: &Part) {
        if self.is_selected(part) {
            let style = self.role(Role::Focus);
            self.letter(0, y, '>', style);
        }
    }

    /// Takes down that the part is drawn here: where it is marked when it is selected.
    pub(super) fn spot(&self, part: &Part, (x, y): (u16, u16), columns: u16) {
        let Some(spots) = self.look.spots.filter(|_| !part.id.as_str().is_empty()) else { return };
        let area = Rect::new(self.area.x.saturating_add(x), self.area.y.saturating_add(y), columns, 1);
        let area = area.intersection(self.area);
        if !area.is_empty() {
            spots.note(&part.id, area);
        }
    }
}

/// Which rows of a list to show where there is room for `height`, so that the selected one is among them.
///
/// If they do not all fit, the last line is left for telling how many are hidden.
pub(super) fn visible<'a>(
    parts: impl ExactSizeIterator<Item = &'a Part>,
    height: u16,
    selected: Option<&PartId>,
) -> (std::ops::Range<usize>, usize) {
    let (len, height) = (parts.len(), usize::from(height));
    if len <= height {
        return (0..len, 0);
    }
    let room = height.saturating_sub(1);
    if room == 0 {
        return (0..0, len);
    }
    let mut parts = parts;
    let at = selected.and_then(|id| parts.position(|part| part.id == *id)).unwrap_or(0);
    let start = at.saturating_add(1).saturating_sub(room).min(len.saturating_sub(room));
    (start..start.saturating_add(room), len.saturating_sub(room))
}

/// `share` of `room` columns; anything above nothing shows as one column, anything below all leaves one.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=room")]
pub(super) fn scaled(share: f64, room: u16) -> u16 {
    if share.is_nan() || share <= 0.0 || room == 0 {
        return 0;
    }
    if share >= 1.0 {
        return room;
    }
    let columns = (share * f64::from(room) + 0.5) as u16;
    columns.clamp(1, room.saturating_sub(1).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_scrolls_to_what_is_selected() {
        let parts: Vec<Part> = (0..10).map(|n| Part::new(format!("p{n}"))).collect();
        assert_eq!(visible(parts.iter(), 10, None), (0..10, 0));
        assert_eq!(visible(parts.iter(), 4, None), (0..3, 7));
        assert_eq!(visible(parts.iter(), 4, Some(&PartId::from("p5"))), (3..6, 7));
        assert_eq!(visible(parts.iter(), 4, Some(&PartId::from("p9"))), (7..10, 7));
        assert_eq!(visible(parts.iter(), 0, None), (0..0, 10));
    }

    #[test]
    fn a_bar_is_empty_or_full_only_if_its_value_is() {
        assert_eq!(
            [0.0, 0.001, 0.5, 0.999, 1.0, 7.0, f64::NAN].map(|s| scaled(s, 10)),
            [0, 1, 5, 9, 10, 10, 0]
        );
    }
}
