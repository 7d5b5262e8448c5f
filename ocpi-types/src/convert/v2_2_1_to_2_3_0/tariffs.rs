//! Tariffs of 2.2.1, whose prices exclude VAT, and of 2.3.0, which say whether their prices include tax.

use super::money::{IsExact, net};
use crate::convert::convert_to::{ConvertTo, convert_members};
use crate::convert::members::is_there;
use crate::convert::priced;
use crate::convert::{ConversionRule, Step, Unsupported};
use crate::v2_2_1::tariffs as old;
use crate::v2_3_0::tariffs as new;
use crate::v2_3_0::tariffs::{PriceLimit, TaxIncluded};
use crate::{Change, Decimal, NonEmpty};

convert_members! {
    |this, run| old::Tariff => new::Tariff;
    same {
        country_code party_id id currency r#type tariff_alt_text tariff_alt_url start_date_time end_date_time
        energy_mix last_updated
    }
    converted { min_price: min_price; max_price: max_price; elements: elements; }
    lost {}
    refusal { priced::obstacle(this, run) }
    first { priced::note_kept(&this, &this.elements, run); }
    made { preauthorize_amount: None; tax_included: TaxIncluded::No; }
    patch old::TariffPatch => new::TariffPatch;
    refusal { priced::obstacle_of_change(&this.elements, &this.extra, |_| false, run) }
    made {
        preauthorize_amount: Change::Keep;
        tax_included: if this.elements.as_set().is_some() { Change::Set(TaxIncluded::No) } else { Change::Keep };
    }
}

convert_members! {
    |this, run| new::Tariff => old::Tariff;
    same {
        country_code party_id id currency r#type tariff_alt_text tariff_alt_url start_date_time end_date_time
        energy_mix last_updated
    }
    converted { min_price: min_price; max_price: max_price; elements: elements; }
    lost { preauthorize_amount }
    refusal { price_obstacle(this, run) }
    obstacle { elements_obstacle(&this.elements, &this.tax_included, run) }
    first {
        priced::note_kept(&this, &this.elements, run);
        note_reading(&this.tax_included, run);
        let reading = this.tax_included.clone();
        run.member("elements", |run| net_prices(&mut this.elements, &reading, run))?;
    }
    patch new::TariffPatch => old::TariffPatch;
    refusal { change_obstacle(this, run) }
    first {
        let reading = reading_of(&this.tax_included, run).cloned();
        if let Err(unsupported) = net_change(&mut this.elements, reading, run) {
            run.note(unsupported.rule(), "elements", &this.elements);
            this.elements = Change::Keep;
        }
        match &this.tax_included {
            Change::Set(TaxIncluded::No) => {}
            // The prices that it is about are not in the PATCH: the partner goes on reading them as without tax.
            Change::Set(reading) if this.elements.as_set().is_none() => {
                run.note(ConversionRule::TaxReading, "tax_included", reading);
            }
            Change::Set(reading) => note_reading(reading, run),
            _ => {}
        }
    }
}

convert_members! {
    |this, run| old::TariffElement => new::TariffElement;
    same { price_components }
    converted { restrictions: restrictions; }
    lost {}
}

convert_members! {
    |this, run| new::TariffElement => old::TariffElement;
    same { price_components }
    converted { restrictions: restrictions; }
    lost {}
    // 2.2.1 has no bookings, so their prices can be left out.
    obstacle {
        is_for_bookings(this).then(|| Unsupported::at("booking", ConversionRule::Restriction).within("restrictions"))
    }
}

convert_members! {
    |this, run| old::TariffRestrictions => new::TariffRestrictions;
    same {
        start_time end_time start_date end_date min_kwh max_kwh min_current max_current min_power max_power
        min_duration max_duration day_of_week reservation
    }
    converted {}
    lost {}
    made { booking: None; }
}

