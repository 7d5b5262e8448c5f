//! Our own platform on a store.

use std::net::SocketAddr;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use ocpi_platform::{Platform, Settings};
use ocpi_server_traits::storage::{Address, NewDocument, StoreExt, UpdateError};
use ocpi_server_traits::{AnyStore, Routes, Store};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::credentials::{CredentialsRole, CredentialsRoleInit};
use ocpi_types::v2_3_0::locations::{BusinessDetailsInit, Location};
use ocpi_types::{Clock, NonEmpty, Role, Text, Url};
use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;

use crate::remote::{Failure, Http, Reach, parsers};

/// Our platform.
pub(crate) type OwnPlatform = Platform<AnyStore, Http>;

#[derive(Debug, Args)]
pub(crate) struct Own {
    /// The store of our platform: sqlite:FILE, postgres://… or memory: (gone at the end of the run)
    #[arg(long, value_name = "URL")]
    store: String,
    /// Our party, such as DE/EMP [default: as in the last run with this store]
    #[arg(long, value_name = "PARTY", value_parser = parsers::party)]
    party: Option<Party>,
    /// Our role [default: as in the last run with this store]
    #[arg(long, value_enum, ignore_case = true)]
    role: Option<OwnRole>,
    /// Our name, as partners read it [default: as in the last run with this store, else the party]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The URL that all our URLs begin with, as partners reach it [default: as in the last run with this store, else at the address
    /// that we listen at]
    #[arg(long, value_name = "URL", value_parser = parsers::url)]
    base_url: Option<Url>,
    #[command(flatten)]
    reach: Reach,
    /// Roles beside the first one.
    #[arg(skip)]
    also: Vec<OwnRole>,
}

/// Role of our platform.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ValueEnum)]
#[serde(rename_all = "UPPERCASE")]
#[value(rename_all = "UPPER")]
pub(crate) enum OwnRole {
    Cpo,
    Emsp,
    Hub,
    Nsp,
}

impl From<OwnRole> for Role {
    fn from(role: OwnRole) -> Self {
        match role {
            OwnRole::Cpo => Self::Cpo,
            OwnRole::Emsp => Self::Emsp,
            OwnRole::Hub => Self::Hub,
            OwnRole::Nsp => Self::Nsp,
        }
    }
}

/// Settings that a store keeps of the last run.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct Remembered {
    party: String,
    role: OwnRole,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    also: Vec<OwnRole>,
    name: String,
    base_url: String,
    /// Whether the base URL is only the address at which we listened: another address makes another one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_address: bool,
}

/// Format of the document with it.
const FORMAT: &str = "ocpi-cli/1";

/// Runtime for stores and the server. Requests to partners block the thread that runs the verb, not those of the server.
///
/// # Errors
/// When the operating system gives no threads.
pub(crate) fn runtime() -> Result<Runtime, Failure> {
    let built = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    built.map_err(|error| Failure::unreadable("the runtime", error))
}

impl Own {
    /// As the store knows it, with nothing given.
    pub(crate) fn of_store(store: &str, reach: Reach) -> Self {
        let (store, also) = (store.to_owned(), Vec::new());
        Self { store, party: None, role: None, name: None, base_url: None, reach, also }
    }

    /// A platform with several roles, the first one first.
    pub(crate) fn with_roles(self, roles: &[OwnRole]) -> Self {
        let (role, also) = (roles.first().copied(), roles.get(1..).unwrap_or_default().to_vec());
        Self { role, also, ..self }
    }

    /// With a party, a name and a base URL, as far as they are given.
    pub(crate) fn with_identity(
        self,
        party: Option<Party>,
        name: Option<String>,
        base_url: Option<Url>,
    ) -> Self {
        Self { party, name, base_url, ..self }
    }

    /// Opens our platform. `named` is the URL of a partner that the user wrote, `listening` the address at which we listen:
    /// without a base URL it stands in it.
    ///
    /// # Errors
    /// When the store cannot be opened, or it is not known who we are.
    pub(crate) async fn open(
        &self,
        named: Option<&Url>,
        listening: Option<SocketAddr>,
    ) -> Result<(Arc<OwnPlatform>, OwnRole), Failure> {
        let (store, settings, role) = self.prepare(listening, None).await?;
        let platform = Platform::open(settings, store, self.reach.transport(named)?).await?;
        Ok((Arc::new(platform), role))
    }

    /// Opens the store, and says with which settings our platform is to be opened on it. `usual` is the party if none is named
    /// or known.
    ///
    /// # Errors
    /// As [`Own::open`].
    pub(crate) async fn prepare(
        &self,
        listening: Option<SocketAddr>,
        usual: Option<&str>,
    ) -> Result<(AnyStore, Settings, OwnRole), Failure> {
        let store =
            ocpi_store::open(&self.store).await.map_err(|error| Failure::unreadable("the store", error))?;
        let before = remembered(&store).await?;
        let now = self.merged(before.as_ref(), listening, usual)?;
        let settings = self.settings(&now)?;
        if before.as_ref() != Some(&now) {
            remember(&store, &now).await?;
        }
        Ok((store, settings, now.role))
    }

