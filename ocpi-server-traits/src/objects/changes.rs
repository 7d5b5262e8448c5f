//! Typed changes of the objects of one kind, from the change feed.

use std::collections::BTreeMap;

use ocpi_types::DateTime;
use ocpi_types::endpoint::{Incoming, Key, Owned, Resource, RootResource};

use super::stored::{collection, read};
use super::{Broken, Cause, Objects, doubts};
use crate::Error;
use crate::order::changed_members;
use crate::storage::{Address, Change, Document, Position, Store};

/// Most objects whose last state a reader remembers.
const REMEMBERED: usize = 2_048;

/// A change of an object: its current state, and the differences since the reader last saw it.
///
/// Changes in quick succession are merged: intermediate states are not reported.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Changed<R: Resource> {
    /// The object.
    pub at: Owned<R::Key>,
    /// The current object; `None` if it is deleted.
    pub now: Option<R>,
    /// Changed parts: "" for the object itself, the `uid` of an EVSE for the EVSE or one of its Connectors.
    pub parts: Vec<String>,
    /// Members that changed since the reader last saw the object, prefixed with the key of their part: `name`,
    /// `e1/status`. `None` if the reader has not seen it, for example after a restart: any member may have changed.
    pub members: Option<Vec<String>>,
    /// Cause of the newest change; `None` for a deletion.
    pub by: Option<Cause>,
    /// Whether the object may differ from its owner's and will be looked up.
    pub in_doubt: bool,
    /// Position in the feed. A reader that starts after it gets all later changes, and perhaps this one again.
    pub position: Position,
}

/// Changes that were read together.
#[derive(Debug)]
#[non_exhaustive]
pub struct ChangeBatch<R: Resource> {
    /// The changes of objects of this kind, each object once, in commit order.
    pub changed: Vec<Changed<R>>,
    /// Unreadable documents of this kind.
    pub broken: Vec<Broken>,
    /// The position to continue from.
    pub upto: Position,
    /// Whether there were no more changes of any kind.
    pub is_end: bool,
    /// Whether deletions may have been purged before they were read: the batch is then empty, and the next one starts
    /// from the beginning. A reader that keeps a copy drops the objects that have not occurred when a batch [is the
    /// end](Self::is_end).
    pub is_gap: bool,
}

/// Place of a reader in the feed, for storing.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct FeedPlace {
    /// Everything up to this position was read.
    pub position: Position,
    /// While the feed is read from the start: the purge position at the beginning of that. Deletions purged before it
    /// are no gap.
    pub walk: Option<Position>,
}

impl From<Position> for FeedPlace {
    fn from(position: Position) -> Self {
        Self { position, walk: None }
    }
}

/// Reads the changes of objects of one kind, starting at a place.
///
/// ```
/// use ocpi_server_traits::storage::Position;
/// use ocpi_server_traits::{ChangeReader, Error, Memory, Objects};
/// use ocpi_types::v2_3_0::tariffs::Tariff;
///
/// async fn print_all(objects: &Objects<Memory>) -> Result<Position, Error> {
///     let mut reader = ChangeReader::<Tariff>::after(Position::START);
///     loop {
///         let batch = reader.read(objects, 100).await?;
///         for change in &batch.changed {
///             println!("{}: {:?}", change.at.owner, change.parts);
///         }
///         if batch.is_end {
///             return Ok(batch.upto);
///         }
///     }
/// }
/// # pollster::block_on(print_all(&Objects::new(Memory::new(), vec![]))).unwrap();
/// ```
#[derive(Debug)]
pub struct ChangeReader<R: Resource> {
    place: FeedPlace,
    /// Last states that were seen, by address.
    seen: BTreeMap<Address, R>,
}

impl<R: RootResource> ChangeReader<R> {
    /// Starts after a position.
    pub fn after(place: impl Into<FeedPlace>) -> Self {
        Self { place: place.into(), seen: BTreeMap::new() }
    }

