//! Stored response times: one document for each process and partner.

use std::collections::BTreeMap;

use ocpi_client::Transport;
use ocpi_server_traits::Store;
use ocpi_server_traits::storage::{Address, NewDocument, Query, Rejected, Start, StoreExt};
use ocpi_types::DateTime;

use super::times::{Latency, read, written};
use crate::documents::failure;
use crate::{Error, Platform};

/// Seconds after which a document of a process counts no more.
const OLD: i64 = 24 * 60 * 60;
/// Most documents of one read: nodes of a platform, or old ones.
const ROWS: u32 = 100;
const COLLECTION: &str = "Latency";
const FORMAT: &str = "latency/1";

impl<S: Store, T: Transport> Platform<S, T> {
    /// The latency of a partner by module, in all processes.
    pub(crate) async fn latency_of(&self, partner: &str) -> Result<BTreeMap<String, Latency>, Error> {
        let mut all = self.latencies.of(partner);
        let query = Query::list(COLLECTION, partner).from(self.before(OLD));
        for (at, document) in self.store().page(&query, Start::First, ROWS).await?.rows {
            if at != self.latency_at(partner) {
                for (module, mut times) in read(&document.body) {
                    all.entry(module).or_default().append(&mut times);
                }
            }
        }
        Ok(all.into_iter().filter_map(|(module, times)| Some((module, Latency::of(times)?))).collect())
    }

    /// Stores the times of this process for others, once in a while, and deletes those of processes of long ago.
    pub(crate) async fn store_latencies(&self) -> Result<(), Error> {
        let now = self.now();
        let partners = self.latencies.due(now);
        for partner in &partners {
            let at = self.latency_at(partner);
            let text = written(&self.latencies.of(partner));
            let document = NewDocument::new(text, FORMAT, now).in_list(partner.as_str());
            let put = self.store().update(vec![at.clone()], move |tx| {
                tx.put(&at, document.clone())?;
                Ok::<_, Rejected<()>>(())
            });
            put.await.map_err(failure)?;
        }
        if partners.is_empty() {
            return Ok(());
        }
        let old = self.store().page(&Query::all(COLLECTION).to(self.before(OLD)), Start::First, ROWS).await?;
        let old: Vec<Address> = old.rows.into_iter().map(|(at, _)| at).collect();
        let deleted = self.store().update(old.clone(), move |tx| {
            old.iter().try_for_each(|at| tx.delete(at, now).map(drop))?;
            Ok::<_, Rejected<()>>(())
        });
        deleted.await.map_err(failure)
    }

    fn latency_at(&self, partner: &str) -> Address {
        Address::new(COLLECTION, partner, self.node.name())
    }

    fn before(&self, seconds: i64) -> DateTime {
        self.now().checked_add_seconds(-seconds).unwrap_or(DateTime::UNIX_EPOCH)
    }
}
