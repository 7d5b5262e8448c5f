//! A platform with several parties, and messages for one of them.

use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use ocpi_server_traits::{Memory, Objects};
use ocpi_testkit::{Answer, parse, party, tariff_json};
use ocpi_types::endpoint::{GetOwn, RootResource};
use ocpi_types::protocol::next_link;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::{Version, v2_2_1};

use crate::site::{Site, builder, partners, raw_request};

/// A platform of DE/EMP with Tariffs `T1`, `T2`, `T3`, and of DE/TWO with `T3`; two on a page. It says whose it is, or does
/// not.
fn site(says_its_parties: bool) -> Site {
    let ours = [party("DE/EMP"), party("DE/TWO")];
    let objects = Arc::new(Objects::new(Memory::new(), ours.to_vec()).with_page_size(2));
    for (owner, id) in [("DE/EMP", "T1"), ("DE/EMP", "T2"), ("DE/TWO", "T3"), ("DE/EMP", "T3")] {
        let tariff: Tariff = parse(&tariff_json(owner, id, "10:00:00"));
        pollster::block_on(objects.put(&tariff.identity(), tariff)).expect("stored");
    }
    let router = if says_its_parties { builder().with_parties(ours) } else { builder() };
    let router = router
        .versions(Version::ALL.iter().copied(), |routes| {
            routes.sender::<Tariff>(&objects).on::<GetOwn<Tariff>, _>(&objects)
        })
        .build(partners())
        .expect("a router");
    Site { router, objects }
}

fn ask(site: &Site, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = raw_request(Method::GET, path, Bytes::new());
    for (name, value) in headers {
        let name: http::HeaderName = name.parse().expect("a name");
        request.headers_mut().insert(name, value.parse().expect("a header"));
    }
    site.ask(request)
}

fn to<'a>(country: &'a str, party: &'a str) -> [(&'static str, &'a str); 2] {
    [("ocpi-to-country-code", country), ("ocpi-to-party-id", party)]
}

const TARIFFS: &str = "/ocpi/2.3.0/sender/tariffs";

#[test]
fn a_party_that_is_named_has_its_own_list() {
    for site in [site(true), site(false)] {
        for (headers, total) in [(to("DE", "EMP"), "3"), (to("de", "two"), "1")] {
            let page = ask(&site, TARIFFS, &headers).expect(200, 1000);
            assert_eq!(page.header("x-total-count"), Some(total));
            let owners: Vec<String> =
                page.list::<Tariff>().iter().map(|it| it.party_id.to_string()).collect();
            assert!(owners.iter().all(|owner| owner.eq_ignore_ascii_case(headers[1].1)), "{owners:?}");
            if total == "3" {
                let next = next_link(page.header("link").expect("a next page")).expect("a link");
                let path = next.strip_prefix("https://emsp.example").expect("our URL");
                assert_eq!(ask(&site, path, &headers).expect(200, 1000).list::<Tariff>().len(), 1);
            }
        }
        assert_eq!(ask(&site, TARIFFS, &[]).expect(200, 1000).header("x-total-count"), Some("4"));
    }
}

#[test]
fn of_two_objects_with_one_id_that_of_the_named_party_is_meant() {
    let site = site(true);
    for (headers, expected) in [(to("DE", "EMP"), "EMP"), (to("DE", "TWO"), "TWO")] {
        let tariff: Tariff = ask(&site, &format!("{TARIFFS}/T3"), &headers).expect(200, 1000).object();
        assert_eq!(tariff.party_id.as_str(), expected);
    }
    ask(&site, &format!("{TARIFFS}/T1"), &to("DE", "TWO")).expect(404, 2000);
}

/// Recipients that are refused by a platform that says whose it is.
#[test]
fn a_message_for_somebody_else_is_refused() {
    let (strict, lenient) = (site(true), site(false));
    for headers in [
        to("FR", "XYZ").to_vec(),
        to("FR", "EMP").to_vec(),
        to("DE", "EMPX").to_vec(),
        vec![("ocpi-to-party-id", "EMP")],
        vec![("ocpi-to-country-code", "DE")],
    ] {
        let answer = ask(&strict, TARIFFS, &headers).expect(200, 2001);
        assert!(answer.message.is_some_and(|message| message.contains("OCPI-to")), "{headers:?}");
        ask(&lenient, TARIFFS, &headers).expect(200, 1000);
    }
    ask(&strict, TARIFFS, &to("", " ")).expect(200, 1000);
    ask(&strict, TARIFFS, &to("DEU", "EMP")).expect(200, 1000);
}

/// The headers mean nothing to modules that are not functional, and in 2.1.1.
#[test]
fn where_messages_are_not_routed_the_headers_mean_nothing() {
    let site = site(true);
    for path in ["/ocpi/versions", "/ocpi/2.3.0", "/ocpi/2.1.1", "/ocpi/2.1.1/tariffs"] {
        ask(&site, path, &to("FR", "XYZ")).expect(200, 1000);
    }
    ask(&site, "/ocpi/2.2.1/sender/tariffs", &to("FR", "XYZ")).expect(200, 2001);
    let mine = ask(&site, "/ocpi/2.2.1/sender/tariffs", &to("DE", "TWO")).expect(200, 1000);
    assert_eq!(mine.list::<v2_2_1::tariffs::Tariff>().len(), 1);
}
