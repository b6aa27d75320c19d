//! The first frame and the drawing of every screen: what stands between a key and the eye.
//!
//! The promise: a screen is drawn in a small part of a 16 ms frame, and the first frame waits for nothing but the course.

use divan::Bencher;
use halfopen::app::key::{Code, Key};
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

/// A key typed into the palette, in a course of a thousand lessons of ten steps each.
#[divan::bench(args = ["q", "queue", "brkr", "how a server"])]
fn palette_key_with_a_thousand_lessons(bencher: Bencher, typed: &str) {
    let mut app = with_a_thousand_lessons();
    let _ = app.update(Message::Key(ctrl_p()), &mut Vec::new());
    let (last, first) = typed.chars().next_back().zip(typed.get(..typed.len() - 1)).unwrap_or((' ', ""));
    let mut effects = Vec::new();
    for c in first.chars() {
        let _ = app.update(Message::Key(Key::char(c)), &mut effects);
    }
    let mut terminal = Terminal::new(TestBackend::new(160, 45)).ok();
    bencher.bench_local(|| {
        let _ = app.update(Message::Key(Key::char(last)), &mut effects);
        let drawn = terminal.as_mut().map(|terminal| terminal.draw(|frame| ui::view(&app, frame)).is_ok());
        let _ = app.update(Message::Key(Key::plain(Code::Backspace)), &mut effects);
        drawn
    });
}

/// The palette opened over a course of a thousand lessons of ten steps each.
#[divan::bench]
fn palette_opened_with_a_thousand_lessons(bencher: Bencher) {
    let mut app = with_a_thousand_lessons();
    let mut effects = Vec::new();
    bencher.bench_local(|| {
        let _ = app.update(Message::Key(ctrl_p()), &mut effects);
        let _ = app.update(Message::Key(Key::plain(Code::Esc)), &mut effects);
    });
}

const fn ctrl_p() -> Key {
    Key::with(Code::Char('p'), true, false, false)
}

fn with_a_thousand_lessons() -> App {
    let mut course = course::load(&embedded::files()).course;
    let lessons: Vec<_> = course.lessons().map(|(_, lesson)| lesson.clone()).collect();
    let steps: Vec<_> = lessons.iter().flat_map(|lesson| lesson.steps.clone()).take(10).collect();
    let many = lessons.iter().cycle().zip(0..1000).map(|(lesson, n)| {
        let mut copy = lesson.clone();
        copy.id.value = format!("{}-{n}", copy.id.value);
        copy.title = format!("{} {n}", copy.title);
        copy.steps.clone_from(&steps);
        for (step, number) in copy.steps.iter_mut().zip(1..) {
            step.number = number;
        }
        copy
    });
    let many: Vec<_> = many.collect();
    course.chapters.truncate(1);
    if let Some(chapter) = course.chapters.first_mut() {
        chapter.lessons = many;
    }
    let mut app = App::new(Shared { course, measure: ui::passage::measure, ..Shared::default() });
    let _ = app.update(Message::Resize { width: 160, height: 45 }, &mut Vec::new());
    app
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
