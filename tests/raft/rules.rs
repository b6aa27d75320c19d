//! The rules one by one, each in a scene of a few messages.

use halfopen::engine::random::{Draw, Random};
use halfopen::engine::time::{Span, Time};
use halfopen::patterns::raft::{
    Body, Command, Config, Declined, Disk, Flaw, Mark, Message, Note, Output, Payload, Raft, Reads, Role,
    Server, SteppedDown, Term, Withheld,
};

/// Some servers with instant disks; messages wait in `network` until they are delivered or dropped.
struct Scene {
    servers: Vec<Raft>,
    disks: Vec<Disk>,
    network: Vec<Message>,
    notes: Vec<(Server, Note)>,
    now: Time,
}

fn draw(n: u64) -> Draw {
    Random::new(1).stream("scene").draw(n, 0)
}

fn command(value: u64) -> Payload {
    Payload::Command(Command { session: 1, serial: value, value })
}

impl Scene {
    fn new(config: Config) -> Self {
        let with = |id| Config { id: Server(id), ..config };
        Self {
            servers: (0..config.servers).map(|id| Raft::new(with(id), Time::ZERO, draw(id.into()))).collect(),
            disks: vec![Disk::default(); config.servers.into()],
            network: Vec::new(),
            notes: Vec::new(),
            now: Time::ZERO,
        }
    }

    fn at<R>(&mut self, id: u8, call: impl FnOnce(&mut Raft, Time, Draw, &mut Output) -> R) -> R {
        let raft = &mut self.servers[usize::from(id)];
        let mut out = Output::default();
        let result = call(raft, self.now, draw(id.into()), &mut out);
        for save in std::mem::take(&mut out.saves) {
            self.disks[usize::from(id)].write(&save);
            raft.saved(self.now, draw(id.into()), save.mark, &mut out);
        }
        self.network.extend(out.messages.into_iter().map(|outgoing| outgoing.message));
        self.notes.extend(out.notes.into_iter().map(|note| (Server(id), note)));
        result
    }

    fn time_out(&mut self, id: u8) {
        self.at(id, Raft::time_out);
    }

    fn beat(&mut self, id: u8) {
        self.at(id, Raft::beat);
    }

    fn propose(&mut self, id: u8, value: u64) -> Result<u64, Declined> {
        self.at(id, |raft, now, draw, out| raft.propose(now, draw, command(value), out))
    }

    fn read(&mut self, id: u8, read: u64) -> Result<(), Declined> {
        self.at(id, |raft, now, draw, out| raft.read(now, draw, read, out))
    }

    fn crash(&mut self, id: u8) {
        let raft = &mut self.servers[usize::from(id)];
        let config = *raft.config();
        *raft = Raft::restart(config, self.disks[usize::from(id)].clone(), self.now, draw(id.into()));
    }

    /// Delivers all messages between these servers until there are none, and drops all others.
    fn settle(&mut self, among: &[u8]) {
        while !self.network.is_empty() {
            let message = self.network.remove(0);
            if among.contains(&message.from.0) && among.contains(&message.to.0) {
                self.at(message.to.0, |raft, now, draw, out| raft.step(now, draw, &message, out));
            }
        }
    }

    /// Delivers messages until the votes have made this candidate a leader.
    fn elect(&mut self, id: u8) {
        while self.role(id) != Role::Leader {
            let message = self.network.remove(0);
            self.at(message.to.0, |raft, now, draw, out| raft.step(now, draw, &message, out));
        }
    }

    fn wait(&mut self, ms: u64) {
        self.now += Span::from_millis(ms);
    }

    fn told(&self, id: u8, wanted: impl Fn(&Note) -> bool) -> bool {
        self.notes.iter().any(|(server, note)| server.0 == id && wanted(note))
    }

    fn terms(&self, id: u8) -> Vec<Term> {
        self.servers[usize::from(id)].log().entries().iter().map(|entry| entry.term).collect()
    }

    fn role(&self, id: u8) -> Role {
        self.servers[usize::from(id)].role()
    }
}

/// Three servers as in the paper, with server 0 as the leader of term 1.
fn led(change: impl FnOnce(&mut Config)) -> Scene {
    let mut config = Config::paper(Server(0), 3, 150, 300);
    change(&mut config);
    let mut scene = Scene::new(config);
    // What anyone may have promised before it started is over.
    scene.wait(1000);
    scene.time_out(0);
    scene.settle(&[0, 1, 2]);
    scene.beat(0);
    scene.settle(&[0, 1, 2]);
    assert_eq!((scene.role(0), scene.servers[1].leader()), (Role::Leader, Some(Server(0))));
    scene
}

