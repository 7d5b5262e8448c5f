//! Which objects are one Rust type in 2.2.1 and 2.3.0.

use std::collections::BTreeSet;

use ocpi_types::Version;

use crate::facts::Facts;
use crate::registry::{self, Entry};

/// Objects that did not change, nor anything in them.
const SHARED: &[&str] = &[
    "AdditionalGeoLocation",
    "AuthorizationInfo",
    "BusinessDetails",
    "CancelReservation",
    "CdrDimension",
    "CdrLocation",
    "CdrToken",
    "ChargingPeriod",
    "ChargingPreferences",
    "CommandResponse",
    "CommandResult",
    "CredentialsRole",
    "DisplayText",
    "Endpoint",
    "EnergyContract",
    "EnergyMix",
    "EnergySource",
    "EnvironmentalImpact",
    "ExceptionalPeriod",
    "GeoLocation",
    "Hours",
    "Image",
    "LocationReferences",
    "PriceComponent",
    "PublishTokenType",
    "RegularHours",
    "ReserveNow",
    "SignedData",
    "SignedValue",
    "StartSession",
    "StatusSchedule",
    "StopSession",
    "TariffElement",
    "TariffRestrictions",
    "Token",
    "UnlockConnector",
    "Version",
    "VersionDetails",
];

#[test]
fn objects_are_shared_where_the_specification_did_not_change_them() {
    let old = registry::objects(Version::V2_2_1);
    let new = registry::objects(Version::V2_3_0);
    let shared = in_both(&old, &new, |entry| entry.info.name);
    assert_eq!(shared, SHARED.iter().copied().collect());

    let (old_facts, new_facts) = (Facts::of(Version::V2_2_1), Facts::of(Version::V2_3_0));
    let covered: BTreeSet<&str> = old.iter().map(|entry| entry.info.name).collect();
    let unchanged = unchanged(&old_facts, &new_facts);
    let unchanged: BTreeSet<&str> = unchanged.intersection(&covered).copied().collect();
    assert_eq!(shared, unchanged);
}

/// An enum knows its values of every version, so it is one type however it changed.
#[test]
fn enums_of_both_versions_are_shared() {
    let old = registry::enums(Version::V2_2_1);
    let new = registry::enums(Version::V2_3_0);
    let old_names: BTreeSet<&str> = old.iter().map(|entry| entry.info.name).collect();
    let new_names: BTreeSet<&str> = new.iter().map(|entry| entry.info.name).collect();
    let expected: BTreeSet<&str> = old_names.intersection(&new_names).copied().collect();
    assert_eq!(in_both(&old, &new, |entry| entry.info.name), expected);
}

fn in_both<'a, I>(
    old: &'a [Entry<I>],
    new: &'a [Entry<I>],
    name: fn(&Entry<I>) -> &'static str,
) -> BTreeSet<&'a str> {
    new.iter().filter(|entry| old.iter().any(|other| other.id == entry.id)).map(name).collect()
}

/// The objects whose tables are the same, and those of the objects in them too.
fn unchanged<'a>(old: &'a Facts, new: &Facts) -> BTreeSet<&'a str> {
    let same = old
        .objects
        .iter()
        .filter(|table| new.object(&table.name).is_some_and(|other| other.fields == table.fields));
    let mut unchanged: BTreeSet<&str> = same.map(|table| &*table.name).collect();
    loop {
        let holds_changed = |name: &str| {
            let rows = old.object(name).into_iter().flat_map(|table| &table.fields);
            rows.filter(|row| old.object(&row.ty).is_some()).any(|row| !unchanged.contains(&*row.ty))
        };
        let changed: Vec<&str> = unchanged.iter().copied().filter(|name| holds_changed(name)).collect();
        if changed.is_empty() {
            return unchanged;
        }
        unchanged.retain(|name| !changed.contains(name));
    }
}
