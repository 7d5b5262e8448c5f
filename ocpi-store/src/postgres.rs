//! Documents in a PostgreSQL database.

mod absent;
mod buckets;
mod commit;
mod connect;
mod error;
mod feed;
mod group;
mod hidden;
mod load;
mod migrate;
mod namespace;
mod numbers;
mod page;
mod persist;
mod pipeline;
mod purge;
mod queue;
mod read;
mod rows;
mod schema;
mod settings;
mod snapshot;
mod statements;
mod terms;
mod text;
mod tls;
mod total;
mod url;
mod wake;
mod wanted;
mod writer;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ocpi_server_traits::storage::{
    Address, Changes, Document, Edit, Page, Position, Query, Start, Store, StoreError, StoreErrorKind,
    WriteOutcome,
};
use ocpi_types::DateTime;

pub use settings::PostgresSettings;

use connect::{Connections, Pools};
use namespace::Namespace;
use snapshot::Snapshot;
use statements::Statements;
use wake::Wake;
use writer::Writers;

/// Keeps documents in a PostgreSQL database, which several nodes may share.
///
/// A write is answered when PostgreSQL has committed it: it is as durable as the server's `synchronous_commit` says.
/// Writes that wait for one another share one transaction, so many at the same time are fast. Changes of all nodes have
/// one order, which is the order of their commits.
///
/// It needs a Tokio runtime: it is connected on one, and used from within one. Writes that were begun are finished after
/// the store is dropped, as long as the runtime runs.
///
/// Texts of an address, a list, a term, a format or a part have at most 850 bytes and no NUL; a write with another one
/// is refused. A page and a read of the feed have at most 10,000 rows; there is more when a page has a
/// [`next`](Page::next).
///
/// A write that fails with [`StoreErrorKind::Unavailable`] may have been stored, if the connection broke while it was
/// committed. Errors never quote a document, a key or a URL.
///
/// ```no_run
/// use ocpi_server_traits::storage::{Address, StoreExt};
/// use ocpi_store::Postgres;
/// # async fn run() -> Result<(), ocpi_server_traits::storage::StoreError> {
/// let store = Postgres::connect("postgres://ocpi@localhost/roaming").await?;
/// assert_eq!(store.get(&Address::new("Location", "NL/ALF", "loc1")).await?, None);
/// # Ok(())
/// # }
/// ```
pub struct Postgres {
    reads: Connections,
    purges: Connections,
    prepares: bool,
    namespace: Arc<Namespace>,
    writers: Writers,
    wake: Arc<Wake>,
}

/// Schema of the tables, unless another is named.
const SCHEMA: &str = "ocpi";

impl Postgres {
    /// Connects to a database, and creates or updates the tables in its schema `ocpi`, or the one that the URL names.
    ///
    /// The URL is PostgreSQL's own, `postgres://user:password@host:port/database?name=value`. See
    /// [`PostgresSettings::new`] for what it may say of TLS.
    ///
    /// # Errors
    /// When the URL is wrong, the database cannot be reached, or its tables were written by a newer version of this
    /// library.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::open(PostgresSettings::new(url)).await
    }

    /// Connects as the settings say.
    ///
    /// # Errors
    /// As of [`connect`](Self::connect), or when a setting is wrong.
    pub async fn open(settings: PostgresSettings) -> Result<Self, StoreError> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(StoreError::new(StoreErrorKind::Other, "PostgreSQL needs a Tokio runtime"));
        }
        let of_url = url::parse(settings.url())?;
        let schema = settings.schema().or(of_url.schema.as_deref()).unwrap_or(SCHEMA);
        let namespace = Arc::new(Namespace::new(schema)?);
        let Pools { reads, writes } = Pools::new(&settings)?;
        migrate::run(&writes, &namespace).await?;
        let wake = Wake::start(reads.clone(), &namespace);
        let prepares = settings.prepares() || of_url.prepares;
        let statements = Statements::new(&namespace, prepares);
        let writers = Writers::start(&writes, &namespace, statements, &wake);
        Ok(Self { reads, purges: writes, prepares, namespace, writers, wake })
    }

    /// Forgets tombstones of deletions before a time, and returns their number. Readers of the feed that have not come
    /// to the last of them learn it by the [purge position](Changes::purged), and begin again.
    ///
    /// # Errors
    /// When the database fails. Tombstones that were forgotten until then stay so.
    pub async fn purge(&self, before: DateTime) -> Result<u64, StoreError> {
        let (connections, namespace) = (self.purges.clone(), Arc::clone(&self.namespace));
        // A task of its own: it ends its transaction even when nobody waits any more.
        let purge = tokio::spawn(async move { purge::run(&connections, &namespace, before).await });
        let closed = |error| {
            StoreError::new(StoreErrorKind::Unavailable, "the runtime of the store ends").with_source(error)
        };
        purge.await.map_err(closed)?
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres").field("schema", &self.namespace.name()).finish_non_exhaustive()
    }
}

impl Store for Postgres {
    async fn read(&self, at: &[Address]) -> Result<Vec<Option<Document>>, StoreError> {
        self.reads.twice(|client| read::documents(client, &self.namespace, at)).await
    }

    async fn page(&self, query: &Query, start: Start, limit: u32) -> Result<Page, StoreError> {
        let snapshot = |client| Snapshot::new(client, self.prepares);
        self.reads.twice(|client| page::page(snapshot(client), &self.namespace, query, &start, limit)).await
    }

    async fn write(&self, at: Vec<Address>, edit: Edit) -> Result<WriteOutcome, StoreError> {
        self.writers.write(at, edit).await
    }

    async fn changes(&self, after: Position, limit: u32) -> Result<Changes, StoreError> {
        self.reads.twice(|client| feed::changes(client, &self.namespace, after, limit)).await
    }

    async fn moved(&self, after: Position, timeout: Duration) {
        self.wake.moved(after, timeout).await;
    }
}
