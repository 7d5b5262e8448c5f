//! Stores of documents, behind [`ocpi_server_traits::storage::Store`].
//!
//! [`open`] chooses one by URL. [`Sqlite`] keeps documents in one file, needs no other program, and works with any async
//! runtime or none.

mod open;
mod sqlite;

pub use open::open;
pub use sqlite::{Builder, Sqlite};
