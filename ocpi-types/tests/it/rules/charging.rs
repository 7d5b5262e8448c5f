//! Rules about sessions, CDRs, tokens, commands and charging profiles.

use ocpi_types::{Ruleset, v2_1_1, v2_2_1, v2_3_0};
use serde_json::{Value as Json, json};

use super::{Pair, pair, with};

const OLD: &Ruleset = &Ruleset::V2_1_1;
const MID: &Ruleset = &Ruleset::V2_2_1;
const NEW: &Ruleset = &Ruleset::V2_3_0;

const CDR_211: &str = include_str!("../../fixtures/2.1.1/cdr.minimal.json");
const CDR_221: &str = include_str!("../../fixtures/2.2.1/cdr.minimal.json");
const CDR_230: &str = include_str!("../../fixtures/2.3.0/cdr.minimal.json");
const SESSION_211: &str = include_str!("../../fixtures/2.1.1/session.minimal.json");
const SESSION_221: &str = include_str!("../../fixtures/2.2.1/session.minimal.json");
const SESSION_230: &str = include_str!("../../fixtures/2.3.0/session.minimal.json");
const TOKEN: &str = include_str!("../../fixtures/2.3.0/token.minimal.json");
const START_SESSION: &str = include_str!("../../fixtures/2.3.0/start_session.minimal.json");
const TARIFF_211: &str = include_str!("../../fixtures/2.1.1/tariff.minimal.json");
const TARIFF_221: &str = include_str!("../../fixtures/2.2.1/tariff.minimal.json");
const TARIFF_230: &str = include_str!("../../fixtures/2.3.0/tariff.minimal.json");

// The session of the fixtures lasts from the first to the last, an hour and a quarter.
const BEFORE: &str = "2026-03-13T17:02:10Z";
const BEGIN: &str = "2026-03-13T17:02:11Z";
const MIDDLE: &str = "2026-03-13T17:30:00Z";
const END: &str = "2026-03-13T18:17:11Z";
const AFTER: &str = "2026-03-13T18:17:12Z";

pub(super) fn pairs() -> Vec<Pair> {
    [cdrs(), times(), amounts(), credits(), sessions(), tokens(), commands(), profiles()]
        .into_iter()
        .flatten()
        .collect()
}

fn old(change: Json) -> Json {
    with(CDR_211, change)
}

fn mid(change: Json) -> Json {
    with(CDR_221, change)
}

fn new(change: Json) -> Json {
    with(CDR_230, change)
}

fn periods(starts: &[&str]) -> Json {
    let period = |at: &&str| json!({"start_date_time": at, "dimensions": [{"type": "TIME", "volume": 1}]});
    json!({"charging_periods": starts.iter().map(period).collect::<Vec<_>>()})
}

