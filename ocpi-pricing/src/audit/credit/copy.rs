//! Check that a credit CDR has all data of the original.

use std::collections::BTreeMap;

use ocpi_types::Decimal;

use super::difference::{number, text, value};
use super::tariffs;
use crate::audit::Rule;
use crate::audit::claims::{CdrClaims, Copied, Dimension, Money, TOKEN_MEMBERS, part_pointer};
use crate::audit::scope::Scope;
use crate::audit::tolerance::{abs, same};
use crate::bill::Category;
use crate::usage::TariffRef;

pub(super) fn look(scope: &mut Scope<'_>, original: &CdrClaims) {
    let (cdr, end) = (scope.cdr, scope.names.end);
    let (stay, other) = (&cdr.stay, &original.stay);
    if let Some(((country, party), (other_country, other_party))) =
        original.owner.as_ref().zip(cdr.owner.as_ref())
    {
        text(scope, "/country_code", Some(country.as_str()), Some(other_country.as_str()));
        text(scope, "/party_id", Some(party.as_str()), Some(other_party.as_str()));
    }
    text(scope, "/session_id", original.session_id.as_deref(), cdr.session_id.as_deref());
    value(scope, "/start_date_time", other.usage.start, stay.usage.start);
    value(scope, end, other.usage.end, stay.usage.end);
    token(scope, original);
    value(scope, "/auth_method", Some(&other.auth_method), Some(&stay.auth_method));
    // It leads to the driver: the difference may be shown, the value may not.
    let lower = |id: Option<&str>| id.map(str::to_ascii_lowercase);
    if lower(other.reference.as_deref()) != lower(stay.reference.as_deref()) {
        scope.find_hidden(Rule::CreditCopy, "/authorization_reference");
    }
    if let Some((original, copied)) = original.copied.as_deref().zip(cdr.copied.as_deref()) {
        rest(scope, original, copied);
    }
    value(scope, "/currency", Some(&other.usage.currency), Some(&stay.usage.currency));
    tariffs::look(scope, &original.plans);
    periods(scope, original);
    number(scope, "/total_energy", Some(other.energy), Some(stay.energy));
    number(scope, "/total_time", Some(original.total_time), Some(cdr.total_time));
    number(scope, "/total_parking_time", original.parking_time, cdr.parking_time);
    for category in Category::ALL {
        let part = |cdr: &CdrClaims| cdr.parts[category as usize].clone();
        money(scope, part_pointer(category), part(original), part(cdr));
    }
}

/// Reports each member of the token that differs, without its value.
fn token(scope: &mut Scope<'_>, original: &CdrClaims) {
    let pairs = original.stay.token.iter().zip(scope.cdr.stay.token.iter());
    for (member, (_, _)) in TOKEN_MEMBERS.iter().zip(pairs).filter(|(_, (one, other))| one != other) {
        let pointer = format!("{}/{member}", scope.names.token);
        scope.find_hidden(Rule::CreditCopy, pointer);
    }
}

fn rest(scope: &mut Scope<'_>, original: &Copied, copied: &Copied) {
    let (expected, found) = (&original.location, &copied.location);
    for (member, expected, found) in [
        ("id", expected.id.as_str(), found.id.as_str()),
        ("address", expected.address.as_str(), found.address.as_str()),
        ("city", expected.city.as_str(), found.city.as_str()),
        ("country", expected.country.as_str(), found.country.as_str()),
        ("evse_uid", expected.evse_uid.as_str(), found.evse_uid.as_str()),
        ("evse_id", expected.evse_id.as_str(), found.evse_id.as_str()),
        ("connector_id", expected.connector_id.as_str(), found.connector_id.as_str()),
        ("connector_standard", expected.connector_standard.as_str(), found.connector_standard.as_str()),
        ("connector_format", expected.connector_format.as_str(), found.connector_format.as_str()),
        ("connector_power_type", expected.connector_power_type.as_str(), found.connector_power_type.as_str()),
    ] {
        text(scope, &format!("/cdr_location/{member}"), Some(expected), Some(found));
    }
    value(scope, "/cdr_location/name", expected.name.as_ref(), found.name.as_ref());
    value(scope, "/cdr_location/postal_code", expected.postal_code.as_ref(), found.postal_code.as_ref());
    value(scope, "/cdr_location/state", expected.state.as_ref(), found.state.as_ref());
    let (one, other) = (&expected.coordinates, &found.coordinates);
    let is_there = one.latitude.degrees() == other.latitude.degrees()
        && one.longitude.degrees() == other.longitude.degrees();
    if !is_there {
        let shown = [one, other].map(|it| format!("{}, {}", it.latitude.as_str(), it.longitude.as_str()));
        let [expected, found] = shown;
        scope.find(Rule::CreditCopy, "/cdr_location/coordinates", expected, found);
    }
    value(scope, "/meter_id", original.meter_id.as_ref(), copied.meter_id.as_ref());
    value(scope, "/booking_id", original.booking_id.as_ref(), copied.booking_id.as_ref());
    // It can have anything in it.
    if *original.signed_data != *copied.signed_data {
        scope.find_hidden(Rule::CreditCopy, "/signed_data");
    }
    let is_home = [original, copied].map(|it| Some(it.home_charging_compensation));
    value(scope, "/home_charging_compensation", is_home[0], is_home[1]);
}

