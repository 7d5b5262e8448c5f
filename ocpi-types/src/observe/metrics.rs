//! Metrics for the facade crate `metrics`.

use std::collections::BTreeMap;

use ::metrics::{Label, Unit, counter, describe_counter, describe_histogram, histogram};
use http::Method;

use super::{Answered, Event, EventKind, Exchange, Failure, Observe};
use crate::protocol::StatusCode;

/// Counts events and measures the duration of exchanges, with the recorder that the application installed.
///
/// | Metric | Counts | Labels besides those of the exchange |
/// |---|---|---|
/// | `ocpi_responses_total` | responses sent and received | `http`, `ocpi` |
/// | `ocpi_response_seconds` | their durations: a histogram | |
/// | `ocpi_failures_total` | requests that were refused or have no answer | `http`, `ocpi` (`none`: no response), `fault` (`ours`, `theirs`) |
/// | `ocpi_abandoned_total` | requests whose answer nobody is waiting for any more | |
/// | `ocpi_findings_total` | deviations in messages | `rule`, `severity` |
/// | `ocpi_conversion_losses_total` | losses and assumptions of conversions | `rule`, `effect` |
/// | `ocpi_conversion_left_out_total` | objects that a version cannot express | `rule` |
/// | `ocpi_degraded_total` | incomplete answers | |
/// | `ocpi_late_updates_total` | updates that arrived after a newer one | `object`, `rule`, `stored` (`part`,
/// `nothing`) |
/// | `ocpi_odd_updates_total` | odd updates that were accepted | `object`, `rule` |
/// | `ocpi_over_quota_total` | requests beyond a quota of the partner | `object`, `quota` |
/// | `ocpi_odd_results_total` | results of our requests that were late, repeated, from another sender, or missing |
/// `request`, `rule` |
/// | `ocpi_push_troubles_total` | objects that a partner refused, and unreachable partners | `object`, `rule` |
/// | `ocpi_not_logged_total` | messages missing from a message log | `rule` |
///
/// The labels of the exchange are `direction`, `partner`, `version`, `method` and `endpoint`; an unknown value is
/// `none`. The number of values is bounded by the numbers of partners, endpoints and HTTP methods.
///
/// ```
/// use ocpi_types::observe::{Metrics, Observer};
/// let observer = Observer::new(Metrics::described());
/// assert!(!observer.is_none());
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Metrics;

/// Stands for values that are not known.
const NONE: &str = "none";
/// Stands for values that a partner invented.
const OTHER: &str = "other";

impl Metrics {
    /// Creates the observer.
    pub const fn new() -> Self {
        Self
    }

    /// Creates the observer, and describes its metrics to the recorder, which must already be installed.
    pub fn described() -> Self {
        describe_counter!("ocpi_responses_total", "OCPI responses sent and received");
        describe_histogram!(
            "ocpi_response_seconds",
            Unit::Seconds,
            "Time from an OCPI request to its response"
        );
        describe_counter!("ocpi_failures_total", "OCPI requests that were refused or have no answer");
        describe_counter!("ocpi_abandoned_total", "OCPI requests that nobody waits for any more");
        describe_counter!("ocpi_findings_total", "Deviations from OCPI in messages");
        describe_counter!("ocpi_conversion_losses_total", "Losses and assumptions between versions of OCPI");
        describe_counter!("ocpi_conversion_left_out_total", "Objects that a version of OCPI cannot express");
        describe_counter!("ocpi_degraded_total", "OCPI answers that lack something");
        describe_counter!("ocpi_late_updates_total", "OCPI updates that came after a newer one");
        describe_counter!("ocpi_odd_updates_total", "OCPI updates that are odd, and were taken all the same");
        describe_counter!("ocpi_over_quota_total", "OCPI requests beyond a quota of the partner");
        describe_counter!("ocpi_odd_results_total", "OCPI results that came late, again or not at all");
        describe_counter!(
            "ocpi_push_troubles_total",
            "OCPI objects that were refused, and partners that are away"
        );
        describe_counter!("ocpi_not_logged_total", "OCPI messages that are missing in a log of messages");
        Self
    }
}

