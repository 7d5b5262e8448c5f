//! Requests and answers as they are on the wire.

mod answer;
mod ask;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, HeaderName};
use ocpi_client::transport::AnyTransport;
use ocpi_client::{RequestIds, Transport};
use ocpi_types::protocol::{Party, headers};
use ocpi_types::{Clock, CredentialsToken, Timer};

use crate::check::{Failure, Stop};
use crate::redact::Redactor;

pub(crate) use answer::{Answer, Exchange};
pub(crate) use ask::{Ask, Auth, with_query};

/// Names of the headers with ids of messages.
pub(crate) const IDS: [HeaderName; 2] =
    [HeaderName::from_static("x-request-id"), HeaderName::from_static("x-correlation-id")];
/// Most answers that are kept for the checks of all answers.
const KEPT: usize = 2_000;
/// Repeats of a request that came too early for the server.
const REPEATS: u32 = 3;
/// Longest time that is waited when a server says how long it is busy, in seconds.
const LONGEST: u64 = 60;

/// Line to the server. It shows every answer as it came.
pub(crate) struct Wire {
    pub(crate) transport: AnyTransport,
    pub(crate) redactor: Redactor,
    pub(crate) clock: Clock,
    pub(crate) timer: Timer,
    ids: RequestIds,
    state: Mutex<State>,
}

/// Facts that are found out on the way.
struct State {
    token: CredentialsToken,
    base64: bool,
    /// Whether messages have ids and routing headers: not in 2.1.1.
    has_ids: bool,
    from: Option<Party>,
    to: Option<Party>,
    answers: Vec<Arc<Exchange>>,
}

impl Wire {
    pub(crate) fn new(transport: AnyTransport, token: CredentialsToken, clock: Clock, timer: Timer) -> Self {
        let redactor = Redactor::default();
        redactor.hide_token(&token);
        let state = State { token, base64: true, has_ids: true, from: None, to: None, answers: Vec::new() };
        let ids = RequestIds::new(&format!("conformance-{}", clock.now().to_unix_micros()));
        Self { transport, redactor, clock, timer, ids, state: Mutex::new(state) }
    }

    fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn token(&self) -> CredentialsToken {
        self.with(|state| state.token.clone())
    }

    /// Uses another token from now on; returns the one before.
    pub(crate) fn set_token(&self, token: CredentialsToken) -> CredentialsToken {
        self.redactor.hide_token(&token);
        self.with(|state| std::mem::replace(&mut state.token, token))
    }

    /// Sends the token in this form from now on.
    pub(crate) fn set_base64(&self, base64: bool) {
        self.with(|state| state.base64 = base64);
    }

    pub(crate) fn set_ids(&self, has_ids: bool) {
        self.with(|state| state.has_ids = has_ids);
    }

    /// Names the parties of messages of functional modules.
    pub(crate) fn set_parties(&self, from: Option<Party>, to: Option<Party>) {
        self.with(|state| (state.from, state.to) = (from, to));
    }

    /// All answers so far.
    pub(crate) fn answers(&self) -> Vec<Arc<Exchange>> {
        self.with(|state| state.answers.clone())
    }

    /// Sends a request. One that comes too early for the server, by HTTP 429, is sent again.
    ///
    /// # Errors
    /// When no answer comes.
    pub(crate) async fn send(&self, ask: &Ask) -> Result<Answer, Stop> {
        let mut repeats = 0;
        loop {
            let answer = self.send_once(ask).await?;
            if answer.status != 429 || repeats == REPEATS {
                return Ok(answer);
            }
            repeats += 1;
            let said = answer.header("retry-after").and_then(|text| text.trim().parse::<u64>().ok());
            self.timer.wait(Duration::from_secs(said.unwrap_or(5).min(LONGEST))).await;
        }
    }

    async fn send_once(&self, ask: &Ask) -> Result<Answer, Stop> {
        let (request, sent) = self.request(ask)?;
        let shown = self.shown(ask);
        match self.transport.send(request).await {
            Ok(response) => {
                let answer = Answer::of(response, shown, sent, &self.redactor, self.clock.now());
                self.with(|state| {
                    if state.answers.len() < KEPT {
                        state.answers.push(Arc::clone(&answer.exchange));
                    }
                });
                Ok(answer)
            }
            Err(error) => {
                let found = format!("no answer: {}", self.redactor.mask(&error.to_string()));
                let failure = Failure { request: Some(shown), ..Failure::new("an answer", found) };
                Err(Stop::Failed(Box::new(failure)))
            }
        }
    }

    fn request(&self, ask: &Ask) -> Result<(http::Request<Bytes>, Sent), Stop> {
        let bad = |_| Stop::skip(format!("`{}` cannot be requested", self.redactor.mask(&ask.url)));
        let (authorization, has_ids, parties) = self.with(|state| {
            let value = match &ask.auth {
                Auth::Ours => Some(state.token.to_header(state.base64)),
                Auth::Form { base64 } => Some(state.token.to_header(*base64)),
                Auth::Token(token) => Some(token.to_header(state.base64)),
                Auth::Nothing => None,
            };
            let parties =
                if ask.is_functional { (state.from.clone(), state.to.clone()) } else { (None, None) };
            (value, state.has_ids, parties)
        });
        let body = ask.body.clone().unwrap_or_default();
        let mut request = http::Request::builder()
            .method(ask.method.clone())
            .uri(ask.url.as_str())
            .body(Bytes::from(body))
            .map_err(bad)?;
        let mut sent = Sent::default();
        let into = request.headers_mut();
        if let Some(value) = authorization {
            let mut value = http::HeaderValue::from_str(&value).map_err(|error| bad(error.into()))?;
            value.set_sensitive(true);
            into.insert(AUTHORIZATION, value);
        }
        if let Some(kind) = ask.body.as_ref().map(|_| http::HeaderValue::from_static("application/json")) {
            into.insert(http::header::CONTENT_TYPE, kind);
        }
        if has_ids {
            sent.ids = [self.ids.next(), self.ids.next()].map(Some);
            for (name, id) in IDS.into_iter().zip(&sent.ids) {
                if let Some(value) = id.as_deref().and_then(headers::message_id_value) {
                    into.insert(name, value);
                }
            }
            let (from, to) = parties;
            headers::write_routing(into, to.as_ref(), from.as_ref());
            sent.from = from;
            sent.to = to;
        }
        Ok((request, sent))
    }

    /// The request as a report shows it.
    fn shown(&self, ask: &Ask) -> String {
        let token = match ask.auth {
            Auth::Ours => "",
            Auth::Form { base64: true } => " (token in Base64)",
            Auth::Form { base64: false } => " (token as it is)",
            Auth::Token(_) => " (another token)",
            Auth::Nothing => " (no token)",
        };
        let body = ask.body.as_deref().map(|body| format!("\n{}", self.redactor.body(body)));
        // The body comes first: it may teach which parts of the URL are a driver's.
        format!("{} {}{token}{}", ask.method, self.redactor.mask(&ask.url), body.unwrap_or_default())
    }
}

/// Parts of a request that its answer has to repeat.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sent {
    pub(crate) ids: [Option<String>; 2],
    pub(crate) from: Option<Party>,
    pub(crate) to: Option<Party>,
}
