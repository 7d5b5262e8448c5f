//! Time that partners take to answer, by module.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ocpi_client::Transport;
use ocpi_server_traits::Store;
use ocpi_server_traits::storage::{Address, Document, NewDocument, Query, Rejected, Start, StoreExt};
use ocpi_types::DateTime;
use ocpi_types::observe::{Event, EventKind, Observe};

use crate::documents::failure;
use crate::messages::module_of;
use crate::{Error, Platform};

/// Answers of a module that are looked at: the newest.
const WINDOW: usize = 128;
/// Most modules of partners in memory; then it begins empty again.
const MOST: usize = 10_000;
/// Seconds between two writes.
const WRITE_EVERY: i64 = 60;
/// Seconds after which a document of a process counts no more.
const OLD: i64 = 24 * 60 * 60;
/// Most documents of one read: nodes of a platform, or old ones.
const ROWS: u32 = 100;
const COLLECTION: &str = "Latency";
const FORMAT: &str = "latency/1";

/// Time from our requests to a partner's answers, in the requests of one module.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Latency {
    /// Number of answers that it is computed from: the newest 128 in each process, of the last day.
    pub answers: usize,
    /// Half of them came within this time.
    pub median: Duration,
    /// 95 percent of them came within this time.
    pub p95: Duration,
}

impl Latency {
    /// `None`: there are none.
    fn of(mut micros: Vec<u32>) -> Option<Self> {
        micros.sort_unstable();
        // The smallest time that so many percent have not exceeded.
        let within = |percent: usize| {
            let place = (micros.len() * percent).div_ceil(100).saturating_sub(1);
            micros.get(place).map(|micros| Duration::from_micros((*micros).into()))
        };
        Some(Self { answers: micros.len(), median: within(50)?, p95: within(95)? })
    }
}

/// Times of this process. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Latencies(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// By partner and module.
    times: BTreeMap<(String, String), VecDeque<u32>>,
    /// Partners of whom there are times that are not stored.
    changed: BTreeSet<String>,
    written: Option<DateTime>,
}

/// Hears of the answers to our requests.
impl Observe for Latencies {
    fn event(&self, event: &Event<'_>) {
        let EventKind::ResponseReceived(answered) = &event.kind else { return };
        let (Some(partner), Some(template)) = (event.exchange.partner, event.exchange.template) else {
            return;
        };
        let micros = u32::try_from(answered.duration.as_micros()).unwrap_or(u32::MAX);
        let mut state = self.state();
        let key = (partner.as_str().to_owned(), module_of(template).to_owned());
        if state.times.len() >= MOST && !state.times.contains_key(&key) {
            state.times.clear();
        }
        state.changed.insert(key.0.clone());
        let times = state.times.entry(key).or_default();
        if times.len() >= WINDOW {
            times.pop_front();
        }
        times.push_back(micros);
    }
}

impl Latencies {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The times of a partner, by module.
    fn of(&self, partner: &str) -> BTreeMap<String, Vec<u32>> {
        let state = self.state();
        let of_partner = state.times.iter().filter(|((of, _), _)| of == partner);
        of_partner.map(|((_, module), times)| (module.clone(), times.iter().copied().collect())).collect()
    }

    /// The partners whose times are to be stored, once in a while.
    fn due(&self, now: DateTime) -> Vec<String> {
        let mut state = self.state();
        if state.written.is_some_and(|written| now.seconds_since(written) < WRITE_EVERY) {
            return Vec::new();
        }
        state.written = Some(now);
        std::mem::take(&mut state.changed).into_iter().collect()
    }
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// The latency of a partner by module, in all processes.
    pub(crate) async fn latency_of(&self, partner: &str) -> Result<BTreeMap<String, Latency>, Error> {
        let mut all = self.latencies.of(partner);
        let query = Query::list(COLLECTION, partner).from(self.before(OLD));
        for (at, document) in self.store().page(&query, Start::First, ROWS).await?.rows {
            if at != self.latency_at(partner) {
                for (module, mut times) in read(&document) {
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

/// A line for each module: its name, and times in microseconds.
fn written(times: &BTreeMap<String, Vec<u32>>) -> String {
    let line = |(module, times): (&String, &Vec<u32>)| {
        let times: Vec<String> = times.iter().map(ToString::to_string).collect();
        format!("{module} {}\n", times.join(" "))
    };
    times.iter().map(line).collect()
}

fn read(document: &Document) -> BTreeMap<String, Vec<u32>> {
    let text = std::str::from_utf8(&document.body).unwrap_or_default();
    let line = |line: &str| {
        let (module, times) = line.split_once(' ')?;
        Some((
            module.to_owned(),
            times.split(' ').filter_map(|time| time.parse().ok()).take(WINDOW).collect(),
        ))
    };
    text.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let of = |times: Vec<u32>| {
            Latency::of(times).map(|it| (it.answers, it.median.as_micros(), it.p95.as_micros()))
        };
        assert_eq!(of(vec![]), None);
        assert_eq!(of(vec![7]), Some((1, 7, 7)));
        assert_eq!(of((1..=100).rev().collect()), Some((100, 50, 95)));
        assert_eq!(of(vec![1, 1, 1, 900]), Some((4, 1, 900)));
    }

    #[test]
    fn times_are_read_as_they_are_written() {
        let times = BTreeMap::from([("cdrs".to_owned(), vec![5, 1]), ("tokens".to_owned(), vec![3])]);
        let document = NewDocument::new(written(&times), FORMAT, DateTime::UNIX_EPOCH);
        assert_eq!(read(&Document::written(document, 1)), times);
    }
}
