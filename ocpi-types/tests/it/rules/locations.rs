//! Rules about locations.

use ocpi_types::{Profile, v2_1_1, v2_2_1, v2_3_0};
use serde_json::{Value as Json, json};

use super::{Pair, pair, with};

const OLD: &Profile = &Profile::V2_1_1;
const MID: &Profile = &Profile::V2_2_1;
const NEW: &Profile = &Profile::V2_3_0;

const LOCATION_211: &str = include_str!("../../fixtures/2.1.1/location.minimal.json");
const LOCATION_221: &str = include_str!("../../fixtures/2.2.1/location.minimal.json");
const LOCATION_230: &str = include_str!("../../fixtures/2.3.0/location.minimal.json");

pub(super) fn pairs() -> Vec<Pair> {
    [lists(), ages(), hours(), periods(), places(), hardware(), publishing(), energy(), lengths()]
        .into_iter()
        .flatten()
        .collect()
}

/// As old as the location of the fixtures.
const THEN: &str = "2026-03-14T09:26:53Z";
const LATER: &str = "2026-03-14T09:26:54Z";

fn connector(id: &str, at: &str) -> Json {
    json!({"id": id, "standard": "IEC_62196_T2", "format": "CABLE", "power_type": "AC_3_PHASE",
        "max_voltage": 230, "max_amperage": 32, "last_updated": at})
}

fn evse(uid: &str, connectors: &[Json], at: &str) -> Json {
    json!({"uid": uid, "status": "AVAILABLE", "connectors": connectors, "last_updated": at})
}

/// The same with the names of 2.1.1.
fn old(evse: &Json) -> Json {
    let text = evse.to_string().replace("max_voltage", "voltage").replace("max_amperage", "amperage");
    serde_json::from_str(&text).expect("it is JSON")
}

pub(super) fn location_with_evses(uids: &[&str]) -> Json {
    let evses: Vec<Json> = uids.iter().map(|uid| evse(uid, &[connector("1", THEN)], THEN)).collect();
    with(LOCATION_230, json!({"evses": evses}))
}

fn lists() -> Vec<Pair> {
    let evses = |uids: [&str; 2]| json!({"evses": uids.map(|uid| evse(uid, &[connector("1", THEN)], THEN))});
    let old_evses =
        |uids: [&str; 2]| json!({"evses": uids.map(|uid| old(&evse(uid, &[connector("1", THEN)], THEN)))});
    let plugs = |ids: [&str; 2]| evse("E1", &ids.map(|id| connector(id, THEN)), THEN);
    let parking = |ids: [&str; 2]| {
        let place = |id| {
            json!({"id": id, "vehicle_types": ["VAN"], "restricted_to_type": false,
            "reservation_required": false})
        };
        with(LOCATION_230, json!({"parking_places": ids.map(place)}))
    };
    let parked = |id: &str| {
        let mut evse = evse("E1", &[connector("1", THEN)], THEN);
        evse["parking"] = json!([{"parking_id": id}]);
        let mut location = parking(["P1", "P2"]);
        location["evses"] = json!([evse]);
        location
    };
    let at = ("/evses/1/uid", "id.duplicate");
    vec![
        pair::<v2_2_1::locations::Location>(
            MID,
            with(LOCATION_221, evses(["E1", "e1"])),
            at,
            with(LOCATION_221, evses(["E1", "E2"])),
        ),
        pair::<v2_3_0::locations::Location>(
            NEW,
            location_with_evses(&["E1", "E1"]),
            at,
            location_with_evses(&["E1", "E2"]),
        ),
        // Ids are texts of their own case here.
        pair::<v2_1_1::locations::Location>(
            OLD,
            with(LOCATION_211, old_evses(["E1", "E1"])),
            at,
            with(LOCATION_211, old_evses(["E1", "e1"])),
        ),
        pair::<v2_1_1::locations::Evse>(
            OLD,
            old(&plugs(["1", "1"])),
            ("/connectors/1/id", "id.duplicate"),
            old(&plugs(["1", "2"])),
        ),
        pair::<v2_2_1::locations::Evse>(
            MID,
            plugs(["1", "1"]),
            ("/connectors/1/id", "id.duplicate"),
            plugs(["1", "2"]),
        ),
        pair::<v2_3_0::locations::Evse>(
            NEW,
            plugs(["a", "A"]),
            ("/connectors/1/id", "id.duplicate"),
            plugs(["#NA", "#NA"]),
        ),
        pair::<v2_3_0::locations::Location>(
            NEW,
            parking(["P1", "P1"]),
            ("/parking_places/1/id", "id.duplicate"),
            parking(["P1", "P2"]),
        ),
        pair::<v2_3_0::locations::Location>(
            NEW,
            parked("P3"),
            ("/evses/0/parking/0/parking_id", "parking.unknown"),
            parked("p2"),
        ),
        pair::<v2_3_0::locations::Location>(
            NEW,
            parked("P3"),
            ("/evses/0/parking/0/parking_id", "parking.unknown"),
            parked("#NA"),
        ),
    ]
}

