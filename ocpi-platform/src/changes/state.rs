//! Stored position of a reactor.

use ocpi_server_traits::FeedPlace;
use ocpi_server_traits::storage::{Address, Document, NewDocument, Position};
use ocpi_types::DateTime;

use crate::lines::{fields, line};

/// Collection of the places of reactors.
pub(crate) const PLACES: &str = "Reactor";
const FORMAT: &str = "reactor/1";

/// Place that a reactor has come to.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Place {
    pub(super) feed: FeedPlace,
    /// The change behind it that failed.
    pub(super) failing: Option<Failing>,
}

/// A change that failed, and is tried again.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Failing {
    pub(super) at: Address,
    pub(super) tries: u32,
    pub(super) next: DateTime,
}

pub(super) fn address(name: &str) -> Address {
    Address::new(PLACES, "", name)
}

impl Place {
    pub(super) fn to_document(&self, now: DateTime) -> NewDocument {
        let mut text = self.feed.position.number().to_string();
        if let Some(walk) = self.feed.walk {
            text.push_str(&format!(" {}", walk.number()));
        }
        if let Some(Failing { at, tries, next }) = &self.failing {
            let (tries, next) = (tries.to_string(), next.to_unix_micros().to_string());
            text.push('\n');
            text.push_str(&line(&[&tries, &next, at.collection(), at.owner(), at.key()]));
        }
        NewDocument::new(text, FORMAT, now)
    }

    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let mut lines = std::str::from_utf8(body).ok()?.lines();
        let mut numbers = lines.next()?.split(' ').map(|number| number.parse().ok().map(Position::new));
        let position = numbers.next()??;
        let walk = numbers.next().flatten();
        let failing = lines.next().and_then(failing);
        Some(Self { feed: FeedPlace { position, walk }, failing })
    }
}

/// The position that a stored place has.
pub(crate) fn position_of(document: &Document) -> Option<Position> {
    Some(Place::read(&document.body)?.feed.position)
}

fn failing(text: &str) -> Option<Failing> {
    let [tries, next, collection, owner, key]: [String; 5] = fields(text).try_into().ok()?;
    Some(Failing {
        at: Address::new(collection, owner, key),
        tries: tries.parse().ok()?,
        next: DateTime::from_unix_micros(next.parse().ok()?)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written() {
        let next = DateTime::from_unix_micros(1_234_567).expect("a time");
        let at = Address::new("Session", "NL/ALF", "odd key\n%20");
        for failing in [None, Some(Failing { at, tries: 3, next })] {
            let feed = FeedPlace { position: Position::new(17), walk: Some(Position::new(4)) };
            let place = Place { feed, failing };
            let document = Document::written(place.to_document(next), 1);
            assert_eq!(Place::read(&document.body), Some(place));
        }
    }
}