    /// Reads the URL of a partner's versions from the store, for [`Own::open`]: the port of its host is good.
    ///
    /// # Errors
    /// As [`Own::open`].
    pub(crate) async fn versions_url_of(&self, partner: &str) -> Result<Option<Url>, Failure> {
        let (platform, _) = self.open(None, None).await?;
        Ok(platform.partner(partner).await?.and_then(|partner| partner.versions_url))
    }

    /// Takes the settings that are given now, else those of the last run.
    fn merged(
        &self,
        before: Option<&Remembered>,
        listening: Option<SocketAddr>,
        usual: Option<&str>,
    ) -> Result<Remembered, Failure> {
        let missing = |flag: &str| {
            Failure::Usage(format!("the store does not know our platform yet: tell it with {flag}"))
        };
        let party = self.party.as_ref().map(Party::canonical);
        let known = |of: fn(&Remembered) -> &String| before.map(of).cloned();
        let is_address = before.is_some_and(|before| before.is_address);
        let is_same = party.is_none() || party.as_ref() == before.map(|before| &before.party);
        let party = party.or_else(|| known(|before| &before.party)).or_else(|| usual.map(str::to_owned));
        let party = party.ok_or_else(|| missing("--party"))?;
        let also =
            if self.role.is_some() { Some(self.also.clone()) } else { before.map(|it| it.also.clone()) };
        let role = self.role.or(before.map(|before| before.role)).ok_or_else(|| missing("--role"))?;
        let told = self.base_url.as_ref().map(|url| url.as_str().to_owned());
        let told = told.or_else(|| known(|before| &before.base_url).filter(|_| !is_address));
        let is_address = told.is_none();
        let base_url = match (told, listening) {
            (Some(told), _) => told,
            (None, Some(address)) => base_at(address)?,
            (None, None) => known(|before| &before.base_url).ok_or_else(|| missing("--base-url"))?,
        };
        let name = self.name.clone().or_else(|| known(|before| &before.name).filter(|_| is_same));
        let also = also.unwrap_or_default();
        let name = name.unwrap_or_else(|| party.clone());
        Ok(Remembered { name, party, role, also, base_url, is_address })
    }

    fn settings(&self, now: &Remembered) -> Result<Settings, Failure> {
        let usage = |what: &str, why: String| Failure::Usage(format!("{what}: {why}"));
        let party = parsers::party(&now.party).map_err(|why| usage("the party", why))?;
        let base = parsers::url(&now.base_url).map_err(|why| usage("the base URL", why))?;
        let name: Text<100> =
            now.name.parse().map_err(|_| usage("the name", "it has 1 to 100 characters".to_owned()))?;
        let of = |role: OwnRole| -> CredentialsRole {
            let init = CredentialsRoleInit {
                role: role.into(),
                business_details: BusinessDetailsInit { name: name.clone() }.into(),
                party_id: party.party_id.clone(),
                country_code: party.country_code.clone(),
            };
            init.into()
        };
        let settings = Settings { urls: self.reach.urls(), ..Settings::new(base, of(now.role)) };
        let roles = std::iter::once(now.role).chain(now.also.iter().copied()).map(of).collect::<Vec<_>>();
        Ok(match NonEmpty::try_from(roles) {
            Ok(roles) => Settings { roles, ..settings },
            Err(_) => settings,
        })
    }
}

/// The base URL at an address, for partners on the same network.
///
/// # Errors
/// When the address is any of the machine: nobody reaches that.
pub(crate) fn base_at(address: SocketAddr) -> Result<String, Failure> {
    if address.ip().is_unspecified() {
        let ip = address.ip();
        let why = format!("partners cannot reach {ip}: tell the URL at which they reach us with --base-url");
        return Err(Failure::Usage(why));
    }
    Ok(format!("http://{address}/ocpi"))
}

/// Mounts the modules of a role, for the version details that partners see.
pub(crate) fn mount(platform: &OwnPlatform, role: OwnRole, routes: Routes) -> Routes {
    let objects = platform.objects();
    match role {
        OwnRole::Cpo => routes.cpo(objects),
        OwnRole::Emsp => routes.emsp(objects),
        OwnRole::Hub => routes.cpo(objects).emsp(objects),
        OwnRole::Nsp => routes.receiver::<Location>(objects),
    }
}

fn address() -> Address {
    Address::new("ocpi-cli", "", "own")
}

async fn remembered(store: &AnyStore) -> Result<Option<Remembered>, Failure> {
    let documents =
        store.read(&[address()]).await.map_err(|error| Failure::unreadable("the store", error))?;
    let document = documents.into_iter().flatten().next().filter(|document| document.format == FORMAT);
    Ok(document.and_then(|document| serde_json::from_slice(&document.body).ok()))
}

async fn remember(store: &AnyStore, own: &Remembered) -> Result<(), Failure> {
    let document = NewDocument::new(serde_json::to_vec(own)?, FORMAT, Clock::system().now());
    let written = store
        .update::<(), std::convert::Infallible>(vec![address()], move |transaction| {
            transaction.put(&address(), document.clone())?;
            Ok(())
        })
        .await;
    written.map_err(|error: UpdateError<_>| Failure::unreadable("the store", error))
}
