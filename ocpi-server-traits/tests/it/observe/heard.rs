//! An observer that keeps everything that it hears.

use std::sync::{Arc, Mutex};

use ocpi_types::Version;
use ocpi_types::observe::{Chain, Event, EventKind, Observer, from_fn};
use ocpi_types::protocol::StatusCode;

/// An event that was heard.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) kind: String,
    pub(crate) partner: Option<String>,
    pub(crate) version: Option<Version>,
    pub(crate) method: Option<String>,
    pub(crate) endpoint: Option<String>,
    pub(crate) template: Option<String>,
    /// Of the request, and of the message that it carries.
    pub(crate) ids: (Option<String>, Option<String>),
    /// HTTP's and OCPI's.
    pub(crate) status: Option<(u16, u16)>,
    /// An error with all its causes.
    pub(crate) cause: Option<String>,
    /// Everything that `Debug` shows.
    pub(crate) debug: String,
}

impl Heard {
    fn of(event: &Event<'_>) -> Self {
        let debug = format!("{event:?} {event:#?}");
        let kind = format!("{:?}", event.kind);
        let (status, cause) = match event.kind {
            EventKind::ResponseSent(answered) => (numbers(Some(answered.http), answered.ocpi), None),
            EventKind::Failed(failure) => {
                (numbers(failure.http, failure.ocpi), Some(Chain(failure.error).to_string()))
            }
            EventKind::Degraded(degraded) => (None, Some(Chain(degraded.error).to_string())),
            _ => (None, None),
        };
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let exchange = event.exchange;
        Self {
            kind: kind.chars().take_while(|c| c.is_ascii_alphabetic()).collect(),
            partner: exchange.partner.map(|partner| partner.as_str().to_owned()),
            version: exchange.version,
            method: owned(exchange.method.map(|method| method.as_str())),
            endpoint: owned(exchange.endpoint),
            template: owned(exchange.template),
            ids: (owned(exchange.request_id), owned(exchange.correlation_id)),
            status,
            cause,
            debug,
        }
    }
}

fn numbers(http: Option<http::StatusCode>, ocpi: Option<StatusCode>) -> Option<(u16, u16)> {
    Some((http?.as_u16(), ocpi?.get()))
}

/// All that was heard.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<Heard>>>);

impl Log {
    /// Takes everything that was heard.
    pub(crate) fn take(&self) -> Vec<Heard> {
        std::mem::take(&mut *self.0.lock().expect("no panic"))
    }

    /// Takes everything that was heard, and returns the failure in it.
    pub(crate) fn failed(&self) -> Heard {
        self.take().into_iter().find(|heard| heard.kind == "Failed").expect("a failure")
    }

    /// Takes everything that was heard, and returns the kinds.
    pub(crate) fn kinds(&self) -> Vec<String> {
        self.take().into_iter().map(|heard| heard.kind).collect()
    }

    /// The kinds of what was heard, which stays.
    pub(crate) fn kinds_kept(&self) -> Vec<String> {
        self.0.lock().expect("no panic").iter().map(|heard| heard.kind.clone()).collect()
    }
}

pub(crate) fn log() -> (Log, Observer) {
    let log = Log::default();
    let hears = log.clone();
    let keep = move |event: &Event<'_>| hears.0.lock().expect("no panic").push(Heard::of(event));
    (log, Observer::new(from_fn(keep)))
}
