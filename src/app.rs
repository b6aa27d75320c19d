//! The interactive program as one state and one `update`.
//!
//! Must not know the terminal, the clock, files or threads: keys, time and the outcome of effects arrive as [`Message`]s,
//! and what is to happen outside leaves as [`Effect`]s, so that the whole program is tested without a screen.
//!
//! The screens are on a stack, at most one overlay is above them. A key goes to the overlay, or else through the one key
//! table ([`keymap`]) to the screen on top ([`screen`]), which asks the app to move through its [`screen::Cx`].

pub mod bank;
pub mod bench;
pub mod brief;
pub mod calibration;
pub mod confirm;
pub mod curing;
pub mod generated;
pub mod help;
pub mod home;
pub mod judging;
pub mod key;
pub mod keymap;
pub mod lesson;
pub mod line;
pub mod palette;
pub mod passage;
mod place;
pub mod player;
pub mod problems;
pub mod proving;
pub mod quiz;
mod route;
pub mod screen;
pub mod setup;
pub mod shared;
pub mod speed;
pub mod stake;
pub mod work;

use std::time::Duration;

use crate::study::record::{Kind, Place, Record};
use confirm::Confirm;
use help::Help;
pub use judging::{Judged, Judging};
use key::{Code, Key, Mouse};
use keymap::{Binding, Command, Context};
use palette::Palette;
use place::Keep;
use screen::{Cx, Screen};
use shared::{Look, Notice, Shared, Size};
use work::{News, Work};

/// What the app is told.
#[derive(Clone, PartialEq, Debug)]
pub enum Message {
    /// A key was pressed or repeats.
    Key(Key),
    /// The mouse, only while [`Effect::CaptureMouse`] is on.
    Mouse(Mouse),
    /// Text was pasted.
    Paste(String),
    /// The terminal has this size now; also the first message of every run.
    Resize {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// Time passed; comes only while [`App::frame_interval`] asks for it.
    Frame {
        /// Wall time since the frame before, clamped: a suspended program does not leap.
        elapsed: Duration,
        /// How many events of a simulation this frame may handle and still leave the keys quick.
        events_allowed: u64,
    },
    /// Records that belong to the journal from now on: the one just made, and those of another running copy.
    Recorded(Vec<Record>),
    /// Whether what was recorded is on the disk; else the sentence to show.
    Saved(Result<(), String>),
    /// Something that the learner should know and that stops nothing.
    Notice(String),
    /// News of [`Effect::Work`] with this ticket.
    Worked(u64, Box<News>),
    /// The answer to [`Effect::Save`]: what was saved, or why not, as a sentence.
    Written(Result<String, String>),
}

/// What the app wants to happen outside.
#[derive(Clone, PartialEq, Debug)]
pub enum Effect {
    /// Write this into the journal, now. Answered by [`Message::Recorded`] and [`Message::Saved`].
    Record(Kind),
    /// Hand the terminal back to the user's shell until it is continued.
    Suspend,
    /// Leave.
    Quit,
    /// Put this into the clipboard.
    Copy(String),
    /// Ask the terminal for mouse events, or stop asking. Off at first, so that selecting text works.
    CaptureMouse(bool),
    /// Write this text to a new file, named as the learner did. Answered by [`Message::Written`].
    Save {
        /// The file.
        path: String,
        /// What is to stand in it.
        text: String,
    },
    /// Do this in the background, under this ticket. Answered by [`Message::Worked`], again and again.
    Work(u64, Box<Work>),
    /// Call off the work with this ticket; if it is done already, nothing.
    CallOff(u64),
}

/// Whether the screen has to be drawn again. `Redraw` unless it is certain that nothing visible changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[must_use]
pub enum Flow {
    /// Draw.
    Redraw,
    /// Nothing visible changed.
    Unchanged,
}

/// What lies over the screen.
#[derive(Debug)]
pub enum Overlay {
    /// The keys.
    Help(Help),
    /// A question with yes and no.
    Confirm(Confirm),
    /// Everything by name.
    Palette(Box<Palette>),
}

/// The whole interactive program.
#[derive(Debug)]
pub struct App {
    shared: Shared,
    /// Never empty: the course map is at the bottom.
    stack: Vec<Screen>,
    overlay: Option<Overlay>,
    /// Where the learner is, as written last by this program.
    place: Option<Place>,
    /// Whether what was recorded last could not be saved.
    unsaved: bool,
}

impl Default for App {
    fn default() -> Self {
        Self::new(Shared::default())
    }
}

impl App {
    /// The program with this course and this learner, at the course map.
    pub fn new(shared: Shared) -> Self {
        Self {
            shared,
            stack: vec![Screen::Home(home::Home::default())],
            overlay: None,
            place: None,
            unsaved: false,
        }
    }

