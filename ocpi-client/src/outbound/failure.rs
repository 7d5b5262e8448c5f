//! Failures that all transports report in the same words.

use crate::{TransportError, TransportErrorKind};

/// The failure of a program that has no TLS.
pub(crate) fn no_tls(feature: &str) -> TransportError {
    let advice = format!(
        "an https URL needs TLS, which is not compiled in: enable the feature `{feature}` (rustls) or \
         `{feature}-native-tls` of `ocpi-client`"
    );
    TransportError::new(advice).with_kind(TransportErrorKind::Tls)
}

/// The failure of something that was waited for too long.
pub(crate) fn timeout(cause: &'static str) -> TransportError {
    TransportError::new(cause).with_kind(TransportErrorKind::Timeout)
}

/// Whether the words of a failed connection are those of TLS. Its errors have types of crates that we do not know, and
/// variants that depend on features.
pub(crate) fn is_about_tls(causes: &str) -> bool {
    let causes = causes.to_ascii_lowercase();
    ["certificate", "tls", "ssl", "handshake", "corrupt message"].iter().any(|word| causes.contains(word))
}

#[cfg(test)]
mod tests {
    use super::is_about_tls;

    #[test]
    fn the_words_of_tls_are_known() {
        for words in [
            "error sending request: client error (Connect): invalid peer certificate: UnknownIssuer",
            "error sending request: client error (Connect): received corrupt message of type InvalidContentType",
            "error sending request: client error (Connect): tls handshake eof",
            "error trying to connect: error:0A000086:SSL routines::certificate verify failed",
        ] {
            assert!(is_about_tls(words), "{words}");
        }
        for words in
            ["client error (Connect): tcp connect error: Connection refused", "dns error: no such name"]
        {
            assert!(!is_about_tls(words), "{words}");
        }
    }
}
