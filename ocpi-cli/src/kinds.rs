//! Every object type of every version, with its Rust type erased.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use ocpi_types::endpoint::PatchedResource;
use ocpi_types::json::{self, Reading, Verdict};
use ocpi_types::{Object, ObjectInfo, Patched, Rule, Ruleset, Version, check_ruleset};
use serde::Deserialize;

use crate::feed::FeedObject;
use crate::remark::Remark;

/// An object type of one version.
#[derive(Debug)]
pub(crate) struct Kind {
    pub(crate) info: &'static ObjectInfo,
    /// The version, with the branch that has the type.
    profile: &'static Ruleset,
    inspect: Inspect,
    repair: fn(&str) -> Option<Vec<u8>>,
}

type Inspect = fn(&str, &'static Ruleset) -> Inspected;

/// Remarks of a tolerant reader and of the check on one object.
#[derive(Debug)]
pub(crate) struct Inspected {
    /// Verdict on the reading.
    pub(crate) verdict: Verdict,
    /// Deviations that were read over, or the reason why nothing could be read.
    pub(crate) reading: Vec<Remark>,
    /// Deviations of the value that was read. Places are those in the repaired value.
    pub(crate) checking: Vec<Remark>,
    /// The value that was read, for the check of the feed.
    pub(crate) object: Option<FeedObject>,
}

impl Kind {
    const fn of<T: Object>(profile: &'static Ruleset) -> Self {
        Self { info: T::INFO, profile, inspect: inspect::<T>, repair: repair::<T> }
    }

    /// The PATCH of an object. From 2.2.1 on it says when the change was, if it is a PATCH of the specification.
    const fn of_patch<T: Patched>(profile: &'static Ruleset, inspect: Inspect) -> Self {
        Self { info: <T::Patch as Object>::INFO, profile, inspect, repair: repair::<T::Patch> }
    }

    /// The specification's name in lower case, with dashes: `cdr-location`.
    pub(crate) fn name(&self) -> String {
        dashed(self.info.name)
    }

    pub(crate) fn version(&self) -> Version {
        self.profile.version()
    }

    /// The id of an object, for people. Not the uid of a token: that is what is read from the driver's card.
    pub(crate) fn id_of(&self, text: &str) -> Option<String> {
        #[derive(Deserialize)]
        struct Ids<'a> {
            #[serde(borrow, default)]
            id: Option<Cow<'a, str>>,
            #[serde(borrow, default)]
            uid: Option<Cow<'a, str>>,
        }
        let Ids { id, uid } = serde_json::from_str(text).ok()?;
        let id = if self.info.name == "EVSE" { uid } else { id };
        id.map(Cow::into_owned)
    }

    /// Reads and checks one object by the specification of its type.
    pub(crate) fn inspect(&self, text: &str) -> Inspected {
        (self.inspect)(text, self.profile)
    }

    /// Reads one object and checks it against a ruleset, by default the specification of its type.
    pub(crate) fn inspect_by(&self, profile: Option<&'static Ruleset>, text: &str) -> Inspected {
        (self.inspect)(text, profile.unwrap_or(self.profile))
    }

    /// Writes the object as it is after reading; `None` if it is none.
    pub(crate) fn repair(&self, text: &str) -> Option<Vec<u8>> {
        (self.repair)(text)
    }
}

fn inspect<T: Object>(text: &str, profile: &'static Ruleset) -> Inspected {
    let item = match json::read_item::<T>(text.as_bytes()) {
        Ok(item) => item,
        Err(error) => {
            return Inspected {
                verdict: Verdict::Unreadable,
                reading: vec![(&error).into()],
                checking: Vec::new(),
                object: None,
            };
        }
    };
    let verdict = item.verdict();
    let value = match item.reading {
        Reading::Whole(value) => Some(value),
        Reading::Partial(partial) => Some(partial.into_value()),
        Reading::Unreadable(_) => None,
    };
    let checking = value.as_ref().map(|value| check_ruleset(value, profile)).unwrap_or_default();
    Inspected {
        verdict,
        reading: item.findings.into_iter().map(Remark::from).collect(),
        checking: checking.into_iter().map(Remark::from).collect(),
        object: value.map(|value| FeedObject::new(value, profile.version())),
    }
}

