//! Hub client info: a hub reports the status of the parties that it connects.
//!
//! The party in the path is the subject of the information, not its sender: the hub owns the objects that it pushes.
//! Therefore only the list is a regular endpoint.

use super::declare::endpoint;
use super::key::{Key, decode_party, encode_party};
use super::{Addressed, Body, DecodeError, Incoming, Outgoing, PushOutcome};
use crate::Value;
use crate::protocol::Party;
use crate::v2_2_1::hub_client_info::ClientInfo;
use crate::v2_2_1::versions::ModuleId;

/// Key of an object that exists once per party.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct OnePerParty;

impl Key for OnePerParty {
    const PATH: &'static [&'static str] = &[];

    fn encode(&self, _: &mut Outgoing) {}

    fn decode(_: &Incoming<'_>, _: usize) -> Result<Self, DecodeError> {
        Ok(Self)
    }

    fn canonical(&self) -> String {
        String::new()
    }
}

impl Addressed for ClientInfo {
    const MODULE: ModuleId = ModuleId::HubClientInfo;
    type Key = OnePerParty;
}

/// GET with which a hub reads a party's stored copy of the information about another party.
///
/// Spec: 2.2.1 mod_hub_client_info §get_method
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GetClientInfo {
    /// The subject of the information.
    pub about: Party,
}

endpoint! {
    GetClientInfo = "GetClientInfo",
    GET HubClientInfo Receiver [{"country_code"}, {"party_id"}] -> ClientInfo,
    encode |this, to| encode_party(&this.about, to),
    decode |from| Ok(Self { about: decode_party(from)? }),
}

/// PUT with which a hub reports that a party is new, connected or disconnected.
///
/// The application that handles it must check that the caller is the hub: the library cannot.
///
/// Spec: 2.2.1 mod_hub_client_info §put_method
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PutClientInfo {
    /// The subject of the information.
    pub about: Party,
    /// Its role and connection status.
    pub info: ClientInfo,
}

endpoint! {
    PutClientInfo = "PutClientInfo",
    PUT HubClientInfo Receiver [{"country_code"}, {"party_id"}] -> PushOutcome,
    body Body::Whole(ClientInfo::TYPE),
    encode |this, to| {
        encode_party(&this.about, to);
        to.body(&this.info);
    },
    decode |from| Ok(Self { about: decode_party(from)?, info: from.read_body()? }),
    consistent |this| {
        let same = (&this.about.country_code, &this.about.party_id)
            == (&this.info.country_code, &this.info.party_id);
        if same { Ok(()) } else { Err("the parties in the URL and in the object differ") }
    },
}
