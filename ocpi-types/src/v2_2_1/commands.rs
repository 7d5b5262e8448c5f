//! Commands: an eMSP asks a CPO to do something at a charge point.
//!
//! The eMSP posts a command. The CPO answers at once with a `CommandResponse`, which only says whether
//! it took the command on. If it did, the outcome from the charge point comes later, as a
//! `CommandResult` posted to the `response_url` of the command. There are no retries.
//!
//! Spec: 2.2.1 mod_commands

use super::tokens::Token;
use super::types::DisplayText;
use crate::macros::{object, open_enum};
use crate::{Check, CiString, DateTime, Object, Private, Rule, Url};

object! {
    /// Asks to cancel a reservation. The reservation may still cost something.
    ///
    /// Spec: 2.2.1 mod_commands §cancelreservation_object
    pub struct CancelReservation = "CancelReservation", init CancelReservationInit {
        /// Where to post the result. Best unique for every request.
        pub response_url: Private<Url>,
        /// Id of the reservation, as given in `ReserveNow`.
        pub reservation_id: CiString<36>,
    }
}

object! {
    /// The CPO's immediate answer to a command.
    ///
    /// Spec: 2.2.1 mod_commands §commandresponse_object
    pub struct CommandResponse = "CommandResponse", init CommandResponseInit, rules command_response_rules {
        /// Response of the CPO: acceptance, or the kind of refusal.
        pub result: CommandResponseType,
        /// Seconds to wait for the result. After that the eMSP may assume that none will come.
        pub timeout: i64,
        /// Explanation for people, one entry per language.
        pub message: Vec<DisplayText>,
    }
}

object! {
    /// Outcome of a command at the charge point.
    ///
    /// The CPO posts it to the `response_url` of the command. If it has to cancel a reservation later,
    /// it posts another one to the same address.
    ///
    /// Spec: 2.2.1 mod_commands §commandresult_object
    pub struct CommandResult = "CommandResult", init CommandResultInit {
        /// The outcome.
        pub result: CommandResultType,
        /// Explanation for people, one entry per language.
        pub message: Vec<DisplayText>,
    }
}

object! {
    /// Asks to keep an EVSE free for a driver, from now on.
    ///
    /// The same `reservation_id` at the same location replaces the earlier reservation.
    /// The token must belong to the eMSP that sends the command. The eMSP has already authorised it, so
    /// the CPO does not check it.
    ///
    /// Spec: 2.2.1 mod_commands §reservenow_object
    pub struct ReserveNow = "ReserveNow", init ReserveNowInit {
        /// Where to post the result. Best unique for every request.
        pub response_url: Private<Url>,
        /// The token the reservation is for.
        pub token: Token,
        /// When the reservation ends.
        pub expiry_date: DateTime,
        /// Id the eMSP chose for the reservation. The CPO must send the charge point an id of its own.
        pub reservation_id: CiString<36>,
        /// Id of the location.
        pub location_id: CiString<36>,
        /// Uid of the EVSE to reserve. Absent means any EVSE of the location.
        pub evse_uid: Option<CiString<36>>,
        /// Reference for this authorisation. The CPO copies it to the session and the CDR.
        pub authorization_reference: Option<CiString<36>>,
    }
}

object! {
    /// Asks to start a session.
    ///
    /// The token must belong to the eMSP that sends the command. The eMSP has already authorised it, so
    /// the CPO does not check it. It need not be one the eMSP has shared before.
    ///
    /// Spec: 2.2.1 mod_commands §startsession_object
    pub struct StartSession = "StartSession", init StartSessionInit, rules start_session_rules {
        /// Where to post the result. Best unique for every request.
        pub response_url: Private<Url>,
        /// The token to start the session with.
        pub token: Token,
        /// Id of the location.
        pub location_id: CiString<36>,
        /// Uid of the EVSE. Absent leaves the choice to the charge point. Required with `connector_id`.
        pub evse_uid: Option<CiString<36>>,
        /// Id of the connector. Required if the EVSE has the capability
        /// `START_SESSION_CONNECTOR_REQUIRED`.
        pub connector_id: Option<CiString<36>>,
        /// Reference for this authorisation. The CPO copies it to the session and the CDR.
        pub authorization_reference: Option<CiString<36>>,
    }
}

