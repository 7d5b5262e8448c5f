//! Sessions of 2.1.1 and 2.2.1.

use super::embedded::{self, Ids};
use super::tokens::{auth_id, cdr_token};
use crate::convert::convert_to::{convert_members, renamed};
use crate::convert::owner::Side;
use crate::convert::{ConversionRule, Step, Unsupported};
use crate::protocol::Party;
use crate::v2_1_1::locations::Location;
use crate::v2_1_1::sessions as old;
use crate::v2_2_1::sessions as new;
use crate::{Change, Extra};

convert_members! {
    |this, run| old::Session => new::Session;
    same { kwh auth_method meter_id currency status last_updated }
    converted {
        id: id;
        start_date_time: start_datetime by renamed;
        end_date_time: end_datetime by renamed;
        charging_periods: charging_periods;
        total_cost: total_cost;
    }
    lost {}
    first {
        let owner = run.owner_or_of(&mut this.extra, &this.location.extra)?;
        let ids = embedded::ids(&this.location, run)?.or_not_available(run);
        run.keep_member("location", &this.location, &mut this.extra);
    }
    made {
        country_code: owner.country_code;
        party_id: owner.party_id;
        cdr_token: cdr_token(this.auth_id, &mut this.extra, run)?;
        authorization_reference: None;
        location_id: ids.location_id;
        evse_uid: ids.evse_uid;
        connector_id: ids.connector_id;
    }
    patch old::SessionPatch => new::SessionPatch;
    first {
        let (country_code, party_id) = run.owner_change(Side::Cpo, &mut this.extra)?;
        let ids = this.location.as_set().map(|location| embedded::ids(location, run)).transpose()?;
        let ids = ids.map(|ids| ids.or_not_available(run));
        if let Change::Set(location) = &this.location {
            run.keep_member("location", location, &mut this.extra);
        }
        let (location_id, evse_uid, connector_id) = ids.map_or_else(Default::default, |ids| {
            (Change::Set(ids.location_id), Change::Set(ids.evse_uid), Change::Set(ids.connector_id))
        });
    }
    made {
        country_code: country_code;
        party_id: party_id;
        cdr_token: this.auth_id.turn_by(run, |auth_id, run| cdr_token(auth_id, &mut this.extra, run))?;
        authorization_reference: Change::Keep;
        location_id: location_id;
        evse_uid: evse_uid;
        connector_id: connector_id;
    }
}

convert_members! {
    |this, run| new::Session => old::Session;
    same { kwh auth_method meter_id currency status last_updated }
    converted {
        id: id;
        start_datetime: start_date_time by renamed;
        end_datetime: end_date_time by renamed;
        charging_periods: charging_periods;
        total_cost: total_cost;
    }
    lost { authorization_reference }
    first {
        run.lose_owner(Side::Cpo, &this.country_code, &this.party_id);
        let owner = Party { country_code: this.country_code, party_id: this.party_id };
        let ids =
            Ids { location_id: this.location_id, evse_uid: this.evse_uid, connector_id: this.connector_id };
    }
    made {
        auth_id: auth_id(this.cdr_token, run)?;
        location: embed(Some(owner), &ids, &mut this.extra, run)?;
    }
    patch new::SessionPatch => old::SessionPatch;
    first { run.lose_owner_change(Side::Cpo, &this.country_code, &this.party_id); }
    made {
        auth_id: this.cdr_token.turn_by(run, auth_id)?;
        location: {
            let owner = match (this.country_code, this.party_id) {
                (Change::Set(country_code), Change::Set(party_id)) => Some(Party { country_code, party_id }),
                _ => run.context().cpo.clone(),
            };
            changed_location((this.location_id, this.evse_uid, this.connector_id), owner, &mut this.extra, run)
        };
    }
}

/// The location to embed: the one that was embedded before, or the one that the context finds.
fn embed(
    owner: Option<Party>,
    ids: &Ids,
    extra: &mut Extra,
    run: &mut Step<'_>,
) -> Result<Location, Unsupported> {
    if let Some(location) = embedded::kept(extra, run, |location, _| ids.are_of(location)) {
        return Ok(location);
    }
    run.outdate("location", extra);
    let location = embedded::found(owner, ids, run)?;
    run.note(ConversionRule::LocationAssumed, "location", &location);
    Ok(location)
}

type Changed = Change<crate::CiString<36>>;

/// A PATCH that names all three ids can embed their location; of one that names some of them, these are lost.
fn changed_location(
    ids: (Changed, Changed, Changed),
    owner: Option<Party>,
    extra: &mut Extra,
    run: &mut Step<'_>,
) -> Change<Location> {
    let rule = match ids.clone() {
        (Change::Keep, Change::Keep, Change::Keep) => return Change::Keep,
        (Change::Set(location_id), Change::Set(evse_uid), Change::Set(connector_id)) => {
            match embed(owner, &Ids { location_id, evse_uid, connector_id }, extra, run) {
                Ok(location) => return Change::Set(location),
                Err(unsupported) => unsupported.rule(),
            }
        }
        _ => ConversionRule::LocationUnknown,
    };
    let named = [("location_id", ids.0), ("evse_uid", ids.1), ("connector_id", ids.2)];
    for (name, id) in named.into_iter().filter(|(_, id)| id.as_set().is_some()) {
        run.note(rule, name, &id);
    }
    Change::Keep
}
