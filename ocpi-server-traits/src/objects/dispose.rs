//! Removal and rewriting of documents of any kind.

use bytes::Bytes;
use ocpi_types::DateTime;

use super::{Charge, MarkedChange, Marks, Objects, doubts};
use crate::Error;
use crate::storage::{Address, Document, NewDocument, Store};

/// Decision about a document.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Disposal {
    /// Keep it.
    Keep,
    /// Delete it, leaving a tombstone if the change feed has the document.
    Delete,
    /// [Erase](crate::storage::Transaction::erase) it, or the tombstone.
    Erase,
    /// Replace its text.
    Rewrite(Bytes),
}

impl<S: Store> Objects<S> {
    /// Lets `judge` decide about current documents and tombstones, in one write, and updates the quotas. Returns the
    /// number of documents that were removed or changed.
    ///
    /// Use this for data that must be removed in any case: guards are not called, and nothing is sent to partners.
    /// `judge` may run more than once.
    ///
    /// ```
    /// use ocpi_server_traits::storage::Address;
    /// use ocpi_server_traits::{Disposal, Error, Memory, Objects};
    ///
    /// async fn forget(objects: &Objects<Memory>, at: Address) -> Result<bool, Error> {
    ///     let gone = objects.dispose(vec![at], |_, document| match document.is_deleted {
    ///         true => Disposal::Keep,
    ///         false => Disposal::Delete,
    ///     });
    ///     Ok(gone.await? == 1)
    /// }
    /// # let objects = Objects::new(Memory::new(), vec![]);
    /// # let at = Address::new("Session", "NL/ALF", "s1");
    /// # assert!(!pollster::block_on(forget(&objects, at)).unwrap());
    /// ```
    ///
    /// # Errors
    /// When the storage fails, or there are more than 1,000 addresses.
    pub async fn dispose(
        &self,
        at: Vec<Address>,
        judge: impl Fn(&Address, &Document) -> Disposal + Send + Sync + 'static,
    ) -> Result<u64, Error> {
        let all = at.clone();
        self.charged(at, None, move |transaction, charges| {
            let (now, mut count) = (transaction.now(), 0);
            for at in &all {
                let known = match transaction.get(at)?.cloned() {
                    Some(document) => Some(document),
                    None => transaction.tombstone(at)?.cloned(),
                };
                let Some(document) = known else { continue };
                let disposal = judge(at, &document);
                if disposal == Disposal::Keep {
                    continue;
                }
                count += 1;
                let before = Charge::of(&document).filter(|_| !document.is_deleted);
                if let Disposal::Rewrite(body) = disposal {
                    let new = rewritten(&document, body, now);
                    charges.object(at.collection(), before, Charge::of_new(&new));
                    transaction.put(at, new)?;
                    continue;
                }
                charges.object(at.collection(), before, None);
                charges.doubt(transaction, doubts::raised_at(at, &document), None)?;
                if disposal == Disposal::Erase {
                    transaction.erase(at)?;
                } else {
                    transaction.delete(at, now)?;
                }
            }
            Ok(count)
        })
        .await
    }
}

/// The document with another text, told as a change of all of it: also to those to whom another change is told first.
fn rewritten(document: &Document, body: Bytes, now: DateTime) -> NewDocument {
    let stamps = Marks::from_bytes(&document.stamps).map(|mut marks| {
        let mark = marks.next(now);
        marks.note("", MarkedChange::Whole, mark);
        marks.to_bytes()
    });
    NewDocument::new(body, document.format.clone(), document.last_updated)
        .in_list(document.list.clone())
        .with_terms(document.terms.iter().cloned())
        .with_stamps(stamps.unwrap_or_else(|| document.stamps.clone()))
        .with_cause(document.cause.clone())
        .with_part("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rewritten_object_is_to_be_sent_as_a_whole() {
        let time = DateTime::UNIX_EPOCH;
        let stamps_of = |stamps: Bytes| {
            let document = Document::written(NewDocument::new("{}", "2.3.0", time).with_stamps(stamps), 1);
            rewritten(&document, Bytes::from_static(b"[]"), time).stamps().clone()
        };
        let mut marks = Marks::default();
        marks.note("E1", MarkedChange::Members(vec!["status".to_owned()]), 7);
        let new = Marks::from_bytes(&stamps_of(marks.to_bytes())).unwrap();
        assert_eq!(new.since(marks.newest()), [(String::new(), MarkedChange::Whole)]);
        assert_eq!(new.born(), marks.born());
        // The times of a copy are those of its partner.
        assert_eq!(stamps_of(Bytes::from_static(b"\x01\x00")), "\x01\x00");
    }
}
