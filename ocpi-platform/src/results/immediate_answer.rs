//! The partner's immediate answer, as far as it is readable.

use ocpi_client::{Answer, Error as ClientError, TransportError, TransportErrorKind};
use ocpi_types::convert::Ledger;
use ocpi_types::json::{self, Reading};
use ocpi_types::protocol::{Envelope, StatusCode};
use ocpi_types::{Finding, Version};

use super::ResultLimits;
use super::entry::Next;
use super::request::Acknowledgement;

/// The partner's immediate answer, if there is one.
///
/// | | `value` | `failure` |
/// |---|---|---|
/// | an answer, possibly without `timeout` | the answer | – |
/// | an unreadable success | – | the reason; the result is awaited |
/// | no answer, and the partner may have the request | – | the reason; the result is awaited |
#[derive(Debug)]
#[non_exhaustive]
pub struct ImmediateAnswer<A> {
    /// The answer. In a handle made from an id, it is the stored answer, and the other fields are empty.
    pub value: Option<A>,
    /// Findings in the answer: a missing `timeout`, for example. Pointers start in `data`.
    pub findings: Vec<Finding>,
    /// Losses and assumptions, if the partner uses another version.
    pub ledger: Ledger,
    /// Reason why there is no readable answer.
    pub failure: Option<ClientError>,
}

impl<A> ImmediateAnswer<A> {
    /// Whether it is unknown if the partner has the request: there was neither an answer nor a refusal.
    pub fn is_delivery_unclear(&self) -> bool {
        self.value.is_none() && self.failure.as_ref().is_some_and(|error| !is_unreadable_success(error))
    }

    pub(super) fn stored(value: Option<A>) -> Self {
        Self { value, findings: Vec::new(), ledger: Ledger::new(), failure: None }
    }

    pub(super) fn failed(error: ClientError) -> Self {
        Self { failure: Some(error), ..Self::stored(None) }
    }
}

/// Reads the answer, and says how it goes on.
///
/// # Errors
/// When the partner refused the request by an error, or did not get it.
pub(super) fn heard<A: Acknowledgement>(
    sent: Result<Answer<A>, ClientError>,
    version: Version,
    limits: &ResultLimits,
) -> Result<(ImmediateAnswer<A>, Next), ClientError> {
    let (answer, timeout) = match sent {
        Ok(Answer { value, findings, ledger, .. }) => {
            // 2.1.1 has no timeout: the one in the value is an assumption of the conversion.
            let timeout = (version >= Version::V2_2).then(|| value.timeout());
            (ImmediateAnswer { value: Some(value), findings, ledger, failure: None }, timeout)
        }
        Err(error) if is_unreadable_success(&error) => match partial::<A>(&error) {
            Some((value, findings)) => {
                let timeout = Some(value.timeout());
                (ImmediateAnswer { findings, ..ImmediateAnswer::stored(Some(value)) }, timeout)
            }
            None => (ImmediateAnswer::failed(error), None),
        },
        Err(error) if may_have_arrived(&error) => (ImmediateAnswer::failed(error), None),
        Err(error) => return Err(error),
    };
    let is_refused = answer.value.as_ref().is_some_and(Acknowledgement::is_refused);
    let next = if is_refused { Next::Refused } else { Next::Wait(limits.wait(timeout)) };
    Ok((answer, next))
}

/// Whether the partner says that it succeeded, in words that are not those of the endpoint.
fn is_unreadable_success(error: &ClientError) -> bool {
    let has_answer = error.is_unreadable() || error.is_version();
    has_answer || error.http_status().is_some_and(|http| http.is_success()) && error.status_code().is_none()
}

/// Whether the partner may have the request, although no answer says so.
fn may_have_arrived(error: &ClientError) -> bool {
    use http::StatusCode as Http;
    // A hub got no answer from the receiver in time.
    if error.status_code() == Some(StatusCode::FORWARD_TIMEOUT) {
        return true;
    }
    if let Some(http) = error.http_status() {
        // The partner's own refusal is one, whatever HTTP says. A gateway that gave up knows nothing.
        let is_told = error.status_code().is_some_and(|code| !code.is_success());
        let is_unserved = matches!(
            http,
            Http::NOT_IMPLEMENTED | Http::SERVICE_UNAVAILABLE | Http::HTTP_VERSION_NOT_SUPPORTED
        );
        return http.is_server_error() && !is_told && !is_unserved;
    }
    let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<TransportError>());
    cause.is_some_and(|cause| {
        use TransportErrorKind::{Connect, Refused, Tls};
        !matches!(cause.kind(), Connect | Refused | Tls)
    })
}

/// The answer in a body that lacks members that it must have, if it says `result`.
fn partial<A: Acknowledgement>(error: &ClientError) -> Option<(A, Vec<Finding>)> {
    let envelope = Envelope::read(error.body()).ok()?;
    let item = json::read_item::<A>(envelope.data?.as_bytes()).ok()?;
    let value = match item.reading {
        Reading::Whole(value) => value,
        Reading::Partial(partial) => {
            let lacks_result = partial.missing().iter().any(|pointer| pointer == "/result");
            (!lacks_result).then(|| partial.into_value())?
        }
        Reading::Unreadable(_) => return None,
    };
    Some((value, item.findings))
}
