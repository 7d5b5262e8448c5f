//! To convert an object that was changed, or to change the converted object by the converted PATCH, is the same.

use ocpi_types::convert::{ConversionRule, Kind, Ledger, SpecVersion, V2_1_1, V2_2_1, V2_3_0, convert, kind};
use ocpi_types::{Patched, Ruleset, json, strategies};
use proptest::test_runner::{TestCaseError, TestRunner};

use super::laws::config;

/// Rules that tell of changes which do not arrive: the object is then not the same, and that is told.
const NOT_ARRIVED: &[ConversionRule] = &[
    ConversionRule::EnumValue,
    ConversionRule::LocationUnknown,
    ConversionRule::TaxReading,
    ConversionRule::GrossPrice,
    ConversionRule::Restriction,
    ConversionRule::Unpublished,
    ConversionRule::MemberKept,
    ConversionRule::PriceLimit,
    ConversionRule::Required,
    ConversionRule::TimeZoneAssumed,
];

#[test]
fn patches_commute_with_conversions() {
    commutes::<kind::Connector, kind::ConnectorPatch, V2_1_1, V2_2_1>();
    commutes::<kind::Connector, kind::ConnectorPatch, V2_2_1, V2_3_0>();
    commutes::<kind::Connector, kind::ConnectorPatch, V2_2_1, V2_1_1>();
    commutes::<kind::Connector, kind::ConnectorPatch, V2_3_0, V2_2_1>();
    commutes::<kind::Evse, kind::EvsePatch, V2_1_1, V2_2_1>();
    commutes::<kind::Evse, kind::EvsePatch, V2_2_1, V2_3_0>();
    commutes::<kind::Evse, kind::EvsePatch, V2_2_1, V2_1_1>();
    commutes::<kind::Evse, kind::EvsePatch, V2_3_0, V2_2_1>();
    commutes::<kind::Location, kind::LocationPatch, V2_1_1, V2_2_1>();
    commutes::<kind::Location, kind::LocationPatch, V2_2_1, V2_3_0>();
    commutes::<kind::Location, kind::LocationPatch, V2_2_1, V2_1_1>();
    commutes::<kind::Location, kind::LocationPatch, V2_3_0, V2_2_1>();
    commutes::<kind::Session, kind::SessionPatch, V2_1_1, V2_2_1>();
    commutes::<kind::Session, kind::SessionPatch, V2_2_1, V2_3_0>();
    commutes::<kind::Session, kind::SessionPatch, V2_3_0, V2_2_1>();
    commutes::<kind::Tariff, kind::TariffPatch, V2_1_1, V2_2_1>();
    commutes::<kind::Tariff, kind::TariffPatch, V2_2_1, V2_3_0>();
    commutes::<kind::Tariff, kind::TariffPatch, V2_2_1, V2_1_1>();
    commutes::<kind::Token, kind::TokenPatch, V2_1_1, V2_2_1>();
    commutes::<kind::Token, kind::TokenPatch, V2_2_1, V2_3_0>();
    commutes::<kind::Token, kind::TokenPatch, V2_2_1, V2_1_1>();
    commutes::<kind::Token, kind::TokenPatch, V2_3_0, V2_2_1>();
}

fn commutes<K: Kind, P: Kind, From: SpecVersion, To: SpecVersion>()
where
    From::Of<K>: Patched<Patch = From::Of<P>>,
    To::Of<K>: Patched<Patch = To::Of<P>>,
{
    let profile = Ruleset::of(From::VERSION);
    let values = (
        strategies::any_conformant::<From::Of<K>>(profile),
        strategies::any_conformant::<From::Of<P>>(profile),
    );
    let outcome = TestRunner::new(config()).run(&values, |(object, patch)| {
        let context = super::context();
        let mut ledger = Ledger::new();
        let mut changed = object.clone();
        changed.apply(patch.clone());
        let patch = convert::<P, From, To>(patch, &context, &mut ledger);
        let patch = match patch {
            Err(refused) if NOT_ARRIVED.contains(&refused.rule()) => return Ok(()),
            patch => patch.map_err(|refused| TestCaseError::fail(refused.to_string()))?,
        };
        if ledger.entries().iter().any(|entry| NOT_ARRIVED.contains(&entry.rule)) {
            return Ok(());
        }
        let here = convert::<K, From, To>(changed, &context, &mut Ledger::new());
        let mut assumed = Ledger::new();
        let there = convert::<K, From, To>(object, &context, &mut assumed);
        let (Ok(here), Ok(mut there)) = (here, there) else { return Ok(()) };
        // A zone that was assumed for one country stays where a PATCH names another, for the PATCH cannot tell it from
        // one that was given.
        if assumed.entries().iter().any(|entry| entry.rule == ConversionRule::TimeZoneAssumed) {
            return Ok(());
        }
        there.apply(patch);
        // A PATCH cannot take back what was carried along for the way down, where it is outdated.
        let [here, there] = [json::to_string(&here), json::to_string(&there)].map(|text| {
            text.replace(r#","location_type":"OTHER""#, "").replace(r#","location_type":"UNKNOWN""#, "")
        });
        if here == there {
            return Ok(());
        }
        Err(TestCaseError::fail(format!("{here}\nis not\n{there}")))
    });
    outcome.unwrap_or_else(|error| panic!("{} of {}: {error}", K::NAME, From::VERSION));
}
