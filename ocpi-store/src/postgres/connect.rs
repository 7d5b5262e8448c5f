//! Connections: a pool for reads, and one for writes, so that neither waits for the other.

use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use ocpi_server_traits::storage::{StoreError, StoreErrorKind};
use tokio_postgres::NoTls;

use super::error::explain_pool;
use super::settings::PostgresSettings;
use super::tls;
use super::url::{Target, parse};

/// Longest time to get a connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections for writes: one for each writer, and one to purge.
const WRITERS: usize = 3;

pub(super) struct Pools {
    pub(super) reads: Connections,
    pub(super) writes: Connections,
}

impl Pools {
    /// Pools for the database of the settings. Nothing is connected yet.
    pub(super) fn new(settings: &PostgresSettings) -> Result<Self, StoreError> {
        let target = parse(settings.url())?;
        Ok(Self {
            reads: Connections(pool(&target, settings.readers())?),
            writes: Connections(pool(&target, WRITERS)?),
        })
    }
}

fn pool(target: &Target, size: usize) -> Result<Pool, StoreError> {
    let config = target.config.clone();
    // Not "clean": that would send `DISCARD`, which nothing here needs and no pooler likes.
    let ways = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = if target.is_encrypted {
        let tls = tls::connector(target.root_certificates.as_deref())?;
        Manager::from_config(config, tls, ways)
    } else {
        Manager::from_config(config, NoTls, ways)
    };
    Pool::builder(manager)
        .max_size(size)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(PATIENCE))
        .create_timeout(Some(PATIENCE))
        .recycle_timeout(Some(PATIENCE))
        .build()
        .map_err(|error| {
            StoreError::new(StoreErrorKind::Other, "the connections cannot be set up").with_source(error)
        })
}

/// Ends the transaction of a connection in which something failed, or the connection. One that was
/// [unavailable](StoreErrorKind::Unavailable) is not used again, though it may answer: it may lead to a standby.
pub(super) async fn clean(client: Object, error: &StoreError) {
    if error.is_unavailable() || client.is_closed() || client.batch_execute("ROLLBACK").await.is_err() {
        drop(Object::take(client));
    }
}

/// A pool of connections.
#[derive(Clone)]
pub(super) struct Connections(Pool);

impl Connections {
    pub(super) async fn get(&self) -> Result<Object, StoreError> {
        self.0.get().await.map_err(explain_pool)
    }

    /// Connections, and once more when the connection was broken: the server may have been restarted since its last use.
    pub(super) async fn twice<T, F>(&self, read: impl Fn(Object) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        match read(self.get().await?).await {
            Err(error) if error.kind() == StoreErrorKind::Unavailable => read(self.get().await?).await,
            answer => answer,
        }
    }
}