#[test]
fn figure_2_votes_wait_for_the_disk_and_a_leader_s_own_entry_does_not() {
    let config = |id| Config::paper(Server(id), 3, 150, 300);
    let mut leader = Raft::new(config(0), Time::ZERO, draw(0));
    let mut voter = Raft::new(config(1), Time::ZERO, draw(1));
    let mut out = Output::default();
    leader.time_out(Time::ZERO, draw(2), &mut out);
    let (save, request) = (out.saves.remove(0), out.messages.remove(0));
    assert_eq!((save.term, save.vote, request.after), (1, Some(Server(0)), save.mark));
    leader.saved(Time::ZERO, draw(3), save.mark, &mut out);
    out.clear();

    voter.step(Time::ZERO, draw(4), &request.message, &mut out);
    let (save, vote) = (out.saves.remove(0), out.messages.remove(0));
    assert_eq!((save.vote, vote.after), (Some(Server(0)), save.mark));
    // The request once more, while the vote is still on its way to the disk: the same answer, and it waits for the same.
    voter.step(Time::ZERO, draw(5), &request.message, &mut out);
    assert_eq!((out.saves.len(), out.messages.remove(0).after), (0, save.mark));

    leader.step(Time::ZERO, draw(6), &vote.message, &mut out);
    let (save, append) = (out.saves.remove(0), out.messages.remove(0));
    assert_eq!((leader.role(), append.after), (Role::Leader, Mark::NONE));
    // One follower stores it. Two of three, but the leader's own copy is not on its disk.
    let stored =
        Message { from: Server(1), to: Server(0), term: 1, body: Body::Appended { upto: 1, round: 0 } };
    leader.step(Time::ZERO, draw(7), &stored, &mut out);
    assert_eq!(leader.commit(), 0);
    leader.saved(Time::ZERO, draw(8), save.mark, &mut out);
    assert_eq!(leader.commit(), 1);
}

#[test]
fn section_5_2_the_timer_starts_again_with_a_vote_given_not_with_one_asked_for() {
    let mut scene = led(|_| {});
    scene.propose(0, 7).unwrap();
    scene.settle(&[0, 1]);
    scene.wait(100);
    let timer = |scene: &Scene, id: usize| scene.servers[id].election_timer().unwrap().0;
    let before = timer(&scene, 1);
    // Server 2 lacks the entry, so 1 refuses it and 2 would get the vote of nobody.
    scene.time_out(2);
    scene.settle(&[1, 2]);
    assert!(scene.told(1, |note| matches!(note, Note::Withheld { why: Withheld::OlderLog, .. })));
    assert_eq!(timer(&scene, 1), before);
    scene.time_out(1);
    scene.settle(&[1, 2]);
    assert_eq!((scene.role(1), timer(&scene, 2)), (Role::Leader, scene.now));
}

#[test]
fn section_5_3_a_leader_overwrites_what_its_followers_have_too_much() {
    let mut scene = led(|_| {});
    // Server 0 takes two commands that nobody gets, and is cut off.
    scene.propose(0, 7).unwrap();
    scene.propose(0, 8).unwrap();
    scene.settle(&[]);
    scene.time_out(1);
    scene.settle(&[1, 2]);
    scene.propose(1, 9).unwrap();
    scene.settle(&[1, 2]);
    assert_eq!((scene.terms(0), scene.terms(1)), (vec![1, 1, 1], vec![1, 2, 2]));
    scene.beat(1);
    scene.settle(&[0, 1, 2]);
    assert_eq!(scene.servers[0].log(), scene.servers[1].log());
    assert!(scene.told(0, |note| *note == Note::Truncated { from: 2, upto: 3 }));
    assert_eq!((scene.role(0), scene.disks[0].log.clone()), (Role::Follower, scene.servers[1].log().clone()));
}

#[test]
fn section_5_3_a_message_that_was_overtaken_deletes_nothing() {
    let mut scene = led(|_| {});
    scene.propose(0, 7).unwrap();
    let early: Vec<Message> = scene.network.drain(..).collect();
    scene.propose(0, 8).unwrap();
    scene.settle(&[0, 1, 2]);
    scene.network = early;
    scene.settle(&[0, 1, 2]);
    assert_eq!((scene.terms(1).len(), scene.servers[0].commit()), (3, 3));
}

