//! Commands: an eMSP asks a CPO to do something at a charge point.
//!
//! The eMSP posts a command. The CPO answers at once, which only says whether it could pass the command on.
//! If it could, the answer of the charge point comes later, posted to the `response_url` of the command.
//! Both answers are a `CommandResponse`; 2.2.1 has `CommandResult` for the second.
//!
//! Spec: 2.1.1 mod_commands

// The same as in 2.2.1. `TIMEOUT` is gone there as a response, and one more command is new.
pub use crate::v2_2_1::commands::{CommandResponseType, CommandType};

use super::tokens::Token;
use crate::macros::object;
use crate::{DateTime, Private, Text, Url};

object! {
    /// The answer to a command: first that of the CPO, then that of the charge point.
    ///
    /// 2.2.1 adds a time limit and an explanation.
    ///
    /// Spec: 2.1.1 mod_commands §31-commandresponse-object
    pub struct CommandResponse = "CommandResponse", init CommandResponseInit {
        /// Response of the CPO, or later of the charge point: acceptance, or the kind of refusal.
        pub result: CommandResponseType,
    }
}

object! {
    /// Asks to keep an EVSE free for a driver, from now on.
    ///
    /// The same `reservation_id` at the same location replaces the earlier reservation. In 2.2.1 that id is
    /// text, and a reservation can be cancelled.
    ///
    /// Spec: 2.1.1 mod_commands §32-reservenow-object
    pub struct ReserveNow = "ReserveNow", init ReserveNowInit {
        /// Where to post the answer of the charge point. Best unique for every request.
        pub response_url: Private<Url>,
        /// The token the reservation is for.
        pub token: Token,
        /// When the reservation ends.
        pub expiry_date: DateTime,
        /// Number the eMSP chose for the reservation.
        pub reservation_id: i64,
        /// Id of the location.
        pub location_id: Text<39>,
        /// Uid of the EVSE to reserve. Absent means any EVSE of the location.
        pub evse_uid: Option<Text<39>>,
    }
}

object! {
    /// Asks to start a session.
    ///
    /// 2.2.1 adds the connector and a reference.
    ///
    /// Spec: 2.1.1 mod_commands §33-startsession-object
    pub struct StartSession = "StartSession", init StartSessionInit {
        /// Where to post the answer of the charge point. Best unique for every request.
        pub response_url: Private<Url>,
        /// The token to start the session with.
        pub token: Token,
        /// Id of the location.
        pub location_id: Text<39>,
        /// Uid of the EVSE. Absent leaves the choice to the charge point.
        pub evse_uid: Option<Text<39>>,
    }
}

object! {
    /// Asks to stop a session.
    ///
    /// Spec: 2.1.1 mod_commands §34-stopsession-object
    pub struct StopSession = "StopSession", init StopSessionInit {
        /// Where to post the answer of the charge point. Best unique for every request.
        pub response_url: Private<Url>,
        /// Id of the session.
        pub session_id: Text<36>,
    }
}

object! {
    /// Asks to unlock a connector that stayed locked after a session.
    ///
    /// For the help desk of an eMSP only. A driver must not be able to send it directly.
    ///
    /// Spec: 2.1.1 mod_commands §35-unlockconnector-object
    pub struct UnlockConnector = "UnlockConnector", init UnlockConnectorInit {
        /// Where to post the answer of the charge point. Best unique for every request.
        pub response_url: Private<Url>,
        /// Id of the location.
        pub location_id: Text<39>,
        /// Uid of the EVSE.
        pub evse_uid: Text<39>,
        /// Id of the connector.
        pub connector_id: Text<36>,
    }
}
