//! Tracking of a request, so that the observer is told of every possible end.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method};
use ocpi_types::convert::Ledger;
use ocpi_types::endpoint::Endpoint;
use ocpi_types::observe::{
    Answered, ConversionReport, Direction, Event, EventKind, Exchange, Failure, Message, Observe, Observer,
    template,
};
use ocpi_types::protocol::{PartnerId, StatusCode, headers};
use ocpi_types::{Clock, Version};

use super::{Answer, Client, Due};
use crate::error::Kind;
use crate::{Error, Transport};

/// Observer of the requests to a partner.
#[derive(Clone, Debug)]
pub(super) struct Observation {
    pub(super) observer: Observer,
    pub(super) clock: Clock,
    pub(super) partner: Option<PartnerId>,
}

/// Names of the endpoint that is asked.
pub(crate) struct Asked {
    pub(crate) endpoint: String,
    template: String,
}

impl Asked {
    pub(crate) fn of<E: Endpoint>() -> Self {
        Self { endpoint: E::name(), template: template::<E>() }
    }
}

/// A request under way. Dropped without an end, it tells that the request was abandoned.
pub(crate) struct Watch(Option<Watched>);

struct Watched {
    observation: Observation,
    asked: Asked,
    version: Version,
    method: Method,
    request_id: Option<String>,
    correlation_id: Option<String>,
    started: Duration,
    is_over: bool,
    /// The request, where the observer wants its message.
    request: Option<Box<http::Request<Bytes>>>,
}

impl<T: Transport> Client<T> {
    /// Sends a request when it is its turn, under the eyes of the observer.
    pub(crate) async fn carry(
        &self,
        request: http::Request<Bytes>,
        asked: Asked,
        due: Due,
    ) -> Result<(http::Response<Bytes>, Watch), Error> {
        let deadline = match self.turn(due).await {
            Ok(left) => left,
            Err((error, wait)) => {
                let error = Error::new(asked.endpoint.clone(), Kind::Transport(error));
                let error = error.with_retry_after(Some(wait));
                self.not_sent(asked, request.method().clone(), &error);
                return Err(error);
            }
        };
        let Some(observation) = self.partner.observation.clone().filter(|it| !it.observer.is_none()) else {
            let sent = self.transmit(request, deadline).await;
            return match sent {
                Ok(answer) => Ok((answer, Watch(None))),
                Err(error) => Err(Error::new(asked.endpoint, Kind::Transport(error))),
            };
        };
        let mut watched = Watched {
            started: observation.clock.ticks(),
            observation,
            asked,
            version: self.partner.version,
            method: request.method().clone(),
            request_id: id(request.headers(), &headers::X_REQUEST_ID),
            correlation_id: id(request.headers(), &headers::X_CORRELATION_ID),
            is_over: false,
            request: None,
        };
        if watched.observation.observer.takes_messages(&watched.exchange()) {
            watched.request = Some(Box::new(request.clone()));
        }
        if let Some(report) =
            request.extensions().get::<Ledger>().and_then(|it| ConversionReport::of(it, &[]))
        {
            watched.tell(EventKind::Converted(report));
        }
        watched.tell(EventKind::RequestSent);
        let work = Box::pin(self.transmit(request, deadline));
        let sent = watched.observation.observer.scoped(&watched.exchange(), work).await;
        match sent {
            Ok(answer) => {
                watched.tell_message(Some(Ok(&answer)));
                Ok((answer, Watch(Some(watched))))
            }
            Err(error) => {
                let error = Error::new(watched.asked.endpoint.clone(), Kind::Transport(error));
                watched.tell_message(Some(Err(&error)));
                watched.failed(&error);
                Err(error)
            }
        }
    }
}

impl<T> Client<T> {
    /// Tells the observer of a request that cannot be sent.
    pub(crate) fn unsent<E: Endpoint>(&self, error: &Error) {
        self.not_sent(Asked::of::<E>(), E::METHOD, error);
    }

    fn not_sent(&self, asked: Asked, method: Method, error: &Error) {
        let Some(observation) = self.partner.observation.clone().filter(|it| !it.observer.is_none()) else {
            return;
        };
        let mut watched = Watched {
            started: observation.clock.ticks(),
            observation,
            asked,
            version: self.partner.version,
            method,
            request_id: None,
            correlation_id: None,
            is_over: false,
            request: None,
        };
        watched.failed(error);
    }
}

impl Watch {
    /// An answer came and was read, or is none.
    pub(crate) fn read<T>(self, http: http::StatusCode, answer: &Result<Answer<T>, Error>) {
        let Some(mut watched) = self.0 else { return };
        let code = answer.as_ref().map_or_else(Error::status_code, |answer| Some(answer.status_code));
        watched.received(http, code);
        match answer {
            Ok(answer) => {
                if !answer.findings.is_empty() {
                    watched.tell(EventKind::Found(&answer.findings));
                }
                if let Some(report) = ConversionReport::of(&answer.ledger, &[]) {
                    watched.tell(EventKind::Converted(report));
                }
            }
            Err(error) => watched.failed(error),
        }
    }

    /// An answer came, and led to a next step or to an error.
    pub(crate) fn stepped<T>(self, http: http::StatusCode, next: &Result<T, Error>) {
        let Some(mut watched) = self.0 else { return };
        match next {
            Ok(_) => watched.received(http, http.is_success().then_some(StatusCode::SUCCESS)),
            Err(error) => {
                watched.received(http, error.status_code());
                watched.failed(error);
            }
        }
    }
}

impl Watched {
    fn tell(&self, kind: EventKind<'_>) {
        self.observation.observer.event(&Event::new(&self.exchange(), kind));
    }

    /// Hands the request over, with how it ended.
    fn tell_message(&mut self, end: Option<Result<&http::Response<Bytes>, &Error>>) {
        let Some(request) = self.request.take() else { return };
        let message = Message::new(&request, self.duration());
        let message = match end {
            Some(Ok(answer)) => message.with_response(answer),
            Some(Err(error)) => message.with_error(error),
            None => message,
        };
        self.observation.observer.message(&self.exchange(), &message);
    }

    fn received(&mut self, http: http::StatusCode, code: Option<StatusCode>) {
        self.is_over = true;
        self.tell(EventKind::ResponseReceived(Answered::new(http, code, self.duration())));
    }

    fn failed(&mut self, error: &Error) {
        self.is_over = true;
        let failure = Failure::new(error).with_status(error.http_status(), error.status_code());
        self.tell(EventKind::Failed(failure.after(self.duration())));
    }

    fn duration(&self) -> Duration {
        self.observation.clock.ticks().saturating_sub(self.started)
    }

    fn exchange(&self) -> Exchange<'_> {
        let mut exchange = Exchange::new(Direction::Outbound);
        exchange.partner = self.observation.partner.as_ref();
        exchange.version = Some(self.version);
        exchange.method = Some(&self.method);
        exchange.endpoint = Some(&self.asked.endpoint);
        exchange.template = Some(&self.asked.template);
        exchange.request_id = self.request_id.as_deref();
        exchange.correlation_id = self.correlation_id.as_deref();
        exchange
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.tell_message(None);
        if !self.is_over {
            self.tell(EventKind::Abandoned { duration: self.duration() });
        }
    }
}

fn id(headers: &HeaderMap, name: &http::HeaderName) -> Option<String> {
    headers::message_id(headers, name).map(str::to_owned)
}
