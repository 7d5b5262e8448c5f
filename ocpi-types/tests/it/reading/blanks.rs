//! Blanks around texts that are no free text; amounts and codes in the form of another member.

use super::{Sample, keeps, reads};
use ocpi_types::{
    CountryCode, CountryCode3, Currency, DateTime, Decimal, Language, LocalDate, Longitude, TimeOfDay,
    TimeZone, Url, Value, v2_1_1, v2_2_1, v2_3_0,
};

/// Reads a text with blanks around it as it is without.
#[track_caller]
fn trims<T: Value>(text: &str, rules: &[&str]) {
    let findings: Vec<_> = rules.iter().map(|rule| ("", *rule)).collect();
    let plain = ocpi_types::json::from_str::<T>(&format!("\"{text}\"")).expect("it is read");
    for padded in [
        format!(" {text}"),
        format!("{text}  "),
        format!("\\t{text}\\n"),
        format!("\u{a0}{text}\u{a0}"),
        // Without a width: from a web page, or a byte order mark in the middle of a file.
        format!("\u{200b}{text}\u{200b}"),
        format!("\u{feff}{text}"),
        format!("{text} \\u200b"),
    ] {
        keeps::<T>(format!("\"{padded}\""), &ocpi_types::json::to_string(&plain), &findings);
    }
}

#[test]
fn blanks_around_what_is_no_free_text_are_left_out_and_told() {
    trims::<v2_2_1::locations::Status>("CHARGING", &["str.blank"]);
    trims::<v2_2_1::locations::Status>("charging", &["str.blank", "enum.case"]);
    trims::<v2_2_1::locations::Status>("HOVERING", &["str.blank"]);
    trims::<DateTime>("2026-01-01T00:00:00Z", &["str.blank"]);
    trims::<DateTime>("2026-01-01T01:00:00+01:00", &["str.blank", "dt.offset"]);
    trims::<TimeOfDay>("21:00", &["str.blank"]);
    trims::<TimeOfDay>("7:05", &["str.blank", "time.form"]);
    trims::<LocalDate>("2026-01-05", &["str.blank"]);
    trims::<Decimal>("1.50", &["str.blank", "num.string"]);
    trims::<i64>("16", &["str.blank", "num.string"]);
    trims::<bool>("true", &["str.blank", "bool.string"]);
    trims::<Longitude>("9.479700", &["str.blank"]);
    trims::<Url>("https://cpo.example/a", &["str.blank"]);
    trims::<ocpi_types::CiString<36>>("LOC1", &["str.blank"]);
    trims::<ocpi_types::PartyId>("ABC", &["str.blank"]);
    trims::<CountryCode>("NL", &["str.blank"]);
    trims::<CountryCode3>("NLD", &["str.blank"]);
    trims::<Currency>("EUR", &["str.blank"]);
    trims::<Language>("de", &["str.blank"]);
    trims::<TimeZone>("Europe/Oslo", &["str.blank"]);
    reads::<v2_3_0::locations::LocationPatch>(
        r#"{"facilities":["HOTEL "," CAFE"]}"#,
        r#"{"facilities":["HOTEL","CAFE"]}"#,
        &[("/facilities/0", "str.blank"), ("/facilities/1", "str.blank")],
    );
}

