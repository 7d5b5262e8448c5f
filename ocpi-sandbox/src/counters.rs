//! Counters of requests, by their statuses.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use ocpi_types::observe::{Direction, Event, EventKind, Observe};

/// Counts the requests of a platform by direction and statuses: one of its observers. Clones count together.
///
/// ```
/// use ocpi_platform::Settings;
/// use ocpi_sandbox::Counters;
/// use ocpi_types::observe::Observer;
///
/// fn counted(settings: Settings, counters: &Counters) -> Settings {
///     Settings { observer: Observer::new(counters.clone()), ..settings }
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Counters(Arc<Mutex<BTreeMap<Kind, u64>>>);

/// A direction with the statuses of HTTP and of OCPI; 0: there is none.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Kind {
    pub(crate) direction: Direction,
    pub(crate) http: u16,
    pub(crate) ocpi: u16,
}

impl Counters {
    /// The counts, in the order of their kinds.
    pub(crate) fn all(&self) -> BTreeMap<Kind, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Observe for Counters {
    fn event(&self, event: &Event<'_>) {
        let (EventKind::ResponseSent(answered) | EventKind::ResponseReceived(answered)) = event.kind else {
            return;
        };
        let ocpi = answered.ocpi.map_or(0, |status| status.get());
        let kind = Kind { direction: event.exchange.direction, http: answered.http.as_u16(), ocpi };
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(kind).or_default();
        *count = count.saturating_add(1);
    }
}
