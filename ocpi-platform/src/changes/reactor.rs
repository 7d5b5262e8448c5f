//! A reactor: reads changes, passes them to its handler, and stores its position.

use std::collections::BTreeSet;
use std::error::Error as StdError;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ocpi_server_traits::storage::{
    Address, Position, Rejected, StoreExt, Transaction, UpdateError, WriteOutcome, fenced,
};
use ocpi_server_traits::{ChangeReader, Changed, Clock, FeedPlace, Objects, Store, Timer};
use ocpi_types::DateTime;
use ocpi_types::endpoint::RootResource;
use ocpi_types::observe::{Degraded, Direction, Event, EventKind, Exchange, Observe, Observer};

use super::Reaction;
use super::reactors::{AnyReactor, Running};
use super::set_aside::{self, SetAside};
use super::state::{self, Failing, Place};
use crate::Error;
use crate::documents::{corrupt, failure};
use crate::holding::{Asked, Held, Node};

/// Result of a handler. After an error, the change is tried again; if it is set aside, the error's text is listed.
pub type Reacted = Result<(), Box<dyn StdError + Send + Sync>>;

pub(super) type Handling = Pin<Box<dyn Future<Output = Reacted> + Send>>;
type Handler<R> = Box<dyn Fn(Changed<R>) -> Handling + Send + Sync>;

/// Most batches of one run, so that other work has its turn.
const BATCHES: usize = 1_000;
/// Parts of other kinds that are passed before the place is stored without a change.
const PASSED: u64 = 10_000;

/// Everything a reactor needs of its platform.
pub(super) struct Tools<S> {
    pub(super) objects: Arc<Objects<S>>,
    pub(super) timer: Timer,
    pub(super) clock: Clock,
    pub(super) observer: Observer,
    pub(super) node: Node,
    /// Whether somebody waits until the place is stored.
    pub(super) hurry: Arc<AtomicBool>,
}

/// A reactor.
pub(super) struct Reactor<R: RootResource, S> {
    name: String,
    options: Reaction,
    handler: Handler<R>,
    tools: Tools<S>,
    /// The reader, unless the reactor runs.
    reader: Mutex<Option<ChangeReader<R>>>,
}

/// Step of a run.
enum Went {
    /// Continues with the next batch.
    On,
    /// Nothing to do until this time, or until something changes.
    Until(Option<DateTime>),
}

impl<R: RootResource, S: Store> Reactor<R, S> {
    pub(super) fn new(name: &str, options: Reaction, handler: Handler<R>, tools: Tools<S>) -> Self {
        let reader = Mutex::new(Some(ChangeReader::after(Position::START)));
        Self { name: name.to_owned(), options, handler, tools, reader }
    }

    fn store(&self) -> &S {
        self.tools.objects.store()
    }

    async fn run_all(&self) -> Result<Option<DateTime>, Error> {
        let Some(mut lent) = Lent::of(&self.reader) else { return Ok(None) };
        let mut held = None;
        let mut went = Ok(Went::On);
        for _ in 0..BATCHES {
            let Some(reader) = lent.reader.as_mut() else { return Ok(None) };
            went = self.step(reader, &mut held).await;
            if !matches!(went, Ok(Went::On)) {
                break;
            }
        }
        if let Some(held) = held {
            held.release(self.store()).await?;
        }
        let went = went?;
        lent.is_in_place = true;
        match went {
            Went::On => Ok(Some(self.tools.clock.now())),
            Went::Until(next) => Ok(next),
        }
    }

