//! The change feed.

use super::Address;

/// A position in the change feed. Later commits have higher positions.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Position(u64);

impl Position {
    /// Before the first change.
    pub const START: Self = Self(0);

    /// Creates a position from a number given out by a store.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Returns the number, for storing.
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// The newest change of a part of a document.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// Position of the change.
    pub position: Position,
    /// The document.
    pub at: Address,
    /// The part that changed: "" for the document itself, or its deletion.
    pub part: String,
    /// Current revision of the document.
    pub revision: u64,
    /// Whether the document is deleted.
    pub is_deleted: bool,
}

impl Change {
    /// Creates a change, for implementations of stores.
    pub fn new(position: Position, at: Address, part: String, revision: u64, is_deleted: bool) -> Self {
        Self { position, at, part, revision, is_deleted }
    }
}

/// Changes after a position.
///
/// Deletions are reported by tombstones, and old tombstones are purged. A reader that keeps a copy by the feed, and is
/// behind the purge position, has to start again: it reads from [`Position::START`], and drops from its copy whatever
/// has not occurred when a read returns no rows. Tombstones purged before that walk are no gap for it; those purged
/// during the walk are, unless it has passed them. So it stores the purge position of its first read:
///
/// ```
/// use std::collections::BTreeSet;
///
/// use ocpi_server_traits::storage::{Memory, Position, Store, StoreError};
///
/// /// Keys of all documents, kept by the feed.
/// #[derive(Default)]
/// struct Copy {
///     keys: BTreeSet<String>,
///     after: Position,
///     /// While it reads from the start: the keys that came, and the purge position of its first read.
///     walk: Option<(BTreeSet<String>, Position)>,
/// }
///
/// impl Copy {
///     /// Reads once. `false`: there was nothing to read.
///     async fn read(&mut self, store: &impl Store) -> Result<bool, StoreError> {
///         let changes = store.changes(self.after, 100).await?;
///         let known = self.walk.as_ref().map_or(Position::START, |(_, purged)| *purged);
///         if changes.is_gap(self.after.max(known)) {
///             (self.after, self.walk) = (Position::START, None);
///             return Ok(true);
///         }
///         if self.after == Position::START {
///             self.walk = Some((BTreeSet::new(), changes.purged));
///         }
///         for change in &changes.rows {
///             let key = change.at.key();
///             let copies = [Some(&mut self.keys), self.walk.as_mut().map(|(came, _)| came)];
///             for keys in copies.into_iter().flatten() {
///                 if change.is_deleted { keys.remove(key) } else { keys.insert(key.to_owned()) };
///             }
///         }
///         self.after = changes.upto;
///         let is_over = changes.rows.is_empty();
///         if let Some((came, _)) = self.walk.take_if(|_| is_over) {
///             self.keys = came; // the sweep
///         }
///         Ok(!is_over)
///     }
/// }
///
/// # pollster::block_on(async {
/// let mut copy = Copy::default();
/// while copy.read(&Memory::new()).await? {}
/// assert!(copy.keys.is_empty());
/// # Ok::<(), StoreError>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Changes {
    /// The changes, in commit order. Empty: there are no later ones. Fewer than the limit does not imply that.
    pub rows: Vec<Change>,
    /// The position to continue from.
    pub upto: Position,
    /// The purge position: tombstones at or before it may have been purged or [erased](super::Transaction::erase),
    /// those after it are complete. It never decreases. [`Position::START`] if none was purged.
    pub purged: Position,
}

impl Changes {
    /// Creates changes, for implementations of stores.
    pub fn new(rows: Vec<Change>, upto: Position, purged: Position) -> Self {
        Self { rows, upto, purged }
    }

    /// Whether a reader that has read everything up to a position may have missed purged deletions. Never at
    /// [`Position::START`]: the reader knows nothing that could have been deleted.
    pub fn is_gap(&self, known: Position) -> bool {
        known != Position::START && known < self.purged
    }
}
