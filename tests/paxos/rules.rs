//! The rules one by one, each in a scene of a few messages.

use halfopen::engine::time::{Span, Time};
use halfopen::patterns::paxos::multi::{
    Body as Multi, Declined, Disk, Entry, Lease, MultiPaxos, Note, Role, Setting,
};
use halfopen::patterns::paxos::{
    Acceptor, Agent, Ballot, Because, Body, Config, Flaw, Message, Output, Phase, Proposal, Proposer, Save,
    Value, multi,
};

fn to_acceptor(from: u8, body: Body) -> Message {
    Message { from: Agent::Proposer(from), to: Agent::Acceptor(0), body }
}

fn ballot(round: u32, proposer: u8) -> Ballot {
    Ballot { round, proposer }
}

#[test]
fn section_2_2_an_acceptor_promises_accepts_and_refuses_what_is_lower() {
    let mut acceptor = Acceptor::new(Config::majority(3), 0);
    let mut out = Output::default();
    acceptor.step(&to_acceptor(1, Body::Prepare { ballot: ballot(1, 1) }), &mut out);
    let Some(Save::Acceptor(0, disk)) = out.saves.pop() else { panic!("a promise must be on disk first") };
    assert_eq!((disk.ballot, disk.accepted), (Some(ballot(1, 1)), None));
    // The same request again gets the same answer, and there is nothing new to write.
    acceptor.step(&to_acceptor(1, Body::Prepare { ballot: ballot(1, 1) }), &mut out);
    assert_eq!((out.messages[0], out.saves.len()), (out.messages[1], 0));
    out.clear();
    let low = Proposal { ballot: ballot(1, 0), value: Value(7) };
    acceptor.step(&to_acceptor(0, Body::Accept(low)), &mut out);
    assert_eq!(out.messages[0].body, Body::Nack { ballot: ballot(1, 0), promised: ballot(1, 1) });
    assert_eq!((acceptor.accepted(), acceptor.would_accept(ballot(1, 1))), (None, true));
    // Nobody asked it to promise ballot 2, and by accepting it does.
    let high = Proposal { ballot: ballot(2, 0), value: Value(8) };
    acceptor.step(&to_acceptor(0, Body::Accept(high)), &mut out);
    assert_eq!((acceptor.promised(), acceptor.accepted()), (Some(ballot(2, 0)), Some(high)));
    assert_eq!(Acceptor::restart(Config::majority(3), 0, acceptor.disk()), acceptor);
}

#[test]
fn section_2_2_a_proposer_pushes_the_value_of_the_highest_ballot_it_is_told_of() {
    let mut proposer = Proposer::new(Config::majority(5), 3, Value(9));
    let mut out = Output::default();
    let own = proposer.start(&mut out);
    let promise = |by, accepted| Message {
        from: Agent::Acceptor(by),
        to: Agent::Proposer(3),
        body: Body::Promise { ballot: own, accepted },
    };
    let told = |round, value| Some(Proposal { ballot: ballot(round, 0), value: Value(value) });
    // A promise twice is one promise.
    for _ in 0..3 {
        proposer.step(&promise(4, told(1, 1)), &mut out);
    }
    assert_eq!((proposer.phase(), proposer.promises().len()), (Phase::Preparing, 1));
    proposer.step(&promise(2, told(3, 2)), &mut out);
    proposer.step(&promise(1, None), &mut out);
    assert_eq!(proposer.proposal(), Some(Proposal { ballot: own, value: Value(2) }));
    let because = Because::Told { proposal: told(3, 2).unwrap(), by: 2 };
    assert_eq!((proposer.phase(), proposer.because()), (Phase::Accepting, Some(because)));
}

#[test]
fn a_nack_raises_the_next_ballot_and_enough_of_them_end_the_hope() {
    let mut proposer = Proposer::new(Config::majority(3), 0, Value(9));
    let mut out = Output::default();
    let own = proposer.start(&mut out);
    let nack = |by| Message {
        from: Agent::Acceptor(by),
        to: Agent::Proposer(0),
        body: Body::Nack { ballot: own, promised: ballot(7, 1) },
    };
    proposer.step(&nack(0), &mut out);
    assert!(!proposer.hopeless());
    proposer.step(&nack(2), &mut out);
    assert!(proposer.hopeless());
    proposer.abandon(&mut out);
    assert_eq!((proposer.phase(), proposer.ballot()), (Phase::Idle, None));
    assert_eq!(proposer.start(&mut out), ballot(8, 0));
    // Nor does it use a ballot twice because it was restarted.
    let mut again = Proposer::restart(Config::majority(3), 0, Value(9), proposer.seen());
    assert_eq!(again.start(&mut out), ballot(9, 0));
}

/// Replicas whose clocks all show `now`; messages wait until they are delivered or dropped.
struct Cell {
    replicas: Vec<MultiPaxos>,
    out: multi::Output,
    now: Time,
    delivered: usize,
}

const LEASE: Span = Span::from_millis(1000);

impl Cell {
    fn new(count: u8, flaw: Option<Flaw>) -> Self {
        let config = Config { flaw, ..Config::majority(count) };
        let lease = Some(Lease::with_drift(LEASE, 10_000));
        let replica = |id| MultiPaxos::new(Setting { id, config, lease }, Time::ZERO);
        // What anyone may have promised before it started is over.
        let now = Time::ZERO + LEASE;
        Self { replicas: (0..count).map(replica).collect(), out: multi::Output::default(), now, delivered: 0 }
    }

