//! Storage for documents: a contract of five methods, and the layers that all stores share.
//!
//! A [`Store`] keeps [`Document`]s, which are opaque to it, by [`Address`]. Every change goes through [`Store::write`],
//! which takes the addresses that it touches and a closure that edits them in one transaction: compare and swap, "put
//! unless older" and "create unless present" are an `if` in the closure. A store may run hundreds of waiting edits in
//! one transaction, each on the result of the previous one, so that no edit is refused and one disk sync serves all.
//!
//! | Method | Purpose |
//! |---|---|
//! | [`read`](Store::read) | documents by address, in one snapshot |
//! | [`page`](Store::page) | lists, windows of time and look-ups by term; by cursor and by offset, with a total |
//! | [`write`](Store::write) | all changes |
//! | [`changes`](Store::changes) | the change feed, in commit order: the newest state of each part |
//! | [`moved`](Store::moved) | a hint that something may have changed |
//!
//! ```
//! use ocpi_server_traits::storage::{Address, Memory, NewDocument, Query, Start, Store, StoreExt};
//! # pollster::block_on(async {
//! let store = Memory::new();
//! let at = Address::new("Note", "NL/ALF", "n1");
//! let now = "2026-11-22T10:00:00Z".parse()?;
//! let count = store
//!     .update(vec![at.clone()], move |tx| {
//!         let count = tx.get(&at)?.map_or(0, |known| known.body.len()) + 1;
//!         let body = vec![b'x'; count];
//!         tx.put(&at, NewDocument::new(body, "text", now).in_list("NL/ALF").with_part(""))?;
//!         Ok::<_, ocpi_server_traits::storage::Rejected<()>>(count)
//!     })
//!     .await?;
//! assert_eq!(count, 1);
//!
//! let page = store.page(&Query::list("Note", "NL/ALF"), Start::First, 100).await?;
//! assert_eq!((page.rows.len(), page.total), (1, 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```

mod address;
mod any;
mod change;
mod document;
mod error;
mod lease;
mod memory;
mod query;
mod slot;
mod state;
mod store;
mod transaction;
mod update;

pub use address::Address;
pub use any::AnyStore;
pub use change::{Change, Changes, Position};
pub use document::{Document, NewDocument};
pub use error::{StoreError, StoreErrorKind};
pub use lease::{Lease, LeaseError, fenced, release, take};
pub use memory::Memory;
pub use query::{Cursor, CursorError, Lists, Page, Query, Start};
pub use slot::{After, Loaded, Persist};
pub use state::State;
pub use store::{Store, WriteOutcome};
pub use transaction::{Abort, Edit, Transaction};
pub use update::{Rejected, StoreExt, UpdateError};
