//! The promises of the event loop, counted in frames on a wound clock: idle costs nothing, a burst costs one or two
//! frames, motion costs its frames and no more.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io;
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use halfopen::app::{Effect, Flow, Message};
use halfopen::shell::event_loop::{Edge, End, Program, Report, Sources, run};
use halfopen::shell::signals::Signals;
use ratatui::backend::TestBackend;
use ratatui::text::Line;
use ratatui::{Frame, Terminal};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::sleep;
use tokio_stream::wrappers::UnboundedReceiverStream;

/// A program that counts what it is told.
#[derive(Default)]
struct Counter {
    keys: u32,
    frames: Vec<Duration>,
    allowed: Vec<u64>,
    handled: u64,
    sizes: Vec<(u16, u16)>,
    notices: Vec<String>,
    playing: bool,
    heavy: bool,
}

impl Program for Counter {
    fn update(&mut self, message: Message, effects: &mut Vec<Effect>) -> Flow {
        match message {
            Message::Key(key) => {
                self.keys += 1;
                match key.to_string().as_str() {
                    "q" => effects.push(Effect::Quit),
                    "space" => self.playing = !self.playing,
                    "c" => effects.push(Effect::Copy("text".to_owned())),
                    "u" => return Flow::Unchanged,
                    _ => {}
                }
            }
            Message::Frame { elapsed, events_allowed } => {
                self.frames.push(elapsed);
                self.allowed.push(events_allowed);
                self.handled = events_allowed;
                if self.heavy {
                    burn(Duration::from_micros(2 * events_allowed));
                }
            }
            Message::Resize { width, height } => self.sizes.push((width, height)),
            Message::Notice(text) => self.notices.push(text),
            Message::Mouse(_)
            | Message::Paste(_)
            | Message::Recorded(_)
            | Message::Saved(_)
            | Message::Written(_)
            | Message::Worked(..) => {}
        }
        Flow::Redraw
    }

    fn frame_interval(&self) -> Option<Duration> {
        self.playing.then_some(Duration::from_millis(33))
    }

    fn events_handled(&self) -> u64 {
        self.handled
    }

    fn view(&self, frame: &mut Frame) {
        frame.render_widget(Line::from(format!("keys {}", self.keys)), frame.area());
    }
}

#[expect(clippy::disallowed_methods, reason = "stands for a simulation that costs real time")]
fn burn(time: Duration) {
    let begun = std::time::Instant::now();
    while begun.elapsed() < time {}
}

#[derive(Default)]
struct Outside {
    effects: Vec<Effect>,
}

impl Edge for Outside {
    fn carry_out(&mut self, effect: Effect) -> Vec<Message> {
        self.effects.push(effect);
        vec![Message::Notice("copied".to_owned())]
    }

    fn stop(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn resume(&mut self) -> io::Result<()> {
        Ok(())
    }
}

type Keys = UnboundedSender<io::Result<Event>>;

fn press(keys: &Keys, key: char) {
    keys.send(Ok(Event::Key(KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE)))).unwrap();
}

/// Runs `counter` while `script` types; the input ends with the script.
async fn drive<F>(
    counter: &mut Counter,
    script: impl FnOnce(Keys, UnboundedSender<Message>) -> F,
) -> (Report, Outside)
where
    F: Future<Output = ()> + 'static,
{
    let (keys, typed) = unbounded_channel();
    let (outbox, inbox) = unbounded_channel();
    let events = UnboundedReceiverStream::new(typed);
    let mut terminal = Terminal::new(TestBackend::new(40, 3)).unwrap();
    let mut outside = Outside::default();
    let sources = Sources { events, signals: Signals::none(), inbox };
    let (report, ()) = tokio::join!(run(counter, &mut terminal, sources, &mut outside), script(keys, outbox));
    (report.unwrap(), outside)
}

