//! A correct server with every module, which knows us.

use std::future::{Future, pending, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use ocpi_client::transport::{AnyTransport, from_fn};
use ocpi_client::{Reqwest, Transport};
use ocpi_conformance::{Inbox, Report, Suite};
use ocpi_platform::{
    Allow, Authorization, Authorizer, ChargerRequest, Chargers, Limits, Permissions, Platform, Settings,
    SmartCharging, Spawn, UrlPolicy,
};
use ocpi_server_traits::{AnyStore, Error, Router};
use ocpi_testkit::{
    Network, PlatformSetup, cdr_json, counted_random, fixed_clock, location_json, parse, parse_list, party,
    roles_json, session_json, tariff_json, token_json,
};
use ocpi_types::endpoint::GetVersions;
use ocpi_types::v2_3_0::bookings::{Booking, BookingLocation};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::charging_profiles::{
    ActiveChargingProfileResult, ChargingProfile, ChargingProfileResult, ChargingProfileResultType,
    ClearProfileResult,
};
use ocpi_types::v2_3_0::commands::{
    CancelReservation, CommandResult, CommandResultType, ReserveNow, StartSession, StopSession,
    UnlockConnector,
};
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::v2_3_0::hub_client_info::ClientInfo;
use ocpi_types::v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::payments::{FinancialAdviceConfirmation, Terminal};
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::{LocationReferences, Token};
use ocpi_types::{CredentialsToken, InterfaceRole, ModuleId, NonEmpty, Role, Timer, Url, Version};

/// Objects of each kind.
const COUNT: usize = 7;

/// Whoever charges here.
struct Application;

macro_rules! accepting {
    ($($name:ident($command:ty),)+) => {
        impl Chargers for Application { $(
            async fn $name(&self, _: $command, _: &ChargerRequest) -> Result<CommandResult, Error> {
                Ok(CommandResultType::Accepted.into())
            }
        )+ }
    };
}

accepting! {
    start_session(StartSession),
    stop_session(StopSession),
    reserve_now(ReserveNow),
    cancel_reservation(CancelReservation),
    unlock_connector(UnlockConnector),
}

impl SmartCharging for Application {
    async fn set_profile(
        &self,
        _: ChargingProfile,
        _: &ChargerRequest,
    ) -> Result<ChargingProfileResult, Error> {
        Ok(ChargingProfileResultType::Accepted.into())
    }

    async fn active_profile(&self, _: i64, _: &ChargerRequest) -> Result<ActiveChargingProfileResult, Error> {
        Ok(ChargingProfileResultType::Unknown.into())
    }

    async fn clear_profile(&self, _: &ChargerRequest) -> Result<ClearProfileResult, Error> {
        Ok(ChargingProfileResultType::Unknown.into())
    }
}

impl Authorizer for Application {
    fn authorize(
        &self,
        _: &Token,
        _: Option<&LocationReferences>,
    ) -> impl Future<Output = Result<Authorization, Error>> + Send {
        ready(Ok(Authorization::allowed()))
    }
}

/// A correct server, and the token by which it knows `DE/EMP`.
pub(crate) struct Server {
    pub(crate) router: Router,
    pub(crate) versions_url: Url,
    pub(crate) token: CredentialsToken,
    pub(crate) network: Network,
    pub(crate) platform: Opened,
    work: Work,
}

/// Work that the server does in the background: it goes on while the suite waits.
#[derive(Clone, Default)]
struct Work(Arc<Mutex<Vec<Task>>>);

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Work {
    fn spawn(&self) -> Spawn {
        let work = self.0.clone();
        Spawn::new(move |more| work.lock().expect("nobody panicked").push(more))
    }

    /// A timer by which this work is done in the place of waiting.
    fn timer(&self) -> Timer {
        let work = self.0.clone();
        Timer::new(move |_| {
            let all = std::mem::take(&mut *work.lock().expect("nobody panicked"));
            async move {
                for one in all {
                    one.await;
                }
            }
        })
    }
}

/// A timer of the server: pauses are over at once, deadlines never come.
fn no_deadlines() -> Timer {
    Timer::new(|time| async move {
        if time > Duration::from_secs(1) {
            pending::<()>().await;
        }
    })
}

impl Server {
    /// Opens one of these versions in a network without sockets.
    pub(crate) async fn open(versions: &[Version], store: AnyStore) -> Self {
        let network = Network::default();
        let mut server = Self::invited(versions, store, &network).await;
        let partner = PlatformSetup { versions: versions.to_vec(), ..PlatformSetup::emsp() }.open(&network);
        let expected = Allow::default().party(party("NL/ALF")).host("server.example");
        let (url, token_a) = (server.versions_url.clone(), server.token.clone());
        partner.platform.register("server", url, token_a, expected).await.expect("a registration");
        let client = partner.platform.client("server").await.expect("a partner");
        let request = client.request(&GetVersions).expect("a request");
        let header = request.headers()[http::header::AUTHORIZATION].to_str().expect("a text").to_owned();
        let mut forms = CredentialsToken::candidates(&header).into_iter();
        let token =
            if versions.iter().all(|it| *it < Version::V2_2) { forms.next_back() } else { forms.next() };
        server.token = token.expect("a token");
        server
    }

    /// Opens it without a partner: the token is a token A for `DE/EMP`.
    pub(crate) async fn invited(versions: &[Version], store: AnyStore, network: &Network) -> Self {
        let base = "https://server.example/ocpi".parse().expect("a URL");
        let work = Work::default();
        let roles: Vec<CredentialsRole> =
            parse_list(&roles_json(&[("CPO", "NL", "ALF"), ("EMSP", "NL", "ALF")]));
        let settings = Settings {
            versions: versions.to_vec(),
            urls: UrlPolicy::Any,
            permissions: everything(),
            clock: fixed_clock(),
            timer: no_deadlines(),
            spawn: work.spawn(),
            limits: Limits { credentials_per_minute: 1_000, ..Limits::default() },
            secrets: counted_random("server"),
            roles: NonEmpty::try_from(roles.clone()).expect("roles"),
            ..Settings::new(base, roles[0].clone())
        };
        let platform = Arc::new(
            Platform::open(settings, store, AnyTransport::new(network.clone())).await.expect("a platform"),
        );
        let router = mounted(&platform);
        network.add_router("server.example", router.clone());
        let token = platform.invite("emsp", allowed()).await.expect("an invitation");
        seed(&platform).await;
        let versions_url = router.versions_url();
        Self { router, versions_url, token, network: network.clone(), platform, work }
    }

    /// A new token A, after unregistration.
    pub(crate) async fn invite_again(&self) -> CredentialsToken {
        self.platform.invite("emsp", allowed()).await.expect("an invitation")
    }

    /// An inbox in the place of the partner.
    pub(crate) fn inbox(&self) -> Inbox {
        let inbox = Inbox::new("https://emsp.example/ocpi".parse().expect("a URL"));
        let answers = inbox.clone();
        self.network.add_host("emsp.example", move |request| answers.handle(request));
        inbox
    }

    /// The suite against this server, over this transport.
    pub(crate) fn suite(&self, version: Version, over: impl Transport + 'static) -> Suite {
        let suite = Suite::new(self.versions_url.clone(), self.token.clone(), over).version(version);
        suite.party(party("DE/EMP")).time(fixed_clock(), self.work.timer())
    }

    /// Runs the suite.
    pub(crate) async fn check(&self, version: Version) -> Report {
        self.check_over(version, self.network.clone()).await
    }

    /// Runs the suite over another transport.
    pub(crate) async fn check_over(&self, version: Version, over: impl Transport + 'static) -> Report {
        self.suite(version, over).run().await
    }

    /// A transport to the server as if it had the base of a socket: that of the URLs in its answers.
    pub(crate) fn through(&self, origin: &str, http: Reqwest) -> impl Transport + 'static {
        let (origin, http) = (origin.to_owned(), Arc::new(http));
        from_fn(move |mut request: http::Request<Bytes>| {
            let path = request.uri().path_and_query().map_or("/", |it| it.as_str());
            let uri = format!("{origin}{path}").parse().expect("a URL");
            *request.uri_mut() = uri;
            let http = Arc::clone(&http);
            async move { http.send(request).await }
        })
    }
}

