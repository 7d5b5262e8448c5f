//! URLs of a platform.

use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use ocpi_server_traits::{Layout, Memory, Objects, Router, RouterBuilder, RouterError};
use ocpi_testkit::{fixed_clock, party, tariff_json};
use ocpi_types::endpoint::PostCdr;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{InterfaceRole, ModuleId, Version, v2_2_1};

use super::build::{Idle, objects};
use crate::site::{Site, partners, raw_request};

fn at(base: &str, layout: Layout) -> RouterBuilder {
    Router::builder(base.parse().expect("a URL"), fixed_clock()).with_layout(layout)
}

/// An eMSP in 2.1.1 and 2.3.0, DE/EMP.
fn emsp(base: &str, layout: Layout) -> Result<Site, RouterError> {
    let objects = objects();
    let router = at(base, layout)
        .versions([Version::V2_1_1, Version::V2_3_0], |routes| routes.emsp(&objects))
        .build(partners())?;
    Ok(Site { router, objects })
}

fn old_platform(version: Version, module: &ModuleId, role: &InterfaceRole) -> Option<String> {
    let side = if *role == InterfaceRole::Sender { "out" } else { "in" };
    match (version, module) {
        (Version::V2_3_0, ModuleId::Cdrs) => Some("/billing/records/".to_owned()),
        (Version::V2_3_0, _) => Some(format!("v230/{side}/{module}")),
        _ => None,
    }
}

