//! An answer of a partner, as a fault may change it.

use bytes::Bytes;
use http::header::{self, HeaderName};
use http::{HeaderMap, HeaderValue};
use serde_json::{Map, Value, json};

use crate::NOW;

/// An answer on its way.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// An answer with this body.
    pub(crate) fn new(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        Self { status, headers, body: body.into() }
    }

    /// An envelope without data.
    pub(crate) fn status(http: u16, code: u16) -> Self {
        let mut body = json!({"status_code": code, "timestamp": NOW});
        if code >= 2000 {
            body["status_message"] = json!("no");
        }
        Self::new(http, "application/json", body.to_string())
    }

    /// A web page, as gateways send.
    pub(crate) fn page(http: u16) -> Self {
        let body = "<!DOCTYPE html><html><head><title>Oops</title></head><body><h1>Something went wrong</h1></body></html>";
        Self::new(http, "text/html", body)
    }

    pub(crate) fn of(response: http::Response<Bytes>) -> Self {
        let (parts, body) = response.into_parts();
        Self { status: parts.status.as_u16(), headers: parts.headers, body: body.to_vec() }
    }

    pub(crate) fn into_response(self) -> http::Response<Bytes> {
        let mut response = http::Response::new(Bytes::from(self.body));
        *response.status_mut() = http::StatusCode::from_u16(self.status).unwrap_or_default();
        *response.headers_mut() = self.headers;
        response
    }

    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status) && self.code().is_some_and(|code| code < 2000)
    }

    /// OCPI's status.
    pub(crate) fn code(&self) -> Option<u64> {
        serde_json::from_slice::<Value>(&self.body).ok()?.get("status_code")?.as_u64()
    }

    /// A member of the object in the data.
    pub(crate) fn member(&self, name: &str) -> Option<Value> {
        serde_json::from_slice::<Value>(&self.body).ok()?.get("data")?.get(name).cloned()
    }

    /// Changes the envelope, if there is one.
    pub(crate) fn envelope(&mut self, change: impl FnOnce(&mut Map<String, Value>)) {
        if let Ok(Value::Object(envelope)) = serde_json::from_slice(&self.body) {
            let mut changed = envelope.clone();
            change(&mut changed);
            // Where nothing changes, the text stays as it is.
            if changed != envelope {
                self.body = Value::Object(changed).to_string().into_bytes();
            }
        }
    }

    /// Changes the data of a success.
    pub(crate) fn data(&mut self, change: impl FnOnce(&mut Value)) {
        self.envelope(|envelope| envelope.get_mut("data").map_or((), change));
    }

    /// Changes each object in the data, whether it stands alone or in a list.
    pub(crate) fn objects(&mut self, mut change: impl FnMut(&mut Map<String, Value>)) {
        self.data(|data| match data {
            Value::Array(list) => list.iter_mut().filter_map(Value::as_object_mut).for_each(change),
            Value::Object(object) => change(object),
            _ => {}
        });
    }

    /// Changes the text of the body.
    pub(crate) fn text(&mut self, change: impl FnOnce(String) -> String) {
        let text = String::from_utf8_lossy(&self.body).into_owned();
        self.body = change(text).into_bytes();
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Sets a header, or takes it away.
    pub(crate) fn set_header(&mut self, name: &'static str, value: Option<&str>) {
        let name = HeaderName::from_static(name);
        match value.and_then(|value| HeaderValue::from_str(value).ok()) {
            Some(value) => drop(self.headers.insert(name, value)),
            None => drop(self.headers.remove(name)),
        }
    }
}
