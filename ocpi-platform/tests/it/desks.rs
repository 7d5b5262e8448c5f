//! Hub client info, payments, bookings and posted records, on each store that there is.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::{Method, header};

use ocpi_platform::Error;
use ocpi_server_traits::storage::AnyStore;
use ocpi_server_traits::{Bookings, HubClients, Memory, Objects, Partner, Payments, Quota, Router};
use ocpi_testkit::{
    Answer, CannedPlatform, KnownPartners, Network, PlatformSetup, TestPlatform, fixed_clock, parse,
    partner_id, party, respond, token,
};
use ocpi_types::Version;
use ocpi_types::endpoint::{PutClientInfo, RootResource};
use ocpi_types::v2_2_1::hub_client_info::ClientInfo;
use ocpi_types::v2_3_0::bookings::{Booking, BookingLocation, ReservationStatus};
use ocpi_types::v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord;
use ocpi_types::v2_3_0::payments::{FinancialAdviceConfirmation, Terminal};
use pollster::block_on;

/// Runs a test on a store in memory and on one in a file of SQLite, each opened twice.
fn on_both(test: impl Fn(&dyn Fn() -> AnyStore)) {
    let memory = Arc::new(Memory::with_clock(fixed_clock()));
    test(&|| AnyStore::new(Arc::clone(&memory)));
    let directory = tempfile::tempdir().expect("a directory");
    let url = format!("sqlite:{}", directory.path().join("ocpi.db").display());
    test(&|| block_on(ocpi_store::open(&url)).expect("a store"));
}

/// The platform DE/EMP with all modules; its partners are `one`, which speaks for NL/ALF, and `two`, for BE/OTH.
struct Site {
    router: Router,
    objects: Arc<Objects<AnyStore>>,
}

impl Site {
    fn on(store: AnyStore) -> Self {
        let objects = Objects::new(store, vec![party("DE/EMP")]).with_page_size(2);
        let objects = Arc::new(objects.with_quotas(Quota::default().with_list(3)));
        let clients = Arc::new(HubClients::new(Arc::clone(&objects)));
        let payments = Arc::new(Payments::new(Arc::clone(&objects), ()));
        let bookings = Arc::new(Bookings::new(Arc::clone(&objects), ()));
        let base = "https://own.example/ocpi".parse().expect("a URL");
        let router = Router::builder(base, fixed_clock()).version(Version::V2_3_0, |routes| {
            routes
                .sender::<ClientInfo>(&clients)
                .receiver::<ClientInfo>(&clients)
                .sender::<Terminal>(&payments)
                .receiver::<Terminal>(&payments)
                .sender::<FinancialAdviceConfirmation>(&payments)
                .receiver::<FinancialAdviceConfirmation>(&payments)
                .bookings(&objects, &bookings)
                .receiver::<InvoiceReconciliationRecord>(&objects)
        });
        let partners = KnownPartners::default()
            .with("one", Partner::new(partner_id("one"), [party("NL/ALF")]))
            .with("two", Partner::new(partner_id("two"), [party("BE/OTH")]));
        Self { router: router.build(partners).expect("a router"), objects }
    }

    fn ask(&self, who: &str, method: Method, path: &str, body: &str) -> Answer {
        let request = http::Request::builder().method(method).uri(format!("/ocpi/2.3.0{path}"));
        let request = request.header(header::AUTHORIZATION, token(who).to_header(true));
        let request = request.body(Bytes::from(body.to_owned())).expect("a request");
        Answer::of(block_on(self.router.call(request)))
    }

    fn total(&self, who: &str, path: &str) -> String {
        let page = self.ask(who, Method::GET, path, "").expect(200, 1000);
        page.header("x-total-count").expect("a total").to_owned()
    }

    fn counted(&self, who: &str) -> u64 {
        block_on(self.objects.usage(&partner_id(who))).expect("a store").objects()
    }
}

fn client(of: &str, status: &str, updated: &str) -> String {
    let party = party(of);
    format!(
        r#"{{"country_code": "{}", "party_id": "{}", "role": "CPO", "status": "{status}",
            "last_updated": "2026-11-22T{updated}Z"}}"#,
        party.country_code, party.party_id
    )
}