fn cdrs() -> Vec<Pair> {
    let at = ("/charging_periods/1/start_date_time", "periods.order");
    let outside = ("/charging_periods/0/start_date_time", "periods.outside");
    let value = |kind: &str| json!({"charging_periods": [{"start_date_time": BEGIN, "dimensions": [{"type": kind, "volume": 1}]}]});
    let kind = ("/charging_periods/0/dimensions/0/type", "cdr.session_dimension");
    let tariff = |text: &str, currency: &str| json!({"tariffs": [with(text, json!({"currency": currency}))]});
    let currency = ("/tariffs/0/currency", "cdr.tariff_currency");
    let disorder = || periods(&[MIDDLE, BEGIN]);
    // A fee and the time may begin together, and the last period may be a moment long.
    let order = || periods(&[BEGIN, BEGIN, MIDDLE, END]);
    let mut pairs = vec![
        pair::<v2_1_1::cdrs::Cdr>(OLD, old(disorder()), at, old(order())),
        pair::<v2_2_1::cdrs::Cdr>(MID, mid(disorder()), at, mid(order())),
        pair::<v2_3_0::cdrs::Cdr>(NEW, new(disorder()), at, new(order())),
        pair::<v2_1_1::cdrs::Cdr>(OLD, old(periods(&[BEFORE])), outside, old(order())),
        pair::<v2_2_1::cdrs::Cdr>(MID, mid(periods(&[AFTER])), outside, mid(order())),
        pair::<v2_3_0::cdrs::Cdr>(NEW, new(periods(&[BEFORE])), outside, new(order())),
        pair::<v2_1_1::cdrs::Cdr>(
            OLD,
            old(tariff(TARIFF_211, "SEK")),
            currency,
            old(tariff(TARIFF_211, "EUR")),
        ),
        pair::<v2_2_1::cdrs::Cdr>(
            MID,
            mid(tariff(TARIFF_221, "SEK")),
            currency,
            mid(tariff(TARIFF_221, "EUR")),
        ),
        pair::<v2_3_0::cdrs::Cdr>(
            NEW,
            new(tariff(TARIFF_230, "SEK")),
            currency,
            new(tariff(TARIFF_230, "EUR")),
        ),
    ];
    for name in ["CURRENT", "ENERGY_EXPORT", "ENERGY_IMPORT", "POWER", "STATE_OF_CHARGE"] {
        pairs.push(pair::<v2_2_1::cdrs::Cdr>(MID, mid(value(name)), kind, mid(value("MAX_CURRENT"))));
        pairs.push(pair::<v2_3_0::cdrs::Cdr>(NEW, new(value(name)), kind, new(value("RESERVATION_TIME"))));
    }
    pairs
}

fn times() -> Vec<Pair> {
    let end = |at: &str| json!({"end_date_time": at});
    let stop = |at: &str| json!({"stop_date_time": at});
    let order = ("/end_date_time", "period.order");
    let parking = |hours: f64| json!({"total_parking_time": hours});
    let longer = ("/total_parking_time", "cdr.parking_time");
    let total = |hours: f64| json!({"total_time": hours});
    let unit = ("/total_time", "unit.implausible");
    // Seconds where hours are due; and a moment, which rounding makes longer than it was.
    let moment = |hours: f64| json!({"end_date_time": "2026-03-13T17:02:12Z", "total_time": hours});
    let unknown = |end: &str| json!({"start_date_time": "1970-01-01T00:00:00Z", "end_date_time": end, "total_time": 1.25});
    vec![
        pair::<v2_1_1::cdrs::Cdr>(
            OLD,
            old(stop(BEFORE)),
            ("/stop_date_time", "period.order"),
            old(stop(END)),
        ),
        pair::<v2_2_1::cdrs::Cdr>(MID, mid(end(BEFORE)), order, mid(end(END))),
        pair::<v2_3_0::cdrs::Cdr>(NEW, new(end(BEFORE)), order, new(end(END))),
        pair::<v2_1_1::cdrs::Cdr>(OLD, old(parking(1.26)), longer, old(parking(1.25))),
        pair::<v2_2_1::cdrs::Cdr>(MID, mid(parking(1.26)), longer, mid(parking(1.25))),
        pair::<v2_3_0::cdrs::Cdr>(NEW, new(parking(1.26)), longer, new(parking(0.0))),
        pair::<v2_1_1::cdrs::Cdr>(OLD, old(total(4500.0)), unit, old(total(1.25))),
        pair::<v2_2_1::cdrs::Cdr>(MID, mid(total(5.01)), unit, mid(total(5.0))),
        pair::<v2_3_0::cdrs::Cdr>(NEW, new(total(75.0)), unit, new(total(0.0))),
        pair::<v2_2_1::cdrs::Cdr>(MID, mid(moment(0.07)), unit, mid(moment(0.06))),
        // One that ends as it begins is odd; nothing is said of its hours then.
        pair::<v2_1_1::cdrs::Cdr>(OLD, old(stop(BEGIN)), ("/stop_date_time", "range.equal"), old(stop(END))),
        pair::<v2_2_1::cdrs::Cdr>(MID, mid(end(BEGIN)), ("/end_date_time", "range.equal"), mid(end(END))),
        pair::<v2_3_0::cdrs::Cdr>(NEW, new(end(BEGIN)), ("/end_date_time", "range.equal"), new(end(END))),
        // Partners may agree on 1970 for a time that nobody knows.
        pair::<v2_2_1::cdrs::Cdr>(MID, mid(total(4500.0)), unit, mid(unknown("1970-01-01T00:00:00Z"))),
    ]
}

