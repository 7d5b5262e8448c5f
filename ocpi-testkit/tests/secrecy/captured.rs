//! Everything that is logged, at the lowest level.

use std::fmt::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};

use metrics::{
    Counter, Gauge, Histogram, Key, KeyName, Metadata as MetricMetadata, Recorder, SharedString, Unit,
};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::{Metadata, Subscriber};

/// A record of `log`, an event or a span of `tracing`, or a metric.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) target: String,
    pub(crate) level: String,
    pub(crate) text: String,
}

impl Record {
    /// Whether it is of a crate.
    pub(crate) fn is_of(&self, name: &str) -> bool {
        crate_of(&self.target) == name
    }
}

/// The crate that a target is of.
pub(crate) fn crate_of(target: &str) -> &str {
    target.split("::").next().unwrap_or_default()
}

#[derive(Default)]
pub(crate) struct Captured {
    /// Crates whose records of TRACE are not wanted.
    lowered: Mutex<Vec<&'static str>>,
    records: Mutex<Vec<Record>>,
    spans: AtomicU64,
}

/// The lines that were captured so far.
pub(crate) fn captured() -> &'static Captured {
    static CAPTURED: OnceLock<Captured> = OnceLock::new();
    CAPTURED.get_or_init(Captured::default)
}

/// Captures everything from now on.
pub(crate) fn install() {
    tracing::subscriber::set_global_default(Taps).expect("the only subscriber");
    log::set_logger(&Taps).expect("the only logger");
    log::set_max_level(log::LevelFilter::Trace);
    metrics::set_global_recorder(Taps).expect("the only recorder");
}

impl Captured {
    /// Returns the records since the last time.
    pub(crate) fn take(&self) -> Vec<Record> {
        std::mem::take(&mut *self.records.lock().expect("no panic"))
    }

    /// The last records, for failures of this test.
    pub(crate) fn last(&self) -> Vec<String> {
        let records = self.records.lock().expect("no panic");
        let failures =
            records.iter().rev().filter(|record| ["WARN", "ERROR"].contains(&record.level.as_str()));
        failures.take(3).map(|record| record.text.clone()).collect()
    }

    /// Whether there is a record of a crate.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.records.lock().expect("no panic").iter().any(|record| record.is_of(name))
    }

    /// The texts of a crate with a word in them.
    pub(crate) fn texts_of(&self, name: &str, word: &str) -> Vec<String> {
        let records = self.records.lock().expect("no panic");
        let wanted = records.iter().filter(|record| record.is_of(name) && record.text.contains(word));
        wanted.map(|record| record.text.clone()).collect()
    }

    /// Keeps the logs of these crates at DEBUG from now on, and all others at TRACE.
    pub(crate) fn lower(&self, names: &[&'static str]) {
        *self.lowered.lock().expect("no panic") = names.to_vec();
    }

    fn push(&self, target: &str, level: impl fmt::Display, text: String) {
        let record = Record { target: target.to_owned(), level: level.to_string(), text };
        self.records.lock().expect("no panic").push(record);
    }
}

/// Leads to what is captured.
struct Taps;

impl log::Log for Taps {
    fn enabled(&self, about: &log::Metadata<'_>) -> bool {
        let lowered = captured().lowered.lock().expect("no panic");
        about.level() < log::Level::Trace || !lowered.contains(&crate_of(about.target()))
    }

    fn log(&self, record: &log::Record<'_>) {
        if !log::Log::enabled(self, record.metadata()) {
            return;
        }
        captured().push(record.target(), record.level(), record.args().to_string());
    }

    fn flush(&self) {}
}

impl Subscriber for Taps {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut text = Fields(span.metadata().name().to_owned());
        span.record(&mut text);
        captured().push(span.metadata().target(), span.metadata().level(), text.0);
        Id::from_u64(captured().spans.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &Id, values: &tracing::span::Record<'_>) {
        let mut text = Fields(String::new());
        values.record(&mut text);
        captured().push("span", tracing::Level::TRACE, text.0);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut text = Fields(event.metadata().name().to_owned());
        event.record(&mut text);
        captured().push(event.metadata().target(), event.metadata().level(), text.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Fields(String);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        write!(self.0, " {}={value:?}", field.name()).expect("a text");
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        write!(self.0, " {}={value}", field.name()).expect("a text");
    }
}

impl Taps {
    fn metric(&self, key: &Key) {
        let labels: Vec<String> =
            key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        captured().push("metrics", "METRIC", format!("{} {}", key.name(), labels.join(" ")));
    }
}

impl Recorder for Taps {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &MetricMetadata<'_>) -> Counter {
        self.metric(key);
        Counter::noop()
    }

    fn register_gauge(&self, key: &Key, _: &MetricMetadata<'_>) -> Gauge {
        self.metric(key);
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &MetricMetadata<'_>) -> Histogram {
        self.metric(key);
        Histogram::noop()
    }
}
