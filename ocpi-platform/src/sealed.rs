//! Stored secrets other than tokens: URLs of partners that may contain one, and ids of drivers.

use crate::Seal;

const PLAIN: &str = "plain ";
const SEALED: &str = "sealed ";

/// Seals a text, where there is a seal. `None` if that fails.
pub(crate) fn close(seal: Option<&dyn Seal>, context: &str, text: &str) -> Option<String> {
    match seal {
        None => Some(format!("{PLAIN}{text}")),
        Some(seal) => Some(format!("{SEALED}{}", seal.seal(context, text)?)),
    }
}

/// Opens what [`close`] made, with or without a seal at that time. `None` if it was changed, or the key is not there.
pub(crate) fn open(seal: Option<&dyn Seal>, context: &str, stored: &str) -> Option<String> {
    match (stored.strip_prefix(PLAIN), stored.strip_prefix(SEALED), seal) {
        (Some(plain), _, _) => Some(plain.to_owned()),
        (None, Some(sealed), Some(seal)) => seal.open(context, sealed),
        _ => None,
    }
}
