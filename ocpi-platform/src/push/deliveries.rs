//! Deliveries to a partner that are waiting or were refused.

use std::collections::BTreeMap;

use ocpi_client::Transport;
use ocpi_server_traits::storage::{Address, Query, Rejected, Start, Store, StoreExt};
use ocpi_types::DateTime;
use ocpi_types::endpoint::{Owned, Resource};

use super::facts::Facts;
use super::feed::is_of_ours;
use super::kinds::Kind;
use super::refusal::Refusal;
use super::send::is_for;
use super::stored::{BELLS, Cursor, DEAD, DELIVERED, LETTERS, Letter, dead_list};
use crate::documents::{corrupt, failure};
use crate::{Error, Platform};

/// Objects and messages that are waiting for delivery to a partner, or were refused. See [`Platform::deliveries`].
#[derive(Debug)]
pub struct Deliveries<'a, S, T> {
    platform: &'a Platform<S, T>,
    partner: String,
}

/// A delivery to a partner that is waiting or was refused.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct QueuedDelivery {
    /// Id for [`Deliveries::retry`] and [`Deliveries::discard`].
    pub id: DeliveryId,
    /// The object to deliver.
    pub object: Address,
    /// Changed parts, if the object's state is delivered: "" for the object itself, the `uid` of an EVSE.
    pub parts: Vec<String>,
    /// Whether it is a message, which has to arrive once, rather than the state of an object.
    pub is_message: bool,
    /// Time since which a message is waiting, or at which the delivery was refused.
    pub since: Option<DateTime>,
    /// Number of failures before the refusal.
    pub attempts: u32,
    /// The partner's refusal.
    pub refusal: Option<Refusal>,
}

/// Id of a delivery to a partner.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DeliveryId(Address);

/// Backlog of a partner.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Lag {
    /// Number of parts of objects that the partner lacks or has in an older state, including those being confirmed.
    pub parts: usize,
    /// Number of messages that the partner has not confirmed.
    pub messages: u64,
    /// Number of objects and messages that the partner refused.
    pub dead: u64,
    /// Time since which the partner has been unreachable.
    pub away: Option<DateTime>,
}

/// Rows of one read.
const ROWS: u32 = 1_000;
/// Most that is listed.
const MOST: usize = 10_000;

impl<S: Store, T: Transport> Platform<S, T> {
    /// Gives access to the waiting and refused deliveries to a partner, and its backlog. It is read from the store, so
    /// it is the same on every node, and up to a second old.
    ///
    /// ```
    /// use ocpi_client::Transport;
    /// use ocpi_platform::{Error, Platform};
    /// use ocpi_server_traits::Store;
    ///
    /// /// Sends again what a partner refused, now that it is mended.
    /// async fn again<S: Store, T: Transport>(cpo: &Platform<S, T>) -> Result<(), Error> {
    ///     let emsp = cpo.deliveries("emsp");
    ///     for dead in emsp.dead().await? {
    ///         println!("{:?}: {:?}", dead.object, dead.refusal);
    ///         emsp.retry(&dead.id).await?;
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn deliveries(&self, partner: &str) -> Deliveries<'_, S, T> {
        Deliveries { platform: self, partner: partner.to_owned() }
    }
}

