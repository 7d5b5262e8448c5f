//! The pull reader: one pass over the text, straight into the typed value.
//!
//! One code serves two modes. *Tolerant* reads over a deviation and notes rule and byte offset; pointers are
//! worked out afterwards, for findings only. *Strict* stops at the first deviation that loses something.

use std::borrow::Cow;

use super::{Error, pointer};
use crate::{Extra, Finding, ObjectInfo, Rule, Value};

/// What a reader accepts at most.
///
/// ```
/// use ocpi_types::json::{self, Limits};
/// use ocpi_types::v2_3_0::types::Price;
/// let limits = Limits { bytes: 10, ..Limits::default() };
/// let error = json::read_within::<Price>(br#"{"before_taxes": 4.10}"#, limits).unwrap_err();
/// assert_eq!(error.rule().id(), "limit.bytes");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Bytes of the whole text. Default: 64 MiB.
    pub bytes: usize,
    /// Objects and lists inside each other; 128 at most. Default: 64.
    pub depth: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 64 << 20, depth: 64 }
    }
}

impl Limits {
    pub(crate) fn unlimited_bytes() -> Self {
        Self { bytes: usize::MAX, depth: MAX_DEPTH }
    }
}

/// The nesting that `skip_value` can follow: one bit of a `u128` each.
const MAX_DEPTH: u16 = 128;

/// The longest spelling of a number, in characters.
const MAX_NUMBER: usize = 64;

/// The findings kept of one text; a text with more deviations is told so once.
const MAX_FINDINGS: usize = 1_000;

/// Where a value starts, to come back to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    at: usize,
    depth: u16,
}

/// Why reading stopped.
///
/// Small, so that results of leaf readers stay in registers.
#[derive(Clone, Copy, Debug)]
pub struct Stop {
    rule: Rule,
    fatal: bool,
    at: usize,
    member: Option<&'static str>,
}

impl Stop {
    /// A deviation of the value that starts at `at`; the text goes on after it.
    pub fn value(rule: Rule, at: usize) -> Self {
        Self { rule, fatal: false, at, member: None }
    }

    /// The text itself is broken.
    fn fatal(rule: Rule, at: usize) -> Self {
        Self { rule, fatal: true, at, member: None }
    }

    pub(super) fn offset(&self) -> usize {
        self.at
    }

    pub(super) fn member(&self) -> Option<&'static str> {
        self.member
    }

    pub(super) fn rule(&self) -> Rule {
        self.rule
    }
}

/// Which members of an object were seen, and which of them could not be read: one bit each.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    read: u64,
    unreadable: u64,
    /// Why the first required member that could not be read could not.
    cause: Option<Stop>,
}

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
        let text = std::str::from_utf8(text).map_err(|_| Error::of_rule(Rule::JsonUtf8))?;
        let limits = Limits { depth: limits.depth.min(MAX_DEPTH), ..limits };
        let mut reader = Self { text, at: 0, depth: 0, limits, strict, issues: Vec::new() };
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

    pub(super) fn text_between(&self, start: usize, end: usize) -> &'a str {
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

    fn keep(&mut self, stop: Stop) {
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
        self.rewind(mark);
        self.skip_value()
    }

    pub(super) fn rewind(&mut self, mark: Mark) {
        self.at = mark.at;
        self.depth = mark.depth;
    }
}

/// Objects.
impl<'a> Reader<'a> {
    /// Enters an object; `false` if it is empty. A list of one object is entered as that object.
    ///
    /// # Errors
    /// When no object stands here.
    #[inline]
    pub fn open_object(&mut self) -> Result<bool, Stop> {
        if self.peek() != Some(b'{') {
            return Err(self.unexpected());
        }
        self.enter()?;
        self.skip_blanks();
        if self.peek() == Some(b'}') {
            self.leave();
            return Ok(false);
        }
        Ok(true)
    }

    /// Whether the member at hand has this name; goes on to its value if so.
    ///
    /// # Errors
    /// When the text is no member.
    #[inline]
    pub fn key(&mut self, name: &str) -> Result<bool, Stop> {
        let bytes = self.text.as_bytes();
        let Some(rest) = bytes.get(self.at..) else { return Ok(false) };
        let n = name.len();
        if rest.first() != Some(&b'"')
            || rest.get(n + 1) != Some(&b'"')
            || rest.get(1..=n) != Some(name.as_bytes())
        {
            return Ok(false);
        }
        self.at += n + 2;
        self.colon()?;
        Ok(true)
    }

