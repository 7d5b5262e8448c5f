//! Codes against the lists of ISO and IANA.

use ocpi_types::{CountryCode, CountryCode3, Currency, Finding, Language, TimeZone, Version, check, json};
use serde_json::{Value as Json, json};

/// Every text of two or three capital letters.
fn codes(letters: usize) -> Vec<String> {
    let longer = |codes: Vec<String>| -> Vec<String> {
        codes.iter().flat_map(|code| ('A'..='Z').map(move |letter| format!("{code}{letter}"))).collect()
    };
    (0..letters).fold(vec![String::new()], |codes, _| longer(codes))
}

#[test]
fn the_two_codes_of_a_country_lead_to_each_other() {
    let known: Vec<CountryCode> = codes(2)
        .iter()
        .map(|code| code.parse::<CountryCode>().unwrap())
        .filter(CountryCode::is_known)
        .collect();
    // 249 of ISO 3166-1, and Kosovo.
    assert_eq!(known.len(), 250);
    for country in &known {
        let alpha3 = country.alpha3().unwrap();
        assert!(alpha3.is_known());
        assert_eq!(alpha3.alpha2().as_ref(), Some(country));
        assert_eq!(alpha3.time_zone(), country.time_zone());
        assert!(alpha3.currencies().eq(country.currencies()));
    }
    let known: Vec<CountryCode3> = codes(3)
        .iter()
        .map(|code| code.parse::<CountryCode3>().unwrap())
        .filter(CountryCode3::is_known)
        .collect();
    assert_eq!(known.len(), 250);
}

#[test]
fn what_countries_pay_with_and_their_clock() {
    for (code, currencies, time_zone) in [
        ("NL", &["EUR"][..], Some("Europe/Amsterdam")),
        ("gb", &["GBP"], Some("Europe/London")),
        ("BG", &["EUR"], Some("Europe/Sofia")),
        // Busingen has had the clock of Berlin since 1981.
        ("DE", &["EUR"], Some("Europe/Berlin")),
        ("ES", &["EUR"], None),
        ("US", &["USD"], None),
        ("PA", &["PAB", "USD"], Some("America/Panama")),
        ("AQ", &[], None),
        ("UK", &[], None),
    ] {
        let country: CountryCode = code.parse().unwrap();
        let currencies: Vec<Currency> = currencies.iter().map(|code| code.parse().unwrap()).collect();
        assert_eq!(country.currencies().collect::<Vec<_>>(), currencies, "{code}");
        assert_eq!(country.time_zone(), time_zone, "{code}");
    }
}

fn likely<T: std::str::FromStr + AsRef<str>>(propose: fn(&str) -> Option<T>, text: &str) -> String {
    propose(text).map_or_else(String::new, |code| code.as_ref().to_owned())
}

#[test]
fn countries_that_are_likely_meant() {
    let rows = [
        ("UK", "GB", "GBR"),
        ("EL", "GR", "GRC"),
        ("ROM", "RO", "ROU"),
        ("GER", "DE", "DEU"),
        ("sui", "CH", "CHE"),
        ("nld", "NL", "NLD"),
        ("nl", "NL", "NLD"),
        ("Netherlands", "NL", "NLD"),
        ("The Netherlands", "NL", "NLD"),
        ("Österreich", "AT", "AUT"),
        ("KOS", "XK", "XKX"),
        ("XX", "", ""),
        ("Q1", "", ""),
        ("", "", ""),
    ];
    for (text, alpha2, alpha3) in rows {
        assert_eq!(likely(CountryCode::likely, text), alpha2, "{text}");
        assert_eq!(likely(CountryCode3::likely, text), alpha3, "{text}");
    }
}

