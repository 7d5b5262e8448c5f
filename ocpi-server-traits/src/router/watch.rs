//! Tracking of a request from its arrival to its answer, so that the observer is told of every possible end.

use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};
use ocpi_types::observe::{
    Answered, Direction, Event, EventKind, Exchange, Failure, Message, Observe, Observer, Scoped,
};
use ocpi_types::protocol::{PartnerId, StatusCode, headers};
use ocpi_types::{Clock, Version};

use super::matching::Matched;
use crate::Error;
use crate::observed::Observed;

/// A request under way. Dropped before it is answered, it tells that the request was abandoned.
pub(super) struct Watch {
    observed: Observed,
    clock: Clock,
    started: Duration,
    partner: Option<PartnerId>,
    version: Option<Version>,
    request_id: Option<String>,
    correlation_id: Option<String>,
    stage: Stage,
    /// The request, where the observer wants its message.
    request: Option<Box<Request<Bytes>>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Arrived,
    Told,
    Answered,
}

impl Watch {
    pub(super) fn over(parts: &Parts, observer: Observer, clock: Clock) -> Self {
        let owned = |name| headers::message_id(&parts.headers, name).map(str::to_owned);
        Self {
            started: clock.ticks(),
            clock,
            observed: Observed { observer, method: parts.method.clone(), names: None },
            partner: None,
            version: None,
            request_id: owned(&headers::X_REQUEST_ID),
            correlation_id: owned(&headers::X_CORRELATION_ID),
            stage: Stage::Arrived,
            request: None,
        }
    }

    /// The target of the request is known.
    pub(super) fn matched(&mut self, matched: &Matched) {
        self.version = Some(matched.version);
        self.observed.names = Some(matched.names.clone());
    }

    /// The partner is known.
    pub(super) fn identified(&mut self, partner: &PartnerId) {
        self.partner = Some(partner.clone());
    }

    pub(super) fn observed(&self) -> &Observed {
        &self.observed
    }

    /// Tells of the request, as far as it is known by now.
    pub(super) fn received(&mut self) {
        self.stage = Stage::Told;
        self.tell(EventKind::RequestReceived);
    }

    /// Keeps the request for its message, where the observer wants that, as far as it is there by now.
    pub(super) fn keep(&mut self, parts: &Parts) {
        if self.observed.observer.takes_messages(&self.exchange()) {
            let mut request = Request::new(Bytes::new());
            *request.method_mut() = parts.method.clone();
            *request.uri_mut() = parts.uri.clone();
            *request.headers_mut() = parts.headers.clone();
            self.request = Some(Box::new(request));
        }
    }

    /// The body of the request is there.
    pub(super) fn read(&mut self, body: &Bytes) {
        if let Some(request) = &mut self.request {
            *request.body_mut() = body.clone();
        }
    }

    pub(super) fn tell(&self, kind: EventKind<'_>) {
        self.observed.observer.event(&Event::new(&self.exchange(), kind));
    }

    /// Lets a handler work in the scope of its request.
    pub(super) fn scoped<F: Future + Unpin>(&self, work: F) -> Scoped<F> {
        self.observed.observer.scoped(&self.exchange(), work)
    }

    /// The request is answered.
    pub(super) fn answered(mut self, response: &Response<Bytes>, ocpi: StatusCode) {
        self.stage = Stage::Answered;
        self.tell_message(Some(response));
        self.tell(EventKind::ResponseSent(Answered::new(response.status(), Some(ocpi), self.duration())));
    }

    /// The request is refused.
    pub(super) fn refused(self, error: &Error, response: &Response<Bytes>, ocpi: StatusCode) {
        let http = response.status();
        let failure = Failure::new(error).with_status(Some(http), Some(ocpi)).after(self.duration());
        self.tell(EventKind::Failed(failure));
        self.answered(response, ocpi);
    }

    /// Hands the request over, with its answer if there is one.
    fn tell_message(&mut self, response: Option<&Response<Bytes>>) {
        let Some(request) = self.request.take() else { return };
        let message = Message::new(&request, self.duration());
        let message = response.map_or(message, |response| message.with_response(response));
        self.observed.observer.message(&self.exchange(), &message);
    }

    fn duration(&self) -> Duration {
        self.clock.ticks().saturating_sub(self.started)
    }

    fn exchange(&self) -> Exchange<'_> {
        let mut exchange = Exchange::new(Direction::Inbound);
        exchange.partner = self.partner.as_ref();
        exchange.version = self.version;
        exchange.request_id = self.request_id.as_deref();
        exchange.correlation_id = self.correlation_id.as_deref();
        self.observed.fill(&mut exchange);
        exchange
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.tell_message(None);
        if self.stage == Stage::Arrived {
            self.received();
        }
        if self.stage == Stage::Told {
            self.tell(EventKind::Abandoned { duration: self.duration() });
        }
    }
}
