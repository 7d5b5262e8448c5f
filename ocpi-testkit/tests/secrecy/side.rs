//! A platform on a socket, of which everything is observed.

use std::sync::Arc;

use bytes::Bytes;
use ocpi_client::transport::AnyTransport;
use ocpi_client::{
    Outbound, Reqwest, Transport, TransportError, Ureq, UrlPolicy, blocking::BlockingTransport,
};
use ocpi_platform::{Allow, Limits, MessageLog, MessageQuery, Platform, Settings};
use ocpi_server_traits::{AnyStore, Permissions, Routes, Timer};
use ocpi_testkit::{Serving, Socket, fixed_clock, parse_list, party, roles_json};
use ocpi_types::endpoint::{Authorize, ClearChargingProfile, GetActiveChargingProfile, PutChargingProfile};
use ocpi_types::observe::{Metrics, Observer, Tracing};
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::{InterfaceRole, ModuleId, NonEmpty, Url, Version};

use crate::life::ChargePoints;
use crate::watch::Watch;

/// Ready transport that carries the requests.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Carrier {
    Reqwest,
    Ureq,
}

/// Makes a ready transport.
pub(crate) fn carry(carrier: Carrier, outbound: Outbound) -> AnyTransport {
    let outbound = outbound.with_urls(UrlPolicy::Any);
    match carrier {
        Carrier::Reqwest => AnyTransport::new(Reqwest::new(outbound).expect("an HTTP client")),
        Carrier::Ureq => {
            let ureq = Ureq::new(outbound).expect("an HTTP client");
            AnyTransport::new(ocpi_client::transport::from_fn(move |request| {
                let ureq = ureq.clone();
                let sent = tokio::task::spawn_blocking(move || ureq.send(request));
                async move { sent.await.expect("no panic") }
            }))
        }
    }
}

/// Transport that finds the secrets in the messages that it carries.
#[derive(Clone, Debug)]
pub(crate) struct Tapped {
    carrier: AnyTransport,
    watch: Watch,
}

impl Tapped {
    pub(crate) fn new(watch: &Watch, carrier: AnyTransport) -> Self {
        Self { carrier, watch: watch.clone() }
    }
}

impl Transport for Tapped {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        self.watch.message(request.body());
        let answer = self.carrier.send(request).await;
        match &answer {
            Ok(answer) => self.watch.message(answer.body()),
            Err(error) => self.watch.show_error(error),
        }
        answer
    }
}

pub(crate) type Ours = Arc<Platform<AnyStore, Tapped>>;

/// A platform on a socket.
pub(crate) struct Side {
    pub(crate) platform: Ours,
    pub(crate) versions_url: Url,
    pub(crate) carrier: AnyTransport,
    party: &'static str,
    _serving: Serving,
}

/// Observer that tells everybody everything.
pub(crate) fn observer() -> Observer {
    Observer::new((Tracing::new(), Metrics::described()))
}

impl Side {
    /// Opens a platform of a role, `CPO` or `EMSP`, for a party such as `NL/ALF`.
    pub(crate) async fn open(
        watch: &Watch,
        (role, of): (&str, &'static str),
        version: Version,
        carrier: Carrier,
        store: AnyStore,
    ) -> Self {
        let socket = Socket::bind().await;
        let (country, name) = of.split_once('/').expect("a party");
        let roles: Vec<CredentialsRole> = parse_list(&roles_json(&[(role, country, name)]));
        let defaults = Settings::new(socket.base(), roles[0].clone());
        let settings = Settings {
            roles: NonEmpty::try_from(roles).expect("roles"),
            versions: vec![version],
            urls: UrlPolicy::Any,
            permissions: Permissions::default().allow(ModuleId::ChargingProfiles, InterfaceRole::Receiver),
            limits: Limits { credentials_per_minute: 1_000, ..Limits::default() },
            observer: observer(),
            messages: MessageLog::all(),
            clock: fixed_clock(),
            timer: Timer::new(tokio::time::sleep),
            ..defaults
        };
        watch.show(&settings);
        let carrier = carry(carrier, Outbound::new());
        let tapped = Tapped::new(watch, carrier.clone());
        let platform = Arc::new(Platform::open(settings, store, tapped).await.expect("a platform"));
        let charge_points = Arc::new(ChargePoints(Arc::clone(&platform)));
        let router =
            platform.router(|routes| mount(&platform, role, &charge_points, routes)).expect("a router");
        let versions_url = router.versions_url();
        Self { platform, versions_url, carrier, party: of, _serving: socket.serve(router) }
    }

    /// Looks at all messages that it has logged.
    pub(crate) async fn look_at_messages(&self, watch: &Watch) {
        let messages = self.platform.messages();
        messages.flush().await;
        let (mut found, mut count) = (messages.find(MessageQuery::new()), 0);
        while let Some(message) = found.next().await {
            watch.success(message);
            count += 1;
        }
        assert!(count > 20, "the life of {} left {count} messages in the log", self.party);
    }

    /// Names its party and host, for a platform that lets it register.
    pub(crate) fn allow(&self) -> Allow {
        let host = self.versions_url.as_str().split('/').nth(2).expect("a host");
        Allow::default().host(host).party(party(self.party))
    }
}

fn mount(platform: &Ours, role: &str, charge_points: &Arc<ChargePoints>, routes: Routes) -> Routes {
    let objects = platform.objects();
    if role == "EMSP" {
        return platform.mount_results(routes.emsp(objects)).on::<Authorize, _>(platform);
    }
    let routes = routes.cpo(objects).commands(charge_points);
    if routes.version() < Version::V2_2 {
        return routes;
    }
    routes
        .on::<GetActiveChargingProfile, _>(charge_points)
        .on::<PutChargingProfile, _>(charge_points)
        .on::<ClearChargingProfile, _>(charge_points)
}
