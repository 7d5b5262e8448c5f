//! Settings for answers in other versions: look-up of Locations, and reports of losses.

use std::fmt::Write;
use std::sync::Arc;

use ocpi_types::Version;
use ocpi_types::convert::Effect;
use ocpi_types::endpoint::EncodedResponse;
use ocpi_types::observe::{ConversionReport, EventKind};

use super::watch::Watch;
use crate::locations::AnyLocations;

/// Treatment of answers in other versions.
#[derive(Clone, Default)]
pub(super) struct Conversions {
    pub(super) locations: Option<Arc<dyn AnyLocations>>,
    /// Whether the partner is told of losses.
    pub(super) are_reported: bool,
}

impl Conversions {
    /// Tells the observer of the conversion of an answer; returns its message for the partner.
    pub(super) fn report(&self, watch: &Watch, version: Version, parts: &EncodedResponse) -> Option<String> {
        let report = ConversionReport::of(&parts.ledger, &parts.left_out)?;
        watch.tell(EventKind::Converted(report));
        if self.are_reported { message(&report, version) } else { None }
    }
}

/// Names the missing parts in one line for the partner: places and rules, no values. `None` if none is missing.
fn message(report: &ConversionReport<'_>, version: Version) -> Option<String> {
    /// Most places that are named.
    const NAMED: usize = 5;
    let lost: Vec<_> = report.ledger.with_effect(Effect::Lost).collect();
    let count = lost.len() + report.left_out.len();
    if count == 0 {
        return None;
    }
    let mut message = format!("{version} cannot express {count} of what was to be sent:");
    let left_out = report.left_out.iter().map(|(index, error)| (format!("/{index}"), error.rule().id()));
    let lost = lost.iter().map(|entry| (entry.pointer().to_owned(), entry.rule.id()));
    for (pointer, rule) in left_out.chain(lost).take(NAMED) {
        // Writing into a string does not fail.
        let _ = write!(message, " {pointer} [{rule}]");
    }
    if count > NAMED {
        message.push_str(" …");
    }
    Some(message)
}
