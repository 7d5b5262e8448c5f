//! Drivers' data: export, erasure, and retention.
//!
//! | File | Contents |
//! |---|---|
//! | `driver` | the ids of a driver |
//! | `known` | settings and state of this process |
//! | `tree` | stored JSON as a tree of positions in its text |
//! | `naming` | everything in a document that identifies the driver, and the text without it |
//! | `replacing` | replacement of ids by pseudonyms |
//! | `references` | documents of the platform that are about an object |
//! | `scan` | everything in the store that is about a driver |
//! | `records`, `report` | what `export` and `erase` return |
//! | `pass` | one pass of an erasure |
//! | `pending` | stored form of unfinished erasures |
//! | `retention`, `old` | retention periods, and objects that exceed them |

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

/// Scope of an erasure: with or without CDRs.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum ErasureScope {
    /// CDRs are kept, as tax law may require, with the driver's ids replaced by a random pseudonym.
    #[default]
    KeepCdrs,
    /// CDRs are deleted as well.
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
    /// The whole store is read for this, because an id may occur anywhere in an object: seconds for a million objects.
    /// Errors, events and `Debug` show nothing of the driver.
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

    /// Sets how long objects are kept: [`Platform::tick`] deletes older ones. The setting applies to this process until
    /// the next call; all nodes of a store should use the same.
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
    /// Returns everything that is stored about the driver: Tokens, Sessions, CDRs and Bookings, confirmations of their
    /// payments, entries of Locations that identify the driver, and records of the platform about these: waiting or
    /// refused messages, doubts, changes that a reactor has set aside, and unfinished erasures.
    ///
    /// Authorization requests are not stored, and stored commands and charging profiles do not identify drivers.
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

    /// Erases the driver: objects, and records of the platform about them. Data that cannot be erased at once is erased
    /// later by [`Platform::tick`], also after a restart: after a minute, then at growing intervals of up to an hour.
    /// The report lists such documents with the reasons.
    ///
    /// | Document | Effect |
    /// |---|---|
    /// | Token of ours | published as invalid, and erased when all partners have that; if a guard refuses, it is called again later |
    /// | Token of a partner, Session, Booking | erased |
    /// | confirmation of a payment | erased or kept with the CDRs; it does not identify the driver |
    /// | CDR | erased, or kept with a pseudonym ([`ErasureScope`]) and without signed meter data, which contains the token; postponed until it has reached its eMSP |
    /// | Location | entries of `publish_allowed_to` and of other lists that identify the driver are removed; a token elsewhere in it gets a pseudonym |
    /// | object of a custom module | kept, with a pseudonym |
    /// | waiting and refused messages, doubts, changes that were set aside | erased with their object; if that is kept, the text of a refusal is erased |
    /// | tombstones, whose address may contain the token | erased when all reactors have seen them |
    ///
    /// An entry with the number on a card counts as the driver's if the driver's Token has that number and, where both
    /// state it, the same company. An entry with only a group is kept as long as another known Token is in the group,
    /// because it is that driver's right, too.
    ///
    /// Nothing is postponed for longer than seven days. Partners are not told: they have their own duties, and an
    /// object that a partner still lists returns with its next full list. Logs and back-ups are the operator's
    /// responsibility; so is `VACUUM` in PostgreSQL, which frees the bytes of deleted rows.
    ///
    /// # Errors
    /// When the store fails. The erasure is stored before anything else, and continues with a later tick.
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
