//! Client sessions: how a command that was sent twice is carried out once (§8; dissertation §6.3).
//!
//! A client that got no answer can't know whether its command was lost or only the answer, so it sends it again, and the
//! log then holds it twice. The table of sessions is part of the replicated state: every server finds the repetition at the
//! same index and answers it as the first time.

use std::collections::BTreeMap;

use super::log::{Index, Payload};

/// What became of a committed entry.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Applied {
    /// A no-op: nothing to answer.
    Nothing,
    /// A session was opened; this is its name.
    Registered(Index),
    /// The command was carried out with this result.
    Done(u64),
    /// It had been carried out before; this is the result of that time.
    Repeated(u64),
    /// It is older than the last one of its session, so that its result is gone. Whoever sent it has got a later answer.
    Outdated,
    /// There is no such session, or it was closed to make room. The client can't know what became of its command.
    Expired,
}

/// The last command of a session.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Last {
    serial: u64,
    result: u64,
    /// When it was used, in the one clock that all servers share: the log.
    used: Index,
}

/// The sessions, as a part of the state machine. A client has at most one command under way.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Sessions {
    room: usize,
    open: BTreeMap<Index, Last>,
}

impl Sessions {
    /// A table for at most `room` sessions. When it is full, a new one closes the one that was used longest ago.
    pub fn new(room: usize) -> Self {
        Self { room, open: BTreeMap::new() }
    }

    /// How many are open.
    pub fn len(&self) -> usize {
        self.open.len()
    }

    /// Whether none is open.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Applies the entry at `index`; `run` carries a value out and is called at most once. Entries come in the order of the
    /// log, on every server the same.
    pub fn apply(&mut self, index: Index, payload: Payload, run: impl FnOnce(u64) -> u64) -> Applied {
        match payload {
            Payload::Noop => Applied::Nothing,
            Payload::Register => {
                if self.open.len() >= self.room
                    && let Some((&oldest, _)) = self.open.iter().min_by_key(|(_, last)| last.used)
                {
                    self.open.remove(&oldest);
                }
                self.open.insert(index, Last { serial: 0, result: 0, used: index });
                Applied::Registered(index)
            }
            Payload::Command(command) => {
                let Some(last) = self.open.get_mut(&command.session) else { return Applied::Expired };
                last.used = index;
                if command.serial > last.serial {
                    *last = Last { serial: command.serial, result: run(command.value), used: index };
                    return Applied::Done(last.result);
                }
                if command.serial == last.serial { Applied::Repeated(last.result) } else { Applied::Outdated }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patterns::raft::log::Command;

    #[test]
    fn section_8_a_command_sent_twice_is_carried_out_once() {
        let mut sessions = Sessions::new(2);
        let mut sum = 0;
        let mut apply = |sessions: &mut Sessions, index, payload| {
            sessions.apply(index, payload, |value| {
                sum += value;
                sum
            })
        };
        let command = |session, serial| Payload::Command(Command { session, serial, value: 10 });
        assert_eq!(apply(&mut sessions, 1, Payload::Noop), Applied::Nothing);
        assert_eq!(apply(&mut sessions, 2, Payload::Register), Applied::Registered(2));
        assert_eq!(apply(&mut sessions, 3, command(2, 1)), Applied::Done(10));
        assert_eq!(apply(&mut sessions, 4, command(2, 1)), Applied::Repeated(10));
        assert_eq!(apply(&mut sessions, 5, command(2, 2)), Applied::Done(20));
        assert_eq!(apply(&mut sessions, 6, command(2, 1)), Applied::Outdated);
        assert_eq!(apply(&mut sessions, 7, command(9, 1)), Applied::Expired);
        apply(&mut sessions, 8, Payload::Register);
        apply(&mut sessions, 9, command(2, 3));
        apply(&mut sessions, 10, Payload::Register);
        assert_eq!(apply(&mut sessions, 11, command(8, 1)), Applied::Expired, "8 was used longest ago");
        assert_eq!(apply(&mut sessions, 12, command(2, 4)), Applied::Done(40));
    }
}
