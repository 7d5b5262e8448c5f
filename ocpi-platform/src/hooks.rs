//! Hooks that decide on registrations, and are notified of them.

use ocpi_types::protocol::{PartnerId, Party};
use ocpi_types::v2_3_0::charging_profiles::ActiveChargingProfile;
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::{CiString, Url, Version};

use crate::{Allow, PartnerState};

/// Decides on registrations, and is notified of them. Every method has a safe default. Methods are called in the middle of
/// a request, so they must not block.
///
/// ```
/// use ocpi_platform::{Decision, Hooks, ApprovalRequest};
///
/// /// Takes whoever comes with a host of one company.
/// struct Company;
///
/// impl Hooks for Company {
///     fn on_credentials(&self, offered: &ApprovalRequest) -> Decision {
///         let is_known = offered.hosts.iter().all(|host| host.ends_with(".company.example"));
///         if is_known { Decision::Accept } else { offered.by_default() }
///     }
/// }
/// ```
pub trait Hooks: Send + Sync + 'static {
    /// Decides on credentials with a party, a host or a role that the operator did not allow, or with a claim to be a
    /// hub.
    fn on_credentials(&self, offered: &ApprovalRequest) -> Decision {
        offered.by_default()
    }

    /// Called when the state of a partner has changed.
    fn on_state(&self, id: &PartnerId, from: Option<PartnerState>, to: PartnerState) {
        let _ = (id, from, to);
    }

    /// Called when a partner may be locked out: see [`Suspicion`]. The platform tries to repair the registration by a
    /// rotation.
    fn on_suspect(&self, id: &PartnerId, why: Suspicion) {
        let _ = (id, why);
    }

    /// Called when a request has a token that was replaced or revoked: the partner still uses an old one, or it has
    /// leaked.
    fn on_superseded_use(&self, id: &PartnerId) {
        let _ = id;
    }

    /// Called when a CPO reports the new active charging profile of a session. The Session is known and belongs to the
    /// partner.
    fn on_active_profile(&self, id: &PartnerId, session_id: &CiString<36>, profile: &ActiveChargingProfile) {
        let _ = (id, session_id, profile);
    }

    /// Called when a partner's credentials contain a party that belongs to us or to another partner.
    fn on_party_conflict(&self, id: &PartnerId, party: &Party) {
        let _ = (id, party);
    }
}

/// Hooks that take the default decisions and notify nobody.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NoHooks;

impl Hooks for NoHooks {}

/// Credentials of a partner that exceed what the operator allowed.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ApprovalRequest {
    /// The partner.
    pub id: PartnerId,
    /// The version in use.
    pub version: Version,
    /// The URL of the partner's list of versions.
    pub url: Url,
    /// All roles of the partner.
    pub roles: Vec<CredentialsRole>,
    /// Parties that the operator did not allow.
    pub parties: Vec<Party>,
    /// Hosts of its URLs that the operator did not allow.
    pub hosts: Vec<String>,
    /// Whether the partner claims to be a hub (`hub_party_id`), if the operator gave no roles: a hub may use both
    /// interfaces of nearly every module. If roles were given, they must include `HUB`, or the claim has no effect.
    pub is_hub: bool,
    /// Whether the partner has a role that the operator did not allow, or one of its parties has another role than
    /// before.
    pub has_other_roles: bool,
    /// Parties, hosts and roles that the operator allowed.
    pub allow: Allow,
}

impl ApprovalRequest {
    /// Returns the decision without a hook: if the operator allowed nothing of a kind, the credentials are held for
    /// approval; if they differ from what was allowed, they are refused.
    pub fn by_default(&self) -> Decision {
        let Allow { parties, hosts, roles } = &self.allow;
        let differs = (!self.parties.is_empty() && !parties.is_empty())
            || (!self.hosts.is_empty() && !hosts.is_empty())
            || (self.has_other_roles && !roles.is_empty());
        if differs { Decision::Refuse } else { Decision::Hold }
    }
}

/// Decision on credentials.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Decision {
    /// Accept them, as if the operator had allowed their contents.
    Accept,
    /// Hold them until [`Platform::approve`](crate::Platform::approve).
    Hold,
    /// Refuse them. If the partner has already committed the registration, a DELETE ends it.
    Refuse,
}

/// Reason why a partner may be locked out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Suspicion {
    /// The partner does not know the token that we use.
    RefusesOurToken,
    /// The partner used a revoked token of ours.
    UsesDeadToken,
}
