//! 2.1.1: one URL for both interfaces of a module.

use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use ocpi_server_traits::{Layout, Memory, Objects};
use ocpi_testkit::{cdr_json, location_json, parse, party, tariff_json, token, token_json};
use ocpi_types::endpoint::{GetCopy, Patch, Put, RootResource};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{Version, v2_1_1};

use crate::site::{OTHER, Site, builder, partners, raw_request};

/// A platform that is CPO and eMSP, DE/EMP, for 2.1.1 and 2.2.1, with a Location, a Tariff and a Token of its own, and
/// Location `L1`, EVSE `E1` of NL/ALF.
fn both(layout: Layout) -> Site {
    let objects = Arc::new(Objects::new(Memory::new(), vec![party("DE/EMP")]));
    pollster::block_on(async {
        for owner in ["DE/EMP", "NL/ALF"] {
            let location = parse::<Location>(&location_json(owner, "L1", "10:00:00"));
            objects.put(&location.identity(), location).await.expect("stored");
        }
        let tariff = parse::<Tariff>(&tariff_json("DE/EMP", "T1", "10:00:00"));
        objects.put(&tariff.identity(), tariff).await.expect("stored");
        let token = parse::<Token>(&token_json("DE/EMP", "04A2", "10:00:00"));
        objects.put(&token.identity(), token).await.expect("stored");
    });
    let router = builder()
        .with_layout(layout)
        .versions([Version::V2_1_1, Version::V2_2_1], |routes| routes.cpo(&objects).emsp(&objects))
        .build(partners())
        .expect("a router");
    Site { router, objects }
}

fn ask(site: &Site, method: Method, path: &str, body: &str) -> (u16, u16) {
    let answer = site.ask(raw_request(method, &format!("/ocpi{path}"), Bytes::from(body.to_owned())));
    (answer.status, answer.code)
}

/// Requests to both interfaces of each module, each with its answer.
const ASKED: &[(Method, &str, (u16, u16))] = &[
    // Sender.
    (Method::GET, "/locations", (200, 1000)),
    (Method::GET, "/locations/L1", (200, 1000)),
    (Method::GET, "/locations/L1/E1", (200, 1000)),
    (Method::GET, "/locations/L1/E1/C1", (200, 1000)),
    (Method::GET, "/locations/L1/E1/C9", (404, 2003)),
    (Method::GET, "/sessions", (200, 1000)),
    (Method::GET, "/cdrs", (200, 1000)),
    (Method::GET, "/tariffs", (200, 1000)),
    (Method::GET, "/tokens", (200, 1000)),
    // Receiver.
    (Method::GET, "/locations/NL/ALF/L1", (200, 1000)),
    (Method::GET, "/locations/nl/alf/L1", (200, 1000)),
    (Method::GET, "/locations/NL/ALF/L1/E1", (200, 1000)),
    (Method::GET, "/locations/NL/ALF/L1/E1/C1", (200, 1000)),
    (Method::GET, "/locations/NL/ALF/L9", (404, 2003)),
    (Method::GET, "/sessions/NL/ALF/S1", (404, 2000)),
    (Method::DELETE, "/tariffs/NL/ALF/T9", (404, 2000)),
    (Method::GET, "/tokens/NL/ALF/04A2", (404, 2004)),
    (Method::DELETE, "/locations/NL/ALF/L1", (405, 2000)),
    (Method::POST, "/locations", (405, 2000)),
    (Method::PUT, "/locations/L1", (405, 2000)),
];

#[test]
fn requests_are_told_apart_by_method_and_path() {
    for (layout, version) in
        [(Layout::default(), "2.1.1"), (Layout::flat(), "2.1.1"), (Layout::flat(), "2.2.1")]
    {
        let site = both(layout);
        for (method, path, expected) in ASKED {
            let path = format!("/{version}{path}");
            // 2.1.1 has no 2004.
            let expected =
                if *expected == (404, 2004) && version == "2.1.1" { (404, 2000) } else { *expected };
            assert_eq!(ask(&site, method.clone(), &path, ""), expected, "{method} {path}");
        }
        let tariff = tariff_json("NL/ALF", "T1", "10:00:00").replace("before_taxes", "excl_vat");
        assert_eq!(ask(&site, Method::PUT, &format!("/{version}/tariffs/NL/ALF/T1"), &tariff), (201, 1000));
    }
}

