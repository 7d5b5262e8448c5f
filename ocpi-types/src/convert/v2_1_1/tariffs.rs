//! Tariffs of 2.1.1 and 2.2.1. Prices of both are without VAT.

use crate::convert::context::Side;
use crate::convert::conversion::is_there;
use crate::convert::turn::{Turn, turns};
use crate::convert::v2_3_0::tariffs::incomplete;
use crate::convert::{Conversion, ConversionRule, Misfit};
use crate::v2_1_1::tariffs as old;
use crate::v2_2_1::tariffs as new;
use crate::{Change, NonEmpty, Value};

turns! {
    |this, run| old::Tariff => new::Tariff;
    same { currency tariff_alt_text tariff_alt_url last_updated }
    turned { id: id; elements: elements; energy_mix: energy_mix; }
    lost {}
    first {
        let owner = run.owner(Side::Cpo)?;
        run.note(ConversionRule::Vat, "elements", &run.context().vat);
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
    first {
        if this.elements.as_set().is_some() {
            run.note(ConversionRule::Vat, "elements", &run.context().vat);
        }
    }
    made {
        country_code: Change::Keep;
        party_id: Change::Keep;
        r#type: Change::Keep;
        min_price: Change::Keep;
        max_price: Change::Keep;
        start_date_time: Change::Keep;
        end_date_time: Change::Keep;
    }
}

turns! {
    |this, run| new::Tariff => old::Tariff;
    same { currency tariff_alt_text tariff_alt_url last_updated }
    turned { id: id; elements: elements; energy_mix: energy_mix; }
    lost { r#type min_price max_price }
    obstacle {
        let parts = this.elements.iter().map(|element| &element.extra);
        incomplete(&this.extra, parts)
            .or_else(|| type_obstacle(this))
            .or_else(|| elements_obstacle(&this.elements, run))
    }
    first {
        run.lose_owner(Side::Cpo, &this.country_code, &this.party_id);
        lose_validity(&this.start_date_time, &this.end_date_time, run);
    }
    patch new::TariffPatch => old::TariffPatch;
    first {
        run.lose_owner_change(Side::Cpo, &this.country_code, &this.party_id);
        lose_validity(&this.start_date_time, &this.end_date_time, run);
    }
}

turns! {
    |this, run| old::TariffElement => new::TariffElement;
    same {}
    turned { price_components: price_components; restrictions: restrictions; }
    lost {}
}

turns! {
    |this, run| new::TariffElement => old::TariffElement;
    same {}
    turned { price_components: price_components; restrictions: restrictions; }
    lost {}
    // 2.1.1 has no reservations, so their prices can be left out.
    obstacle {
        is_for_reservations(this).then(|| Misfit::at("reservation", ConversionRule::Restriction).within("restrictions"))
    }
}

turns! {
    |this, run| old::PriceComponent => new::PriceComponent;
    same { r#type price step_size }
    turned {}
    lost {}
    made { vat: run.context().vat; }
}

turns! {
    |this, run| new::PriceComponent => old::PriceComponent;
    same { r#type price step_size }
    turned {}
    lost { vat }
}

turns! {
    |this, run| old::TariffRestrictions => new::TariffRestrictions;
    same {
        start_time end_time start_date end_date min_kwh max_kwh min_power max_power min_duration max_duration
        day_of_week
    }
    turned {}
    lost {}
    made { min_current: None; max_current: None; reservation: None; }
}

turns! {
    |this, run| new::TariffRestrictions => old::TariffRestrictions;
    same {
        start_time end_time start_date end_date min_kwh max_kwh min_power max_power min_duration max_duration
        day_of_week
    }
    turned {}
    lost {}
    first {
        if let Some(misfit) = current_obstacle(&this) {
            return Err(misfit);
        }
    }
}

/// Nobody knows here what time it is.
fn lose_validity<T: Value>(start: &T, end: &T, run: &mut Conversion<'_>) {
    for (name, time) in [("start_date_time", start), ("end_date_time", end)] {
        if !time.is_absent() {
            run.note(ConversionRule::Validity, name, time);
        }
    }
}

/// A tariff for some sessions only would be taken for one that holds for all.
fn type_obstacle(tariff: &new::Tariff) -> Option<Misfit> {
    let is_regular = |kind: &new::TariffType| *kind == new::TariffType::Regular;
    let is_for_all = tariff.r#type.as_ref().is_none_or(is_regular) && tariff.extra.get("type").is_none();
    (!is_for_all).then(|| Misfit::at("type", ConversionRule::Restriction))
}

fn is_for_reservations(element: &new::TariffElement) -> bool {
    let is_it =
        |limits: &new::TariffRestrictions| is_there("reservation", &limits.reservation, &limits.extra);
    element.restrictions.as_deref().is_some_and(is_it)
}

/// A condition on the current: without it the prices would hold where they should not.
fn current_obstacle(limits: &new::TariffRestrictions) -> Option<Misfit> {
    let currents = [("min_current", limits.min_current), ("max_current", limits.max_current)];
    let (name, _) = currents.into_iter().find(|(name, limit)| is_there(name, limit, &limits.extra))?;
    Some(Misfit::at(name, ConversionRule::Restriction))
}

/// One element with a condition on the current is one too many; and there has to be one that can stay.
fn elements_obstacle(elements: &NonEmpty<new::TariffElement>, run: &Conversion<'_>) -> Option<Misfit> {
    let of_currents = elements.iter().enumerate().find_map(|(index, element)| {
        let limits = element.restrictions.as_ref().filter(|_| !is_for_reservations(element))?;
        Some(current_obstacle(limits)?.within("restrictions").within(&index.to_string()))
    });
    let obstacle = of_currents.or_else(|| Turn::<NonEmpty<old::TariffElement>>::obstacle(elements, run));
    obstacle.map(|misfit| misfit.within("elements"))
}
