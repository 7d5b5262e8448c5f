//! Stores of documents, behind [`ocpi_server_traits::storage::Store`].
//!
//! [`open`] chooses one by URL. [`Sqlite`] keeps documents in one file, needs no other program, and works with any async
//! runtime or none. With the feature `postgres`, `Postgres` keeps them in a database that several nodes share; it needs
//! a Tokio runtime.

mod open;
#[cfg(feature = "postgres")]
mod postgres;
mod sqlite;

pub use open::open;
#[cfg(feature = "postgres")]
pub use postgres::{Postgres, PostgresSettings};
pub use sqlite::{Builder, Sqlite};
