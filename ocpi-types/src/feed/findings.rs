//! Findings in a feed, in a compact form.

use std::sync::Arc;

use super::place::{At, Files, Spot};
use super::{FeedFinding, FeedPlace};
use crate::Rule;

#[derive(Debug)]
pub(super) struct Told {
    rule: Rule,
    at: At,
    spot: Spot,
    other: Option<(At, Spot)>,
    /// Text in place of the rule's own message.
    text: Option<Arc<str>>,
}

impl Told {
    pub(super) fn of(rule: Rule, at: At, spot: Spot) -> Self {
        Self { rule, at, spot, other: None, text: None }
    }

    /// Adds another place that it is about.
    pub(super) fn with(self, at: At, spot: Spot) -> Self {
        Self { other: Some((at, spot)), ..self }
    }

    /// Sets a text in place of the rule's own message.
    pub(super) fn saying(self, text: impl Into<Arc<str>>) -> Self {
        Self { text: Some(text.into()), ..self }
    }

    pub(super) fn order(&self) -> (At, Spot, &'static str) {
        (self.at, self.spot, self.rule.id())
    }

    pub(super) fn into_finding(self, files: &Files) -> FeedFinding {
        let Self { rule, at, spot, other, text } = self;
        let place = files.place(at, spot);
        let other = other.map(|(at, spot)| files.place(at, spot));
        let mut message = text.as_deref().unwrap_or(rule.message()).to_owned();
        if let Some(other) = &other {
            message = format!("{message}: see {}", named(other, &place));
        }
        FeedFinding { place, rule, message, other }
    }
}

/// Another object, as seen from a place.
fn named(other: &FeedPlace, from: &FeedPlace) -> String {
    let file = if *other.file == *"-" { "standard input" } else { &other.file };
    match other.item {
        Some(item) if other.file == from.file => format!("item {item}"),
        Some(item) => format!("{file} item {item}"),
        None => file.to_owned(),
    }
}
