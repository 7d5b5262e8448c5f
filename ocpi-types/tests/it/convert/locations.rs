//! Locations, EVSEs and Connectors.

use ocpi_types::convert::{Context, ConversionRule, Effect, Ledger, V2_1_1, V2_2_1, V2_3_0, convert, kind};
use ocpi_types::json;

use super::{context, converted, read, refusal};

/// A Location of 2.2.1 or 2.3.0 with these members and EVSEs.
fn location(members: &str, evses: &str) -> String {
    format!(
        r#"{{"country_code": "NL", "party_id": "ALF", "id": "L1", "publish": true, {members} "city": "Gent",
            "country": "BEL", "postal_code": "9000", "coordinates": {{"latitude": "51.04759", "longitude": "3.7299901"}},
            "parking_type": "ON_STREET", "time_zone": "Europe/Brussels", "evses": [{evses}],
            "last_updated": "2026-01-01T00:00:00Z"}}"#
    )
}

const ADDRESS: &str = r#""address": "F.Rooseveltlaan 3A","#;

fn evse(uid: &str, standards: &[&str]) -> String {
    let connector = |(index, standard): (usize, &&str)| {
        format!(
            r#"{{"id": "{index}", "standard": "{standard}", "format": "CABLE", "power_type": "DC", "max_voltage": 920,
                "max_amperage": 500, "tariff_ids": ["T1", "T2"], "last_updated": "2026-01-01T00:00:00Z"}}"#
        )
    };
    let connectors: Vec<_> = standards.iter().enumerate().map(connector).collect();
    format!(
        r#"{{"uid": "{uid}", "status": "AVAILABLE", "capabilities": ["RFID_READER", "CHIP_CARD_SUPPORT"],
            "connectors": [{}], "last_updated": "2026-01-01T00:00:00Z"}}"#,
        connectors.join(",")
    )
}

/// A plug that a version does not know costs its Connector; an EVSE without a Connector its place. The Location stays,
/// and the entries lead through the Location as it was.
#[test]
fn plugs_that_a_version_lacks_cost_their_connector() {
    let evses = [evse("1", &["MCS"]), evse("2", &["MCS", "IEC_62196_T2_COMBO"])].join(",");
    let (location, told) = converted::<kind::Location, V2_3_0, V2_2_1>(&location(ADDRESS, &evses));
    assert_eq!(location.evses.len(), 1);
    assert_eq!(location.evses[0].connectors.len(), 1);
    assert_eq!(location.evses[0].connectors[0].id.as_str(), "1");
    assert_eq!(told, ["/evses/1/connectors/0 conv.enum_value", "/evses/0 conv.enum_value"]);
}

/// The second step of a conversion begins with the result of the first.
#[test]
fn a_plug_is_given_up_in_the_step_that_lacks_it() {
    let evses = evse("1", &["MCS", "CHAOJI", "CHADEMO"]);
    let mut ledger = Ledger::new();
    let location = read(&location(ADDRESS, &evses));
    let location = convert::<kind::Location, V2_3_0, V2_1_1>(location, &context(), &mut ledger)
        .expect("it is converted");
    assert_eq!(location.evses[0].connectors.len(), 1);
    let connectors: Vec<_> = ledger
        .entries()
        .iter()
        .filter(|entry| entry.rule == ConversionRule::EnumValue && entry.pointer().contains("connectors"))
        .map(|entry| format!("{} {}", entry.to, entry.pointer()))
        .collect();
    assert_eq!(connectors, ["2.2.1 /evses/0/connectors/0", "2.1.1 /evses/0/connectors/0"]);
}

