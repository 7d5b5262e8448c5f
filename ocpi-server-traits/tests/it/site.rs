//! A platform without sockets: a router over a store in memory, and partners whose tokens it knows.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, header};
use ocpi_server_traits::{
    Caller, Clock, Connection, Error, Handle, Memory, Objects, PartnerDirectory, Router, Routes, Store,
    StoreError,
};
use ocpi_types::endpoint::{GetCdr, GetCredentials, PostCdr};
use ocpi_types::protocol::{Envelope, Party};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::commands::{CommandResponse, CommandResponseInit, CommandResponseType, StopSession};
use ocpi_types::v2_3_0::credentials::Credentials;
use ocpi_types::v2_3_0::locations::{Connector, Evse, Location};
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{CredentialsToken, DateTime, Object, Version, json};

/// The CPO's token: it speaks for NL/ALF and NL/BET.
pub(crate) const CPO: &str = "example-token";
/// Another CPO's token: it speaks for BE/OTH.
pub(crate) const OTHER: &str = "other-token";
/// The token of somebody who has not registered yet.
pub(crate) const NEWCOMER: &str = "token-a";

/// The URL of the platform's path, as a client sends it.
pub(crate) const BASE: &str = "/ocpi/2.3.0";

pub(crate) struct Site<S = Memory> {
    pub(crate) router: Router,
    pub(crate) objects: Arc<Objects<S>>,
}

impl Site {
    /// An eMSP, DE/EMP, that takes everything.
    pub(crate) fn emsp() -> Self {
        Self::on(Memory::new())
    }
}

impl<S: Store> Site<S> {
    pub(crate) fn on(store: S) -> Self {
        Self::of(Objects::new(store, vec![party("DE/EMP")]))
    }

    pub(crate) fn of(objects: Objects<S>) -> Self {
        let objects = Arc::new(objects);
        let router = builder().version(Version::V2_3_0, |routes| everything(&objects, routes));
        Self { router: router.with_body_limit(64 << 10).build(Partners), objects }
    }

    pub(crate) fn ask(&self, request: http::Request<Bytes>) -> Answer {
        Answer::of(pollster::block_on(self.router.call(request)))
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask(request(Method::GET, path, ""))
    }

    pub(crate) fn put(&self, path: &str, body: &str) -> Answer {
        self.ask(request(Method::PUT, path, body))
    }

    pub(crate) fn patch(&self, path: &str, body: &str) -> Answer {
        self.ask(request(Method::PATCH, path, body))
    }

    pub(crate) fn post(&self, path: &str, body: &str) -> Answer {
        self.ask(request(Method::POST, path, body))
    }
}

pub(crate) fn builder() -> ocpi_server_traits::RouterBuilder {
    let now = time("12:00:00");
    Router::builder("https://emsp.example/ocpi".parse().expect("a URL"), Clock::new(move || now))
}

fn everything<S: Store>(objects: &Arc<Objects<S>>, routes: Routes) -> Routes {
    let desk = Arc::new(Desk);
    routes
        .on::<GetCredentials<Credentials>, _>(&desk)
        .receive::<Location, _>(objects)
        .patch::<Location, _>(objects)
        .receive::<Evse, _>(objects)
        .patch::<Evse, _>(objects)
        .receive::<Connector, _>(objects)
        .patch::<Connector, _>(objects)
        .receive::<Tariff, _>(objects)
        .delete::<Tariff, _>(objects)
        .receive::<Session, _>(objects)
        .patch::<Session, _>(objects)
        .receive::<Token, _>(objects)
        .patch::<Token, _>(objects)
        .on::<PostCdr<Cdr>, _>(objects)
        .on::<GetCdr<Cdr>, _>(objects)
        .send::<Token, _>(objects)
        .lookup::<Token, _>(objects)
        .send::<Location, _>(objects)
        .lookup::<Location, _>(objects)
        .on::<StopSession, _>(&desk)
}

/// Answers the requests that have nothing to do with objects.
pub(crate) struct Desk;

