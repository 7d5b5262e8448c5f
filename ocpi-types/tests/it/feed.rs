//! Objects beside each other.

use ocpi_types::feed::{FeedCheck, FeedFinding};
use ocpi_types::{Object, Version, json, v2_1_1, v2_2_1, v2_3_0};
use serde_json::{Value, json as value};

/// Takes objects in that may lack members, as a reader of feeds does.
struct Feed {
    check: FeedCheck,
    next: usize,
}

impl Feed {
    fn new() -> Self {
        Self { check: FeedCheck::new(), next: 0 }
    }

    fn add<T: Object>(&mut self, version: Version, object: &Value) -> &mut Self {
        let text = object.to_string();
        let item = json::read_item::<T>(text.as_bytes()).expect("it is JSON");
        let object = match item.reading {
            json::Reading::Whole(object) => object,
            json::Reading::Partial(object) => object.into_value(),
            json::Reading::Unreadable(_) => panic!("{text}"),
        };
        self.check.add(&object, version, "feed.json", Some(self.next));
        self.next += 1;
        self
    }

    fn location(&mut self, location: &Value) -> &mut Self {
        self.add::<v2_2_1::locations::Location>(Version::V2_2_1, location)
    }

    fn tariff(&mut self, tariff: &Value) -> &mut Self {
        self.add::<v2_2_1::tariffs::Tariff>(Version::V2_2_1, tariff)
    }

    /// `item pointer rule`, and the item that it is about.
    fn found(self) -> Vec<String> {
        let shown = |finding: FeedFinding| {
            let other = finding
                .other
                .map(|other| format!(" of {}", other.item.expect("a place in a list")))
                .unwrap_or_default();
            format!(
                "{} {} {}{other}",
                finding.place.item.expect("a place in a list"),
                finding.place.pointer,
                finding.rule.id()
            )
        };
        self.check.finish().map(shown).collect()
    }
}

fn location(id: &str) -> Value {
    value!({"country_code": "NL", "party_id": "ALF", "id": id, "publish": true, "address": "Kade 1", "city": "Gouda",
        "country": "NLD", "coordinates": {"latitude": "52.01150", "longitude": "4.71040"},
        "time_zone": "Europe/Amsterdam", "evses": [], "last_updated": "2026-01-01T00:00:00Z"})
}

fn evse(uid: &str, tariffs: &[&str]) -> Value {
    value!({"uid": uid, "evse_id": format!("NL*ALF*E{uid}"), "status": "AVAILABLE",
        "connectors": [{"id": "1", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE",
            "max_voltage": 230, "max_amperage": 32, "tariff_ids": tariffs, "last_updated": "2026-01-01T00:00:00Z"}],
        "last_updated": "2026-01-01T00:00:00Z"})
}

fn with_evses(id: &str, evses: &[Value]) -> Value {
    with(location(id), "evses", value!(evses))
}

fn tariff(id: &str) -> Value {
    value!({"country_code": "NL", "party_id": "ALF", "id": id, "currency": "EUR",
        "elements": [{"price_components": [{"type": "ENERGY", "price": 0.45, "step_size": 1}]}],
        "last_updated": "2026-01-01T00:00:00Z"})
}

fn cdr(id: &str) -> Value {
    value!({"country_code": "NL", "party_id": "ALF", "id": id, "start_date_time": "2026-01-01T00:00:00Z",
        "end_date_time": "2026-01-01T01:00:00Z", "session_id": "S1", "currency": "EUR",
        "cdr_token": {"country_code": "NL", "party_id": "EMP", "uid": "SECRET", "type": "RFID", "contract_id": "C1"},
        "auth_method": "WHITELIST",
        "cdr_location": {"id": "L1", "address": "Kade 1", "city": "Gouda", "country": "NLD",
            "coordinates": {"latitude": "52.01150", "longitude": "4.71040"}, "evse_uid": "E1",
            "evse_id": "NL*ALF*E1", "connector_id": "1", "connector_standard": "IEC_62196_T2",
            "connector_format": "SOCKET", "connector_power_type": "AC_3_PHASE"},
        "charging_periods": [{"start_date_time": "2026-01-01T00:00:00Z", "tariff_id": "T1",
            "dimensions": [{"type": "ENERGY", "volume": 1}]}],
        "total_cost": {"excl_vat": 1}, "total_energy": 1, "total_time": 1, "last_updated": "2026-01-01T02:00:00Z"})
}

