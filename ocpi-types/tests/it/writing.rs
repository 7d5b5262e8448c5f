//! Written texts, and the styles of single partners.

use ocpi_types::json::{self, Times, WritingStyle, write_for};
use ocpi_types::v2_2_1::cdrs::SignedValue;
use ocpi_types::v2_3_0::locations::{EvsePatch, Location};
use ocpi_types::{DateTime, Decimal, Ruleset, Version, check};
use proptest::prelude::*;

const FULL: &str = include_str!("../fixtures/2.3.0/location.full.json");
const MINIMAL: &str = include_str!("../fixtures/2.3.0/location.minimal.json");

fn location(text: &str) -> Location {
    json::from_str(text).expect("a fixture is a location")
}

#[test]
fn numbers_are_written_as_they_show_themselves() {
    for text in [
        "0",
        "0.0",
        "-0.5",
        "0.05",
        "-12.50",
        "10",
        "100.00",
        "9223372036854775807",
        "18446744073709551615",
        "0.000000000000000001",
        "0.0000000000000000001",
        "1234567890123456789.012345678",
    ] {
        let number: Decimal = text.parse().expect("a number");
        assert_eq!((json::to_string(&number).as_str(), number.to_string().as_str()), (text, text));
    }
    for number in [0, 7, -7, 10, -1_000_000, i64::MAX, i64::MIN] {
        assert_eq!(json::to_string(&number), number.to_string());
    }
}

proptest! {
    #[test]
    fn any_number_is_written_as_it_shows_itself(digits in any::<i64>(), scale in 0..=28_u32) {
        let number = Decimal::new(digits, scale);
        prop_assert_eq!(json::to_string(&number), number.to_string());
        prop_assert_eq!(json::to_string(&digits), digits.to_string());
    }

    #[test]
    fn any_time_is_written_as_it_shows_itself(millis in 0..=253_402_300_799_999_i64) {
        let time = DateTime::from_unix_millis(millis).expect("before the year 10000");
        prop_assert_eq!(json::to_string(&time), format!("\"{time}\""));
    }
}

#[test]
fn without_wishes_a_partner_gets_the_usual() {
    for text in [FULL, MINIMAL] {
        let location = location(text);
        let written = write_for(&location, &WritingStyle::default());
        assert_eq!(written.json, json::to_vec(&location));
        assert_eq!(written.cuts, []);
    }
}

#[test]
fn members_that_are_absent_are_written_as_null() {
    let location = location(MINIMAL);
    let written = write_for(&location, &WritingStyle { explicit_nulls: true, ..WritingStyle::default() });
    let text = written.to_string();
    for part in [r#""name":null"#, r#""evses":[]"#, r#""operator":null"#, r#""energy_mix":null"#] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let read = json::read::<Location>(&written.json).expect("it is read");
    assert_eq!(read.value, location, "null means absent");
}

/// There, `null` takes a member away.
#[test]
fn what_a_patch_keeps_is_not_written_as_null() {
    let nulls = WritingStyle { explicit_nulls: true, ..WritingStyle::default() };
    let patch = json::read::<EvsePatch>(
        r#"{"status":"CHARGING","physical_reference":null,"images":null,"coordinates":{"latitude":"52.09000","longitude":"5.12000"},
            "connectors":[{"id":"1","standard":"CHADEMO","format":"CABLE","power_type":"DC","max_voltage":400,
            "max_amperage":120,"last_updated":"2026-01-01T00:00:00Z"}]}"#.as_bytes(),
    );
    let patch = patch.expect("it is read").value;
    let text = write_for(&patch, &nulls).to_string();
    for kept in ["evse_id", "floor_level", "last_updated\":null", "parking"] {
        assert!(!text.contains(kept), "{kept} is in {text}");
    }
    for removed in [r#""physical_reference":null"#, r#""images":"#] {
        assert!(text.contains(removed), "{removed} is not in {text}");
    }
    assert!(
        text.contains(r#""terms_and_conditions":null"#),
        "a whole object in a PATCH has them all: {text}"
    );
    assert_eq!(json::read::<EvsePatch>(text.as_bytes()).expect("it is read").value, patch);
}

#[test]
fn texts_are_cut_to_the_lengths_of_an_older_edition_and_the_cuts_are_told() {
    let long = "Lange Straat über den Fluss und weiter bis zum Hafen 4";
    let mut location = location(FULL);
    location.address = long.parse().expect("an address");
    let style = WritingStyle { lengths: Some(&Ruleset::V2_3_0_ED1), ..WritingStyle::default() };
    let written = write_for(&location, &style);
    let read: Location = json::from_slice(&written.json).expect("it is read");
    assert_eq!(read.address.as_str(), long.chars().take(45).collect::<String>());
    let cut = written.cuts.iter().find(|cut| cut.pointer == "/address").expect("it is told");
    assert_eq!((cut.rule.id(), cut.whole.as_str()), ("len.exceeded", long));
    assert!(!format!("{cut:?}").contains("Straat"));
    let wide = WritingStyle { lengths: Some(&Ruleset::V2_3_0), ..WritingStyle::default() };
    assert_eq!(write_for(&location, &wide).json, json::to_vec(&location));
    // Only where a length has grown.
    let signed: SignedValue = json::from_str(&format!(
        r#"{{"nature":"Start","plain_data":"{0}","signed_data":"{0}"}}"#,
        "é".repeat(600)
    ))
    .expect("it is read");
    let written = write_for(&signed, &style);
    let pointers: Vec<&str> = written.cuts.iter().map(|cut| cut.pointer.as_str()).collect();
    assert_eq!(pointers, ["/plain_data"]);
}

#[test]
fn times_have_the_digits_that_a_partner_wants() {
    for (times, written, cut) in [
        (Times::AsIs, "2026-11-22T10:00:00.1239", false),
        (Times::Seconds, "2026-11-22T10:00:00Z", true),
        (Times::Millis, "2026-11-22T10:00:00.123Z", true),
    ] {
        let time: DateTime = "2026-11-22T10:00:00.1239".parse().expect("a time");
        let got = write_for(&time, &WritingStyle { times, ..WritingStyle::default() });
        assert_eq!((got.to_string(), !got.cuts.is_empty()), (format!("\"{written}\""), cut));
    }
}

#[test]
fn coordinates_have_the_decimals_that_a_partner_wants() {
    let mut location = location(FULL);
    let text = json::to_string(&location.coordinates)
        .replace(location.coordinates.latitude.as_str(), "52.1")
        .replace(location.coordinates.longitude.as_str(), "-5.12345678");
    location.coordinates = json::read(text.as_bytes()).expect("it is read").value;
    let written = write_for(
        &location.coordinates,
        &WritingStyle { coordinate_decimals: Some(6), ..WritingStyle::default() },
    );
    assert_eq!(written.to_string(), r#"{"latitude":"52.100000","longitude":"-5.123457"}"#);
    assert_eq!(written.cuts.len(), 1, "padding loses nothing, rounding does");
    let read = json::from_slice(&written.json).expect("it is read");
    location.coordinates = read;
    assert!(check(&location.coordinates, Version::V2_1_1).is_empty());
}
