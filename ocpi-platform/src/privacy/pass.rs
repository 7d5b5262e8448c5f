//! One pass of an erasure: erases the documents that it can, and reports the rest.
//!
//! A document in the change feed is deleted first, so that reactors see the deletion; its tombstone is erased after
//! that. Erasing it at once would make every reader of the feed start over.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use ocpi_client::Transport;
use ocpi_server_traits::storage::{
    Address, Document, NewDocument, Position, Query, Rejected, Start, StoreExt,
};
use ocpi_server_traits::{Disposal, Store, owned_at};
use ocpi_types::json::{self, Limits};
use ocpi_types::v2_3_0::bookings::Booking;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{DateTime, Object};

use super::ErasureScope;
use super::driver::Driver;
use super::naming::Named;
use super::pending::{self, Erasure};
use super::references::{self, Objects, TOKENS, is_token};
use super::report::{ErasureReport, WaitsFor};
use super::scan::{Findings, Found};
use crate::documents::failure;
use crate::push::{BELLS, CURSORS};
use crate::{Error, Platform, changes, push};

/// Most rounds of a pass: what is deleted in one has a tombstone in the next.
const ROUNDS: usize = 5;
/// Most documents of a write.
const AT_ONCE: usize = 200;

/// Work on a document.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Act {
    Delete,
    Erase,
    Pseudonymise,
    /// Entries of lists are removed, and tokens elsewhere get a pseudonym.
    Strike,
    /// Texts of a partner are removed.
    Hush,
    /// Everything after the first line is removed.
    Cut,
}

/// Positions in the feed up to which everybody has come.
struct Come {
    /// Whether nothing is waited for any more.
    is_late: bool,
    partners: Position,
    reactors: Position,
}

