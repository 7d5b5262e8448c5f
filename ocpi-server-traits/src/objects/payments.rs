//! Payments: terminals, and financial advice confirmations, for both sides.

mod desk;
mod receiver;
mod sender;

use std::sync::Arc;

use ocpi_types::endpoint::{FinancialAdviceConfirmationKey, Key, PushOutcome, TerminalKey};
use ocpi_types::protocol::PartnerId;
use ocpi_types::v2_3_0::payments::{FinancialAdviceConfirmation, Terminal};
use ocpi_types::{DateTime, Version};

use super::by_partner::{OfPartner, Shelf};
use super::{Cause, Objects};
use crate::Error;
use crate::storage::Store;

pub use desk::TerminalDesk;

/// Term by which the confirmations of a session are found.
const REFERENCE: &str = "authorization_reference";

/// Terminals and financial advice confirmations, for the provider of the terminals (PTP) and for the CPO.
///
/// Neither paths nor objects name the PTP, so both are stored under the partner: a CPO sees the terminals that are [for
/// it](Payments::set_terminal), and two PTPs may have terminals with the same id. The terminal desk decides on
/// activations and deactivations; that of `()` refuses them.
///
/// ```
/// use std::sync::Arc;
/// use ocpi_server_traits::{Memory, Objects, Payments, Routes};
/// use ocpi_types::json;
/// use ocpi_types::v2_3_0::payments::{FinancialAdviceConfirmation, Terminal};
///
/// fn mount_ptp(payments: &Arc<Payments<Memory>>, routes: Routes) -> Routes {
///     routes.sender::<Terminal>(payments).sender::<FinancialAdviceConfirmation>(payments)
/// }
///
/// fn mount_cpo(payments: &Arc<Payments<Memory>>, routes: Routes) -> Routes {
///     routes.receiver::<Terminal>(payments).receiver::<FinancialAdviceConfirmation>(payments)
/// }
///
/// # pollster::block_on(async {
/// let ptp = Payments::new(Arc::new(Objects::new(Memory::new(), vec![])), ());
/// let cpo = "cpo".parse()?;
/// let terminal = json::from_str(r#"{"terminal_id": "T1", "last_updated": "2026-11-22T10:00:00Z"}"#)?;
/// ptp.set_terminal(&cpo, terminal).await?;
/// assert_eq!(ptp.terminals_for(&cpo).await?.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[derive(Debug)]
pub struct Payments<S, D = ()> {
    objects: Arc<Objects<S>>,
    desk: D,
}

impl<S: Store, D: TerminalDesk> Payments<S, D> {
    /// Creates terminals and confirmations in the store of `objects`, with its quotas and page size.
    pub fn new(objects: Arc<Objects<S>>, desk: D) -> Self {
        Self { objects, desk }
    }

    /// Stores a terminal of this platform, as a PTP, for a CPO. A terminal older than the stored one changes nothing.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn set_terminal(&self, cpo: &PartnerId, terminal: Terminal) -> Result<PushOutcome, Error> {
        self.objects.put_on(&Shelf::ours_for::<Terminal>(cpo), terminal, Cause::Here).await
    }

    /// Removes a terminal from a CPO, for example because it was sold; returns `false` if it does not exist.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn remove_terminal(&self, cpo: &PartnerId, key: &TerminalKey) -> Result<bool, Error> {
        self.objects.delete_on::<Terminal>(&Shelf::ours_for::<Terminal>(cpo), key.canonical()).await
    }

    /// Returns the terminals of this platform, as a PTP, for a CPO, with the Locations that the CPO has assigned.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn terminals_for(&self, cpo: &PartnerId) -> Result<Vec<Terminal>, Error> {
        self.objects.all_on(&Shelf::ours_for::<Terminal>(cpo), None).await
    }

    /// Stores a confirmation of this platform, as a PTP, for a CPO.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn set_confirmation(
        &self,
        cpo: &PartnerId,
        confirmation: FinancialAdviceConfirmation,
    ) -> Result<PushOutcome, Error> {
        let shelf = Shelf::ours_for::<FinancialAdviceConfirmation>(cpo);
        self.objects.put_on(&shelf, confirmation, Cause::Here).await
    }

    /// Returns the copies that this platform, as a CPO, has of the terminals of a PTP.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn terminals_of(&self, ptp: &PartnerId) -> Result<Vec<Terminal>, Error> {
        self.objects.all_on(&Shelf::copies_of::<Terminal>(ptp), None).await
    }

    /// Stores the copy of a terminal that was fetched from a PTP, or assigned there. A terminal older than the stored
    /// one changes nothing.
    ///
    /// # Errors
    /// When the storage fails, or the quota of the PTP is used up.
    pub async fn keep_terminal(&self, ptp: &PartnerId, terminal: Terminal) -> Result<PushOutcome, Error> {
        self.objects.put_on(&Shelf::copies_of::<Terminal>(ptp), terminal, Cause::Sync(ptp.clone())).await
    }

    /// Stores the copy of a confirmation that was fetched from a PTP.
    ///
    /// # Errors
    /// As [`Payments::keep_terminal`].
    pub async fn keep_confirmation(
        &self,
        ptp: &PartnerId,
        confirmation: FinancialAdviceConfirmation,
    ) -> Result<PushOutcome, Error> {
        let shelf = Shelf::copies_of::<FinancialAdviceConfirmation>(ptp);
        self.objects.put_on(&shelf, confirmation, Cause::Sync(ptp.clone())).await
    }

    /// Returns the confirmations of a PTP with the reference of a session, for the invoice of this platform, as a CPO.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn confirmations_of(
        &self,
        ptp: &PartnerId,
        authorization_reference: &str,
    ) -> Result<Vec<FinancialAdviceConfirmation>, Error> {
        let term = Some((REFERENCE, authorization_reference.to_ascii_lowercase()));
        self.objects.all_on(&Shelf::copies_of::<FinancialAdviceConfirmation>(ptp), term).await
    }
}

impl OfPartner for Terminal {
    const OURS: &'static str = "Terminal";
    const THEIRS: &'static str = "TerminalCopy";
    const VERSION: Version = Version::V2_3_0;

    fn canonical(&self) -> String {
        TerminalKey { terminal_id: self.terminal_id.clone() }.canonical()
    }

    fn last_updated(&self) -> DateTime {
        self.last_updated
    }
}

impl OfPartner for FinancialAdviceConfirmation {
    const OURS: &'static str = "FinancialAdviceConfirmation";
    const THEIRS: &'static str = "FinancialAdviceConfirmationCopy";
    const VERSION: Version = Version::V2_3_0;

    fn canonical(&self) -> String {
        FinancialAdviceConfirmationKey { financial_advice_confirmation_id: self.id.clone() }.canonical()
    }

    fn last_updated(&self) -> DateTime {
        self.last_updated
    }

    fn terms(&self) -> Vec<(&'static str, String)> {
        vec![(REFERENCE, self.authorization_reference.as_str().to_ascii_lowercase())]
    }
}

fn no_terminal() -> Error {
    Error::not_found("no such terminal")
}

fn no_confirmation() -> Error {
    Error::not_found("no such confirmation")
}
