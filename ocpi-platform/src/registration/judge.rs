//! Checks of a partner's statements about itself.

use std::collections::BTreeSet;

use ocpi_client::{Client, Transport};
use ocpi_server_traits::Store;
use ocpi_types::protocol::{PartnerProfile, Party};
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::v2_3_0::versions::Endpoint;
use ocpi_types::{CredentialsToken, Url, Version};

use crate::directory::{Details, host_of};
use crate::party::is_distinct;
use crate::party_of;
use crate::{Allow, ApprovalRequest, Decision, Error, Platform, UrlPolicy, UrlRefused, UrlRule};

/// Credentials of a partner, and the endpoints that it was found to have.
#[derive(Clone, Debug)]
pub(super) struct Claimed {
    pub(super) version: Version,
    pub(super) url: Url,
    pub(super) roles: Vec<CredentialsRole>,
    pub(super) endpoints: Vec<Endpoint>,
    /// Whether they say that the platform is a hub.
    pub(super) is_hub: bool,
}

/// Judgement of credentials.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) decision: Decision,
    /// Whether one of its hosts has to be approved: then nothing functional is sent or answered.
    pub(super) is_held: bool,
    /// The details after it.
    pub(super) details: Details,
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Refuses a URL that requests may not go to: our own, one that the policy refuses, or one with a port that the
    /// operator did not name.
    pub(super) fn allow(&self, url: &Url, allow: &Allow) -> Result<(), Error> {
        let policy = self.settings.urls;
        policy.check(url)?;
        let is_own = host_of(url).is_some_and(|host| host_of(&self.settings.base).as_ref() == Some(&host));
        let has_port = url.parse().is_ok_and(|url| url.port().is_some());
        let is_port_good = !has_port || policy == UrlPolicy::Any || allow.has_host_of(url);
        match () {
            () if is_own => Err(UrlRefused::of(url, UrlRule::Own).into()),
            () if !is_port_good => Err(UrlRefused::of(url, UrlRule::Port).into()),
            () => Ok(()),
        }
    }

    /// The URLs of a profile are the operator's; they are under the same policy.
    pub(crate) fn allow_urls_of(&self, profile: &PartnerProfile, allow: &Allow) -> Result<(), Error> {
        profile.urls.iter().try_for_each(|known| self.allow(&known.url, allow))
    }

    /// A partner must offer what is required, at URLs that requests may go to.
    pub(super) fn accept_endpoints(&self, client: &Client, allow: &Allow) -> Result<(), Error> {
        let missing =
            self.settings.required.iter().filter(|(module, role)| client.endpoint(module, role).is_none());
        let names: Vec<_> = missing.map(|(module, role)| format!("{module} {role}")).collect();
        if !names.is_empty() {
            return Err(Error::LacksEndpoints(names.join(", ")));
        }
        if client.endpoints().len() > self.settings.limits.endpoints {
            return Err(Error::TooManyEndpoints);
        }
        client.endpoints().iter().try_for_each(|endpoint| self.allow(&endpoint.url, allow))
    }

    /// A token of a partner must be one that can be sent, and not one that we issued.
    pub(super) async fn accept_token(&self, token: &CredentialsToken) -> Result<(), Error> {
        if token.expose().parse::<CredentialsToken>().is_err() {
            return Err(Error::TokenRefused);
        }
        if self.partners.is_ours(self.store(), token).await? {
            return Err(Error::TokenRefused);
        }
        Ok(())
    }

    /// A partner may not speak for our parties, nor for those of another partner: whoever came first keeps them. Nor for one
    /// that could be taken for another.
    pub(super) async fn accept_roles(&self, id: &str, roles: &[CredentialsRole]) -> Result<(), Error> {
        if roles.is_empty() || roles.len() > self.settings.limits.roles {
            return Err(Error::NoRoles);
        }
        let parties: BTreeSet<Party> = roles.iter().map(party_of).collect();
        if !parties.iter().all(is_distinct) {
            return Err(Error::PartyRefused);
        }
        let parties: Vec<Party> = parties.into_iter().collect();
        let own = parties.iter().find(|party| self.parties().contains(party)).cloned();
        let taken = match own {
            Some(own) => Some(own),
            None => self.partners.taken(self.store(), id, &parties).await?.into_iter().next(),
        };
        match taken {
            Some(party) => {
                self.tell_conflict(id, &party);
                Err(Error::PartyTaken(party))
            }
            None => Ok(()),
        }
    }

    /// Judges what credentials name beyond what the operator did. Only the decisions of the operator widen `allow`.
    pub(super) fn judge(&self, id: &str, known: &Details, claimed: &Claimed) -> Result<Judged, Error> {
        let named = Named::of(known, claimed);
        let is_all = named.is_all();
        let Named { named, asked, hosts, is_new_hub } = named;
        let with_roles = |roles: Vec<CredentialsRole>| Details {
            endpoints: claimed.endpoints.clone(),
            is_hub: claimed.is_hub,
            asked: Vec::new(),
            ..known.with_roles(roles)
        };
        if is_all {
            return Ok(Judged { decision: Decision::Accept, is_held: false, details: with_roles(named) });
        }
        let is_new_party = |role: &&CredentialsRole| !known.allow.parties.contains(&party_of(role));
        let offered = ApprovalRequest {
            id: id.parse().map_err(|_| Error::Broken)?,
            version: claimed.version,
            url: claimed.url.clone(),
            roles: claimed.roles.clone(),
            parties: asked.iter().filter(is_new_party).map(party_of).collect(),
            hosts: hosts.clone(),
            is_hub: is_new_hub,
            has_other_roles: asked.iter().any(|role| !known.allow.has_role(&role.role)),
            allow: known.allow.clone(),
        };
        let decision = self.settings.hooks.on_credentials(&offered);
        let details = match decision {
            Decision::Accept => {
                let details = with_roles(claimed.roles.clone());
                Details { allow: widened(details.allow.clone(), &asked, &hosts), ..details }
                    .bound_to_its_roles()
            }
            // Parties that are not in the credentials any more are given up; new ones wait.
            Decision::Hold | Decision::Refuse => Details { asked, ..with_roles(named) },
        };
        Ok(Judged { decision, is_held: decision == Decision::Hold && !hosts.is_empty(), details })
    }
}

