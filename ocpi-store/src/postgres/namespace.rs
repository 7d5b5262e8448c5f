//! Names of tables and locks.

use ocpi_server_traits::storage::{StoreError, StoreErrorKind};

/// A PostgreSQL schema, and the advisory locks that belong to it.
#[derive(Debug)]
pub(super) struct Namespace {
    name: String,
    lock: i64,
}

impl Namespace {
    pub(super) fn new(name: &str) -> Result<Self, StoreError> {
        let is_start = |byte: &u8| byte.is_ascii_lowercase() || *byte == b'_';
        let is_part = |byte: &u8| is_start(byte) || byte.is_ascii_digit();
        let is_good = name.as_bytes().first().is_some_and(is_start)
            && name.as_bytes().iter().all(is_part)
            && name.len() <= 63
            && !name.starts_with("pg_");
        if !is_good {
            return Err(StoreError::new(
                StoreErrorKind::Other,
                "the name of the schema is not of lower-case letters, digits and `_`, or has more than 63, or begins \
                 with a digit or `pg_`",
            ));
        }
        Ok(Self { name: name.to_owned(), lock: hash(name) })
    }

    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Writes `§` in a statement as the schema.
    pub(super) fn sql(&self, statement: &str) -> String {
        statement.replace('§', &format!("\"{}\"", self.name))
    }

    /// The advisory lock by which commits stand in line.
    pub(super) fn order_lock(&self) -> i64 {
        self.lock
    }

    /// The advisory lock of whoever creates or changes tables.
    pub(super) fn schema_lock(&self) -> i64 {
        self.lock ^ 1
    }
}

/// FNV-1a: the same for all nodes and versions.
fn hash(name: &str) -> i64 {
    let bytes = b"ocpi-store/".iter().chain(name.as_bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    i64::from_ne_bytes(hash.to_ne_bytes())
}

#[cfg(test)]
mod tests {
    use super::Namespace;

    #[test]
    fn names_need_no_escape() {
        let good = Namespace::new("ocpi_2").unwrap();
        assert_eq!(good.sql("SELECT FROM §.documents"), "SELECT FROM \"ocpi_2\".documents");
        assert_ne!(good.order_lock(), good.schema_lock());
        let long = "a".repeat(64);
        for bad in ["", "2a", "A", "a b", "a\"", "pg_x", "ä", &long] {
            assert!(Namespace::new(bad).is_err(), "{bad}");
        }
    }
}