/// A path that could be that of a Location of the caller or of a Connector of ours.
#[test]
fn a_path_that_names_a_party_of_the_caller_is_that_of_the_receiver() {
    let site = both(Layout::default());
    let get = |who: &str, path: &str| {
        let mut request = raw_request(Method::GET, path, Bytes::new());
        let header = token(who).to_header(false).parse().expect("a header");
        request.headers_mut().insert(http::header::AUTHORIZATION, header);
        site.ask(request)
    };
    let copy: v2_1_1::locations::Location = get(crate::site::CPO, "/ocpi/2.1.1/locations/NL/ALF/L1").object();
    assert_eq!(copy.id.as_str(), "L1");
    // To others NL is a Location of ours, ALF an EVSE, L1 a Connector, and there is none.
    get(OTHER, "/ocpi/2.1.1/locations/NL/ALF/L1").expect(404, 2003);
    get(OTHER, "/ocpi/2.1.1/locations/NL/ALF/L1/E1").expect(404, 2000);
    get(OTHER, "/ocpi/2.1.1/locations/L1/E1/C1").expect(200, 1000);
}

#[test]
fn a_module_stands_once_in_the_details_of_2_1_1_and_at_the_url_that_both_sides_use() {
    let site = both(Layout::default());
    let details = site.ask(raw_request(Method::GET, "/ocpi/2.1.1", Bytes::new())).expect(200, 1000);
    let details: v2_1_1::versions::VersionDetails = details.object();
    let shown: Vec<(&str, &str)> =
        details.endpoints.iter().map(|it| (it.identifier.as_str(), it.url.as_str())).collect();
    let expected = ["locations", "sessions", "cdrs", "tariffs", "tokens"].map(|module| {
        let url: &'static str = match module {
            "locations" => "https://emsp.example/ocpi/2.1.1/locations",
            "sessions" => "https://emsp.example/ocpi/2.1.1/sessions",
            "cdrs" => "https://emsp.example/ocpi/2.1.1/cdrs",
            "tariffs" => "https://emsp.example/ocpi/2.1.1/tariffs",
            _ => "https://emsp.example/ocpi/2.1.1/tokens",
        };
        (module, url)
    });
    assert_eq!(shown, expected);
    assert_eq!(site.router.endpoints(Version::V2_2_1).len(), 10, "later versions name both interfaces");
}

