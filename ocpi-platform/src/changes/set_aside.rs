//! Changes that a reactor failed to handle and that were set aside.

use std::fmt;

use ocpi_server_traits::Store;
use ocpi_server_traits::storage::{Address, NewDocument, Query, Rejected, Start, StoreExt, UpdateError};
use ocpi_types::DateTime;

use crate::Error;
use crate::documents::failure;
use crate::lines::{fields, line};

/// Collection of what was set aside; the list is the reactor.
pub(crate) const SET_ASIDE: &str = "SetAside";
const FORMAT: &str = "set_aside/1";
/// Most that are read at once.
const ROWS: u32 = 500;
/// Longest text of an error that is kept, in bytes.
const LONGEST: usize = 1_000;

/// A change that a reactor failed to handle. The object may have changed since.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct SetAside {
    /// Address of the object.
    pub at: Address,
    /// Number of tries so far.
    pub tries: u32,
    /// Time at which it was set aside.
    pub since: DateTime,
    /// Text of the handler's last error.
    pub reason: String,
    /// Whether it will be tried once more.
    pub is_asked_again: bool,
}

/// The reason is the application's text, and may name a driver.
impl fmt::Debug for SetAside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetAside")
            .field("at", &self.at)
            .field("tries", &self.tries)
            .field("since", &self.since)
            .finish_non_exhaustive()
    }
}

impl SetAside {
    pub(super) fn to_document(&self, reactor: &str) -> NewDocument {
        let reason: String = self.reason.chars().take(LONGEST).collect();
        let (tries, since) = (self.tries.to_string(), self.since.to_unix_micros().to_string());
        let again = if self.is_asked_again { "again" } else { "waits" };
        let at = &self.at;
        let text = line(&[&tries, &since, again, at.collection(), at.owner(), at.key(), &reason]);
        NewDocument::new(text, FORMAT, self.since).in_list(reactor)
    }

    fn read(body: &[u8]) -> Option<Self> {
        let fields = fields(std::str::from_utf8(body).ok()?);
        let [tries, since, again, collection, owner, key, reason]: [String; 7] = fields.try_into().ok()?;
        Some(Self {
            at: Address::new(collection, owner, key),
            tries: tries.parse().ok()?,
            since: DateTime::from_unix_micros(since.parse().ok()?)?,
            reason,
            is_asked_again: again == "again",
        })
    }
}

/// The address of what a reactor set aside.
pub(super) fn address(reactor: &str, at: &Address) -> Address {
    Address::new(SET_ASIDE, reactor, line(&[at.collection(), at.owner(), at.key()]))
}

/// Everything that a reactor set aside, in the order in which it was.
pub(super) async fn all(store: &impl Store, reactor: &str) -> Result<Vec<SetAside>, Error> {
    let (mut all, mut start) = (Vec::new(), Start::First);
    let query = Query::list(SET_ASIDE, reactor);
    loop {
        let page = store.page(&query, start, ROWS).await?;
        all.extend(page.rows.iter().filter_map(|(_, document)| SetAside::read(&document.body)));
        match page.next {
            Some(cursor) => start = Start::After(cursor),
            None => return Ok(all),
        }
    }
}

pub(super) async fn ask_again(store: &impl Store, reactor: &str, at: &Address) -> Result<bool, Error> {
    let (address, reactor) = (address(reactor, at), reactor.to_owned());
    edit(store, address.clone(), move |transaction| {
        let Some(known) = transaction.get(&address)?.and_then(|document| SetAside::read(&document.body))
        else {
            return Ok(false);
        };
        let again = SetAside { is_asked_again: true, ..known };
        transaction.put(&address, again.to_document(&reactor))?;
        Ok(true)
    })
    .await
}

pub(super) async fn drop_one(store: &impl Store, reactor: &str, at: &Address) -> Result<bool, Error> {
    let address = address(reactor, at);
    edit(store, address.clone(), move |transaction| {
        let now = transaction.now();
        Ok(transaction.delete(&address, now)?)
    })
    .await
}

async fn edit(
    store: &impl Store,
    at: Address,
    edit: impl FnMut(&mut ocpi_server_traits::storage::Transaction<'_>) -> Result<bool, Rejected<()>>
    + Send
    + 'static,
) -> Result<bool, Error> {
    let edited: Result<bool, UpdateError<()>> = store.update(vec![at], edit).await;
    edited.map_err(failure)
}
