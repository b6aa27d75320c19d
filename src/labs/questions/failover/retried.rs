//! What a client's writes come to when some of them were sent twice: with sessions, and without.

use std::collections::BTreeSet;

use super::super::Template;
use super::super::dice::Dice;
use super::super::draft::Draft;
use super::cluster::wanted;
use crate::patterns::raft::{Applied, Command, Index, Payload, Sessions};

pub(in crate::labs::questions) static TEMPLATE: Template = Template {
    name: "raft-retried-writes",
    rev: 1,
    title: "what retried writes come to",
    skill: "compute",
    concepts: &["client-session", "commit-rule"],
    draw,
};

/// How many commands a log of a question has, less one for a session that is opened again.
const COMMANDS: (u64, u64) = (4, 6);

/// For how many sessions the table has room.
const ROOM: usize = 2;

/// What is thought of repetitions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Belief {
    Truth,
    /// Every entry of the log is carried out.
    NoneIsKnown,
    /// Raft itself drops a command that is in the log already.
    EqualIsDropped,
    /// A number is known whatever its session.
    SessionIsNoMatter,
    /// Only the very last command is known, and an older one is carried out again.
    OnlyLastIsKnown,
    /// No session is ever forgotten.
    NeverForgotten,
}

const WRONG: [Belief; 5] = [
    Belief::NoneIsKnown,
    Belief::EqualIsDropped,
    Belief::SessionIsNoMatter,
    Belief::OnlyLastIsKnown,
    Belief::NeverForgotten,
];

/// A committed log.
#[derive(Clone, Debug)]
struct Case {
    log: Vec<Payload>,
}

impl Case {
    fn draw(dice: &mut Dice) -> Self {
        let mut log = vec![Payload::Register];
        let mut opened: Vec<Index> = vec![1];
        let mut sent: Vec<Command> = Vec::new();
        for _ in 0..dice.between(COMMANDS.0, COMMANDS.1) {
            let index = log.len() as Index + 1;
            if opened.len() <= ROOM && dice.chance(if opened.len() < ROOM { 30 } else { 12 }) {
                opened.push(index);
                log.push(Payload::Register);
                continue;
            }
            let last = sent.last().copied();
            let command = match (dice.between(1, 10), last) {
                // The answer was lost, and it is sent again.
                (1..=3, Some(last)) => last,
                // It is sent again as if it were a new one.
                (4, Some(last)) => Command { serial: last.serial + 1, ..last },
                // A copy that was long on its way.
                (5..=6, Some(last)) => dice.one_of(&sent, last),
                _ => {
                    let session = dice.one_of(&opened, 1);
                    let own = sent.iter().filter(|it| it.session == session).map(|it| it.serial);
                    Command { session, serial: own.max().unwrap_or(0) + 1, value: 10 * dice.between(1, 4) }
                }
            };
            sent.push(command);
            log.push(Payload::Command(command));
        }
        Self { log }
    }

    /// What each entry came to, and the sum in the end.
    fn run(&self, belief: Belief) -> (Vec<Applied>, u64) {
        let room = if belief == Belief::NeverForgotten { self.log.len() } else { ROOM };
        let mut sessions = Sessions::new(room);
        let mut sum = 0;
        let mut earlier: Vec<Command> = Vec::new();
        let mut applied = Vec::new();
        for (index, &payload) in (1..).zip(&self.log) {
            let payload = match payload {
                Payload::Command(command) => {
                    let again = match belief {
                        Belief::NoneIsKnown => false,
                        Belief::EqualIsDropped => earlier.iter().any(|it| it.value == command.value),
                        Belief::SessionIsNoMatter => earlier.iter().any(|it| it.serial == command.serial),
                        Belief::OnlyLastIsKnown => earlier.last() == Some(&command),
                        Belief::Truth | Belief::NeverForgotten => {
                            applied.push(sessions.apply(index, payload, |value| {
                                sum += value;
                                sum
                            }));
                            continue;
                        }
                    };
                    earlier.push(command);
                    // Each is a session of its own to the table, so that it is carried out unless it is left out here.
                    if again {
                        continue;
                    }
                    sessions.apply(index, Payload::Register, |_| 0);
                    Payload::Command(Command { session: index, serial: 1, ..command })
                }
                other => other,
            };
            applied.push(sessions.apply(index, payload, |value| {
                sum += value;
                sum
            }));
        }
        (applied, sum)
    }

    fn lines(&self) -> Vec<String> {
        let line = |(index, payload): (usize, &Payload)| {
            let what = match payload {
                Payload::Noop => "no-op".to_owned(),
                Payload::Register => format!("opens session {}", index + 1),
                Payload::Command(it) => {
                    format!("session {}, number {}: add {}", it.session, it.serial, it.value)
                }
            };
            format!("{:>2}  {what}", index + 1)
        };
        self.log.iter().enumerate().map(line).collect()
    }
}