    /// The name of the member at hand, unescaped; goes on to its value.
    ///
    /// # Errors
    /// When the text is no member.
    pub fn key_text(&mut self) -> Result<Cow<'a, str>, Stop> {
        if self.peek() != Some(b'"') {
            return Err(self.syntax());
        }
        let name = self.quoted()?;
        self.colon()?;
        Ok(name)
    }

    #[inline]
    fn colon(&mut self) -> Result<(), Stop> {
        self.skip_blanks();
        if self.peek() != Some(b':') {
            return Err(self.syntax());
        }
        self.at += 1;
        self.skip_blanks();
        Ok(())
    }

    /// Reads one member's value into its slot, and marks its bit.
    ///
    /// # Errors
    /// When the text is broken; in strict mode, when the value cannot be read.
    #[inline]
    pub fn member<T: Value>(&mut self, slot: &mut T, bit: u64, seen: &mut Seen) -> Result<(), Stop> {
        let mark = self.mark();
        if (seen.read | seen.unreadable) & bit != 0 {
            return self.pass_over(Stop::value(Rule::JsonDuplicateKey, mark.at), mark);
        }
        match slot.read(self) {
            Ok(()) => {
                seen.read |= bit;
                Ok(())
            }
            Err(stop) => {
                *slot = T::blank();
                seen.unreadable |= bit;
                if T::CARD.is_required() && seen.cause.is_none() && !stop.fatal {
                    // It costs the object, whose finding it becomes.
                    seen.cause = Some(stop);
                    self.rewind(mark);
                    return self.skip_value();
                }
                self.pass_over(stop, mark)
            }
        }
    }

    /// Keeps a member that the object does not have.
    ///
    /// # Errors
    /// When the text is broken.
    pub fn unknown_member(&mut self, name: &str, extra: &mut Extra) -> Result<(), Stop> {
        extra.keep(name, self.raw_value()?);
        Ok(())
    }

    /// Goes to the next member; `false` at the end of the object.
    ///
    /// # Errors
    /// When the text is no object.
    #[inline]
    pub fn next_member(&mut self) -> Result<bool, Stop> {
        self.skip_blanks();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.skip_blanks();
                if self.peek() == Some(b'"') { Ok(true) } else { Err(self.syntax()) }
            }
            Some(b'}') => {
                self.leave();
                Ok(false)
            }
            _ => Err(self.syntax()),
        }
    }

    /// Holds the members seen against the required ones (a bit each, in order of declaration); `start` is where
    /// the object began.
    ///
    /// # Errors
    /// When a required member is missing or could not be read.
    #[inline]
    pub fn require(
        &mut self,
        seen: Seen,
        required: u64,
        start: usize,
        info: &'static ObjectInfo,
    ) -> Result<(), Stop> {
        let lacking = required & !seen.read;
        if lacking == 0 { Ok(()) } else { self.lacking(seen, lacking, start, info) }
    }

    #[cold]
    fn lacking(
        &mut self,
        seen: Seen,
        lacking: u64,
        start: usize,
        info: &'static ObjectInfo,
    ) -> Result<(), Stop> {
        // A member that could not be read is noted already.
        let missing = lacking & !seen.unreadable;
        let bits = std::iter::successors(Some(1_u64), |bit| bit.checked_shl(1));
        let mut stops =
            info.fields.iter().zip(bits).filter(|(_, bit)| missing & bit != 0).map(|(field, _)| Stop {
                rule: Rule::Missing,
                fatal: false,
                at: start,
                member: Some(field.name),
            });
        let first = seen.cause.or_else(|| stops.next()).unwrap_or(Stop::value(Rule::Missing, start));
        if !self.strict {
            stops.for_each(|stop| self.keep(stop));
        }
        Err(first)
    }
}

/// Lists.
impl<'a> Reader<'a> {
    /// Enters a list; `false` if it is empty.
    ///
    /// # Errors
    /// When no list stands here.
    #[inline]
    pub fn open_list(&mut self) -> Result<bool, Stop> {
        if self.peek() != Some(b'[') {
            return Err(self.unexpected());
        }
        self.enter()?;
        self.skip_blanks();
        if self.peek() == Some(b']') {
            self.leave();
            return Ok(false);
        }
        Ok(true)
    }

