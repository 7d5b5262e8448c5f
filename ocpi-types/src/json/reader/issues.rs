//! Issues recorded while reading, and their places.

use super::Stop;
use super::limits::Kind;
use crate::pointer::{push_index, push_segment};
use crate::{Finding, Rule};

/// A step of a JSON pointer.
#[derive(Clone, Debug)]
pub(crate) enum Segment {
    Member(&'static str),
    /// A member that the partner named.
    Named(Box<str>),
    Element(usize),
}

impl From<&'static str> for Segment {
    fn from(name: &'static str) -> Self {
        Self::Member(name)
    }
}

impl From<usize> for Segment {
    fn from(index: usize) -> Self {
        Self::Element(index)
    }
}

impl Segment {
    pub(crate) fn push_to(&self, pointer: &mut String) {
        match self {
            Self::Member(name) => push_segment(pointer, name),
            Self::Named(name) => push_segment(pointer, name),
            Self::Element(index) => push_index(pointer, *index),
        }
    }
}

/// Counts of issues at some moment: of all, and of the missing required members among them.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Noted(u64);

impl Noted {
    const LACKING: u64 = 1 << 32;

    fn all(self) -> usize {
        usize::try_from(self.0 % Self::LACKING).unwrap_or(usize::MAX)
    }

    pub(crate) fn lacking(self) -> u64 {
        self.0 / Self::LACKING
    }
}

/// Deviations, and the names of the places they were met in.
#[derive(Clone, Debug)]
pub(super) struct Issues {
    noted: Noted,
    most: usize,
    kept: Vec<Issue>,
    names: Vec<Name>,
}

#[derive(Clone, Copy, Debug)]
struct Issue {
    rule: Rule,
    at: usize,
    /// Whether it was put right.
    repaired: bool,
    /// Whether a required member is missing for it.
    lacks: bool,
    /// Whether it is about the text around the objects.
    around: bool,
    /// The value of an enum that was read for another spelling of it.
    meant: Option<&'static str>,
}

/// Step that the issues of a range have in their pointers. Inner names come before outer ones.
#[derive(Clone, Debug)]
struct Name {
    from: usize,
    to: usize,
    segment: Segment,
}

impl Issues {
    pub(super) fn new(most: usize) -> Self {
        Self { noted: Noted::default(), most, kept: Vec::new(), names: Vec::new() }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    #[inline]
    pub(super) fn noted(&self) -> Noted {
        self.noted
    }

    #[cold]
    pub(super) fn keep(&mut self, rule: Rule, at: usize) {
        if self.noted.all() + 1 < usize::try_from(Noted::LACKING).unwrap_or(usize::MAX) {
            self.noted.0 += 1;
        }
        let rule = match self.kept.len() {
            count if count < self.most => rule,
            count if count == self.most => Rule::LimitFindings,
            _ => return,
        };
        self.kept.push(Issue {
            rule,
            at,
            repaired: rule.is_put_right(),
            lacks: false,
            around: false,
            meant: None,
        });
    }

    /// Marks the issue noted last as left as it is.
    pub(super) fn leave(&mut self) {
        if let Some(last) = self.kept.last_mut() {
            last.repaired = false;
        }
    }

    /// Adds the value that was read to the issues noted since `before`.
    pub(super) fn is_meant(&mut self, before: Noted, value: &'static str) {
        self.kept.iter_mut().skip(before.all()).for_each(|issue| issue.meant = Some(value));
    }

    /// Counts a required member as missing, on account of the last issue noted since `before`.
    pub(super) fn lack(&mut self, before: Noted) {
        self.noted.0 = self.noted.0.saturating_add(Noted::LACKING);
        if self.noted.all() > before.all() {
            if let Some(last) = self.kept.last_mut() {
                last.lacks = true;
            }
        }
    }

    /// Forgives the members missing since `before`: they were missing in something that is given up as a whole.
    pub(super) fn forgive(&mut self, before: Noted) {
        self.noted.0 = self.noted.0 % Noted::LACKING + before.lacking() * Noted::LACKING;
        self.kept.iter_mut().skip(before.all()).for_each(|issue| issue.lacks = false);
    }

    pub(super) fn name(&mut self, before: Noted, segment: Segment) {
        let (from, to) = (before.all().min(self.kept.len()), self.kept.len());
        if from < to {
            self.names.push(Name { from, to, segment });
        }
    }

    /// The first issue for which a required member is missing.
    pub(super) fn first_lack(&self) -> Option<(Rule, usize, String)> {
        if self.noted.lacking() == 0 {
            return None;
        }
        let found = self.kept.iter().enumerate().filter(|(_, issue)| issue.lacks);
        let Some((place, issue)) = found.min_by_key(|(_, issue)| issue.at) else {
            return Some((Rule::LimitFindings, 0, String::new()));
        };
        Some((issue.rule, issue.at, self.pointer_of(place)))
    }

    /// The issue for which a value was given up.
    pub(super) fn cause_of(&self, stop: Stop) -> Option<(Rule, usize, String)> {
        if stop.kind != Kind::Noted {
            return None;
        }
        if stop.rule == Rule::Missing {
            return self.first_lack();
        }
        let place = self.kept.iter().rposition(|issue| issue.rule == stop.rule)?;
        let issue = self.kept.get(place)?;
        Some((issue.rule, issue.at, self.pointer_of(place)))
    }

    fn pointer_of(&self, place: usize) -> String {
        let names = self.names.iter().rev().filter(|name| (name.from..name.to).contains(&place));
        names.fold(String::new(), |mut pointer, name| {
            name.segment.push_to(&mut pointer);
            pointer
        })
    }

    /// Marks the issues noted since `before` as ones of the text around the objects.
    pub(super) fn is_around(&mut self, before: Noted) {
        self.kept.iter_mut().skip(before.all()).for_each(|issue| issue.around = true);
    }

    /// All of them as findings, in the order of the document: those about the text around the objects, and those of the
    /// objects.
    #[cold]
    pub(super) fn take(&mut self) -> (Vec<Finding>, Vec<Finding>) {
        let kept = std::mem::take(&mut self.kept);
        let new = |issue: &Issue| {
            let finding =
                Finding { repaired: issue.repaired, ..Finding::new(String::with_capacity(48), issue.rule) };
            match issue.meant {
                Some(value) => finding.with_likely(value),
                None => finding,
            }
        };
        let mut findings: Vec<Finding> = kept.iter().map(new).collect();
        // Outer names come last and stand first in a pointer.
        for name in self.names.drain(..).rev() {
            for finding in findings.get_mut(name.from..name.to).unwrap_or_default() {
                name.segment.push_to(&mut finding.pointer);
            }
        }
        self.noted = Noted::default();
        if kept.is_sorted_by_key(|issue| issue.at) && !kept.iter().any(|issue| issue.around) {
            return (Vec::new(), findings);
        }
        let mut placed: Vec<(Issue, Finding)> = kept.into_iter().zip(findings).collect();
        placed.sort_by_key(|(issue, _)| issue.at);
        let (around, inside): (Vec<_>, Vec<_>) = placed.into_iter().partition(|(issue, _)| issue.around);
        let finding = |(_, finding)| finding;
        (around.into_iter().map(finding).collect(), inside.into_iter().map(finding).collect())
    }
}
