//! The pull reader: one pass over the text, straight into the typed value.
//!
//! The same code serves two modes. *Tolerant* mode continues after a deviation and records its rule and offset; on the
//! way up, each level that sees new records adds its name to them, so that pointers cost nothing if there are no
//! deviations. *Strict* mode stops at the first deviation that loses data.

mod elements;
mod entry;
mod issues;
mod leaves;
mod limits;
mod lists;
mod members;
mod numbers;
mod objects;
mod odd_names;
mod otherwise;
mod required;
mod skip;
mod values;

pub(crate) use issues::{Noted, Segment};
pub use limits::{Limits, Seen, Stop};
pub(crate) use limits::{MAX_EXPONENT, Mark};

use issues::Issues;
pub(crate) use leaves::{is_padded, trimmed};
pub(super) use leaves::{is_plain, plain_length};
use limits::{Kind, MAX_DEPTH};

use std::ops::Range;

use crate::{Finding, Rule};

/// The pull reader. Use it through [`read`](super::read) and the similar functions; manual implementations of
/// [`Value`](crate::Value) call its methods.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u16,
    strict: bool,
    /// An element of the list that was read last was given up.
    lost: bool,
    /// Blanks stand around a text that was read as it is.
    padded: bool,
    /// Texts are read without the blanks around them.
    trims: bool,
    /// Members and elements that may still come.
    nodes_left: usize,
    limits: Limits,
    issues: Issues,
    /// The member for whose absence a strict reader stopped.
    missing: Option<&'static str>,
    /// The text of the value that was passed over last.
    passed: Range<usize>,
}

/// Begin and end.
impl<'a> Reader<'a> {
    pub(crate) fn skip_bom(&mut self) {
        if self.at == 0 && self.text.starts_with('\u{feff}') {
            self.note(Rule::JsonBom, 0);
            self.is_around(Noted::default());
            self.at = '\u{feff}'.len_utf8();
        }
    }

    /// A reader over text that is known to be UTF-8 and no larger than it may be.
    pub(super) fn over(text: &'a str, limits: Limits, strict: bool) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
            strict,
            lost: false,
            padded: false,
            trims: false,
            nodes_left: limits.nodes,
            limits: Limits { depth: limits.depth.min(MAX_DEPTH), ..limits },
            issues: Issues::new(limits.findings),
            missing: None,
            passed: 0..0,
        }
    }

    /// A reader to look ahead with from here, whatever that takes: it notes nothing, and keeps nothing.
    pub(super) fn ahead(&self) -> Self {
        let limits = self.limits.with_nodes(usize::MAX).with_findings(0);
        Self { at: self.at, depth: self.depth, ..Self::over(self.text, limits, false) }
    }

    /// The value is read: nothing but blanks may follow.
    pub(crate) fn finish(&mut self) -> Result<(), Stop> {
        self.skip_blanks();
        if self.at == self.text.len() { Ok(()) } else { Err(Stop::fatal(Rule::JsonTrailing, self.at)) }
    }

    /// The findings, in document order.
    pub fn into_findings(mut self) -> Vec<Finding> {
        self.take_findings()
    }

    #[inline]
    pub(crate) fn take_findings(&mut self) -> Vec<Finding> {
        let (mut around, inside) = self.take_all_findings();
        if around.is_empty() {
            return inside;
        }
        around.extend(inside);
        around
    }

    /// Takes the findings around the objects of the document, and those in them.
    #[inline]
    pub(crate) fn take_all_findings(&mut self) -> (Vec<Finding>, Vec<Finding>) {
        if self.issues.is_empty() { (Vec::new(), Vec::new()) } else { self.issues.take() }
    }

    /// Marks the issues noted since `before` as ones of the text around the objects.
    pub(crate) fn is_around(&mut self, before: Noted) {
        self.issues.is_around(before);
    }

    #[inline]
    pub(crate) fn text_between(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Takes the text as one that stands this many objects and lists deep.
    pub(super) fn at_depth(mut self, depth: u16) -> Self {
        self.depth = depth;
        self
    }

    /// Whether nothing follows.
    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }
}

