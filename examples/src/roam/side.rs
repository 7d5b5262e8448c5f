//! One platform: a server on a socket of its own, with a store of its own.

use std::sync::Arc;

use ocpi_platform::{Allow, Platform, Settings, UrlPolicy};
use ocpi_server_traits::{AnyStore, Router, RouterError, Routes};
use ocpi_types::Role;
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::credentials::{CredentialsRole, CredentialsRoleInit};
use ocpi_types::v2_3_0::locations::{BusinessDetailsInit, Location};
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{InterfaceRole, ModuleId};
use ocpi_types::{NonEmpty, Url, Version};

use super::Failure;
use super::serve::serve;
use super::wire::Counting;

/// The kind of platform that both sides are.
pub(super) type Roaming = Platform<AnyStore, Counting>;

/// One platform, running.
pub(super) struct Side {
    pub(super) platform: Arc<Roaming>,
    pub(super) router: Router,
    pub(super) transport: Counting,
}

impl Side {
    pub(super) fn url_of(
        &self,
        version: Version,
        module: &ModuleId,
        role: &InterfaceRole,
    ) -> Result<Url, Failure> {
        Ok(self.router.module_url(version, module, role).ok_or("the module is not mounted")?)
    }

    /// Its parties and its host, for the other side to expect.
    pub(super) fn allow(&self) -> Allow {
        let base = self.platform.base().as_str();
        let host = base.split('/').nth(2).unwrap_or_default();
        self.platform.parties().iter().cloned().fold(Allow::default().host(host), Allow::party)
    }

    pub(super) async fn locations(&self) -> Result<Vec<Location>, Failure> {
        Ok(self.platform.objects().all::<Location>().await?.objects)
    }

    /// Counts the objects that it keeps, of all kinds.
    pub(super) async fn objects(&self) -> Result<usize, Failure> {
        let objects = self.platform.objects();
        Ok(objects.all::<Location>().await?.objects.len()
            + objects.all::<Tariff>().await?.objects.len()
            + objects.all::<Session>().await?.objects.len()
            + objects.all::<Cdr>().await?.objects.len()
            + objects.all::<Token>().await?.objects.len())
    }
}

/// A platform that has a socket, but does not answer yet.
pub(super) struct Opening {
    pub(super) platform: Arc<Roaming>,
    listener: tokio::net::TcpListener,
    transport: Counting,
}

impl Opening {
    pub(super) async fn new(
        parties: &[Party],
        role: Role,
        name: &str,
        store: AnyStore,
        versions: Vec<Version>,
    ) -> Result<Self, Failure> {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let base = format!("http://127.0.0.1:{}/ocpi", listener.local_addr()?.port());
        let roles: Result<Vec<CredentialsRole>, Failure> = parties
            .iter()
            .map(|party| {
                let init = CredentialsRoleInit {
                    role: role.clone(),
                    business_details: BusinessDetailsInit { name: name.try_into()? }.into(),
                    party_id: party.party_id.clone(),
                    country_code: party.country_code.clone(),
                };
                Ok(init.into())
            })
            .collect();
        let roles = NonEmpty::try_from(roles?)?;
        let main = roles.first().cloned().ok_or("a platform speaks for a party")?;
        // Both sides are on this machine.
        let urls = UrlPolicy::Any;
        let defaults = Settings::new(base.as_str().try_into()?, main);
        let settings = Settings { roles, urls, versions, rate: None, ..defaults };
        let transport = Counting::new()?;
        let platform = Platform::open(settings, store, transport.clone()).await?;
        if !platform.partners().await?.is_empty() {
            return Err("the store holds the partners of another day: name an empty one with --store".into());
        }
        Ok(Self { platform: Arc::new(platform), listener, transport })
    }

    pub(super) fn serve(self, mount: impl Fn(&Arc<Roaming>, Routes) -> Routes) -> Result<Side, RouterError> {
        let Self { platform, listener, transport } = self;
        let router = platform.router(|routes| mount(&platform, routes))?;
        tokio::spawn(serve(listener, router.clone()));
        Ok(Side { platform, router, transport })
    }
}
