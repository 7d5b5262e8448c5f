//! Events and their details.

use std::error::Error;
use std::time::Duration;

use super::Exchange;
use crate::Finding;
use crate::convert::{ConversionError, Ledger};
use crate::protocol::StatusCode;

/// An event in an exchange, or outside of any exchange.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Event<'a> {
    /// The exchange of the event.
    pub exchange: &'a Exchange<'a>,
    /// Kind of the event, with details.
    pub kind: EventKind<'a>,
}

impl<'a> Event<'a> {
    /// Creates an event of an exchange.
    pub const fn new(exchange: &'a Exchange<'a>, kind: EventKind<'a>) -> Self {
        Self { exchange, kind }
    }
}

/// Kind of an event.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum EventKind<'a> {
    /// A partner's request arrived; its body may not have been read yet.
    RequestReceived,
    /// It was answered. Every [`RequestReceived`](Self::RequestReceived) is followed by this event or
    /// [`Abandoned`](Self::Abandoned).
    ResponseSent(Answered),
    /// A request of ours is being sent.
    RequestSent,
    /// A partner's response arrived.
    ResponseReceived(Answered),
    /// A partner's request was refused, or one of ours got no answer; with the cause.
    Failed(Failure<'a>),
    /// Nobody is waiting for the answer any more: the connection was closed, or the task was dropped.
    Abandoned {
        /// Time since the request.
        duration: Duration,
    },
    /// A conversion between versions lost, assumed or left out something.
    Converted(ConversionReport<'a>),
    /// Deviations were found in a message.
    Found(&'a [Finding]),
    /// A request was answered, but incompletely; with the cause.
    Degraded(Degraded<'a>),
    /// An update arrived after a newer one, and was not stored in full.
    Late(LateUpdate<'a>),
    /// An odd update was accepted: its time is in our future, or it reactivates a completed Session.
    Odd(OddUpdate<'a>),
    /// The partner has used up a quota.
    OverQuota(OverQuota<'a>),
    /// The result of a request of ours, such as a command, was late, repeated, from another sender, or missing. It
    /// changes no outcome.
    OddResult(OddResult<'a>),
    /// An object that we publish does not reach a partner as it should.
    Push(PushTrouble<'a>),
    /// Messages are missing from a message log.
    NotLogged(NotLogged<'a>),
}

/// Statuses of a response, and its duration.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Answered {
    /// HTTP status.
    pub http: http::StatusCode,
    /// OCPI status, if the response has one.
    pub ocpi: Option<StatusCode>,
    /// Time from the request to the response.
    pub duration: Duration,
}

impl Answered {
    /// Creates the statuses of a response that took this long.
    pub const fn new(http: http::StatusCode, ocpi: Option<StatusCode>, duration: Duration) -> Self {
        Self { http, ocpi, duration }
    }
}

/// Failure of a request, with the cause.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Failure<'a> {
    /// The error; its [causes](Error::source) are not shown to the partner. [`Chain`](super::Chain) shows all of them.
    pub error: &'a (dyn Error + 'static),
    /// HTTP status, if there is a response.
    pub http: Option<http::StatusCode>,
    /// OCPI status, if there is one.
    pub ocpi: Option<StatusCode>,
    /// Time from the request to the failure.
    pub duration: Duration,
}

impl<'a> Failure<'a> {
    /// Creates a failure without a response.
    pub const fn new(error: &'a (dyn Error + 'static)) -> Self {
        Self { error, http: None, ocpi: None, duration: Duration::ZERO }
    }

    /// Sets the statuses of the response.
    #[must_use]
    pub fn with_status(self, http: Option<http::StatusCode>, ocpi: Option<StatusCode>) -> Self {
        Self { http, ocpi, ..self }
    }

    /// Sets the duration.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        Self { duration, ..self }
    }

    /// Whether our side is at fault: we answered 3xxx or HTTP 5xx, or a request of ours got no answer.
    pub fn is_fault(&self) -> bool {
        let is_server_error = self.ocpi.is_some_and(StatusCode::is_server_error);
        is_server_error || self.http.is_none_or(|http| http.is_server_error())
    }
}

/// Losses and assumptions of a message that was converted between a partner's version and the application's.
///
/// Neither `Debug` nor the texts of the entries show values.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ConversionReport<'a> {
    /// Losses and assumptions. Pointers start in `data` of a response, or in the body of a request.
    pub ledger: &'a Ledger,
    /// The objects of a page that the version cannot express, by their index in the page: they are left out.
    pub left_out: &'a [(usize, ConversionError)],
}

impl<'a> ConversionReport<'a> {
    /// Creates the report of a conversion; `None` if nothing was lost, assumed or left out.
    pub fn of(ledger: &'a Ledger, left_out: &'a [(usize, ConversionError)]) -> Option<Self> {
        (!ledger.is_empty() || !left_out.is_empty()).then_some(Self { ledger, left_out })
    }
}

/// Part that is missing from an answer, with the cause.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Degraded<'a> {
    /// Name of the missing part, without ids.
    pub missing: &'a str,
    /// The error; [`Chain`](super::Chain) shows it with its causes.
    pub error: &'a (dyn Error + 'static),
}

impl<'a> Degraded<'a> {
    /// Creates the event of a part that is missing because of an error.
    pub const fn new(missing: &'a str, error: &'a (dyn Error + 'static)) -> Self {
        Self { missing, error }
    }
}

/// An update that arrived after a newer one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct LateUpdate<'a> {
    /// Kind of the object: `Location`.
    pub object: &'a str,
    /// Id of the rule, such as `push.stale`.
    pub rule: &'a str,
    /// Whether none of it was stored.
    pub is_dropped: bool,
}

impl<'a> LateUpdate<'a> {
    /// Creates the event of an update that was not stored.
    pub const fn dropped(object: &'a str, rule: &'a str) -> Self {
        Self { object, rule, is_dropped: true }
    }

    /// Creates the event of an update that was stored in part.
    pub const fn partly(object: &'a str, rule: &'a str) -> Self {
        Self { object, rule, is_dropped: false }
    }
}

/// An odd update that was accepted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct OddUpdate<'a> {
    /// Kind of the object: `Location`.
    pub object: &'a str,
    /// Id of the rule, such as `push.future_stamp`.
    pub rule: &'a str,
}

