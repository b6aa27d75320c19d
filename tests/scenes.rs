//! Scenes on the screen: fixture scenes of three labs and one of everything, in all sizes and themes.
//!
//! The scenes are written by hand, so that no lab's prose or numbers can move a snapshot.

mod scenes {
    pub mod breaker;
    pub mod everything;
    pub mod lock;
    pub mod raft;
}

use halfopen::labs::scene::{PartId, Place, Scene};
use halfopen::ui::scene::{Look, Shown, Spots, draw};
use halfopen::ui::theme::Theme;
use insta::assert_snapshot;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

/// The insides of the two places of a lab's screen, by the size of the terminal.
const SMALL: ((u16, u16), (u16, u16)) = ((52, 11), (78, 4));
const LARGE: ((u16, u16), (u16, u16)) = ((102, 18), (102, 9));

fn render(scene: &Scene, shown: Shown, (width, height): (u16, u16), look: Look<'_>) -> Buffer {
    let mut buf = Buffer::empty(Rect::new(0, 0, width, height));
    draw(scene, shown, buf.area, &mut buf, look);
    buf
}

/// The buffer as text between bars, so that the right edge is seen.
fn text(buf: &Buffer) -> String {
    let row = |y: u16| {
        let cells: String = (0..buf.area.width).map(|x| buf[(x, y)].symbol()).collect();
        format!("|{cells}|\n")
    };
    let rule = format!("+{}+\n", "-".repeat(usize::from(buf.area.width)));
    rule.clone() + &(0..buf.area.height).map(row).collect::<String>() + &rule
}

/// The buffer's styles, a letter a cell: `g` green, `y` yellow, `r` red, `c` cyan, `m` magenta, `d` dim, `b` bold,
/// `R` reversed, `u` underlined.
fn styles(buf: &Buffer) -> String {
    let letter = |x: u16, y: u16| {
        let cell = &buf[(x, y)];
        match cell.fg {
            _ if cell.modifier.contains(Modifier::REVERSED) => 'R',
            Color::Green => 'g',
            Color::Yellow => 'y',
            Color::Red => 'r',
            Color::Cyan => 'c',
            Color::Magenta => 'm',
            Color::DarkGray => 'd',
            _ if cell.modifier.contains(Modifier::BOLD) => 'b',
            _ if cell.modifier.contains(Modifier::DIM) => 'd',
            _ if cell.modifier.contains(Modifier::UNDERLINED) => 'u',
            _ => ' ',
        }
    };
    let row =
        |y: u16| (0..buf.area.width).map(|x| letter(x, y)).collect::<String>().trim_end().to_owned() + "\n";
    (0..buf.area.height).map(row).collect()
}

/// Stage above strip, as a terminal of that size shows them.
fn places(scene: &Scene, (stage, strip): ((u16, u16), (u16, u16)), theme: Theme) -> String {
    let part = |place, size| text(&render(scene, Shown::Only(place), size, Look::of(theme)));
    part(Place::Stage, stage) + &part(Place::Strip, strip)
}

fn whole(scene: &Scene, size: (u16, u16)) -> String {
    text(&render(scene, Shown::All, size, Look::of(Theme::ansi16())))
}

