//! Whether a Redlock was had, and for how long it counts.

use super::super::Template;
use super::super::dice::Dice;
use super::super::draft::Draft;
use crate::engine::random::{Random, Stream};
use crate::engine::time::{Span, Time};
use crate::patterns::lock::redis::{Ask, Command, Output, Persistence, Redis, Value};
use crate::patterns::lock::redlock::{Redlock, Settings, Step, Vote};

pub(in crate::labs::questions) static TEMPLATE: Template = Template {
    name: "redlock-valid",
    rev: 1,
    title: "what a Redlock is worth",
    skill: "compute",
    concepts: &["redlock-validity", "redlock"],
    draw,
};

/// How many servers there are.
const SERVERS: u8 = 5;
/// How long one of them is waited for, in milliseconds.
const PATIENCE: u64 = 50;

/// What a server does when it is asked, and how many milliseconds after the question its answer is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Server {
    Free(u64),
    /// Somebody else has the lock there.
    Taken(u64),
    Down,
}

impl Server {
    /// How long the client is busy with it.
    fn takes(self) -> u64 {
        match self {
            Self::Free(after) | Self::Taken(after) => after.min(PATIENCE),
            Self::Down => PATIENCE,
        }
    }

    fn line(self) -> String {
        match self {
            Self::Free(after) => format!("OK after {after} ms"),
            Self::Taken(after) => format!("another client has it, after {after} ms"),
            Self::Down => "down, no answer".to_owned(),
        }
    }
}

/// A round of questions.
#[derive(Clone, Debug)]
struct Case {
    ttl: u64,
    servers: Vec<Server>,
}

/// What came of it.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Round {
    /// For how many milliseconds it counts; none if the client has no lock.
    validity: Option<u64>,
    elapsed: u64,
    votes: Vec<Vote>,
}

impl Case {
    fn draw(dice: &mut Dice) -> Self {
        let short = dice.chance(20);
        let ttl = if short { 10 * dice.between(8, 20) } else { 500 * dice.between(2, 20) };
        let after = |dice: &mut Dice| match dice.between(1, 10) {
            1..=6 => dice.between(2, 15),
            7..=8 => dice.between(16, PATIENCE - 5),
            // Too late, though it says yes.
            _ => dice.between(PATIENCE + 5, 2 * PATIENCE),
        };
        let servers = (0..SERVERS).map(|_| match dice.between(1, 10) {
            1..=6 => Server::Free(after(dice)),
            7..=8 => Server::Taken(dice.between(2, PATIENCE - 5)),
            _ => Server::Down,
        });
        Self { servers: servers.collect(), ttl }
    }

    fn settings(&self) -> Settings {
        Settings {
            server_timeout: Span::from_millis(PATIENCE),
            tries: 1,
            ..Settings::reference(SERVERS, Span::from_millis(self.ttl))
        }
    }

    /// Runs the client against servers of Redis.
    fn run(&self, luck: Stream) -> Round {
        let settings = self.settings();
        let mut redis: Vec<Redis> =
            self.servers.iter().map(|_| Redis::new(Persistence::Nothing, Time::ZERO)).collect();
        for (server, redis) in self.servers.iter().zip(&mut redis) {
            if let Server::Taken(_) = server {
                let (key, value) = (settings.key, Value(1));
                let command = Command::SetIfAbsent { key, value, ttl: None, counter: None };
                redis.execute(Time::ZERO, &command, &mut Output::default());
            }
        }
        let mut client = Redlock::new(settings);
        let mut now = Time::ZERO;
        let mut step = client.acquire(now, luck.draw(0, 0));
        // It asks each once, and if it must, each once more to undo that.
        for number in 1..=u64::from(SERVERS) {
            let Step::Send { ask, server, command } = step else { break };
            step = self.exchange(&mut client, &mut redis, &mut now, (ask, server, &command), luck, number);
        }
        Round {
            validity: client
                .validity()
                .and_then(|validity| u64::try_from(validity.0).ok())
                .filter(|_| step == Step::Acquired)
                .map(|nanos| Span::from_nanos(nanos).millis()),
            elapsed: now.since(Time::ZERO).millis(),
            votes: client.votes().to_vec(),
        }
    }

    fn exchange(
        &self,
        client: &mut Redlock,
        redis: &mut [Redis],
        now: &mut Time,
        (ask, server, command): (Ask, u8, &Command),
        luck: Stream,
        number: u64,
    ) -> Step {
        let at = usize::from(server);
        let draw = luck.draw(number, 1);
        let (Some(server), Some(redis)) = (self.servers.get(at), redis.get_mut(at)) else {
            return Step::Wait;
        };
        if let Server::Free(after) | Server::Taken(after) = *server {
            let half = Span::from_nanos(Span::from_millis(after).nanos() / 2);
            let reply = redis.execute(*now + half, command, &mut Output::default());
            if after < PATIENCE {
                *now += Span::from_millis(after);
                return client.answer(*now, ask, reply, draw);
            }
        }
        *now = client.next_timer();
        client.tick(*now, draw)
    }

    fn lines(&self) -> Vec<String> {
        (1..)
            .zip(&self.servers)
            .map(|(number, server)| format!("server {number}  {}", server.line()))
            .collect()
    }
}

fn told(validity: Option<u64>) -> String {
    validity
        .map_or_else(|| "It does not have the lock".to_owned(), |ms| format!("It has the lock for {ms} ms"))
}

