//! Drivers' data: what is kept of a driver, its erasure, and how long it is kept at all.
//!
//! | File | Has |
//! |---|---|
//! | `driver` | the ids of a driver |
//! | `known` | settings and places of this process |
//! | `tree` | stored JSON as a tree of places in its text |
//! | `naming` | everything in a document that names the driver, and the text without it |
//! | `replacing` | pseudonyms in place of names, and of nothing else |
//! | `references` | documents of the platform that are about an object |
//! | `scan` | everything in the store that is about a driver |
//! | `records`, `report` | what `export` and `erase` return |
//! | `pass` | one pass of an erasure |
//! | `pending` | erasures that are not over, as they are stored |
//! | `retention`, `old` | times for which objects are kept, and objects that are old enough to go |

mod driver;
mod known;
mod naming;
mod old;
mod pass;
mod pending;
mod records;
mod references;
mod replacing;
mod report;
mod retention;
mod scan;
pub(crate) mod tree;

use std::fmt;

use ocpi_client::Transport;
use ocpi_server_traits::Store;

pub use driver::Driver;
pub(crate) use known::Privacy;
pub use records::{DriverExport, DriverRecord};
pub use report::{ErasureReport, PostponedDocument, WaitsFor};
pub use retention::Retention;

use crate::{Error, Platform};
use pending::Erasure;

/// Scope of an erasure: with the CDRs, or without them.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum ErasureScope {
    /// CDRs stay, as tax law may demand, and the driver's ids in them are replaced by a random pseudonym.
    #[default]
    KeepCdrs,
    /// CDRs are deleted, too.
    Everything,
}

/// The data of one driver: see [`Platform::driver`].
pub struct DriverData<'a, S, T> {
    platform: &'a Platform<S, T>,
    driver: Driver,
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Gives access to all stored data about a driver, to export or erase it.
    ///
    /// Everything in the store is read for that, because an id may stand anywhere in an object: seconds for a million
    /// objects. Nothing of the driver is in errors, in events or in `Debug`.
    ///
    /// ```
    /// use ocpi_client::Transport;
    /// use ocpi_platform::{Driver, Error, ErasureScope, Platform};
    /// use ocpi_server_traits::Store;
    ///
    /// /// Gives a driver a copy of the data that is kept, and forgets the driver.
    /// async fn leaves<S: Store, T: Transport>(cpo: &Platform<S, T>, uid: &str) -> Result<String, Error> {
    ///     let driver = cpo.driver(Driver::token(uid));
    ///     let copy = driver.export().await?.to_json();
    ///     let report = driver.erase(ErasureScope::KeepCdrs).await?;
    ///     for waits in &report.postponed {
    ///         println!("{} waits for {:?}", waits.at.collection(), waits.reason);
    ///     }
    ///     Ok(copy)
    /// }
    /// ```
    pub fn driver(&self, driver: Driver) -> DriverData<'_, S, T> {
        DriverData { platform: self, driver }
    }

    /// Sets how long objects are kept: [`Platform::tick`] deletes those that are older. The setting applies to this process
    /// until it is called again; all nodes of a store should use the same.
    ///
    /// ```
    /// use std::time::Duration;
    /// use ocpi_client::Transport;
    /// use ocpi_platform::{Platform, Retention};
    /// use ocpi_server_traits::Store;
    ///
    /// fn keep_for_a_while<S: Store, T: Transport>(cpo: &Platform<S, T>) {
    ///     const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    ///     cpo.retain(Retention::default().sessions(90 * DAY).bookings(90 * DAY).cdrs(10 * 365 * DAY));
    /// }
    /// ```
    pub fn retain(&self, retention: Retention) {
        self.privacy.retain(retention);
    }

    /// Goes on with erasures that are not over, and deletes what is too old. Returns the number of documents that went or
    /// were rewritten, and the first error: one erasure that fails holds up no other.
    pub(crate) async fn forget_due(&self) -> (u64, Option<Error>) {
        let (erased, failed) = self.erase_due().await;
        match self.drop_old(&self.privacy.retention()).await {
            Ok(dropped) => (erased + dropped, failed),
            Err(error) => (erased, failed.or(Some(error))),
        }
    }

    async fn erase_due(&self) -> (u64, Option<Error>) {
        let (seal, now) = (self.settings.seal.as_deref(), self.now());
        let (due, is_pending) = match pending::due(self.store(), seal, now).await {
            Ok(due) => due,
            Err(error) => return (0, Some(error)),
        };
        self.reactors.hurry(is_pending);
        let (reports, failed) = self.erase_some(due).await;
        let count = reports.iter().map(|report| report.erased() + report.pseudonymised()).sum();
        (count, failed)
    }
}

