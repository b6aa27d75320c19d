//! A lock on one Redis server: `SET key value NX PX ttl`, and a release that looks whose it is.
//!
//! The pattern is that of redis.io/docs, "Distributed Locks with Redis" (redis/redis-doc @ 10442244, "Correct
//! implementation with a single instance"). [`Redis`] is a server as far as locks need one; [`Lock`] is a client.
//! What was recorded of Redis 7.0.15 holds here: a lock never ends before its time has passed since the *send*, and up
//! to one tick of a millisecond after it, as seen by somebody who asks without pause.
//!
//! ```
//! use halfopen::engine::{random::Random, time::{Span, Time}};
//! use halfopen::patterns::lock::redis::{Lock, Output, Persistence, Redis, Settings, Step};
//!
//! let luck = Random::new(7).stream("lock");
//! let (mut server, mut out) = (Redis::new(Persistence::Nothing, Time::ZERO), Output::default());
//! let mut holder = Lock::new(Settings::with_ttl(Span::from_millis(800)));
//! let now = Time::from_millis(5);
//! let Step::Send(call) = holder.acquire(now, luck.draw(0, 0)) else { panic!() };
//! let reply = server.execute(now, &call.command, &mut out);
//! assert_eq!(holder.answer(now, call.ask, reply), Step::Acquired);
//! assert_eq!(holder.until(), Some(Time::from_millis(805)));
//! ```

mod client;
mod command;
mod server;

pub use self::client::{Ask, Call, Flaw, Lock, Settings, Step};
pub use self::command::{Command, Effect, Entry, Key, Output, Owner, Reply, Stored, Value};
pub use self::server::{Outage, Persistence, Redis, Role};
