//! Faults: how they begin, what they leave behind when they end.

use super::{Event, Fact, Storm};
use crate::engine::random::Draw;
use crate::engine::world::Context;
use crate::labs::fault::{Fault, Verb};
use crate::labs::faults::ToldFault;

impl Storm {
    pub(super) fn begin(&mut self, fault: &Fault, cx: &mut Context<'_, Self>) -> Result<(), String> {
        match fault.verb {
            Verb::Heal => return self.heal(&fault.target, cx),
            Verb::Restart => {
                self.restart(fault, cx);
                return Ok(());
            }
            Verb::Crash if self.server.down => return Err("The server is down already.".into()),
            Verb::Drain if self.server.queue.is_empty() => return Err("Nothing waits in the queue.".into()),
            _ => {}
        }
        let number = self.told.len() as u32;
        let told = cx.report(Fact::Began(number));
        self.told.push(ToldFault { fault: fault.clone(), began: cx.now(), number: told });
        self.health.blamed = Some(told);
        if fault.verb == Verb::Drain {
            // Done in an instant: nothing goes on that could end.
            self.drain(cx.now());
            self.serve(cx);
            return Ok(());
        }
        let rate = self.rate();
        self.faults.add(fault);
        self.retime_arrival(rate, cx);
        self.health.disturbed(is_disturbing(fault));
        self.errors_left = if fault.verb == Verb::Error { fault.first } else { self.errors_left };
        if fault.verb == Verb::Crash {
            self.server.down = true;
            self.lose_all(cx);
        }
        if let Some(lasts) = fault.lasts {
            cx.after(lasts, Event::Over(number));
        }
        self.check(cx);
        Ok(())
    }

    fn restart(&mut self, fault: &Fault, cx: &mut Context<'_, Self>) {
        if self.server.down {
            return self.end_faults(|fault| fault.verb == Verb::Crash, cx);
        }
        // A restart of a server that runs: it loses what it holds, and is cold.
        let number = self.told.len() as u32;
        let told = cx.report(Fact::Began(number));
        self.told.push(ToldFault { fault: fault.clone(), began: cx.now(), number: told });
        self.health.blamed = Some(told);
        self.lose_all(cx);
        self.server.restarted = Some(cx.now());
        self.health.ended(cx.now());
        self.check(cx);
    }

    fn heal(&mut self, target: &str, cx: &mut Context<'_, Self>) -> Result<(), String> {
        let of_target = |fault: &Fault| target == "all" || fault.target == target;
        if !self.faults.iter().any(of_target) {
            return Err("Nothing is broken, so nothing can be healed.".into());
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

    /// Ends the faults for which `which` holds, and lets the server go on.
    fn end_faults(&mut self, which: impl Fn(&Fault) -> bool, cx: &mut Context<'_, Self>) {
        let ending: Vec<Fault> = self.faults.iter().filter(|fault| which(fault)).cloned().collect();
        let rate = self.rate();
        self.faults.remove(&which);
        self.retime_arrival(rate, cx);
        for fault in &ending {
            if let Some(number) = self.told.iter().rposition(|told| told.fault == *fault) {
                let over = cx.report_because(Some(self.told[number].number), Fact::Over(number as u32));
                self.health.blamed = Some(over);
            }
            match fault.verb {
                Verb::Crash => {
                    self.server.down = false;
                    self.server.restarted = Some(cx.now());
                }
                Verb::Hang => self.lose_hanging(cx),
                _ => {}
            }
        }
        if !ending.is_empty() && !self.faults.iter().any(is_disturbing) {
            self.health.ended(cx.now());
        }
        self.serve(cx);
        self.check(cx);
    }

    /// Whether a fault makes the server fail an attempt with this luck.
    pub(super) fn fails_by_fault(&mut self, draw: Draw, cx: &mut Context<'_, Self>) -> bool {
        let Some(fault) = self.faults.iter().find(|fault| fault.verb == Verb::Error) else { return false };
        match &mut self.errors_left {
            None => draw.chance(fault.share),
            Some(left) => {
                *left = left.saturating_sub(1);
                if *left == 0 {
                    self.end_faults(|fault| fault.verb == Verb::Error, cx);
                }
                true
            }
        }
    }
}

/// Whether it makes things worse; shedding load is a cure.
fn is_disturbing(fault: &Fault) -> bool {
    fault.verb != Verb::Shed
}
