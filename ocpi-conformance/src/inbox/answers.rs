//! Answers of an inbox.

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use http::{HeaderValue, Method, StatusCode};
use ocpi_types::{CredentialsToken, ModuleId, Url, Version};
use serde_json::{Value, json};

use super::Got;
use super::state::State;

/// Largest body that is taken, in bytes.
const LARGEST: usize = 1 << 20;
/// Modules that we offer, as far as the version has them.
const MODULES: [ModuleId; 8] = [
    ModuleId::Credentials,
    ModuleId::Locations,
    ModuleId::Tariffs,
    ModuleId::Sessions,
    ModuleId::Cdrs,
    ModuleId::Tokens,
    ModuleId::Commands,
    ModuleId::ChargingProfiles,
];

/// Answers a request, and keeps it.
pub(super) fn answer(state: &mut State, base: &Url, request: http::Request<Bytes>) -> http::Response<Bytes> {
    let (parts, body) = request.into_parts();
    let said = if state.is_down {
        Said::refusal(StatusCode::SERVICE_UNAVAILABLE, 3000, "down")
    } else if body.len() > LARGEST {
        Said::refusal(StatusCode::PAYLOAD_TOO_LARGE, 2001, "the body is too large")
    } else {
        let root = base.parse().map(|url| url.path().trim_end_matches('/').to_owned()).unwrap_or_default();
        match parts.uri.path().strip_prefix(&root) {
            Some(path) => {
                let tokens = tokens_of(&parts.headers);
                let got = Got {
                    method: parts.method.clone(),
                    path: path.to_owned(),
                    body,
                    is_authorized: tokens.iter().any(|it| state.tokens.contains(it)),
                    is_newest: state.tokens.last().is_some_and(|it| tokens.contains(it)),
                };
                let said = say(state, base, &got);
                state.keep(got);
                said
            }
            None => Said::refusal(StatusCode::NOT_FOUND, 2000, "nothing is here"),
        }
    };
    let mut response = said.written(state, base);
    for name in ["x-request-id", "x-correlation-id"] {
        if let Some(id) = parts.headers.get(name) {
            response.headers_mut().insert(name, id.clone());
        }
    }
    response
}

/// Tokens that a request may mean.
fn tokens_of(headers: &http::HeaderMap) -> Vec<CredentialsToken> {
    let header = headers.get(AUTHORIZATION).and_then(|it| it.to_str().ok()).unwrap_or_default();
    CredentialsToken::candidates(header)
}

/// An answer that is not written yet.
struct Said {
    status: StatusCode,
    code: u16,
    message: Option<&'static str>,
    data: Option<Value>,
    /// Path of the header `Location`, below the base.
    location: Option<String>,
    is_list: bool,
}

impl Said {
    fn success(data: Option<Value>) -> Self {
        Self { status: StatusCode::OK, code: 1000, message: None, data, location: None, is_list: false }
    }

    fn refusal(status: StatusCode, code: u16, message: &'static str) -> Self {
        Self { status, code, message: Some(message), ..Self::success(None) }
    }

    fn written(self, state: &State, base: &Url) -> http::Response<Bytes> {
        let mut envelope =
            json!({"status_code": self.code, "timestamp": state.clock.now().with_zone().to_string()});
        if let Some(data) = self.data {
            envelope["data"] = data;
        }
        if let Some(message) = self.message {
            envelope["status_message"] = message.into();
        }
        let mut response = http::Response::new(Bytes::from(envelope.to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if self.is_list {
            headers.insert("x-total-count", HeaderValue::from_static("0"));
            headers.insert("x-limit", HeaderValue::from_static("100"));
        }
        let url = self.location.map(|path| base.join(path.split('/').filter(|it| !it.is_empty())));
        if let Some(value) = url.and_then(|url| HeaderValue::from_str(url.as_str()).ok()) {
            headers.insert(LOCATION, value);
        }
        response
    }
}

fn say(state: &State, base: &Url, got: &Got) -> Said {
    let segments: Vec<&str> = got.path.split('/').filter(|it| !it.is_empty()).collect();
    let version = state.version.as_str();
    let is_result = matches!(segments.as_slice(), [of, "results", _] if *of == version);
    // The server may have a token of a registration that the suite did not make.
    let is_open = is_result && state.tokens.is_empty();
    if !got.is_authorized && !is_open {
        return Said::refusal(StatusCode::UNAUTHORIZED, 2001, "the token is not known");
    }
    match (got.method.clone(), segments.as_slice()) {
        (Method::GET, ["versions"]) => {
            let url = base.join([version]);
            Said::success(Some(json!([{"version": version, "url": url.as_str()}])))
        }
        (Method::GET, [of]) if *of == version => Said::success(Some(details(state.version, base))),
        (method, [of, rest @ ..]) if *of == version && !rest.is_empty() => offered(&method, &got.path, rest),
        _ => Said::refusal(StatusCode::NOT_FOUND, 2000, "nothing is here"),
    }
}

/// Requests to the modules that we offer.
fn offered(method: &Method, path: &str, segments: &[&str]) -> Said {
    let unknown = || Said::refusal(StatusCode::NOT_FOUND, 2003, "there is no such object");
    match (method.as_str(), segments) {
        (_, ["credentials", ..]) => {
            Said::refusal(StatusCode::METHOD_NOT_ALLOWED, 2000, "the suite registers, nobody with it")
        }
        ("POST", ["tokens", _, "authorize"] | ["sender", "tokens", _, "authorize"]) => {
            Said::refusal(StatusCode::NOT_FOUND, 2004, "the token is not known")
        }
        ("POST", ["commands", _] | ["receiver", "commands", _]) => {
            Said::success(Some(json!({"result": "NOT_SUPPORTED", "timeout": 0})))
        }
        ("GET", [_] | ["sender", _]) => Said { is_list: true, ..Said::success(Some(json!([]))) },
        ("GET", _) => unknown(),
        ("POST", ["cdrs"] | ["receiver", "cdrs"]) => {
            Said { location: Some(format!("{path}/taken")), ..Said::success(None) }
        }
        _ => Said::success(None),
    }
}

fn details(version: Version, base: &Url) -> Value {
    let known = MODULES.iter().filter(|module| module.versions().is_none_or(|it| it.contains(version)));
    let mut endpoints = Vec::new();
    for module in known {
        let name = module.as_str();
        if version < Version::V2_2 {
            let url = base.join([version.as_str(), name]);
            endpoints.push(json!({"identifier": name, "url": url.as_str()}));
            continue;
        }
        let roles: &[&str] =
            if *module == ModuleId::Credentials { &["SENDER"] } else { &["SENDER", "RECEIVER"] };
        for role in roles {
            let url = if *module == ModuleId::Credentials {
                base.join([version.as_str(), name])
            } else {
                base.join([version.as_str(), &*role.to_ascii_lowercase(), name])
            };
            endpoints.push(json!({"identifier": name, "role": role, "url": url.as_str()}));
        }
    }
    json!({"version": version.as_str(), "endpoints": endpoints})
}
