//! The feed reader: one for all partners of the node.

use std::collections::BTreeMap;

use ocpi_client::Transport;
use ocpi_server_traits::storage::{Address, Change, Position, Store};
use ocpi_types::protocol::Party;

use super::garage::Engine;
use super::kinds::Kind;
use super::send::{group_of, is_for, tombstone};
use super::served::Served;
use super::stored::{BELLS, Letter};
use crate::{Error, Platform};

/// Most rows of one read.
const ROWS: u32 = 1_000;

/// A change as partners are told of it.
struct Row {
    position: Position,
    at: Address,
    part: String,
    kind: Kind,
    who: Who,
}

/// Those who are told of a change.
enum Who {
    /// All partners that may see a list.
    List(String),
    /// One partner.
    Partner(String),
}

impl Row {
    /// Whether a partner is told of it.
    fn is_for(&self, id: &str, served: &Served) -> bool {
        let is_told = match &self.who {
            Who::List(list) => is_for(list, &served.facts.parties),
            Who::Partner(partner) => *partner == id,
        };
        is_told && served.facts.kinds.contains(&self.kind)
    }
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Reads on in the feed, once for each place at which partners stand: mostly that is one. `true`: there may be more.
    pub(super) async fn read_feed(&self, engine: &mut Engine) -> Result<bool, Error> {
        let mut groups: BTreeMap<Position, Vec<String>> = BTreeMap::new();
        for (id, served) in &engine.served {
            if served.pusher.reads() {
                groups.entry(served.pusher.read()).or_default().push(id.clone());
            }
        }
        let mut has_more = false;
        for (after, ids) in groups {
            let changes = self.store().changes(after, ROWS).await?;
            has_more |= !changes.rows.is_empty();
            let rows = self.rows(&changes.rows).await?;
            for id in ids {
                let Some(served) = engine.served.get_mut(&id) else { continue };
                for row in &rows {
                    if !row.is_for(&id, served) {
                        continue;
                    }
                    if row.kind.is_message() {
                        served.wants_letters = true;
                    } else {
                        served.pusher.changed(row.at.clone(), row.part.clone(), row.position);
                    }
                }
                served.pusher.read_up_to(changes.upto);
                if changes.rows.is_empty() {
                    served.pusher.caught_up();
                }
            }
        }
        Ok(has_more)
    }

    /// Reads the feed once more for partners that have a kind of object or a party again. `true`: there may be more.
    pub(super) async fn read_gaps(&self, engine: &mut Engine) -> Result<bool, Error> {
        let mut groups: BTreeMap<Position, Vec<String>> = BTreeMap::new();
        for (id, served) in &engine.served {
            if let Some(next) = served.gaps.next().filter(|_| served.pusher.reads()) {
                groups.entry(next).or_default().push(id.clone());
            }
        }
        let has_more = !groups.is_empty();
        for (after, ids) in groups {
            let changes = self.store().changes(after, ROWS).await?;
            let rows = self.rows(&changes.rows).await?;
            for id in ids {
                let Some(served) = engine.served.get_mut(&id) else { continue };
                for row in rows.iter().filter(|row| !row.kind.is_message()) {
                    let party = match &row.who {
                        Who::List(list) => group_of(list),
                        Who::Partner(_) => None,
                    };
                    let is_missed = served.gaps.has_missed(row.kind, party, row.position);
                    if is_missed && row.is_for(&id, served) {
                        served.pusher.missed(row.at.clone(), row.part.clone(), row.position);
                    }
                }
                served.gaps.read_up_to(changes.upto, changes.rows.is_empty());
            }
        }
        Ok(has_more)
    }

    /// The rows that are about objects of ours, with the lists that these stand in.
    async fn rows(&self, changes: &[Change]) -> Result<Vec<Row>, Error> {
        let wanted: Vec<&Change> = changes
            .iter()
            .filter(|change| match change.at.collection() {
                BELLS => !change.is_deleted,
                _ => is_of_ours(self.parties(), &change.at),
            })
            .collect();
        let mut addresses: Vec<Address> =
            wanted.iter().filter(|change| !change.is_deleted).map(|change| change.at.clone()).collect();
        addresses.sort();
        addresses.dedup();
        let documents = self.store().read(&addresses).await?;
        let documents: BTreeMap<Address, _> = addresses.into_iter().zip(documents).collect();
        let mut rows = Vec::with_capacity(wanted.len());
        for change in wanted {
            let row = |at: &Address, part: &str, who| {
                let kind = Kind::of(at.collection())?;
                Some(Row { position: change.position, at: at.clone(), part: part.to_owned(), kind, who })
            };
            let document = documents.get(&change.at).and_then(Option::as_ref);
            match document {
                Some(document) if change.at.collection() == BELLS => {
                    let letter = Letter::read(document);
                    rows.extend(
                        letter
                            .and_then(|letter| row(&letter.object, "", Who::Partner(document.list.clone()))),
                    );
                }
                Some(document) => {
                    rows.extend(row(&change.at, &change.part, Who::List(document.list.clone())))
                }
                // It may have been deleted since: then it comes again.
                None if change.is_deleted => {
                    if let Some(tombstone) = tombstone(self.store(), &change.at).await? {
                        rows.extend(row(&change.at, &change.part, Who::List(tombstone.list)));
                    }
                }
                None => {}
            }
        }
        Ok(rows)
    }
}

/// Whether an object is one of a kind that is pushed, and of one of these parties.
pub(super) fn is_of_ours(parties: &[Party], at: &Address) -> bool {
    Kind::of(at.collection()).is_some() && parties.iter().any(|party| party.canonical() == at.owner())
}
