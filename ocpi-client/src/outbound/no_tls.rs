//! Programs without TLS.

use crate::{TransportError, TransportErrorKind};

/// The failure of a program that has no TLS.
pub(crate) fn no_tls(feature: &str) -> TransportError {
    let advice = format!(
        "an https URL needs TLS, which is not compiled in: enable the feature `{feature}` (rustls) or \
         `{feature}-native-tls` of `ocpi-client`"
    );
    TransportError::new(advice).with_kind(TransportErrorKind::Tls)
}
