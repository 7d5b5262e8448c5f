//! The module of `own_module`, between two platforms.

use examples::own_module::{self, END_USER_PRICING, EndUserPrice};
use ocpi_platform::Permissions;
use ocpi_testkit::{Network, PlatformSetup, parse};
use ocpi_types::endpoint::{GetCopy, RootResource};
use ocpi_types::{Decimal, InterfaceRole, Version};
use pollster::block_on;

fn price(id: &str, per_kwh: &str) -> EndUserPrice {
    parse(&format!(
        r#"{{"country_code": "DE", "party_id": "EMP", "id": "{id}", "per_kwh": {per_kwh},
        "last_updated": "2026-11-22T10:00:00Z"}}"#
    ))
}

#[test]
fn an_emsp_tells_its_prices_to_a_cpo_by_a_module_that_is_announced() {
    for version in [Version::V2_1_1, Version::V2_2_1, Version::V2_3_0] {
        let network = Network::default();
        let allowed = Permissions::default().allow(END_USER_PRICING, InterfaceRole::Receiver);
        let setup = |setup: PlatformSetup| PlatformSetup { versions: vec![version], ..setup };
        let cpo = setup(PlatformSetup { permissions: allowed, ..PlatformSetup::cpo() }).open(&network);
        let emsp = setup(PlatformSetup::emsp()).open(&network);
        let platform = &cpo.platform;
        let router =
            platform.router(|routes| own_module::mount(routes, platform.objects())).expect("a router");
        network.add_router("cpo.example", router.clone());
        emsp.register_with(&cpo, "cpo", "emsp").expect("registered");

        // What is stored counts for all the versions of the partner's connection.
        let dear = price("DAY", "0.79");
        let told = |price: EndUserPrice| block_on(own_module::tell(&emsp.platform, price)).expect("taken");
        assert_eq!(told(dear.clone()), "0.79".parse::<Decimal>().expect("a number"), "{version}");
        assert_eq!(told(price("NIGHT", "0.39")), "0.39".parse::<Decimal>().expect("a number"), "{version}");
        assert_eq!(told(price("PEAK", "0.99")), "0.39".parse::<Decimal>().expect("a number"), "{version}");
        assert_eq!(cpo.all::<EndUserPrice>().len(), 3, "{version}");
        let copy = block_on(emsp.platform.send("cpo", &GetCopy::<EndUserPrice>::new(dear.identity())));
        assert_eq!(copy.expect("a copy").value, dear, "{version}");

        let mounted = router.mounted(version);
        let of_module = mounted.iter().filter(|endpoint| endpoint.module == END_USER_PRICING);
        let names: Vec<_> = of_module.map(|endpoint| endpoint.name.as_str()).collect();
        let expected =
            ["GetLowestPrice", "GetCopy<EndUserPrice>", "Put<EndUserPrice>", "Delete<EndUserPrice>"];
        assert_eq!(names.len(), expected.len(), "{version}: {names:?}");
        assert!(expected.iter().all(|name| names.contains(name)), "{version}: {names:?}");
    }
}

/// Of another's prices a partner gets nothing in, and a partner to whom the module is not allowed gets none at all.
#[test]
fn the_module_is_held_to_owners_and_permissions() {
    let network = Network::default();
    let cpo = PlatformSetup::cpo().open(&network);
    let emsp = PlatformSetup::emsp().open(&network);
    let platform = &cpo.platform;
    let router = platform.router(|routes| own_module::mount(routes, platform.objects())).expect("a router");
    network.add_router("cpo.example", router);
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    let refused = block_on(own_module::tell(&emsp.platform, price("DAY", "0.79"))).expect_err("a refusal");
    assert!(refused.to_string().contains("2000"), "{refused}");
    assert_eq!(cpo.all::<EndUserPrice>().len(), 0);
}

#[test]
fn the_example_has_forty_lines_at_most() {
    let source = include_str!("../src/own_module.rs");
    let counts = |line: &&str| {
        let line = line.trim();
        !(line.is_empty() || line.starts_with("use ") || line.starts_with("//!"))
    };
    let lines = source.lines().filter(counts).count();
    assert!(lines <= 40, "{lines} lines");
}
