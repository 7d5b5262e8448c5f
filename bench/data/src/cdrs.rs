//! CDRs with their charging periods, tariff and signed meter values.

use super::tariffs::{TAX, limit, tariff_of_cdr};
use super::{
    DAY, Object, PLUGS, Plug, Random, STREETS, TOWNS, Town, Version, decimal, list, quoted, tariff_id,
};

/// Charging periods of a CDR.
const PERIODS: usize = 20;

/// Length of a charging period, and the energy charged in it.
struct Period {
    seconds: u64,
    /// In tenths of a watt-hour, which are ten-thousandths of the kilowatt-hours that are written.
    energy: u64,
}

pub(super) fn cdr(version: Version, number: usize, random: &mut Random) -> String {
    let (town, plug) = (random.pick(&TOWNS), random.pick(&PLUGS));
    let tariff = random.between(1, 400) as usize;
    let price = random.between(29, 79);
    let begin = random.between(2 * DAY, 300 * DAY);
    let periods: Vec<Period> = (0..PERIODS)
        .map(|_| Period { seconds: random.between(300, 1_200), energy: random.between(500, 20_000) })
        .collect();
    let seconds: u64 = periods.iter().map(|period| period.seconds).sum();
    let energy: u64 = periods.iter().map(|period| period.energy).sum();
    let (fixed_cost, energy_cost, time_cost) = (100, energy * price / 10_000, seconds * 150 / 3_600);
    let end = begin + seconds;
    let written = end + random.below(DAY);
    Object::new()
        .text("country_code", town.country_code)
        .text("party_id", "BNC")
        .text("id", format!("CDR{number:08}"))
        .text("start_date_time", random.time(begin))
        .text("end_date_time", random.time(end))
        .text("session_id", format!("SES{number:08}"))
        .raw("cdr_token", token(town.country_code, random))
        .text("auth_method", random.pick(&["AUTH_REQUEST", "COMMAND", "WHITELIST"]))
        .optional("authorization_reference", random.chance(50).then(|| quoted(random.hex(24))))
        .raw("cdr_location", location(&town, &plug, random))
        .text("meter_id", random.hex(12))
        .text("currency", "EUR")
        .raw("tariffs", list([tariff_of_cdr(version, town.country_code, tariff, price, random)]))
        .raw("charging_periods", charging_periods(begin, &periods, &tariff_id(tariff), random))
        .optional("signed_data", random.chance(30).then(|| signed_data(number, energy, random)))
        .raw("total_cost", cost(version, fixed_cost + energy_cost + time_cost))
        .raw("total_fixed_cost", cost(version, fixed_cost))
        .raw("total_energy", decimal(energy, 4))
        .raw("total_energy_cost", cost(version, energy_cost))
        .raw("total_time", hours(seconds))
        .raw("total_time_cost", cost(version, time_cost))
        .optional("remark", random.chance(20).then(|| remark(random)))
        .text("invoice_reference_id", format!("INV-2026-{:06}", number / 10 + 1))
        .text("last_updated", random.time(written))
        .end()
}

fn token(country_code: &str, random: &mut Random) -> String {
    Object::new()
        .text("country_code", country_code)
        .text("party_id", "EMS")
        .text("uid", random.hex(14))
        .text("type", random.pick(&["RFID", "RFID", "APP_USER", "AD_HOC_USER"]))
        .text(
            "contract_id",
            format!("{country_code}-EMS-C{:08}-{}", random.below(100_000_000), random.below(10)),
        )
        .end()
}

fn location(town: &Town, plug: &Plug, random: &mut Random) -> String {
    let (street, house) = (random.pick(&STREETS), random.between(1, 240));
    let (number, place) = (random.between(1, 999_999), random.between(1, 2));
    Object::new()
        .text("id", format!("LOC{number:06}"))
        .text("name", random.prose(street))
        .text("address", random.prose(format!("{street} {house}")))
        .text("city", random.prose(town.name))
        .text("postal_code", town.postal_code + random.below(60))
        .text("country", town.country)
        .raw("coordinates", random.coordinates(town))
        .text("evse_uid", format!("LOC{number:06}-{place}"))
        .text("evse_id", format!("{}*BNC*E{number:06}*{place}", town.country_code))
        .text("connector_id", random.between(1, 2))
        .text("connector_standard", plug.standard)
        .text("connector_format", plug.format)
        .text("connector_power_type", plug.power_type)
        .end()
}

/// Each period begins where the one before it ends. The third value of each is one that CDRs may have.
fn charging_periods(begin: u64, periods: &[Period], tariff: &str, random: &mut Random) -> String {
    let mut start = begin;
    list(periods.iter().map(|period| {
        let (third, most) = random.pick(&[("MAX_CURRENT", 320), ("MAX_POWER", 1_500), ("MIN_POWER", 110)]);
        let dimensions = [
            dimension("ENERGY", decimal(period.energy, 4)),
            dimension("TIME", hours(period.seconds)),
            dimension(third, decimal(random.between(60, most), 1)),
        ];
        let text = Object::new()
            .text("start_date_time", random.time(start))
            .raw("dimensions", list(dimensions))
            .text("tariff_id", tariff)
            .end();
        start += period.seconds;
        text
    }))
}

fn dimension(name: &str, volume: String) -> String {
    Object::new().text("type", name).raw("volume", volume).end()
}

/// So many seconds in hours.
fn hours(seconds: u64) -> String {
    decimal(seconds * 10_000 / 3_600, 4)
}

/// The meter's reading at the beginning and at the end, in the form that charge points sign.
fn signed_data(number: usize, energy: u64, random: &mut Random) -> String {
    let reading = random.between(10_000_000, 90_000_000);
    let readings = [("Start", reading), ("End", reading + energy)];
    let values = readings.map(|(nature, reading)| {
        let reading = decimal(reading, 4);
        let data = format!(
            r#"OCMF|{{\"FV\":\"1.0\",\"PG\":\"T{number}\",\"MS\":\"BNC1\",\"RV\":{reading},\"RU\":\"kWh\"}}"#
        );
        let signature = format!(r#"{data}|{{\"SD\":\"{}\"}}"#, random.hex(144));
        Object::new().text("nature", nature).text("plain_data", data).text("signed_data", signature).end()
    });
    Object::new()
        .text("encoding_method", "OCMF")
        .raw("encoding_method_version", 1)
        .text("public_key", random.hex(182))
        .raw("signed_values", list(values))
        .text("url", "https://www.example.org/signed")
        .end()
}

/// An amount in cents. 2.3.0 names the taxes where 2.2.1 adds them.
fn cost(version: Version, cents: u64) -> String {
    match version {
        Version::V2_2_1 => limit(version, cents),
        Version::V2_3_0 => {
            let tax = Object::new()
                .text("name", "VAT")
                .raw("percentage", TAX)
                .raw("amount", decimal(cents * TAX, 4));
            Object::new().raw("before_taxes", decimal(cents, 2)).raw("taxes", list([tax.end()])).end()
        }
    }
}

fn remark(random: &mut Random) -> String {
    quoted(random.prose("The driver ended the session at the charge point"))
}
