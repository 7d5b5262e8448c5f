//! Facts about partners kept in memory: their pace, learned detours, and deviations.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ocpi_client::{Learned, Pace};
use ocpi_types::protocol::PartnerProfile;
use ocpi_types::v2_3_0::versions::Endpoint;
use ocpi_types::{DateTime, Rate, Url};

/// Pace of the requests to a partner, and what was learned of it: all its clients share them.
#[derive(Clone, Debug)]
pub(crate) struct Acquaintance {
    pub(crate) pace: Pace,
    pub(crate) learned: Learned,
    /// Time from which on deviations that are known already are stored again, with their number.
    due: Option<DateTime>,
}

impl Acquaintance {
    /// The pace of exchanges of credentials. They are few, and a partner waits for them: only a rate of its own holds them up.
    pub(crate) fn pace_of_exchanges(&self, profile: &PartnerProfile) -> Pace {
        if profile.rate.is_some() { self.pace.clone() } else { self.pace.without_rate() }
    }
}

/// Acquaintances by the ids of partners.
#[derive(Debug)]
pub(crate) struct Acquaintances {
    known: Mutex<BTreeMap<String, Acquaintance>>,
    /// The rate of partners whose profile names none.
    rate: Option<Rate>,
}

/// Most partners that are known; then it begins empty again.
const MOST: usize = 10_000;
/// Seconds between two writes of the numbers of deviations that are known already.
const NUMBERS_EVERY: i64 = 60 * 60;

impl Acquaintances {
    pub(crate) fn new(rate: Option<Rate>) -> Self {
        Self { known: Mutex::default(), rate }
    }

    /// That of a partner. Where the profile names another rate than before, its pace starts afresh.
    pub(crate) fn of(&self, id: &str, profile: &PartnerProfile) -> Acquaintance {
        let rate = profile.rate.or(self.rate);
        let mut all = self.all();
        if let Some(known) = all.get_mut(id) {
            if known.pace.rate() != rate {
                known.pace = Pace::new(rate);
            }
            return known.clone();
        }
        if all.len() >= MOST {
            all.clear();
        }
        let new = Acquaintance { pace: Pace::new(rate), learned: Learned::default(), due: None };
        all.insert(id.to_owned(), new.clone());
        new
    }

    /// Facts that were learned of a partner since the platform was opened.
    pub(crate) fn learned(&self, id: &str) -> Option<Learned> {
        self.all().get(id).map(|known| known.learned.clone())
    }

    /// Facts about a partner, once in an hour, if it was met.
    pub(crate) fn learned_hourly(&self, id: &str, now: DateTime) -> Option<Learned> {
        let mut all = self.all();
        let known = all.get_mut(id)?;
        let is_due = known.due.is_some_and(|due| due <= now);
        if is_due || known.due.is_none() {
            known.due = now.checked_add_seconds(NUMBERS_EVERY);
        }
        is_due.then(|| known.learned.clone())
    }

    /// Forgets the detours to a partner, whose profile was set by somebody who knows better.
    pub(crate) fn forget_detours(&self, id: &str) {
        if let Some(learned) = self.learned(id) {
            learned.forget_detours();
        }
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Acquaintance>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A profile without the URLs that were learned of endpoints which the partner has no more. They are told from those that
/// the operator set by the endpoints of before: only one of those is ever learned.
pub(crate) fn without_former_urls(
    mut profile: PartnerProfile,
    before: &[Endpoint],
    now: &[Endpoint],
) -> PartnerProfile {
    let is_one = |of: &[Endpoint], url: &Url| of.iter().any(|endpoint| endpoint.url.is_same_path(url));
    profile.urls.retain(|known| !is_one(before, &known.url) || is_one(now, &known.url));
    profile
}

/// The known profile of a partner with what an exchange of credentials has shown: the forms of the token, and whether it
/// wants nulls.
pub(crate) fn with_learned(known: &PartnerProfile, shown: &PartnerProfile) -> PartnerProfile {
    let mut profile = known.clone();
    profile.token = shown.token;
    profile.token_at.clone_from(&shown.token_at);
    profile.style.explicit_nulls |= shown.style.explicit_nulls;
    profile
}
