//! The change feed.

use super::Address;

/// A place in the change feed. Later commits have higher positions.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Position(u64);

impl Position {
    /// Before the first change.
    pub const START: Self = Self(0);

    /// A position from its number, which a store gave out.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Its number, to be kept.
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// The newest change of a part of a document.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// When it happened.
    pub position: Position,
    /// The document.
    pub at: Address,
    /// The part that changed: "" for the document itself, or its deletion.
    pub part: String,
    /// Revision of the document as it is now.
    pub revision: u64,
    /// Whether the document is deleted.
    pub is_deleted: bool,
}

impl Change {
    /// A change, for stores.
    pub fn new(position: Position, at: Address, part: String, revision: u64, is_deleted: bool) -> Self {
        Self { position, at, part, revision, is_deleted }
    }
}

/// Changes after a position.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Changes {
    /// The changes, in the order of commits.
    pub rows: Vec<Change>,
    /// The position to go on from.
    pub upto: Position,
    /// Whether tombstones that are newer than the position asked for may have been purged: then begin again at
    /// [`Position::START`] and drop what does not come. Never set at the start; a reader that is under way from there
    /// passes over it until a read brings less than its limit, since it knows nothing that it would have to drop. Keep
    /// tombstones for longer than such a read takes.
    pub is_gap: bool,
}

impl Changes {
    /// Changes, for stores.
    pub fn new(rows: Vec<Change>, upto: Position, is_gap: bool) -> Self {
        Self { rows, upto, is_gap }
    }
}
