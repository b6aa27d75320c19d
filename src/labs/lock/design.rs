//! The six designs that the lab `lock` compares.

/// How the lock is made.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Design {
    /// One Redis server.
    Redis,
    /// A Redis server with a replica that can take over.
    Replica,
    /// A majority of independent Redis servers.
    Redlock,
    /// One Redis server, with the watchdog of Redisson or an explicit lease.
    Redisson,
    /// An ephemeral node of `ZooKeeper`.
    Keeper,
    /// A key of etcd with a lease.
    Etcd,
}

impl Design {
    /// All of them, in the order of the course.
    pub const ALL: [Self; 6] =
        [Self::Redis, Self::Replica, Self::Redlock, Self::Redisson, Self::Keeper, Self::Etcd];

    /// Its word in the knob `design`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Redis => "redis",
            Self::Replica => "redis-replica",
            Self::Redlock => "redlock",
            Self::Redisson => "redisson",
            Self::Keeper => "zookeeper",
            Self::Etcd => "etcd",
        }
    }

    /// The readings of this design when all run: holder, holders, overlap, lost updates, rejected, outage, messages, acquired,
    /// token.
    pub const fn readings(self) -> [&'static str; 9] {
        macro_rules! names {
            ($design:literal) => {
                [
                    concat!($design, "_holder"),
                    concat!($design, "_holders"),
                    concat!($design, "_overlap_s"),
                    concat!($design, "_lost_updates"),
                    concat!($design, "_rejected"),
                    concat!($design, "_outage_s"),
                    concat!($design, "_messages"),
                    concat!($design, "_acquired"),
                    concat!($design, "_token"),
                ]
            };
        }
        match self {
            Self::Redis => names!("redis"),
            Self::Replica => names!("redis_replica"),
            Self::Redlock => names!("redlock"),
            Self::Redisson => names!("redisson"),
            Self::Keeper => names!("zookeeper"),
            Self::Etcd => names!("etcd"),
        }
    }

    /// Whether a server of it is Redis.
    pub const fn is_redis(self) -> bool {
        matches!(self, Self::Redis | Self::Replica | Self::Redlock | Self::Redisson)
    }

    /// The names of its servers.
    pub fn servers(self, redlock: u8) -> Vec<(String, &'static str)> {
        match self {
            Self::Redis | Self::Redisson => vec![("redis".into(), "server")],
            Self::Replica => vec![("redis".into(), "master"), ("replica".into(), "master")],
            Self::Redlock => (1..=redlock).map(|n| (format!("S{n}"), "server")).collect(),
            Self::Keeper => vec![("zk".into(), "server")],
            Self::Etcd => vec![("etcd".into(), "server")],
        }
    }
}