    /// What all screens share.
    pub const fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Shows everything in another look from now on.
    pub const fn set_look(&mut self, look: Look) {
        self.shared.look = look;
    }

    /// Puts a screen on top.
    pub fn open(&mut self, screen: Screen) {
        self.stack.push(screen);
    }

    /// The screen on top.
    pub fn screen(&self) -> Option<&Screen> {
        self.stack.last()
    }

    /// What lies over it.
    pub const fn overlay(&self) -> Option<&Overlay> {
        self.overlay.as_ref()
    }

    /// Takes one message in; what it wants done outside is pushed to `effects`.
    pub fn update(&mut self, message: Message, effects: &mut Vec<Effect>) -> Flow {
        match message {
            Message::Key(key) => self.key(key, effects),
            Message::Resize { width, height } => {
                self.shared.size = Size { width, height };
                for screen in &mut self.stack {
                    screen.resized(&self.shared);
                }
                Flow::Redraw
            }
            Message::Frame { elapsed, events_allowed } => {
                self.with_screen(effects, |screen, cx| screen.frame(elapsed, events_allowed, cx))
            }
            Message::Recorded(records) => {
                for record in &records {
                    self.shared.progress.apply(record);
                }
                Flow::Redraw
            }
            Message::Saved(Err(sentence)) => {
                // It stays on the course map until something can be saved again.
                self.shared.warning = Some(sentence.clone());
                self.unsaved = true;
                self.shared.notice = Some(Notice::error(sentence));
                Flow::Redraw
            }
            Message::Notice(sentence) => {
                self.shared.notice = Some(Notice::plain(sentence));
                Flow::Redraw
            }
            Message::Worked(ticket, news) => {
                let mut flow = Flow::Unchanged;
                for screen in &mut self.stack {
                    let mut cx = Cx { shared: &mut self.shared, effects, go: None, ask: None };
                    if screen.worked(ticket, &news, &mut cx) == Flow::Redraw {
                        flow = Flow::Redraw;
                    }
                }
                flow
            }
            Message::Written(outcome) => self.with_screen(effects, |screen, cx| screen.written(&outcome, cx)),
            Message::Paste(text) => match &mut self.overlay {
                None => self.with_screen(effects, |screen, _| screen.paste(&text)),
                Some(Overlay::Palette(palette)) => {
                    palette.paste(&text);
                    Flow::Redraw
                }
                Some(Overlay::Help(_) | Overlay::Confirm(_)) => Flow::Unchanged,
            },
            Message::Saved(Ok(())) if self.unsaved => {
                (self.unsaved, self.shared.warning) = (false, None);
                Flow::Redraw
            }
            Message::Mouse(_) | Message::Saved(Ok(())) => Flow::Unchanged,
        }
    }

    /// How often time should be told; none while nothing moves, and then the program costs nothing.
    pub fn frame_interval(&self) -> Option<Duration> {
        let covered = self.overlay.is_some();
        self.screen().filter(|_| !covered).and_then(Screen::frame_interval)
    }

    /// How many events the last [`Message::Frame`] handled: what the next allowance is measured by.
    pub fn events_handled(&self) -> u64 {
        self.screen().map_or(0, Screen::events_handled)
    }

    /// The contexts of what has the keys now.
    fn contexts(&self) -> Vec<Context> {
        match (&self.overlay, self.stack.last()) {
            (Some(Overlay::Help(_)), _) => vec![Context::Help, Context::Always],
            (Some(Overlay::Confirm(_)), _) => vec![Context::Confirm],
            (Some(Overlay::Palette(_)), _) => vec![Context::Palette],
            (None, Some(screen)) => {
                let mut contexts = screen.contexts();
                contexts.push(Context::Always);
                contexts
            }
            (None, None) => vec![Context::Everywhere],
        }
    }

