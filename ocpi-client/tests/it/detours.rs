//! Detours of a client for a partner: those that its profile asks for, and those that it learns by itself.

use std::time::Duration;

use bytes::Bytes;
use ocpi_client::{Client, Learned, RequestIds, Retry};
use ocpi_testkit::{Script, envelope, failure, parse, party, respond, success, token};
use ocpi_types::endpoint::{Authorize, GetCopy, GetOwn, List, Owned, PostCdr, Put, TariffKey, TokenKey};
use ocpi_types::json::{OnPartial, RawJson, Times, WritingStyle};
use ocpi_types::protocol::{EndpointUrl, ModuleTraffic, PartnerProfile, TokenForm, TokenScope};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::{Token, TokenType};
use ocpi_types::{InterfaceRole, ModuleId, Rate, Ruleset, Version};
use pollster::block_on;
use proptest::prelude::*;

use crate::wire::{TOKEN, client, endpoint, tariff};

const FIRST: &str = "https://cpo.example/cpo/2.1.1/tariffs";
const SECOND: &str = "https://cpo.example/emsp/2.1.1/tariffs";

/// A platform of 2.1.1 that is CPO and eMSP, and names Tariffs twice.
fn named_twice() -> Client {
    let urls = [FIRST, SECOND].map(|url| endpoint(ModuleId::Tariffs, InterfaceRole::Sender, url));
    Client::new(Version::V2_1_1, urls.to_vec(), token(TOKEN), RequestIds::new("run"))
        .with_rate(None)
        .with_retry(Retry::NEVER)
}

fn put() -> Put<Tariff> {
    Put::of(parse(&tariff("T1")))
}

