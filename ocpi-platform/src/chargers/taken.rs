//! Requests to charge points in the store: one document each, changed in transactions.

use ocpi_server_traits::storage::{Query, Rejected, Start, Store, StoreExt};
use ocpi_types::DateTime;
use ocpi_types::protocol::PartnerId;

use super::entry::Entry;
use super::stored::{self, DUE, PARTNER, RESERVATION, RUNNING};
use crate::Error;
use crate::documents::{Form, corrupt, failure, just_after};

/// Stands in the key of a request that was put by, before the id of the one that took its place.
const BY: char = '.';
/// Most documents that one step touches.
pub(super) const STEP: u32 = 500;

pub(super) const FORM: Form<Entry> =
    Form { collection: "TakenRequest", read: stored::read, write: stored::write };

/// A request in the store. Others that looked the same had its key before.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) key: String,
    pub(super) id: String,
}

/// Stores a request before a charge point hears of it. Returns the one that is there, if it came before.
///
/// One that is over gives its place to another that looks the same. If it made a reservation that stands, it is put by: the
/// reservation can still be withdrawn if the charge point does not make it once more.
pub(super) async fn begin(
    store: &impl Store,
    key: &str,
    entry: &Entry,
    now: DateTime,
) -> Result<Option<Entry>, Error> {
    let (at, document) = (FORM.at(key), stored::write(entry, now).ok_or_else(corrupt)?);
    let (put_by, request_id) = (FORM.at(&format!("{key}{BY}{}", entry.run)), entry.request_id.clone());
    let begun = store.update(vec![at.clone(), put_by.clone()], move |tx| {
        if let Some(known) = tx.get(&at)? {
            let mut known = stored::read(&known.body).ok_or(Rejected::Because(()))?;
            let is_same = known.is_same(request_id.as_ref(), now);
            if is_same && known.repeat() {
                tx.put(&at, stored::write(&known, now).ok_or(Rejected::Because(()))?)?;
            }
            if is_same {
                return Ok(Some(known));
            }
            if known.has_reservation(now) {
                tx.put(&put_by, stored::write(&known, now).ok_or(Rejected::Because(()))?)?;
            }
        }
        tx.put(&at, document.clone())?;
        Ok(None)
    });
    begun.await.map_err(failure)
}

/// Takes a request back that came to nothing: it is new when it comes again. `false`: it came again already and was answered,
/// so a result has to follow.
pub(super) async fn take_back(store: &impl Store, run: &Run, now: DateTime) -> Result<bool, Error> {
    let (at, id) = (FORM.at(&run.key), run.id.clone());
    let taken = store.update(vec![at.clone()], move |tx| {
        let Some(known) = tx.get(&at)? else { return Ok(true) };
        match stored::read(&known.body) {
            Some(known) if known.run != id => return Ok(true),
            Some(known) if known.is_repeated => return Ok(false),
            _ => {}
        }
        tx.delete(&at, now)?;
        Ok::<_, Rejected<()>>(true)
    });
    taken.await.map_err(failure)
}

/// Changes a request in a transaction; the edit says whether it did. `None`: it is gone, or another has its key.
pub(super) async fn change<T: Send + 'static>(
    store: &impl Store,
    run: &Run,
    now: DateTime,
    mut edit: impl FnMut(&mut Entry) -> (T, bool) + Send + 'static,
) -> Result<Option<T>, Error> {
    let id = run.id.clone();
    let edit = move |entry: &mut Entry| {
        if entry.run != id {
            return (None, false);
        }
        let (value, is_changed) = edit(entry);
        (Some(value), is_changed)
    };
    Ok(FORM.change(store, &run.key, now, edit).await?.flatten())
}

/// The key of the requests that look the same as one.
pub(super) fn common(key: &str) -> &str {
    key.split_once(BY).map_or(key, |(common, _)| common)
}

/// Number of the requests of a partner that are not over.
pub(super) async fn open(store: &impl Store, partner: &PartnerId) -> Result<u64, Error> {
    let lists = vec![RUNNING.to_owned(), DUE.to_owned()];
    let open = Query::lists(FORM.collection, lists).with_term(PARTNER, partner.as_str());
    Ok(store.page(&open, Start::First, 0).await?.total)
}

/// Keys of the requests of a list whose time has come.
pub(super) async fn ripe(
    store: &impl Store,
    list: &'static str,
    now: DateTime,
) -> Result<Vec<String>, Error> {
    let ripe = Query::list(FORM.collection, list).to(just_after(now));
    let page = store.page(&ripe, Start::First, STEP).await?;
    Ok(page.rows.into_iter().map(|(at, _)| at.key().to_owned()).collect())
}

/// Keys of the requests of a list whose time is later than one.
pub(super) async fn beyond(
    store: &impl Store,
    list: &'static str,
    time: DateTime,
) -> Result<Vec<String>, Error> {
    let beyond = Query::list(FORM.collection, list).from(just_after(time));
    let page = store.page(&beyond, Start::First, STEP).await?;
    Ok(page.rows.into_iter().map(|(at, _)| at.key().to_owned()).collect())
}

/// Keys of the requests of a partner by which it made a reservation.
pub(super) async fn reserving(
    store: &impl Store,
    partner: &str,
    reservation_id: &str,
) -> Result<Vec<String>, Error> {
    let wanted =
        Query::all(FORM.collection).with_term(RESERVATION, stored::reservation(partner, reservation_id));
    let page = store.page(&wanted, Start::First, STEP).await?;
    Ok(page.rows.into_iter().map(|(at, _)| at.key().to_owned()).collect())
}
