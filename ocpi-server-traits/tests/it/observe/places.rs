//! Each place of the crate that answers 3000 to 3003: a test raises it, and finds its cause with the observer.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use ocpi_server_traits::storage::{
    Address, Changes, Document, Edit, LeaseError, Page, Position, Query, Start, Store, StoreError,
    StoreErrorKind, WriteOutcome,
};
use ocpi_server_traits::{
    Bookings, Caller, Error, ErrorKind, Handle, Memory, Objects, Partner, PartnerDirectory, Payments, Router,
    Routes, TerminalDesk,
};
use ocpi_testkit::{cdr_json, location_json, parse, partner_id, party, session_json, tariff_json, time};
use ocpi_types::endpoint::{GetOwn, RootResource};
use ocpi_types::v2_3_0::bookings::BookingLocation;
use ocpi_types::v2_3_0::commands::{CommandResponse, StopSession};
use ocpi_types::v2_3_0::locations::{Connector, Location};
use ocpi_types::v2_3_0::payments::Terminal;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::{CredentialsToken, Version};
use pollster::block_on;

use super::heard::{Heard, log};
use super::write;
use crate::site::{builder, everything, partners, raw_request, request};

/// Cause that must reach the operator, and nobody else.
const CAUSE: &str = "sector 4711 is bad";

/// A store that never does what it is asked.
#[derive(Clone, Copy)]
enum Bad {
    Fails(StoreErrorKind),
    /// It says that an edit gave up, without asking it.
    Aborts,
    /// It says that an edit was committed, without asking it.
    Commits,
}

impl Bad {
    fn fail<T>(self) -> Result<T, StoreError> {
        let kind = if let Self::Fails(kind) = self { kind } else { StoreErrorKind::Other };
        Err(StoreError::new(kind, "it does not work").with_source(io::Error::other(CAUSE)))
    }
}

impl Store for Bad {
    async fn read(&self, _: &[Address]) -> Result<Vec<Option<Document>>, StoreError> {
        self.fail()
    }

    async fn page(&self, _: &Query, _: Start, _: u32) -> Result<Page, StoreError> {
        self.fail()
    }

    async fn write(&self, _: Vec<Address>, _: Edit) -> Result<WriteOutcome, StoreError> {
        match self {
            Self::Fails(_) => self.fail(),
            Self::Aborts => Ok(WriteOutcome::Aborted),
            Self::Commits => Ok(WriteOutcome::Committed(Position::default())),
        }
    }

    async fn changes(&self, _: Position, _: u32) -> Result<Changes, StoreError> {
        self.fail()
    }

    async fn moved(&self, _: Position, _: Duration) {}
}

/// A directory whose store fails.
struct Unreadable;

impl PartnerDirectory for Unreadable {
    async fn find(&self, _: &[CredentialsToken]) -> Result<Option<Partner>, StoreError> {
        Bad::Fails(StoreErrorKind::Unavailable).fail()
    }
}

/// A router that cannot find partners.
fn unreadable(observer: ocpi_types::observe::Observer) -> Router {
    let objects = Arc::new(Objects::new(Memory::new(), vec![]));
    let builder = builder().observe(observer).version(Version::V2_3_0, |routes| everything(&objects, routes));
    builder.build(Unreadable).expect("a router")
}

/// A handler that fails in this way.
struct Failing<F>(F);

impl<F: Fn() -> Result<CommandResponse, Error> + Send + Sync + 'static> Handle<StopSession> for Failing<F> {
    async fn handle(&self, _: &Caller, _: StopSession) -> Result<CommandResponse, Error> {
        (self.0)()
    }
}

/// Asks a router; returns its answer, and the failure that its observer heard of.
fn failure(
    make: impl FnOnce(ocpi_types::observe::Observer) -> Router,
    request: http::Request<Bytes>,
) -> (String, Heard) {
    let (log, observer) = log();
    let router = make(observer);
    let answer = block_on(router.call(request));
    let body = String::from_utf8(answer.body().to_vec()).expect("text");
    let heard = log.failed();
    assert_eq!(heard.status.map(|(http, _)| http), Some(answer.status().as_u16()), "{body}");
    assert!(body.contains(&format!("\"status_code\":{}", heard.status.expect("a status").1)), "{body}");
    assert!(!body.contains(CAUSE), "{body}");
    (body, heard)
}

