//! Publishing a seed: as a whole, even if the process ends in between.

use ocpi_client::Transport;
use ocpi_platform::Platform;
use ocpi_server_traits::{Published, Store};
use ocpi_types::endpoint::RootResource;
use ocpi_types::v2_3_0::locations::Location;

use crate::ours::{own, publish};
use crate::{Error, Seed, memory};

/// Name of the mark.
const MARK: &str = "seed";
/// The seed is being published.
const BEGUN: &[u8] = b"begun";
/// All of the seed was published.
const DONE: &[u8] = b"done";

/// Outcome of seeding.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Seeded {
    /// All of it is there.
    Done,
    /// The store has a city already.
    Ignored,
}

/// Publishes a seed in a store that has no Locations of ours. One that broke off is completed.
pub(crate) async fn seed<S: Store, T: Transport>(
    platform: &Platform<S, T>,
    seed: &Seed,
) -> Result<Seeded, Error> {
    let mark = memory::read(platform, MARK).await?;
    let has_begun = mark.as_deref() == Some(BEGUN);
    if !has_begun && (mark.is_some() || !own::<S, T, Location>(platform).await?.is_empty()) {
        return Ok(Seeded::Ignored);
    }
    memory::write(platform, MARK, BEGUN.to_vec()).await?;
    for tariff in &seed.tariffs {
        add(platform, tariff).await?;
    }
    for location in &seed.locations {
        add(platform, location).await?;
    }
    for offer in &seed.booking_locations {
        let put = platform.objects().put(&offer.identity(), offer.clone()).await;
        put.map_err(|error| Error::platform("a booking location cannot be written", error))?;
    }
    memory::write(platform, MARK, DONE.to_vec()).await?;
    Ok(Seeded::Done)
}

/// Publishes an object that is not there.
async fn add<S: Store, T: Transport, R: Published + Clone>(
    platform: &Platform<S, T>,
    object: &R,
) -> Result<(), Error> {
    let known = platform.objects().get::<R>(&object.identity()).await;
    let known = known.map_err(|error| Error::platform("an object cannot be read", error))?;
    if known.is_some() { Ok(()) } else { publish(platform, object.clone()).await }
}
