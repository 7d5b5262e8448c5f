//! Documents: bytes, and the few facts about them that a store uses.

use std::collections::BTreeSet;
use std::fmt;

use bytes::Bytes;
use ocpi_types::DateTime;

/// A document to store.
#[derive(Clone, Eq, PartialEq)]
pub struct NewDocument {
    pub(super) body: Bytes,
    pub(super) format: String,
    pub(super) list: String,
    pub(super) last_updated: i64,
    pub(super) terms: Vec<(String, String)>,
    pub(super) parts: Vec<String>,
    pub(super) stamps: Bytes,
    pub(super) cause: Bytes,
}

impl NewDocument {
    /// Creates a document in the list "", without terms, which does not appear in the change feed.
    ///
    /// `format` names the format of the body, such as `2.3.0`; both are opaque to the store. Windows of time sort by
    /// `last_updated`, rounded down to the microsecond.
    pub fn new(body: impl Into<Bytes>, format: impl Into<String>, last_updated: DateTime) -> Self {
        Self {
            body: body.into(),
            format: format.into(),
            list: String::new(),
            last_updated: last_updated.to_unix_micros(),
            terms: Vec::new(),
            parts: Vec::new(),
            stamps: Bytes::new(),
            cause: Bytes::new(),
        }
    }

    /// Sets the list of the collection that contains the document.
    #[must_use]
    pub fn in_list(self, list: impl Into<String>) -> Self {
        Self { list: list.into(), ..self }
    }

    /// Adds a term for look-ups: `("session", "S1")`.
    #[must_use]
    pub fn with_term(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let term = (name.into(), value.into());
        if !self.terms.contains(&term) {
            self.terms.push(term);
        }
        self
    }

    /// Adds terms, without duplicates. There may be very many.
    ///
    /// ```
    /// use ocpi_server_traits::storage::{Document, NewDocument};
    /// let terms = [("evse", "E2"), ("evse", "E1"), ("evse", "E2")];
    /// let new = NewDocument::new("{}", "2.3.0", "2026-11-22T10:00:00Z".parse()?).with_terms(terms);
    /// let of = |value: &str| ("evse".to_owned(), value.to_owned());
    /// assert_eq!(Document::written(new, 1).terms, [of("E2"), of("E1")]);
    /// # Ok::<(), ocpi_types::DateTimeError>(())
    /// ```
    #[must_use]
    pub fn with_terms(
        mut self,
        terms: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        self.terms.extend(terms.into_iter().map(|(name, value)| (name.into(), value.into())));
        if self.terms.len() > 1 {
            let mut known = BTreeSet::new();
            let are_new: Vec<bool> = self.terms.iter().map(|term| known.insert(term)).collect();
            let mut are_new = are_new.into_iter();
            self.terms.retain(|_| are_new.next().unwrap_or(false));
        }
        self
    }

    /// Adds a changed part, for the change feed: "" for the document itself, the `uid` of an EVSE.
    #[must_use]
    pub fn with_part(mut self, part: impl Into<String>) -> Self {
        let part = part.into();
        if !self.parts.contains(&part) {
            self.parts.push(part);
        }
        self
    }

    /// Adds changed parts. There may be very many.
    #[must_use]
    pub fn with_parts(self, parts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut all: BTreeSet<_> = self.parts.into_iter().collect();
        all.extend(parts.into_iter().map(Into::into));
        Self { parts: all.into_iter().collect(), ..self }
    }

    /// Sets the times that order changes of the members. Opaque to the store.
    #[must_use]
    pub fn with_stamps(self, stamps: impl Into<Bytes>) -> Self {
        Self { stamps: stamps.into(), ..self }
    }

    /// Sets the cause of the newest change. Opaque to the store.
    #[must_use]
    pub fn with_cause(self, cause: impl Into<Bytes>) -> Self {
        Self { cause: cause.into(), ..self }
    }

