//! The clients: ask for the lock, read the store, work, write, give the lock back.

use super::agent::{Agent, Note, Out};
use super::config::Config;
use super::design::Design;
use super::fact::What;
use super::message::{Life, Message};
use super::{Event, Locks, key};
use crate::engine::network::Node;
use crate::engine::random::Draw;
use crate::engine::time::{Span, Time};
use crate::engine::world::Context;
use crate::labs::fault::Verb;
use crate::patterns::lock::storage::Version;
use crate::patterns::lock::{Belief, Token};

/// Where a client is in its piece of work.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stage {
    /// Between two pieces of work.
    Thinks,
    /// It has asked for the lock, or will ask again.
    Waits,
    /// It has the lock and asks the store for the value.
    Reads,
    /// It works out the new value.
    Works,
    /// It has looked at its clock and is about to write.
    Ready,
    /// The write is on its way.
    Writes,
    /// It gives the lock back.
    Leaves,
}

/// One client.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub life: Life,
    pub agent: Agent,
    pub stage: Stage,
    /// The number of the piece of work.
    pub job: u32,
    /// When something is due in this stage, by its own clock.
    due: Time,
    /// When it asked, and when it had the lock.
    pub asked: Time,
    pub since: Time,
    pub token: Option<Token>,
    /// What it has read.
    pub read: Option<(u64, Version)>,
    /// It stands still by itself.
    stopped: bool,
}

impl Client {
    pub fn new(config: &Config, design: Design, node: Node) -> Self {
        Self {
            life: 0,
            agent: Agent::new(config, design, node, 0),
            stage: Stage::Thinks,
            job: 0,
            due: Time::NEVER,
            asked: Time::ZERO,
            since: Time::ZERO,
            token: None,
            read: None,
            stopped: false,
        }
    }

    /// Whether it has asked and does not have the lock yet.
    pub fn is_waiting(&self) -> bool {
        self.stage == Stage::Waits
    }
}

impl Locks {
    fn client_mut(&mut self, s: usize, node: Node) -> &mut Client {
        &mut self.sides[s].clients[usize::from(node)]
    }

    fn client_time(&self, s: usize, node: Node, cx: &Context<'_, Self>) -> Time {
        self.sides[s].cluster.clock(node, cx.now())
    }

    /// The luck of a piece of work: the same under every design.
    fn luck(&self, node: Node, job: u32, purpose: u64) -> Draw {
        self.jobs.draw((purpose << 8) | u64::from(node), job.into())
    }

    /// A span, more or less by the knob `spread`.
    fn about(&self, span: Span, draw: Draw) -> Span {
        span.times(self.config.spread.mul_add(2.0f64.mul_add(draw.unit(), -1.0), 1.0))
    }

    /// The process of a client begins, and asks for the lock after `after`.
    pub(super) fn client_starts(&mut self, s: usize, node: Node, after: Span, cx: &mut Context<'_, Self>) {
        let local = self.client_time(s, node, cx);
        let client = self.client_mut(s, node);
        client.stage = Stage::Thinks;
        client.due = local + after;
        self.call(s, node, cx, |agent, now, _, out| agent.start(now, out));
    }

    /// Lets a client's part of the lock do something, and sees to what comes of it.
    pub(super) fn call(
        &mut self,
        s: usize,
        node: Node,
        cx: &mut Context<'_, Self>,
        body: impl FnOnce(&mut Agent, Time, Draw, &mut Out),
    ) {
        let local = self.client_time(s, node, cx);
        let draw = self.lucks.draw(node.into(), cx.now().nanos());
        let mut out = Out::default();
        body(&mut self.client_mut(s, node).agent, local, draw, &mut out);
        for (server, message) in out.sends {
            let side = &self.sides[s];
            let to = if side.design == Design::Redlock { side.first_server() + server } else { side.master };
            self.send(s, (node, to), message, cx);
        }
        for note in out.notes {
            self.noted(s, node, note, cx);
        }
        self.arm_client(s, node, cx);
    }

    fn noted(&mut self, s: usize, node: Node, told: Note, cx: &mut Context<'_, Self>) {
        let now = cx.now();
        let stage = self.client_mut(s, node).stage;
        match told {
            Note::Acquired(token) if stage == Stage::Waits => self.acquired(s, node, token, cx),
            Note::Refused if stage == Stage::Waits => {
                let waited = now.since(self.client_mut(s, node).asked);
                self.sides[s].counts.gave_up += 1;
                Self::report(s, What::Refused(node, waited), cx);
                self.think(s, node, cx);
            }
            Note::Failed if stage == Stage::Waits => {
                let due = self.client_time(s, node, cx) + self.config.retry;
                self.client_mut(s, node).due = due;
            }
            Note::Released(own) => self.released(s, node, own, cx),
            Note::NotOwner => {
                Self::report(s, What::NotOwner(node), cx);
                self.released(s, node, false, cx);
            }
            Note::Failed if stage == Stage::Leaves => {
                Self::report(s, What::ReleaseUnknown(node), cx);
                self.think(s, node, cx);
            }
            Note::Acquired(_) | Note::Refused | Note::Failed => {}
            Note::Lost => {
                Self::report(s, What::Lost(node), cx);
                if matches!(stage, Stage::Reads | Stage::Works | Stage::Ready) {
                    self.leave(s, node, cx);
                }
            }
            Note::Doubts => {
                Self::report(s, What::Doubts(node), cx);
            }
            Note::WatchdogStopped => {
                self.sides[s].counts.renew_failures += 1;
                Self::report(s, What::WatchdogStopped(node), cx);
            }
            Note::NotRenewed => {
                self.sides[s].counts.renew_failures += 1;
                Self::report(s, What::NotRenewed(node), cx);
            }
        }
    }

