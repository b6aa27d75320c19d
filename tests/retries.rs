//! The patterns of retries against results that were computed elsewhere (`tests/truth/README.md`): the contention model of
//! the AWS simulator with our backoff, and the load of layers that all retry.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use halfopen::engine::queue::Queue;
use halfopen::engine::random::{Random, Stream};
use halfopen::engine::time::{Span, Time};
use halfopen::patterns::amplification::{self, Failing};
use halfopen::patterns::backoff::{Backoff, Schedule};

/// The lines of a table below its head, as cells.
fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table.lines().skip(1).map(|line| line.split(',').collect())
}

fn number(cell: &str) -> f64 {
    cell.parse().unwrap()
}

/// What is under way in the contention model; each message belongs to a client.
enum Message {
    Read,
    Version(u64),
    Write(u64),
    Written(bool),
}

/// A client of the contention model.
#[derive(Clone, Copy, Default)]
struct Client {
    failed: u32,
    slept: Span,
    messages: u64,
}

/// One way through the network takes |N(10, 2)| ms (Box and Muller 1958).
fn delay(network: Stream, who: u32, client: &mut Client) -> Span {
    client.messages += 1;
    let unit = |ordinal| network.draw(u64::from(who), client.messages * 2 + ordinal).unit();
    let normal = libm::sqrt(-2.0 * libm::log(1.0 - unit(0))) * libm::cos(std::f64::consts::TAU * unit(1));
    Span::from_secs_f64((10.0 + 2.0 * normal).abs() / 1000.0)
}

/// One run: writes that reached the server, and when the last client was done, in milliseconds.
fn contention(clients: u32, schedule: Schedule, seed: u64) -> (f64, f64) {
    let (network, luck) = (Random::new(seed).stream("network"), Random::new(seed).stream("backoff"));
    let mut all = vec![Client::default(); clients as usize];
    let mut queue = Queue::default();
    for (who, client) in (0..clients).zip(&mut all) {
        queue.push(Time::ZERO + delay(network, who, client), who, Message::Read);
    }
    let (mut version, mut calls, mut successes, mut last) = (0, 0_u32, 0, Time::ZERO);
    while let Some((now, who, message)) = queue.pop() {
        last = now;
        let client = &mut all[who as usize];
        let (answer, mut wait) = match message {
            Message::Read => (Message::Version(version), Span::ZERO),
            Message::Version(known) => (Message::Write(known), Span::ZERO),
            Message::Write(known) => {
                calls += 1;
                let success = known == version;
                version += u64::from(success);
                (Message::Written(success), Span::ZERO)
            }
            Message::Written(true) => {
                successes += 1;
                continue;
            }
            Message::Written(false) => {
                client.failed += 1;
                let draw = luck.draw(u64::from(who), u64::from(client.failed));
                client.slept = schedule.wait(client.failed, client.slept, draw);
                (Message::Read, client.slept)
            }
        };
        wait += delay(network, who, client);
        queue.push(now + wait, who, answer);
    }
    assert_eq!((successes, version), (clients, u64::from(clients)), "every client succeeds once");
    (f64::from(calls), last.secs() * 1000.0)
}

/// 100 runs of each row: the means of both measures within three standard errors of the reference's.
#[test]
fn contention_is_that_of_the_aws_simulator() {
    const RUNS: u32 = 100;
    let mut compared = 0;
    for row in rows(include_str!("truth/backoff/contention.csv")) {
        let kind = match row[1] {
            "None" => Backoff::Immediate,
            "Exponential" => Backoff::Exponential,
            "Decorr" => Backoff::Decorrelated,
            "EqualJitter" => Backoff::EqualJitter,
            "FullJitter" => Backoff::FullJitter,
            other => panic!("{other}"),
        };
        let (clients, reference_runs) = (row[0].parse().unwrap(), number(row[2]));
        let schedule = Schedule::contention(kind);
        let runs = (0..RUNS).map(|run| contention(clients, schedule, u64::from(run)));
        let (calls, completion) = runs.fold((0.0, 0.0), |sum, run| (sum.0 + run.0, sum.1 + run.1));
        for (name, sum, mean, sd) in [
            ("calls", calls, number(row[3]), number(row[4])),
            ("completion", completion, number(row[6]), number(row[7])),
        ] {
            let found = sum / f64::from(RUNS);
            let error = sd * (1.0 / f64::from(RUNS) + 1.0 / reference_runs).sqrt();
            let off = (found - mean).abs();
            assert!(
                off <= 3.0 * error,
                "{} clients, {}: {name} {found:.2}, not {mean} +- {error:.2}",
                row[0],
                row[1]
            );
            compared += 1;
        }
    }
    assert_eq!(compared, 40);
}

