//! A CPO: a whole platform behind a socket.

use std::net::TcpListener;
use std::sync::Arc;

use ocpi_client::blocking::Blocking;
use ocpi_client::{Outbound, Ureq, UrlPolicy};
use ocpi_platform::{Allow, PartnerState, Platform, Settings};
use ocpi_server_traits::Memory;
use ocpi_testkit::{fixed_clock, location_json, parse, parse_list, party, roles_json};
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::v2_3_0::locations::Location;
use tokio::runtime::Runtime;

/// A CPO that speaks for `NL/ALF`, has a Location, and has invited `emsp` at a host.
pub(super) struct Cpo {
    platform: Arc<Platform<Memory, Blocking<Ureq>>>,
    runtime: Runtime,
    pub(super) versions: String,
    pub(super) token_a: String,
}

impl Cpo {
    pub(super) fn inviting(host: &str) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let base = format!("http://{}/ocpi", listener.local_addr().unwrap());
        let role = parse_list::<CredentialsRole>(&roles_json(&[("CPO", "NL", "ALF")])).remove(0);
        let settings = Settings {
            urls: UrlPolicy::Any,
            clock: fixed_clock(),
            ..Settings::new(base.parse().unwrap(), role)
        };
        let http = Blocking(Ureq::new(Outbound::new().with_urls(UrlPolicy::Any)).unwrap());
        let (platform, token_a) = runtime.block_on(async {
            let platform = Arc::new(Platform::open(settings, Memory::new(), http).await.unwrap());
            let location: Location = parse(&location_json("NL/ALF", "L1", "09:00:00"));
            platform.objects().put_all([location]).await.unwrap();
            let allow = Allow::default().host(host).party(party("DE/EMP"));
            let token_a = platform.invite("emsp", allow).await.unwrap();
            let router = platform.router(|routes| routes.cpo(platform.objects())).unwrap();
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            tokio::spawn(
                async move { axum::serve(listener, axum::Router::new().fallback_service(router)).await },
            );
            (platform, token_a)
        });
        let token_a = token_a.expose().to_owned();
        Self { platform, runtime, versions: format!("{base}/versions"), token_a }
    }

    /// State of the registration with the eMSP.
    pub(super) fn state(&self) -> PartnerState {
        self.runtime.block_on(self.platform.partner("emsp")).unwrap().unwrap().state
    }

    /// Host and port.
    pub(super) fn host(&self) -> &str {
        self.versions.split('/').nth(2).unwrap()
    }
}

/// An address of this machine that was free a moment ago.
pub(crate) fn free_address() -> String {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().to_string()
}
