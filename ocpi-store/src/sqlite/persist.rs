//! Rows that a group of writes leaves.

use ocpi_server_traits::storage::{After, Document, Loaded, Persist, State};
use rusqlite::{CachedStatement, Connection, Result};

use super::buckets::Buckets;
use super::counter::Counter;
use super::numbers::{signed, unsigned};
use super::recent::Left;
use super::rows::{self, NewRow};
use super::{feed, statements};

/// Stores the rows that edits left, in their order, and returns them; and whether one was erased.
pub(super) fn persist(connection: &Connection, state: State, counter: &mut Counter) -> Result<(Left, bool)> {
    counter.revisions = counter.revisions.max(signed(state.highest()));
    let mut group = Group {
        connection,
        update_body: connection.prepare_cached(statements::UPDATE_BODY)?,
        tell: connection.prepare_cached(statements::TELL)?,
        buckets: Buckets::default(),
        counter,
        left: Left::new(),
        has_erased: false,
    };
    for row in state.finish() {
        group.store(row)?;
    }
    // Its statements can be used again from here on.
    let Group { buckets, left, counter, has_erased, .. } = group;
    buckets.store(connection)?;
    counter.store(connection)?;
    Ok((left, has_erased))
}

/// Rows on their way into the file.
struct Group<'a> {
    connection: &'a Connection,
    update_body: CachedStatement<'a>,
    tell: CachedStatement<'a>,
    buckets: Buckets,
    counter: &'a mut Counter,
    left: Left,
    has_erased: bool,
}

impl Group<'_> {
    fn store(&mut self, row: Persist) -> Result<()> {
        let Persist { at, before, after } = row;
        let connection = self.connection;
        let was_in_feed = before.as_ref().is_some_and(|loaded| loaded.is_in_feed);
        let before = before.map(|loaded| (signed(loaded.place), loaded.document));
        let live = before.as_ref().filter(|(_, document)| !document.is_deleted);
        let known = live.map_or(Known::default(), |(_, document)| Known::of(document));

        let (document, is_new, parts) = match after {
            After::Row { document, is_new, parts } => (document, is_new, parts),
            gone @ (After::Gone | After::Erased) => {
                if let Some((place, document)) = live {
                    self.buckets.count(&at, &document.list, *place, -1);
                }
                if matches!(gone, After::Erased) {
                    self.has_erased = true;
                    if let Some((place, _)) = before.as_ref().filter(|_| was_in_feed) {
                        self.counter.purged = match live {
                            Some(_) => self.counter.next_position(),
                            None => self.counter.purged.max(feed::newest(connection, *place)?),
                        };
                    }
                }
                forget(connection, at.collection(), before.as_ref(), &known)?;
                self.left.push((at, None));
                return Ok(());
            }
        };
        let kept = before.as_ref().map(|(place, _)| *place).filter(|_| !is_new);
        let place = kept.unwrap_or_else(|| self.counter.next_place());
        let stays = kept.is_some() && known.list == Some(&document.list) && !document.is_deleted;
        if !stays {
            if let Some((place, document)) = live {
                self.buckets.count(&at, &document.list, *place, -1);
            }
            if !document.is_deleted {
                self.buckets.count(&at, &document.list, place, 1);
            }
        }
        let row = NewRow::new(place, &document);
        match kept {
            None => {
                forget(connection, at.collection(), before.as_ref(), &known)?;
                row.insert(connection, &at)?;
                rows::set_terms(connection, at.collection(), place, &[], &document.terms)?;
            }
            Some(_) if stays && known.terms == document.terms => row.update_body(&mut self.update_body)?,
            Some(_) => {
                if stays {
                    row.update_in_list(connection)?;
                } else {
                    row.update(connection)?;
                }
                rows::set_terms(connection, at.collection(), place, known.terms, &document.terms)?;
            }
        }
        if document.is_deleted {
            // One row of the feed is left of it.
            connection.prepare_cached(statements::UNTELL)?.execute([place])?;
        }
        let is_in_feed = !parts.is_empty() || (was_in_feed && !is_new);
        for part in parts {
            let position = self.counter.next_position();
            self.tell.execute((position, place, part))?;
        }
        let is_live = !document.is_deleted;
        let loaded = Loaded { document, place: unsigned(place), is_in_feed };
        self.left.push((at, is_live.then_some(loaded)));
        Ok(())
    }
}

/// Data of a document, not of a tombstone, that stands in other tables too.
#[derive(Default)]
struct Known<'a> {
    list: Option<&'a String>,
    terms: &'a [(String, String)],
}

impl<'a> Known<'a> {
    fn of(document: &'a Document) -> Self {
        Self { list: Some(&document.list), terms: &document.terms }
    }
}

fn forget(
    connection: &Connection,
    collection: &str,
    before: Option<&(i64, Document)>,
    known: &Known<'_>,
) -> Result<()> {
    let Some((place, _)) = before else { return Ok(()) };
    rows::set_terms(connection, collection, *place, known.terms, &[])?;
    rows::delete(connection, *place)
}