/// Ten digits are printed in the tables; the smallest probabilities have fewer.
fn same(found: f64, cell: &str) -> bool {
    let expected = number(cell);
    (found - expected).abs() <= expected.abs() * 1e-9 + 1e-300
}

#[test]
fn layers_amplify_as_the_closed_forms_say() {
    let mut compared = 0;
    for row in rows(include_str!("truth/layers/layers.csv")) {
        let (layers, retries, p) = (row[0].parse().unwrap(), row[1].parse().unwrap(), number(row[2]));
        assert_eq!(amplification::worst_case(layers, retries).to_string(), row[3], "{row:?}");
        for (failing, calls, failure) in
            [(Failing::BottomOnly, row[4], row[5]), (Failing::EveryLayer, row[6], row[7])]
        {
            let found = amplification::bottom_calls(layers, retries, p, failing);
            assert!(same(found, calls), "{row:?}: {failing:?} {found}");
            let found = amplification::user_failure(layers, retries, p, failing);
            assert!(same(found, failure), "{row:?}: {failing:?} {found}");
        }
        compared += 1;
    }
    assert_eq!(compared, 200);
    for row in rows(include_str!("truth/layers/layers_per_layer.csv")) {
        let (layers, retries, p) = (row[0].parse().unwrap(), row[1].parse().unwrap(), number(row[2]));
        let k = row[3].parse::<usize>().unwrap() - 1;
        for (failing, attempts, failure) in
            [(Failing::BottomOnly, row[4], row[5]), (Failing::EveryLayer, row[6], row[7])]
        {
            let layer = amplification::chain(layers, retries, p, failing).nth(k).unwrap();
            assert!(same(layer.attempts, attempts), "{row:?}: {failing:?} {layer:?}");
            assert!(same(layer.failure, failure), "{row:?}: {failing:?} {layer:?}");
        }
        compared += 1;
    }
    assert_eq!(compared, 800);
}

/// Calls a chain by trying it out: a layer fails by itself if it can, else it calls the one below until that succeeds or all
/// attempts are made. Gives whether the call failed; `bottom` counts.
fn try_out(
    layer: u32,
    attempts: u32,
    p: f64,
    failing: Failing,
    luck: &mut impl FnMut() -> f64,
    bottom: &mut u32,
) -> bool {
    if layer == 0 {
        *bottom += 1;
        return luck() < p;
    }
    if failing == Failing::EveryLayer && luck() < p {
        return true;
    }
    (0..attempts).all(|_| try_out(layer - 1, attempts, p, failing, luck, bottom))
}

/// The closed forms against chance, where they are furthest from the rules of thumb.
#[test]
fn layers_amplify_so_when_tried_out() {
    const RUNS: u32 = 20_000;
    for (layers, retries, p, failing) in [
        (3, 3, 0.5, Failing::BottomOnly),
        (3, 3, 0.95, Failing::BottomOnly),
        (3, 2, 0.3, Failing::EveryLayer),
        (2, 3, 0.7, Failing::EveryLayer),
    ] {
        let draws = Random::new(1).stream("layers");
        let (mut calls, mut squares, mut failures) = (0.0, 0.0, 0.0);
        for run in 0..RUNS {
            let mut asked = 0;
            let mut luck = || {
                asked += 1;
                draws.draw(u64::from(run), asked).unit()
            };
            let mut bottom = 0;
            failures += f64::from(u8::from(try_out(layers, retries + 1, p, failing, &mut luck, &mut bottom)));
            calls += f64::from(bottom);
            squares += f64::from(bottom).powi(2);
        }
        let n = f64::from(RUNS);
        let (mean, share) = (calls / n, failures / n);
        let error = ((squares / n - mean * mean) / n).sqrt();
        let expected = amplification::bottom_calls(layers, retries, p, failing);
        assert!(
            (mean - expected).abs() < 3.0 * error,
            "{layers} {retries} {p} {failing:?}: {mean} {expected}"
        );
        let expected = amplification::user_failure(layers, retries, p, failing);
        let error = (expected * (1.0 - expected) / n).sqrt();
        assert!(
            (share - expected).abs() < 3.0 * error + 1e-9,
            "{layers} {retries} {p} {failing:?}: {share} {expected}"
        );
    }
}
