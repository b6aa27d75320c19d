//! The first frame and the drawing of every screen: what stands between a key and the eye.
//!
//! The promise: a screen is drawn in a small part of a 16 ms frame, and the first frame waits for nothing but the course.

use divan::Bencher;
use halfopen::app::key::Key;
use halfopen::app::shared::Shared;
use halfopen::app::{App, Message};
use halfopen::course::{self, embedded};
use halfopen::ui;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::time::Duration;

fn main() {
    divan::main();
}

const SIZES: [(u16, u16); 3] = [(80, 24), (160, 45), (60, 18)];

/// The program at a screen, reached by keys.
fn at(keys: &str, (width, height): (u16, u16)) -> App {
    let course = course::load(&embedded::files()).course;
    let mut app = App::new(Shared { course, measure: ui::passage::measure, ..Shared::default() });
    let mut effects = Vec::new();
    let _ = app.update(Message::Resize { width, height }, &mut effects);
    for key in keys.split_whitespace().filter_map(|key| key.parse::<Key>().ok()) {
        let _ = app.update(Message::Key(key), &mut effects);
    }
    for _ in 0..90 {
        let elapsed = Duration::from_millis(33);
        let _ = app.update(Message::Frame { elapsed, events_allowed: 100_000 }, &mut effects);
    }
    app
}

fn draw(bencher: Bencher, keys: &str, size: (u16, u16)) {
    let app = at(keys, size);
    let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).ok();
    bencher.bench_local(|| {
        terminal.as_mut().map(|terminal| terminal.draw(|frame| ui::view(&app, frame)).is_ok())
    });
}

#[divan::bench(args = SIZES)]
fn home(bencher: Bencher, size: (u16, u16)) {
    draw(bencher, "", size);
}

#[divan::bench(args = SIZES)]
fn lesson_beside_its_running_lab(bencher: Bencher, size: (u16, u16)) {
    draw(bencher, "j j enter space", size);
}

#[divan::bench(args = SIZES)]
fn lab_on_the_whole_screen(bencher: Bencher, size: (u16, u16)) {
    draw(bencher, "j j j j j enter space", size);
}

#[divan::bench(args = SIZES)]
fn quiz(bencher: Bencher, size: (u16, u16)) {
    draw(bencher, "j j j enter", size);
}

#[divan::bench(args = SIZES)]
fn help(bencher: Bencher, size: (u16, u16)) {
    draw(bencher, "?", size);
}

/// From nothing to the first frame: the course is read, the map is drawn.
#[divan::bench]
fn first_frame() -> bool {
    let course = course::load(&embedded::files()).course;
    let mut app = App::new(Shared { course, ..Shared::default() });
    let _ = app.update(Message::Resize { width: 120, height: 40 }, &mut Vec::new());
    Terminal::new(TestBackend::new(120, 40))
        .is_ok_and(|mut terminal| terminal.draw(|frame| ui::view(&app, frame)).is_ok())
}
