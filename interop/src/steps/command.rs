//! A command, and its result.

use std::time::Duration;

use crate::dialog::{Failure, Told, told};
use crate::ours::{Ours, PEER};
use crate::request::Request;
use crate::seeds;

/// Time in which the result must come, whatever the partner says.
const LONGEST: Duration = Duration::from_secs(20);

/// Starts a session at a Location of the partner, and awaits the result.
pub(super) async fn start_session(ours: &Ours, request: &Request) -> Result<Told, Failure> {
    let token = seeds::token(&ours.party, "T000")?;
    let at = ocpi_types::endpoint::EvseKey {
        location_id: request.text("location")?.parse()?,
        evse_uid: request.text("evse")?.parse()?,
    };
    let started = ours.platform.start_session(PEER, &token, &at).await?;
    match tokio::time::timeout(LONGEST, started.result()).await.map_err(|_| "no result came")?? {
        ocpi_platform::Outcome::Accepted(_) => Ok(told([("result", "ACCEPTED".into())])),
        other => Err(format!("the outcome is {other:?}").into()),
    }
}
