//! Faults: how they begin, what they leave behind when they end.

use super::calls::shard_number;
use super::guard::Guards;
use super::payments::{CallKey, CallPlace};
use super::{CallEnd, Event, Fact, Shop, ToldFault, caller_name};
use crate::engine::world::Context;
use crate::labs::fault::{Fault, Verb};

impl Shop {
    pub(super) fn begin(&mut self, fault: &Fault, cx: &mut Context<'_, Self>) -> Result<(), String> {
        match fault.verb {
            Verb::Heal => return self.heal(&fault.target, cx),
            Verb::Restart => return self.restart(&fault.target, cx),
            _ => {}
        }
        let caller = self.caller_number(&fault.target);
        if caller.is_some_and(|caller| self.callers[caller as usize].down) {
            return Err(format!("{} is down already.", fault.target));
        }
        self.faults.add(fault);
        let number = self.told.len() as u32;
        let told = cx.report(Fact::Began(number));
        self.told.push(ToldFault { fault: fault.clone(), began: cx.now(), number: told });
        if let Some(caller) = caller {
            self.callers[caller as usize].down = true;
            self.lose_requests(caller, cx);
        }
        match fault.verb {
            Verb::Crash => self.shards_of(&fault.target).for_each(|shard| self.crash_shard(shard, cx)),
            Verb::Error => self.counted.extend(fault.first.map(|first| (fault.clone(), first))),
            Verb::Flood => self.schedule_bad(cx),
            _ => {}
        }
        if let Some(lasts) = fault.lasts {
            cx.after(lasts, Event::Over(number));
        }
        Ok(())
    }

    fn caller_number(&self, name: &str) -> Option<u32> {
        (0..self.callers.len()).find(|i| caller_name(*i) == name).map(|i| i as u32)
    }

    /// The shards that a target means.
    fn shards_of(&self, target: &str) -> impl Iterator<Item = u32> + use<> {
        let all = 0..self.payments.shards.len() as u32;
        let one = shard_number(target);
        let every = target == "payments" || target == "all";
        all.filter(move |shard| every || one == Some(*shard))
    }

    fn crash_shard(&mut self, number: u32, cx: &mut Context<'_, Self>) {
        let shard = &mut self.payments.shards[number as usize];
        shard.down = true;
        shard.busy = 0;
        shard.queue.clear();
        shard.stuck.clear();
        let lost: Vec<CallKey> =
            self.payments.calls.iter().filter(|(_, call)| call.shard == number).map(|(key, _)| key).collect();
        self.reset_calls(&lost, None, cx);
    }

    /// These calls are gone, because of this fact; who still waits for one is told by a reset connection.
    fn reset_calls(&mut self, lost: &[CallKey], by: Option<u64>, cx: &mut Context<'_, Self>) {
        for key in lost {
            let Some(call) = self.payments.calls.remove(*key) else { continue };
            if self.requests.get(call.request).is_some_and(|request| request.call == Some(*key)) {
                self.call_ended_by(by, call.request, CallEnd::Reset, cx);
            }
        }
    }

    fn restart(&mut self, target: &str, cx: &mut Context<'_, Self>) -> Result<(), String> {
        let down = |fault: &Fault| fault.verb == Verb::Crash && fault.target == target;
        if !self.faults.iter().any(down) {
            return Err(format!("{target} is not down, so it cannot be restarted."));
        }
        self.end_faults(down, cx);
        Ok(())
    }

    fn heal(&mut self, target: &str, cx: &mut Context<'_, Self>) -> Result<(), String> {
        let shards: Vec<u32> = self.shards_of(target).collect();
        let of_target = |fault: &Fault| {
            target == "all"
                || fault.target == target
                || (target == "payments"
                    && shard_number(&fault.target).is_some_and(|shard| shards.contains(&shard)))
        };
        if !self.faults.iter().any(of_target) {
            return Err(format!("Nothing is wrong with {target}, so nothing can be healed."));
        }
        self.end_faults(of_target, cx);
        Ok(())
    }

    pub(super) fn fault_over(&mut self, number: u32, cx: &mut Context<'_, Self>) {
        let Some(fault) = self.told.get(number as usize).map(|told| told.fault.clone()) else { return };
        // It may have been healed and done again since: then a later telling owns the fault that is on.
        let latest = self.told.iter().rposition(|told| told.fault == fault);
        if latest == Some(number as usize) {
            self.end_faults(|on| *on == fault, cx);
        }
    }

    /// Ends this one fault.
    pub(super) fn end_fault(&mut self, fault: &Fault, cx: &mut Context<'_, Self>) {
        self.end_faults(|on| on == fault, cx);
    }

    /// Ends the faults for which `which` holds, and lets the parts that are whole again go on.
    fn end_faults(&mut self, which: impl Fn(&Fault) -> bool, cx: &mut Context<'_, Self>) {
        let ending: Vec<Fault> = self.faults.iter().filter(|fault| which(fault)).cloned().collect();
        self.faults.remove(&which);
        let mut over = None;
        for fault in &ending {
            if let Some(number) = self.told.iter().rposition(|told| told.fault == *fault) {
                over = Some(cx.report_because(Some(self.told[number].number), Fact::Over(number as u32)));
            }
            self.counted.retain(|(counted, _)| counted != fault);
            if let Some(caller) = self.caller_number(&fault.target) {
                self.callers[caller as usize].down = false;
                self.renew_breakers(caller, cx);
            }
        }
        for shard in 0..self.payments.shards.len() as u32 {
            self.recover(shard, over, cx);
        }
    }

    /// A caller that starts again has forgotten what its breakers knew.
    fn renew_breakers(&mut self, caller: u32, cx: &mut Context<'_, Self>) {
        let fresh = Guards::build(&self.config, &self.knobs, self.streams.jitter, cx.now());
        for (number, guard) in fresh.list.into_iter().enumerate() {
            let owned = (0..self.config.shards).any(|s| self.config.breaker_of(caller as usize, s) == number);
            if owned && self.config.breakers() > 1 {
                self.guards.list[number] = guard;
            }
        }
        self.set_breaker_timers(cx);
    }

    /// A shard that no longer hangs, because of this fact, resets what it had taken and goes on with what waits.
    fn recover(&mut self, number: u32, over: Option<u64>, cx: &mut Context<'_, Self>) {
        let crashed = self.is(Verb::Crash, number);
        let hangs = self.is(Verb::Hang, number);
        self.payments.shards[number as usize].down = crashed;
        if crashed || hangs {
            return;
        }
        let stuck = std::mem::take(&mut self.payments.shards[number as usize].stuck);
        debug_assert!(
            stuck.iter().all(|key| {
                self.payments.calls.get(*key).is_none_or(|call| call.place == CallPlace::Stuck)
            })
        );
        self.reset_calls(&stuck, over, cx);
        self.serve(number, cx);
    }
}
