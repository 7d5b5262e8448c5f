//! Durable stores behind [`ocpi_server_traits::storage::Store`].
//!
//! | Store | Keeps documents in | Needs |
//! |---|---|---|
//! | [`Sqlite`] | one file | no other program, any async runtime or none |
//! | `Postgres` | a PostgreSQL database that several nodes share | the feature `postgres` (with TLS: `postgres-tls`) and a Tokio runtime |
//!
//! [`open`] chooses one by URL, so that the store is a matter of configuration:
//!
//! ```
//! use ocpi_server_traits::storage::{Address, NewDocument, Query, Rejected, Start, Store, StoreExt};
//! # let directory = tempfile::tempdir()?;
//! # let file = directory.path().join("ocpi.db");
//! # let url = format!("sqlite:{}", file.display());
//! # pollster::block_on(async {
//! let store = ocpi_store::open(&url).await?; // "sqlite:ocpi.db", "postgres://ocpi@localhost/roaming" or "memory:"
//! let at = Address::new("Location", "NL/ALF", "loc1");
//! let now = "2026-11-22T10:00:00Z".parse()?;
//!
//! // The write is durable when this returns. Its edit sees the document that it replaces.
//! let address = at.clone();
//! let is_new = store
//!     .update(vec![at.clone()], move |tx| {
//!         let is_new = tx.get(&address)?.is_none();
//!         tx.put(&address, NewDocument::new(r#"{"id":"LOC1"}"#, "2.3.0", now).in_list("NL/ALF").with_part(""))?;
//!         Ok::<_, Rejected<()>>(is_new)
//!     })
//!     .await?;
//! assert!(is_new);
//!
//! let document = store.get(&at).await?.expect("it was just written");
//! assert_eq!(document.body, r#"{"id":"LOC1"}"#);
//! let page = store.page(&Query::list("Location", "NL/ALF"), Start::First, 100).await?;
//! assert_eq!((page.rows, page.total), (vec![(at, document)], 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Both meet the contract of [`ocpi_server_traits::storage::Store`]. `POSTGRES.md` in this crate explains how to set up, back
//! up and restore a PostgreSQL database.

mod open;
#[cfg(feature = "postgres")]
mod postgres;
mod sqlite;
mod terms;

pub use open::open;
#[cfg(feature = "postgres")]
pub use postgres::{Postgres, PostgresSettings};
pub use sqlite::{Builder, Sqlite};