/// Figure 8 with three servers: an entry of term 1 gets to a majority in term 3 and is overwritten in term 4.
fn figure_8(flaw: Option<Flaw>) -> Scene {
    let mut scene =
        Scene::new(Config { noop: false, batch: 1, flaw, ..Config::paper(Server(0), 3, 150, 300) });
    scene.time_out(0);
    scene.settle(&[0, 2]);
    scene.propose(0, 7).unwrap();
    scene.settle(&[]);
    scene.time_out(1);
    scene.time_out(1);
    scene.settle(&[1, 2]);
    scene.propose(1, 8).unwrap();
    scene.settle(&[]);
    scene.crash(1);
    scene.crash(0);
    scene.time_out(0);
    scene.time_out(0);
    scene.settle(&[0, 2]);
    scene.beat(0);
    scene.settle(&[0, 2]);
    assert_eq!((scene.terms(0), scene.terms(2)), (vec![1], vec![1]), "a majority stores it");
    scene
}

#[test]
fn section_5_4_2_figure_8_an_old_entry_on_a_majority_is_not_committed() {
    let mut scene = figure_8(None);
    assert_eq!(scene.servers[0].commit(), 0);
    scene.propose(0, 9).unwrap();
    scene.settle(&[0, 2]);
    assert_eq!(scene.servers[0].commit(), 2, "an own entry commits what is before it");

    let mut scene = figure_8(Some(Flaw::CommitOldTermByCounting));
    assert_eq!(scene.servers[0].commit(), 1);
    scene.crash(0);
    scene.time_out(1);
    scene.time_out(1);
    scene.settle(&[1, 2]);
    scene.beat(1);
    scene.settle(&[0, 1, 2]);
    assert_eq!(scene.terms(0), vec![2], "what was committed is gone");
}

#[test]
fn section_5_1_a_vote_outlives_a_restart() {
    for (flaw, granted) in [(None, false), (Some(Flaw::ForgetVoteOnRestart), true)] {
        let mut scene = Scene::new(Config { flaw, ..Config::paper(Server(0), 3, 150, 300) });
        scene.time_out(0);
        scene.network.retain(|message| message.to == Server(2));
        scene.elect(0);
        scene.network.clear();
        scene.crash(2);
        scene.time_out(1);
        scene.settle(&[1, 2]);
        assert_eq!(scene.role(1) == Role::Leader && scene.role(0) == Role::Leader, granted);
        assert_eq!(
            scene.told(2, |note| matches!(note, Note::Withheld { why: Withheld::Voted(_), .. })),
            !granted
        );
    }
}

#[test]
fn dissertation_9_6_a_server_that_was_cut_off_deposes_nobody_with_pre_vote() {
    for pre_vote in [false, true] {
        let mut scene = led(|config| config.pre_vote = pre_vote);
        for _ in 0..5 {
            scene.time_out(2);
        }
        scene.settle(&[0, 1]);
        scene.propose(0, 7).unwrap();
        scene.settle(&[0, 1]);
        scene.time_out(2);
        scene.settle(&[0, 1, 2]);
        assert_eq!(scene.role(0) == Role::Leader, pre_vote);
        assert_eq!(scene.servers[0].term() == 1, pre_vote);
    }
}

#[test]
fn dissertation_4_2_3_voters_that_hear_a_leader_stay_out_of_elections() {
    let mut scene = led(|config| config.check_quorum = Some(Span::from_millis(150)));
    scene.wait(149);
    scene.time_out(2);
    scene.settle(&[1, 2]);
    assert!(scene.told(1, |note| matches!(note, Note::Withheld { why: Withheld::Lease, .. })));
    assert_eq!((scene.servers[1].term(), scene.servers[2].term()), (1, 2));
    scene.wait(1);
    scene.time_out(2);
    scene.settle(&[1, 2]);
    assert_eq!(scene.role(2), Role::Leader);
}

#[test]
fn dissertation_6_2_a_leader_without_a_majority_steps_down() {
    let mut scene = led(|config| config.check_quorum = Some(Span::from_millis(150)));
    let mut ticks = 0;
    while scene.role(0) == Role::Leader {
        scene.now = scene.servers[0].next_timer();
        scene.at(0, Raft::tick);
        scene.settle(&[]);
        ticks += 1;
    }
    // The first look still finds the answers from before; so it can last for nearly twice the election timeout.
    assert_eq!(scene.now, Time::from_millis(1300), "after {ticks} ticks");
    assert!(scene.told(0, |note| matches!(note, Note::SteppedDown { why: SteppedDown::NoQuorum, .. })));
}

#[test]
fn dissertation_3_10_the_lead_goes_over_without_a_timeout() {
    let mut scene = led(|config| config.check_quorum = Some(Span::from_millis(150)));
    scene.propose(0, 7).unwrap();
    scene.settle(&[0, 1]);
    scene.at(0, |raft, now, draw, out| raft.transfer(now, draw, Server(2), out)).unwrap();
    assert_eq!(scene.propose(0, 8), Err(Declined::Transferring));
    scene.settle(&[0, 1, 2]);
    assert_eq!((scene.role(2), scene.role(0)), (Role::Leader, Role::Follower));
    assert_eq!((scene.terms(2), scene.now), (vec![1, 1, 2], Time::from_secs(1)));
    assert_eq!(scene.propose(0, 8), Err(Declined::NotLeader { leader: Some(Server(2)) }));
}

