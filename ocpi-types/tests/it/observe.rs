//! Observers: those that are made of others, and the ready ones for the crates `tracing` and `metrics`.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{Method, StatusCode as Http};
use metrics::{
    Counter, Gauge, Histogram, Key, KeyName, Metadata as MetricMetadata, Recorder, SharedString, Unit,
};
use ocpi_types::convert::{Context, Ledger, V2_2_1, V2_3_0, convert, kind};
use ocpi_types::observe::{
    Answered, Chain, ConversionReport, Degraded, Direction, Event, EventKind, Exchange, Failure, LateUpdate,
    Metrics, Observe, Observer, OddResult, OddUpdate, OverQuota, PushTrouble, Scope, Tracing, from_fn,
    template,
};
use ocpi_types::protocol::{PartnerId, StatusCode};
use ocpi_types::v2_3_0::locations::Connector;
use ocpi_types::{Version, endpoint, json, v2_3_0};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Level, Metadata, Subscriber};

const CONNECTOR: &str = r#"{"id":"1","standard":"IEC_62196_T2_COMBO","format":"CABLE","power_type":"DC",
    "max_voltage":"920","max_amperage":500,"capabilities":["ISO_15118_2_PLUG_AND_CHARGE"],
    "last_updated":"2026-01-01T00:00:00Z"}"#;

/// Failure whose cause is the storage's.
#[derive(Debug)]
struct Failed(std::io::Error);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the storage failed")
    }
}

impl std::error::Error for Failed {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

fn failed() -> Failed {
    Failed(std::io::Error::other("the disk is full"))
}

/// Tells an observer of one event of each kind, in an exchange of which everything is known.
fn tell_everything(observer: &impl Observe) {
    let partner: PartnerId = "cpo".parse().expect("an id");
    let template = template::<endpoint::Put<v2_3_0::tokens::Token>>();
    let mut exchange = Exchange::new(Direction::Inbound);
    exchange.partner = Some(&partner);
    exchange.version = Some(Version::V2_3_0);
    exchange.method = Some(&Method::PUT);
    exchange.endpoint = Some("Put<Token>");
    exchange.template = Some(&template);
    exchange.request_id = Some("r-1");
    exchange.correlation_id = Some("c-1");
    let read = json::read::<Connector>(CONNECTOR.as_bytes()).expect("a Connector");
    let mut ledger = Ledger::new();
    convert::<kind::Connector, V2_3_0, V2_2_1>(read.value, &Context::NONE, &mut ledger).expect("converted");
    let duration = Duration::from_millis(1500);
    let answered = Answered::new(Http::OK, Some(StatusCode::SUCCESS), duration);
    let error = failed();
    let failure =
        Failure::new(&error).with_status(Some(Http::OK), Some(StatusCode::SERVER_ERROR)).after(duration);
    let refused = Failure::new(&error).with_status(Some(Http::NOT_FOUND), Some(StatusCode::CLIENT_ERROR));
    for kind in [
        EventKind::RequestReceived,
        EventKind::ResponseSent(answered),
        EventKind::RequestSent,
        EventKind::ResponseReceived(answered),
        EventKind::Failed(failure),
        EventKind::Failed(refused),
        EventKind::Abandoned { duration },
        EventKind::Converted(ConversionReport::of(&ledger, &[]).expect("a loss")),
        EventKind::Found(&read.findings),
        EventKind::Degraded(Degraded::new("a Tariff of the page", &error)),
        EventKind::Late(LateUpdate::dropped("Token", "push.stale")),
        EventKind::Late(LateUpdate::partly("Location", "push.stale")),
        EventKind::Odd(OddUpdate::new("Session", "session.reopened")),
        EventKind::OverQuota(OverQuota::refused("Token", "bytes", 1024)),
        EventKind::OddResult(OddResult::new("START_SESSION", "result.late")),
        EventKind::Push(PushTrouble::new("Location", "push.dead")),
    ] {
        observer.event(&Event::new(&exchange, kind));
    }
}

#[test]
fn observers_are_made_of_others() {
    let count = Arc::new(AtomicU64::new(0));
    let counting = |step: u64| {
        let count = Arc::clone(&count);
        from_fn(move |_: &Event<'_>| {
            count.fetch_add(step, Ordering::Relaxed);
        })
    };
    tell_everything(&());
    tell_everything(&Observer::default());
    assert_eq!(count.load(Ordering::Relaxed), 0);
    tell_everything(&Arc::new((counting(1), ((), Observer::new(counting(100))))));
    assert_eq!(count.load(Ordering::Relaxed), 1616);
    let one = Observer::new(counting(1));
    assert!(one == one.clone() && one != Observer::new(counting(1)) && one != Observer::default());
    assert_eq!(Observer::default(), Observer::default());
}

