//! The interactive program from entering the terminal to leaving it.

use std::io;

use crossterm::event::EventStream;
use tokio::sync::mpsc::UnboundedReceiver;

use super::event_loop::{self, Edge, Program, Report, Sources};
use super::signals::Signals;
use super::terminal;
use crate::app::Message;

/// Runs the program on the terminal until it ends, and gives the terminal back whatever happens. Background work speaks
/// through `inbox`. Ask [`terminal::is_interactive`] first.
///
/// # Errors
/// Where there is no terminal or it is gone.
pub fn run<P: Program, E: Edge>(
    program: &mut P,
    edge: &mut E,
    inbox: UnboundedReceiver<Message>,
) -> io::Result<Report> {
    // One thread: nothing here computes for long, and the input stream must stay with the task that first polled it.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // Before entering: a signal in between would leave the terminal as it is.
        let signals = Signals::listen()?;
        let entered = terminal::Entered::new()?;
        let mut screen = terminal::screen()?;
        let sources = Sources { events: EventStream::new(), signals, inbox };
        let report = event_loop::run(program, &mut screen, sources, edge).await;
        // Before the screen: it would show the cursor by a write that nobody could answer for.
        drop(entered);
        report
    })
}