    /// Reads a batch, and handles it.
    async fn step(&self, reader: &mut ChangeReader<R>, held: &mut Option<Held>) -> Result<Went, Error> {
        let now = self.tools.clock.now();
        let mut place = self.place(now).await?;
        let aside = set_aside::all(self.store(), &self.name).await?;
        let asked: Vec<&SetAside> = aside.iter().filter(|aside| aside.is_asked_again).collect();
        let waits = place.failing.as_ref().map(|failing| failing.next);
        let waits = waits.filter(|next| Reaction::waits(*next, now));
        if waits.is_some() && asked.is_empty() {
            return Ok(Went::Until(waits));
        }
        // What was read without a change need not be read again.
        if reader.place().position < place.feed.position || place.failing.is_some() {
            reader.go_to(place.feed);
        }
        let from = reader.place();
        let batch = reader.read(&self.tools.objects, self.options.batch).await?;
        for broken in &batch.broken {
            self.tell("an object that cannot be read is passed by a reactor", &broken.error);
        }
        let is_idle = batch.changed.is_empty() && !batch.is_gap && asked.is_empty();
        let passed = batch.upto.number().saturating_sub(place.feed.position.number());
        let most = if self.tools.hurry.load(Ordering::Relaxed) { 1 } else { PASSED };
        if is_idle && passed < most {
            return Ok(if batch.is_end { Went::Until(None) } else { Went::On });
        }
        if held.is_none() {
            match self.tools.node.ask(self.store(), &format!("react/{}", self.name)).await? {
                Asked::Held(mine) => *held = Some(mine),
                Asked::Elsewhere(until) => {
                    reader.go_to(from);
                    return Ok(Went::Until(Some(until)));
                }
            }
        }
        let mine = match held {
            Some(mine) if mine.keep(self.store()).await => &*mine,
            _ => {
                reader.go_to(from);
                return Ok(Went::Until(Some(now)));
            }
        };
        // Another node may have gone on since.
        let known = self.place(now).await?;
        if known != place {
            reader.go_to(known.feed);
            return Ok(Went::On);
        }
        if batch.is_gap {
            self.tell("deletions were purged before a reactor read them", &Error::ChangesPurged);
            place = Place::default();
            self.store_place(mine, &place, None, &[]).await?;
            return Ok(Went::On);
        }
        let mut done = Vec::new();
        for aside in asked {
            if self.again(mine, reader, aside).await? {
                done.push(aside.at.clone());
            }
        }
        if waits.is_some() {
            if !done.is_empty() {
                self.store_place(mine, &place, None, &done).await?;
            }
            reader.go_to(from);
            return Ok(Went::Until(waits));
        }
        let known: BTreeSet<&Address> = aside.iter().map(|aside| &aside.at).collect();
        for changed in &batch.changed {
            let at = Address::of::<R>(&changed.at);
            let Some(handled) = self.handle(mine, changed.clone()).await else {
                reader.go_to(from);
                return Ok(Went::Until(Some(now)));
            };
            match handled {
                Ok(()) => {
                    reader.saw(changed);
                    place.failing = None;
                    if known.contains(&at) && !done.contains(&at) {
                        done.push(at);
                    }
                }
                Err(error) => {
                    let walk = reader.place().walk;
                    let (next, aside) = self.failed(&place, changed, walk, at, &*error);
                    self.store_place(mine, &next, aside.as_ref(), &done).await?;
                    reader.go_to(next.feed);
                    let until = next.failing.map(|failing| failing.next);
                    return Ok(until.map_or(Went::On, |until| Went::Until(Some(until))));
                }
            }
        }
        place = Place { feed: reader.place(), failing: None };
        self.store_place(mine, &place, None, &done).await?;
        Ok(Went::On)
    }

    /// The place behind a change that failed, or before it if it is tried again.
    fn failed(
        &self,
        place: &Place,
        changed: &Changed<R>,
        walk: Option<Position>,
        at: Address,
        error: &(dyn StdError + Send + Sync + 'static),
    ) -> (Place, Option<SetAside>) {
        let now = self.tools.clock.now();
        let before =
            place.failing.as_ref().filter(|failing| failing.at == at).map_or(0, |failing| failing.tries);
        let tries = before.saturating_add(1);
        if tries < self.options.tries {
            let position = Position::new(changed.position.number().saturating_sub(1));
            let failing = Failing { at, tries, next: Reaction::next_try(tries, now) };
            return (Place { feed: FeedPlace { position, walk }, failing: Some(failing) }, None);
        }
        self.tell("a change was set aside by a reactor", error);
        let reason = ocpi_types::observe::Chain(error).to_string();
        let aside = SetAside { at, tries, since: now, reason, is_asked_again: false };
        (Place { feed: FeedPlace { position: changed.position, walk }, failing: None }, Some(aside))
    }

    /// Tries an object that was set aside. `true`: it is done.
    async fn again(
        &self,
        mine: &Held,
        reader: &mut ChangeReader<R>,
        aside: &SetAside,
    ) -> Result<bool, Error> {
        let error: Box<dyn StdError + Send + Sync> =
            match reader.read_one(&self.tools.objects, &aside.at).await {
                Ok(None) => return Ok(true),
                Ok(Some(changed)) => match self.handle(mine, changed).await {
                    Some(Ok(())) => return Ok(true),
                    Some(Err(error)) => error,
                    None => return Ok(false),
                },
                Err(error) if error.is_temporary() => return Err(error.into()),
                // It would be no better the next time, and nothing behind it would be handled.
                Err(error) => error.into(),
            };
        let reason = ocpi_types::observe::Chain(&*error).to_string();
        let tries = aside.tries.saturating_add(1);
        let failed = SetAside { tries, reason, is_asked_again: false, ..aside.clone() };
        let place = self.place(self.tools.clock.now()).await?;
        self.store_place(mine, &place, Some(&failed), &[]).await?;
        Ok(false)
    }

    /// Gives a change to the handler. `None`: the lease is lost meanwhile.
    async fn handle(&self, mine: &Held, changed: Changed<R>) -> Option<Reacted> {
        mine.during(self.store(), &self.tools.timer, (self.handler)(changed)).await
    }

    /// The place that it has come to. The first time, that is the beginning or the end of the feed.
    async fn place(&self, now: DateTime) -> Result<Place, Error> {
        let at = state::address(&self.name);
        if let Some(document) = self.store().get(&at).await? {
            return Place::read(&document.body).ok_or_else(corrupt);
        }
        let place = Place::default();
        if !self.options.is_from_now {
            return Ok(place);
        }
        // A write tells how far the feed has come.
        let bell = Address::new("Bell", "", format!("react/{}", self.name));
        let document = place.to_document(now);
        let at_bell = bell.clone();
        let rung = self.store().write(
            vec![bell],
            Box::new(move |transaction: &mut Transaction<'_>| {
                transaction.put(&at_bell, document.clone()).map(drop)
            }),
        );
        let WriteOutcome::Committed(position) = rung.await? else { return Err(corrupt()) };
        let begun = Place { feed: position.into(), failing: None };
        let document = begun.to_document(now);
        let created = self.store().update(vec![at.clone()], move |transaction| {
            if let Some(known) = transaction.get(&at)? {
                return Ok::<_, Rejected<()>>(Place::read(&known.body));
            }
            transaction.put(&at, document.clone())?;
            Ok(None)
        });
        Ok(created.await.map_err(failure)?.unwrap_or(begun))
    }

