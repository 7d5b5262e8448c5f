//! Reservations that partners were promised, noted in the store: those of an earlier run are withdrawn, since nobody keeps their
//! EVSEs free any more.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ocpi_client::Transport;
use ocpi_platform::Platform;
use ocpi_server_traits::{Store, Timer};
use ocpi_types::CiString;

use crate::{Error, memory};

/// Name of the note.
const NOTE: &str = "reservations";
/// Time that a partner has to hear of a withdrawal; the platform tells it later, if need be.
const NEWS: Duration = Duration::from_secs(5);

/// Partners and ids of reservations.
type Reservations = BTreeSet<(String, String)>;

/// Reservations as the store has them.
#[derive(Debug)]
pub(crate) struct Promises {
    /// Those in the note.
    noted: Mutex<Reservations>,
    /// Those of an earlier run, which are still to be withdrawn.
    lost: Mutex<Reservations>,
    timer: Timer,
}

impl Promises {
    /// Reads the note of an earlier run.
    pub(crate) async fn of<S: Store, T: Transport>(
        platform: &Platform<S, T>,
        timer: Timer,
    ) -> Result<Self, Error> {
        let note = memory::read(platform, NOTE).await?;
        let noted: Reservations =
            note.and_then(|note| serde_json::from_slice(&note).ok()).unwrap_or_default();
        Ok(Self { noted: Mutex::new(noted.clone()), lost: Mutex::new(noted), timer })
    }

    /// Withdraws what is lost, and notes what stands.
    pub(crate) async fn keep<S: Store, T: Transport>(
        &self,
        platform: &Platform<S, T>,
        standing: Reservations,
    ) -> Result<(), Error> {
        let lost = lock(&self.lost).clone();
        for reservation in lost {
            let (partner, id) = &reservation;
            // One that was made again meanwhile stands.
            let id = id.parse::<CiString<36>>().ok().filter(|_| !standing.contains(&reservation));
            if let Some(id) = id {
                let withdrawn = platform.withdraw_reservation(partner, &id);
                if let Some(Err(error)) = self.timer.within(NEWS, withdrawn).await {
                    return Err(Error::platform("a reservation cannot be withdrawn", error));
                }
            }
            lock(&self.lost).remove(&reservation);
        }
        if *lock(&self.noted) == standing {
            return Ok(());
        }
        let note = serde_json::to_vec(&standing).map_err(Error::id)?;
        memory::write(platform, NOTE, note).await?;
        *lock(&self.noted) = standing;
        Ok(())
    }
}

fn lock(of: &Mutex<Reservations>) -> MutexGuard<'_, Reservations> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
