//! The terminal, entered and left: raw mode, the other screen, bracketed paste, the mouse, and the way back from a panic.
//!
//! Whatever is switched on here is switched off here. Must not know what is drawn.

use std::io::{self, IsTerminal, Write};
use std::panic;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, queue};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

// The panic hook can be called on any thread and with nothing in its hands, so what it must undo is global.
static ENTERED: AtomicBool = AtomicBool::new(false);
static MOUSE: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// What [`std::process::exit`] gets after a panic, as the standard library itself would.
const PANICKED: i32 = 101;

/// Whether there is a person at both ends: without one, raw mode fails with an obscure error.
pub fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Takes the terminal over; does nothing where it is taken already. A failure half way is undone.
///
/// # Errors
/// Where the terminal is gone or there is none.
pub fn enter() -> io::Result<()> {
    HOOK.call_once(install_panic_hook);
    if ENTERED.swap(true, Ordering::SeqCst) {
        return Ok(());
    }
    let entered = enable_raw_mode().and_then(|()| {
        let mut out = io::stdout().lock();
        queue!(out, EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)?;
        if MOUSE.load(Ordering::SeqCst) {
            queue!(out, EnableMouseCapture)?;
        }
        out.flush()
    });
    if entered.is_err() {
        // The first error is the one that helps.
        let _ = leave();
    }
    entered
}

/// Gives the terminal back as it was; does nothing where it is given back already.
///
/// # Errors
/// Where the terminal is gone. Everything is tried all the same.
pub fn leave() -> io::Result<()> {
    let mut out = io::stdout().lock();
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return Ok(());
    }
    let written = write_leaving(&mut out);
    disable_raw_mode().and(written)
}

fn write_leaving(out: &mut impl Write) -> io::Result<()> {
    // A frame may have been cut off in its middle: a terminal that still holds back output would show nothing.
    queue!(out, EndSynchronizedUpdate, DisableBracketedPaste)?;
    if MOUSE.load(Ordering::SeqCst) {
        queue!(out, DisableMouseCapture)?;
    }
    queue!(out, cursor::Show, LeaveAlternateScreen)?;
    out.flush()
}

/// Takes the terminal over again after the process was stopped and continued, whoever stopped it: the shell has changed
/// the modes meanwhile, and the library believes that raw mode is still on and would do nothing.
///
/// # Errors
/// Where the terminal is gone.
pub fn reenter() -> io::Result<()> {
    disable_raw_mode()?;
    ENTERED.store(false, Ordering::SeqCst);
    enter()
}

/// Switches mouse events on or off; remembered over a suspension.
///
/// # Errors
/// Where the terminal is gone.
pub fn capture_mouse(on: bool) -> io::Result<()> {
    if MOUSE.swap(on, Ordering::SeqCst) == on || !ENTERED.load(Ordering::SeqCst) {
        return Ok(());
    }
    let mut out = io::stdout().lock();
    if on {
        queue!(out, EnableMouseCapture)?;
    } else {
        queue!(out, DisableMouseCapture)?;
    }
    out.flush()
}

/// A panic in a thread or a task would otherwise leave a program that looks dead and swallows keys, and a panic in the
/// loop would be printed over the screen. Outside the entered terminal nothing changes.
fn install_panic_hook() {
    let previous = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        // Held to the end, so that no other thread draws over the message.
        let _out = io::stdout().lock();
        if !ENTERED.load(Ordering::SeqCst) {
            return previous(info);
        }
        let _ = leave();
        previous(info);
        std::process::exit(PANICKED);
    }));
}

/// Standard output as the screen is drawn to it: a whole frame at once, as one synchronized update, so that no terminal
/// shows half of one. Terminals without synchronized updates ignore the two sequences.
#[derive(Default, Debug)]
pub struct Screen {
    frame: Vec<u8>,
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.frame.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        let mut whole = Vec::with_capacity(self.frame.len() + 16);
        queue!(whole, BeginSynchronizedUpdate)?;
        whole.append(&mut self.frame);
        queue!(whole, EndSynchronizedUpdate)?;
        let mut out = io::stdout().lock();
        // Asked under the lock: after `leave` on another thread nothing is drawn any more.
        if !ENTERED.load(Ordering::SeqCst) {
            return Ok(());
        }
        out.write_all(&whole)?;
        out.flush()
    }
}

/// The terminal to draw on.
///
/// # Errors
/// Where its size can't be had.
pub fn screen() -> io::Result<Terminal<CrosstermBackend<Screen>>> {
    Terminal::new(CrosstermBackend::new(Screen::default()))
}

/// Leaves the terminal when it goes out of scope, on whatever way.
#[derive(Debug)]
pub struct Entered(());

impl Entered {
    /// [`enter`], and leave on drop.
    ///
    /// # Errors
    /// As [`enter`].
    pub fn new() -> io::Result<Self> {
        enter().map(|()| Self(()))
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        // A vanished terminal needs no restoring.
        let _ = leave();
    }
}
