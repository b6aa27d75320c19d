//! The store that the lock is to protect: what it takes, what it refuses, and which updates are lost.

use super::fact::What;
use super::history::{Verdict, Written};
use super::message::Message;
use super::{FENCED, LOST, Locks};
use crate::engine::network::Node;
use crate::engine::world::Context;
use crate::patterns::lock::storage::{Fencing, Refused, Version};
use crate::patterns::lock::{Client as Id, Token};

impl Locks {
    /// Something came for the store.
    pub(super) fn store_receives(
        &mut self,
        s: usize,
        from: Node,
        message: &Message,
        cx: &mut Context<'_, Self>,
    ) {
        let store = self.sides[s].store_node();
        match *message {
            Message::Read(job) => {
                let (value, version) = self.sides[s].store.read();
                self.send(s, (store, from), Message::Content(job, value, version), cx);
            }
            Message::Write(job, value, based_on, token) => {
                let result = self.stored(s, from, value, based_on, token, cx);
                self.send(s, (store, from), Message::Written(job, result), cx);
            }
            _ => {}
        }
    }

    fn stored(
        &mut self,
        s: usize,
        from: Node,
        value: u64,
        based_on: Version,
        token: Option<Token>,
        cx: &mut Context<'_, Self>,
    ) -> Result<Version, Refused> {
        let side = &mut self.sides[s];
        let (_, present) = side.store.read();
        let result = side.store.write(Id(from.into()), value, token);
        let verdict = match result {
            Err(_) => Verdict::Refused,
            Ok(_) if based_on < present => Verdict::Lost(present.0 - based_on.0),
            Ok(_) => Verdict::Taken,
        };
        side.history.wrote(Written { at: cx.now(), by: from, token, verdict });
        if let Err(why) = result {
            side.counts.rejected += 1;
            Self::report(s, What::Rejected(from, why), cx);
            return result;
        }
        let lost = present.0 - based_on.0;
        side.counts.accepted += 1;
        side.counts.lost_updates += lost;
        let before = side.written;
        side.written = before.max(token);
        let checked = side.store.fencing() == Fencing::Checked;
        Self::report(s, What::Accepted(from, token, lost), cx);
        if checked && token < before {
            let words = format!("the store took a write of {} with a lower token", self.name(s, from));
            self.broken(s, FENCED, &words, cx);
        }
        if lost > 0 {
            let updates = if lost == 1 { "an update".to_owned() } else { format!("{lost} updates") };
            let words = format!("{} wrote over {updates} that it had not seen", self.name(s, from));
            self.broken(s, LOST, &words, cx);
        }
        result
    }
}
