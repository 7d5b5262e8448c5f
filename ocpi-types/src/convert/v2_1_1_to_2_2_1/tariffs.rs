//! Tariffs of 2.1.1 and 2.2.1. Prices of both exclude VAT.

use crate::convert::convert_to::{ConvertTo, convert_members};
use crate::convert::members::is_there;
use crate::convert::owner::Side;
use crate::convert::priced;
use crate::convert::{ConversionRule, Step, Unsupported};
use crate::v2_1_1::tariffs as old;
use crate::v2_2_1::tariffs as new;
use crate::v2_2_1::types::Price;
use crate::{Change, Decimal, Extra, NonEmpty, Value};

convert_members! {
    |this, run| old::Tariff => new::Tariff;
    same { currency tariff_alt_text tariff_alt_url last_updated }
    converted { id: id; elements: elements; energy_mix: energy_mix; }
    lost {}
    refusal { priced::obstacle(this, run) }
    first {
        let owner = run.owner(Side::Cpo, &mut this.extra)?;
        run.note(ConversionRule::Vat, "elements", &run.context().vat);
        priced::note_kept(&this, &this.elements, run);
    }
    made {
        country_code: owner.country_code;
        party_id: owner.party_id;
        r#type: None;
        min_price: None;
        max_price: None;
        start_date_time: None;
        end_date_time: None;
    }
    patch old::TariffPatch => new::TariffPatch;
    refusal { priced::obstacle_of_change(&this.elements, &this.extra, |_| false, run) }
    first {
        let (country_code, party_id) = run.owner_change(Side::Cpo, &mut this.extra)?;
        if this.elements.as_set().is_some() {
            run.note(ConversionRule::Vat, "elements", &run.context().vat);
        }
    }
    made {
        country_code: country_code;
        party_id: party_id;
        r#type: Change::Keep;
        min_price: Change::Keep;
        max_price: Change::Keep;
        start_date_time: Change::Keep;
        end_date_time: Change::Keep;
    }
}

