//! The scene on the screen: every panel by place and rank, every primitive at any size.
//!
//! ```text
//! title of a panel
//!  caller A  30/s --> [ OPEN    3.1 s ] --X      payments  8/10
//! >caller B  30/s --> [ CLOSED   20 % ] =====>   shard 1   ok
//!
//! A: CLOSED, 20 % failed                         <- a panel folded to its one line
//! +2 panels hidden                               <- panels without room
//! ```

mod axis;
mod canvas;
mod lanes;
mod layout;
mod links;
mod lists;
mod log_grid;
mod machine;
mod meter;
mod nodes;
mod outcomes;
mod path;
mod slots;
mod space_time;
mod strip;
mod table;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use self::canvas::Canvas;
use self::layout::{Spot, Wish};
use super::theme::{Role, Theme};
use crate::labs::scene::{Panel, PartId, Picture, Place, Scene, words};

/// How a scene is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// Styles and glyphs.
    pub theme: Theme,
    /// The part under the cursor.
    pub selected: Option<&'a PartId>,
}

/// Which panels of a scene an area shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shown {
    /// Those of one place.
    Only(Place),
    /// All of them, the stage's first.
    All,
}

impl Look<'_> {
    /// A look without a cursor.
    pub const fn of(theme: Theme) -> Self {
        Self { theme, selected: None }
    }
}

/// Draws the panels of a scene into `area`, as many as there is room for. Any area will do, even an empty one.
pub fn draw(scene: &Scene, shown: Shown, area: Rect, buf: &mut Buffer, look: Look<'_>) {
    let area = area.intersection(buf.area);
    let panels = panels(scene, shown);
    let wishes: Vec<Wish> = panels.iter().map(|panel| wish(panel, area.width)).collect();
    let plan = layout::plan(&wishes, area);
    for (panel, spot) in panels.iter().zip(&plan.spots) {
        match *spot {
            Spot::Open { title, picture } => {
                if let Some(title) = title {
                    let mut canvas = Canvas::new(buf, title, look);
                    let (style, room) = (canvas.role(Role::Caption), canvas.width().saturating_sub(1));
                    canvas.fit(1, 0, room, &panel.title, style);
                }
                draw_picture(&panel.picture, picture, buf, look);
            }
            Spot::Folded(line) => fold(panel, line, buf, look),
            Spot::Hidden => {}
        }
    }
    if let Some((count, line)) = plan.hidden {
        let panels = words::counted(count as u64, "panel");
        Canvas::new(buf, line, look).more(1, 0, &format!("+{panels} hidden"));
    }
}

/// The height in which the panels of a scene show all that they can show, at this width.
pub fn best_height(scene: &Scene, shown: Shown, width: u16) -> u16 {
    let wishes: Vec<Wish> = panels(scene, shown).iter().map(|panel| wish(panel, width)).collect();
    layout::best_height(&wishes, width)
}

/// The panels to show, in order.
fn panels(scene: &Scene, shown: Shown) -> Vec<&Panel> {
    let of = |place: Place| scene.panels.iter().filter(move |panel| panel.place == place);
    match shown {
        Shown::Only(place) => of(place).collect(),
        Shown::All => of(Place::Stage).chain(of(Place::Strip)).collect(),
    }
}

/// What the layout has to know of a panel; the gutter comes on top of the primitive's own width.
fn wish(panel: &Panel, width: u16) -> Wish {
    let primitive = panel.picture.primitive();
    let gutter = |(width, height): (u16, u16)| (width.saturating_add(1), height);
    let min = gutter(primitive.min_size());
    let best = match &panel.picture {
        // Words have no height of their own: it is what they take at this width.
        Picture::Sentence(sentence) => {
            (gutter(primitive.best_size()).0, lists::sentence_height(sentence, width.saturating_sub(1)))
        }
        _ => gutter(primitive.best_size()),
    };
    Wish { rank: panel.rank, min, best, titled: !panel.title.is_empty() }
}

/// A panel in one line.
fn fold(panel: &Panel, line: Rect, buf: &mut Buffer, look: Look<'_>) {
    let mut canvas = Canvas::new(buf, line, look);
    let (style, room) = (canvas.role(Role::Text), canvas.width().saturating_sub(1));
    canvas.fit(1, 0, room, &panel.picture.primitive().one_line(), style);
}

/// Draws one primitive into `area`, folded if that is too small for it.
pub fn draw_picture(picture: &Picture, area: Rect, buf: &mut Buffer, look: Look<'_>) {
    let mut canvas = Canvas::new(buf, area, look);
    let primitive = picture.primitive();
    let (width, height) = primitive.min_size();
    if canvas.width() <= width || canvas.height() < height {
        let (style, room) = (canvas.role(Role::Text), canvas.width().saturating_sub(1));
        return canvas.fit(1, 0, room, &primitive.one_line(), style);
    }
    match picture {
        Picture::Links(picture) => links::draw(picture, &mut canvas),
        Picture::StateMachine(picture) => machine::draw(picture, &mut canvas),
        Picture::Outcomes(picture) => outcomes::draw(picture, &mut canvas),
        Picture::Meter(picture) => meter::draw(picture, &mut canvas),
        Picture::Matrix(picture) => table::draw_matrix(picture, &mut canvas),
        Picture::Lanes(picture) => lanes::draw(picture, &mut canvas),
        Picture::Strip(picture) => strip::draw(picture, &mut canvas),
        Picture::SpaceTime(picture) => space_time::draw(picture, &mut canvas),
        Picture::LogGrid(picture) => log_grid::draw(picture, &mut canvas),
        Picture::Slots(picture) => slots::draw(picture, &mut canvas),
        Picture::Nodes(picture) => nodes::draw(picture, &mut canvas),
        Picture::Schedule(picture) => lists::draw_schedule(picture, &mut canvas),
        Picture::Path(picture) => path::draw(picture, &mut canvas),
        Picture::Histogram(picture) => lists::draw_histogram(picture, &mut canvas),
        Picture::Table(picture) => table::draw(picture, &mut canvas),
        Picture::Sentence(picture) => lists::draw_sentence(picture, &mut canvas),
    }
}
