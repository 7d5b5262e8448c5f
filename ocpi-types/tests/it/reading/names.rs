//! Names of members: those of other versions, in other spellings, and both at once.

use super::{keeps, reads, summary};
use ocpi_types::json::{self, Reading};
use ocpi_types::{Object, Patched, v2_1_1, v2_2_1, v2_3_0};

/// Reads two members of which one has the object's own name, in both orders: that one counts, the other is unknown.
#[track_caller]
fn own_wins<T: Object>(own: (&str, &str), other: (&str, &str)) {
    let member = |(name, raw): (&str, &str)| format!("\"{name}\":{raw}");
    for pair in [[own, other], [other, own]] {
        let text = format!("{{{}}}", pair.map(member).join(","));
        let item = json::read_item::<T>(text.as_bytes()).expect("it is JSON");
        let written = match item.reading {
            Reading::Whole(value) => json::to_string(&value),
            Reading::Partial(partial) => String::from_utf8(partial.to_vec()).expect("a text"),
            Reading::Unreadable(_) => panic!("{text} cannot be read: {:?}", item.findings),
        };
        // A list that is missing is an empty one.
        let written = written.replace("\"charging_periods\":[],", "").replace("\"connectors\":[],", "");
        assert_eq!(written, format!("{{{}}}", [own, other].map(member).join(",")), "{text}");
        let odd: Vec<_> =
            item.findings.iter().map(|it| it.rule.id()).filter(|rule| *rule != "req.missing").collect();
        assert_eq!(odd, [""; 0], "{text}");
    }
}

fn own_wins_in_patches_too<T: Patched>(own: (&str, &str), other: (&str, &str)) {
    own_wins::<T>(own, other);
    own_wins::<T::Patch>(own, other);
}

#[test]
fn the_versions_own_name_wins_wherever_it_stands() {
    own_wins_in_patches_too::<v2_1_1::locations::Connector>(("voltage", "400"), ("max_voltage", "690"));
    own_wins_in_patches_too::<v2_1_1::locations::Connector>(("amperage", "32"), ("max_amperage", "99"));
    own_wins_in_patches_too::<v2_1_1::locations::Connector>(
        ("tariff_id", "\"T\""),
        ("tariff_ids", "[\"A\",\"B\"]"),
    );
    own_wins_in_patches_too::<v2_2_1::locations::Connector>(("max_voltage", "400"), ("voltage", "230"));
    own_wins_in_patches_too::<v2_2_1::locations::Connector>(("max_amperage", "32"), ("amperage", "16"));
    own_wins_in_patches_too::<v2_2_1::locations::Connector>(
        ("tariff_ids", "[\"A\",\"B\"]"),
        ("tariff_id", "\"OLD\""),
    );
    own_wins_in_patches_too::<v2_3_0::locations::Connector>(
        ("tariff_ids", "[\"A\"]"),
        ("tariff_id", "\"OLD\""),
    );
    own_wins_in_patches_too::<v2_1_1::locations::Location>(
        ("type", "\"ON_STREET\""),
        ("parking_type", "\"X\""),
    );
    own_wins_in_patches_too::<v2_2_1::locations::Location>(
        ("parking_type", "\"ON_STREET\""),
        ("type", "\"X\""),
    );
    own_wins_in_patches_too::<v2_3_0::locations::Location>(
        ("parking_type", "\"ON_STREET\""),
        ("type", "\"X\""),
    );
    own_wins::<v2_1_1::locations::Hours>(("twentyfourseven", "true"), ("twenty_four_seven", "false"));
    let (early, late) = ("\"2026-03-10T09:00:00Z\"", "\"2026-03-10T03:33:33Z\"");
    own_wins_in_patches_too::<v2_1_1::sessions::Session>(
        ("start_datetime", early),
        ("start_date_time", late),
    );
    own_wins_in_patches_too::<v2_1_1::sessions::Session>(("end_datetime", early), ("end_date_time", late));
    own_wins_in_patches_too::<v2_2_1::sessions::Session>(
        ("start_date_time", early),
        ("start_datetime", late),
    );
    own_wins_in_patches_too::<v2_3_0::sessions::Session>(("end_date_time", early), ("end_datetime", late));
    own_wins::<v2_1_1::cdrs::Cdr>(("stop_date_time", early), ("end_date_time", late));
    own_wins::<v2_2_1::cdrs::Cdr>(("end_date_time", early), ("stop_date_time", late));
    own_wins::<v2_3_0::cdrs::Cdr>(("start_date_time", early), ("start_datetime", late));
    own_wins_in_patches_too::<v2_1_1::tokens::Token>(("auth_id", "\"OWN\""), ("contract_id", "\"OTHER\""));
    own_wins_in_patches_too::<v2_2_1::tokens::Token>(("contract_id", "\"OWN\""), ("auth_id", "\"OTHER\""));
    own_wins::<v2_1_1::locations::EnvironmentalImpact>(
        ("source", "\"NUCLEAR_WASTE\""),
        ("category", "\"X\""),
    );
    own_wins::<v2_3_0::locations::EnvironmentalImpact>(
        ("category", "\"NUCLEAR_WASTE\""),
        ("source", "\"X\""),
    );
}

