//! The presets of the lab `lock`: teaching situations and real systems.

use crate::labs::lab::Preset;

pub(super) static PRESETS: [Preset; 20] = [
    Preset::situation("all", "Six designs side by side, three clients each, the same faults.", &[]),
    Preset::situation(
        "all-fenced",
        "Six designs side by side, over a store that checks tokens.",
        &[("fencing", "on")],
    ),
    Preset::situation(
        "no-ttl",
        "One Redis, a lock without expiry: crash the holder.",
        &[("design", "redis"), ("ttl", "0")],
    ),
    Preset::situation("ttl", "One Redis, a TTL of 5 s, not renewed.", &[("design", "redis")]),
    Preset::situation(
        "long-ttl",
        "One Redis, a TTL of a minute: safer under a pause, and a long outage after a crash.",
        &[("design", "redis"), ("ttl", "60s")],
    ),
    Preset::situation(
        "renew",
        "One Redis, a TTL of 5 s that is renewed each third of it, work of 8 s.",
        &[("design", "redis"), ("renew", "1666ms"), ("work", "8s")],
    ),
    Preset::situation(
        "del",
        "One Redis, released by a plain DEL, with work that is often longer than the TTL.",
        &[("design", "redis"), ("release", "del"), ("ttl", "2s"), ("work", "2s"), ("think", "500ms")],
    ),
    Preset::situation(
        "pause",
        "One Redis, a TTL of 5 s, work of 4 s: each client stops once in its work, for 1 s on average.",
        &[("design", "redis"), ("work", "4s"), ("spread", "0%"), ("pauses", "1s")],
    ),
    Preset::situation(
        "fenced",
        "One Redis and long pauses, over a store that checks tokens: once a newer one has written, a late write is refused.",
        &[("design", "redis"), ("pauses", "8s"), ("fencing", "on")],
    ),
    Preset::situation(
        "failover",
        "A master and a replica that is 5 s behind: fail over while somebody holds the lock.",
        &[("design", "redis-replica"), ("lag", "5s"), ("ttl", "30s"), ("work", "4s")],
    ),
    Preset::situation(
        "step-3",
        "Redlock with a TTL of 80 ms: two silent servers use it up.",
        &[("design", "redlock"), ("ttl", "80ms"), ("work", "20ms"), ("think", "200ms")],
    ),
    Preset::situation(
        "herd",
        "ZooKeeper with 21 clients that all watch everything.",
        &[("design", "zookeeper"), ("clients", "21"), ("watch", "all"), ("work", "50ms"), ("think", "30s")],
    ),
    Preset::system(
        "redis",
        "Redis as its documentation has it: SET NX PX 30000, a random value, released by script.",
        "redis-doc @ 10442244, Distributed Locks with Redis",
        &[("design", "redis"), ("ttl", "30s")],
    ),
    Preset::system(
        "redis-replica",
        "Redis with a replica and Sentinel, which waits 30 s before it fails over.",
        "redis-doc @ 10442244; Sentinel, down-after-milliseconds",
        &[("design", "redis-replica"), ("ttl", "30s"), ("lag", "10ms"), ("sentinel", "30s")],
    ),
    Preset::system(
        "redlock",
        "Redlock on five servers: TTL 10 s, 50 ms for a server, drift 1 % + 2 ms.",
        "redis-doc @ 10442244; antirez/redlock-rb @ 2af803d8",
        &[("design", "redlock"), ("ttl", "10s")],
    ),
    Preset::system(
        "redisson",
        "Redisson without a lease time: 30 s, renewed every 10 s by a watchdog.",
        "redisson/redisson @ 66863978, after 4.7.0",
        &[("design", "redisson")],
    ),
    Preset::system(
        "redisson-lease",
        "Redisson's tryLock(10, 30, SECONDS): waits 10 s, a lease of 30 s that nothing renews.",
        "redisson/redisson @ 66863978, after 4.7.0",
        &[("design", "redisson"), ("wait", "10s"), ("lease", "30s"), ("work", "25s"), ("spread", "40%")],
    ),
    Preset::system(
        "zookeeper",
        "ZooKeeper with a client of kazoo: session 4 s, tick 2 s, each watches the node before its own.",
        "ZooKeeper 3.8.0; kazoo 2.11.0",
        &[("design", "zookeeper")],
    ),
    Preset::system(
        "zookeeper-fast",
        "The same with ticks of 200 ms.",
        "ZooKeeper 3.8.0; kazoo 2.11.0",
        &[("design", "zookeeper"), ("tick", "200ms")],
    ),
    Preset::system(
        "etcd",
        "etcd with its client's defaults: a session of 60 s, the create revision as the token.",
        "etcd-io/etcd @ c34dc7ee, client/v3/concurrency",
        &[("design", "etcd"), ("etcd_ttl", "60s")],
    ),
];
