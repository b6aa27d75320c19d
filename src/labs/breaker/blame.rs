//! Which fault is to blame: the causes that lie in how things stand, not in what happened just before.

use super::calls::shard_number;
use super::{CallEnd, Shop};
use crate::engine::time::Span;
use crate::labs::fault::{Fault, Verb};

impl Shop {
    /// The number of the fact that began the fault which made a call to this shard end so; none if no fault did.
    pub(super) fn blamed(&self, shard: u32, end: CallEnd, took: Span) -> Option<u64> {
        let verbs: &[Verb] = match end {
            CallEnd::Ok if took < self.config.slow_call => &[],
            CallEnd::Ok => &[Verb::Slow],
            CallEnd::Bad => return self.latest(|fault| fault.verb == Verb::Flood),
            CallEnd::Failed => &[Verb::Error, Verb::Flap, Verb::Hang, Verb::Slow],
            CallEnd::Reset => &[Verb::Crash, Verb::Hang],
            CallEnd::TimedOut => &[Verb::Hang, Verb::Slow],
        };
        let hits = |fault: &Fault| fault.target == "payments" || shard_number(&fault.target) == Some(shard);
        let by_traffic = |fault: &Fault| matches!(fault.verb, Verb::Burst | Verb::Flood);
        self.latest(|fault| verbs.contains(&fault.verb) && hits(fault)).or_else(|| {
            // Too many calls: they wait, or are turned away.
            let overloaded = matches!(end, CallEnd::Failed | CallEnd::TimedOut);
            self.latest(by_traffic).filter(|_| overloaded)
        })
    }

    /// The number of the fact that began the fault which keeps threads taken: one that makes calls wait, or else one that
    /// brings more of them, or makes them be tried again.
    pub(super) fn what_holds_callers(&self) -> Option<u64> {
        let any = |verbs: &[Verb]| self.latest(|fault| verbs.contains(&fault.verb));
        let retried = self.config.retries > 0;
        any(&[Verb::Hang, Verb::Slow])
            .or_else(|| any(&[Verb::Burst, Verb::Flood]))
            .or_else(|| any(&[Verb::Error, Verb::Flap, Verb::Crash]).filter(|_| retried))
    }

    /// The number of the fact that began the latest fault of this kind that is on.
    fn latest(&self, which: impl Fn(&Fault) -> bool) -> Option<u64> {
        let on = |fault: &Fault| which(fault) && self.faults.iter().any(|it| it == fault);
        self.told.iter().rev().find(|told| on(&told.fault)).map(|told| told.number)
    }
}
