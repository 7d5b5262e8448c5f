//! Which type and version an input holds.
//!
//! Told by the names of members: those of the object and of the objects in it are held against the tables of every
//! type. 2.2.1 and 2.3.0 often differ in nothing but a price deep inside.

mod sample;

use std::fmt;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory};
use ocpi_types::json::Candidates;
use ocpi_types::{Ruleset, Version};

use crate::Cli;
use crate::input::Span;
use crate::kinds::{self, KINDS, Kind, PATCHES};

pub(crate) use sample::SAMPLE;

use sample::Sample;

/// Types that stand in feeds: the others are parts or messages.
const FEEDS: [&str; 10] = [
    "booking",
    "booking-location",
    "cdr",
    "client-info",
    "invoice-reconciliation-record",
    "location",
    "session",
    "tariff",
    "terminal",
    "token",
];

/// By how much another type must fit better: an object that lacks much fits nothing well.
const CLEARLY: i64 = 6;

/// Type, version and ruleset of the input, as far as the user names them.
#[derive(Clone, Debug, Args)]
pub(crate) struct Wanted {
    /// The type of the objects, by the specification's name in lower case with dashes [default: detected]
    #[arg(long = "as", value_name = "TYPE", value_parser = PossibleValuesParser::new(kinds::names()))]
    name: Option<String>,

    /// The version of OCPI [default: detected; the newest that fits best]
    #[arg(long, value_name = "VERSION", value_parser = version_parser())]
    version: Option<Version>,

    /// The ruleset to check against: a version, an edition, a branch, or the requirements of a country [default: the
    /// version's specification]
    #[arg(long = "ruleset", value_name = "RULESET", value_parser = ruleset_parser())]
    profile: Option<&'static Ruleset>,

    /// The types that come into question; empty: all.
    #[arg(skip)]
    among: &'static [&'static str],

    /// Whether the items are bodies of PATCHes.
    #[arg(skip)]
    patch: bool,

    /// Whether lists of several types may stand in one document.
    #[arg(skip)]
    several: bool,
}

fn ruleset_parser() -> impl TypedValueParser<Value = &'static Ruleset> {
    let values = Ruleset::ALL.iter().map(|profile| PossibleValue::new(profile.name()).help(profile.about()));
    PossibleValuesParser::new(values).try_map(|name| Ruleset::named(&name).ok_or("no such ruleset"))
}

/// Takes the versions that have types.
pub(crate) fn version_parser() -> impl TypedValueParser<Value = Version> {
    parser_of(kinds::versions())
}

/// Takes the versions that can be spoken with a partner.
pub(crate) fn spoken_version_parser() -> impl TypedValueParser<Value = Version> {
    parser_of(Version::SPOKEN.iter().copied())
}

fn parser_of(versions: impl IntoIterator<Item = Version>) -> impl TypedValueParser<Value = Version> {
    let names: Vec<_> = versions.into_iter().map(Version::as_str).collect();
    PossibleValuesParser::new(names).try_map(|text| text.parse::<Version>())
}