/// Losses to 2.1.1 are told: of capabilities, tariffs of a connector, decimals of coordinates, letters of an address.
#[test]
fn what_2_1_1_has_less_of_is_told() {
    let long = "An address that is longer than the forty-five characters of old";
    let members = format!(r#""address": "{long}", "state": "Oost-Vlaanderen","#);
    let mut ledger = Ledger::new();
    let source = read(&location(&members, &evse("1", &["CHADEMO"])));
    let location =
        convert::<kind::Location, V2_2_1, V2_1_1>(source, &context(), &mut ledger).expect("it is converted");
    assert_eq!(location.address.as_str(), "An address that is longer than the forty-five");
    assert_eq!(location.coordinates.latitude.as_str(), "51.047590");
    assert_eq!(location.coordinates.longitude.as_str(), "3.729990");
    assert_eq!(location.evses[0].capabilities.len(), 1);
    assert_eq!(location.evses[0].connectors[0].tariff_id.as_ref().map(|id| id.as_str()), Some("T1"));
    let lost: Vec<_> = ledger
        .with_effect(Effect::Lost)
        .map(|entry| format!("{} {} {}", entry.pointer(), entry.rule.id(), entry.value()))
        .collect();
    assert_eq!(
        lost,
        [
            r#"/coordinates/longitude conv.coordinate "3.7299901""#.to_owned(),
            r#"/evses/0/capabilities/1 conv.enum_value "CHIP_CARD_SUPPORT""#.to_owned(),
            r#"/state conv.no_member "Oost-Vlaanderen""#.to_owned(),
            format!(r#"/address conv.length "{long}""#),
            r#"/evses/0/connectors/0/tariff_ids/1 conv.only_one "T2""#.to_owned(),
        ]
    );
}

/// 2.1.1 cannot say that a Location is not for everybody.
#[test]
fn what_is_not_to_be_published_is_not_told_to_who_would() {
    let text = location(ADDRESS, "").replace(r#""publish": true"#, r#""publish": false"#);
    let refused = refusal::<kind::Location, V2_2_1, V2_1_1>(&text);
    assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::Unpublished, "/publish"));
}

/// Kinds of parking that the other version lacks.
#[test]
fn kinds_of_places_go_up_and_down() {
    let of = |kind: &str| location(ADDRESS, "").replace("ON_STREET", kind);
    let (there, _) = converted::<kind::Location, V2_2_1, V2_1_1>(&of("UNDERGROUND_GARAGE"));
    assert_eq!(there.r#type.as_str(), "UNDERGROUND_GARAGE");
    let (there, told) = converted::<kind::Location, V2_2_1, V2_1_1>(&of("ALONG_MOTORWAY"));
    assert_eq!(there.r#type.as_str(), "OTHER");
    assert!(told.contains(&"/parking_type conv.enum_replaced".to_owned()), "{told:?}");
}

const OLD: &str = r#"{"id": "L1", "type": "OTHER", "address": "A", "city": "Gent", "postal_code": "9000", "country": "BEL",
    "coordinates": {"latitude": "51.047590", "longitude": "3.729990"}, "x_note": [1.50],
    "last_updated": "2026-01-01T00:00:00Z"}"#;

/// Values that 2.2.1 asks for and 2.1.1 does not say are assumed; a kind of place that 2.2.1 lacks is carried along.
#[test]
fn a_location_of_2_1_1_gets_an_owner_and_keeps_its_kind() {
    let (location, told) = converted::<kind::Location, V2_1_1, V2_2_1>(OLD);
    assert_eq!((location.country_code.as_str(), location.party_id.as_str()), ("NL", "ALF"));
    assert_eq!(location.time_zone.as_str(), "Europe/Brussels", "the one that Belgium has");
    assert_eq!(location.extra.get("location_type"), Some(r#""OTHER""#));
    assert_eq!(location.extra.get("x_note"), Some("[1.50]"));
    assert_eq!(
        told,
        [
            "/country_code conv.owner_assumed",
            "/party_id conv.owner_assumed",
            "/time_zone conv.time_zone_assumed",
            "/publish conv.publish_assumed",
            "/type conv.member_kept",
        ]
    );
}

/// The owner is not known without the parties of the connection.
#[test]
fn without_an_owner_there_is_no_location_of_2_2_1() {
    let refused =
        convert::<kind::Location, V2_1_1, V2_2_1>(read(OLD), &Default::default(), &mut Ledger::new());
    assert_eq!(refused.expect_err("no owner").rule(), ConversionRule::OwnerUnknown);
}

/// An id of 39 characters, as 2.1.1 allows, is kept in whole, and told.
#[test]
fn ids_that_are_too_long_above_are_kept() {
    let id = "L".repeat(39);
    let (location, told) = converted::<kind::Location, V2_1_1, V2_2_1>(&OLD.replace("L1", &id));
    assert_eq!(location.id.as_str(), id);
    assert!(told.contains(&"/id conv.text_kept".to_owned()), "{told:?}");
}

/// A member that could not be read has no value to convert; an object that lacks a required one is none.
#[test]
fn what_is_missing_is_not_made_up() {
    let text = location(ADDRESS, &evse("1", &["CHADEMO"])).replace(r#""status": "AVAILABLE","#, "");
    let item =
        json::read_item::<ocpi_types::v2_3_0::locations::Location>(text.as_bytes()).expect("it is JSON");
    let json::Reading::Partial(partial) = item.reading else { panic!("it is partial") };
    let mut ledger = Ledger::new();
    let there = convert::<kind::Location, V2_3_0, V2_2_1>(partial.into_value(), &context(), &mut ledger)
        .expect("the rest is converted");
    assert!(there.evses.is_empty());
    assert_eq!(super::told(&ledger), ["/evses/0 conv.incomplete"]);
}

/// An unknown member with the name of one that the version has is carried along, and told.
#[test]
fn unknown_members_with_a_known_name_are_told() {
    let text = OLD.replace(r#""x_note": [1.50]"#, r#""help_phone": "1""#);
    let (_, told) = converted::<kind::Location, V2_1_1, V2_3_0>(&text);
    assert!(told.contains(&"/help_phone conv.name_kept".to_owned()), "{told:?}");
}

/// A kind of place that 2.1.1 alone has comes back, even if it was read as a kind of parking on the way.
#[test]
fn a_kind_of_place_survives_both_steps() {
    let mut ledger = Ledger::new();
    let new = convert::<kind::Location, V2_1_1, V2_3_0>(read(OLD), &context(), &mut ledger).expect("up");
    let read_again = json::read(json::to_string(&new).as_bytes()).expect("it was written").value;
    let mut old =
        convert::<kind::Location, V2_3_0, V2_1_1>(read_again, &context(), &mut ledger).expect("down");
    assert_eq!(old.time_zone.take().map(|zone| zone.to_string()).as_deref(), Some("Europe/Brussels"));
    assert_eq!(old, read(OLD));
}

/// 2.1.1 asks for a postal code; where there is none, it is empty.
#[test]
fn a_place_without_a_postal_code_has_an_empty_one() {
    let text = location(ADDRESS, "").replace(r#""postal_code": "9000", "#, "");
    let (location, told) = converted::<kind::Location, V2_2_1, V2_1_1>(&text);
    assert_eq!(location.postal_code.as_str(), "");
    assert!(told.contains(&"/postal_code conv.postal_code_assumed".to_owned()), "{told:?}");
}

/// A kind of place that was carried along does not come back once the place is of another kind.
#[test]
fn what_was_carried_along_may_be_outdated() {
    let (mut location, _) = converted::<kind::Location, V2_1_1, V2_2_1>(OLD);
    location.parking_type = Some(ocpi_types::v2_2_1::locations::ParkingType::OnStreet);
    let mut ledger = Ledger::new();
    let old = convert::<kind::Location, V2_2_1, V2_1_1>(location, &context(), &mut ledger)
        .expect("it is converted");
    assert_eq!((old.r#type.as_str(), old.extra.get("location_type")), ("ON_STREET", None));
    assert_eq!(super::told(&ledger), ["/type conv.outdated"]);
}

/// A value that is carried along stays the same when the object is stored and read again: a kind of place is no kind of
/// parking.
#[test]
fn what_is_carried_along_survives_storage() {
    let (location, _) = converted::<kind::Location, V2_1_1, V2_3_0>(OLD);
    let read =
        json::read::<ocpi_types::v2_3_0::locations::Location>(&json::to_vec(&location)).expect("it is one");
    assert_eq!((&read.value, read.findings.as_slice()), (&location, &[][..]));
    assert_eq!(read.value.parking_type, None);
}

/// A list of which an element could not be read keeps its text. Under a name of another version it would be read as
/// something else.
#[test]
fn what_could_not_be_read_has_no_counterpart() {
    let text = location(ADDRESS, &evse("1", &["CHADEMO"])).replace(r#"["T1", "T2"]"#, r#"["T1", {}]"#);
    let new =
        json::read::<ocpi_types::v2_2_1::locations::Location>(text.as_bytes()).expect("it is read").value;
    let mut ledger = Ledger::new();
    let old =
        convert::<kind::Location, V2_2_1, V2_1_1>(new, &context(), &mut ledger).expect("it is converted");
    let connector = &old.evses[0].connectors[0];
    assert_eq!(connector.tariff_id.as_ref().map(|id| id.as_str()), Some("T1"));
    assert!(connector.extra.is_empty());
    assert!(
        super::told(&ledger).contains(&"/evses/0/connectors/0/tariff_ids conv.part_unreadable".to_owned())
    );
}

/// A value that a partner of 2.1.1 says already is not assumed.
#[test]
fn a_location_that_is_not_to_be_published_is_not() {
    let text = r#"{"id": "L1", "type": "ON_STREET", "address": "A", "city": "Gent", "postal_code": "9000",
        "country": "BEL", "coordinates": {"latitude": "51.047599", "longitude": "3.729944"},
        "time_zone": "Europe/Brussels", "publish": false, "last_updated": "2026-01-01T00:00:00Z"}"#;
    let (location, told) = converted::<kind::Location, V2_1_1, V2_2_1>(text);
    assert!(!location.publish);
    assert!(!told.iter().any(|entry| entry.starts_with("/publish")), "{told:?}");
}

/// A Location of 2.1.1 may have no time zone, or a placeholder; a later version may not. That of the context is taken, or
/// the one of a country that has one; where nobody knows, the Location is refused.
#[test]
fn a_placeholder_is_no_time_zone() {
    let of = |country: &str, zone: &str| {
        OLD.replace("BEL", country).replace(r#""x_note""#, &format!(r#"{zone} "x_note""#))
    };
    for zone in ["", r##""time_zone": "#NA","##, r##""time_zone": "#na","##, r#""time_zone": "","#] {
        let (location, told) = converted::<kind::Location, V2_1_1, V2_3_0>(&of("NLD", zone));
        assert_eq!(location.time_zone.as_str(), "Europe/Amsterdam", "{zone}");
        assert!(told.contains(&"/time_zone conv.time_zone_assumed".to_owned()), "{told:?}");
        let refused = refusal::<kind::Location, V2_1_1, V2_2_1>(&of("USA", zone));
        assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::TimeZoneUnknown, "/time_zone"));
        let context = Context { time_zone: "America/Denver".parse().ok(), ..context() };
        let source = read(&of("USA", zone));
        let location = convert::<kind::Location, V2_1_1, V2_2_1>(source, &context, &mut Ledger::new());
        assert_eq!(location.expect("it is converted").time_zone.as_str(), "America/Denver");
    }
    let (location, _) =
        converted::<kind::Location, V2_1_1, V2_2_1>(&of("USA", r#""time_zone": "America/Adak","#));
    assert_eq!(location.time_zone.as_str(), "America/Adak");
}

/// Neither between the later versions.
#[test]
fn a_placeholder_is_not_carried_along_as_a_time_zone() {
    let text = location(ADDRESS, "").replace("Europe/Brussels", "#NA");
    let (there, told) = converted::<kind::Location, V2_2_1, V2_3_0>(&text);
    assert_eq!(
        (there.time_zone.as_str(), told),
        ("Europe/Brussels", vec!["/time_zone conv.time_zone_assumed".to_owned()])
    );
    let (there, _) = converted::<kind::Location, V2_3_0, V2_2_1>(&text);
    assert_eq!(there.time_zone.as_str(), "Europe/Brussels");
    let (there, _) = converted::<kind::Location, V2_2_1, V2_1_1>(&text);
    assert_eq!(there.time_zone, None);
    let elsewhere = text.replace("BEL", "CAN");
    let refused = refusal::<kind::Location, V2_2_1, V2_3_0>(&elsewhere);
    assert_eq!((refused.rule(), refused.pointer()), (ConversionRule::TimeZoneUnknown, "/time_zone"));
}

/// That a Location is not always open is told where one of the versions leaves it to the regular hours.
#[test]
fn not_always_open_is_told_up_and_down() {
    const HOURS: &str =
        r#"{"regular_hours": [{"weekday": 1, "period_begin": "08:00", "period_end": "20:00"}]"#;
    let (old, told) =
        converted::<kind::Hours, V2_2_1, V2_1_1>(&format!(r#"{HOURS}, "twentyfourseven": false}}"#));
    assert_eq!((old.twentyfourseven, told), (None, vec!["/twentyfourseven conv.not_always_open".to_owned()]));
    let (new, told) = converted::<kind::Hours, V2_1_1, V2_2_1>(&format!("{HOURS}}}"));
    assert_eq!((new.twentyfourseven, told), (false, vec!["/twentyfourseven conv.hours_assumed".to_owned()]));
    let (new, told) =
        converted::<kind::Hours, V2_1_1, V2_2_1>(&format!(r#"{HOURS}, "twentyfourseven": false}}"#));
    assert_eq!((new.twentyfourseven, told), (false, vec![]));
    let (old, told) = converted::<kind::Hours, V2_2_1, V2_1_1>(r#"{"twentyfourseven": false}"#);
    assert_eq!((old.twentyfourseven, told), (Some(false), vec![]));
    let hours = format!(r#""address": "A", "opening_times": {HOURS}, "twentyfourseven": false}},"#);
    let (_, told) = converted::<kind::Location, V2_3_0, V2_1_1>(&location(&hours, ""));
    assert!(told.contains(&"/opening_times/twentyfourseven conv.not_always_open".to_owned()), "{told:?}");
}

/// A kind of place that was carried along is taken only if 2.1.1 has it.
#[test]
fn a_carried_kind_of_place_is_one_of_2_1_1() {
    let text =
        location(ADDRESS, "").replace(r#""parking_type": "ON_STREET","#, r#""location_type": "ROOF","#);
    let (there, told) = converted::<kind::Location, V2_2_1, V2_1_1>(&text);
    assert_eq!(there.r#type.as_str(), "UNKNOWN");
    assert!(told.contains(&"/type conv.outdated".to_owned()), "{told:?}");
}
