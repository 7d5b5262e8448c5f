//! Errors of reading.

use crate::Rule;
use crate::pointer::shown;

/// Error of reading a text: the place and the rule. The only parts of the text that it shows are member names.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}{} [{}]", place(.line, .pointer), rule.message(), rule.id())]
pub struct Error {
    rule: Rule,
    pointer: String,
    offset: usize,
    line: Option<(usize, usize)>,
}

/// `line 2 column 7 at /evses/0: `, as far as it is known.
fn place(line: &Option<(usize, usize)>, pointer: &str) -> String {
    let line = line.map(|(line, column)| format!("line {line} column {column}"));
    let pointer = (!pointer.is_empty()).then(|| format!("at {}", shown(pointer)));
    let known: Vec<String> = line.into_iter().chain(pointer).collect();
    if known.is_empty() { String::new() } else { format!("{}: ", known.join(" ")) }
}

impl Error {
    pub(crate) fn at_pointer(rule: Rule, offset: usize, pointer: String, text: &[u8]) -> Self {
        Self { rule, pointer, offset, line: Some(line_of(text, offset)) }
    }

    pub(crate) fn of_rule(rule: Rule) -> Self {
        Self { rule, pointer: String::new(), offset: 0, line: None }
    }

    /// An object that was read, but may not be taken.
    pub(crate) fn of_object(rule: Rule, pointer: String) -> Self {
        Self { pointer, ..Self::of_rule(rule) }
    }

    /// As it is in a document of which the text is a later part: behind so many bytes, lines, and characters of a
    /// line, and below a pointer.
    pub(crate) fn behind(self, bytes: usize, lines: usize, chars: usize, pointer: &str) -> Self {
        let line =
            self.line.map(|(line, column)| (lines + line, if line == 1 { chars + column } else { column }));
        let pointer = format!("{pointer}{}", self.pointer);
        Self { offset: bytes.saturating_add(self.offset), line, pointer, ..self }
    }

    /// The rule that was broken.
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// The place, as a JSON pointer (RFC 6901), as far as the text could be followed.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The place, in bytes from the start of the text.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Whether the text is not JSON at all, rather than JSON of another shape.
    pub fn is_syntax(&self) -> bool {
        matches!(self.rule, Rule::JsonSyntax | Rule::JsonEnd | Rule::JsonTrailing | Rule::JsonUtf8)
    }

    /// Whether a limit of the reader was exceeded.
    pub fn is_limit(&self) -> bool {
        matches!(
            self.rule,
            Rule::LimitBytes | Rule::LimitDepth | Rule::LimitNodes | Rule::LimitNumber | Rule::LimitString
        )
    }
}

/// Line and column, from one, of an offset.
fn line_of(text: &[u8], offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    (line, String::from_utf8_lossy(before.get(start..).unwrap_or_default()).chars().count() + 1)
}
