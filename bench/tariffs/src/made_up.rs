//! Made-up tariffs and CDRs, without regard for what a good CPO would write: periods span price changes, readings are
//! missing, steps are odd.

use std::fmt::Write;

use chrono::{DateTime, SecondsFormat};
use fastrand::Rng;
use ocpi_types::Version;

use crate::engines::Document;

/// Kinds of components.
const KINDS: [&str; 4] = ["ENERGY", "TIME", "PARKING_TIME", "FLAT"];

/// Around these moments sessions start: weekdays and weekends, the turns of the year and of summer time.
const DAYS: [i64; 8] = [
    1_774_738_800, // 2026-03-28T23:00:00Z, the night in which summer time starts
    1_792_879_200, // 2026-10-24T22:00:00Z, the night in which it ends
    1_798_700_400, // 2026-12-31T07:00:00Z
    1_778_479_200, // 2026-05-11T06:00:00Z, a Monday
    1_778_868_000, // 2026-05-15T18:00:00Z, a Friday
    1_778_925_600, // 2026-05-16T10:00:00Z, a Saturday
    1_782_000_000, // 2026-06-21T00:00:00Z, a Sunday
    1_785_510_000, // 2026-07-31T15:00:00Z
];

/// Part that is left out of a case to see whether a difference comes from it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Part {
    /// `step_size` of time.
    TimeSteps,
    /// `step_size` of energy.
    EnergySteps,
    /// That hours have four decimals.
    Decimals,
    /// `min_current` and the like.
    Readings,
    /// `min_price` and `max_price`.
    Limits,
    /// Fees.
    Fees,
    /// Taxes.
    Taxes,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::TimeSteps,
        Self::EnergySteps,
        Self::Decimals,
        Self::Readings,
        Self::Limits,
        Self::Fees,
        Self::Taxes,
    ];

    /// In words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TimeSteps => "steps of time",
            Self::EnergySteps => "steps of energy",
            Self::Decimals => "the rounding of hours",
            Self::Readings => "bounds on current and power",
            Self::Limits => "min_price and max_price",
            Self::Fees => "fees",
            Self::Taxes => "taxes",
        }
    }
}

#[derive(Clone, Debug)]
struct Component {
    kind: &'static str,
    cents: u32,
    vat: Option<u32>,
    step: u32,
}

#[derive(Clone, Debug, Default)]
struct Element {
    components: Vec<Component>,
    restrictions: Vec<(&'static str, String)>,
}

#[derive(Clone, Debug)]
struct Period {
    seconds: i64,
    wh: u32,
    charging: i64,
    parking: i64,
    readings: Vec<(&'static str, u32)>,
}

/// A session and its tariff.
#[derive(Clone, Debug)]
pub struct Case {
    version: Version,
    start: i64,
    elements: Vec<Element>,
    min_price: Option<u32>,
    max_price: Option<u32>,
    periods: Vec<Period>,
    /// Hours are written as exactly as they can be.
    has_decimals: bool,
}

impl Case {
    /// The case with a number: always the same.
    #[must_use]
    pub fn numbered(number: u64) -> Self {
        let mut rng = Rng::with_seed(number);
        let is_old = number % 4 == 3;
        let vat = if is_old { None } else { rng.bool().then_some(21) };
        let mut elements: Vec<Element> =
            (0..rng.usize(0..3)).map(|_| element(&mut rng, is_old, vat, true)).collect();
        elements.push(element(&mut rng, is_old, vat, false));
        let limit = |rng: &mut Rng, from: u32| (!is_old && rng.u8(0..6) == 0).then(|| from + rng.u32(0..800));
        let (min_price, max_price) = (limit(&mut rng, 0), limit(&mut rng, 1_000));
        Self {
            version: if is_old { Version::V2_1_1 } else { Version::V2_2_1 },
            start: DAYS[rng.usize(0..DAYS.len())] + rng.i64(0..40) * 900,
            elements,
            min_price,
            max_price,
            periods: periods(&mut rng),
            has_decimals: false,
        }
    }

    /// The same without a part, in tariff and CDR alike.
    #[must_use]
    pub fn without(&self, part: Part) -> Self {
        let mut case = self.clone();
        match part {
            Part::TimeSteps => case.components(|component| {
                component.step = if component.kind == "ENERGY" { component.step } else { 1 };
            }),
            Part::EnergySteps => case.components(|component| {
                component.step = if component.kind == "ENERGY" { 1 } else { component.step };
            }),
            Part::Decimals => case.has_decimals = true,
            Part::Readings => {
                for element in &mut case.elements {
                    element
                        .restrictions
                        .retain(|(name, _)| !name.ends_with("current") && !name.ends_with("power"));
                }
            }
            Part::Limits => (case.min_price, case.max_price) = (None, None),
            Part::Fees => {
                for element in &mut case.elements {
                    element.components.retain(|component| component.kind != "FLAT");
                }
                case.elements.retain(|element| !element.components.is_empty());
            }
            Part::Taxes => case.components(|component| component.vat = None),
        }
        case
    }

