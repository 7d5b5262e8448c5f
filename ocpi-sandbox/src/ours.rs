//! Our own objects on the platform.

use ocpi_client::Transport;
use ocpi_platform::Platform;
use ocpi_server_traits::{Published, Store};
use ocpi_types::endpoint::RootResource;
use ocpi_types::protocol::Party;

use crate::Error;

/// Our own objects of a kind.
pub(crate) async fn own<S: Store, T: Transport, R: RootResource>(
    platform: &Platform<S, T>,
) -> Result<Vec<R>, Error> {
    let all = platform.objects().all::<R>().await;
    let all = all.map_err(|error| Error::platform("our objects cannot be read", error))?;
    let is_own = |object: &R| {
        let owner: Party = object.identity().owner;
        platform.parties().contains(&owner)
    };
    Ok(all.objects.into_iter().filter(is_own).collect())
}

/// Publishes an object.
pub(crate) async fn publish<S: Store, T: Transport, R: Published>(
    platform: &Platform<S, T>,
    object: R,
) -> Result<(), Error> {
    let done = platform.publish(object).await;
    done.map(drop).map_err(|error| Error::platform("an object cannot be published", error))
}