fn with_store<S: Store>(store: S, request: http::Request<Bytes>) -> (String, Heard) {
    with_objects(Objects::new(store, vec![party("DE/EMP"), party("NL/ALF")]), request)
}

fn with_objects<S: Store>(objects: Objects<S>, request: http::Request<Bytes>) -> (String, Heard) {
    let objects = Arc::new(objects);
    let make = |observer| {
        builder()
            .observe(observer)
            .version(Version::V2_3_0, |routes| everything(&objects, routes))
            .build(partners())
            .expect("a router")
    };
    failure(make, request)
}

fn with_handler(
    answer: impl Fn() -> Result<CommandResponse, Error> + Send + Sync + 'static,
) -> (String, Heard) {
    let desk = Arc::new(Failing(answer));
    let make = |observer| {
        builder()
            .observe(observer)
            .version(Version::V2_3_0, |routes| routes.on(&desk))
            .build(partners())
            .expect("a router")
    };
    let stop = r#"{"response_url": "https://cpo.example/1", "session_id": "S1"}"#;
    failure(make, request(Method::POST, "/receiver/commands/STOP_SESSION", stop))
}

/// A request to each kind of endpoint that is answered from a store.
fn requests() -> Vec<http::Request<Bytes>> {
    let tariff = tariff_json("NL/ALF", "T1", "10:00:00");
    let cdr = cdr_json("NL/ALF", "C1", "10:00:00");
    let session = session_json("NL/ALF", "S1", "10:00:00");
    let patch = r#"{"kwh": 1, "last_updated": "2026-11-22T10:00:00Z"}"#;
    [
        (Method::GET, "/receiver/tariffs/NL/ALF/T1", ""),
        (Method::PUT, "/receiver/tariffs/NL/ALF/T1", tariff.as_str()),
        (Method::DELETE, "/receiver/tariffs/NL/ALF/T1", ""),
        (Method::PUT, "/receiver/sessions/NL/ALF/S1", &session),
        (Method::PATCH, "/receiver/sessions/NL/ALF/S1", patch),
        (Method::GET, "/sender/tokens", ""),
        (Method::GET, "/sender/locations/L1", ""),
        (Method::POST, "/receiver/cdrs", &cdr),
        (Method::GET, "/receiver/cdrs/NL/ALF/C1", ""),
    ]
    .into_iter()
    .map(|(method, path, body)| request(method, path, body))
    .collect()
}

#[test]
fn the_cause_of_a_storage_that_fails_is_heard_of() {
    for request in requests() {
        let shown = format!("{} {}", request.method(), request.uri());
        let (body, heard) = with_store(Bad::Fails(StoreErrorKind::Full), request);
        assert!(body.contains("the storage failed"), "{shown}: {body}");
        let chain = format!("the storage failed: storage: it does not work: {CAUSE}");
        assert_eq!(heard.cause.as_deref(), Some(&*chain), "{shown}");
        assert_eq!(heard.status, Some((200, 3000)), "{shown}");
    }
    // Others may hold what is asked for: that is over soon.
    let (body, heard) = with_store(Bad::Fails(StoreErrorKind::Busy), requests().swap_remove(1));
    assert!(body.contains("the storage is busy") && heard.cause.is_some_and(|cause| cause.ends_with(CAUSE)));
    assert_eq!(heard.status, Some((200, 3000)));
    // A text that the store cannot hold is the partner's fault; the operator hears of it all the same.
    let put = requests().swap_remove(1);
    let (body, heard) = with_store(Bad::Fails(StoreErrorKind::Refused), put);
    assert!(heard.cause.is_some_and(|cause| cause.ends_with(CAUSE)));
    assert_eq!(heard.status, Some((200, 2001)), "{body}");
}