    fn components(&mut self, change: impl Fn(&mut Component)) {
        self.elements.iter_mut().flat_map(|element| &mut element.components).for_each(change);
    }

    /// The CDR with the tariff in it.
    #[must_use]
    pub fn document(&self) -> Document {
        let text = if self.version == Version::V2_1_1 { self.text_of_2_1_1() } else { self.text_of_2_2_1() };
        Document { version: self.version, text, tariff: None, zone: chrono_tz::Tz::Europe__Amsterdam }
    }

    fn end(&self) -> i64 {
        self.start + self.periods.iter().map(|period| period.seconds).sum::<i64>()
    }

    /// To four decimals, as the specification wants hours, unless told otherwise.
    fn hours(&self, seconds: i64) -> String {
        if self.has_decimals {
            let small = (seconds * 1_000_000_000_000 + 1_800) / 3_600;
            return format!("{}.{:012}", small / 1_000_000_000_000, small % 1_000_000_000_000);
        }
        let small = (seconds * 10_000 + 1_800) / 3_600;
        format!("{}.{:04}", small / 10_000, small % 10_000)
    }

    fn kwh(&self) -> String {
        thousandths(self.periods.iter().map(|period| period.wh).sum())
    }

    fn text_of_2_1_1(&self) -> String {
        format!(
            r#"{{"id":"C","start_date_time":"{}","stop_date_time":"{}","auth_id":"A","auth_method":"WHITELIST",
"location":{{"id":"L","type":"ON_STREET","address":"A","city":"C","postal_code":"1","country":"NLD",
"coordinates":{{"latitude":"52.010000","longitude":"4.710000"}},"last_updated":"2026-01-01T00:00:00Z"}},
"currency":"EUR","tariffs":[{{"id":"T","currency":"EUR","elements":{},"last_updated":"2026-01-01T00:00:00Z"}}],
"charging_periods":{},"total_cost":0,"total_energy":{},"total_time":{},"last_updated":"{}"}}"#,
            time(self.start),
            time(self.end()),
            self.elements(),
            self.periods(""),
            self.kwh(),
            self.hours(self.end() - self.start),
            time(self.end()),
        )
    }

