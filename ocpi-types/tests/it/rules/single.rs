//! Rules about one value, or about the text.

use ocpi_types::json::RawJson;
use ocpi_types::protocol::Envelope;
use ocpi_types::v2_2_1::locations::{Connector, ConnectorFormat, ConnectorType};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::commands::CommandResult;
use ocpi_types::v2_3_0::tariffs::DayOfWeek;
use ocpi_types::v2_3_0::types::Price;
use ocpi_types::{
    CountryCode, CountryCode3, CredentialsToken, Currency, DateTime, Language, LocalDate, PartyId, Ruleset,
    Text, TimeOfDay, TimeZone, Value, object,
};
use serde_json::json;

use super::{Pair, findings, pair, shown, with};
use crate::reading::{Sample, Strict};

object! {
    /// One code of every kind.
    pub struct Codes = "Codes", init CodesInit {
        /// A country.
        pub country: Option<CountryCode>,
        /// A country of an address.
        pub country3: Option<CountryCode3>,
        /// A party.
        pub party: Option<PartyId>,
        /// A currency.
        pub currency: Option<Currency>,
        /// A language.
        pub language: Option<Language>,
        /// A time zone.
        pub zone: Option<TimeZone>,
        /// A time of day.
        pub time: Option<TimeOfDay>,
        /// A day.
        pub date: Option<LocalDate>,
        /// A token.
        pub token: Option<CredentialsToken>,
        /// A value of an enum that is closed in every version.
        pub format: Option<ConnectorFormat>,
        /// A value of an enum that is open in 2.3.0.
        pub standard: Option<ConnectorType>,
    }
}

object! {
    /// A text without a limit.
    pub struct Long = "Long", init LongInit {
        /// The text.
        pub name: Option<Text<0>>,
    }
}

object! {
    /// A member that 2.1.1 has by another name.
    pub struct Period = "Period", init PeriodInit {
        /// The end.
        pub end_date_time: Option<DateTime>,
    }
}

pub(super) fn pairs() -> Vec<Pair> {
    [text(), values(), codes(), documents()].into_iter().flatten().collect()
}

