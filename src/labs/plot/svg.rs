//! Writing SVG: a sheet that shapes and escaped texts are put on.

use std::fmt::Write as _;

use super::Theme;

/// Colours of curves that are told apart by most of those who see fewer colours, on light and on dark.
const COLOURS: [(&str, &str); 6] = [
    ("#0072b2", "#56b4e9"),
    ("#c44e00", "#ff9e4a"),
    ("#00795a", "#2fd6a3"),
    ("#9a3d86", "#e39bd0"),
    ("#7a6000", "#e6c229"),
    ("#3d4a9e", "#9fb0ff"),
];
/// What tells the curves apart without colours.
const DASHES: [&str; 6] = ["none", "9 4", "2 3", "10 3 2 3", "16 4", "5 3 1 3"];

/// How many styles there are; beyond them they repeat.
pub const STYLES: usize = 6;

/// An SVG file in the making.
pub struct Sheet {
    out: String,
}

/// How a text is laid to its point.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl Sheet {
    pub fn new((width, height): (f64, f64), title: &str, theme: Theme) -> Self {
        let mut sheet = Self { out: String::new() };
        let (width, height) = (round(width), round(height));
        let _ = writeln!(
            sheet.out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
             role=\"img\" font-family=\"system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif\" font-size=\"13\">"
        );
        let _ = writeln!(sheet.out, "<title>{}</title>", escaped(title));
        let _ = writeln!(sheet.out, "<style>\n{}</style>", style(theme));
        let _ = writeln!(sheet.out, "<rect class=\"page\" width=\"{width}\" height=\"{height}\"/>");
        sheet
    }

    pub fn rect(&mut self, class: &str, (x, y): (f64, f64), (width, height): (f64, f64)) {
        let _ = writeln!(
            self.out,
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            round(x),
            round(y),
            round(width.max(0.0)),
            round(height.max(0.0))
        );
    }

    pub fn line(&mut self, class: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        let _ = writeln!(
            self.out,
            "<line class=\"{class}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>",
            round(x1),
            round(y1),
            round(x2),
            round(y2)
        );
    }

    /// A line through these points; `closed`: an area.
    pub fn path(&mut self, class: &str, points: &[(f64, f64)], closed: bool) {
        if points.is_empty() {
            return;
        }
        let mut d = String::new();
        for (at, (x, y)) in points.iter().enumerate() {
            let _ = write!(d, "{}{} {}", if at == 0 { "M" } else { "L" }, round(*x), round(*y));
        }
        let end = if closed { "Z" } else { "" };
        let _ = writeln!(self.out, "<path class=\"{class}\" d=\"{d}{end}\"/>");
    }

    pub fn circle(&mut self, class: &str, (x, y): (f64, f64), r: f64) {
        let _ = writeln!(
            self.out,
            "<circle class=\"{class}\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>",
            round(x),
            round(y),
            round(r)
        );
    }

    pub fn text(&mut self, class: &str, (x, y): (f64, f64), anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let _ = writeln!(
            self.out,
            "<text class=\"{class}\" x=\"{}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
            round(x),
            round(y),
            escaped(text)
        );
    }

    /// The marker of a style; hollow where it stands on some of the runs only.
    pub fn marker(&mut self, style: usize, hollow: bool, (x, y): (f64, f64)) {
        let class = format!("{}{}", if hollow { "h" } else { "m" }, style % STYLES);
        let r = 4.5;
        match style % STYLES {
            0 => self.circle(&class, (x, y), r),
            1 => self.rect(&class, (x - r + 0.5, y - r + 0.5), (2.0 * r - 1.0, 2.0 * r - 1.0)),
            2 => self.path(&class, &[(x, y - r - 0.5), (x + r + 0.5, y + r), (x - r - 0.5, y + r)], true),
            3 => self.path(
                &class,
                &[(x, y - r - 1.0), (x + r + 1.0, y), (x, y + r + 1.0), (x - r - 1.0, y)],
                true,
            ),
            4 => self.path(&class, &[(x, y + r + 0.5), (x + r + 0.5, y - r), (x - r - 0.5, y - r)], true),
            _ => self.path(
                &class,
                &[(x - r, y - 2.0), (x + r, y - 2.0), (x + r, y + 2.0), (x - r, y + 2.0)],
                true,
            ),
        }
    }

    pub fn finish(mut self) -> String {
        self.out.push_str("</svg>\n");
        self.out
    }
}

