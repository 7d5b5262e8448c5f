//! The CPO pushes what changes at its EVSEs.

use ocpi_types::endpoint::{EvseKey, Owned, Patch, RootResource};
use ocpi_types::v2_3_0::locations::{Evse, EvsePatch, Location, Status};
use serde_json::json;

use super::Failure;
use super::report::Details;
use super::words::count;
use super::world::World;

/// Number of EVSEs that change.
const CHANGES: usize = 25;

/// Some EVSEs become busy: the CPO notes it, and PATCHes the eMSP's copy; the eMSP's copy must follow, and with
/// it `last_updated` of EVSE and Location.
pub(super) async fn push_changes(world: &World) -> Result<((), Details), Failure> {
    let client = world.cpo.platform.client("emsp").await?;
    let locations = world.cpo.locations().await?;
    let free = |location: &&Location| location.evses.iter().any(|evse| evse.status == Status::Available);
    // Not the first ones, so that a small feed keeps an EVSE to charge at.
    let changing: Vec<&Location> = locations.iter().filter(free).skip(1).step_by(7).take(CHANGES).collect();
    for location in &changing {
        let Some(evse) = location.evses.iter().find(|evse| evse.status == Status::Available) else {
            continue;
        };
        let key = EvseKey { location_id: location.id.clone(), evse_uid: evse.uid.clone() };
        let at = Owned { owner: location.identity().owner, key };
        let time = world.cpo.platform.clock().now();
        let patch =
            EvsePatch { status: Status::Charging.into(), last_updated: time.into(), ..EvsePatch::default() };
        world.cpo.platform.objects().patch::<Evse>(&at, patch.clone()).await?;
        client.send(&Patch::<Evse> { at: at.clone(), patch }).await?;

        let objects = world.emsp.platform.objects();
        let copy: Option<Evse> = objects.get(&at).await?;
        let parent: Option<Location> = objects.get(&location.identity()).await?;
        let followed = copy.is_some_and(|copy| copy.status == Status::Charging && copy.last_updated == time)
            && parent.is_some_and(|parent| parent.last_updated == time);
        if !followed {
            return Err(format!("the eMSP's copy of EVSE {} did not follow", evse.uid).into());
        }
    }
    let text = format!(
        "{} became busy; the eMSP's copies followed, last_updated included",
        count(changing.len(), "EVSE")
    );
    Ok(((), Details::new(text, json!({ "changes": changing.len() }))))
}
