//! Random numbers for unguessable tokens and ids.

use std::sync::Arc;

use ocpi_types::CredentialsToken;

use crate::Error;

/// Source of random bytes.
#[derive(Clone)]
pub struct SecureRandom(Arc<Fill>);

type Fill = dyn Fn(&mut [u8]) -> Result<(), Error> + Send + Sync;

impl SecureRandom {
    /// Returns the source of the operating system.
    pub fn system() -> Self {
        Self::new(|bytes| getrandom::fill(bytes).map_err(|_| Error::NoRandomness))
    }

    /// Makes another source, for deterministic tests.
    pub fn new(fill: impl Fn(&mut [u8]) -> Result<(), Error> + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    /// A new token: 192 random bits.
    pub(crate) fn token(&self) -> Result<CredentialsToken, Error> {
        let text = self.hex::<24>()?;
        text.parse().map_err(|_| Error::NoRandomness)
    }

    /// A new id: 128 random bits.
    pub(crate) fn id(&self) -> Result<String, Error> {
        self.hex::<16>()
    }

    /// Random bytes.
    pub(crate) fn bytes<const N: usize>(&self) -> Result<[u8; N], Error> {
        let mut bytes = [0; N];
        (self.0)(&mut bytes)?;
        Ok(bytes)
    }

    fn hex<const N: usize>(&self) -> Result<String, Error> {
        let bytes = self.bytes::<N>()?;
        Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl std::fmt::Debug for SecureRandom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecureRandom")
    }
}
