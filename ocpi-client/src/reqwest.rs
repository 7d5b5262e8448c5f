//! A transport over the crate reqwest.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use ocpi_types::observe::Chain;

use crate::{Transport, TransportError, TransportErrorKind};

/// Sends requests by reqwest: no redirects, and answers up to a limit only.
#[derive(Clone, Debug)]
pub struct Reqwest {
    client: reqwest::Client,
    body_limit: usize,
}

impl Reqwest {
    /// The most bytes of an answer that are read unless asked otherwise: 64 MiB.
    pub const BODY_LIMIT: usize = 64 << 20;

    /// A client that gives up after `timeout`, and connects only directly.
    ///
    /// # Errors
    /// When reqwest cannot be set up.
    pub fn new(timeout: Duration) -> Result<Self, TransportError> {
        let client = reqwest::Client::builder().timeout(timeout).no_proxy();
        Self::from_builder(client)
    }

    /// Makes a client from a builder of reqwest. Redirects are switched off whatever the builder says.
    ///
    /// # Errors
    /// When reqwest cannot be set up.
    pub fn from_builder(builder: reqwest::ClientBuilder) -> Result<Self, TransportError> {
        let client =
            builder.redirect(reqwest::redirect::Policy::none()).build().map_err(TransportError::new)?;
        Ok(Self { client, body_limit: Self::BODY_LIMIT })
    }

    /// With answers of at most this many bytes.
    #[must_use]
    pub fn with_body_limit(self, body_limit: usize) -> Self {
        Self { body_limit, ..self }
    }
}

impl Transport for Reqwest {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let is_https = request.uri().scheme_str() == Some("https");
        let request = reqwest::Request::try_from(request).map_err(|error| failed(error, is_https))?;
        let failed = |error| failed(error, is_https);
        let mut answer = self.client.execute(request).await.map_err(failed)?;
        let mut response = http::Response::new(());
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            if body.len().saturating_add(chunk.len()) > self.body_limit {
                let error = TransportError::new("the answer is larger than the limit");
                return Err(error.with_kind(TransportErrorKind::TooLarge));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(response.map(|()| body.freeze()))
    }
}

/// The failure of a request. Its URL is left out: it may hold a driver's token.
fn failed(error: reqwest::Error, is_https: bool) -> TransportError {
    let error = error.without_url();
    if error.is_timeout() {
        return TransportError::new(error).with_kind(TransportErrorKind::Timeout);
    }
    let causes = Chain(&error).to_string();
    if is_https && causes.contains("scheme is not http") {
        let advice = "reqwest was built without TLS: choose one of its features, such as `rustls-tls`";
        return TransportError::new(advice).with_kind(TransportErrorKind::Tls);
    }
    let kind = match error.is_connect() {
        true if is_https && is_about_tls(&causes) => TransportErrorKind::Tls,
        true => TransportErrorKind::Connect,
        false => TransportErrorKind::Other,
    };
    TransportError::new(error).with_kind(kind)
}

/// Whether the words of a failed connection are those of TLS. Its errors have types of crates that we do not know.
fn is_about_tls(causes: &str) -> bool {
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
