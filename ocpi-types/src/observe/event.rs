//! Events, and what they tell.

use std::error::Error;
use std::time::Duration;

use super::Exchange;
use crate::Finding;
use crate::convert::{ConversionError, Ledger};
use crate::protocol::StatusCode;

/// Something that happened in an exchange, or outside of any.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Event<'a> {
    /// The exchange that it belongs to.
    pub exchange: &'a Exchange<'a>,
    /// Kind of the event, with its details.
    pub kind: EventKind<'a>,
}

impl<'a> Event<'a> {
    /// An event in an exchange.
    pub const fn new(exchange: &'a Exchange<'a>, kind: EventKind<'a>) -> Self {
        Self { exchange, kind }
    }
}

/// Kind of an event.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum EventKind<'a> {
    /// A request of a partner came; its body may be yet to be read.
    RequestReceived,
    /// It was answered. Follows each [`RequestReceived`](Self::RequestReceived), unless [`Abandoned`](Self::Abandoned)
    /// does.
    ResponseSent(Answered),
    /// A request of ours is sent.
    RequestSent,
    /// The response of a partner came.
    ResponseReceived(Answered),
    /// A request of a partner is refused, or one of ours has no answer; with the cause.
    Failed(Failure<'a>),
    /// Nobody waits for the answer any more: the connection was closed, or a task was dropped.
    Abandoned {
        /// Time since the request.
        duration: Duration,
    },
    /// A conversion between versions lost, assumed or left out something.
    Converted(ConversionReport<'a>),
    /// Deviations that were found in a message.
    Found(&'a [Finding]),
    /// A request was answered, but with less than there should be; with the cause.
    Degraded(Degraded<'a>),
    /// An update came after a newer one, and not all of it was stored.
    Late(LateUpdate<'a>),
    /// An update is odd, and was taken all the same: it has a time in our future, or a completed Session is active again.
    Odd(OddUpdate<'a>),
    /// A quota of the partner is used up.
    OverQuota(OverQuota<'a>),
    /// The result of a request of ours, such as a command, came late, again or from somebody else, or did not come. It
    /// changes no outcome.
    OddResult(OddResult<'a>),
    /// Something that we publish does not reach a partner as it should.
    Push(PushTrouble<'a>),
    /// Messages are missing in a log of messages.
    NotLogged(NotLogged<'a>),
}

/// Statuses of a response, and its duration.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Answered {
    /// HTTP's status.
    pub http: http::StatusCode,
    /// OCPI's status, if the response has one.
    pub ocpi: Option<StatusCode>,
    /// Time from the request to the response.
    pub duration: Duration,
}

impl Answered {
    /// A response with these statuses, after this time.
    pub const fn new(http: http::StatusCode, ocpi: Option<StatusCode>, duration: Duration) -> Self {
        Self { http, ocpi, duration }
    }
}

/// Failure of a request, with the cause.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Failure<'a> {
    /// The error; its [causes](Error::source) are not told to the partner. [`Chain`](super::Chain) shows all of them.
    pub error: &'a (dyn Error + 'static),
    /// HTTP's status, if there is a response.
    pub http: Option<http::StatusCode>,
    /// OCPI's status, if there is one.
    pub ocpi: Option<StatusCode>,
    /// Time from the request to the failure.
    pub duration: Duration,
}

impl<'a> Failure<'a> {
    /// A failure without a response.
    pub const fn new(error: &'a (dyn Error + 'static)) -> Self {
        Self { error, http: None, ocpi: None, duration: Duration::ZERO }
    }

    /// With the statuses of the response.
    #[must_use]
    pub fn with_status(self, http: Option<http::StatusCode>, ocpi: Option<StatusCode>) -> Self {
        Self { http, ocpi, ..self }
    }

    /// After this time.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        Self { duration, ..self }
    }

    /// Whether our side is at fault: an answer of 3xxx or HTTP 5xx of ours, or no answer to a request of ours.
    pub fn is_fault(&self) -> bool {
        let is_server_error = self.ocpi.is_some_and(StatusCode::is_server_error);
        is_server_error || self.http.is_none_or(|http| http.is_server_error())
    }
}

/// Losses and assumptions of a message on its way between the version of a partner and that of the application.
///
/// Neither `Debug` nor the texts of the entries show a value.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ConversionReport<'a> {
    /// Losses and assumptions. Pointers start in `data` of a response, or in the body of a request.
    pub ledger: &'a Ledger,
    /// The objects of a page that cannot be expressed in the version, by their place among those of the page: they
    /// are left out.
    pub left_out: &'a [(usize, ConversionError)],
}

impl<'a> ConversionReport<'a> {
    /// The report on a conversion; `None`: nothing was lost, assumed or left out.
    pub fn of(ledger: &'a Ledger, left_out: &'a [(usize, ConversionError)]) -> Option<Self> {
        (!ledger.is_empty() || !left_out.is_empty()).then_some(Self { ledger, left_out })
    }
}

/// Something that an answer lacks, with the cause.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Degraded<'a> {
    /// The missing part, in words: no ids.
    pub missing: &'a str,
    /// The error; [`Chain`](super::Chain) shows it with its causes.
    pub error: &'a (dyn Error + 'static),
}

impl<'a> Degraded<'a> {
    /// Something is missing because of an error.
    pub const fn new(missing: &'a str, error: &'a (dyn Error + 'static)) -> Self {
        Self { missing, error }
    }
}

/// An update that came after a newer one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct LateUpdate<'a> {
    /// Kind of the object: `Location`.
    pub object: &'a str,
    /// Id of the rule, such as `push.stale`.
    pub rule: &'a str,
    /// Whether nothing of it was stored.
    pub is_dropped: bool,
}

impl<'a> LateUpdate<'a> {
    /// An update of which nothing was stored.
    pub const fn dropped(object: &'a str, rule: &'a str) -> Self {
        Self { object, rule, is_dropped: true }
    }

    /// An update of which some was stored.
    pub const fn partly(object: &'a str, rule: &'a str) -> Self {
        Self { object, rule, is_dropped: false }
    }
}

/// An update that is odd, and was taken all the same.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct OddUpdate<'a> {
    /// Kind of the object: `Location`.
    pub object: &'a str,
    /// Id of the rule, such as `push.future_stamp`.
    pub rule: &'a str,
}

