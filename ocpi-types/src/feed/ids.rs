//! Objects of the feed, by kind, owner and id.

use std::collections::BTreeMap;

use smallvec::SmallVec;

use super::collected::Collected;
use super::id::{Hashed, Id};
use super::kind::FeedKind;
use super::place::At;
use crate::Version;

#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) id: Id,
    pub(super) at: At,
    pub(super) version: Version,
    content: Hashed,
}

#[derive(Debug, Default)]
pub(super) struct Ids {
    known: BTreeMap<(FeedKind, Hashed), SmallVec<[Known; 1]>>,
    /// Number of objects of each kind.
    counts: BTreeMap<FeedKind, usize>,
}

/// Relation of an added object to those that were there.
#[derive(Clone, Copy, Debug)]
pub(super) enum Added {
    New,
    /// It stands elsewhere, and says the same there.
    Alike(At),
    /// It stands elsewhere, and says something else there.
    Different(At),
}

/// Target of a reference.
#[derive(Clone, Copy, Debug)]
pub(super) enum Leads<'a> {
    To(&'a Known),
    /// Only another party has an object of this id.
    ToAnother(&'a Known),
    /// Only an object whose id is written in another case is there.
    ToOtherCase(&'a Known),
    Nowhere,
}

impl Ids {
    pub(super) fn add(&mut self, object: &Collected<'_>, at: At) -> Added {
        let Some(id) = object.id else { return Added::New };
        let known = self.known.entry((object.kind, id.folded)).or_default();
        let same = |known: &&Known| known.id.is_text_of(&id) && known.id.may_have_owner_of(&id);
        // The same object in two versions of OCPI is none that stands twice, unless nothing tells the versions apart.
        let of_version = known.iter().filter(same).find(|known| known.version == object.version);
        let alike = known.iter().filter(same).find(|known| known.content == object.content);
        match (alike, of_version) {
            (Some(first), _) => return Added::Alike(first.at),
            (None, Some(first)) => return Added::Different(first.at),
            (None, None) => {}
        }
        known.push(Known { id, at, version: object.version, content: object.content });
        *self.counts.entry(object.kind).or_default() += 1;
        Added::New
    }

    /// Whether objects of a kind are in the feed.
    pub(super) fn have(&self, kind: FeedKind) -> bool {
        self.counts.contains_key(&kind)
    }

    pub(super) fn find(&self, kind: FeedKind, id: &Id) -> Leads<'_> {
        let Some(known) = self.known.get(&(kind, id.folded)) else { return Leads::Nowhere };
        let same = |known: &&Known| known.id.is_text_of(id);
        if let Some(found) = known.iter().filter(same).find(|known| known.id.may_have_owner_of(id)) {
            return Leads::To(found);
        }
        match (known.iter().find(same), known.first()) {
            (Some(other), _) => Leads::ToAnother(other),
            (None, Some(other)) => Leads::ToOtherCase(other),
            (None, None) => Leads::Nowhere,
        }
    }
}
