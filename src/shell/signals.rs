//! The signals that the program answers, as one thing to wait for.
//!
//! SIGHUP is left at its default action on purpose: a vanished terminal needs no restoring, the journal is already
//! written, and the terminal library would spin on the dead input for ever.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
#[cfg(unix)]
use std::sync::atomic::Ordering;

/// What the outside asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Signal {
    /// SIGTERM or SIGINT: leave.
    Quit,
    /// SIGTSTP: hand the terminal back and stop.
    Stop,
    /// SIGCONT: the program runs again, whoever had stopped it.
    Continue,
}

/// Waits for signals.
#[derive(Debug)]
pub struct Signals {
    #[cfg(unix)]
    sources: Option<Sources>,
}

#[cfg(unix)]
#[derive(Debug)]
struct Sources {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    stop: tokio::signal::unix::Signal,
    resume: tokio::signal::unix::Signal,
}

impl Signals {
    /// Never signals: for tests of the event loop.
    pub const fn none() -> Self {
        Self {
            #[cfg(unix)]
            sources: None,
        }
    }

    /// Takes the signals over from their default actions. Needs a tokio runtime around it.
    #[cfg(unix)]
    pub fn listen() -> io::Result<Self> {
        use rustix::process::Signal;
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            sources: Some(Sources {
                terminate: signal(SignalKind::terminate())?,
                interrupt: signal(SignalKind::interrupt())?,
                stop: signal(SignalKind::from_raw(Signal::TSTP.as_raw()))?,
                resume: signal(SignalKind::from_raw(Signal::CONT.as_raw()))?,
            }),
        })
    }

    /// Nothing to take over on this platform: Ctrl-C arrives as a key.
    #[cfg(not(unix))]
    pub fn listen() -> io::Result<Self> {
        Ok(Self::none())
    }

    /// The next one.
    #[cfg(unix)]
    pub async fn next(&mut self) -> Signal {
        let Some(sources) = &mut self.sources else { return std::future::pending().await };
        // `recv` gives nothing only when the runtime goes down; then nobody waits here any more.
        tokio::select! {
            biased;
            Some(()) = sources.terminate.recv() => Signal::Quit,
            Some(()) = sources.interrupt.recv() => Signal::Quit,
            Some(()) = sources.stop.recv() => Signal::Stop,
            Some(()) = sources.resume.recv() => Signal::Continue,
            else => std::future::pending().await,
        }
    }

    /// The next one.
    #[cfg(not(unix))]
    pub async fn next(&mut self) -> Signal {
        std::future::pending().await
    }
}

/// A flag that Ctrl-C raises from now on, in place of ending the program: for long work without a screen, which looks at
/// it and then ends in good order. A second Ctrl-C ends the program at once.
///
/// # Errors
/// Where no thread can be started to listen.
#[cfg(unix)]
pub fn interrupts() -> io::Result<Arc<AtomicBool>> {
    use tokio::signal::unix::{SignalKind, signal};
    let raised = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&raised);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Before the thread runs: a signal in between would be lost.
    let mut interrupt = runtime.block_on(async { signal(SignalKind::interrupt()) })?;
    std::thread::Builder::new().name("interrupts".to_owned()).spawn(move || {
        runtime.block_on(async {
            let _ = interrupt.recv().await;
            flag.store(true, Ordering::Relaxed);
            let _ = interrupt.recv().await;
            std::process::exit(130);
        });
    })?;
    Ok(raised)
}

/// Ctrl-C ends the program as ever on this platform.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn interrupts() -> io::Result<Arc<AtomicBool>> {
    Ok(Arc::new(AtomicBool::new(false)))
}

/// Asks the whole job to stop, as Ctrl-Z does where the terminal is not in raw mode: a wrapper in the same job (a script,
/// `cargo run`) has to stop too, or the user's shell would not come back. Our own copy arrives as [`Signal::Stop`].
#[cfg(unix)]
pub fn ask_job_to_stop() -> io::Result<()> {
    use rustix::process::{Signal, getpgrp, kill_process_group};
    kill_process_group(getpgrp(), Signal::TSTP)?;
    Ok(())
}

/// There are no jobs on this platform.
#[cfg(not(unix))]
pub fn ask_job_to_stop() -> io::Result<()> {
    Ok(())
}

/// Stops this process until somebody continues it. SIGSTOP and not SIGTSTP, because the kernel drops the latter where no
/// shell could bring the job back, and the terminal has been handed over by then.
#[cfg(unix)]
pub fn stop_this_process() -> io::Result<()> {
    use rustix::process::{Signal, getpid, kill_process};
    kill_process(getpid(), Signal::STOP)?;
    Ok(())
}

/// There is no stopping on this platform.
#[cfg(not(unix))]
pub fn stop_this_process() -> io::Result<()> {
    Ok(())
}