#[test]
fn an_error_is_shown_with_its_causes_each_once() {
    assert_eq!(Chain(&failed()).to_string(), "the storage failed: the disk is full");

    /// Repeats its cause.
    #[derive(Debug)]
    struct Repeating(Failed);
    impl fmt::Display for Repeating {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "no answer: {}", self.0)
        }
    }
    impl std::error::Error for Repeating {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }
    assert_eq!(Chain(&Repeating(failed())).to_string(), "no answer: the storage failed: the disk is full");
}

#[test]
fn templates_name_no_ids() {
    use v2_3_0::cdrs::Cdr;
    use v2_3_0::credentials::Credentials;
    use v2_3_0::locations::Evse;
    for (template, expected) in [
        (template::<endpoint::GetVersions>(), "/versions"),
        (template::<endpoint::PostCredentials<Credentials>>(), "/credentials"),
        (template::<endpoint::List<Cdr>>(), "/sender/cdrs"),
        (
            template::<endpoint::GetCopy<Evse>>(),
            "/receiver/locations/{country_code}/{party_id}/{location_id}/{evse_uid}",
        ),
        (template::<endpoint::Authorize>(), "/sender/tokens/{token_uid}/authorize"),
        (template::<v2_3_0::commands::StopSession>(), "/receiver/commands/STOP_SESSION"),
    ] {
        assert_eq!(template, expected);
    }
}

/// Level and fields of an event.
type Told = (Level, BTreeMap<String, String>);

/// Keeps what `tracing` is told: level, message and fields of events, names and fields of spans.
#[derive(Clone, Default)]
struct Kept {
    events: Arc<Mutex<Vec<Told>>>,
    spans: Arc<Mutex<Vec<BTreeMap<String, String>>>>,
    entered: Arc<AtomicU64>,
}

#[derive(Default)]
struct Fields(BTreeMap<String, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }
}

impl Subscriber for Kept {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "ocpi"
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::default();
        span.record(&mut fields);
        let mut spans = self.spans.lock().expect("no panic");
        spans.push(fields.0);
        Id::from_u64(spans.len().try_into().expect("few"))
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        self.events.lock().expect("no panic").push((*event.metadata().level(), fields.0));
    }

    fn enter(&self, _: &Id) {
        self.entered.fetch_add(1, Ordering::Relaxed);
    }

    fn exit(&self, _: &Id) {}
}

#[test]
fn tracing_is_told_of_everything_in_fields() {
    let kept = Kept::default();
    tracing::subscriber::with_default(kept.clone(), || tell_everything(&Tracing::new()));
    let events = kept.events.lock().expect("no panic");
    let told: Vec<_> = events.iter().map(|(level, fields)| (*level, fields["message"].as_str())).collect();
    assert_eq!(
        told,
        [
            (Level::DEBUG, "request received"),
            (Level::INFO, "response sent"),
            (Level::DEBUG, "request sent"),
            (Level::INFO, "response received"),
            (Level::ERROR, "request failed"),
            (Level::WARN, "request refused"),
            (Level::INFO, "request abandoned"),
            (Level::DEBUG, "converted"),
            (Level::DEBUG, "deviations found"),
            (Level::WARN, "answer degraded"),
            (Level::WARN, "late update dropped"),
            (Level::INFO, "late update stored in part"),
            (Level::INFO, "odd update"),
            (Level::WARN, "quota used up"),
            (Level::WARN, "odd result"),
            (Level::WARN, "push"),
        ]
    );
    for (_, fields) in &*events {
        for (name, value) in [
            ("direction", "inbound"),
            ("partner", "cpo"),
            ("version", "2.3.0"),
            ("method", "PUT"),
            ("endpoint", "Put<Token>"),
            ("path", "/receiver/tokens/{country_code}/{party_id}/{token_uid}"),
            ("request_id", "r-1"),
            ("correlation_id", "c-1"),
        ] {
            assert_eq!(fields[name], value, "{fields:?}");
        }
    }
    let field = |index: usize, name: &str| events[index].1[name].as_str();
    assert_eq!((field(1, "http"), field(1, "ocpi"), field(1, "duration_us")), ("200", "1000", "1500000"));
    assert_eq!((field(4, "error"), field(4, "ocpi")), ("the storage failed: the disk is full", "3000"));
    assert_eq!((field(7, "count"), field(7, "rules")), ("1", "conv.no_member"));
    assert_eq!(field(8, "rules"), "num.string");
    assert_eq!(field(9, "missing"), "a Tariff of the page");
}

