//! Settings of a store.

use std::fmt;

/// Settings of a [`Postgres`](crate::Postgres).
///
/// ```
/// use ocpi_store::PostgresSettings;
/// let settings = PostgresSettings::new("postgres://ocpi:secret@db.example/roaming").with_schema("roaming_test");
/// assert!(!format!("{settings:?}").contains("secret"));
/// ```
#[derive(Clone)]
pub struct PostgresSettings {
    url: String,
    schema: Option<String>,
    readers: usize,
    prepares: bool,
}

impl PostgresSettings {
    /// Settings for a database: the schema `ocpi`, and at most 8 connections for reads beside 3 for writes.
    ///
    /// The URL may say `sslmode`: `disable`, or `require` or `verify-full`, which are the same here: the certificate of
    /// the server is checked, and its name. `sslrootcert` names a file in PEM with the authorities to trust; without it
    /// they are Mozilla's. Without `sslmode` a server on this machine is spoken to in the clear, and every other one as
    /// with `require`. TLS needs the feature `postgres-tls` of this crate. `schema` is as of
    /// [`with_schema`](Self::with_schema).
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), schema: None, readers: 8, prepares: false }
    }

    /// Keeps the tables in another schema: lower-case letters, digits and `_`, at most 63, not a digit first. Stores in
    /// different schemas have nothing in common.
    #[must_use]
    pub fn with_schema(self, schema: impl Into<String>) -> Self {
        Self { schema: Some(schema.into()), ..self }
    }

    /// Opens at most so many connections for reads, at least one.
    #[must_use]
    pub fn with_readers(self, readers: usize) -> Self {
        Self { readers: readers.max(1), ..self }
    }

    /// Has the server prepare the statements of writes and pages once for each connection, not each time. `prepare=true` in
    /// the URL is the same.
    ///
    /// They cost the server less then. But connections must go to the server itself, or through a pooler that gives each
    /// its own session: with one that shares sessions between transactions, a statement of another node may be run instead.
    #[must_use]
    pub fn with_prepared_statements(self) -> Self {
        Self { prepares: true, ..self }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn schema(&self) -> Option<&str> {
        self.schema.as_deref()
    }

    pub(super) fn prepares(&self) -> bool {
        self.prepares
    }

    pub(super) fn readers(&self) -> usize {
        self.readers
    }
}

/// The URL may hold a password.
impl fmt::Debug for PostgresSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresSettings")
            .field("schema", &self.schema)
            .field("readers", &self.readers)
            .field("prepares", &self.prepares)
            .finish_non_exhaustive()
    }
}
