//! Drivers' data: what is kept of a driver, its erasure, and how long it is kept at all.
//!
//! | File | Has |
//! |---|---|
//! | `driver` | the ids of a driver |
//! | `known` | settings of this process |
//! | `tree` | stored JSON as a tree of places in its text |
//! | `naming` | everything in a document that names the driver, and the text without it |
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
mod report;
mod retention;
mod scan;
pub(crate) mod tree;

use std::collections::BTreeSet;
use std::fmt;

use ocpi_client::Transport;
use ocpi_server_traits::Store;

pub use driver::Driver;
pub(crate) use known::Privacy;
pub use records::{DriverExport, DriverRecord};
pub use report::{ErasureReport, Postponed, WaitsFor};
pub use retention::Retention;

use crate::{Error, Platform};
use pending::Erasure;

/// CDRs of an erasure.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Keep {
    /// CDRs stay, as tax law may demand, and the driver's ids in them are replaced by a pseudonym of chance.
    #[default]
    Cdrs,
    /// CDRs are deleted, too.
    Nothing,
}

/// The data of one driver: see [`Platform::driver`].
pub struct DriverData<'a, S, T> {
    platform: &'a Platform<S, T>,
    driver: Driver,
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Gives access to everything that is kept of a driver, to export or to erase it.
    ///
    /// Everything in the store is read for that, because an id may stand anywhere in an object: seconds for a million
    /// objects. Nothing of the driver is in errors, in events or in `Debug`.
    ///
    /// ```
    /// use ocpi_client::Transport;
    /// use ocpi_platform::{Driver, Error, Keep, Platform};
    /// use ocpi_server_traits::Store;
    ///
    /// /// Gives a driver a copy of the data that is kept, and forgets the driver.
    /// async fn leaves<S: Store, T: Transport>(cpo: &Platform<S, T>, uid: &str) -> Result<String, Error> {
    ///     let driver = cpo.driver(Driver::token(uid));
    ///     let copy = driver.export().await?.to_json();
    ///     let report = driver.erase(Keep::Cdrs).await?;
    ///     for waits in &report.postponed {
    ///         println!("{} waits for {:?}", waits.at.collection(), waits.reason);
    ///     }
    ///     Ok(copy)
    /// }
    /// ```
    pub fn driver(&self, driver: Driver) -> DriverData<'_, S, T> {
        DriverData { platform: self, driver }
    }

    /// Sets how long objects are kept: [`Platform::tick`] deletes those that are older. It counts for this process until it is
    /// called again; nodes of one store are to have the same.
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
    /// were rewritten.
    pub(crate) async fn forget_due(&self) -> Result<u64, Error> {
        let (due, is_pending) = pending::due(self.store(), self.settings.seal.as_deref(), self.now()).await?;
        self.reactors.hurry(is_pending);
        let mut count = 0;
        for (at, erasure) in due {
            let report = self.go_on(&at, erasure).await?;
            count += report.erased() + report.pseudonymised();
        }
        Ok(count + self.drop_old(&self.privacy.retention()).await?)
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
        let found = self.platform.scan(&self.driver).await?;
        let seal = self.platform.settings.seal.as_deref();
        let erasures = pending::of(self.platform.store(), seal, &found.driver).await?;
        let mut export = DriverExport::of(found);
        export.add_erasures(erasures);
        Ok(export)
    }

    /// Erases the driver: objects and what the platform keeps about them. What cannot go at once goes later, by
    /// [`Platform::tick`], also after a restart; the report says what and why.
    ///
    /// | Document | What becomes of it |
    /// |---|---|
    /// | Token of ours | is published as not valid, and goes when all partners have that |
    /// | Token of a partner, Session, Booking | goes |
    /// | confirmation of a payment | goes or stays with the CDRs; it does not name the driver |
    /// | CDR | goes, or stays with a pseudonym ([`Keep`]) and without signed meter data, which names the token; one that has not reached its eMSP waits for that |
    /// | Location | loses the entries of `publish_allowed_to` that name the driver |
    /// | object of a module of an application | stays, with a pseudonym |
    /// | waiting and refused messages, doubts, changes that were set aside | go with the object that they are about |
    /// | tombstones, whose address may name the token | go when all reactors have been told |
    ///
    /// What does not come to pass within seven days is not waited for any more. Partners are not told: they have their own
    /// duties, and an object that a partner still lists comes again with its next whole list. Logs and back-ups are the
    /// operator's; so is `VACUUM` in PostgreSQL, which frees the bytes of rows that are gone.
    ///
    /// # Errors
    /// When the store fails. The erasure is stored before anything else, and goes on with the next tick.
    pub async fn erase(&self, keep: Keep) -> Result<ErasureReport, Error> {
        let platform = self.platform;
        let erasure = Erasure { since: platform.now(), keep, driver: self.driver.clone() };
        let at = pending::address(&platform.settings.secrets.id()?);
        pending::put(platform.store(), platform.settings.seal.as_deref(), &at, &erasure, platform.now())
            .await?;
        platform.go_on(&at, erasure).await
    }
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Does a pass of an erasure, and stores how it stands: it is forgotten itself when nothing is left to do.
    async fn go_on(
        &self,
        at: &ocpi_server_traits::storage::Address,
        mut erasure: Erasure,
    ) -> Result<ErasureReport, Error> {
        let report = self.erase_once(at, &mut erasure).await?;
        let (seal, now) = (self.settings.seal.as_deref(), self.now());
        if report.is_done() {
            self.erase_all(BTreeSet::from([at.clone()])).await?;
        } else {
            self.reactors.hurry(true);
            pending::put(self.store(), seal, at, &erasure, pending::next(now)).await?;
        }
        Ok(report)
    }
}

/// Nothing of the driver.
impl<S, T> fmt::Debug for DriverData<'_, S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DriverData").finish_non_exhaustive()
    }
}
