use std::net::TcpListener;

use ocpi_client::TransportErrorKind;

use crate::way::{development, reqwest, ureq, ways};

#[test]
fn a_program_without_tls_says_which_feature_is_missing() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a socket");
    listener.set_nonblocking(true).expect("a socket");
    let url = format!("https://{}/DRIVER", listener.local_addr().expect("an address"));
    for way in ways(&development()) {
        let error = way.get(&url).expect_err("no TLS");
        assert_eq!(error.kind(), TransportErrorKind::Tls, "{}: {error}", way.name);
        let name = way.name;
        let advice = format!(
            "TLS failed: an https URL needs TLS, which is not compiled in: enable the feature `{name}` (rustls) or \
             `{name}-native-tls` of `ocpi-client`"
        );
        assert_eq!(error.to_string(), advice);
        assert_eq!(listener.accept().expect_err("nobody").kind(), std::io::ErrorKind::WouldBlock);
    }
    let with_roots = development().with_root_certificates("");
    assert!(reqwest(with_roots.clone()).is_err_and(|error| error.is_tls()));
    assert!(ureq(with_roots).is_err_and(|error| error.is_tls()));
}
