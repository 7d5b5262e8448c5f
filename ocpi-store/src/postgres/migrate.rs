//! Creation of tables, and their way to the present version.

use deadpool_postgres::Object;
use ocpi_server_traits::storage::{StoreError, StoreErrorKind};
use tokio_postgres::Error;
use tokio_postgres::types::Type;

use super::connect::{Connections, clean};
use super::error::explain;
use super::namespace::Namespace;
use super::numbers::corrupt;
use super::schema::{STEPS, Version};

/// Settings of the transaction, and of it alone. A node that stops in the middle must not stop the others; it may wait long for
/// one that changes large tables.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; \
                     SET LOCAL idle_in_transaction_session_timeout = '15s'";

/// Creates the tables or brings them to the present version, and refuses those of a newer one.
pub(super) async fn run(connections: &Connections, namespace: &Namespace) -> Result<(), StoreError> {
    let client = connections.get().await?;
    let migrated = migrate(&client, namespace).await;
    if let Err(error) = &migrated {
        clean(client, error).await;
    }
    migrated
}

async fn migrate(client: &Object, namespace: &Namespace) -> Result<(), StoreError> {
    client.batch_execute(BEGIN).await.map_err(explain)?;
    bring_forward(client, namespace).await?;
    client.batch_execute("COMMIT").await.map_err(explain)
}

async fn bring_forward(client: &Object, namespace: &Namespace) -> Result<(), StoreError> {
    let lock = [(&namespace.schema_lock() as _, Type::INT8)];
    // One node does it, and the others find it done.
    client.query_typed("SELECT pg_advisory_xact_lock($1)", &lock).await.map_err(explain)?;
    let (encoding, has_schema, has_tables) = look(client, namespace).await.map_err(explain)?;
    if encoding != "UTF8" {
        return Err(StoreError::new(StoreErrorKind::Other, "the database is not in UTF8"));
    }
    let known = if has_tables { Some(version(client, namespace).await?) } else { None };
    let Some(newest) = STEPS.last().map(|step| step.version) else { return Ok(()) };
    if known.is_some_and(|known| known.major > newest.major) {
        return Err(corrupt("the tables were written by a newer version of this library"));
    }
    if !has_schema {
        let create = namespace.sql("CREATE SCHEMA §");
        client.batch_execute(&create).await.map_err(explain)?;
    }
    for step in STEPS.iter().filter(|step| known.is_none_or(|known| step.version > known)) {
        let Version { major, minor } = step.version;
        let noted = format!("UPDATE §.version SET major = {major}, minor = {minor};");
        let statements = namespace.sql(&format!("{}{noted}", step.statements));
        client.batch_execute(&statements).await.map_err(explain)?;
    }
    Ok(())
}

async fn look(client: &Object, namespace: &Namespace) -> Result<(String, bool, bool), Error> {
    let statement = "SELECT current_setting('server_encoding'), \
         EXISTS (SELECT FROM pg_namespace WHERE nspname = $1), \
         EXISTS (SELECT FROM pg_tables WHERE schemaname = $1 AND tablename = 'version')";
    let row = client.query_typed_one(statement, &[(&namespace.name(), Type::TEXT)]).await?;
    Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))
}

async fn version(client: &Object, namespace: &Namespace) -> Result<Version, StoreError> {
    let statement = namespace.sql("SELECT major, minor FROM §.version");
    let rows = client.query_typed(&statement, &[]).await.map_err(explain)?;
    let row = rows.first().ok_or_else(|| corrupt("the tables do not say their version"))?;
    Ok(Version { major: row.try_get(0).map_err(explain)?, minor: row.try_get(1).map_err(explain)? })
}
