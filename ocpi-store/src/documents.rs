//! Stores of the contract in [`ocpi_server_traits::storage`].

#[cfg(feature = "postgres")]
mod postgres;

#[cfg(feature = "postgres")]
pub use postgres::{Postgres, PostgresSettings};