    /// Goes to the next element; `false` at the end of the list.
    ///
    /// # Errors
    /// When the text is no list.
    #[inline]
    pub fn next_element(&mut self) -> Result<bool, Stop> {
        self.skip_blanks();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.skip_blanks();
                if self.peek() == Some(b']') { Err(self.syntax()) } else { Ok(true) }
            }
            Some(b']') => {
                self.leave();
                Ok(false)
            }
            _ => Err(self.syntax()),
        }
    }

    /// Runs `read` on the one element of a list that stands where a single value is due.
    ///
    /// # Errors
    /// When the list has no or several elements, or `read` fails.
    #[cold]
    pub fn unwrap_list(&mut self, read: impl FnOnce(&mut Self) -> Result<(), Stop>) -> Result<(), Stop> {
        let at = self.at;
        if !self.open_list()? || self.peek() == Some(b'[') {
            return Err(Stop::value(Rule::ValueType, at));
        }
        read(self)?;
        if self.next_element()? {
            return Err(Stop::value(Rule::ValueType, at));
        }
        self.deviates(Rule::ArrayForObject, at)
    }
}

/// Leaves.
impl<'a> Reader<'a> {
    /// The first byte of the value at hand.
    #[inline]
    pub fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Reads `null` if it stands here.
    #[inline]
    pub fn null(&mut self) -> bool {
        self.peek() == Some(b'n') && self.word("null")
    }

    /// Reads `true` or `false` if one stands here.
    #[inline]
    pub fn boolean(&mut self) -> Option<bool> {
        match self.peek() {
            Some(b't') if self.word("true") => Some(true),
            Some(b'f') if self.word("false") => Some(false),
            _ => None,
        }
    }

