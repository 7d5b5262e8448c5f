//! Objects that are old enough to go.

use std::collections::BTreeSet;

use ocpi_client::Transport;
use ocpi_server_traits::storage::{Address, Document, Query, Start};
use ocpi_server_traits::{Disposal, Store};
use ocpi_types::Object;
use ocpi_types::v2_3_0::cdrs::Cdr;

use super::pass::before;
use super::references::waiting_about;
use super::retention::Retention;
use crate::push::LETTERS;
use crate::{Error, Platform};

/// Most objects of a kind that go in one tick.
const AT_ONCE: u32 = 500;

impl<S: Store, T: Transport> Platform<S, T> {
    /// Deletes some of what is too old, and returns the number.
    pub(super) async fn drop_old(&self, retention: &Retention) -> Result<u64, Error> {
        let mut count = 0;
        for (collection, time) in &retention.times {
            let Some(cut) = before(self.now(), *time) else { continue };
            let query = Query::all(*collection).to(cut);
            let page = self.store().page(&query, Start::First, AT_ONCE).await?;
            let mut old: BTreeSet<Address> = page.rows.into_iter().map(|(at, _)| at).collect();
            if !old.is_empty() && *collection == Cdr::INFO.name {
                let undelivered = self.undelivered().await?;
                old.retain(|at| !undelivered.contains(at));
            }
            if old.is_empty() {
                continue;
            }
            let judge = move |_: &Address, document: &Document| {
                let is_old = !document.is_deleted && document.last_updated < cut;
                if is_old { Disposal::Delete } else { Disposal::Keep }
            };
            count += self.objects.dispose(old.into_iter().collect(), judge).await?;
        }
        Ok(count)
    }

    /// The objects of which a message waits.
    async fn undelivered(&self) -> Result<BTreeSet<Address>, Error> {
        let mut waiting = BTreeSet::new();
        let see = |at: Address, document: Document| waiting.extend(waiting_about(&at, &document));
        self.each(Query::all(LETTERS), see).await?;
        Ok(waiting)
    }
}
