//! Thousands of schedules for worlds that are too large for all: five acceptors, three proposers, restarts.

use std::collections::BTreeMap;

use halfopen::engine::random::{Random, Stream};
use halfopen::patterns::paxos::{
    Acceptor, Agent, Config, Flaw, History, Learner, Message, Output, Promised, Proposer, Save, Value,
};

struct World {
    config: Config,
    acceptors: Vec<Acceptor>,
    proposers: Vec<Proposer>,
    learner: Learner,
    network: Vec<Message>,
    /// What is on disk, by agent, as it was saved.
    disks: BTreeMap<(bool, u8), Save>,
    history: History,
    luck: Stream,
    drawn: u64,
}

impl World {
    fn new(seed: u64, flaw: Option<Flaw>) -> Self {
        let config = Config { learners: 1, flaw, ..Config::majority(5) };
        Self {
            config,
            acceptors: (0..5).map(|id| Acceptor::new(config, id)).collect(),
            proposers: (0..3).map(|id| Proposer::new(config, id, Value(u64::from(id)))).collect(),
            learner: Learner::new(config, 0),
            network: Vec::new(),
            disks: BTreeMap::new(),
            history: History::new(&config),
            luck: Random::new(seed).stream("schedule"),
            drawn: 0,
        }
    }

    fn below(&mut self, n: usize) -> usize {
        self.drawn += 1;
        self.luck.draw(self.drawn, 0).below(n as u64) as usize
    }

    fn event(&mut self) {
        let mut out = Output::default();
        let (acceptor, proposer) = (self.below(5), self.below(3));
        match self.below(200) {
            0..150 if !self.network.is_empty() => {
                let at = self.below(self.network.len());
                // One in five stays on its way, to come again.
                let message =
                    if self.below(5) == 0 { self.network[at] } else { self.network.swap_remove(at) };
                match message.to {
                    Agent::Acceptor(id) => self.acceptors[usize::from(id)].step(&message, &mut out),
                    Agent::Proposer(id) => self.proposers[usize::from(id)].step(&message, &mut out),
                    Agent::Learner(_) => self.learner.step(&message, &mut out),
                }
            }
            150..165 if !self.network.is_empty() => {
                let at = self.below(self.network.len());
                self.network.swap_remove(at);
            }
            165..172 => {
                self.proposers[proposer].start(&mut out);
            }
            172..185 => self.proposers[proposer].ask(&mut out),
            185..195 => {
                let disk = match self.disks.get(&(true, acceptor as u8)) {
                    Some(&Save::Acceptor(_, disk)) => disk,
                    _ => Promised::default(),
                };
                self.acceptors[acceptor] = Acceptor::restart(self.config, acceptor as u8, disk);
            }
            195..198 => {
                let used = match self.disks.get(&(false, proposer as u8)) {
                    Some(&Save::Proposer(_, used)) => used,
                    _ => 0,
                };
                let wish = self.proposers[proposer].wish();
                self.proposers[proposer] = Proposer::restart(self.config, proposer as u8, wish, used);
            }
            _ => {}
        }
        for save in out.saves {
            let key = match save {
                Save::Acceptor(id, _) => (true, id),
                Save::Proposer(id, _) => (false, id),
            };
            self.disks.insert(key, save);
        }
        self.network.extend(out.messages);
        out.notes.iter().for_each(|note| self.history.note(note));
    }

    /// Runs a schedule; what was chosen, or what went wrong.
    fn run(&mut self, events: usize) -> Result<Option<Value>, String> {
        let mut learned = None;
        for _ in 0..events {
            self.event();
            if let Some(both) = self.history.disagreement() {
                return Err(format!("agreement: {both:?} share {:?}", both.shared()));
            }
            let chosen = self.history.value();
            let known = self.proposers.iter().filter_map(Proposer::chosen).chain(self.learner.learned());
            if let Some(other) = known.into_iter().find(|&value| Some(value) != chosen) {
                return Err(format!("integrity: {other:?} is taken for chosen, and {chosen:?} is"));
            }
            if learned.is_some() && self.learner.learned() != learned {
                return Err("integrity: the learner changed its mind".into());
            }
            learned = self.learner.learned();
        }
        Ok(self.history.value())
    }
}

#[test]
fn agreement_and_integrity_hold_on_every_schedule() {
    let mut chosen = BTreeMap::new();
    for seed in 0..2000 {
        let value = World::new(seed, None).run(400).unwrap_or_else(|what| panic!("seed {seed}: {what}"));
        *chosen.entry(value).or_insert(0) += 1;
    }
    println!("{chosen:?}");
    // Schedules on which nothing is chosen, or always the same, prove nothing.
    assert!((0..3).all(|id| chosen[&Some(Value(id))] > 200), "{chosen:?}");
}

#[test]
fn each_flaw_is_found_by_luck_too() {
    for flaw in Flaw::ALL.into_iter().filter(|&flaw| flaw != Flaw::LeaseFromAnswer) {
        let found =
            (0..5000).find_map(|seed| World::new(seed, Some(flaw)).run(400).err().map(|what| (seed, what)));
        let (seed, what) = found.unwrap_or_else(|| panic!("{flaw:?} is not caught"));
        println!("{flaw:?}: seed {seed}: {what}");
    }
}
