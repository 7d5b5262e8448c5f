//! Documents of the platform that are about an object but stored elsewhere.

use std::collections::BTreeSet;

use ocpi_server_traits::storage::{Address, Document};
use ocpi_types::Object;
use ocpi_types::v2_3_0::bookings::Booking;

use super::driver::{Driver, Said};
use crate::changes::{PLACES, SET_ASIDE};
use crate::lines::fields;
use crate::push::{BELLS, DEAD, DELIVERED, LETTERS, words_of};

/// Collections that the change feed does not have, of documents about objects.
pub(super) const SILENT: [&str; 7] = [DOUBTS, SET_ASIDE, PLACES, LETTERS, DELIVERED, DEAD, REQUESTS];

const DOUBTS: &str = "Doubt";
const REQUESTS: &str = "BookingRequest";
/// Collection of the tokens of drivers: the `uid` is in the address.
pub(super) const TOKENS: &str = "Token";

/// Objects of a driver: those that are known, and tokens by their addresses.
pub(super) struct Objects<'a> {
    pub(super) driver: &'a Driver,
    pub(super) known: BTreeSet<Address>,
}

impl Objects<'_> {
    /// Whether an object is the driver's.
    pub(super) fn have(&self, object: &Address) -> bool {
        is_token(self.driver, object) || self.known.contains(object)
    }

    /// Whether a document is about an object of the driver.
    pub(super) fn are_meant(&self, at: &Address, document: Option<&Document>) -> bool {
        object_of(at, document).is_some_and(|object| self.have(&object))
    }
}

/// Whether an address is that of a token of the driver.
pub(super) fn is_token(driver: &Driver, at: &Address) -> bool {
    if at.collection() != TOKENS {
        return false;
    }
    let uid = at.key().split('/').next().unwrap_or_default();
    let uid = uid.replace("%2f", "/").replace("%25", "%");
    driver.is(&Said { uid: Some(&uid), issuer: Some(at.owner().to_owned()), ..Said::default() })
}

/// The object that a document of the platform is about.
fn object_of(at: &Address, document: Option<&Document>) -> Option<Address> {
    let key: Vec<&str> = at.key().split('/').collect();
    let of = |collection: &str, owner: &str, key: &str| Some(Address::new(collection.to_owned(), owner, key));
    match (at.collection(), key.as_slice()) {
        (DOUBTS, _) => {
            let (collection, key) = at.key().split_once(':')?;
            of(collection, at.owner(), key)
        }
        (DEAD | BELLS | DELIVERED, [collection, country, party, key @ .., _]) => {
            of(collection, &format!("{country}/{party}"), &key.join("/"))
        }
        (LETTERS, [collection, key @ .., _, _]) => of(collection, at.owner(), &key.join("/")),
        (SET_ASIDE, _) => {
            let [collection, owner, key]: [String; 3] = fields(at.key()).try_into().ok()?;
            of(&collection, &owner, &key)
        }
        (PLACES, _) => {
            let failing = std::str::from_utf8(&document?.body).ok()?.split('\n').nth(1)?;
            let [_, _, collection, owner, key]: [String; 5] = fields(failing).try_into().ok()?;
            of(&collection, &owner, &key)
        }
        (REQUESTS, _) => {
            let mut lines = std::str::from_utf8(&document?.body).ok()?.split('\n');
            let (owner, id) = (lines.next()?, lines.next()?);
            let id = id.to_ascii_lowercase().replace('%', "%25").replace('/', "%2f");
            of(Booking::INFO.name, owner, &id)
        }
        _ => None,
    }
}

/// Words of a partner that refused an object or a message.
pub(super) fn words(at: &Address, document: &Document) -> Option<String> {
    matches!(at.collection(), LETTERS | DEAD).then(|| words_of(document)).flatten()
}

/// Whether a document is a change that a reactor has set aside, or that fails.
pub(super) fn is_set_aside(at: &Address) -> bool {
    matches!(at.collection(), SET_ASIDE | PLACES)
}

/// The object that a message is about that is not delivered. One that was refused may be mended and sent again.
pub(super) fn waiting_about(at: &Address, document: &Document) -> Option<Address> {
    object_of(at, Some(document)).filter(|_| at.collection() == LETTERS)
}
