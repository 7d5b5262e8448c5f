//! Stores to measure.

use std::fmt;
use std::path::{Path, PathBuf};

use ocpi_server_traits::{AnyStore, Memory};
use ocpi_store::{Postgres, PostgresSettings, Sqlite};
use tokio_postgres::{Client, NoTls};

use crate::machine::Processes;

/// The schema that is used, and dropped.
pub const SCHEMA: &str = "ocpi_bench";

/// Where documents are kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Place {
    /// Nowhere: each page was encoded beforehand.
    Ready,
    /// Nowhere: the handlers of ocpi-kit have copies.
    Kit,
    /// In memory.
    Memory,
    /// In a file.
    Sqlite(PathBuf),
    /// In a database, in the schema [`SCHEMA`].
    Postgres(String),
}

/// The stores that outlive the process: SQLite, and PostgreSQL if there is one.
pub fn durable(directory: &Path) -> Vec<Place> {
    let postgres = std::env::var("OCPI_TEST_POSTGRES").ok().map(Place::Postgres);
    [Place::Sqlite(directory.join("ocpi.db"))].into_iter().chain(postgres).collect()
}

impl Place {
    /// A place from its URL.
    pub fn of(url: &str) -> Self {
        match url.split_once(':') {
            Some(("memory", "")) => Self::Memory,
            Some(("ready", "")) => Self::Ready,
            Some(("ocpi-kit", "")) => Self::Kit,
            Some(("sqlite", path)) => Self::Sqlite(path.into()),
            _ => Self::Postgres(url.to_owned()),
        }
    }

    /// Its name in tables.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Ready => "encoded beforehand",
            Self::Kit => "ocpi-kit",
            Self::Memory => "memory",
            Self::Sqlite(_) => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// Whether another process does the work.
    pub fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Whether objects can be read one by one, and written.
    pub fn has_store(&self) -> bool {
        !matches!(self, Self::Ready | Self::Kit)
    }

    /// Opens what is there.
    pub async fn open(&self) -> AnyStore {
        match self {
            Self::Memory | Self::Ready | Self::Kit => AnyStore::new(Memory::new()),
            Self::Sqlite(path) => AnyStore::new(Sqlite::open(path.clone()).expect("a file")),
            Self::Postgres(url) => {
                let settings =
                    PostgresSettings::new(url.clone()).with_schema(SCHEMA).with_prepared_statements();
                AnyStore::new(Postgres::open(settings).await.expect("a database"))
            }
        }
    }

    /// Opens an empty store.
    pub async fn open_empty(&self) -> AnyStore {
        self.clear().await;
        self.open().await
    }

    /// The processes of the database that work for this and other connections.
    pub async fn processes(&self) -> Processes {
        let Self::Postgres(url) = self else { return Processes::default() };
        let rows = connect(url).await.query("SELECT pid FROM pg_stat_activity", &[]).await.expect("numbers");
        Processes::of(rows.iter().map(|row| row.get(0)))
    }

    /// Removes what is there. Nobody may have it open.
    pub async fn clear(&self) {
        match self {
            Self::Memory | Self::Ready | Self::Kit => {}
            Self::Sqlite(path) => {
                for end in ["", "-wal", "-shm"] {
                    let mut name = path.clone().into_os_string();
                    name.push(end);
                    // It may not be there.
                    let _ = std::fs::remove_file(name);
                }
            }
            Self::Postgres(url) => {
                let drop = format!("DROP SCHEMA IF EXISTS {SCHEMA} CASCADE");
                connect(url).await.batch_execute(&drop).await.expect("the schema is dropped");
            }
        }
    }
}

/// As [`Place::of`] reads it.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready => f.write_str("ready:"),
            Self::Kit => f.write_str("ocpi-kit:"),
            Self::Memory => f.write_str("memory:"),
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => f.write_str(url),
        }
    }
}

/// A connection beside the store's.
pub async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("a database");
    tokio::spawn(connection);
    client
}