/// Both roles: of 2.1.1 nobody knows which one a partner has.
fn allowed() -> Allow {
    Allow::default().party(party("DE/EMP")).host("emsp.example").role(Role::Cpo).role(Role::Emsp)
}

fn everything() -> Permissions {
    let modules = [
        ModuleId::Locations,
        ModuleId::Tariffs,
        ModuleId::Sessions,
        ModuleId::Cdrs,
        ModuleId::Tokens,
        ModuleId::Commands,
        ModuleId::ChargingProfiles,
        ModuleId::HubClientInfo,
        ModuleId::InvoiceReconciliation,
        ModuleId::Payments,
        ModuleId::Bookings,
    ];
    modules.into_iter().fold(Permissions::default(), |all, module| {
        all.allow(module.clone(), InterfaceRole::Sender).allow(module, InterfaceRole::Receiver)
    })
}

type Opened = Arc<Platform<AnyStore, AnyTransport>>;

fn mounted(platform: &Opened) -> Router {
    let application = Arc::new(Application);
    let (hub, payments) = (Arc::new(platform.hub_clients()), Arc::new(platform.payments(())));
    let bookings = Arc::new(platform.bookings(()));
    let router = platform.router(|routes| {
        let objects = platform.objects();
        let routes = platform.mount_cpo(routes, &application);
        let routes = if routes.version() < Version::V2_2 {
            routes
        } else {
            platform.mount_smart_charging(routes, &application)
        };
        let routes = platform.mount_emsp(routes, &application);
        if routes.version() < Version::V2_2 {
            return routes;
        }
        let routes = routes.sender::<ClientInfo>(&hub).receiver::<ClientInfo>(&hub);
        if routes.version() < Version::V2_3_0 {
            return routes;
        }
        routes
            .sender::<Terminal>(&payments)
            .receiver::<Terminal>(&payments)
            .sender::<FinancialAdviceConfirmation>(&payments)
            .receiver::<FinancialAdviceConfirmation>(&payments)
            .sender::<InvoiceReconciliationRecord>(objects)
            .receiver::<InvoiceReconciliationRecord>(objects)
            .bookings(objects, &bookings)
            .receiver::<Booking>(objects)
            .receiver::<BookingLocation>(objects)
    });
    router.expect("a router")
}

