//! The terminal is given back as it was, whatever way the program ends; seen through a real pseudo-terminal.
//!
//! The program under test is this very file, run again as a child (`probe`): a program of a few keys on the real loop, the
//! real signals and the real terminal. Nothing here waits for time, only for what stands on the screen.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and the probe panics on purpose"
)]
#![allow(clippy::disallowed_methods, reason = "a terminal is read by a thread, waited for by the clock")]

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use halfopen::app::{Effect, Flow, Message};
use halfopen::shell::edge::Outside;
use halfopen::shell::event_loop::Program;
use halfopen::shell::interactive;
use halfopen::shell::journal::Journal;
use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use ratatui::Frame;
use ratatui::text::Line;
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};

const DEADLINE: Duration = Duration::from_secs(20);
const VARIABLE: &str = "TERMINAL_TEST_PROBE";

/// The program under test.
#[derive(Default)]
struct Probe {
    keys: u32,
    size: (u16, u16),
}

impl Program for Probe {
    fn update(&mut self, message: Message, effects: &mut Vec<Effect>) -> Flow {
        match message {
            Message::Key(key) => {
                self.keys += 1;
                match key.to_string().as_str() {
                    "q" | "ctrl-c" => effects.push(Effect::Quit),
                    "ctrl-z" => effects.push(Effect::Suspend),
                    "m" => effects.push(Effect::CaptureMouse(true)),
                    "p" => panic!("boom in the loop"),
                    "t" => drop(thread::spawn(|| panic!("boom in a thread"))),
                    "k" => drop(tokio::spawn(async { panic!("boom in a task") })),
                    _ => {}
                }
            }
            Message::Resize { width, height } => self.size = (width, height),
            _ => {}
        }
        Flow::Redraw
    }

    fn frame_interval(&self) -> Option<Duration> {
        None
    }

    fn events_handled(&self) -> u64 {
        0
    }

    fn view(&self, frame: &mut Frame) {
        let (width, height) = self.size;
        frame.render_widget(Line::from(format!("ready {width}x{height} keys={}", self.keys)), frame.area());
    }
}

/// Not a test of its own: the others run it on a pseudo-terminal.
#[test]
fn probe() {
    if std::env::var_os(VARIABLE).is_none() {
        return;
    }
    let (outbox, inbox) = tokio::sync::mpsc::unbounded_channel();
    let (journal, _) = Journal::open(Err("a test".to_owned()));
    let report = interactive::run(&mut Probe::default(), &mut Outside::new(journal, outbox), inbox).unwrap();
    println!("left by {:?}", report.end);
}

/// A terminal with the probe on it.
struct Terminal {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    modes_before: String,
}

impl Terminal {
    /// Starts the probe and waits until it has drawn.
    fn start() -> Self {
        let size = PtySize { rows: 24, cols: 80, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let modes_before = modes(&*pair.master);
        let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
        command.args(["--exact", "probe", "--nocapture"]);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env(VARIABLE, "1");
        let child = pair.slave.spawn_command(command).unwrap();
        // Or the reader would never see the end.
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(n @ 1..) = reader.read(&mut bytes) {
                if sender.send(bytes[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        let cells = |n| NonZeroU16::new(n).unwrap();
        let screen = vt100::Parser::new(cells(24), cells(80), 0);
        let writer = pair.master.take_writer().unwrap();
        let mut terminal = Self { master: pair.master, writer, child, output, screen, modes_before };
        terminal.wait(|screen| screen.contents().contains("ready 80x24 keys=0"));
        terminal
    }

    #[track_caller]
    fn wait(&mut self, met: impl Fn(&vt100::Screen) -> bool) {
        let deadline = Instant::now() + DEADLINE;
        while !met(self.screen.screen()) {
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.screen.process(&bytes),
                Err(why) => panic!("{why}; the screen:\n{}", self.screen.screen().contents()),
            }
        }
    }

    fn press(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(self.child.process_id().unwrap().cast_signed()).unwrap()
    }

    fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// Waits until the probe stands still.
    fn wait_stopped(&self) {
        let (_, status) = waitpid(Some(self.pid()), WaitOptions::UNTRACED).unwrap().unwrap();
        assert!(status.stopped(), "{status:?}");
    }

    /// Waits for the end and takes in what was said last.
    #[track_caller]
    fn wait_end(&mut self) -> ExitStatus {
        let deadline = Instant::now() + DEADLINE;
        loop {
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.screen.process(&bytes),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(why) => panic!("{why}; the screen:\n{}", self.screen.screen().contents()),
            }
        }
        self.child.wait().unwrap()
    }

    #[track_caller]
    fn assert_restored(&self) {
        let screen = self.screen.screen();
        let what = screen.contents();
        assert!(!screen.alternate_screen(), "the other screen is left:\n{what}");
        assert!(!screen.hide_cursor(), "the cursor is shown:\n{what}");
        assert!(!screen.bracketed_paste(), "bracketed paste is off:\n{what}");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None, "the mouse is off:\n{what}");
        assert!(!what.contains("ready"), "the screen is the shell's again:\n{what}");
        assert_eq!(modes(&*self.master), self.modes_before, "the line discipline is as it was");
    }

    fn says(&self, words: &str) -> bool {
        self.screen.screen().contents().contains(words)
    }
}

/// The modes of the line discipline, raw or cooked and all the rest.
fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Only ours, and only where a failed test left it running.
        let _ = self.child.kill();
    }
}

