//! How long an election takes: the leader of a healthy cluster dies, and another leads.

use halfopen::engine::queue::{Queue, TimerKey};
use halfopen::engine::random::{Random, Stream};
use halfopen::engine::time::{Span, Time};
use halfopen::patterns::raft::{Between, Campaign, Config, Flaw, Message, Note, Output, Raft, Role, Server};

/// A cluster with instant disks and a network that loses nothing.
struct Cluster {
    nodes: Vec<Option<Raft>>,
    queue: Queue<Option<Message>>,
    delay: Between,
    delays: Stream,
    timeouts: Stream,
    drawn: u64,
    out: Output,
    led: Option<Server>,
    campaigns: usize,
}

impl Cluster {
    fn new(seed: u64, delay: Between, config: impl Fn(Server, &Random) -> Config) -> Self {
        let random = Random::new(seed);
        let mut cluster = Self {
            nodes: Vec::new(),
            queue: Queue::default(),
            delay,
            delays: random.stream("delay"),
            timeouts: random.stream("timeout"),
            drawn: 0,
            out: Output::default(),
            led: None,
            campaigns: 0,
        };
        let servers = config(Server(0), &random).servers;
        for id in 0..servers {
            cluster.drawn += 1;
            let draw = cluster.timeouts.draw(cluster.drawn, 0);
            cluster.nodes.push(Some(Raft::new(config(Server(id), &random), Time::ZERO, draw)));
            cluster.arm(id);
        }
        cluster
    }

    fn arm(&mut self, id: u8) {
        if let Some(raft) = &self.nodes[usize::from(id)] {
            self.queue.set(TimerKey(u32::from(id)), raft.next_timer(), u32::from(id), None);
        }
    }

    /// Runs until someone is newly elected, or `limit`. Says when.
    fn run(&mut self, limit: Time) -> Option<Time> {
        self.led = None;
        while let Some((now, id, event)) = self.queue.pop_until(limit) {
            let Some(raft) = &mut self.nodes[id as usize] else { continue };
            self.drawn += 1;
            let draw = self.timeouts.draw(self.drawn, 0);
            match event {
                Some(message) => raft.step(now, draw, &message, &mut self.out),
                None => raft.tick(now, draw, &mut self.out),
            }
            while let Some(save) = self.out.saves.pop() {
                raft.saved(now, draw, save.mark, &mut self.out);
            }
            for outgoing in self.out.messages.drain(..) {
                self.drawn += 1;
                let delay = self.delays.draw(self.drawn, 0).between(self.delay.min, self.delay.max);
                let to = u32::from(outgoing.message.to.0);
                self.queue.push(now + delay, to, Some(outgoing.message));
            }
            for note in self.out.notes.drain(..) {
                match note {
                    Note::Led { .. } => self.led = Some(Server(id as u8)),
                    Note::Campaigned { kind: Campaign::Vote, .. } => self.campaigns += 1,
                    _ => {}
                }
            }
            self.arm(id as u8);
            if self.led.is_some() {
                return Some(now);
            }
        }
        None
    }

    /// The leader dies at `at`, or a little later if there is none then. Says how long until the next one.
    fn kill_leader(&mut self, at: Time, patience: Span) -> Option<Span> {
        let mut at = at;
        loop {
            while self.run(at).is_some() {}
            let leads = |raft: &Option<Raft>| raft.as_ref().is_some_and(|raft| raft.role() == Role::Leader);
            if let Some(leader) = self.nodes.iter().position(leads) {
                self.nodes[leader] = None;
                self.campaigns = 0;
                return self.run(at + patience).map(|now| now.since(at));
            }
            at += Span::from_millis(500);
        }
    }
}

/// Mean, p50, p90, p99 in milliseconds.
fn summary(mut samples: Vec<f64>) -> [f64; 4] {
    samples.sort_by(f64::total_cmp);
    let at = |p: f64| samples[((samples.len() - 1) as f64 * p).round() as usize];
    [samples.iter().sum::<f64>() / samples.len() as f64, at(0.5), at(0.9), at(0.99)]
}

