//! Refusals of partners, and their consequences.

use std::fmt;

use ocpi_client::Error as ClientError;

use super::pusher::Answer;
use super::there_already::is_said;
use crate::Error;

/// A refusal of a partner, or the reason why something cannot be sent to it.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct Refusal {
    /// HTTP status, if there was an answer.
    pub http: Option<u16>,
    /// OCPI status, if the answer had one.
    pub status: Option<u16>,
    /// The partner's explanation, or ours, as stored: words that are not just letters, and may be ids, are `***`; after
    /// an erasure of the driver, so is the whole text. If it is the partner's, it is untrusted text.
    pub text: String,
}

/// End of one request.
#[derive(Debug)]
pub(super) enum Said {
    Taken,
    Failed(Answer),
    Refused(Refusal),
}

impl Refusal {
    pub(super) fn ours(text: &str) -> Self {
        Self { http: None, status: None, text: text.to_owned() }
    }

    /// Whether there is nothing to change, or no PATCH at all: the object is to be put.
    pub(super) fn wants_put(&self) -> bool {
        matches!(self.http, Some(404 | 405)) || matches!(self.status, Some(2003 | 2004))
    }

    /// Whether the partner has it already, by HTTP 409 or in words about one of these names that leave no doubt: a CDR that counts
    /// as delivered and is not is money lost.
    pub(super) fn is_there_already(&self, names: &[&str]) -> bool {
        let is_of_them = self.http.is_some_and(|http| http < 500);
        self.http == Some(409) || (is_of_them && is_said(&self.text, names))
    }
}

/// Words of a partner may name a driver: their length is shown.
impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { http, status, text } = self;
        f.debug_struct("Refusal")
            .field("http", http)
            .field("status", status)
            .field("text", &text.len())
            .finish()
    }
}

/// Finds out what the outcome of a request means.
pub(super) fn judge<R>(sent: Result<R, Error>) -> Said {
    match sent {
        Ok(_) => Said::Taken,
        Err(Error::Client(error)) => judge_client(&error),
        // The store is ours, and so is a registration that is not there any more.
        Err(_) => Said::Failed(Answer::Hindered(None)),
    }
}

fn judge_client(error: &ClientError) -> Said {
    let http = error.http_status();
    if error.is_no_turn() {
        return Said::Failed(Answer::Hindered(error.retry_after()));
    }
    if error.is_unauthorized() {
        return Said::Failed(Answer::Unauthorized);
    }
    if http == Some(http::StatusCode::TOO_MANY_REQUESTS) {
        return Said::Failed(Answer::Busy(error.retry_after()));
    }
    let is_success = http.is_some_and(|http| http.is_success());
    // Nothing arrived where nobody was there.
    if error.is_connect() || (error.is_retryable() && http.is_some()) {
        return Said::Failed(Answer::Down(error.retry_after()));
    }
    if error.is_timeout() || error.is_retryable() || (error.is_unreadable() && is_success) {
        return Said::Failed(Answer::Unclear);
    }
    Said::Refused(Refusal {
        http: http.map(|http| http.as_u16()),
        status: error.status_code().map(|code| code.get()),
        text: error.partner_message().map_or_else(|| error.to_string(), str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::Refusal;

    #[test]
    fn only_words_without_doubt_say_that_it_is_there() {
        let says = |http, text: &str| {
            Refusal { http, status: Some(2001), text: text.to_owned() }.is_there_already(&["cdr"])
        };
        assert!(
            says(Some(409), "") && says(Some(400), "CDR already exists") && says(Some(200), "Duplicate CDR")
        );
        for (http, text) in [
            (Some(404), "the location does not exist"),
            (Some(400), "token already blocked"),
            (Some(500), "duplicate CDR"),
            (None, "a duplicate CDR of ours"),
        ] {
            assert!(!says(http, text), "{text}");
        }
        let shown =
            format!("{:?}", Refusal { http: Some(400), status: None, text: "04A2 is unknown".to_owned() });
        assert!(!shown.contains("04A2"), "{shown}");
    }
}