#[test]
fn entries_of_a_hub_outlive_the_process() {
    on_both(|open| {
        let site = Site::on(open());
        for id in ["AAA", "BBB", "CCC"] {
            let at = format!("/receiver/hubclientinfo/FR/{id}");
            let json = client(&format!("FR/{id}"), "CONNECTED", "10:00:00");
            site.ask("one", Method::PUT, &at, &json).expect(201, 1000);
            block_on(HubClients::new(Arc::clone(&site.objects)).set(parse(&json))).expect("a store");
        }
        let fourth = client("FR/DDD", "CONNECTED", "10:00:00");
        site.ask("one", Method::PUT, "/receiver/hubclientinfo/FR/DDD", &fourth).expect(403, 2000);
        drop(site);
        let site = Site::on(open());
        let late = client("FR/AAA", "OFFLINE", "09:00:00");
        site.ask("one", Method::PUT, "/receiver/hubclientinfo/FR/AAA", &late).expect(200, 1000);
        let clients = HubClients::new(Arc::clone(&site.objects));
        let reachable =
            |hub| block_on(clients.is_reachable(&partner_id(hub), &party("FR/AAA"))).expect("a store");
        assert_eq!((reachable("one"), reachable("two")), (true, false));
        assert_eq!((site.total("two", "/sender/hubclientinfo"), site.counted("one")), ("3".to_owned(), 3));
        let window = "/sender/hubclientinfo?date_from=2026-11-22T10:00:01Z";
        assert_eq!(site.total("two", window), "0");
    });
}

#[test]
fn terminals_stay_with_their_connection() {
    on_both(|open| {
        let site = Site::on(open());
        let post = |who, id: &str| {
            let json = format!(r#"{{"terminal_id": "{id}", "last_updated": "2026-11-22T10:00:00Z"}}"#);
            site.ask(who, Method::POST, "/receiver/payments/terminals", &json)
        };
        for id in ["T1", "T2", "T3"] {
            post("one", id).expect(201, 1000);
            post("one", id).expect(201, 1000);
        }
        post("one", "T4").expect(403, 2000);
        post("two", "T1").expect(201, 1000);
        assert_eq!((site.counted("one"), site.counted("two")), (3, 1));
        let payments = Payments::new(Arc::clone(&site.objects), ());
        let terminal = r#"{"terminal_id": "T1", "last_updated": "2026-11-22T10:00:00Z"}"#;
        block_on(payments.set_terminal(&partner_id("two"), parse(terminal))).expect("a store");
        drop(site);

        let site = Site::on(open());
        site.ask("two", Method::GET, "/receiver/payments/terminals/T2", "").expect(404, 2000);
        let at = "/sender/payments/terminals/T1";
        site.ask("one", Method::PATCH, at, r#"{"location_ids": ["L1"]}"#).expect(404, 2000);
        site.ask("two", Method::PATCH, at, r#"{"location_ids": ["L1"]}"#).expect(200, 1000);
        let list = "/sender/payments/terminals";
        assert_eq!((site.total("one", list), site.total("two", list)), ("0".to_owned(), "1".to_owned()));
        assert_eq!(site.counted("two"), 2, "its copy, and the one that it changed");
    });
}

fn offer(id: &str, day: &str) -> BookingLocation {
    parse(&format!(
        r#"{{"country_code": "DE", "party_id": "EMP", "id": "{id}", "location_id": "L1",
            "booking_terms": {{"supported_access_methods": ["OPEN"], "change_until_minutes": 60,
                "cancel_until_minutes": 30}},
            "calendars": [{{"id": "C1", "begin_from": "{day}T13:00:00Z", "end_before": "{day}T20:00:00Z",
                "available_timeslots": [
                    {{"start_date_time": "{day}T13:00:00Z", "end_date_time": "{day}T20:00:00Z"}}],
                "last_updated": "2026-11-22T09:00:00Z"}}],
            "last_updated": "2026-11-22T09:00:00Z"}}"#
    ))
}

fn request(of: &str, id: &str, from: &str) -> String {
    let party = party(of);
    format!(
        r#"{{"country_code": "{}", "party_id": "{}", "request_id": "{id}", "location_id": "L1",
            "booking_location_id": "B1", "authorization_reference": "A1",
            "period": {{"start_date_time": "2026-11-22T{from}:00Z", "end_date_time": "2026-11-22T19:00:00Z"}}}}"#,
        party.country_code, party.party_id
    )
}

