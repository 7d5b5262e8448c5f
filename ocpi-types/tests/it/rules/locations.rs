//! Rules about locations.

use ocpi_types::{Ruleset, v2_1_1, v2_2_1, v2_3_0};
use serde_json::{Value as Json, json};

use super::{Pair, pair, with};

const OLD: &Ruleset = &Ruleset::V2_1_1;
const MID: &Ruleset = &Ruleset::V2_2_1;
const NEW: &Ruleset = &Ruleset::V2_3_0;

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
    let equal = ("/period_end", "range.equal");
    vec![
        pair::<v2_1_1::locations::ExceptionalPeriod>(OLD, closed(THEN), equal, closed(LATER)),
        pair::<v2_2_1::locations::ExceptionalPeriod>(MID, closed(THEN), equal, closed(LATER)),
        pair::<v2_1_1::locations::StatusSchedule>(OLD, period(Some(THEN)), equal, period(Some(LATER))),
        pair::<v2_3_0::locations::StatusSchedule>(NEW, period(Some(THEN)), equal, period(Some(LATER))),
        pair::<v2_2_1::locations::ExceptionalPeriod>(MID, closed(before), at, closed(LATER)),
        pair::<v2_2_1::locations::StatusSchedule>(MID, period(Some(before)), at, period(Some(LATER))),
        pair::<v2_3_0::locations::StatusSchedule>(NEW, period(Some(before)), at, period(None)),
    ]
}

fn places() -> Vec<Pair> {
    let place = |latitude: &str, longitude: &str| json!({"latitude": latitude, "longitude": longitude});
    let zero = || place("0.000000", "-0.000000");
    let at = ("", "geo.null_island");
    let equal = || place("52.370216", "52.370216");
    let same = ("", "geo.equal");
    let mut pairs = vec![
        pair::<v2_1_1::locations::GeoLocation>(OLD, zero(), at, place("0.000000", "9.450000")),
        pair::<v2_3_0::locations::GeoLocation>(NEW, zero(), at, place("51.480000", "0.000000")),
        pair::<v2_2_1::locations::AdditionalGeoLocation>(MID, zero(), at, place("0.000000", "9.450000")),
        pair::<v2_1_1::locations::GeoLocation>(OLD, equal(), same, place("52.370216", "4.895168")),
        pair::<v2_3_0::locations::AdditionalGeoLocation>(
            NEW,
            equal(),
            same,
            place("52.370216", "-52.370216"),
        ),
    ];
    let abroad = |there: Json, here: Json| {
        let (there, here) = (&there, &here);
        let inside = |at: &Json| {
            let mut evse = evse("E1", &[connector("1", THEN)], THEN);
            evse["coordinates"] = at.clone();
            evse
        };
        let located = |text: &str, at: &Json| with(text, json!({"country": "NLD", "coordinates": at}));
        let related = |text: &str, at: &Json| {
            with(text, json!({"country": "NLD", "coordinates": here, "related_locations": [at]}))
        };
        let held = |text: &str, evse: Json| {
            with(text, json!({"country": "NLD", "coordinates": here, "evses": [evse]}))
        };
        let own = ("/coordinates", "geo.abroad");
        let near = ("/related_locations/0", "geo.abroad");
        let evse = ("/evses/0/coordinates", "geo.abroad");
        let (cdr, terminal) = (
            include_str!("../../fixtures/2.3.0/cdr.minimal.json"),
            include_str!("../../fixtures/2.3.0/terminal.minimal.json"),
        );
        let billed = |at: &Json| with(cdr, json!({"cdr_location": {"country": "NLD", "coordinates": at}}));
        vec![
            pair::<v2_1_1::locations::Location>(
                OLD,
                located(LOCATION_211, there),
                own,
                located(LOCATION_211, here),
            ),
            pair::<v2_2_1::locations::Location>(
                MID,
                located(LOCATION_221, there),
                own,
                located(LOCATION_221, here),
            ),
            pair::<v2_3_0::locations::Location>(
                NEW,
                located(LOCATION_230, there),
                own,
                located(LOCATION_230, here),
            ),
            pair::<v2_1_1::locations::Location>(
                OLD,
                related(LOCATION_211, there),
                near,
                related(LOCATION_211, here),
            ),
            pair::<v2_3_0::locations::Location>(
                NEW,
                related(LOCATION_230, there),
                near,
                related(LOCATION_230, here),
            ),
            pair::<v2_1_1::locations::Location>(
                OLD,
                held(LOCATION_211, old(&inside(there))),
                evse,
                held(LOCATION_211, old(&inside(here))),
            ),
            pair::<v2_2_1::locations::Location>(
                MID,
                held(LOCATION_221, inside(there)),
                evse,
                held(LOCATION_221, inside(here)),
            ),
            pair::<v2_3_0::cdrs::Cdr>(
                NEW,
                billed(there),
                ("/cdr_location/coordinates", "geo.abroad"),
                billed(here),
            ),
            pair::<v2_3_0::payments::Terminal>(
                &Ruleset::V2_3_0_PAYMENTS,
                located(terminal, there),
                own,
                located(terminal, here),
            ),
        ]
    };
    // Exchanged; and in Germany, some kilometres behind the border, which is near enough.
    pairs.extend(abroad(place("5.110270", "52.089450"), place("52.089450", "5.110270")));
    pairs.extend(abroad(place("52.520008", "13.404954"), place("51.836900", "6.615800")));
    pairs
}

