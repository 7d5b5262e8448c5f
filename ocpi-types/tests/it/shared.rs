//! Which objects are one Rust type in two versions.

use std::collections::BTreeSet;

use ocpi_types::Version;

use crate::facts::{DOCUMENTS, Facts};
use crate::registry::{self, Entry};

/// Objects of 2.1.1 that did not change, nor anything in them, in 2.2.1.
const SHARED_FROM_2_1_1: &[&str] = &[
    "AdditionalGeoLocation",
    "CdrDimension",
    "DisplayText",
    "EnergySource",
    "ExceptionalPeriod",
    "GeoLocation",
    "RegularHours",
    "StatusSchedule",
    "Version",
];

/// Objects of 2.2.1 that did not change, nor anything in them, in 2.3.0 or a branch of it.
const SHARED_FROM_2_2_1: &[&str] = &[
    "ActiveChargingProfile",
    "ActiveChargingProfileResult",
    "AdditionalGeoLocation",
    "AuthorizationInfo",
    "BusinessDetails",
    "CancelReservation",
    "CdrDimension",
    "CdrLocation",
    "CdrToken",
    "ChargingPeriod",
    "ChargingPreferences",
    "ChargingProfile",
    "ChargingProfilePeriod",
    "ChargingProfileResponse",
    "ChargingProfileResult",
    "ClearProfileResult",
    "ClientInfo",
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
    "SetChargingProfile",
    "SignedData",
    "SignedValue",
    "StartSession",
    "StatusSchedule",
    "StopSession",
    "Token",
    "UnlockConnector",
    "Version",
    "VersionDetails",
];

/// Each version and the next.
const STEPS: [(Version, Version); 2] =
    [(Version::V2_1_1, Version::V2_2_1), (Version::V2_2_1, Version::V2_3_0)];

#[test]
fn objects_are_shared_where_the_specification_did_not_change_them() {
    for ((old, new), expected) in STEPS.into_iter().zip([SHARED_FROM_2_1_1, SHARED_FROM_2_2_1]) {
        let (old_objects, new_objects) = (registry::objects(old), registry::objects(new));
        let shared = in_both(&old_objects, &new_objects, |entry| entry.info.name);
        assert_eq!(shared, expected.iter().copied().collect(), "{old} and {new}");

        let (old_facts, new_facts) = (Facts::of(old), with_branches(new));
        let covered: BTreeSet<&str> = old_objects.iter().map(|entry| entry.info.name).collect();
        let unchanged = unchanged(&old_facts, &new_facts);
        let unchanged: BTreeSet<&str> = unchanged.intersection(&covered).copied().collect();
        assert_eq!(shared, unchanged, "{old} and {new}");
    }
}

/// An enum knows its values of every version, so it is one type however it changed.
#[test]
fn enums_of_both_versions_are_shared() {
    for (old, new) in STEPS {
        let (old_enums, new_enums) = (registry::enums(old), registry::enums(new));
        let old_names: BTreeSet<&str> = old_enums.iter().map(|entry| entry.info.name).collect();
        let new_names: BTreeSet<&str> = new_enums.iter().map(|entry| entry.info.name).collect();
        let expected: BTreeSet<&str> = old_names.intersection(&new_names).copied().collect();
        assert_eq!(in_both(&old_enums, &new_enums, |entry| entry.info.name), expected, "{old} and {new}");
    }
}

fn in_both<'a, I>(
    old: &'a [Entry<I>],
    new: &'a [Entry<I>],
    name: fn(&Entry<I>) -> &'static str,
) -> BTreeSet<&'a str> {
    new.iter().filter(|entry| old.iter().any(|other| other.id == entry.id)).map(name).collect()
}

/// The tables of a version, with the members that its branches add to them.
fn with_branches(version: Version) -> Facts {
    let mut facts = Facts::of(version);
    let branches = DOCUMENTS.iter().filter(|document| document.version == version);
    for branch in branches.map(|document| document.facts()) {
        for table in &mut facts.objects {
            let rows = branch.object(&table.name).into_iter().flat_map(|other| &other.fields);
            let added = rows.filter(|row| !table.fields.iter().any(|known| known.name == row.name));
            let added: Vec<_> = added.cloned().collect();
            table.fields.extend(added);
        }
    }
    facts
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
