//! Which write is the first that the storage refuses, of holders that were in time and of those that were not.

use super::super::Template;
use super::super::dice::Dice;
use super::super::draft::Draft;
use super::set;
use crate::engine::random::Random;
use crate::engine::time::{Span, Time};
use crate::patterns::lock::redis::{Key, Lock, Output, Persistence, Redis, Settings, Step};
use crate::patterns::lock::storage::{Fencing, Store};
use crate::patterns::lock::{Client, Token};

pub(in crate::labs::questions) static TEMPLATE: Template = Template {
    name: "lock-which-write",
    rev: 1,
    title: "which write the storage refuses",
    skill: "predict",
    concepts: &["fencing", "lease-belief"],
    draw,
};

const NAMES: [&str; 3] = ["A", "B", "C"];
/// The counter of the tokens.
const COUNTER: Key = Key(1);
/// How many writes a question has.
const WRITES: usize = 5;

/// What happens at one moment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Event {
    Asks(usize),
    Writes(usize),
}

/// Clients that ask once each, and write without another look at the lock.
#[derive(Clone, Debug)]
struct Case {
    ttl: u64,
    fencing: Fencing,
    /// By time, in milliseconds.
    events: Vec<(u64, Event)>,
    /// What is written, by the order of the writes.
    values: Vec<usize>,
}

/// A write as it came to the storage.
#[derive(Clone, Copy, Debug)]
struct Write {
    /// What is written. The values are in no order, or else the last would be the best guess.
    value: usize,
    at: u64,
    by: usize,
    token: Token,
    /// Until when its writer had the lock.
    until: u64,
    /// The highest token that was given out by then, and the highest that had written.
    granted: Token,
    highest: Option<Token>,
    accepted: bool,
}

/// What came of it: who got which token when, and the writes.
#[derive(Clone, Debug)]
struct Run {
    grants: Vec<(u64, usize, Token)>,
    writes: Vec<Write>,
}

impl Case {
    fn draw(dice: &mut Dice, fencing: Fencing) -> Self {
        let ttl = 100 * dice.between(4, 12);
        let mut events = vec![(0, Event::Asks(0))];
        let mut last = 0;
        for client in 1..NAMES.len() {
            last += ttl + 10 * dice.between(2, 30);
            events.push((last, Event::Asks(client)));
        }
        for _ in 0..WRITES {
            let writer = usize::try_from(dice.between(0, 9)).unwrap_or(0);
            let writer = if writer < 5 { 0 } else { 1 + writer % 2 };
            let from = events.iter().find_map(|(at, event)| (*event == Event::Asks(writer)).then_some(*at));
            let at = from.unwrap_or(0) + 10 * dice.between(2, ttl / 5);
            events.push((at, Event::Writes(writer)));
        }
        events.sort_unstable();
        let mut values: Vec<usize> = (1..=WRITES).collect();
        dice.shuffle(&mut values);
        Self { ttl, fencing, events, values }
    }

    /// Runs clients, a server and a storage.
    fn run(&self, fencing: Fencing) -> Run {
        let luck = Random::new(0).stream("writes");
        let settings = Settings { counter: Some(COUNTER), ..Settings::with_ttl(Span::from_millis(self.ttl)) };
        let mut clients = NAMES.map(|_| Lock::new(settings));
        let (mut redis, mut store) = (Redis::new(Persistence::Nothing, Time::ZERO), Store::new(fencing));
        let mut run = Run { grants: Vec::new(), writes: Vec::new() };
        for (number, &(at, event)) in (0..).zip(&self.events) {
            let now = Time::from_millis(at);
            match event {
                Event::Asks(client) => {
                    let Some(mutex) = clients.get_mut(client) else { continue };
                    if let Step::Send(call) = mutex.acquire(now, luck.draw(number, 0)) {
                        let reply = redis.execute(now, &call.command, &mut Output::default());
                        mutex.answer(now, call.ask, reply);
                    }
                    run.grants.extend(mutex.token().map(|token| (at, client, token)));
                }
                Event::Writes(by) => {
                    let Some(mutex) = clients.get(by) else { continue };
                    let (Some(token), Some(until)) = (mutex.token(), mutex.until()) else { continue };
                    let Some(&value) = self.values.get(run.writes.len()) else { continue };
                    let highest = store.highest();
                    let client = Client(u16::try_from(by).unwrap_or(u16::MAX));
                    let accepted = store.write(client, value as u64, Some(token)).is_ok();
                    let granted = run.grants.iter().map(|grant| grant.2).max().unwrap_or(token);
                    let until = until.since(Time::ZERO).millis();
                    run.writes.push(Write { value, at, by, token, until, granted, highest, accepted });
                }
            }
        }
        run
    }
}

