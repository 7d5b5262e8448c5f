//! Is an eMSP: registers, keeps copies right, and serves.

use std::path::Path;
use std::sync::Arc;

use ocpi_client::{Outbound, Reqwest};
use ocpi_platform::{Every, Platform, Settings, UrlPolicy};
use ocpi_server_traits::{Routes, storage::AnyStore};
use ocpi_testkit::{self as testkit, WorstPartner};
use ocpi_types::Role;
use ocpi_types::endpoint::Authorize;
use ocpi_types::v2_3_0::credentials::{CredentialsRole, CredentialsRoleInit};
use ocpi_types::v2_3_0::locations::{BusinessDetailsInit, Location};
use ocpi_types::v2_3_0::tariffs::Tariff;
use tokio::net::TcpListener;

use crate::Failure;

type Emsp = Arc<Platform<AnyStore, Reqwest>>;

async fn emsp(listener: TcpListener, file: &Path, cpo: &WorstPartner) -> Result<Emsp, Failure> {
    // [task]
    let role: CredentialsRole = CredentialsRoleInit {
        role: Role::Emsp,
        business_details: BusinessDetailsInit { name: "EM Power".try_into()? }.into(),
        party_id: "EMP".parse()?,
        country_code: "DE".parse()?,
    }
    .into();
    let base = format!("http://{}/ocpi", listener.local_addr()?).parse()?;
    let settings = Settings { urls: UrlPolicy::Any, ..Settings::new(base, role) };
    let http = Reqwest::new(Outbound::new().with_urls(UrlPolicy::Any))?;
    let store = ocpi_store::open(&format!("sqlite:{}", file.display())).await?;
    let emsp = Arc::new(Platform::open(settings, store, http).await?);
    let mount = |routes: Routes| routes.emsp(emsp.objects()).on::<Authorize, _>(&emsp);
    let router = emsp.router(|routes| emsp.mount_results(mount(routes)))?;
    let app = axum::Router::new().fallback_service(router);
    tokio::spawn(async move { axum::serve(listener, app).await });
    emsp.register("cpo", cpo.versions_url(), cpo.token_a(), cpo.allow()).await?;
    emsp.keep::<(Location, Tariff)>("cpo", Every::hour()).await?;
    // [end]
    Ok(emsp) // `emsp.run(shutdown)` keeps it alive
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emsp_registers_and_has_the_copies() {
    let cpo = testkit::cpo().seed_city(20).page_size(7).start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a socket");
    let emsp = emsp(listener, &folder.path().join("emsp.db"), &cpo).await.expect("an eMSP");
    let kept = emsp.keep_due().await.expect("a store");
    assert_eq!(kept.synced.len(), 2, "{kept:?}");
    assert!(kept.synced.iter().all(|(_, _, synced)| synced.is_ok()), "{kept:?}");
    let copies = emsp.objects().all::<Location>().await.expect("a store").objects;
    assert_eq!(copies.len(), 20);
    assert_eq!(emsp.objects().all::<Tariff>().await.expect("a store").objects.len(), 20);
}