#[test]
fn time_zones_that_are_likely_meant() {
    for (text, zone) in [
        ("Europe/Amsterdm", "Europe/Amsterdam"),
        ("Europe/Asmterdam", "Europe/Amsterdam"),
        ("europe/amsterdam", "Europe/Amsterdam"),
        ("Europe-Amsterdam", "Europe/Amsterdam"),
        ("Amsterdam", "Europe/Amsterdam"),
        ("America/New York", "America/New_York"),
        ("GMT Standard Time", "Europe/London"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("India Standard Time", "Asia/Kolkata"),
        ("BST", "Europe/London"),
        ("Europe/Kiev", "Europe/Kiev"),
        // An offset is the clock of many, and of some of them half of the year.
        ("GMT+1", ""),
        ("+01:00", ""),
        ("CEST", ""),
        ("Mars/Phobos", ""),
        ("", ""),
    ] {
        assert_eq!(likely(TimeZone::likely, text), zone, "{text}");
    }
    assert_eq!(TimeZone::likely(&"Europe/Amsterdm".repeat(5000)), None);
}

#[test]
fn currencies_and_languages_that_are_likely_meant() {
    for (text, currency) in [
        ("eur", "EUR"),
        ("EURO", "EUR"),
        ("€", "EUR"),
        ("UKP", "GBP"),
        ("RMB", "CNY"),
        ("DEM", "EUR"),
        ("EUX", ""),
        ("", ""),
    ] {
        assert_eq!(likely(Currency::likely, text), currency, "{text}");
    }
    for (text, language) in
        [("dk", "da"), ("en-GB", "en"), ("ENG", "en"), ("Deutsch", "de"), ("jp", "ja"), ("qq", ""), ("", "")]
    {
        assert_eq!(likely(Language::likely, text), language, "{text}");
    }
}

#[test]
fn enum_values_that_are_likely_meant() {
    use ocpi_types::v2_3_0::locations::{ConnectorType, PowerType, Status};
    let told = |findings: Vec<Finding>| findings.first().map(ToString::to_string).unwrap_or_default();
    for (text, rule, expected) in [
        ("CCS2", "enum.near_miss", ": perhaps IEC_62196_T2_COMBO is meant"),
        ("CCS", "enum.near_miss", ": perhaps IEC_62196_T2_COMBO or IEC_62196_T1_COMBO is meant"),
        ("IEC62196Type2CCS", "enum.near_miss", ": perhaps IEC_62196_T2_COMBO is meant"),
        ("Type 2", "enum.near_miss", ": perhaps IEC_62196_T2 is meant"),
        ("IEC_62916_T2", "enum.open", ""),
        ("IEC_62196_T2_COMB0", "enum.open", ""),
        ("CHADMO", "enum.near_miss", ": perhaps CHADEMO is meant"),
        ("NACS", "enum.near_miss", ": perhaps SAE_J3400 is meant"),
        // One slip away from several, and a number that slips is another plug.
        ("DOMESTIC_P", "enum.open", ""),
        ("IEC_62196_T4", "enum.open", ""),
        ("WIRELESS", "enum.open", ""),
    ] {
        let found = told(check(&ConnectorType::from(text), Version::V2_3_0));
        assert_eq!(
            found,
            format!("not one of the values the specification lists{expected} [{rule}]"),
            "{text}"
        );
    }
    // A value of another version is no proposal.
    let found = told(check(&ConnectorType::from("NACS"), Version::V2_2_1));
    assert_eq!(found, "not a value of this enum [enum.unknown]");
    for (text, meant) in [
        ("WORKING", "AVAILABLE"),
        ("FREE", "AVAILABLE"),
        ("OCCUPIED", "CHARGING or BLOCKED"),
        ("IN_USE", "CHARGING"),
        ("OUT_OF_ORDER", "OUTOFORDER"),
        ("FAULTED", "OUTOFORDER"),
        ("INOPERATIVE_", "INOPERATIVE"),
        ("AVALIABLE", "AVAILABLE"),
    ] {
        let found = told(check(&Status::from(text), Version::V2_1_1));
        assert_eq!(
            found,
            format!("not a value of this enum: perhaps {meant} is meant [enum.unknown]"),
            "{text}"
        );
    }
    let found = told(check(&PowerType::from("AC3P"), Version::V2_2_1));
    assert_eq!(found, "not a value of this enum: perhaps AC_3_PHASE is meant [enum.unknown]");
}

#[test]
fn what_is_told_of_codes_and_places() {
    use ocpi_types::v2_2_1::locations::Location;
    let fixture = include_str!("../fixtures/2.2.1/location.minimal.json");
    let told = |change: Json| {
        let mut document: Json = serde_json::from_str(fixture).expect("a fixture is JSON");
        let (Some(document), Json::Object(change)) = (document.as_object_mut(), change) else { panic!() };
        document.extend(change);
        let text = serde_json::to_string(document).expect("it is JSON");
        let findings =
            check(&json::read::<Location>(text.as_bytes()).expect("it is read").value, Version::V2_2_1);
        findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    for (change, expected) in [
        (
            json!({"country_code": "UK"}),
            "/country_code: not a country of ISO 3166-1: perhaps GB is meant [country.unknown]",
        ),
        (
            json!({"country": "GER"}),
            "/country: not a country of ISO 3166-1: perhaps DEU is meant [country.unknown]",
        ),
        (
            json!({"time_zone": "GMT Standard Time"}),
            "/time_zone: not the name of a time zone: perhaps Europe/London is meant [tz.name]",
        ),
        (
            json!({"time_zone": "Europe/Berlyn"}),
            "/time_zone: not a time zone of the IANA database: perhaps Europe/Berlin is meant [tz.unknown]",
        ),
        (json!({"country_code": ""}), "/country_code: an empty text stands where a value is due [val.empty]"),
        (json!({"id": " "}), "/id: an empty text stands where a value is due [val.empty]"),
        (
            json!({"country": "USA", "coordinates": {"latitude": "39.739150", "longitude": "104.990300"}}),
            "/coordinates: the place is not in the country that is named with it: the longitude likely has the \
             wrong sign, perhaps latitude 39.73915 and longitude -104.9903 are meant [geo.abroad]",
        ),
        (
            json!({"country": "NLD", "coordinates": {"latitude": "5.110270", "longitude": "52.089450"}}),
            "/coordinates: the place is not in the country that is named with it: latitude and longitude are \
             likely exchanged, perhaps latitude 52.08945 and longitude 5.11027 are meant [geo.abroad]",
        ),
        (
            json!({"country": "DEU", "coordinates": {"latitude": "48.856600", "longitude": "2.352200"}}),
            "/coordinates: the place is not in the country that is named with it [geo.abroad]",
        ),
        (
            json!({"coordinates": {"latitude": "52.011500", "longitude": "181.000000"}}),
            "/coordinates/longitude: no longitude goes beyond 180 degrees [geo.format]",
        ),
        (
            json!({"coordinates": {"latitude": "252.011500", "longitude": "4.710400"}}),
            "/coordinates/latitude: no latitude goes beyond 90 degrees [geo.format]",
        ),
        (
            json!({"coordinates": {"latitude": "52.01", "longitude": "4.710400"}}),
            "/coordinates/latitude: not a coordinate with the version's number of decimals [geo.format]",
        ),
        (
            json!({"country": "JPN", "coordinates": {"latitude": "139.691700", "longitude": "35.689500"}}),
            "/coordinates/latitude: no latitude goes beyond 90 degrees; latitude and longitude are likely \
             exchanged [geo.format]",
        ),
    ] {
        assert_eq!(told(change), expected);
    }
}

/// A member with a slip in its name is told, whatever object it stands in.
#[test]
fn names_that_are_nearly_those_of_members() {
    use ocpi_types::{v2_1_1, v2_2_1, v2_3_0};
    let tariff = r#"{"country_code": "NL", "party_id": "ALF", "id": "T1", "currency": "EUR", "min_prise": {"excl_vat": 1},
        "elements": [{"price_components": [{"type": "ENERGY", "price": 1, "step_size": 1}],
        "restriction": {"max_kwh": 5}, "restrictions_note": 1}], "last_updated": "2026-01-01T00:00:00Z"}"#;
    let told =
        |findings: Vec<Finding>| findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let read = json::read::<v2_2_1::tariffs::Tariff>(tariff.as_bytes()).expect("it is read");
    assert_eq!(
        told(check(&read.value, Version::V2_2_1)),
        "/elements/0/restriction: the specification has no such member: it looks like `restrictions` [name.near_miss]\n\
         /elements/0/restrictions_note: the specification has no such member [ext.unknown_field]\n\
         /min_prise: the specification has no such member: it looks like `min_price` [name.near_miss]"
    );
    // What the object has is not looked for.
    let evse = r#"{"uid": "1", "status": "AVAILABLE", "statuses": [], "connectors": [],
        "last_updated": "2026-01-01T00:00:00Z"}"#;
    let read = json::read::<v2_3_0::locations::Evse>(evse.as_bytes()).expect("it is read");
    let found = told(check(&read.value, Version::V2_3_0));
    assert!(found.contains("/statuses: the specification has no such member [ext.unknown_field]"), "{found}");
    let cdr =
        include_str!("../fixtures/2.1.1/cdr.full.json").replace("\"restrictions\":", "\"restriction\":");
    let read = json::read::<v2_1_1::cdrs::Cdr>(cdr.as_bytes()).expect("it is read");
    let found = told(check(&read.value, Version::V2_1_1));
    assert!(found.contains("/restriction: the specification has no such member: it looks like"), "{found}");
}

