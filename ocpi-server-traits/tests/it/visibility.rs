//! Receivers of each object: Sessions and CDRs go to the eMSP whose token was used, all else to everybody.

use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use ocpi_server_traits::storage::{Address, StoreExt};
use ocpi_server_traits::{Memory, Objects, Partner, Router};
use ocpi_testkit::{
    Answer, KnownPartners, cdr_json, location_json, parse, partner_id, party, session_json, token,
};
use ocpi_types::endpoint::{GetOwn, Resource, RootResource};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::{Version, v2_2_1};

use crate::site::{BASE, CPO, OTHER, builder, partners, raw_request};

/// The parties whose tokens were used, in order. The partner `cpo` speaks for the first three, `other` for one.
const USED: &[&str] = &["NL/ALF", "NL/BET", "nl/alf", "BE/OTH", "FR/ALF"];

/// The Sessions and CDRs that each partner may see.
const SHOWN: &[(&str, &[&str])] = &[(CPO, &["1", "2", "3"]), (OTHER, &["4"])];

/// A platform for which several partners' drivers have charged; one object on a page.
fn router() -> Router {
    let objects = Objects::new(Memory::new(), vec![party("SE/OWN"), party("DE/EMP")]).with_page_size(1);
    let objects = Arc::new(objects);
    for (index, used) in USED.iter().enumerate() {
        let id = (index + 1).to_string();
        let session = with_token_of(used, &session_json("DE/EMP", &id, "10:00:00"));
        pollster::block_on(objects.put_all([parse::<Session>(&session)])).expect("a store");
        let cdr = with_token_of(used, &cdr_json("DE/EMP", &id, "10:00:00"));
        pollster::block_on(objects.put_all([parse::<Cdr>(&cdr)])).expect("a store");
    }
    let location = parse::<Location>(&location_json("DE/EMP", "L1", "10:00:00"));
    pollster::block_on(objects.put_all([location])).expect("a store");
    let router = builder().version(Version::V2_3_0, |routes| {
        routes.cpo(&objects).on::<GetOwn<Session>, _>(&objects).on::<GetOwn<Cdr>, _>(&objects)
    });
    router.build(partners()).expect("a router")
}