/// Handlers in the types of 2.1.1, which has changes of Tariffs.
#[test]
fn handlers_of_2_1_1_take_changes_of_tariffs() {
    type Old = v2_1_1::tariffs::Tariff;
    let objects = Arc::new(Objects::new(Memory::new(), vec![party("DE/EMP")]));
    let router = builder()
        .version(Version::V2_1_1, |routes| {
            let routes = routes.receiver::<v2_1_1::locations::Location>(&objects);
            routes.on::<GetCopy<Old>, _>(&objects).on::<Put<Old>, _>(&objects).on::<Patch<Old>, _>(&objects)
        })
        .build(partners())
        .expect("a router");
    let site = Site { router, objects };
    let tariff = r#"{"id": "T1", "currency": "EUR", "elements": [{"price_components": [{"type": "FLAT", "price": 1,
        "step_size": 1}]}], "last_updated": "2026-11-22T10:00:00Z"}"#;
    assert_eq!(ask(&site, Method::PUT, "/2.1.1/tariffs/NL/ALF/T1", tariff), (201, 1000));
    assert_eq!(ask(&site, Method::PATCH, "/2.1.1/tariffs/NL/ALF/T1", r#"{"currency": "SEK"}"#), (200, 1000));
    let got = site.ask(raw_request(Method::GET, "/ocpi/2.1.1/tariffs/NL/ALF/T1", Bytes::new()));
    assert_eq!(got.object::<Old>().currency.as_str(), "SEK");
    assert_eq!(ask(&site, Method::GET, "/2.1.1/locations/NL/ALF/L1", ""), (404, 2003));
    assert_eq!(ask(&site, Method::GET, "/2.1.1/sessions", ""), (404, 2000));
}

/// Ids of 2.1.1 may have 39 characters, those of later versions 36.
#[test]
fn long_ids_of_2_1_1_are_taken_in_path_body_and_store() {
    let site = both(Layout::default());
    let at = |path: &str| format!("/2.1.1{path}");
    let get = |path: &str| site.ask(raw_request(Method::GET, &format!("/ocpi{path}"), Bytes::new()));
    let text = get(&at("/locations/NL/ALF/L1")).expect(200, 1000).data.expect("a Location");
    // Who owns it stands in the body, for this partner's relation does not say.
    let text = text.replacen('{', r#"{"country_code": "NL", "party_id": "ALF", "#, 1);
    for length in [36, 37, 39] {
        let id = format!("L{}", "x".repeat(length - 1));
        let evse = format!("E{}", "y".repeat(length - 1));
        let long = text.replace("\"L1\"", &format!("\"{id}\"")).replace("\"E1\"", &format!("\"{evse}\""));
        let path = at(&format!("/locations/NL/ALF/{id}"));
        site.ask(raw_request(Method::PUT, &format!("/ocpi{path}"), Bytes::from(long.clone())))
            .expect(201, 1000);
        let copy: v2_1_1::locations::Location = get(&path).expect(200, 1000).object();
        assert_eq!((copy.id.as_str(), copy.evses[0].uid.as_str()), (id.as_str(), evse.as_str()));
        let patch = r#"{"status": "CHARGING", "last_updated": "2026-11-22T10:05:00Z"}"#;
        assert_eq!(ask(&site, Method::PATCH, &format!("{path}/{evse}"), patch), (200, 1000));
        let copy: v2_1_1::locations::Evse = get(&format!("{path}/{evse}")).expect(200, 1000).object();
        assert_eq!(copy.status.as_str(), "CHARGING");
        let kept = pollster::block_on(site.objects.all::<Location>()).expect("a store").objects;
        assert_eq!(kept.iter().filter(|kept| kept.id.as_str() == id).count(), 1, "{length}");
        // Its ids are told apart by case; who means another Location has to say so.
        let other = long.replace(&id, &id.to_ascii_uppercase());
        let other_path = at(&format!("/locations/NL/ALF/{}", id.to_ascii_uppercase()));
        assert_eq!(ask(&site, Method::PUT, &other_path, &other), (200, 2001), "{length}");
    }
}

/// An id that is stored can be asked for and changed, however long it is.
#[test]
fn ids_and_parties_are_read_in_paths_as_in_bodies() {
    for (version, receiver) in [("2.1.1", "/2.1.1"), ("2.2.1", "/2.2.1/receiver")] {
        let site = both(Layout::default());
        let get = |path: &str| site.ask(raw_request(Method::GET, &format!("/ocpi{path}"), Bytes::new()));
        let text =
            get(&format!("{receiver}/locations/NL/ALF/L1")).expect(200, 1000).data.expect("a Location");
        let text = if version == "2.1.1" {
            text.replacen('{', r#"{"country_code": "NL", "party_id": "ALF", "#, 1)
        } else {
            text
        };
        for length in [36, 37, 48, 100] {
            let (id, uid) = ("L".repeat(length), "E".repeat(length));
            let text = text.replace("\"L1\"", &format!("\"{id}\"")).replace("\"E1\"", &format!("\"{uid}\""));
            // Three letters of a country are the same country.
            for (country, is_new) in [("NL", true), ("NLD", false)] {
                let path = format!("{receiver}/locations/{country}/ALF/{id}");
                let done = if is_new { (201, 1000) } else { (200, 1000) };
                assert_eq!(ask(&site, Method::PUT, &path, &text), done, "{version} {path}");
                let patch = r#"{"status": "CHARGING", "last_updated": "2026-11-22T10:05:00Z"}"#;
                assert_eq!(ask(&site, Method::PATCH, &format!("{path}/{uid}"), patch), (200, 1000), "{path}");
                let evse = get(&format!("{path}/{uid}")).expect(200, 1000).data.expect("an EVSE");
                assert!(evse.contains("CHARGING"), "{version} {evse}");
            }
        }
        for path in ["/locations/NL/ALF/%20", "/locations/%20/ALF/L1", "/locations/NL/ALF/L1/%20"] {
            assert_eq!(
                ask(&site, Method::GET, &format!("{receiver}{path}"), ""),
                (200, 2001),
                "{version} {path}"
            );
        }
    }
}

/// The address in the answer to a CDR leads to it.
#[test]
fn a_cdr_with_a_long_id_is_found_at_its_address() {
    let site = Site::emsp();
    let id = "C".repeat(60);
    let answer = site.post("/receiver/cdrs", &cdr_json("NL/ALF", &id, "10:00:00")).expect(201, 1000);
    let url = answer.headers["location"].to_str().expect("a URL");
    let path = &url[url.find("/receiver/").expect("a path")..];
    assert!(site.get(path).expect(200, 1000).data.expect("a CDR").contains(&id));
}

/// Handlers may be of 2.1.1 themselves: it has a DELETE of Tariffs, too.
#[test]
fn tariffs_of_2_1_1_are_kept_and_deleted() {
    use v2_1_1::tariffs::Tariff;
    let objects = Arc::new(Objects::new(Memory::new(), vec![party("DE/EMP")]));
    let router = builder().version(Version::V2_1_1, |routes| routes.receiver::<Tariff>(&objects));
    let site = Site { router: router.build(partners()).expect("a router"), objects };
    let tariff = r#"{"id": "T1", "currency": "EUR", "last_updated": "2026-11-22T10:00:00Z",
        "elements": [{"price_components": [{"type": "ENERGY", "price": 0.45, "step_size": 1}]}]}"#;
    let path = "/2.1.1/tariffs/NL/ALF/T1";
    assert_eq!(ask(&site, Method::DELETE, path, ""), (404, 2000));
    assert_eq!(ask(&site, Method::PUT, path, tariff), (201, 1000));
    assert_eq!(ask(&site, Method::GET, path, ""), (200, 1000));
    assert_eq!(ask(&site, Method::DELETE, path, ""), (200, 1000));
    assert_eq!(ask(&site, Method::GET, path, ""), (404, 2000));
}