impl<S: Store, T: Transport> DriverData<'_, S, T> {
    /// Returns everything that is kept of the driver: Tokens, Sessions, CDRs and Bookings, confirmations of payments of those,
    /// entries of Locations that name the driver, and what the platform keeps about them: messages that wait or were
    /// refused, doubts, changes that a reactor has set aside, and erasures that are under way.
    ///
    /// Requests for authorization are not kept, and of commands and charging profiles nothing that names a driver.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn export(&self) -> Result<DriverExport, Error> {
        let found = self.platform.scan(vec![self.driver.clone()]).await?.pop().unwrap_or_default();
        let seal = self.platform.settings.seal.as_deref();
        let erasures = pending::of(self.platform.store(), seal, &found.driver).await?;
        let mut export = DriverExport::of(found);
        export.add_erasures(erasures);
        Ok(export)
    }

    /// Erases the driver: objects and what the platform keeps about them. What cannot go at once goes later, by
    /// [`Platform::tick`], also after a restart: it looks after a minute, and then less and less often, up to once in an hour. The
    /// report says what and why.
    ///
    /// | Document | What becomes of it |
    /// |---|---|
    /// | Token of ours | is published as not valid, and goes when all partners have that; a guard that refuses it is asked again |
    /// | Token of a partner, Session, Booking | goes |
    /// | confirmation of a payment | goes or stays with the CDRs; it does not name the driver |
    /// | CDR | goes, or stays with a pseudonym ([`ErasureScope`]) and without signed meter data, which names the token; one that has not reached its eMSP waits for that |
    /// | Location | loses the entries of `publish_allowed_to` and of other lists that name the driver; a token elsewhere in it gets a pseudonym |
    /// | object of a module of an application | stays, with a pseudonym |
    /// | waiting and refused messages, doubts, changes that were set aside | go with the object that they are about; where that stays, words of a refusal go |
    /// | tombstones, whose address may name the token | go when all reactors have been told |
    ///
    /// An entry by the number on a card counts if the driver's Token has that number and, where both tell it, the same company. An
    /// entry by a group alone stays as long as another Token that is known is in the group: it is the right of that driver, too.
    ///
    /// No event is waited for longer than seven days. Partners are not told: they have their own
    /// duties, and an object that a partner still lists comes again with its next whole list. Logs and back-ups are the
    /// operator's; so is `VACUUM` in PostgreSQL, which frees the bytes of rows that are gone.
    ///
    /// # Errors
    /// When the store fails. The erasure is stored before anything else, and goes on with a later tick.
    pub async fn erase(&self, scope: ErasureScope) -> Result<ErasureReport, Error> {
        let platform = self.platform;
        let erasure = Erasure::new(self.driver.clone(), scope, platform.now());
        let at = pending::address(&platform.settings.secrets.id()?);
        let (reports, failed) = platform.erase_some(vec![(at, erasure)]).await;
        let report = reports.into_iter().next().unwrap_or_default();
        if !report.is_done() {
            platform.reactors.hurry(true);
        }
        failed.map_or(Ok(report), Err)
    }
}

/// Nothing of the driver.
impl<S, T> fmt::Debug for DriverData<'_, S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DriverData").finish_non_exhaustive()
    }
}
