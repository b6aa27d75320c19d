//! The faults that are on in a world, and those that it has told of.

use super::fault::{Fault, Verb};
use crate::engine::time::Time;

/// A fault that was done, for a world that tells of it later.
#[derive(Clone, Debug)]
pub struct ToldFault {
    /// What was done.
    pub fault: Fault,
    /// When.
    pub began: Time,
    /// The number of the fact that it began.
    pub number: u64,
}

/// Bytes that a copy of these takes.
pub fn told_bytes(told: &[ToldFault]) -> usize {
    told.iter().map(|told| size_of::<ToldFault>() + told.fault.target.len()).sum()
}

/// The faults that are on, for a world that keeps them: looked up by what they do and where.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    on: Vec<Fault>,
}

impl Faults {
    /// Turns `fault` on, in place of one of the same kind on the same target.
    pub fn add(&mut self, fault: &Fault) {
        self.on.retain(|f| !(f.verb == fault.verb && f.target == fault.target));
        self.on.push(fault.clone());
    }

    /// Turns off every fault for which `which` holds; true if there was one.
    pub fn remove(&mut self, which: impl Fn(&Fault) -> bool) -> bool {
        let before = self.on.len();
        self.on.retain(|fault| !which(fault));
        self.on.len() < before
    }

    /// Bytes that a copy holds outside of itself.
    pub fn bytes(&self) -> usize {
        self.on.iter().map(|fault| size_of::<Fault>() + fault.target.len()).sum()
    }

    /// Whether one of this kind is on.
    pub fn has(&self, verb: Verb) -> bool {
        self.on.iter().any(|fault| fault.verb == verb)
    }

    /// The product of the factors of those of this kind.
    pub fn factor(&self, verb: Verb) -> f64 {
        self.on.iter().filter(|fault| fault.verb == verb).map(|fault| fault.factor).product()
    }

    /// The faults that are on, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.on.iter()
    }
}