impl<S: Store, T: Transport> Deliveries<'_, S, T> {
    /// Lists waiting deliveries: outdated objects of the partner, then messages; at most 10,000 of each. For a partner
    /// that was never sent anything, there are no objects.
    ///
    /// # Errors
    /// When there is no registration with the partner, or the store fails.
    pub async fn waiting(&self) -> Result<Vec<QueuedDelivery>, Error> {
        let mut waiting = self.states().await?;
        let mut start = Start::First;
        let query = Query::lists(LETTERS, self.lists().await?);
        loop {
            let page = self.platform.store().page(&query, start, ROWS).await?;
            for (at, document) in page.rows {
                let letter = Letter::read(&document).ok_or_else(corrupt)?;
                waiting.push(QueuedDelivery::of(at, letter, true));
            }
            match page.next {
                Some(next) if waiting.len() < 2 * MOST => start = Start::After(next),
                _ => return Ok(waiting),
            }
        }
    }

    /// Lists deliveries that the partner refused, or that could not be sent to it; at most 1,000 objects and 1,000
    /// messages.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn dead(&self) -> Result<Vec<QueuedDelivery>, Error> {
        let mut dead = Vec::new();
        for (query, is_message) in self.dead_queries() {
            for (at, document) in self.platform.store().page(&query, Start::First, ROWS).await?.rows {
                dead.push(QueuedDelivery::of(at, Letter::read(&document).ok_or_else(corrupt)?, is_message));
            }
        }
        Ok(dead)
    }

    /// Sends a refused delivery again: the object in its current state. Returns `false` if there is no such delivery.
    ///
    /// # Errors
    /// When the store fails, or the object of a message no longer exists.
    pub async fn retry(&self, id: &DeliveryId) -> Result<bool, Error> {
        let Some(document) = self.of_partner(id).await? else { return Ok(false) };
        let (now, at) = (self.platform.now(), id.0.clone());
        let letter = Letter::read(&document).ok_or_else(corrupt)?;
        let letter = Letter::about(letter.object, letter.since);
        let bell = Letter::with_partner(BELLS, &letter.object, &self.partner);
        // The message waits in the list of its party again.
        let list = at.key().rsplitn(3, '/').collect::<Vec<_>>();
        let list = match list.as_slice() {
            [id, country, _] => format!("{country}/{id}"),
            _ => return Ok(false),
        };
        let again = letter.document(list, now).ok_or_else(corrupt)?;
        let ring = letter.document(self.partner.clone(), now).ok_or_else(corrupt)?.with_part("");
        let revision = document.revision;
        let retried = self.platform.store().update(vec![at.clone(), bell.clone()], move |tx| {
            if tx.get(&at)?.is_none_or(|known| known.revision != revision) {
                return Ok(false);
            }
            if at.collection() == LETTERS {
                tx.put(&at, again.clone())?;
            } else {
                tx.delete(&at, now)?;
            }
            tx.put(&bell, ring.clone())?;
            Ok::<_, Rejected<()>>(true)
        });
        retried.await.map_err(failure)
    }

    /// Gives up a refused delivery. Returns `false` if there is no such delivery.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn discard(&self, id: &DeliveryId) -> Result<bool, Error> {
        if self.of_partner(id).await?.is_none() {
            return Ok(false);
        }
        let (now, at) = (self.platform.now(), id.0.clone());
        let gone = self
            .platform
            .store()
            .update(vec![at.clone()], move |tx| Ok::<_, Rejected<()>>(tx.delete(&at, now)?));
        gone.await.map_err(failure)
    }

    /// Returns the backlog of the partner.
    ///
    /// # Errors
    /// When there is no registration with the partner, or the store fails.
    pub async fn lag(&self) -> Result<Lag, Error> {
        let store = self.platform.store();
        let states = self.states().await?;
        let messages = store.page(&Query::lists(LETTERS, self.lists().await?), Start::First, 0).await?.total;
        let mut dead = 0;
        for (query, _) in self.dead_queries() {
            dead += store.page(&query, Start::First, 0).await?.total;
        }
        let away = self.cursor().await?.and_then(|cursor| cursor.away);
        Ok(Lag { parts: states.iter().map(|waiting| waiting.parts.len()).sum(), messages, dead, away })
    }

    /// Returns the URL at which the partner stores a CDR, as it stated. `None` if it has not confirmed the CDR, or
    /// stated no URL. It is never empty.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn place_of<R: Resource>(&self, at: &Owned<R::Key>) -> Result<Option<String>, Error> {
        let place = Letter::with_partner(DELIVERED, &Address::of::<R>(at), &self.partner);
        let document = self.platform.store().get(&place).await?;
        let url = document.and_then(|document| String::from_utf8(document.body.to_vec()).ok());
        Ok(url.and_then(|url| self.platform.open_place(&self.partner, url)))
    }

    async fn cursor(&self) -> Result<Option<Cursor>, Error> {
        let document = self.platform.store().get(&Cursor::at(&self.partner)).await?;
        document.map(|document| Cursor::read(&document).ok_or_else(corrupt)).transpose()
    }

    /// Outdated objects of the partner.
    async fn states(&self) -> Result<Vec<QueuedDelivery>, Error> {
        let Some(cursor) = self.cursor().await? else { return Ok(Vec::new()) };
        let facts = self.facts().await?;
        let (mut found, mut after) = (BTreeMap::<Address, QueuedDelivery>::new(), cursor.position);
        loop {
            let changes = self.platform.store().changes(after, ROWS).await?;
            let rows: Vec<_> =
                changes.rows.iter().filter(|row| is_of_ours(self.platform.parties(), &row.at)).collect();
            let at: Vec<Address> = rows.iter().map(|row| row.at.clone()).collect();
            let documents = self.platform.store().read(&at).await?;
            for (row, document) in rows.into_iter().zip(documents) {
                let kind = Kind::of(row.at.collection())
                    .filter(|kind| facts.kinds.contains(kind) && !kind.is_message());
                let is_told = document.is_none_or(|document| is_for(&document.list, &facts.parties));
                if kind.is_none() || !is_told || found.len() >= MOST {
                    continue;
                }
                let new = || QueuedDelivery {
                    id: DeliveryId(row.at.clone()),
                    object: row.at.clone(),
                    parts: Vec::new(),
                    is_message: false,
                    since: None,
                    attempts: 0,
                    refusal: None,
                };
                found.entry(row.at.clone()).or_insert_with(new).parts.push(row.part.clone());
            }
            if changes.rows.is_empty() {
                return Ok(found.into_values().collect());
            }
            after = changes.upto;
        }
    }

    async fn facts(&self) -> Result<Facts, Error> {
        let facts = self.platform.to_serve().await?.remove(&self.partner).flatten();
        facts.ok_or_else(|| Error::no_partner(&self.partner))
    }

    /// The lists in which messages to the partner stand.
    async fn lists(&self) -> Result<Vec<String>, Error> {
        Ok(self.facts().await?.parties.iter().cloned().collect())
    }

    fn dead_queries(&self) -> [(Query, bool); 2] {
        let objects = Query::list(DEAD, self.partner.clone());
        [(objects, false), (Query::list(LETTERS, dead_list(&self.partner)), true)]
    }

    /// Reads what was refused, if it was by this partner.
    async fn of_partner(
        &self,
        id: &DeliveryId,
    ) -> Result<Option<ocpi_server_traits::storage::Document>, Error> {
        let list = match id.0.collection() {
            DEAD => self.partner.clone(),
            LETTERS => dead_list(&self.partner),
            _ => return Ok(None),
        };
        let document = self.platform.store().get(&id.0).await?;
        Ok(document.filter(|document| document.list == list))
    }
}

impl QueuedDelivery {
    fn of(at: Address, letter: Letter, is_message: bool) -> Self {
        Self {
            id: DeliveryId(at),
            object: letter.object,
            parts: Vec::new(),
            is_message,
            since: Some(letter.since),
            attempts: letter.attempts,
            refusal: letter.refusal,
        }
    }
}
