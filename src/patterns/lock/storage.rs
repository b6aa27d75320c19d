//! The resource that a lock is to protect: the only place where a write that comes too late can still be stopped.
//!
//! [`Fencing::Checked`] refuses a token lower than the highest that it has seen, as in Kleppmann, "How to do distributed
//! locking" (2016-02-08): 33 comes after 34 and is turned away. A holder may write many times, so an equal token passes; so
//! says `RFencedLock` of Redisson ("greater or equal"). The check and the write are one action here; a client that asks
//! for the highest token and then writes has the old hole again.
//!
//! [`Store::compare_and_set`] needs no token: it refuses a write that is based on an older version than the present one.

use super::{Client, Token};

/// Whether the store looks at tokens.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Fencing {
    /// Takes every write.
    Ignored,
    /// Refuses a token that is lower than the highest seen, and a write without any.
    Checked,
}

/// Which write it was: they are numbered from 1, and 0 is what was there at first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Version(pub u64);

/// Why a write was refused.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, thiserror::Error)]
pub enum Refused {
    /// Somebody with a higher token has written.
    #[error("token {} is lower than {}, which has written already", given.0, highest.0)]
    Stale {
        /// The token of the write.
        given: Token,
        /// The highest that was seen.
        highest: Token,
    },
    /// The store wants a token.
    #[error("a write needs a token here")]
    NoToken,
    /// Somebody has written since this client has read.
    #[error("based on version {}, but version {} is there", based_on.0, present.0)]
    Changed {
        /// What the write is based on.
        based_on: Version,
        /// What is there.
        present: Version,
    },
}

/// One value, with the number of the write that made it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Store {
    fencing: Fencing,
    value: u64,
    version: Version,
    writer: Option<Client>,
    highest: Option<Token>,
    refused: u64,
}

impl Store {
    /// A store that holds 0 and was never written to.
    pub const fn new(fencing: Fencing) -> Self {
        Self { fencing, value: 0, version: Version(0), writer: None, highest: None, refused: 0 }
    }

    /// The value and its version.
    pub const fn read(&self) -> (u64, Version) {
        (self.value, self.version)
    }

    /// Writes `value`. With a token that is as high as any before, or whatever the token if the store does not look.
    pub fn write(&mut self, by: Client, value: u64, token: Option<Token>) -> Result<Version, Refused> {
        if self.fencing == Fencing::Checked {
            let refusal = match (token, self.highest) {
                (None, _) => Some(Refused::NoToken),
                (Some(given), Some(highest)) if given < highest => Some(Refused::Stale { given, highest }),
                _ => None,
            };
            if let Some(refusal) = refusal {
                return self.refuse(refusal);
            }
        }
        // Kept by the store that does not look as well: a screen shows what it would have caught.
        self.highest = self.highest.max(token);
        Ok(self.put(by, value))
    }

    /// Writes `value` if `based_on` is still the present version.
    pub fn compare_and_set(&mut self, by: Client, value: u64, based_on: Version) -> Result<Version, Refused> {
        if based_on != self.version {
            return self.refuse(Refused::Changed { based_on, present: self.version });
        }
        Ok(self.put(by, value))
    }

    fn put(&mut self, by: Client, value: u64) -> Version {
        self.value = value;
        self.writer = Some(by);
        self.version.0 += 1;
        self.version
    }

    fn refuse(&mut self, why: Refused) -> Result<Version, Refused> {
        self.refused += 1;
        Err(why)
    }

    /// Whether it looks at tokens.
    pub const fn fencing(&self) -> Fencing {
        self.fencing
    }

    /// Who wrote last.
    pub const fn writer(&self) -> Option<Client> {
        self.writer
    }

    /// The highest token seen.
    pub const fn highest(&self) -> Option<Token> {
        self.highest
    }

    /// How many writes were refused.
    pub const fn refused(&self) -> u64 {
        self.refused
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Client = Client(0);
    const B: Client = Client(1);

    #[test]
    fn a_lower_token_is_refused_where_it_is_looked_at() {
        for (fencing, late) in [
            (Fencing::Checked, Err(Refused::Stale { given: Token(33), highest: Token(34) })),
            (Fencing::Ignored, Ok(Version(3))),
        ] {
            let mut store = Store::new(fencing);
            assert_eq!(store.write(B, 1, Some(Token(34))), Ok(Version(1)));
            assert_eq!(store.write(B, 2, Some(Token(34))), Ok(Version(2)), "a holder may write again");
            assert_eq!(store.write(A, 9, Some(Token(33))), late);
            assert_eq!(store.refused(), u64::from(late.is_err()));
            assert_eq!(store.read().0, if late.is_err() { 2 } else { 9 });
            assert_eq!(store.highest(), Some(Token(34)));
        }
    }

    #[test]
    fn without_a_token_nothing_is_written_where_it_is_looked_at() {
        assert_eq!(Store::new(Fencing::Checked).write(A, 1, None), Err(Refused::NoToken));
        assert_eq!(Store::new(Fencing::Ignored).write(A, 1, None), Ok(Version(1)));
    }

    #[test]
    fn compare_and_set_refuses_what_is_based_on_an_older_version() {
        let mut store = Store::new(Fencing::Ignored);
        let (_, seen) = store.read();
        assert_eq!(store.compare_and_set(B, 1, seen), Ok(Version(1)));
        let late = store.compare_and_set(A, 1, seen);
        assert_eq!(late, Err(Refused::Changed { based_on: Version(0), present: Version(1) }));
        assert_eq!((store.read(), store.writer(), store.refused()), ((1, Version(1)), Some(B), 1));
    }
}