/// Energy, power and time in another unit.
fn amounts() -> Vec<Pair> {
    let value = |kind: &str, volume: f64| json!({"type": kind, "volume": volume});
    let charged = |total: f64, values: &[Json]| json!({"total_energy": total, "charging_periods": [{"start_date_time": BEGIN, "dimensions": values}]});
    let energy = |total: f64, volume: f64| charged(total, &[value("ENERGY", volume), value("TIME", 1.25)]);
    let volume = ("/charging_periods/0/dimensions/0/volume", "unit.implausible");
    let total = ("/total_energy", "unit.implausible");
    let time = ("/charging_periods/0/dimensions/1/volume", "unit.implausible");
    let hours = |hours: f64| charged(10.0, &[value("ENERGY", 10.0), value("TIME", hours)]);
    let session = |kwh: f64, volume: f64| {
        json!({"kwh": kwh, "start_date_time": BEGIN, "end_date_time": END, "charging_periods":
            [{"start_date_time": BEGIN, "dimensions": [value("ENERGY", volume)]}]})
    };
    let old_session = |kwh: f64| json!({"kwh": kwh, "start_datetime": BEGIN, "end_datetime": END});
    let dimension = |kind: &str, volume: f64| value(kind, volume);
    let single = ("/volume", "unit.implausible");
    let profile = &Ruleset::V2_2_1;
    vec![
        // The periods in Wh; the total in Wh; both.
        pair::<v2_1_1::cdrs::Cdr>(OLD, old(energy(10.0, 10_000.0)), volume, old(energy(10.0, 10.0))),
        pair::<v2_2_1::cdrs::Cdr>(MID, mid(energy(10.0, 10_000.0)), volume, mid(energy(10.0, 12.0))),
        pair::<v2_3_0::cdrs::Cdr>(NEW, new(energy(0.5, 500.0)), volume, new(energy(0.001, 0.004))),
        pair::<v2_1_1::cdrs::Cdr>(OLD, old(energy(10_000.0, 10.0)), total, old(energy(0.0, 10.0))),
        pair::<v2_2_1::cdrs::Cdr>(MID, mid(energy(10_000.0, 10.0)), total, mid(energy(10.0, 0.0))),
        pair::<v2_3_0::cdrs::Cdr>(NEW, new(energy(15_000.0, 15_000.0)), total, new(energy(50.0, 50.0))),
        // A car feeds back.
        pair::<v2_2_1::cdrs::Cdr>(MID, mid(energy(10.0, 10_000.0)), volume, mid(energy(-10.0, -10.0))),
        // Seconds, minutes.
        pair::<v2_1_1::cdrs::Cdr>(OLD, old(hours(4_500.0)), time, old(hours(1.25))),
        pair::<v2_2_1::cdrs::Cdr>(MID, mid(hours(75.0)), time, mid(hours(1.3))),
        pair::<v2_3_0::cdrs::Cdr>(NEW, new(hours(75.0)), time, new(hours(0.0))),
        pair::<v2_2_1::sessions::Session>(
            MID,
            with(SESSION_221, session(15_000.0, 15_000.0)),
            ("/kwh", "unit.implausible"),
            with(SESSION_221, session(150.0, 15.0)),
        ),
        pair::<v2_3_0::sessions::Session>(
            NEW,
            with(SESSION_230, session(10.0, 10_000.0)),
            volume,
            with(SESSION_230, session(10.0, 10.0)),
        ),
        pair::<v2_1_1::sessions::Session>(
            OLD,
            with(SESSION_211, old_session(15_000.0)),
            ("/kwh", "unit.implausible"),
            with(SESSION_211, old_session(15.0)),
        ),
        pair::<v2_2_1::cdrs::CdrDimension>(
            profile,
            dimension("MAX_POWER", 22_000.0),
            single,
            dimension("MAX_POWER", 22.0),
        ),
        pair::<v2_2_1::cdrs::CdrDimension>(
            profile,
            dimension("POWER", -22_000.0),
            single,
            dimension("POWER", -22.0),
        ),
        pair::<v2_2_1::cdrs::CdrDimension>(
            profile,
            dimension("MAX_CURRENT", 32_000.0),
            single,
            dimension("MAX_CURRENT", 3_000.0),
        ),
        pair::<v2_2_1::cdrs::CdrDimension>(
            profile,
            dimension("STATE_OF_CHARGE", 100.5),
            single,
            dimension("STATE_OF_CHARGE", 100.0),
        ),
        // Nobody knows when it was; and in a session the energy is not looked at without its time.
        pair::<v2_2_1::cdrs::Cdr>(
            MID,
            mid(json!({"last_updated": "1970-01-01T00:00:00Z"})),
            ("/last_updated", "dt.early"),
            mid(json!({"start_date_time": "1970-01-01T00:00:00Z", "end_date_time": "1970-01-01T00:00:00Z"})),
        ),
    ]
}

