//! Paxos: a few nodes agree on one value and never go back on it, whatever is lost, late, doubled or down.
//!
//! The algorithm is that of Leslie Lamport, "Paxos Made Simple", 2001; "§2.2" means that paper. A proposer asks the acceptors
//! to *promise* its ballot (phase 1), then to *accept* a value under it (phase 2). A value is *chosen* when a quorum has
//! accepted it under one ballot, whether anybody knows it or not. Quorums of the two phases need not be majorities, only
//! meet each other (Howard, Malkhi and Spiegelman, "Flexible Paxos: Quorum Intersection Revisited", 2016).
//!
//! Each agent is a type, sans-I/O: [`Acceptor`], [`Proposer`], [`Learner`]. It is given a [`Message`] and adds to an
//! [`Output`] what there is to save, to send and to know. None has a clock: when a proposer tries again is up to whoever
//! runs it, and decides whether anything is ever chosen, never whether two things are. [`multi`] agrees on a sequence of
//! values with a stable leader and a master lease.
//!
//! ```
//! use halfopen::patterns::paxos::{Acceptor, Agent, Config, Output, Proposer, Value};
//!
//! let config = Config::majority(3);
//! let mut acceptors: Vec<Acceptor> = (0..3).map(|id| Acceptor::new(config, id)).collect();
//! let mut proposer = Proposer::new(config, 0, Value(7));
//! let mut out = Output::default();
//! proposer.start(&mut out);
//! while let Some(message) = out.messages.pop() {
//!     match message.to {
//!         Agent::Acceptor(id) => acceptors[usize::from(id)].step(&message, &mut out),
//!         Agent::Proposer(_) => proposer.step(&message, &mut out),
//!         Agent::Learner(_) => {}
//!     }
//! }
//! assert_eq!(proposer.chosen(), Some(Value(7)));
//! ```
//!
//! # What is where
//!
//! [`config`] has the quorums and the flaws; [`message`] what goes over the wire and the order of ballots; [`note`] what an
//! agent tells about itself; [`history`] an observer who sees everything and says what is chosen, and if two values are,
//! where their quorums meet. The rules are in [`acceptor`], [`proposer`], [`learner`].
//!
//! Agents are `Eq` and `Hash`, so that a search can go through all schedules.

pub mod acceptor;
pub mod config;
pub mod history;
pub mod learner;
pub mod message;
pub mod multi;
pub mod note;
pub mod proposer;

pub use self::acceptor::{Acceptor, Promised};
pub use self::config::{Config, Flaw};
pub use self::history::{Disagreement, History};
pub use self::learner::Learner;
pub use self::message::{Acceptors, Agent, Ballot, Body, Message, Output, Proposal, Save, Value};
pub use self::note::{Because, Note};
pub use self::proposer::{Phase, Proposer, Report};
