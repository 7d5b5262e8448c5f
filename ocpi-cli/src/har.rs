//! HTTP archives (HAR 1.2): messages as tools for the web read them, and as `replay` takes them up again.
//!
//! Members whose names begin with `_` are ours: the format leaves room for them.

use ocpi_platform::{LoggedBody, LoggedMessage, LoggedResponse};
use serde::{Deserialize, Serialize};

/// An archive, as far as it is read.
#[derive(Debug, Deserialize)]
pub(crate) struct Archive {
    pub(crate) log: Log,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Log {
    pub(crate) entries: Vec<Entry>,
}

/// A request with its response.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    #[serde(default)]
    started_date_time: String,
    #[serde(default)]
    time: serde_json::Value,
    pub(crate) request: Request,
    pub(crate) response: Response,
    #[serde(default)]
    cache: Empty,
    #[serde(default)]
    timings: Timings,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    #[serde(rename = "_ocpi", default, skip_serializing_if = "Option::is_none")]
    pub(crate) ocpi: Option<Ocpi>,
}

/// Facts of OCPI about an entry.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Ocpi {
    /// `inbound` or `outbound`.
    pub(crate) direction: String,
    pub(crate) partner: String,
    pub(crate) version: Option<String>,
    pub(crate) module: Option<String>,
    pub(crate) endpoint: Option<String>,
    /// OCPI's status of the response.
    pub(crate) status: Option<u16>,
    /// The URL that all URLs of our platform begin with.
    pub(crate) base: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) url: String,
    #[serde(default)]
    http_version: String,
    #[serde(default)]
    cookies: Vec<Empty>,
    #[serde(default)]
    pub(crate) headers: Vec<Pair>,
    #[serde(default)]
    query_string: Vec<Pair>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) post_data: Option<PostData>,
    #[serde(default)]
    headers_size: i64,
    #[serde(default)]
    body_size: i64,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Response {
    pub(crate) status: u16,
    #[serde(default)]
    status_text: String,
    #[serde(default)]
    http_version: String,
    #[serde(default)]
    cookies: Vec<Empty>,
    #[serde(default)]
    headers: Vec<Pair>,
    #[serde(default)]
    pub(crate) content: Content,
    #[serde(rename = "redirectURL", default)]
    redirect_url: String,
    #[serde(default)]
    headers_size: i64,
    #[serde(default)]
    body_size: i64,
}

/// A header, or a parameter of a query.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Pair {
    pub(crate) name: String,
    pub(crate) value: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PostData {
    #[serde(default)]
    mime_type: String,
    #[serde(default)]
    params: Vec<Empty>,
    #[serde(default)]
    pub(crate) text: String,
    /// Whether the end of the text, or all of it, is missing.
    #[serde(rename = "_cut", default)]
    pub(crate) is_cut: bool,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Content {
    #[serde(default)]
    size: i64,
    #[serde(default)]
    mime_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<String>,
}

#[derive(Debug, Default, Deserialize, Serialize)]
struct Timings {
    #[serde(default)]
    send: serde_json::Value,
    #[serde(default)]
    wait: serde_json::Value,
    #[serde(default)]
    receive: serde_json::Value,
}

/// An object of which nothing is read, and in which nothing is written.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Empty {}

const JSON: &str = "application/json";
const HTTP: &str = "HTTP/1.1";
/// Stands for a size that is not known.
const UNKNOWN: i64 = -1;

impl Entry {
    /// Makes an entry of a logged message of a platform with a base URL.
    pub(crate) fn of(message: &LoggedMessage, base: &str) -> Self {
        let time = u64::try_from(message.duration.as_millis()).unwrap_or(u64::MAX);
        let response = message.response.as_ref();
        Self {
            started_date_time: message.at.to_string(),
            time: time.into(),
            request: Request::of(message),
            response: response.map_or_else(Response::none, Response::of),
            cache: Empty {},
            timings: Timings { send: 0.into(), wait: time.into(), receive: 0.into() },
            comment: message.error.clone(),
            ocpi: Some(Ocpi {
                direction: message.direction.as_str().to_owned(),
                partner: message.partner.clone(),
                version: message.version.clone(),
                module: message.module.clone(),
                endpoint: message.endpoint.clone(),
                status: response.and_then(|response| response.ocpi),
                base: base.to_owned(),
            }),
        }
    }
}

impl Request {
    fn of(message: &LoggedMessage) -> Self {
        let body = &message.body;
        let post_data = (body.bytes > 0).then(|| PostData {
            mime_type: JSON.to_owned(),
            params: Vec::new(),
            text: body.text.clone().unwrap_or_default(),
            is_cut: body.is_cut || body.text.is_none(),
        });
        Self {
            method: message.method.clone(),
            url: message.url.clone(),
            http_version: HTTP.to_owned(),
            cookies: Vec::new(),
            headers: pairs(&message.headers),
            query_string: query(&message.url),
            post_data,
            headers_size: UNKNOWN,
            body_size: size(body),
        }
    }
}

impl Response {
    fn of(response: &LoggedResponse) -> Self {
        let status = http::StatusCode::from_u16(response.http).ok();
        let text = status.and_then(|status| status.canonical_reason()).unwrap_or_default();
        Self {
            status: response.http,
            status_text: text.to_owned(),
            http_version: HTTP.to_owned(),
            cookies: Vec::new(),
            headers: pairs(&response.headers),
            content: Content {
                size: size(&response.body),
                mime_type: JSON.to_owned(),
                text: response.body.text.clone(),
            },
            redirect_url: String::new(),
            headers_size: UNKNOWN,
            body_size: size(&response.body),
        }
    }

    /// There is none: the format has status 0 for that.
    fn none() -> Self {
        Self {
            status: 0,
            status_text: String::new(),
            http_version: HTTP.to_owned(),
            cookies: Vec::new(),
            headers: Vec::new(),
            content: Content { size: 0, mime_type: JSON.to_owned(), text: None },
            redirect_url: String::new(),
            headers_size: UNKNOWN,
            body_size: UNKNOWN,
        }
    }
}

/// Beginning and end of an archive, around its entries.
pub(crate) fn frame() -> (String, &'static str) {
    let creator = serde_json::json!({ "name": "ocpi", "version": env!("CARGO_PKG_VERSION") });
    (format!("{{\"log\":{{\"version\":\"1.2\",\"creator\":{creator},\"entries\":["), "]}}\n")
}

fn size(body: &LoggedBody) -> i64 {
    i64::try_from(body.bytes).unwrap_or(UNKNOWN)
}

fn pairs(headers: &[(String, String)]) -> Vec<Pair> {
    headers.iter().map(|(name, value)| Pair { name: name.clone(), value: value.clone() }).collect()
}

fn query(url: &str) -> Vec<Pair> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        Pair { name: name.to_owned(), value: value.to_owned() }
    };
    query.split('&').filter(|text| !text.is_empty()).map(pair).collect()
}
