//! Everything in the store that is about a driver.

use std::collections::{BTreeMap, BTreeSet};

use ocpi_client::Transport;
use ocpi_server_traits::Store;
use ocpi_server_traits::storage::{Address, Document, Position, Query, Start};

use super::driver::Driver;
use super::naming::{Named, group};
use super::references::{self, Objects, SILENT, TOKENS, is_token};
use super::replacing::GROUP;
use super::retention::CONFIRMATIONS;
use super::tree::Node;
use crate::push::BELLS;
use crate::{Error, Platform};

/// Most rows of one read.
const ROWS: u32 = 500;
/// Member by which a payment belongs to a Session, a CDR or a Booking, and the term of it.
const REFERENCE: &str = "authorization_reference";

/// An object that names the driver, or belongs to one that does.
pub(super) struct Found {
    pub(super) document: Document,
    /// Newest position of it in the change feed.
    pub(super) position: Position,
}

/// Everything that is about a driver.
#[derive(Default)]
pub(super) struct Findings {
    /// Objects that name the driver.
    pub(super) objects: BTreeMap<Address, Found>,
    /// Confirmations of the driver's payments.
    pub(super) confirmations: BTreeMap<Address, Document>,
    /// Documents that the platform keeps about those objects.
    pub(super) about: BTreeMap<Address, Document>,
    /// Tombstones, with their positions, whose addresses name the driver.
    pub(super) tombstones: BTreeMap<Address, Position>,
    /// Groups of the driver's Tokens, in lower case; others may be in them, too.
    groups: BTreeSet<String>,
    /// CDRs and others of which a message waits.
    pub(super) undelivered: BTreeSet<Address>,
    /// The driver, with the `uid`s of all Tokens and the contracts of all tokens that were found.
    pub(super) driver: Driver,
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Reads everything once for some drivers, and keeps what is about each; once more for what it has learnt of them.
    pub(super) async fn scan(&self, drivers: Vec<Driver>) -> Result<Vec<Findings>, Error> {
        let mut asked = drivers;
        let mut all = loop {
            let mut all = self.scan_feed(&asked).await?;
            self.learn_groups(&mut all).await?;
            if all.iter().zip(&asked).all(|(found, asked)| found.driver == *asked) {
                break all;
            }
            // The tokens of a contract and the contract of a token were not known, and may stand alone somewhere.
            asked = all.into_iter().map(|found| found.driver).collect();
        };
        for found in &mut all {
            for collection in CONFIRMATIONS {
                for reference in references_of(found) {
                    let query = Query::all(collection).with_term(REFERENCE, reference);
                    self.each(query, |at, document| drop(found.confirmations.insert(at, document))).await?;
                }
            }
        }
        let known =
            |found: &Findings| found.objects.keys().chain(found.confirmations.keys()).cloned().collect();
        let known: Vec<BTreeSet<Address>> = all.iter().map(known).collect();
        let objects = asked.iter().zip(known).map(|(driver, known)| Objects { driver, known });
        let objects: Vec<Objects<'_>> = objects.collect();
        for collection in SILENT {
            self.each(Query::all(collection), |at, document| {
                for (found, objects) in all.iter_mut().zip(&objects) {
                    found.see_silent(objects, &at, &document);
                }
            })
            .await?;
        }
        Ok(all)
    }

    /// The feed has every object, of modules of an application, too, and every tombstone.
    async fn scan_feed(&self, drivers: &[Driver]) -> Result<Vec<Findings>, Error> {
        let of = |driver: &Driver| Findings { driver: driver.clone(), ..Findings::default() };
        let mut all: Vec<Findings> = drivers.iter().map(of).collect();
        let mut after = Position::START;
        loop {
            let changes = self.store().changes(after, ROWS).await?;
            if changes.rows.is_empty() {
                return Ok(all);
            }
            after = changes.upto;
            let mut rows: BTreeMap<Address, (Position, bool)> = BTreeMap::new();
            for row in changes.rows {
                rows.insert(row.at, (row.position, row.is_deleted));
            }
            let live: Vec<Address> =
                rows.iter().filter(|(_, (_, is_deleted))| !is_deleted).map(|(at, _)| at.clone()).collect();
            let documents = self.store().read(&live).await?;
            let documents: Vec<_> = live.into_iter().zip(documents).collect();
            for (found, driver) in all.iter_mut().zip(drivers) {
                for (at, document) in &documents {
                    // One that was deleted since comes again.
                    let (Some(document), Some((position, _))) = (document, rows.get(at)) else { continue };
                    found.see(driver, at, document, *position);
                }
                for (at, (position, _)) in rows.iter().filter(|(_, (_, is_deleted))| *is_deleted) {
                    found.see_tombstone(driver, at, *position);
                }
            }
        }
    }

