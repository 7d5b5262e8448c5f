//! Commands of 2.1.1 and 2.2.1.

use crate::convert::convert_to::{ConvertTo, convert_members};
use crate::convert::{ConversionRule, Step, Unsupported};
use crate::v2_1_1::commands as old;
use crate::v2_2_1::commands as new;
use crate::v2_2_1::commands::{CommandResponseType, CommandResultType};
use crate::{CiString, Value};

convert_members! {
    |this, run| old::CommandResponse => new::CommandResponse;
    same { result }
    converted {}
    lost {}
    first { run.note(ConversionRule::TimeoutAssumed, "timeout", &run.context().command_timeout); }
    made { timeout: run.context().command_timeout; message: Vec::new(); }
}

convert_members! {
    |this, run| new::CommandResponse => old::CommandResponse;
    same { result }
    converted {}
    lost { timeout message }
}

convert_members! {
    |this, run| old::CommandResponse => new::CommandResult;
    same {}
    converted { result: result by |result, run| Ok(to_result(result, run)); }
    lost {}
    made { message: Vec::new(); }
}

convert_members! {
    |this, run| new::CommandResult => old::CommandResponse;
    same {}
    converted { result: result by |result, run| Ok(to_response(result, run)); }
    lost { message }
}

convert_members! {
    |this, run| old::ReserveNow => new::ReserveNow;
    same { response_url expiry_date }
    converted {
        token: token;
        reservation_id: reservation_id by |id: i64, _| Ok(id.to_string().parse().unwrap_or_else(|_| Value::blank()));
        location_id: location_id;
        evse_uid: evse_uid;
    }
    lost {}
    made { authorization_reference: None; }
}

convert_members! {
    |this, run| new::ReserveNow => old::ReserveNow;
    same { response_url expiry_date }
    converted {
        token: token;
        reservation_id: reservation_id by |id, _| number(&id);
        location_id: location_id;
        evse_uid: evse_uid;
    }
    lost { authorization_reference }
}

convert_members! {
    |this, run| old::StartSession => new::StartSession;
    same { response_url }
    converted { token: token; location_id: location_id; evse_uid: evse_uid; }
    lost {}
    made { connector_id: None; authorization_reference: None; }
}

convert_members! {
    |this, run| new::StartSession => old::StartSession;
    same { response_url }
    converted { token: token; location_id: location_id; evse_uid: evse_uid; }
    lost { connector_id authorization_reference }
}

convert_members! {
    both |this, run| old::StopSession => new::StopSession;
    same { response_url }
    converted { session_id: session_id; }
}

convert_members! {
    both |this, run| old::UnlockConnector => new::UnlockConnector;
    same { response_url }
    converted { location_id: location_id; evse_uid: evse_uid; connector_id: connector_id; }
}

/// A result of 2.1.1, which has one type for both answers.
pub(in crate::convert) fn result_of_2_1_1(
    mut response: old::CommandResponse,
    run: &mut Step<'_>,
) -> Result<new::CommandResult, Unsupported> {
    // Values that the first answer has lost are still there in the second.
    run.aside(|run| response.downgrade(run))?;
    response.turn(run)
}

/// A number that is written like one can be brought back.
fn number(id: &CiString<36>) -> Result<i64, Unsupported> {
    let number = id.as_str().parse::<i64>().ok().filter(|number| number.to_string() == id.as_str());
    number.ok_or_else(|| Unsupported::new(ConversionRule::ReservationId))
}

fn to_result(response: CommandResponseType, run: &mut Step<'_>) -> CommandResultType {
    match response {
        CommandResponseType::NotSupported => CommandResultType::NotSupported,
        CommandResponseType::Rejected => CommandResultType::Rejected,
        CommandResponseType::Accepted => CommandResultType::Accepted,
        CommandResponseType::Timeout => CommandResultType::Timeout,
        other => {
            run.note(ConversionRule::EnumKept, "", &other);
            CommandResultType::from(other.as_str())
        }
    }
}

/// 2.1.1 knows fewer reasons why a command failed.
fn to_response(result: CommandResultType, run: &mut Step<'_>) -> CommandResponseType {
    match result {
        CommandResultType::NotSupported => CommandResponseType::NotSupported,
        CommandResultType::Rejected => CommandResponseType::Rejected,
        CommandResultType::Accepted => CommandResponseType::Accepted,
        CommandResultType::Timeout => CommandResponseType::Timeout,
        CommandResultType::Custom(text) => CommandResponseType::from(text.as_str()),
        reason @ (CommandResultType::CanceledReservation
        | CommandResultType::EvseOccupied
        | CommandResultType::EvseInoperative
        | CommandResultType::Failed
        | CommandResultType::UnknownReservation) => {
            run.note(ConversionRule::EnumReplaced, "", &reason);
            CommandResponseType::Rejected
        }
    }
}