/// A PATCH that has to say when the change was.
fn inspect_dated<T: PatchedResource>(text: &str, profile: &'static Ruleset) -> Inspected {
    const TIME: &str = "/last_updated";
    let mut inspected = inspect::<T::Patch>(text, profile);
    let is_told = inspected.reading.iter().any(|remark| remark.pointer == TIME);
    let is_dated = json::read::<T::Patch>(text.as_bytes())
        .map_or(true, |read| !T::DATED || T::patch_time(&read.value).is_some());
    if !is_dated && !is_told {
        inspected.checking.push(Remark {
            pointer: TIME.to_owned(),
            rule: Rule::Missing,
            severity: Rule::Missing.severity(),
            message: "a PATCH must have the time of the change".to_owned(),
        });
    }
    inspected
}

fn repair<T: Object>(text: &str) -> Option<Vec<u8>> {
    match json::read_item::<T>(text.as_bytes()).ok()?.reading {
        Reading::Whole(value) => Some(json::to_vec(&value)),
        Reading::Partial(partial) => Some(partial.to_vec()),
        Reading::Unreadable(_) => None,
    }
}

macro_rules! kinds {
    ($($profile:ident in $module:ident { $($chapter:ident: $($name:ident),+;)+ })+) => {
        /// All of them. Objects that stand alone in messages come first: where member names do not decide, the
        /// first one is taken.
        pub(crate) static KINDS: &[Kind] = &[
            $($($(Kind::of::<ocpi_types::$module::$chapter::$name>(&Ruleset::$profile),)+)+)+
        ];
    };
}

ocpi_types::for_each_object!(kinds);

macro_rules! patches {
    ($($profile:ident in $module:ident { $($chapter:ident: $($name:ident),+;)* }
        undated { $($other:ident: $undated:ident;)* })+) => {
        /// The PATCHes of objects.
        pub(crate) static PATCHES: &[Kind] = &[$(
            $($(Kind::of_patch::<ocpi_types::$module::$chapter::$name>(
                &Ruleset::$profile,
                inspect_dated::<ocpi_types::$module::$chapter::$name>,
            ),)+)*
            $(Kind::of_patch::<ocpi_types::$module::$other::$undated>(
                &Ruleset::$profile,
                inspect::<<ocpi_types::$module::$other::$undated as Patched>::Patch>,
            ),)*
        )+];
    };
}

patches! {
    V2_1_1 in v2_1_1 {
        locations: Location, Evse, Connector;
        sessions: Session;
        tariffs: Tariff;
        tokens: Token;
    } undated {}
    V2_2_1 in v2_2_1 {
        locations: Location, Evse, Connector;
        sessions: Session;
        tokens: Token;
    } undated { tariffs: Tariff; }
    V2_3_0 in v2_3_0 {
        locations: Location, Evse, Connector;
        sessions: Session;
        tokens: Token;
    } undated { tariffs: Tariff; }
    V2_3_0_PAYMENTS in v2_3_0 {} undated { payments: Terminal; }
    V2_3_0_BOOKINGS in v2_3_0 { bookings: Booking, BookingLocation, Calendar; } undated {}
}

/// The names of all types, in alphabetical order.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    // Each verb asks for them, whichever one runs.
    static NAMES: LazyLock<BTreeSet<String>> = LazyLock::new(|| KINDS.iter().map(Kind::name).collect());
    NAMES.iter().map(String::as_str)
}

/// The versions that have types.
pub(crate) fn versions() -> BTreeSet<Version> {
    KINDS.iter().map(Kind::version).collect()
}

/// `CdrLocation` as `cdr-location`; several capitals in a row are one word.
pub(crate) fn dashed(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (i, letter) in letters.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|i| letters.get(i)).is_some_and(|c| c.is_uppercase());
        let after = letters.get(i + 1).is_some_and(|c| c.is_lowercase());
        if i > 0 && letter.is_uppercase() && (!before || after) {
            out.push('-');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{KINDS, dashed, names, versions};

    #[test]
    fn names_are_lower_case_with_dashes() {
        let dashed = ["CDR", "EVSE", "CdrLocation", "EVSEParking", "VersionDetails"].map(dashed);
        assert_eq!(dashed, ["cdr", "evse", "cdr-location", "evse-parking", "version-details"]);
    }

    #[test]
    fn a_name_and_a_version_are_one_type() {
        for version in versions() {
            for name in names() {
                let count =
                    KINDS.iter().filter(|kind| kind.version() == version && kind.name() == name).count();
                assert!(count <= 1, "{name} of {version} is listed {count} times");
            }
        }
    }
}
