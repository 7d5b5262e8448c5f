//! Parties of credentials and of requests.

use ocpi_server_traits::Caller;
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::credentials::CredentialsRole;

/// The party of a role.
pub(crate) fn party_of(role: &CredentialsRole) -> Party {
    Party { country_code: role.country_code.clone(), party_id: role.party_id.clone() }
}

/// Whether a party can be told from every other one. In addresses and the names of lists, `/` and `>` separate.
pub(crate) fn is_distinct(party: &Party) -> bool {
    let codes = [party.country_code.as_str(), party.party_id.as_str()];
    codes.iter().all(|code| !code.is_empty() && !code.contains(|c: char| "/>".contains(c) || c.is_control()))
}

/// The parties of the caller whose objects a request may mean: the one that sends it, if it says which one that is.
pub(crate) fn asking_parties(caller: &Caller) -> impl Iterator<Item = &Party> {
    let from = caller.from.as_ref().filter(|from| caller.speaks_for(from));
    let others = from.is_none().then(|| caller.partner.parties());
    from.into_iter().chain(others.into_iter().flatten())
}
