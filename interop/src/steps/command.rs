//! A command, and its result.

use std::time::Duration;

use ocpi_types::v2_3_0::commands::{CommandResponseType, CommandResultType, StartSession, StartSessionInit};

use crate::dialog::{Failure, Told, told};
use crate::ours::{Ours, PEER};
use crate::request::Request;
use crate::seeds;

/// Time in which the result must come, whatever the partner says.
const LONGEST: Duration = Duration::from_secs(20);

/// Starts a session at a Location of the partner, and awaits the result.
pub(super) async fn start_session(ours: &Ours, request: &Request) -> Result<Told, Failure> {
    let token = seeds::token(&ours.party, "T000")?;
    let (location_id, evse_uid) = (request.text("location")?.parse()?, request.text("evse")?.parse()?);
    let command = |response_url| StartSession {
        evse_uid: Some(evse_uid),
        ..StartSessionInit { response_url, token, location_id }.into()
    };
    let mut sent = ours.platform.command(PEER, command).await?;
    if sent.response.result != CommandResponseType::Accepted {
        return Err(format!("the command was answered {}", sent.response.result).into());
    }
    let result = tokio::time::timeout(LONGEST, sent.results.next()).await;
    let result = result.map_err(|_| "no result came")?.ok_or("no result will come")?;
    if result.result != CommandResultType::Accepted {
        return Err(format!("the result is {}", result.result).into());
    }
    Ok(told([("result", result.result.as_str().into())]))
}
