//! One server: when a lock ends, who releases what, and a holder that was stopped.

use halfopen::engine::random::{Draw, Random};
use halfopen::engine::time::{Span, Time};
use halfopen::patterns::lock::Client;
use halfopen::patterns::lock::redis::{
    Command, Flaw, Key, Lock, Output, Persistence, Redis, Reply, Settings, Step, Value,
};
use halfopen::patterns::lock::storage::{Fencing, Refused, Store};

use super::support::{json, median, numbers, range};

const LOCK: Key = Key(0);

fn draw(n: u64) -> Draw {
    Random::new(11).stream("locks").draw(n, 0)
}

fn micros(us: u64) -> Span {
    Span::from_nanos(us * 1000)
}

fn ms(span: Span) -> f64 {
    span.secs() * 1000.0
}

fn ask(server: &mut Redis, now: Time, command: Command) -> Reply {
    server.execute(now, &command, &mut Output::default())
}

fn set(n: u64, px: u64) -> Command {
    let ttl = Some(Span::from_millis(px));
    Command::SetIfAbsent { key: LOCK, value: Value(n), ttl, counter: None }
}

/// A sets the lock, B asks without pause until it has it. The next trial begins when B has released, as it did in the
/// recording; so each begins just after a tick of the server's clock.
fn lateness(px: u64, trials: u64, one_way: Span) -> Vec<f64> {
    let mut server = Redis::new(Persistence::Nothing, Time::ZERO);
    let mut now = Time::from_nanos(1_234_567);
    let mut late = Vec::new();
    for trial in 0..trials {
        let sent = now;
        now += one_way;
        assert_eq!(ask(&mut server, now, set(1, px)), Reply::Ok);
        now += one_way;
        loop {
            now += one_way;
            let reply = ask(&mut server, now, set(2, px));
            now += one_way;
            if reply == Reply::Ok {
                break;
            }
            // What a loop in a script takes.
            now += micros(1).times(draw(trial).unit());
        }
        assert!(now.since(sent) > Span::from_millis(px), "never before its time, counted from the send");
        late.push(ms(now.since(sent).saturating_sub(Span::from_millis(px))));
        now += one_way;
        assert_eq!(ask(&mut server, now, Command::CompareAndDelete(LOCK, Value(2))), Reply::Integer(1));
        now += one_way;
    }
    late
}

#[test]
fn a_lock_ends_after_its_time_and_a_tick_late_at_most() {
    let recorded = json("single.json");
    for px in [20, 100, 500, 1000, 3000] {
        let set = &recorded["expiry"][px.to_string()];
        let raw = numbers(&set["raw_late_vs_sent_ms"]);
        assert!(range(&raw).0 > 0.0, "never early");
        let late = lateness(px, raw.len() as u64, micros(25));
        let (low, high) = range(&late);
        assert!(low > 0.0 && high <= 5.0, "PX {px}: {low} to {high}");
        let (ours, theirs) = (median(&late), median(&raw));
        assert!((ours - theirs).abs() < 0.1, "PX {px}: median {ours}, recorded {theirs}");
    }
}

/// An answer on a slow way back: the holder that counts from it believes in a lock that is over.
#[test]
fn the_holder_must_count_from_the_send() {
    let recorded = json("single.json");
    let early: u64 = [20, 100, 500, 1000, 3000]
        .map(|px: u64| recorded["expiry"][px.to_string()]["acquired_before_px_since_ack"].as_u64().unwrap())
        .iter()
        .sum();
    assert_eq!(early, 1);
    for (flaw, safe) in [(None, true), (Some(Flaw::CountFromAnswer), false)] {
        let mut server = Redis::new(Persistence::Nothing, Time::ZERO);
        let mut holder = Lock::new(Settings { flaw, ..Settings::with_ttl(Span::from_secs(1)) });
        let Step::Send(call) = holder.acquire(Time::ZERO, draw(0)) else { panic!() };
        let reply = server.execute(Time::ZERO + micros(25), &call.command, &mut Output::default());
        // 1.724 ms before its time, counted from the answer: as late as in the one recorded case, and a tick.
        let answered = Time::from_nanos(2_724_000);
        assert_eq!(holder.answer(answered, call.ask, reply), Step::Acquired);
        let free = Time::from_millis(1001);
        assert_eq!(ask(&mut server, free, set(2, 1000)), Reply::Ok);
        assert_eq!(holder.until().unwrap() <= free, safe);
    }
}