fn session(id: &str) -> Value {
    let cdr = cdr("C");
    let mut session = value!({"id": id, "kwh": 1, "location_id": "L1", "evse_uid": "E1", "connector_id": "1",
        "status": "COMPLETED"});
    for name in [
        "country_code",
        "party_id",
        "start_date_time",
        "end_date_time",
        "currency",
        "cdr_token",
        "auth_method",
        "charging_periods",
        "last_updated",
    ] {
        session[name] = cdr[name].clone();
    }
    session
}

fn with(mut object: Value, name: &str, member: Value) -> Value {
    object[name] = member;
    object
}

#[test]
fn an_object_that_stands_twice() {
    let mut feed = Feed::new();
    feed.location(&location("L1"));
    feed.location(&location("L1"));
    feed.location(&with(location("l1"), "city", value!("Delft")));
    // Another party's.
    feed.location(&with(location("L1"), "party_id", value!("XYZ")));
    // Not the same kind.
    feed.tariff(&tariff("L1"));
    assert_eq!(feed.found(), ["1 /id feed.duplicate of 0", "2 /id feed.duplicate_id of 0"]);
}

#[test]
fn a_party_is_the_same_in_any_case() {
    let mut feed = Feed::new();
    feed.tariff(&tariff("T1"));
    feed.tariff(&with(tariff("t1"), "party_id", value!("alf")));
    assert_eq!(feed.found(), ["1 /id feed.duplicate_id of 0"]);
}

/// In 2.1.1 ids differ by case, and objects have no owner unless somebody names it.
#[test]
fn ids_of_2_1_1() {
    let mut feed = Feed::new();
    let old = |id: &str| {
        let mut old = with(location(id), "type", value!("ON_STREET"));
        old["postal_code"] = value!("2801");
        for name in ["country_code", "party_id", "publish"] {
            old.as_object_mut().unwrap().remove(name);
        }
        old
    };
    for location in [old("L1"), old("l1"), old("L1"), with(old("L1"), "country_code", value!("NL"))] {
        feed.add::<v2_1_1::locations::Location>(Version::V2_1_1, &location);
    }
    let owned = |party: &str| with(with(old("L2"), "country_code", value!("NL")), "party_id", value!(party));
    feed.add::<v2_1_1::locations::Location>(Version::V2_1_1, &owned("ALF"));
    feed.add::<v2_1_1::locations::Location>(Version::V2_1_1, &owned("XYZ"));
    feed.add::<v2_1_1::locations::Location>(Version::V2_1_1, &owned("XYZ"));
    let expected = ["2 /id feed.duplicate of 0", "3 /id feed.duplicate_id of 0", "6 /id feed.duplicate of 5"];
    assert_eq!(feed.found(), expected);
}

/// A feed may be there in two versions.
#[test]
fn an_object_in_two_versions_does_not_stand_twice() {
    let mut feed = Feed::new();
    feed.tariff(&tariff("T1"));
    let newer = with(tariff("T1"), "tax_included", value!("NO"));
    feed.add::<v2_3_0::tariffs::Tariff>(Version::V2_3_0, &newer);
    assert_eq!(feed.found(), [""; 0]);
}

#[test]
fn the_uid_of_a_token_is_told_nowhere() {
    let token = value!({"country_code": "NL", "party_id": "EMP", "uid": "SECRET", "type": "RFID",
        "contract_id": "C1", "issuer": "I", "valid": true, "whitelist": "ALWAYS",
        "last_updated": "2026-01-01T00:00:00Z"});
    let mut feed = Feed::new();
    feed.add::<v2_2_1::tokens::Token>(Version::V2_2_1, &token);
    feed.add::<v2_2_1::tokens::Token>(Version::V2_2_1, &token);
    feed.add::<v2_2_1::tokens::Token>(Version::V2_2_1, &with(token, "type", value!("OTHER")));
    let findings: Vec<FeedFinding> = feed.check.finish().collect();
    assert_eq!(findings.len(), 1, "a uid of another type is another token");
    assert!(!format!("{findings:?}").contains("SECRET"));
    assert_eq!(findings[0].place.pointer, "/uid");
}

