//! A router that demands certificates: `cargo run -p examples --example serve_tls -- chain.pem key.pem authorities.pem`.

use std::{sync::Arc, time::Duration};

use examples::roam::Failure;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use ocpi_server_traits::Router;
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use tokio_rustls::rustls::{RootCertStore, ServerConfig, crypto::ring, server::WebPkiClientVerifier};

/// Time for a handshake, and for the head of a request.
const BEGINNING: Duration = Duration::from_secs(10);

/// Takes handshakes with our certificate, of clients whose certificates are from these authorities; all in PEM.
pub(crate) fn acceptor(chain: &[u8], key: &[u8], authorities: &[u8]) -> Result<TlsAcceptor, Failure> {
    let mut roots = RootCertStore::empty();
    for authority in CertificateDer::pem_slice_iter(authorities) {
        roots.add(authority?)?;
    }
    let provider = Arc::new(ring::default_provider());
    let clients = WebPkiClientVerifier::builder_with_provider(roots.into(), Arc::clone(&provider)).build()?;
    let chain = CertificateDer::pem_slice_iter(chain).collect::<Result<_, _>>()?;
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(clients)
        .with_single_cert(chain, PrivateKeyDer::from_pem_slice(key)?)?;
    Ok(Arc::new(config).into())
}

/// Answers requests until it is dropped. The certificate opens the door; the token says which partner asks.
pub(crate) async fn serve(listener: TcpListener, tls: TlsAcceptor, router: Router) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            sleep(Duration::from_millis(100)).await; // There may be too many.
            continue;
        };
        let (handshake, router) = (tls.accept(stream), router.clone());
        tokio::spawn(async move {
            let Ok(Ok(stream)) = timeout(BEGINNING, handshake).await else { return };
            let mut server = http1::Builder::new();
            server.timer(TokioTimer::new()).header_read_timeout(BEGINNING);
            drop(server.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router)).await);
        });
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let files = std::env::args().skip(1).map(std::fs::read).collect::<Result<Vec<_>, _>>()?;
    let [chain, key, authorities] = &*files else { return Err("name three files".into()) };
    let router = examples::cpo::open("https://127.0.0.1:8443/ocpi").await?;
    serve(TcpListener::bind("127.0.0.1:8443").await?, acceptor(chain, key, authorities)?, router).await;
    Ok(())
}
