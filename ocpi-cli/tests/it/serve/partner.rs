//! A partner of the sandbox: a whole platform behind a socket.

use std::sync::Arc;
use std::time::Duration;

use ocpi_client::{Outbound, Reqwest, UrlPolicy};
use ocpi_platform::{Allow, Permissions, Platform, Settings};
use ocpi_server_traits::{Memory, Published};
use ocpi_testkit::{Serving, Socket, parse_list, roles_json};
use ocpi_types::endpoint::{GetVersions, RootResource};
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::{CredentialsToken, Version};
use tokio::sync::mpsc;

use super::Sandbox;

/// Longest time for which something is waited for that has to come.
const LONG: Duration = Duration::from_secs(120);

/// Whoever registers with the sandbox.
pub(super) struct Partner {
    pub(super) platform: Arc<Platform<Memory, Reqwest>>,
    _serving: Serving,
}

impl Partner {
    /// Opens a platform that speaks these versions, and registers it. It lives from then on.
    pub(super) async fn register(sandbox: &Sandbox, role: &str, versions: &[Version]) -> Self {
        let socket = Socket::bind().await;
        let role_of: CredentialsRole = parse_list(&roles_json(&[(role, "DE", "EMP")])).remove(0);
        let settings = Settings {
            urls: UrlPolicy::Any,
            versions: versions.to_vec(),
            permissions: Permissions::default(),
            ..Settings::new(socket.base(), role_of)
        };
        let http = Reqwest::new(Outbound::new().with_urls(UrlPolicy::Any)).unwrap();
        let platform = Arc::new(Platform::open(settings, Memory::new(), http).await.unwrap());
        let router = platform.router(|routes| match role {
            "EMSP" => platform
                .mount_results(routes.emsp(platform.objects()))
                .on::<ocpi_types::endpoint::Authorize, _>(&platform),
            _ => routes.cpo(platform.objects()),
        });
        let serving = socket.serve(router.unwrap());
        let token = sandbox.text("token_a").parse().unwrap();
        let url = sandbox.text("versions_url").parse().unwrap();
        platform.register("sandbox", url, token, Allow::default()).await.unwrap();
        let status = platform.partner("sandbox").await.unwrap().unwrap();
        platform.approve(&status).await.unwrap();
        let living = Arc::clone(&platform);
        tokio::spawn(async move { living.run(std::future::pending()).await });
        Self { platform, _serving: serving }
    }

    /// The token by which the sandbox knows it.
    pub(super) async fn token(&self) -> String {
        let request = self.platform.client("sandbox").await.unwrap().request(&GetVersions).unwrap();
        let header = request.headers()[http::header::AUTHORIZATION].to_str().unwrap();
        CredentialsToken::candidates(header).remove(0).expose().to_owned()
    }

    /// Objects of a kind, as they are pushed or fetched from now on.
    pub(super) fn watch<R: Published + Clone>(&self, name: &str) -> Watch<R> {
        let (send, receive) = mpsc::unbounded_channel();
        self.platform.react::<R, _>(name, move |change| {
            let send = send.clone();
            async move {
                if let Some(now) = change.now {
                    let _ = send.send(now);
                }
                Ok(())
            }
        });
        Watch(receive)
    }
}

/// Objects as they change.
pub(super) struct Watch<R>(mpsc::UnboundedReceiver<R>);

impl<R: RootResource> Watch<R> {
    /// Waits for one of which something holds.
    pub(super) async fn until(&mut self, holds: impl Fn(&R) -> bool) -> R {
        let found = async {
            loop {
                let object = self.0.recv().await.unwrap();
                if holds(&object) {
                    return object;
                }
            }
        };
        tokio::time::timeout(LONG, found).await.expect("it has to come")
    }
}
