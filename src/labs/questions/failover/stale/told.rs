//! What the question about stale reads says of each belief, and of the answer.

use super::super::cluster::name;
use super::{Case, LEASE, Outcome, Reads, TIMEOUT};

pub(super) const LEADER_IS_FRESH: &str = "failover-leader-reads-are-fresh";
pub(super) const WRITES_ARE_SEEN: &str = "failover-quorum-writes-fresh-reads";
pub(super) const LEASE_COVERS: &str = "raft-lease-covers-until-elected";
pub(super) const CUT_OFF_IS_STALE: &str = "raft-cut-off-is-stale";
pub(super) const STALE_FROM_ELECTION: &str = "raft-stale-from-the-election";
pub(super) const LATE_IS_STALE: &str = "raft-late-answer-is-stale";
pub(super) const FOLLOWERS_ARE_STALE: &str = "raft-followers-are-stale";
pub(super) const ANSWERS_ON: &str = "raft-cut-off-leader-answers-on";

/// Why a belief is wrong about this read.
pub(super) fn refuted(case: &Case, client: usize, id: &str) -> Option<String> {
    let read = case.read(client)?;
    let (it, on) = (format!("Client {client}"), name(read.server));
    let (old, new) = (name(case.old), name(case.new));
    let fate = fate(case, client)?;
    Some(match id {
        LEADER_IS_FRESH => format!("{old} does not know that {new} leads a later term. {fate}"),
        LEASE_COVERS => format!(
            "A lease knows nothing of elections: it lasts for {LEASE} ms of {old}'s own clock, and {new} was elected before they \
             were over. {fate}"
        ),
        WRITES_ARE_SEEN => {
            format!("That a majority stores a write does not mean that {on} knows it to be committed. {fate}")
        }
        FOLLOWERS_ARE_STALE => format!("{on} has heard by then that the write is committed. {fate}"),
        ANSWERS_ON => format!("{old} does not answer alone any more. {fate}"),
        LATE_IS_STALE => {
            format!("{it} asked before the write was acknowledged, so either value is right. {fate}")
        }
        _ if !case.is_after(read) => format!(
            "{it} asked at {} ms, and x = 2 was acknowledged at {} ms: until then 1 is a right answer.",
            read.at, case.acknowledged
        ),
        _ => format!("To be cut off is not to answer. {fate}"),
    })
}

/// What became of a read, in words.
pub(super) fn fate(case: &Case, client: usize) -> Option<String> {
    let read = case.read(client)?;
    let (on, Outcome { answer, .. }) = (name(read.server), read.outcome);
    Some(match answer {
        None => format!("Client {client}, at {} ms on {on}, gets no answer.", read.at),
        Some((at, index)) => {
            let value = if index < case.index { 1 } else { 2 };
            format!("Client {client}, at {} ms on {on}, gets {value} at {at} ms.", read.at)
        }
    })
}

pub(super) fn set(clients: &[usize]) -> String {
    match clients {
        [] => "No client".to_owned(),
        [one] => format!("Only client {one}"),
        [most @ .., last] => {
            let most: Vec<String> = most.iter().map(ToString::to_string).collect();
            format!("Clients {} and {last}", most.join(", "))
        }
    }
}

pub(super) fn because(case: &Case, stale: &[usize]) -> String {
    let (old, new, done) = (name(case.old), name(case.new), case.acknowledged);
    let rule = match case.reads {
        Reads::Local => format!(
            "Stale is who is asked after {done} ms and does not know of the write: {old}'s side never hears of it, and the \
             followers of {new} at {} ms.",
            case.learned()
        ),
        Reads::Index => format!(
            "{old} cannot get a majority to confirm it, so it gives no answer at all, and {new} gives what is committed: no read \
             that is asked after {done} ms returns 1."
        ),
        Reads::Lease => format!(
            "The lease of {old} is over {LEASE} ms of its clock after {} ms: at {} ms. x = 2 was acknowledged at {done} ms.",
            case.beat,
            case.stops()
        ),
        Reads::CheckQuorum => format!(
            "At {TIMEOUT} ms {old} finds answers from before the cut and goes on; at {} ms it finds none and steps down. x = 2 \
             was acknowledged at {done} ms.",
            2 * TIMEOUT
        ),
    };
    let fates: Vec<String> = stale.iter().filter_map(|&client| fate(case, client)).collect();
    if fates.is_empty() { rule } else { format!("{rule} {}", fates.join(" ")) }
}
