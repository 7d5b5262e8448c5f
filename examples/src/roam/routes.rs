//! Endpoints that the two platforms mount.

use std::sync::Arc;

use ocpi_server_traits::Routes;
use ocpi_types::endpoint::Authorize;

use super::chargers::Depot;
use super::side::Roaming;

/// Mounts the endpoints of the CPO.
pub(super) fn cpo(cpo: &Arc<Roaming>, depot: &Arc<Depot>, routes: Routes) -> Routes {
    cpo.mount_cpo(routes, depot)
}

/// Mounts the endpoints of the eMSP.
pub(super) fn emsp(emsp: &Arc<Roaming>, routes: Routes) -> Routes {
    let objects = emsp.objects();
    emsp.mount_results(routes.emsp(objects).on::<Authorize, _>(emsp))
}
