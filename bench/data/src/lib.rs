//! Pages of OCPI objects to measure with, as JSON text.
//!
//! The same version, count and seed give the same page on every machine. The text is put together by formatting,
//! so that no contender's writer shapes it: compact, the members in the order of the specification, everything
//! conformant. [`dirty`] and [`sorted_pretty`] then make of a page what partners also send.

mod cdrs;
mod locations;
mod tariffs;

use std::fmt::Display;

/// A version of OCPI that pages come in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Version {
    /// 2.2.1.
    V2_2_1,
    /// 2.3.0.
    V2_3_0,
}

impl Version {
    /// All versions that pages come in.
    pub const ALL: [Self; 2] = [Self::V2_2_1, Self::V2_3_0];

    /// Its name: `2.2.1`.
    pub fn name(self) -> &'static str {
        match self {
            Self::V2_2_1 => "2.2.1",
            Self::V2_3_0 => "2.3.0",
        }
    }
}

/// A page of `count` locations with two EVSEs of two connectors each: 3 to 4 kB apiece.
pub fn locations(version: Version, count: usize, seed: u64) -> String {
    page(count, seed, |number, random| locations::location(version, number, random))
}

/// A page of `count` CDRs with 20 charging periods and the tariff that applied: about 6 kB apiece.
pub fn cdrs(version: Version, count: usize, seed: u64) -> String {
    page(count, seed, |number, random| cdrs::cdr(version, number, random))
}

/// A page of `count` tariffs with three elements: about 1.5 kB apiece.
pub fn tariffs(version: Version, count: usize, seed: u64) -> String {
    page(count, seed, |number, random| tariffs::tariff(version, number, random))
}

fn page(count: usize, seed: u64, object: impl Fn(usize, &mut Random) -> String) -> String {
    let mut random = Random::new(seed);
    list((1..=count).map(|number| object(number, &mut random)))
}

/// Text between two objects of a page, and nowhere inside of one: only pages are lists of several objects that begin
/// with a country.
const BORDER: &str = "},{\"country_code\":";

/// The page with deviations in every object: numbers in quotes, a `null` for a member that could be left out, a
/// member that no specification has, a time with an offset and an enum value that does not exist.
pub fn dirty(page: &str) -> String {
    let objects: Vec<String> = page.split(BORDER).map(dirty_object).collect();
    objects.join(BORDER)
}

fn dirty_object(object: &str) -> String {
    let unknown = "\"partner_note\":{\"batch\":17,\"tags\":[\"a\",\"b\"]},\"party_id\":";
    let text = object.replacen("\"party_id\":", unknown, 1);
    // Locations and CDRs have the first of these, tariffs the other.
    let text = text.replacen("\"country\":", "\"state\":null,\"country\":", 1);
    let text = text.replace("\"elements\":", "\"energy_mix\":null,\"elements\":");
    let text = ["max_amperage", "step_size", "total_energy"].iter().fold(text, quote_numbers);
    offset_last_time(&replace_enum_value(&text))
}

/// Puts every number that is a value of this member in quotes.
fn quote_numbers(text: String, member: &&str) -> String {
    let name = format!("\"{member}\":");
    let mut quoted = String::with_capacity(text.len() + 64);
    let mut rest = text.as_str();
    while let Some(at) = rest.find(&name) {
        let (before, value) = rest.split_at(at + name.len());
        let (number, after) = value.split_at(value.find([',', '}']).unwrap_or(value.len()));
        quoted += before;
        quoted += &format!("\"{number}\"");
        rest = after;
    }
    quoted + rest
}

/// Puts a value that does not exist in place of the first one of an enum: in locations that of an EVSE's status,
/// in CDRs the way of authentication, in tariffs their type.
fn replace_enum_value(text: &str) -> String {
    let names = ["\"status\":\"", "\"auth_method\":\"", "\"type\":\""];
    let Some(start) = names.iter().find_map(|name| Some(text.find(*name)? + name.len())) else {
        return text.to_owned();
    };
    let end = text[start..].find('"').map_or(text.len(), |length| start + length);
    format!("{}HOVERING{}", &text[..start], &text[end..])
}