/// Deviations.
impl Reader<'_> {
    /// Returns the position of the reader, in bytes from the start of the text.
    #[inline]
    pub fn offset(&self) -> usize {
        self.at
    }

    /// Records a deviation that loses no data. For a value that is skipped, use [`Reader::deviates`].
    #[cold]
    pub fn note(&mut self, rule: Rule, at: usize) {
        self.issues.keep(rule, at);
    }

    /// Records a deviation; in strict mode, stops if it loses data.
    ///
    /// # Errors
    /// In strict mode, for a lossy rule.
    #[cold]
    pub fn deviates(&mut self, rule: Rule, at: usize) -> Result<(), Stop> {
        self.pass(Stop::value(rule, at))
    }

    /// [`Reader::deviates`] for a value that is kept as written instead of being corrected.
    ///
    /// # Errors
    /// As [`Reader::deviates`].
    #[cold]
    pub fn tolerates(&mut self, rule: Rule, at: usize) -> Result<(), Stop> {
        self.deviates(rule, at)?;
        self.issues.leave();
        Ok(())
    }

    /// Records that an enum value has a deviating spelling, and which value was read.
    ///
    /// # Errors
    /// In strict mode, for a lossy rule.
    #[doc(hidden)]
    #[cold]
    pub fn deviates_from(&mut self, value: &'static str, rule: Rule, at: usize) -> Result<(), Stop> {
        let before = self.issues.noted();
        self.deviates(rule, at)?;
        self.issues.is_meant(before, value);
        Ok(())
    }

    fn pass(&mut self, stop: Stop) -> Result<(), Stop> {
        match stop.kind {
            Kind::Fatal => return Err(stop),
            Kind::Noted => {}
            Kind::Value if self.strict && stop.rule.is_lossy() => {
                return Err(Stop::fatal(stop.rule, stop.offset()));
            }
            Kind::Value => self.issues.keep(stop.rule, stop.offset()),
        }
        Ok(())
    }

    /// Remembers the next value, for [`Reader::pass_over`].
    #[inline]
    pub(crate) fn mark(&self) -> Mark {
        Mark { at: self.at, depth: self.depth }
    }

    /// Counts of the issues noted so far.
    #[inline]
    pub(crate) fn noted(&self) -> Noted {
        self.issues.noted()
    }

    /// Adds a step to the pointers of the issues noted since `before`.
    #[cold]
    pub(crate) fn name(&mut self, before: Noted, segment: impl Into<Segment>) {
        self.issues.name(before, segment.into());
    }

    /// Whether a required member was found missing since `before`.
    pub(crate) fn lacks_since(&self, before: Noted) -> bool {
        self.issues.noted().lacking() > before.lacking()
    }

    /// Notes the cause for which the value at the mark cannot be read, and goes to its end.
    #[cold]
    pub(crate) fn pass_over(&mut self, stop: Stop, mark: Mark) -> Result<(), Stop> {
        self.pass(stop)?;
        self.rewind(mark);
        self.skip_value()?;
        self.passed = mark.at..self.at;
        Ok(())
    }

    /// Begins with an item of a list, which has the limit of members and elements for itself.
    pub(super) fn begin_item(&mut self) {
        self.nodes_left = self.limits.nodes;
    }

    /// Counts a member or an element.
    #[inline]
    fn node(&mut self) -> Result<(), Stop> {
        let Some(left) = self.nodes_left.checked_sub(1) else {
            return Err(Stop::fatal(Rule::LimitNodes, self.at));
        };
        self.nodes_left = left;
        Ok(())
    }

    #[inline]
    pub(crate) fn rewind(&mut self, mark: Mark) {
        self.at = mark.at;
        self.depth = mark.depth;
    }

    /// Whether an element of the list that was read last was given up.
    pub(crate) fn is_lost(&self) -> bool {
        self.lost
    }

    /// Whether the text that was read last ended a list.
    pub(crate) fn ends_with_bracket(&self) -> bool {
        self.at.checked_sub(1).and_then(|at| self.text.as_bytes().get(at)) == Some(&b']')
    }

    pub(crate) fn take_lost(&mut self) -> bool {
        std::mem::take(&mut self.lost)
    }
}

/// The rest.
impl Reader<'_> {
    /// Skips whitespace.
    #[inline]
    pub fn skip_blanks(&mut self) {
        if self.peek().is_some_and(|byte| byte <= b' ') {
            self.skip_blanks_here();
        }
    }

    fn skip_blanks_here(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let blanks = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        self.at += blanks.unwrap_or(rest.len());
    }

    #[inline]
    fn enter(&mut self) -> Result<(), Stop> {
        if self.depth >= self.limits.depth {
            return Err(Stop::fatal(Rule::LimitDepth, self.at));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    #[inline]
    fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.at += 1;
    }

    /// The stop for a value of another type here, or for no value at all.
    #[cold]
    pub(crate) fn unexpected(&self) -> Stop {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        match self.peek() {
            Some(b'{' | b'[' | b'"' | b'-' | b'0'..=b'9') => Stop::value(Rule::ValueType, self.at),
            _ if ["true", "false", "null"].iter().any(|word| rest.starts_with(word.as_bytes())) => {
                Stop::value(Rule::ValueType, self.at)
            }
            _ => self.syntax(),
        }
    }

    #[cold]
    pub(crate) fn syntax(&self) -> Stop {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let cut_off = ["true", "false", "null"].iter().any(|word| word.as_bytes().starts_with(rest));
        Stop::fatal(if cut_off { Rule::JsonEnd } else { Rule::JsonSyntax }, self.at)
    }
}