    fn at<R>(&mut self, id: u8, call: impl FnOnce(&mut MultiPaxos, Time, &mut multi::Output) -> R) -> R {
        call(&mut self.replicas[usize::from(id)], self.now, &mut self.out)
    }

    /// Delivers all between these and drops all others.
    fn settle(&mut self, among: &[u8]) {
        while !self.out.messages.is_empty() {
            let message = self.out.messages.remove(0);
            if among.contains(&message.from) && among.contains(&message.to) {
                self.delivered += 1;
                self.at(message.to, |replica, now, out| replica.step(now, &message, out));
            }
        }
    }
}

#[test]
fn section_3_a_stable_leader_needs_one_round_trip_a_value() {
    let mut cell = Cell::new(3, None);
    cell.at(0, MultiPaxos::campaign).unwrap();
    cell.settle(&[0, 1, 2]);
    assert_eq!((cell.replicas[0].role(), cell.delivered), (Role::Leader, 4));
    for value in 0..10 {
        cell.delivered = 0;
        let slot = cell.at(0, |replica, now, out| replica.propose(now, Value(value), out)).unwrap();
        // Two requests, two answers, and two to tell the others.
        cell.settle(&[0, 1, 2]);
        assert_eq!((slot, cell.delivered), (value, 6));
    }
    assert!(cell.replicas.iter().all(|replica| replica.first_open() == 10));
    let declined = cell.at(1, |replica, now, out| replica.propose(now, Value(0), out));
    assert_eq!(declined, Err(Declined::NotLeader { promised: Some(ballot(1, 0)) }));
}

#[test]
fn section_3_a_new_leader_proposes_again_what_it_is_told_and_closes_the_gaps() {
    let mut cell = Cell::new(3, None);
    cell.at(0, MultiPaxos::campaign).unwrap();
    cell.settle(&[0, 1, 2]);
    for (value, reached) in [(5, [0, 1]), (6, [0, 0]), (7, [0, 1])] {
        cell.at(0, |replica, now, out| replica.propose(now, Value(value), out)).unwrap();
        // Of the second one nobody hears; of the others replica 1 does, and nobody hears of that.
        cell.out.messages.retain(|message| reached[1] != 0 && message.to == reached[1]);
        let messages = std::mem::take(&mut cell.out.messages);
        for message in messages {
            cell.at(message.to, |replica, now, out| replica.step(now, &message, out));
        }
        cell.out.messages.clear();
    }
    cell.now += LEASE;
    cell.at(2, MultiPaxos::campaign).unwrap();
    cell.settle(&[1, 2]);
    let noted = |note: &&Note| matches!(note, Note::Led { inherited: 3, .. });
    assert_eq!(cell.out.notes.iter().filter(noted).count(), 1);
    let chosen: Vec<Entry> = cell.replicas[2].chosen().values().copied().collect();
    assert_eq!(chosen, [Entry::Value(Value(5)), Entry::Noop, Entry::Value(Value(7))]);
    assert!(cell.replicas[2].reads_locally(cell.now));
}

#[test]
fn a_lease_keeps_others_out_and_is_counted_from_the_question() {
    let mut cell = Cell::new(3, None);
    let asked = cell.now;
    cell.at(0, MultiPaxos::campaign).unwrap();
    cell.now += Span::from_millis(300);
    cell.settle(&[0, 1, 2]);
    let used = Lease::with_drift(LEASE, 10_000).used;
    assert_eq!(cell.replicas[0].lease_until(), Some(asked + used));
    assert!(used < LEASE && cell.replicas[0].holds_lease(cell.now));
    // Replica 1 granted it when the question arrived.
    let until = cell.now + LEASE;
    let refused = cell.at(1, MultiPaxos::campaign);
    assert_eq!(refused, Err(Declined::Leased { until }));
    // A restart forgets to whom, not that.
    let (setting, disk): (Setting, Disk) = (*cell.replicas[1].setting(), cell.replicas[1].disk().clone());
    cell.replicas[1] = MultiPaxos::restart(setting, disk, cell.now);
    assert_eq!(cell.replicas[1].granted(cell.now).unwrap().to, None);
    // And the master that has the promise may go on with it.
    cell.at(0, MultiPaxos::renew);
    let before = cell.out.messages.len();
    cell.settle(&[0, 1]);
    assert_eq!((before, cell.replicas[0].lease_until()), (2, Some(cell.now + used)));
    cell.now += LEASE;
    assert!(!cell.replicas[0].holds_lease(cell.now));
    cell.at(1, MultiPaxos::campaign).unwrap();
    cell.settle(&[1, 2]);
    assert_eq!((cell.replicas[1].role(), cell.replicas[0].role()), (Role::Leader, Role::Leader));
    assert!(cell.replicas[1].holds_lease(cell.now) && !cell.replicas[0].holds_lease(cell.now));
}

#[test]
fn a_request_of_another_is_refused_for_the_lease_and_says_so() {
    let mut cell = Cell::new(3, None);
    cell.at(0, MultiPaxos::campaign).unwrap();
    cell.settle(&[0, 1]);
    // Replica 2 has heard of nothing.
    cell.at(2, MultiPaxos::campaign).unwrap();
    cell.at(2, MultiPaxos::campaign).unwrap();
    cell.out.messages.retain(|message| message.ballot == ballot(2, 2) && message.to == 1);
    let request = cell.out.messages.remove(0);
    cell.at(1, |replica, now, out| replica.step(now, &request, out));
    let nack = Multi::Nack { promised: Some(ballot(1, 0)), leased: true };
    assert_eq!(cell.out.messages[0].body, nack);
}
