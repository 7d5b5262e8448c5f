//! The two platforms: each a server on a socket of its own, with a SQLite file of its own.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use ocpi_client::Transport;
use ocpi_platform::{Platform, Settings, UrlPolicy};
use ocpi_server_traits::{Locations, Router, Routes};
use ocpi_store::Sqlite;
use ocpi_types::convert::{Found, OfKind, Relation};
use ocpi_types::endpoint::{Authorize, GetCdr, PostCdr, PostCommandResult};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::commands::{
    CancelReservation, ReserveNow, StartSession, StopSession, UnlockConnector,
};
use ocpi_types::v2_3_0::credentials::{CredentialsRole, CredentialsRoleInit};
use ocpi_types::v2_3_0::locations::{BusinessDetailsInit, Connector, Evse, Location};
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{CredentialsToken, InterfaceRole, ModuleId, NonEmpty, Role, Url, Version};
use serde_json::json;

use super::Failure;
use super::chargers::Chargers;
use super::crossing::ConversionReport;
use super::feed::Feed;
use super::report::Details;
use super::wire::{Counting, Counts};

/// The kind of platform that both sides are.
pub(super) type Roaming = Platform<Sqlite, Counting>;

/// One platform, running.
pub(super) struct Side {
    pub(super) platform: Arc<Roaming>,
    pub(super) router: Router,
    pub(super) transport: Counting,
}

/// Both platforms, and the chargers of the CPO.
pub(super) struct World {
    pub(super) cpo: Side,
    pub(super) emsp: Side,
    pub(super) chargers: Arc<Chargers>,
    crossing: ConversionReport,
    relation: Relation,
}

/// The eMSP's party.
pub(super) fn emsp_party() -> Result<Party, Failure> {
    Ok(Party::new("DE", "EMP")?)
}

impl World {
    /// Starts both servers on 127.0.0.1, at ports that the system chooses.
    pub(super) async fn start(folder: &Path, feed: &Feed, cpo_version: Version) -> Result<Self, Failure> {
        let (file, versions) = (folder.join("cpo.sqlite"), vec![cpo_version]);
        let cpo = Opening::new(&feed.parties, Role::Cpo, "Alfa Laden", &file, versions).await?;
        let chargers = Arc::new(Chargers::new(Arc::clone(&cpo.platform)));
        let cpo = cpo.serve(|platform, routes| cpo_routes(platform, &chargers, routes));
        let (file, versions) = (folder.join("emsp.sqlite"), Version::ALL.to_vec());
        let emsp = Opening::new(&[emsp_party()?], Role::Emsp, "EM Power", &file, versions).await?;
        let emsp = emsp.serve(emsp_routes);
        let crossing = ConversionReport { version: cpo_version };
        let relation = Relation::of(Role::Cpo, feed.parties.first().cloned(), Some(emsp_party()?));
        Ok(Self { cpo, emsp, chargers, crossing, relation })
    }

    /// Returns an object of the CPO as the eMSP sees it.
    pub(super) fn seen_by_emsp<T: OfKind>(&self, object: T) -> Result<T, Failure> {
        self.crossing.seen(object, &self.relation)
    }

    /// Returns an object of the eMSP as the CPO sees it.
    pub(super) fn seen_by_cpo<T: OfKind>(&self, object: T) -> Result<T, Failure> {
        self.crossing.seen(object, &self.relation)
    }

    /// Returns a Session as the eMSP sees it: in 2.1.1 it embeds its Location.
    pub(super) async fn session_seen_by_emsp(&self, session: Session) -> Result<Session, Failure> {
        let mut found = Found::default();
        if let Some(at) = session.embeds() {
            let location = self.cpo.platform.objects().location(&at).await;
            found.add(at, location.ok_or("the CPO does not know the location")?);
        }
        self.crossing.seen_with(session, &self.relation, &found)
    }