    #[inline]
    fn word(&mut self, word: &str) -> bool {
        let found = self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(word.as_bytes()));
        if found {
            self.at += word.len();
        }
        found
    }

    /// Reads a string.
    ///
    /// # Errors
    /// When no string stands here.
    #[inline]
    pub fn string(&mut self) -> Result<Cow<'a, str>, Stop> {
        if self.peek() == Some(b'"') { self.quoted() } else { Err(self.unexpected()) }
    }

    /// Reads a string, or a number or boolean as its text, which is noted.
    ///
    /// # Errors
    /// When none of these stands here.
    #[inline]
    pub fn text(&mut self) -> Result<Cow<'a, str>, Stop> {
        if self.peek() == Some(b'"') { self.quoted() } else { self.unquoted_text().map(Cow::Borrowed) }
    }

    #[cold]
    fn unquoted_text(&mut self) -> Result<&'a str, Stop> {
        let at = self.at;
        match self.peek() {
            Some(b'-' | b'0'..=b'9') => {
                self.number()?;
            }
            Some(b't' | b'f') if self.boolean().is_some() => {}
            _ => return Err(self.unexpected()),
        }
        self.deviates(Rule::TextForm, at)?;
        Ok(self.text_between(at, self.at))
    }

    #[inline]
    fn quoted(&mut self) -> Result<Cow<'a, str>, Stop> {
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let mut at = start;
        loop {
            match bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => return self.escaped(start),
                Some(0..=0x1f) => return self.escaped(start),
                Some(_) => at += 1,
                None => return Err(Stop::fatal(Rule::JsonEnd, bytes.len())),
            }
        }
        self.at = at + 1;
        Ok(Cow::Borrowed(self.text_between(start, at)))
    }

    #[cold]
    fn escaped(&mut self, start: usize) -> Result<Cow<'a, str>, Stop> {
        let mut out = String::new();
        self.at = start;
        loop {
            let plain = self.at;
            let bytes = self.text.as_bytes();
            let stop_at = bytes
                .get(plain..)
                .unwrap_or_default()
                .iter()
                .position(|b| matches!(b, b'"' | b'\\' | 0..=0x1f));
            let Some(length) = stop_at else { return Err(Stop::fatal(Rule::JsonEnd, bytes.len())) };
            let end = plain + length;
            out.push_str(self.text_between(plain, end));
            self.at = end + 1;
            match bytes.get(end) {
                Some(b'"') => return Ok(Cow::Owned(out)),
                Some(b'\\') => self.escape(&mut out, start - 1)?,
                Some(control) => {
                    self.deviates(Rule::ControlCharacter, start - 1)?;
                    out.push(char::from(*control));
                }
                None => return Err(Stop::fatal(Rule::JsonEnd, end)),
            }
        }
    }

    fn escape(&mut self, out: &mut String, start: usize) -> Result<(), Stop> {
        let Some(kind) = self.peek() else { return Err(Stop::fatal(Rule::JsonEnd, self.at)) };
        self.at += 1;
        out.push(match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode_escape(start)?,
            _ => return Err(Stop::fatal(Rule::JsonSyntax, self.at - 1)),
        });
        Ok(())
    }

    fn unicode_escape(&mut self, start: usize) -> Result<char, Stop> {
        let high = self.hex4()?;
        if let Some(c) = char::from_u32(high) {
            return Ok(c);
        }
        let after = self.at;
        if (0xd800..0xdc00).contains(&high) && self.word("\\u") {
            let low = self.hex4()?;
            if (0xdc00..0xe000).contains(&low) {
                let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = after;
        }
        self.deviates(Rule::Surrogate, start)?;
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hex4(&mut self) -> Result<u32, Stop> {
        let digits =
            self.text.as_bytes().get(self.at..self.at + 4).ok_or(Stop::fatal(Rule::JsonEnd, self.at))?;
        let value = digits
            .iter()
            .try_fold(0_u32, |sum, digit| char::from(*digit).to_digit(16).map(|digit| sum << 4 | digit));
        let value = value.ok_or(Stop::fatal(Rule::JsonSyntax, self.at))?;
        self.at += 4;
        Ok(value)
    }

    /// Reads a number, as its text.
    ///
    /// # Errors
    /// When no number stands here, or one of more than 64 characters.
    #[inline]
    pub fn number(&mut self) -> Result<&'a str, Stop> {
        let start = self.at;
        if !matches!(self.peek(), Some(b'-' | b'0'..=b'9')) {
            return Err(self.unexpected());
        }
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let leading = self.at;
        let whole = self.digits();
        if whole == 0 || (whole > 1 && self.text.as_bytes().get(leading) == Some(&b'0')) {
            return Err(self.syntax());
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(self.syntax());
            }
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(self.syntax());
            }
        }
        if self.at - start > MAX_NUMBER {
            return Err(Stop::value(Rule::LimitNumber, start));
        }
        Ok(self.text_between(start, self.at))
    }

    #[inline]
    fn digits(&mut self) -> usize {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        count
    }

    /// Passes over a value, whatever it is, and returns its text.
    ///
    /// # Errors
    /// When the text is not JSON, or nested too deep.
    pub fn raw_value(&mut self) -> Result<&'a str, Stop> {
        let start = self.at;
        self.skip_value()?;
        Ok(self.text_between(start, self.at))
    }

    /// Passes over a value without recursion.
    pub(super) fn skip_value(&mut self) -> Result<(), Stop> {
        // A bit per level: 1 for an object, 0 for a list.
        let mut levels = 0_u128;
        let base = self.depth;
        loop {
            self.skip_blanks();
            match self.peek() {
                Some(open @ (b'{' | b'[')) => {
                    let is_object = open == b'{';
                    let empty = if is_object { !self.open_object()? } else { !self.open_list()? };
                    if !empty {
                        levels = levels << 1 | u128::from(is_object);
                        if is_object {
                            self.skip_key()?;
                        }
                        continue;
                    }
                }
                Some(b'"') => self.skip_string()?,
                Some(b't' | b'f') if self.boolean().is_some() => {}
                Some(b'n') if self.null() => {}
                Some(b'-' | b'0'..=b'9') => match self.number() {
                    // A number too long to use may still be passed over.
                    Err(stop) if stop.fatal => return Err(stop),
                    _ => {}
                },
                _ => return Err(self.syntax()),
            }
            loop {
                if self.depth == base {
                    return Ok(());
                }
                let in_object = levels & 1 == 1;
                if if in_object { self.next_member()? } else { self.next_element()? } {
                    if in_object {
                        self.skip_key()?;
                    }
                    break;
                }
                levels >>= 1;
            }
        }
    }

    fn skip_key(&mut self) -> Result<(), Stop> {
        if self.peek() != Some(b'"') {
            return Err(self.syntax());
        }
        self.skip_string()?;
        self.colon()
    }

    fn skip_string(&mut self) -> Result<(), Stop> {
        // What is odd inside a passed text is nobody's finding.
        let (issues, strict) = (self.issues.len(), std::mem::replace(&mut self.strict, false));
        let read = self.quoted();
        self.issues.truncate(issues);
        self.strict = strict;
        read.map(|_| ())
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
    fn unexpected(&self) -> Stop {
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
    fn syntax(&self) -> Stop {
        let rule = if self.at >= self.text.len() { Rule::JsonEnd } else { Rule::JsonSyntax };
        Stop::fatal(rule, self.at)
    }
}