fn draw(dice: &mut Dice) -> Option<Draft> {
    let got = dice.chance(68);
    (0..60).find_map(|_| {
        let case = Case::draw(dice);
        let round = case.run(Random::new(0).stream("redlock"));
        if got == round.validity.is_some() { question(&case, &round).full() } else { None }
    })
}

fn question(case: &Case, round: &Round) -> Draft {
    let (ttl, elapsed) = (case.ttl, round.elapsed);
    let drift = case.settings().drift().millis();
    let yes = round.votes.iter().filter(|vote| **vote == Vote::Yes).count();
    let left = |elapsed: u64, drift: u64| ttl.checked_sub(elapsed + drift).filter(|left| *left > 0);
    let counted = format!("{ttl} - {elapsed} - {drift}");
    let why = match (round.validity, yes >= case.settings().quorum()) {
        (Some(validity), _) => format!(
            "{yes} of {SERVERS} said OK in time, a majority. From the TTL go the {elapsed} ms that the round took and {drift} ms for \
             drift: {counted} = {validity} ms."
        ),
        (None, true) => format!(
            "{yes} of {SERVERS} said OK, but the round took {elapsed} ms, and {counted} leaves nothing. It undoes what it got."
        ),
        (None, false) => format!(
            "Only {yes} of {SERVERS} said OK within {PATIENCE} ms, and a majority is {}. It tells all {SERVERS} to delete its lock.",
            case.settings().quorum()
        ),
    };
    let late =
        case.servers.iter().filter(|it| matches!(it, Server::Free(after) if *after > PATIENCE)).count();
    let mut asked =
        Draft::new(if round.validity.is_some() && late == 0 { 2 } else { 3 }, told(round.validity), &*why);
    asked.text(format!(
        "A Redlock client asks five Redis servers one after the other for a lock with a TTL of {ttl} ms. It waits at most \
         {PATIENCE} ms for each, and allows 1 % of the TTL and 2 ms for drift. What does it have when it is through with the last \
         one, counted from then?"
    ));
    asked.lines(case.lines());
    let slowest = case.servers.iter().map(|server| server.takes()).max().unwrap_or(0);
    let up = case.servers.iter().filter(|server| **server != Server::Down).count();
    if round.validity.is_some() {
        let sum = format!("What counts is {counted}.");
        asked.wrong(
            told(Some(ttl)),
            "lock-validity-is-ttl",
            format!("The servers began to count while the others were asked. {sum}"),
        );
        asked.wrong(
            told(left(elapsed, 0)),
            "lock-validity-without-drift",
            format!("Five clocks may run at different rates, and {drift} ms are allowed for that. {sum}"),
        );
        asked.wrong(
            told(left(0, drift)),
            "lock-counts-from-reply",
            format!("The TTL counts from the first question, and the round took {elapsed} ms. {sum}"),
        );
        asked.wrong(
            told(left(slowest, drift)),
            "lock-round-takes-the-slowest",
            format!("They are asked one after the other, so their times add up: {elapsed} ms. {sum}"),
        );
        if yes < usize::from(SERVERS) {
            asked.wrong(
                told(None),
                "lock-redlock-needs-all",
                format!("{yes} of {SERVERS} are a majority. {sum}"),
            );
        }
        return asked;
    }
    if yes >= case.settings().quorum() {
        let over = format!("The round took {elapsed} ms, and {counted} is not more than nothing.");
        asked.wrong(told(Some(ttl)), "lock-validity-is-ttl", &*over);
        asked.wrong(told(left(elapsed, 0)), "lock-validity-without-drift", &*over);
        asked.wrong(told(left(0, drift)), "lock-counts-from-reply", &*over);
        asked.wrong(told(left(slowest, drift)), "lock-round-takes-the-slowest", &*over);
        return asked;
    }
    let few =
        format!("{yes} said OK in time, and a majority of all {SERVERS} is {}.", case.settings().quorum());
    // What they would reckon then, in which they may be wrong as well.
    let mut believed = Vec::new();
    if 2 * yes > up {
        believed.push(("lock-redlock-majority-of-up", format!("{few} Servers that are down count as well.")));
    }
    if yes + late >= case.settings().quorum() {
        let why = format!(
            "{few} An answer after {PATIENCE} ms is not waited for, though the server has set the lock."
        );
        believed.push(("lock-late-yes-counts", why));
    }
    for (id, why) in believed {
        for validity in [left(elapsed, drift), Some(ttl), left(elapsed, 0), left(slowest, drift)] {
            asked.wrong(told(validity), id, why.clone());
        }
    }
    asked
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Step 3 of the specification, from the table alone.
    #[test]
    fn a_round_is_worth_what_the_rule_says() {
        let (mut got, mut missed) = (0, 0);
        for seed in 1..=2000 {
            let case = Case::draw(&mut Dice::new("redlock", seed, 0));
            let round = case.run(Random::new(seed).stream("redlock"));
            let elapsed: u64 = case.servers.iter().map(|server| server.takes()).sum();
            let yes = case
                .servers
                .iter()
                .filter(|it| matches!(it, Server::Free(after) if *after < PATIENCE))
                .count();
            let left = case.ttl.checked_sub(elapsed + case.ttl / 100 + 2).filter(|left| *left > 0);
            assert_eq!(round.elapsed, elapsed, "{case:?}");
            assert_eq!(round.validity, left.filter(|_| yes >= 3), "{case:?}");
            got += u32::from(round.validity.is_some());
            missed += u32::from(yes >= 3 && round.validity.is_none());
        }
        assert!(got > 500 && missed > 50, "{got} {missed}");
    }
}