convert_members! {
    |this, run| new::TariffRestrictions => old::TariffRestrictions;
    same {
        start_time end_time start_date end_date min_kwh max_kwh min_current max_current min_power max_power
        min_duration max_duration day_of_week reservation
    }
    converted {}
    lost {}
}

fn is_for_bookings(element: &new::TariffElement) -> bool {
    let is_it = |limits: &new::TariffRestrictions| is_there("booking", &limits.booking, &limits.extra);
    element.restrictions.as_deref().is_some_and(is_it)
}

/// Finds the reason for which a tariff would cost something else in 2.2.1, or for which its cost there is not known.
pub(super) fn price_obstacle(tariff: &new::Tariff, run: &Step<'_>) -> Option<Unsupported> {
    let is_left_out = |index: usize| tariff.elements.get(index).is_some_and(is_for_bookings);
    let limits = [("min_price", &tariff.min_price), ("max_price", &tariff.max_price)];
    limit_obstacle(limits, run)
        .or_else(|| elements_obstacle(&tariff.elements, &tariff.tax_included, run))
        .or_else(|| priced::obstacle_besides(tariff, is_left_out, run))
}

/// Finds the reason for which a PATCH cannot be sent in part: the partner would go on with the prices that it has.
fn change_obstacle(patch: &new::TariffPatch, run: &Step<'_>) -> Option<Unsupported> {
    const NONE: &Option<PriceLimit> = &None;
    let limits = [
        ("min_price", patch.min_price.as_set().unwrap_or(NONE)),
        ("max_price", patch.max_price.as_set().unwrap_or(NONE)),
    ];
    let elements = || {
        let elements = patch.elements.as_set().filter(|_| !run.changes_prices())?;
        match reading_of(&patch.tax_included, run) {
            Some(reading) => elements_obstacle(elements, reading, run),
            None => Some(Unsupported::at("elements", ConversionRule::TaxReading)),
        }
    };
    limit_obstacle(limits, run)
        .or_else(|| priced::obstacle_of_change(&patch.elements, &patch.extra, is_for_bookings, run))
        .or_else(elements)
}

/// Tax reading of the prices in a PATCH: as the PATCH states it, or else as the Tariff has it.
fn reading_of<'r>(tax_included: &'r Change<TaxIncluded>, run: &'r Step<'_>) -> Option<&'r TaxIncluded> {
    tax_included.as_set().or(run.context().tax_included.as_ref())
}

/// A limit of which an amount could not be read holds for the other amount only where that has another name.
fn limit_obstacle(limits: [(&str, &Option<PriceLimit>); 2], run: &Step<'_>) -> Option<Unsupported> {
    let is_broken = |limit: &PriceLimit| {
        ["before_taxes", "after_taxes"].iter().any(|name| limit.extra.get(name).is_some())
    };
    let broken = limits.into_iter().find(|(_, limit)| limit.as_ref().is_some_and(is_broken));
    broken
        .filter(|_| !run.changes_prices())
        .map(|(name, _)| Unsupported::at(name, ConversionRule::PriceLimit))
}

/// A price with tax is none of 2.2.1: it has to be known how to take the tax out. And there has to be an element that
/// can stay.
fn elements_obstacle(
    elements: &NonEmpty<new::TariffElement>,
    reading: &TaxIncluded,
    run: &Step<'_>,
) -> Option<Unsupported> {
    let gross = match reading {
        TaxIncluded::No | TaxIncluded::NotApplicable => None,
        TaxIncluded::Yes => gross_obstacle(elements),
        TaxIncluded::Custom(_) => return Some(Unsupported::at("tax_included", ConversionRule::TaxReading)),
    };
    let obstacle = gross.or_else(|| ConvertTo::<NonEmpty<old::TariffElement>>::obstacle(elements, run));
    obstacle.map(|unsupported| unsupported.within("elements"))
}