#[test]
fn right_after_the_set_a_millisecond_may_be_gone_already() {
    let recorded = &json("single.json")["pttl_after_set_px1000"];
    let share = |count: u64, all: u64| count as f64 / all as f64;
    let [less, full] = ["999", "1000"].map(|left| recorded[left].as_u64().unwrap());
    let mut server = Redis::new(Persistence::Nothing, Time::ZERO);
    let (mut ours, trials) = (0, 2000);
    for trial in 0..trials {
        let now = Time::from_secs(2 * (trial + 1)) + Span::from_millis(1).times(draw(trial).unit());
        assert_eq!(ask(&mut server, now, set(1, 1000)), Reply::Ok);
        match ask(&mut server, now + micros(50), Command::TimeLeft(LOCK)) {
            Reply::Integer(1000) => {}
            Reply::Integer(999) => ours += 1,
            other => panic!("{other:?}"),
        }
    }
    let (ours, theirs) = (share(ours, trials), share(less, less + full));
    assert!((ours - theirs).abs() < 0.03, "{ours}, recorded {theirs}");
}

#[test]
fn a_listener_hears_of_the_end_up_to_a_cycle_late() {
    let recorded = json("single.json");
    let raw = numbers(&recorded["expired_event_late_ms"]["raw"]);
    let px = Span::from_millis(recorded["expired_event_late_ms"]["px"].as_u64().unwrap());
    let late = (0..1000).map(|trial| {
        let mut server = Redis::new(Persistence::Nothing, Time::from_nanos(41_000_000));
        let sent = Time::from_secs(1) + Span::from_millis(100).times(draw(trial).unit());
        assert_eq!(ask(&mut server, sent, set(1, px.millis())), Reply::Ok);
        let mut out = Output::default();
        let mut now = sent;
        while out.expired.is_empty() {
            now = server.next_timer().max(now);
            server.tick(now, &mut out);
        }
        ms(now.since(sent + px))
    });
    let late: Vec<f64> = late.collect();
    let (low, high) = range(&late);
    assert!(low > 0.0 && high <= 101.0 && range(&raw).1 <= 101.0, "{low} to {high}");
    assert!(high > 95.0 && (median(&late) - median(&raw)).abs() < 10.0, "{} {}", median(&late), median(&raw));
}

#[test]
fn the_recorded_release_is_reproduced() {
    let recorded = &json("single.json")["release"];
    let mut server = Redis::new(Persistence::Nothing, Time::ZERO);
    let trace = recorded["trace"].as_array().unwrap();
    let value = |client: &str| Value(u64::from(client.as_bytes()[0]));
    for step in trace {
        let now = Time::ZERO + Span::from_millis(1).times(step["t_ms"].as_f64().unwrap());
        let (client, command) = (step["client"].as_str().unwrap(), step["cmd"].as_str().unwrap());
        let command = match command.split([' ', '(']).next().unwrap() {
            "SET" => set(value(client).0, 5000),
            "GET" => Command::Get(LOCK),
            "DEL" => Command::Delete(LOCK),
            "EVAL" => Command::CompareAndDelete(LOCK, value(client)),
            other => panic!("{other}"),
        };
        let expected = match &step["reply"] {
            serde_json::Value::Null => Reply::Nil,
            serde_json::Value::Number(number) => Reply::Integer(number.as_i64().unwrap()),
            reply if reply == "OK" => Reply::Ok,
            reply => Reply::Value(value(reply.as_str().unwrap().trim_matches(['<', '>']))),
        };
        assert_eq!(ask(&mut server, now, command), expected, "{step}");
    }
    assert_eq!(trace.len(), 8);
}

/// B tries to release what A holds; C comes then.
#[test]
fn a_stranger_cannot_release_but_by_a_plain_del() {
    let counts = &json("single.json")["release"]["counts"];
    let trials = counts["trials"].as_u64().unwrap();
    let let_in = |command: Command| {
        let one = |trial: u64| {
            let mut server = Redis::new(Persistence::Nothing, Time::ZERO);
            let now = Time::from_millis(trial);
            assert_eq!(ask(&mut server, now, set(1, 5000)), Reply::Ok);
            let _ = ask(&mut server, now, command);
            ask(&mut server, now, set(3, 5000)) == Reply::Ok
        };
        (0..trials).filter(|&trial| one(trial)).count() as u64
    };
    let refused = trials - let_in(Command::CompareAndDelete(LOCK, Value(2)));
    assert_eq!(refused, counts["cad_by_nonholder_refused"].as_u64().unwrap());
    assert_eq!(let_in(Command::Delete(LOCK)), counts["del_by_nonholder_lets_third_in"].as_u64().unwrap());
}