    /// Finds out which groups have no other Token that is known, and so name a driver: the others stay the right of somebody else.
    async fn learn_groups(&self, all: &mut [Findings]) -> Result<(), Error> {
        all.iter_mut().for_each(|found| found.groups.extend(std::mem::take(&mut found.driver.found_groups)));
        if all.iter().all(|found| found.groups.is_empty()) {
            return Ok(());
        }
        let see = |at: Address, document: Document| {
            let Some(group) = group_of(&document) else { return };
            for found in all.iter_mut().filter(|found| !found.objects.contains_key(&at)) {
                found.groups.remove(&group);
            }
        };
        self.each(Query::all(TOKENS), see).await?;
        all.iter_mut().for_each(|found| found.driver.found_groups = std::mem::take(&mut found.groups));
        Ok(())
    }

    /// Reads all documents of a query.
    pub(super) async fn each(
        &self,
        query: Query,
        mut see: impl FnMut(Address, Document),
    ) -> Result<(), Error> {
        let mut start = Start::First;
        loop {
            let page = self.store().page(&query, start, ROWS).await?;
            page.rows.into_iter().for_each(|(at, document)| see(at, document));
            match page.next {
                Some(cursor) => start = Start::After(cursor),
                None => return Ok(()),
            }
        }
    }
}

impl Findings {
    fn see(&mut self, driver: &Driver, at: &Address, document: &Document, position: Position) {
        let is_about = Objects { driver, known: BTreeSet::new() }.are_meant(at, Some(document));
        if at.collection() == BELLS && is_about {
            self.about.insert(at.clone(), document.clone());
            return;
        }
        let named = Named::find(driver, at, &document.body);
        let is_found = named.is_some() || is_token(driver, at);
        if let Some(named) = named {
            self.driver.found_contracts.extend(named.contracts());
            if at.collection() == TOKENS {
                self.driver.found_tokens.extend(named.uids());
                self.driver.found_numbers.extend(named.numbers());
                self.groups.extend(named.groups());
            }
        }
        if is_found {
            // Each part of it has a row: the last one counts.
            let new = Found { document: document.clone(), position };
            let found = self.objects.entry(at.clone()).or_insert(new);
            *found = Found { document: document.clone(), position: found.position.max(position) };
        }
    }

    fn see_tombstone(&mut self, driver: &Driver, at: &Address, position: Position) {
        let is_bell = at.collection() == BELLS;
        let is_meant = || Objects { driver, known: BTreeSet::new() }.are_meant(at, None);
        if is_token(driver, at) || (is_bell && is_meant()) {
            self.tombstones.insert(at.clone(), position);
        }
    }

    /// Sees a document that the feed does not have.
    fn see_silent(&mut self, objects: &Objects<'_>, at: &Address, document: &Document) {
        let waiting = references::waiting_about(at, document);
        self.undelivered.extend(waiting.filter(|object| objects.have(object)));
        let is_meant = || objects.are_meant(at, Some(document));
        if is_meant() || references::words(at, document).is_some_and(|words| objects.driver.is_in(&words)) {
            self.about.insert(at.clone(), document.clone());
        }
    }
}

/// The group that a Token is in.
fn group_of(token: &Document) -> Option<String> {
    let text = std::str::from_utf8(&token.body).ok().filter(|text| text.contains(GROUP))?;
    group(&Node::read(text)?)
}

/// Authorizations of the driver, as payments name them.
fn references_of(found: &Findings) -> BTreeSet<String> {
    let objects = found.objects.iter();
    let objects = objects.filter_map(|(at, object)| Named::find(&found.driver, at, &object.document.body));
    objects.filter_map(|named| named.text(REFERENCE).map(str::to_ascii_lowercase)).collect()
}
