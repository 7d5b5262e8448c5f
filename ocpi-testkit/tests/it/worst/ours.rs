//! Our own platform, which meets the partner.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use ocpi_client::{Transport, TransportError};
use ocpi_platform::{Limits, Platform, Settings};
use ocpi_server_traits::Memory;
use ocpi_testkit::{SimulatedTime, WorstPartner, WorstTransport, parse_list, repeated_random, roles_json};
use ocpi_types::NonEmpty;
use ocpi_types::endpoint::Authorize;
use ocpi_types::observe::Observer;
use ocpi_types::v2_3_0::credentials::CredentialsRole;

/// Party that our platform speaks for.
pub(crate) const OUR: &str = "DE/EMP";

/// Our platform.
pub(crate) type Ours = Arc<Platform<Arc<Memory>, Tap>>;

/// Transport to the partner that remembers the secrets that went over it.
#[derive(Clone)]
pub(crate) struct Tap {
    to: WorstTransport,
    pub(crate) secrets: Arc<Mutex<BTreeSet<String>>>,
}

impl Tap {
    fn remember(&self, body: &[u8]) {
        let body = String::from_utf8_lossy(body);
        let tokens = body.split("\"token\":").skip(1).filter_map(|rest| rest.split('"').nth(1));
        // The token of a driver is an object.
        let tokens = tokens.filter(|token| token.len() > 15).map(str::to_owned);
        self.secrets.lock().expect("no panic").extend(tokens);
    }
}

impl Transport for Tap {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        self.remember(request.body());
        if let Some(header) = request.headers().get(http::header::AUTHORIZATION) {
            let header = header.to_str().expect("ASCII").trim_start_matches("Token ").to_owned();
            self.secrets.lock().expect("no panic").insert(header);
        }
        let answer = self.to.send(request).await?;
        self.remember(answer.body());
        Ok(answer)
    }
}

/// Opens our platform, both a CPO and an eMSP, and lets the partner call it back.
pub(crate) async fn open(partner: &WorstPartner, time: &SimulatedTime) -> (Ours, Tap) {
    open_observed(partner, time, Observer::default()).await
}

/// [`open`], with an observer.
pub(crate) async fn open_observed(
    partner: &WorstPartner,
    time: &SimulatedTime,
    observer: Observer,
) -> (Ours, Tap) {
    let roles: Vec<CredentialsRole> = parse_list(&roles_json(&[("EMSP", "DE", "EMP"), ("CPO", "DE", "EMP")]));
    let defaults = Settings::new("https://our.example/ocpi".parse().expect("a URL"), roles[0].clone());
    let settings = Settings {
        roles: NonEmpty::try_from(roles).expect("roles"),
        limits: Limits { credentials_per_minute: 1_000, ..Limits::default() },
        observer,
        clock: time.clock(),
        timer: time.timer(),
        secrets: repeated_random("our"),
        ..defaults
    };
    let tap = Tap { to: partner.transport(), secrets: Arc::default() };
    let platform = Platform::open(settings, Arc::new(Memory::new()), tap.clone()).await.expect("a platform");
    let platform = Arc::new(platform);
    let objects = platform.objects();
    let router = platform.router(|routes| {
        platform.mount_results(routes.cpo(objects).emsp(objects)).on::<Authorize, _>(&platform)
    });
    partner.connect(router.expect("a router"));
    (platform, tap)
}
