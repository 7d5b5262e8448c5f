//! The platform of ours that meets the partner.

use std::sync::Arc;

use ocpi_client::{Client, Outbound, Reqwest};
use ocpi_platform::{Platform, Settings, UrlPolicy};
use ocpi_server_traits::{AnyStore, Layout, Router, Routes};
use ocpi_types::endpoint::PostCommandResult;
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::credentials::{CredentialsRole, CredentialsRoleInit};
use ocpi_types::v2_3_0::locations::{BusinessDetailsInit, Location};
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{NonEmpty, Role, Url};

use crate::chargers::Depot;
use crate::dialog::Failure;
use crate::request::Request;
use crate::seeds;

/// The kind of platform that meets partners here.
pub(crate) type OurPlatform = Platform<AnyStore, Reqwest>;

/// The name under which the partner is known.
pub(crate) const PEER: &str = "peer";

/// A platform that answers, and what is remembered between steps.
pub(crate) struct Ours {
    pub(crate) platform: Arc<OurPlatform>,
    pub(crate) party: Party,
    router: Router,
    /// Client with the token that was good before the registration ended.
    pub(crate) former: Option<Client<Arc<Reqwest>>>,
}

impl Ours {
    /// Opens a platform with 120 Locations, if it is a CPO, and 120 Tokens, if it is an eMSP.
    pub(crate) async fn open(request: &Request) -> Result<Self, Failure> {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let base: Url = format!("http://127.0.0.1:{}/ocpi", listener.local_addr()?.port()).parse()?;
        let (party, roles) = (request.party("party")?, request.roles()?);
        let credentials: Vec<_> =
            roles.iter().map(|role| credentials_role(role, &party)).collect::<Result<_, _>>()?;
        let main = credentials.first().cloned().ok_or("a platform has a role")?;
        let layout = match request.optional("layout") {
            Some("flat") => Layout::flat(),
            Some("slash") => Layout::default().with_trailing_slash(),
            _ => Layout::default(),
        };
        let settings = Settings {
            roles: NonEmpty::try_from(credentials).map_err(|_| "a platform has a role")?,
            versions: request.versions(),
            // Partner and platform are on this machine.
            urls: UrlPolicy::Any,
            rate: None,
            layout,
            ..Settings::new(base, main)
        };
        let store = ocpi_store::open(&format!("sqlite:{}", request.text("store")?)).await?;
        let http = Reqwest::new(Outbound::new().with_urls(UrlPolicy::Any))?;
        let platform = Arc::new(Platform::open(settings, store, http).await?);
        seed(&platform, &party, &roles).await?;
        let router = platform.router(|routes| mount(routes, &platform, &roles))?;
        let served = axum::Router::new().fallback_service(router.clone());
        tokio::spawn(async move { axum::serve(listener, served).await });
        Ok(Self { platform, party, router, former: None })
    }

    /// The URL that a partner begins with.
    pub(crate) fn versions_url(&self) -> String {
        self.router.versions_url().to_string()
    }
}

fn mount(mut routes: Routes, platform: &Arc<OurPlatform>, roles: &[Role]) -> Routes {
    let objects = platform.objects();
    if roles.contains(&Role::Cpo) {
        routes = platform.mount_chargers(routes.cpo(objects), &Arc::new(Depot));
    }
    if roles.contains(&Role::Emsp) {
        routes = routes.emsp(objects).on::<PostCommandResult, _>(platform);
    }
    routes
}

async fn seed(platform: &OurPlatform, party: &Party, roles: &[Role]) -> Result<(), Failure> {
    if roles.contains(&Role::Cpo) {
        let locations: Result<Vec<Location>, _> =
            seeds::ids('L').map(|id| seeds::location(party, &id)).collect();
        platform.objects().put_all(locations?).await?;
    }
    if roles.contains(&Role::Emsp) {
        let tokens: Result<Vec<Token>, _> = seeds::ids('T').map(|uid| seeds::token(party, &uid)).collect();
        platform.objects().put_all(tokens?).await?;
    }
    Ok(())
}

fn credentials_role(role: &Role, party: &Party) -> Result<CredentialsRole, Failure> {
    let business_details = BusinessDetailsInit { name: "Interop".try_into()? }.into();
    let (country_code, party_id) = (party.country_code.clone(), party.party_id.clone());
    Ok(CredentialsRoleInit { role: role.clone(), business_details, party_id, country_code }.into())
}
