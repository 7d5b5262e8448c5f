//! Answers in other versions than the application's.

use std::fmt::Write;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use ocpi_types::Version;
use ocpi_types::convert::{ConversionError, Effect, Embedded, Found, Ledger};
use ocpi_types::endpoint::EncodedResponse;
use ocpi_types::protocol::PartnerId;
use ocpi_types::v2_2_1::locations::Location;

/// Finds Locations: a Session of 2.1.1 embeds the one that later versions name.
pub trait Locations: Send + Sync + 'static {
    /// The Location, in the form of 2.2.1; `None` if it is not known.
    fn location(&self, at: &Embedded) -> impl Future<Output = Option<Location>> + Send;
}

/// [`Locations`], erased.
pub(crate) trait AnyLocations: Send + Sync {
    fn find<'a>(&'a self, at: &'a Embedded) -> Pin<Box<dyn Future<Output = Option<Location>> + Send + 'a>>;
}

impl<L: Locations> AnyLocations for L {
    fn find<'a>(&'a self, at: &'a Embedded) -> Pin<Box<dyn Future<Output = Option<Location>> + Send + 'a>> {
        Box::pin(self.location(at))
    }
}

/// Looks up what an answer will embed, each Location once.
pub(crate) async fn find_all(locations: Option<&Arc<dyn AnyLocations>>, wanted: Vec<Embedded>) -> Found {
    let mut found = Found::default();
    let Some(locations) = locations else { return found };
    let mut asked: Vec<Embedded> = Vec::new();
    for at in wanted {
        if asked.contains(&at) {
            continue;
        }
        if let Some(location) = locations.find(&at).await {
            found.add(at.clone(), location);
        }
        asked.push(at);
    }
    found
}

/// Losses and assumptions of an answer on its way to the version of the partner.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ConversionReport {
    /// The partner.
    pub partner: PartnerId,
    /// The version that was answered in.
    pub version: Version,
    /// Losses and assumptions. Pointers start in `data`.
    pub ledger: Ledger,
    /// The objects of a page that cannot be expressed in the version, by their place among those of the page: they
    /// are left out.
    pub left_out: Vec<(usize, ConversionError)>,
}

impl ConversionReport {
    /// Returns the report on an answer; `None`: nothing was lost, assumed or left out.
    pub(crate) fn of(partner: &PartnerId, version: Version, parts: &EncodedResponse) -> Option<Self> {
        let is_silent = parts.ledger.is_empty() && parts.left_out.is_empty();
        (!is_silent).then(|| Self {
            partner: partner.clone(),
            version,
            ledger: parts.ledger.clone(),
            left_out: parts.left_out.clone(),
        })
    }

    /// Names the missing parts in one line for the partner: places and rules, no values. `None` if none is missing.
    pub(crate) fn message(&self) -> Option<String> {
        /// Most places that are named.
        const NAMED: usize = 5;
        let lost: Vec<_> = self.ledger.with_effect(Effect::Lost).collect();
        let count = lost.len() + self.left_out.len();
        if count == 0 {
            return None;
        }
        let mut message = format!("{} cannot express {count} of what was to be sent:", self.version);
        let left_out = self.left_out.iter().map(|(index, error)| (format!("/{index}"), error.rule().id()));
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
}

/// Function that is called with each report.
pub(crate) type OnConversion = Arc<dyn Fn(&ConversionReport) + Send + Sync>;
