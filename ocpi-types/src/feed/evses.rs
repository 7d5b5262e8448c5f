//! EVSEs, each of which belongs to one Location, and Connectors.

use std::collections::BTreeMap;

use super::collected::{Collected, EvseFacts};
use super::findings::Told;
use super::id::{Hashed, Id, folded, hashed};
use super::place::{At, Spot};
use crate::Rule;

#[derive(Debug, Default)]
pub(super) struct Evses {
    /// EVSEs by a hash of the version, of the kind of id, and of the id.
    by_id: BTreeMap<Hashed, Seen>,
    /// Location and EVSE; Location, EVSE and Connector. Sorted by [`Evses::sort`].
    all: Vec<Hashed>,
}

#[derive(Clone, Copy, Debug, Hash)]
enum IdOf {
    Uid,
    EvseId,
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    location: Hashed,
    at: At,
    spot: Spot,
}

impl Evses {
    pub(super) fn add(&mut self, object: &Collected<'_>, at: At, told: &mut Vec<Told>) {
        let Some(location) = object.id.filter(|_| !object.evses.is_empty()) else { return };
        for evse in &object.evses {
            if let Some(uid) = evse.uid {
                let evse_key = evse_key(&location, uid);
                self.all.push(evse_key);
                self.all.extend(evse.connectors.iter().map(|connector| connector_key(evse_key, connector)));
            }
            // An EVSE that is removed may stand elsewhere now.
            if !evse.is_removed {
                self.place(object, &location, evse, at, told);
            }
        }
    }

    /// Notes where an EVSE stands, and tells if it stands in another Location as well.
    fn place(
        &mut self,
        object: &Collected<'_>,
        location: &Id,
        evse: &EvseFacts<'_>,
        at: At,
        told: &mut Vec<Told>,
    ) {
        let home = hashed(&(location.owner, location.folded));
        let uid = evse.uid.map(|uid| {
            let text = if location.by_case { hashed(uid) } else { folded(uid) };
            let spot = Spot::within("/evses/*/uid", &[evse.index]);
            (IdOf::Uid, hashed(&(location.owner, text)), spot, uid)
        });
        let evse_id = evse.evse_id.map(|evse_id| {
            let spot = Spot::within("/evses/*/evse_id", &[evse.index]);
            (IdOf::EvseId, folded(evse_id), spot, evse_id)
        });
        let mut elsewhere = None;
        for (of, key, spot, id) in uid.into_iter().chain(evse_id) {
            let seen = *self.by_id.entry(hashed(&(object.version, of, key))).or_insert(Seen {
                location: home,
                at,
                spot,
            });
            if seen.location != home && elsewhere.is_none() {
                elsewhere = Some((spot, id, seen));
            }
        }
        // One EVSE is one finding, if both of its ids are the same.
        if let Some((spot, id, seen)) = elsewhere {
            let text = format!("another Location has the EVSE {id}");
            told.push(Told::of(Rule::FeedEvseTwice, at, spot).saying(text).with(seen.at, seen.spot));
        }
    }

    /// Must be called before EVSEs are looked for.
    pub(super) fn sort(&mut self) {
        self.all.sort_unstable();
    }

    fn is_known(&self, key: Hashed) -> bool {
        self.all.binary_search(&key).is_ok()
    }

    pub(super) fn has_evse(&self, location: &Id, uid: &str) -> bool {
        self.is_known(evse_key(location, uid))
    }

    pub(super) fn has_connector(&self, location: &Id, uid: &str, connector: &str) -> bool {
        self.is_known(connector_key(evse_key(location, uid), connector))
    }
}

fn evse_key(location: &Id, uid: &str) -> Hashed {
    hashed(&(location.owner, location.folded, folded(uid)))
}

fn connector_key(evse: Hashed, connector: &str) -> Hashed {
    hashed(&(evse, folded(connector)))
}