/// A base and a layout, with the URLs of the versions, of 2.3.0, and of some of its modules.
type Row = (&'static str, fn() -> Layout, &'static str, &'static str, &'static [&'static str]);

const LAYOUTS: &[Row] = &[
    (
        "https://emsp.example/ocpi",
        Layout::default,
        "/ocpi/versions",
        "/ocpi/2.3.0",
        &["/ocpi/2.3.0/receiver/tariffs", "/ocpi/2.3.0/sender/tokens", "/ocpi/2.1.1/tariffs"],
    ),
    (
        "https://emsp.example/",
        Layout::flat,
        "/versions",
        "/2.3.0",
        &["/2.3.0/tariffs", "/2.3.0/tokens", "/2.1.1/tariffs"],
    ),
    (
        "https://emsp.example/ocpi/",
        || Layout::default().with_trailing_slash(),
        "/ocpi/versions",
        "/ocpi/2.3.0",
        &["/ocpi/2.3.0/receiver/tariffs/", "/ocpi/2.3.0/sender/tokens/", "/ocpi/2.1.1/tariffs/"],
    ),
    (
        "https://emsp.example",
        || {
            Layout::default()
                .with_versions_at("api/ocpi")
                .with_details_at(|version| (version == Version::V2_3_0).then(|| "api/ocpi/v230".to_owned()))
                .with_modules_at(old_platform)
        },
        "/api/ocpi",
        "/api/ocpi/v230",
        &["/v230/in/tariffs", "/v230/out/tokens", "/2.1.1/tariffs"],
    ),
];

fn get(site: &Site, path: &str) -> u16 {
    site.ask(raw_request(Method::GET, path, Bytes::new())).status
}

#[test]
fn urls_are_those_of_the_layout_and_lead_to_what_they_name() {
    for (base, layout, versions, details, modules) in LAYOUTS {
        let site = emsp(base, layout()).expect("a router");
        let host = "https://emsp.example";
        assert_eq!(site.router.versions_url().as_str(), format!("{host}{versions}"));
        let list = site.ask(raw_request(Method::GET, versions, Bytes::new())).expect(200, 1000);
        let list: Vec<v2_2_1::versions::Version> = list.list();
        assert_eq!(list[1].url.as_str(), format!("{host}{details}"));
        let shown = site.ask(raw_request(Method::GET, details, Bytes::new())).expect(200, 1000);
        let advertised: Vec<String> = [Version::V2_3_0, Version::V2_1_1]
            .iter()
            .flat_map(|version| site.router.endpoints(*version))
            .map(|endpoint| endpoint.url.as_str().to_owned())
            .collect();
        for module in *modules {
            let url = format!("{host}{module}");
            assert!(advertised.contains(&url), "{url} is not in {advertised:?}");
            let shown = shown.data.as_deref().expect("data");
            assert_eq!(shown.contains(&format!("\"{url}\"")), !module.contains("2.1.1"), "{url} in {shown}");
            let bare = module.trim_end_matches('/');
            let tariff = tariff_json("NL/ALF", "T1", "10:00:00");
            if module.contains("tokens") {
                for path in [
                    bare.to_owned(),
                    format!("{bare}/"),
                    format!("{bare}?limit=1"),
                    format!("{bare}/?limit=1"),
                ] {
                    assert_eq!(get(&site, &path), 200, "{path}");
                }
                continue;
            }
            for below in ["/NL/ALF/T1", "/NL/ALF/T1/", "//NL/ALF/T1"] {
                let put = raw_request(Method::PUT, &format!("{bare}{below}"), tariff.clone().into());
                assert!(site.ask(put).code == 1000, "{bare}{below}");
                assert_eq!(get(&site, &format!("{bare}{below}")), 200, "{bare}{below}");
            }
        }
    }
}

/// The URLs in answers are those of the layout too.
#[test]
fn pages_and_cdrs_have_urls_of_the_layout() {
    let objects = Arc::new(Objects::new(Memory::new(), vec![party("DE/EMP")]).with_page_size(1));
    let layout = Layout::default().with_modules_at(old_platform).with_trailing_slash();
    let router = at("https://emsp.example", layout)
        .version(Version::V2_3_0, |routes| routes.sender::<Token>(&objects).on::<PostCdr<Cdr>, _>(&objects))
        .build(partners())
        .expect("a router");
    for uid in ["A", "B"] {
        let token: Token = ocpi_testkit::parse(&ocpi_testkit::token_json("DE/EMP", uid, "10:00:00"));
        pollster::block_on(objects.put_all([token])).expect("stored");
    }
    let site = Site { router, objects };
    let page = site.ask(raw_request(Method::GET, "/v230/out/tokens", Bytes::new())).expect(200, 1000);
    let link = page.header("link").expect("a next page");
    assert!(link.starts_with("<https://emsp.example/v230/out/tokens/?offset=1"), "{link}");
    let cdr = ocpi_testkit::cdr_json("NL/ALF", "C1", "10:00:00");
    let answer = site.ask(raw_request(Method::POST, "/billing/records", cdr.into()));
    assert_eq!(answer.header("location"), Some("https://emsp.example/billing/records/NL/ALF/C1"));
}

/// Layouts that give two pages one URL, with words that the error must hold.
#[test]
fn a_layout_without_room_for_all_is_refused() {
    let refused: [(Layout, &[&str]); 6] = [
        (Layout::default().with_versions_at("2.3.0"), &["two pages", "https://emsp.example/ocpi/2.3.0"]),
        (
            Layout::default().with_details_at(|_| Some("versions".to_owned())),
            &["two pages", "/ocpi/versions"],
        ),
        (
            Layout::default().with_modules_at(|_, module, _| Some(module.as_str().to_owned())),
            &["locations in 2.1.1", "2.3.0", "/ocpi/locations"],
        ),
        (
            Layout::default().with_modules_at(|version, _, _| Some(format!("{version}/all"))),
            &["locations", "sessions", "/ocpi/2.1.1/all"],
        ),
        (Layout::default().with_modules_at(|_, _, _| Some("../x".to_owned())), &["the same URL"]),
        (Layout::default().with_versions_at("a/../b"), &["no path"]),
    ];
    for (layout, words) in refused {
        let Err(error) = emsp("https://emsp.example/ocpi", layout.clone()) else {
            panic!("{layout:?} has no room")
        };
        assert!(error.is_layout(), "{error}");
        for word in words {
            assert!(error.to_string().contains(word), "{error}: lacks {word}");
        }
    }
}

/// In 2.1.1 the details name one URL for a module.
#[test]
fn in_2_1_1_a_module_has_one_url() {
    let objects = objects();
    let layout =
        Layout::default().with_modules_at(|version, module, role| Some(format!("{version}/{role}/{module}")));
    let error = at("https://emsp.example", layout)
        .version(Version::V2_1_1, |routes| routes.cpo(&objects).emsp(&objects))
        .build(partners())
        .expect_err("two URLs");
    assert!(error.is_layout() && error.to_string().contains("two URLs"), "{error}");
}

/// Two interfaces that answer the same requests cannot have one URL.
#[test]
fn what_cannot_be_told_apart_is_refused_under_one_url() {
    use ocpi_types::endpoint::{PutActiveChargingProfile, PutChargingProfile};
    let idle = Arc::new(Idle);
    let build = |layout| {
        at("https://emsp.example", layout)
            .version(Version::V2_2_1, |routes| {
                routes.on::<PutChargingProfile, _>(&idle).on::<PutActiveChargingProfile, _>(&idle)
            })
            .build(partners())
    };
    build(Layout::default()).expect("URLs of their own");
    let error = build(Layout::flat()).expect_err("one URL");
    assert!(error.is_duplicate(), "{error}");
    assert!(error.to_string().contains("RouterBuilder::with_layout"), "{error}");
}
