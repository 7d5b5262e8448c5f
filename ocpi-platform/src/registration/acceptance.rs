//! Conditions on the endpoints and parties of a partner that registers.

use ocpi_client::{Peer, Transport};
use ocpi_server_traits::Store;
use ocpi_types::Url;
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::credentials::CredentialsRole;

use crate::partner::party_of;
use crate::{Error, Platform};

/// The most roles that a partner may have.
const MAX_ROLES: usize = 10_000;

impl<S: Store, T: Transport> Platform<S, T> {
    /// Refuses a URL that requests may not go to.
    pub(super) fn allow(&self, url: &Url) -> Result<(), Error> {
        if self.settings.urls.allows(url) { Ok(()) } else { Err(Error::UrlRefused) }
    }

    /// A partner must offer what is required, at URLs that requests may go to.
    pub(super) fn accept_endpoints(&self, peer: &Peer) -> Result<(), Error> {
        let missing =
            self.settings.required.iter().filter(|(module, role)| peer.endpoint(module, role).is_none());
        let names: Vec<_> = missing.map(|(module, role)| format!("{module} {role}")).collect();
        if !names.is_empty() {
            return Err(Error::LacksEndpoints(names.join(", ")));
        }
        peer.endpoints().iter().try_for_each(|endpoint| self.allow(&endpoint.url))
    }

    /// A partner may not speak for our parties, nor for those of another partner: whoever came first keeps them.
    pub(super) fn accept_roles(&self, id: &str, roles: &[CredentialsRole]) -> Result<(), Error> {
        if roles.is_empty() || roles.len() > MAX_ROLES {
            return Err(Error::NoRoles);
        }
        let others = self.partners.all().into_iter().filter(|partner| partner.id.as_str() != id);
        let mut taken: Vec<Party> = others.flat_map(|partner| partner.parties()).collect();
        taken.extend_from_slice(self.parties());
        taken.sort();
        match roles.iter().map(party_of).find(|party| taken.binary_search(party).is_ok()) {
            Some(party) => Err(Error::PartyTaken(party)),
            None => Ok(()),
        }
    }
}