impl Run {
    fn those(&self, is_so: impl Fn(&Write) -> bool) -> Vec<usize> {
        let mut all: Vec<usize> =
            self.writes.iter().filter(|write| is_so(write)).map(|write| write.value).collect();
        all.sort_unstable();
        all
    }

    fn lines(&self) -> Vec<String> {
        let grants = self
            .grants
            .iter()
            .map(|&(at, client, token)| (at, format!("{} gets the lock, token {}", NAMES[client], token.0)));
        let writes =
            self.writes.iter().map(|write| (write.at, format!("{} writes {}", NAMES[write.by], write.value)));
        let mut lines: Vec<(u64, String)> = grants.chain(writes).collect();
        lines.sort_by_key(|(at, _)| *at);
        lines.into_iter().map(|(at, line)| format!("{at:>4} ms  {line}")).collect()
    }
}

fn draw(dice: &mut Dice) -> Option<Draft> {
    // Where nobody looks, all are accepted: that must not be the best guess.
    let fencing = if dice.chance(90) { Fencing::Checked } else { Fencing::Ignored };
    let full = dice.chance(65);
    (0..200).find_map(|_| {
        let case = Case::draw(dice, fencing);
        let run = case.run(case.fencing);
        let apart = case.events.windows(2).all(|pair| matches!(pair, [a, b] if a.0 < b.0));
        let edge = run.writes.iter().any(|write| write.at == write.until);
        let refuses = run.writes.iter().any(|write| !write.accepted);
        let right_kind = refuses == (fencing == Fencing::Checked);
        if run.grants.len() < NAMES.len() || run.writes.len() < WRITES || !apart || edge || !right_kind {
            return None;
        }
        let draft = question(&case, &run);
        if full { draft.full() } else { Some(draft) }
    })
}

fn question(case: &Case, run: &Run) -> Draft {
    let first = |accepted: &[usize]| run.writes.iter().find(|write| !accepted.contains(&write.value));
    let told =
        |write: Option<&Write>| write.map_or("None".to_owned(), |write| format!("Value {}", write.value));
    let right = first(&run.those(|write| write.accepted));
    let level = if case.fencing == Fencing::Checked { 3 } else { 2 };
    let mut draft = Draft::new(level, told(right), because(case, run));
    let looks = match case.fencing {
        Fencing::Checked => {
            "The storage refuses a token that is lower than the highest that it has seen in a write."
        }
        Fencing::Ignored => "Each write carries the token, and the storage does not look at it.",
    };
    draft.text(format!(
        "Clients take a lock in Redis with a TTL of {} ms that nobody renews. Each stands still now and then, and writes without \
         another look at the lock. {looks} Which value is the first that it refuses?",
        case.ttl
    ));
    draft.lines(run.lines());
    for (id, believed) in beliefs(case, run) {
        let believed = first(&believed);
        if let Some(write) =
            believed.or(right).filter(|_| believed.map(|it| it.value) != right.map(|it| it.value))
        {
            draft.wrong(told(believed), id, refuted(write, id));
        }
    }
    draft
}

