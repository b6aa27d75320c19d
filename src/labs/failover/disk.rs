//! The disks: what waits for them, and who waits for what is on them.

use super::{Event, Failover};
use crate::engine::network::Node;
use crate::engine::time::Span;
use crate::engine::world::Context;
use crate::patterns::raft::Mark;

impl Failover {
    /// Starts to write what waits, all of it at once, if the disk has nothing to do.
    pub(super) fn write(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        let server = &mut self.servers[usize::from(node)];
        if server.queued.is_empty() || !server.writing.is_empty() {
            return;
        }
        server.writing = std::mem::take(&mut server.queued);
        if self.config.fsync > Span::ZERO {
            cx.after(self.config.fsync, Event::Synced(node, server.life));
        } else {
            self.synced(node, self.servers[usize::from(node)].life, cx);
        }
    }

    /// What was being written is on the disk.
    pub(super) fn synced(&mut self, node: Node, life: u32, cx: &mut Context<'_, Self>) {
        let paused = self.cluster.host(node).paused;
        let server = &mut self.servers[usize::from(node)];
        if server.life != life || server.raft.is_none() {
            return;
        }
        let mut last = Mark::NONE;
        for save in std::mem::take(&mut server.writing) {
            server.disk.write(&save);
            last = save.mark;
        }
        if paused {
            server.unseen.push(last);
        } else {
            self.saved(node, last, cx);
        }
    }

    /// The process learns that its saves up to `mark` are on the disk.
    pub(super) fn saved(&mut self, node: Node, mark: Mark, cx: &mut Context<'_, Self>) {
        let held = std::mem::take(&mut self.servers[usize::from(node)].held);
        for outgoing in held {
            if outgoing.after <= mark {
                self.send_raft(outgoing, cx);
            } else {
                self.servers[usize::from(node)].held.push(outgoing);
            }
        }
        self.call(node, cx, |raft, now, draw, out| raft.saved(now, draw, mark, out));
    }

    /// What happened on the disk while the process stood still.
    pub(super) fn see_saves(&mut self, node: Node, cx: &mut Context<'_, Self>) {
        for mark in std::mem::take(&mut self.servers[usize::from(node)].unseen) {
            self.saved(node, mark, cx);
        }
    }
}