/// Gives the last time in the text an offset from UTC.
fn offset_last_time(text: &str) -> String {
    let name = "\"last_updated\":\"";
    let Some(at) = text.rfind(name) else {
        return text.to_owned();
    };
    let (before, rest) = text.split_at(at + name.len() + "2026-01-01T00:00:00".len());
    format!("{before}+01:00{}", rest.strip_prefix('Z').unwrap_or(rest))
}

/// The page with the members of all objects in alphabetical order, a member on each line.
///
/// It is `serde_json` that sorts, as long as nobody turns on its feature `preserve_order`.
///
/// # Panics
/// When the page is not JSON.
pub fn sorted_pretty(page: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(page).expect("a page is JSON");
    serde_json::to_string_pretty(&value).expect("every value can be written")
}

/// The text of a JSON object that is being written.
struct Object(String);

impl Object {
    fn new() -> Self {
        Self(String::from("{"))
    }

    /// Adds a member whose value is JSON already.
    fn raw(mut self, name: &str, value: impl Display) -> Self {
        let comma = if self.0.len() > 1 { "," } else { "" };
        self.0 += &format!("{comma}\"{name}\":{value}");
        self
    }

    /// Adds a member with a text, whose quotes and backslashes are escaped already.
    fn text(self, name: &str, value: impl Display) -> Self {
        self.raw(name, quoted(value))
    }

    /// Adds a member with JSON, if there is some.
    fn optional(self, name: &str, value: Option<String>) -> Self {
        match value {
            Some(value) => self.raw(name, value),
            None => self,
        }
    }

    fn end(self) -> String {
        self.0 + "}"
    }
}

fn quoted(text: impl Display) -> String {
    format!("\"{text}\"")
}

/// A list of values that are JSON already.
fn list(values: impl IntoIterator<Item = String>) -> String {
    let values: Vec<String> = values.into_iter().collect();
    format!("[{}]", values.join(","))
}

fn texts(values: &[&str]) -> String {
    list(values.iter().map(quoted))
}

/// `units` of the size 0.1, 0.01 and so on as a number, without zeros at its end.
fn decimal(units: u64, places: u32) -> String {
    let (scale, width) = (10_u64.pow(places), places as usize);
    let number = format!("{}.{:0width$}", units / scale, units % scale);
    number.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn display_text(language: &str, text: &str) -> String {
    Object::new().text("language", language).text("text", text).end()
}

/// Seconds of a day.
const DAY: u64 = 86_400;

/// Pseudo-random numbers, and texts of them, by xorshift64*.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        // Spreads small seeds over all bits. A state of zero would stay zero.
        Self(seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn draw(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32
    }

    /// From zero to just below `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.draw() % end
    }

    /// From `low` to `high`, both included.
    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    /// True in so many of a hundred cases.
    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }

    fn hex(&mut self, digits: usize) -> String {
        (0..digits).map(|_| self.pick(b"0123456789abcdef") as char).collect()
    }

    /// A text that people wrote: two of five have an escape or a letter outside ASCII. Together with the URLs
    /// these are about one in twenty of all texts of a location.
    fn prose(&mut self, text: impl Display) -> String {
        const ENDINGS: [&str; 6] = [r#" \"Zuid\""#, r" caf\u00e9", r" A\/B", " Süd", " Île", " Åsen"];
        let ending = if self.chance(40) { self.pick(&ENDINGS) } else { "" };
        format!("{text}{ending}")
    }

    /// A URL; three of ten have their slashes escaped, as some writers of JSON do.
    fn url(&mut self, path: impl Display) -> String {
        let url = format!("https://www.example.org/{path}");
        if self.chance(30) { url.replace('/', "\\/") } else { url }
    }

    /// The time so many seconds after the beginning of 2026, which must be less than a year; one of twenty is
    /// written without `Z`.
    fn time(&mut self, seconds: u64) -> String {
        const MONTHS: [u64; 11] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30];
        let (mut month, mut day) = (1, seconds / DAY + 1);
        for length in MONTHS {
            if day > length {
                day -= length;
                month += 1;
            } else {
                break;
            }
        }
        let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
        let zone = if self.chance(5) { "" } else { "Z" };
        format!("2026-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}")
    }

    /// A place not far from the middle of the town, with five or six decimals.
    fn coordinates(&mut self, town: &Town) -> String {
        let (latitude, longitude) = (self.degrees(town.latitude), self.degrees(town.longitude));
        Object::new().text("latitude", latitude).text("longitude", longitude).end()
    }

    fn degrees(&mut self, about: u64) -> String {
        let millionths = about + self.below(60_000);
        let (whole, part) = (millionths / 1_000_000, millionths % 1_000_000);
        if self.chance(50) { format!("{whole}.{part:06}") } else { format!("{whole}.{:05}", part / 10) }
    }
}

