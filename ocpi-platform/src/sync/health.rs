//! Health of a partner, for the operator.

use std::collections::BTreeMap;

use ocpi_client::Transport;
use ocpi_server_traits::Store;
use ocpi_server_traits::storage::StoreExt;
use ocpi_types::DateTime;

use super::ListStatus;
use super::schedule::{Schedule, address};
use crate::trust::PartnerState;
use crate::{Error, Latency, PartnerStatus, Platform};

/// Intervals without a success after which a list is late.
const LATE: i64 = 3;

/// Health of a partner: its registration, its lists, and its deviations.
const SKEW: i64 = 60;

/// Health of a partner: its registration, its lists, and how it deviates.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PartnerHealth {
    /// The state of the partner.
    pub status: PartnerStatus,
    /// The synced lists of the partner.
    pub lists: Vec<ListHealth>,
    /// Number of objects in doubt because of the partner's messages.
    pub in_doubt: usize,
    /// Latency of the partner's answers to our requests, by module; `versions` includes the list of versions and
    /// version details.
    pub latency: BTreeMap<String, Latency>,
    /// Number of breaches of each rule, by the id of the rule.
    pub findings: BTreeMap<&'static str, u64>,
}

/// Health of a partner's list.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ListHealth {
    /// The state of the list.
    pub list: ListStatus,
    /// Seconds since the last complete sync; negative if the clock was put back.
    pub age: Option<i64>,
    /// Number of consecutive failures of a [kept](Platform::keep) list.
    pub failures: u32,
    /// Time at which the next sync of a kept list is due.
    pub next: Option<DateTime>,
    /// Whether the list is kept and fails, or had no complete sync for three of its intervals.
    pub is_late: bool,
}

impl PartnerHealth {
    /// Whether the partner is registered, not suspect, and none of its lists is late.
    pub fn is_good(&self) -> bool {
        let is_registered = self.status.state == PartnerState::Registered && !self.status.is_suspect;
        is_registered && self.lists.iter().all(|list| !list.is_late)
    }
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Returns the health of a partner; `None` if there is none with this id.
    ///
    /// ```
    /// use ocpi_client::Transport;
    /// use ocpi_platform::{Error, Platform};
    /// use ocpi_server_traits::Store;
    ///
    /// async fn watch<S: Store, T: Transport>(emsp: &Platform<S, T>) -> Result<(), Error> {
    ///     let Some(health) = emsp.health("cpo").await? else { return Ok(()) };
    ///     for list in &health.lists {
    ///         println!("{}: {:?} s old", list.list.kind, list.age);
    ///     }
    ///     for (module, latency) in &health.latency {
    ///         println!("{module}: {:?}, {:?} at most for 95 %", latency.median, latency.p95);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// When the store fails.
    pub async fn health(&self, partner: &str) -> Result<Option<PartnerHealth>, Error> {
        let Some(status) = self.partner(partner).await? else { return Ok(None) };
        let (now, mut lists) = (self.now(), Vec::new());
        for list in self.lists(partner).await? {
            let document = self.store().get(&address(partner, &list.kind)).await?;
            let schedule = document.as_ref().and_then(Schedule::read);
            lists.push(ListHealth::of(list, schedule.as_ref(), now));
        }
        let doubts = self.objects.doubts().await?;
        let mut findings: BTreeMap<&'static str, u64> = BTreeMap::new();
        for deviation in &status.deviations {
            let times = findings.entry(deviation.finding.rule.id()).or_default();
            *times = times.saturating_add(deviation.times);
        }
        let in_doubt = doubts.iter().filter(|doubt| doubt.partner.as_ref() == Some(&status.id)).count();
        let latency = self.latency_of(partner).await?;
        Ok(Some(PartnerHealth { status, lists, in_doubt, latency, findings }))
    }
}

impl ListHealth {
    fn of(list: ListStatus, schedule: Option<&Schedule>, now: DateTime) -> Self {
        let age = list.last_success.map(|success| now.seconds_since(success));
        let longest =
            schedule.map(|schedule| i64::try_from(schedule.every.0).unwrap_or(i64::MAX).saturating_mul(LATE));
        let failures = schedule.map_or(0, |schedule| schedule.failures);
        // A success that is to come was noted while the clock was ahead.
        let is_old = longest.is_some_and(|longest| age.is_none_or(|age| age > longest || age < -SKEW));
        let next = schedule.map(|schedule| schedule.due(now));
        Self { list, age, failures, next, is_late: is_old || failures > 0 }
    }
}
