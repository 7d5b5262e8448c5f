//! Registrations that get stuck, and how they come free again.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use http::Method;
use ocpi_platform::{Adopted, Allow, Error, Hooks, PartnerState, Suspicion};
use ocpi_testkit::{
    CannedPlatform, Fate, Network, PlatformSetup, SteppedClock, TestPlatform, credentials_json, party,
    registered, respond, success, token,
};
use ocpi_types::Version;
use ocpi_types::observe::{Event, EventKind, Observer, from_fn};
use ocpi_types::protocol::{PartnerId, PartnerProfile};
use pollster::block_on;

use crate::hand::{HAND, allow_hand, ask_for_tariffs, by_hand_registered, inviting, state};

fn url() -> ocpi_types::Url {
    "https://hand.example/ocpi/versions".parse().expect("a URL")
}

/// A partner that answers our POST with this body, and what it was asked.
fn answers(network: &Network, status: u16, body: &str) {
    let body = body.to_owned();
    let CannedPlatform { versions, details } = CannedPlatform::with("");
    network.add_host("hand.example", move |request| match *request.method() {
        Method::POST => respond(status, &[], &body),
        Method::DELETE => respond(200, &[], r#"{"status_code": 1000, "timestamp": "2026-11-22T12:00:00Z"}"#),
        _ if request.uri().path().ends_with("/versions") => success(&versions),
        _ if request.uri().path().ends_with("/credentials") => {
            success(&credentials_json("token-c", "hand.example", HAND))
        }
        _ => success(&details),
    });
}

fn ok(data: &str) -> String {
    format!(r#"{{"data": {data}, "status_code": 1000, "timestamp": "2026-11-22T12:00:00Z"}}"#)
}

/// F9: whatever is wrong with the answer to our POST, token C is not lost: it is used for the DELETE.
#[test]
fn an_answer_that_is_refused_is_taken_back() {
    let whole = credentials_json("token-c", "hand.example", HAND);
    for data in [
        credentials_json("token-c", "hand.example", &[]),
        credentials_json("token-c", "hand.example", &[("CPO", "NL", "ALF")]),
        credentials_json("token-c", "hand.example", &[("CPO", "XX", "MAL")]),
        whole.replace("https://", "http://"),
        r#"{"token": "token-c"}"#.to_owned(),
        r#"{"token": "token-c", "url": 5, "roles": "none"}"#.to_owned(),
        r#"{"token": "token-c", "url": "https://hand.example/ocpi/versions", "country_code": "BE", "party_id": "HND",
            "business_details": {"name": "Hand"}}"#.to_owned(),
    ] {
        let network = Network::default();
        let cpo = PlatformSetup::cpo().open(&network);
        answers(&network, 200, &ok(&data));
        let failed = block_on(cpo.platform.register("hand", url(), token("token-a"), allow_hand()));
        assert!(failed.is_err(), "{data}: {failed:?}");
        let asked = network.take_requests();
        let deleted = "DELETE https://hand.example/ocpi/2.3.0/credentials";
        assert_eq!(asked.last().map(String::as_str), Some(deleted), "{data}");
        assert_eq!(state(&cpo, "hand"), Some(PartnerState::Left), "{data}");
    }
}

/// F9: what is missing and not needed does not stop a registration.
#[test]
fn roles_without_business_details_are_taken() {
    let network = Network::default();
    let cpo = PlatformSetup::cpo().open(&network);
    let data = r#"{"token": "token-c", "url": "https://hand.example/ocpi/versions",
        "roles": [{"role": "EMSP", "country_code": "BE", "party_id": "HND"}]}"#;
    answers(&network, 200, &ok(data));
    let registered = block_on(cpo.platform.register("hand", url(), token("token-a"), allow_hand()));
    let registered = registered.expect("registered");
    assert_eq!((registered.state, registered.parties()), (PartnerState::Registered, vec![party("BE/HND")]));
}