/// Everything that is heard while each place fails once; see [`every_place_was_raised`].
fn raised() -> Vec<Heard> {
    let put = || requests().swap_remove(1);
    let get = || request(Method::GET, "/receiver/tariffs/NL/ALF/T1", "");
    let mut raised = Vec::new();

    let (_, heard) = failure(unreadable, get());
    assert!(heard.cause.as_deref().is_some_and(|cause| cause.ends_with(CAUSE)));
    raised.push(heard);

    let (_, heard) = with_store(Bad::Aborts, put());
    assert!(heard.cause.as_deref().is_some_and(|cause| cause.contains("without a reason")), "{heard:?}");
    raised.push(heard);
    let (_, heard) = with_store(Bad::Commits, put());
    assert!(
        heard.cause.as_deref().is_some_and(|cause| cause.contains("whose edit did not end")),
        "{heard:?}"
    );
    raised.push(heard);

    let at = Address::of::<Tariff>(&parse::<Tariff>(&tariff_json("NL/ALF", "T1", "10:00:00")).identity());
    for (body, format, cause) in
        [("{", "2.3.0", "[json.end]"), ("{}", "2.1.1", "of version 2.1.1, not 2.3.0")]
    {
        // A PUT would take the place of the broken one.
        for request in [get(), requests().swap_remove(2)] {
            let objects = Objects::new(Memory::new(), vec![]);
            write(&objects, at.clone(), body, format);
            let (_, heard) = with_objects(objects, request);
            assert!(heard.cause.as_deref().is_some_and(|chain| chain.contains(cause)), "{heard:?}");
            raised.push(heard);
        }
    }

    let objects = Objects::new(Memory::new(), vec![]);
    write(&objects, Address::new("Account", "", "cpo"), "many", "account/1");
    raised.push(with_objects(objects, put()).1);

    raised.push(inexpressible());
    raised.extend(at_desks());

    for fail in [boxed, lease, failed] {
        let (_, heard) = with_handler(fail);
        assert_eq!(heard.status, Some((200, 3000)));
        raised.push(heard);
    }
    raised
}

/// Documents beside the objects that are broken, and a terminal desk that mixes terminals up.
fn at_desks() -> Vec<Heard> {
    let booking = r#"{"country_code": "NL", "party_id": "ALF", "request_id": "R1", "location_id": "L1",
        "booking_location_id": "B1", "authorization_reference": "A1", "period": {
            "start_date_time": "2026-11-22T13:00:00Z", "end_date_time": "2026-11-22T14:00:00Z"}}"#;
    let offer = r#"{"country_code": "DE", "party_id": "EMP", "id": "B1", "location_id": "L1", "calendars": [],
        "last_updated": "2026-11-22T09:00:00Z"}"#;
    let terminal = r#"{"terminal_id": "T1", "last_updated": "2026-11-22T09:00:00Z"}"#;
    let deactivate = "/sender/payments/terminals/T1/deactivate";
    [
        (Address::new("BookingRequest", "NL/ALF", "r1"), "DE/EMP", "/sender/bookings", booking),
        (Address::new("BookedTime", "DE/EMP", "b1"), "1 2", "/sender/bookings", booking),
        (Address::new("Note", "", ""), "", deactivate, ""),
    ]
    .map(|(at, broken, path, body)| {
        let objects = Arc::new(Objects::new(Memory::new(), vec![party("DE/EMP")]));
        block_on(objects.put_all([parse::<BookingLocation>(offer)])).expect("stored");
        write(&objects, at, broken, "text");
        let bookings = Arc::new(Bookings::new(Arc::clone(&objects), ()));
        let payments = Arc::new(Payments::new(Arc::clone(&objects), Muddled));
        block_on(payments.set_terminal(&partner_id("cpo"), parse(terminal))).expect("stored");
        let make = |observer| {
            let mount = |routes: Routes| routes.bookings(&objects, &bookings).sender::<Terminal>(&payments);
            builder().observe(observer).version(Version::V2_3_0, mount).build(partners()).expect("a router")
        };
        failure(make, request(Method::POST, path, body)).1
    })
    .into()
}

/// Gives another terminal back.
struct Muddled;

impl TerminalDesk for Muddled {
    async fn deactivate(&self, _: &Caller, terminal: Terminal) -> Result<Option<Terminal>, Error> {
        Ok(Some(Terminal { terminal_id: "T2".parse().expect("an id"), ..terminal }))
    }
}

fn boxed() -> Result<CommandResponse, Error> {
    let meter: Result<u32, Box<dyn std::error::Error + Send + Sync>> = "x".parse().map_err(Into::into);
    meter?;
    Err(Error::invalid("a number"))
}

fn lease() -> Result<CommandResponse, Error> {
    Err(LeaseError::Held { until: time("12:00:00") })?
}

fn failed() -> Result<CommandResponse, Error> {
    Err(Error::failed(io::Error::other(CAUSE)))
}

