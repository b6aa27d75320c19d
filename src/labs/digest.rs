//! A digest of everything that a run shows: equal digests mean that two runs cannot be told apart.

use super::lab::Lab;
use super::reading::Value;

/// Hashes every sample, every occurrence and every invariant (FNV-1a, 64 bits), the same on every platform.
pub fn digest(lab: &dyn Lab) -> u64 {
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    hash.number(lab.now().nanos());
    hash.number(lab.events());
    for second in 0..lab.seconds() {
        for index in 0..lab.spec().readings.len() {
            hash.value(lab.sampled(index, second));
        }
    }
    for index in 0..lab.spec().readings.len() {
        hash.value(lab.reading(index));
    }
    for occurrence in (0..lab.fact_count()).filter_map(|i| lab.occurrence(i)) {
        hash.number(occurrence.at.nanos());
        hash.number(occurrence.number);
        hash.text(&occurrence.told.sentence);
    }
    for broken in lab.invariants().into_iter().filter_map(|standing| standing.broken) {
        hash.number(broken.at.nanos());
        hash.text(&broken.facts);
    }
    hash.0
}

struct Fnv(u64);

impl Fnv {
    fn text(&mut self, text: &str) {
        for byte in text.bytes().chain([0]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn number(&mut self, number: u64) {
        for byte in number.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn value(&mut self, value: Value) {
        match value {
            Value::None => self.number(u64::MAX),
            Value::Number(x) => self.number(x.to_bits()),
            Value::Word(word) => self.text(word),
        }
    }
}