/// U12: the same where the partner registers with us, in every version; it is told.
#[test]
fn who_registers_without_business_details_is_taken() {
    let owner = r#""country_code": "BE", "party_id": "HND""#;
    for (version, said) in [
        ("2.1.1", owner.to_owned()),
        ("2.1.1", format!(r#"{owner}, "business_details": {{}}"#)),
        ("2.2", format!(r#""roles": [{{"role": "EMSP", {owner}}}]"#)),
        ("2.2.1", format!(r#""roles": [{{"role": "EMSP", "business_details": null, {owner}}}]"#)),
        ("2.3.0", format!(r#""roles": [{{"role": "EMSP", "business_details": {{}}, {owner}}}]"#)),
    ] {
        let findings = Arc::new(Mutex::new(Vec::new()));
        let observer = Observer::new(from_fn({
            let findings = Arc::clone(&findings);
            move |event: &Event<'_>| {
                if let EventKind::Found(found) = &event.kind {
                    findings.lock().expect("no panic").extend(found.iter().map(|it| it.pointer.clone()));
                }
            }
        }));
        let setup = PlatformSetup { observer, versions: Version::SPOKEN.to_vec(), ..PlatformSetup::cpo() };
        let (network, cpo, token_a) = inviting(setup);
        let base = "https://hand.example/ocpi";
        CannedPlatform {
            versions: format!(r#"[{{"version": "{version}", "url": "{base}/{version}"}}]"#),
            details: format!(
                r#"{{"version": "{version}", "endpoints": [{{"identifier": "credentials", "role": "SENDER",
                "url": "{base}/{version}/credentials"}}]}}"#
            ),
        }
        .add_to(&network);
        let body = format!(r#"{{"token": "token-b", "url": "{base}/versions", {said}}}"#);
        let url = format!("{}/{version}/credentials", cpo.platform.base());
        let request = http::Request::post(url).header("Authorization", token_a.to_header(version != "2.1.1"));
        let answer = cpo.ask(request.body(body.into()).expect("a request"));
        assert_eq!(answer, (200, 1000), "{version} {said}");
        assert_eq!(cpo.partner("hand").parties(), [party("BE/HND")], "{version}");
        let findings = findings.lock().expect("no panic").join(" ");
        assert!(findings.contains("business_details"), "{version} {said}: {findings}");
    }
}

/// F9: while the DELETE cannot be delivered, it is tried again; a partner that does not know us is content.
#[test]
fn a_delete_is_delivered_later() {
    for status in [200, 401, 404, 405] {
        let network = Network::default();
        let clock = SteppedClock::default();
        let setup = |setup: PlatformSetup| PlatformSetup { clock: clock.clock(), ..setup }.open(&network);
        let (cpo, emsp) = (setup(PlatformSetup::cpo()), setup(PlatformSetup::emsp()));
        emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
        network.remove_host("cpo.example");
        block_on(emsp.platform.unregister("cpo")).expect_err("nobody is there");
        assert_eq!(state(&emsp, "cpo"), Some(PartnerState::Leaving));
        cpo.reach("emsp").expect_err("its token is good for DELETE only");
        let body = r#"{"status_code": 1000, "timestamp": "2026-11-22T12:00:00Z"}"#;
        network.add_host("cpo.example", move |_| respond(status, &[], body));
        block_on(emsp.platform.tick()).expect("a store");
        assert_eq!(state(&emsp, "cpo"), Some(PartnerState::Leaving), "it is not due yet");
        clock.advance(2);
        block_on(emsp.platform.tick()).expect("a store");
        assert_eq!(state(&emsp, "cpo"), Some(PartnerState::Left), "{status}");
    }
}

/// Both begin: one loses its answer, and then the other registers from its side.
#[test]
fn who_waits_for_an_answer_takes_the_partners_put() {
    let network = Network::default();
    let (cpo, emsp) = (PlatformSetup::cpo().open(&network), PlatformSetup::emsp().open(&network));
    network.once(Method::POST, Fate::AnswerLost);
    emsp.register_with(&cpo, "cpo", "emsp").expect_err("the answer was lost");
    network.calm();
    assert_eq!(state(&cpo, "emsp"), Some(PartnerState::Registered));
    assert_eq!(state(&emsp, "cpo"), Some(PartnerState::Registering));
    cpo.reach("emsp").expect_err("functional modules are not open yet");
    // The CPO sees 401, and heals.
    assert!(cpo.partner("emsp").is_suspect);
    let ticked = block_on(cpo.platform.tick()).expect("a store");
    assert!(ticked.failed.is_empty(), "{ticked:?}");
    assert_eq!(state(&emsp, "cpo"), Some(PartnerState::Registered));
    cpo.reach("emsp").expect("the CPO has a token");
    emsp.reach("cpo").expect("the eMSP has a token");
}

/// The answer to a POST is lost: `tick` sends the same request again, and is given the same token.
#[test]
fn a_lost_answer_is_asked_for_again() {
    let network = Network::default();
    let clock = SteppedClock::default();
    let setup = |setup: PlatformSetup| PlatformSetup { clock: clock.clock(), ..setup }.open(&network);
    let (cpo, emsp) = (setup(PlatformSetup::cpo()), setup(PlatformSetup::emsp()));
    network.once(Method::POST, Fate::AnswerLost);
    emsp.register_with(&cpo, "cpo", "emsp").expect_err("the answer was lost");
    network.calm();
    // Also after a restart.
    let emsp = setup(PlatformSetup { store: Arc::clone(&emsp.store), ..PlatformSetup::emsp() });
    clock.advance(2);
    let ticked = block_on(emsp.platform.tick()).expect("a store");
    assert!(ticked.failed.is_empty(), "{ticked:?}");
    cpo.reach("emsp").expect("the CPO has token B");
    emsp.reach("cpo").expect("the eMSP has token C");
}

/// A request that is doubled on its way changes nothing, before and after its answer was used.
#[test]
fn a_doubled_request_replaces_no_token() {
    let network = Network::default();
    let (cpo, emsp) = (PlatformSetup::cpo().open(&network), PlatformSetup::emsp().open(&network));
    let cpo = Arc::new(cpo);
    let kept = Arc::new(Mutex::new(None));
    let keep = |method: Method| {
        let kept = Arc::clone(&kept);
        network.watch(move |request| {
            if *request.method() == method {
                *kept.lock().expect("nobody panicked") = Some(request.clone());
            }
            None
        });
    };
    let double = || {
        let request = kept.lock().expect("nobody panicked").clone().expect("it was sent");
        cpo.ask(request)
    };
    keep(Method::POST);
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    assert_eq!(double(), (401, 2000));
    emsp.reach("cpo").expect("the late one changed nothing");
    keep(Method::PUT);
    block_on(emsp.platform.rotate("cpo")).expect("rotated");
    assert_eq!(double(), (401, 2000));
    emsp.reach("cpo").expect("the late one changed nothing");
    cpo.reach("emsp").expect("the late one changed nothing");
}

/// A partner of another make takes token A for spent once it has answered, and its answer was lost: its operator hands
/// over another one.
#[test]
fn what_is_stuck_is_resumed_with_another_token_a() {
    struct Told(AtomicBool);
    impl Hooks for Told {
        fn on_suspect(&self, _: &PartnerId, why: Suspicion) {
            assert_eq!(why, Suspicion::RefusesOurToken);
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let told = Arc::new(Told(AtomicBool::new(false)));
    let network = Network::default();
    let clock = SteppedClock::default();
    let hooks: Arc<dyn Hooks> = Arc::clone(&told) as _;
    let cpo =
        PlatformSetup { clock: clock.clock(), hooks: Some(hooks), ..PlatformSetup::cpo() }.open(&network);
    answers(&network, 200, &ok(&credentials_json("token-c", "hand.example", HAND)));
    network.once(Method::POST, Fate::AnswerLost);
    block_on(cpo.platform.register("hand", url(), token("token-a"), allow_hand())).expect_err("lost");
    network.calm();
    network.add_host("hand.example", |_| respond(401, &[], r#"{"status_code": 2000}"#));
    for _ in 0..2 {
        clock.advance(700);
        assert_eq!(block_on(cpo.platform.tick()).expect("a store").failed.len(), 1);
    }
    assert!(cpo.partner("hand").is_suspect && told.0.load(Ordering::Relaxed), "it is never silent");
    let again = block_on(cpo.platform.register("hand", url(), token("token-a2"), allow_hand()));
    assert!(matches!(again, Err(Error::Busy(_))), "one exchange is open");
    answers(&network, 200, &ok(&credentials_json("token-c2", "hand.example", HAND)));
    let resumed = block_on(cpo.platform.resume_with("hand", url(), token("token-a2"))).expect("resumed");
    assert_eq!(resumed.state, PartnerState::Registered);
    let works = block_on(cpo.platform.resume_with("hand", url(), token("token-a3")));
    assert!(matches!(works, Err(Error::Registered(_))), "what works is not thrown away");
}

/// One side forgets without a word: the other sees 401, and its operator learns of it.
#[test]
fn a_partner_that_forgot_us_is_suspect() {
    let (_network, cpo, emsp) = registered();
    block_on(cpo.platform.forget("emsp")).expect("forgotten");
    emsp.reach("cpo").expect_err("forgotten");
    assert!(emsp.partner("cpo").is_suspect);
    assert_eq!(emsp.partner("cpo").state, PartnerState::Registered, "nothing is dropped");
}

/// A registration of another system goes on here.
#[test]
fn a_registration_of_another_system_is_adopted() {
    let (network, cpo, _, token_c) = by_hand_registered();
    let known = cpo.partner("hand");
    let other = PlatformSetup::new("new", &[("CPO", "NL", "NEW")]).open(&network);
    let adopted = || Adopted {
        token_we_issued: token_c.clone(),
        token_we_received: token("token-b"),
        versions_url: url(),
        version: Version::V2_3_0,
        profile: PartnerProfile::strict(),
        endpoints: known.endpoints.clone(),
        roles: known.roles.clone(),
    };
    let status = block_on(other.platform.adopt("hand", adopted())).expect("adopted");
    assert_eq!((status.state, status.parties()), (PartnerState::Registered, vec![party("BE/HND")]));
    assert_eq!(ask_for_tariffs(&other, &token_c), (200, 1000));
    assert!(matches!(block_on(other.platform.adopt("hand", adopted())), Err(Error::Registered(_))));
    let taken = Adopted { token_we_issued: token("another"), ..adopted() };
    let taken = block_on(other.platform.adopt("again", taken));
    assert!(matches!(taken, Err(Error::PartyTaken(taken)) if taken == party("BE/HND")));
    let same_token =
        block_on(other.platform.adopt("third", Adopted { roles: roles_of("BE/THR"), ..adopted() }));
    assert!(matches!(same_token, Err(Error::Conflict(_))), "a token belongs to one partner");
}

fn roles_of(text: &str) -> Vec<ocpi_types::v2_3_0::credentials::CredentialsRole> {
    let party = party(text);
    let roles = ocpi_testkit::roles_json(&[("EMSP", party.country_code.as_str(), party.party_id.as_str())]);
    ocpi_testkit::parse_list(&roles)
}

/// A platform is not opened over a partner that has its party.
#[test]
fn our_own_parties_are_claimed() {
    let (network, cpo, ..) = by_hand_registered();
    let setup =
        PlatformSetup { store: Arc::clone(&cpo.store), ..PlatformSetup::new("two", &[("CPO", "BE", "HND")]) };
    let opened = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| setup.open(&network)));
    assert!(opened.is_err(), "the party is the partner's");
    let _: &TestPlatform = &cpo;
}

/// A party that was ours goes to a partner once the operator releases it.
#[test]
fn a_party_that_was_ours_can_be_released() {
    let network = Network::default();
    let before = PlatformSetup::new("cpo", &[("CPO", "NL", "ALF"), ("CPO", "BE", "HND")]).open(&network);
    let release = |side: &TestPlatform| block_on(side.platform.release(&party("BE/HND")));
    assert!(matches!(release(&before), Err(Error::NotReserved(_))), "it is ours");
    let setup = || PlatformSetup { store: Arc::clone(&before.store), ..PlatformSetup::cpo() };
    let cpo = setup().open(&network);
    CannedPlatform::with("").add_to(&network);
    let token_a = crate::hand::invite(&cpo, "hand");
    let send = || cpo.exchange_credentials(Method::POST, &token_a, &crate::hand::by_hand());
    assert_eq!(send().1, 2001, "it was ours");
    release(&cpo).expect("it is ours no more");
    assert!(matches!(release(&cpo), Err(Error::NotReserved(_))), "it is free");
    assert_eq!(send().1, 1000);
    assert_eq!(cpo.partner("hand").parties(), [party("BE/HND")]);
}

/// Roles that are too large for the store: the token is stored, and the registration taken back.
#[test]
fn an_answer_with_too_large_roles_is_taken_back() {
    let name = "n".repeat(60_000);
    let role = credentials_json("token-c", "hand.example", HAND);
    let role = &role[role.find("\"roles\": [").expect("roles") + 10..role.len() - 2];
    let of = |number: usize| {
        let named = role.replacen("\"name\": \"", &format!("\"name\": \"{name}"), 1);
        assert_ne!(named, role);
        named.replace("HND", &format!("{number:03}"))
    };
    let roles: Vec<String> = (0..300).map(of).collect();
    let data = format!(
        r#"{{"token": "token-c", "url": "https://hand.example/ocpi/versions", "roles": [{}]}}"#,
        roles.join(",")
    );
    let network = Network::default();
    let cpo = PlatformSetup::cpo().open(&network);
    answers(&network, 200, &ok(&data));
    let failed = block_on(cpo.platform.register("hand", url(), token("token-a"), allow_hand()));
    assert!(matches!(failed, Err(Error::NoRoles)), "{failed:?}");
    let asked = network.take_requests();
    let deleted = "DELETE https://hand.example/ocpi/2.3.0/credentials";
    assert_eq!(asked.last().map(String::as_str), Some(deleted));
    assert_eq!(state(&cpo, "hand"), Some(PartnerState::Left));
}

/// A registration that is stuck is given up only once the partner is there.
#[test]
fn what_is_resumed_is_kept_until_the_partner_is_there() {
    let (network, cpo, _, token_c) = by_hand_registered();
    assert_eq!(ask_for_tariffs(&cpo, &token_c), (200, 1000));
    network.add_host("hand.example", |_| respond(401, &[], r#"{"status_code": 2000}"#));
    block_on(cpo.platform.resume("hand")).expect_err("refused");
    let resume = |token_a: &str| block_on(cpo.platform.resume_with("hand", url(), token(token_a)));
    network.remove_host("hand.example");
    resume("token-a2").expect_err("nobody is there");
    assert_eq!(state(&cpo, "hand"), Some(PartnerState::Registered), "nothing is given up");
    assert_eq!(ask_for_tariffs(&cpo, &token_c), (200, 1000));
    // The token that was good last is there in each further try.
    let refuses = |status: u16| {
        let CannedPlatform { versions, details } = CannedPlatform::with("");
        network.add_host("hand.example", move |request| match *request.method() {
            Method::POST => respond(status, &[], r#"{"status_code": 2000}"#),
            Method::PUT if request.headers()["authorization"] == token("token-b").to_header(true) => {
                success(&credentials_json("token-c2", "hand.example", HAND))
            }
            Method::PUT => respond(401, &[], r#"{"status_code": 2000}"#),
            _ if request.uri().path().ends_with("/versions") => success(&versions),
            _ if request.uri().path().ends_with("/credentials") => {
                success(&credentials_json("token-c2", "hand.example", HAND))
            }
            _ => success(&details),
        });
    };
    refuses(500);
    resume("token-a3").expect_err("it fails");
    assert_eq!(state(&cpo, "hand"), Some(PartnerState::Registering));
    refuses(405);
    assert_eq!(resume("token-a4").expect("taken up").state, PartnerState::Registered);
}

/// Work that was put off while the clock was ahead does not wait until then.
#[test]
fn a_clock_that_was_ahead_holds_nothing_up() {
    let ahead = || SteppedClock::at("2036-01-01T00:00:00Z".parse().expect("a time"));
    for lost in [Method::PUT, Method::GET, Method::DELETE] {
        let network = Network::default();
        let setup =
            |setup: PlatformSetup, clock: SteppedClock| PlatformSetup { clock: clock.clock(), ..setup };
        let cpo = setup(PlatformSetup::cpo(), ahead()).open(&network);
        let emsp = setup(PlatformSetup::emsp(), ahead()).open(&network);
        emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
        let is_left = lost == Method::DELETE;
        if is_left {
            network.once(Method::DELETE, Fate::Lost);
            block_on(emsp.platform.unregister("cpo")).expect_err("lost");
        } else {
            network.once(lost.clone(), if lost == Method::PUT { Fate::AnswerLost } else { Fate::Lost });
            block_on(emsp.platform.rotate("cpo")).expect_err("lost");
        }
        network.calm();
        let clock = SteppedClock::default();
        let again = |side: &TestPlatform, made| PlatformSetup { store: Arc::clone(&side.store), ..made };
        let cpo = setup(again(&cpo, PlatformSetup::cpo()), clock.clone()).open(&network);
        let emsp = setup(again(&emsp, PlatformSetup::emsp()), clock.clone()).open(&network);
        for _ in 0..4 {
            for side in [&cpo, &emsp] {
                block_on(side.platform.tick()).expect("a store");
            }
            clock.advance(20);
        }
        if is_left {
            assert_eq!(state(&emsp, "cpo"), Some(PartnerState::Left));
            continue;
        }
        assert!(!emsp.partner("cpo").is_exchanging, "{lost}");
        emsp.reach("cpo").expect("registered");
        cpo.reach("emsp").expect("registered");
    }
}

/// An operator may reject who waits: it is told by a DELETE.
#[test]
fn who_is_rejected_is_told() {
    let network = Network::default();
    let (cpo, emsp) = (PlatformSetup::cpo().open(&network), PlatformSetup::emsp().open(&network));
    let token_a = block_on(cpo.platform.invite("emsp", Allow::default())).expect("invited");
    let url = cpo.versions_url();
    let registered = block_on(emsp.platform.register("cpo", url, token_a, Allow::default())).expect("held");
    assert_eq!(registered.state, PartnerState::Pending, "nobody named anything");
    assert!(matches!(emsp.reach("cpo"), Err(error) if error.contains("awaits approval")));
    block_on(cpo.platform.reject("emsp")).expect("delivered");
    assert_eq!(
        (state(&cpo, "emsp"), state(&emsp, "cpo")),
        (Some(PartnerState::Left), Some(PartnerState::Left))
    );
    assert!(matches!(block_on(cpo.platform.reject("emsp")), Err(Error::NothingToApprove(_))));
}

/// A token in an answer that no request could carry, or that is ours, is not stored: it would make the record unreadable.
#[test]
fn tokens_of_answers_have_a_form() {
    for bad in ["", "a b", "tok c\\n", &"x".repeat(65), "t\u{e4}"] {
        let network = Network::default();
        let cpo = PlatformSetup::cpo().open(&network);
        answers(&network, 200, &ok(&credentials_json(bad, "hand.example", HAND)));
        let failed = block_on(cpo.platform.register("hand", url(), token("token-a"), allow_hand()));
        assert!(failed.is_err(), "{bad:?}: {failed:?}");
        assert_eq!(state(&cpo, "hand"), Some(PartnerState::Registering), "the exchange is open");
        // With a token that can be used, it goes on.
        answers(&network, 200, &ok(&credentials_json("token-c", "hand.example", HAND)));
        let registered = block_on(cpo.platform.resume("hand")).expect("registered");
        assert_eq!(registered.state, PartnerState::Registered, "{bad:?}");
    }
}
