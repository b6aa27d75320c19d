//! The event loop: waits for input, signals, background work and time; draws when something changed.
//!
//! Draws at most every [`MIN_FRAME`], after all input that is ready has been told, so that a burst of keys costs one or
//! two frames. While nothing moves there is no timer, and an idle program never wakes up. Generic over the screen, the
//! input and the program, so that a test can count frames. Must not know what a message means.

mod pace;

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use crossterm::event::Event;
use ratatui::backend::Backend;
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep_until};
use tokio_stream::{Stream, StreamExt};

use self::pace::{Allowance, FrameTimer};
use super::input::translate;
use super::signals::{Signal, Signals};
use crate::app::{App, Effect, Flow, Message};
use crate::ui;

/// The shortest time between two frames.
pub const MIN_FRAME: Duration = Duration::from_millis(16);

/// What the loop drives.
pub trait Program {
    /// Takes a message in; pushes what it wants done outside.
    fn update(&mut self, message: Message, effects: &mut Vec<Effect>) -> Flow;
    /// How often it wants [`Message::Frame`]; none while nothing moves.
    fn frame_interval(&self) -> Option<Duration>;
    /// How many events of a simulation the last frame handled.
    fn events_handled(&self) -> u64;
    /// Draws itself.
    fn view(&self, frame: &mut Frame);
}

impl Program for App {
    fn update(&mut self, message: Message, effects: &mut Vec<Effect>) -> Flow {
        Self::update(self, message, effects)
    }

    fn frame_interval(&self) -> Option<Duration> {
        Self::frame_interval(self)
    }

    fn events_handled(&self) -> u64 {
        Self::events_handled(self)
    }

    fn view(&self, frame: &mut Frame) {
        ui::view(self, frame);
    }
}

/// Carries out what the program wants done outside.
pub trait Edge {
    /// Does it and answers with messages. Never gets [`Effect::Quit`], which the loop keeps to itself.
    fn carry_out(&mut self, effect: Effect) -> Vec<Message>;
    /// Hands the terminal back and stops the process; returns when it runs again.
    fn stop(&mut self) -> io::Result<()>;
    /// Takes the terminal over again.
    fn resume(&mut self) -> io::Result<()>;
}

/// Where the loop hears from.
#[derive(Debug)]
pub struct Sources<S> {
    /// The terminal's events.
    pub events: S,
    /// Signals.
    pub signals: Signals,
    /// What background work has to say.
    pub inbox: UnboundedReceiver<Message>,
}

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Report {
    /// How many frames were drawn.
    pub frames: u64,
    /// Why it ended.
    pub end: End,
}

/// Why a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// The program wanted to.
    Quit,
    /// A signal asked for it.
    Signal,
    /// There is no more input.
    InputEnded,
}

/// Runs the program until it quits, a signal ends it or there is no more input.
///
/// # Errors
/// At the first error of the terminal: one that is gone never comes back.
pub async fn run<P, B, S, E>(
    program: &mut P,
    terminal: &mut Terminal<B>,
    sources: Sources<S>,
    edge: &mut E,
) -> io::Result<Report>
where
    P: Program,
    B: Backend,
    B::Error: Send + Sync + 'static,
    S: Stream<Item = io::Result<Event>> + Unpin,
    E: Edge,
{
    let Sources { mut events, mut signals, mut inbox } = sources;
    let mut run = Run::new(program, terminal, edge)?;
    while run.end.is_none() {
        run.frame_if_due();
        run.draw_if_due()?;
        let wake = run.wake();
        tokio::select! {
            biased;
            signal = signals.next() => run.signal(signal)?,
            event = events.next() => run.input(event, &mut events).await?,
            Some(message) = inbox.recv() => run.hear(message, &mut inbox),
            () = sleep_until(wake.unwrap_or_else(Instant::now)), if wake.is_some() => {}
        }
    }
    Ok(Report { frames: run.frames, end: run.end.unwrap_or(End::Quit) })
}

/// The loop's own state.
struct Run<'a, P, B: Backend, E> {
    program: &'a mut P,
    terminal: &'a mut Terminal<B>,
    edge: &'a mut E,
    effects: Vec<Effect>,
    dirty: bool,
    last_draw: Option<Instant>,
    frames: u64,
    timer: FrameTimer,
    allowance: Allowance,
    end: Option<End>,
}