impl Observe for Metrics {
    fn event(&self, event: &Event<'_>) {
        let exchange = event.exchange;
        match event.kind {
            EventKind::RequestReceived | EventKind::RequestSent => {}
            EventKind::ResponseSent(answered) | EventKind::ResponseReceived(answered) => {
                responded(exchange, &answered);
            }
            EventKind::Failed(failure) => failed(exchange, &failure),
            EventKind::Abandoned { .. } => {
                counter!("ocpi_abandoned_total", labels(exchange, [])).increment(1);
            }
            EventKind::Converted(report) => {
                let entries = report.ledger.entries().iter();
                for ((rule, effect), count) in
                    counted(entries.map(|entry| (entry.rule.id(), entry.effect().as_str())))
                {
                    let labels = labels(exchange, [("rule", rule.to_owned()), ("effect", effect.to_owned())]);
                    counter!("ocpi_conversion_losses_total", labels).increment(count);
                }
                for (rule, count) in counted(report.left_out.iter().map(|(_, error)| error.rule().id())) {
                    let labels = labels(exchange, [("rule", rule.to_owned())]);
                    counter!("ocpi_conversion_left_out_total", labels).increment(count);
                }
            }
            EventKind::Found(findings) => {
                let found = findings.iter().map(|finding| (finding.rule.id(), finding.severity));
                for ((rule, severity), count) in counted(found) {
                    let more = [("rule", rule.to_owned()), ("severity", severity.to_string())];
                    counter!("ocpi_findings_total", labels(exchange, more)).increment(count);
                }
            }
            EventKind::Degraded(_) => counter!("ocpi_degraded_total", labels(exchange, [])).increment(1),
            EventKind::Late(late) => {
                let stored = if late.is_dropped { "nothing" } else { "part" };
                let more = [("object", late.object), ("rule", late.rule), ("stored", stored)];
                let more = more.map(|(name, value)| (name, value.to_owned()));
                counter!("ocpi_late_updates_total", labels(exchange, more)).increment(1);
            }
            EventKind::Odd(odd) => {
                let more = [("object", odd.object.to_owned()), ("rule", odd.rule.to_owned())];
                counter!("ocpi_odd_updates_total", labels(exchange, more)).increment(1);
            }
            EventKind::OverQuota(over) => {
                let more = [("object", over.object.to_owned()), ("quota", over.quota.to_owned())];
                counter!("ocpi_over_quota_total", labels(exchange, more)).increment(1);
            }
            EventKind::OddResult(odd) => {
                let more = [("request", odd.request.to_owned()), ("rule", odd.rule.to_owned())];
                counter!("ocpi_odd_results_total", labels(exchange, more)).increment(1);
            }
            EventKind::Push(push) => {
                let more = [("object", push.object.to_owned()), ("rule", push.rule.to_owned())];
                counter!("ocpi_push_troubles_total", labels(exchange, more)).increment(1);
            }
            EventKind::NotLogged(not) => {
                let more = [("rule", not.rule.to_owned())];
                counter!("ocpi_not_logged_total", labels(exchange, more)).increment(not.count);
            }
        }
    }
}

fn responded(exchange: &Exchange<'_>, answered: &Answered) {
    let more = [("http", http_label(Some(answered.http))), ("ocpi", ocpi_label(answered.ocpi))];
    counter!("ocpi_responses_total", labels(exchange, more)).increment(1);
    histogram!("ocpi_response_seconds", labels(exchange, [])).record(answered.duration);
}

fn failed(exchange: &Exchange<'_>, failure: &Failure<'_>) {
    let fault = if failure.is_fault() { "ours" } else { "theirs" };
    let (http, ocpi) = (http_label(failure.http), ocpi_label(failure.ocpi));
    let labels = labels(exchange, [("http", http), ("ocpi", ocpi), ("fault", fault.to_owned())]);
    counter!("ocpi_failures_total", labels).increment(1);
}

/// A partner may invent statuses: those that are registered have labels of their own.
fn http_label(status: Option<http::StatusCode>) -> String {
    match status {
        None => NONE.to_owned(),
        Some(status) if status.canonical_reason().is_none() => OTHER.to_owned(),
        Some(status) => status.as_u16().to_string(),
    }
}

/// As [`http_label`], for the codes of the specification.
fn ocpi_label(status: Option<StatusCode>) -> String {
    match status.map(StatusCode::get) {
        None => NONE.to_owned(),
        Some(code @ (1000 | 2000..=2004 | 3000..=3003 | 4000..=4003)) => code.to_string(),
        Some(_) => OTHER.to_owned(),
    }
}

/// Labels of an exchange, and more.
fn labels<const N: usize>(exchange: &Exchange<'_>, more: [(&'static str, String); N]) -> Vec<Label> {
    let partner = exchange.partner.map_or(NONE, |partner| partner.as_str()).to_owned();
    let mut labels = vec![
        Label::new("direction", exchange.direction.as_str()),
        Label::new("partner", partner),
        Label::new("version", exchange.version.map_or(NONE, |version| version.as_str())),
        Label::new("method", exchange.method.map_or(NONE, method)),
        Label::new("endpoint", exchange.endpoint.unwrap_or(NONE).to_owned()),
    ];
    labels.extend(more.map(|(name, value)| Label::new(name, value)));
    labels
}

/// A partner may invent methods: those of HTTP have labels of their own.
fn method(method: &Method) -> &'static str {
    const KNOWN: [(Method, &str); 7] = [
        (Method::GET, "GET"),
        (Method::PUT, "PUT"),
        (Method::PATCH, "PATCH"),
        (Method::POST, "POST"),
        (Method::DELETE, "DELETE"),
        (Method::HEAD, "HEAD"),
        (Method::OPTIONS, "OPTIONS"),
    ];
    KNOWN.iter().find(|(known, _)| known == method).map_or(OTHER, |(_, name)| name)
}

/// Counts equal items.
fn counted<T: Ord>(items: impl Iterator<Item = T>) -> BTreeMap<T, u64> {
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    counts
}