impl Handle<GetCredentials<Credentials>> for Desk {
    async fn handle(&self, _: &Caller, _: GetCredentials<Credentials>) -> Result<Credentials, Error> {
        Ok(parse(
            r#"{"token": "t", "url": "https://emsp.example/ocpi/versions", "roles": [{"role": "EMSP",
            "business_details": {"name": "EM"}, "country_code": "DE", "party_id": "EMP"}]}"#,
        ))
    }
}

impl Handle<StopSession> for Desk {
    async fn handle(&self, _: &Caller, _: StopSession) -> Result<CommandResponse, Error> {
        Ok(CommandResponseInit { result: CommandResponseType::Accepted, timeout: 30 }.into())
    }
}

/// PartnerDirectory of the partners.
pub(crate) struct Partners;

impl PartnerDirectory for Partners {
    async fn find(&self, tokens: &[CredentialsToken]) -> Result<Option<Connection>, StoreError> {
        let known = [
            (CPO, "cpo", vec![party("NL/ALF"), party("NL/BET")], true),
            (OTHER, "other", vec![party("BE/OTH")], true),
            (NEWCOMER, "newcomer", Vec::new(), false),
        ];
        let found = known.into_iter().find(|(token, ..)| tokens.iter().any(|given| given.expose() == *token));
        Ok(found.map(|(_, id, parties, registered)| Connection::new(id, parties, registered)))
    }
}

/// Answer of a platform. Each is checked for the parts that all answers have in common.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) code: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) message: Option<String>,
    pub(crate) data: Option<String>,
}

impl Answer {
    pub(crate) fn of(response: http::Response<Bytes>) -> Self {
        let (parts, body) = response.into_parts();
        let shown = || String::from_utf8_lossy(&body).into_owned();
        let envelope = Envelope::read(&body).unwrap_or_else(|error| panic!("{error}: {}", shown()));
        assert!(envelope.head.findings.is_empty(), "{:?}: {}", envelope.head.findings, shown());
        assert_eq!(envelope.head.timestamp, Some(time("12:00:00")), "{}", shown());
        let code = envelope.head.status_code.expect("an envelope has a status").get();
        assert_eq!(parts.headers[header::CONTENT_TYPE], "application/json");
        assert_eq!(
            code >= 2000,
            envelope.head.status_message.is_some(),
            "an error has a message: {}",
            shown()
        );
        assert!(code < 2000 || envelope.data.is_none(), "an error has no data: {}", shown());
        Self {
            status: parts.status.as_u16(),
            code,
            headers: parts.headers,
            message: envelope.head.status_message,
            data: envelope.data.map(str::to_owned),
        }
    }

    pub(crate) fn is(&self, status: u16, code: u16) -> bool {
        (self.status, self.code) == (status, code)
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16, code: u16) -> Self {
        assert!(self.is(status, code), "not HTTP {status} and {code}: {self:?}");
        self
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("ASCII"))
    }

    pub(crate) fn object<T: Object>(&self) -> T {
        parse(self.data.as_deref().expect("data"))
    }

    pub(crate) fn list<T: Object>(&self) -> Vec<T> {
        let list = json::read_list(self.data.as_deref().expect("data").as_bytes()).expect("a list");
        assert!(list.rejected.is_empty() && list.findings.is_empty(), "{:?}", list.findings);
        list.items
    }
}

/// A request with the CPO's token, to a path below the version.
pub(crate) fn request(method: Method, path: &str, body: &str) -> http::Request<Bytes> {
    raw_request(method, &format!("{BASE}{path}"), body.to_owned().into())
}

/// A request with the CPO's token, to any path.
pub(crate) fn raw_request(method: Method, path: &str, body: Bytes) -> http::Request<Bytes> {
    let request = http::Request::builder().method(method).uri(path);
    request.header(header::AUTHORIZATION, token(CPO).to_header(true)).body(body).expect("a request")
}

pub(crate) fn token(text: &str) -> CredentialsToken {
    text.parse().expect("a token")
}

pub(crate) fn party(text: &str) -> Party {
    let (country_code, party_id) = text.split_once('/').expect("a country and a party");
    Party::new(country_code, party_id).expect("a party")
}

/// A time on the day of the tests.
pub(crate) fn time(text: &str) -> DateTime {
    format!("2026-11-22T{text}Z").parse().expect("a time")
}