    /// Stores the place, with a change that is set aside and without those that are done. A lease that is lost changes
    /// nothing: the other node has gone on from where this one began.
    async fn store_place(
        &self,
        mine: &Held,
        place: &Place,
        aside: Option<&SetAside>,
        done: &[Address],
    ) -> Result<(), Error> {
        let (at, now) = (state::address(&self.name), self.tools.clock.now());
        let aside =
            aside.map(|aside| (set_aside::address(&self.name, &aside.at), aside.to_document(&self.name)));
        let done: Vec<Address> = done.iter().map(|at| set_aside::address(&self.name, at)).collect();
        let (lease, document) = (mine.lease.clone(), place.to_document(now));
        let beside = aside.iter().map(|(at, _)| at.clone()).chain(done.iter().cloned());
        let addresses = [at.clone(), lease.address()].into_iter().chain(beside).collect();
        let stored: Result<(), UpdateError<()>> = self
            .store()
            .update(addresses, move |transaction| {
                fenced(transaction, &lease)?;
                for at in &done {
                    transaction.delete(at, now)?;
                }
                if let Some((at, document)) = &aside {
                    transaction.put(at, document.clone())?;
                }
                transaction.put(&at, document.clone())?;
                Ok(())
            })
            .await;
        match stored {
            Ok(()) | Err(UpdateError::Aborted) => Ok(()),
            Err(error) => Err(failure(error)),
        }
    }

    fn tell(&self, what: &str, error: &(dyn StdError + 'static)) {
        let missing = format!("{what}: {}", self.name);
        let exchange = Exchange::new(Direction::Internal);
        self.tools
            .observer
            .event(&Event::new(&exchange, EventKind::Degraded(Degraded::new(&missing, error))));
    }
}

impl<R: RootResource, S: Store> AnyReactor for Reactor<R, S> {
    fn name(&self) -> &str {
        &self.name
    }

    fn run(&self) -> Running<'_> {
        Box::pin(self.run_all())
    }

    fn tell_failure(&self, error: &Error) {
        self.tell("a reactor cannot go on", error);
    }
}

/// The reader while the reactor runs; it goes back to its place when the run ends or is dropped. Where that happens in the
/// middle, what was read may not have been handled: it is read again from the place that is stored.
struct Lent<'a, R: RootResource> {
    is_in_place: bool,
    place: &'a Mutex<Option<ChangeReader<R>>>,
    reader: Option<ChangeReader<R>>,
}

impl<'a, R: RootResource> Lent<'a, R> {
    /// `None`: it is lent already.
    fn of(place: &'a Mutex<Option<ChangeReader<R>>>) -> Option<Self> {
        let reader = place.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        Some(Self { is_in_place: false, place, reader: Some(reader) })
    }
}

impl<R: RootResource> Drop for Lent<'_, R> {
    fn drop(&mut self) {
        if let Some(reader) = self.reader.as_mut().filter(|_| !self.is_in_place) {
            reader.go_to(Position::START);
        }
        *self.place.lock().unwrap_or_else(PoisonError::into_inner) = self.reader.take();
    }
}
