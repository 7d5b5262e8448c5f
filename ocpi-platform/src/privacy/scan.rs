//! Everything in the store that is about a driver.

use std::collections::{BTreeMap, BTreeSet};

use ocpi_client::Transport;
use ocpi_server_traits::Store;
use ocpi_server_traits::storage::{Address, Document, Position, Query, Start};

use super::driver::Driver;
use super::naming::Named;
use super::references::{self, Objects, SILENT, TOKENS, is_token};
use super::retention::CONFIRMATIONS;
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
    /// CDRs and others of which a message waits.
    pub(super) undelivered: BTreeSet<Address>,
    /// The driver, with the `uid`s of all Tokens and the contracts of all tokens that were found.
    pub(super) driver: Driver,
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Reads everything, and keeps what is about the driver.
    pub(super) async fn scan(&self, driver: &Driver) -> Result<Findings, Error> {
        let mut asked = driver.clone();
        let mut found = self.scan_feed(asked.clone()).await?;
        while found.driver != asked {
            // The tokens of a contract and the contract of a token were not known, and may stand alone somewhere.
            asked = found.driver;
            found = self.scan_feed(asked.clone()).await?;
        }
        let driver = asked;
        for collection in CONFIRMATIONS {
            for reference in references_of(&driver, &found) {
                let query = Query::all(collection).with_term(REFERENCE, reference);
                self.each(query, |at, document| drop(found.confirmations.insert(at, document))).await?;
            }
        }
        let known = found.objects.keys().chain(found.confirmations.keys()).cloned().collect();
        let objects = Objects { driver: &driver, known };
        for collection in SILENT {
            self.each(Query::all(collection), |at, document| {
                let waiting = references::waiting_about(&at, &document);
                found.undelivered.extend(waiting.filter(|object| objects.have(object)));
                if objects.are_meant(&at, Some(&document)) {
                    found.about.insert(at, document);
                }
            })
            .await?;
        }
        Ok(found)
    }

    /// The feed has every object, of modules of an application, too, and every tombstone.
    async fn scan_feed(&self, driver: Driver) -> Result<Findings, Error> {
        let mut after = Position::START;
        let mut found = Findings { driver: driver.clone(), ..Findings::default() };
        let driver = &driver;
        loop {
            let changes = self.store().changes(after, ROWS).await?;
            if changes.rows.is_empty() {
                return Ok(found);
            }
            after = changes.upto;
            let mut rows: BTreeMap<Address, (Position, bool)> = BTreeMap::new();
            for row in changes.rows {
                rows.insert(row.at, (row.position, row.is_deleted));
            }
            let live: Vec<Address> =
                rows.iter().filter(|(_, (_, is_deleted))| !is_deleted).map(|(at, _)| at.clone()).collect();
            let documents = self.store().read(&live).await?;
            for (at, document) in live.into_iter().zip(documents) {
                // One that was deleted since comes again.
                let (Some(document), Some((position, _))) = (document, rows.get(&at)) else { continue };
                found.see(driver, at, document, *position);
            }
            let objects = Objects { driver, known: BTreeSet::new() };
            for (at, (position, is_deleted)) in rows {
                let names =
                    is_token(driver, &at) || (at.collection() == BELLS && objects.are_meant(&at, None));
                if is_deleted && names {
                    found.tombstones.insert(at, position);
                }
            }
        }
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
    fn see(&mut self, driver: &Driver, at: Address, document: Document, position: Position) {
        let is_about = Objects { driver, known: BTreeSet::new() }.are_meant(&at, Some(&document));
        if at.collection() == BELLS && is_about {
            self.about.insert(at, document);
            return;
        }
        let named = Named::find(driver, &document.body);
        let is_found = named.is_some() || is_token(driver, &at);
        if let Some(named) = named {
            self.driver.found_contracts.extend(named.issued("contract_id"));
            if at.collection() == TOKENS {
                self.driver.found_tokens.extend(named.issued("uid"));
            }
        }
        if is_found {
            // Each part of it has a row: the last one counts.
            let found = self.objects.entry(at).or_insert(Found { document: document.clone(), position });
            *found = Found { document, position: found.position.max(position) };
        }
    }
}

/// Authorizations of the driver, as payments name them.
fn references_of(driver: &Driver, found: &Findings) -> BTreeSet<String> {
    let objects = found.objects.values().filter_map(|object| Named::find(driver, &object.document.body));
    objects.filter_map(|named| named.text(REFERENCE).map(str::to_ascii_lowercase)).collect()
}