#[test]
fn what_is_not_known_has_no_field() {
    let kept = Kept::default();
    let exchange = Exchange::new(Direction::Internal);
    let event = Event::new(&exchange, EventKind::RequestReceived);
    tracing::subscriber::with_default(kept.clone(), || Tracing::new().event(&event));
    let events = kept.events.lock().expect("no panic");
    assert_eq!(events[0].1.keys().collect::<Vec<_>>(), ["direction", "message"]);
}

/// Polls in a scope are polls in a span, also where another observer opens none or one of its own.
#[test]
fn work_is_done_in_a_span() {
    struct Counting(Arc<AtomicU64>);
    impl Observe for Counting {
        fn scope(&self, _: &Exchange<'_>) -> Option<Box<dyn Scope>> {
            Some(Box::new(Self(Arc::clone(&self.0))))
        }
    }
    impl Scope for Counting {
        fn within(&self, work: &mut dyn FnMut()) {
            self.0.fetch_add(1, Ordering::Relaxed);
            work();
        }
    }

    let kept = Kept::default();
    let counted = Arc::new(AtomicU64::new(0));
    let observer = Observer::new(((), (Tracing::new(), Counting(Arc::clone(&counted)))));
    let partner: PartnerId = "cpo".parse().expect("an id");
    let mut exchange = Exchange::new(Direction::Outbound);
    exchange.partner = Some(&partner);
    let result = tracing::subscriber::with_default(kept.clone(), || {
        let mut work = observer.scoped(&exchange, std::future::ready(7));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        std::pin::Pin::new(&mut work).poll(&mut context)
    });
    assert_eq!(result, std::task::Poll::Ready(7));
    let spans = kept.spans.lock().expect("no panic");
    assert_eq!((spans[0]["partner"].as_str(), spans[0]["direction"].as_str()), ("cpo", "outbound"));
    assert_eq!((kept.entered.load(Ordering::Relaxed), counted.load(Ordering::Relaxed)), (1, 1));
}

/// Keeps counters by name and labels.
#[derive(Default)]
struct Counts(Mutex<BTreeMap<String, Arc<AtomicU64>>>);

impl Counts {
    fn of(&self, key: &Key) -> Arc<AtomicU64> {
        let labels: Vec<String> =
            key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        let name = format!("{} {}", key.name(), labels.join(" "));
        Arc::clone(self.0.lock().expect("no panic").entry(name).or_default())
    }

    fn taken(&self) -> BTreeMap<String, u64> {
        let counts = self.0.lock().expect("no panic");
        counts.iter().map(|(name, count)| (name.clone(), count.load(Ordering::Relaxed))).collect()
    }
}

/// Sums of milliseconds.
struct Sum(Arc<AtomicU64>);

impl metrics::HistogramFn for Sum {
    fn record(&self, value: f64) {
        let millis = Duration::from_secs_f64(value).as_millis().try_into().expect("a short time");
        self.0.fetch_add(millis, Ordering::Relaxed);
    }
}