fn ages() -> Vec<Pair> {
    let at = ("/evses/0/last_updated", "lu.child_newer_than_parent");
    let inner = ("/connectors/0/last_updated", "lu.child_newer_than_parent");
    let aged = |at| evse("E1", &[connector("1", THEN)], at);
    let inside = |at| evse("E1", &[connector("1", at)], THEN);
    let list = |evse: Json| json!({"evses": [evse]});
    vec![
        pair::<v2_1_1::locations::Location>(
            OLD,
            with(LOCATION_211, list(old(&aged(LATER)))),
            at,
            with(LOCATION_211, list(old(&aged(THEN)))),
        ),
        pair::<v2_2_1::locations::Location>(
            MID,
            with(LOCATION_221, list(aged(LATER))),
            at,
            with(LOCATION_221, list(aged(THEN))),
        ),
        pair::<v2_3_0::locations::Location>(
            NEW,
            with(LOCATION_230, list(aged(LATER))),
            at,
            with(LOCATION_230, list(aged(THEN))),
        ),
        pair::<v2_1_1::locations::Evse>(OLD, old(&inside(LATER)), inner, old(&inside(THEN))),
        pair::<v2_2_1::locations::Evse>(MID, inside(LATER), inner, inside(THEN)),
        pair::<v2_3_0::locations::Evse>(NEW, inside(LATER), inner, inside(THEN)),
    ]
}

fn hours() -> Vec<Pair> {
    let monday = |begin: &str, end: &str| json!({"weekday": 1, "period_begin": begin, "period_end": end});
    let day = |day: i64| json!({"weekday": day, "period_begin": "08:00", "period_end": "20:00"});
    let open = |always: bool, days: &[Json]| json!({"twentyfourseven": always, "regular_hours": days});
    let days = &[day(1)];
    let at = "/regular_hours";
    vec![
        pair::<v2_2_1::locations::Hours>(MID, open(false, &[]), (at, "hours.missing"), open(true, &[])),
        pair::<v2_3_0::locations::Hours>(NEW, open(true, days), (at, "hours.redundant"), open(false, days)),
        // Here one of the two is enough, whatever it says.
        pair::<v2_1_1::locations::Hours>(OLD, "{}", ("", "hours.missing"), json!({"regular_hours": days})),
        pair::<v2_1_1::locations::Hours>(
            OLD,
            open(true, days),
            (at, "hours.redundant"),
            json!({"twentyfourseven": false}),
        ),
        pair::<v2_2_1::locations::RegularHours>(MID, day(0), ("/weekday", "hours.weekday"), day(1)),
        pair::<v2_3_0::locations::RegularHours>(NEW, day(8), ("/weekday", "hours.weekday"), day(7)),
        pair::<v2_1_1::locations::RegularHours>(
            OLD,
            monday("20:00", "08:00"),
            ("/period_end", "hours.order"),
            monday("08:00", "20:00"),
        ),
        pair::<v2_2_1::locations::RegularHours>(
            MID,
            monday("08:00", "08:00"),
            ("/period_end", "hours.order"),
            monday("08:00", "08:01"),
        ),
    ]
}

