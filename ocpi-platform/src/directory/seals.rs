//! Encryption of stored tokens.

use std::fmt;
use std::sync::Arc;

use ocpi_types::CredentialsToken;

/// Encrypts tokens that have to be sent, before they are stored. Tokens that we issued are stored as hashes anyway.
///
/// The feature `seal` provides an implementation: `SealKeys`.
pub trait Seal: Send + Sync + 'static {
    /// Seals a secret so that it can be opened only in the same context. `None` on failure.
    fn seal(&self, context: &str, secret: &str) -> Option<String>;

    /// Opens a text made by [`seal`](Self::seal), with this key or an older one. `None` if the text was changed, or the
    /// key is missing.
    fn open(&self, context: &str, sealed: &str) -> Option<String>;
}

/// The seal of a platform, or none.
#[derive(Clone, Default)]
pub(crate) struct Seals(pub(crate) Option<Arc<dyn Seal>>);

const PLAIN: &str = "plain ";
const SEALED: &str = "sealed ";

impl Seals {
    pub(super) fn seal(&self, context: &str, token: &CredentialsToken) -> Option<String> {
        match &self.0 {
            None => Some(format!("{PLAIN}{}", token.expose())),
            Some(seal) => Some(format!("{SEALED}{}", seal.seal(context, token.expose())?)),
        }
    }

    /// Opens a token. One that was stored before there was a seal is taken as it is, and sealed with the next write.
    pub(super) fn open(&self, context: &str, stored: &str) -> Option<CredentialsToken> {
        match (stored.strip_prefix(PLAIN), stored.strip_prefix(SEALED), &self.0) {
            (Some(plain), _, _) => plain.parse().ok(),
            (None, Some(sealed), Some(seal)) => seal.open(context, sealed)?.parse().ok(),
            _ => None,
        }
    }
}

impl fmt::Debug for Seals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Seal" } else { "no seal" })
    }
}
