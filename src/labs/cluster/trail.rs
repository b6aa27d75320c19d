//! What a picture over time is drawn from: the last messages, and how each node looked.

use std::collections::VecDeque;

use crate::engine::network::Node;
use crate::engine::time::Time;
use crate::labs::scene::{Fate, Tone};

/// So many messages are remembered at most.
const TRIPS: usize = 160;
/// So many looks of each node.
const LOOKS: usize = 40;

/// How a node looks: a letter, a word, a tone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Look {
    /// Fills its lane.
    pub letter: char,
    /// What it is.
    pub word: &'static str,
    /// How it stands.
    pub tone: Tone,
}

/// A message, remembered.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    /// Its number.
    pub number: u32,
    /// From where.
    pub from: Node,
    /// To where.
    pub to: Node,
    /// What it is.
    pub label: &'static str,
    /// When it was sent.
    pub sent: Time,
    /// What became of it; none while it is on its way.
    pub fate: Option<Fate>,
}

/// The last messages and looks.
#[derive(Clone, Debug)]
pub(super) struct Trail {
    trips: VecDeque<Kept>,
    looks: Vec<VecDeque<(Time, Look)>>,
}

impl Trail {
    pub fn new(nodes: usize) -> Self {
        Self { trips: VecDeque::new(), looks: vec![VecDeque::new(); nodes] }
    }

    pub fn sent(
        &mut self,
        number: u32,
        (from, to): (Node, Node),
        label: &'static str,
        now: Time,
        lost: bool,
    ) {
        if self.trips.len() == TRIPS {
            self.trips.pop_front();
        }
        let fate = lost.then_some(Fate::Lost(now));
        self.trips.push_back(Kept { number, from, to, label, sent: now, fate });
    }

    pub fn arrived(&mut self, number: u32, now: Time) {
        self.ended(number, Fate::Arrived(now));
    }

    pub fn lost(&mut self, number: u32, now: Time) {
        self.ended(number, Fate::Lost(now));
    }

    pub fn copied(&mut self, number: u32, copy: u32, now: Time) {
        if let Some(&kept) = self.trips.iter().find(|kept| kept.number == number) {
            self.sent(copy, (kept.from, kept.to), kept.label, now, false);
        }
    }

    fn ended(&mut self, number: u32, fate: Fate) {
        // What ends now was mostly sent a moment ago.
        if let Some(kept) = self.trips.iter_mut().rev().find(|kept| kept.number == number)
            && kept.fate.is_none()
        {
            kept.fate = Some(fate);
        }
    }

    pub fn look(&mut self, node: Node, look: Look, now: Time) {
        let looks = &mut self.looks[usize::from(node)];
        if looks.back().is_some_and(|(_, last)| *last == look) {
            return;
        }
        // What lasted no time is not seen.
        if looks.back().is_some_and(|(since, _)| *since == now) {
            looks.pop_back();
        }
        if looks.len() == LOOKS {
            looks.pop_front();
        }
        looks.push_back((now, look));
    }

    /// The messages, oldest first.
    pub fn trips(&self) -> impl Iterator<Item = &Kept> {
        self.trips.iter()
    }

    /// How `node` looked, and since when, oldest first.
    pub fn looks(&self, node: Node) -> &VecDeque<(Time, Look)> {
        &self.looks[usize::from(node)]
    }

    pub fn bytes(&self) -> usize {
        let looks: usize = self.looks.iter().map(VecDeque::len).sum();
        self.trips.len() * size_of::<Kept>() + looks * size_of::<(Time, Look)>()
    }
}
