//! EVSEs as the life of the city needs them.

use std::collections::BTreeMap;
use std::sync::Arc;

use ocpi_pricing::Zone;
use ocpi_pricing::generate::{Outlet, Template};
use ocpi_types::endpoint::{EvseKey, Owned, RootResource};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::cdrs::{CdrLocation, CdrLocationInit};
use ocpi_types::v2_3_0::locations::{Capability, Connector, Evse, Location, PowerType, Status};
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::{CiString, DateTime, Decimal};

use crate::day::Days;

/// An EVSE of the city.
#[derive(Debug)]
pub(crate) struct Point {
    pub(crate) at: Owned<EvseKey>,
    /// Its status when the life began.
    pub(crate) status: Status,
    /// The time of its last change then.
    pub(crate) changed: DateTime,
    pub(crate) days: Days,
    pub(crate) zone: Zone,
    pub(crate) can_unlock: bool,
    pub(crate) plugs: Vec<Plug>,
}

/// A connector of an EVSE.
#[derive(Debug)]
pub(crate) struct Plug {
    pub(crate) id: CiString<36>,
    pub(crate) outlet: Outlet,
    /// In kW.
    pub(crate) power: Decimal,
    /// The place as CDRs say it.
    pub(crate) place: CdrLocation,
    /// The tariff by which it is priced; `None`: nothing can be charged there for money.
    pub(crate) tariff: Option<Arc<Template<Tariff>>>,
}

impl Point {
    pub(crate) fn owner(&self) -> &Party {
        &self.at.owner
    }

    pub(crate) fn location_id(&self) -> &CiString<36> {
        &self.at.key.location_id
    }

    pub(crate) fn evse_uid(&self) -> &CiString<36> {
        &self.at.key.evse_uid
    }

    /// The connector of this id; without one, the first.
    pub(crate) fn plug(&self, id: Option<&CiString<36>>) -> Option<usize> {
        match id {
            None => (!self.plugs.is_empty()).then_some(0),
            Some(id) => self.plugs.iter().position(|plug| plug.id == *id),
        }
    }
}

/// The EVSEs of Locations, in their order; those that were removed are left out.
pub(crate) fn points(seed: u64, locations: &[Location], tariffs: Vec<Tariff>) -> Vec<Point> {
    let templates: BTreeMap<(Party, String), Arc<Template<Tariff>>> = tariffs
        .into_iter()
        .map(|tariff| {
            let key = (tariff.identity().owner, tariff.id.as_str().to_ascii_lowercase());
            (key, Arc::new(Template::new(tariff)))
        })
        .collect();
    let mut points = Vec::new();
    for location in locations {
        let owner = location.identity().owner;
        let zone = location.time_zone.as_str().parse().ok().or_else(|| "UTC".parse().ok());
        let Some(zone) = zone else { continue };
        for evse in location.evses.iter().filter(|evse| evse.status != Status::Removed) {
            let tariff_of = |connector: &Connector| {
                let mut ids = connector.tariff_ids.iter().map(|id| id.as_str().to_ascii_lowercase());
                ids.find_map(|id| templates.get(&(owner.clone(), id)).cloned())
            };
            let plug = |connector: &Connector| plug(location, evse, connector, tariff_of(connector));
            let is_fast = evse.connectors.iter().any(|connector| connector.power_type == PowerType::Dc);
            let key = EvseKey { location_id: location.id.clone(), evse_uid: evse.uid.clone() };
            points.push(Point {
                at: Owned { owner: owner.clone(), key },
                status: evse.status.clone(),
                changed: evse.last_updated,
                days: Days::of(seed, evse.uid.as_str(), is_fast),
                zone,
                can_unlock: evse.capabilities.contains(&Capability::UnlockCapable),
                plugs: evse.connectors.iter().filter_map(plug).collect(),
            });
        }
    }
    points
}

fn plug(
    location: &Location,
    evse: &Evse,
    connector: &Connector,
    tariff: Option<Arc<Template<Tariff>>>,
) -> Option<Plug> {
    let mut outlet = Outlet::ALL.first()?.clone();
    outlet.standard = connector.standard.clone();
    outlet.format = connector.format.clone();
    outlet.power_type = connector.power_type.clone();
    outlet.voltage = connector.max_voltage;
    outlet.amperage = connector.max_amperage;
    let evse_id = evse.evse_id.as_ref().map_or(evse.uid.as_str(), |id| id.as_str());
    let place = CdrLocationInit {
        id: location.id.clone(),
        address: cut(location.address.as_str(), 45).parse().ok()?,
        city: location.city.clone(),
        country: location.country.clone(),
        coordinates: location.coordinates.clone(),
        evse_uid: evse.uid.clone(),
        evse_id: evse_id.parse().ok()?,
        connector_id: connector.id.clone(),
        connector_standard: connector.standard.clone(),
        connector_format: connector.format.clone(),
        connector_power_type: connector.power_type.clone(),
    };
    let place = CdrLocation {
        name: location.name.clone(),
        postal_code: location.postal_code.clone(),
        state: location.state.as_ref().and_then(|state| cut(state.as_str(), 20).parse().ok()),
        ..place.into()
    };
    Some(Plug { id: connector.id.clone(), outlet, power: connector.power().kilowatts(), place, tariff })
}

/// The beginning of a text: CDRs have less room than Locations.
fn cut(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}
