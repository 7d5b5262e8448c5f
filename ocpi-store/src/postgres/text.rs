//! Texts that PostgreSQL can hold.

use ocpi_server_traits::storage::{Address, StoreError, StoreErrorKind};

/// Most bytes of a text: three of them fit into a row of an index, which has 2,704 bytes.
const MOST_BYTES: usize = 850;

/// Whether a text can be in the database. PostgreSQL does not take it even to compare with, if not.
pub(super) fn is_storable(text: &str) -> bool {
    !text.as_bytes().contains(&0)
}

/// Whether a document can be there.
pub(super) fn is_address(at: &Address) -> bool {
    [at.collection(), at.owner(), at.key()].into_iter().all(is_storable)
}

/// Refuses a text that cannot be stored.
pub(super) fn check(text: &str) -> Result<(), StoreError> {
    let refused = |message: &str| Err(StoreError::new(StoreErrorKind::Refused, message));
    if !is_storable(text) {
        return refused("PostgreSQL cannot hold a text with a NUL");
    }
    if text.len() > MOST_BYTES {
        return refused("an address, a list, a term, a format or a part has more than 850 bytes");
    }
    Ok(())
}

/// Refuses an address that cannot be stored.
pub(super) fn check_address(at: &Address) -> Result<(), StoreError> {
    [at.collection(), at.owner(), at.key()].into_iter().try_for_each(check)
}