fn text() -> Vec<Pair> {
    let sample = |broken: &str, at, neighbour: &str| pair::<Sample>(&Ruleset::V2_3_0, broken, at, neighbour);
    let bytes = |text: &[u8]| findings::<Sample>(&Ruleset::V2_3_0, text);
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    vec![
        sample("{]", ("", "json.syntax"), "{}"),
        sample("{", ("", "json.end"), "{}"),
        sample("{} {}", ("", "json.trailing"), "{} "),
        Pair {
            broken: "a name of Latin 1".to_owned(),
            expected: ("/name".to_owned(), "json.utf8"),
            found: bytes(b"{\"name\":\"\xe9\"}"),
            neighbour: bytes(b"{\"name\":\"\xc3\xa9\"}"),
        },
        sample("\u{feff}{}", ("", "json.bom"), "{}"),
        sample(r#"{"count":1,"count":1}"#, ("/count", "json.duplicate_key"), r#"{"count":1}"#),
        sample(
            &format!(r#"{{"count":{}}}"#, "7".repeat(65)),
            ("/count", "limit.number"),
            &format!(r#"{{"count":{}}}"#, "7".repeat(18)),
        ),
        pair::<RawJson>(&Ruleset::V2_3_0, deep(65), (&"/0".repeat(64), "limit.depth"), deep(64)),
    ]
}

fn values() -> Vec<Pair> {
    let strict = |some: &str| format!(r#"{{"count":1,"some":{some},"inner":{{"before_taxes":1}}}}"#);
    let rows = [
        ("count", "true", "val.type", "1"),
        ("count", "\"one\"", "val.form", "1"),
        ("texts", "\"a\"", "val.object_for_array", "[\"a\"]"),
        ("count", "null", "val.null", "1"),
        ("count", "\"\"", "val.empty", "1"),
        ("status", "\"charging\"", "enum.case", "\"CHARGING\""),
        ("digit", "\"Friday\"", "day.name", "5"),
        ("inner", "[{\"before_taxes\":1}]", "val.array_for_object", "{\"before_taxes\":1}"),
        ("price", "\"1.5\"", "num.string", "1.5"),
        ("price", "123456789012345678901234567.89", "num.precision", "12345678901234567890123456.78"),
        ("price", "1.00001", "num.scale", "1.00010"),
        ("count", "2.0", "int.form", "2"),
        ("digit", "10", "int.digits", "9"),
        ("on", "\"true\"", "bool.string", "true"),
        ("id", "\"ab \"", "str.blank", "\"ab\""),
        ("inner", "1.5", "price.bare", "{\"before_taxes\":1.5}"),
        ("name", "5", "str.number", "\"5\""),
        ("name", "\"a\\u0007\"", "str.control", "\"a\""),
        ("name", "\"\\ud800\"", "str.surrogate", "\"\\ud83d\\ude97\""),
        ("id", "\"123456\"", "len.exceeded", "\"12345\""),
        ("id", "\"caf\u{e9}\"", "str.non_ascii_cistring", "\"cafe\""),
        ("latitude", "52.12345", "geo.number", "\"52.12345\""),
        ("latitude", "\"52.1\"", "geo.format", "\"52.10000\""),
        ("at", "\"2026-11-22T10:00:00+01:00\"", "dt.offset", "\"2026-11-22T09:00:00Z\""),
        ("at", "\"2026-11-22 10:00:00Z\"", "dt.form", "\"2026-11-22T10:00:00\""),
        ("at", "\"2009-12-31T23:59:59Z\"", "dt.early", "\"2010-01-01T00:00:00Z\""),
        ("at", "\"1970-01-01T00:00:00Z\"", "dt.early", "\"2015-01-01T00:00:00Z\""),
        ("name", "\" \\t\"", "val.blank", "\"a\""),
        ("latitude", "\"118.24368\"", "geo.format", "\"18.24368\""),
        ("at", "\"2016-12-31T23:59:60Z\"", "dt.precision", "\"2016-12-31T23:59:59Z\""),
        ("at", "\"2026-11-22T10:00:00.12345Z\"", "dt.fraction", "\"2026-11-22T10:00:00.1234Z\""),
        ("url", "\"/ocpi\"", "url.form", "\"https://alfa.example/ocpi\""),
    ];
    let mut pairs: Vec<Pair> = rows.iter().map(member::<Sample>).collect();
    let long = |length: usize| format!("{{\"name\":\"{}\"}}", "a".repeat(length));
    pairs.extend([
        pair::<Sample>(&Ruleset::V2_3_0, r#"{"id":"a","id":"a"}"#, ("/id", "json.duplicate_security"), "{}"),
        pair::<Sample>(&Ruleset::V2_3_0, r#"{"Count":1}"#, ("/Count", "name.spelling"), r#"{"count":1}"#),
        pair::<Long>(&Ruleset::V2_3_0, long(65_537), ("/name", "limit.string"), long(65_536)),
        pair::<DayOfWeek>(&Ruleset::V2_3_0, "\"1\"", ("", "day.number"), "\"MONDAY\""),
        pair::<Period>(
            &Ruleset::V2_3_0,
            r#"{"end_datetime":"2026-11-22T10:00:00Z"}"#,
            ("/end_datetime", "name.other_version"),
            r#"{"end_date_time":"2026-11-22T10:00:00Z"}"#,
        ),
        pair::<CommandResult>(
            &Ruleset::V2_3_0,
            r#"{"result":"ACCEPTED","message":[{"language":"en","text":" "}]}"#,
            ("/message/0/text", "val.empty"),
            r#"{"result":"ACCEPTED","message":[{"language":"en","text":"yes"}]}"#,
        ),
        pair::<Price>(&Ruleset::V2_3_0, "{}", ("/before_taxes", "req.missing"), r#"{"before_taxes":1}"#),
        pair::<Strict>(&Ruleset::V2_3_0, strict("[]"), ("/some", "card.empty"), strict("[\"a\"]")),
        pair::<Sample>(
            &Ruleset::V2_3_0,
            r#"{"texts":[null]}"#,
            ("/texts/0", "val.null_in_list"),
            r#"{"texts":[]}"#,
        ),
        pair::<Sample>(&Ruleset::V2_3_0, r#"{"solar":1}"#, ("/solar", "ext.unknown_field"), "{}"),
        pair::<Codes>(
            &Ruleset::V2_3_0,
            r#"{"currancy":"EUR"}"#,
            ("/currancy", "name.near_miss"),
            r#"{"currency":"EUR"}"#,
        ),
    ]);
    pairs
}

fn codes() -> Vec<Pair> {
    let rows = [
        ("country", "\"NLD\"", "country.alpha", "\"NL\""),
        ("country3", "\"nld\"", "country.alpha", "\"NLD\""),
        ("country", "\"UK\"", "country.unknown", "\"GB\""),
        ("country3", "\"ROM\"", "country.unknown", "\"ROU\""),
        // ISO leaves these to their users.
        ("country3", "\"XXA\"", "country.unknown", "\"XKX\""),
        ("currency", "\"EUX\"", "currency.unknown", "\"XCG\""),
        // Withdrawn, and in CDRs of before.
        ("currency", "\"DEM\"", "currency.unknown", "\"BGN\""),
        ("language", "\"jp\"", "language.unknown", "\"JA\""),
        ("zone", "\"Mars/Phobos\"", "tz.unknown", "\"Asia/Calcutta\""),
        ("standard", "\"CCS2\"", "enum.near_miss", "\"IEC_62196_T2_COMBO\""),
        ("party", "\"A-1\"", "party.form", "\"A1B\""),
        ("party", "\"a1b\"", "party.lower_case", "\"A1B\""),
        ("currency", "\"eur\"", "currency.iso4217", "\"EUR\""),
        ("language", "\"n1\"", "language.iso639", "\"nl\""),
        ("zone", "\"GMT +1\"", "tz.name", "\"Etc/GMT+1\""),
        ("time", "\"24:00\"", "time.form", "\"00:00\""),
        ("date", "\"2026-02-29\"", "date.form", "\"2028-02-29\""),
        ("token", "\"a b\"", "auth.token_form", "\"a_b\""),
        ("format", "\"WIRELESS\"", "enum.unknown", "\"CABLE\""),
        ("standard", "\"WIRELESS\"", "enum.open", "\"MCS\""),
    ];
    let mut pairs: Vec<Pair> = rows.iter().map(member::<Codes>).collect();
    let (new, old) = (r#"{"standard":"MCS"}"#, r#"{"standard":"CHADEMO"}"#);
    pairs.push(pair::<Codes>(&Ruleset::V2_2_1, new, ("/standard", "enum.other_version"), old));
    pairs
}

/// One member, odd and plain.
fn member<T: Value>((name, odd, rule, plain): &(&str, &str, &'static str, &str)) -> Pair {
    let document = |value| format!("{{\"{name}\":{value}}}");
    pair::<T>(&Ruleset::V2_3_0, document(odd), (&format!("/{name}"), rule), document(plain))
}

fn documents() -> Vec<Pair> {
    let cdr = include_str!("../../fixtures/2.3.0/cdr.minimal.json");
    let envelope = |text: &str| shown(&Envelope::read(text.as_bytes()).expect("it is read").head.findings);
    let bare = r#"{"status_code":1000}"#;
    vec![
        pair::<Cdr>(
            &Ruleset::V2_3_0,
            with(cdr, json!({"booking_id": "B-1"})),
            ("/booking_id", "branch.member"),
            cdr,
        ),
        pair::<Connector>(
            &Ruleset::NDW_DOT_NL,
            with(CONNECTOR, json!({"max_electric_power": null})),
            ("/max_electric_power", "profile.demand"),
            CONNECTOR,
        ),
        Pair {
            found: envelope(bare),
            neighbour: envelope(r#"{"status_code":1000,"timestamp":"2026-11-22T10:00:00Z"}"#),
            expected: ("/timestamp".to_owned(), "env.missing"),
            broken: bare.to_owned(),
        },
    ]
}

const CONNECTOR: &str = r#"{"id":"1","standard":"IEC_62196_T2","format":"CABLE","power_type":"AC_3_PHASE",
    "max_voltage":230,"max_amperage":32,"max_electric_power":22000,"tariff_ids":["T1"],
    "last_updated":"2026-01-01T00:00:00Z"}"#;
