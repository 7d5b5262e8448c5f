//! Terminals and financial advice confirmations.

use std::sync::Arc;

use ocpi_client::Transport;
use ocpi_server_traits::{Payments, Store, TerminalDesk};
use ocpi_types::v2_3_0::payments::{FinancialAdviceConfirmation, Terminal};

use super::listing::Place;
use crate::{Error, Platform};

impl<S: Store, T: Transport> Platform<S, T> {
    /// Returns a handler of Payments, for a PTP or a CPO: see [`Payments`].
    ///
    /// ```
    /// use std::sync::Arc;
    /// use ocpi_client::Transport;
    /// use ocpi_platform::Platform;
    /// use ocpi_server_traits::{Router, RouterError, Store};
    /// use ocpi_types::v2_3_0::payments::{FinancialAdviceConfirmation, Terminal};
    ///
    /// fn cpo<S: Store, T: Transport + 'static>(cpo: &Arc<Platform<S, T>>) -> Result<Router, RouterError> {
    ///     let payments = Arc::new(cpo.payments(()));
    ///     cpo.router(|routes| {
    ///         routes.receiver::<Terminal>(&payments).receiver::<FinancialAdviceConfirmation>(&payments)
    ///     })
    /// }
    /// ```
    pub fn payments<D: TerminalDesk>(&self, desk: D) -> Payments<S, D> {
        Payments::new(Arc::clone(&self.objects), desk)
    }

    /// Fetches the terminals and the confirmations of a PTP, and stores each page; returns their numbers. Those older
    /// than the stored ones change nothing.
    ///
    /// # Errors
    /// When there is no registration with the PTP, a request or the store fails, the quota of the PTP is used up, or a list has more
    /// than 10,000 pages.
    pub async fn pull_payments(&self, ptp: &str) -> Result<(usize, usize), Error> {
        let (payments, id) = (self.payments(()), Self::named(ptp)?);
        let (mut place, mut terminals) = (Place::first(), 0);
        while let Some(page) = self.fetch_page::<Terminal>(ptp, &mut place).await? {
            terminals += page.len();
            for terminal in page {
                payments.keep_terminal(&id, terminal).await?;
            }
        }
        let (mut place, mut confirmations) = (Place::first(), 0);
        while let Some(page) = self.fetch_page::<FinancialAdviceConfirmation>(ptp, &mut place).await? {
            confirmations += page.len();
            for confirmation in page {
                payments.keep_confirmation(&id, confirmation).await?;
            }
        }
        Ok((terminals, confirmations))
    }
}
