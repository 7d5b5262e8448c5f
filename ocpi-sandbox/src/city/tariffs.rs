//! Tariffs of the city.

use ocpi_types::v2_3_0::tariffs::{
    PriceComponent, PriceComponentInit, Tariff, TariffDimensionType, TariffElement, TariffElementInit,
    TariffInit, TariffRestrictions, TaxIncluded,
};
use ocpi_types::v2_3_0::types::{DisplayText, DisplayTextInit};
use ocpi_types::{Decimal, NonEmpty, Value as _};

use super::{Failure, Party, opening_day};

/// Six tariffs: plain, with a start fee, by time of day, with a parking fee, and two for direct current.
pub(super) fn tariffs(party: &Party<'_>) -> Result<Vec<Tariff>, Failure> {
    let energy = |cents| price(TariffDimensionType::Energy, cents);
    let by_night = TariffRestrictions {
        start_time: Some("23:00".parse()?),
        end_time: Some("07:00".parse()?),
        ..TariffRestrictions::blank()
    };
    let four_hours_later = TariffRestrictions { min_duration: Some(4 * 3600), ..TariffRestrictions::blank() };
    [
        ("AC-BASIC", "0.38 euro per kWh", vec![element(vec![energy(38)], None)?]),
        (
            "AC-START",
            "0.35 euro per kWh, and 0.40 euro to start",
            vec![element(vec![price(TariffDimensionType::Flat, 40), energy(35)], None)?],
        ),
        // The first element whose restrictions hold counts.
        (
            "AC-DAY-NIGHT",
            "0.27 euro per kWh from 23:00 to 07:00, otherwise 0.42 euro",
            vec![element(vec![energy(27)], Some(by_night))?, element(vec![energy(42)], None)?],
        ),
        (
            "AC-PARKING",
            "0.36 euro per kWh, and 2.40 euro per hour parked without charging after 4 hours",
            vec![
                element(vec![energy(36)], None)?,
                element(vec![price(TariffDimensionType::ParkingTime, 240)], Some(four_hours_later))?,
            ],
        ),
        ("DC-FAST", "0.59 euro per kWh", vec![element(vec![energy(59)], None)?]),
        ("DC-HIGH-POWER", "0.71 euro per kWh", vec![element(vec![energy(71)], None)?]),
    ]
    .into_iter()
    .map(|(id, text, elements)| tariff(party, id, text, elements))
    .collect()
}

fn tariff(party: &Party<'_>, id: &str, text: &str, elements: Vec<TariffElement>) -> Result<Tariff, Failure> {
    let text = format!("{text}, without VAT");
    let text: DisplayText = DisplayTextInit { language: "en".parse()?, text: text.try_into()? }.into();
    Ok(Tariff {
        tariff_alt_text: vec![text],
        ..TariffInit {
            country_code: party.country_code.parse()?,
            party_id: party.party_id.parse()?,
            id: id.parse()?,
            currency: "EUR".parse()?,
            elements: elements.try_into()?,
            tax_included: TaxIncluded::No,
            last_updated: opening_day()?,
        }
        .into()
    })
}

fn element(
    prices: Vec<PriceComponent>,
    restrictions: Option<TariffRestrictions>,
) -> Result<TariffElement, Failure> {
    let price_components = NonEmpty::try_from(prices)?;
    Ok(TariffElement {
        restrictions: restrictions.map(Box::new),
        ..TariffElementInit { price_components }.into()
    })
}

/// A price in euro cents without VAT, of which 21 percent come on top.
fn price(r#type: TariffDimensionType, cents: i64) -> PriceComponent {
    PriceComponent {
        vat: Some(Decimal::from(21)),
        ..PriceComponentInit { r#type, price: Decimal::new(cents, 2), step_size: 1 }.into()
    }
}
