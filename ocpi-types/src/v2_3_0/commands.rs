//! Commands: an eMSP asks a CPO to do something at a charge point.
//!
//! The eMSP posts a command, the CPO answers at once and posts the outcome later.
//! Nothing changed against 2.2.1 but that further commands may be agreed on.
//!
//! Spec: 2.3.0 mod_commands

// The same as in 2.2.1.
pub use crate::v2_2_1::commands::{
    CancelReservation, CancelReservationInit, CommandResponse, CommandResponseInit, CommandResponseType,
    CommandResult, CommandResultInit, CommandResultType, CommandType, ReserveNow, ReserveNowInit,
    StartSession, StartSessionInit, StopSession, StopSessionInit, UnlockConnector, UnlockConnectorInit,
};