    /// Asks the CPO for its locations with this token; returns the status of HTTP.
    pub(super) async fn stranger_asks(&self, token: &CredentialsToken) -> Result<http::StatusCode, Failure> {
        let url = self.cpo.url_of(self.crossing.version, &ModuleId::Locations, &InterfaceRole::Sender);
        let request = http::Request::get(url.as_str()).header("Authorization", token.to_header(true));
        Ok(self.emsp.transport.send(request.body(Bytes::new())?).await?.status())
    }

    /// Sums up the traffic between the two sides.
    pub(super) async fn summary(&self) -> Result<Details, Failure> {
        let (to_emsp, to_cpo) = (self.cpo.transport.counts(), self.emsp.transport.counts());
        let objects = self.emsp.objects().await?;
        let line = |counts: Counts| {
            format!("{} requests, {} bytes there, {} back", counts.requests, counts.sent, counts.received)
        };
        let text = format!(
            "CPO to eMSP: {}; eMSP to CPO: {}; the eMSP keeps {objects} objects",
            line(to_emsp),
            line(to_cpo)
        );
        let data = |counts: Counts| json!({ "requests": counts.requests, "bytes_sent": counts.sent, "bytes_received": counts.received });
        Ok(Details::new(
            text,
            json!({ "cpo_to_emsp": data(to_emsp), "emsp_to_cpo": data(to_cpo), "objects_at_emsp": objects }),
        ))
    }
}

impl Side {
    pub(super) fn url_of(&self, version: Version, module: &ModuleId, role: &InterfaceRole) -> Url {
        Router::module_url(self.platform.base(), version, module, role)
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
struct Opening {
    platform: Arc<Roaming>,
    listener: tokio::net::TcpListener,
    transport: Counting,
}

impl Opening {
    async fn new(
        parties: &[Party],
        role: Role,
        name: &str,
        file: &Path,
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
        let settings = Settings { roles, urls, versions, ..Settings::new(base.as_str().try_into()?, main) };
        let transport = Counting::new()?;
        let platform = Platform::open(settings, Sqlite::open(file)?, transport.clone()).await?;
        Ok(Self { platform: Arc::new(platform), listener, transport })
    }

    fn serve(self, mount: impl Fn(&Arc<Roaming>, Routes) -> Routes) -> Side {
        let Self { platform, listener, transport } = self;
        let router = platform.router(|routes| mount(&platform, routes));
        let app = axum::Router::new().fallback_service(router.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Side { platform, router, transport }
    }
}

fn cpo_routes(cpo: &Arc<Roaming>, chargers: &Arc<Chargers>, routes: Routes) -> Routes {
    let objects = cpo.objects();
    routes
        .send::<Location, _>(objects)
        .lookup::<Location, _>(objects)
        .lookup::<Evse, _>(objects)
        .lookup::<Connector, _>(objects)
        .send::<Tariff, _>(objects)
        .send::<Session, _>(objects)
        .send::<Cdr, _>(objects)
        .receive::<Token, _>(objects)
        .patch::<Token, _>(objects)
        .on::<ReserveNow, _>(chargers)
        .on::<CancelReservation, _>(chargers)
        .on::<StartSession, _>(chargers)
        .on::<StopSession, _>(chargers)
        .on::<UnlockConnector, _>(chargers)
}

fn emsp_routes(emsp: &Arc<Roaming>, routes: Routes) -> Routes {
    let objects = emsp.objects();
    routes
        .receive::<Location, _>(objects)
        .patch::<Location, _>(objects)
        .receive::<Evse, _>(objects)
        .patch::<Evse, _>(objects)
        .receive::<Connector, _>(objects)
        .patch::<Connector, _>(objects)
        .receive::<Tariff, _>(objects)
        .delete::<Tariff, _>(objects)
        .receive::<Session, _>(objects)
        .patch::<Session, _>(objects)
        .on::<PostCdr<Cdr>, _>(objects)
        .on::<GetCdr<Cdr>, _>(objects)
        .send::<Token, _>(objects)
        .on::<Authorize, _>(emsp)
        .on::<PostCommandResult, _>(emsp)
}