object! {
    /// Asks to stop a session.
    ///
    /// Spec: 2.2.1 mod_commands §stopsession_object
    pub struct StopSession = "StopSession", init StopSessionInit {
        /// Where to post the result. Best unique for every request.
        pub response_url: Private<Url>,
        /// Id of the session.
        pub session_id: CiString<36>,
    }
}

object! {
    /// Asks to unlock a connector that stayed locked after a session.
    ///
    /// For the staff of an operator or eMSP only. A driver must not be able to send it directly.
    ///
    /// Spec: 2.2.1 mod_commands §unlockconnector_object
    pub struct UnlockConnector = "UnlockConnector", init UnlockConnectorInit {
        /// Where to post the result. Best unique for every request.
        pub response_url: Private<Url>,
        /// Id of the location.
        pub location_id: CiString<36>,
        /// Uid of the EVSE.
        pub evse_uid: CiString<36>,
        /// Id of the connector.
        pub connector_id: CiString<36>,
    }
}

impl From<CommandResultType> for CommandResult {
    fn from(result: CommandResultType) -> Self {
        CommandResultInit { result }.into()
    }
}

open_enum! {
    /// The CPO's immediate answer to a command. In 2.1.1 also the later answer of the charge point.
    ///
    /// Spec: 2.2.1 mod_commands §commandresponsetype_enum
    pub enum CommandResponseType = "CommandResponseType", open NEVER {
        /// The CPO, charge point or EVSE does not support the command.
        NotSupported = "NOT_SUPPORTED",
        /// The CPO refuses, for example because the session is not of a customer of this eMSP.
        Rejected = "REJECTED",
        /// The CPO took the command on; a result will follow.
        Accepted = "ACCEPTED",
        /// The charge point did not answer in time. Only in 2.1.1.
        Timeout = "TIMEOUT" in V2_1_1,
        /// The CPO does not know the session.
        UnknownSession = "UNKNOWN_SESSION",
    }
}

open_enum! {
    /// Outcome of a command at the charge point.
    ///
    /// Spec: 2.2.1 mod_commands §commandresulttype_enum
    pub enum CommandResultType = "CommandResultType", open NEVER {
        /// The charge point accepted the command.
        Accepted = "ACCEPTED",
        /// The CPO has cancelled the reservation.
        CanceledReservation = "CANCELED_RESERVATION",
        /// Another session is going on at the EVSE.
        EvseOccupied = "EVSE_OCCUPIED",
        /// The EVSE is out of use or has a fault.
        EvseInoperative = "EVSE_INOPERATIVE",
        /// The charge point tried and failed.
        Failed = "FAILED",
        /// The charge point or EVSE does not support the command.
        NotSupported = "NOT_SUPPORTED",
        /// The charge point refused.
        Rejected = "REJECTED",
        /// The charge point did not answer in time.
        Timeout = "TIMEOUT",
        /// The charge point does not know the reservation.
        UnknownReservation = "UNKNOWN_RESERVATION",
    }
}

open_enum! {
    /// The commands, as they appear in the URL.
    ///
    /// Spec: 2.2.1 mod_commands §commandtype_enum
    pub enum CommandType = "CommandType", open V2_3_0_UP {
        /// Cancel a reservation. Not in 2.1.1.
        CancelReservation = "CANCEL_RESERVATION" in V2_2_UP,
        /// Reserve an EVSE from now on.
        ReserveNow = "RESERVE_NOW",
        /// Start a session.
        StartSession = "START_SESSION",
        /// Stop a session.
        StopSession = "STOP_SESSION",
        /// Unlock a connector. For help desk staff only.
        UnlockConnector = "UNLOCK_CONNECTOR",
    }
}

fn start_session_rules(command: &StartSession, check: &mut Check) {
    let knows_evse = command.extra.has_read(StartSession::INFO, "evse_uid");
    let holds = command.connector_id.is_none() || command.evse_uid.is_some() || !knows_evse;
    check.expect_at("evse_uid", holds, Rule::ConnectorWithoutEvse);
}

fn command_response_rules(response: &CommandResponse, check: &mut Check) {
    let is_accepted = response.result == CommandResponseType::Accepted;
    let has_timeout = response.extra.has_read(CommandResponse::INFO, "timeout");
    check.expect_at("timeout", !is_accepted || !has_timeout || response.timeout > 0, Rule::CommandTimeout);
}