#[test]
fn an_evse_stands_in_one_location() {
    let mut feed = Feed::new();
    feed.location(&with_evses("L1", &[evse("E1", &[]), evse("E2", &[]), evse("E3", &[])]));
    let other_id = with(evse("e1", &[]), "evse_id", value!("NL*ALF*E9"));
    let other_uid = with(evse("E8", &[]), "evse_id", value!("nl*alf*ee2"));
    let gone = with(evse("E3", &[]), "status", value!("REMOVED"));
    feed.location(&with_evses("L2", &[other_id, other_uid, gone, evse("#NA", &[])]));
    feed.location(&with_evses("L3", &[evse("#NA", &[])]));
    let other_party =
        with(with_evses("L4", &[with(evse("E1", &[]), "evse_id", Value::Null)]), "party_id", value!("XYZ"));
    feed.location(&other_party);
    let expected = ["1 /evses/0/uid feed.evse_twice of 0", "2 /evses/0/evse_id feed.evse_twice of 1"];
    let found = feed.found();
    assert_eq!(found[0], expected[0]);
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(found[1], "1 /evses/1/evse_id feed.evse_twice of 0");
    assert_eq!(found[2], expected[1]);
}

/// A Location that stands twice is told as that, and not its EVSEs once more.
#[test]
fn one_mistake_is_one_finding() {
    let mut feed = Feed::new();
    feed.location(&with_evses("L1", &[evse("E1", &[])]));
    feed.location(&with_evses("L1", &[evse("E1", &[])]));
    feed.location(&with(with_evses("L1", &[evse("E1", &[])]), "city", value!("Delft")));
    assert_eq!(feed.found(), ["1 /id feed.duplicate of 0", "2 /id feed.duplicate_id of 0"]);
}

#[test]
fn tariffs_that_lead_nowhere() {
    let referring = with_evses("L1", &[evse("E1", &["T1", "T2", "T3"]), evse("E2", &["T2"])]);
    let mut feed = Feed::new();
    feed.location(&referring);
    assert_eq!(feed.found(), [""; 0], "without tariffs there is nothing to lead to");
    // Before and behind, in another case, and another party's.
    let mut feed = Feed::new();
    feed.tariff(&tariff("t1"));
    feed.location(&referring);
    feed.tariff(&with(tariff("T3"), "party_id", value!("XYZ")));
    let expected = [
        "1 /evses/0/connectors/0/tariff_ids/1 feed.dangling",
        "1 /evses/0/connectors/0/tariff_ids/2 feed.other_owner of 2",
    ];
    assert_eq!(feed.found(), expected);
    let mut feed = Feed::new();
    feed.location(&referring);
    feed.tariff(&tariff("T1"));
    feed.check.is_incomplete();
    assert_eq!(feed.found(), [""; 0], "the others may be in what could not be read");
}

#[test]
fn what_sessions_and_cdrs_refer_to() {
    let mut feed = Feed::new();
    feed.location(&with_evses("L1", &[evse("E1", &["T1"])]));
    feed.tariff(&tariff("T1"));
    feed.add::<v2_2_1::sessions::Session>(Version::V2_2_1, &session("S1"));
    feed.add::<v2_2_1::cdrs::Cdr>(Version::V2_2_1, &cdr("C1"));
    assert_eq!(feed.found(), [""; 0]);

    let mut feed = Feed::new();
    feed.location(&with_evses("L1", &[evse("E1", &[])]));
    feed.tariff(&tariff("T2"));
    feed.add::<v2_2_1::sessions::Session>(Version::V2_2_1, &with(session("S2"), "evse_uid", value!("E9")));
    let mut wrong = cdr("C1");
    wrong["cdr_location"]["connector_id"] = value!("2");
    feed.add::<v2_2_1::cdrs::Cdr>(Version::V2_2_1, &wrong);
    let mut credit = with(cdr("C2"), "credit", value!(true));
    credit["credit_reference_id"] = value!("C0");
    credit["cdr_location"]["id"] = value!("L9");
    // A tariff that the CDR has itself is there.
    credit["tariffs"] = value!([tariff("T1")]);
    feed.add::<v2_2_1::cdrs::Cdr>(Version::V2_2_1, &credit);
    let expected = [
        "2 /charging_periods/0/tariff_id feed.dangling",
        "2 /evse_uid feed.dangling",
        "3 /cdr_location/connector_id feed.dangling",
        "3 /charging_periods/0/tariff_id feed.dangling",
        "3 /session_id feed.dangling",
        "4 /cdr_location/id feed.dangling",
        "4 /credit_reference_id feed.dangling",
        "4 /session_id feed.dangling",
    ];
    assert_eq!(feed.found(), expected);
}

/// The CDR that a credit CDR takes back was sent long ago, perhaps.
#[test]
fn a_credit_cdr_alone_leads_nowhere_without_a_finding() {
    let mut credit = with(cdr("C2"), "credit", value!(true));
    credit["credit_reference_id"] = value!("C0");
    let mut feed = Feed::new();
    feed.add::<v2_2_1::cdrs::Cdr>(Version::V2_2_1, &credit);
    assert_eq!(feed.found(), [""; 0]);
}