/// Parts of credentials, by whether the operator named them.
pub(super) struct Named {
    /// Roles that the operator named, or that the partner has already.
    named: Vec<CredentialsRole>,
    /// The other roles.
    asked: Vec<CredentialsRole>,
    /// Hosts that the operator did not name.
    hosts: Vec<String>,
    /// Whether it says that it is a hub, where the operator named no roles.
    is_new_hub: bool,
}

impl Named {
    pub(super) fn of(known: &Details, claimed: &Claimed) -> Self {
        let held: BTreeSet<(Party, &str)> =
            known.roles.iter().map(|role| (party_of(role), role.role.as_str())).collect();
        let is_named = |role: &CredentialsRole| {
            let is_allowed =
                known.allow.parties.contains(&party_of(role)) && known.allow.has_role(&role.role);
            is_allowed || held.contains(&(party_of(role), role.role.as_str()))
        };
        let (named, asked) = claimed.roles.iter().cloned().partition(is_named);
        let urls = claimed.endpoints.iter().map(|endpoint| &endpoint.url).chain([&claimed.url]);
        let hosts: BTreeSet<String> =
            urls.filter(|url| !known.allow.has_host_of(url)).filter_map(host_of).collect();
        let has_role = claimed.roles.iter().any(|role| role.role == ocpi_types::Role::Hub);
        let is_new_hub = claimed.is_hub && known.allow.roles.is_empty() && !has_role;
        Self { named, asked, hosts: hosts.into_iter().collect(), is_new_hub }
    }

    /// Whether the operator named everything.
    pub(super) fn is_all(&self) -> bool {
        self.asked.is_empty() && self.hosts.is_empty() && !self.is_new_hub
    }
}

/// With parties, roles and hosts that were approved.
pub(super) fn widened(allow: Allow, roles: &[CredentialsRole], hosts: &[String]) -> Allow {
    let has_roles = !allow.roles.is_empty();
    let allow = roles.iter().fold(allow, |allow, role| {
        let allow = allow.party(party_of(role));
        if has_roles { allow.role(role.role.clone()) } else { allow }
    });
    hosts.iter().fold(allow, |allow, host| allow.host(host.clone()))
}