/// Where locations are.
#[derive(Clone, Copy)]
struct Town {
    name: &'static str,
    country_code: &'static str,
    country: &'static str,
    time_zone: &'static str,
    postal_code: u64,
    /// In millionths of a degree.
    latitude: u64,
    longitude: u64,
}

#[rustfmt::skip]
const TOWNS: [Town; 6] = [
    Town { name: "Utrecht", country_code: "NL", country: "NLD", time_zone: "Europe/Amsterdam", postal_code: 3511, latitude: 52_080_000, longitude: 5_090_000 },
    Town { name: "Gent", country_code: "BE", country: "BEL", time_zone: "Europe/Brussels", postal_code: 9000, latitude: 51_030_000, longitude: 3_700_000 },
    Town { name: "Hamburg", country_code: "DE", country: "DEU", time_zone: "Europe/Berlin", postal_code: 20_095, latitude: 53_530_000, longitude: 9_960_000 },
    Town { name: "Lyon", country_code: "FR", country: "FRA", time_zone: "Europe/Paris", postal_code: 69_001, latitude: 45_730_000, longitude: 4_810_000 },
    Town { name: "Graz", country_code: "AT", country: "AUT", time_zone: "Europe/Vienna", postal_code: 8010, latitude: 47_040_000, longitude: 15_410_000 },
    Town { name: "Bergen", country_code: "NO", country: "NOR", time_zone: "Europe/Oslo", postal_code: 5003, latitude: 60_360_000, longitude: 5_300_000 },
];

const STREETS: [&str; 6] =
    ["Station Road", "Market Street", "Mill Lane", "Harbour Quay", "Linden Avenue", "Abbey Square"];

/// A kind of connector.
#[derive(Clone, Copy)]
struct Plug {
    standard: &'static str,
    format: &'static str,
    power_type: &'static str,
    volts: u64,
    amperes: u64,
    watts: u64,
}

#[rustfmt::skip]
const PLUGS: [Plug; 5] = [
    Plug { standard: "IEC_62196_T2", format: "SOCKET", power_type: "AC_3_PHASE", volts: 230, amperes: 32, watts: 22_080 },
    Plug { standard: "IEC_62196_T2", format: "CABLE", power_type: "AC_3_PHASE", volts: 230, amperes: 16, watts: 11_040 },
    Plug { standard: "IEC_62196_T2_COMBO", format: "CABLE", power_type: "DC", volts: 920, amperes: 350, watts: 150_000 },
    Plug { standard: "CHADEMO", format: "CABLE", power_type: "DC", volts: 500, amperes: 125, watts: 50_000 },
    Plug { standard: "DOMESTIC_F", format: "SOCKET", power_type: "AC_1_PHASE", volts: 230, amperes: 16, watts: 3_680 },
];

/// The id of one of the operator's tariffs.
fn tariff_id(number: usize) -> String {
    format!("TARIFF-{number:06}")
}