fn periods() -> Vec<Pair> {
    let period = |end: Option<&str>| {
        let mut period = json!({"status": "RESERVED", "period_begin": THEN});
        if let Some(end) = end {
            period["period_end"] = json!(end);
        }
        period
    };
    let before = "2026-03-14T09:26:52Z";
    let closed = |end: &str| json!({"period_begin": THEN, "period_end": end});
    let at = ("/period_end", "period.order");
    vec![
        pair::<v2_2_1::locations::ExceptionalPeriod>(MID, closed(before), at, closed(LATER)),
        pair::<v2_2_1::locations::StatusSchedule>(MID, period(Some(before)), at, period(Some(LATER))),
        pair::<v2_3_0::locations::StatusSchedule>(NEW, period(Some(before)), at, period(None)),
    ]
}

fn places() -> Vec<Pair> {
    let place = |latitude: &str, longitude: &str| json!({"latitude": latitude, "longitude": longitude});
    let zero = || place("0.000000", "-0.000000");
    let at = ("", "geo.null_island");
    vec![
        pair::<v2_1_1::locations::GeoLocation>(OLD, zero(), at, place("0.000000", "9.450000")),
        pair::<v2_3_0::locations::GeoLocation>(NEW, zero(), at, place("51.480000", "0.000000")),
        pair::<v2_2_1::locations::AdditionalGeoLocation>(MID, zero(), at, place("0.000000", "9.450000")),
    ]
}

fn hardware() -> Vec<Pair> {
    let plug = |name: &str, value: i64| {
        let mut connector = connector("1", THEN);
        connector[name] = json!(value);
        connector
    };
    let parking = |name: &str, value: f64| {
        let mut place = json!({"id": "P1", "vehicle_types": ["BUS"], "restricted_to_type": true,
            "reservation_required": true});
        place[name] = json!(value);
        place
    };
    let power = ("/max_electric_power", "unit.implausible");
    let limit = "max_electric_power";
    let mut pairs = vec![
        pair::<v2_2_1::locations::Connector>(MID, plug(limit, 22), power, plug(limit, 500)),
        pair::<v2_3_0::locations::Connector>(NEW, plug(limit, 5_000_001), power, plug(limit, 5_000_000)),
        pair::<v2_2_1::locations::Connector>(
            MID,
            plug("max_voltage", 0),
            ("/max_voltage", "connector.not_positive"),
            plug("max_voltage", 1),
        ),
        pair::<v2_3_0::locations::Connector>(
            NEW,
            plug("max_amperage", -1),
            ("/max_amperage", "connector.not_positive"),
            plug("max_amperage", 1),
        ),
        pair::<v2_1_1::locations::Connector>(
            OLD,
            old(&plug("max_amperage", 0)),
            ("/amperage", "connector.not_positive"),
            old(&plug("max_amperage", 16)),
        ),
        pair::<v2_1_1::locations::Connector>(
            OLD,
            old(&plug("max_voltage", 0)),
            ("/voltage", "connector.not_positive"),
            old(&plug("max_voltage", 230)),
        ),
    ];
    for name in [
        "max_vehicle_weight",
        "max_vehicle_height",
        "max_vehicle_length",
        "max_vehicle_width",
        "parking_space_length",
        "parking_space_width",
        "time_limit",
    ] {
        let at = format!("/{name}");
        let at = (&*at, "num.negative");
        pairs.push(pair::<v2_3_0::locations::Parking>(NEW, parking(name, -0.5), at, parking(name, 0.0)));
    }
    pairs
}

