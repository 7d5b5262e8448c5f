//! Durable storage behind [`ocpi_server_traits::Store`].
//!
//! [`Sqlite`] keeps documents in one file, needs no other program, and works with any async runtime or none.
//!
//! ```
//! use ocpi_server_traits::{Address, Precondition, NewDocument, Query, Store, PutOutcome};
//! use ocpi_store::Sqlite;
//! use ocpi_types::protocol::Party;
//!
//! # pollster::block_on(async {
//! let store = Sqlite::in_memory()?; // or Sqlite::open("roaming.sqlite")?
//! let at = Address { collection: "Location", owner: Party::new("NL", "ALF")?, key: "loc1".into() };
//! let document = NewDocument {
//!     body: r#"{"id":"LOC1"}"#.into(),
//!     last_updated: "2026-11-22T10:00:00Z".parse()?,
//!     audience: None,
//!     format: "2.3.0".into(),
//! };
//! let written = store.put(&at, document, Precondition::Nothing).await?;
//! assert_eq!(written, PutOutcome::Created);
//!
//! let document = store.get(&at).await?.expect("it was just written");
//! assert_eq!(document.body, r#"{"id":"LOC1"}"#);
//! assert_eq!(store.list(&Query::all("Location")).await?.documents, [(at, document)]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # }).unwrap();
//! ```

#[cfg(feature = "postgres")]
pub mod documents;
mod sqlite;

pub use sqlite::Sqlite;
