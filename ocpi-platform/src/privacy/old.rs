//! Objects that exceed their retention period.

use std::collections::BTreeSet;

use ocpi_client::Transport;
use ocpi_server_traits::storage::{Address, Document, Query, Start};
use ocpi_server_traits::{Disposal, Store};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::{DateTime, Object};

use super::pass::before;
use super::retention::Retention;
use crate::push::message_at;
use crate::{Error, Platform};

/// Most objects of a kind that are looked at together.
const AT_ONCE: u32 = 500;
/// Most pages of a kind that are looked at in one tick: all that are in them may have to stay.
const PAGES: usize = 2;

impl<S: Store, T: Transport> Platform<S, T> {
    /// Deletes some of what is too old, and returns the number.
    pub(super) async fn drop_old(&self, retention: &Retention) -> Result<u64, Error> {
        let mut count = 0;
        for (collection, time) in &retention.times {
            let Some(cut) = before(self.now(), *time) else { continue };
            let old = self.old(collection, cut).await?;
            if old.is_empty() {
                continue;
            }
            let judge = move |_: &Address, document: &Document| {
                let is_old = !document.is_deleted && document.last_updated < cut;
                if is_old { Disposal::Delete } else { Disposal::Keep }
            };
            count += self.objects.dispose(old, judge).await?;
        }
        Ok(count)
    }

    /// Some objects that may go, from the place on to which the search before this one came.
    async fn old(&self, collection: &'static str, cut: DateTime) -> Result<Vec<Address>, Error> {
        let (query, mut start) = (Query::all(collection).to(cut), self.privacy.place(collection));
        let mut old = Vec::new();
        for _ in 0..PAGES {
            let page = self.store().page(&query, start, AT_ONCE).await?;
            old.extend(if collection == Cdr::INFO.name {
                self.delivered(page.rows).await?
            } else {
                page.rows.into_iter().map(|(at, _)| at).collect()
            });
            start = page.next.map_or(Start::First, Start::After);
            if old.len() >= AT_ONCE as usize || start == Start::First {
                break;
            }
        }
        self.privacy.go_on_at(collection, start);
        Ok(old)
    }

    /// Those of some CDRs of which no message waits, for the party in whose list they are.
    async fn delivered(&self, cdrs: Vec<(Address, Document)>) -> Result<Vec<Address>, Error> {
        let message = |(at, document): &(Address, Document)| {
            document.list.split_once('>').map(|(_, party)| message_at(at, party))
        };
        let messages: Vec<Option<Address>> = cdrs.iter().map(message).collect();
        let waiting: Vec<Address> = messages.iter().flatten().cloned().collect();
        let known = self.store().read(&waiting).await?;
        let waiting = waiting.into_iter().zip(known).filter(|(_, known)| known.is_some()).map(|(at, _)| at);
        let waiting: BTreeSet<Address> = waiting.collect();
        let may_go = |message: &Option<Address>| message.as_ref().is_none_or(|at| !waiting.contains(at));
        let cdrs = cdrs.into_iter().zip(messages).filter(|(_, message)| may_go(message));
        Ok(cdrs.map(|((at, _), _)| at).collect())
    }
}
