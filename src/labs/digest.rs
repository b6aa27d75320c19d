//! A digest of what a run did: equal digests mean that two runs behaved the same.

use super::lab::Lab;
use super::reading::Value;

/// Hashes every sample, the readings now, how much happened and which invariants broke when (FNV-1a, 64 bits), the same
/// on every platform. Words are left out: a sentence may be put better without making it another run.
pub fn digest(lab: &dyn Lab) -> u64 {
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    hash.number(lab.now().nanos());
    hash.number(lab.events());
    hash.number(lab.reported());
    for second in 0..lab.seconds() {
        for index in 0..lab.spec().readings.len() {
            hash.value(lab.sampled(index, second));
        }
    }
    for index in 0..lab.spec().readings.len() {
        hash.value(lab.reading(index));
    }
    for (number, standing) in lab.invariants().iter().enumerate() {
        if let Some(broken) = standing.broken {
            hash.number(number as u64);
            hash.number(broken.at.nanos());
        }
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
