//! Verdict and remarks on an object, from its reading and its check together.

use ocpi_types::json::Verdict;
use ocpi_types::{Rule, Ruleset, Severity};

use crate::feed::FeedObject;
use crate::kinds::{Inspected, Kind};
use crate::place;
use crate::remark::Remark;

/// An object as it was judged.
#[derive(Debug)]
pub(crate) struct Judged {
    /// The type that it was read as.
    pub(crate) kind: &'static Kind,
    pub(crate) verdict: Verdict,
    /// All remarks, at their places in the text.
    pub(crate) remarks: Vec<Remark>,
    /// The object, for the check of the feed.
    pub(crate) object: Option<FeedObject>,
}

impl Kind {
    /// Reads and checks one object. Without a profile the specification of its type applies.
    pub(crate) fn judge(&'static self, text: &str, profile: Option<&'static Ruleset>) -> Judged {
        let Inspected { verdict, reading, checking, object } = self.inspect_by(profile, text);
        let checking = place::in_document(checking, text, self, &reading);
        let new = |remark: &Remark| !reading.iter().any(|known| says(known, remark));
        let checking: Vec<_> = checking.into_iter().filter(new).collect();
        let remarks: Vec<_> = reading.into_iter().chain(checking).collect();
        // The values that the check objects to were read, and left as they are.
        let is_odd = remarks.iter().any(|remark| remark.severity > Severity::Info);
        let verdict = if verdict == Verdict::Clean && is_odd { Verdict::Tolerated } else { verdict };
        Judged { kind: self, verdict, remarks, object }
    }
}

impl Judged {
    /// Whether the object has all members that its type must have and none that it does not have, so that no other type
    /// fits it better.
    pub(crate) fn has_members_of_its_type(&self) -> bool {
        let is_of_value = |remark: &Remark| remark.rule != Rule::UnknownField && !remark.costs_a_value();
        self.verdict < Verdict::Partial && self.remarks.iter().all(is_of_value)
    }
}

/// Whether a remark of the reader says what one of the check says: the rule is the same, or the check misses the
/// value that the reader could not read.
fn says(reading: &Remark, checking: &Remark) -> bool {
    let is_missed = matches!(checking.rule, Rule::ValueForm | Rule::Missing) && reading.costs_a_value();
    match reading.pointer.strip_prefix(&checking.pointer) {
        Some("") => reading.rule == checking.rule || is_missed,
        Some(rest) => rest.starts_with('/') && is_missed,
        None => false,
    }
}
