//! Stored requests with awaited results: one document each, changed in transactions.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use ocpi_server_traits::storage::{Query, Rejected, Start, Store, StoreExt, UpdateError};
use ocpi_server_traits::{Clock, Objects, Timer};
use ocpi_types::DateTime;
use ocpi_types::observe::{Degraded, Direction, Event, EventKind, Exchange, Observe, Observer, OddResult};

use super::entry::{Arrival, Entry, Incoming, Next};
use super::stored::{self, OPEN, PARTNER};
use super::waiters::{Seat, Waiters};
use super::{RequestKind, ResultId, ResultLimits};
use crate::documents::{Form, corrupt, failure, just_after};
use crate::trust::later;
use crate::{Error, Settings};

const FORM: Form<Entry> = Form { collection: "AwaitedResult", read: stored::read, write: stored::write };

/// Most documents that one step of tidying touches.
const STEP: u32 = 500;
/// Most old documents that a new request takes away, so that they do not pile up where nobody calls `tick`.
const FEW: u32 = 16;

/// Requests whose results are awaited.
pub(crate) struct OpenRequests<S> {
    objects: Arc<Objects<S>>,
    pub(super) waiters: Waiters,
    pub(crate) limits: ResultLimits,
    clock: Clock,
    timer: Timer,
    observer: Observer,
}

/// Future of an entry.
pub(super) type Looking<'a> = Pin<Box<dyn Future<Output = Result<Entry, Error>> + Send + 'a>>;

/// A look at requests from a handle, which does not know the store.
pub(super) trait Look: Send + Sync {
    /// Reads an entry, and ends its wait if that is over: by the clock, or because somebody has waited for its deadline.
    fn look<'a>(&'a self, id: &'a ResultId, waited_for: Option<DateTime>) -> Looking<'a>;
    /// The time.
    fn now(&self) -> DateTime;
    /// The timer.
    fn timer(&self) -> &Timer;
    /// Time after which to look again.
    fn interval(&self) -> Duration;
    /// A place among the handles that are woken.
    fn seat(&self, id: &ResultId) -> Seat;
}

impl<S: Store> OpenRequests<S> {
    pub(crate) fn new(objects: Arc<Objects<S>>, settings: &Settings) -> Self {
        Self {
            objects,
            waiters: Waiters::default(),
            limits: settings.results,
            clock: settings.clock.clone(),
            timer: settings.timer.clone(),
            observer: settings.observer.clone(),
        }
    }

    fn store(&self) -> &S {
        self.objects.store()
    }

    /// Stores a request before it is sent.
    pub(super) async fn begin(&self, id: &ResultId, entry: Entry) -> Result<(), Error> {
        if let Err(error) = self.forget_old(FEW).await {
            self.tell(
                entry.partner.as_str(),
                EventKind::Degraded(Degraded::new("requests of long ago stay", &error)),
            );
        }
        let now = self.clock.now();
        let open =
            Query::list(FORM.collection, OPEN).with_term(PARTNER, &entry.partner).from(just_after(now));
        let open = self.store().page(&open, Start::First, 0).await?.total;
        if open >= self.limits.open.into() {
            return Err(Error::TooManyPending { partner: entry.partner, most: self.limits.open });
        }
        let at = FORM.at(id.as_str());
        let document = stored::write(&entry, now).ok_or_else(corrupt)?;
        let created = self.store().update(vec![at.clone()], move |tx| {
            if tx.get(&at)?.is_some() {
                return Err(Rejected::Because(()));
            }
            Ok(tx.put(&at, document.clone())?)
        });
        match created.await {
            Ok(_) => Ok(()),
            // Two random numbers are the same.
            Err(UpdateError::Rejected(())) => Err(Error::NoRandomness),
            Err(error) => Err(failure(error)),
        }
    }

    /// Stores the partner's immediate answer. `true`: a result was faster. `None`: the entry is gone.
    pub(super) async fn acknowledge(
        &self,
        id: &ResultId,
        answer: Option<String>,
        next: Next,
    ) -> Result<Option<bool>, Error> {
        let now = self.clock.now();
        let edit = move |entry: &mut Entry| (entry.acknowledge(answer.clone(), next, now), true);
        let acknowledged = self.change(id, edit).await?;
        self.waiters.wake(id);
        Ok(acknowledged)
    }

