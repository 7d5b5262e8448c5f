//! Observer that receives messages, queues them in memory, and stores them.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ocpi_server_traits::{Clock, Objects, Store};
use ocpi_types::DateTime;
use ocpi_types::observe::{
    Degraded, Direction, Event, EventKind, Exchange, Message, NotLogged, Observe, Observer,
};

use super::settings::MessageLog;
use super::stored::{self, Row};
use super::taken::Taken;
use crate::{Error, Spawn};

/// Most messages of one write.
const ROWS: usize = 100;
/// Bytes after which a write begins with the messages that it has.
const BYTES: u64 = 2 << 20;
/// Part of the queue that is used up when messages are stored at once: a quarter.
const FULL: usize = 4;

/// Takes messages, and stores them later.
pub(crate) struct Recorder<S> {
    objects: Arc<Objects<S>>,
    log: MessageLog,
    clock: Clock,
    spawn: Spawn,
    /// Is told of messages that are not logged.
    observer: Observer,
    base: String,
    /// Begins the names of its messages in the store.
    name: String,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    queue: Mutex<Queue>,
    /// Number of messages so far.
    count: AtomicU64,
    is_storing: AtomicBool,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Taken>,
    bytes: usize,
    /// Messages that found no room since they were told.
    dropped: u64,
}

impl<S> Clone for Recorder<S> {
    fn clone(&self) -> Self {
        Self {
            objects: Arc::clone(&self.objects),
            log: self.log.clone(),
            clock: self.clock.clone(),
            spawn: self.spawn.clone(),
            observer: self.observer.clone(),
            base: self.base.clone(),
            name: self.name.clone(),
            state: Arc::clone(&self.state),
        }
    }
}

impl<S: Store> Recorder<S> {
    pub(crate) fn new(objects: Arc<Objects<S>>, settings: &crate::Settings, name: String) -> Self {
        Self {
            objects,
            log: settings.messages.clone(),
            clock: settings.clock.clone(),
            spawn: settings.spawn.clone(),
            observer: settings.observer.clone(),
            base: settings.base.as_str().to_owned(),
            name,
            state: Arc::default(),
        }
    }

    /// The observer of the settings, with the log beside it unless that is off.
    pub(crate) fn observer(&self) -> Observer {
        if self.log.is_off() {
            return self.observer.clone();
        }
        Observer::new((self.observer.clone(), self.clone()))
    }

    /// Stores all messages that wait.
    pub(crate) async fn store(&self) {
        loop {
            let (waiting, dropped) = self.queue().take(ROWS);
            self.tell_missing(dropped, "log.full");
            if waiting.is_empty() {
                return;
            }
            let mut rows = Vec::with_capacity(waiting.len());
            let mut bytes = 0_u64;
            for taken in waiting {
                let row = self.row(taken);
                bytes = bytes.saturating_add(row.bytes);
                rows.push(row);
                if bytes > BYTES {
                    self.write(std::mem::take(&mut rows)).await;
                    bytes = 0;
                }
            }
            self.write(rows).await;
        }
    }

    /// Deletes what is too old or too much.
    pub(crate) async fn purge(&self) -> Result<u64, Error> {
        let now = self.clock.now();
        let keep = i64::try_from(self.log.keep.as_secs()).unwrap_or(i64::MAX);
        let old = now.checked_add_seconds(keep.saturating_neg()).unwrap_or(DateTime::UNIX_EPOCH);
        stored::purge(self.objects.store(), old, self.log.bytes, now).await
    }

    fn row(&self, taken: Taken) -> Row {
        let number = self.state.count.fetch_add(1, Ordering::Relaxed);
        Row::of(&taken.masked(self.log.body), &format!("{}/{number}", self.name))
    }

    async fn write(&self, rows: Vec<Row>) {
        if rows.is_empty() {
            return;
        }
        let count = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        if let Err(error) = stored::write(self.objects.store(), rows, self.clock.now()).await {
            self.tell_missing(count, "log.store");
            self.tell(EventKind::Degraded(Degraded::new("messages are not logged", &error)));
        }
    }

    fn tell_missing(&self, count: u64, rule: &str) {
        if count > 0 {
            self.tell(EventKind::NotLogged(NotLogged::new(count, rule)));
        }
    }

    fn tell(&self, kind: EventKind<'_>) {
        self.observer.event(&Event::new(&Exchange::new(Direction::Internal), kind));
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.state.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stores in the background, unless that is under way.
    fn hurry(&self) {
        if self.state.is_storing.swap(true, Ordering::AcqRel) {
            return;
        }
        let (recorder, mark) = (self.clone(), Storing(Arc::clone(&self.state)));
        self.spawn.start(async move {
            recorder.store().await;
            drop(mark);
        });
    }
}

/// Mark that messages are stored in the background, as long as it lives: a runtime that ends drops the work.
struct Storing(Arc<State>);

impl Drop for Storing {
    fn drop(&mut self) {
        self.0.is_storing.store(false, Ordering::Release);
    }
}

impl<S: Store> Observe for Recorder<S> {
    fn takes_messages(&self, exchange: &Exchange<'_>) -> bool {
        exchange.partner.is_some_and(|partner| self.log.takes(partner.as_str()))
    }

    fn message(&self, exchange: &Exchange<'_>, message: &Message<'_>) {
        let Some(taken) = Taken::of(exchange, message, self.clock.now(), &self.base) else { return };
        if self.queue().add(taken, self.log.queue) {
            self.hurry();
        }
    }
}

impl Queue {
    /// Adds a message if there is room. `true`: it is time to store some.
    fn add(&mut self, taken: Taken, most: usize) -> bool {
        let bytes = self.bytes.saturating_add(taken.size());
        if bytes > most {
            self.dropped = self.dropped.saturating_add(1);
            return true;
        }
        self.bytes = bytes;
        self.waiting.push_back(taken);
        bytes > most / FULL
    }

    /// Takes the oldest messages, and the number of those that were dropped.
    fn take(&mut self, most: usize) -> (Vec<Taken>, u64) {
        let taken: Vec<Taken> = self.waiting.drain(..self.waiting.len().min(most)).collect();
        self.bytes = self.bytes.saturating_sub(taken.iter().map(Taken::size).sum());
        (taken, std::mem::take(&mut self.dropped))
    }
}

/// Nothing of the messages.
impl<S> fmt::Debug for Recorder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("log", &self.log).finish_non_exhaustive()
    }
}