impl<'a, P, B, E> Run<'a, P, B, E>
where
    P: Program,
    B: Backend,
    B::Error: Send + Sync + 'static,
    E: Edge,
{
    fn new(program: &'a mut P, terminal: &'a mut Terminal<B>, edge: &'a mut E) -> io::Result<Self> {
        let size = terminal.size().map_err(io::Error::other)?;
        let mut run = Self {
            program,
            terminal,
            edge,
            effects: Vec::new(),
            dirty: true,
            last_draw: None,
            frames: 0,
            timer: FrameTimer::default(),
            allowance: Allowance::default(),
            end: None,
        };
        run.tell(Message::Resize { width: size.width, height: size.height });
        Ok(run)
    }

    /// Tells the program, carries out what it wants, and tells it what came of that.
    fn tell(&mut self, message: Message) {
        let mut messages = VecDeque::from([message]);
        while let Some(message) = messages.pop_front() {
            if self.program.update(message, &mut self.effects) == Flow::Redraw {
                self.dirty = true;
            }
            for effect in self.effects.drain(..) {
                match effect {
                    Effect::Quit => self.end = Some(End::Quit),
                    other => messages.extend(self.edge.carry_out(other)),
                }
            }
        }
    }

    /// Tells time, where it is due.
    fn frame_if_due(&mut self) {
        let now = Instant::now();
        let Some(elapsed) = self.timer.elapsed_if_due(now, self.program.frame_interval()) else { return };
        let events_allowed = self.allowance.events();
        let begun = std::time::Instant::now();
        self.tell(Message::Frame { elapsed, events_allowed });
        self.allowance.learn(begun.elapsed(), self.program.events_handled());
    }

    fn draw_if_due(&mut self) -> io::Result<()> {
        if !self.dirty || self.end.is_some() || self.next_draw().is_some_and(|at| Instant::now() < at) {
            return Ok(());
        }
        let program = &*self.program;
        self.terminal.draw(|frame| program.view(frame)).map_err(io::Error::other)?;
        self.frames += 1;
        self.dirty = false;
        // From its end: a slow terminal must leave time for the keys.
        self.last_draw = Some(Instant::now());
        Ok(())
    }

    fn next_draw(&self) -> Option<Instant> {
        self.last_draw.map(|at| at + MIN_FRAME)
    }

    /// When the loop has to run again without being asked, if ever.
    fn wake(&self) -> Option<Instant> {
        let frame = self.timer.due(self.program.frame_interval());
        let draw = self.next_draw().filter(|_| self.dirty);
        frame.into_iter().chain(draw).min()
    }

    fn signal(&mut self, signal: Signal) -> io::Result<()> {
        match signal {
            Signal::Quit => self.end = Some(End::Signal),
            Signal::Stop => self.edge.stop()?,
            Signal::Continue => {
                self.edge.resume()?;
                self.repaint()?;
                self.timer = FrameTimer::default();
            }
        }
        Ok(())
    }

    /// Everything again, as the screen may hold anything. Not `Terminal::clear`, which asks the terminal where the
    /// cursor is and waits for an answer that the input stream has taken.
    fn repaint(&mut self) -> io::Result<()> {
        let size = self.terminal.size().map_err(io::Error::other)?;
        self.terminal
            .resize(Rect::from((ratatui::layout::Position::ORIGIN, size)))
            .map_err(io::Error::other)?;
        self.tell(Message::Resize { width: size.width, height: size.height });
        self.dirty = true;
        Ok(())
    }

    /// Tells this event and all that are ready behind it; but a flood must not keep the screen still for ever.
    async fn input<S>(&mut self, first: Option<io::Result<Event>>, events: &mut S) -> io::Result<()>
    where
        S: Stream<Item = io::Result<Event>> + Unpin,
    {
        let until = Instant::now() + MIN_FRAME;
        let mut next = Some(first);
        while let Some(event) = next {
            let Some(event) = event else {
                self.end = Some(End::InputEnded);
                return Ok(());
            };
            if let Some(message) = translate(event?) {
                self.tell(message);
            }
            if self.end.is_some() || Instant::now() >= until {
                return Ok(());
            }
            next = ready(events).await;
        }
        Ok(())
    }

    fn hear(&mut self, first: Message, inbox: &mut UnboundedReceiver<Message>) {
        self.tell(first);
        while self.end.is_none()
            && let Ok(message) = inbox.try_recv()
        {
            self.tell(message);
        }
    }
}

/// What the stream has ready: an event or its end; none where it would wait. Polled with the task's own waker, because
/// the terminal's stream keeps the first waker that it is given and would wake nobody with a borrowed one.
async fn ready<S>(events: &mut S) -> Option<Option<io::Result<Event>>>
where
    S: Stream<Item = io::Result<Event>> + Unpin,
{
    poll_fn(|context| {
        Poll::Ready(match Pin::new(&mut *events).poll_next(context) {
            Poll::Ready(event) => Some(event),
            Poll::Pending => None,
        })
    })
    .await
}
