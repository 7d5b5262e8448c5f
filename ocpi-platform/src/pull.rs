//! Fetching the objects of a partner.

use ocpi_client::Transport;
use ocpi_client::paging::{Outcome, Stop};
use ocpi_server_traits::{Cause, Store};
use ocpi_types::Finding;
use ocpi_types::convert::Ledger;
use ocpi_types::endpoint::RootResource;

use crate::{Error, Platform};

/// Result of a pull.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Pulled {
    /// Pages read.
    pub pages: usize,
    /// Objects stored.
    pub objects: usize,
    /// Objects that lack required members; not stored.
    pub partial: usize,
    /// Objects that could not be read.
    pub rejected: usize,
    /// Objects of parties that the partner does not speak for; not stored.
    pub foreign: usize,
    /// Findings on the answers. Pointers start with the index in the page.
    pub findings: Vec<Finding>,
    /// Losses and assumptions because the partner speaks another version. Pointers start with the index in the page.
    pub ledger: Ledger,
    /// Whether an object that was not fetched is not in the list of the partner.
    pub outcome: Outcome,
}

impl Default for Pulled {
    fn default() -> Self {
        Self {
            pages: 0,
            objects: 0,
            partial: 0,
            rejected: 0,
            foreign: 0,
            findings: Vec::new(),
            ledger: Ledger::new(),
            outcome: Outcome::Incomplete(Stop::UnderWay),
        }
    }
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Fetches every object of a kind from a partner, page by page, and stores it. `on_page` is told after
    /// each page how many were stored, and how many there are if the partner says so.
    ///
    /// # Errors
    /// When there is no registration with the partner, a request or the store fails, or a quota of the partner is used up.
    /// The objects that were stored before an error stay.
    pub async fn pull<R: RootResource>(
        &self,
        partner: &str,
        mut on_page: impl FnMut(usize, Option<u64>),
    ) -> Result<Pulled, Error> {
        let client = self.client(partner).await?;
        let mut pages = client.pages::<R>().clock(self.settings.clock.clone());
        let mut pulled = Pulled::default();
        let by = Cause::Sync(partner.parse().map_err(|_| Error::NoPartner(partner.to_owned()))?);
        loop {
            let asked = self.settings.clock.now();
            let page = pages.next().await.transpose();
            if !matches!(page, Ok(Some(_))) {
                self.keep_learned(partner, &client).await;
            }
            let Some(page) = page? else {
                pulled.outcome = pages.outcome();
                return Ok(pulled);
            };
            pulled.pages += 1;
            pulled.partial += page.value.partial.len();
            pulled.rejected += page.value.rejected.len();
            pulled.findings.extend(page.findings);
            pulled.ledger.append(page.ledger);
            // As it is now: the partner may have lost a party while pages came.
            let parties = self.parties_of(partner).await?;
            let (theirs, foreign): (Vec<R>, Vec<R>) =
                page.value.items.into_iter().partition(|object| parties.contains(&object.identity().owner));
            pulled.foreign += foreign.len();
            let taken = self.objects.answer_all(theirs, asked, self.settings.clock.now(), &by).await?;
            let malformed = taken.iter().filter(|taken| taken.is_err()).count();
            pulled.objects += taken.len() - malformed;
            pulled.rejected += malformed;
            on_page(pulled.objects, page.value.total_count);
        }
    }
}
