//! Verdict and remarks on an object, from its reading and its check together.

use ocpi_types::json::{self, Verdict};
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
        let remarks = merged(reading, checking, text);
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
        let is_of_value = |remark: &Remark| {
            !matches!(remark.rule, Rule::UnknownField | Rule::NameNear) && !remark.costs_a_value()
        };
        self.verdict < Verdict::Partial && self.remarks.iter().all(is_of_value)
    }
}

/// The remarks of the reader and of the check, each mistake once.
fn merged(mut reading: Vec<Remark>, checking: Vec<Remark>, text: &str) -> Vec<Remark> {
    if reading.iter().any(|remark| remark.rule == Rule::Blanks) {
        let known = reading.clone();
        reading.retain(|remark| !is_told_better(remark, known.iter().chain(&checking)));
    }
    reading.iter_mut().for_each(|remark| name_likely(remark, &checking));
    name_empty_texts(&mut reading, text);
    let new = |remark: &Remark| !reading.iter().any(|known| says(known, remark));
    let checking: Vec<_> = checking.into_iter().filter(new).collect();
    reading.into_iter().chain(checking).collect()
}

/// Whether blanks are all that there is: then another remark says that nothing stands there.
fn is_told_better<'a>(remark: &Remark, mut others: impl Iterator<Item = &'a Remark>) -> bool {
    let says_empty = |rule| matches!(rule, Rule::EmptyText | Rule::BlankText | Rule::ValueForm);
    remark.rule == Rule::Blanks
        && others.any(|other| says_empty(other.rule) && other.pointer == remark.pointer)
}

/// Takes over the message of the check where it says the same, with the value that is likely meant.
fn name_likely(remark: &mut Remark, checking: &[Remark]) {
    let same = checking.iter().find(|it| it.rule == remark.rule && it.pointer == remark.pointer);
    if let Some(same) = same.filter(|same| same.message.len() > remark.message.len()) {
        remark.message.clone_from(&same.message);
    }
}

/// A text that has not the form of its type, and is empty, is told as one.
fn name_empty_texts(reading: &mut [Remark], text: &str) {
    let has_no_form = |remark: &&mut Remark| remark.rule == Rule::ValueForm;
    for remark in reading.iter_mut().filter(has_no_form) {
        let at = json::locate(text, &[&remark.pointer]).first().copied();
        let value = at.and_then(|at| text.get(at..)).unwrap_or_default();
        let is_empty = value.strip_prefix('"').is_some_and(|rest| rest.trim_start().starts_with('"'));
        if is_empty {
            remark.rule = Rule::EmptyText;
            remark.severity = Rule::EmptyText.severity();
            EMPTY.clone_into(&mut remark.message);
        }
    }
}

/// Message on an empty text in place of a value.
const EMPTY: &str = "an empty text stands where a value is due";

/// Whether a remark of the reader says what one of the check says: the rule is the same, or the check misses the
/// value, or the elements of a list, that the reader did not find or could not read.
fn says(reading: &Remark, checking: &Remark) -> bool {
    let is_lost = reading.costs_a_value() || reading.rule == Rule::EmptyText;
    let is_missed = matches!(checking.rule, Rule::ValueForm | Rule::Missing) && is_lost
        || checking.rule == Rule::EmptyList && reading.costs_a_value();
    match reading.pointer.strip_prefix(&checking.pointer) {
        Some("") => reading.rule == checking.rule || is_missed,
        Some(rest) => rest.starts_with('/') && is_missed,
        None => false,
    }
}