convert_members! {
    |this, run| new::Tariff => old::Tariff;
    same { currency tariff_alt_text tariff_alt_url last_updated }
    converted { id: id; elements: elements; energy_mix: energy_mix; }
    lost { r#type }
    refusal { kind_obstacle(this, run).or_else(|| price_obstacle(this, run)) }
    obstacle { elements_obstacle(&this.elements, run) }
    first {
        run.lose_owner(Side::Cpo, &this.country_code, &this.party_id);
        lose_validity(&this.start_date_time, &this.end_date_time, run);
        lose_limits(&this.min_price, &this.max_price, run);
        priced::note_kept(&this, &this.elements, run);
    }
    patch new::TariffPatch => old::TariffPatch;
    refusal { change_obstacle(this, run) }
    first {
        run.lose_owner_change(Side::Cpo, &this.country_code, &this.party_id);
        lose_validity(&this.start_date_time, &this.end_date_time, run);
        lose_limits(&this.min_price, &this.max_price, run);
    }
}

convert_members! {
    |this, run| old::TariffElement => new::TariffElement;
    same {}
    converted { price_components: price_components; restrictions: restrictions; }
    lost {}
}

convert_members! {
    |this, run| new::TariffElement => old::TariffElement;
    same {}
    converted { price_components: price_components; restrictions: restrictions; }
    lost {}
    // 2.1.1 has no reservations, so their prices can be left out.
    obstacle {
        is_for_reservations(this).then(|| Unsupported::at("reservation", ConversionRule::Restriction).within("restrictions"))
    }
}

convert_members! {
    |this, run| old::PriceComponent => new::PriceComponent;
    same { r#type price step_size }
    converted {}
    lost {}
    made { vat: run.context().vat; }
}

convert_members! {
    |this, run| new::PriceComponent => old::PriceComponent;
    same { r#type price step_size }
    converted {}
    lost { vat }
}

convert_members! {
    |this, run| old::TariffRestrictions => new::TariffRestrictions;
    same {
        start_time end_time start_date end_date min_kwh max_kwh min_power max_power min_duration max_duration
        day_of_week
    }
    converted {}
    lost {}
    made { min_current: None; max_current: None; reservation: None; }
}

convert_members! {
    |this, run| new::TariffRestrictions => old::TariffRestrictions;
    same {
        start_time end_time start_date end_date min_kwh max_kwh min_power max_power min_duration max_duration
        day_of_week
    }
    converted {}
    lost {}
    first {
        for (name, limit) in currents(&this) {
            if let (Some(limit), true) = (limit, run.changes_prices()) {
                run.note(ConversionRule::Restriction, name, &limit);
            }
        }
        if let Some(unsupported) = current_obstacle(&this).filter(|_| !run.changes_prices()) {
            return Err(unsupported);
        }
    }
}

/// Notes the validity of a tariff as lost: a conversion does not know the time.
fn lose_validity<T: Value>(start: &T, end: &T, run: &mut Step<'_>) {
    for (name, time) in [("start_date_time", start), ("end_date_time", end)] {
        if !time.is_absent() {
            run.note(ConversionRule::Validity, name, time);
        }
    }
}

/// A least or most price.
fn lose_limits<T: Value>(least: &T, most: &T, run: &mut Step<'_>) {
    for (name, limit) in [("min_price", least), ("max_price", most)] {
        if !limit.is_absent() {
            run.note(ConversionRule::PriceLimit, name, limit);
        }
    }
}

/// Whether the least price is 0 and no price is below that. In 2.1.1 no energy is fed back.
fn limits_nothing(tariff: &new::Tariff) -> bool {
    let is_zero = |amount: Decimal| amount == Decimal::ZERO;
    let is_none = |least: &Price| {
        least.extra.is_empty()
            && !least.extra.has_notes()
            && is_zero(least.excl_vat)
            && least.incl_vat.is_none_or(is_zero)
    };
    let mut components = tariff.elements.iter().flat_map(|element| element.price_components.iter());
    tariff.min_price.as_ref().is_some_and(is_none)
        && components.all(|component| component.price >= Decimal::ZERO)
}

fn kind_obstacle(tariff: &new::Tariff, run: &Step<'_>) -> Option<Unsupported> {
    if run.changes_prices() { None } else { type_obstacle(tariff.r#type.as_ref(), &tariff.extra) }
}

/// Finds the reason for which a tariff would cost something else in 2.1.1, or for which its cost there is not known.
/// Inside a CDR, its kind is no matter: it was the one that held.
pub(super) fn price_obstacle(tariff: &new::Tariff, run: &Step<'_>) -> Option<Unsupported> {
    let is_left_out = |index: usize| tariff.elements.get(index).is_some_and(is_for_reservations);
    let by_policy = || {
        let limits = [("min_price", &tariff.min_price), ("max_price", &tariff.max_price)];
        let mut limits = limits.into_iter().filter(|(name, limit)| is_there(name, limit, &tariff.extra));
        let limit = limits.find(|(name, _)| !(*name == "min_price" && limits_nothing(tariff)));
        let limit = limit.map(|(name, _)| Unsupported::at(name, ConversionRule::PriceLimit));
        limit
            .or_else(|| current_obstacles(&tariff.elements))
            .or_else(|| priced::obstacle_besides(tariff, is_left_out, run))
    };
    (!run.changes_prices()).then(by_policy).flatten().or_else(|| elements_obstacle(&tariff.elements, run))
}

/// Finds the reason for which a PATCH cannot be sent in part: the partner would go on with the prices that it has.
fn change_obstacle(patch: &new::TariffPatch, run: &Step<'_>) -> Option<Unsupported> {
    if run.changes_prices() {
        return None;
    }
    let is_set = |limit: &Change<Option<_>>| limit.as_set().is_some_and(Option::is_some);
    let limits = [("min_price", is_set(&patch.min_price)), ("max_price", is_set(&patch.max_price))];
    let limit = limits.into_iter().find(|(name, is_set)| *is_set || patch.extra.get(name).is_some());
    let limit = limit.map(|(name, _)| Unsupported::at(name, ConversionRule::PriceLimit));
    let kind = patch.r#type.as_set().and_then(Option::as_ref);
    limit
        .or_else(|| type_obstacle(kind, &patch.extra))
        .or_else(|| patch.elements.as_set().and_then(current_obstacles))
        .or_else(|| priced::obstacle_of_change(&patch.elements, &patch.extra, is_for_reservations, run))
        .or_else(|| patch.elements.as_set().and_then(|elements| elements_obstacle(elements, run)))
}

/// A tariff for some sessions only would be taken for one that holds for all.
fn type_obstacle(kind: Option<&new::TariffType>, extra: &Extra) -> Option<Unsupported> {
    let is_regular = |kind: &new::TariffType| *kind == new::TariffType::Regular;
    let is_for_all = kind.is_none_or(is_regular) && extra.get("type").is_none();
    (!is_for_all).then(|| Unsupported::at("type", ConversionRule::Restriction))
}

fn is_for_reservations(element: &new::TariffElement) -> bool {
    let is_it =
        |limits: &new::TariffRestrictions| is_there("reservation", &limits.reservation, &limits.extra);
    element.restrictions.as_deref().is_some_and(is_it)
}

fn currents(limits: &new::TariffRestrictions) -> [(&'static str, Option<Decimal>); 2] {
    [("min_current", limits.min_current), ("max_current", limits.max_current)]
}

/// A condition on the current: without it the prices would hold where they should not.
fn current_obstacle(limits: &new::TariffRestrictions) -> Option<Unsupported> {
    let (name, _) =
        currents(limits).into_iter().find(|(name, limit)| is_there(name, limit, &limits.extra))?;
    Some(Unsupported::at(name, ConversionRule::Restriction))
}

/// One element with a condition on the current is one too many.
fn current_obstacles(elements: &NonEmpty<new::TariffElement>) -> Option<Unsupported> {
    elements.iter().enumerate().find_map(|(index, element)| {
        let limits = element.restrictions.as_ref().filter(|_| !is_for_reservations(element))?;
        let unsupported = current_obstacle(limits)?.within("restrictions");
        Some(unsupported.within(&index.to_string()).within("elements"))
    })
}

/// There has to be an element that can stay.
fn elements_obstacle(elements: &NonEmpty<new::TariffElement>, run: &Step<'_>) -> Option<Unsupported> {
    ConvertTo::<NonEmpty<old::TariffElement>>::obstacle(elements, run)
        .map(|unsupported| unsupported.within("elements"))
}