    /// Takes a result that a partner sent.
    pub(super) async fn arrive(
        &self,
        id: &ResultId,
        partner: &str,
        kind: RequestKind,
        result: Incoming,
    ) -> Result<Arrival, Error> {
        let (now, partner) = (self.clock.now(), partner.to_owned());
        let edit = move |entry: &mut Entry| {
            let arrival = if entry.partner != partner {
                Arrival::Foreign
            } else if entry.kind != kind {
                Arrival::Mismatch
            } else {
                entry.arrive(&result, now)
            };
            (arrival, arrival.is_stored())
        };
        let arrival = self.change(id, edit).await?.unwrap_or(Arrival::Unknown);
        if arrival.is_stored() {
            self.waiters.wake(id);
        }
        Ok(arrival)
    }

    /// Reads an entry.
    pub(super) async fn get(&self, id: &ResultId) -> Result<Option<Entry>, Error> {
        FORM.get(self.store(), id.as_str()).await
    }

    /// Reads the entries whose results are awaited. Those that cannot be read are passed over.
    pub(super) async fn open(&self) -> Result<Vec<(ResultId, Entry)>, Error> {
        let (query, mut start) = (Query::list(FORM.collection, OPEN), Start::First);
        let (mut all, now) = (Vec::new(), self.clock.now());
        loop {
            let page = self.store().page(&query, start, STEP).await?;
            let entries = page
                .rows
                .iter()
                .filter_map(|(at, document)| Some((at.key().parse().ok()?, stored::read(&document.body)?)));
            all.extend(entries.filter(|(_, entry): &(ResultId, Entry)| !entry.is_overdue(now)));
            match page.next {
                Some(next) => start = Start::After(next),
                None => return Ok(all),
            }
        }
    }

    /// Ends waits that are over and that nobody looked at, and forgets what ended long ago. Returns their number.
    pub(crate) async fn tidy(&self) -> Result<usize, Error> {
        let overdue = Query::list(FORM.collection, OPEN).to(just_after(self.clock.now()));
        let page = self.store().page(&overdue, Start::First, STEP).await?;
        let mut ended = 0;
        for (at, document) in page.rows {
            // What cannot be read is taken away when it is old.
            let Ok(id) = at.key().parse() else { continue };
            if stored::read(&document.body).is_some() && self.expire(&id, None).await? {
                ended += 1;
            }
        }
        Ok(ended + self.forget_old(STEP).await?)
    }

    async fn expire(&self, id: &ResultId, waited_for: Option<DateTime>) -> Result<bool, Error> {
        let now = self.clock.now();
        let edit = move |entry: &mut Entry| {
            let is_over = entry.expire(now, waited_for);
            (is_over.then(|| (entry.partner.clone(), entry.kind)), is_over)
        };
        let Some((partner, kind)) = self.change(id, edit).await?.flatten() else { return Ok(false) };
        self.waiters.wake(id);
        self.tell(partner.as_str(), EventKind::OddResult(OddResult::new(kind.as_str(), "result.missing")));
        Ok(true)
    }

    async fn forget_old(&self, most: u32) -> Result<usize, Error> {
        let now = self.clock.now();
        let cut = later(now, -i64::from(self.limits.keep));
        FORM.forget(self.store(), cut, most, now).await
    }

    async fn change<T: Send + 'static>(
        &self,
        id: &ResultId,
        edit: impl FnMut(&mut Entry) -> (T, bool) + Send + 'static,
    ) -> Result<Option<T>, Error> {
        FORM.change(self.store(), id.as_str(), self.clock.now(), edit).await
    }

    /// Tells the observer of something outside of exchanges.
    pub(crate) fn tell<'a>(&self, partner: impl Into<Option<&'a str>>, kind: EventKind<'_>) {
        let partner = partner.into().and_then(|partner| partner.parse().ok());
        let mut exchange = Exchange::new(Direction::Internal);
        exchange.partner = partner.as_ref();
        self.observer.event(&Event::new(&exchange, kind));
    }
}

impl<S: Store> Look for OpenRequests<S> {
    fn look<'a>(&'a self, id: &'a ResultId, waited_for: Option<DateTime>) -> Looking<'a> {
        Box::pin(async move {
            let gone = || Error::UnknownRequest;
            let entry = self.get(id).await?.ok_or_else(gone)?;
            if !entry.is_over(self.clock.now(), waited_for) {
                return Ok(entry);
            }
            // Only what the store says counts: the result may have come at this moment.
            self.expire(id, waited_for).await?;
            self.get(id).await?.ok_or_else(gone)
        })
    }

    fn now(&self) -> DateTime {
        self.clock.now()
    }

    fn timer(&self) -> &Timer {
        &self.timer
    }

    fn interval(&self) -> Duration {
        Duration::from_secs(self.limits.look_again.max(1).into())
    }

    fn seat(&self, id: &ResultId) -> Seat {
        self.waiters.seat(id)
    }
}

impl<S> fmt::Debug for OpenRequests<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenRequests").field("limits", &self.limits).finish_non_exhaustive()
    }
}