fn credits() -> Vec<Pair> {
    let cost = |net: f64, gross: f64| json!({"excl_vat": net, "incl_vat": gross});
    let taxed = |net: f64, tax: f64| json!({"before_taxes": net, "taxes": [{"name": "VAT", "amount": tax}]});
    let credit = |cost: Json| json!({"credit": true, "credit_reference_id": "C1", "total_cost": cost});
    let reference = ("/credit_reference_id", "cdr.credit_reference");
    let alone = json!({"credit": true, "total_cost": {"excl_vat": -10}});
    let long = |chars: usize| json!({"id": "C".repeat(chars)});
    let long_credit = |chars: usize| {
        let mut change = credit(cost(-10.0, -12.1));
        change["id"] = json!("C".repeat(chars));
        change
    };
    vec![
        pair::<v2_2_1::cdrs::Cdr>(MID, mid(alone), reference, mid(credit(cost(-10.0, -12.1)))),
        pair::<v2_3_0::cdrs::Cdr>(
            NEW,
            new(json!({"credit_reference_id": "C1"})),
            reference,
            new(json!({"credit": false})),
        ),
        pair::<v2_2_1::cdrs::Cdr>(
            MID,
            mid(credit(json!({"excl_vat": 10}))),
            ("/total_cost/excl_vat", "cdr.credit_sign"),
            mid(credit(cost(0.0, 0.0))),
        ),
        pair::<v2_2_1::cdrs::Cdr>(
            MID,
            mid(credit(cost(0.0, 12.1))),
            ("/total_cost/incl_vat", "cdr.credit_sign"),
            mid(credit(cost(0.0, 0.0))),
        ),
        pair::<v2_3_0::cdrs::Cdr>(
            NEW,
            new(credit(taxed(10.0, -2.1))),
            ("/total_cost/before_taxes", "cdr.credit_sign"),
            new(credit(taxed(-10.0, -2.1))),
        ),
        pair::<v2_3_0::cdrs::Cdr>(
            NEW,
            new(credit(taxed(-10.0, 2.1))),
            ("/total_cost/taxes/0/amount", "cdr.credit_sign"),
            new(credit(taxed(-10.0, 0.0))),
        ),
        pair::<v2_1_1::cdrs::Cdr>(
            OLD,
            old(json!({"total_cost": -0.01})),
            ("/total_cost", "cdr.negative_cost"),
            old(json!({"total_cost": 0})),
        ),
        pair::<v2_2_1::cdrs::Cdr>(
            MID,
            mid(json!({"total_cost": {"excl_vat": -10}})),
            ("/total_cost/excl_vat", "cdr.negative_cost"),
            mid(json!({"total_cost": {"excl_vat": 0}})),
        ),
        pair::<v2_3_0::cdrs::Cdr>(
            NEW,
            new(json!({"total_cost": {"before_taxes": -10}})),
            ("/total_cost/before_taxes", "cdr.negative_cost"),
            new(json!({"total_cost": {"before_taxes": 10}})),
        ),
        pair::<v2_2_1::cdrs::Cdr>(MID, mid(long(37)), ("/id", "cdr.id_length"), mid(long(36))),
        pair::<v2_3_0::cdrs::Cdr>(NEW, new(long(39)), ("/id", "cdr.id_length"), new(long(36))),
        pair::<v2_2_1::cdrs::Cdr>(MID, mid(long_credit(40)), ("/id", "len.exceeded"), mid(long_credit(39))),
        pair::<v2_2_1::cdrs::Cdr>(MID, mid(long(40)), ("/id", "len.exceeded"), mid(long(1))),
    ]
}

