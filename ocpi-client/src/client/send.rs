//! Sending over a transport.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use ocpi_types::Version;
use ocpi_types::convert::{Found, Ledger};
use ocpi_types::endpoint::Endpoint;
use ocpi_types::protocol::headers;
use ocpi_types::v2_2_1::tokens::Token;

use super::sending::Sending;
use super::{Answer, Asked, Client, Due, RequestOptions};
use crate::retry_after::retry_after;
use crate::{Delivery, Error, Pace, Transport, TransportError, TransportErrorKind};

/// The longest pause that a partner gets for its `Retry-After`, whatever it says: others wait for it as well.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

impl<T: Transport> Client<T> {
    /// Sends a request and reads the answer. If it fails for a temporary reason and may be repeated, it is sent again:
    /// see [`Retry`](crate::Retry).
    ///
    /// # Errors
    /// When [`Client::request`], the transport or [`Client::response`] fails.
    pub async fn send<E: Endpoint + Sync>(&self, endpoint: &E) -> Result<Answer<E::Response>, Error> {
        self.send_with(endpoint, &RequestOptions::new()).await
    }

    /// [`Client::send`], with options for this request.
    ///
    /// # Errors
    /// As [`Client::send`], and as a timeout when the deadline of the options has passed.
    pub async fn send_with<E: Endpoint + Sync>(
        &self,
        endpoint: &E,
        options: &RequestOptions<'_>,
    ) -> Result<Answer<E::Response>, Error> {
        self.send_and_look(endpoint, options, |_| ()).await
    }