impl Wanted {
    /// One of these types, for a verb that takes no others.
    pub(crate) fn among(
        among: &'static [&'static str],
        name: Option<String>,
        version: Option<Version>,
    ) -> Self {
        Self { name, version, profile: None, among, patch: false, several: false }
    }

    /// Takes over the type and version that another verb's arguments name.
    pub(crate) fn told(name: Option<String>, version: Option<Version>) -> Self {
        Self::among(&[], name, version)
    }

    /// The same for bodies of PATCHes, if `patch`.
    pub(crate) fn of_patches(self, patch: bool) -> Self {
        Self { patch, ..self }
    }

    /// The same for objects of several types, unless the type is told.
    pub(crate) fn of_several_types(self) -> Self {
        Self { several: self.name.is_none(), ..self }
    }

    fn kinds(&self) -> &'static [Kind] {
        if self.patch { PATCHES } else { KINDS }
    }

    /// Ends the program with a message on usage when no version has what is asked for.
    pub(crate) fn validate(&self) {
        if let (Some(profile), Some(version)) = (self.profile, self.version) {
            if profile.version() != version {
                let message = format!("ruleset '{}' is for OCPI {}", profile.name(), profile.version());
                Cli::command().error(ErrorKind::ArgumentConflict, message).exit();
            }
        }
        let what = if self.patch { "PATCH of" } else { "type" };
        if let (Some(name), None) =
            (&self.name, self.kinds().iter().find(|kind| Some(kind.name()) == self.name))
        {
            let message = format!("OCPI has no {what} '{name}'");
            Cli::command().error(ErrorKind::ValueValidation, message).exit();
        }
        if let (Some(name), Some(version), None) = (&self.name, self.version(), self.candidates().next()) {
            let having =
                self.kinds().iter().filter(|kind| kind.name() == *name).map(|kind| kind.version().as_str());
            let having = having.collect::<Vec<_>>().join(", ");
            let message = format!("OCPI {version} has no {what} '{name}' (available in {having})");
            Cli::command().error(ErrorKind::ValueValidation, message).exit();
        }
    }

    /// Returns the ruleset to check against; `None`: the specification of the type.
    pub(crate) fn profile(&self) -> Option<&'static Ruleset> {
        self.profile
    }

    fn version(&self) -> Option<Version> {
        self.profile.map(Ruleset::version).or(self.version)
    }

    fn candidates(&self) -> impl Iterator<Item = &'static Kind> {
        self.kinds().iter().filter(|kind| {
            self.version().is_none_or(|version| kind.version() == version)
                && self.name.as_ref().is_none_or(|name| kind.name() == *name)
                && (self.among.is_empty() || self.among.contains(&kind.name().as_str()))
        })
    }

    /// The types that come into question, for the reader.
    pub(crate) fn items(&self) -> Candidates {
        let asked: Vec<_> = self.candidates().map(|kind| kind.info).collect();
        let is_asked = |kind: &&Kind| asked.iter().any(|asked| asked.name == kind.info.name);
        let others = KINDS.iter().filter(|kind| !is_asked(kind)).map(|kind| kind.info);
        let candidates = Candidates::among(asked.iter().copied()).beside(others).pages();
        let candidates = if self.several { candidates.several() } else { candidates };
        if self.patch { candidates.changes() } else { candidates }
    }

    /// Names the types that come into question, for a message.
    pub(crate) fn expected(&self) -> String {
        match self.among {
            _ if self.name.is_some() => self.name.clone().unwrap_or_default(),
            [] if self.patch => "a PATCH of one type only; name the type with --as".to_owned(),
            [] => "an object of OCPI; name its type with --as".to_owned(),
            names => names.join(" or "),
        }
    }

    /// Whether the user says of which type the objects are.
    pub(crate) fn names_type(&self) -> bool {
        self.name.is_some()
    }

    /// The type of one object of a file that holds others, if it is clearly another than theirs.
    pub(crate) fn choose_beside(&self, item: &Span, theirs: &'static Kind) -> Option<&'static Kind> {
        let sample = Sample::of([item.text.as_str()]);
        let Choice { kind, .. } = self.choose(std::slice::from_ref(item))?;
        let is_other = kind.name() != theirs.name() && FEEDS.contains(&kind.name().as_str());
        (is_other && sample.score(kind) >= sample.score(theirs) + CLEARLY).then_some(kind)
    }

    /// The type that items look most like, of those that do not come into question; `None`: all do, or the type was told.
    fn rival(&self, sample: &Sample) -> Option<(i64, &'static Kind)> {
        let is_other = |kind: &&Kind| !self.among.contains(&kind.name().as_str());
        let all = KINDS.iter().filter(|_| self.name.is_none() && !self.among.is_empty());
        let scored = all.filter(is_other).map(|kind| (sample.score(kind), kind));
        scored.max_by_key(|(score, _)| *score)
    }

    /// The type of feeds that items look most like, beside the one that was told.
    fn other(&self, sample: &Sample) -> Option<(i64, &'static Kind)> {
        let name = self.name.as_ref()?;
        let others =
            KINDS.iter().filter(|kind| kind.name() != *name && FEEDS.contains(&kind.name().as_str()));
        others.map(|kind| (sample.score(kind), kind)).max_by_key(|(score, kind)| (*score, kind.version()))
    }

    /// Returns the reason for refusing items that [`choose`](Self::choose) has nothing for.
    pub(crate) fn refusal(&self, items: &[Span]) -> String {
        self.refusal_of(&Sample::of(items.iter().map(|item| item.text.as_str())))
    }

    /// Returns the reason for refusing one item among others: it looks more like something else. `None`: it does not.
    pub(crate) fn stranger(&self, item: &str) -> Option<String> {
        let sample = Sample::of([item]);
        let best = self.candidates().map(|kind| sample.score(kind)).max()?;
        let (rival, _) = self.rival(&sample)?;
        (rival > best).then(|| self.refusal_of(&sample))
    }

    fn refusal_of(&self, sample: &Sample) -> String {
        let expected = self.expected();
        let is_one = |kind: &Kind| {
            let candidates = Candidates::among([kind.info]);
            sample.names().any(|names| candidates.match_members(names))
        };
        let rival = self.rival(sample).or_else(|| self.other(sample));
        let Some((_, rival)) = rival.filter(|(best, kind)| *best >= sample.enough() && is_one(kind)) else {
            return format!("not recognized as {expected}");
        };
        let more = match (self.among, rival.name().as_str()) {
            (["tariff"], "cdr") => "; for the tariffs in CDRs: ocpi explain --as cdr",
            _ => "",
        };
        format!("not recognized as {expected}: looks like {} of OCPI {}{more}", rival.name(), rival.version())
    }

    /// Whether the items are none of what was asked for: an error, or a frame, that stands alone; or objects that are
    /// plainly of another type.
    fn are_others(&self, items: &[Span], sample: &Sample) -> bool {
        let candidates = self.items();
        let is_alone = matches!(items, [Span { index: None, .. }]);
        match self.name {
            Some(_) if is_alone => sample.names().any(|names| !candidates.match_members(names)),
            Some(_) => !sample.is_empty() && sample.names().all(|names| candidates.match_others(names)),
            None => !sample.names().any(|names| candidates.match_members(names)),
        }
    }

    /// The type of most of the items, told or found out; `None` if they look like nothing known.
    pub(crate) fn choose(&self, items: &[Span]) -> Option<Choice> {
        let sample = Sample::of(items.iter().map(|item| item.text.as_str()));
        let sample = if self.names_type() { sample } else { sample.most(|| self.candidates()) };
        let mut scored: Vec<_> = self.candidates().map(|kind| (sample.score(kind), kind)).collect();
        // Stable: what is equal stays in the order of the list.
        scored.sort_by_key(|(score, kind)| std::cmp::Reverse((*score, kind.version())));
        let &(best, kind) = scored.first()?;
        if self.are_others(items, &sample) {
            return None;
        }
        if self.name.is_none() && (sample.is_empty() || best < sample.enough()) {
            return None;
        }
        if self.rival(&sample).is_some_and(|(score, _)| score > best) {
            return None;
        }
        // Few members, as a PATCH has them, may be those of several types.
        let is_other =
            |(score, other): &(i64, &'static Kind)| *score == best && other.info.name != kind.info.name;
        if self.patch && self.name.is_none() && scored.iter().any(is_other) {
            return None;
        }
        let same = |(score, other): &&(i64, &'static Kind)| {
            *score == best && other.info.name == kind.info.name && other.version() != kind.version()
        };
        let also = scored.iter().filter(same).map(|(_, other)| other.version()).collect();
        let told = self.name.is_some() && self.version().is_some();
        Some(Choice { kind, patch: self.patch, told, also })
    }
}

/// A type, and how it was chosen.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) kind: &'static Kind,
    patch: bool,
    /// Whether type and version were both told.
    pub(crate) told: bool,
    /// Other versions whose type fits as well.
    also: Vec<Version>,
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.patch { "a PATCH of " } else { "" };
        write!(f, "detected as {what}{} of OCPI {}", self.kind.name(), self.kind.version())?;
        if self.also.is_empty() {
            return Ok(());
        }
        let also: Vec<_> = self.also.iter().map(|version| version.as_str()).collect();
        let verb = if also.len() == 1 { "fits" } else { "fit" };
        write!(f, " ({} {verb} as well)", also.join(" and "))
    }
}
