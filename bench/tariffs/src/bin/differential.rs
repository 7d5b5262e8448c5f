//! Prices the same CDRs with this library and with `ocpi-tariffs`, an engine by others, and explains every difference:
//! `differential [CDRS] [OUT]`. Ends with a failure if one is left unexplained.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::ExitCode;

use ocpi_bench_tariffs::data::{self, ZONE};
use ocpi_bench_tariffs::total;
use ocpi_pricing::policy::{Hours, Steps};
use ocpi_pricing::{Plan, Policy, Pricer, Usage};
use ocpi_types::{Decimal, json, v2_2_1};

/// Tariffs that between them use most of what 2.2.1 has.
const TARIFFS: [(&str, &str); 10] = [
    ("energy", r#"[{"price_components":[{"type":"ENERGY","price":0.25,"vat":20,"step_size":1}]}]"#),
    (
        "energy in steps, fee",
        r#"[{"price_components":[{"type":"ENERGY","price":0.35,"vat":20,"step_size":500},{"type":"FLAT","price":0.5,"vat":20,"step_size":1}]}]"#,
    ),
    ("time", r#"[{"price_components":[{"type":"TIME","price":2.00,"vat":20,"step_size":60}]}]"#),
    (
        "time and parking",
        r#"[{"price_components":[{"type":"TIME","price":1.00,"vat":20,"step_size":900},{"type":"PARKING_TIME","price":2.00,"vat":20,"step_size":300}]}]"#,
    ),
    ("day and night", data::DAY_AND_NIGHT),
    (
        "weekdays",
        r#"[{"price_components":[{"type":"ENERGY","price":0.50,"vat":20,"step_size":1}],"restrictions":{"day_of_week":["MONDAY","TUESDAY","WEDNESDAY","THURSDAY","FRIDAY"]}},{"price_components":[{"type":"ENERGY","price":0.30,"vat":20,"step_size":1}]}]"#,
    ),
    (
        "by energy",
        r#"[{"price_components":[{"type":"ENERGY","price":0.20,"vat":20,"step_size":1}],"restrictions":{"max_kwh":10}},{"price_components":[{"type":"ENERGY","price":0.40,"vat":20,"step_size":1}]}]"#,
    ),
    (
        "by duration",
        r#"[{"price_components":[{"type":"TIME","price":1.00,"vat":20,"step_size":1}],"restrictions":{"max_duration":3600}},{"price_components":[{"type":"TIME","price":3.00,"vat":20,"step_size":1}]}]"#,
    ),
    (
        "by power",
        r#"[{"price_components":[{"type":"ENERGY","price":0.20,"vat":20,"step_size":1}],"restrictions":{"max_power":16}},{"price_components":[{"type":"ENERGY","price":0.50,"vat":20,"step_size":1}]}]"#,
    ),
    (
        "overnight",
        r#"[{"price_components":[{"type":"TIME","price":0.50,"vat":20,"step_size":1}],"restrictions":{"start_time":"22:00","end_time":"06:00"}},{"price_components":[{"type":"TIME","price":1.50,"vat":20,"step_size":1}]}]"#,
    ),
];

/// What a difference comes from.
const CLASSES: [(&str, &str); 5] = [
    ("the same", "to a hundredth of a cent"),
    (
        "hours as written",
        "they bill hours as written, four decimals; we bill the whole seconds that these are a rounding of (policy `hours`)",
    ),
    (
        "steps",
        "they apply `step_size` otherwise: to each dimension, or not at all (policy `steps`; 2.2.1 mod_cdrs §step_size, errata C6)",
    ),
    (
        "rounding of hours",
        "they round durations to whole seconds or amounts to four decimals on the way; ours is exact: less than a cent apart",
    ),
    ("they give no price", "their engine refuses the CDR"),
];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let count: usize = arguments.next().map_or(3_000, |count| count.parse().expect("a number of CDRs"));
    let out = arguments.next();
    let mut classes: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut unexplained = Vec::new();
    let mut compared = 0;
    for (place, (name, elements)) in TARIFFS.iter().enumerate() {
        let every = if place % 2 == 0 { None } else { Some(900) };
        for cdr in data::cdrs(elements, count / TARIFFS.len(), every, 100 + place as u64) {
            compared += 1;
            match class(&cdr) {
                Ok(class) => *classes.entry(class).or_default().entry(name).or_default() += 1,
                Err(difference) => unexplained.push(format!("{name}: {difference}")),
            }
        }
    }
    let mut text = format!(
        "# Differences to another engine\n\nWritten by `just differential`: {compared} made-up CDRs of 2.2.1 by {} tariffs, priced by this \
         library and by\n`ocpi-tariffs` 0.54.0. Each difference is explained by what makes it go away.\n\n| class | CDRs | why |\n|---|--:|---|\n",
        TARIFFS.len()
    );
    for (class, why) in CLASSES {
        let count: usize = classes.get(class).map_or(0, |tariffs| tariffs.values().sum());
        let _ = writeln!(text, "| {class} | {count} | {why} |");
    }
    let _ = writeln!(text, "| unexplained | {} | |", unexplained.len());
    text.push_str("\n| class | tariff | CDRs |\n|---|---|--:|\n");
    for (class, tariffs) in &classes {
        for (tariff, count) in tariffs {
            let _ = writeln!(text, "| {class} | {tariff} | {count} |");
        }
    }
    print!("{text}");
    for line in unexplained.iter().take(10) {
        println!("{line}");
    }
    if let Some(out) = out {
        std::fs::write(out, text).expect("it is written");
    }
    if unexplained.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn class(cdr: &v2_2_1::cdrs::Cdr) -> Result<&'static str, String> {
    let text = json::to_string(cdr);
    let Some(theirs) = total(&text) else { return Ok("they give no price") };
    let usage = Usage::from(cdr).with_time_zone(ZONE).expect("a zone");
    let ours = |policy: Policy| {
        let pricer = Pricer::with_policy(cdr.tariffs.iter().map(Plan::from), policy);
        let total = pricer.price(&usage).ok().and_then(|bill| bill.total());
        total.and_then(|total| total.before_taxes)
    };
    let by = |change: fn(&mut Policy)| {
        let mut policy = Policy::default();
        change(&mut policy);
        ours(policy)
    };
    let exact = ours(Policy::default()).ok_or("ours gives no price")?;
    let near = |amount: Option<Decimal>, tolerance: Decimal| {
        amount.is_some_and(|amount| {
            let (low, high) = if amount < theirs { (amount, theirs) } else { (theirs, amount) };
            high.checked_sub(low).is_some_and(|difference| difference <= tolerance)
        })
    };
    let (fine, cent) = (Decimal::new(1, 4), Decimal::new(1, 2));
    if near(Some(exact), fine) {
        Ok("the same")
    } else if near(by(|policy| policy.hours = Hours::AsWritten), fine) {
        Ok("hours as written")
    } else if [Steps::EachDimension, Steps::Ignored, Steps::EachPeriod].into_iter().any(|steps| {
        let mut policy = Policy::default();
        policy.steps = steps;
        let mut written = policy;
        written.hours = Hours::AsWritten;
        near(ours(policy), fine) || near(ours(written), fine)
    }) {
        Ok("steps")
    } else if near(Some(exact), cent) {
        Ok("rounding of hours")
    } else {
        Err(format!("ours {exact}, theirs {theirs}: {text}"))
    }
}
