//! State of a partner's list between two syncs.

use std::collections::BTreeMap;

use ocpi_client::paging::Watermark;
use ocpi_server_traits::storage::{Address, NewDocument};
use ocpi_server_traits::{Store, storage::StoreExt};
use ocpi_types::endpoint::Resource;
use ocpi_types::{DateTime, Object};

use crate::documents::corrupt;
use crate::lines::{fields, line};
use crate::{Error, Seal};

/// Collections of the states of lists, and of the walks over them that were begun.
pub(crate) const LISTS: &str = "Sync";
const WALKS: &str = "SyncWalk";
const FORMAT: &str = "sync/1";
/// Longest text of a walk that is stored, in bytes. A longer list goes on from an earlier place.
const LONGEST: usize = 14 << 20;

/// State of the list of a partner, as it is kept.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct SyncState {
    /// Up to where the list is known, in the partner's time.
    pub(crate) watermark: Watermark,
    /// When a sync was complete last, by our clock.
    pub(crate) success: Option<DateTime>,
    /// When the whole list was complete last.
    pub(crate) full: Option<DateTime>,
    /// Number of copies that are gone and were kept.
    pub(crate) held: usize,
    /// Copies that the last complete list did not have, by owner and key.
    pub(crate) absent: BTreeMap<(String, String), Absent>,
}

/// A copy that complete lists did not have.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Absent {
    /// Complete lists in a row.
    pub(crate) walks: u32,
    /// When the last of them was begun: what came since clears the mark.
    pub(crate) since: DateTime,
}

/// A walk that was begun, as it is kept.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct StoredWalk {
    pub(super) is_full: bool,
    /// Objects that came before the place.
    pub(super) seen: u64,
    /// Those of them that could not be read.
    pub(super) unread: u64,
    pub(super) cursor: String,
}

/// The addresses of the state of a list, and of the walk over it.
pub(crate) fn address<R: Resource>(partner: &str) -> Address {
    Address::new(LISTS, "", line(&[partner, <R::Root as Object>::INFO.name]))
}

/// The partner and the kind of object of an address.
pub(crate) fn list_of(address: &Address) -> Option<[String; 2]> {
    fields(address.key()).try_into().ok()
}

pub(super) fn walk_address<R: Resource>(partner: &str) -> Address {
    Address::new(WALKS, "", line(&[partner, <R::Root as Object>::INFO.name]))
}

impl SyncState {
    pub(crate) async fn load<R: Resource>(store: &impl Store, partner: &str) -> Result<Self, Error> {
        match store.get(&address::<R>(partner)).await? {
            Some(document) => Self::read(&document.body).ok_or_else(corrupt),
            None => Ok(Self::default()),
        }
    }

    pub(super) fn to_document(&self, partner: &str, now: DateTime) -> NewDocument {
        let time = |time: Option<DateTime>| {
            time.map_or_else(|| "-".to_owned(), |time| time.to_unix_micros().to_string())
        };
        let held = self.held.to_string();
        let head = [time(self.watermark.time()), time(self.success), time(self.full), held];
        let mut text = head.join(" ");
        for ((owner, key), absent) in &self.absent {
            let (walks, since) = (absent.walks.to_string(), time(Some(absent.since)));
            text.push('\n');
            text.push_str(&line(&[&walks, &since, owner, key]));
        }
        NewDocument::new(text, FORMAT, now).in_list(partner)
    }

    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let mut lines = std::str::from_utf8(body).ok()?.split('\n');
        let [watermark, success, full, held]: [String; 4] = fields(lines.next()?).try_into().ok()?;
        let mut absent = BTreeMap::new();
        for line in lines {
            let [walks, since, owner, key]: [String; 4] = fields(line).try_into().ok()?;
            absent.insert((owner, key), Absent { walks: walks.parse().ok()?, since: time(&since)? });
        }
        Some(Self {
            watermark: time(&watermark).map_or_else(Watermark::default, Watermark::at),
            success: time(&success),
            full: time(&full),
            held: held.parse().ok()?,
            absent,
        })
    }
}

fn time(text: &str) -> Option<DateTime> {
    DateTime::from_unix_micros(text.parse().ok()?)
}