    /// Whether `command` would do anything now.
    fn allows(&self, command: Command) -> bool {
        use Command as C;
        if let Some(Overlay::Palette(palette)) = &self.overlay {
            return palette.allows(command);
        }
        matches!(command, C::Help | C::Palette | C::Back | C::Leave | C::Suspend)
            || self.overlay.is_some()
            || self.stack.last().is_some_and(|screen| screen.allows(command, &self.shared))
    }

    /// The keys that work now, those that matter most first.
    pub fn working_keys(&self) -> Vec<&'static Binding> {
        keymap::working(&self.contexts(), |command| self.allows(command))
    }

    fn key(&mut self, key: Key, effects: &mut Vec<Effect>) -> Flow {
        let had_notice = self.shared.notice.take().is_some();
        // These two hold whatever has the keys, or a broken screen could not be left.
        match key {
            Key { code: Code::Char('c'), ctrl: true, .. } => {
                self.quit(effects);
                return Flow::Redraw;
            }
            Key { code: Code::Char('z'), ctrl: true, .. } => {
                effects.push(Effect::Suspend);
                return Flow::Redraw;
            }
            _ => {}
        }
        if let Some(Overlay::Palette(palette)) = &mut self.overlay
            && key.edits()
        {
            palette.type_key(key);
            return Flow::Redraw;
        }
        let into_text = self.overlay.is_none() && self.screen().is_some_and(Screen::types);
        if into_text && key.edits() {
            return self.with_screen(effects, |screen, cx| screen.type_key(key, cx));
        }
        match keymap::dispatch(key, &self.contexts(), |command| self.allows(command)) {
            Some(command) => self.command(command, effects),
            None if had_notice => Flow::Redraw,
            None => Flow::Unchanged,
        }
    }

    fn command(&mut self, command: Command, effects: &mut Vec<Effect>) -> Flow {
        match (&mut self.overlay, command) {
            (_, Command::Leave) => self.quit(effects),
            (_, Command::Suspend) => effects.push(Effect::Suspend),
            (Some(Overlay::Palette(_)), command) => return self.in_palette(command, effects),
            (_, Command::Palette) => self.open_palette(effects),
            (Some(Overlay::Help(_)), Command::Back)
            | (Some(Overlay::Confirm(_)), Command::No | Command::Back) => {
                self.overlay = None;
            }
            (Some(Overlay::Help(help)), command) => help.update(command, self.shared.size),
            (Some(Overlay::Confirm(confirm)), Command::Yes) => {
                let yes = confirm.yes;
                self.overlay = None;
                return self.with_screen(effects, |screen, cx| screen.confirmed(yes, cx));
            }
            (Some(Overlay::Confirm(_)), _) => return Flow::Unchanged,
            (None, Command::Help) => {
                let digits = self.screen().and_then(Screen::player).map_or(&[][..], |it| it.spec().buttons);
                self.overlay = Some(Overlay::Help(Help::new(self.working_keys(), digits)));
            }
            (None, command) => return self.with_screen(effects, |screen, cx| screen.update(command, cx)),
        }
        Flow::Redraw
    }

    /// Lets the screen on top do something, then goes where it asked to.
    fn with_screen(
        &mut self,
        effects: &mut Vec<Effect>,
        act: impl FnOnce(&mut Screen, &mut Cx<'_>) -> Flow,
    ) -> Flow {
        let Some(screen) = self.stack.last_mut() else { return Flow::Unchanged };
        let mut cx = Cx { shared: &mut self.shared, effects, go: None, ask: None };
        let flow = act(screen, &mut cx);
        let (go, ask) = (cx.go, cx.ask);
        // What was watched cannot be bet on any more, wherever it was.
        if let Some(player) = screen.player() {
            self.shared.seen.take_in(player.origin(), player.branches());
        }
        if let Some(confirm) = ask {
            self.overlay = Some(Overlay::Confirm(confirm));
            return Flow::Redraw;
        }
        let Some(go) = go else {
            self.keep_place(Keep::Step, effects);
            return flow;
        };
        self.keep_place(Keep::Row, effects);
        self.go(go, effects);
        Flow::Redraw
    }

    fn quit(&mut self, effects: &mut Vec<Effect>) {
        self.keep_place(Keep::Row, effects);
        effects.push(Effect::Quit);
    }
}