/// A tenth of a pixel is enough; the shortest way to write it.
fn round(x: f64) -> f64 {
    let rounded = (x * 10.0).round() / 10.0;
    // No minus before a plain zero.
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// The text as XML takes it; what no XML may hold is left out.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

fn style(theme: Theme) -> String {
    let mut css = shapes();
    match theme {
        Theme::Light => css.push_str(&colours(false)),
        Theme::Dark => css.push_str(&colours(true)),
        Theme::Auto => {
            css.push_str(&colours(false));
            let _ = writeln!(css, "@media (prefers-color-scheme: dark) {{\n{}}}", colours(true));
        }
    }
    css
}

/// What is the same on light and on dark.
fn shapes() -> String {
    let mut css = String::from(
        ".title{font-size:22px;font-weight:600} .name{font-weight:600} .small{font-size:12px} .badge{font-size:11px;font-weight:600}\n\
         .grid{stroke-width:1} .axis{stroke-width:1} .line{fill:none;stroke-width:2;stroke-linejoin:round}\n\
         .done{stroke-width:1.5} .fact{stroke-width:1.2;stroke-dasharray:3 3} .rule{stroke-width:1.5;stroke-dasharray:6 3}\n\
         .shade{fill-opacity:.1} .box{fill-opacity:.25;stroke-width:1.5} .whisker{stroke-width:1.5} .median{stroke-width:3}\n\
         .bar{fill-opacity:.75;stroke-width:1}\n",
    );
    for (at, dash) in DASHES.iter().enumerate() {
        let _ = writeln!(
            css,
            ".l{at}{{fill:none;stroke-width:2;stroke-linejoin:round;stroke-dasharray:{dash}}} \
             .e{at}{{fill:none;stroke-width:1;stroke-opacity:.6;stroke-dasharray:1 3}} .b{at}{{fill-opacity:.14}} \
             .m{at},.h{at}{{stroke-width:1.5}}"
        );
    }
    css
}

fn colours(dark: bool) -> String {
    let (page, ink, dim, grid, accent) = if dark {
        ("#0d1117", "#f0f3f6", "#a8b1bb", "#30363d", "#e6c229")
    } else {
        ("#ffffff", "#1b1f24", "#57606a", "#d8dee4", "#9a3d00")
    };
    let first = if dark { COLOURS[0].1 } else { COLOURS[0].0 };
    let mut css = format!(
        ".page,.onink{{fill:{page}}} .ink,.name,.title{{fill:{ink}}} .dim,.small{{fill:{dim}}}\n\
         .grid{{stroke:{grid}}} .axis{{stroke:{dim}}} .done{{stroke:{accent}}} .doneb{{fill:{accent}}} .shade{{fill:{accent}}}\n\
         .fact{{stroke:{dim}}} .factb{{fill:{page};stroke:{dim}}} .rule{{stroke:{ink}}}\n\
         .bar{{fill:{first};stroke:{page}}} .box{{fill:{first};stroke:{first}}} .whisker{{stroke:{first}}} .median{{stroke:{ink}}}\n"
    );
    for (at, (light, bright)) in COLOURS.iter().enumerate() {
        let colour = if dark { bright } else { light };
        let _ = writeln!(
            css,
            ".l{at},.e{at},.m{at},.h{at}{{stroke:{colour}}} .b{at},.m{at}{{fill:{colour}}} .h{at}{{fill:{page}}}"
        );
    }
    css
}