fn with_token_of(used: &str, json: &str) -> String {
    let used = party(used);
    let ours = r#""country_code": "DE", "party_id": "EMP", "uid""#;
    let theirs =
        format!(r#""country_code": "{}", "party_id": "{}", "uid""#, used.country_code, used.party_id);
    assert!(json.contains(ours), "{json}");
    json.replace(ours, &theirs)
}

fn ask(router: &Router, who: &str, path: &str) -> Answer {
    let mut request = raw_request(Method::GET, &format!("{BASE}{path}"), Bytes::new());
    let header = token(who).to_header(true).parse().expect("a header");
    request.headers_mut().insert(http::header::AUTHORIZATION, header);
    Answer::of(pollster::block_on(router.call(request)))
}

#[test]
fn a_list_has_the_sessions_and_cdrs_of_the_callers_parties_only() {
    let router = router();
    for (who, shown) in SHOWN {
        for module in ["sessions", "cdrs"] {
            let page = |offset: usize| {
                let answer =
                    ask(&router, who, &format!("/sender/{module}?offset={offset}")).expect(200, 1000);
                let total = shown.len().to_string();
                assert_eq!(answer.header("x-total-count"), Some(total.as_str()), "{who} {module}");
                assert_eq!(answer.header("link").is_some(), offset + 1 < shown.len(), "{who} {module}");
                let sessions = |answer: &Answer| {
                    answer.list::<Session>().iter().map(|session| session.id.to_string()).collect::<Vec<_>>()
                };
                let cdrs = |answer: &Answer| {
                    answer.list::<Cdr>().iter().map(|cdr| cdr.id.to_string()).collect::<Vec<_>>()
                };
                if module == "cdrs" { cdrs(&answer) } else { sessions(&answer) }
            };
            let found: Vec<String> = (0..=shown.len()).flat_map(page).collect();
            assert_eq!(found, *shown, "{who} {module}");
        }
    }
}

#[test]
fn what_is_not_for_the_caller_is_as_if_it_were_not_there() {
    let router = router();
    for (who, shown) in SHOWN {
        for module in ["sessions", "cdrs"] {
            let nowhere = ask(&router, who, &format!("/sender/{module}/9")).expect(404, 2000);
            for id in ["1", "2", "3", "4", "5"] {
                let answer = ask(&router, who, &format!("/sender/{module}/{id}"));
                if shown.contains(&id) {
                    answer.expect(200, 1000);
                } else {
                    let answer = answer.expect(404, 2000);
                    assert_eq!(
                        (answer.data, &answer.message),
                        (None, &nowhere.message),
                        "{who} {module} {id}"
                    );
                }
            }
        }
    }
}

#[test]
fn locations_are_for_everybody() {
    let router = router();
    for who in [CPO, OTHER] {
        assert_eq!(ask(&router, who, "/sender/locations").expect(200, 1000).list::<Location>().len(), 1);
        ask(&router, who, "/sender/locations/L1").expect(200, 1000);
        ask(&router, who, "/sender/locations/L1/E1").expect(200, 1000);
    }
}

/// A Session that is written again with another token is for somebody else then.
#[test]
fn the_audience_is_that_of_the_object_as_it_stands() {
    let objects = Objects::new(Memory::new(), vec![party("DE/EMP")]);
    let list = |used: &str| {
        let session: Session = parse(&with_token_of(used, &session_json("DE/EMP", "1", "10:00:00")));
        let at = Address::of::<Session>(&session.identity());
        pollster::block_on(objects.put_all([session])).expect("a store");
        pollster::block_on(objects.store().get(&at)).expect("a store").expect("a document").list
    };
    assert_eq!(list("nl/alf"), "DE/EMP>NL/ALF");
    assert_eq!(list("BE/OTH"), "DE/EMP>BE/OTH");
}

#[test]
fn sessions_and_cdrs_of_both_versions_have_an_audience() {
    let session = with_token_of("NL/ALF", &session_json("DE/EMP", "1", "10:00:00"));
    let cdr = with_token_of("NL/ALF", &cdr_json("DE/EMP", "1", "10:00:00"));
    let audiences = [
        parse::<Session>(&session).audience(),
        parse::<Cdr>(&cdr).audience(),
        parse::<v2_2_1::sessions::Session>(&session).audience(),
        parse::<v2_2_1::cdrs::Cdr>(&cdr.replace("before_taxes", "excl_vat")).audience(),
    ];
    assert_eq!(audiences, [(); 4].map(|()| Some(party("NL/ALF"))));
    assert_eq!(parse::<Location>(&location_json("DE/EMP", "L1", "10:00:00")).audience(), None);
}

/// A partner in 10,000 parties costs what one in a single party does: lists that have no documents are not gone over.
#[test]
fn a_hub_of_many_parties_costs_no_more_than_one_party() {
    const PARTIES: u32 = 10_000;
    let name = |number: u32| {
        let letter = |place: u32| char::from_digit(number / 36_u32.pow(place) % 36, 36).expect("a digit");
        let id: String = [letter(2), letter(1), letter(0)].iter().collect();
        party(&format!("FR/{}", id.to_ascii_uppercase()))
    };
    let objects = Arc::new(Objects::new(Memory::new(), vec![party("DE/EMP")]));
    for number in 0..300 {
        let used = format!("FR/{}", name(number % 3 * 4_999).party_id);
        let session = with_token_of(&used, &session_json("DE/EMP", &format!("S{number}"), "10:00:00"));
        pollster::block_on(objects.put_all([parse::<Session>(&session)])).expect("a store");
        let location = location_json("DE/EMP", &format!("L{number}"), "10:00:00");
        pollster::block_on(objects.put_all([parse::<Location>(&location)])).expect("a store");
    }
    let partners = KnownPartners::default()
        .with("one", Partner::new(partner_id("one"), [name(0)]))
        .with("hub", Partner::new(partner_id("hub"), (0..PARTIES).map(name)));
    let router = builder().version(Version::V2_3_0, |routes| routes.cpo(&objects));
    let router = router.build(partners).expect("a router");
    let cost = |who: &str, path: &str| {
        let before = objects.store().steps();
        let answer = ask(&router, who, path).expect(200, 1000);
        let total = answer.header("x-total-count").map(str::to_owned).expect("a total");
        (objects.store().steps() - before, total)
    };
    for (path, one, hub) in [
        ("/sender/sessions", "100", "300"),
        ("/sender/sessions?offset=1&limit=99", "100", "300"),
        ("/sender/sessions?date_from=2026-01-01T00:00:00Z&limit=90", "100", "300"),
        ("/sender/locations", "300", "300"),
    ] {
        let ((few, of_one), (many, of_hub)) = (cost("one", path), cost("hub", path));
        assert_eq!((of_one.as_str(), of_hub.as_str()), (one, hub), "{path}");
        // Twice as many documents are counted in a window.
        let counted = if path.contains("date_from") { 200 } else { 0 };
        assert!(2 * (many - counted) <= 3 * few, "{path}: {many} steps, and {few} for one party");
    }
}
