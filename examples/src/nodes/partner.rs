//! The eMSP, which is told of everything by whichever node serves it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ocpi_client::{Outbound, Reqwest};
use ocpi_platform::{Allow, Platform, Settings, UrlPolicy};
use ocpi_server_traits::storage::Position;
use ocpi_server_traits::{Memory, Store};
use ocpi_types::Role;
use ocpi_types::observe::{Direction, Event, EventKind, Observe, Observer};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::credentials::{CredentialsRole, CredentialsRoleInit};
use ocpi_types::v2_3_0::locations::{BusinessDetailsInit, Location};

use super::node::statuses;
use crate::roam::{self, Failure};

/// Counts the CDRs that are sent to it.
#[derive(Default)]
struct Posts(AtomicUsize);

impl Observe for Posts {
    fn event(&self, event: &Event<'_>) {
        let is_cdr = event.exchange.direction == Direction::Inbound
            && event.exchange.method == Some(&http::Method::POST)
            && event.exchange.template.is_some_and(|template| template.contains("cdrs"));
        if is_cdr && matches!(event.kind, EventKind::RequestReceived) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The eMSP.
pub(super) struct Partner {
    platform: Arc<Platform<Arc<Memory>, Reqwest>>,
    store: Arc<Memory>,
    posts: Arc<Posts>,
}

impl Partner {
    pub(super) async fn start() -> Result<Self, Failure> {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let base = format!("http://{}/ocpi", listener.local_addr()?);
        let role: CredentialsRole = CredentialsRoleInit {
            role: Role::Emsp,
            business_details: BusinessDetailsInit { name: "EM Power".try_into()? }.into(),
            party_id: "EMP".parse()?,
            country_code: "DE".parse()?,
        }
        .into();
        let posts = Arc::new(Posts::default());
        let settings = Settings {
            urls: UrlPolicy::Any,
            rate: None,
            observer: Observer::new(Arc::clone(&posts)),
            ..Settings::new(base.parse()?, role)
        };
        let http = Reqwest::new(Outbound::new().with_urls(UrlPolicy::Any))?;
        let store = Arc::new(Memory::new());
        let platform = Arc::new(Platform::open(settings, Arc::clone(&store), http).await?);
        let objects = platform.objects();
        let router = platform.router(|routes| routes.emsp(objects))?;
        tokio::spawn(roam::serve(listener, router));
        Ok(Self { platform, store, posts })
    }

    /// The host at which it is.
    pub(super) fn host(&self) -> &str {
        self.platform.base().as_str().split('/').nth(2).unwrap_or_default()
    }

    pub(super) async fn register(&self, versions_url: &str, token: &str) -> Result<(), Failure> {
        let host = versions_url.split('/').nth(2).unwrap_or_default();
        let allow = Allow::default().party(Party::new("NL", "ALF")?).host(host);
        self.platform.register("cpo", versions_url.parse()?, token.parse()?, allow).await?;
        self.platform.pull::<Location>("cpo", |_, _| {}).await?;
        Ok(())
    }

    /// Waits until the status of every EVSE is that of the CPO.
    pub(super) async fn has_statuses(&self, expected: &str) -> Result<(), Failure> {
        self.has(async || Ok(statuses(&self.platform.objects().all::<Location>().await?.objects) == expected))
            .await
    }

    /// Waits until it has so many CDRs.
    pub(super) async fn has_cdrs(&self, expected: usize) -> Result<(), Failure> {
        self.has(async || Ok(self.platform.objects().all::<Cdr>().await?.objects.len() >= expected)).await
    }

    /// The CDRs that were sent to it, repeats included.
    pub(super) fn cdr_posts(&self) -> usize {
        self.posts.0.load(Ordering::Relaxed)
    }

    /// Waits until something is so, and looks whenever something changes.
    async fn has(&self, mut is_so: impl AsyncFnMut() -> Result<bool, Failure>) -> Result<(), Failure> {
        let mut seen = Position::START;
        while !is_so().await? {
            self.store.moved(seen, Duration::from_secs(1)).await;
            seen = self.store.changes(seen, 1_000).await?.upto;
        }
        Ok(())
    }
}