fn draw(dice: &mut Dice) -> Option<Draft> {
    // So many of the other answers are larger: the smallest must not be the best guess.
    let larger = usize::try_from(dice.between(0, 3)).unwrap_or(0);
    let least = if dice.chance(90) { 3 } else { 2 };
    wanted(dice, 300, |dice| {
        let case = Case::draw(dice);
        let right = case.run(Belief::Truth).1;
        let others: BTreeSet<u64> =
            WRONG.into_iter().map(|it| case.run(it).1).filter(|it| *it != right).collect();
        let fits =
            (least..=3).contains(&others.len()) && others.iter().filter(|it| **it > right).count() == larger;
        if fits && right > 0 { question(&case) } else { None }
    })
}

fn question(case: &Case) -> Option<Draft> {
    let (applied, right) = case.run(Belief::Truth);
    let of = |wanted: fn(&Applied) -> bool| -> Vec<usize> {
        (1..).zip(&applied).filter(|(_, applied)| wanted(applied)).map(|(index, _)| index).collect()
    };
    let done = of(|it| matches!(it, Applied::Done(_)));
    let repeated = of(|it| matches!(it, Applied::Repeated(_)));
    let outdated = of(|it| matches!(it, Applied::Outdated));
    let expired = of(|it| matches!(it, Applied::Expired));
    let first_left = repeated.iter().chain(&outdated).chain(&expired).min()?;
    let level = if expired.is_empty() && outdated.is_empty() { 2 } else { 3 };
    let left_out = [
        (&repeated, "the last number of its session again, and gets the first result"),
        (&outdated, "older than the last number of its session"),
        (&expired, "of a session that was closed to make room"),
    ];
    let left_out = left_out.into_iter().filter(|(indexes, _)| !indexes.is_empty());
    let left_out: Vec<String> =
        left_out.map(|(indexes, reason)| format!("{}: {reason}.", capital(&numbered(indexes)))).collect();
    let why = format!("Carried out: {}, together {right}. {}", numbered(&done), left_out.join(" "));
    let mut draft = Draft::new(level, right.to_string(), why);
    draft.text(format!(
        "The leader changed, and clients sent some commands again. This is the committed log. Each server applies it with a table \
         that has room for {ROOM} client sessions: a further one closes the one that was used longest ago, by a command or by \
         being opened. The balance begins at 0. What is it when the whole log is applied?"
    ));
    draft.lines(case.lines());
    let mut offer = |belief: Belief, id: &'static str, why: String| {
        draft.wrong(case.run(belief).1.to_string(), id, why);
    };
    offer(
        Belief::NeverForgotten,
        "raft-sessions-last-for-ever",
        format!(
            "There is room for {ROOM}, so one was closed, and its later commands are refused: {}.",
            numbered(&expired)
        ),
    );
    offer(
        Belief::EqualIsDropped,
        "raft-drops-equal-commands",
        format!(
            "Equal amounts are not the same command: session and number decide. Carried out: {}.",
            numbered(&done)
        ),
    );
    offer(
        Belief::SessionIsNoMatter,
        "raft-numbers-are-global",
        format!(
            "Each session counts from 1, so the same number of another session is another command. Carried out: {}.",
            numbered(&done)
        ),
    );
    offer(
        Belief::OnlyLastIsKnown,
        "raft-only-neighbours-are-repeats",
        format!(
            "A repeat need not follow at once: whatever is not above the last number of its session is left out. Carried out: {}.",
            numbered(&done)
        ),
    );
    offer(
        Belief::NoneIsKnown,
        "raft-committed-is-carried-out",
        format!(
            "The log holds a command as often as it was committed; the table of sessions leaves out {first_left} and its like."
        ),
    );
    Some(draft)
}

fn numbered(indexes: &[usize]) -> String {
    let all: Vec<String> = indexes.iter().map(ToString::to_string).collect();
    match all.as_slice() {
        [] => "nothing".to_owned(),
        [one] => format!("index {one}"),
        [most @ .., last] => format!("indexes {} and {last}", most.join(", ")),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule of the dissertation, without the table.
    #[test]
    fn the_balance_is_that_of_new_numbers_of_open_sessions() {
        let mut left_out = 0;
        for seed in 1..=2000 {
            let case = Case::draw(&mut Dice::new("sessions", seed, 0));
            // Open sessions, the one that was used last at the end, each with its last number.
            let mut open: Vec<(Index, u64)> = Vec::new();
            let mut sum = 0;
            for (index, payload) in (1..).zip(&case.log) {
                match payload {
                    Payload::Noop => {}
                    Payload::Register => {
                        if open.len() == ROOM {
                            open.remove(0);
                        }
                        open.push((index, 0));
                    }
                    Payload::Command(it) => {
                        let Some(at) = open.iter().position(|(session, _)| *session == it.session) else {
                            left_out += 1;
                            continue;
                        };
                        let (session, last) = open.remove(at);
                        if it.serial > last {
                            sum += it.value;
                        } else {
                            left_out += 1;
                        }
                        open.push((session, last.max(it.serial)));
                    }
                }
            }
            assert_eq!(case.run(Belief::Truth).1, sum, "{case:?}");
            let all = case.log.iter().map(|it| if let Payload::Command(it) = it { it.value } else { 0 });
            assert_eq!(case.run(Belief::NoneIsKnown).1, all.sum::<u64>(), "{case:?}");
        }
        assert!(left_out > 1000, "{left_out}");
    }
}
