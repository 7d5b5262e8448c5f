//! Response times in this process, and the latency computed from them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ocpi_types::DateTime;
use ocpi_types::observe::{Event, EventKind, Observe};

use crate::messages::module_of;

/// Answers of a module that are looked at: the newest.
const WINDOW: usize = 128;
/// Most modules of partners in memory; then it begins empty again.
const MOST: usize = 10_000;
/// Seconds between two writes.
const WRITE_EVERY: i64 = 60;

/// Latency of a partner's answers to our requests in one module.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Latency {
    /// Number of answers in the sample: the newest 128 of each process, from the last day.
    pub answers: usize,
    /// Median time.
    pub median: Duration,
    /// 95th percentile of the time.
    pub p95: Duration,
}

impl Latency {
    /// `None`: there are none.
    pub(super) fn of(mut micros: Vec<u32>) -> Option<Self> {
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
    pub(super) fn of(&self, partner: &str) -> BTreeMap<String, Vec<u32>> {
        let state = self.state();
        let of_partner = state.times.iter().filter(|((of, _), _)| of == partner);
        of_partner.map(|((_, module), times)| (module.clone(), times.iter().copied().collect())).collect()
    }

    /// The partners whose times are to be stored, once in a while.
    pub(super) fn due(&self, now: DateTime) -> Vec<String> {
        let mut state = self.state();
        if state.written.is_some_and(|written| now.seconds_since(written) < WRITE_EVERY) {
            return Vec::new();
        }
        state.written = Some(now);
        std::mem::take(&mut state.changed).into_iter().collect()
    }
}

/// A line for each module: its name, and times in microseconds.
pub(super) fn written(times: &BTreeMap<String, Vec<u32>>) -> String {
    let line = |(module, times): (&String, &Vec<u32>)| {
        let times: Vec<String> = times.iter().map(ToString::to_string).collect();
        format!("{module} {}\n", times.join(" "))
    };
    times.iter().map(line).collect()
}

pub(super) fn read(text: &[u8]) -> BTreeMap<String, Vec<u32>> {
    let text = std::str::from_utf8(text).unwrap_or_default();
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
        assert_eq!(read(written(&times).as_bytes()), times);
    }
}
