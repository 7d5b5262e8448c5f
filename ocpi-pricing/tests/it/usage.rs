//! The normal form of sessions, CDRs and readings.

use ocpi_pricing::bill::Note;
use ocpi_pricing::usage::{Period, Reading, State, TariffRef, Usage};
use ocpi_pricing::{Policy, Pricer};
use ocpi_types::{Object, v2_1_1, v2_2_1, v2_3_0};
use serde_json::{Value, json};

use crate::common::{dec, element, plan, read, session, time, with_bill};

/// A CDR of some version with these periods, or a session.
fn message<T: Object>(changes: &Value) -> T {
    let token =
        json!({"country_code": "NL", "party_id": "EMP", "uid": "1", "type": "RFID", "contract_id": "1"});
    let mut message = json!({
        "country_code": "NL", "party_id": "ALF", "id": "X1", "currency": "EUR",
        "start_date_time": "2026-05-04T08:00:00Z", "end_date_time": "2026-05-04T09:00:00Z",
        "start_datetime": "2026-05-04T08:00:00Z", "end_datetime": "2026-05-04T09:00:00Z",
        "stop_date_time": "2026-05-04T09:00:00Z",
        "cdr_token": token, "auth_id": "1", "auth_method": "WHITELIST", "status": "COMPLETED", "kwh": 5,
        "location_id": "L", "evse_uid": "E", "connector_id": "C",
        "cdr_location": {"id": "L", "address": "A", "city": "C", "country": "NLD", "evse_uid": "E", "evse_id": "E",
            "coordinates": {"latitude": "1.00000", "longitude": "1.00000"}, "connector_id": "C",
            "connector_standard": "CHADEMO", "connector_format": "CABLE", "connector_power_type": "DC"},
        "location": {"id": "L", "type": "ON_STREET", "address": "A", "city": "C", "postal_code": "1",
            "country": "NLD", "coordinates": {"latitude": "1.00000", "longitude": "1.00000"},
            "time_zone": "Europe/Lisbon", "last_updated": "2026-05-04T09:00:00Z"},
        "total_cost": {"excl_vat": 1, "before_taxes": 1}, "total_energy": 5, "total_time": 1,
        "last_updated": "2026-05-04T09:00:00Z",
        "charging_periods": [{"start_date_time": "2026-05-04T08:00:00Z",
            "dimensions": [{"type": "ENERGY", "volume": 5}, {"type": "TIME", "volume": 1}]}],
    });
    for (name, value) in changes.as_object().into_iter().flatten() {
        message[name] = value.clone();
    }
    read(&message.to_string())
}

#[test]
fn every_version_of_sessions_and_cdrs() {
    let old = json!({"total_cost": 1});
    let none = json!({});
    for (name, usage, tariff) in [
        ("2.1.1 CDR", Usage::from(&message::<v2_1_1::cdrs::Cdr>(&old)), TariffRef::Unstated),
        ("2.1.1 session", Usage::from(&message::<v2_1_1::sessions::Session>(&old)), TariffRef::Unstated),
        ("2.2.1 CDR", Usage::from(&message::<v2_2_1::cdrs::Cdr>(&none)), TariffRef::Missing),
        ("2.2.1 session", Usage::from(&message::<v2_2_1::sessions::Session>(&none)), TariffRef::Missing),
        ("2.3.0 CDR", Usage::from(&message::<v2_3_0::cdrs::Cdr>(&none)), TariffRef::Missing),
        ("2.3.0 session", Usage::from(&message::<v2_3_0::sessions::Session>(&none)), TariffRef::Missing),
    ] {
        assert_eq!(usage.id.as_deref(), Some("X1"), "{name}");
        assert_eq!(usage.start, Some(time("2026-05-04T08:00:00Z")), "{name}");
        assert_eq!(usage.period_end(0), Some(time("2026-05-04T09:00:00Z")), "{name}");
        let [period] = &usage.periods[..] else { panic!("{name}") };
        assert_eq!((period.energy, period.time), (Some(dec("5")), Some(dec("1"))), "{name}");
        assert_eq!(period.tariff, tariff, "{name}");
        let zone = usage.zone.map(|zone| zone.as_str());
        assert_eq!(zone, name.starts_with("2.1.1").then_some("Europe/Lisbon"), "{name}");
        assert!(!usage.is_booked, "{name}");
    }
    let booked = message::<v2_3_0::cdrs::Cdr>(&json!({"booking_id": "B1"}));
    assert!(Usage::from(&booked).is_booked);
}