#[test]
fn free_text_keeps_its_blanks() {
    let text = r#"{"name":"  Halle  ","address":"Hof 1 ","city":" Kassel","state":" HE "}"#;
    keeps::<v2_2_1::locations::LocationPatch>(text, text, &[]);
    let directions = r#"{"directions":[{"language":"de","text":" links rein "}]}"#;
    keeps::<v2_3_0::locations::LocationPatch>(directions, directions, &[]);
    keeps::<Sample>(r#"{"name":" a ","texts":[" b "]}"#, r#"{"name":" a ","texts":[" b "]}"#, &[]);
}

/// Ids of 2.1.1 are of the type of free text, and none.
#[test]
fn ids_that_are_texts_are_no_free_text() {
    reads::<v2_1_1::locations::ConnectorPatch>(
        r#"{"id":" 1 ","tariff_id":"T1 "}"#,
        r#"{"id":"1","tariff_id":"T1"}"#,
        &[("/id", "str.blank"), ("/tariff_id", "str.blank")],
    );
    reads::<v2_1_1::tokens::TokenPatch>(
        r#"{"uid":"04A1 ","auth_id":" X","issuer":" Mobil AG "}"#,
        r#"{"uid":"04A1","auth_id":"X","issuer":" Mobil AG "}"#,
        &[("/uid", "str.blank"), ("/auth_id", "str.blank")],
    );
    reads::<v2_1_1::tokens::LocationReferences>(
        r#"{"location_id":"L1","evse_uids":["E1"," E2"]}"#,
        r#"{"location_id":"L1","evse_uids":["E1","E2"]}"#,
        &[("/evse_uids/1", "str.blank")],
    );
}

/// A secret is compared byte for byte: the meaning of a blank in it is not for the reader to say.
#[test]
fn a_credentials_token_stays_what_it_is() {
    let token: ocpi_types::CredentialsToken = ocpi_types::json::from_str("\"abc \"").expect("it is read");
    assert_eq!(token.expose(), "abc ");
}

/// Whoever made it with `echo` did not mean the end of the line.
#[test]
fn a_credentials_token_ends_before_a_line_break() {
    for text in [r#""abc\n""#, r#""abc\r\n""#] {
        let read =
            ocpi_types::json::read::<ocpi_types::CredentialsToken>(text.as_bytes()).expect("it is read");
        assert_eq!(read.value.expose(), "abc");
        assert_eq!(read.findings.len(), 1);
    }
}

#[test]
fn nothing_but_blanks_is_nothing() {
    for name in ["count", "at", "status", "url", "price", "on"] {
        reads::<Sample>(format!("{{\"{name}\":\"  \"}}"), "{}", &[(&format!("/{name}"), "val.empty")]);
    }
}

#[test]
fn an_amount_written_as_a_number_is_the_one_before_taxes() {
    reads::<v2_2_1::sessions::SessionPatch>(
        r#"{"total_cost":4.50}"#,
        r#"{"total_cost":{"excl_vat":4.50}}"#,
        &[("/total_cost", "price.bare")],
    );
    reads::<v2_3_0::sessions::SessionPatch>(
        r#"{"total_cost":"4.50"}"#,
        r#"{"total_cost":{"before_taxes":4.50}}"#,
        &[("/total_cost", "num.string"), ("/total_cost", "price.bare")],
    );
    reads::<v2_3_0::types::Price>("-0.5", r#"{"before_taxes":-0.5}"#, &[("", "price.bare")]);
    reads::<v2_3_0::tariffs::PriceLimit>("12", r#"{"before_taxes":12}"#, &[("", "price.bare")]);
    reads::<Sample>(
        r#"{"inner":1,"list":[2,{"before_taxes":3}]}"#,
        r#"{"inner":{"before_taxes":1},"list":[{"before_taxes":2},{"before_taxes":3}]}"#,
        &[("/inner", "price.bare"), ("/list/0", "price.bare")],
    );
    // A text that is no amount is none.
    let read = ocpi_types::json::read::<Sample>(br#"{"inner":"free"}"#).expect("it is read");
    assert_eq!((read.value.inner, read.findings[0].rule.id()), (None, "val.type"));
}

#[test]
fn codes_in_the_form_of_another_member() {
    for (sent, kept) in [("NLD", "NL"), ("nld", "NL"), ("XXX", "XXX"), ("N", "N"), ("NLDE", "NLDE")] {
        reads::<CountryCode>(format!("\"{sent}\""), &format!("\"{kept}\""), &[("", "country.alpha")]);
    }
    for (sent, kept) in [("NL", "NLD"), ("nl", "NLD"), ("nld", "NLD"), ("XX", "XX"), ("Holland", "Holland")] {
        reads::<CountryCode3>(format!("\"{sent}\""), &format!("\"{kept}\""), &[("", "country.alpha")]);
    }
    for (sent, kept) in [("eur", "EUR"), ("Eur", "EUR"), ("EURO", "EURO"), ("\u{20ac}", "\u{20ac}")] {
        reads::<Currency>(format!("\"{sent}\""), &format!("\"{kept}\""), &[("", "currency.iso4217")]);
    }
    for (sent, kept) in
        [("de-DE", "de"), ("en_GB", "en"), ("zh-Hant", "zh-Hant"), ("deu", "deu"), ("german", "german")]
    {
        reads::<Language>(format!("\"{sent}\""), &format!("\"{kept}\""), &[("", "language.iso639")]);
    }
    reads::<CountryCode>("\"nl\"", "\"nl\"", &[]);
    reads::<Language>("\"DE\"", "\"DE\"", &[]);
}

/// A text of which something was changed is repaired; one that stayed as it was is tolerated.
#[test]
fn outcomes() {
    use ocpi_types::json::{Verdict, read_item};
    let verdict = |text: &str| read_item::<Sample>(text.as_bytes()).expect("it is JSON").verdict();
    for (text, expected) in [
        (r#"{"count":1,"vendor":2}"#, Verdict::Clean),
        (r#"{"count":"1"}"#, Verdict::Repaired),
        (r#"{"count":null}"#, Verdict::Repaired),
        (r#"{"COUNT":1}"#, Verdict::Repaired),
        (r#"{"id":" a"}"#, Verdict::Repaired),
        (r#"{"count":"many"}"#, Verdict::Tolerated),
        ("{\"name\":\"a\u{1}\"}", Verdict::Tolerated),
        (r#"{"count":"many","on":"true"}"#, Verdict::Repaired),
    ] {
        assert_eq!(verdict(text), expected, "{text}");
    }
    let code = |text: &str| read_item::<CountryCode3>(text.as_bytes()).expect("it is JSON").verdict();
    assert_eq!(
        [code("\"DE\""), code("\"DE1\""), code("\"DEU\"")],
        [Verdict::Repaired, Verdict::Tolerated, Verdict::Clean]
    );
}
