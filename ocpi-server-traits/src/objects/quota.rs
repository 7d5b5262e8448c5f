//! Quotas: limits on the objects stored for a partner.

mod account;
mod charges;
mod former;
mod usage;

use std::collections::BTreeMap;
use std::sync::Arc;

use ocpi_types::protocol::PartnerId;

pub(super) use charges::{Charge, Charges};
pub use usage::Usage;

/// Limits on the objects stored for a partner, and on the doubts that it may raise. `None`: unlimited.
///
/// An object counts towards the partner that pushed it last, or from which it was last pulled; objects of the
/// application count towards none. Growth beyond a limit is refused with HTTP 403 and 2000; changes without growth, and
/// deletions, are accepted.
///
/// ```
/// use ocpi_server_traits::{Memory, Objects, Quota, Quotas};
/// let test_partner = Quota::default().with_objects(1_000).with_bytes(10 << 20);
/// let quotas = Quotas::new(Quota::default().with_list(None)).with_partner("test".parse()?, test_partner);
/// let objects = Objects::new(Memory::new(), vec![]).with_quotas(quotas);
/// # let _ = objects;
/// # Ok::<(), ocpi_types::protocol::PartnerIdError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Quota {
    /// Maximum number of objects of all kinds. EVSEs and Connectors are part of their Location. Default: 20 million.
    pub objects: Option<u64>,
    /// Maximum number of objects of one kind, such as Tokens. Default: 10 million.
    pub list: Option<u64>,
    /// Maximum total size in bytes of all objects with the times of their members, each object rounded up to whole KiB.
    /// Default: 64 GiB.
    pub bytes: Option<u64>,
    /// Maximum number of doubts about missing objects: each id that a PATCH makes up is one. Further ones are not
    /// stored; doubts about existing objects always are. Default: 1,000.
    pub doubts: Option<u64>,
}

impl Default for Quota {
    fn default() -> Self {
        Self { objects: Some(20_000_000), list: Some(10_000_000), bytes: Some(64 << 30), doubts: Some(1_000) }
    }
}

impl Quota {
    /// No limits.
    pub const UNLIMITED: Self = Self { objects: None, list: None, bytes: None, doubts: None };

    /// Sets the maximum number of objects of all kinds.
    #[must_use]
    pub fn with_objects(self, objects: impl Into<Option<u64>>) -> Self {
        Self { objects: objects.into(), ..self }
    }

    /// Sets the maximum number of objects of one kind.
    #[must_use]
    pub fn with_list(self, list: impl Into<Option<u64>>) -> Self {
        Self { list: list.into(), ..self }
    }

    /// Sets the maximum total size in bytes.
    #[must_use]
    pub fn with_bytes(self, bytes: impl Into<Option<u64>>) -> Self {
        Self { bytes: bytes.into(), ..self }
    }

    /// Sets the maximum number of doubts about missing objects.
    #[must_use]
    pub fn with_doubts(self, doubts: impl Into<Option<u64>>) -> Self {
        Self { doubts: doubts.into(), ..self }
    }
}

/// The quotas of all partners.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Quotas {
    general: Quota,
    partners: Arc<BTreeMap<PartnerId, Quota>>,
}

impl Quotas {
    /// Creates the same quota for every partner.
    pub fn new(general: Quota) -> Self {
        Self { general, partners: Arc::default() }
    }

    /// Sets another quota for one partner.
    #[must_use]
    pub fn with_partner(mut self, partner: PartnerId, quota: Quota) -> Self {
        Arc::make_mut(&mut self.partners).insert(partner, quota);
        self
    }

    /// Returns the quota of a partner.
    pub fn of(&self, partner: &PartnerId) -> Quota {
        self.partners.get(partner).copied().unwrap_or(self.general)
    }
}

impl From<Quota> for Quotas {
    fn from(general: Quota) -> Self {
        Self::new(general)
    }
}

/// Error: a quota of a partner is used up. It is the [source](std::error::Error::source) of the refusal.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the quota of {most} {quota} is used up")]
#[non_exhaustive]
pub struct QuotaUsedUp {
    /// Name of the quota: `objects`, `objects of a kind` or `bytes`.
    pub quota: &'static str,
    /// The limit.
    pub most: u64,
}