/// What would be accepted under misconceptions.
fn beliefs(case: &Case, run: &Run) -> Vec<(&'static str, Vec<usize>)> {
    let in_time = |write: &Write| write.at < write.until;
    let other = |fencing| case.run(fencing).those(|write| write.accepted);
    if case.fencing == Fencing::Ignored {
        let newest = |write: &Write| write.token == write.granted;
        return vec![
            (SERVER_REFUSES, run.those(in_time)),
            (TOKEN_ALONE, other(Fencing::Checked)),
            (STORAGE_KNOWS, run.those(newest)),
        ];
    }
    vec![
        (EARLY, run.those(|write| write.accepted && in_time(write))),
        (STORAGE_KNOWS, run.those(|write| write.token == write.granted)),
        (NEEDS_HIGHER, run.those(|write| write.highest.is_none_or(|highest| write.token > highest))),
        (TRUSTS_HOLDERS, other(Fencing::Ignored)),
    ]
}

const SERVER_REFUSES: &str = "lock-server-rejects-write";
const TOKEN_ALONE: &str = "lock-token-alone";
const STORAGE_KNOWS: &str = "lock-storage-knows-grants";
const EARLY: &str = "lock-fencing-early-write";
const NEEDS_HIGHER: &str = "lock-fencing-needs-higher";
const TRUSTS_HOLDERS: &str = "lock-storage-trusts-holders";

/// Why a belief is wrong about this write.
fn refuted(write: &Write, id: &str) -> String {
    let Write { value: number, at, until, token, highest, .. } = *write;
    let by = NAMES[write.by];
    let seen =
        highest.map_or("has seen no token before".to_owned(), |it| format!("has seen {} before", it.0));
    match id {
        SERVER_REFUSES => format!(
            "The lease of {by} is over at {until} ms, but value {number} at {at} ms goes to the storage, and the lock server never \
             sees it."
        ),
        TOKEN_ALONE => format!(
            "A token that nobody compares refuses nothing: value {number} comes with {}, and nobody looks.",
            token.0
        ),
        EARLY => format!(
            "The storage knows no lease. Value {number} of {by} comes after {until} ms, and the storage {seen}: {} is not lower.",
            token.0
        ),
        STORAGE_KNOWS => format!(
            "The storage learns a token from a write, not from the lock server. When value {number} comes, it {seen}, and the write carries \
             {}.",
            token.0
        ),
        NEEDS_HIGHER => format!(
            "Only a lower token is refused: value {number} comes with {} and the storage {seen}, so it passes.",
            token.0
        ),
        _ => format!("Value {number} comes with {} and the storage {seen}: it is refused.", token.0),
    }
}

fn because(case: &Case, run: &Run) -> String {
    if case.fencing == Fencing::Ignored {
        let late: Vec<usize> = run.those(|write| write.at >= write.until);
        let late = set(&late, "value", "Values");
        return format!(
            "Nobody stands between a client and the storage, and the storage compares nothing: it takes what comes. After the \
             writer's lease was over: {}.",
            late.to_lowercase()
        );
    }
    let tale = run.writes.iter().map(|write| {
        let seen = write.highest.map_or("nothing seen".to_owned(), |it| format!("{} seen", it.0));
        let act = if write.accepted { "accepted" } else { "refused" };
        format!("value {}: token {}, {seen}, {act}", write.value, write.token.0)
    });
    format!(
        "The storage compares each token with the highest that has written. {}.",
        upper(&tale.collect::<Vec<_>>().join("; "))
    )
}

fn upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_ascii_uppercase().to_string() + chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check of a fencing token, written down a second time.
    #[test]
    fn writes_are_accepted_as_the_tokens_say() {
        let mut refused = 0;
        for seed in 1..=1000 {
            let case = Case::draw(&mut Dice::new("writes", seed, 0), Fencing::Checked);
            let run = case.run(Fencing::Checked);
            // Everybody asks after the lock of the one before is over, so tokens go up with the clients.
            let mut highest = 0;
            for write in &run.writes {
                assert_eq!(write.token.0, write.by as u64 + 1, "{case:?}");
                assert_eq!(write.accepted, write.by >= highest, "{case:?}");
                highest = highest.max(write.by);
                refused += u32::from(!write.accepted);
            }
            assert!(case.run(Fencing::Ignored).writes.iter().all(|write| write.accepted));
        }
        assert!(refused > 80, "{refused}");
    }
}
