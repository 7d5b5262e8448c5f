//! Tariffs, on their own and inside of CDRs.

use super::{DAY, Object, Random, TOWNS, Version, decimal, display_text, list, tariff_id, texts};

const TYPES: [&str; 4] = ["REGULAR", "AD_HOC_PAYMENT", "PROFILE_CHEAP", "PROFILE_GREEN"];

const WORKDAYS: [&str; 5] = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"];

/// Percent of tax on every price.
pub(super) const TAX: u64 = 20;

/// A tariff of three elements with its texts and limits.
pub(super) fn tariff(version: Version, number: usize, random: &mut Random) -> String {
    let country_code = random.pick(&TOWNS).country_code;
    let (least, most) = (random.between(20, 90), random.between(4_000, 9_000));
    let price = random.between(29, 79);
    let english = random.prose(format!(
        "Charging costs {price} cents per kWh and 1 euro to start; parking without charging costs extra by the minute"
    ));
    let dutch = random.prose(format!(
        "Laden kost {price} cent per kWh en 1 euro om te starten; parkeren zonder laden kost extra per minuut"
    ));
    let (begin, end) = (random.below(100 * DAY), random.between(200 * DAY, 360 * DAY));
    let path = format!("tariffs/{number}");
    let tariff = head(country_code, number, random)
        .raw("tariff_alt_text", list([display_text("en", &english), display_text("nl", &dutch)]))
        .text("tariff_alt_url", random.url(path))
        .raw("min_price", limit(version, least))
        .raw("max_price", limit(version, most))
        .raw("elements", list([by_day(price, random), by_energy(price, random), by_time(random)]));
    taxes(version, tariff, random)
        .text("start_date_time", random.time(begin))
        .text("end_date_time", random.time(end))
        .text("last_updated", random.time(begin))
        .end()
}

/// The tariff of a CDR: two elements and no texts.
pub(super) fn tariff_of_cdr(
    version: Version,
    country_code: &str,
    number: usize,
    price: u64,
    random: &mut Random,
) -> String {
    let changed = random.below(DAY);
    let tariff =
        head(country_code, number, random).raw("elements", list([by_day(price, random), by_time(random)]));
    taxes(version, tariff, random).text("last_updated", random.time(changed)).end()
}

/// Writes the members that tariffs begin with.
fn head(country_code: &str, number: usize, random: &mut Random) -> Object {
    Object::new()
        .text("country_code", country_code)
        .text("party_id", "BNC")
        .text("id", tariff_id(number))
        .text("currency", "EUR")
        .text("type", random.pick(&TYPES))
}

/// Says whether the prices hold tax, which 2.2.1 does not.
fn taxes(version: Version, tariff: Object, random: &mut Random) -> Object {
    match version {
        Version::V2_2_1 => tariff,
        Version::V2_3_0 => tariff.text("tax_included", random.pick(&["NO", "YES", "N/A"])),
    }
}

/// An amount in cents without and with tax. In 2.2.1 every price is written so, in 2.3.0 only limits are.
pub(super) fn limit(version: Version, cents: u64) -> String {
    let (net, gross) = match version {
        Version::V2_2_1 => ("excl_vat", "incl_vat"),
        Version::V2_3_0 => ("before_taxes", "after_taxes"),
    };
    Object::new().raw(net, decimal(cents, 2)).raw(gross, decimal(cents * (100 + TAX), 4)).end()
}

fn by_day(price: u64, random: &mut Random) -> String {
    let restrictions = Object::new()
        .text("start_time", format!("{:02}:00", random.between(5, 8)))
        .text("end_time", format!("{}:30", random.between(18, 22)))
        .raw("max_power", decimal(random.between(200, 3_500), 1))
        .raw("day_of_week", texts(&WORKDAYS));
    element([component("FLAT", 100, 1), component("ENERGY", price, 1)], restrictions)
}

fn by_energy(price: u64, random: &mut Random) -> String {
    let restrictions = Object::new()
        .text("start_date", "2026-01-01")
        .text("end_date", "2027-01-01")
        .raw("min_kwh", decimal(random.between(5, 60), 1))
        .raw("max_kwh", random.between(40, 90))
        .raw("min_current", 6)
        .raw("max_current", decimal(random.between(160, 1_250), 1));
    element([component("FLAT", 100, 1), component("ENERGY", price + 7, 1)], restrictions)
}

fn by_time(random: &mut Random) -> String {
    let restrictions = Object::new()
        .raw("min_duration", random.between(10, 60) * 60)
        .raw("max_duration", random.between(4, 24) * 3_600)
        .raw("day_of_week", texts(&["SATURDAY", "SUNDAY"]));
    let price = random.between(100, 400);
    element([component("TIME", price, 60), component("PARKING_TIME", price * 2, 300)], restrictions)
}

fn element(components: [String; 2], restrictions: Object) -> String {
    Object::new().raw("price_components", list(components)).raw("restrictions", restrictions.end()).end()
}

fn component(dimension: &str, cents: u64, step_size: u64) -> String {
    Object::new()
        .text("type", dimension)
        .raw("price", decimal(cents, 2))
        .raw("vat", TAX)
        .raw("step_size", step_size)
        .end()
}
