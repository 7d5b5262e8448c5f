//! Codes against the lists of ISO and IANA.

use ocpi_types::{CountryCode, CountryCode3, Currency};

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
