//! `halfopen` prepares engineers for interviews about failure in distributed systems: short lessons beside live,
//! deterministic simulations that the learner breaks, and quizzes on the pitfalls.
//!
//! This page is the map. Arrows go one way; a test (`tests/architecture.rs`) reads the `use` lines and holds them to it.
//!
//! ```text
//!   shell      the edge: terminal, clock, files, threads, the command line       may use everything
//!     |
//!    ui        one read-only view of the app; the only user of ratatui
//!     |
//!    app       the interactive program as one state and one `update`; knows no terminal
//!     |
//!     +---- study     the learner: records, progress, quiz sessions; "today" is an argument
//!     +---- course    lessons, questions and drills as typed content; text in, every error out
//!     +---- labs      small worlds to be broken, all behind one face
//!             |
//!             +---- patterns   the algorithms under study, sans-I/O, one type for each real system
//!             +---- engine     virtual time, event queue, keyed randomness, run history
//! ```
//!
//! # Where to find what
//!
//! | you look for | it is in |
//! |---|---|
//! | how a breaker of Resilience4j, Hystrix, opossum or pybreaker decides | [`patterns::breaker`] |
//! | how long a retry waits, by the textbook and in Resilience4j, gRPC, AWS, Envoy | [`patterns::backoff`], [`patterns::retry`] |
//! | what keeps retries from becoming the load | [`patterns::retry_budget`], [`patterns::adaptive_throttle`] |
//! | the time that is left, a second copy, a full waiting room | [`patterns::deadline`], [`patterns::hedging`], [`patterns::shedding`] |
//! | Raft, with what etcd adds and its broken variants | [`patterns::raft`] |
//! | Paxos for one value and for many, with its master lease and its broken variants | [`patterns::paxos`]; not in a lab yet |
//! | all schedules of a small world, and the shortest that breaks it | [`engine::explore`] |
//! | locks of Redis, Redlock, Redisson, `ZooKeeper` and etcd; fencing | [`patterns::lock`], [`patterns::lock::storage`] |
//! | the lock lab: six designs side by side, belief against truth | [`labs::lock`], `src/labs/lock/spec/` |
//! | what a lab is, and what its author writes | [`labs::lab`] ([`labs::lab::Model`]), [`labs::catalogue`] |
//! | the breaker lab: its knobs, presets, faults, readings | [`labs::breaker`], `src/labs/breaker/spec/` |
//! | the retry-storm lab: clients and layers, the server, contention | [`labs::storm`], `src/labs/storm/` |
//! | the failover lab: Raft servers, clients, who watches over them | [`labs::failover`], `src/labs/failover/` |
//! | nodes and a network under faults, for every lab of messages | [`labs::cluster`]; [`engine::network`], [`engine::clock`] |
//! | why two runs are equal, how going back works | [`engine::run`], [`engine::random`] |
//! | the futures of a run, kept as a tree; where two runs part | [`labs::branch`], [`labs::twin`] |
//! | how a fact comes to know its cause | [`engine::world::Context`] |
//! | a run as a line of text or a file | [`labs::recording`]; the file is read in `src/course/load/run.rs` |
//! | the fault sentences (`20s hang payments for 10s`) | [`labs::fault`] |
//! | the language of claims, goals and predictions | [`labs::language`] |
//! | a lab on many seeds with knobs varied, and what that comes to | [`labs::sweep`]; over the cores: [`shell::sweep`] |
//! | what remedies buy and cost, along the same axes | [`labs::cure`]; a lesson's block: [`app::curing`]; over the cores: [`shell::cure`] |
//! | figures of runs and sweeps, as SVG | [`labs::plot`] |
//! | why something happened, by running it again without | [`labs::why`] |
//! | a bet on a reading: how it is judged, what was seen before | [`labs::bet`], [`labs::seen`], [`app::stake`] |
//! | what is computed in the background | [`app::work`], [`shell::work`] |
//! | what a lab shows, as data | [`labs::scene`]; drawn in [`ui::scene`], spoken by [`labs::scene`] itself |
//! | the questions that the simulator writes | [`labs::questions`]; asked through [`app::generated`] |
//! | the format of lessons and questions | [`course`], and the README |
//! | what is remembered of the learner, and where | [`study::record`], [`shell::journal`] |
//! | the Brier score, and how right one is when so sure | [`study::calibration`] |
//! | what a key does | [`app::keymap`] |
//! | what can be found by name, and how it is ranked | [`app::palette`] |
//! | what an open part of the stage tells, and which faults fit it | [`labs::inspect`] |
//! | what led to a fact; how the log is searched | [`labs::causes`], [`labs::search`] |
//! | the event loop, and how the terminal is restored | [`shell::event_loop`], [`shell::terminal`] |
//! | a command of the command line | [`shell::cli`] |
//! | a lab played by typed lines | `src/shell/cli/lab/`; what it says as the screen does: [`labs::remarks`], [`labs::narrate`] |
//!
//! # How a run works
//!
//! A [`labs::scenario::Scenario`] is a lab, its knobs, a seed and a script of faults. Opening it gives a
//! [`labs::lab::Lab`], which is a [`engine::run::Run`] of a world behind a face that every lab shares. Everything that
//! happens is a pure function of the scenario and of the acts of the learner, which are kept in a log: going back is
//! replay. Each draw is a hash of what it is about, so a changed retry policy shifts no arrival.
//!
//! # Decisions that differ from what one might expect
//!
//! * Rates and percentiles are sampled once every virtual second, and conditions of the small language look at these
//!   samples: what a learner sees on the strip is what a claim is judged by.
//! * The script of a scenario happens whatever the learner does; an act by hand cuts off only later acts by hand, and
//!   only those can be taken back. Otherwise a knob could void the fault of a goal.
//! * What was seen is never lost: acting in the past goes on in a new branch ([`labs::branch`]). Taking something back is
//!   acting too.
//! * The cause of a fact comes from scheduling: it is the fact after which its event was scheduled. A lab names another
//!   one only where a state is the reason ("the breaker is open").
//! * A bet is decided in a copy of the run the moment it is made, out of sight, and written down then: acting, going back or
//!   leaving cannot get rid of one that goes badly. What was watched is kept by what a run began as and its seed, so
//!   neither a fork, an act nor a turned knob makes a future look new.
//! * The digest of a run leaves words out: a sentence put better does not make it another run.
//! * A fault that ends by itself (`for 10s`) is ended by the world, as an event. So it is in the history like any other.
//! * Breakers of the lab are rebuilt when one of their knobs is turned: in production that is a deployment.
//! * [`course`] keeps fault sentences and conditions as text with their place; `shell` brings the two together
//!   ([`shell::setup`], [`shell::check`]), so that a course can be read without a simulator.

pub mod app;
pub mod course;
pub mod engine;
pub mod labs;
pub mod patterns;
#[expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the edge is the one place with a clock, files, threads and an environment"
)]
pub mod shell;
pub mod study;
pub mod ui;

// So that the harness of the screens reads the same in unit tests and in `tests/`.
#[cfg(test)]
extern crate self as halfopen;
