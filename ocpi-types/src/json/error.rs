//! Why a text could not be read.

use super::reader::Stop;
use super::{pointer, raw};
use crate::Rule;

/// A text that could not be read: where and why. Of the text itself it shows the names of members only.
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
    let pointer = (!pointer.is_empty()).then(|| format!("at {}", pointer::shown(pointer)));
    let known: Vec<String> = line.into_iter().chain(pointer).collect();
    if known.is_empty() { String::new() } else { format!("{}: ", known.join(" ")) }
}

impl Error {
    pub(crate) fn new(stop: Stop, text: &[u8]) -> Self {
        let offset = stop.offset();
        let pointer = pointer::resolve_all(text, &[(offset, stop.member())]).pop().unwrap_or_default();
        Self { rule: stop.rule(), pointer, offset, line: Some(raw::line_of(text, offset)) }
    }

    pub(crate) fn of_rule(rule: Rule) -> Self {
        Self { rule, pointer: String::new(), offset: 0, line: None }
    }

    /// The rule that was broken.
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// Where: a JSON pointer (RFC 6901), as far as the text could be followed.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Where: bytes from the start of the text.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Whether the text is no JSON at all, rather than JSON of another shape.
    pub fn is_syntax(&self) -> bool {
        matches!(self.rule, Rule::JsonSyntax | Rule::JsonEnd | Rule::JsonTrailing | Rule::JsonUtf8)
    }

    /// Whether one of the reader's limits was passed.
    pub fn is_limit(&self) -> bool {
        matches!(self.rule, Rule::LimitBytes | Rule::LimitDepth | Rule::LimitNodes | Rule::LimitNumber)
    }
}