/// A Connector that 2.1.1 cannot express, asked for by a partner of 2.1.1.
fn inexpressible() -> Heard {
    let objects = Arc::new(Objects::new(Memory::new(), vec![party("DE/EMP")]));
    let json = location_json("DE/EMP", "L1", "10:00:00").replace("IEC_62196_T2_COMBO", "CHAOJI");
    let location: Location = parse(&json.replace("\"IEC_62196_T2\"", "\"CHAOJI\""));
    let (evse, connector) = (location.evses[0].uid.clone(), location.evses[0].connectors[0].id.clone());
    block_on(objects.put(&location.identity(), location)).expect("stored");
    let make = |observer| {
        builder()
            .observe(observer)
            .version(Version::V2_1_1, |routes| routes.on::<GetOwn<Connector>, _>(&objects))
            .build(partners())
            .expect("a router")
    };
    let path = format!("/ocpi/2.1.1/locations/L1/{evse}/{connector}");
    let (body, heard) = failure(make, raw_request(Method::GET, &path, Bytes::new()));
    assert!(heard.cause.as_deref().is_some_and(|cause| cause.contains("[conv.")), "{body} {heard:?}");
    heard
}

/// The messages of all places in the crate that answer 3000 to 3003 are among those that were raised.
#[test]
fn every_place_was_raised() {
    let raised = raised();
    for heard in &raised {
        assert!(heard.status.is_some_and(|(_, ocpi)| (3000..4000).contains(&ocpi)), "{heard:?}");
    }
    let mut messages = BTreeSet::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut messages);
    assert!(messages.len() >= 7, "{messages:?}");
    for message in messages {
        let is_raised =
            raised.iter().any(|heard| heard.cause.as_deref().unwrap_or_default().starts_with(&message));
        assert!(is_raised, "nobody raises: {message}");
    }
}

/// Messages of errors of ours in a folder with source, up to their first placeholder.
fn collect(folder: &Path, messages: &mut BTreeSet<String>) {
    const MAKERS: [&str; 6] = [
        "internal(",
        "no_matching_endpoints(",
        "unsupported_version(",
        "cannot_use_client_api(",
        "not_implemented(",
        "unavailable(",
    ];
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, messages);
            continue;
        }
        let text = fs::read_to_string(&path).expect("text");
        let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let code = code.join(" ");
        for maker in MAKERS {
            for behind in code.split(&format!("::{maker}")).skip(1) {
                // A message that was handed in is that of another place.
                let argument = behind.trim_start().trim_start_matches("format!(").trim_start();
                let Some(literal) = argument.strip_prefix('"') else { continue };
                let message = literal.split(['"', '{']).next().expect("a literal");
                messages.insert(message.to_owned());
            }
        }
    }
}

/// Every kind of error that a handler may answer with reaches partner and operator, each with its part.
#[test]
fn every_kind_is_answered_with_its_statuses() {
    for kind in ErrorKind::ALL {
        let kind = *kind;
        let fail = move || Err(Error::new(kind, "for the partner").with_source(io::Error::other(CAUSE)));
        let (body, heard) = with_handler(fail);
        assert!(body.contains("for the partner"), "{kind:?}: {body}");
        assert_eq!(heard.cause, Some(format!("for the partner: {CAUSE}")), "{kind:?}");
        assert_eq!(heard.status, Some((kind.http_status().as_u16(), kind.status_code().get())), "{kind:?}");
    }
    let codes: BTreeSet<u16> = ErrorKind::ALL.iter().map(|kind| kind.status_code().get()).collect();
    let due = [2000, 2001, 2002, 2003, 2004, 3000, 3001, 3002, 3003, 4000, 4001, 4002, 4003];
    assert_eq!(codes, due.into());
}

#[test]
fn a_time_to_wait_and_other_statuses_reach_the_partner() {
    let (log, observer) = log();
    let busy = || Error::busy("wait", 7).with_http_status(http::StatusCode::SERVICE_UNAVAILABLE);
    let desk = Arc::new(Failing(move || Err(busy())));
    let router = builder()
        .observe(observer)
        .version(Version::V2_3_0, |routes| routes.on(&desk))
        .build(partners())
        .expect("a router");
    let stop = r#"{"response_url": "https://cpo.example/1", "session_id": "S1"}"#;
    let answer = block_on(router.call(request(Method::POST, "/receiver/commands/STOP_SESSION", stop)));
    assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].as_bytes()), (503, &b"7"[..]));
    assert_eq!(log.failed().status, Some((503, 3000)));
}
