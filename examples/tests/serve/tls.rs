//! The example `serve_tls`.

#[allow(dead_code, reason = "its `main` is for the command line")]
#[path = "../../examples/serve_tls.rs"]
mod example;

use ocpi_client::outbound::Resolver;
use ocpi_client::{Outbound, Reqwest, UrlPolicy};
use ocpi_server_traits::RequestLimits;
use ocpi_types::endpoint::GetVersions;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

use crate::side::{Side, socket, talk};

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "Authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority")
}

/// A certificate of an authority for a name, and its key, in PEM.
fn certified(authority: &Authority, name: &str) -> (String, String) {
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new([name.to_owned()]).expect("a name");
    (params.signed_by(&key, authority).expect("a certificate").pem(), key.serialize_pem())
}

#[tokio::test]
async fn only_clients_with_a_certificate_are_answered() {
    let (ours, partners) = (authority(), authority());
    let (listener, base) = socket("https").await;
    let base = base.replace("127.0.0.1", "cpo.example");
    let side = Side::new(&base, RequestLimits::default());
    let (chain, key) = certified(&ours, "cpo.example");
    let tls = example::acceptor(chain.as_bytes(), key.as_bytes(), partners.pem().as_bytes()).expect("TLS");
    tokio::spawn(example::serve(listener, tls, side.router));

    let rules = Outbound::new()
        .with_urls(UrlPolicy::Any)
        .with_resolver(Resolver::from_fn(|_| Ok(vec![[127, 0, 0, 1].into()])))
        .with_root_certificates(ours.pem());
    let with = |(chain, key): (String, String)| rules.clone().with_client_certificate(chain, key);
    let known = with(certified(&partners, "emsp.example"));
    talk(&side.client.clone().over(Reqwest::new(known.clone()).expect("a transport"))).await;

    // Nothing but the certificate is wrong: the token is the same.
    let strangers = with(certified(&authority(), "emsp.example"));
    for rules in [rules, strangers] {
        let client = side.client.clone().over(Reqwest::new(rules).expect("a transport"));
        let error = client.send(&GetVersions).await.expect_err("a refusal");
        assert_eq!(error.http_status(), None, "{error}");
        assert!(!error.is_connect(), "{error}");
    }
    talk(&side.client.over(Reqwest::new(known).expect("a transport"))).await;
}

#[test]
fn without_an_authority_there_is_no_server() {
    let (chain, key) = certified(&authority(), "cpo.example");
    assert!(example::acceptor(chain.as_bytes(), key.as_bytes(), b"").is_err());
}
