//! Objects of the CPO: a feed that the user gives, or a made-up city.

use std::collections::BTreeSet;

use ocpi_types::endpoint::RootResource;
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tariffs::{
    PriceComponent, PriceComponentInit, Tariff, TariffDimensionType, TariffElementInit, TariffInit,
    TaxIncluded,
};
use ocpi_types::{Decimal, Finding, NonEmpty, json};
use serde_json::json;

use super::report::Details;
use super::world::World;
use super::{Failure, Options};
use crate::city;

/// The seed of the made-up city: the same city each run.
const SEED: u64 = 2026;

/// Objects that the CPO starts with.
pub(super) struct Feed {
    locations: Vec<Location>,
    tariffs: Vec<Tariff>,
    /// The parties that own the locations; the first is the CPO's main one.
    pub(super) parties: Vec<Party>,
    findings: Vec<Finding>,
    rejected: usize,
    source: String,
}

/// Facts about the feed for later steps.
pub(super) struct Loaded {
    /// Whether the locations are the user's own.
    pub(super) is_own: bool,
}

/// Reads the feed.
pub(super) fn read(options: &Options) -> Result<Feed, Failure> {
    let Some(file) = &options.locations else {
        let city =
            city::build(SEED, city::DEFAULT_LOCATIONS, &city::Party { country_code: "NL", party_id: "ALF" })?;
        return Ok(Feed {
            parties: vec![Party::new("NL", "ALF")?],
            locations: city.locations,
            tariffs: city.tariffs,
            findings: Vec::new(),
            rejected: 0,
            source: "a made-up city".to_owned(),
        });
    };
    let in_file = |error: json::Error| format!("{}: {error}", file.display());
    let bytes = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let list = json::read_document::<Location>(&bytes).map_err(in_file)?.list;
    if list.items.is_empty() {
        return Err(format!("{}: no location in it can be read", file.display()).into());
    }
    let mut seen = BTreeSet::new();
    let parties: Vec<Party> = list
        .items
        .iter()
        .map(|location| location.identity().owner)
        .filter(|party| seen.insert(party.clone()))
        .collect();
    let tariffs = parties.first().map(default_tariff).transpose()?.into_iter().collect();
    Ok(Feed {
        locations: list.items,
        tariffs,
        parties,
        findings: list.findings,
        rejected: list.rejected.len() + list.partial.len(),
        source: file.display().to_string(),
    })
}

/// The id of the tariff for locations that come without tariffs.
pub(super) const DEFAULT_TARIFF: &str = "ROAM-DEFAULT";

fn default_tariff(owner: &Party) -> Result<Tariff, Failure> {
    let energy: PriceComponent =
        PriceComponentInit { r#type: TariffDimensionType::Energy, price: Decimal::new(45, 2), step_size: 1 }
            .into();
    let init = TariffInit {
        country_code: owner.country_code.clone(),
        party_id: owner.party_id.clone(),
        id: DEFAULT_TARIFF.try_into()?,
        currency: "EUR".try_into()?,
        elements: NonEmpty::of(TariffElementInit { price_components: NonEmpty::of(energy) }.into()),
        tax_included: TaxIncluded::No,
        last_updated: "2026-01-01T00:00:00Z".try_into()?,
    };
    Ok(init.into())
}

/// The CPO loads it into its store.
pub(super) async fn load(world: &World, feed: Feed) -> Result<(Loaded, Details), Failure> {
    let Feed { locations, tariffs, findings, rejected, source, .. } = feed;
    let (evses, connectors) = (
        locations.iter().map(|location| location.evses.len()).sum::<usize>(),
        locations
            .iter()
            .flat_map(|location| &location.evses)
            .map(|evse| evse.connectors.len())
            .sum::<usize>(),
    );
    let count = locations.len();
    let objects = world.cpo.platform.objects();
    objects.put_all(locations).await?;
    objects.put_all(tariffs).await?;
    let mut text = format!("{count} locations with {evses} EVSEs and {connectors} connectors from {source}");
    if rejected + findings.len() > 0 {
        text += &format!("; {} findings, {rejected} left out", findings.len());
    }
    let table = findings.iter().take(SHOWN).map(Finding::to_string).collect();
    let data = json!({
        "locations": count, "evses": evses, "connectors": connectors, "rejected": rejected,
        "findings": findings.iter().map(finding).collect::<Vec<_>>(),
    });
    Ok((Loaded { is_own: !source.starts_with("a made-up") }, Details::new(text, data).with_table(table)))
}

/// Most findings that are shown; JSON has them all.
const SHOWN: usize = 10;

fn finding(finding: &Finding) -> serde_json::Value {
    json!({
        "pointer": finding.pointer, "rule": finding.rule.id(),
        "severity": finding.severity.to_string(), "message": finding.message,
    })
}
