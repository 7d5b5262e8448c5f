//! Time zones of Locations: optional in 2.1.1, required in later versions.

use super::{ConversionRule, NOT_AVAILABLE, Step, Unsupported};
use crate::standards::by_alpha3;
use crate::{Change, CountryCode3, TimeZone};

/// The time zone of a Location: its own; or that of the context; or the one of its country, if it has just one. `#NA`
/// is none: a partner that reckons with it would take it for UTC, or fail.
///
/// # Errors
/// When nobody knows it.
pub(super) fn known(
    zone: Option<TimeZone>,
    country: &CountryCode3,
    run: &mut Step<'_>,
) -> Result<TimeZone, Unsupported> {
    if let Some(zone) = zone.filter(|zone| !is_placeholder(zone)) {
        return Ok(zone);
    }
    let known = run.context().time_zone.clone().or_else(|| only_zone(country));
    let known = known.ok_or_else(|| Unsupported::at("time_zone", ConversionRule::TimeZoneUnknown))?;
    run.note(ConversionRule::TimeZoneAssumed, "time_zone", &known);
    Ok(known)
}

/// The time zone of a PATCH of 2.1.1. It cannot be taken away in later versions.
pub(super) fn changed(
    zone: Change<Option<TimeZone>>,
    country: &Change<CountryCode3>,
    run: &mut Step<'_>,
) -> Change<TimeZone> {
    let Change::Set(zone) = zone else { return Change::Keep };
    match zone.filter(|zone| !is_placeholder(zone)) {
        Some(zone) => Change::Set(zone),
        None => replaced(country, run),
    }
}

/// The time zone of a PATCH of a version that requires one: a placeholder is replaced.
pub(super) fn replaced_placeholder(
    zone: Change<TimeZone>,
    country: &Change<CountryCode3>,
    run: &mut Step<'_>,
) -> Change<TimeZone> {
    match zone {
        Change::Set(zone) if is_placeholder(&zone) => replaced(country, run),
        zone => zone,
    }
}

fn replaced(country: &Change<CountryCode3>, run: &mut Step<'_>) -> Change<TimeZone> {
    let known = run.context().time_zone.clone().or_else(|| only_zone(country.as_set()?));
    match known {
        Some(known) => {
            run.note(ConversionRule::TimeZoneAssumed, "time_zone", &known);
            Change::Set(known)
        }
        None => {
            run.note(ConversionRule::Required, "time_zone", &None::<TimeZone>);
            Change::Keep
        }
    }
}

/// Whether it stands where a time zone should, and is none.
pub(super) fn is_placeholder(zone: &TimeZone) -> bool {
    let zone = zone.as_str().trim();
    zone.is_empty() || zone.eq_ignore_ascii_case(NOT_AVAILABLE)
}

fn only_zone(country: &CountryCode3) -> Option<TimeZone> {
    by_alpha3(country.as_str())?.time_zone.parse().ok()
}
