//! Hub client info: of a hub, and of those that are connected to it.

use std::sync::Arc;

use http::Method;
use ocpi_server_traits::{HubClients, Memory, Objects, Partner, Permissions, Quota, Quotas, Routes};
use ocpi_testkit::{KnownPartners, parse, partner_id, party};
use ocpi_types::v2_2_1::hub_client_info::{ClientInfo, ConnectionStatus};
use ocpi_types::{Role, Version};
use pollster::block_on;

use super::{World, next_path, objects};
use crate::site::{CPO, OTHER, builder};

fn client(of: &str, role: &str, status: &str, updated: &str) -> String {
    let party = party(of);
    format!(
        r#"{{"country_code": "{}", "party_id": "{}", "role": "{role}", "status": "{status}",
            "last_updated": "2026-11-22T{updated}Z"}}"#,
        party.country_code, party.party_id
    )
}

fn mount(objects: &Arc<Objects<Memory>>, routes: Routes) -> Routes {
    let clients = Arc::new(HubClients::new(Arc::clone(objects)));
    routes.sender::<ClientInfo>(&clients).receiver::<ClientInfo>(&clients)
}

fn world(quotas: impl Into<Quotas>) -> (World, HubClients<Memory>) {
    let world = World::of(objects(quotas).with_page_size(2), mount);
    let clients = HubClients::new(Arc::clone(&world.objects));
    (world, clients)
}

const AT: &str = "/receiver/hubclientinfo/FR/ABC";

#[test]
fn a_hub_pushes_what_it_knows_and_has_it_back() {
    let (world, clients) = world(Quota::default());
    let (hub, about) = (partner_id("cpo"), party("FR/ABC"));
    let put = |updated, status| world.ask(CPO, Method::PUT, AT, &client("FR/ABC", "CPO", status, updated));
    world.ask(CPO, Method::GET, AT, "").expect(404, 2000);
    assert!(!block_on(clients.is_reachable(&hub, &about)).expect("a store"));
    put("10:00:00", "CONNECTED").expect(201, 1000);
    put("10:00:00", "CONNECTED").expect(200, 1000);
    assert!(block_on(clients.is_reachable(&hub, &party("fr/abc"))).expect("a store"));
    put("10:05:00", "OFFLINE").expect(200, 1000);
    assert!(!block_on(clients.is_reachable(&hub, &about)).expect("a store"));
    // What comes late changes nothing.
    put("10:04:00", "CONNECTED").expect(200, 1000);
    let kept: ClientInfo =
        world.ask(CPO, Method::GET, "/receiver/hubclientinfo/fr/abc", "").expect(200, 1000).object();
    assert_eq!(kept, parse(&client("FR/ABC", "CPO", "OFFLINE", "10:05:00")));
    // The URL and the object name the same party.
    world.ask(CPO, Method::PUT, AT, &client("FR/XYZ", "CPO", "CONNECTED", "10:06:00")).expect(200, 2001);
    world.ask(CPO, Method::DELETE, AT, "").expect(405, 2000);
}

#[test]
fn roles_of_a_party_come_and_go_by_themselves() {
    let (world, clients) = world(Quota::default());
    let (hub, about) = (partner_id("cpo"), party("FR/ABC"));
    for (role, status, updated) in
        [("CPO", "CONNECTED", "10:00:00"), ("EMSP", "SUSPENDED", "10:01:00"), ("EMSP", "OFFLINE", "10:02:00")]
    {
        assert!(world.ask(CPO, Method::PUT, AT, &client("FR/ABC", role, status, updated)).code == 1000);
    }
    assert!(block_on(clients.is_reachable(&hub, &about)).expect("a store"));
    let told = block_on(clients.of(&hub)).expect("a store");
    let told: Vec<_> = told.iter().map(|client| (client.role.as_str(), client.status.clone())).collect();
    assert_eq!(told, [("CPO", ConnectionStatus::Connected), ("EMSP", ConnectionStatus::Offline)]);
    let shown: ClientInfo = world.ask(CPO, Method::GET, AT, "").expect(200, 1000).object();
    assert_eq!(shown.role.as_str(), "EMSP", "the one that changed last");
}

/// A time in the future does not keep later ones out.
#[test]
fn a_wrong_clock_freezes_nothing() {
    let (world, clients) = world(Quota::default());
    let ahead = client("FR/ABC", "CPO", "OFFLINE", "10:00:00").replace("2026", "2036");
    world.ask(CPO, Method::PUT, AT, &ahead).expect(201, 1000);
    world.ask(CPO, Method::PUT, AT, &client("FR/ABC", "CPO", "CONNECTED", "12:00:00")).expect(200, 1000);
    assert!(block_on(clients.is_reachable(&partner_id("cpo"), &party("FR/ABC"))).expect("a store"));
}

