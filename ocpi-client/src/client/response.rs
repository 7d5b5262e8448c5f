//! Decoding of responses into answers of an endpoint.

use bytes::Bytes;
use ocpi_types::convert::{Context, Ledger};
use ocpi_types::endpoint::{DecodedResponse, Endpoint, RawResponse, Reply, Shape, Unread};
use ocpi_types::json::{self, Data, Head};
use ocpi_types::protocol::StatusCode;
use ocpi_types::v2_2_1::tokens::Token;
use ocpi_types::{DateTime, Finding, Rule};

use super::Client;
use crate::Error;
use crate::error::{BodyForm, Kind, excerpt, masked};
use crate::retry_after::retry_after;

/// Body that an answer without one is taken to have.
const EMPTY: &[u8] = br#"{"status_code":1000}"#;

/// Answer of a partner: its value, and the findings from reading it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Answer<T> {
    /// Value of the endpoint's response type.
    pub value: T,
    /// Findings in the answer: first those of the envelope, then those of `data`, with pointers into `data`.
    pub findings: Vec<Finding>,
    /// Losses and assumptions, if the partner uses another version. Pointers start in `data`.
    pub ledger: Ledger,
    /// OCPI status, a success (`1xxx`).
    pub status_code: StatusCode,
    /// Time of the answer, by the partner's clock.
    pub timestamp: Option<DateTime>,
}

impl<T> Client<T> {
    /// Reads the answer to an endpoint's request.
    ///
    /// The first digit of the OCPI status in the envelope decides whether the request succeeded, even if the HTTP
    /// status contradicts it. But an OCPI success with an HTTP failure (4xx, 5xx) counts only if the requested data is
    /// present, and with 5xx only if the data is an object, not a list.
    ///
    /// A write, whose answer needs no data, also succeeds with any 2xx whose body is empty, plain text, or JSON without
    /// an envelope, unless the body reports a failure. A web page is never a success, and a list must be a JSON list.
    ///
    /// # Errors
    /// When the answer is a failure, is not OCPI, or its data does not have the endpoint's type.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use ocpi_client::{Client, RequestIds};
    /// use ocpi_types::Version;
    /// use ocpi_types::endpoint::{Delete, List};
    /// use ocpi_types::v2_3_0::tariffs::Tariff;
    ///
    /// let client = Client::new(Version::V2_3_0, vec![], "secret".parse()?, RequestIds::new("run-1"));
    /// let done = || http::Response::new(Bytes::from_static(b"done"));
    /// assert!(client.response::<Delete<Tariff>>(done()).is_ok());
    /// let error = client.response::<List<Tariff>>(done()).unwrap_err();
    /// assert_eq!(error.to_string(), "List<Tariff>: the answer is plain text (HTTP 200)");
    /// assert_eq!(error.excerpt(), Some("done"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn response<E: Endpoint>(
        &self,
        response: http::Response<Bytes>,
    ) -> Result<Answer<E::Response>, Error> {
        self.response_about::<E>(response, None)
    }

    /// [`Client::response`], with the token of the request: an answer of 2.1.1 does not repeat it.
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
        let fail = |kind: Kind| {
            let is_ocpi = !matches!(kind, Kind::Http { .. } | Kind::NotOcpi { .. });
            let excerpt = if is_ocpi { None } else { excerpt(&body, &self.partner.token) };
            let wait = retry_after(&parts.headers, || self.partner.sending.clock.now());
            Err(Error::new(E::name(), kind)
                .with_body(body.clone())
                .with_excerpt(excerpt)
                .with_retry_after(wait))
        };
        let form = || BodyForm::of(&body);
        let context = Context { token, ..self.relation_at::<E>().received() };
        let received = RawResponse {
            status: http,
            headers: &parts.headers,
            // Some partners answer a push with nothing at all.
            body: if http.is_success() && form() == BodyForm::Empty { EMPTY } else { &body },
            wire: self.wire::<E>(&context),
        };
        let is_write = matches!(E::Response::SHAPE, Shape::Nothing);
        let is_done = || http.is_success() && is_write && !json::tells_failure(&body);
        let read = match E::Response::read(&received) {
            // Some say `OK`.
            Err(_) if form() == BodyForm::Text && is_done() => {
                E::Response::read(&RawResponse { body: EMPTY, ..received }).map(|mut said| {
                    said.head.findings.push(Finding::of_document(Rule::Envelope));
                    said
                })
            }
            read => read,
        };
        let DecodedResponse { mut head, value, ledger } = match read {
            Ok(answered) => answered,
            Err(_) if !http.is_success() => return fail(Kind::Http { http, form: form() }),
            Err(cause) => return fail(Kind::NotOcpi { http, form: form(), cause }),
        };
        let code = match head.status_code {
            Some(code) => code,
            // Some partners send the object without its envelope, and to a write anything.
            None if http.is_success() && !is_write || is_done() => StatusCode::SUCCESS,
            None => return fail(Kind::Http { http, form: form() }),
        };
        if code.is_success() && is_contradicted(http, E::Response::SHAPE, &head) && value.is_ok() {
            head.findings.push(Finding::of_document(Rule::HttpStatus));
        } else if !code.is_success() || !http.is_success() {
            let message = head.status_message.map(|message| masked(&message, &self.partner.token));
            return fail(Kind::Status { code, http }).map_err(|error| error.with_message(message));
        }
        match value {
            Ok(value) => {
                let Head { findings, timestamp, .. } = head;
                self.learned().tell(&E::name(), &findings);
                Ok(Answer { value, findings, ledger, status_code: code, timestamp })
            }
            Err(unread) => {
                let kind = match unread {
                    Unread::Version(error) => Kind::Version(error),
                    Unread::Json(error) => Kind::Data(error),
                };
                // Nothing at all has no status of its own.
                let said = head.status_code.filter(|_| form() != BodyForm::Empty);
                fail(kind).map_err(|error| error.of_answer(http, said))
            }
        }
    }
}

/// Whether HTTP's status says that the request failed, and there is data by which it succeeded all the same. An empty list
/// may come of a failure of the server: taken for a whole one, it would end the paging too early.
fn is_contradicted(http: http::StatusCode, shape: Shape, head: &Head) -> bool {
    let has_data = matches!(head.data, Data::Object | Data::List);
    has_data
        && match shape {
            Shape::Nothing => false,
            Shape::One(_) => http.is_client_error() || http.is_server_error(),
            Shape::List(_) | Shape::Page(_) => http.is_client_error(),
        }
}
