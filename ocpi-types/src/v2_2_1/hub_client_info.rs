//! Hub client info: which parties are connected to a hub, and whether they can be reached.
//!
//! The hub owns this data. It pushes each change to all connected parties with PUT, and they can fetch the
//! whole list from the hub, such as when they start. Nothing is deleted: a party that is gone gets the
//! status `SUSPENDED`. Send requests only to parties that are `CONNECTED`, and do not store up pushes for
//! the others: a party that comes back fetches the changes that it missed.
//!
//! Spec: 2.2.1 mod_hub_client_info

use super::types::Role;
use crate::macros::{object, open_enum};
use crate::{CountryCode, DateTime, PartyId};

object! {
    /// A party that is, was or will be connected to the hub, in one of its roles.
    ///
    /// Spec: 2.2.1 mod_hub_client_info §hub_client_info_object
    pub struct ClientInfo = "ClientInfo", init ClientInfoInit {
        /// Id of the party, as in its credentials.
        pub party_id: PartyId,
        /// Country of the party, as in its credentials.
        pub country_code: CountryCode,
        /// Role of the party.
        pub role: Role,
        /// State of its connection to the hub.
        pub status: ConnectionStatus,
        /// When this entry was last changed, or created.
        pub last_updated: DateTime,
    }
}

open_enum! {
    /// State of a party's connection to the hub.
    ///
    /// Spec: 2.2.1 mod_hub_client_info §hub_connection_type_enum
    pub enum ConnectionStatus = "ConnectionStatus", open NEVER {
        /// It can be reached.
        Connected = "CONNECTED",
        /// It cannot be reached at the moment.
        Offline = "OFFLINE",
        /// It is to be connected, but never was so far.
        Planned = "PLANNED",
        /// It has left for good.
        Suspended = "SUSPENDED",
    }
}