    /// [`Client::send_with`], with a look at each response before it is read.
    pub(crate) async fn send_and_look<E: Endpoint + Sync>(
        &self,
        endpoint: &E,
        options: &RequestOptions<'_>,
        mut look: impl FnMut(&http::Response<Bytes>) + Send,
    ) -> Result<Answer<E::Response>, Error> {
        let request = self.request_with(endpoint, options);
        let mut request = request.inspect_err(|error| self.unsent::<E>(error))?;
        let about = endpoint.asks_about().filter(|_| self.version() < Version::V2_2);
        let nothing = Found::default();
        let lookup = options.lookup.unwrap_or(&nothing);
        let token = about.and_then(|key| self.token_asked_about::<E>(key, lookup));

        let sending = &self.partner.sending;
        let mut delivery = Delivery::of(endpoint, sending.retry).within(options.deadline);
        let mut spare = delivery.is_repeatable().then(|| request.clone());
        let (mut detour, mut has_detoured) = (None, false);
        let mut has_turned = false;
        let (started, mut left) = (sending.clock.ticks(), Due::of(options));
        loop {
            let (asked, mut slash) = (request.uri().clone(), None);
            let mut see = |answer: &http::Response<Bytes>| {
                slash = self.wanted_slash(&asked, answer);
                look(answer);
            };
            let answered = self.send_once::<E>(request, left, token.as_ref(), &mut see).await;
            let is_there = match &answered {
                Ok(_) => true,
                Err(error) => {
                    error.status_code().is_some() && !error.is_wrong_place() && !error.is_no_such_place()
                }
            };
            if let Some(url) = detour.take_if(|_| is_there) {
                self.learn_detour::<E>(url);
            }
            let error = match answered {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let elapsed = || sending.clock.ticks().saturating_sub(started);
            let slash = slash.filter(|_| !has_turned && detour.is_none());
            if slash.is_some_and(|slash| self.learn_slash::<E>(&asked, slash)) {
                has_turned = true;
                request = self.request_with(endpoint, options)?;
                spare = spare.map(|_| request.clone());
                left = Due::of(options).after(elapsed());
                continue;
            }
            if !has_detoured {
                if let Some(url) = self.detour::<E>(&error) {
                    has_detoured = true;
                    request = self.request_at(endpoint, options, Some(url.clone()))?;
                    spare = spare.map(|_| request.clone());
                    detour = Some(url);
                    left = Due::of(options).after(elapsed());
                    continue;
                }
            }
            let Some(spare) = &spare else { return Err(error) };
            let Some(wait) = delivery.failed(&error, elapsed(), sending.random.next()) else {
                return Err(error);
            };
            sending.timer().wait(wait).await;
            left = Due::of(options).after(elapsed());
            request = self.again(spare);
        }
    }

    async fn send_once<E: Endpoint>(
        &self,
        request: http::Request<Bytes>,
        due: Due,
        token: Option<&Token>,
        look: &mut (impl FnMut(&http::Response<Bytes>) + Send),
    ) -> Result<Answer<E::Response>, Error> {
        let (answer, watch) = self.carry(request, Asked::of::<E>(), due).await?;
        look(&answer);
        let http = answer.status();
        let read = self.response_about::<E>(answer, token);
        watch.read(http, &read);
        read
    }

    /// Waits for the turn of a request, and returns the time left until its deadline. An error contains the time until
    /// there is a turn.
    pub(super) async fn turn(&self, due: Due) -> Result<Option<Duration>, (TransportError, Duration)> {
        let Sending { clock, pace, .. } = &self.partner.sending;
        let mut due = due;
        loop {
            let now = clock.ticks();
            let wait = match due.is_in_background {
                true => pace.take_in_background(now, due.deadline),
                false => pace.take(now, due.deadline),
            };
            let Some(wait) = wait else {
                let late =
                    TransportError::new("the partner's rate gives the request no turn before its deadline");
                let wait = pace.next_turn(now, due.is_in_background).saturating_sub(now);
                return Err((late.with_kind(TransportErrorKind::NoTurn), wait));
            };
            due = due.after(wait);
            if wait.is_zero() {
                return Ok(due.deadline);
            }
            let turn = Turn { pace, at: now.saturating_add(wait), is_in_background: due.is_in_background };
            self.partner.sending.timer().wait(wait).await;
            // The partner may have asked for a pause meanwhile, that lasts longer.
            if !pace.is_paused(turn.at) {
                turn.keep();
                return Ok(due.deadline);
            }
        }
    }

    /// Hands a request to the transport, and waits for the answer as long as the deadline allows.
    pub(super) async fn transmit(
        &self,
        request: http::Request<Bytes>,
        deadline: Option<Duration>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        let sent = self.transport.send(request);
        let answer = match deadline {
            None => sent.await,
            Some(deadline) => {
                let timer = self.partner.sending.timer();
                timer.within(deadline, sent).await.unwrap_or_else(|| {
                    let late = TransportError::new("no answer within the deadline of the request");
                    Err(late.with_kind(TransportErrorKind::Timeout))
                })
            }
        };
        answer.inspect(|answer| self.heed(answer))
    }

    /// Takes notice of a partner that wants to be left alone for a while.
    fn heed(&self, answer: &http::Response<Bytes>) {
        let sending = &self.partner.sending;
        if matches!(answer.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            if let Some(wait) = retry_after(answer.headers(), || sending.clock.now()) {
                sending.pace.pause(sending.clock.ticks().saturating_add(wait.min(LONGEST_PAUSE)));
            }
        }
    }
}

impl<T> Client<T> {
    /// The same request to be sent again: with an id of its own, and the correlation id of the first.
    fn again(&self, first: &http::Request<Bytes>) -> http::Request<Bytes> {
        let mut request = first.clone();
        // The observer has heard of it.
        request.extensions_mut().remove::<Ledger>();
        if request.headers().contains_key(headers::X_REQUEST_ID) {
            if let Some(id) = headers::message_id_value(&self.partner.ids.next()) {
                request.headers_mut().insert(headers::X_REQUEST_ID, id);
            }
        }
        request
    }
}

/// A turn that a request waits for. It is given back if the request is dropped before.
struct Turn<'a> {
    pace: &'a Pace,
    at: Duration,
    is_in_background: bool,
}

impl Turn<'_> {
    fn keep(self) {
        std::mem::forget(self);
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.pace.give_back(self.at, self.is_in_background);
    }
}
