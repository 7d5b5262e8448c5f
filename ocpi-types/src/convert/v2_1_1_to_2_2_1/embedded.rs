//! The Location that 2.1.1 embeds in Sessions and CDRs, and later versions refer to by ids.

use crate::convert::convert_to::ConvertTo;
use crate::convert::{ConversionRule, NOT_AVAILABLE, Step, Unsupported};
use crate::protocol::Party;
use crate::v2_1_1::locations::{Connector, Evse, Location};
use crate::v2_2_1::locations as new;
use crate::{CiString, Extra, NonEmpty, Value, json};

/// Ids that refer to a connector.
pub(super) struct Ids {
    pub(super) location_id: CiString<36>,
    pub(super) evse_uid: CiString<36>,
    pub(super) connector_id: CiString<36>,
}

/// The EVSE and connector that were used: an embedded location has no others.
pub(super) fn used(location: &Location) -> (Option<&Evse>, Option<&Connector>) {
    let evse = location.evses.first();
    (evse, evse.and_then(|evse| evse.connectors.first()))
}

/// The ids of an embedded location, as far as it has them.
pub(super) fn ids(location: &Location, run: &mut Step<'_>) -> Result<FoundIds, Unsupported> {
    run.member("location", |run| {
        let (evse, connector) = used(location);
        let uid = |evse: &Evse, run: &mut Step<'_>| run.member("uid", |run| evse.uid.clone().turn(run));
        let id = |connector: &Connector, run: &mut Step<'_>| {
            run.member("connectors", |run| {
                run.element(0, |run| run.member("id", |run| connector.id.clone().turn(run)))
            })
        };
        let in_evse = |run: &mut Step<'_>| {
            let evse_uid = evse.map(|evse| uid(evse, run)).transpose()?;
            let connector_id = connector.map(|connector| id(connector, run)).transpose()?;
            Ok((evse_uid, connector_id))
        };
        let location_id = run.member("id", |run| location.id.clone().turn(run))?;
        let (evse_uid, connector_id) = run.member("evses", |run| run.element(0, in_evse))?;
        let are_several = (location.evses.len() > 1, evse.is_some_and(|evse| evse.connectors.len() > 1));
        Ok(FoundIds { location_id, evse_uid, connector_id, are_several })
    })
}

/// Ids of an embedded location, as far as it has them.
pub(super) struct FoundIds {
    location_id: CiString<36>,
    evse_uid: Option<CiString<36>>,
    connector_id: Option<CiString<36>>,
    /// Whether there are more EVSEs, and connectors of the first one.
    are_several: (bool, bool),
}

impl FoundIds {
    /// In the place of the ids that it has not stands that they are not available.
    pub(super) fn or_not_available(self, run: &mut Step<'_>) -> Ids {
        let (evses, connectors) = self.are_several;
        if evses {
            run.note(ConversionRule::FirstAssumed, "evse_uid", &self.evse_uid);
        }
        if connectors {
            run.note(ConversionRule::FirstAssumed, "connector_id", &self.connector_id);
        }
        Ids {
            location_id: self.location_id,
            evse_uid: self.evse_uid.unwrap_or_else(|| not_available("evse_uid", run)),
            connector_id: self.connector_id.unwrap_or_else(|| not_available("connector_id", run)),
        }
    }
}

/// A required text that nobody can fill.
pub(super) fn not_available<const N: usize>(name: &str, run: &mut Step<'_>) -> CiString<N> {
    let text = not_available_text();
    run.note(ConversionRule::NotAvailable, name, &text);
    text
}

pub(super) fn not_available_text<const N: usize>() -> CiString<N> {
    NOT_AVAILABLE.parse().unwrap_or_else(|_| Value::blank())
}

/// The location that was embedded when the object was of 2.1.1, if it is still the one that is meant. It may have been
/// changed since, so it is downgraded like any other value.
pub(super) fn kept(
    extra: &mut Extra,
    run: &mut Step<'_>,
    is_meant: impl FnOnce(&Location, &Step<'_>) -> bool,
) -> Option<Location> {
    let mut location: Location = json::read(extra.get("location")?.as_bytes()).ok()?.value;
    if !is_meant(&location, run) {
        return None;
    }
    let first = run.told();
    if run.member("location", |run| location.downgrade(run)).is_err() {
        run.forget(first);
        return None;
    }
    extra.remove("location");
    Some(location)
}

impl Ids {
    /// Whether these are the ids of a location, and of its EVSE and connector.
    pub(super) fn are_of(&self, location: &Location) -> bool {
        let (evse, connector) = used(location);
        let is_same = |id: &CiString<36>, known: Option<&str>| {
            id.as_str().eq_ignore_ascii_case(known.unwrap_or(NOT_AVAILABLE))
        };
        is_same(&self.location_id, Some(location.id.as_str()))
            && is_same(&self.evse_uid, evse.map(|evse| evse.uid.as_str()))
            && is_same(&self.connector_id, connector.map(|connector| connector.id.as_str()))
    }
}

/// The location of these ids, with the one EVSE and connector, as the context finds it.
pub(super) fn found(owner: Option<Party>, ids: &Ids, run: &Step<'_>) -> Result<Location, Unsupported> {
    let unknown = |name| Unsupported::at(name, ConversionRule::LocationUnknown);
    let lookup = run.context().lookup.ok_or_else(|| unknown("location_id"))?;
    let location = owner.and_then(|owner| lookup.location(&owner, ids.location_id.as_str()));
    let mut location = location.ok_or_else(|| unknown("location_id"))?;
    narrow(&mut location, ids).map_err(unknown)?;
    let has = (!location.evses.is_empty(), ids.connector_id.as_str() != NOT_AVAILABLE);
    let location = run
        .aside(|run| {
            location.downgrade(run)?;
            location.turn(run)
        })
        // A value of the found location that cannot be expressed is not in the document.
        .map_err(|unsupported| Unsupported::at("location_id", unsupported.rule()))?;
    // One whose plug the version does not know was given up.
    let (evse, connector) = used(&location);
    match has {
        (true, true) if connector.is_none() => {
            Err(Unsupported::at("connector_id", ConversionRule::EnumValue))
        }
        (true, _) if evse.is_none() => Err(Unsupported::at("evse_uid", ConversionRule::EnumValue)),
        _ => Ok(location),
    }
}

/// Leaves the EVSE and the connector of the ids only; the name of the id that leads to none.
fn narrow(location: &mut new::Location, ids: &Ids) -> Result<(), &'static str> {
    if ids.evse_uid.as_str() == NOT_AVAILABLE {
        location.evses.clear();
        return Ok(());
    }
    location.evses.retain(|evse| evse.uid == ids.evse_uid);
    let evse = location.evses.first_mut().ok_or("evse_uid")?;
    if ids.connector_id.as_str() == NOT_AVAILABLE {
        return Ok(());
    }
    let connector = evse.connectors.iter().find(|connector| connector.id == ids.connector_id);
    evse.connectors = NonEmpty::of(connector.cloned().ok_or("connector_id")?);
    Ok(())
}