/// The first price of which the tax is not known.
fn gross_obstacle(elements: &[new::TariffElement]) -> Option<Unsupported> {
    elements.iter().enumerate().filter(|(_, element)| !is_for_bookings(element)).find_map(
        |(index, element)| {
            let unknown =
                element.price_components.iter().position(|component| net_price(component).is_none())?;
            let unsupported =
                Unsupported::at("price", ConversionRule::GrossPrice).within(&unknown.to_string());
            Some(unsupported.within("price_components").within(&index.to_string()))
        },
    )
}

/// The price without the tax that is in it. Nothing is nothing, with any tax.
fn net_price(component: &new::PriceComponent) -> Option<(Decimal, IsExact)> {
    match component.vat {
        _ if component.price == Decimal::ZERO => Some((component.price, IsExact(true))),
        Some(vat) => net(component.price, vat),
        None => None,
    }
}

/// Prices as 2.2.1 has them: without tax, and with no rate where none applies.
fn net_prices(
    elements: &mut NonEmpty<new::TariffElement>,
    reading: &TaxIncluded,
    run: &mut Step<'_>,
) -> Result<(), Unsupported> {
    match reading {
        TaxIncluded::Yes => take_tax_out(elements, run),
        // A rate that means nothing here would be charged there.
        TaxIncluded::NotApplicable => each_component(elements, run, |component, run| {
            if let Some(vat) = component.vat.take() {
                run.note(ConversionRule::NoTax, "vat", &vat);
            }
            Ok(())
        }),
        TaxIncluded::No | TaxIncluded::Custom(_) => Ok(()),
    }
}

fn take_tax_out(elements: &mut NonEmpty<new::TariffElement>, run: &mut Step<'_>) -> Result<(), Unsupported> {
    if let Some(unsupported) = gross_obstacle(elements) {
        return Err(unsupported);
    }
    each_component(elements, run, |component, run| {
        let (net, IsExact(is_exact)) =
            net_price(component).ok_or_else(|| Unsupported::at("price", ConversionRule::GrossPrice))?;
        if !is_exact {
            run.note(ConversionRule::PriceRounded, "price", &component.price);
        }
        component.price = net;
        Ok(())
    })
}

/// Does something with each price that stays.
fn each_component(
    elements: &mut NonEmpty<new::TariffElement>,
    run: &mut Step<'_>,
    act: impl Fn(&mut new::PriceComponent, &mut Step<'_>) -> Result<(), Unsupported>,
) -> Result<(), Unsupported> {
    for (index, element) in elements.iter_mut().enumerate().filter(|(_, element)| !is_for_bookings(element)) {
        run.element(index, |run| {
            run.member("price_components", |run| {
                for (index, component) in element.price_components.iter_mut().enumerate() {
                    run.element(index, |run| act(component, run))?;
                }
                Ok(())
            })
        })?;
    }
    Ok(())
}

/// Prices of a PATCH, of which it may not be said whether tax is in them.
fn net_change(
    elements: &mut Change<NonEmpty<new::TariffElement>>,
    reading: Option<TaxIncluded>,
    run: &mut Step<'_>,
) -> Result<(), Unsupported> {
    match (elements, reading) {
        (Change::Keep, _) => Ok(()),
        (
            Change::Set(elements),
            Some(reading @ (TaxIncluded::Yes | TaxIncluded::No | TaxIncluded::NotApplicable)),
        ) => run.member("elements", |run| net_prices(elements, &reading, run)),
        _ => Err(Unsupported::new(ConversionRule::TaxReading)),
    }
}

/// Notes the reading of the prices, which 2.2.1 does not state, because its prices are without VAT by definition.
fn note_reading(reading: &TaxIncluded, run: &mut Step<'_>) {
    let rule = match reading {
        TaxIncluded::No => return,
        TaxIncluded::Yes => ConversionRule::TaxTakenOut,
        TaxIncluded::NotApplicable => ConversionRule::NoTax,
        TaxIncluded::Custom(_) => ConversionRule::TaxReading,
    };
    run.note(rule, "tax_included", reading);
}
