//! How things look, by the role that they play: styles and glyphs, chosen once at the start.
//!
//! A theme never sets a background, so it lives on light and dark terminals alike, and never tells a state by colour
//! alone: whatever has a [`Tone`] also has a letter or a word. Without colours (`NO_COLOR`) it uses modifiers only and
//! leaves every colour at its default, since a colour that is set and then written as "none" resets the modifiers too.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;
use ratatui::text::Line;
use ratatui::widgets::{Block, Borders};

use crate::labs::scene::Tone;

/// Which colours there are.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Palette {
    /// The terminal's own sixteen.
    #[default]
    Ansi16,
    /// None: bold, dim, underlined and reversed text only.
    Mono,
    /// True colours for a dark ground.
    RichDark,
    /// True colours for a light ground.
    RichLight,
}

/// Which glyphs there are.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Glyphs {
    /// Box drawing and block elements.
    #[default]
    Unicode,
    /// ASCII only.
    Ascii,
}

/// What a text is for. States have a [`Tone`] instead.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// What is read.
    Text,
    /// What may be skipped: legends, axes, units.
    Dim,
    /// Above a picture, a table, a group.
    Caption,
    /// The heading of a page.
    Heading,
    /// Words that the text stresses.
    Strong,
    /// Words that the text stresses a little.
    Emphasis,
    /// Code in a line of text.
    Code,
    /// Something that leads elsewhere.
    Link,
    /// The line around an area.
    Frame,
    /// The line around the area that has the keys.
    Focus,
    /// The key to press.
    Key,
    /// Where the cursor is.
    Selected,
    /// Letters that were looked for.
    Match,
    /// "There is more": what tells how much is cut off.
    More,
}

/// A part of code, as far as highlighting goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Syntax {
    /// Everything else.
    Plain,
    /// `if`, `return`.
    Keyword,
    /// Names of types.
    Type,
    /// Names of functions, keys of a table.
    Name,
    /// Quoted text.
    Text,
    /// Numbers and other constants.
    Number,
    /// Remarks.
    Comment,
}

/// The look of everything.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Theme {
    /// The colours.
    pub palette: Palette,
    /// The glyphs.
    pub glyphs: Glyphs,
}

impl Theme {
    /// The terminal's own sixteen colours.
    pub const fn ansi16() -> Self {
        Self { palette: Palette::Ansi16, glyphs: Glyphs::Unicode }
    }

    /// No colours.
    pub const fn mono() -> Self {
        Self { palette: Palette::Mono, glyphs: Glyphs::Unicode }
    }

    /// True colours for a dark ground.
    pub const fn rich_dark() -> Self {
        Self { palette: Palette::RichDark, glyphs: Glyphs::Unicode }
    }

    /// True colours for a light ground.
    pub const fn rich_light() -> Self {
        Self { palette: Palette::RichLight, glyphs: Glyphs::Unicode }
    }

    /// The same theme in ASCII.
    #[must_use]
    pub const fn in_ascii(self) -> Self {
        Self { palette: self.palette, glyphs: Glyphs::Ascii }
    }

    /// The style of a role.
    pub fn style(self, role: Role) -> Style {
        let plain = Style::new();
        match role {
            Role::Text => plain,
            Role::Dim | Role::Frame => self.dim(),
            Role::Caption | Role::Strong => plain.add_modifier(Modifier::BOLD),
            Role::Heading => self.hue(Hue::Cyan).add_modifier(Modifier::BOLD),
            Role::Emphasis => plain.add_modifier(Modifier::ITALIC),
            Role::Link => self.hue(Hue::Blue).add_modifier(Modifier::UNDERLINED),
            Role::Code | Role::Focus | Role::Key => self.hue_or(Hue::Cyan, Modifier::BOLD),
            Role::Match => plain.add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            Role::Selected => plain.add_modifier(Modifier::REVERSED),
            Role::More => self.hue_or(Hue::Magenta, Modifier::UNDERLINED),
        }
    }

    /// The style of a tone.
    pub fn tone(self, tone: Tone) -> Style {
        match tone {
            Tone::Plain => Style::new(),
            Tone::Good => self.hue(Hue::Green),
            Tone::Warn => self.hue_or(Hue::Yellow, Modifier::UNDERLINED),
            Tone::Bad => self.hue(Hue::Red).add_modifier(Modifier::BOLD),
            Tone::Idle => self.dim(),
            Tone::Accent => self.hue(Hue::Cyan).add_modifier(Modifier::BOLD),
        }
    }

    /// The style of a piece of code.
    pub fn syntax(self, syntax: Syntax) -> Style {
        match syntax {
            Syntax::Plain => Style::new(),
            Syntax::Keyword => self.hue(Hue::Magenta),
            Syntax::Type => self.hue(Hue::Yellow),
            Syntax::Name => self.hue(Hue::Blue),
            Syntax::Text => self.hue(Hue::Green),
            Syntax::Number => self.hue(Hue::Cyan),
            Syntax::Comment => self.dim(),
        }
    }

