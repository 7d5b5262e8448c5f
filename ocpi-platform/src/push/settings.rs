//! Settings of the push engine.

use std::collections::BTreeMap;
use std::time::Duration;

/// Settings of the push engine, which sends published objects to partners: see [`Platform::publish`](crate::Platform::publish).
///
/// ```
/// use ocpi_platform::{PartnerPush, PushSettings, UsePatch};
/// let push = PushSettings {
///     general: PartnerPush { concurrency: 8, ..PartnerPush::default() },
///     ..PushSettings::default()
/// };
/// let push = push.for_partner("display", PartnerPush { patch: UsePatch::Never, full_push: true, ..push.general });
/// # let _ = push;
/// ```
#[derive(Clone, Debug, Default)]
pub struct PushSettings {
    /// Settings for all partners without their own.
    pub general: PartnerPush,
    /// Settings for single partners, by id.
    pub partners: BTreeMap<String, PartnerPush>,
}

/// Settings of pushes to one partner.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PartnerPush {
    /// Maximum number of concurrent requests. An object has at most one at a time. Default: 4.
    pub concurrency: usize,
    /// Time limit for the answer to a request. Default: 30 seconds; maximum: 45.
    pub timeout: Duration,
    /// Whether changes are sent by PATCH. Default: `Learn`.
    pub patch: UsePatch,
    /// Whether a new partner is sent all objects. By default it is sent later changes only, and pulls the rest, as the
    /// specification asks.
    pub full_push: bool,
    /// Length of an outage after which [`after_long`](Self::after_long) applies. Default: 24 hours.
    pub give_way: Duration,
    /// Treatment of a partner that returns after a long outage.
    pub after_long: AfterLong,
}

/// Use of PATCH for a partner.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum UsePatch {
    /// Always, if the specification has a PATCH.
    Yes,
    /// Never: whole objects are sent.
    Never,
    /// Until the partner has refused three PATCHes and then accepted the PUT; after that, whole objects are sent for a
    /// day.
    #[default]
    Learn,
}

/// Treatment of a partner that returns after a long outage.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum AfterLong {
    /// Each object that has changed is sent once, in its current state.
    #[default]
    SendNewest,
    /// The partner pulls the changes, and is sent later ones only.
    LetItPull,
}

impl Default for PartnerPush {
    fn default() -> Self {
        Self {
            concurrency: 4,
            timeout: Duration::from_secs(30),
            patch: UsePatch::default(),
            full_push: false,
            give_way: Duration::from_secs(24 * 60 * 60),
            after_long: AfterLong::default(),
        }
    }
}

/// Nothing is under way for longer than a minute.
const LONGEST: Duration = Duration::from_secs(45);

impl PushSettings {
    /// Sets other settings for a partner.
    #[must_use]
    pub fn for_partner(&self, id: impl Into<String>, push: PartnerPush) -> Self {
        let mut all = self.clone();
        all.partners.insert(id.into(), push);
        all
    }

    /// Those of a partner.
    pub(crate) fn of(&self, id: &str) -> PartnerPush {
        let push = self.partners.get(id).copied().unwrap_or(self.general);
        PartnerPush { timeout: push.timeout.min(LONGEST), ..push }
    }
}
