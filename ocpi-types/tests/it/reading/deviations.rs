//! Every deviation the reader knows: its reading, and its finding.

use super::{Sample, Strict, fails, keeps, loses, reads};
use ocpi_types::json::RawJson;

#[test]
fn null_is_absence() {
    let nulls = r#"{"count":null,"inner":null,"status":null,"texts":null}"#;
    let places = ["/count", "/inner", "/status", "/texts"].map(|place| (place, "val.null"));
    keeps::<Sample>(nulls, "{}", &places);
    keeps::<Sample>("{}", "{}", &[]);
}

#[test]
fn null_for_a_required_member_is_an_error() {
    let rest = r#""some":["a"],"inner":{"before_taxes":1}"#;
    fails::<Strict>(format!(r#"{{"count":null,{rest}}}"#), "/count", "val.type");
    fails::<Strict>(format!("{{{rest}}}"), "/count", "req.missing");
    fails::<Strict>(r#"{"count":1,"some":["a"],"inner":null}"#, "/inner", "val.type");
}

#[test]
fn a_list_that_needs_an_element_may_be_read_empty() {
    let text = |some: &str| format!(r#"{{"count":1,"some":{some},"inner":{{"before_taxes":1}}}}"#);
    let written = r#"{"count":1,"some":[],"inner":{"before_taxes":1}}"#;
    keeps::<Strict>(text("[]"), written, &[("/some", "card.empty")]);
    keeps::<Strict>(text("null"), written, &[("/some", "val.null")]);
    keeps::<Strict>(text("[null]"), written, &[("/some/0", "val.null_in_list"), ("/some", "card.empty")]);
    let text = r#"{"count":1,"inner":{"before_taxes":1}}"#;
    loses::<Strict>(text, written, &[("/some", "req.missing")]);
}

#[test]
fn null_inside_a_list_is_left_out() {
    keeps::<Sample>(
        r#"{"list":[null,{"before_taxes":1}, null]}"#,
        r#"{"list":[{"before_taxes":1}]}"#,
        &[("/list/0", "val.null_in_list"), ("/list/2", "val.null_in_list")],
    );
}

#[test]
fn an_element_that_cannot_be_read_does_not_cost_the_list() {
    loses::<Sample>(
        r#"{"texts":["a",{},"b",["c"],[]]}"#,
        r#"{"texts":["a","b","c"]}"#,
        &[("/texts/1", "val.type"), ("/texts/3", "val.array_for_object"), ("/texts/4", "val.type")],
    );
    let text = r#"{"texts":["a",{},"b"],"count":1}"#;
    let value = ocpi_types::json::read::<Sample>(text.as_bytes()).expect("it is read").value;
    assert_eq!(value.extra.get("texts"), Some(r#"["a",{},"b"]"#), "the text of the list is kept");
    assert_eq!(ocpi_types::json::to_string(&value), r#"{"count":1,"texts":["a","b"]}"#);
    // An element that lacks something is there, and makes the whole a partial one.
    fails::<Sample>(r#"{"list":[{"before_taxes":1},{"taxes":[]}]}"#, "/list/1/before_taxes", "req.missing");
}

#[test]
fn one_value_for_a_list() {
    keeps::<Sample>(
        r#"{"list":{"before_taxes":1}}"#,
        r#"{"list":[{"before_taxes":1}]}"#,
        &[("/list", "val.object_for_array")],
    );
    keeps::<Sample>(r#"{"texts":"a"}"#, r#"{"texts":["a"]}"#, &[("/texts", "val.object_for_array")]);
    loses::<Sample>(r#"{"texts":{"a":1}}"#, "{}", &[("/texts", "val.type")]);
}

#[test]
fn a_list_of_one_for_an_object() {
    keeps::<Sample>(
        r#"{"inner":[ {"before_taxes":1} ]}"#,
        r#"{"inner":{"before_taxes":1}}"#,
        &[("/inner", "val.array_for_object")],
    );
    keeps::<Sample>(
        r#"{"list":[[{"before_taxes":1}]]}"#,
        r#"{"list":[{"before_taxes":1}]}"#,
        &[("/list/0", "val.array_for_object")],
    );
    keeps::<Sample>(r#"[{"count":1}]"#, r#"{"count":1}"#, &[("", "val.array_for_object")]);
    for inner in ["[]", "[[{\"before_taxes\":1}]]", "[{\"before_taxes\":1},{\"before_taxes\":2}]"] {
        loses::<Sample>(
            format!(r#"{{"inner":{inner},"count":1}}"#),
            r#"{"count":1}"#,
            &[("/inner", "val.type")],
        );
    }
}

#[test]
fn integers() {
    let kept: &[(&str, &str, Option<&str>)] = &[
        ("220", "220", None),
        ("-1", "-1", None),
        ("9223372036854775807", "9223372036854775807", None),
        ("-9223372036854775808", "-9223372036854775808", None),
        ("220.0", "220", Some("int.form")),
        ("1e2", "100", Some("int.form")),
        ("2.20E+2", "220", Some("int.form")),
        ("2200e-1", "220", Some("int.form")),
        ("\"220\"", "220", Some("num.string")),
        ("\"220.0\"", "220", Some("num.string")),
    ];
    for (text, value, rule) in kept {
        member("count", text, value, *rule);
    }
    empty_member("count");
    let forms = ["220.5", "9223372036854775808", "1e20", "1e999999999", "\"many\"", "\"1 A\""];
    for text in forms {
        lost_member("count", text, "val.form");
    }
    for text in ["true", "{}", "[1,2]", "[]"] {
        lost_member("count", text, "val.type");
    }
    member("count", "[1]", "1", Some("val.array_for_object"));
    // More digits than the field has are kept; the check reports them.
    member("digit", "12", "12", None);
}

#[test]
fn numbers() {
    let kept: &[(&str, &str, Option<&str>)] = &[
        ("0.10", "0.10", None),
        ("1.0", "1.0", None),
        ("-4.100", "-4.100", None),
        ("1e2", "100", None),
        ("12e-1", "1.2", None),
        ("1234567890123456.78", "1234567890123456.78", None),
        ("1234567890123456789012345678", "1234567890123456789012345678", None),
        ("0.1234567890123456789012345678", "0.1234567890123456789012345678", None),
        ("\"0.10\"", "0.10", Some("num.string")),
        ("\"1e2\"", "100", Some("num.string")),
    ];
    for (text, value, rule) in kept {
        member("price", text, value, *rule);
    }
    empty_member("price");
    for text in ["\"free\"", "\"1,50\"", "\"NaN\"", "1e999999999", "1e99999999999", "1e29"] {
        lost_member("price", text, "val.form");
    }
    for text in ["true", "{}", "[]", "[[1]]", "[null]"] {
        lost_member("price", text, "val.type");
    }
    member("price", "[1]", "1", Some("val.array_for_object"));
}

#[test]
fn a_number_with_too_many_digits_is_rounded() {
    loses::<Sample>(
        r#"{"price":0.12345678901234567890123456785}"#,
        r#"{"price":0.1234567890123456789012345679}"#,
        &[("/price", "num.precision")],
    );
    // Zeros behind the last digit that fits say nothing.
    keeps::<Sample>(
        r#"{"price":0.12345678901234567890123456780}"#,
        r#"{"price":0.1234567890123456789012345678}"#,
        &[],
    );
}

#[test]
fn booleans() {
    for (text, value) in [("\"true\"", "true"), ("\"FALSE\"", "false"), ("\"True\"", "true")] {
        member("on", text, value, Some("bool.string"));
    }
    member("on", "true", "true", None);
    for (text, value) in [("1", "true"), ("0", "false"), ("\"1\"", "true"), ("\"0\"", "false")] {
        member("on", text, value, Some("bool.string"));
    }
    empty_member("on");
    lost_member("on", "\"yes\"", "val.form");
    lost_member("on", "10", "val.form");
    lost_member("on", "{}", "val.type");
    member("on", "[true]", "true", Some("val.array_for_object"));
}

#[test]
fn texts_without_quotes() {
    for member_name in ["id", "name", "status"] {
        member(member_name, "5", "\"5\"", Some("str.number"));
        member(member_name, "-1.50", "\"-1.50\"", Some("str.number"));
        member(member_name, "true", "\"true\"", Some("str.number"));
        lost_member(member_name, "{}", "val.type");
    }
    // A URL or a time never looks like a number.
    lost_member("url", "5", "val.type");
    lost_member("at", "20261122", "val.form");
}

#[test]
fn texts_that_are_too_long_or_of_other_characters_are_kept() {
    member("id", "\"123456\"", "\"123456\"", None);
    member("id", "\"é\"", "\"é\"", None);
    member("name", "\"\"", "\"\"", None);
    empty_member("url");
    empty_member("latitude");
    member("url", "\"/relative\"", "\"/relative\"", None);
    member("latitude", "\"north\"", "\"north\"", None);
}

#[test]
fn coordinates_as_numbers() {
    member("latitude", "52.08945", "\"52.08945\"", Some("geo.number"));
    member("latitude", "-52.090", "\"-52.090\"", Some("geo.number"));
    lost_member("latitude", "true", "val.type");
}

#[test]
fn dates() {
    let kept: &[(&str, &str, Option<&str>)] = &[
        ("2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z", None),
        ("2026-11-22T10:00:00", "2026-11-22T10:00:00", None),
        ("2026-11-22T10:00:00.120Z", "2026-11-22T10:00:00.120Z", None),
        ("2026-11-22T10:00:00.123456789", "2026-11-22T10:00:00.123456789", None),
        ("2026-11-22T10:00:00+01:00", "2026-11-22T09:00:00Z", Some("dt.offset")),
        ("2026-11-22T10:00:00.5-0530", "2026-11-22T15:30:00.5Z", Some("dt.offset")),
        ("2026-11-22T10:00:00+02", "2026-11-22T08:00:00Z", Some("dt.offset")),
        ("2026-11-22T00:00:00+00:00", "2026-11-22T00:00:00Z", Some("dt.offset")),
        // A plus that was lost in a URL.
        ("2026-11-22T00:30:00 01:00", "2026-11-21T23:30:00Z", Some("dt.offset")),
        ("2026-11-22 10:00:00Z", "2026-11-22T10:00:00Z", Some("dt.form")),
        ("2026-11-22t10:00:00z", "2026-11-22T10:00:00Z", Some("dt.form")),
        ("2026-11-22T10:00Z", "2026-11-22T10:00:00Z", Some("dt.form")),
        ("2024-02-29T10:00", "2024-02-29T10:00:00", Some("dt.form")),
        ("2024-02-29", "2024-02-29T00:00:00Z", Some("dt.form")),
        ("20240229T101112Z", "2024-02-29T10:11:12Z", Some("dt.form")),
        ("1709201472", "2024-02-29T10:11:12Z", Some("dt.form")),
        ("1709201472250", "2024-02-29T10:11:12.250Z", Some("dt.form")),
        ("2026-8-4T9:05:00.5Z", "2026-08-04T09:05:00.5Z", Some("dt.form")),
        ("2026-8-14 10:00", "2026-08-14T10:00:00", Some("dt.form")),
        ("2026-8-14", "2026-08-14T00:00:00Z", Some("dt.form")),
        // Prescribed for a CDR whose times are unknown.
        ("1970-1-1T00:00:00Z", "1970-01-01T00:00:00Z", Some("dt.form")),
    ];
    for (text, value, rule) in kept {
        member("at", &format!("\"{text}\""), &format!("\"{value}\""), *rule);
    }
    for (number, value) in [("1709201472", "2024-02-29T10:11:12Z"), ("1709201472000", "2024-02-29T10:11:12Z")]
    {
        member("at", number, &format!("\"{value}\""), Some("dt.form"));
    }
    empty_member("at");
    let forms = [
        "now",
        "2026-02-29",
        "20260229T101112Z",
        "170920147",
        "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T10:60:00Z",
        "2026-11-22T10:00:61Z",
        "2026-11-22T10:00:00.Z",
        "2026-11-22T10:00:00ZZ",
        "2026-11-22T10:00:00+1:00",
        "2026-11-22T10:00:00+24:00",
        "2026-11-22T10:00:00+01:60",
        "+026-11-22T10:00:00Z",
        "2026-11-22T10:00:00é",
        "２026-11-22T10:00:00Z",
        "2026-1-32T00:00:00Z",
        "2026-001-1T00:00:00Z",
        "2026--1T00:00:00Z",
        "26-1-1T00:00:00Z",
        "2026-1-1T",
        "0000-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
    ];
    for text in forms {
        lost_member("at", &format!("\"{text}\""), "val.form");
    }
}

#[test]
fn unknown_enum_values_are_kept() {
    member("status", "\"HOVERING\"", "\"HOVERING\"", None);
    member("status", "\"AVAILABLES\"", "\"AVAILABLES\"", None);
    empty_member("status");
}

#[test]
fn an_enum_value_in_another_spelling_is_that_value() {
    member("status", "\"available\"", "\"AVAILABLE\"", Some("enum.case"));
    use ocpi_types::v2_3_0::locations::ConnectorType;
    use ocpi_types::v2_3_0::tariffs::DayOfWeek;
    reads::<ConnectorType>("\"iec 62196-t2\"", "\"IEC_62196_T2\"", &[("", "enum.case")]);
    reads::<DayOfWeek>("\"3\"", "\"WEDNESDAY\"", &[("", "day.number")]);
    reads::<DayOfWeek>("\"8\"", "\"8\"", &[]);
}

#[test]
fn a_day_of_the_week_by_its_name() {
    member("digit", "\"MONDAY\"", "1", Some("day.name"));
    member("digit", "\"sun\"", "7", Some("day.name"));
    member("digit", "\"2\"", "2", Some("num.string"));
    lost_member("digit", "\"M\"", "val.form");
    lost_member("digit", "\"Mondays\"", "val.form");
}

#[test]
fn times_of_day_in_other_spellings() {
    use ocpi_types::TimeOfDay;
    for (sent, kept) in [
        ("7:30", "07:30"),
        ("07:30:00", "07:30"),
        ("7:30:00.000", "07:30"),
        ("0730", "07:30"),
        // These are kept, because they are no such time.
        ("24:00", "24:00"),
        ("07:30:15", "07:30:15"),
        ("25:00", "25:00"),
        ("7:3", "07:03"),
        ("9:5", "09:05"),
        ("7:60", "7:60"),
        ("730", "730"),
        ("noon", "noon"),
    ] {
        reads::<TimeOfDay>(format!("\"{sent}\""), &format!("\"{kept}\""), &[("", "time.form")]);
    }
    reads::<TimeOfDay>("\"07:30\"", "\"07:30\"", &[]);
}

#[test]
fn members_by_the_name_of_another_version() {
    use ocpi_types::v2_1_1::locations::Connector;
    let text = r#"{"id":"1","standard":"CHADEMO","format":"CABLE","power_type":"DC","max_voltage":400,"max_amperage":125,"tariff_ids":["T"],"last_updated":"2026-11-22T10:00:00Z"}"#;
    let written = r#"{"id":"1","standard":"CHADEMO","format":"CABLE","power_type":"DC","voltage":400,"amperage":125,"tariff_id":"T","last_updated":"2026-11-22T10:00:00Z"}"#;
    reads::<Connector>(
        text,
        written,
        &[
            ("/max_voltage", "name.other_version"),
            ("/max_amperage", "name.other_version"),
            ("/tariff_ids", "name.other_version"),
            ("/tariff_ids", "val.array_for_object"),
        ],
    );
    // The member's own name counts, wherever it stands.
    let both = written.replace("\"voltage\":400", "\"voltage\":400,\"max_voltage\":1");
    reads::<Connector>(both, &written.replace("Z\"}", "Z\",\"max_voltage\":1}"), &[]);
}

#[test]
fn an_identity_that_is_there_twice_is_refused() {
    use ocpi_types::v2_3_0::tokens::EnergyContract;
    let error = ocpi_types::json::read::<Sample>(br#"{"id":"a","id":"b","count":1}"#).expect_err("two ids");
    assert_eq!((error.pointer(), error.rule().id()), ("/id", "json.duplicate_security"));
    fails::<Sample>(r#"{"url":"http://a","url":"http://a"}"#, "/url", "json.duplicate_security");
    fails::<EnergyContract>(
        r#"{"supplier_name":"A","contract_id":"1","contract_id":"1"}"#,
        "/contract_id",
        "json.duplicate_security",
    );
}

#[test]
fn unknown_members_are_kept_as_they_are_spelled() {
    let text = r#"{"count":1,"x":{"a":[1e2,0.10,1.0,-0, "\u0041\/"],"b":{}},"y":null,"z":[]}"#;
    keeps::<Sample>(text, text, &[]);
    let many = format!(r#"{{"x":{}}}"#, "1".repeat(100_000));
    keeps::<Sample>(&many, &many, &[]);
    let huge = r#"{"x":1e999999999}"#;
    keeps::<Sample>(huge, huge, &[]);
    // They come last, however they stood; a second one of the same name stays.
    keeps::<Sample>(r#"{ "x" : 1 , "count" : 2 , "x" : [ 3 ] }"#, r#"{"count":2,"x":1,"x":[ 3 ]}"#, &[]);
    // Below objects too.
    keeps::<Sample>(
        r#"{"list":[{"rounded":1.50,"before_taxes":1.5}]}"#,
        r#"{"list":[{"before_taxes":1.5,"rounded":1.50}]}"#,
        &[],
    );
}

#[test]
fn names_with_escapes() {
    keeps::<Sample>(r#"{"\u0063ount":1,"n\u0061me":"a"}"#, r#"{"name":"a","count":1}"#, &[]);
    keeps::<Sample>(r#"{"a\u002fb\"\n":1}"#, r#"{"a/b\"\n":1}"#, &[]);
    reads::<Sample>(r#"{"a/b~":1,"count":"1"}"#, r#"{"count":1,"a/b~":1}"#, &[("/count", "num.string")]);
}

#[test]
fn a_member_that_occurs_twice_counts_once() {
    loses::<Sample>(
        r#"{"count":1,"on":true,"count":2}"#,
        r#"{"count":1,"on":true}"#,
        &[("/count", "json.duplicate_key")],
    );
    loses::<Sample>(
        r#"{"count":1,"\u0063ount":{"a":[2]}}"#,
        r#"{"count":1}"#,
        &[("/count", "json.duplicate_key")],
    );
    let findings = &[("/count", "val.null"), ("/count", "json.duplicate_key")];
    let read = ocpi_types::json::read::<Sample>(br#"{"count":null,"count":2}"#).expect("it is read");
    assert_eq!((read.value.count, super::summary(&read.findings)), (None, findings.to_vec()));
    // The first one counts, even if it cannot be read.
    let findings = &[("/count", "val.type"), ("/count", "json.duplicate_key")];
    loses::<Sample>(r#"{"count":{},"count":2}"#, "{}", findings);
}

#[test]
fn a_byte_order_mark_is_passed() {
    keeps::<Sample>("\u{feff}{\"count\":1}", r#"{"count":1}"#, &[("", "json.bom")]);
    fails::<Sample>("{\u{feff}}", "", "json.syntax");
}

#[test]
fn escapes_and_surrogates() {
    member("name", r#""\"\\\/\b\f\n\r\t""#, r#""\"\\/\u0008\u000c\n\r\t""#, None);
    member("name", r#""\u00e9\uD83D\uDE00""#, "\"é😀\"", None);
    for (text, read) in [
        (r#""\ud83d""#, "\u{fffd}"),
        (r#""\ude00a""#, "\u{fffd}a"),
        (r#""\ud83d\u0041""#, "\u{fffd}A"),
        (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
    ] {
        let written = format!(r#"{{"name":"{read}"}}"#);
        loses::<Sample>(format!(r#"{{"name":{text}}}"#), &written, &[("/name", "str.surrogate")]);
    }
    // In a name, too: that is the object's.
    reads::<Sample>(
        r#"{"\ud83d":1,"count":"1"}"#,
        "{\"count\":1,\"\u{fffd}\":1}",
        &[("", "str.surrogate"), ("/count", "num.string")],
    );
}

#[test]
fn control_characters() {
    keeps::<Sample>("{\"name\":\"a\tb\"}", r#"{"name":"a\tb"}"#, &[("/name", "str.control")]);
    keeps::<Sample>("{\"texts\":[\"a\u{0}\"]}", r#"{"texts":["a\u0000"]}"#, &[("/texts/0", "str.control")]);
}

/// The text that is written is JSON, whatever was read.
#[test]
fn control_characters_in_unknown_members_are_written_as_escapes() {
    let written = r#"{"x":{"a\u0001b": ["c\u0009d", 1.0]}}"#;
    keeps::<Sample>("{\"x\":{\"a\u{1}b\": [\"c\td\", 1.0]}}", written, &[]);
    let raw: RawJson = "[\n\"a\nb\"\n]".parse().expect("it is read");
    assert_eq!(raw.as_str(), "[\n\"a\\u000ab\"\n]");
    assert_eq!(serde_json::to_string(&raw).expect("it is JSON"), raw.as_str());
}

/// A member of that text is read as `value`, in both modes.
#[track_caller]
fn member(name: &str, text: &str, value: &str, rule: Option<&str>) {
    let pointer = format!("/{name}");
    let findings: Vec<_> = rule.into_iter().map(|rule| (pointer.as_str(), rule)).collect();
    keeps::<Sample>(format!("{{\"{name}\": {text} }}"), &format!("{{\"{name}\":{value}}}"), &findings);
}

/// An empty text for a member that has no such value is absence.
#[track_caller]
fn empty_member(name: &str) {
    let text = format!(r#"{{"texts":["a"],"{name}":""}}"#);
    keeps::<Sample>(text, r#"{"texts":["a"]}"#, &[(&format!("/{name}"), "val.empty")]);
}

/// A member of that text cannot be read; the rest of the object can.
#[track_caller]
fn lost_member(name: &str, text: &str, rule: &str) {
    let text = format!(r#"{{"texts":["a"],"{name}":{text},"inner":{{"before_taxes":1}}}}"#);
    let written = r#"{"inner":{"before_taxes":1},"texts":["a"]}"#;
    loses::<Sample>(text, written, &[(&format!("/{name}"), rule)]);
}

#[test]
fn a_time_more_precise_than_can_be_kept_is_reported() {
    for (text, read_as) in [
        ("2026-11-22T10:00:00.1234567891Z", "2026-11-22T10:00:00.123456789Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
    ] {
        let text = format!("\"{text}\"");
        let read = ocpi_types::json::read::<ocpi_types::DateTime>(text.as_bytes()).expect("it is read");
        assert_eq!(read.value.to_string(), read_as);
        assert_eq!(read.findings[0].rule.id(), "dt.precision");
        assert!(ocpi_types::json::from_str::<ocpi_types::DateTime>(&text).is_err(), "strict refuses a loss");
    }
}

/// A member that could not be read is kept as text, reported by the check, and gives way to a value.
#[test]
fn the_text_of_an_unreadable_member_is_kept() {
    let text = r#"{"price":{"amount":4.10},"count":"many","on":true}"#;
    let mut value = ocpi_types::json::read::<Sample>(text.as_bytes()).expect("it is read").value;
    assert_eq!((value.price, value.count), (None, None));
    assert_eq!(value.extra.get("price"), Some(r#"{"amount":4.10}"#));
    assert_eq!(ocpi_types::json::to_string(&value), r#"{"on":true,"price":{"amount":4.10},"count":"many"}"#);
    let findings = ocpi_types::check(&value, ocpi_types::Version::V2_3_0);
    let found: Vec<_> =
        findings.iter().map(|finding| (finding.pointer.as_str(), finding.rule.id())).collect();
    assert_eq!(found, [("/price", "val.form"), ("/count", "val.form")]);

    value.count = Some(2);
    assert_eq!(ocpi_types::json::to_string(&value), r#"{"count":2,"on":true,"price":{"amount":4.10}}"#);
}

/// A tariff of which no price can be read must not become one that is free of charge.
#[test]
fn a_list_of_which_nothing_can_be_read_is_not_an_empty_one() {
    use ocpi_types::v2_3_0::tariffs::{Tariff, TariffElement};
    let element = r#"{"price_components":[{"type":"ENERGY","price":"0,45","step_size":1}]}"#;
    let error = ocpi_types::json::read::<TariffElement>(element.as_bytes()).expect_err("no price");
    assert_eq!(error.pointer(), "/price_components/0/price");
    let tariff = include_str!("../../fixtures/2.3.0/tariff.minimal.json");
    let elements = tariff.find("\"elements\"").expect("a tariff has elements");
    let broken =
        format!("{}\"elements\":[{element}],\"other_{}", &tariff[..elements], &tariff[elements + 1..]);
    let error = ocpi_types::json::read::<Tariff>(broken.as_bytes()).expect_err("no element");
    assert_eq!(error.pointer(), "/elements/0/price_components/0/price");
}
