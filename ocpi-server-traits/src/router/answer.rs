//! Conversion of a reply or an error to an HTTP response.

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use ocpi_types::convert::status_for;
use ocpi_types::endpoint::EncodedResponse;
use ocpi_types::json::Cuts;
use ocpi_types::protocol::{Party, StatusCode, headers, write_envelope};
use ocpi_types::{DateTime, Version};

use super::watch::Watch;
use crate::Error;

/// Ids that an answer repeats.
const IDS: [HeaderName; 2] = [headers::X_REQUEST_ID, headers::X_CORRELATION_ID];

/// Parts of a request that its answer repeats.
pub(super) struct Echo {
    /// Those of [`IDS`].
    ids: [Option<HeaderValue>; 2],
    pub(super) from: Option<Party>,
    pub(super) to: Option<Party>,
    /// Whether the answer has no body.
    is_head: bool,
}

impl Echo {
    pub(super) fn of(request: &Parts) -> Self {
        let is_head = request.method == Method::HEAD;
        let request = &request.headers;
        let ids = IDS.map(|name| {
            let is_id = headers::message_id(request, &name).is_some();
            request.get(name).filter(|_| is_id).cloned()
        });
        Self { ids, from: headers::from_party(request), to: headers::to_party(request), is_head }
    }

    fn write(&self, answer: &mut HeaderMap) {
        for (name, id) in IDS.into_iter().zip(&self.ids) {
            if let Some(id) = id {
                answer.insert(name, id.clone());
            }
        }
        // The answer goes back to the party that the request came from.
        headers::write_routing(answer, self.from.as_ref(), self.to.as_ref());
    }
}

/// The answer to the question which methods a URL has.
pub(super) fn options(methods: HeaderValue) -> EncodedResponse {
    let mut answer = EncodedResponse::empty();
    answer.headers.insert(header::ALLOW, methods);
    answer
}

pub(super) fn success(
    parts: EncodedResponse,
    message: Option<&str>,
    echo: &Echo,
    now: DateTime,
    watch: Watch,
) -> http::Response<Bytes> {
    let body = write_envelope(parts.data.as_deref(), StatusCode::SUCCESS, message, now);
    let mut response = respond(parts.status, parts.headers, body, echo);
    watch.answered(&response, StatusCode::SUCCESS);
    if !parts.cuts.is_empty() {
        response.extensions_mut().insert(Cuts(parts.cuts));
    }
    response
}

/// Answers with an error; its observer is told of the cause, the partner is not.
pub(super) fn refusal(
    error: &Error,
    version: Version,
    echo: &Echo,
    now: DateTime,
    watch: Watch,
) -> http::Response<Bytes> {
    let message = error.to_string();
    let code = status_for(error.status_code(), version);
    let body = write_envelope(error.data(), code, Some(&message), now);
    let mut headers = HeaderMap::new();
    if let Some(seconds) = error.retry_after() {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    if let Some(methods) = error.allowed() {
        headers.insert(header::ALLOW, methods.clone());
    }
    let response = respond(error.http_status(), headers, body, echo);
    watch.refused(error, &response, code);
    response
}

fn respond(
    status: http::StatusCode,
    mut headers: HeaderMap,
    body: Vec<u8>,
    echo: &Echo,
) -> http::Response<Bytes> {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    echo.write(&mut headers);
    let body = if echo.is_head { only_size(&mut headers, &body) } else { Bytes::from(body) };
    let mut response = http::Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// Says how long the body would be.
fn only_size(headers: &mut HeaderMap, body: &[u8]) -> Bytes {
    headers.insert(header::CONTENT_LENGTH, body.len().into());
    Bytes::new()
}