    /// Returns the place at which the next read starts.
    pub fn place(&self) -> FeedPlace {
        self.place
    }

    /// Moves to another place, such as one reached by another node. Objects that were seen remain known.
    pub fn go_to(&mut self, place: impl Into<FeedPlace>) {
        self.place = place.into();
    }

    /// Records a change as seen: the next change of this object lists the members that differ from it.
    pub fn saw(&mut self, changed: &Changed<R>) {
        let address = Address::of::<R>(&changed.at);
        match &changed.now {
            Some(now) => {
                if self.seen.len() >= REMEMBERED && !self.seen.contains_key(&address) {
                    self.seen.clear();
                }
                self.seen.insert(address, now.clone());
            }
            None => drop(self.seen.remove(&address)),
        }
    }

    /// Reads the next changes, of at most `limit` parts of objects of all kinds.
    ///
    /// # Errors
    /// When the storage fails. The next call reads the same changes again.
    pub async fn read(&mut self, objects: &Objects<impl Store>, limit: u32) -> Result<ChangeBatch<R>, Error> {
        let FeedPlace { position: after, walk } = self.place;
        let changes = objects.store().changes(after, limit.max(1)).await?;
        let known = walk.unwrap_or(Position::START);
        let mut batch = ChangeBatch {
            changed: Vec::new(),
            broken: Vec::new(),
            upto: changes.upto,
            is_end: changes.rows.is_empty(),
            is_gap: false,
        };
        if changes.is_gap(after.max(known)) {
            (self.place, self.seen) = (FeedPlace::default(), BTreeMap::new());
            return Ok(ChangeBatch { upto: Position::START, is_end: false, is_gap: true, ..batch });
        }
        let walk = if after == Position::START { Some(changes.purged) } else { walk };
        let mut groups =
            grouped(changes.rows.into_iter().filter(|row| row.at.collection() == collection::<R>()));
        groups.sort_by_key(|group| group.position);
        let documents = documents_of(objects, groups.iter().map(|group| &group.at)).await?;
        for (group, (document, in_doubt)) in groups.into_iter().zip(documents) {
            match self.typed(group, document, in_doubt) {
                Ok(Some(changed)) => batch.changed.push(changed),
                Ok(None) => {}
                Err(broken) => batch.broken.push(*broken),
            }
        }
        self.place = FeedPlace { position: changes.upto, walk: walk.filter(|_| !batch.is_end) };
        Ok(batch)
    }

    /// Reads the current object as a change of the whole object.
    ///
    /// # Errors
    /// When the storage fails, or the object cannot be read.
    pub async fn read_one(
        &self,
        objects: &Objects<impl Store>,
        at: &Address,
    ) -> Result<Option<Changed<R>>, Error> {
        let group = Group { at: at.clone(), position: self.place.position, parts: vec![String::new()] };
        let mut documents = documents_of(objects, [at].into_iter()).await?;
        let Some((document, in_doubt)) = documents.pop() else { return Ok(None) };
        self.typed(group, document, in_doubt).map_err(|broken| broken.error)
    }

    fn typed(
        &self,
        group: Group,
        document: Option<Document>,
        in_doubt: bool,
    ) -> Result<Option<Changed<R>>, Box<Broken>> {
        let Group { at: address, position, parts, .. } = group;
        let broken = |error| Box::new(Broken { at: address.clone(), error });
        let Some(document) = document else {
            // One that was deleted after the feed was read comes again. An id that is none names nothing that was read.
            let Some(at) = owned_at::<R>(&address) else { return Ok(None) };
            return Ok(Some(Changed { at, now: None, parts, members: None, by: None, in_doubt, position }));
        };
        let now: R = read(&document).map_err(broken)?;
        let members = self.seen.get(&address).map(|before| changed_members(before, &now));
        let by = Cause::from_bytes(&document.cause);
        let at = owned_as_named(&address, &now);
        Ok(Some(Changed { at, now: Some(now), parts, members, by, in_doubt, position }))
    }
}

