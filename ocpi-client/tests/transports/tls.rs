use std::io::Write;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use ocpi_client::outbound::Resolver;
use ocpi_client::{Outbound, TransportErrorKind, UrlPolicy};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use crate::server::{answer, head_of};
use crate::way::{reqwest, ureq, ways};

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(rcgen::DnType::CommonName, "Authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority")
}

/// A certificate of an authority for a name, and its key.
fn certified(authority: &Authority, name: &str) -> (rcgen::Certificate, KeyPair) {
    let key = KeyPair::generate().expect("a key");
    let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
    // OpenSSL takes a certificate whose issuer has its own name for self-signed.
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    (params.signed_by(&key, authority).expect("a certificate"), key)
}

/// A server of `cpo.example` over TLS, and whether each client that was answered sent a certificate.
struct Secure {
    port: u16,
    answered: Arc<Mutex<Vec<bool>>>,
}

impl Secure {
    fn new(authority: &Authority, clients: Option<&Authority>) -> Self {
        let (certificate, key) = certified(authority, "cpo.example");
        let builder = ServerConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .expect("versions");
        let builder = match clients {
            None => builder.with_no_client_auth(),
            Some(clients) => {
                let mut roots = RootCertStore::empty();
                roots.add(clients.der().clone()).expect("a root");
                let provider = ring::default_provider().into();
                let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
                builder.with_client_cert_verifier(verifier.build().expect("a verifier"))
            }
        };
        let chain: Vec<CertificateDer<'static>> = vec![certificate.der().clone()];
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let config = Arc::new(builder.with_single_cert(chain, key).expect("settings"));
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a socket");
        let port = listener.local_addr().expect("an address").port();
        let answered: Arc<Mutex<Vec<bool>>> = Arc::default();
        let seen = Arc::clone(&answered);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let connection = ServerConnection::new(Arc::clone(&config)).expect("a connection");
                let mut stream = StreamOwned::new(connection, stream.expect("a connection"));
                // A client that does not trust us leaves.
                if head_of(&mut stream).is_some() {
                    seen.lock().expect("no panic").push(stream.conn.peer_certificates().is_some());
                    drop(stream.write_all(&answer("", b"in secret")));
                    stream.conn.send_close_notify();
                    drop(stream.flush());
                }
            }
        });
        Self { port, answered }
    }

    fn url(&self) -> String {
        format!("https://cpo.example:{}/ocpi", self.port)
    }

    fn answered(&self) -> Vec<bool> {
        std::mem::take(&mut self.answered.lock().expect("no panic"))
    }
}

/// Rules of production, in a network where partners are on 127.0.0.1.
fn outbound(port: u16) -> Outbound {
    let outbound = Outbound::new()
        .with_ports([port])
        .with_networks(["127.0.0.1/32".parse().expect("a network")])
        .with_resolver(Resolver::from_fn(|_| Ok(vec![[127, 0, 0, 1].into()])));
    assert!(format!("{outbound:?}").contains(&format!("{:?}", UrlPolicy::Public)));
    outbound
}

#[test]
fn a_private_authority_is_trusted_if_it_was_given() {
    let own = authority();
    let server = Secure::new(&own, None);
    for way in ways(&outbound(server.port).with_root_certificates(own.pem())) {
        assert_eq!(way.get(&server.url()).expect("an answer").body(), "in secret", "{}", way.name);
    }
    assert_eq!(server.answered(), [false, false]);
    for others in [None, Some(authority().pem())] {
        let rules = outbound(server.port);
        let rules = match others {
            Some(pem) => rules.with_root_certificates(pem),
            None => rules,
        };
        for way in ways(&rules) {
            let error = way.get(&server.url()).expect_err("not trusted");
            assert_eq!(error.kind(), TransportErrorKind::Tls, "{}: {error}", way.name);
        }
    }
    assert!(server.answered().is_empty());
}

#[test]
fn a_certificate_is_for_one_name() {
    let own = authority();
    let server = Secure::new(&own, None);
    for way in ways(&outbound(server.port).with_root_certificates(own.pem())) {
        let url = server.url().replace("cpo.example", "other.example");
        let error = way.get(&url).expect_err("another name");
        assert_eq!(error.kind(), TransportErrorKind::Tls, "{}: {error}", way.name);
    }
    assert!(server.answered().is_empty());
}

#[test]
fn a_partner_that_asks_for_a_certificate_gets_ours() {
    let (own, clients) = (authority(), authority());
    let server = Secure::new(&own, Some(&clients));
    let rules = outbound(server.port).with_root_certificates(own.pem());
    let (certificate, key) = certified(&clients, "emsp.example");
    let (stranger, strangers_key) = certified(&authority(), "emsp.example");
    let ours = rules.clone().with_client_certificate(certificate.pem(), key.serialize_pem());
    assert!(!format!("{ours:?}").contains("PRIVATE"));
    for way in ways(&ours) {
        assert_eq!(way.get(&server.url()).expect("an answer").body(), "in secret", "{}", way.name);
    }
    assert_eq!(server.answered(), [true, true]);
    let strangers = rules.clone().with_client_certificate(stranger.pem(), strangers_key.serialize_pem());
    for rules in [rules, strangers] {
        for way in ways(&rules) {
            way.get(&server.url()).expect_err("no certificate, or another's");
        }
    }
    assert!(server.answered().is_empty());
}

#[test]
fn certificates_that_cannot_be_read_are_refused_at_once() {
    let own = authority();
    let (certificate, key) = certified(&own, "emsp.example");
    let (_, other_key) = certified(&own, "emsp.example");
    let key = key.serialize_pem();
    for rules in [
        outbound(443).with_root_certificates(""),
        outbound(443).with_root_certificates(&key),
        outbound(443).with_client_certificate("", &key),
        outbound(443).with_client_certificate(certificate.pem(), "none"),
    ] {
        for made in [reqwest(rules.clone()).err(), ureq(rules).err()] {
            let error = made.expect("a refusal");
            assert!(error.is_tls() && error.to_string().contains("in PEM"), "{error}");
        }
    }
    let wrong = outbound(443).with_client_certificate(certificate.pem(), other_key.serialize_pem());
    assert!(reqwest(wrong).is_err_and(|error| error.is_tls()));
}