#[test]
fn dissertation_3_10_a_transfer_to_a_dead_server_is_given_up() {
    let mut scene = led(|_| {});
    scene.propose(0, 7).unwrap();
    scene.settle(&[0, 1]);
    scene.at(0, |raft, now, draw, out| raft.transfer(now, draw, Server(2), out)).unwrap();
    scene.wait(150);
    scene.at(0, Raft::tick);
    assert!(scene.told(0, |note| *note == Note::TransferAborted { to: Server(2) }));
    assert!(scene.propose(0, 8).is_ok());
}

#[test]
fn section_8_a_read_waits_for_a_round_that_began_after_it() {
    let mut scene = led(|_| {});
    scene.beat(0);
    let late: Vec<Message> = scene.network.drain(..).collect();
    scene.read(0, 1).unwrap();
    scene.network = late;
    let answered = |scene: &Scene| scene.told(0, |note| *note == Note::Read { read: 1, index: 1 });
    // These began before the read, so their answers say nothing about it.
    scene.settle(&[0, 1, 2]);
    assert!(!answered(&scene));
    scene.beat(0);
    scene.settle(&[0, 1]);
    assert!(answered(&scene));
}

#[test]
fn section_8_a_new_leader_answers_no_read_before_it_has_committed_something_of_its_own() {
    let mut scene = led(|_| {});
    scene.time_out(1);
    let requests: Vec<Message> = scene.network.drain(..).filter(|m| m.to.0 == 2).collect();
    scene.network = requests;
    scene.settle(&[1]);
    scene.time_out(1);
    scene.settle(&[1, 2]);
    scene.time_out(2);
    scene.elect(2);
    scene.read(2, 5).unwrap();
    assert!(!scene.told(2, |note| matches!(note, Note::Read { .. })));
    scene.settle(&[0, 1, 2]);
    let last = scene.servers[2].log().last().index;
    assert!(scene.told(2, |note| *note == Note::Read { read: 5, index: last }));
}

/// An old leader, cut off while the others elect another and commit: what it still answers.
#[test]
fn dissertation_6_4_what_an_old_leader_still_answers() {
    for (reads, stale) in
        [(Reads::Local, true), (Reads::Index, false), (Reads::Lease, false), (Reads::CheckQuorum, true)]
    {
        let mut scene = led(|config| {
            config.reads = reads;
            config.check_quorum = Some(Span::from_millis(150));
        });
        scene.read(0, 1).unwrap();
        scene.settle(&[0, 1, 2]);
        assert!(scene.told(0, |note| *note == Note::Read { read: 1, index: 1 }), "{reads:?}");
        // Cut off right after the answers. The first look at 150 ms finds them.
        scene.wait(150);
        scene.at(0, Raft::tick);
        scene.settle(&[]);
        scene.wait(10);
        scene.time_out(1);
        scene.settle(&[1, 2]);
        assert_eq!(
            (scene.role(0), scene.role(1), scene.servers[1].commit()),
            (Role::Leader, Role::Leader, 2)
        );
        let _ = scene.read(0, 2);
        scene.settle(&[]);
        assert_eq!(scene.told(0, |note| matches!(note, Note::Read { read: 2, .. })), stale, "{reads:?}");
    }
}

#[test]
fn a_lease_promised_before_a_restart_is_kept() {
    for (reads, elected) in [(Reads::Lease, false), (Reads::Index, true)] {
        let mut scene = led(|config| {
            config.reads = reads;
            config.check_quorum = Some(Span::from_millis(150));
        });
        scene.wait(10);
        scene.beat(0);
        scene.settle(&[0, 1]);
        scene.crash(1);
        // Server 2 has heard nothing for long.
        scene.time_out(2);
        scene.settle(&[1, 2]);
        assert_eq!(scene.role(2) == Role::Leader, elected, "{reads:?}");
    }
}

#[test]
fn servers_that_behave_alike_are_equal() {
    let (mut a, mut b) = (led(|_| {}), led(|_| {}));
    for scene in [&mut a, &mut b] {
        scene.propose(0, 7).unwrap();
    }
    a.settle(&[0, 1, 2]);
    // Another order, and one message twice.
    b.network.reverse();
    b.network.push(b.network[0].clone());
    b.settle(&[0, 1, 2]);
    for scene in [&mut a, &mut b] {
        scene.beat(0);
        scene.settle(&[0, 1, 2]);
    }
    assert_eq!(a.servers, b.servers);
}