fn fixtures() -> [(&'static str, Scene); 4] {
    [
        ("breaker", scenes::breaker::scene()),
        ("raft", scenes::raft::scene()),
        ("lock", scenes::lock::scene()),
        ("everything", scenes::everything::scene()),
    ]
}

#[test]
fn every_scene_at_every_size_of_the_contract() {
    for (name, scene) in fixtures() {
        assert_snapshot!(format!("{name}_80x24"), places(&scene, SMALL, Theme::ansi16()));
        assert_snapshot!(format!("{name}_160x45"), places(&scene, LARGE, Theme::ansi16()));
        assert_snapshot!(format!("{name}_60x18"), whole(&scene, (60, 18)));
        assert_snapshot!(format!("{name}_40x10"), whole(&scene, (40, 10)));
    }
}

#[test]
fn colours_and_their_absence() {
    let scene = scenes::breaker::scene();
    for (name, theme) in [("ansi16", Theme::ansi16()), ("mono", Theme::mono())] {
        let look = Look { selected: Some(&PartId::from("caller.A")), ..Look::of(theme) };
        let stage = render(&scene, Shown::Only(Place::Stage), SMALL.0, look);
        let strip = render(&scene, Shown::Only(Place::Strip), SMALL.1, look);
        assert_snapshot!(format!("styles_{name}"), styles(&stage) + &styles(&strip));
        if theme == Theme::mono() {
            let coloured = |buf: &Buffer| {
                buf.content().iter().any(|cell| (cell.fg, cell.bg) != (Color::Reset, Color::Reset))
            };
            assert!(!coloured(&stage) && !coloured(&strip), "a colour without colours");
        }
    }
}

#[test]
fn ascii_is_ascii() {
    for (_, scene) in fixtures() {
        let all = text(&render(&scene, Shown::All, (160, 60), Look::of(Theme::mono().in_ascii())));
        assert!(all.is_ascii(), "{all}");
    }
    assert_snapshot!("ascii", places(&scenes::breaker::scene(), SMALL, Theme::mono().in_ascii()));
}

#[test]
fn hundreds_of_callers_are_folded_by_state() {
    let scene = scenes::breaker::crowd(200);
    assert_snapshot!("crowd", text(&render(&scene, Shown::All, (80, 10), Look::of(Theme::ansi16()))));
    let look = Look { selected: Some(&PartId::from("caller.150")), ..Look::of(Theme::ansi16()) };
    let scrolled = text(&render(&scene, Shown::All, (80, 10), look));
    assert!(scrolled.contains(">caller 150"), "{scrolled}");
}

#[test]
fn scenes_speak() {
    let spoken: Vec<String> = fixtures().into_iter().flat_map(|(_, scene)| scene.speak()).collect();
    assert_snapshot!("spoken", spoken.join("\n"));
    assert!(spoken.iter().all(|line| line.is_ascii() && !line.is_empty()), "box drawing is not speech");
}

#[test]
fn any_size_is_drawn_without_panic() {
    let look = Look { selected: Some(&PartId::from("server.3")), ..Look::of(Theme::ansi16()) };
    for (_, scene) in fixtures() {
        for (width, height) in (0..=200).step_by(3).flat_map(|w| (0..=60).map(move |h| (w, h))) {
            // Small sizes are where arithmetic goes wrong: all of them; large ones by a grid.
            if width > 60 && height > 20 && (width % 9 != 0 || height % 4 != 0) {
                continue;
            }
            render(&scene, Shown::All, (width, height), look);
        }
        for (width, height) in (0..=40).flat_map(|w| (0..=20).map(move |h| (w, h))) {
            render(&scene, Shown::All, (width, height), look);
        }
    }
}

#[test]
fn nothing_is_drawn_outside_the_area() {
    let untouched = Buffer::filled(Rect::new(0, 0, 70, 30), ratatui::buffer::Cell::new("~"));
    for (_, scene) in fixtures() {
        for (width, height) in (1..60).step_by(7).flat_map(|w| (1..26).step_by(3).map(move |h| (w, h))) {
            let mut buf = untouched.clone();
            let area = Rect::new(5, 3, width, height);
            draw(&scene, Shown::All, area, &mut buf, Look::of(Theme::ansi16()));
            let outside = buf.area.positions().filter(|at| !area.contains(*at));
            assert!(outside.into_iter().all(|at| buf[at].symbol() == "~"), "{width}x{height}");
        }
    }
}

/// Every part with a name has an area of its own wherever there is room: that is where it is marked.
#[test]
fn every_part_has_an_area_when_there_is_room() {
    for (name, scene) in fixtures() {
        let spots = Spots::default();
        let look = Look { spots: Some(&spots), ..Look::of(Theme::mono()) };
        render(&scene, Shown::All, (200, 120), look);
        let parts = scene.parts().into_iter().filter(|part| !part.id.as_str().is_empty());
        for part in parts {
            let areas = spots.of(&part.id);
            assert!(!areas.is_empty(), "{name}: {} is drawn nowhere", part.id);
            let look = Look { selected: Some(&part.id), ..Look::of(Theme::mono()) };
            let buf = render(&scene, Shown::All, (200, 120), look);
            let marked = |at: ratatui::layout::Position| buf[at].modifier.contains(Modifier::REVERSED);
            assert!(areas.iter().flat_map(|area| area.positions()).all(marked), "{name}: {}", part.id);
        }
    }
}

#[test]
fn an_empty_scene_is_an_empty_picture() {
    assert_eq!(styles(&render(&Scene::new(), Shown::All, (10, 2), Look::of(Theme::ansi16()))), "\n\n");
}
