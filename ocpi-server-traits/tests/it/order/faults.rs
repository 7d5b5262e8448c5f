//! Faults that were found over the router, each with its smallest input.

use http::{Method, header};
use ocpi_server_traits::order::{Arrival, OrderFinding, Taken, Update};
use ocpi_server_traits::{Cause, Memory, Objects, Partner, Router};
use ocpi_testkit::{
    KnownPartners, SteppedClock, evse_json, location_json, parse, partner_id, party, period_json,
    session_json, tariff_json, time, token,
};
use ocpi_types::convert::Relation;
use ocpi_types::endpoint::RootResource;
use ocpi_types::protocol::Envelope;
use ocpi_types::v2_3_0::locations::{Evse, Location};
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{Object, Role, Version};
use pollster::block_on;
use std::sync::Arc;

/// An eMSP with handlers of 2.3.0 for partners of all versions, and the CPO NL/ALF.
struct Desk {
    router: Router,
    objects: Arc<Objects<Memory>>,
    clock: SteppedClock,
    version: Version,
}

struct Answer {
    status: u16,
    code: u16,
    data: String,
}

impl Desk {
    fn new() -> Self {
        Self::of(Version::V2_3_0)
    }

    /// With a partner that speaks this version.
    fn of(version: Version) -> Self {
        let (clock, emsp, cpo) = (SteppedClock::default(), party("DE/EMP"), party("NL/ALF"));
        let objects = Arc::new(Objects::new(Memory::new(), vec![emsp.clone()]));
        let relation = Relation::of(Role::Emsp, Some(emsp), Some(cpo.clone()));
        let partner = Partner::new(partner_id("cpo"), [cpo]).with_relation(relation);
        let base = "https://emsp.example/ocpi".parse().expect("a URL");
        let router = Router::builder(base, clock.clock())
            .versions(Version::ALL.iter().copied(), |routes| {
                routes
                    .receiver::<Location>(&objects)
                    .receiver::<Session>(&objects)
                    .receiver::<Token>(&objects)
                    .receiver::<Tariff>(&objects)
            })
            .build(KnownPartners::default().with("t", partner))
            .expect("a router");
        Self { router, objects, clock, version }
    }

    fn ask(&self, method: Method, path: &str, body: &str) -> Answer {
        let request = http::Request::builder()
            .method(method)
            .uri(format!(
                "/ocpi/{}{}/{path}",
                self.version,
                if self.version > Version::V2_1_1 { "/receiver" } else { "" }
            ))
            .header(header::AUTHORIZATION, token("t").to_header(self.version >= Version::V2_2_1))
            .body(body.to_owned().into())
            .expect("a request");
        let (parts, body) = block_on(self.router.call(request)).into_parts();
        let envelope = Envelope::read(&body).expect("an envelope");
        let code = envelope.head.status_code.expect("a status").get();
        Answer { status: parts.status.as_u16(), code, data: envelope.data.unwrap_or_default().to_owned() }
    }

    #[track_caller]
    fn put(&self, path: &str, body: &str, due: (u16, u16)) {
        let answer = self.ask(Method::PUT, path, body);
        assert_eq!((answer.status, answer.code), due, "{body}");
    }

    #[track_caller]
    fn patch(&self, path: &str, body: &str, due: (u16, u16)) {
        let answer = self.ask(Method::PATCH, path, body);
        assert_eq!((answer.status, answer.code), due, "{body}");
    }

    #[track_caller]
    fn get<T: Object>(&self, path: &str) -> T {
        let answer = self.ask(Method::GET, path, "");
        assert_eq!((answer.status, answer.code), (200, 1000));
        parse(&answer.data)
    }

    fn in_doubt(&self) -> usize {
        block_on(self.objects.doubts()).expect("a store").len()
    }
}

const DONE: (u16, u16) = (200, 1000);
const CREATED: (u16, u16) = (201, 1000);
const REFUSED: (u16, u16) = (200, 2001);

const LOCATION: &str = "locations/NL/ALF/L1";
const EVSE: &str = "locations/NL/ALF/L1/E1";
const SESSION: &str = "sessions/NL/ALF/S1";
const TARIFF: &str = "tariffs/NL/ALF/T1";

fn location() -> String {
    location_json("NL/ALF", "L1", "10:00:00")
}

