//! A terminal that exists only in memory, for tests: keys in, the screen out.
//!
//! ```ignore
//! let screen = Harness::new(80, 24).with(course).press("enter j j space").play(Duration::from_secs(3)).screen();
//! ```
//!
//! Tests in `tests/` and those beside the code include this file by its path, so it names the crate as they all do.

use std::path::Path;
use std::time::Duration;

use halfopen::app::shared::{Colours, Glyphs, Look, Shared};
use halfopen::app::work::{News, Work};
use halfopen::app::{App, Effect, Flow, Message};
use halfopen::course::{Course, Loaded, SourceFile, load};
use halfopen::labs::why;
use halfopen::study::record::{Kind, Record, VERSION};
use halfopen::ui;
use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

/// The course folder `tests/fixtures/NAME`.
pub fn fixture(name: &str) -> Loaded {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    let mut files = Vec::new();
    collect(&root, &root, &mut files);
    load(&files)
}

#[expect(clippy::disallowed_methods, reason = "a test may read its fixtures")]
fn collect(root: &Path, folder: &Path, files: &mut Vec<SourceFile>) {
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            files.push(SourceFile::new(name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

/// What the background would answer at last.
fn worked(work: &Work) -> News {
    match work {
        Work::Why(question) => {
            let found = why::answer(question, why::MOST_RERUNS, &mut |_| true, &why::in_turn);
            News::Why(found.unwrap())
        }
        Work::Prove(proving) => News::Proved(proving.prove()),
        Work::Judge(judging) => News::Judged(judging.judge()),
        Work::Cure(plan) => News::Cured(plan.compare().map_err(|stopped| stopped.to_string())),
        Work::Sweep(plan) => News::Swept(plan.sweep().map_err(|stopped| stopped.to_string())),
    }
}

/// A program on a terminal in memory. Everything that it wants recorded comes back to it, as from a journal.
pub struct Harness {
    /// The program.
    pub app: App,
    /// What it wanted done outside, oldest first.
    pub effects: Vec<Effect>,
    /// Whether background work is done at once; else it is only kept in `effects`.
    pub works: bool,
    terminal: Terminal<TestBackend>,
}

impl Harness {
    /// An empty course on a terminal of this size.
    pub fn new(width: u16, height: u16) -> Self {
        Self::of(Shared::default(), width, height)
    }

    /// The course of the fixtures on a terminal of this size.
    pub fn fixture(width: u16, height: u16) -> Self {
        Self::new(width, height).with(fixture("course").course)
    }

    /// This course and this learner on a terminal of this size.
    pub fn of(shared: Shared, width: u16, height: u16) -> Self {
        let terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        let shared = Shared { measure: ui::passage::measure, ..shared };
        let mut harness = Self { app: App::new(shared), effects: Vec::new(), works: true, terminal };
        let _ = harness.send(Message::Resize { width, height });
        harness
    }

    /// The same terminal with this course, from the start.
    #[must_use]
    pub fn with(self, course: Course) -> Self {
        let area = self.terminal.size().unwrap();
        Self::of(
            Shared { course, look: self.app.shared().look, ..Shared::default() },
            area.width,
            area.height,
        )
    }

    /// Without colours.
    #[must_use]
    pub fn mono(self) -> Self {
        self.looking(Look { colours: Colours::None, glyphs: Glyphs::Unicode })
    }

    /// Without colours and in ASCII.
    #[must_use]
    pub fn ascii(self) -> Self {
        self.looking(Look { colours: Colours::None, glyphs: Glyphs::Ascii })
    }

    fn looking(mut self, look: Look) -> Self {
        self.app.set_look(look);
        self
    }

    /// Sends one message and answers what the shell would answer.
    pub fn send(&mut self, message: Message) -> Flow {
        let mut effects = Vec::new();
        let flow = self.app.update(message, &mut effects);
        for effect in effects {
            let answer = match &effect {
                Effect::Record(kind) => Some(Message::Recorded(vec![self.record(kind.clone())])),
                Effect::Work(ticket, work) => {
                    self.works.then(|| Message::Worked(*ticket, Box::new(worked(work))))
                }
                _ => None,
            };
            self.effects.push(effect);
            if let Some(answer) = answer {
                let _ = self.send(answer);
            }
        }
        flow
    }

    /// What it wanted recorded, oldest first.
    pub fn recorded(&self) -> Vec<&Kind> {
        self.effects
            .iter()
            .filter_map(|effect| if let Effect::Record(kind) = effect { Some(kind) } else { None })
            .collect()
    }

    fn record(&self, kind: Kind) -> Record {
        Record { id: format!("r{}", self.effects.len()), v: VERSION, at: Timestamp::UNIX_EPOCH, kind }
    }

    /// Presses these keys one after the other: `enter j j space`.
    #[must_use]
    pub fn press(mut self, keys: &str) -> Self {
        for key in keys.split_whitespace() {
            let key = key.parse().unwrap_or_else(|error| panic!("{error}"));
            let _ = self.send(Message::Key(key));
        }
        self
    }

    /// Lets this much wall time pass, in frames, as long as the program asks for them.
    #[must_use]
    pub fn play(mut self, time: Duration) -> Self {
        let mut left = time;
        while let Some(interval) = self.app.frame_interval().filter(|_| !left.is_zero()) {
            let elapsed = interval.min(left);
            let _ = self.send(Message::Frame { elapsed, events_allowed: 1_000_000 });
            left -= elapsed;
        }
        self
    }

    /// Gives the terminal another size.
    #[must_use]
    pub fn resize(mut self, width: u16, height: u16) -> Self {
        self.terminal.backend_mut().resize(width, height);
        let _ = self.send(Message::Resize { width, height });
        self
    }

    /// What the screen shows, a line a row, without trailing blanks.
    pub fn screen(&mut self) -> String {
        self.lines(ratatui::buffer::Cell::symbol)
    }

    /// A letter for the style of each cell: colour by its first letter, upper case if bold; `_` underlined, `%` reversed,
    /// `'` dim, `.` plain.
    pub fn styles(&mut self) -> String {
        use ratatui::style::{Color, Modifier};
        self.lines(|cell| {
            let bold = cell.modifier.contains(Modifier::BOLD);
            match cell.fg {
                _ if cell.modifier.contains(Modifier::REVERSED) => "%",
                Color::Green => "g",
                Color::Yellow => "y",
                Color::Red => "R",
                Color::Cyan if bold => "C",
                Color::Cyan => "c",
                Color::Blue => "b",
                Color::Magenta => "m",
                Color::DarkGray => "'",
                _ if cell.modifier.contains(Modifier::UNDERLINED) => "_",
                _ if cell.modifier.contains(Modifier::DIM) => "'",
                _ if bold => "B",
                _ => ".",
            }
        })
    }

    fn lines(&mut self, show: impl Fn(&ratatui::buffer::Cell) -> &str) -> String {
        self.terminal.draw(|frame| ui::view(&self.app, frame)).unwrap();
        let buffer = self.terminal.backend().buffer();
        let width = usize::from(buffer.area.width).max(1);
        let rows = buffer.content().chunks(width);
        let text: Vec<String> =
            rows.map(|row| row.iter().map(&show).collect::<String>().trim_end().to_owned()).collect();
        text.join("\n")
    }
}
