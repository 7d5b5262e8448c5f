//! Registrations at a sandbox.

use ocpi_platform::{ApprovalRequest, Decision, Hooks, PartnerState};
use ocpi_types::protocol::PartnerId;

use crate::output;

/// Takes whoever has token A, and tells of partners that come and go.
pub(super) struct Welcome;

impl Hooks for Welcome {
    fn on_credentials(&self, offered: &ApprovalRequest) -> Decision {
        // Where the operator named parties or hosts, others are not meant.
        if offered.allow.is_empty() { Decision::Accept } else { offered.by_default() }
    }

    fn on_state(&self, id: &PartnerId, _: Option<PartnerState>, to: PartnerState) {
        output::mention(&format!("partner {}: {}", id.as_str(), to.as_str()));
    }
}
