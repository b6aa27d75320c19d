//! Redlock: who gets a majority, what it is worth, and what a restart forgets.

use halfopen::engine::random::{Draw, Random};
use halfopen::engine::time::{Span, Time};
use halfopen::patterns::lock::redis::{Outage, Output, Persistence, Redis};
use halfopen::patterns::lock::redlock::{Redlock, Settings, Step, Validity};

use super::support::rows;

const TTL: Span = Span::from_secs(10);

fn draw(n: u64) -> Draw {
    Random::new(17).stream("redlock").draw(n, 0)
}

#[derive(Clone, Copy, PartialEq)]
enum Health {
    Up,
    /// The connection is refused at once.
    Killed,
    /// It is not even refused.
    Paused,
}

/// Five servers, and one clock.
struct Servers {
    all: Vec<(Redis, Health)>,
    now: Time,
}

impl Servers {
    fn new(persistence: Persistence) -> Self {
        Self { all: vec![(Redis::new(persistence, Time::ZERO), Health::Up); 5], now: Time::from_millis(3) }
    }

    fn down(&mut self, servers: impl IntoIterator<Item = usize>, health: Health) {
        for server in servers {
            self.all[server].1 = health;
        }
    }

    /// One try, and what goes with it. A round trip takes `trip`.
    fn acquire(&mut self, client: &mut Redlock, n: u64, trip: Span) -> Step {
        let mut step = client.acquire(self.now, draw(n));
        while let Step::Send { ask, server, command } = step {
            let (redis, health) = &mut self.all[usize::from(server)];
            match health {
                Health::Up => {
                    let reply = redis.execute(self.now, &command, &mut Output::default());
                    self.now += trip;
                    step = client.answer(self.now, ask, reply, draw(n));
                }
                Health::Killed => {
                    self.now += trip;
                    step = client.failed(self.now, ask, draw(n));
                }
                Health::Paused => {
                    self.now = client.next_timer();
                    step = client.tick(self.now, draw(n));
                }
            }
        }
        step
    }
}

fn once(ttl: Span) -> Redlock {
    Redlock::new(Settings { tries: 1, ..Settings::reference(5, ttl) })
}

fn millis(validity: Option<Validity>) -> f64 {
    validity.unwrap().0 as f64 / 1e6
}

#[test]
fn who_gets_a_majority_and_what_it_is_worth() {
    for row in rows("redlock.csv") {
        let number = |n: usize| row[n].parse::<f64>().unwrap();
        let (down, latency) = (row[0].parse::<usize>().unwrap(), number(4));
        let mut client = once(TTL);
        let mut servers = Servers::new(Persistence::Nothing);
        servers.down(5 - down..5, Health::Killed);
        let step = servers.acquire(&mut client, 1, Span::from_millis(1).times(latency / 5.0));
        assert_eq!(step == Step::Acquired, number(2) > 0.0, "{down} down");
        assert_eq!(row[2] == row[1], number(2) > 0.0, "all or none in the recording");
        assert_eq!(client.yes().to_string(), row[3]);
        if step == Step::Acquired {
            assert!((millis(client.validity()) - number(5)).abs() < 0.05, "{:?}", client.validity());
        }
    }
}

/// Each paused server costs one timeout of 50 ms, one after the other.
#[test]
fn paused_servers_eat_the_validity() {
    let trip = Span::from_nanos(60_000);
    for paused in 0..=4 {
        let mut client = once(TTL);
        let mut servers = Servers::new(Persistence::Nothing);
        servers.down(5 - paused..5, Health::Paused);
        let step = servers.acquire(&mut client, 1, trip);
        assert_eq!(step == Step::Acquired, paused <= 2);
        let worth = 9898.0 - 50.0 * paused as f64;
        assert!((millis(client.validity()) - worth).abs() < 0.5, "{paused}: {:?}", client.validity());
    }
    // TTL 80 ms, two paused: three of five said yes, and it was over before it was had. Recorded: −24.19 ms, refused 10/10.
    let mut client = once(Span::from_millis(80));
    let mut servers = Servers::new(Persistence::Nothing);
    servers.down([1, 3], Health::Paused);
    let step = servers.acquire(&mut client, 1, Span::from_nanos(700_000));
    assert_eq!((step, client.yes()), (Step::Refused, 3));
    let worth = millis(client.validity());
    assert!((worth + 24.19).abs() < 0.2, "{worth}");
}

/// A holds servers 1 to 3, as 4 and 5 were down. Server 3 is killed and comes back; 4 and 5 too. B asks while A holds.
#[test]
fn a_restart_without_a_file_lets_a_second_one_in() {
    for row in rows("restart.csv") {
        let persistence = match row[0].as_str() {
            "none" => Persistence::Nothing,
            "everysec" => Persistence::EverySecond,
            "always" => Persistence::Always,
            other => panic!("{other}"),
        };
        let delayed = row[1] == "yes";
        let trials: u64 = row[2].parse().unwrap();
        let (mut acquired, mut two) = (0, 0);
        for trial in 0..trials {
            let mut servers = Servers::new(persistence);
            servers.now += Span::from_secs(1).times(draw(trial).unit());
            let trip = Span::from_nanos(60_000);
            let [mut a, mut b] = [once(TTL), once(TTL)];
            servers.down([3, 4], Health::Killed);
            assert_eq!(servers.acquire(&mut a, 2 * trial, trip), Step::Acquired);
            servers.down([3, 4], Health::Up);
            let back = servers.now + Span::from_millis(500);
            if delayed {
                servers.down([2], Health::Killed);
            } else {
                servers.all[2].0.restart(servers.now, Outage::Process, back);
            }
            servers.now = back;
            let step = servers.acquire(&mut b, 2 * trial + 1, trip);
            acquired += u64::from(step == Step::Acquired);
            two += u64::from(step == Step::Acquired && servers.now < a.until().unwrap());
            if delayed {
                // Kept out until A's time is over on all others too.
                servers.now += TTL;
                servers.all[2].0.restart(back, Outage::Process, servers.now);
                servers.down([2], Health::Up);
                assert_eq!(servers.acquire(&mut b, 2 * trial + 1, trip), Step::Acquired);
                assert!(servers.now >= a.until().unwrap());
            }
        }
        let recorded = [3, 4].map(|n| row[n].parse::<u64>().unwrap());
        assert_eq!([acquired, two], recorded, "{row:?}");
    }
}
