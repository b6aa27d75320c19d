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

use std::cell::RefCell;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use self::canvas::{Canvas, width};
use self::layout::{Spot, Wish};
use super::theme::{Role, Theme};
use crate::labs::scene::{Panel, PartId, Picture, Place, Primitive, Scene, words};

/// Where the parts of a scene were drawn. A part may have several areas, such as the letters of a curve.
#[derive(Clone, Default, Debug)]
pub struct Spots {
    list: RefCell<Vec<(PartId, Rect)>>,
}

impl Spots {
    /// The areas of a part.
    pub fn of(&self, part: &PartId) -> Vec<Rect> {
        self.list.borrow().iter().filter(|(id, _)| id == part).map(|(_, area)| *area).collect()
    }

    fn note(&self, part: &PartId, area: Rect) {
        self.list.borrow_mut().push((part.clone(), area));
    }
}

/// How a scene is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// Styles and glyphs.
    pub theme: Theme,
    /// The part under the cursor.
    pub selected: Option<&'a PartId>,
    /// Takes down where each part is drawn.
    pub spots: Option<&'a Spots>,
    /// Whether pictures tell what their letters mean, where they have room.
    pub legend: bool,
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
        Self { theme, selected: None, spots: None, legend: true }
    }
}

/// Draws the panels of a scene into `area`, as many as there is room for, and marks the selected part: in reverse, which
/// is seen without colours too. Any area will do, even an empty one.
pub fn draw(scene: &Scene, shown: Shown, area: Rect, buf: &mut Buffer, look: Look<'_>) {
    let spots = Spots::default();
    let look = Look { spots: look.spots.or(look.selected.map(|_| &spots)), ..look };
    draw_panels(scene, shown, area, buf, look);
    // Last, since what stands there may be drawn over.
    for spot in look.selected.zip(look.spots).map_or_else(Vec::new, |(part, spots)| spots.of(part)) {
        buf.set_style(spot, look.theme.style(Role::Selected));
    }
}

fn draw_panels(scene: &Scene, shown: Shown, area: Rect, buf: &mut Buffer, look: Look<'_>) {
    let area = area.intersection(buf.area);
    let panels = panels(scene, shown);
    let wishes: Vec<Wish> = panels.iter().map(|panel| wish(panel, area.width)).collect();
    let plan = layout::plan(&wishes, area);
    for (panel, spot) in panels.iter().zip(&plan.spots) {
        match *spot {
            Spot::Open { title, picture } => {
                let told = title.is_some_and(|title| draw_title(panel, title, buf, look));
                draw_picture(&panel.picture, picture, buf, Look { legend: look.legend && !told, ..look });
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

/// Draws the title of a panel; with the legend of its picture behind it if that fits, and says whether it did.
fn draw_title(panel: &Panel, area: Rect, buf: &mut Buffer, look: Look<'_>) -> bool {
    let mut canvas = Canvas::new(buf, area, look);
    let (style, room) = (canvas.role(Role::Caption), canvas.width().saturating_sub(1));
    canvas.fit(1, 0, room, &panel.title, style);
    let Some(start) = title_legend(panel, area.width) else { return false };
    canvas.legend(start, 0, &legend(&panel.picture));
    true
}

/// The column where a legend can stand behind the title, if there is one and it fits as a whole.
fn title_legend(panel: &Panel, columns: u16) -> Option<u16> {
    let legend = legend(&panel.picture);
    let start = width(&panel.title).saturating_add(4);
    let end = legend.iter().fold(start, |end, key| end.saturating_add(key.width()).saturating_add(2));
    (!panel.title.is_empty() && !legend.is_empty() && end.saturating_sub(2) <= columns).then_some(start)
}

/// What the letters of a picture mean, if it has a legend.
fn legend(picture: &Picture) -> Vec<canvas::Key> {
    match picture {
        Picture::Outcomes(picture) => outcomes::legend(picture),
        Picture::Slots(picture) => slots::legend(picture),
        _ => Vec::new(),
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
fn wish(panel: &Panel, columns: u16) -> Wish {
    let primitive = panel.picture.primitive();
    let gutter = |(width, height): (u16, u16)| (width.saturating_add(1), height);
    let min = gutter(primitive.min_size());
    let best = match &panel.picture {
        // Words have no height of their own: it is what they take at this width.
        Picture::Sentence(sentence) => {
            (gutter(primitive.best_size()).0, lists::sentence_height(sentence, columns.saturating_sub(1)))
        }
        picture => {
            let (wide, tall) = gutter(primitive.best_size());
            let legend = !legend(picture).is_empty() && title_legend(panel, columns).is_some();
            (wide, tall.saturating_sub(u16::from(legend)))
        }
    };
    Wish { rank: panel.rank, min, best, titled: !panel.title.is_empty() }
}

/// A panel in one line.
fn fold(panel: &Panel, line: Rect, buf: &mut Buffer, look: Look<'_>) {
    fold_onto(panel.picture.primitive(), &mut Canvas::new(buf, line, look));
}

/// A picture in one line, which stands for all of its parts.
fn fold_onto(picture: &dyn Primitive, canvas: &mut Canvas<'_>) {
    let (style, room, text) = (canvas.role(Role::Text), canvas.width().saturating_sub(1), picture.one_line());
    canvas.fit(1, 0, room, &text, style);
    for part in picture.parts() {
        canvas.spot(part, (1, 0), width(&text).min(room));
    }
}

/// Draws one primitive into `area`, folded if that is too small for it.
pub fn draw_picture(picture: &Picture, area: Rect, buf: &mut Buffer, look: Look<'_>) {
    let mut canvas = Canvas::new(buf, area, look);
    let primitive = picture.primitive();
    let (least_width, least_height) = primitive.min_size();
    if canvas.width() <= least_width || canvas.height() < least_height {
        return fold_onto(primitive, &mut canvas);
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
