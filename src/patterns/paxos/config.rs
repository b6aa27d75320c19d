//! How many acceptors make a quorum, and the ways to get Paxos wrong.

/// The ways to get Paxos wrong that can be watched here. Each is one condition, marked by its name where it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Flaw {
    /// An acceptor accepts under a ballot below the one that it promised (against P1a of §2.2).
    BreakPromise,
    /// A proposer pushes its own value, whatever the acceptors told it that they have accepted (against P2c of §2.2).
    IgnoreHighestValue,
    /// Ballots are rounds alone: two proposers may use the same one (against §2.2, "different proposals have different
    /// numbers").
    SameBallot,
    /// Two acceptors are enough for either phase, however many there are. From four on, two pairs need not meet.
    TwoNodesAreEnough,
    /// Nothing is read from disk on a restart: an acceptor forgets what it promised and accepted, a proposer which ballots
    /// it used (against §3, "stable storage").
    ForgetOnRestart,
    /// A proposer asks to accept its value without having asked for promises.
    SkipPhaseOne,
    /// A master counts its lease from the moment an answer arrives, not from when it asked; only in
    /// [`multi`](super::multi).
    LeaseFromAnswer,
}

impl Flaw {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::BreakPromise,
        Self::IgnoreHighestValue,
        Self::SameBallot,
        Self::TwoNodesAreEnough,
        Self::ForgetOnRestart,
        Self::SkipPhaseOne,
        Self::LeaseFromAnswer,
    ];
}

/// What all agents of a world have to know.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Config {
    /// How many acceptors there are, 1 to 16, numbered from 0.
    pub acceptors: u8,
    /// How many promises end phase 1.
    pub q1: u8,
    /// How many acceptors choose a value.
    pub q2: u8,
    /// How many learners are told of each acceptance, numbered from 0.
    pub learners: u8,
    /// Acceptors tell a proposer that its ballot is too low. Only an optimisation (§2.2), but without it a proposer does not
    /// hear of higher ballots.
    pub nacks: bool,
    /// What is done wrong.
    pub flaw: Option<Flaw>,
}

impl Config {
    /// Majorities in both phases.
    pub const fn majority(acceptors: u8) -> Self {
        let majority = acceptors / 2 + 1;
        Self::flexible(acceptors, majority, majority)
    }

    /// Any quorums. Safe only if [`Config::quorums_meet`].
    pub const fn flexible(acceptors: u8, q1: u8, q2: u8) -> Self {
        Self { acceptors, q1, q2, learners: 0, nacks: true, flaw: None }
    }

    /// The quorum of phase 1.
    pub fn promise_quorum(&self) -> usize {
        self.quorum(self.q1)
    }

    /// The quorum of phase 2.
    pub fn accept_quorum(&self) -> usize {
        self.quorum(self.q2)
    }

    fn quorum(self, size: u8) -> usize {
        usize::from(if self.has(Flaw::TwoNodesAreEnough) { size.min(2) } else { size })
    }

    /// Whether each quorum of phase 1 shares an acceptor with each of phase 2. All that agreement needs (Howard et al.);
    /// two quorums of the same phase need not meet.
    pub fn quorums_meet(&self) -> bool {
        self.promise_quorum() + self.accept_quorum() > usize::from(self.acceptors)
    }

    /// Whether this is what is done wrong.
    pub fn has(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quorums_meet_if_they_are_more_than_all_together() {
        assert!((1..=16).all(|n| Config::majority(n).quorums_meet()));
        assert!(Config::flexible(5, 4, 2).quorums_meet());
        assert!(!Config::flexible(4, 2, 2).quorums_meet());
        // Three of four could be asked, two are; of three acceptors two are a majority anyway.
        let two = |n| Config { flaw: Some(Flaw::TwoNodesAreEnough), ..Config::majority(n) };
        assert_eq!((two(4).promise_quorum(), two(4).quorums_meet(), two(3).quorums_meet()), (2, false, true));
    }
}
