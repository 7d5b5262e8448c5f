//! Events and spans of the crate `tracing`.

use std::time::Duration;

use ::tracing::{Span, debug, error, info, info_span, warn};

use super::{Answered, Chain, Event, EventKind, Exchange, Failure, Observe, Scope};
use crate::Finding;
use crate::convert::Ledger;

/// Most rules that an event names.
const NAMED: usize = 10;

/// Reports each event to `tracing`, and runs the work on each exchange in a span. Both have the target `ocpi`.
///
/// Fields, if known: `direction`, `partner`, `version`, `method`, `endpoint`, `path` (a template), `request_id`,
/// `correlation_id`; for responses `http`, `ocpi`, `duration_us`; for failures `error`, with all causes.
///
/// | Level | Events |
/// |---|---|
/// | ERROR | our side failed: 3xxx, HTTP 5xx, or no answer to a request of ours |
/// | WARN | a request was refused; an answer is incomplete; an update was dropped; a quota is used up; a result is odd;
/// messages are not logged |
/// | INFO | responses; requests whose answer nobody is waiting for; updates that were stored in part, or are odd |
/// | DEBUG | requests, findings, conversions |
///
/// ```
/// use ocpi_types::observe::{Observer, Tracing};
/// let observer = Observer::new(Tracing::new());
/// assert!(!observer.is_none());
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Tracing;

impl Tracing {
    /// Creates the observer.
    pub const fn new() -> Self {
        Self
    }
}

/// Says something in the fields of an exchange, and in others.
macro_rules! say {
    ($level:ident, $exchange:expr, $message:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $level!(
            target: "ocpi",
            direction = $exchange.direction.as_str(),
            partner = $exchange.partner.map(|partner| partner.as_str()),
            version = $exchange.version.map(|version| version.as_str()),
            method = $exchange.method.map(|method| method.as_str()),
            endpoint = $exchange.endpoint,
            path = $exchange.template,
            request_id = $exchange.request_id,
            correlation_id = $exchange.correlation_id,
            $($name = $value,)*
            $message
        )
    };
}

impl Observe for Tracing {
    fn event(&self, event: &Event<'_>) {
        let exchange = event.exchange;
        match event.kind {
            EventKind::RequestReceived => say!(debug, exchange, "request received"),
            EventKind::RequestSent => say!(debug, exchange, "request sent"),
            EventKind::ResponseSent(answered) => {
                let (http, ocpi, duration) = parts(&answered);
                say!(info, exchange, "response sent", http = http, ocpi = ocpi, duration_us = duration);
            }
            EventKind::ResponseReceived(answered) => {
                let (http, ocpi, duration) = parts(&answered);
                say!(info, exchange, "response received", http = http, ocpi = ocpi, duration_us = duration);
            }
            EventKind::Failed(failure) => failed(exchange, &failure),
            EventKind::Abandoned { duration } => {
                say!(info, exchange, "request abandoned", duration_us = micros(duration));
            }
            EventKind::Converted(report) => {
                let (rules, left_out) = (rules_of(report.ledger), report.left_out.len());
                say!(
                    debug,
                    exchange,
                    "converted",
                    count = report.ledger.len(),
                    left_out = left_out,
                    rules = &*rules
                );
            }
            EventKind::Found(findings) => {
                let rules = named(findings.iter().map(|finding: &Finding| finding.rule.id()));
                say!(debug, exchange, "deviations found", count = findings.len(), rules = &*rules);
            }
            EventKind::Degraded(degraded) => {
                let error = Chain(degraded.error).to_string();
                say!(warn, exchange, "answer degraded", missing = degraded.missing, error = &*error);
            }
            EventKind::Late(late) if late.is_dropped => {
                say!(warn, exchange, "late update dropped", object = late.object, rule = late.rule);
            }
            EventKind::Late(late) => {
                say!(info, exchange, "late update stored in part", object = late.object, rule = late.rule);
            }
            EventKind::Odd(odd) => {
                say!(info, exchange, "odd update", object = odd.object, rule = odd.rule);
            }
            EventKind::OverQuota(over) => {
                let (object, quota, most) = (over.object, over.quota, over.most);
                say!(warn, exchange, "quota used up", object = object, quota = quota, most = most);
            }
            EventKind::OddResult(odd) => {
                say!(warn, exchange, "odd result", request = odd.request, rule = odd.rule);
            }
            EventKind::Push(push) => {
                say!(warn, exchange, "push", object = push.object, rule = push.rule);
            }
            EventKind::NotLogged(not) => {
                say!(warn, exchange, "messages are not logged", count = not.count, rule = not.rule);
            }
        }
    }

    fn scope(&self, exchange: &Exchange<'_>) -> Option<Box<dyn Scope>> {
        let span = info_span!(
            target: "ocpi",
            "exchange",
            direction = exchange.direction.as_str(),
            partner = exchange.partner.map(|partner| partner.as_str()),
            version = exchange.version.map(|version| version.as_str()),
            method = exchange.method.map(|method| method.as_str()),
            endpoint = exchange.endpoint,
            path = exchange.template,
            request_id = exchange.request_id,
            correlation_id = exchange.correlation_id,
        );
        (!span.is_disabled()).then(|| Box::new(InSpan(span)) as Box<dyn Scope>)
    }
}

/// Work in a span.
struct InSpan(Span);

impl Scope for InSpan {
    fn within(&self, work: &mut dyn FnMut()) {
        self.0.in_scope(work);
    }
}

fn failed(exchange: &Exchange<'_>, failure: &Failure<'_>) {
    let error = Chain(failure.error).to_string();
    let (http, ocpi) = (failure.http.map(|http| http.as_u16()), failure.ocpi.map(|ocpi| ocpi.get()));
    let duration = micros(failure.duration);
    if failure.is_fault() {
        say!(
            error,
            exchange,
            "request failed",
            http = http,
            ocpi = ocpi,
            duration_us = duration,
            error = &*error
        );
    } else {
        say!(
            warn,
            exchange,
            "request refused",
            http = http,
            ocpi = ocpi,
            duration_us = duration,
            error = &*error
        );
    }
}

fn parts(answered: &Answered) -> (u16, Option<u16>, u64) {
    (answered.http.as_u16(), answered.ocpi.map(|ocpi| ocpi.get()), micros(answered.duration))
}

fn micros(duration: Duration) -> u64 {
    duration.as_micros().try_into().unwrap_or(u64::MAX)
}

fn rules_of(ledger: &Ledger) -> String {
    named(ledger.entries().iter().map(|entry| entry.rule.id()))
}

/// The first different ids, in a line.
fn named(ids: impl Iterator<Item = &'static str>) -> String {
    let mut named: Vec<&str> = Vec::new();
    for id in ids {
        if !named.contains(&id) {
            named.push(id);
        }
        if named.len() == NAMED {
            break;
        }
    }
    named.join(" ")
}
