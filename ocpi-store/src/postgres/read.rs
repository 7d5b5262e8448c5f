//! Documents by address.

use std::collections::BTreeMap;

use deadpool_postgres::Object;
use ocpi_server_traits::storage::{Address, Document, StoreError};
use tokio_postgres::types::Type;

use super::error::explain;
use super::load::{COLUMNS, row};
use super::namespace::Namespace;
use super::rows::Value;
use super::text::is_address;

/// Reads documents. One statement is one snapshot.
pub(super) async fn documents(
    client: Object,
    namespace: &Namespace,
    at: &[Address],
) -> Result<Vec<Option<Document>>, StoreError> {
    let wanted: Vec<_> = at.iter().filter(|at| is_address(at)).collect();
    let [collections, owners, keys] = columns(&wanted);
    let statement = namespace.sql(&format!(
        "SELECT {COLUMNS} FROM unnest($1::text[], $2::text[], $3::text[]) a (collection, owner, key) \
         JOIN §.documents d ON d.collection = a.collection AND d.owner = a.owner AND d.key = a.key \
         WHERE NOT d.deleted"
    ));
    let parameters = [
        (&collections as _, Type::TEXT_ARRAY),
        (&owners as _, Type::TEXT_ARRAY),
        (&keys as _, Type::TEXT_ARRAY),
    ];
    let rows = client.query_typed(&statement, &parameters).await.map_err(explain)?;
    let mut found = BTreeMap::new();
    for known in &rows {
        let (at, loaded) = row(known)?;
        found.insert(at, loaded.document);
    }
    Ok(at.iter().map(|at| found.get(at).cloned()).collect())
}

/// Columns of addresses as values of three parameters.
pub(super) fn values<'a>(columns: &'a [Vec<&'a str>; 3]) -> Vec<Value<'a>> {
    columns.iter().map(|column| column as _).collect()
}

/// Addresses as three columns.
pub(super) fn columns<'a>(at: &[&'a Address]) -> [Vec<&'a str>; 3] {
    [
        at.iter().map(|at| at.collection()).collect(),
        at.iter().map(|at| at.owner()).collect(),
        at.iter().map(|at| at.key()).collect(),
    ]
}
