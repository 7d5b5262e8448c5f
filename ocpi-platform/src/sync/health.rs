//! Health of a partner, as the operator sees it.

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

/// Seconds by which the clock of another node may be ahead.
const SKEW: i64 = 60;

/// Health of a partner: its registration, its lists, and how it deviates.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct PartnerHealth {
    /// The state of the partner.
    pub status: PartnerStatus,
    /// Its lists that were synced.
    pub lists: Vec<ListHealth>,
    /// Number of objects that are in doubt because of its messages.
    pub in_doubt: usize,
    /// Time that it takes to answer our requests, by module; `versions` are the list of versions and their details.
    pub latency: BTreeMap<String, Latency>,
    /// Times that it broke each rule, by the id of the rule.
    pub findings: BTreeMap<&'static str, u64>,
}

/// Health of the list of a partner.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ListHealth {
    /// The state of the list.
    pub list: ListStatus,
    /// Seconds since the last sync that was complete; negative where the clock was put back.
    pub age: Option<i64>,
    /// Failures in a row, of a list that is [kept](Platform::keep).
    pub failures: u32,
    /// When the next sync is due, of a list that is kept.
    pub next: Option<DateTime>,
    /// Whether it is kept and no sync was complete for three of its intervals, or it fails.
    pub is_late: bool,
}

impl PartnerHealth {
    /// Whether it is registered, not suspect, and none of its lists is late.
    pub fn is_good(&self) -> bool {
        let is_registered = self.status.state == PartnerState::Registered && !self.status.is_suspect;
        is_registered && self.lists.iter().all(|list| !list.is_late)
    }
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// The health of a partner; `None`: there is none of this name.
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
