//! Probable codes for texts that no list contains.
//!
//! The result is only reported, never used instead of the original text.

use super::countries::{Country, by_alpha2, by_alpha3};
use super::nearest::{folded, nearest};
use super::{currencies, languages, windows_zones, zones};

/// A country by a code in another case or of the other length, by a code of before or of another list, or by its name.
#[cold]
pub(super) fn country(text: &str) -> Option<&'static Country> {
    let plain = folded(text)?;
    let meant = by_alias(COUNTRIES, &plain);
    by_alpha2(meant.unwrap_or(&plain)).or_else(|| by_alpha3(meant.unwrap_or(&plain)))
}

/// A currency by its code in another case, by its sign or its name.
#[cold]
pub(super) fn currency(text: &str) -> Option<&'static str> {
    match text.trim() {
        "€" => return Some("EUR"),
        "£" | "GB£" => return Some("GBP"),
        "$" | "US$" => return Some("USD"),
        _ => {}
    }
    let plain = folded(text)?;
    by_alias(CURRENCIES, &plain)
        .or_else(|| currencies::CURRENCIES.iter().find(|code| code.eq_ignore_ascii_case(&plain)).copied())
}

/// A language by its code in another case, by a code of three letters, by the country where it is spoken, or by the
/// part of the text before its region.
#[cold]
pub(super) fn language(text: &str) -> Option<&'static str> {
    let start = text.split(['-', '_']).next().unwrap_or(text);
    let plain = folded(start)?;
    by_alias(LANGUAGES, &plain).or_else(|| languages::LANGUAGES.iter().find(|code| **code == plain).copied())
}

/// A time zone by its name in another spelling, by its name in Windows, by its city, or by a name that is nearly one.
#[cold]
pub(super) fn time_zone(text: &str) -> Option<&'static str> {
    let plain = folded(text)?;
    let all = || zones::ZONES.iter().copied();
    let same = || all().find(|zone| folded(zone).is_some_and(|zone| zone == plain));
    let city = |text: &str| folded(text.rsplit('/').next().unwrap_or(text)).unwrap_or_default();
    let wanted = city(text);
    let same_city = || {
        let mut found = all().filter(|zone| zone.contains('/') && city(zone) == wanted);
        found.next().filter(|_| found.next().is_none())
    };
    by_alias(ZONES, &plain)
        .or_else(|| windows_zones::iana(&plain))
        .or_else(same)
        .or_else(same_city)
        .or_else(|| nearest(&plain, all()))
}

