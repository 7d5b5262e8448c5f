//! Turns of partners: some concurrently, each tick after the last partner of the previous one.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use crate::Error;

/// Partners that are served side by side where nothing asks for less.
pub(crate) const AT_ONCE: usize = 16;

/// The partner that had its turn last.
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<Option<String>>);

impl Turns {
    /// Serves partners, so many side by side, beginning behind the one that had its turn last, until nobody is left or the time is over; those that
    /// have begun come to their end.
    pub(crate) async fn serve<T, F: Future>(
        &self,
        partners: BTreeMap<String, T>,
        at_once: usize,
        is_over: impl Fn() -> bool,
        serve: impl Fn(String, T) -> F,
        mut take: impl FnMut(F::Output) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let last = self.lock().clone();
        let (before, behind): (Vec<_>, Vec<_>) =
            partners.into_iter().partition(|(name, _)| Some(name) <= last.as_ref());
        let mut waiting = behind.into_iter().chain(before);
        let mut served = FuturesUnordered::new();
        loop {
            while served.len() < at_once && !is_over() {
                let Some((partner, work)) = waiting.next() else { break };
                *self.lock() = Some(partner.clone());
                served.push(serve(partner, work));
            }
            match served.next().await {
                Some(output) => take(output)?,
                None => return Ok(()),
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