struct Trial {
    events: Vec<(&'static str, &'static str)>,
    b_acquired: f64,
    lost_updates: u64,
    own: bool,
}

/// A reads, is stopped at `stopped`, goes on at `resumed`, and writes what it had read plus one. B asks every 2 ms and has
/// 100 ms of work.
fn stopped_holder(fencing: bool, stopped: Time, resumed: Time, phase: Span) -> Trial {
    let counter = fencing.then_some(Key(1));
    let settings = Settings { counter, ..Settings::with_ttl(Span::from_millis(800)) };
    let mut server = Redis::new(Persistence::Nothing, Time::ZERO);
    let mut store = Store::new(if fencing { Fencing::Checked } else { Fencing::Ignored });
    let retry = Some(Span::from_millis(2));
    let [mut a, mut b] = [settings, Settings { retry, ..settings }].map(Lock::new);
    let mut events = Vec::new();
    let settle = |server: &mut Redis, client: &mut Lock, now: Time, mut step: Step| {
        while let Step::Send(call) = step {
            let reply = server.execute(now + phase, &call.command, &mut Output::default());
            step = client.answer(now, call.ask, reply);
        }
        step
    };
    let step = a.acquire(Time::ZERO, draw(1));
    assert_eq!(settle(&mut server, &mut a, Time::ZERO, step), Step::Acquired);
    let (seen, _) = store.read();
    events.extend([("A", "acquired"), ("A", "read")]);
    let mut now = stopped;
    let mut step = b.acquire(now, draw(2));
    while settle(&mut server, &mut b, now, step) != Step::Acquired {
        now = b.next_timer();
        assert!(now < resumed, "B has to come while A is stopped");
        step = b.tick(now);
    }
    let b_acquired = ms(now.since(Time::ZERO));
    let (before, _) = store.read();
    now += Span::from_millis(100);
    assert!(store.write(Client(1), before + 1, b.token()).is_ok());
    let step = b.release();
    assert_eq!(settle(&mut server, &mut b, now, step), Step::Released { own: true });
    events.extend([("B", "acquired"), ("B", "read"), ("B", "wrote"), ("B", "released")]);
    let late = store.write(Client(0), seen + 1, a.token());
    assert_eq!(matches!(late, Err(Refused::Stale { .. })), late.is_err(), "{late:?}");
    events.push(("A", if late.is_ok() { "wrote" } else { "write_rejected" }));
    let step = a.release();
    let Step::Released { own } = settle(&mut server, &mut a, resumed, step) else { panic!() };
    events.push(("A", "released"));
    let (value, version) = store.read();
    Trial { events, b_acquired, lost_updates: version.0 - value, own }
}

#[test]
fn a_stopped_holder_overwrites_unless_the_store_looks_at_tokens() {
    let recorded = json("paused_holder.json");
    let trials = recorded["trials"].as_array().unwrap();
    let mut lost = [0, 0];
    for (n, trial) in (0..).zip(trials) {
        let fencing = trial["fencing"].as_bool().unwrap();
        let events = trial["events"].as_array().unwrap();
        let when = |name: &str| {
            let event = events.iter().find(|event| event["ev"] == name).unwrap();
            Time::ZERO + Span::from_millis(1).times(event["t_ms"].as_f64().unwrap())
        };
        let start = Span::from_millis(5).times(draw(n).unit());
        let ours = stopped_holder(fencing, when("SIGSTOP A"), when("SIGCONT A"), start);
        let theirs: Vec<(&str, &str)> = events
            .iter()
            .map(|event| (event["client"].as_str().unwrap(), event["ev"].as_str().unwrap()))
            // Its own clock stamps when it looked, which may be after the resumed process has written.
            .filter(|&(client, _)| client != "driver")
            .collect();
        assert_eq!(ours.events, theirs, "trial {n}");
        assert_eq!(Some(ours.lost_updates), trial["lost_updates"].as_u64());
        assert_eq!(Some(u64::from(ours.own)), trial["A_release_cad"].as_u64());
        assert!((800.0..805.0).contains(&ours.b_acquired), "{}", ours.b_acquired);
        let theirs = trial["B_acquired_after_A_ms"].as_f64().unwrap();
        assert!((ours.b_acquired - theirs).abs() < 8.0, "{} {theirs}", ours.b_acquired);
        lost[usize::from(fencing)] += ours.lost_updates;
    }
    assert_eq!((lost, trials.len()), ([25, 0], 50));
}
