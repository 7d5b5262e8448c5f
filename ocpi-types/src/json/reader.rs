//! The pull reader: one pass over the text, straight into the typed value.
//!
//! One code serves two modes. *Tolerant* reads over a deviation and notes rule and byte offset; pointers are
//! worked out afterwards, for findings only. *Strict* stops at the first deviation that loses something.

mod leaves;
mod limits;
mod objects;

pub(crate) use limits::Mark;
pub use limits::{Limits, Seen, Stop};

use limits::{MAX_DEPTH, MAX_FINDINGS};

use std::ops::Range;

use super::{Error, pointer};
use crate::{Finding, Rule, Value};

/// The pull reader. [`read`](super::read) and its neighbours are the way to use it; a type of one's own that
/// implements [`Value`] by hand calls its methods.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u16,
    limits: Limits,
    strict: bool,
    issues: Vec<Stop>,
    /// Members and elements so far.
    nodes: usize,
    /// The text of the value that was passed over last.
    passed: Range<usize>,
}

/// Entry and exit.
impl<'a> Reader<'a> {
    /// A reader that reads over deviations and notes them.
    ///
    /// # Errors
    /// When the text is larger than the limit, or not UTF-8.
    pub fn tolerant(text: &'a [u8], limits: Limits) -> Result<Self, Error> {
        Self::new(text, limits, false)
    }

    /// A reader that stops at the first deviation that loses something.
    ///
    /// # Errors
    /// As [`Reader::tolerant`].
    pub fn strict(text: &'a [u8], limits: Limits) -> Result<Self, Error> {
        Self::new(text, limits, true)
    }

    fn new(text: &'a [u8], limits: Limits, strict: bool) -> Result<Self, Error> {
        if text.len() > limits.bytes {
            return Err(Error::of_rule(Rule::LimitBytes));
        }
        let text = std::str::from_utf8(text)
            .map_err(|error| Error::new(Stop::fatal(Rule::JsonUtf8, error.valid_up_to()), text))?;
        let limits = Limits { depth: limits.depth.min(MAX_DEPTH), ..limits };
        let mut reader =
            Self { text, at: 0, depth: 0, limits, strict, issues: Vec::new(), nodes: 0, passed: 0..0 };
        if text.starts_with('\u{feff}') {
            reader.note(Rule::JsonBom, 0);
            reader.at = '\u{feff}'.len_utf8();
        }
        Ok(reader)
    }

    /// Reads the whole text as one value.
    ///
    /// # Errors
    /// As [`read`](super::read).
    pub fn document<T: Value>(&mut self) -> Result<T, Error> {
        let mut value = T::blank();
        self.skip_blanks();
        match value.read(self).and_then(|()| self.finish()) {
            Ok(()) => Ok(value),
            Err(stop) => Err(self.error(stop)),
        }
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

    pub(super) fn take_findings(&mut self) -> Vec<Finding> {
        if self.issues.is_empty() {
            return Vec::new();
        }
        let mut issues = std::mem::take(&mut self.issues);
        issues.sort_by_key(|issue| issue.at);
        let places: Vec<_> = issues.iter().map(|issue| (issue.at, issue.member)).collect();
        let pointers = pointer::resolve_all(self.text.as_bytes(), &places);
        pointers.into_iter().zip(issues).map(|(pointer, issue)| Finding::new(pointer, issue.rule)).collect()
    }

    pub(crate) fn error(&self, stop: Stop) -> Error {
        Error::new(stop, self.text.as_bytes())
    }

    pub(crate) fn text_between(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }
}

/// Deviations.
impl Reader<'_> {
    /// Where the reader stands: bytes from the start of the text.
    pub fn offset(&self) -> usize {
        self.at
    }

    /// Notes a deviation that loses nothing. What one passes over is noted by [`Reader::deviates`].
    #[cold]
    pub fn note(&mut self, rule: Rule, at: usize) {
        self.keep(Stop::value(rule, at));
    }

    pub(super) fn keep(&mut self, stop: Stop) {
        match self.issues.len() {
            count if count < MAX_FINDINGS => self.issues.push(stop),
            MAX_FINDINGS => self.issues.push(Stop::value(Rule::LimitFindings, stop.at)),
            _ => {}
        }
    }

    /// Notes a deviation; a strict reader stops if it loses something.
    ///
    /// # Errors
    /// In strict mode, for a lossy rule.
    #[cold]
    pub fn deviates(&mut self, rule: Rule, at: usize) -> Result<(), Stop> {
        self.pass(Stop::value(rule, at))
    }

    fn pass(&mut self, stop: Stop) -> Result<(), Stop> {
        if stop.fatal || (self.strict && stop.rule.is_lossy()) {
            return Err(stop);
        }
        self.keep(stop);
        Ok(())
    }

    /// Remembers the value at hand, for [`Reader::pass_over`].
    #[inline]
    pub(crate) fn mark(&self) -> Mark {
        Mark { at: self.at, depth: self.depth }
    }

    /// Notes why the value at the mark cannot be read, and goes to its end.
    #[cold]
    pub(crate) fn pass_over(&mut self, stop: Stop, mark: Mark) -> Result<(), Stop> {
        self.pass(stop)?;
        self.skip_from(mark)
    }

    /// Goes back to the mark and over its value.
    pub(super) fn skip_from(&mut self, mark: Mark) -> Result<(), Stop> {
        self.rewind(mark);
        self.skip_value()?;
        self.passed = mark.at..self.at;
        Ok(())
    }

    /// Counts a member or an element.
    #[inline]
    pub(super) fn node(&mut self) -> Result<(), Stop> {
        self.nodes += 1;
        if self.nodes > self.limits.nodes { Err(Stop::fatal(Rule::LimitNodes, self.at)) } else { Ok(()) }
    }

    pub(super) fn rewind(&mut self, mark: Mark) {
        self.at = mark.at;
        self.depth = mark.depth;
    }
}

/// The rest.
impl Reader<'_> {
    /// Goes over blanks.
    #[inline]
    pub fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    #[inline]
    pub(super) fn enter(&mut self) -> Result<(), Stop> {
        if self.depth >= self.limits.depth {
            return Err(Stop::fatal(Rule::LimitDepth, self.at));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    #[inline]
    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.at += 1;
    }

    /// The stop for a value of another type here, or for no value at all.
    #[cold]
    pub(super) fn unexpected(&self) -> Stop {
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
    pub(super) fn syntax(&self) -> Stop {
        let rule = if self.at >= self.text.len() { Rule::JsonEnd } else { Rule::JsonSyntax };
        Stop::fatal(rule, self.at)
    }
}