#[test]
fn every_dimension_has_its_place() {
    let dimension =
        |kind: &str, volume: &str| json!({"type": kind, "volume": volume.parse::<f64>().unwrap()});
    let dimensions = json!([
        dimension("ENERGY_IMPORT", "7"),
        dimension("ENERGY_EXPORT", "2"),
        dimension("CURRENT", "16"),
        dimension("POWER", "11"),
        dimension("PARKING_TIME", "0.25"),
        dimension("PARKING_TIME", "0.25"),
        dimension("RESERVATION_TIME", "1"),
        dimension("RESERVATION_EXPIRES", "2"),
        dimension("RESERVATION_OVERTIME", "3"),
        dimension("STATE_OF_CHARGE", "50"),
        dimension("IDLING", "4"),
    ]);
    let periods =
        json!([{"start_date_time": "2026-05-04T08:00:00Z", "tariff_id": "T1", "dimensions": dimensions}]);
    let session = message::<v2_3_0::sessions::Session>(&json!({"charging_periods": periods}));
    let usage = Usage::from(&session);
    let period = &usage.periods[0];
    for (found, expected) in [
        (period.energy, "5"),
        (period.min_current, "16"),
        (period.max_current, "16"),
        (period.min_power, "11"),
        (period.max_power, "11"),
        (period.parking_time, "0.5"),
        (period.reservation_time, "1"),
        (period.reservation_expires, "2"),
        (period.reservation_overtime, "3"),
    ] {
        assert_eq!(found, Some(dec(expected)));
    }
    assert_eq!(usage.tariff_ids()[0].as_ref(), "T1");
    let pricer = Pricer::new([plan(json!([element("ENERGY", 1.0, 1, json!({}))]))]);
    let bill = pricer.price(&usage).unwrap();
    assert_eq!(bill.notes()[0].to_string(), r#"period 0 has a dimension that OCPI does not have: "IDLING""#);
}

#[test]
fn unknown_starts_and_ends_are_1970() {
    let cdr = message::<v2_2_1::cdrs::Cdr>(&json!({"start_date_time": "1970-01-01T00:00:00Z"}));
    let usage = Usage::from(&cdr);
    assert_eq!(usage.start, None);
    // Then nobody knows how long it took.
    let tariff = plan(json!([element("ENERGY", 1.0, 1, json!({"max_duration": 600}))]));
    let mut policy = Policy::default();
    policy.missing_tariff = ocpi_pricing::policy::MissingTariff::FirstTariff;
    with_bill(vec![tariff], &usage, policy, |bill| {
        assert_eq!(
            bill.gaps()[0].to_string(),
            "period 0: energy: whether element 0 applies depends on max_duration, which is not known"
        );
    });
}

#[test]
fn a_time_zone_that_is_missing_is_named() {
    let cdr = message::<v2_2_1::cdrs::Cdr>(&json!({}));
    let tariff =
        plan(json!([element("ENERGY", 1.0, 1, json!({"start_time": "22:00", "end_time": "06:00"}))]));
    let mut policy = Policy::default();
    policy.missing_tariff = ocpi_pricing::policy::MissingTariff::FirstTariff;
    with_bill(vec![tariff], &Usage::from(&cdr), policy, |bill| {
        assert_eq!(
            bill.gaps()[0].to_string(),
            "period 0: energy: whether element 0 applies depends on the local time, and the time zone is not known"
        );
    });
}

#[test]
fn an_invalid_session_is_not_billed_and_a_reservation_has_not_expired_yet() {
    let tariff = || {
        let fee = json!({"price_components": [{"type": "FLAT", "price": 9, "step_size": 1}],
            "restrictions": {"reservation": "RESERVATION_EXPIRES"}});
        vec![plan(json!([fee, element("ENERGY", 1.0, 1, json!({}))]))]
    };
    let session = |status: &str, kind: &str| {
        let periods = json!([{"start_date_time": "2026-05-04T08:00:00Z", "tariff_id": "T1",
            "dimensions": [{"type": kind, "volume": 1}]}]);
        let session = json!({"status": status, "charging_periods": periods});
        Usage::from(&message::<v2_2_1::sessions::Session>(&session))
    };
    for (status, kind, expected) in [
        ("COMPLETED", "ENERGY", "1"),
        ("INVALID", "ENERGY", "0"),
        ("COMPLETED", "RESERVATION_TIME", "9"),
        ("RESERVATION", "RESERVATION_TIME", "0"),
    ] {
        with_bill(tariff(), &session(status, kind), Policy::default(), |bill| {
            assert_eq!(bill.total().unwrap().before_taxes, Some(dec(expected)), "{status} {kind}");
            assert_eq!(bill.notes().contains(&Note::NotBillable), status == "INVALID");
        });
    }
}

#[test]
fn a_series_of_readings() {
    let reading = |at: &str, kwh: &str, state, power: &str| Reading {
        at: time(at),
        kwh: dec(kwh),
        state,
        power: Some(dec(power)),
        current: None,
    };
    let usage = Usage::from_readings(
        "EUR".parse().unwrap(),
        &[
            reading("2026-05-04T08:00:00Z", "100", State::Reserved, "0"),
            reading("2026-05-04T08:10:00Z", "100", State::Charging, "6"),
            reading("2026-05-04T08:20:00Z", "101", State::Charging, "48"),
            reading("2026-05-04T09:10:00Z", "141", State::Parking, "0"),
            reading("2026-05-04T09:30:00Z", "141", State::Parking, "0"),
        ],
    );
    let tariff = plan(json!([
        element("ENERGY", 0.2, 1, json!({"max_power": 16})),
        element("ENERGY", 0.5, 1, json!({})),
        element("PARKING_TIME", 3.0, 1, json!({})),
        element("TIME", 6.0, 1, json!({"reservation": "RESERVATION"})),
    ]));
    with_bill(vec![tariff], &usage, Policy::default(), |bill| {
        assert_eq!(bill.total().unwrap().before_taxes, Some(dec("22.2")));
    });
    let backwards = [
        reading("2026-05-04T08:00:00Z", "100", State::Charging, "0"),
        reading("2026-05-04T09:00:00Z", "99", State::Charging, "0"),
    ];
    let usage = Usage::from_readings("EUR".parse().unwrap(), &backwards);
    // A register that falls feeds energy back.
    let tariff = plan(json!([element("ENERGY", 0.2, 1, json!({}))]));
    with_bill(vec![tariff], &usage, Policy::default(), |bill| {
        assert_eq!(bill.total().unwrap().before_taxes, Some(dec("-0.2")));
    });
}

#[test]
fn a_pricer_is_shared_between_threads() {
    let pricer = Pricer::new([plan(json!([element("ENERGY", 0.2, 1, json!({"start_time": "09:00"}))]))]);
    let charge = |period: &mut Period| period.energy = Some(dec("10"));
    let totals: Vec<_> = std::thread::scope(|scope| {
        let price = || {
            let usage = session(time("2026-05-04T08:00:00Z"), &[(60, &charge)]);
            pricer.price(&usage).unwrap().total()
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(price)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(totals.iter().all(|total| total.unwrap().before_taxes == Some(dec("2"))));
}

#[test]
fn limits_of_validity_and_of_the_session_are_noted() {
    let tariff = crate::common::plan_of(
        ocpi_types::Version::V2_2_1,
        &json!([element("ENERGY", 0.2, 1, json!({}))]),
        &json!({"start_date_time": "2026-05-04T09:00:00Z", "end_date_time": "2026-05-04T10:00:00Z"}),
    );
    let charge = |period: &mut Period| period.energy = Some(dec("10"));
    for (start, is_noted) in [
        ("2026-05-04T08:59:59Z", true),
        ("2026-05-04T09:00:00Z", false),
        ("2026-05-04T09:59:59Z", false),
        ("2026-05-04T10:00:00Z", true),
    ] {
        let usage = session(time(start), &[(60, &charge)]);
        with_bill(vec![tariff.clone()], &usage, Policy::default(), |bill| {
            assert_eq!(!bill.notes().is_empty(), is_noted, "{start}");
        });
    }
    let mut usage = session(time("2026-05-04T09:00:00Z"), &[(60, &charge)]);
    usage.start = Some(time("2026-05-04T09:00:01Z"));
    with_bill(vec![tariff], &usage, Policy::default(), |bill| {
        assert_eq!(bill.notes(), [Note::OutsideSession { period: 0 }]);
    });
}
