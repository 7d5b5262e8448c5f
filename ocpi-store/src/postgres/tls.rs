//! Connections over TLS, by rustls.

use ocpi_server_traits::storage::{StoreError, StoreErrorKind};

#[cfg(feature = "postgres-tls")]
pub(super) use with_rustls::connector;

/// Says which feature is missing.
#[cfg(not(feature = "postgres-tls"))]
pub(super) fn connector(_: Option<&std::path::Path>) -> Result<tokio_postgres::NoTls, StoreError> {
    Err(wrong(
        "the database is on another machine, or its URL says sslmode: TLS needs the feature `postgres-tls` of \
         ocpi-store. In a network that you trust, say sslmode=disable",
    ))
}

fn wrong(message: &str) -> StoreError {
    StoreError::new(StoreErrorKind::Other, message)
}

#[cfg(feature = "postgres-tls")]
mod with_rustls {
    use std::path::Path;
    use std::sync::Arc;

    use ocpi_server_traits::storage::StoreError;
    use tokio_postgres_rustls::MakeRustlsConnect;
    use tokio_rustls::rustls::crypto::ring;
    use tokio_rustls::rustls::pki_types::CertificateDer;
    use tokio_rustls::rustls::pki_types::pem::PemObject;
    use tokio_rustls::rustls::{ClientConfig, RootCertStore};

    use super::wrong;

    /// A connector that trusts the authorities in a file, or Mozilla's.
    pub(in super::super) fn connector(roots: Option<&Path>) -> Result<MakeRustlsConnect, StoreError> {
        let roots = match roots {
            Some(file) => read(file)?,
            None => webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect(),
        };
        // Named, for a program may have several.
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| wrong("TLS cannot be set up").with_source(error))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(MakeRustlsConnect::new(config))
    }

    fn read(file: &Path) -> Result<RootCertStore, StoreError> {
        let failed = || wrong("the file of sslrootcert cannot be read as certificates in PEM");
        let found = CertificateDer::pem_file_iter(file).map_err(|error| failed().with_source(error))?;
        let mut roots = RootCertStore::empty();
        for certificate in found {
            let certificate = certificate.map_err(|error| failed().with_source(error))?;
            roots.add(certificate).map_err(|error| failed().with_source(error))?;
        }
        if roots.is_empty() { Err(wrong("the file of sslrootcert has no certificate")) } else { Ok(roots) }
    }
}
