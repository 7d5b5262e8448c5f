//! Syncs on a database: what was reached outlives the process.

use std::path::Path;
use std::sync::Arc;

use ocpi_client::Retry;
use ocpi_platform::{Every, Platform, Settings, SyncOptions};
use ocpi_server_traits::AnyStore;
use ocpi_testkit::{
    Network, PlatformSetup, TestPlatform, counted_random, fixed_clock, parse_list, respond, roles_json,
    tariff_json,
};
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::v2_3_0::tariffs::Tariff;
use pollster::block_on;

type OnDatabase = Platform<AnyStore, Network>;

/// A process on the database, in the network.
fn open(path: &Path, network: &Network, process: &'static str) -> Arc<OnDatabase> {
    let roles: Vec<CredentialsRole> = parse_list(&roles_json(&[("EMSP", "DE", "EMP")]));
    let base = "https://emsp.example/ocpi".parse().expect("a URL");
    let settings = Settings {
        clock: fixed_clock(),
        secrets: counted_random(process),
        retry: Retry::NEVER,
        rate: None,
        ..Settings::new(base, roles[0].clone())
    };
    let store = block_on(ocpi_store::open(&format!("sqlite:{}", path.display()))).expect("a database");
    let platform = Arc::new(block_on(Platform::open(settings, store, network.clone())).expect("a platform"));
    let router = platform.router(|routes| routes.emsp(platform.objects())).expect("a router");
    network.add_router("emsp.example", router);
    platform
}

fn partner(network: &Network) -> TestPlatform {
    let cpo = PlatformSetup::cpo().open(network);
    for id in 0..250 {
        cpo.put::<Tariff>(&tariff_json("NL/ALF", &format!("T{id}"), "10:00:00"));
    }
    cpo
}

#[test]
fn a_sync_on_a_database_goes_on_after_a_restart() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("emsp.db");
    let network = Network::default();
    let cpo = partner(&network);
    let count =
        |platform: &OnDatabase| block_on(platform.objects().all::<Tariff>()).expect("a store").objects.len();
    {
        let emsp = open(&path, &network, "first");
        let allow = ocpi_platform::Allow::default().host("emsp.example").party(ocpi_testkit::party("DE/EMP"));
        let token_a = block_on(cpo.platform.invite("emsp", allow)).expect("invited");
        block_on(emsp.register("cpo", cpo.versions_url(), token_a, cpo.allow())).expect("registered");
        block_on(emsp.keep::<(Tariff,)>("cpo", Every::hour())).expect("a store");
        // The second page does not come, and the process ends.
        let router = cpo.router.clone();
        network.add_host("cpo.example", move |request| match request.uri().query() {
            Some(query) if query.contains("offset") => respond(500, &[], ""),
            _ => block_on(router.call(request)),
        });
        let failed = block_on(emsp.sync::<Tariff>("cpo", &SyncOptions::full())).expect_err("cut off");
        assert_eq!((failed.synced().created, count(&emsp)), (100, 100));
    }
    network.add_router("cpo.example", cpo.router);
    network.take_requests();
    let emsp = open(&path, &network, "second");
    // It says again what it keeps; that was due and still is.
    block_on(emsp.keep::<(Tariff,)>("cpo", Every::hour())).expect("a store");
    let kept = block_on(emsp.keep_due()).expect("a store");
    let synced = kept.synced[0].2.as_ref().expect("synced");
    assert_eq!((synced.created, synced.is_complete(), count(&emsp)), (150, true, 250));
    let requests = network.take_requests();
    assert!(requests[0].contains("offset"), "not from the beginning: {requests:?}");
    let list = block_on(emsp.lists("cpo")).expect("a store").remove(0);
    assert!(list.watermark.is_some() && list.last_full.is_some() && list.absent.is_empty());
    let health = block_on(emsp.health("cpo")).expect("a store").expect("a partner");
    assert!(health.is_good() && health.lists[0].next.is_some(), "{health:?}");
    assert!(block_on(emsp.health("nobody")).expect("a store").is_none());
}