#[track_caller]
fn ends(by: impl FnOnce(&mut Terminal), code: u32, words: &str) {
    let mut terminal = Terminal::start();
    assert_ne!(modes(&*terminal.master), terminal.modes_before, "raw while it runs");
    assert!(terminal.screen.screen().alternate_screen());
    by(&mut terminal);
    let status = terminal.wait_end();
    terminal.assert_restored();
    assert_eq!(status.exit_code(), code, "{status:?}");
    assert!(terminal.says(words), "{}", terminal.screen.screen().contents());
}

#[test]
fn after_q() {
    ends(|terminal| terminal.press("q"), 0, "left by Quit");
}

#[test]
fn after_ctrl_c() {
    ends(|terminal| terminal.press("\x03"), 0, "left by Quit");
}

#[test]
fn after_sigterm() {
    ends(|terminal| terminal.signal(Signal::TERM), 0, "left by Signal");
}

#[test]
fn after_sigint() {
    ends(|terminal| terminal.signal(Signal::INT), 0, "left by Signal");
}

#[test]
fn after_a_panic_in_the_loop() {
    ends(|terminal| terminal.press("p"), 101, "boom in the loop");
}

#[test]
fn after_a_panic_in_a_thread() {
    ends(|terminal| terminal.press("t"), 101, "boom in a thread");
}

#[test]
fn after_a_panic_in_a_task() {
    ends(|terminal| terminal.press("k"), 101, "boom in a task");
}

#[test]
fn with_the_mouse_on() {
    let by = |terminal: &mut Terminal| {
        terminal.press("m");
        terminal.wait(|screen| screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None);
        terminal.press("p");
    };
    ends(by, 101, "boom in the loop");
}

#[test]
fn while_suspended_and_then_drawn_again() {
    let mut terminal = Terminal::start();
    for round in 1..=2 {
        terminal.press("\x1a");
        terminal.wait(|screen| !screen.alternate_screen());
        terminal.wait_stopped();
        terminal.assert_restored();
        terminal.signal(Signal::CONT);
        terminal
            .wait(|screen| screen.alternate_screen() && screen.contents().contains(&format!("keys={round}")));
        assert_ne!(modes(&*terminal.master), terminal.modes_before, "raw again");
    }
    terminal.press("j");
    terminal.wait(|screen| screen.contents().contains("keys=3"));
    terminal.press("q");
    assert!(terminal.wait_end().success());
    terminal.assert_restored();
}

#[test]
fn while_stopped_by_a_signal() {
    let mut terminal = Terminal::start();
    terminal.signal(Signal::TSTP);
    terminal.wait(|screen| !screen.alternate_screen());
    terminal.wait_stopped();
    terminal.assert_restored();
    terminal.signal(Signal::CONT);
    terminal.wait(|screen| screen.contents().contains("keys=0"));
    terminal.press("q");
    assert!(terminal.wait_end().success());
    terminal.assert_restored();
}

/// SIGSTOP can't be caught, and the shell puts the terminal into its own modes meanwhile.
#[test]
fn a_stop_from_outside_is_survived() {
    let mut terminal = Terminal::start();
    terminal.signal(Signal::STOP);
    terminal.wait_stopped();
    terminal.screen.process(b"\x1b[?1049l\x1b[2J");
    terminal.signal(Signal::CONT);
    terminal.wait(|screen| screen.alternate_screen() && screen.contents().contains("ready"));
    terminal.press("q");
    assert!(terminal.wait_end().success());
    terminal.assert_restored();
}

#[test]
fn a_new_size_is_drawn() {
    let mut terminal = Terminal::start();
    terminal.master.resize(PtySize { rows: 30, cols: 100, pixel_width: 0, pixel_height: 0 }).unwrap();
    terminal.wait(|screen| screen.contents().contains("ready 100x30"));
    terminal.press("q");
    assert!(terminal.wait_end().success());
}

/// More than the terminal library reads at once: with its edge-triggered source, the rest stayed in the kernel until the
/// next key.
#[test]
fn a_burst_of_keys_arrives_whole() {
    let mut terminal = Terminal::start();
    terminal.press(&"j".repeat(3000));
    terminal.wait(|screen| screen.contents().contains("keys=3000"));
    terminal.press("q");
    assert!(terminal.wait_end().success());
}

#[test]
fn a_hangup_ends_it_at_once() {
    let mut terminal = Terminal::start();
    terminal.signal(Signal::HUP);
    let status = terminal.wait_end();
    assert!(status.signal().is_some(), "by its default action: {status:?}");
}
