//! Objects in doubt: documents of a collection of their own.

use ocpi_types::DateTime;
use ocpi_types::endpoint::{Owned, Resource};
use ocpi_types::protocol::{PartnerId, Party};

use super::{Objects, ROWS};
use crate::Error;
use crate::order::{Doubt, DoubtReason};
use crate::storage::{Address, Document, NewDocument, Query, Start, Store, StoreExt};

/// Collection of the doubts.
const COLLECTION: &str = "Doubt";
/// Format of the documents.
const FORMAT: &str = "doubt/1";
/// Term by which the doubts about a partner's objects are found.
const PARTNER: &str = "partner";
/// Term that keeps the key as the partner spells it.
const SPELLED: &str = "spelled";

/// Last line of a doubt that counts for its partner: the object is not there.
const COUNTED: &str = "\ncounted";

/// An object that may differ from its owner's, and should be looked up there.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct InDoubt {
    /// Address of the object, even if it does not exist.
    pub at: Address,
    /// The same address with the key as the partner spelled it, for partners with case-sensitive ids.
    pub spelled: Address,
    /// The partner whose push raised the doubt.
    pub partner: Option<PartnerId>,
    /// The doubt: time and reasons.
    pub doubt: Doubt,
}

impl<S: Store> Objects<S> {
    /// Returns all objects in doubt, in the order in which the doubts arose.
    ///
    /// Look each of them up at its owner, and pass the answer to [`Objects::answer`].
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn doubts(&self) -> Result<Vec<InDoubt>, Error> {
        self.find_doubts(Query::all(COLLECTION)).await
    }

    /// Returns the objects of an owner that are in doubt.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn doubts_of(&self, owner: &Party) -> Result<Vec<InDoubt>, Error> {
        self.find_doubts(Query::list(COLLECTION, owner.canonical())).await
    }

    /// Returns the doubt about an object, if there is one.
    ///
    /// # Errors
    /// When the storage fails.
    pub async fn doubt<T: Resource>(&self, at: &Owned<T::Key>) -> Result<Option<Doubt>, Error> {
        let document = self.store.get(&address_of(&Address::of::<T>(at))).await?;
        Ok(document.as_ref().and_then(read))
    }

    async fn find_doubts(&self, query: Query) -> Result<Vec<InDoubt>, Error> {
        let (mut found, mut start) = (Vec::new(), Start::First);
        loop {
            let page = self.store.page(&query, start, ROWS).await?;
            found.extend(page.rows.iter().filter_map(|(at, document)| in_doubt(at, document)));
            match page.next {
                Some(cursor) => start = Start::After(cursor),
                None => return Ok(found),
            }
        }
    }
}

/// The address of the doubt about an object.
pub(super) fn address_of(object: &Address) -> Address {
    Address::new(COLLECTION, object.owner(), format!("{}:{}", object.collection(), object.key()))
}

/// The document of a doubt, and whether it counts for the partner.
pub(super) fn document_of(
    owner: &str,
    doubt: &Doubt,
    partner: Option<&PartnerId>,
    is_counted: bool,
    spelled: &str,
) -> NewDocument {
    let reasons: Vec<_> = doubt.reasons.iter().map(|reason| reason.as_str()).collect();
    let mut body = format!("{}\n{}\n{}", doubt.since, doubt.latest, reasons.join(","));
    if is_counted {
        body.push_str(COUNTED);
    }
    let document = NewDocument::new(body, FORMAT, doubt.since).in_list(owner).with_term(SPELLED, spelled);
    partner.into_iter().fold(document, |document, partner| document.with_term(PARTNER, partner.as_str()))
}

/// The partner for which a doubt counts.
pub(super) fn counts_for(document: &Document) -> Option<PartnerId> {
    partner_of(document).filter(|_| document.body.ends_with(COUNTED.as_bytes()))
}

/// The partner for which a document counts, if it is a doubt that does.
pub(super) fn raised_at(at: &Address, document: &Document) -> Option<PartnerId> {
    counts_for(document).filter(|_| at.collection() == COLLECTION && !document.is_deleted)
}

fn partner_of(document: &Document) -> Option<PartnerId> {
    let partner = document.terms.iter().find(|(name, _)| name == PARTNER);
    partner.and_then(|(_, id)| id.parse().ok())
}

/// Reads a doubt. Of one that cannot be read it is known that it is there.
pub(super) fn read(document: &Document) -> Option<Doubt> {
    let body = std::str::from_utf8(&document.body).unwrap_or_default();
    let mut lines = body.lines();
    let mut time = || lines.next().and_then(|line| line.parse::<DateTime>().ok());
    let since = time().unwrap_or(document.last_updated);
    let latest = time().unwrap_or(since);
    let reasons = lines.next().unwrap_or_default().split(',').filter_map(DoubtReason::named);
    let mut doubt = Doubt::new(since, reasons);
    doubt.latest = latest;
    Some(doubt)
}

fn in_doubt(at: &Address, document: &Document) -> Option<InDoubt> {
    let (collection, key) = at.key().split_once(':')?;
    let spelled = document.terms.iter().find(|(name, _)| name == SPELLED);
    let spelled = spelled.map_or(key, |(_, spelled)| spelled);
    Some(InDoubt {
        at: Address::new(collection.to_owned(), at.owner(), key),
        spelled: Address::new(collection.to_owned(), at.owner(), spelled),
        partner: partner_of(document),
        doubt: read(document)?,
    })
}