fn by_alias(aliases: &[(&str, &'static str)], plain: &str) -> Option<&'static str> {
    aliases.iter().find(|(alias, _)| *alias == plain).map(|(_, meant)| *meant)
}

/// Codes of the past, of sports and of cars, and names in English and in the country.
const COUNTRIES: &[(&str, &str)] = &[
    ("uk", "GB"),
    ("en", "GB"),
    ("eng", "GB"),
    ("sco", "GB"),
    ("wal", "GB"),
    ("ukg", "GB"),
    ("greatbritain", "GB"),
    ("unitedkingdom", "GB"),
    ("england", "GB"),
    ("scotland", "GB"),
    ("wales", "GB"),
    ("northernireland", "GB"),
    ("el", "GR"),
    ("gre", "GR"),
    ("greece", "GR"),
    ("rom", "RO"),
    ("romania", "RO"),
    ("ger", "DE"),
    ("germany", "DE"),
    ("deutschland", "DE"),
    ("hol", "NL"),
    ("ned", "NL"),
    ("net", "NL"),
    ("holland", "NL"),
    ("netherlands", "NL"),
    ("thenetherlands", "NL"),
    ("nederland", "NL"),
    ("belgium", "BE"),
    ("belgie", "BE"),
    ("belgië", "BE"),
    ("belgique", "BE"),
    ("luxembourg", "LU"),
    ("france", "FR"),
    ("sui", "CH"),
    ("swi", "CH"),
    ("switzerland", "CH"),
    ("schweiz", "CH"),
    ("suisse", "CH"),
    ("austria", "AT"),
    ("österreich", "AT"),
    ("osterreich", "AT"),
    ("den", "DK"),
    ("denmark", "DK"),
    ("danmark", "DK"),
    ("swe", "SE"),
    ("sweden", "SE"),
    ("sverige", "SE"),
    ("norway", "NO"),
    ("norge", "NO"),
    ("sf", "FI"),
    ("finland", "FI"),
    ("suomi", "FI"),
    ("ire", "IE"),
    ("ireland", "IE"),
    ("iceland", "IS"),
    ("italy", "IT"),
    ("italia", "IT"),
    ("sp", "ES"),
    ("spa", "ES"),
    ("spain", "ES"),
    ("españa", "ES"),
    ("espana", "ES"),
    ("por", "PT"),
    ("portugal", "PT"),
    ("poland", "PL"),
    ("polska", "PL"),
    ("cs", "CZ"),
    ("tch", "CZ"),
    ("czechia", "CZ"),
    ("czechrepublic", "CZ"),
    ("slovakia", "SK"),
    ("slo", "SI"),
    ("slovenia", "SI"),
    ("hungary", "HU"),
    ("magyarország", "HU"),
    ("bul", "BG"),
    ("bulgaria", "BG"),
    ("cro", "HR"),
    ("croatia", "HR"),
    ("hrvatska", "HR"),
    ("lat", "LV"),
    ("latvia", "LV"),
    ("lit", "LT"),
    ("lithuania", "LT"),
    ("estonia", "EE"),
    ("yu", "RS"),
    ("yug", "RS"),
    ("scg", "RS"),
    ("serbia", "RS"),
    ("kos", "XK"),
    ("rks", "XK"),
    ("kosovo", "XK"),
    ("turkey", "TR"),
    ("türkiye", "TR"),
    ("turkiye", "TR"),
    ("ukraine", "UA"),
    ("malta", "MT"),
    ("cyprus", "CY"),
    ("israel", "IL"),
    ("uae", "AE"),
    ("unitedarabemirates", "AE"),
    ("ksa", "SA"),
    ("saudiarabia", "SA"),
    ("rsa", "ZA"),
    ("southafrica", "ZA"),
    ("india", "IN"),
    ("china", "CN"),
    ("jap", "JP"),
    ("japan", "JP"),
    ("singapore", "SG"),
    ("australia", "AU"),
    ("newzealand", "NZ"),
    ("canada", "CA"),
    ("mexico", "MX"),
    ("brazil", "BR"),
    ("brasil", "BR"),
    ("unitedstates", "US"),
    ("unitedstatesofamerica", "US"),
    ("zar", "CD"),
    ("tmp", "TL"),
    ("bur", "MM"),
];

const CURRENCIES: &[(&str, &str)] = &[
    ("euro", "EUR"),
    ("euros", "EUR"),
    ("eu", "EUR"),
    ("ukp", "GBP"),
    ("stg", "GBP"),
    ("gpb", "GBP"),
    ("pound", "GBP"),
    ("dollar", "USD"),
    ("sfr", "CHF"),
    ("fr", "CHF"),
    ("rmb", "CNY"),
    ("yen", "JPY"),
    ("nis", "ILS"),
    ("rur", "RUB"),
    ("tl", "TRY"),
    ("ytl", "TRY"),
    ("trl", "TRY"),
    ("zl", "PLN"),
    ("zł", "PLN"),
    ("plz", "PLN"),
    ("kc", "CZK"),
    ("kč", "CZK"),
    ("ft", "HUF"),
    ("dkr", "DKK"),
    ("skr", "SEK"),
    ("nkr", "NOK"),
    ("ikr", "ISK"),
    ("lei", "RON"),
    ("leu", "RON"),
    ("rol", "RON"),
    ("lev", "BGN"),
    ("bgl", "BGN"),
    ("kuna", "HRK"),
    ("dhs", "AED"),
    ("dh", "AED"),
    ("ntd", "TWD"),
    ("rs", "INR"),
    // Currencies that the euro took the place of before 2011.
    ("ats", "EUR"),
    ("bef", "EUR"),
    ("cyp", "EUR"),
    ("dem", "EUR"),
    ("dm", "EUR"),
    ("esp", "EUR"),
    ("fim", "EUR"),
    ("frf", "EUR"),
    ("grd", "EUR"),
    ("iep", "EUR"),
    ("itl", "EUR"),
    ("luf", "EUR"),
    ("mtl", "EUR"),
    ("nlg", "EUR"),
    ("pte", "EUR"),
    ("sit", "EUR"),
    ("skk", "EUR"),
];

const LANGUAGES: &[(&str, &str)] = &[
    ("eng", "en"),
    ("us", "en"),
    ("gb", "en"),
    ("english", "en"),
    ("deu", "de"),
    ("ger", "de"),
    ("german", "de"),
    ("deutsch", "de"),
    ("nld", "nl"),
    ("dut", "nl"),
    ("dutch", "nl"),
    ("fra", "fr"),
    ("fre", "fr"),
    ("french", "fr"),
    ("spa", "es"),
    ("ita", "it"),
    ("por", "pt"),
    ("pol", "pl"),
    ("dan", "da"),
    ("dk", "da"),
    ("swe", "sv"),
    ("nor", "no"),
    ("fin", "fi"),
    ("ces", "cs"),
    ("cze", "cs"),
    ("cz", "cs"),
    ("slk", "sk"),
    ("slo", "sk"),
    ("slv", "sl"),
    ("hun", "hu"),
    ("ron", "ro"),
    ("rum", "ro"),
    ("bul", "bg"),
    ("hrv", "hr"),
    ("ell", "el"),
    ("gre", "el"),
    ("gr", "el"),
    ("est", "et"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("ua", "uk"),
    ("rus", "ru"),
    ("zho", "zh"),
    ("chi", "zh"),
    ("cn", "zh"),
    ("jpn", "ja"),
    ("jp", "ja"),
    ("kor", "ko"),
    ("kr", "ko"),
    ("heb", "he"),
    ("iw", "he"),
    ("il", "he"),
    ("in", "id"),
    ("ji", "yi"),
    ("al", "sq"),
];

/// Names of clocks that only one zone has.
const ZONES: &[(&str, &str)] = &[
    ("bst", "Europe/London"),
    ("pst", "America/Los_Angeles"),
    ("pdt", "America/Los_Angeles"),
    ("edt", "America/New_York"),
    ("cdt", "America/Chicago"),
    ("mdt", "America/Denver"),
    ("jst", "Asia/Tokyo"),
    ("kst", "Asia/Seoul"),
    ("nzst", "Pacific/Auckland"),
    ("nzdt", "Pacific/Auckland"),
    ("aest", "Australia/Sydney"),
    ("aedt", "Australia/Sydney"),
];
