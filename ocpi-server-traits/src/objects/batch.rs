//! Many objects in one write.

use ocpi_types::DateTime;
use ocpi_types::endpoint::RootResource;

use super::guards::Step;
use super::stored::document_of;
use super::{Cause, Objects, kept, put, read};
use crate::Error;
use crate::storage::{Address, Document, NewDocument, Rejected, Store};

/// Most documents of one write.
const DOCUMENTS: usize = 500;
/// Most bytes of one write, except of one with a single object, which may have more.
pub(super) const BYTES: usize = 8 << 20;

/// Objects that are to be written together.
#[derive(Default)]
pub(super) struct Batch {
    rows: Vec<Row>,
    bytes: usize,
}

/// An object to be written: its place, its document and its newest change.
pub(super) struct Row(Address, NewDocument, DateTime);

impl Row {
    pub(super) fn of<T: RootResource>(object: &T) -> Result<Self, Error> {
        let at = object.identity();
        let document = document_of(&at.owner, object, "")?;
        Ok(Self(Address::of::<T>(&at), document, object.newest_change()))
    }
}

impl Batch {
    pub(super) fn add(&mut self, row: Row) {
        self.bytes = self.bytes.saturating_add(row.1.size());
        self.rows.push(row);
    }

    pub(super) fn has_room_for(&self, row: &Row) -> bool {
        let bytes = self.bytes.saturating_add(row.1.size());
        self.rows.is_empty() || (self.rows.len() < DOCUMENTS && bytes <= BYTES)
    }

    pub(super) async fn write<T: RootResource>(self, objects: &Objects<impl Store>) -> Result<(), Error> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let at = self.rows.iter().map(|Row(at, ..)| at.clone()).collect();
        let judges = objects.guards.of::<T>();
        let written = objects.charged(at, None, move |transaction, charges| {
            for Row(at, document, newest) in &self.rows {
                let there = kept::<T>(transaction, at)?;
                let is_older = there.as_ref().is_some_and(|there| there.newest_change() > *newest);
                if !is_older {
                    if !judges.is_empty() {
                        let after =
                            read::<T>(&Document::written(document.clone(), 0)).map_err(Rejected::Because)?;
                        let (before, after) = (there.as_ref(), Some(&after));
                        let step = Step { at, before, after, by: &Cause::Here };
                        judges.judge(&step).map_err(Rejected::Because)?;
                    }
                    put(transaction, charges, at, document.clone())?;
                }
            }
            Ok(())
        });
        written.await
    }
}
