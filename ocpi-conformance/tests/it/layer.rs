//! Layer of faults over a correct server.

use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, header};
use ocpi_client::Transport;
use ocpi_client::transport::from_fn;
use ocpi_testkit::Network;
use serde_json::{Value, json};

/// A request on its way.
pub(crate) struct Asked {
    pub(crate) request: http::Request<Bytes>,
    /// As it came, before a fault changed it.
    pub(crate) path: String,
    /// Number of requests before it.
    pub(crate) number: usize,
    /// The right header of authorization.
    pub(crate) right: String,
}

impl Asked {
    pub(crate) fn is(&self, method: Method) -> bool {
        *self.request.method() == method
    }

    pub(crate) fn is_authorized(&self) -> bool {
        self.token() == self.right
    }

    pub(crate) fn token(&self) -> &str {
        self.request.headers().get(header::AUTHORIZATION).map_or("", |it| it.to_str().expect("a text"))
    }

    /// Lets it in, whoever sent it.
    pub(crate) fn authorize(&mut self) {
        let right = HeaderValue::from_str(&self.right).expect("a text");
        self.request.headers_mut().insert(header::AUTHORIZATION, right);
    }

    /// A parameter of the query, decoded as far as times need it.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let query = self.request.uri().query()?.to_owned();
        let found = query
            .split('&')
            .find_map(|pair| pair.split_once('=').filter(|it| it.0 == name).map(|it| it.1.to_owned()));
        found.map(|text| text.replace("%3A", ":"))
    }

    /// Sets a parameter of the query, or takes it out.
    pub(crate) fn set_query(&mut self, name: &str, value: Option<&str>) {
        let uri = self.request.uri().to_string();
        let (base, query) = uri.split_once('?').unwrap_or((&uri, ""));
        let kept = query.split('&').filter(|pair| !pair.is_empty() && pair.split('=').next() != Some(name));
        let mut pairs: Vec<String> = kept.map(str::to_owned).collect();
        pairs.extend(value.map(|value| format!("{name}={value}")));
        let whole = if pairs.is_empty() { base.to_owned() } else { format!("{base}?{}", pairs.join("&")) };
        *self.request.uri_mut() = whole.parse().expect("a URL");
    }
}

/// An answer on its way.
pub(crate) struct Told {
    pub(crate) status: StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Told {
    pub(crate) fn success(data: &Value) -> Self {
        let body = json!({"data": data, "status_code": 1000, "timestamp": ocpi_testkit::NOW}).to_string();
        let mut headers = http::HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Self { status: StatusCode::OK, headers, body: body.into() }
    }

    pub(crate) fn envelope(&mut self, change: impl FnOnce(&mut Value)) {
        if let Ok(mut envelope) = serde_json::from_slice(&self.body) {
            change(&mut envelope);
            self.body = envelope.to_string().into_bytes();
        }
    }

    pub(crate) fn data(&mut self, change: impl FnOnce(&mut Value)) {
        self.envelope(|envelope| envelope.get_mut("data").map_or((), change));
    }

    pub(crate) fn items(&mut self, change: impl FnOnce(&mut Vec<Value>)) {
        self.data(|data| data.as_array_mut().map_or((), change));
    }

    pub(crate) fn set(&mut self, name: &'static str, value: Option<&str>) {
        match value {
            Some(value) => drop(self.headers.insert(name, HeaderValue::from_str(value).expect("a text"))),
            None => drop(self.headers.remove(name)),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).map(|it| it.to_str().expect("a text").to_owned())
    }
}

/// Misdeed of a server.
#[derive(Clone, Copy)]
pub(crate) enum Deed {
    /// Answers by itself, or changes the request.
    Before(fn(&mut Asked) -> Option<Told>),
    /// Changes the answer.
    After(fn(&Asked, &mut Told)),
}

/// A transport to a server that does something wrong where `concerns` says so.
pub(crate) fn over(
    network: &Network,
    right: String,
    concerns: impl Fn(&Asked) -> bool + Clone + Send + Sync + 'static,
    deed: Deed,
) -> impl Transport + 'static {
    let (network, count) = (network.clone(), AtomicUsize::new(0));
    from_fn(move |request: http::Request<Bytes>| {
        let path = request.uri().path().to_owned();
        let number = count.fetch_add(1, Ordering::Relaxed);
        let mut asked = Asked { request, path, number, right: right.clone() };
        let (network, is_concerned) = (network.clone(), concerns(&asked));
        async move {
            let early = match deed {
                Deed::Before(deed) if is_concerned => deed(&mut asked),
                _ => None,
            };
            let mut told = match early {
                Some(told) => told,
                None => {
                    let (parts, body) = network.send(asked.request.clone()).await?.into_parts();
                    Told { status: parts.status, headers: parts.headers, body: body.to_vec() }
                }
            };
            if let (Deed::After(deed), true) = (deed, is_concerned) {
                deed(&asked, &mut told);
            }
            let mut response = http::Response::new(Bytes::from(told.body));
            (*response.status_mut(), *response.headers_mut()) = (told.status, told.headers);
            Ok(response)
        }
    })
}