#[test]
fn a_reservation_has_no_evse() {
    let mut feed = Feed::new();
    feed.location(&with_evses("L1", &[evse("E1", &[])]));
    let mut waiting = with(session("S1"), "evse_uid", value!("#NA"));
    waiting["connector_id"] = value!("#NA");
    feed.add::<v2_2_1::sessions::Session>(Version::V2_2_1, &waiting);
    assert_eq!(feed.found(), [""; 0]);
}

#[test]
fn bookings_terminals_and_invoices_refer_too() {
    let mut feed = Feed::new();
    feed.location(&location("L1"));
    feed.tariff(&tariff("T1"));
    feed.add::<v2_2_1::cdrs::Cdr>(
        Version::V2_2_1,
        &with(with(cdr("C1"), "session_id", Value::Null), "cdr_location", value!({})),
    );
    let owned = value!({"country_code": "NL", "party_id": "ALF", "id": "B1", "location_id": "L9",
        "tariff_ids": ["T1", "T9"], "last_updated": "2026-01-02T00:00:00Z"});
    feed.add::<v2_3_0::bookings::BookingLocation>(Version::V2_3_0, &owned);
    let terminal =
        value!({"terminal_id": "P1", "location_ids": ["l1", "L9"], "last_updated": "2026-01-02T00:00:00Z"});
    feed.add::<v2_3_0::payments::Terminal>(Version::V2_3_0, &terminal);
    let record = value!({"country_code": "DE", "party_id": "EMP", "id": "R1", "invoice_id": "I1",
        "cdrs": ["c1", "C9"], "last_updated": "2026-01-02T00:00:00Z"});
    feed.add::<v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord>(Version::V2_3_0, &record);
    let expected = [
        "3 /location_id feed.dangling",
        "3 /tariff_ids/1 feed.dangling",
        "4 /location_ids/1 feed.dangling",
        "5 /cdrs/1 feed.dangling",
    ];
    assert_eq!(feed.found(), expected);
}

#[test]
fn currencies_and_countries() {
    let british = |id: &str, tariffs: &[&str]| {
        with(with_evses(id, &[evse(&format!("E{id}"), tariffs)]), "country", value!("GBR"))
    };
    let pounds = |id: &str| with(tariff(id), "currency", value!("GBP"));
    let mut feed = Feed::new();
    // Where it is used counts, not whose it is.
    feed.location(&british("L1", &["T1", "T2"]));
    feed.tariff(&tariff("T1"));
    feed.tariff(&pounds("T2"));
    // Used nowhere.
    feed.tariff(&pounds("T3"));
    feed.tariff(&tariff("T4"));
    assert_eq!(feed.found(), ["1 /currency feed.currency of 0", "3 /currency feed.currency"]);

    let mut feed = Feed::new();
    feed.location(&british("L1", &[]));
    feed.add::<v2_2_1::sessions::Session>(Version::V2_2_1, &with(session("S1"), "evse_uid", value!("EL1")));
    let mut cdr = cdr("C1");
    cdr["cdr_location"]["country"] = value!("CHE");
    cdr["cdr_location"]["evse_uid"] = value!("EL1");
    feed.add::<v2_2_1::cdrs::Cdr>(Version::V2_2_1, &cdr);
    assert_eq!(feed.found(), ["1 /currency feed.currency of 0", "2 /currency feed.currency"]);
}

#[test]
fn all_changed_at_once() {
    let many = |count: usize, last: &str| {
        let mut feed = Feed::new();
        for index in 0..count {
            feed.location(&location(&format!("L{index}")));
        }
        feed.location(&with(location("LAST"), "last_updated", value!(last)));
        feed.found()
    };
    assert_eq!(many(5, "2026-01-01T00:00:00Z"), ["0 /last_updated feed.last_updated"]);
    assert_eq!(many(5, "2026-01-01T00:00:01Z"), [""; 0]);
    assert_eq!(many(4, "2026-01-01T00:00:00Z"), [""; 0], "a few may have");
}

/// Ids that are missing or blank are told by the check of the object.
#[test]
fn blank_ids_are_not_the_same() {
    let mut feed = Feed::new();
    let mut without = location("L1");
    without.as_object_mut().unwrap().remove("id");
    feed.location(&without).location(&without).location(&location("")).location(&location(" "));
    assert_eq!(feed.found(), [""; 0]);
}