fn sessions() -> Vec<Pair> {
    let end = |at: &str| json!({"end_date_time": at});
    let done = |at: Option<&str>| json!({"status": "COMPLETED", "end_date_time": at});
    let order = ("/end_date_time", "period.order");
    let missing = ("/end_date_time", "session.end_missing");
    let disorder = ("/charging_periods/2/start_date_time", "periods.order");
    let (bad, good) = (periods(&[BEGIN, END, MIDDLE]), periods(&[BEGIN, MIDDLE, END]));
    let (old, mid, new) = (
        |change: Json| with(SESSION_211, change),
        |change: Json| with(SESSION_221, change),
        |change: Json| with(SESSION_230, change),
    );
    // Before its charging has begun, a reservation may have no EVSE yet.
    let reserved = json!({"status": "RESERVATION", "evse_uid": "#NA", "connector_id": "#NA"});
    vec![
        pair::<v2_1_1::sessions::Session>(
            OLD,
            old(json!({"end_datetime": BEFORE})),
            ("/end_datetime", "period.order"),
            old(json!({"end_datetime": END})),
        ),
        pair::<v2_1_1::sessions::Session>(
            OLD,
            old(json!({"end_datetime": BEGIN})),
            ("/end_datetime", "range.equal"),
            old(json!({"end_datetime": END})),
        ),
        pair::<v2_2_1::sessions::Session>(
            MID,
            with(&mid(end(BEGIN)).to_string(), periods(&[BEGIN])),
            ("/end_date_time", "range.equal"),
            with(&mid(end(END)).to_string(), periods(&[BEGIN])),
        ),
        pair::<v2_2_1::sessions::Session>(MID, mid(end(BEFORE)), order, mid(end(END))),
        pair::<v2_3_0::sessions::Session>(NEW, new(end(BEFORE)), order, new(end(END))),
        pair::<v2_1_1::sessions::Session>(
            OLD,
            old(json!({"status": "COMPLETED"})),
            ("/end_datetime", "session.end_missing"),
            old(json!({"status": "COMPLETED", "end_datetime": END})),
        ),
        pair::<v2_2_1::sessions::Session>(MID, mid(done(None)), missing, mid(done(Some(END)))),
        pair::<v2_3_0::sessions::Session>(NEW, new(done(None)), missing, new(reserved)),
        pair::<v2_1_1::sessions::Session>(OLD, old(bad.clone()), disorder, old(good.clone())),
        pair::<v2_2_1::sessions::Session>(MID, mid(bad.clone()), disorder, mid(good.clone())),
        pair::<v2_3_0::sessions::Session>(NEW, new(bad), disorder, new(good)),
    ]
}