fn paper_elections(trials: u64, heartbeat: u64) -> [f64; 4] {
    let config = |id, _: &Random| Config {
        heartbeat: Between::exactly(Span::from_millis(heartbeat)),
        ..Config::paper(id, 5, 150, 300)
    };
    let samples = (0..trials).map(|seed| {
        let mut cluster = Cluster::new(seed, Between::millis(5, 15), config);
        let phase = Random::new(seed).stream("crash").draw(0, 0).between(Span::ZERO, Span::from_secs(1));
        let took = cluster.kill_leader(Time::from_secs(2) + phase, Span::from_secs(60)).unwrap();
        took.secs() * 1e3
    });
    summary(samples.collect())
}

/// Three other implementations agree on these: heartbeat, then mean, p50, p90, p99.
const ELECTIONS: [(u64, [f64; 4]); 2] =
    [(75, [186.6, 173.0, 239.0, 434.0]), (50, [199.0, 183.0, 245.0, 442.0])];

fn elections_take(trials: u64, slack: [f64; 4]) {
    for (heartbeat, expected) in ELECTIONS {
        let found = paper_elections(trials, heartbeat);
        println!("heartbeat {heartbeat} ms, {trials} trials: {found:.1?}, expected {expected:?}");
        for ((found, expected), slack) in found.iter().zip(expected).zip(slack) {
            assert!((found - expected).abs() <= slack, "{found} is not {expected} within {slack}");
        }
    }
}

/// Five servers, one way 5 to 15 ms, timeouts of 150 to 300 ms. The slack is three to four standard errors.
#[test]
fn section_9_3_elections_take_as_long_as_elsewhere() {
    elections_take(3000, [4.0, 3.5, 6.0, 40.0]);
}

#[test]
#[ignore = "half a minute"]
fn section_9_3_elections_take_as_long_as_elsewhere_in_many_trials() {
    elections_take(100_000, [1.0, 1.0, 1.5, 8.0]);
}

/// Without luck split votes repeat themselves (Figure 16, first line: ten seconds and more).
#[test]
fn section_5_2_without_randomisation_nobody_wins() {
    let config =
        |id, _: &Random| Config { flaw: Some(Flaw::NoRandomisation), ..Config::paper(id, 5, 150, 300) };
    let mut never = Vec::new();
    for seed in 0..50 {
        // All start at once, and nothing but the network tells them apart.
        let mut cluster = Cluster::new(seed, Between::millis(5, 15), config);
        if cluster.run(Time::from_secs(10)).is_none() {
            never.push(seed);
        }
    }
    println!("no leader within 10 s on seeds {never:?}");
    assert!(never.len() > 25, "{never:?}");
}

/// etcd 3.4.23 with its defaults, killed 80 and 60 times: leader after 1233 and 1273 ms (median), 1802 and 1916 ms (p90);
/// in 90 and 88 % after one campaign. Most second campaigns come from the lease of the voters, not from split votes.
#[test]
fn etcd_elections_take_as_long_as_measured() {
    let tick = Span::from_millis(100);
    let run = |check_quorum: bool| {
        let config = move |id: Server, random: &Random| {
            let phase = random.stream("phase").draw(u64::from(id.0), 0).between(Span::ZERO, tick);
            let config = Config::etcd(id, 3, tick, 10, phase);
            Config { check_quorum: config.check_quorum.filter(|_| check_quorum), ..config }
        };
        let (mut samples, mut first) = (Vec::new(), 0);
        for seed in 0..1500 {
            let mut cluster = Cluster::new(
                seed,
                Between { min: Span::from_nanos(300_000), max: Span::from_nanos(1_200_000) },
                config,
            );
            let phase = Random::new(seed).stream("crash").draw(0, 0).between(Span::ZERO, Span::from_secs(1));
            let took = cluster.kill_leader(Time::from_secs(8) + phase, Span::from_secs(60)).unwrap();
            samples.push(took.secs() * 1e3);
            first += u32::from(cluster.campaigns == 1);
        }
        (summary(samples), f64::from(first) / 1500.0)
    };
    let (with, first) = run(true);
    let (without, first_without) = run(false);
    println!(
        "etcd: {with:.0?}, one campaign {first:.3}; without the lease {without:.0?}, {first_without:.3}"
    );
    assert!((with[1] / 1250.0 - 1.0).abs() < 0.08, "{with:?}");
    assert!((with[2] / 1860.0 - 1.0).abs() < 0.10, "{with:?}");
    assert!((0.86..0.94).contains(&first), "{first}");
    assert!(first_without > 0.97, "{first_without}");
}
