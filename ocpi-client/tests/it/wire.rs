//! A partner made of answers.

use std::collections::VecDeque;
use std::sync::Mutex;

use bytes::Bytes;
use ocpi_client::{Peer, RequestIds, Transport, TransportError};
use ocpi_types::v2_3_0::versions::{Endpoint, EndpointInit};
use ocpi_types::{CredentialsToken, InterfaceRole, ModuleId, Object, Version, json};

/// The token by which the partner knows us.
pub(crate) const TOKEN: &str = "canary-4f1c9be27d";

/// A CPO and eMSP in one, that offers every module both ways.
pub(crate) fn peer() -> Peer {
    let both = [(InterfaceRole::Sender, "sender"), (InterfaceRole::Receiver, "receiver")];
    let endpoints = both.iter().flat_map(|(role, path)| {
        let url = move |module: &ModuleId| format!("https://cpo.example/ocpi/2.3.0/{path}/{module}");
        ModuleId::ALL.iter().map(move |module| endpoint(module.clone(), role.clone(), &url(module)))
    });
    let versions = "https://cpo.example/ocpi/versions".parse().expect("a URL");
    Peer::new(Version::V2_3_0, endpoints.collect(), token(TOKEN), RequestIds::new("run"))
        .with_versions_url(versions)
}

pub(crate) fn endpoint(identifier: ModuleId, role: InterfaceRole, url: &str) -> Endpoint {
    EndpointInit { identifier, role, url: url.parse().expect("a URL") }.into()
}

pub(crate) fn token(text: &str) -> CredentialsToken {
    text.parse().expect("a token")
}

pub(crate) fn parse<T: Object>(text: &str) -> T {
    json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// An answer with this status, these headers and this body.
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> http::Response<Bytes> {
    let mut response = http::Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(body.to_owned().into()).expect("a response")
}

/// A success with this data.
pub(crate) fn success(data: &str) -> http::Response<Bytes> {
    answer(200, &[], &envelope(data))
}

pub(crate) fn envelope(data: &str) -> String {
    format!(r#"{{"data": {data}, "status_code": 1000, "timestamp": "2026-11-22T10:00:00Z"}}"#)
}

/// A failure with this HTTP status and this status of OCPI.
pub(crate) fn failure(http: u16, code: u16) -> http::Response<Bytes> {
    answer(http, &[], &format!(r#"{{"status_code": {code}, "timestamp": "2026-11-22T10:00:00Z"}}"#))
}

/// Gives answers one after the other, and keeps the requests.
#[derive(Default)]
pub(crate) struct Script {
    answers: Mutex<VecDeque<Result<http::Response<Bytes>, TransportError>>>,
    requests: Mutex<Vec<http::Request<Bytes>>>,
}

impl Script {
    pub(crate) fn of(answers: impl IntoIterator<Item = http::Response<Bytes>>) -> Self {
        let answers = Mutex::new(answers.into_iter().map(Ok).collect());
        Self { answers, requests: Mutex::default() }
    }

    /// After all other answers: no answer.
    pub(crate) fn then_nothing(self) -> Self {
        self.then(Err(TransportError::new("the line is dead")))
    }

    pub(crate) fn then(self, next: Result<http::Response<Bytes>, TransportError>) -> Self {
        self.answers.lock().expect("no panic").push_back(next);
        self
    }

    pub(crate) fn requests(&self) -> Vec<http::Request<Bytes>> {
        self.requests.lock().expect("no panic").clone()
    }

    /// Returns the requests that were sent, as method and URL.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.requests().iter().map(|request| format!("{} {}", request.method(), request.uri())).collect()
    }
}

impl Transport for Script {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        let shown = format!("{} {}", request.method(), request.uri());
        self.requests.lock().expect("no panic").push(request);
        let next = self.answers.lock().expect("no panic").pop_front();
        next.unwrap_or_else(|| panic!("{shown}: nobody expected this request"))
    }
}

pub(crate) const SESSION: &str = r#"{"country_code": "NL", "party_id": "ALF", "id": "S1",
    "start_date_time": "2026-11-22T08:00:00Z", "kwh": 1.5, "cdr_token": {"country_code": "DE",
    "party_id": "EMP", "uid": "04A2", "type": "RFID", "contract_id": "C1"}, "auth_method": "WHITELIST",
    "location_id": "L1", "evse_uid": "E1", "connector_id": "C1", "currency": "EUR", "status": "ACTIVE",
    "last_updated": "2026-11-22T10:00:00Z"}"#;

/// A Tariff with this id.
pub(crate) fn tariff(id: &str) -> String {
    format!(
        r#"{{"country_code": "NL", "party_id": "ALF", "id": "{id}", "currency": "EUR", "tax_included": "NO",
        "elements": [{{"price_components": [{{"type": "ENERGY", "price": 0.45, "step_size": 1}}]}}],
        "last_updated": "2026-11-22T10:00:00Z"}}"#
    )
}
