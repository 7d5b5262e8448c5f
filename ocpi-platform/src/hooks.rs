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
    /// Decides on credentials that name a party, a host or a role that the operator did not, or say that it is a hub.
    fn on_credentials(&self, offered: &ApprovalRequest) -> Decision {
        offered.by_default()
    }

    /// Called when the state of a partner has changed.
    fn on_state(&self, id: &PartnerId, from: Option<PartnerState>, to: PartnerState) {
        let _ = (id, from, to);
    }

    /// A partner may be locked out: see [`Suspicion`]. The platform tries to heal it by a rotation.
    fn on_suspect(&self, id: &PartnerId, why: Suspicion) {
        let _ = (id, why);
    }

    /// Called when a request has a token that was replaced or revoked: its owner still uses an old one, or it has leaked.
    fn on_superseded_use(&self, id: &PartnerId) {
        let _ = id;
    }

    /// Called when a CPO reports the charging profile that is now active for a session. The Session is known here, and is the
    /// partner's.
    fn on_active_profile(&self, id: &PartnerId, session_id: &CiString<36>, profile: &ActiveChargingProfile) {
        let _ = (id, session_id, profile);
    }

    /// Called when a partner's credentials name a party that is ours, or another partner's.
    fn on_party_conflict(&self, id: &PartnerId, party: &Party) {
        let _ = (id, party);
    }
}

/// Hooks that take the default decisions and notify nobody.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NoHooks;

impl Hooks for NoHooks {}

/// Credentials of a partner that name more than the operator did.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ApprovalRequest {
    /// The partner.
    pub id: PartnerId,
    /// The version that is spoken.
    pub version: Version,
    /// The URL of its versions.
    pub url: Url,
    /// All its roles.
    pub roles: Vec<CredentialsRole>,
    /// Its parties that the operator did not name.
    pub parties: Vec<Party>,
    /// Hosts of its URLs that the operator did not name.
    pub hosts: Vec<String>,
    /// Whether it says that it is a hub (`hub_party_id`), where the operator named no roles: as one it may use both interfaces of
    /// nearly every module. Where roles were named, the role `HUB` must be among them, or this gives it no rights.
    pub is_hub: bool,
    /// Whether it has a role that the operator did not name, or one of its parties has another role than before.
    pub has_other_roles: bool,
    /// Parties, hosts and roles that the operator named.
    pub allow: Allow,
}

impl ApprovalRequest {
    /// The decision if there is no hook: the operator is asked where it named nothing of a kind, and what differs from
    /// what it named is refused.
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
    /// They are taken, as if the operator had named what is in them.
    Accept,
    /// They wait for [`Platform::approve`](crate::Platform::approve).
    Hold,
    /// They are refused. What the partner has committed already is taken back by a DELETE.
    Refuse,
}

/// Reason why a partner may be locked out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Suspicion {
    /// It does not know the token that we use.
    RefusesOurToken,
    /// It came with a token of ours that is dead.
    UsesDeadToken,
}