fn done() -> http::Response<Bytes> {
    respond(200, &[], r#"{"status_code": 1000, "timestamp": "2026-11-22T10:00:00Z"}"#)
}

/// U7: nothing was done at the first URL, so the second is tried; the next request goes there at once.
#[test]
fn a_module_that_is_named_twice_is_found_at_its_second_url() {
    for wrong in [failure(405, 2000), respond(405, &[], ""), respond(404, &[], r#"{"detail": "Not Found"}"#)]
    {
        let client = named_twice();
        let script = Script::of([wrong, done(), done()]);
        block_on(client.clone().over(&script).send(&put())).expect("stored");
        block_on(client.clone().over(&script).send(&put())).expect("stored");
        let [first, second] = [FIRST, SECOND].map(|url| format!("PUT {url}/NL/ALF/T1"));
        assert_eq!(script.asked(), [first, second.clone(), second]);

        let learned = client.learned_profile();
        let url = learned.url(Version::V2_1_1, &ModuleId::Tariffs, &InterfaceRole::Receiver);
        assert_eq!(url.map(|url| url.as_str()), Some(SECOND));
        let told = client.deviations();
        assert!(told.iter().any(
            |it| it.to_string().starts_with("Put<Tariff>: ") && it.finding.rule.id() == "vers.second_url"
        ));
        // The other interface is where it was.
        let list = client.request(&List::<Tariff>::all()).expect("offered");
        assert_eq!(list.uri(), FIRST);
        // Stored and read again, another client begins there.
        let stored = PartnerProfile::from_json(&learned.to_json()).expect("stored");
        let script = Script::of([done()]);
        block_on(named_twice().with_profile(stored).over(&script).send(&put())).expect("stored");
        assert_eq!(script.asked(), [format!("PUT {SECOND}/NL/ALF/T1")]);
    }
}

/// U7: a partner that knows the module and not the object, one that is down, one of which both URLs are wrong, and one that
/// has roles.
#[test]
fn a_second_url_is_no_second_try() {
    let get = || {
        GetCopy::<Tariff>::new(Owned {
            owner: party("NL/ALF"),
            key: TariffKey { tariff_id: "T1".parse().expect("an id") },
        })
    };
    for answer in [
        failure(404, 2003),
        failure(200, 2003),
        failure(500, 3000),
        respond(503, &[], ""),
        failure(401, 2000),
    ] {
        let script = Script::of([answer]);
        let client = named_twice();
        block_on(client.clone().over(&script).send(&get())).expect_err("not there");
        assert_eq!(client.learned_profile(), PartnerProfile::strict());
    }
    let script = Script::of([failure(405, 2000), failure(405, 2000)]);
    let twice = named_twice();
    let error = block_on(twice.clone().over(&script).send(&put())).expect_err("nowhere");
    assert!(error.is_method_not_allowed());
    assert_eq!(twice.learned_profile(), PartnerProfile::strict(), "nothing is learned from that");
    let script = Script::of([failure(405, 2000)]).then_nothing();
    block_on(named_twice().over(&script).send(&put())).expect_err("the line is dead");
    let one = Script::of([failure(405, 2000)]);
    block_on(client().over(&one).send(&put())).expect_err("it has one URL");
}

/// U7: the operator knows better than the order of the list.
#[test]
fn the_url_of_a_profile_comes_first() {
    let url = |version| EndpointUrl {
        version,
        module: ModuleId::Tariffs,
        role: InterfaceRole::Receiver,
        url: SECOND.parse().expect("a URL"),
    };
    let profile = PartnerProfile::strict().with_url(url(Version::V2_1_1));
    let request = named_twice().with_profile(profile).request(&put()).expect("offered");
    assert_eq!(request.uri(), &*format!("{SECOND}/NL/ALF/T1"));
    let of_another = PartnerProfile::strict().with_url(url(Version::V2_3_0));
    let request = named_twice().with_profile(of_another).request(&put()).expect("offered");
    assert_eq!(request.uri(), &*format!("{FIRST}/NL/ALF/T1"));
}

/// B1: slashes.
#[test]
fn paths_end_as_the_partner_wants_it() {
    let of = |slash: Option<bool>| {
        let mut profile = PartnerProfile::strict();
        profile.request_slash = slash;
        client().with_profile(profile)
    };
    let path = |slash: Option<bool>, list: &List<Tariff>| {
        of(slash).request(list).expect("offered").uri().to_string()
    };
    let below = |slash: Option<bool>| of(slash).request(&put()).expect("offered").uri().to_string();
    let tariff = "https://cpo.example/ocpi/2.3.0/receiver/tariffs/NL/ALF/T1";
    assert_eq!([None, Some(false)].map(below), [tariff, tariff]);
    assert_eq!(below(Some(true)), format!("{tariff}/"));
    // The URL of a module stays as the partner told it.
    let base = "https://cpo.example/ocpi/2.3.0/sender/tariffs";
    let paged = List { offset: Some(7), ..List::all() };
    for slash in [None, Some(true), Some(false)] {
        assert_eq!(path(slash, &paged), format!("{base}?offset=7"));
    }
    // A link is followed as it stands.
    let link = List::at(format!("{base}?cursor=a%2Fb").parse().expect("a URL"));
    assert_eq!(path(Some(true), &link), format!("{base}?cursor=a%2Fb"));
}

fn redirect(status: u16, to: &str) -> http::Response<Bytes> {
    respond(status, &[("location", to)], "")
}

/// P1: a framework that tells paths with a slash at the end from those without one redirects, and did nothing. The same request
/// goes there once, at the registered origin; from then on it goes there at once, also after the profile was stored.
#[test]
fn slashes_are_learned_from_redirects() {
    let base = "https://cpo.example/ocpi/2.3.0/receiver/tariffs/NL/ALF/T1";
    for (status, to) in [
        (307, format!("{base}/")),
        (308, "http://10.0.0.7:8000/ocpi/2.3.0/receiver/tariffs/NL/ALF/T1/".to_owned()),
    ] {
        let script = Script::of([redirect(status, &to), done(), done()]);
        let client = client();
        block_on(client.clone().over(&script).send(&put())).expect("stored");
        block_on(client.clone().over(&script).send(&put())).expect("stored");
        assert_eq!(script.asked(), [format!("PUT {base}"), format!("PUT {base}/"), format!("PUT {base}/")]);
        assert!(client.deviations().iter().any(|it| it.finding.rule.id() == "vers.slash"));
        let stored = PartnerProfile::from_json(&client.learned_profile().to_json()).expect("stored");
        assert_eq!(stored.request_slash, Some(true));
    }
    // The URL of a module itself says nothing of the paths below it.
    let list = "https://cpo.example/ocpi/2.3.0/sender/tariffs";
    let page =
        || respond(200, &[], r#"{"data": [], "status_code": 1000, "timestamp": "2026-11-22T10:00:00Z"}"#);
    let script = Script::of([redirect(308, &format!("{list}/?limit=7")), page(), page()]);
    let client = client();
    let asked = List::<Tariff> { limit: Some(7), ..List::all() };
    block_on(client.clone().over(&script).send(&asked)).expect("a page");
    block_on(client.clone().over(&script).send(&asked)).expect("a page");
    let [first, second] = ["", "/"].map(|slash| format!("GET {list}{slash}?limit=7"));
    assert_eq!(script.asked(), [first, second.clone(), second]);
    assert_eq!(client.learned_profile().request_slash, None);
    let put = client.request(&put()).expect("offered");
    assert_eq!(put.uri(), base);
}

/// P1: what is no redirect to the same path is not followed, nor what the operator's profile forbids.
#[test]
fn no_write_goes_anywhere_else() {
    let base = "https://cpo.example/ocpi/2.3.0/receiver/tariffs/NL/ALF/T1";
    for (status, to) in [
        (308, "https://cpo.example/login/".to_owned()),
        (308, base.to_owned()),
        (308, "/ocpi/2.3.0/receiver/tariffs/NL/ALF/T1/more/".to_owned()),
        (301, format!("{base}/")),
        (302, format!("{base}/")),
        (200, format!("{base}/")),
    ] {
        let script = Script::of([redirect(status, &to)]);
        let client = client();
        let answered = block_on(client.clone().over(&script).send(&put()));
        assert!(answered.is_err() || status == 200, "{status} {to}");
        assert_eq!(client.learned_profile(), PartnerProfile::strict(), "{status} {to}");
    }
    let script = Script::of([redirect(308, &format!("{base}/")), redirect(308, base)]);
    block_on(client().over(&script).send(&put())).expect_err("it goes in circles");
    assert_eq!(script.asked().len(), 2);
    let bare = PartnerProfile::strict().with_request_slash(false);
    let script = Script::of([redirect(308, &format!("{base}/"))]);
    block_on(client().with_profile(bare).over(&script).send(&put())).expect_err("as the operator says");
}

/// E6: no more is asked for than the partner lets be, by its profile or by what it refused.
#[test]
fn limits_are_kept_to_and_learned() {
    let known = client().with_profile(PartnerProfile::strict().with_most_limit(50));
    let uri = |list: &List<Tariff>| known.request(list).expect("offered").uri().query().map(str::to_owned);
    assert_eq!(uri(&List { limit: Some(1_000), ..List::all() }), Some("limit=50".to_owned()));
    assert_eq!(uri(&List { limit: Some(20), ..List::all() }), Some("limit=20".to_owned()));
    assert_eq!(uri(&List::all()), None);

    let client = client();
    let none = || respond(200, &[("x-total-count", "0")], &envelope("[]"));
    let script = Script::of([failure(400, 2001), none(), none()]);
    let over = client.clone().over(&script);
    block_on(over.pages::<Tariff>().limit(1_000).collect_items()).expect("the half is taken");
    assert_eq!(client.learned_profile(), PartnerProfile::strict().with_most_limit(500));
    block_on(client.over(&script).pages::<Session>().limit(1_000).collect_items()).expect("at once");
    let asked = script.asked();
    let limits: Vec<&str> = asked.iter().filter_map(|it| it.split("limit=").nth(1)).collect();
    assert_eq!(limits, ["1000", "500", "500"]);
}

/// E11: a module that is only pushed has no list, one that is only pulled takes no push.
#[test]
fn a_direction_that_does_not_exist_is_not_offered() {
    let partner = client().with_profile(PartnerProfile::roaming_platform());
    assert!(!partner.offers::<List<Session>>() && partner.offers::<Put<Session>>());
    assert!(!partner.offers::<List<Cdr>>() && partner.offers::<PostCdr<Cdr>>());
    assert!(partner.offers::<List<Tariff>>() && !partner.offers::<Put<Tariff>>());
    assert!(!partner.offers::<List<Token>>() && !partner.offers::<GetOwn<Token>>());
    assert!(partner.offers::<Authorize>(), "a question is no list");
    let error = partner.request(&List::<Session>::all()).expect_err("push only");
    assert!(error.is_not_offered());
    let authorize = Authorize {
        token: TokenKey { uid: "04A2".parse().expect("an id"), r#type: TokenType::Rfid },
        location: None,
    };
    partner.request(&authorize).expect("offered");
}

/// The first of each rule, however often it is broken.
#[test]
fn deviations_are_told_once_with_their_number() {
    let client = client();
    let odd = |extra: u32| {
        success(&format!("[{}]", tariff("T1").replace("\"EUR\"", &format!("\"eur\", \"x{extra}\": null"))))
    };
    for extra in 0..3 {
        client.response::<List<Tariff>>(odd(extra)).expect("a page");
    }
    let told = client.deviations();
    assert!(!told.is_empty());
    assert!(told.iter().all(|it| it.endpoint == "List<Tariff>" && it.times == 3), "{told:?}");
    let learned = Learned::default();
    let apart = client.clone().with_learned(learned.clone());
    apart.response::<List<Tariff>>(odd(0)).expect("a page");
    assert_eq!((learned.deviations().len(), client.deviations()), (told.len(), told));
}

fn form() -> impl Strategy<Value = TokenForm> {
    prop_oneof![Just(TokenForm::Plain), Just(TokenForm::Base64)]
}

fn module() -> impl Strategy<Value = ModuleId> {
    prop_oneof![
        prop::sample::select(ModuleId::ALL),
        "[a-z-]{1,12}".prop_map(|text| ModuleId::from(text.as_str()))
    ]
}

fn scope() -> impl Strategy<Value = TokenScope> {
    prop_oneof![
        Just(TokenScope::Versions),
        Just(TokenScope::VersionDetails),
        module().prop_map(TokenScope::Module)
    ]
}

fn style() -> impl Strategy<Value = WritingStyle> {
    let times = prop_oneof![Just(Times::AsIs), Just(Times::Seconds), Just(Times::Millis)];
    let lengths = prop::option::of(Just(&Ruleset::V2_3_0_ED1));
    (any::<bool>(), times, prop::option::of(5..8_u8), lengths).prop_map(
        |(explicit_nulls, times, coordinate_decimals, lengths)| WritingStyle {
            explicit_nulls,
            times,
            coordinate_decimals,
            lengths,
        },
    )
}

fn url() -> impl Strategy<Value = EndpointUrl> {
    let role = prop_oneof![Just(InterfaceRole::Sender), Just(InterfaceRole::Receiver)];
    (prop::sample::select(Version::ALL), module(), role, "[a-z/]{0,20}").prop_map(
        |(version, module, role, path)| {
            let url = format!("https://cpo.example/{path}").parse().expect("a URL");
            EndpointUrl { version, module, role, url }
        },
    )
}

fn profile() -> impl Strategy<Value = PartnerProfile> {
    let traffic = prop_oneof![Just(ModuleTraffic::PushOnly), Just(ModuleTraffic::PullOnly)];
    let on_partial = prop_oneof![Just(OnPartial::Separate), Just(OnPartial::Keep), Just(OnPartial::Fail)];
    let rate = (1..u32::MAX, 0..100_000_000_u64)
        .prop_map(|(requests, millis)| Rate::new(requests, Duration::from_millis(millis)));
    let tokens = (prop::option::of(form()), prop::collection::btree_map(scope(), form(), 0..5));
    let slashes = (any::<Option<bool>>(), any::<bool>(), any::<bool>());
    let numbers = (prop::option::of(0..i64::MAX as u64), prop::option::of(rate));
    let lists = (prop::collection::vec(url(), 0..4), prop::collection::btree_map(module(), traffic, 0..4));
    (tokens, style(), on_partial, slashes, numbers, lists).prop_map(
        |((token, token_at), style, on_partial, slashes, (most_limit, rate), (urls, traffic))| {
            let mut profile = PartnerProfile::strict().with_style(style).with_on_partial(on_partial);
            (profile.token, profile.token_at, profile.traffic) = (token, token_at, traffic);
            (profile.request_slash, profile.needs_url_slash, profile.counts_only_200) = slashes;
            (profile.most_limit, profile.rate) = (most_limit, rate);
            urls.into_iter().fold(profile, PartnerProfile::with_url)
        },
    )
}

proptest! {
    /// A profile that is stored is the same when it is read, also beside members of a newer version.
    #[test]
    fn a_profile_survives_being_stored(profile in profile()) {
        let json = profile.to_json();
        prop_assert_eq!(&PartnerProfile::from_json(&json).expect("a profile"), &profile);
        let newer = json.as_str().replacen('{', r#"{"newer": [1, {}], "#, 1).replace(", }", "}");
        let newer: RawJson = newer.parse().expect("JSON");
        prop_assert_eq!(&PartnerProfile::from_json(&newer).expect("a profile"), &profile);
    }
}
