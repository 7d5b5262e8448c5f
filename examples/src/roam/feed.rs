//! Objects of the CPO: a feed that the user gives, or a made-up city.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

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
use super::words::count;
use super::world::World;
use super::{Failure, Options, unreadable};
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
    is_own: bool,
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
            is_own: false,
        });
    };
    let is_input = file == Path::new("-");
    let source = if is_input { "standard input".to_owned() } else { file.display().to_string() };
    let bytes = if is_input { standard_input() } else { std::fs::read(file) };
    let bytes = bytes.map_err(|error| format!("{source}: {error}"))?;
    let document = json::read_document::<Location>(&bytes).map_err(|error| format!("{source}: {error}"))?;
    if document.list.items.is_empty() {
        return Err(format!("{source}: {}", unreadable::reason(&bytes, &document)).into());
    }
    let list = document.list;
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
        source,
        is_own: true,
    })
}

fn standard_input() -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The id of the made-up tariff for locations of the user, which come without tariffs.
pub(super) const DEFAULT_TARIFF: &str = "ROAM-DEFAULT";

fn default_price() -> Decimal {
    Decimal::new(45, 2)
}

fn default_tariff(owner: &Party) -> Result<Tariff, Failure> {
    let energy: PriceComponent =
        PriceComponentInit { r#type: TariffDimensionType::Energy, price: default_price(), step_size: 1 }
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
    let Feed { locations, tariffs, findings, rejected, source, is_own, .. } = feed;
    let (evses, connectors) = (
        locations.iter().map(|location| location.evses.len()).sum::<usize>(),
        locations
            .iter()
            .flat_map(|location| &location.evses)
            .map(|evse| evse.connectors.len())
            .sum::<usize>(),
    );
    let number = locations.len();
    let objects = world.cpo.platform.objects();
    objects.put_all(locations).await?;
    objects.put_all(tariffs).await?;
    let mut text = format!(
        "{} with {} and {} from {source}",
        count(number, "location"),
        count(evses, "EVSE"),
        count(connectors, "connector"),
    );
    if is_own {
        text += &format!("; a tariff of {} EUR/kWh is made up", default_price());
    }
    if rejected + findings.len() > 0 {
        text += &format!("; {}, {rejected} left out", count(findings.len(), "finding"));
    }
    let mut table: Vec<String> = findings.iter().take(SHOWN).map(Finding::to_string).collect();
    if findings.len() > SHOWN {
        table.push(format!("and {} more", findings.len() - SHOWN));
    }
    let data = json!({
        "locations": number, "evses": evses, "connectors": connectors, "rejected": rejected,
        "findings": findings.iter().map(finding).collect::<Vec<_>>(),
    });
    Ok((Loaded { is_own }, Details::new(text, data).with_table(table)))
}

/// Most findings that are shown; JSON has them all.
const SHOWN: usize = 10;

fn finding(finding: &Finding) -> serde_json::Value {
    json!({
        "pointer": finding.pointer, "rule": finding.rule.id(),
        "severity": finding.severity.to_string(), "message": finding.message,
    })
}