    fn acquired(&mut self, s: usize, node: Node, token: Option<Token>, cx: &mut Context<'_, Self>) {
        let (now, local) = (cx.now(), self.client_time(s, node, cx));
        let client = self.client_mut(s, node);
        let waited = now.since(client.asked);
        client.token = token;
        client.since = now;
        client.read = None;
        let left = client.agent.until().map(|until| until.since(local));
        self.sides[s].counts.acquired += 1;
        self.sides[s].waits.push(waited);
        Self::report(s, What::Acquired(node, token, waited, left), cx);
        self.read(s, node, cx);
    }

    /// Asks the store for the value, again if there was no answer.
    fn read(&mut self, s: usize, node: Node, cx: &mut Context<'_, Self>) {
        let due = self.client_time(s, node, cx) + self.config.patience;
        let client = self.client_mut(s, node);
        client.stage = Stage::Reads;
        client.due = due;
        let job = client.job;
        let store = self.sides[s].store_node();
        self.send(s, (node, store), Message::Read(job), cx);
    }

    /// The value came: now it works.
    fn work(&mut self, s: usize, node: Node, value: u64, version: Version, cx: &mut Context<'_, Self>) {
        let local = self.client_time(s, node, cx);
        let job = self.client_mut(s, node).job;
        let takes = self.about(self.config.work, self.luck(node, job, 0));
        let pause = self.config.pauses.map_or(Span::ZERO, |mean| self.luck(node, job, 1).exponential(mean));
        let client = self.client_mut(s, node);
        client.stage = Stage::Works;
        client.read = Some((value, version));
        client.due = local + takes + pause;
        if pause > Span::ZERO {
            let at = takes.times(self.luck(node, job, 2).unit());
            cx.after(at, Event::Stop(key(s), node, job));
        }
    }

    /// A client stands still by itself, as in a garbage collection.
    pub(super) fn stops(&mut self, s: usize, node: Node, job: u32, cx: &mut Context<'_, Self>) {
        let client = &self.sides[s].clients[usize::from(node)];
        if client.job != job || client.stage != Stage::Works || !self.sides[s].cluster.acts(node) {
            return;
        }
        let pause = self.config.pauses.map_or(Span::ZERO, |mean| self.luck(node, job, 1).exponential(mean));
        self.client_mut(s, node).stopped = true;
        self.sides[s].cluster.stand_still(node, true);
        Self::report(s, What::Stopped(node, pause), cx);
        let life = self.client_mut(s, node).life;
        cx.after(pause, Event::Go(key(s), node, life));
    }

    /// It goes on, unless something else holds it.
    pub(super) fn goes_on(&mut self, s: usize, node: Node, life: Life, cx: &mut Context<'_, Self>) {
        let client = self.client_mut(s, node);
        if client.life != life || !std::mem::take(&mut client.stopped) {
            return;
        }
        if !self.sides[s].cluster.suffers(node, Verb::Pause) {
            self.sides[s].cluster.stand_still(node, false);
            Self::report(s, What::GoesOn(node), cx);
            self.resume(s, node, cx);
        }
    }

    /// The work is done, or it has looked at its clock: it writes, if it still may.
    fn write(&mut self, s: usize, node: Node, cx: &mut Context<'_, Self>) {
        let local = self.client_time(s, node, cx);
        let (checks, gap, patience) = (self.config.checks, self.config.gap, self.config.patience);
        let client = self.client_mut(s, node);
        // Who has lost its connection does nothing that cannot be undone until it knows.
        if client.agent.belief() == Belief::Doubts {
            client.due = local + patience;
            return;
        }
        if checks && client.stage == Stage::Works {
            if client.agent.until().is_some_and(|until| until <= local) {
                Self::report(s, What::Abandoned(node), cx);
                return self.leave(s, node, cx);
            }
            if gap > Span::ZERO {
                client.stage = Stage::Ready;
                client.due = local + gap;
                return;
            }
        }
        let Some((value, version)) = client.read else { return };
        client.stage = Stage::Writes;
        client.due = local + patience;
        let message = Message::Write(client.job, value + 1, version, client.token);
        let store = self.sides[s].store_node();
        self.send(s, (node, store), message, cx);
    }