    /// An empty area with a line around it and a title in that line.
    pub fn frame(self, title: &str, line: Role) -> Block<'static> {
        let block =
            Block::new().borders(Borders::ALL).border_set(self.border()).border_style(self.style(line));
        if title.is_empty() {
            return block;
        }
        block.title(Line::styled(format!(" {title} "), self.style(Role::Caption)))
    }

    /// The glyphs of a line around an area.
    pub const fn border(self) -> border::Set<'static> {
        match self.glyphs {
            Glyphs::Unicode => border::PLAIN,
            Glyphs::Ascii => ASCII_BORDER,
        }
    }

    /// The glyph of a bar in a series: `level` eighths high.
    pub const fn spark(self, level: usize) -> char {
        let level = if level > 8 { 8 } else { level };
        match self.glyphs {
            Glyphs::Unicode => ['.', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'][level],
            Glyphs::Ascii => ['.', ':', '-', '=', '+', '*', '#', '%', '@'][level],
        }
    }

    /// A vertical line: beside a quotation, an axis.
    pub const fn bar(self) -> &'static str {
        match self.glyphs {
            Glyphs::Unicode => "│",
            Glyphs::Ascii => "|",
        }
    }

    /// A horizontal line: a rule, under a heading.
    pub const fn rule(self) -> &'static str {
        match self.glyphs {
            Glyphs::Unicode => "─",
            Glyphs::Ascii => "-",
        }
    }

    /// Where an upright and a level axis meet.
    pub const fn corner(self) -> &'static str {
        match self.glyphs {
            Glyphs::Unicode => "└",
            Glyphs::Ascii => "+",
        }
    }

    fn dim(self) -> Style {
        match self.palette {
            Palette::Mono => Style::new().add_modifier(Modifier::DIM),
            Palette::Ansi16 => Style::new().fg(Color::DarkGray),
            Palette::RichDark => Style::new().fg(Color::Rgb(0x80, 0x87, 0x96)),
            Palette::RichLight => Style::new().fg(Color::Rgb(0x6e, 0x74, 0x80)),
        }
    }

    fn hue(self, hue: Hue) -> Style {
        match self.palette {
            Palette::Mono => Style::new(),
            Palette::Ansi16 => Style::new().fg(hue.ansi()),
            Palette::RichDark => Style::new().fg(hue.on_dark()),
            Palette::RichLight => Style::new().fg(hue.on_light()),
        }
    }

    /// A colour where there are colours, else a modifier.
    fn hue_or(self, hue: Hue, modifier: Modifier) -> Style {
        if self.palette == Palette::Mono { Style::new().add_modifier(modifier) } else { self.hue(hue) }
    }
}

/// Lines in ASCII.
const ASCII_BORDER: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

/// The few colours in use.
#[derive(Clone, Copy)]
enum Hue {
    Green,
    Yellow,
    Red,
    Cyan,
    Blue,
    Magenta,
}

impl Hue {
    const fn ansi(self) -> Color {
        match self {
            Self::Green => Color::Green,
            Self::Yellow => Color::Yellow,
            Self::Red => Color::Red,
            Self::Cyan => Color::Cyan,
            Self::Blue => Color::Blue,
            Self::Magenta => Color::Magenta,
        }
    }

    const fn on_dark(self) -> Color {
        match self {
            Self::Green => Color::Rgb(0x8c, 0xc2, 0x7a),
            Self::Yellow => Color::Rgb(0xe3, 0xb3, 0x4c),
            Self::Red => Color::Rgb(0xf0, 0x71, 0x78),
            Self::Cyan => Color::Rgb(0x6c, 0xc4, 0xd0),
            Self::Blue => Color::Rgb(0x7a, 0xa8, 0xf0),
            Self::Magenta => Color::Rgb(0xc4, 0x92, 0xe0),
        }
    }

    const fn on_light(self) -> Color {
        match self {
            Self::Green => Color::Rgb(0x2f, 0x7a, 0x2c),
            Self::Yellow => Color::Rgb(0x94, 0x62, 0x00),
            Self::Red => Color::Rgb(0xb4, 0x24, 0x2e),
            Self::Cyan => Color::Rgb(0x0b, 0x72, 0x80),
            Self::Blue => Color::Rgb(0x22, 0x54, 0xb0),
            Self::Magenta => Color::Rgb(0x84, 0x3a, 0xa6),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TONES: [Tone; 6] = [Tone::Plain, Tone::Good, Tone::Warn, Tone::Bad, Tone::Idle, Tone::Accent];

    #[test]
    fn without_colours_no_colour_is_ever_set() {
        for tone in TONES {
            assert_eq!((Theme::mono().tone(tone).fg, Theme::mono().tone(tone).bg), (None, None));
        }
        assert!(Theme::mono().style(Role::Selected).add_modifier.contains(Modifier::REVERSED));
    }

    #[test]
    fn no_theme_forces_a_background() {
        for theme in [Theme::ansi16(), Theme::mono(), Theme::rich_dark(), Theme::rich_light()] {
            assert!(TONES.iter().all(|tone| theme.tone(*tone).bg.is_none()));
        }
    }

    #[test]
    fn the_ascii_theme_is_ascii() {
        let theme = Theme::mono().in_ascii();
        assert!((0..9).all(|level| theme.spark(level).is_ascii()));
        assert!(theme.bar().is_ascii() && theme.rule().is_ascii() && theme.border().top_left.is_ascii());
    }
}
