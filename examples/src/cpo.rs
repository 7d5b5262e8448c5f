//! A CPO, for the examples that serve a router.

use std::sync::Arc;

use ocpi_client::{Outbound, Reqwest};
use ocpi_platform::{Allow, Platform, Settings};
use ocpi_server_traits::{Memory, Router};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::credentials::{CredentialsRole, CredentialsRoleInit};
use ocpi_types::v2_3_0::locations::{BusinessDetailsInit, Location};
use ocpi_types::{Role, Url};

use crate::roam::Failure;

/// Opens a CPO in memory that serves its Locations below a URL, invites an eMSP, and writes the URL and the token of the
/// invitation to standard error. The store lives as long as the router and its clones.
///
/// # Errors
/// When the URL is none, or the platform cannot be opened.
pub async fn open(base: &str) -> Result<Router, Failure> {
    let party = Party::new("NL", "ALF")?;
    let role: CredentialsRole = CredentialsRoleInit {
        role: Role::Cpo,
        business_details: BusinessDetailsInit { name: "Alfen Roaming".try_into()? }.into(),
        party_id: party.party_id,
        country_code: party.country_code,
    }
    .into();
    let base: Url = base.parse()?;
    let http = Reqwest::new(Outbound::new())?;
    let platform = Arc::new(Platform::open(Settings::new(base, role), Memory::new(), http).await?);
    let objects = platform.objects();
    let router = platform.router(|routes| routes.sender::<Location>(objects))?;
    let allow = Allow::default().party(Party::new("DE", "EMP")?).host("emsp.example");
    let token = platform.invite("emsp", allow).await?;
    eprintln!("OCPI_TOKEN={} ocpi versions {} --allow-private", token.expose(), router.versions_url());
    Ok(router)
}