impl<'a> OddUpdate<'a> {
    /// Creates the event of an update that breaks a rule.
    pub const fn new(object: &'a str, rule: &'a str) -> Self {
        Self { object, rule }
    }
}

/// An odd or missing result of a request of ours.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct OddResult<'a> {
    /// Kind of the request: `START_SESSION`. For a result without a request, the kind in its URL, or `other`.
    pub request: &'a str,
    /// Id of the rule, such as `result.late`.
    pub rule: &'a str,
}

impl<'a> OddResult<'a> {
    /// Creates the event of a result that breaks a rule.
    pub const fn new(request: &'a str, rule: &'a str) -> Self {
        Self { request, rule }
    }
}

/// Problem with objects that we publish.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PushTrouble<'a> {
    /// Kind of the object: `Location`; `partner` if it concerns all objects for a partner.
    pub object: &'a str,
    /// Id of the rule, such as `push.dead`.
    pub rule: &'a str,
}

impl<'a> PushTrouble<'a> {
    /// Creates the event of a problem under a rule.
    pub const fn new(object: &'a str, rule: &'a str) -> Self {
        Self { object, rule }
    }
}

/// Messages that are missing from a message log.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct NotLogged<'a> {
    /// Number of messages.
    pub count: u64,
    /// Id of the reason: `log.full` (the queue before the store), `log.store` (the store failed).
    pub rule: &'a str,
}

impl<'a> NotLogged<'a> {
    /// Creates the event of messages that are missing for a reason.
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
    /// The limit.
    pub most: u64,
    /// Whether the request was refused. If not, additional data of the object is not kept.
    pub is_refused: bool,
}

impl<'a> OverQuota<'a> {
    /// Creates the event of a refused request.
    pub const fn refused(object: &'a str, quota: &'a str, most: u64) -> Self {
        Self { object, quota, most, is_refused: true }
    }

    /// Creates the event of a request that was answered as usual although additional data, for example a doubt, was not
    /// kept.
    pub const fn not_kept(object: &'a str, quota: &'a str, most: u64) -> Self {
        Self { object, quota, most, is_refused: false }
    }
}