/// A pass of an erasure.
struct Pass {
    at: Address,
    erasure: Erasure,
    pseudonym: String,
    report: ErasureReport,
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Does what can be done of some erasures, with one reading for all. Returns their reports, and the first error; those that
    /// failed are not over.
    pub(super) async fn erase_some(
        &self,
        erasures: Vec<(Address, Erasure)>,
    ) -> (Vec<ErasureReport>, Option<Error>) {
        let (mut open, mut reports, mut failed) = (Vec::new(), Vec::new(), None);
        for (at, erasure) in erasures {
            match self.begin_pass(at, erasure).await {
                Ok(pass) => open.push(pass),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        for _ in 0..ROUNDS {
            if open.is_empty() {
                break;
            }
            let drivers = open.iter().map(|pass| pass.erasure.driver.clone()).collect();
            let found = match self.scan(drivers).await {
                Ok(found) => found,
                Err(error) => {
                    failed = failed.or(Some(error));
                    break;
                }
            };
            let mut rest = Vec::new();
            for (mut pass, found) in open.into_iter().zip(found) {
                match self.round(&mut pass, &found, &mut failed).await {
                    Ok(()) if pass.report.has_more => rest.push(pass),
                    Ok(()) => reports.push(pass.report),
                    Err(error) => {
                        failed = failed.or(Some(error));
                        pass.report.has_more = true;
                        reports.push(pass.report);
                    }
                }
            }
            open = rest;
        }
        reports.extend(open.into_iter().map(|pass| pass.report));
        (reports, failed)
    }

    /// Stores an erasure at the time of its next pass before this one, so that one that fails is not always the first.
    async fn begin_pass(&self, at: Address, mut erasure: Erasure) -> Result<Pass, Error> {
        erasure.begin_pass(self.now());
        pending::put(self.store(), self.settings.seal.as_deref(), &at, &erasure).await?;
        let pseudonym = format!("erased-{}", self.settings.secrets.id()?.get(..24).unwrap_or_default());
        Ok(Pass {
            at,
            erasure,
            pseudonym,
            report: ErasureReport { has_more: true, ..ErasureReport::default() },
        })
    }

    /// Does what can be done by what was found. An erasure is forgotten itself when nothing is left to do.
    async fn round(
        &self,
        pass: &mut Pass,
        found: &Findings,
        failed: &mut Option<Error>,
    ) -> Result<(), Error> {
        let Pass { at, erasure, pseudonym, report } = pass;
        report.postponed.clear();
        if found.driver != erasure.driver {
            // Without its Token nobody knows any more whose contract it was.
            erasure.driver = found.driver.clone();
            pending::put(self.store(), self.settings.seal.as_deref(), at, erasure).await?;
        }
        let is_late = erasure.is_late(self.now());
        let come = if is_late { Come { is_late, ..Come::EVERYBODY } } else { self.come().await? };
        let acts = self.acts(found, erasure, &come, (report, pseudonym), failed).await?;
        // What would stay as it is is no act: an erasure ends where nothing changes any more.
        report.has_more = !acts.is_empty();
        self.act(&erasure.driver, acts, pseudonym, report).await?;
        if report.is_done() {
            self.erase_all(BTreeSet::from([at.clone()])).await?;
        }
        Ok(())
    }

    /// Work that is to be done now. What fails with one Token holds up nothing else, and is in `failed`.
    async fn acts(
        &self,
        found: &Findings,
        erasure: &Erasure,
        come: &Come,
        (report, pseudonym): (&mut ErasureReport, &str),
        failed: &mut Option<Error>,
    ) -> Result<BTreeMap<Address, Act>, Error> {
        let mut acts = BTreeMap::new();
        for (at, object) in &found.objects {
            if at.collection() == TOKENS {
                let reason = self.holds(at, object, come).await.unwrap_or_else(|error| {
                    failed.get_or_insert(error);
                    Some(WaitsFor::Partners)
                });
                if let Some(reason) = reason {
                    report.waits(at, reason);
                    continue;
                }
            }
            let act = act_on(at.collection(), erasure.scope);
            if found.undelivered.contains(at) && !come.is_late {
                report.waits(at, WaitsFor::Delivery);
            } else if act.on(&erasure.driver, at, &object.document, pseudonym) != Disposal::Keep {
                acts.insert(at.clone(), act);
            }
        }
        if erasure.scope == ErasureScope::Everything {
            acts.extend(found.confirmations.keys().map(|at| (at.clone(), Act::Delete)));
        }
        let gone = acts.iter().filter(|(_, act)| **act == Act::Delete).map(|(at, _)| at.clone()).collect();
        let gone = Objects { driver: &erasure.driver, known: gone };
        let touched = acts.keys().cloned().collect();
        let touched = Objects { driver: &erasure.driver, known: touched };
        for (at, document) in &found.about {
            // The reason of a change that was set aside is a text of the application.
            let are = if references::is_set_aside(at) { &touched } else { &gone };
            if are.are_meant(at, Some(document)) {
                let act = match at.collection() {
                    BELLS => Act::Delete,
                    changes::PLACES => Act::Cut,
                    _ => Act::Erase,
                };
                acts.insert(at.clone(), act);
            } else if let Some(words) = references::words(at, document) {
                if touched.are_meant(at, Some(document)) || erasure.driver.is_in(&words) {
                    acts.insert(at.clone(), Act::Hush);
                }
            }
        }
        for (at, position) in &found.tombstones {
            if *position <= come.reactors {
                acts.insert(at.clone(), Act::Erase);
            } else {
                report.waits(at, WaitsFor::Reactors);
            }
        }
        Ok(acts)
    }

    /// The reason why a Token may not go. Of one of ours partners have to know that it is not valid any more.
    async fn holds(&self, at: &Address, found: &Found, come: &Come) -> Result<Option<WaitsFor>, Error> {
        if !self.parties().iter().any(|party| party.canonical() == at.owner()) {
            return Ok(None);
        }
        let token = json::read_within::<Token>(&found.document.body, Limits::trusted());
        let is_valid = token.is_ok_and(|token| token.value.valid);
        match owned_at::<Token>(at).filter(|_| is_valid && come.partners != Come::EVERYBODY.partners) {
            Some(owned) => match self.objects.withdraw::<Token>(&owned).await {
                Ok(_) => Ok(Some(WaitsFor::Partners)),
                // A store that fails, or a guard that cannot decide.
                Err(error) if error.is_internal() || error.is_temporary() => Err(error.into()),
                Err(_) => Ok(Some(WaitsFor::Guard)),
            },
            None => Ok(Some(WaitsFor::Partners).filter(|_| found.position > come.partners)),
        }
    }

    /// Does it, what the platform keeps about objects first: without the object nobody would find it again.
    async fn act(
        &self,
        driver: &Driver,
        acts: BTreeMap<Address, Act>,
        pseudonym: &str,
        report: &mut ErasureReport,
    ) -> Result<(), Error> {
        for turn in 0..3 {
            let at = acts.iter().filter(|(_, act)| act.turn() == turn).map(|(at, _)| at.clone());
            let at: Vec<_> = at.collect();
            for at in at.chunks(AT_ONCE).map(<[_]>::to_vec) {
                let (acts, driver, pseudonym) = (acts.clone(), driver.clone(), pseudonym.to_owned());
                let judge = move |at: &Address, document: &Document| {
                    acts.get(at).map_or(Disposal::Keep, |act| act.on(&driver, at, document, &pseudonym))
                };
                if turn == 0 {
                    self.rewrite_silent(at, judge).await?;
                } else {
                    self.objects.dispose(at, judge).await?;
                }
            }
        }
        for (at, act) in &acts {
            match act {
                // It counts when its tombstone is gone, if the address names the driver.
                Act::Delete if is_token(driver, at) || at.collection() == BELLS => {}
                Act::Delete | Act::Erase => report.went(at),
                Act::Pseudonymise | Act::Strike | Act::Hush | Act::Cut => report.stayed(at),
            }
        }
        Ok(())
    }

    /// Rewrites documents that the change feed does not have, and is not to have.
    async fn rewrite_silent(
        &self,
        at: Vec<Address>,
        judge: impl Fn(&Address, &Document) -> Disposal + Send + Sync + 'static,
    ) -> Result<(), Error> {
        let all = at.clone();
        let rewritten = self.store().update(at, move |tx| {
            for at in &all {
                let Some(document) = tx.get(at)?.cloned() else { continue };
                if let Disposal::Rewrite(body) = judge(at, &document) {
                    let new = NewDocument::new(body, document.format, document.last_updated);
                    tx.put(at, new.in_list(document.list).with_terms(document.terms))?;
                }
            }
            Ok::<_, Rejected<()>>(())
        });
        rewritten.await.map_err(failure)
    }

    /// Erases documents and tombstones, whatever they are.
    pub(super) async fn erase_all(&self, at: BTreeSet<Address>) -> Result<(), Error> {
        self.objects.dispose(at.into_iter().collect(), |_, _| Disposal::Erase).await?;
        Ok(())
    }

    async fn come(&self) -> Result<Come, Error> {
        let mut come = Come::EVERYBODY;
        for (collection, position) in [
            (CURSORS, push::position_of as fn(&Document) -> Option<Position>),
            (changes::PLACES, changes::position_of),
        ] {
            let mut start = Start::First;
            loop {
                let page = self.store().page(&Query::all(collection), start, 500).await?;
                let least = page.rows.iter().filter_map(|(_, document)| position(document)).min();
                let known = if collection == CURSORS { &mut come.partners } else { &mut come.reactors };
                *known = least.map_or(*known, |least| least.min(*known));
                match page.next {
                    Some(cursor) => start = Start::After(cursor),
                    None => break,
                }
            }
        }
        Ok(come)
    }
}

impl Come {
    const EVERYBODY: Self =
        Self { is_late: false, partners: Position::new(u64::MAX), reactors: Position::new(u64::MAX) };
}

/// Work on the objects of a collection.
fn act_on(collection: &str, scope: ErasureScope) -> Act {
    let is = |name: &str| collection == name;
    let may_go = is(Token::INFO.name) || is(Session::INFO.name) || is(Booking::INFO.name);
    if may_go || (is(Cdr::INFO.name) && scope == ErasureScope::Everything) {
        Act::Delete
    } else if is(Location::INFO.name) {
        Act::Strike
    } else {
        Act::Pseudonymise
    }
}

impl Act {
    /// The turn at which it is done. The first are those of documents that the change feed does not have.
    fn turn(self) -> u8 {
        match self {
            Self::Hush | Self::Cut => 0,
            Self::Erase => 1,
            Self::Delete | Self::Pseudonymise | Self::Strike => 2,
        }
    }

    /// The fate of a document as it is now.
    fn on(self, driver: &Driver, at: &Address, document: &Document, pseudonym: &str) -> Disposal {
        let named = || Named::find(driver, at, &document.body);
        let rewritten = |text: Option<Bytes>| {
            text.filter(|text| *text != document.body).map_or(Disposal::Keep, Disposal::Rewrite)
        };
        match self {
            _ if document.is_deleted && self != Self::Erase => Disposal::Keep,
            Self::Delete => Disposal::Delete,
            // What was created again in its place is for the next round.
            Self::Erase if !document.is_deleted && is_token(driver, at) => Disposal::Keep,
            Self::Erase => Disposal::Erase,
            Self::Pseudonymise => {
                rewritten(named().map(|named| named.pseudonymised(&document.format, pseudonym).into()))
            }
            Self::Strike => rewritten(named().map(|named| named.struck(&document.format, pseudonym).into())),
            Self::Hush => rewritten(push::without_words(document)),
            Self::Cut => {
                let end = document.body.iter().position(|byte| *byte == b'\n').unwrap_or(document.body.len());
                Disposal::Rewrite(Bytes::copy_from_slice(document.body.get(..end).unwrap_or_default()))
            }
        }
    }
}

/// Seconds of a time, for retention.
pub(super) fn before(now: DateTime, age: std::time::Duration) -> Option<DateTime> {
    now.checked_add_seconds(i64::try_from(age.as_secs()).ok()?.checked_neg()?)
}
