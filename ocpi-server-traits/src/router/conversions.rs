//! Answers in other versions than the application's: where Locations are found, and who is told of losses.

use std::sync::Arc;

use ocpi_types::Version;
use ocpi_types::endpoint::EncodedResponse;
use ocpi_types::protocol::PartnerId;

use crate::conversion_report::{AnyLocations, ConversionReport, OnConversion};

/// Treatment of answers in other versions.
#[derive(Clone, Default)]
pub(super) struct Conversions {
    pub(super) locations: Option<Arc<dyn AnyLocations>>,
    pub(super) hook: Option<OnConversion>,
    /// Whether the partner is told of losses.
    pub(super) are_reported: bool,
}

impl Conversions {
    /// Tells the application of the conversion of an answer; returns its message for the partner.
    pub(super) fn report(
        &self,
        partner: &PartnerId,
        version: Version,
        parts: &EncodedResponse,
    ) -> Option<String> {
        let report = ConversionReport::of(partner, version, parts)?;
        if let Some(hook) = &self.hook {
            hook(&report);
        }
        if self.are_reported { report.message() } else { None }
    }
}