#[tokio::test(start_paused = true)]
async fn idle_draws_once() {
    let mut counter = Counter::default();
    let (report, _) = drive(&mut counter, |keys, _outbox| async move {
        sleep(Duration::from_hours(1)).await;
        drop(keys);
    })
    .await;
    assert_eq!(report, Report { frames: 1, end: End::InputEnded });
    assert_eq!(counter.sizes, [(40, 3)], "the size comes first");
    assert!(counter.frames.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_burst_of_keys_is_told_whole_and_drawn_at_most_thrice() {
    let mut counter = Counter::default();
    let (report, _) = drive(&mut counter, |keys, _outbox| async move {
        (0..199).for_each(|_| press(&keys, 'j'));
        sleep(Duration::from_millis(300)).await;
        press(&keys, 'q');
    })
    .await;
    assert_eq!(counter.keys, 200);
    assert_eq!(report.end, End::Quit);
    assert!(report.frames <= 3, "{report:?}");
}

#[tokio::test(start_paused = true)]
async fn keys_faster_than_the_screen_share_frames() {
    let mut counter = Counter::default();
    let (report, _) = drive(&mut counter, |keys, _outbox| async move {
        for _ in 0..160 {
            press(&keys, 'j');
            sleep(Duration::from_millis(1)).await;
        }
    })
    .await;
    assert_eq!(counter.keys, 160);
    assert!((8..=12).contains(&report.frames), "160 ms at one frame in 16 ms: {report:?}");
}

#[tokio::test(start_paused = true)]
async fn motion_runs_at_its_rate_and_stops_with_it() {
    let mut counter = Counter::default();
    let (report, _) = drive(&mut counter, |keys, _outbox| async move {
        press(&keys, ' ');
        sleep(Duration::from_secs(1)).await;
        press(&keys, ' ');
        sleep(Duration::from_mins(1)).await;
    })
    .await;
    let ticks = counter.frames.len();
    assert!((29..=31).contains(&ticks), "{ticks}");
    assert!((30..=34).contains(&report.frames), "{report:?}");
    let told: Duration = counter.frames.iter().sum();
    assert!(told > Duration::from_millis(950) && told <= Duration::from_secs(1), "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn what_changes_nothing_draws_nothing() {
    let mut counter = Counter::default();
    let (report, _) = drive(&mut counter, |keys, _outbox| async move {
        sleep(Duration::from_millis(50)).await;
        for _ in 0..5 {
            press(&keys, 'u');
            sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    assert_eq!((counter.keys, report.frames), (5, 1));
}

#[tokio::test(start_paused = true)]
async fn keys_during_motion_are_not_starved_and_do_not_starve_it() {
    let mut counter = Counter::default();
    let (report, _) = drive(&mut counter, |keys, _outbox| async move {
        press(&keys, ' ');
        for _ in 0..1000 {
            press(&keys, 'j');
            sleep(Duration::from_millis(1)).await;
        }
    })
    .await;
    assert_eq!(counter.keys, 1001);
    assert!((28..=31).contains(&counter.frames.len()), "{}", counter.frames.len());
    assert!(report.frames <= 64, "{report:?}");
}

#[tokio::test]
async fn a_costly_simulation_is_given_fewer_events() {
    let mut counter = Counter { heavy: true, ..Counter::default() };
    drive(&mut counter, |keys, _outbox| async move {
        press(&keys, ' ');
        sleep(Duration::from_millis(400)).await;
    })
    .await;
    // Each event costs 2 µs or, on a machine that does other things too, more: 14 ms hold 7000 of them.
    assert!(counter.allowed.len() >= 3, "{:?}", counter.allowed);
    assert!(counter.allowed.iter().all(|n| (256..=7_100).contains(n)), "{:?}", counter.allowed);
}

#[tokio::test(start_paused = true)]
async fn effects_are_carried_out_and_answered_and_the_last_ones_too() {
    let mut counter = Counter::default();
    let (report, outside) = drive(&mut counter, |keys, outbox| async move {
        outbox.send(Message::Notice("from the background".to_owned())).unwrap();
        sleep(Duration::from_millis(1)).await;
        press(&keys, 'c');
        press(&keys, 'q');
        press(&keys, 'c');
        sleep(Duration::from_millis(1)).await;
    })
    .await;
    assert_eq!(report.end, End::Quit);
    assert_eq!(counter.notices, ["from the background", "copied"]);
    assert_eq!(outside.effects, [Effect::Copy("text".to_owned())], "nothing after quitting");
}

#[tokio::test(start_paused = true)]
async fn a_broken_terminal_ends_the_run_at_once() {
    let mut counter = Counter::default();
    let (keys, typed) = unbounded_channel();
    let (_outbox, inbox) = unbounded_channel();
    keys.send(Err(io::Error::other("the terminal is gone"))).unwrap();
    let sources = Sources { events: UnboundedReceiverStream::new(typed), signals: Signals::none(), inbox };
    let mut terminal = Terminal::new(TestBackend::new(40, 3)).unwrap();
    let error = run(&mut counter, &mut terminal, sources, &mut Outside::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "the terminal is gone");
}
