//! From a response to the answer of an endpoint.

use bytes::Bytes;
use http::header;
use ocpi_types::convert::{Context, Ledger};
use ocpi_types::endpoint::{DecodedResponse, Endpoint, RawResponse, Reply, Shape, Unread};
use ocpi_types::json::Head;
use ocpi_types::protocol::{StatusCode, headers};
use ocpi_types::v2_2_1::tokens::Token;
use ocpi_types::{DateTime, Finding};

use super::Client;
use crate::Error;
use crate::error::{Kind, masked};

/// Body that an answer without one is taken to have.
const EMPTY: &[u8] = br#"{"status_code":1000}"#;

/// An answer: its value, and what was odd about it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Answer<T> {
    /// Value that the endpoint answers with.
    pub value: T,
    /// Findings on the answer. Pointers are those of `data`; the envelope's own come first.
    pub findings: Vec<Finding>,
    /// Losses and assumptions because the partner speaks another version. Pointers are those of `data`.
    pub ledger: Ledger,
    /// OCPI's status: some `1xxx`.
    pub status_code: StatusCode,
    /// When the answer was made, by the partner's clock.
    pub timestamp: Option<DateTime>,
}

impl<T> Client<T> {
    /// Reads the answer to an endpoint's request.
    ///
    /// # Errors
    /// When it is no success, not OCPI, or its data is not what the endpoint answers with.
    pub fn response<E: Endpoint>(
        &self,
        response: http::Response<Bytes>,
    ) -> Result<Answer<E::Response>, Error> {
        self.response_about::<E>(response, None)
    }

    /// [`Client::response`], with the token that was asked about: an answer of 2.1.1 does not repeat it.
    ///
    /// # Errors
    /// As [`Client::response`].
    pub fn response_about<E: Endpoint>(
        &self,
        response: http::Response<Bytes>,
        token: Option<&Token>,
    ) -> Result<Answer<E::Response>, Error> {
        let (parts, body) = response.into_parts();
        let http = parts.status;
        let retry_after = headers::text(&parts.headers, &header::RETRY_AFTER);
        let retry_after = retry_after.and_then(|text| text.trim().parse().ok());
        let fail =
            |kind| Err(Error::new(E::name(), kind).with_body(body.clone()).with_retry_after(retry_after));
        // Some partners answer a push with nothing at all.
        let is_empty = http.is_success() && body.trim_ascii().is_empty();
        let context = Context { token, ..self.partner.relation.received() };
        let received = RawResponse {
            status: http,
            headers: &parts.headers,
            body: if is_empty { EMPTY } else { &body },
            wire: self.wire::<E>(&context),
        };
        let DecodedResponse { head, value, ledger } = match E::Response::read(&received) {
            Ok(answered) => answered,
            Err(_) if !http.is_success() => return fail(Kind::Http(http)),
            Err(cause) => return fail(Kind::NotOcpi { http, cause }),
        };
        let code = match head.status_code {
            Some(code) => code,
            // Some partners send the object without its envelope. Where no object is due, nothing tells an answer
            // from an error.
            None if http.is_success() && !matches!(E::Response::SHAPE, Shape::Nothing) => StatusCode::SUCCESS,
            None => return fail(Kind::Http(http)),
        };
        if !code.is_success() || !http.is_success() {
            let message = head.status_message.map(|message| masked(&message, &self.partner.token));
            return fail(Kind::Status { code, http }).map_err(|error| error.with_message(message));
        }
        match value {
            Ok(value) => {
                let Head { findings, timestamp, .. } = head;
                Ok(Answer { value, findings, ledger, status_code: code, timestamp })
            }
            Err(Unread::Version(error)) => fail(Kind::Version(error)),
            Err(Unread::Json(error)) => fail(Kind::Data(error)),
        }
    }
}
