//! Checks between objects: mistakes that no single object shows.
//!
//! [`check`](fn@crate::check) looks at one object. [`FeedCheck`] takes all objects of a feed one by one, in any order
//! and from any number of files, and reports at the end duplicate ids, dangling references and contradictory values. It
//! keeps ids, places and hashes, not objects.

mod collected;
mod country;
mod evses;
mod facts;
mod findings;
mod id;
mod ids;
mod kind;
mod money;
mod place;
mod references;
mod times;

use std::sync::Arc;

use crate::{Finding, Object, Rule, Version};
use collected::Collected;
use evses::Evses;
use facts::collect;
use findings::Told;
use ids::Ids;
use money::Money;
use place::{At, Files};
use references::References;
use times::Times;

pub use place::FeedPlace;

/// Checks objects that belong together: all Locations of a party with its Tariffs, or CDRs with their Sessions.
///
/// | Mistake | Rule |
/// |---|---|
/// | an object stands twice, alike | `feed.duplicate` |
/// | two different objects have one id | `feed.duplicate_id` |
/// | an EVSE, by `uid` or `evse_id`, stands in two Locations | `feed.evse_twice` |
/// | a reference leads to no object, and objects of its kind are in the feed | `feed.dangling` |
/// | it leads to an object of another party only | `feed.other_owner` |
/// | a price in a currency that is not used where it is charged | `feed.currency` |
/// | all objects of a kind changed at the same moment | `feed.last_updated` |
///
/// The references checked are the tariffs of Connectors, charging periods, Bookings and BookingLocations; the Location,
/// EVSE and Connector of Sessions, CDRs and Bookings; the Session of a CDR; the CDR that a credit CDR reverses; the
/// CDRs of an invoice; the Locations of a Terminal. In 2.1.1, ids are case-sensitive and objects have no owner, unless
/// they name one.
///
/// ```
/// use ocpi_types::feed::FeedCheck;
/// use ocpi_types::{Rule, Version, json, v2_2_1::tariffs::Tariff};
///
/// let tariff: Tariff = json::from_str(r#"{"country_code": "NL", "party_id": "ALF", "id": "DAY", "currency": "EUR",
///     "elements": [{"price_components": [{"type": "ENERGY", "price": 0.45, "step_size": 1}]}],
///     "last_updated": "2026-01-01T00:00:00Z"}"#)?;
/// let mut feed = FeedCheck::new();
/// feed.add(&tariff, Version::V2_2_1, "tariffs.json", Some(0));
/// feed.add(&tariff, Version::V2_2_1, "more.json", Some(7));
/// let findings: Vec<_> = feed.finish().collect();
/// assert_eq!(findings.len(), 1);
/// assert_eq!((&*findings[0].place.file, findings[0].place.item), ("more.json", Some(7)));
/// assert_eq!(findings[0].rule, Rule::FeedDuplicate);
/// assert_eq!(findings[0].other.as_ref().unwrap().file.as_ref(), "tariffs.json");
/// # Ok::<(), json::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct FeedCheck {
    files: Files,
    ids: Ids,
    evses: Evses,
    references: References,
    money: Money,
    times: Times,
    told: Vec<Told>,
    /// Memory to write objects in.
    buffer: Vec<u8>,
    is_incomplete: bool,
}

/// Inconsistency between objects of a feed.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct FeedFinding {
    /// The object, and the place in it.
    pub place: FeedPlace,
    /// The rule.
    pub rule: Rule,
    /// Message for people. It names the other place, and the id of a dangling reference.
    pub message: String,
    /// The other object involved.
    pub other: Option<FeedPlace>,
}

impl FeedCheck {
    /// Creates a check without objects.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an object, with the version it was read as, its file name and its position in the file. Types that do not
    /// belong to a feed are ignored.
    pub fn add<T: Object>(&mut self, object: &T, version: Version, file: &str, item: Option<usize>) {
        let Some(mut collected) = collect(object, version, &mut self.buffer) else { return };
        let at = At { file: self.files.number(file), item: item.and_then(|item| u32::try_from(item).ok()) };
        if let Some(label) = collected.label.take() {
            self.files.name(at, label);
        }
        self.take(&mut collected, at);
    }

    fn take(&mut self, object: &mut Collected<'_>, at: At) {
        match self.ids.add(object, at) {
            ids::Added::New => {}
            ids::Added::Alike(first) => {
                // All other findings are the same for both: they are reported once.
                self.told.push(Told::of(Rule::FeedDuplicate, at, object.id_at).with(first, object.id_at));
                return;
            }
            ids::Added::Different(first) => {
                self.told.push(Told::of(Rule::FeedDuplicateId, at, object.id_at).with(first, object.id_at));
                // References to either of them lead somewhere.
                self.evses.add(object, at, &mut self.told);
                self.references.add(object, at);
                return;
            }
        }
        self.evses.add(object, at, &mut self.told);
        self.money.add(object, at, &mut self.told);
        self.times.add(object, at);
        self.references.add(object, at);
    }

    /// Marks the feed as only partly readable, so that dangling references are not reported.
    pub fn is_incomplete(&mut self) {
        self.is_incomplete = true;
    }

    /// Returns the findings, in the order of the files and objects.
    pub fn finish(self) -> impl Iterator<Item = FeedFinding> {
        let Self { files, ids, mut evses, references, money, times, mut told, is_incomplete, .. } = self;
        if !is_incomplete {
            evses.sort();
            references.finish(&ids, &evses, &mut told);
        }
        money.finish(&ids, &mut told);
        times.finish(&mut told);
        told.sort_by(|one, other| one.order().cmp(&other.order()));
        told.into_iter().map(move |told| told.into_finding(&files))
    }
}

impl From<FeedFinding> for Finding {
    fn from(finding: FeedFinding) -> Self {
        let FeedFinding { place, rule, message, .. } = finding;
        Self { message: message.into(), ..Self::new(place.pointer, rule) }
    }
}

/// Names that are given out once each.
fn shared(name: &str) -> Arc<str> {
    Arc::from(name)
}