fn publishing() -> Vec<Pair> {
    let shown = |publish: bool| {
        with(LOCATION_221, json!({"publish": publish, "publish_allowed_to": [{"group_id": "G1"}]}))
    };
    vec![
        pair::<v2_2_1::locations::Location>(
            MID,
            shown(true),
            ("/publish_allowed_to", "publish.allowed_to"),
            shown(false),
        ),
        pair::<v2_3_0::locations::Location>(
            NEW,
            shown(true),
            ("/publish_allowed_to", "publish.allowed_to"),
            shown(false),
        ),
        pair::<v2_2_1::locations::PublishTokenType>(
            MID,
            json!({"type": "RFID", "issuer": "Bravo"}),
            ("", "publish.empty"),
            json!({"group_id": "G1"}),
        ),
        pair::<v2_2_1::locations::PublishTokenType>(
            MID,
            json!({"uid": "04A2"}),
            ("/type", "publish.type"),
            json!({"uid": "04A2", "type": "RFID"}),
        ),
        pair::<v2_3_0::locations::PublishTokenType>(
            NEW,
            json!({"visual_number": "12"}),
            ("/issuer", "publish.issuer"),
            json!({"visual_number": "12", "issuer": "Bravo"}),
        ),
    ]
}

fn energy() -> Vec<Pair> {
    let mix = |shares: &[f64]| {
        let sources: Vec<Json> =
            shares.iter().map(|share| json!({"source": "WIND", "percentage": share})).collect();
        json!({"is_green_energy": true, "energy_sources": sources})
    };
    let share = |share: f64| json!({"source": "WIND", "percentage": share});
    let sum = ("/energy_sources", "energy.sum");
    let at = ("/percentage", "energy.share");
    vec![
        pair::<v2_2_1::locations::EnergyMix>(MID, mix(&[50.0, 48.9]), sum, mix(&[50.0, 49.0])),
        pair::<v2_3_0::locations::EnergyMix>(NEW, mix(&[33.0, 33.0, 32.0]), sum, mix(&[33.0, 33.0, 33.0])),
        pair::<v2_1_1::locations::EnergyMix>(OLD, mix(&[50.0, 51.1]), sum, mix(&[])),
        pair::<v2_2_1::locations::EnergySource>(MID, share(-0.1), at, share(0.0)),
        pair::<v2_3_0::locations::EnergySource>(NEW, share(100.1), at, share(100.0)),
    ]
}

/// A few lengths grew; whoever holds to the older print is told.
fn lengths() -> Vec<Pair> {
    let (d2, ed1) = (&Profile::V2_2_1_D2, &Profile::V2_3_0_ED1);
    let address = |chars: usize| json!({"address": "é".repeat(chars)});
    let state = |chars: usize| json!({"state": "é".repeat(chars)});
    let meter =
        |chars: usize| json!({"nature": "Start", "plain_data": "x".repeat(chars), "signed_data": "y"});
    vec![
        pair::<v2_2_1::locations::Location>(
            d2,
            with(LOCATION_221, address(46)),
            ("/address", "len.exceeded"),
            with(LOCATION_221, address(45)),
        ),
        pair::<v2_3_0::locations::Location>(
            ed1,
            with(LOCATION_230, address(255)),
            ("/address", "len.exceeded"),
            with(LOCATION_230, address(45)),
        ),
        pair::<v2_2_1::locations::Location>(
            MID,
            with(LOCATION_221, address(256)),
            ("/address", "len.exceeded"),
            with(LOCATION_221, address(255)),
        ),
        pair::<v2_2_1::locations::Location>(
            d2,
            with(LOCATION_221, state(21)),
            ("/state", "len.exceeded"),
            with(LOCATION_221, state(20)),
        ),
        pair::<v2_3_0::locations::Location>(
            &Profile::V2_3_0_BOOKINGS,
            with(LOCATION_230, state(46)),
            ("/state", "len.exceeded"),
            with(LOCATION_230, state(20)),
        ),
        pair::<v2_2_1::cdrs::SignedValue>(d2, meter(513), ("/plain_data", "len.exceeded"), meter(512)),
        pair::<v2_3_0::cdrs::SignedValue>(ed1, meter(5001), ("/plain_data", "len.exceeded"), meter(512)),
    ]
}