fn money(scope: &mut Scope<'_>, pointer: &str, expected: Option<Money>, found: Option<Money>) {
    let names = scope.names;
    let (Some(expected), Some(found)) = (&expected, &found) else {
        let before = |money: Option<Money>| money.map(|money| money.before);
        number(scope, pointer, before(expected), before(found));
        return;
    };
    // A sign is another matter.
    let (before, after) = (abs(expected.before), expected.after.map(abs));
    let at = |name: &str| format!("{pointer}{name}");
    if !same(before, abs(found.before)) {
        number(scope, at(names.before), Some(before), Some(found.before));
    } else if expected.taxes.is_empty() == found.taxes.is_empty() {
        if !(after.zip(found.after).is_some_and(|(after, found)| same(after, abs(found)))) {
            number(scope, at(names.after), after, found.after);
        }
    } else {
        let count = |money: &Money| Some(format!("{} taxes", money.taxes.len()));
        value(scope, at(names.after), count(expected), count(found));
    }
}

fn periods(scope: &mut Scope<'_>, original: &CdrClaims) {
    let cdr = scope.cdr;
    let count = |cdr: &CdrClaims| Some(format!("{} periods", cdr.stay.dimensions.len()));
    if count(original) != count(cdr) {
        value(scope, "/charging_periods", count(original), count(cdr));
        return;
    }
    let (usage, other) = (&cdr.stay.usage, &original.stay.usage);
    for (index, (period, expected)) in usage.periods.iter().zip(&other.periods).enumerate() {
        let pointer = format!("/charging_periods/{index}");
        value(scope, format!("{pointer}/start_date_time"), Some(expected.start), Some(period.start));
        let tariff = tariff_id(other, expected.tariff);
        text(scope, &format!("{pointer}/tariff_id"), tariff, tariff_id(usage, period.tariff));
    }
    for (index, (found, expected)) in
        cdr.stay.dimensions.periods().zip(original.stay.dimensions.periods()).enumerate()
    {
        if found != expected {
            dimensions(scope, &format!("/charging_periods/{index}/dimensions"), expected, found);
        }
    }
}

fn tariff_id(usage: &crate::Usage, tariff: TariffRef) -> Option<&str> {
    let TariffRef::Id(tariff) = tariff else { return None };
    usage.tariff_ids().get(tariff as usize).map(|id| &**id)
}

/// Their order does not matter.
fn dimensions(scope: &mut Scope<'_>, pointer: &str, expected: &[Dimension], found: &[Dimension]) {
    let by_kind = |dimensions: &[Dimension]| {
        let mut volumes: BTreeMap<_, Vec<(Decimal, usize)>> = BTreeMap::new();
        for (index, dimension) in dimensions.iter().enumerate() {
            volumes.entry(dimension.kind.clone()).or_default().push((dimension.volume, index));
        }
        volumes.values_mut().for_each(|volumes| volumes.sort_unstable());
        volumes
    };
    let (mut expected, found) = (by_kind(expected), by_kind(found));
    for (kind, volumes) in found {
        let right = expected.remove(&kind).unwrap_or_default();
        if right.len() != volumes.len() {
            let count = |volumes: &[_]| Some(format!("{} {kind}", volumes.len()));
            value(scope, pointer, count(&right), count(&volumes));
            continue;
        }
        for ((right, _), (volume, index)) in right.into_iter().zip(volumes) {
            number(scope, format!("{pointer}/{index}/volume"), Some(right), Some(volume));
        }
    }
    for (kind, volumes) in expected {
        value(scope, pointer, Some(format!("{} {kind}", volumes.len())), Some(format!("0 {kind}")));
    }
}
