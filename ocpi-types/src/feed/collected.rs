//! Facts of an object that are compared with other objects.

use ecow::EcoString;
use smallvec::SmallVec;

use super::country::Country;
use super::id::{Hashed, Id};
use super::kind::FeedKind;
use super::place::Spot;
use crate::{DateTime, Version};

/// Facts of an object that matter beside other objects.
#[derive(Debug)]
pub(super) struct Collected<'a> {
    pub(super) kind: FeedKind,
    pub(super) version: Version,
    /// `None`: it has none, or a blank one.
    pub(super) id: Option<Id>,
    pub(super) id_at: Spot,
    /// The id, if people may see it.
    pub(super) label: Option<Box<str>>,
    /// Hash of the whole object, as JSON.
    pub(super) content: Hashed,
    /// Country in which it is, or is used.
    pub(super) country: Option<Country>,
    pub(super) currency: Option<Country>,
    pub(super) last_updated: Option<DateTime>,
    pub(super) evses: Vec<EvseFacts<'a>>,
    pub(super) references: Vec<Reference>,
    /// Whether it is a CDR that takes none back.
    pub(super) is_plain_cdr: bool,
}

/// An EVSE of a Location.
#[derive(Debug)]
pub(super) struct EvseFacts<'a> {
    pub(super) index: usize,
    /// Its uid, if it has one.
    pub(super) uid: Option<&'a str>,
    pub(super) evse_id: Option<&'a str>,
    pub(super) is_removed: bool,
    pub(super) connectors: SmallVec<[&'a str; 4]>,
}

/// A reference, as an object states it.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    pub(super) to: FeedKind,
    pub(super) id: Id,
    pub(super) text: EcoString,
    pub(super) spot: Spot,
    /// EVSE and Connector, for a reference to a Location.
    pub(super) inside: Option<Box<Inside>>,
    /// Whether the object itself holds objects of the kind: then the reference can lead nowhere without others in the
    /// feed.
    pub(super) is_certain: bool,
}

/// An EVSE and a Connector in a Location that is referred to.
#[derive(Clone, Debug)]
pub(super) struct Inside {
    pub(super) evse: Box<str>,
    pub(super) evse_at: Spot,
    pub(super) connector: Option<(Box<str>, Spot)>,
}