fn hardware() -> Vec<Pair> {
    let plug = |name: &str, value: i64| {
        let mut connector = connector("1", THEN);
        connector[name] = json!(value);
        connector
    };
    let wired = |kind: &str, volts: i64, amps: i64, watts: i64| {
        with(
            &connector("1", THEN).to_string(),
            json!({"power_type": kind, "max_voltage": volts, "max_amperage": amps, "max_electric_power": watts}),
        )
    };
    let parking = |name: &str, value: f64| {
        let mut place = json!({"id": "P1", "vehicle_types": ["BUS"], "restricted_to_type": true,
            "reservation_required": true});
        place[name] = json!(value);
        place
    };
    let power = ("/max_electric_power", "unit.implausible");
    let beyond = ("/max_electric_power", "connector.power");
    let limit = "max_electric_power";
    let zero = ("/max_electric_power", "connector.not_positive");
    let volts = ("/max_voltage", "connector.voltage");
    let mut pairs = vec![
        pair::<v2_2_1::locations::Connector>(MID, plug(limit, 22), power, plug(limit, 500)),
        pair::<v2_3_0::locations::Connector>(
            NEW,
            plug(limit, 5_000_001),
            power,
            wired("DC", 1250, 4000, 5_000_000),
        ),
        pair::<v2_3_0::locations::Connector>(NEW, plug(limit, 0), zero, plug(limit, 22_000)),
        pair::<v2_2_1::locations::Connector>(
            MID,
            plug("max_amperage", 32_000),
            ("/max_amperage", "unit.implausible"),
            plug("max_amperage", 32),
        ),
        // One phase of three; a tenth above is rounding.
        pair::<v2_2_1::locations::Connector>(
            MID,
            wired("AC_1_PHASE", 230, 32, 22_000),
            beyond,
            wired("AC_1_PHASE", 230, 32, 8_000),
        ),
        // Both readings of a voltage of three phases: to neutral, and between two of them.
        pair::<v2_3_0::locations::Connector>(
            NEW,
            wired("AC_3_PHASE", 230, 16, 43_000),
            beyond,
            wired("AC_3_PHASE", 230, 63, 43_000),
        ),
        pair::<v2_3_0::locations::Connector>(
            NEW,
            wired("AC_3_PHASE", 400, 16, 43_000),
            beyond,
            wired("AC_3_PHASE", 400, 63, 43_000),
        ),
        pair::<v2_3_0::locations::Connector>(
            NEW,
            wired("AC_2_PHASE", 230, 16, 11_000),
            beyond,
            wired("AC_2_PHASE_SPLIT", 120, 48, 11_000),
        ),
        pair::<v2_2_1::locations::Connector>(
            MID,
            wired("DC", 500, 125, 150_000),
            beyond,
            wired("DC", 920, 400, 150_000),
        ),
        pair::<v2_2_1::locations::Connector>(
            MID,
            wired("AC_3_PHASE", 690, 32, 22_000),
            volts,
            wired("AC_3_PHASE", 480, 32, 22_000),
        ),
        pair::<v2_3_0::locations::Connector>(
            NEW,
            wired("DC", 1501, 300, 150_000),
            volts,
            wired("DC", 1500, 300, 150_000),
        ),
        // Exchanged.
        pair::<v2_3_0::locations::Connector>(
            NEW,
            wired("AC_3_PHASE", 32, 230, 22_000),
            volts,
            wired("AC_3_PHASE", 230, 32, 22_000),
        ),
        pair::<v2_1_1::locations::Connector>(
            OLD,
            old(&plug("max_voltage", 1000)),
            ("/voltage", "connector.voltage"),
            old(&plug("max_voltage", 400)),
        ),
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
    let (d2, ed1) = (&Ruleset::V2_2_1_D2, &Ruleset::V2_3_0_ED1);
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
            &Ruleset::V2_3_0_BOOKINGS,
            with(LOCATION_230, state(46)),
            ("/state", "len.exceeded"),
            with(LOCATION_230, state(20)),
        ),
        pair::<v2_2_1::cdrs::SignedValue>(d2, meter(513), ("/plain_data", "len.exceeded"), meter(512)),
        pair::<v2_3_0::cdrs::SignedValue>(ed1, meter(5001), ("/plain_data", "len.exceeded"), meter(512)),
    ]
}
