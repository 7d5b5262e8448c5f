//! Checks of values against the specification.

mod object;
mod run;

pub use run::{check, check_ruleset};

use std::borrow::Cow;

use crate::pointer::{push_index, push_segment};
use crate::standards::likely_enum_value;
use crate::{EnumInfo, Finding, Rule, Ruleset, Version, Versions};

/// Collects findings while a value is checked, and tracks the place and the ruleset.
#[derive(Debug)]
pub struct Check {
    profile: &'static Ruleset,
    path: Path,
    findings: Vec<Finding>,
    /// Whether the value being checked is one that could be left out.
    optional: bool,
}

#[derive(Clone, Copy, Debug)]
enum Segment {
    Member(&'static str),
    Element(usize),
}

/// Where in a value the check is. As deep as objects of OCPI are it needs no allocation.
#[derive(Debug)]
struct Path {
    near: [Segment; 12],
    far: Vec<Segment>,
    depth: usize,
}

impl Default for Path {
    fn default() -> Self {
        Self { near: [Segment::Element(0); 12], far: Vec::new(), depth: 0 }
    }
}

impl Path {
    #[inline]
    fn push(&mut self, segment: Segment) {
        match self.near.get_mut(self.depth) {
            Some(slot) => *slot = segment,
            None => self.far.push(segment),
        }
        self.depth += 1;
    }

    /// Replaces the last segment.
    #[inline]
    fn replace(&mut self, segment: Segment) {
        let last = self.depth.saturating_sub(1);
        if let Some(slot) = self.near.get_mut(last).or_else(|| self.far.last_mut()) {
            *slot = segment;
        }
    }

    #[inline]
    fn pop(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        if self.depth >= self.near.len() {
            self.far.pop();
        }
    }

    fn iter(&self) -> impl Iterator<Item = &Segment> {
        self.near.iter().take(self.depth).chain(&self.far)
    }
}

impl Check {
    fn new(profile: &'static Ruleset) -> Self {
        Self { profile, path: Path::default(), findings: Vec::new(), optional: false }
    }

    /// Returns the version to check against.
    pub fn version(&self) -> Version {
        self.profile.version
    }

    /// Returns the ruleset to check against.
    pub fn profile(&self) -> &'static Ruleset {
        self.profile
    }

    /// Reports a breach at the place being checked.
    pub fn report(&mut self, rule: Rule) {
        self.findings.push(Finding::new(self.pointer(), rule));
    }

    /// Reports a breach at the place being checked, with a message of its own.
    pub fn report_as(&mut self, rule: Rule, message: impl Into<Cow<'static, str>>) {
        self.findings.push(Finding { message: message.into(), ..Finding::new(self.pointer(), rule) });
    }

    /// Reports a breach at the place being checked, with the value that was likely meant, if there is one.
    #[cold]
    pub fn report_likely(&mut self, rule: Rule, likely: Option<impl std::fmt::Display>) {
        let finding = Finding::new(self.pointer(), rule);
        self.findings.push(match likely {
            Some(likely) => finding.with_likely(likely),
            None => finding,
        });
    }

    /// Reports a text that says nothing: an error where one is due, a warning where the member could be left out.
    #[cold]
    pub(crate) fn empty_text(&mut self) {
        if self.optional {
            self.report(Rule::BlankText);
        } else {
            self.report_as(Rule::EmptyText, "an empty text stands where a value is due");
        }
    }

    /// Reports a time of before there was OCPI. The beginning and end of a CDR may be unknown, by agreement.
    #[cold]
    pub(crate) fn odd_time(&mut self, is_unknown: bool) {
        let of_whole = if self.path.depth == 1 { self.path.iter().next() } else { None };
        let by_agreement =
            matches!(of_whole, Some(Segment::Member("start_date_time" | "end_date_time" | "stop_date_time")));
        self.expect(is_unknown && by_agreement, Rule::EarlyTime);
    }

    /// Enters a value that could be left out.
    #[inline]
    pub(crate) fn enter_optional(&mut self) {
        self.optional = true;
    }

    /// Leaves a value that was [entered](Self::enter_optional).
    #[inline]
    pub(crate) fn leave_optional(&mut self) {
        self.optional = false;
    }

    /// Enters an element of a list.
    #[inline]
    pub(crate) fn enter_element(&mut self, index: usize) {
        self.optional = false;
        self.path.push(Segment::Element(index));
    }

    /// Leaves an element that was [entered](Self::enter_element).
    #[inline]
    pub(crate) fn leave_element(&mut self) {
        self.path.pop();
    }

    /// Reports `rule` unless `holds`.
    pub fn expect(&mut self, holds: bool, rule: Rule) {
        if !holds {
            self.report(rule);
        }
    }

    /// Reports `rule` at a member unless `holds`.
    ///
    /// ```
    /// use ocpi_types::{Check, Rule, Version, check, object};
    ///
    /// object! {
    ///     /// A span of whole numbers.
    ///     pub struct Span = "Span", init SpanInit, rules in_order {
    ///         /// The first.
    ///         pub from: i64,
    ///         /// The last.
    ///         pub to: i64,
    ///     }
    /// }
    ///
    /// fn in_order(span: &Span, check: &mut Check) {
    ///     check.expect_at("to", span.from <= span.to, Rule::EmptyRange);
    /// }
    ///
    /// let span: Span = SpanInit { from: 2, to: 1 }.into();
    /// assert_eq!(check(&span, Version::V2_3_0)[0].pointer, "/to");
    /// ```
    pub fn expect_at(&mut self, name: &'static str, holds: bool, rule: Rule) {
        if !holds {
            self.member(name, |check| check.report(rule));
        }
    }

    /// Checks a member.
    pub fn member(&mut self, name: &'static str, check: impl FnOnce(&mut Self)) {
        self.within(Segment::Member(name), check);
    }

    /// Checks an element of a list.
    pub fn element(&mut self, index: usize, check: impl FnOnce(&mut Self)) {
        self.within(Segment::Element(index), check);
    }

    /// Whether the place being checked is the whole document rather than a part of it.
    pub fn is_whole(&self) -> bool {
        self.path.depth == 0
    }

    /// Reports an enum value that the version does not have. `known` are the versions that do have it, if any.
    #[doc(hidden)]
    #[inline]
    pub fn enum_value(&mut self, info: &EnumInfo, known: Option<Versions>, text: &str) {
        if !known.is_some_and(|versions| versions.meets(self.profile.documents)) {
            self.odd_enum_value(info, known.is_some(), text);
        }
    }

    #[cold]
    fn odd_enum_value(&mut self, info: &EnumInfo, is_known: bool, text: &str) {
        let likely = match is_known {
            false => likely_enum_value(info, text, self.profile.documents),
            true => None,
        };
        let rule = match (info.open.meets(self.profile.documents), is_known) {
            (true, _) if likely.is_some() => Rule::EnumNear,
            (true, _) => Rule::EnumOpen,
            (false, true) => Rule::EnumVersion,
            (false, false) => Rule::EnumUnknown,
        };
        self.report_likely(rule, likely);
    }

    #[inline]
    fn within(&mut self, segment: Segment, check: impl FnOnce(&mut Self)) {
        self.optional = false;
        self.path.push(segment);
        check(self);
        self.path.pop();
    }

    fn pointer(&self) -> String {
        let mut pointer = String::new();
        for segment in self.path.iter() {
            match segment {
                Segment::Member(name) => push_segment(&mut pointer, name),
                Segment::Element(index) => push_index(&mut pointer, *index),
            }
        }
        pointer
    }
}