impl Recorder for Counts {
    fn describe_counter(&self, name: KeyName, _: Option<Unit>, text: SharedString) {
        assert!(name.as_str().starts_with("ocpi_") && !text.is_empty());
        self.0.lock().expect("no panic").insert(format!("described {}", name.as_str()), Arc::default());
    }

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, name: KeyName, unit: Option<Unit>, text: SharedString) {
        assert_eq!(unit, Some(Unit::Seconds));
        self.describe_counter(name, unit, text);
    }

    fn register_counter(&self, key: &Key, _: &MetricMetadata<'_>) -> Counter {
        Counter::from_arc(self.of(key))
    }

    fn register_gauge(&self, key: &Key, _: &MetricMetadata<'_>) -> Gauge {
        Gauge::from_arc(self.of(key))
    }

    fn register_histogram(&self, key: &Key, _: &MetricMetadata<'_>) -> Histogram {
        Histogram::from_arc(Arc::new(Sum(self.of(key))))
    }
}

#[test]
fn metrics_count_everything_by_labels_of_few_values() {
    let counts = Counts::default();
    metrics::with_local_recorder(&counts, || tell_everything(&Metrics::new()));
    let exchange = "direction=inbound partner=cpo version=2.3.0 method=PUT endpoint=Put<Token>";
    let expected = [
        ("ocpi_responses_total", " http=200 ocpi=1000", 2),
        ("ocpi_response_seconds", "", 3000),
        ("ocpi_failures_total", " http=200 ocpi=3000 fault=ours", 1),
        ("ocpi_failures_total", " http=404 ocpi=2000 fault=theirs", 1),
        ("ocpi_abandoned_total", "", 1),
        ("ocpi_conversion_losses_total", " rule=conv.no_member effect=lost", 1),
        ("ocpi_findings_total", " rule=num.string severity=error", 1),
        ("ocpi_degraded_total", "", 1),
        ("ocpi_late_updates_total", " object=Token rule=push.stale stored=nothing", 1),
        ("ocpi_late_updates_total", " object=Location rule=push.stale stored=part", 1),
        ("ocpi_odd_updates_total", " object=Session rule=session.reopened", 1),
        ("ocpi_over_quota_total", " object=Token quota=bytes", 1),
        ("ocpi_odd_results_total", " request=START_SESSION rule=result.late", 1),
        ("ocpi_push_troubles_total", " object=Location rule=push.dead", 1),
    ];
    let expected: BTreeMap<String, u64> =
        expected.iter().map(|(name, labels, count)| (format!("{name} {exchange}{labels}"), *count)).collect();
    assert_eq!(counts.taken(), expected);
}

/// A partner invents methods and statuses: there are no more labels for it.
#[test]
fn a_partner_cannot_make_labels() {
    let counts = Counts::default();
    metrics::with_local_recorder(&counts, || {
        for number in 0..50_u16 {
            let method = Method::from_bytes(format!("M{number}").as_bytes()).expect("a method");
            let mut exchange = Exchange::new(Direction::Inbound);
            exchange.method = Some(&method);
            exchange.request_id = Some("DRIVER");
            let http = Http::from_u16(800 + number).expect("a status");
            let answered = Answered::new(http, Some(StatusCode::new(1100 + number)), Duration::ZERO);
            Metrics::new().event(&Event::new(&exchange, EventKind::ResponseSent(answered)));
        }
    });
    let taken = counts.taken();
    assert_eq!(taken.len(), 2, "{taken:?}");
    let labels = "direction=inbound partner=none version=none method=other endpoint=none";
    assert_eq!(taken[&format!("ocpi_responses_total {labels} http=other ocpi=other")], 50);
}

#[test]
fn every_metric_is_described() {
    let counts = Counts::default();
    metrics::with_local_recorder(&counts, || {
        tell_everything(&Metrics::described());
    });
    let taken = counts.taken();
    let names: Vec<&str> =
        taken.keys().filter_map(|key| key.strip_prefix("ocpi_")?.split(' ').next()).collect();
    assert!(names.len() >= 10);
    for name in names {
        assert!(taken.contains_key(&format!("described ocpi_{name}")), "{name}");
    }
}
