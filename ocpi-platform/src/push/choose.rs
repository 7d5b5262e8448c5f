//! Selection of the smallest requests that bring a partner up to date with an object.

use ocpi_server_traits::{MarkedChange, Marks};
use ocpi_types::endpoint::{Owned, Patch, Put, Resource};
use ocpi_types::json::{self, RawJson};
use ocpi_types::{ModuleId, Object, Patched, Version};

use super::kinds::Pushed;

/// The part of an object that is to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// Parts that changed.
    pub(crate) parts: Vec<String>,
    /// Whether all of it is to be sent.
    pub(crate) is_whole: bool,
    /// The state that the partner has, if that is known.
    pub(crate) base: Option<Base>,
    /// Whether the partner takes PATCHes.
    pub(crate) takes_patches: bool,
    /// The version that it speaks.
    pub(crate) version: Version,
}

/// The state of an object that a partner has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Base {
    /// The partner has the object at this revision.
    Exact(Has),
    /// The partner has all changes up to this mark, and perhaps later ones.
    AtLeast(i64),
}

/// An object as a partner has it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Has {
    /// The marks that it has: the first one of the object, and the newest.
    pub(crate) born: i64,
    pub(crate) mark: i64,
    /// Revision of the document.
    pub(crate) revision: u64,
}

/// One request.
#[derive(Debug)]
pub(crate) enum Move<R: Pushed> {
    PutRoot(Put<R>),
    PatchRoot(Patch<R>),
    PutPart(Put<R::Part>),
    PatchPart(Patch<R::Part>),
}

/// Most parts that have requests of their own.
const PARTS: usize = 3;

/// Returns the requests; none if the partner has everything.
pub(crate) fn choose<R: Pushed>(
    at: &Owned<R::Key>,
    object: &R,
    marks: Option<&Marks>,
    revision: u64,
    wanted: &Wanted,
) -> Vec<Move<R>> {
    smallest(at, object, marks, revision, wanted)
        .unwrap_or_else(|| vec![Move::PutRoot(Put { at: at.clone(), object: object.clone() })])
}

/// `None`: the whole object.
fn smallest<R: Pushed>(
    at: &Owned<R::Key>,
    object: &R,
    marks: Option<&Marks>,
    revision: u64,
    wanted: &Wanted,
) -> Option<Vec<Move<R>>> {
    if wanted.is_whole {
        return None;
    }
    let (marks, base) = (marks?, wanted.base?);
    let (changes, is_exact) = match base {
        // What is told now was sent with something else.
        Base::Exact(has) if has.revision == revision => return Some(Vec::new()),
        // Marks that began anew say nothing about the state before.
        Base::Exact(has) if has.born != marks.born() => return None,
        Base::Exact(has) => (marks.since(has.mark), true),
        Base::AtLeast(mark) => (marks.since(mark), false),
    };
    let is_told = |part: &String| changes.iter().any(|(told, _)| told == part);
    if changes.is_empty() || (!is_exact && !wanted.parts.iter().all(is_told)) {
        return None;
    }
    let has_patch = match R::MODULE {
        ModuleId::Locations => wanted.takes_patches,
        // What a PATCH appends is appended once more by the next: only where it is known what the partner has.
        ModuleId::Sessions => wanted.takes_patches && is_exact && wanted.version >= Version::V2_2,
        _ => false,
    };
    if !has_patch || changes.len() > PARTS {
        return None;
    }
    changes.into_iter().map(|(part, changed)| one(at, object, &part, changed)).collect()
}

fn one<R: Pushed>(at: &Owned<R::Key>, object: &R, part: &str, changed: MarkedChange) -> Option<Move<R>> {
    match (part, changed) {
        ("", MarkedChange::Whole) => None,
        ("", MarkedChange::Members(names)) => {
            let patch = patch_of(&shortened(object, &names), &names)?;
            Some(Move::PatchRoot(Patch { at: at.clone(), patch }))
        }
        (part, changed) => {
            let at = R::part_at(at, part)?;
            let found = R::Part::find(object, &at.key)?;
            match changed {
                MarkedChange::Whole => Some(Move::PutPart(Put { at, object: found.clone() })),
                MarkedChange::Members(names) => {
                    let patch = patch_of(found, &names)?;
                    Some(Move::PatchPart(Patch { at, patch }))
                }
            }
        }
    }
}

/// The object with the new elements only of the lists that grew.
fn shortened<R: Pushed>(object: &R, names: &[String]) -> R {
    let mut object = object.clone();
    let mut places: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for (list, place) in names.iter().filter_map(|name| name.split_once('@')) {
        let place = place.parse().unwrap_or(0);
        places.entry(list).and_modify(|least| *least = place.min(*least)).or_insert(place);
    }
    places.into_iter().for_each(|(list, place)| object.keep_from(list, place));
    object
}

/// The PATCH of these members and of the time; `None` if one of them is gone.
fn patch_of<T: Patched + Object>(object: &T, names: &[String]) -> Option<T::Patch> {
    let text: RawJson = json::to_string(object).parse().ok()?;
    let mut members = String::new();
    let mut known: Vec<&str> =
        names.iter().map(|name| name.split_once('@').map_or(name.as_str(), |it| it.0)).collect();
    known.push("last_updated");
    known.sort_unstable();
    known.dedup();
    for name in known {
        // An unknown member may have any name.
        let is_plain = |sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '-' | '.' | ':');
        let value = text.member(name).filter(|_| name.chars().all(is_plain))?;
        let comma = if members.is_empty() { "" } else { "," };
        members.push_str(&format!("{comma}\"{name}\":{}", value.as_str()));
    }
    json::from_str(&format!("{{{members}}}")).ok()
}