fn tokens() -> Vec<Pair> {
    let token = |kind: &str, list: &str| with(TOKEN, json!({"type": kind, "whitelist": list}));
    let at = ("/whitelist", "token.whitelist");
    let pushed = ("/type", "token.pushed");
    // In a command a token is not pushed.
    let started = |kind: &str| with(START_SESSION, json!({"token": {"type": kind, "whitelist": "ALWAYS"}}));
    vec![
        pair::<v2_2_1::tokens::Token>(MID, token("APP_USER", "ALWAYS"), at, token("APP_USER", "NEVER")),
        pair::<v2_3_0::tokens::Token>(NEW, token("AD_HOC_USER", "ALLOWED"), at, token("RFID", "ALLOWED")),
        pair::<v2_3_0::tokens::Token>(NEW, token("EMAID", "NEVER"), pushed, token("OTHER", "NEVER")),
        pair::<v2_3_0::commands::StartSession>(
            NEW,
            with(START_SESSION, json!({"connector_id": "1"})),
            ("/evse_uid", "command.connector_without_evse"),
            started("APP_USER"),
        ),
        pair::<v2_3_0::commands::StartSession>(
            NEW,
            with(START_SESSION, json!({"connector_id": "1"})),
            ("/evse_uid", "command.connector_without_evse"),
            started("EMAID"),
        ),
    ]
}

fn commands() -> Vec<Pair> {
    let answer = |result: &str, timeout: i64| json!({"result": result, "timeout": timeout});
    let at = ("/timeout", "command.timeout");
    vec![
        pair::<v2_2_1::commands::CommandResponse>(MID, answer("ACCEPTED", 0), at, answer("ACCEPTED", 1)),
        pair::<v2_3_0::commands::CommandResponse>(NEW, answer("ACCEPTED", -30), at, answer("REJECTED", 0)),
        pair::<v2_2_1::commands::StartSession>(
            MID,
            with(START_SESSION, json!({"connector_id": "1"})),
            ("/evse_uid", "command.connector_without_evse"),
            with(START_SESSION, json!({"connector_id": "1", "evse_uid": "E1"})),
        ),
    ]
}

fn profiles() -> Vec<Pair> {
    let profile = |starts: &[i64]| {
        let period = |at: &i64| json!({"start_period": at, "limit": 16});
        json!({"charging_rate_unit": "A",
            "charging_profile_period": starts.iter().map(period).collect::<Vec<_>>()})
    };
    let least = |rate: f64| {
        let mut profile = profile(&[0]);
        profile["min_charging_rate"] = json!(rate);
        profile
    };
    let period = |limit: &str| format!(r#"{{"start_period":0,"limit":{limit}}}"#);
    let list = "/charging_profile_period";
    let limit = |unit: &str, limit: f64| json!({"charging_rate_unit": unit, "charging_profile_period": [{"start_period": 0, "limit": limit}]});
    let unit = (&*format!("{list}/0/limit"), "unit.implausible");
    let need = |energy: f64| json!({"profile_type": "FAST", "energy_need": energy});
    vec![
        pair::<v2_2_1::charging_profiles::ChargingProfile>(MID, limit("W", 16.0), unit, limit("W", 0.0)),
        pair::<v2_3_0::charging_profiles::ChargingProfile>(
            NEW,
            limit("A", 11_000.0),
            unit,
            limit("W", 11_000.0),
        ),
        pair::<v2_3_0::sessions::ChargingPreferences>(
            NEW,
            need(32_500.0),
            ("/energy_need", "unit.implausible"),
            need(32.5),
        ),
        pair::<v2_2_1::charging_profiles::ChargingProfile>(
            MID,
            profile(&[]),
            (list, "profile.empty"),
            profile(&[0]),
        ),
        pair::<v2_3_0::charging_profiles::ChargingProfile>(
            NEW,
            profile(&[1, 60]),
            (&format!("{list}/0/start_period"), "profile.start"),
            profile(&[0, 60]),
        ),
        pair::<v2_2_1::charging_profiles::ChargingProfile>(
            MID,
            profile(&[0, 60, 60]),
            (&format!("{list}/2/start_period"), "periods.order"),
            profile(&[0, 60, 61]),
        ),
        pair::<v2_2_1::charging_profiles::ChargingProfile>(
            MID,
            least(6.25),
            ("/min_charging_rate", "profile.scale"),
            least(6.2),
        ),
        pair::<v2_3_0::charging_profiles::ChargingProfilePeriod>(
            NEW,
            period("16.25"),
            ("/limit", "profile.scale"),
            period("16.20"),
        ),
    ]
}
