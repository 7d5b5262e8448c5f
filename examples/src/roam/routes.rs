//! Endpoints that the two platforms mount.

use std::sync::Arc;

use ocpi_server_traits::Routes;
use ocpi_types::endpoint::Authorize;

use super::chargers::Chargers;
use super::side::Roaming;

/// Mounts the endpoints of the CPO.
pub(super) fn cpo(cpo: &Arc<Roaming>, chargers: &Arc<Chargers>, routes: Routes) -> Routes {
    let objects = cpo.objects();
    routes.cpo(objects).commands(chargers)
}

/// Mounts the endpoints of the eMSP.
pub(super) fn emsp(emsp: &Arc<Roaming>, routes: Routes) -> Routes {
    let objects = emsp.objects();
    emsp.mount_results(routes.emsp(objects).on::<Authorize, _>(emsp))
}
