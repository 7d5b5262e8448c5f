//! Stored deviations of partners: one document for each partner, which requests do not read.

use std::sync::Arc;

use ocpi_client::Deviation;
use ocpi_server_traits::storage::{Address, Document, NewDocument, Rejected, Store, StoreExt, UpdateError};
use ocpi_types::json::{self, Limits};
use ocpi_types::{DateTime, Finding, Rule, Text};

use super::{Partners, failure};
use crate::Error;

/// Format of the documents.
const FORMAT: &str = "deviations 1";
/// Most documents of one read.
const ROWS: usize = 500;
/// Most bytes of a pointer: it has names of members that the partner chose.
const POINTER: usize = 1_000;

ocpi_types::object! {
    /// Deviations of a partner.
    pub struct StoredDeviations = "PartnerDeviations", init StoredDeviationsInit {
        /// In the order in which they were met, of each endpoint the first of each rule.
        pub met: Vec<StoredDeviation>,
    }
}

ocpi_types::object! {
    /// A deviation.
    pub struct StoredDeviation = "Deviation", init StoredDeviationInit {
        /// Name of the endpoint.
        pub endpoint: Text<0>,
        /// Id of the rule.
        pub rule: Text<0>,
        /// Place in the first answer that had it.
        pub pointer: Option<Text<0>>,
        /// Whether the reader put it right.
        pub repaired: bool,
        /// Number of times.
        pub times: i64,
    }
}

impl Partners {
    /// Reads the deviations of each of these partners that are stored, and adds those that are not. A document that cannot be
    /// read has none: it is written anew when the next one is met.
    pub(crate) async fn deviations(
        &self,
        store: &impl Store,
        ids: &[&str],
        unsaved: impl Fn(&str) -> Vec<Deviation>,
    ) -> Result<Vec<Vec<Deviation>>, Error> {
        let mut all = Vec::with_capacity(ids.len());
        for some in ids.chunks(ROWS) {
            let addresses: Vec<Address> = some.iter().map(|id| deviations_at(id)).collect();
            let documents = store.read(&addresses).await.map_err(failure)?;
            for (id, document) in some.iter().zip(documents) {
                let mut known = read(document.as_ref());
                unsaved(id).iter().filter_map(StoredDeviation::of).for_each(|one| known.add(&one));
                all.push(known.met.iter().filter_map(StoredDeviation::meaning).collect());
            }
        }
        Ok(all)
    }

    /// Adds deviations to those that are stored, with the times that they were met since.
    pub(crate) async fn add_deviations(
        &self,
        store: &impl Store,
        id: &str,
        met: &[Deviation],
        now: DateTime,
    ) -> Result<(), Error> {
        let at = deviations_at(id);
        let met: Arc<[StoredDeviation]> = met.iter().filter_map(StoredDeviation::of).collect();
        let written = store.update(vec![at.clone()], move |transaction| {
            let mut stored = read(transaction.get(&at)?);
            for one in met.iter() {
                stored.add(one);
            }
            transaction.put(&at, NewDocument::new(json::to_vec(&stored), FORMAT, now))?;
            Ok::<_, Rejected<()>>(())
        });
        written.await.map_err(unwritten)
    }

    /// Deletes the deviations of a partner.
    pub(crate) async fn forget_deviations(
        &self,
        store: &impl Store,
        id: &str,
        now: DateTime,
    ) -> Result<(), Error> {
        let at = deviations_at(id);
        let written = store.update(vec![at.clone()], move |transaction| {
            transaction.delete(&at, now)?;
            Ok::<_, Rejected<()>>(())
        });
        written.await.map_err(unwritten)
    }
}

impl StoredDeviations {
    /// A rule that is not known here is one of another release: it is kept.
    fn add(&mut self, one: &StoredDeviation) {
        let is_same = |known: &StoredDeviation| (&known.endpoint, &known.rule) == (&one.endpoint, &one.rule);
        let is_room = self.met.len() < Deviation::MOST;
        match self.met.iter().position(is_same).and_then(|place| self.met.get_mut(place)) {
            Some(known) => known.times = known.times.saturating_add(one.times),
            None if is_room => self.met.push(one.clone()),
            None => {}
        }
    }
}

impl StoredDeviation {
    fn of(deviation: &Deviation) -> Option<Self> {
        let Finding { pointer, rule, repaired, .. } = &deviation.finding;
        let init = StoredDeviationInit {
            endpoint: deviation.endpoint.parse().ok()?,
            rule: rule.id().parse().ok()?,
            repaired: *repaired,
            times: i64::try_from(deviation.times).unwrap_or(i64::MAX),
        };
        // A cut pointer would be another place, and none is the document as a whole.
        let pointer = Some(pointer).filter(|pointer| pointer.len() <= POINTER);
        Some(Self { pointer: pointer.and_then(|pointer| pointer.parse().ok()), ..init.into() })
    }

    fn meaning(&self) -> Option<Deviation> {
        let rule = Rule::ALL.iter().find(|rule| rule.id() == self.rule.as_str())?;
        let pointer = self.pointer.as_ref().map(|pointer| pointer.as_str().to_owned()).unwrap_or_default();
        let mut finding = Finding::new(pointer, *rule);
        finding.repaired = self.repaired;
        let mut deviation = Deviation::new(self.endpoint.as_str(), finding);
        deviation.times = self.times.try_into().unwrap_or(1);
        Some(deviation)
    }
}

fn read(document: Option<&Document>) -> StoredDeviations {
    let stored = document.filter(|document| document.format == FORMAT);
    let read = stored.and_then(|document| json::read_within(&document.body, Limits::trusted()).ok());
    read.map_or_else(|| StoredDeviationsInit {}.into(), |read| read.value)
}

fn unwritten(error: UpdateError<()>) -> Error {
    match error {
        UpdateError::Store(error) => failure(error),
        UpdateError::Rejected(()) | UpdateError::Aborted => Error::Broken,
    }
}

fn deviations_at(id: &str) -> Address {
    Address::new("PartnerDeviations", "", id)
}
