//! Ids and their hashes.

use std::hash::{BuildHasher, Hash};

use foldhash::fast::FixedState;
use smallvec::SmallVec;

/// The hash of an id, or of an owner.
pub(super) type Hashed = u64;

/// Hashes a text without regard to case, as `CiString` compares.
pub(super) fn folded(text: &str) -> Hashed {
    let folded: SmallVec<[u8; 64]> = text.bytes().map(|byte| byte.to_ascii_lowercase()).collect();
    hashed(&*folded)
}

pub(super) fn hashed(value: &(impl Hash + ?Sized)) -> Hashed {
    FixedState::default().hash_one(value)
}

/// An id that is looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Id {
    /// Without regard to case.
    pub(super) folded: Hashed,
    pub(super) exact: Hashed,
    /// `None`: not known, as in 2.1.1.
    pub(super) owner: Option<Hashed>,
    /// Whether case matters in it.
    pub(super) by_case: bool,
}

impl Id {
    pub(super) fn new(id: &str, owner: Option<Hashed>, by_case: bool) -> Self {
        Self { folded: folded(id), exact: hashed(id), owner, by_case }
    }

    /// Whether they are the same text, by the rules of both versions for case.
    pub(super) fn is_text_of(&self, other: &Self) -> bool {
        self.folded == other.folded && (!(self.by_case && other.by_case) || self.exact == other.exact)
    }

    /// An owner that is not known may be any.
    pub(super) fn may_have_owner_of(&self, other: &Self) -> bool {
        self.owner.is_none() || other.owner.is_none() || self.owner == other.owner
    }
}