impl<'a> OddUpdate<'a> {
    /// An update that is against a rule.
    pub const fn new(object: &'a str, rule: &'a str) -> Self {
        Self { object, rule }
    }
}

/// A result of a request of ours that is odd, or that did not come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct OddResult<'a> {
    /// Kind of the request: `START_SESSION`. Of a result that belongs to no request, the kind in its URL, or `other`.
    pub request: &'a str,
    /// Id of the rule, such as `result.late`.
    pub rule: &'a str,
}

impl<'a> OddResult<'a> {
    /// A result that is against a rule.
    pub const fn new(request: &'a str, rule: &'a str) -> Self {
        Self { request, rule }
    }
}

/// Trouble with what we publish.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PushTrouble<'a> {
    /// Kind of the object: `Location`; of trouble with all that a partner gets, `partner`.
    pub object: &'a str,
    /// Id of the rule, such as `push.dead`.
    pub rule: &'a str,
}

impl<'a> PushTrouble<'a> {
    /// Trouble that is against a rule.
    pub const fn new(object: &'a str, rule: &'a str) -> Self {
        Self { object, rule }
    }
}

/// Messages that are missing in a log of messages.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct NotLogged<'a> {
    /// Number of messages.
    pub count: u64,
    /// Id of the reason: `log.full`, the queue before the store; `log.store`, the store failed.
    pub rule: &'a str,
}

impl<'a> NotLogged<'a> {
    /// Messages that are missing for a reason.
    pub const fn new(count: u64, rule: &'a str) -> Self {
        Self { count, rule }
    }
}

/// A quota that a partner has used up.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct OverQuota<'a> {
    /// Kind of the object: `Location`.
    pub object: &'a str,
    /// Name of the quota, such as `bytes`.
    pub quota: &'a str,
    /// The bound.
    pub most: u64,
    /// Whether the request is refused. If not, something beside the object is not kept.
    pub is_refused: bool,
}

impl<'a> OverQuota<'a> {
    /// A request that is refused.
    pub const fn refused(object: &'a str, quota: &'a str, most: u64) -> Self {
        Self { object, quota, most, is_refused: true }
    }

    /// A request that is answered as it would be otherwise; a doubt, for example, is not kept.
    pub const fn not_kept(object: &'a str, quota: &'a str, most: u64) -> Self {
        Self { object, quota, most, is_refused: false }
    }
}
