//! Facts about partners that are kept in memory only: their pace, what was learned of them, and how they deviated.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ocpi_client::{Deviation, Learned, Pace};
use ocpi_types::protocol::PartnerProfile;

/// Pace of the requests to a partner, and what was learned of it: all its clients share them.
#[derive(Clone, Debug)]
pub(crate) struct Acquaintance {
    pub(crate) pace: Pace,
    pub(crate) learned: Learned,
}

/// Acquaintances by the ids of partners.
#[derive(Debug, Default)]
pub(crate) struct Acquaintances(Mutex<BTreeMap<String, Acquaintance>>);

/// Most partners that are known; then it begins empty again.
const MOST: usize = 10_000;

impl Acquaintances {
    /// That of a partner. Where the profile names another rate than before, its pace starts afresh.
    pub(crate) fn of(&self, id: &str, profile: &PartnerProfile) -> Acquaintance {
        let mut all = self.all();
        if let Some(known) = all.get_mut(id) {
            if known.pace.rate() != profile.rate {
                known.pace = Pace::new(profile.rate);
            }
            return known.clone();
        }
        if all.len() >= MOST {
            all.clear();
        }
        let new = Acquaintance { pace: Pace::new(profile.rate), learned: Learned::default() };
        all.insert(id.to_owned(), new.clone());
        new
    }

    /// Deviations of a partner since the platform was opened.
    pub(crate) fn deviations(&self, id: &str) -> Vec<Deviation> {
        self.all().get(id).map(|known| known.learned.deviations()).unwrap_or_default()
    }

    /// Forgets the detours to a partner, whose profile was set by somebody who knows better.
    pub(crate) fn forget_detours(&self, id: &str) {
        if let Some(known) = self.all().get(id) {
            known.learned.forget_detours();
        }
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Acquaintance>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