#[test]
fn the_own_name_in_another_spelling_wins_over_another_versions() {
    type Connector = v2_2_1::locations::ConnectorPatch;
    for text in [r#"{"tariffIds":["A"],"tariff_id":"OLD"}"#, r#"{"tariff_id":"OLD","tariffIds":["A"]}"#] {
        reads::<Connector>(
            text,
            r#"{"tariff_ids":["A"],"tariff_id":"OLD"}"#,
            &[("/tariffIds", "name.spelling")],
        );
    }
    // And the own name, as it is, over both.
    for text in [
        r#"{"tariff_id":"OLD","tariffIds":["A"],"tariff_ids":["B"]}"#,
        r#"{"tariff_ids":["B"],"tariff_id":"OLD","tariffIds":["A"]}"#,
        r#"{"tariff_id":"OLD","tariff_ids":["B"],"tariffIds":["A"]}"#,
    ] {
        keeps::<Connector>(text, r#"{"tariff_ids":["B"],"tariff_id":"OLD","tariffIds":["A"]}"#, &[]);
    }
}

#[test]
fn of_two_names_that_are_not_its_own_the_first_counts() {
    keeps::<v2_2_1::locations::ConnectorPatch>(
        r#"{"tariffId":"A","tariff_id":"B"}"#,
        r#"{"tariff_ids":["A"],"tariff_id":"B"}"#,
        &[("/tariffId", "name.other_version"), ("/tariffId", "val.object_for_array")],
    );
}

/// `null` by the own name says nothing, so that the other one is heard; but in a PATCH it says that there is none any more.
#[test]
fn null_by_the_own_name() {
    use v2_2_1::locations::{ConnectorPatch, Location};
    let location =
        include_str!("../../fixtures/2.2.1/location.minimal.json").trim_end().trim_end_matches('}');
    for both in [
        r#""parking_type":null,"parkingType":"ON_STREET""#,
        r#""parkingType":"ON_STREET","parking_type":null"#,
    ] {
        let read = json::read::<Location>(format!("{location},{both}}}").as_bytes()).expect("it is read");
        assert_eq!(read.value.parking_type.map(|it| it.to_string()).as_deref(), Some("ON_STREET"), "{both}");
        let mut rules: Vec<_> = read.findings.iter().map(|it| it.rule.id()).collect();
        rules.sort_unstable();
        assert_eq!(rules, ["name.spelling", "val.null"], "{both}");
    }
    for both in [r#"{"tariff_ids":null,"tariff_id":"A"}"#, r#"{"tariff_id":"A","tariff_ids":null}"#] {
        let read = json::read::<ConnectorPatch>(both.as_bytes()).expect("it is read");
        assert_eq!(read.value.tariff_ids, ocpi_types::Change::Set(Vec::new()), "{both}");
        assert_eq!(read.value.extra.get("tariff_id"), Some("\"A\""), "{both}");
    }
}

#[test]
fn spellings_of_a_name() {
    use v2_2_1::locations::ConnectorPatch as Patch;
    for name in [
        "maxVoltage",
        "MaxVoltage",
        "MAX_VOLTAGE",
        "max-voltage",
        "Max-Voltage",
        "MAXVOLTAGE",
        "maxvoltage",
        "max voltage",
        " max_voltage ",
        "Max_Voltage",
    ] {
        let pointer = format!("/{name}");
        reads::<Patch>(
            format!("{{\"{name}\":400}}"),
            r#"{"max_voltage":400}"#,
            &[(&pointer, "name.spelling")],
        );
    }
    for name in [
        "_max_voltage",
        "max_voltage_",
        "max.voltage",
        "maxVoltage2",
        "x_max_voltage",
        "-id",
        "m\u{e4}x_voltage",
    ] {
        let text = format!("{{\"{name}\":400}}");
        keeps::<Patch>(&text, &text, &[]);
    }
}

#[test]
fn names_in_objects_inside_are_read_alike() {
    use v2_2_1::locations::LocationPatch;
    let text = r#"{"EVSEs":[{"Uid":"E1","Status":"AVAILABLE","connectors":[],"lastUpdated":"2026-01-01T00:00:00Z"}],"openingTimes":{"twentyFourSeven":true}}"#;
    let read = json::read::<LocationPatch>(text.as_bytes()).expect("it is read");
    assert_eq!(
        summary(&read.findings)[..4],
        [
            ("/EVSEs", "name.spelling"),
            ("/EVSEs/0/Uid", "name.spelling"),
            ("/EVSEs/0/Status", "name.spelling"),
            ("/EVSEs/0/connectors", "card.empty"),
        ]
    );
    assert_eq!(
        json::to_string(&read.value),
        r#"{"evses":[{"uid":"E1","status":"AVAILABLE","connectors":[],"last_updated":"2026-01-01T00:00:00Z"}],"opening_times":{"twentyfourseven":true}}"#
    );
}

/// A partner that names a member in very many spellings gains nothing by it.
#[test]
fn very_many_names_cost_little() {
    let text = format!("{{{}\"max_voltage\":1}}", "\"maxVoltage\":2,".repeat(100_000));
    let read = json::read::<v2_2_1::locations::ConnectorPatch>(text.as_bytes()).expect("it is read");
    assert_eq!(read.value.max_voltage, ocpi_types::Change::Set(1));
    assert_eq!(read.value.extra.iter().count(), 100_000);
}

/// No two members of an object are one name in other spellings.
#[test]
fn no_two_members_are_spelled_alike() {
    use crate::registry;
    for version in [ocpi_types::Version::V2_1_1, ocpi_types::Version::V2_2_1, ocpi_types::Version::V2_3_0] {
        for entry in registry::objects(version) {
            let mut names: Vec<_> =
                entry.info.fields.iter().map(|field| field.name.replace('_', "")).collect();
            names.sort_unstable();
            let count = names.len();
            names.dedup();
            assert_eq!(names.len(), count, "{}", entry.info.name);
        }
    }
}

/// Names of Bookings 1.0.
#[test]
fn names_of_the_first_bookings_are_read() {
    let calendar = r#"{"id": "C1", "begin_from": "2026-08-03T09:00:00Z", "end_before": "2026-08-03T20:00:00Z",
        "step_size": 15, "available_timeslots": [
            {"start_from": "2026-08-03T09:00:00Z", "end_before": "2026-08-03T10:00:00Z"}],
        "last_updated": "2026-08-01T09:00:00Z"}"#;
    let read: v2_3_0::bookings::Calendar = json::from_str(calendar).expect("a calendar");
    let slot = &read.available_timeslots[0];
    assert_eq!(read.timeslot_increment, Some(15));
    assert_eq!(slot.end_date_time.seconds_since(slot.start_date_time), 3_600);
    assert_eq!(read.end_before.to_string(), "2026-08-03T20:00:00Z");

    let location = r#"{"country_code": "NL", "party_id": "ALF", "id": "B1", "location_id": "L1",
        "bookable_parking_options": [{"format": "CABLE", "parking_space_width": 300}],
        "bookable": {"reservation_required": true, "ad_hoc": 2}, "tariff_id": ["T1", "T2"],
        "booking_terms": [{"RFID_auth_required": true, "supported_access_methods": ["OPEN"],
            "change_until_minutes": 60, "cancel_until_minutes": 30}],
        "last_updated": "2026-08-01T09:00:00Z"}"#;
    let read: v2_3_0::bookings::BookingLocation = json::from_str(location).expect("a booking location");
    let option = read.booking_option.expect("an option");
    assert_eq!((option.connector_format.len(), option.min_parking_space_width.is_some()), (1, true));
    assert_eq!(
        (read.policy.map(|policy| policy.reservation_required), read.tariff_ids.len()),
        (Some(true), 2)
    );
    assert_eq!(read.booking_terms.and_then(|terms| terms.rfid_auth_required), Some(true));

    let access = r#"{"location_access": "ACCESS_CODE", "value": "1234"}"#;
    let read: v2_3_0::bookings::AccessInformation = json::from_str(access).expect("a way in");
    assert_eq!(read.method, v2_3_0::bookings::AccessMethod::AccessCode);
}

/// The text of Bookings names the module in another way than its addresses.
#[test]
fn the_module_of_bookings_has_two_ids() {
    let endpoint = |id: &str| {
        let text = format!(r#"{{"identifier": "{id}", "role": "SENDER", "url": "https://cpo.example/b"}}"#);
        json::from_str::<v2_3_0::versions::Endpoint>(&text).expect("an endpoint").identifier
    };
    for id in ["bookings", "Booking", "booking", "BOOKINGS"] {
        assert_eq!(endpoint(id), ocpi_types::ModuleId::Bookings, "{id}");
    }
}
