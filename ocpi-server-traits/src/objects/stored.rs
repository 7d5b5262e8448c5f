//! Objects as documents: their addresses, lists, terms and texts.

use bytes::Bytes;
use ocpi_types::DateTime;
use ocpi_types::endpoint::{Addressed, Key, Owned, Resource};
use ocpi_types::json::{self, Limits};
use ocpi_types::protocol::Party;

use crate::Error;
use crate::storage::{Address, Document, NewDocument};

/// The longest body that is written. An object that grows with every message of a partner ends here, and not
/// when the memory does.
const LONGEST: usize = 15 << 20;

/// Between the owner of a list and the group that it is for.
const FOR: char = '>';

impl Address {
    /// Returns the address of a resource, or of the object that contains it. Ids and parties that differ only in case
    /// have the same address.
    ///
    /// ```
    /// use ocpi_server_traits::storage::Address;
    /// use ocpi_types::endpoint::{LocationKey, Owned};
    /// use ocpi_types::protocol::Party;
    /// use ocpi_types::v2_3_0::locations::Location;
    /// let key = LocationKey { location_id: "LOC1".parse()? };
    /// let at = Address::of::<Location>(&Owned { owner: Party::new("nl", "ALF")?, key });
    /// assert_eq!((at.collection(), at.owner(), at.key()), ("Location", "NL/ALF", "loc1"));
    /// # Ok::<(), ocpi_types::TextError>(())
    /// ```
    pub fn of<T: Resource>(at: &Owned<T::Key>) -> Self {
        Self::new(collection::<T>(), at.owner.canonical(), T::root_key(&at.key).canonical())
    }
}

/// The collection that objects of a kind, or the objects that hold them, are kept in.
pub(super) fn collection<T: Resource>() -> &'static str {
    T::Root::KEPT_AS
}

/// The version that documents of a resource, and of the object it is kept in, are written in.
pub(super) fn format<T: Resource>() -> &'static str {
    T::Root::VERSION.as_str()
}

/// The list of the objects of an owner that are for everybody, or for a group. Separators in a code are escaped: no two
/// lists have one name.
pub(super) fn list_name(owner: &Party, audience: Option<&Party>) -> String {
    let mut name = in_list(owner);
    if let Some(audience) = audience {
        name.push(FOR);
        name.push_str(&in_list(audience));
    }
    name
}

/// A party as the names of lists spell it.
fn in_list(party: &Party) -> String {
    const SEPARATORS: [char; 3] = ['%', '/', FOR];
    let codes = [party.country_code.as_str(), party.party_id.as_str()];
    if codes.iter().all(|code| !code.contains(SEPARATORS)) {
        return party.canonical();
    }
    let escaped =
        |code: &str| code.to_ascii_uppercase().replace('%', "%25").replace('/', "%2F").replace(FOR, "%3E");
    codes.map(escaped).join("/")
}

/// The lists that the objects of a kind stand in that these owners have for everybody, if the kind is for everybody, or for
/// one of these parties.
pub(super) fn lists_for<'a, T: Resource>(
    owners: &'a [Party],
    parties: impl Iterator<Item = &'a Party> + Clone,
) -> Vec<String> {
    let of = |owner: &'a Party| {
        let groups = parties.clone().map(Some).filter(|_| T::HAS_AUDIENCE);
        let everybody = (!T::ONLY_FOR_AUDIENCE).then_some(None);
        everybody.into_iter().chain(groups).map(move |group| list_name(owner, group))
    };
    owners.iter().flat_map(of).collect()
}

/// The lists of the copies that are kept of objects of these owners, as far as they are for everybody or do not say for whom
/// they are.
pub(super) fn lists_of_copies(owners: &[Party]) -> Vec<String> {
    owners.iter().map(|owner| list_name(owner, None)).collect()
}

/// Whether a document of a kind is for everybody, or for one of these parties.
pub(super) fn is_for<'a, T: Resource>(
    document: &Document,
    mut parties: impl Iterator<Item = &'a Party>,
) -> bool {
    match document.list.split_once(FOR) {
        None => !T::Root::ONLY_FOR_AUDIENCE,
        Some((_, group)) => parties.any(|party| in_list(party) == group),
    }
}

/// The document of an object that is kept by itself, of which this part changed.
///
/// # Errors
/// When it is larger than 15 MiB.
pub(super) fn document_of<R: Resource<Root = R>>(
    owner: &Party,
    object: &R,
    part: &str,
) -> Result<NewDocument, Error> {
    changed_document(owner, object, &[part], 0)
}

/// [`document_of`] for an object of which any number of parts changed, and whose text has about so many bytes.
pub(super) fn changed_document<R: Resource<Root = R>>(
    owner: &Party,
    object: &R,
    parts: &[impl AsRef<str>],
    bytes: usize,
) -> Result<NewDocument, Error> {
    let body = Bytes::from(json::to_vec_with_capacity(object, bytes));
    if body.len() > LONGEST {
        return Err(Error::invalid("the object is larger than 15 MiB"));
    }
    let document = NewDocument::new(body, format::<R>(), object.last_updated())
        .in_list(list_name(owner, object.audience().as_ref()));
    let document = document.with_parts(parts.iter().map(AsRef::as_ref));
    Ok(document.with_terms(object.terms()))
}

/// A document without an object, to be deleted again in the same write.
pub(super) fn revived<R: Resource<Root = R>>(owner: &Party, now: DateTime) -> NewDocument {
    NewDocument::new(Bytes::new(), format::<R>(), now).in_list(list_name(owner, None)).with_part("")
}

/// Reads the object that a document holds.
///
/// # Errors
/// When it was written as the type of another version, or the body is broken.
pub(super) fn read<R: Resource<Root = R>>(document: &Document) -> Result<R, Error> {
    must_be::<R>(document)?;
    // With the limits for messages, an object that many messages made could not be read again.
    match json::read_within(&document.body, Limits::trusted()) {
        Ok(read) => Ok(read.value),
        Err(error) => Err(Error::internal("a stored object is broken").with_source(error)),
    }
}

/// To read one version as another would lose what only one of them has.
pub(super) fn must_be<R: Resource<Root = R>>(document: &Document) -> Result<(), Error> {
    let format = format::<R>();
    if document.format == format {
        return Ok(());
    }
    Err(Error::internal(format!("a stored object is of version {}, not {format}", document.format)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ocpi_types::protocol::Party;
    use ocpi_types::{Value, json};

    use super::list_name;

    /// Codes as messages may have them: longer than they should be, and with the separators of lists.
    fn party(country: &str, id: &str) -> Party {
        fn read<T: Value>(code: &str) -> T {
            json::read(format!("\"{code}\"").as_bytes()).unwrap().value
        }
        Party { country_code: read(country), party_id: read(id) }
    }

    #[test]
    fn no_two_lists_have_one_name() {
        let codes = ["A", "A/", "/", ">", "A>A", "A/A", "%2F", "%3E", "%", ""];
        let parties: Vec<_> = codes.iter().flat_map(|country| codes.map(|id| party(country, id))).collect();
        let mut names = BTreeSet::new();
        for owner in &parties {
            assert!(names.insert(list_name(owner, None)), "{owner}");
            for audience in &parties {
                assert!(names.insert(list_name(owner, Some(audience))), "{owner} for {audience}");
            }
        }
        let (owner, audience) = (party("nl", "ALF"), party("de", "Emp"));
        assert_eq!(list_name(&owner, Some(&audience)), "NL/ALF>DE/EMP");
    }
}