fn patch(member: &str, updated: &str) -> String {
    format!(r#"{{{member}, "last_updated": "2026-11-22T{updated}Z"}}"#)
}

fn with_location() -> Desk {
    let desk = Desk::new();
    desk.put(LOCATION, &location(), CREATED);
    desk
}

/// F6: a charging period that came late was thrown away.
#[test]
fn a_period_that_comes_late_is_kept() {
    let desk = Desk::new();
    desk.put(SESSION, &session_json("NL/ALF", "S1", "10:00:00"), CREATED);
    let period = |start: &str| format!(r#""charging_periods": [{}]"#, period_json(start, "1.5"));
    desk.patch(SESSION, &patch(&period("09:15:00"), "10:02:00"), DONE);
    desk.patch(SESSION, &patch(&period("09:00:00"), "10:01:00"), DONE);
    let session: Session = desk.get(SESSION);
    let starts: Vec<_> = session.charging_periods.iter().map(|period| period.start_date_time).collect();
    assert_eq!(starts, [time("09:00:00"), time("09:15:00")], "by time");
    assert_eq!(desk.in_doubt(), 1, "a PUT may have removed the late one on purpose");
}

/// F7: so was any other PATCH that came late.
#[test]
fn a_change_of_another_member_is_made_though_it_comes_late() {
    let desk = with_location();
    desk.patch(LOCATION, &patch(r#""city": "Zeist""#, "10:02:00"), DONE);
    desk.patch(LOCATION, &patch(r#""address": "Slotlaan 1""#, "10:01:00"), DONE);
    // A busy EVSE raises the time of its Location, and orders nothing there.
    desk.patch(EVSE, &patch(r#""status": "CHARGING""#, "10:05:00"), DONE);
    desk.patch(LOCATION, &patch(r#""name": "Slot""#, "10:04:59"), DONE);
    let found: Location = desk.get(LOCATION);
    assert_eq!((found.city.as_str(), found.address.as_str()), ("Zeist", "Slotlaan 1"));
    assert_eq!(found.name.as_ref().map(|name| name.as_str()), Some("Slot"));
    assert_eq!(found.last_updated, time("10:05:00"), "the visible time does not go back");
}

/// F8: a time in the future froze an object.
#[test]
fn a_time_in_the_future_freezes_nothing() {
    let desk = Desk::new();
    let future =
        location_json("NL/ALF", "L1", "10:00:00").replace("2026-11-22T10:00:00Z", "9999-12-31T23:59:59Z");
    desk.put(LOCATION, &future, CREATED);
    desk.clock.advance(60);
    desk.patch(LOCATION, &patch(r#""city": "Zeist""#, "12:01:00"), DONE);
    desk.patch(EVSE, &patch(r#""status": "CHARGING""#, "12:01:00"), DONE);
    let found: Location = desk.get(LOCATION);
    assert_eq!((found.city.as_str(), found.evses[0].status.as_str()), ("Zeist", "CHARGING"));
    assert_eq!(found.last_updated, time("12:01:00"));
    assert_eq!(found.evses[0].last_updated, time("12:01:00"));
    assert_eq!(desk.in_doubt(), 1);
    desk.clock.advance(60);
    desk.put(LOCATION, &location_json("NL/ALF", "L1", "12:02:00").replace("Utrecht", "Gent"), DONE);
    assert_eq!(desk.get::<Location>(LOCATION).city.as_str(), "Gent");

    // One EVSE of 2036 does not freeze its Location.
    let desk = with_location();
    let evse = evse_json("E1", "10:00:00").replace("2026-11-22T10:00:00Z", "2036-01-01T00:00:00Z");
    desk.put(EVSE, &evse, DONE);
    desk.clock.advance(60);
    desk.put(LOCATION, &location_json("NL/ALF", "L1", "12:01:00").replace("Utrecht", "Gent"), DONE);
    assert_eq!(desk.get::<Location>(LOCATION).city.as_str(), "Gent");
}

/// F12: a PATCH of 2.1.1 gives no time, and that of a Tariff could not be served.
#[test]
fn a_patch_of_2_1_1_needs_no_time() {
    let mut desk = Desk::of(Version::V2_1_1);
    let connector = r#"{"id": "C1", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE",
        "voltage": 230, "amperage": 32, "last_updated": "2026-11-22T10:00:00Z"}"#;
    let evse = format!(
        r#"{{"uid": "E1", "status": "AVAILABLE", "connectors": [{connector}], "last_updated": "2026-11-22T10:00:00Z"}}"#
    );
    let location = format!(
        r#"{{"id": "L1", "type": "ON_STREET", "address": "Stationsplein 1", "city": "Utrecht", "postal_code": "3511",
        "country": "NLD", "coordinates": {{"latitude": "52.089450", "longitude": "5.110270"}}, "evses": [{evse}],
        "last_updated": "2026-11-22T10:00:00Z"}}"#
    );
    desk.put(LOCATION, &location, CREATED);
    desk.patch(EVSE, r#"{"status": "CHARGING"}"#, DONE);
    desk.patch(LOCATION, r#"{"city": "Zeist"}"#, DONE);
    desk.patch("locations/NL/ALF/L1/E1/C1", r#"{"amperage": 16}"#, DONE);
    let tariff = r#"{"id": "T1", "currency": "EUR", "elements": [{"price_components": [{"type": "ENERGY",
        "price": 0.45, "step_size": 1}]}], "last_updated": "2026-11-22T10:00:00Z"}"#;
    desk.put(TARIFF, tariff, CREATED);
    desk.patch(TARIFF, r#"{"currency": "SEK"}"#, DONE);
    // F11: its ids tell case apart. One that is known in another case is refused, and nothing is written over.
    desk.put("locations/NL/ALF/l1", &location.replace("L1", "l1"), REFUSED);
    desk.patch("locations/NL/ALF/l1", r#"{"city": "Gent"}"#, REFUSED);
    desk.put("locations/NL/ALF/L1/e1", &evse.replace("E1", "e1"), REFUSED);
    desk.patch("locations/NL/ALF/L1/e1", r#"{"status": "BLOCKED"}"#, REFUSED);
    desk.put(LOCATION, &location.replace("E1", "e1"), REFUSED);
    desk.version = Version::V2_3_0;
    let found: Location = desk.get(LOCATION);
    assert_eq!((found.id.as_str(), found.evses.len(), found.evses[0].uid.as_str()), ("L1", 1, "E1"));
    assert_eq!((found.city.as_str(), found.evses[0].status.as_str()), ("Zeist", "CHARGING"));
    assert_eq!(found.evses[0].connectors[0].max_amperage, 16);
    assert_eq!(found.evses[0].last_updated, time("12:00:00"), "the time is that of the arrival");
    assert_eq!(desk.get::<Tariff>(TARIFF).currency.as_str(), "SEK");
    // In later versions both spellings are one id, and a PATCH gives its time.
    desk.patch("locations/NL/ALF/l1/e1", &patch(r#""status": "BLOCKED""#, "12:00:01"), DONE);
    assert_eq!(desk.get::<Location>(LOCATION).evses[0].status.as_str(), "BLOCKED");
    desk.patch(EVSE, r#"{"status": "CHARGING"}"#, REFUSED);
}

/// F31: a parent overwrote a newer child; parts without an id or of one id were stored.
#[test]
fn a_parent_leaves_a_newer_child() {
    let desk = with_location();
    desk.patch(EVSE, &patch(r#""status": "CHARGING""#, "11:00:00"), DONE);
    let nested = format!(r#""evses": [{}]"#, evse_json("E1", "09:00:00"));
    desk.patch(LOCATION, &patch(&nested, "11:30:00"), DONE);
    assert_eq!(desk.get::<Evse>(EVSE).status.as_str(), "CHARGING");
    // Nor does a PUT of the Location that was written before.
    desk.put(LOCATION, &location_json("NL/ALF", "L1", "10:30:00").replace("Utrecht", "Gent"), DONE);
    assert_eq!(desk.get::<Evse>(EVSE).status.as_str(), "CHARGING");
    assert_eq!(desk.get::<Location>(LOCATION).city.as_str(), "Gent");
}

#[test]
fn of_two_parts_of_one_id_the_newer_one_is_taken() {
    let desk = Desk::new();
    let twice = format!(
        "{}, {}",
        evse_json("e1", "10:01:00").replace("AVAILABLE", "CHARGING"),
        evse_json("E1", "10:00:00")
    );
    let body = location().replace(&evse_json("E1", "10:00:00"), &twice);
    desk.put(LOCATION, &body, CREATED);
    let found: Location = desk.get(LOCATION);
    assert_eq!((found.evses.len(), found.evses[0].status.as_str()), (1, "CHARGING"));
}

#[test]
fn parts_that_cannot_be_told_are_refused() {
    let desk = with_location();
    let before: Location = desk.get(LOCATION);
    for member in [r#""connectors": null"#, r#""connectors": []"#, r#""status": null"#] {
        desk.patch(EVSE, &patch(member, "11:00:00"), REFUSED);
    }
    let evse = evse_json("E2", "11:00:00");
    for evses in [format!(r#"[5, "x", {evse}]"#), "[{}]".to_owned(), format!("[{}]", evse.replace("E2", ""))]
    {
        desk.put(
            LOCATION,
            &location().replace(&format!("[{}]", evse_json("E1", "10:00:00")), &evses),
            REFUSED,
        );
        desk.patch(LOCATION, &patch(&format!(r#""evses": {evses}"#), "11:00:00"), REFUSED);
    }
    assert_eq!(desk.get::<Location>(LOCATION), before);
}

/// F32: a DELETE left no trace.
#[test]
fn what_was_deleted_stays_deleted_unless_it_is_newer() {
    let desk = Desk::new();
    let tariff = |updated: &str| tariff_json("NL/ALF", "T1", updated);
    desk.put(TARIFF, &tariff("10:00:00"), CREATED);
    assert_eq!(desk.ask(Method::DELETE, TARIFF, "").status, 200);
    desk.put(TARIFF, &tariff("09:00:00"), DONE);
    assert_eq!(desk.ask(Method::GET, TARIFF, "").status, 404, "a late PUT");
    assert_eq!(desk.in_doubt(), 1);
    // An owner that says it again much later is heard.
    desk.clock.advance(601);
    desk.put(TARIFF, &tariff("09:00:00"), CREATED);
    assert_eq!(desk.get::<Tariff>(TARIFF).last_updated, time("09:00:00"));

    assert_eq!(desk.ask(Method::DELETE, TARIFF, "").status, 200);
    assert_eq!(desk.ask(Method::DELETE, TARIFF, "").status, 200, "it is as it should be");
    desk.put(TARIFF, &tariff("10:00:00"), CREATED);
}

/// F33: a Session that ended became active again, and nobody heard of it.
#[test]
fn a_session_that_is_reopened_is_told() {
    let objects = Objects::new(Memory::new(), vec![party("DE/EMP")]);
    let take = |status: &str, updated: &str| {
        let session: Session = parse(&session_json("NL/ALF", "S1", updated).replace("ACTIVE", status));
        let (at, update) = (session.identity(), Update::put(session));
        let arrival = Arrival::of(&update, time("12:00:00"));
        let by = Cause::Push { partner: partner_id("cpo"), request_id: None };
        block_on(objects.take(&at, update, arrival, &by)).expect("a store")
    };
    assert_eq!(take("COMPLETED", "10:00:00").taken, Taken::Created);
    let outcome = take("ACTIVE", "10:01:00");
    assert_eq!((outcome.taken, outcome.findings), (Taken::Updated, vec![OrderFinding::Reopened]));
    let late = take("COMPLETED", "10:00:30");
    assert_eq!(
        (late.taken, late.late, late.findings),
        (Taken::Older, vec!["status".to_owned()], vec![OrderFinding::Stale])
    );
}

#[test]
fn a_change_of_something_that_is_not_there_is_404() {
    let mut desk = Desk::new();
    let change = patch(r#""note": 1"#, "10:00:00");
    let token = "tokens/NL/ALF/K1";
    for (path, code) in [(LOCATION, 2003), (EVSE, 2003), (token, 2004), (SESSION, 2001)] {
        desk.patch(path, &change, (404, code));
    }
    // 2.1.1 alone has changes of a Tariff, and it has no status for a Token.
    desk.version = Version::V2_1_1;
    desk.patch(TARIFF, &change, (404, 2001));
    assert_eq!(desk.in_doubt(), 4, "by object");
    desk.patch(token, &change, (404, 2001));
}
