//! Certificates and keys in PEM.

/// Error: a PEM text lacks the certificates or the key that it should contain.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no {0} in PEM that can be read")]
pub struct PemError(&'static str);

#[cfg(any(feature = "rustls", feature = "native-tls"))]
impl PemError {
    pub(crate) fn certificate() -> crate::TransportError {
        Self("certificate").into()
    }

    pub(crate) fn key() -> crate::TransportError {
        Self("key").into()
    }
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
impl From<PemError> for crate::TransportError {
    fn from(error: PemError) -> Self {
        Self::new(error).with_kind(crate::TransportErrorKind::Tls)
    }
}