#[test]
fn a_booking_outlives_the_process_and_is_made_once() {
    on_both(|open| {
        let site = Site::on(open());
        let day = |number: usize| if number % 2 == 0 { "2026-11-22" } else { "2026-11-23" };
        let offers = (1..=7).map(|number| offer(&format!("B{number}"), day(number + 1)));
        block_on(site.objects.put_all(offers)).expect("a store");
        let post = |site: &Site, who, json: &str| -> Booking {
            site.ask(who, Method::POST, "/sender/bookings", json).expect(200, 1000).object()
        };
        let first = post(&site, "one", &request("NL/ALF", "R1", "17:00"));
        assert_eq!(first.reservation_status, ReservationStatus::Reserved);
        drop(site);

        let site = Site::on(open());
        assert_eq!(post(&site, "one", &request("NL/ALF", "R1", "17:00")), first);
        let foreign = post(&site, "two", &request("BE/OTH", "R1", "17:00"));
        assert_eq!(foreign.reservation_status, ReservationStatus::Rejected);
        site.ask("two", Method::POST, "/sender/bookings", &request("NL/ALF", "R1", "18:00"))
            .expect(404, 2000);
        let bookings = Bookings::new(Arc::clone(&site.objects), ());
        let now = "2026-11-22T17:05:00Z".parse().expect("a time");
        let at = first.identity();
        let finish = bookings.finish(&at, ReservationStatus::Fulfilled, None, now);
        block_on(finish).expect("it ends");
        let again = post(&site, "one", &request("NL/ALF", "R1", "18:00"));
        assert_eq!(again.reservation_status, ReservationStatus::Fulfilled);
        assert_eq!((site.total("one", "/sender/bookings"), site.counted("one")), ("1".to_owned(), 1));

        let offers = "/sender/bookings/booking_locations";
        let window = format!("{offers}?timeslot_from=2026-11-23T00:00:00Z&timeslot_to=2026-11-24T00:00:00Z");
        assert_eq!((site.total("one", offers), site.total("one", &window)), ("7".to_owned(), "3".to_owned()));
        let page = site.ask("one", Method::GET, &window, "");
        let next = page.header("link").and_then(|link| link.split_once("/2.3.0")?.1.split_once('>'));
        let last = site.ask("one", Method::GET, next.expect("a page").0, "").expect(200, 1000);
        assert_eq!((last.list::<BookingLocation>().len(), last.header("link")), (1, None));
        assert_eq!(last.header("x-total-count"), Some("3"));
    });
}

#[test]
fn a_record_is_posted_once_on_each_store() {
    on_both(|open| {
        let record = |id: &str, cdr: &str| {
            format!(
                r#"{{"country_code": "NL", "party_id": "ALF", "id": "{id}", "invoice_id": "I1",
                    "cdrs": ["{cdr}"], "last_updated": "2026-11-22T10:00:00Z"}}"#
            )
        };
        let post =
            |json: &str| Site::on(open()).ask("one", Method::POST, "/receiver/invoicereconciliation", json);
        for _ in 0..2 {
            post(&record("R1", "D1")).expect(201, 1000);
        }
        post(&record("R1", "D2")).expect(200, 2001);
        post(&record("R2", "D1")).expect(201, 1000);
        post(&record("R3", "D1")).expect(201, 1000);
        post(&record("R4", "D1")).expect(403, 2000);
        assert_eq!(Site::on(open()).counted("one"), 3);
    });
}

/// A platform with hub client info and payments, in the place of what it has in the network.
fn mount_desks(network: &Network, test: &TestPlatform) {
    let clients = Arc::new(test.platform.hub_clients());
    let payments = Arc::new(test.platform.payments(()));
    let router = test.platform.router(|routes| {
        routes
            .sender::<ClientInfo>(&clients)
            .receiver::<ClientInfo>(&clients)
            .sender::<Terminal>(&payments)
            .receiver::<Terminal>(&payments)
            .sender::<FinancialAdviceConfirmation>(&payments)
    });
    let base = test.platform.base().as_str();
    let host = base.trim_start_matches("https://").trim_end_matches("/ocpi");
    network.add_router(host, router.expect("a router"));
}

/// A CPO that is registered with a platform in another role.
fn registered_with(name: &'static str, role: (&str, &str, &str)) -> (TestPlatform, TestPlatform) {
    let network = Network::default();
    let other = PlatformSetup::new(name, &[role]).open(&network);
    let cpo = PlatformSetup::cpo().open(&network);
    mount_desks(&network, &other);
    mount_desks(&network, &cpo);
    cpo.register_with(&other, name, "cpo").expect("registered");
    (other, cpo)
}

