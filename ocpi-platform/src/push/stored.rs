//! Documents of the push engine.
//!
//! | Collection | Key | Contents |
//! |---|---|---|
//! | `PushCursor` | partner | its position in the feed; written under its lease |
//! | `Letter` | object, party | a message that has to arrive once; list: the party, or `dead/` and the partner |
//! | `Delivered` | object, partner | a message that has arrived, with its URL at the partner |
//! | `DeadPush` | object, partner | an object that the partner refused; list: the partner |
//! | `PushBell` | dead letter | an object that has to be sent again; list: the partner |

use bytes::Bytes;
use ocpi_server_traits::storage::{Address, Document, NewDocument, Position};
use ocpi_types::json::{self, Limits};
use ocpi_types::protocol::Party;
use ocpi_types::{DateTime, Text, object};

use super::refusal::Refusal;
use crate::messages::{MASK, words};

pub(crate) const CURSORS: &str = "PushCursor";
pub(crate) const LETTERS: &str = "Letter";
pub(crate) const DELIVERED: &str = "Delivered";
pub(crate) const DEAD: &str = "DeadPush";
pub(crate) const BELLS: &str = "PushBell";
const FORMAT: &str = "push";

object! {
    /// The place to which a partner has come.
    pub struct StoredCursor = "PushCursor", init StoredCursorInit {
        /// Position in the feed.
        pub position: i64,
        /// The store's time in microseconds: the partner has what changed until then.
        pub clean: i64,
        /// Time since which it is away.
        pub away: Option<DateTime>,
        /// Kinds that it has, and kinds and parties that it lost, with the positions from which on it was not told of them.
        pub gaps: Option<Text<0>>,
    }
}

object! {
    /// A message, an object that was refused, or a bell.
    pub struct StoredLetter = "PushLetter", init StoredLetterInit {
        /// Collection of the object.
        pub collection: Text<0>,
        /// Its owner.
        pub owner: Text<0>,
        /// Its key.
        pub key: Text<0>,
        /// Time since which it waits.
        pub since: DateTime,
        /// Failures before it was refused.
        pub attempts: i64,
        /// HTTP's status of the refusal.
        pub http: Option<i64>,
        /// OCPI's status of the refusal.
        pub status: Option<i64>,
        /// Words of the refusal.
        pub text: Option<Text<0>>,
    }
}

/// A message, an object that was refused, or a bell.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub(super) object: Address,
    pub(super) since: DateTime,
    pub(super) attempts: u32,
    pub(super) refusal: Option<Refusal>,
}

impl Letter {
    pub(super) fn about(object: Address, since: DateTime) -> Self {
        Self { object, since, attempts: 0, refusal: None }
    }

    /// The address of the message about an object for a party.
    pub(super) fn address(object: &Address, party: &Party) -> Address {
        message_at(object, &party.canonical())
    }

    /// The address of what is kept of an object and a partner.
    pub(super) fn with_partner(collection: &'static str, object: &Address, partner: &str) -> Address {
        let key = format!("{}/{}/{}/{}", object.collection(), object.owner(), object.key(), partner);
        Address::new(collection, "", key)
    }

    pub(super) fn document(&self, list: String, now: DateTime) -> Option<NewDocument> {
        let text = |text: &str| text.parse::<Text<0>>().ok();
        let refusal = self.refusal.as_ref();
        let stored = StoredLetter {
            http: refusal.and_then(|refusal| refusal.http).map(i64::from),
            status: refusal.and_then(|refusal| refusal.status).map(i64::from),
            // Words of a partner may name a driver.
            text: refusal.and_then(|refusal| text(&words(&refusal.text))),
            ..StoredLetterInit {
                collection: text(self.object.collection())?,
                owner: text(self.object.owner())?,
                key: text(self.object.key())?,
                since: self.since,
                attempts: self.attempts.into(),
            }
            .into()
        };
        Some(NewDocument::new(json::to_vec(&stored), FORMAT, now).in_list(list))
    }

    pub(super) fn read(document: &Document) -> Option<Self> {
        let stored: StoredLetter = json::read_within(&document.body, Limits::trusted()).ok()?.value;
        let number = |number: Option<i64>| number.and_then(|number| u16::try_from(number).ok());
        let text = stored.text.as_ref().map(|text| text.as_str().to_owned());
        let refusal =
            text.map(|text| Refusal { http: number(stored.http), status: number(stored.status), text });
        let object =
            Address::new(stored.collection.as_str().to_owned(), stored.owner.as_str(), stored.key.as_str());
        let attempts = stored.attempts.try_into().unwrap_or(u32::MAX);
        Some(Self { object, since: stored.since, attempts, refusal })
    }
}

/// The address of the message about an object for a party, in the form of lists.
pub(crate) fn message_at(object: &Address, party: &str) -> Address {
    let key = format!("{}/{}/{party}", object.collection(), object.key());
    Address::new(LETTERS, object.owner(), key)
}

/// Words of the refusal of a message or an object.
pub(crate) fn words_of(document: &Document) -> Option<String> {
    let refusal = Letter::read(document)?.refusal?;
    Some(refusal.text).filter(|text| !text.is_empty() && text != MASK)
}

/// The text of a message or an object that was refused, without the words of the refusal.
pub(crate) fn without_words(document: &Document) -> Option<Bytes> {
    let mut stored: StoredLetter = json::read_within(&document.body, Limits::trusted()).ok()?.value;
    stored.text.as_ref()?;
    stored.text = Some(MASK.parse().ok()?);
    Some(json::to_vec(&stored).into())
}

/// The list of the messages to a partner that were refused.
pub(super) fn dead_list(partner: &str) -> String {
    format!("dead/{partner}")
}

/// The place to which a partner has come.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Cursor {
    pub(super) position: Position,
    pub(super) clean: i64,
    pub(super) away: Option<DateTime>,
    /// See [`Gaps`](super::gaps::Gaps).
    pub(super) gaps: String,
}

/// The position to which a partner has come.
pub(crate) fn position_of(document: &Document) -> Option<Position> {
    Some(Cursor::read(document)?.position)
}

impl Cursor {
    pub(super) fn at(partner: &str) -> Address {
        Address::new(CURSORS, "", partner)
    }

    /// The place of a partner that is new.
    pub(super) fn at_position(position: Position, clean: i64) -> Self {
        Self { position, clean, away: None, gaps: String::new() }
    }

    pub(super) fn document(&self, now: DateTime) -> NewDocument {
        let position = i64::try_from(self.position.number()).unwrap_or(i64::MAX);
        let stored = StoredCursor {
            away: self.away,
            gaps: self.gaps.parse().ok(),
            ..StoredCursorInit { position, clean: self.clean }.into()
        };
        NewDocument::new(json::to_vec(&stored), FORMAT, now)
    }

    pub(super) fn read(document: &Document) -> Option<Self> {
        let stored: StoredCursor = json::read_within(&document.body, Limits::trusted()).ok()?.value;
        let position = Position::new(stored.position.try_into().ok()?);
        let gaps = stored.gaps.map(|gaps| gaps.as_str().to_owned()).unwrap_or_default();
        Some(Self { position, clean: stored.clean, away: stored.away, gaps })
    }
}