    fn text_of_2_2_1(&self) -> String {
        let mut limits = String::new();
        for (name, limit) in [("min_price", self.min_price), ("max_price", self.max_price)] {
            if let Some(cents) = limit {
                let _ = write!(
                    limits,
                    r#""{name}":{{"excl_vat":{},"incl_vat":{}}},"#,
                    euros(cents),
                    euros(cents * 121 / 100)
                );
            }
        }
        format!(
            r#"{{"country_code":"NL","party_id":"ALF","id":"C","start_date_time":"{}","end_date_time":"{}",
"cdr_token":{{"country_code":"NL","party_id":"EMP","uid":"1","type":"RFID","contract_id":"C"}},"auth_method":"WHITELIST",
"cdr_location":{{"id":"L","address":"A","city":"C","country":"NLD","coordinates":{{"latitude":"52.010000","longitude":"4.710000"}},
"evse_uid":"E","evse_id":"NL*ALF*E1","connector_id":"1","connector_standard":"IEC_62196_T2","connector_format":"SOCKET",
"connector_power_type":"AC_3_PHASE"}},"currency":"EUR",
"tariffs":[{{"country_code":"NL","party_id":"ALF","id":"T","currency":"EUR",{limits}"elements":{},"last_updated":"2026-01-01T00:00:00Z"}}],
"charging_periods":{},"total_cost":{{"excl_vat":0}},"total_energy":{},"total_time":{},"last_updated":"{}"}}"#,
            time(self.start),
            time(self.end()),
            self.elements(),
            self.periods(r#","tariff_id":"T""#),
            self.kwh(),
            self.hours(self.end() - self.start),
            time(self.end()),
        )
    }

    fn elements(&self) -> String {
        let elements = self.elements.iter().map(|element| {
            let components = element.components.iter().map(|component| {
                let vat = component.vat.map_or_else(String::new, |vat| format!(r#","vat":{vat}"#));
                let (kind, price, step) = (component.kind, euros(component.cents), component.step);
                format!(r#"{{"type":"{kind}","price":{price}{vat},"step_size":{step}}}"#)
            });
            let restrictions: Vec<String> =
                element.restrictions.iter().map(|(name, value)| format!(r#""{name}":{value}"#)).collect();
            let restrictions = if restrictions.is_empty() {
                String::new()
            } else {
                format!(r#","restrictions":{{{}}}"#, restrictions.join(","))
            };
            format!(r#"{{"price_components":{}{restrictions}}}"#, array(components))
        });
        array(elements)
    }

    fn periods(&self, tariff: &str) -> String {
        let mut start = self.start;
        let periods = self.periods.iter().map(|period| {
            let mut dimensions = Vec::new();
            let mut add = |kind: &str, volume: String| {
                dimensions.push(format!(r#"{{"type":"{kind}","volume":{volume}}}"#));
            };
            if period.wh > 0 {
                add("ENERGY", thousandths(period.wh));
            }
            if period.charging > 0 {
                add("TIME", self.hours(period.charging));
            }
            if period.parking > 0 {
                add("PARKING_TIME", self.hours(period.parking));
            }
            for (kind, value) in &period.readings {
                add(kind, value.to_string());
            }
            let text = format!(
                r#"{{"start_date_time":"{}","dimensions":{}{tariff}}}"#,
                time(start),
                array(dimensions.into_iter())
            );
            start += period.seconds;
            text
        });
        array(periods)
    }
}

fn element(rng: &mut Rng, is_old: bool, vat: Option<u32>, is_restricted: bool) -> Element {
    let mut components: Vec<Component> = Vec::new();
    for kind in KINDS {
        if rng.bool() {
            let step = match kind {
                "ENERGY" => [1, 1, 1, 100, 500, 1_000][rng.usize(0..6)],
                "FLAT" => 1,
                _ => [1, 1, 60, 60, 300, 900][rng.usize(0..6)],
            };
            components.push(Component { kind, cents: rng.u32(0..500), vat, step });
        }
    }
    if components.is_empty() {
        components.push(Component { kind: "ENERGY", cents: 45, vat, step: 1 });
    }
    let restrictions = if is_restricted { restrictions(rng, is_old) } else { Vec::new() };
    Element { components, restrictions }
}

fn restrictions(rng: &mut Rng, is_old: bool) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    let clock = |rng: &mut Rng| format!(r#""{:02}:{:02}""#, rng.u8(0..24), rng.u8(0..4) * 15);
    match rng.u8(0..7) {
        0 => all.extend([("start_time", clock(rng)), ("end_time", clock(rng))]),
        1 => all.push(("day_of_week", r#"["MONDAY","TUESDAY","WEDNESDAY","THURSDAY","FRIDAY"]"#.to_owned())),
        2 => all.push(("max_kwh", rng.u32(1..30).to_string())),
        3 => all.push(("min_kwh", rng.u32(1..30).to_string())),
        4 => all.push(("max_duration", (rng.u32(1..12) * 900).to_string())),
        5 => all.push(("min_duration", (rng.u32(1..12) * 900).to_string())),
        _ => {}
    }
    if all.is_empty() || rng.u8(0..4) == 0 {
        match rng.u8(0..5) {
            0 => all.push(("max_power", rng.u32(5..40).to_string())),
            1 => all.push(("min_power", rng.u32(5..40).to_string())),
            2 if !is_old => all.push(("max_current", rng.u32(8..40).to_string())),
            3 if !is_old => all.push(("min_current", rng.u32(8..40).to_string())),
            _ => all.push(("start_date", r#""2026-05-16""#.to_owned())),
        }
    }
    all
}

fn periods(rng: &mut Rng) -> Vec<Period> {
    let mut periods: Vec<Period> = (0..rng.usize(1..6)).map(|_| charging(rng)).collect();
    if rng.bool() {
        let seconds = length(rng);
        let parking = Period { seconds, wh: 0, charging: 0, parking: seconds, readings: Vec::new() };
        // Some cars start again.
        let place = if rng.u8(0..4) == 0 { rng.usize(0..=periods.len()) } else { periods.len() };
        periods.insert(place, parking);
    }
    periods
}

fn charging(rng: &mut Rng) -> Period {
    let seconds = length(rng);
    // A few periods hold both, though a new one was due.
    let parking = if rng.u8(0..10) == 0 { seconds / 3 } else { 0 };
    let kw = rng.u32(1..50);
    let wh = u32::try_from(i64::from(kw) * 1_000 * seconds / 3_600).unwrap_or_default();
    let readings = match rng.u8(0..3) {
        0 => Vec::new(),
        1 => vec![("MIN_CURRENT", kw), ("MAX_CURRENT", kw), ("MIN_POWER", kw), ("MAX_POWER", kw)],
        _ => vec![("MIN_CURRENT", kw), ("MAX_CURRENT", kw + 5), ("MIN_POWER", kw), ("MAX_POWER", kw + 5)],
    };
    Period { seconds, wh, charging: seconds - parking, parking, readings }
}

/// Whole minutes, or not.
fn length(rng: &mut Rng) -> i64 {
    if rng.bool() { rng.i64(1..120) * 60 } else { rng.i64(1..9_000) }
}

fn array(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

fn time(seconds: i64) -> String {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn thousandths(wh: u32) -> String {
    format!("{}.{:03}", wh / 1_000, wh % 1_000)
}

fn euros(cents: u32) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}