pub(crate) fn parse<T: Object>(text: &str) -> T {
    json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn owner(text: &str) -> String {
    let party = party(text);
    format!(r#""country_code": "{}", "party_id": "{}""#, party.country_code, party.party_id)
}

pub(crate) fn connector_json(id: &str, updated: &str) -> String {
    format!(
        r#"{{"id": "{id}", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE",
        "max_voltage": 230, "max_amperage": 32, "last_updated": "2026-11-22T{updated}Z"}}"#
    )
}

pub(crate) fn evse_json(uid: &str, updated: &str) -> String {
    format!(
        r#"{{"uid": "{uid}", "status": "AVAILABLE", "connectors": [{}], "last_updated": "2026-11-22T{updated}Z"}}"#,
        connector_json("C1", updated)
    )
}

/// A Location with the EVSE `E1`, which has the Connector `C1`.
pub(crate) fn location_json(of: &str, id: &str, updated: &str) -> String {
    format!(
        r#"{{{}, "id": "{id}", "publish": true, "address": "Stationsplein 1", "city": "Utrecht",
        "country": "NLD", "coordinates": {{"latitude": "52.08945", "longitude": "5.11027"}},
        "time_zone": "Europe/Amsterdam", "evses": [{}], "last_updated": "2026-11-22T{updated}Z"}}"#,
        owner(of),
        evse_json("E1", updated)
    )
}

pub(crate) fn tariff_json(of: &str, id: &str, updated: &str) -> String {
    format!(
        r#"{{{}, "id": "{id}", "currency": "EUR", "tax_included": "NO", "elements": [{{"price_components":
        [{{"type": "ENERGY", "price": 0.45, "step_size": 1}}]}}], "last_updated": "2026-11-22T{updated}Z"}}"#,
        owner(of)
    )
}

pub(crate) fn token_json(of: &str, uid: &str, updated: &str) -> String {
    format!(
        r#"{{{}, "uid": "{uid}", "type": "RFID", "contract_id": "C1", "issuer": "EM", "valid": true,
        "whitelist": "ALLOWED", "last_updated": "2026-11-22T{updated}Z"}}"#,
        owner(of)
    )
}

const CDR_TOKEN: &str =
    r#"{"country_code": "DE", "party_id": "EMP", "uid": "04A2", "type": "RFID", "contract_id": "C1"}"#;

pub(crate) fn session_json(of: &str, id: &str, updated: &str) -> String {
    format!(
        r#"{{{}, "id": "{id}", "start_date_time": "2026-11-22T08:00:00Z", "kwh": 1.5, "cdr_token": {CDR_TOKEN},
        "auth_method": "WHITELIST", "location_id": "L1", "evse_uid": "E1", "connector_id": "C1",
        "currency": "EUR", "status": "ACTIVE", "last_updated": "2026-11-22T{updated}Z"}}"#,
        owner(of)
    )
}

pub(crate) fn period_json(start: &str, kwh: &str) -> String {
    format!(
        r#"{{"start_date_time": "2026-11-22T{start}Z", "dimensions": [{{"type": "ENERGY", "volume": {kwh}}}]}}"#
    )
}

pub(crate) fn cdr_json(of: &str, id: &str, updated: &str) -> String {
    format!(
        r#"{{{}, "id": "{id}", "start_date_time": "2026-11-22T08:00:00Z",
        "end_date_time": "2026-11-22T09:00:00Z", "cdr_token": {CDR_TOKEN}, "auth_method": "WHITELIST",
        "cdr_location": {{"id": "L1", "address": "Stationsplein 1", "city": "Utrecht", "country": "NLD",
        "coordinates": {{"latitude": "52.08945", "longitude": "5.11027"}}, "evse_uid": "E1", "evse_id": "E1",
        "connector_id": "C1", "connector_standard": "IEC_62196_T2", "connector_format": "SOCKET",
        "connector_power_type": "AC_3_PHASE"}}, "currency": "EUR", "charging_periods": [{}],
        "total_cost": {{"before_taxes": 4.50}}, "total_energy": 10.0, "total_time": 1.0,
        "last_updated": "2026-11-22T{updated}Z"}}"#,
        owner(of),
        period_json("08:00:00", "10.0")
    )
}
