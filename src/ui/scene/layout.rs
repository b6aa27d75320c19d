//! Which panel stands where: pure arithmetic on sizes and ranks.
//!
//! Panels keep their order. Neighbours share a row if both get all the width they can use. Where there is too little
//! height, the panel of the highest rank is folded to one line, then the next; only when all but the first by rank are
//! folded are panels dropped, highest rank first, and the first by rank is folded last of all. Room that is left goes by rank, lowest first: a title, then growth; then to gaps.

use ratatui::layout::Rect;

/// What the layout has to know of a panel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Wish {
    /// 0 is served first.
    pub(super) rank: u8,
    /// The size below which it is folded.
    pub(super) min: (u16, u16),
    /// The size beyond which it gains nothing.
    pub(super) best: (u16, u16),
    /// Whether it has a title.
    pub(super) titled: bool,
}

/// Where a panel stands, or not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Spot {
    /// All of it: where its title stands, if it has room for one, and its picture.
    Open { title: Option<Rect>, picture: Rect },
    /// Its one line.
    Folded(Rect),
    /// Nothing of it.
    Hidden,
}

/// The spots of the panels, and where to tell how many are hidden.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Plan {
    /// A spot for each panel.
    pub(super) spots: Vec<Spot>,
    /// How many are hidden, and where to say so.
    pub(super) hidden: Option<(usize, Rect)>,
}

/// Columns between panels that share a row.
const GAP: u16 = 3;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Open,
    Folded,
    Hidden,
}

/// A row of panels.
struct Shelf {
    members: Vec<usize>,
    rank: u8,
    height: u16,
    best: u16,
    titled: bool,
    title: u16,
}

/// Lays the panels out in `area`.
pub(super) fn plan(wishes: &[Wish], area: Rect) -> Plan {
    let mut shapes: Vec<Shape> =
        wishes.iter().map(|wish| if wish.min.0 > area.width { Shape::Folded } else { Shape::Open }).collect();
    shrink(wishes, &mut shapes, area);
    let hidden = shapes.iter().filter(|shape| **shape == Shape::Hidden).count();
    let room = area.height.saturating_sub(u16::from(hidden > 0));
    let mut shelves = pack(wishes, &shapes, area.width);
    let gap = grow(&mut shelves, room);
    let mut spots = vec![Spot::Hidden; wishes.len()];
    let mut y = area.y;
    for shelf in &shelves {
        place(shelf, wishes, &shapes, Rect { y, ..area }, &mut spots);
        y = y.saturating_add(shelf.title).saturating_add(shelf.height).saturating_add(gap);
    }
    let note = Rect { y: area.bottom().saturating_sub(1), height: 1.min(area.height), ..area };
    Plan { spots, hidden: (hidden > 0).then_some((hidden, note)) }
}

/// The rows in which no panel lacks anything, with titles and gaps.
pub(super) fn best_height(wishes: &[Wish], width: u16) -> u16 {
    let shapes = vec![Shape::Open; wishes.len()];
    let shelves = pack(wishes, &shapes, width);
    let gaps = u16::try_from(shelves.len().saturating_sub(1)).unwrap_or(u16::MAX);
    shelves
        .iter()
        .fold(gaps, |sum, shelf| sum.saturating_add(shelf.best).saturating_add(u16::from(shelf.titled)))
}

/// Folds, then drops panels until the rest has room; the first by rank is folded last of all.
fn shrink(wishes: &[Wish], shapes: &mut [Shape], area: Rect) {
    let mut order: Vec<usize> = (0..wishes.len()).collect();
    order.sort_by_key(|at| (wishes[*at].rank, *at));
    let Some((first, others)) = order.split_first() else { return };
    let fold = others.iter().rev().map(|at| (*at, Shape::Folded));
    let drop = others.iter().rev().map(|at| (*at, Shape::Hidden));
    for (at, to) in fold.chain(drop).chain([(*first, Shape::Folded), (*first, Shape::Hidden)]) {
        let taken = needed(wishes, shapes, area.width);
        if taken <= area.height {
            break;
        }
        let before = std::mem::replace(&mut shapes[at], to);
        // Folding a panel that shares a row can make the whole taller: then it stays.
        if to == Shape::Folded && (before == Shape::Hidden || needed(wishes, shapes, area.width) >= taken) {
            shapes[at] = before;
        }
    }
    // What was folded or dropped before a later step made room may come back.
    for at in order {
        for to in [Shape::Open, Shape::Folded] {
            let better = (to == Shape::Open && shapes[at] != Shape::Open && wishes[at].min.0 <= area.width)
                || (to == Shape::Folded && shapes[at] == Shape::Hidden);
            if better {
                let before = std::mem::replace(&mut shapes[at], to);
                if needed(wishes, shapes, area.width) > area.height {
                    shapes[at] = before;
                }
            }
        }
    }
}

/// The rows that the panels take at least, with the line that tells of hidden ones.
fn needed(wishes: &[Wish], shapes: &[Shape], width: u16) -> u16 {
    let shelves =
        pack(wishes, shapes, width).iter().fold(0_u16, |sum, shelf| sum.saturating_add(shelf.height));
    shelves.saturating_add(u16::from(shapes.contains(&Shape::Hidden)))
}