/// The rows of one document.
struct Group {
    at: Address,
    /// The first of them: whoever goes on behind it gets the later ones again.
    position: Position,
    parts: Vec<String>,
}

fn grouped(rows: impl Iterator<Item = Change>) -> Vec<Group> {
    let mut groups: BTreeMap<Address, Group> = BTreeMap::new();
    for row in rows {
        let new = || Group { at: row.at.clone(), position: row.position, parts: Vec::new() };
        let group = groups.entry(row.at.clone()).or_insert_with(new);
        group.position = group.position.min(row.position);
        if !group.parts.contains(&row.part) {
            group.parts.push(row.part);
        }
    }
    groups.into_values().collect()
}

/// The documents at some addresses, each with whether it is in doubt, in one snapshot.
async fn documents_of<'a>(
    objects: &Objects<impl Store>,
    at: impl Iterator<Item = &'a Address>,
) -> Result<Vec<(Option<Document>, bool)>, Error> {
    let addresses: Vec<Address> = at.flat_map(|at| [at.clone(), doubts::address_of(at)]).collect();
    if addresses.is_empty() {
        return Ok(Vec::new());
    }
    let mut documents = objects.store().read(&addresses).await?.into_iter();
    let mut pairs = Vec::with_capacity(addresses.len() / 2);
    while let (Some(document), Some(doubt)) = (documents.next(), documents.next()) {
        pairs.push((document, doubt.is_some()));
    }
    Ok(pairs)
}

/// The identity of an object as it spells it itself, where it is kept at the address that it names.
fn owned_as_named<R: RootResource>(address: &Address, object: &R) -> Owned<R::Key> {
    let named = object.identity();
    if Address::of::<R>(&named) == *address {
        return named;
    }
    owned_at::<R>(address).unwrap_or(named)
}

/// Returns the identity from which an object's [address](Address::of) was made, in the spelling of addresses.
///
/// ```
/// use ocpi_server_traits::owned_at;
/// use ocpi_server_traits::storage::Address;
/// use ocpi_types::endpoint::{Owned, TariffKey};
/// use ocpi_types::protocol::Party;
/// use ocpi_types::v2_3_0::tariffs::Tariff;
/// let at = Owned { owner: Party::new("NL", "ALF")?, key: TariffKey { tariff_id: "T1".parse()? } };
/// assert_eq!(owned_at::<Tariff>(&Address::of::<Tariff>(&at)), Some(at));
/// # Ok::<(), ocpi_types::TextError>(())
/// ```
pub fn owned_at<R: Resource>(address: &Address) -> Option<Owned<R::Key>> {
    let (country, party) = address.owner().split_once('/')?;
    let plain = |text: &str| text.replace("%2f", "/").replace("%25", "%");
    let mut key: Vec<String> = address.key().split('/').map(plain).collect();
    let rest = key.split_off(R::Key::PATH.len().min(key.len()));
    let query: Vec<_> = rest.into_iter().map(|text| ("type".to_owned(), text.to_ascii_uppercase())).collect();
    let parameters: Vec<String> = [country.to_owned(), party.to_owned()].into_iter().chain(key).collect();
    let url = "https://ocpi.invalid/".parse().ok()?;
    let incoming = Incoming::new(&url, &parameters, &query, &[]);
    let owner = ocpi_types::protocol::Party {
        country_code: incoming.id(0, "country_code").ok()?,
        party_id: incoming.id(1, "party_id").ok()?,
    };
    Some(Owned { owner, key: R::Key::decode(&incoming, 2).ok()? })
}

/// A copy of a partner's object, for finding copies that its list no longer contains.
#[derive(Debug)]
#[non_exhaustive]
pub struct KeptCopy<R: Resource> {
    /// Address of the copy.
    pub address: Address,
    /// The object.
    pub object: R,
    /// Time of arrival of its newest value.
    pub newest_arrival: DateTime,
}