#[test]
fn a_hub_tells_and_lists_who_can_be_reached() {
    let (hub, cpo) = registered_with("hub", ("HUB", "NL", "HUB"));
    let about = party("FR/ABC");
    let reachable = || block_on(cpo.platform.is_reachable("hub", &about)).expect("a store");
    assert!(!reachable());
    let set = |of: &str, status: &str, updated: &str| -> ClientInfo {
        let info: ClientInfo = parse(&client(of, status, updated));
        block_on(hub.platform.set_client(info.clone())).expect("a store");
        info
    };
    let info = set("FR/ABC", "CONNECTED", "10:00:00");
    let push = PutClientInfo { about: about.clone(), info };
    block_on(hub.platform.send("cpo", &push)).expect("taken");
    assert!(reachable());
    // The CPO is no hub.
    let refused = block_on(cpo.platform.send("hub", &push)).expect_err("it is no hub");
    assert!(refused.to_string().contains("2000"), "{refused}");
    assert_eq!(block_on(hub.platform.clients_of("cpo")).expect("a store"), []);

    set("FR/ABC", "OFFLINE", "10:05:00");
    for number in 0..150 {
        set(&format!("FR/{number:03}"), "PLANNED", "10:06:00");
    }
    assert_eq!(block_on(cpo.platform.pull_clients("hub")).expect("pulled"), 151);
    assert!(!reachable());
    assert_eq!(block_on(cpo.platform.clients_of("hub")).expect("a store").len(), 151);
    // What comes late changes nothing, and nobody else is asked.
    block_on(hub.platform.send("cpo", &push)).expect("taken");
    assert!(!reachable());
    block_on(cpo.platform.pull_clients("nobody")).expect_err("no partner");
    assert_eq!(block_on(cpo.platform.clients_of("nobody")).expect("a store"), []);
}

/// A list in which each page leads to another ends, and what it has is kept page by page.
#[test]
fn a_list_without_an_end_is_given_up() {
    let (network, cpo, token_a) = crate::hand::inviting(PlatformSetup::cpo());
    CannedPlatform::with(
        r#", {"identifier": "hubclientinfo", "role": "SENDER", "url": "https://hand.example/ocpi/clients"}"#,
    )
    .add_to(&network);
    let (_, code, token_c) = cpo.exchange_credentials(Method::POST, &token_a, &crate::hand::by_hand());
    assert_eq!(code, 1000);
    drop(token_c);
    let (first, count) = (client("FR/ABC", "CONNECTED", "10:00:00"), Arc::new(AtomicUsize::new(0)));
    let pages = Arc::clone(&count);
    network.add_host("hand.example", move |_| {
        let number = pages.fetch_add(1, Ordering::Relaxed);
        let link = format!("<https://hand.example/ocpi/clients?offset={number}>; rel=\"next\"");
        let data = if number == 0 { format!("[{first}]") } else { "[]".to_owned() };
        let body = format!(r#"{{"data": {data}, "status_code": 1000, "timestamp": "2026-11-22T12:00:00Z"}}"#);
        respond(200, &[("Link", &link)], &body)
    });
    let failed = block_on(cpo.platform.pull_clients("hand"));
    assert!(matches!(failed, Err(Error::TooManyPages(_))), "{failed:?}");
    assert_eq!(count.load(Ordering::Relaxed), 10_000);
    assert_eq!(block_on(cpo.platform.clients_of("hand")).expect("a store").len(), 1);
}

#[test]
fn a_cpo_pulls_the_terminals_that_are_for_it() {
    let (ptp, cpo) = registered_with("ptp", ("PTP", "NL", "PTP"));
    let payments = ptp.platform.payments(());
    for number in 0..120 {
        let json = format!(r#"{{"terminal_id": "T{number}", "last_updated": "2026-11-22T10:00:00Z"}}"#);
        let for_whom = if number < 110 { "cpo" } else { "other" };
        block_on(payments.set_terminal(&partner_id(for_whom), parse(&json))).expect("a store");
    }
    let confirmation = r#"{"id": "F1", "authorization_reference": "A1", "total_costs": {"before_taxes": 4.5},
        "currency": "EUR", "capture_status_code": "FAILED", "last_updated": "2026-11-22T10:00:00Z"}"#;
    block_on(payments.set_confirmation(&partner_id("cpo"), parse(confirmation))).expect("a store");
    assert_eq!(block_on(cpo.platform.pull_payments("ptp")).expect("pulled"), (110, 1));
    let copies = cpo.platform.payments(());
    let id = partner_id("ptp");
    assert_eq!(block_on(copies.terminals_of(&id)).expect("a store").len(), 110);
    assert_eq!(block_on(copies.confirmations_of(&id, "A1")).expect("a store"), [parse(confirmation)]);
}
