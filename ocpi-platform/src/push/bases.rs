//! Known state of objects at a partner.

use std::collections::BTreeMap;

use ocpi_server_traits::storage::Address;

use super::choose::{Base, Has};

/// Maximum number of objects whose state at the partner is remembered.
const MOST: usize = 10_000;

/// Objects as a partner has them.
#[derive(Debug)]
pub(super) struct Bases {
    /// The partner has everything that changed until then, but for what is known to be otherwise: the store's time in
    /// microseconds.
    clean: i64,
    /// Whether too much is unknown to be kept: then nobody knows of any object that is not kept.
    is_unknown: bool,
    /// `None`: nobody knows.
    known: BTreeMap<Address, Option<Has>>,
}

impl Bases {
    /// A partner that has everything that changed until then.
    pub(super) fn since(clean: i64) -> Self {
        Self { clean, is_unknown: false, known: BTreeMap::new() }
    }

    pub(super) fn clean(&self) -> i64 {
        self.clean
    }

    /// The partner has everything that changed until then.
    pub(super) fn is_clean(&mut self, until: i64) {
        (self.clean, self.is_unknown) = (self.clean.max(until), false);
    }

    /// Returns what the partner has of an object; `None`: nobody knows.
    pub(super) fn base(&self, at: &Address) -> Option<Base> {
        match self.known.get(at) {
            Some(has) => has.map(Base::Exact),
            None => (!self.is_unknown).then_some(Base::AtLeast(self.clean)),
        }
    }

    /// Notes what the partner has of an object; `None`: nobody knows.
    pub(super) fn has(&mut self, at: Address, has: Option<Has>) {
        if self.known.len() >= MOST {
            // What nobody knows has to stay so.
            self.known.retain(|_, has| has.is_none());
            if self.known.len() > MOST / 2 {
                self.known.clear();
                self.is_unknown = true;
            }
        }
        self.known.insert(at, has);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(number: usize) -> Address {
        Address::new("Location", "nl/alf", format!("l{number}"))
    }

    #[test]
    fn what_nobody_knows_is_bounded_and_stays_unknown() {
        let mut bases = Bases::since(7);
        assert_eq!(bases.base(&at(0)), Some(Base::AtLeast(7)));
        for number in 0..3 * MOST {
            bases.has(at(number), None);
            assert!(bases.known.len() <= MOST, "{number}");
        }
        assert!((0..4 * MOST).all(|number| bases.base(&at(number)).is_none()));
        // All of it was sent meanwhile.
        bases.is_clean(9);
        assert_eq!(bases.base(&at(0)), Some(Base::AtLeast(9)));
    }

    #[test]
    fn what_is_known_makes_room() {
        let mut bases = Bases::since(7);
        let has = Has { born: 1, mark: 2, revision: 3 };
        bases.has(at(0), None);
        (1..2 * MOST).for_each(|number| bases.has(at(number), Some(has)));
        assert_eq!((bases.base(&at(0)), bases.base(&at(1))), (None, Some(Base::AtLeast(7))));
        assert!(bases.known.len() <= MOST);
    }
}
