//! A request to be sent.

use http::Method;
use ocpi_types::CredentialsToken;

/// Authorization of a request.
#[derive(Clone, Debug)]
pub(crate) enum Auth {
    /// The token that we have, in the form that is known to work.
    Ours,
    /// The token that we have, in this form.
    Form { base64: bool },
    /// Another token.
    Token(CredentialsToken),
    /// None.
    Nothing,
}

/// A request to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) method: Method,
    pub(crate) url: String,
    pub(crate) auth: Auth,
    pub(crate) body: Option<Vec<u8>>,
    /// Whether it is of a functional module, whose messages have routing headers.
    pub(crate) is_functional: bool,
}

impl Ask {
    pub(crate) fn new(method: Method, url: impl Into<String>) -> Self {
        Self { method, url: url.into(), auth: Auth::Ours, body: None, is_functional: false }
    }

    pub(crate) fn get(url: impl Into<String>) -> Self {
        Self::new(Method::GET, url)
    }

    /// With routing headers.
    pub(crate) fn functional(self) -> Self {
        Self { is_functional: true, ..self }
    }

    pub(crate) fn auth(self, auth: Auth) -> Self {
        Self { auth, ..self }
    }

    pub(crate) fn body(self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: Some(body.into()), ..self }
    }
}

/// The URL with more parameters; the text of the URL itself stays as it is.
pub(crate) fn with_query(url: &str, pairs: &[(&str, String)]) -> String {
    let mut out = url.to_owned();
    for (name, value) in pairs {
        out.push(if out.contains('?') { '&' } else { '?' });
        let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        out.push_str(&format!("{name}={encoded}"));
    }
    out
}
