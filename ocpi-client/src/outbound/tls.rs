//! TLS by rustls.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore, crypto::ring};

use super::{Outbound, PemError};
use crate::{TransportError, TransportErrorKind};

impl Outbound {
    /// Settings of rustls: its roots and our certificate.
    pub(crate) fn rustls(&self) -> Result<ClientConfig, TransportError> {
        let config = ClientConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .map_err(tls)?
            .with_root_certificates(self.root_store()?);
        let Some(identity) = &self.identity else { return Ok(config.with_no_client_auth()) };
        let key = PrivateKeyDer::from_pem_slice(&identity.key).map_err(|_| PemError::key())?;
        config.with_client_auth_cert(certificates(&identity.chain)?, key).map_err(tls)
    }

    fn root_store(&self) -> Result<RootCertStore, TransportError> {
        let Some(pem) = &self.roots else {
            return Ok(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() });
        };
        let mut store = RootCertStore::empty();
        certificates(pem)?.into_iter().try_for_each(|root| store.add(root)).map_err(tls)?;
        Ok(store)
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TransportError> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match all {
        Ok(all) if !all.is_empty() => Ok(all),
        _ => Err(PemError::certificate()),
    }
}

fn tls(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> TransportError {
    TransportError::new(error).with_kind(TransportErrorKind::Tls)
}