/// Objects of each kind, updated one second after the other.
async fn seed(platform: &Opened) {
    let objects = platform.objects();
    let numbers = || (1..=COUNT).map(|number| (number, format!("09:00:0{number}")));
    let own = "NL/ALF";
    objects
        .put_all(
            numbers().map(|(n, at)| {
                parse::<Location>(&with_postal_code(&location_json(own, &format!("L{n}"), &at)))
            }),
        )
        .await
        .expect("a store");
    objects
        .put_all(numbers().map(|(n, at)| parse::<Tariff>(&tariff_json(own, &format!("T{n}"), &at))))
        .await
        .expect("a store");
    objects
        .put_all(numbers().map(|(n, at)| parse::<Session>(&session_json(own, &format!("S{n}"), &at))))
        .await
        .expect("a store");
    objects
        .put_all(
            numbers().map(|(n, at)| parse::<Cdr>(&with_postal_code(&cdr_json(own, &format!("C{n}"), &at)))),
        )
        .await
        .expect("a store");
    objects
        .put_all(numbers().map(|(n, at)| parse::<Token>(&token_json(own, &format!("CARD-{n}"), &at))))
        .await
        .expect("a store");
    let record = |(n, at): (usize, String)| {
        parse::<InvoiceReconciliationRecord>(&format!(
            r#"{{"country_code": "NL", "party_id": "ALF", "id": "R{n}", "invoice_id": "I{n}", "cdrs": ["C{n}"],
            "last_updated": "2026-11-22T{at}Z"}}"#
        ))
    };
    for record in numbers().map(record) {
        let emsp = Some(party("DE/EMP"));
        objects.publish_for(record, emsp, Vec::new(), true).await.expect("a store");
    }
    let offer = |(n, at): (usize, String)| {
        parse::<BookingLocation>(&format!(
            r#"{{"country_code": "NL", "party_id": "ALF", "id": "B{n}", "location_id": "L{n}",
            "booking_terms": {{"supported_access_methods": ["OPEN"], "change_until_minutes": 60,
                "cancel_until_minutes": 60}}, "calendars": [{{"id": "K1", "begin_from": "2026-12-01T13:00:00Z", "end_before": "2026-12-01T20:00:00Z",
                "available_timeslots": [{{"start_date_time": "2026-12-01T13:00:00Z",
                    "end_date_time": "2026-12-01T20:00:00Z"}}], "last_updated": "2026-11-22T09:00:00Z"}}],
            "last_updated": "2026-11-22T{at}Z"}}"#
        ))
    };
    objects.put_all(numbers().map(offer)).await.expect("a store");
    let (hub, payments) = (platform.hub_clients(), platform.payments(()));
    let emsp = "emsp".parse().expect("an id");
    for (n, at) in numbers() {
        let client = format!(
            r#"{{"country_code": "FR", "party_id": "AA{n}", "role": "CPO", "status": "CONNECTED",
            "last_updated": "2026-11-22T{at}Z"}}"#
        );
        hub.set(parse(&client)).await.expect("a store");
        let terminal = format!(r#"{{"terminal_id": "P{n}", "last_updated": "2026-11-22T{at}Z"}}"#);
        payments.set_terminal(&emsp, parse(&terminal)).await.expect("a store");
        let confirmation = format!(
            r#"{{"id": "F{n}", "authorization_reference": "A{n}", "total_costs": {{"before_taxes": 4.5}},
            "currency": "EUR", "eft_data": ["line"], "capture_status_code": "SUCCESS",
            "last_updated": "2026-11-22T{at}Z"}}"#
        );
        payments.set_confirmation(&emsp, parse(&confirmation)).await.expect("a store");
    }
}

/// 2.1.1 demands one.
fn with_postal_code(json: &str) -> String {
    json.replace(r#""city": "Utrecht""#, r#""city": "Utrecht", "postal_code": "3511 CE""#)
}
