//! State of a registration, as text and JSON.

use ocpi_platform::{PartnerState, PartnerStatus};
use serde::Serialize;

use crate::exit::Exit;
use crate::output::{self, Format};
use crate::remote::{Deviation, EndpointRow, Failure, Table};

#[derive(Serialize)]
struct Json<'a> {
    partner: &'a str,
    state: &'static str,
    versions_url: Option<&'a str>,
    chosen: Option<&'static str>,
    parties: &'a [String],
    endpoints: Vec<EndpointRow<'a>>,
    deviations: &'a [Deviation],
}

/// Prints the state of a registration: 1 if it awaits approval.
///
/// # Errors
/// When the output cannot be written.
pub(crate) fn print_status(
    status: &PartnerStatus,
    format: Format,
    mask: impl Fn(&str) -> String,
) -> Result<Exit, Failure> {
    let roles = || status.roles.iter().chain(&status.asked);
    let parties: Vec<String> =
        roles().map(|role| format!("{}/{} {}", role.country_code, role.party_id, role.role)).collect();
    let deviations = Deviation::of_partner(&status.deviations);
    let chosen = status.version.map(ocpi_types::Version::as_str);
    let versions_url = status.versions_url.as_ref().map(ocpi_types::Url::as_str);
    let state = status.state.as_str();
    let shown = match format {
        Format::Json => output::json::line(&Json {
            partner: status.id.as_str(),
            state,
            versions_url,
            chosen,
            parties: &parties,
            endpoints: status.endpoints.iter().map(EndpointRow::from).collect(),
            deviations: &deviations,
        })?,
        Format::Text => {
            let mut table = Table::default();
            table.line("partner", status.id.as_str());
            table.line("state", state);
            table.line("versions URL", versions_url.unwrap_or("unknown"));
            table.line("chosen", chosen.unwrap_or("none"));
            let rows: Vec<[&str; 1]> = parties.iter().map(|party| [party.as_str()]).collect();
            table.rows("parties", &rows);
            table.endpoints(&status.endpoints);
            table.deviations(&deviations);
            table.finish()
        }
    };
    output::print(&mask(&shown))?;
    let waits = status.state == PartnerState::Pending || !status.asked.is_empty();
    if waits {
        output::mention(
            "the partner names parties or hosts that were not expected, and awaits approval; to accept them, unregister it and register again with --parties and --hosts, or with --approve",
        );
    }
    Ok(if waits { Exit::Objections } else { Exit::Done })
}