#[test]
fn hubs_do_not_see_each_other() {
    let (world, clients) = world(Quota::default());
    world.ask(CPO, Method::PUT, AT, &client("FR/ABC", "CPO", "CONNECTED", "10:00:00")).expect(201, 1000);
    world.ask(OTHER, Method::GET, AT, "").expect(404, 2000);
    world.ask(OTHER, Method::PUT, AT, &client("FR/ABC", "CPO", "OFFLINE", "11:00:00")).expect(201, 1000);
    let reachable =
        |hub| block_on(clients.is_reachable(&partner_id(hub), &party("FR/ABC"))).expect("a store");
    assert_eq!((reachable("cpo"), reachable("other")), (true, false));
    // What hubs told us is not what we tell.
    assert_eq!(
        world.ask(CPO, Method::GET, "/sender/hubclientinfo", "").expect(200, 1000).data.as_deref(),
        Some("[]")
    );
}

#[test]
fn only_a_hub_may_push_and_everybody_may_list() {
    let with = |role| {
        let partner = Partner::new(partner_id("cpo"), [party("NL/ALF")]);
        partner.with_permissions(Arc::new((vec![role], Permissions::default())))
    };
    let partners = KnownPartners::default().with(CPO, with(Role::Cpo)).with(OTHER, with(Role::Hub));
    let objects = Arc::new(objects(Quota::default()));
    let router = builder().version(Version::V2_3_0, |routes| mount(&objects, routes));
    let world = World { router: router.build(partners).expect("a router"), objects };
    let body = client("FR/ABC", "CPO", "CONNECTED", "10:00:00");
    world.ask(CPO, Method::PUT, AT, &body).expect(200, 2000);
    world.ask(CPO, Method::GET, AT, "").expect(200, 2000);
    world.ask(CPO, Method::GET, "/sender/hubclientinfo", "").expect(200, 1000);
    world.ask(OTHER, Method::PUT, AT, &body).expect(201, 1000);
    world.ask(OTHER, Method::GET, "/sender/hubclientinfo", "").expect(200, 2000);
}

#[test]
fn entries_count_for_the_hub_that_pushed_them() {
    let (world, _) = world(Quota::default().with_objects(1));
    world.ask(CPO, Method::PUT, AT, &client("FR/ABC", "CPO", "CONNECTED", "10:00:00")).expect(201, 1000);
    let second = client("FR/XYZ", "CPO", "CONNECTED", "10:00:00");
    world.ask(CPO, Method::PUT, "/receiver/hubclientinfo/FR/XYZ", &second).expect(403, 2000);
    world.ask(CPO, Method::PUT, AT, &client("FR/ABC", "CPO", "OFFLINE", "10:01:00")).expect(200, 1000);
    world.ask(OTHER, Method::PUT, "/receiver/hubclientinfo/FR/XYZ", &second).expect(201, 1000);
    assert_eq!((world.usage("cpo").objects(), world.usage("other").objects()), (1, 1));
}

#[test]
fn the_list_of_a_hub_has_pages_windows_and_totals() {
    let (world, clients) = world(Quota::default());
    for (number, of) in ["FR/AAA", "FR/BBB", "FR/CCC", "FR/DDD", "FR/EEE"].into_iter().enumerate() {
        let json = client(of, "EMSP", "CONNECTED", &format!("1{number}:00:00"));
        block_on(clients.set(parse(&json))).expect("a store");
    }
    // Older than what is there.
    block_on(clients.set(parse(&client("FR/AAA", "EMSP", "OFFLINE", "09:00:00")))).expect("a store");
    assert_eq!(block_on(clients.own()).expect("a store")[0].status, ConnectionStatus::Connected);
    let crawl = |first: &str, total: &str| {
        let (mut found, mut path) = (Vec::new(), Some(first.to_owned()));
        while let Some(at) = path {
            let page = world.ask(OTHER, Method::GET, &at, "").expect(200, 1000);
            assert_eq!(page.header("x-total-count"), Some(total));
            found.extend(page.list::<ClientInfo>().iter().map(|client| client.party_id.to_string()));
            path = next_path(&page);
        }
        found
    };
    assert_eq!(crawl("/sender/hubclientinfo", "5"), ["AAA", "BBB", "CCC", "DDD", "EEE"]);
    let window = "/sender/hubclientinfo?date_from=2026-11-22T11:00:00Z&date_to=2026-11-22T14:00:00Z";
    assert_eq!(crawl(window, "3"), ["BBB", "CCC", "DDD"]);
    assert_eq!(crawl("/sender/hubclientinfo?offset=3&limit=1", "5"), ["DDD", "EEE"]);
    assert_eq!(world.usage("other").objects(), 0);
}

#[test]
fn both_versions_that_have_the_module_share_the_entries() {
    let objects = Arc::new(objects(Quota::default()));
    let both = [Version::V2_2_1, Version::V2_3_0];
    let router = builder().versions(both, |routes| mount(&objects, routes));
    let router = router.build(crate::site::partners()).expect("a router");
    let world = World { router, objects };
    let json = client("FR/ABC", "CPO", "CONNECTED", "10:00:00");
    world.ask_in("2.2.1", CPO, Method::PUT, AT, &json).expect(201, 1000);
    let kept: ClientInfo = world.ask_in("2.3.0", CPO, Method::GET, AT, "").expect(200, 1000).object();
    assert_eq!(kept, parse(&json));
}