/// Panels into rows, in order.
fn pack(wishes: &[Wish], shapes: &[Shape], width: u16) -> Vec<Shelf> {
    let mut shelves: Vec<Shelf> = Vec::new();
    let mut used = 0_u16;
    let mut open = false;
    for (at, (wish, shape)) in wishes.iter().zip(shapes).enumerate() {
        let (height, best, titled) = match shape {
            Shape::Hidden => continue,
            Shape::Folded => (1, 1, false),
            Shape::Open => (wish.min.1.max(1), wish.best.1.max(wish.min.1).max(1), wish.titled),
        };
        let wide = used.saturating_add(GAP).saturating_add(wish.best.0);
        let joins = open && *shape == Shape::Open && wide <= width;
        if let Some(shelf) = shelves.last_mut().filter(|_| joins) {
            shelf.members.push(at);
            shelf.rank = shelf.rank.min(wish.rank);
            shelf.height = shelf.height.max(height);
            shelf.best = shelf.best.max(best);
            shelf.titled |= titled;
            used = wide;
        } else {
            shelves.push(Shelf { members: vec![at], rank: wish.rank, height, best, titled, title: 0 });
            used = wish.best.0;
        }
        open = *shape == Shape::Open;
    }
    shelves
}

/// Hands out the rows that are left, by rank, and gives the rows between the shelves.
fn grow(shelves: &mut [Shelf], room: u16) -> u16 {
    let taken = shelves.iter().fold(0_u16, |sum, shelf| sum.saturating_add(shelf.height));
    let mut left = room.saturating_sub(taken);
    let mut order: Vec<usize> = (0..shelves.len()).collect();
    order.sort_by_key(|at| (shelves[*at].rank, *at));
    for at in order {
        let shelf = &mut shelves[at];
        shelf.title = u16::from(shelf.titled && left > 0);
        left = left.saturating_sub(shelf.title);
        let growth = shelf.best.saturating_sub(shelf.height).min(left);
        shelf.height = shelf.height.saturating_add(growth);
        left = left.saturating_sub(growth);
    }
    let gaps = u16::try_from(shelves.len().saturating_sub(1)).unwrap_or(u16::MAX);
    u16::from(gaps > 0 && left >= gaps)
}

/// The spots of one shelf, whose top is that of `area`.
fn place(shelf: &Shelf, wishes: &[Wish], shapes: &[Shape], area: Rect, spots: &mut [Spot]) {
    let count = u16::try_from(shelf.members.len()).unwrap_or(1).max(1);
    let gaps = GAP.saturating_mul(count.saturating_sub(1));
    let wanted = shelf.members.iter().fold(gaps, |sum, at| sum.saturating_add(wishes[*at].best.0));
    let share = area.width.saturating_sub(wanted) / count;
    let mut x = area.x;
    for (nth, at) in shelf.members.iter().enumerate() {
        let rest = area.right().saturating_sub(x);
        let is_last = nth + 1 == shelf.members.len();
        let width = if is_last { rest } else { wishes[*at].best.0.saturating_add(share).min(rest) };
        let top = Rect { x, width, height: shelf.title.min(area.height), ..area };
        let picture = Rect { y: area.y.saturating_add(shelf.title), height: shelf.height, ..top };
        spots[*at] = match shapes[*at] {
            Shape::Folded => Spot::Folded(Rect { height: 1, ..picture }),
            Shape::Open | Shape::Hidden => {
                Spot::Open { title: (shelf.title > 0 && wishes[*at].titled).then_some(top), picture }
            }
        };
        x = x.saturating_add(width).saturating_add(GAP);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn wish(rank: u8, min: (u16, u16), best: (u16, u16)) -> Wish {
        Wish { rank, min, best, titled: true }
    }

    fn shapes(plan: &Plan) -> String {
        let letter = |spot: &Spot| match spot {
            Spot::Open { title: Some(_), .. } => 'T',
            Spot::Open { title: None, .. } => 'o',
            Spot::Folded(_) => 'f',
            Spot::Hidden => '-',
        };
        plan.spots.iter().map(letter).collect()
    }

    #[test]
    fn the_highest_rank_is_folded_first_and_dropped_last_of_all() {
        let wishes = [wish(0, (20, 3), (40, 5)), wish(2, (20, 3), (40, 4)), wish(1, (20, 2), (40, 2))];
        for (height, expected) in [
            (14, "TTT"),
            (12, "ToT"),
            (9, "Too"),
            (8, "ooo"),
            (6, "ofo"),
            (5, "off"),
            (4, "o--"),
            (3, "fff"),
            (2, "f--"),
            (1, "---"),
        ] {
            let plan = plan(&wishes, Rect::new(0, 0, 50, height));
            assert_eq!(shapes(&plan), expected, "in {height} rows");
        }
    }

    #[test]
    fn neighbours_share_a_row_if_both_get_all_their_width() {
        let wishes = [wish(0, (10, 2), (20, 2)), wish(1, (10, 2), (20, 3))];
        let wide = plan(&wishes, Rect::new(0, 0, 43, 4));
        assert_eq!(shapes(&wide), "TT");
        assert!(matches!(
            wide.spots[1],
            Spot::Open { picture: Rect { x: 23, y: 1, width: 20, height: 3 }, .. }
        ));
        assert_eq!(shapes(&plan(&wishes, Rect::new(0, 0, 42, 4))), "oo");
    }

    #[test]
    fn no_spot_leaves_the_area() {
        let wishes = [wish(0, (20, 3), (40, 5)), wish(2, (20, 3), (1000, 4)), wish(1, (20, 2), (30, 2))];
        for (width, height) in (0..60).flat_map(|w| (0..20).map(move |h| (w, h))) {
            let area = Rect::new(3, 2, width, height);
            for spot in plan(&wishes, area).spots {
                if let Spot::Open { picture, .. } | Spot::Folded(picture) = spot {
                    assert_eq!(picture.intersection(area), picture, "{picture:?} in {area:?}");
                }
            }
        }
    }
}