    /// Gives the lock back.
    fn leave(&mut self, s: usize, node: Node, cx: &mut Context<'_, Self>) {
        let client = self.client_mut(s, node);
        client.stage = Stage::Leaves;
        client.due = Time::NEVER;
        self.call(s, node, cx, Agent::release);
    }

    fn released(&mut self, s: usize, node: Node, own: bool, cx: &mut Context<'_, Self>) {
        if self.client_mut(s, node).stage != Stage::Leaves {
            return;
        }
        if !own {
            self.sides[s].counts.overruns += 1;
        }
        Self::report(s, What::Released(node, own), cx);
        self.think(s, node, cx);
    }

    fn think(&mut self, s: usize, node: Node, cx: &mut Context<'_, Self>) {
        let local = self.client_time(s, node, cx);
        let job = self.client_mut(s, node).job;
        let thinks = self.about(self.config.think, self.luck(node, job, 3));
        let client = self.client_mut(s, node);
        client.stage = Stage::Thinks;
        client.due = local + thinks;
        self.arm_client(s, node, cx);
    }

    /// What is due in the stage of a client.
    fn stage_due(&mut self, s: usize, node: Node, cx: &mut Context<'_, Self>) {
        let (now, local) = (cx.now(), self.client_time(s, node, cx));
        let client = self.client_mut(s, node);
        if local < client.due {
            return;
        }
        client.due = Time::NEVER;
        match client.stage {
            Stage::Thinks => {
                client.stage = Stage::Waits;
                client.job += 1;
                client.asked = now;
                let job = client.job;
                self.sides[s].counts.asked += 1;
                let draw = self.luck(node, job, 4);
                self.call(s, node, cx, |agent, now, _, out| agent.acquire(now, draw, out));
            }
            Stage::Waits => self.call(s, node, cx, Agent::acquire),
            Stage::Reads => self.read(s, node, cx),
            Stage::Works | Stage::Ready => self.write(s, node, cx),
            Stage::Writes => {
                self.sides[s].counts.unknown += 1;
                Self::report(s, What::Unknown(node), cx);
                self.leave(s, node, cx);
            }
            Stage::Leaves => {}
        }
    }

    pub(super) fn client_timer(&mut self, s: usize, node: Node, cx: &mut Context<'_, Self>) {
        if !self.sides[s].cluster.acts(node) {
            return;
        }
        self.stage_due(s, node, cx);
        let starved = self.sides[s].is_starved(node);
        self.call(s, node, cx, |agent, now, draw, out| agent.tick(now, draw, starved, out));
    }

    pub(super) fn arm_client(&mut self, s: usize, node: Node, cx: &mut Context<'_, Self>) {
        let side = &self.sides[s];
        let client = &side.clients[usize::from(node)];
        let next = client.due.min(client.agent.next_timer(side.is_starved(node)));
        let when = side.cluster.when(node, next, cx.now());
        Self::set_timer(s, node, if side.cluster.acts(node) { when } else { Time::NEVER }, cx);
    }

    /// Something came for a client.
    pub(super) fn client_receives(
        &mut self,
        s: usize,
        node: Node,
        message: &Message,
        cx: &mut Context<'_, Self>,
    ) {
        let (stage, job) = (self.client_mut(s, node).stage, self.client_mut(s, node).job);
        match message {
            Message::Content(of, value, version) => {
                if stage == Stage::Reads && *of == job {
                    self.work(s, node, *value, *version, cx);
                }
            }
            Message::Written(of, _) => {
                if stage == Stage::Writes && *of == job {
                    self.leave(s, node, cx);
                }
            }
            _ => self.call(s, node, cx, |agent, now, draw, out| agent.receive(now, draw, message, out)),
        }
        self.arm_client(s, node, cx);
    }

    /// A client that stood still goes on: with its next line, then with what came for it, then with what is due beside it.
    pub(super) fn resume(&mut self, s: usize, node: Node, cx: &mut Context<'_, Self>) {
        self.stage_due(s, node, cx);
        for flight in self.sides[s].cluster.held(node) {
            self.client_receives(s, node, &flight.message, cx);
        }
        self.client_timer(s, node, cx);
    }

    /// The process of a client is gone.
    pub(super) fn client_crashed(&mut self, s: usize, node: Node, cx: &mut Context<'_, Self>) {
        if self.client_mut(s, node).is_waiting() {
            self.sides[s].counts.gave_up += 1;
        }
        let (design, life, job) =
            (self.sides[s].design, self.client_mut(s, node).life + 1, self.client_mut(s, node).job);
        let fresh = Client {
            life,
            job,
            agent: Agent::new(&self.config, design, node, life),
            ..Client::new(&self.config, design, node)
        };
        *self.client_mut(s, node) = fresh;
        self.arm_client(s, node, cx);
    }
}