    /// Its texts: format, list, terms, parts.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let terms = self.terms.iter().flat_map(|(name, value)| [name, value]);
        [&self.format, &self.list].into_iter().chain(terms).chain(&self.parts).map(String::as_str)
    }

    /// Bytes of body and stamps.
    pub(crate) fn text_bytes(&self) -> usize {
        self.body.len() + self.stamps.len()
    }

    /// The text.
    pub(crate) fn body(&self) -> &Bytes {
        &self.body
    }

    /// The times that order changes of its members.
    pub(crate) fn stamps(&self) -> &Bytes {
        &self.stamps
    }

    /// The origin of the newest change.
    pub(crate) fn cause(&self) -> &[u8] {
        &self.cause
    }

    /// Bytes that it takes, about.
    pub(crate) fn size(&self) -> usize {
        let terms: usize = self.terms.iter().map(|(name, value)| name.len() + value.len()).sum();
        let parts: usize = self.parts.iter().map(String::len).sum();
        self.body.len()
            + self.stamps.len()
            + self.cause.len()
            + self.format.len()
            + self.list.len()
            + terms
            + parts
    }
}

/// A stored document, or the tombstone of a deleted one.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct Document {
    /// The text as written; empty in a tombstone.
    pub body: Bytes,
    /// Format of the body.
    pub format: String,
    /// The list that contains it.
    pub list: String,
    /// Time by which windows are sorted, to the microsecond; in a tombstone, the time of the deletion.
    pub last_updated: DateTime,
    /// Terms for look-ups.
    pub terms: Vec<(String, String)>,
    /// Times that order changes of the members; in a tombstone, those that the deletion left. Opaque to the store.
    pub stamps: Bytes,
    /// Cause of the newest change. Opaque to the store.
    pub cause: Bytes,
    /// Increases with every write, and never repeats for one address.
    pub revision: u64,
    /// Whether it is a tombstone.
    pub is_deleted: bool,
}

impl Document {
    /// Bytes of body and stamps.
    pub(crate) fn text_bytes(&self) -> usize {
        self.body.len() + self.stamps.len()
    }

    /// Creates the document that a write leaves.
    pub fn written(new: NewDocument, revision: u64) -> Self {
        let NewDocument { body, format, list, last_updated, terms, parts: _, stamps, cause } = new;
        let last_updated = time_of(last_updated);
        Self { body, format, list, last_updated, terms, stamps, cause, revision, is_deleted: false }
    }

    /// Creates the tombstone that a deletion leaves, with its stamps.
    pub fn tombstone(list: String, time: DateTime, revision: u64, stamps: Bytes) -> Self {
        Self {
            body: Bytes::new(),
            format: String::new(),
            list,
            last_updated: time_of(time.to_unix_micros()),
            terms: Vec::new(),
            stamps,
            cause: Bytes::new(),
            revision,
            is_deleted: true,
        }
    }

    /// Returns [`last_updated`](Self::last_updated) in microseconds since 1970.
    pub fn micros(&self) -> i64 {
        self.last_updated.to_unix_micros()
    }
}

/// A time of a `DateTime`, which cannot be out of range.
pub(super) fn time_of(micros: i64) -> DateTime {
    DateTime::from_unix_micros(micros).unwrap_or(DateTime::UNIX_EPOCH)
}

/// The body may hold tokens: its size is shown.
impl fmt::Debug for NewDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewDocument")
            .field("bytes", &self.body.len())
            .field("format", &self.format)
            .field("list", &self.list)
            .field("last_updated", &time_of(self.last_updated))
            .finish_non_exhaustive()
    }
}

/// The body may hold tokens: its size is shown.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("bytes", &self.body.len())
            .field("format", &self.format)
            .field("list", &self.list)
            .field("last_updated", &self.last_updated)
            .field("revision", &self.revision)
            .field("is_deleted", &self.is_deleted)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many that it would take minutes to look for each among the others.
    #[test]
    fn very_many_terms_are_each_there_once() {
        let value = |number: u32| ("evse", format!("NL*ALF*E{}", number % 150_000));
        let new = NewDocument::new("{}", "2.3.0", DateTime::UNIX_EPOCH).with_terms((0..300_000).map(value));
        assert_eq!(new.terms.len(), 150_000);
        assert_eq!(new.terms.first().map(|(_, value)| value.as_str()), Some("NL*ALF*E0"));
    }
}
