//! What the patterns want done, as messages and notes.

use super::{Agent, Kind, Note, Out};
use crate::engine::time::Time;
use crate::labs::lock::message::Message;
use crate::patterns::lock::redis::{Call, Step};
use crate::patterns::lock::zookeeper::{self, State};
use crate::patterns::lock::{Belief, etcd, redisson, redlock};

impl Agent {
    pub(super) fn send(&mut self, server: u8, call: Call, now: Time, out: &mut Out) {
        self.calls.push((call.ask, now + self.patience));
        out.sends.push((server, Message::Command(self.life, call)));
    }

    pub(super) fn redis(&mut self, step: Step, now: Time, out: &mut Out) {
        match step {
            Step::Send(call) => self.send(0, call, now, out),
            Step::Wait => {}
            Step::Acquired => {
                let token = if let Kind::Redis(lock) = &self.kind { lock.token() } else { None };
                out.notes.push(Note::Acquired(token));
            }
            Step::Refused => out.notes.push(Note::Refused),
            Step::Released { own } => out.notes.push(Note::Released(own)),
            Step::Lost => out.notes.push(Note::Lost),
        }
    }

    pub(super) fn redlock(&mut self, step: redlock::Step, now: Time, out: &mut Out) {
        match step {
            redlock::Step::Send { ask, server, command } => {
                out.sends.push((server, Message::Command(self.life, Call { ask, command })));
            }
            redlock::Step::Wait | redlock::Step::Extended => {}
            redlock::Step::Acquired => {
                self.renew_at = self.renew.map_or(Time::NEVER, |renew| now + renew);
                out.notes.push(Note::Acquired(None));
            }
            redlock::Step::Refused => out.notes.push(Note::Refused),
            redlock::Step::NotExtended => out.notes.push(Note::NotRenewed),
            redlock::Step::Released => out.notes.push(Note::Released(true)),
        }
    }

    pub(super) fn redisson(&mut self, steps: Vec<redisson::Step>, now: Time, out: &mut Out) {
        for step in steps {
            match step {
                redisson::Step::Send(call) => self.send(0, call, now, out),
                redisson::Step::Acquired => {
                    let token = if let Kind::Redisson(lock) = &self.kind { lock.token() } else { None };
                    out.notes.push(Note::Acquired(token));
                }
                redisson::Step::Refused => out.notes.push(Note::Refused),
                redisson::Step::Failed => out.notes.push(Note::Failed),
                redisson::Step::Left | redisson::Step::Released => out.notes.push(Note::Released(true)),
                redisson::Step::NotOwner => out.notes.push(Note::NotOwner),
                redisson::Step::WatchdogStopped => out.notes.push(Note::WatchdogStopped),
            }
        }
    }

    pub(super) fn keeper(&mut self, given: zookeeper::Output, out: &mut Out) {
        let Kind::Keeper(contender) = &self.kind else { return };
        out.sends.extend(given.packets.into_iter().map(|packet| (0, Message::Packet(self.life, packet))));
        let belief = contender.belief();
        for note in given.notes {
            match note {
                zookeeper::Note::Acquired(token) => out.notes.push(Note::Acquired(Some(token))),
                zookeeper::Note::Released => {
                    self.leaving = false;
                    out.notes.push(Note::Released(true));
                }
                zookeeper::Note::Now(State::Lost) if belief == Belief::Lost => out.notes.push(Note::Lost),
                zookeeper::Note::Now(State::Suspended) if belief == Belief::Doubts => {
                    out.notes.push(Note::Doubts);
                }
                zookeeper::Note::Now(_) => {}
            }
        }
        // The session went, and its node with it, before the lock was given back.
        if self.leaving && contender.node().is_none() && belief == Belief::Out {
            self.leaving = false;
            out.notes.push(Note::Released(false));
        }
    }

    pub(super) fn etcd(&mut self, given: etcd::Output, now: Time, out: &mut Out) {
        for call in given.calls {
            self.calls.push((call.ask, now + self.patience));
            out.sends.push((0, Message::Call(self.life, call)));
        }
        for note in given.notes {
            match note {
                etcd::Note::Acquired(token) => out.notes.push(Note::Acquired(Some(token))),
                etcd::Note::Released => out.notes.push(Note::Released(true)),
                etcd::Note::Done if self.belief() == Belief::Lost => out.notes.push(Note::Lost),
                etcd::Note::Done => {}
                etcd::Note::Expired => out.notes.push(Note::Failed),
            }
        }
    }
}