/// Places that are in their country however small, far or new the island is, and some that are nearly.
#[test]
fn places_in_their_country() {
    use ocpi_types::v2_3_0::cdrs::CdrLocation;
    let rows = [
        ("FRA", "-20.878900", "55.448100"),
        ("FRA", "16.241000", "-61.533000"),
        ("FRA", "-22.275800", "166.458000"),
        ("REU", "-20.878900", "55.448100"),
        ("NLD", "12.150000", "-68.276700"),
        ("NLD", "12.108000", "-68.933500"),
        ("USA", "21.306900", "-157.858300"),
        ("USA", "61.218100", "-149.900300"),
        ("USA", "18.466300", "-66.105700"),
        ("PRT", "37.741200", "-25.675600"),
        ("ESP", "28.124800", "-15.430000"),
        ("ESP", "35.888900", "-5.319800"),
        ("DNK", "62.011800", "-6.771900"),
        ("NOR", "78.223200", "15.626700"),
        ("FJI", "-18.141600", "178.441900"),
        ("FJI", "-16.800000", "-179.990000"),
        ("RUS", "54.710400", "20.452200"),
        ("RUS", "64.733300", "177.516700"),
        ("RUS", "66.159000", "-169.809000"),
        ("NZL", "-43.951000", "-176.561000"),
        ("UKR", "44.952100", "34.102400"),
        ("XKX", "42.662900", "21.165500"),
        ("SRB", "42.662900", "21.165500"),
        ("SGP", "1.352100", "103.819800"),
        ("MLT", "35.898900", "14.514600"),
        ("LIE", "47.141000", "9.520900"),
        // Over the border, as exclaves and neighbours are.
        ("DEU", "47.697600", "8.690000"),
        ("NLD", "51.440000", "4.930000"),
        ("DEU", "48.583900", "7.745500"),
        ("CAN", "42.331400", "-83.045800"),
    ];
    let place = |country: &str, latitude: &str, longitude: &str| -> CdrLocation {
        let text = json!({"id": "L", "address": "A", "city": "C", "country": country, "evse_uid": "E", "evse_id": "E",
            "connector_id": "1", "connector_standard": "IEC_62196_T2", "connector_format": "CABLE",
            "connector_power_type": "AC_3_PHASE", "coordinates": {"latitude": latitude, "longitude": longitude}});
        json::from_str(&text.to_string()).expect("it is one")
    };
    for (country, latitude, longitude) in rows {
        let findings = check(&place(country, latitude, longitude), Version::V2_3_0);
        assert_eq!(findings, [], "{country} {latitude} {longitude}");
    }
    // Neighbours that are too far, in the countries that are around them.
    for (country, latitude, longitude) in [
        ("DEU", "48.208200", "16.373800"),
        ("GBR", "48.856600", "2.352200"),
        ("MNG", "55.755800", "37.617300"),
        ("RUS", "47.886400", "106.905700"),
        ("ITA", "46.948000", "7.447400"),
    ] {
        let findings = check(&place(country, latitude, longitude), Version::V2_3_0);
        assert_eq!(
            findings.first().map(|f| f.rule.id()),
            Some("geo.abroad"),
            "{country} {latitude} {longitude}"
        );
    }
}