/// Before a cursor that is sealed. It may hold a link of the partner, and that a secret.
const SEALED: &str = "sealed ";

impl StoredWalk {
    pub(super) async fn load<R: Resource>(
        store: &impl Store,
        partner: &str,
        seal: Option<&dyn Seal>,
    ) -> Result<Option<Self>, Error> {
        let document = store.get(&walk_address::<R>(partner)).await?;
        // One that cannot be read is begun again.
        Ok(document.and_then(|document| Self::read(&document.body, partner, seal)))
    }

    /// The document of the walk; `None` if it is too long, or cannot be sealed.
    pub(super) fn to_document(
        &self,
        partner: &str,
        seal: Option<&dyn Seal>,
        now: DateTime,
    ) -> Option<NewDocument> {
        let kind = if self.is_full { "full" } else { "delta" };
        let head = format!("{kind} {} {}", self.seen, self.unread);
        let text = match seal {
            Some(seal) => format!("{head} {SEALED}{}", seal.seal(&context(partner), &self.cursor)?),
            None => format!("{head} {}", self.cursor),
        };
        (text.len() <= LONGEST).then(|| NewDocument::new(text, FORMAT, now))
    }

    fn read(body: &[u8], partner: &str, seal: Option<&dyn Seal>) -> Option<Self> {
        let (kind, rest) = std::str::from_utf8(body).ok()?.split_once(' ')?;
        let (seen, rest) = rest.split_once(' ')?;
        let (unread, cursor) = rest.split_once(' ')?;
        let (seen, unread) = (seen.parse().ok()?, unread.parse().ok()?);
        let cursor = match (cursor.strip_prefix(SEALED), seal) {
            (Some(sealed), Some(seal)) => seal.open(&context(partner), sealed)?,
            (Some(_), None) => return None,
            (None, _) => cursor.to_owned(),
        };
        Some(Self { is_full: kind == "full", seen, unread, cursor })
    }
}

fn context(partner: &str) -> String {
    format!("sync/{partner}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_as_it_is_written() {
        let time = |micros| DateTime::from_unix_micros(micros).expect("a time");
        let absent = Absent { walks: 1, since: time(3) };
        let state = SyncState {
            watermark: Watermark::at(time(-5)),
            success: Some(time(1)),
            full: None,
            held: 12,
            absent: [(("NL/ALF".to_owned(), "odd key\n%".to_owned()), absent)].into(),
        };
        for state in [state, SyncState::default()] {
            let document =
                ocpi_server_traits::storage::Document::written(state.to_document("cpo", time(9)), 1);
            assert_eq!(SyncState::read(&document.body), Some(state));
        }
    }

    struct Backwards;

    impl Seal for Backwards {
        fn seal(&self, context: &str, secret: &str) -> Option<String> {
            Some(format!("{context}:{}", secret.chars().rev().collect::<String>()))
        }

        fn open(&self, context: &str, sealed: &str) -> Option<String> {
            Some(sealed.strip_prefix(context)?.strip_prefix(':')?.chars().rev().collect())
        }
    }

    #[test]
    fn a_walk_is_sealed_where_there_is_a_seal() {
        let (now, walk) = (
            time("0").expect("a time"),
            StoredWalk { is_full: true, seen: 12, unread: 3, cursor: "link=secret".to_owned() },
        );
        let written = |seal: Option<&dyn Seal>| {
            let document = walk.to_document("cpo", seal, now).expect("short");
            ocpi_server_traits::storage::Document::written(document, 1).body
        };
        let (plain, sealed) = (written(None), written(Some(&Backwards)));
        assert!(!String::from_utf8_lossy(&sealed).contains("secret"));
        assert_eq!(StoredWalk::read(&sealed, "cpo", Some(&Backwards)), Some(walk.clone()));
        assert_eq!(StoredWalk::read(&plain, "cpo", Some(&Backwards)), Some(walk.clone()));
        assert_eq!(StoredWalk::read(&sealed, "cpo", None), None);
        assert_eq!(StoredWalk::read(&sealed, "other", Some(&Backwards)), None);
    }
}
