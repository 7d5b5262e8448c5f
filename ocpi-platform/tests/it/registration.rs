//! Registration of two platforms with each other, and its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::Method;
use ocpi_platform::Error;
use ocpi_testkit::{
    CannedPlatform, Fate, Network, PlatformSetup, TestPlatform, credentials_json, registered, respond, token,
};
use ocpi_types::endpoint::DeleteCredentials;
use ocpi_types::{CredentialsToken, InterfaceRole, ModuleId, Version};
use pollster::block_on;

const HAND: &[(&str, &str, &str)] = &[("EMSP", "BE", "HND")];

/// Credentials of the platform that is made by hand.
fn by_hand() -> String {
    credentials_json("token-b", "hand.example", HAND)
}

/// A CPO alone, and a token A of it.
fn inviting(plan: PlatformSetup) -> (Network, TestPlatform, CredentialsToken) {
    let network = Network::default();
    let cpo = plan.open(&network);
    let token_a = invite(&cpo, "hand");
    (network, cpo, token_a)
}

fn invite(side: &TestPlatform, partner: &str) -> CredentialsToken {
    block_on(side.platform.invite(partner)).expect("a store").expect("not registered yet")
}

fn is_registered(side: &TestPlatform, partner: &str) -> bool {
    let partners = side.platform.partners();
    partners.iter().any(|known| known.id.as_str() == partner && known.registered)
}

#[test]
fn the_receiver_calls_back_while_the_request_is_open() {
    let network = Network::default();
    let (cpo, emsp) = (PlatformSetup::cpo().open(&network), PlatformSetup::emsp().open(&network));
    let token_a = emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    assert_eq!(
        network.take_requests(),
        [
            "GET https://cpo.example/ocpi/versions",
            "GET https://cpo.example/ocpi/2.3.0",
            "POST https://cpo.example/ocpi/2.3.0/credentials",
            "GET https://emsp.example/ocpi/versions",
            "GET https://emsp.example/ocpi/2.3.0",
        ]
    );
    assert!(is_registered(&cpo, "emsp") && is_registered(&emsp, "cpo"));
    cpo.reach("emsp").expect("the CPO has token B");
    emsp.reach("cpo").expect("the eMSP has token C");
    assert_eq!(cpo.status_for(&token_a), 401, "token C was used: token A is spent");
}

#[test]
fn both_know_what_the_other_is() {
    let (_, cpo, emsp) = registered();
    let (at_cpo, at_emsp) = (cpo.platform.partners().remove(0), emsp.platform.partners().remove(0));
    let parties = |partner: &ocpi_platform::Partner| -> Vec<String> {
        partner.parties().iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        (parties(&at_cpo), parties(&at_emsp)),
        (vec!["DE/EMP".into()], vec!["NL/ALF".into(), "NL/BET".into()])
    );
    for (partner, side) in [(&at_cpo, &emsp), (&at_emsp, &cpo)] {
        assert_eq!(partner.version.as_ref().map(|version| version.as_str()), Some("2.3.0"));
        assert_eq!(partner.versions_url.as_ref(), Some(&side.versions_url()));
        assert_eq!(partner.endpoints, side.router.endpoints(Version::V2_3_0));
        assert_eq!(partner.base64, Some(true));
    }
    assert_eq!(Some(at_cpo.token_we_issued), at_emsp.token_we_received);
    assert_eq!(Some(at_emsp.token_we_issued), at_cpo.token_we_received);
}

#[test]
fn the_newest_version_that_both_have_is_spoken() {
    let network = Network::default();
    let cpo = PlatformSetup { versions: vec![Version::V2_2_1], ..PlatformSetup::cpo() }.open(&network);
    let emsp = PlatformSetup { versions: vec![Version::V2_3_0, Version::V2_2_1], ..PlatformSetup::emsp() }
        .open(&network);
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    for (side, partner) in [(&cpo, "emsp"), (&emsp, "cpo")] {
        assert_eq!(side.platform.peer(partner).expect("registered").version(), Version::V2_2_1);
    }
    let older = PlatformSetup {
        versions: vec![Version::V2_2_1],
        ..PlatformSetup::new("old", &[("EMSP", "FR", "OLD")])
    }
    .open(&network);
    let newer = PlatformSetup::new("new", &[("CPO", "FR", "NEW")]).open(&network);
    let error = older.register_with(&newer, "new", "old").expect_err("no version in common");
    assert!(matches!(error, Error::Client(error) if error.is_no_common_version()));
    assert!(!is_registered(&older, "new") && !is_registered(&newer, "old"));
}

#[test]
fn an_invitation_is_good_for_versions_and_credentials_until_it_is_used() {
    let (network, cpo, token_a) = inviting(PlatformSetup::cpo());
    assert_eq!(cpo.status_for(&token_a), 200);
    for method in [Method::PUT, Method::DELETE] {
        assert_eq!(cpo.send_credentials(method, &token_a, &by_hand()), (405, 2000), "not registered yet");
    }
    assert!(matches!(cpo.platform.peer("hand"), Err(Error::NoPartner(_))));
    assert_eq!(invite(&cpo, "hand"), token_a, "until it is used, it is the same");
    CannedPlatform::with("").add_to(&network);
    assert_eq!(cpo.send_credentials(Method::POST, &token_a, &by_hand()), (200, 1000));
    assert_eq!(block_on(cpo.platform.invite("hand")).expect("a store"), None);
    let token_c = cpo.platform.partners().remove(0).token_we_issued;
    for method in [Method::PUT, Method::DELETE] {
        assert_eq!(
            cpo.send_credentials(method, &token_a, &by_hand()),
            (405, 2000),
            "token A is for POST only"
        );
    }
    assert_eq!(cpo.status_for(&token_c), 200);
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::GET] {
        assert_eq!(
            cpo.send_credentials(method, &token_a, &by_hand()),
            (401, 2000),
            "token C was used: token A is spent"
        );
    }
}

/// Before token C was used, the answer that it came with may have been lost: token A opens nothing but the POST.
#[test]
fn a_registration_whose_answer_was_lost_may_come_again() {
    let (network, cpo, token_a) = inviting(PlatformSetup::cpo());
    CannedPlatform::with("").add_to(&network);
    assert_eq!(cpo.send_credentials(Method::POST, &token_a, &by_hand()), (200, 1000));
    let lost = cpo.platform.partners().remove(0).token_we_issued;
    let url = format!("{}/2.3.0/sender/tariffs", cpo.platform.base());
    let header = token_a.to_header(true);
    let request = http::Request::get(url).header("Authorization", header).body("".into()).expect("a request");
    assert_eq!(cpo.ask(request), (401, 2000));
    assert_eq!(cpo.send_credentials(Method::POST, &token_a, &by_hand()), (200, 1000));
    let token_c = cpo.platform.partners().remove(0).token_we_issued;
    assert_eq!((cpo.status_for(&lost), cpo.status_for(&token_c), cpo.status_for(&token_a)), (401, 200, 401));
}

#[test]
fn who_is_registered_cannot_register() {
    let (_, cpo, emsp) = registered();
    let in_use = emsp.platform.partners().remove(0).token_we_received.expect("token C");
    let credentials = credentials_json("token-b2", "emsp.example", &[("EMSP", "DE", "EMP")]);
    assert_eq!(cpo.send_credentials(Method::POST, &in_use, &credentials), (405, 2000));
    cpo.reach("emsp").expect("nothing changed");
}

#[test]
fn a_call_back_that_fails_is_3001_and_changes_nothing() {
    let (network, cpo, token_a) = inviting(PlatformSetup::cpo());
    let before = cpo.platform.partners();
    let post = || cpo.send_credentials(Method::POST, &token_a, &by_hand());
    assert_eq!(post(), (200, 3001), "nobody is there");
    for (status, body) in [
        (401, r#"{"status_code": 2000, "timestamp": "2026-11-22T12:00:00Z"}"#),
        (200, r#"{"status_code": 3000, "timestamp": "2026-11-22T12:00:00Z"}"#),
        (200, "<html>"),
        (302, ""),
        (500, ""),
        (200, r#"{"data": {"x": 1}, "status_code": 1000, "timestamp": "2026-11-22T12:00:00Z"}"#),
    ] {
        network.add_host("hand.example", move |_| respond(status, &[], body));
        let (http, code) = post();
        assert!(http == 200 && [3001, 3002].contains(&code), "{status} {body}: {code}");
    }
    // The versions are there, their details are not.
    let details = r#"{"version": "2.3.0", "endpoints": []}"#.to_owned();
    let without_details = CannedPlatform { details: "1".to_owned(), ..CannedPlatform::with("") };
    let of_another_version =
        CannedPlatform { details: details.replace("2.3.0", "2.2.1"), ..CannedPlatform::with("") };
    let elsewhere = CannedPlatform::with("").versions.replace("hand.example", "cpo.example");
    let elsewhere = CannedPlatform { versions: elsewhere, ..CannedPlatform::with("") };
    for hand in [without_details, of_another_version, elsewhere] {
        hand.add_to(&network);
        assert_eq!(post(), (200, 3001));
    }
    assert_eq!(cpo.platform.partners(), before);
    CannedPlatform::with("").add_to(&network);
    assert_eq!(post(), (200, 1000), "token A is still good");
}

#[test]
fn a_partner_without_the_version_is_3002_and_nothing_changes() {
    let (network, cpo, token_a) = inviting(PlatformSetup::cpo());
    let before = cpo.platform.partners();
    for versions in [r#"[{"version": "2.2.1", "url": "https://hand.example/ocpi/2.2.1"}]"#, "[]"] {
        CannedPlatform { versions: versions.to_owned(), ..CannedPlatform::with("") }.add_to(&network);
        assert_eq!(cpo.send_credentials(Method::POST, &token_a, &by_hand()), (200, 3002));
    }
    assert_eq!(cpo.platform.partners(), before);
}

#[test]
fn a_partner_without_what_is_required_is_3003_and_nothing_changes() {
    let (network, cpo, token_a) =
        inviting(PlatformSetup::cpo().requiring(ModuleId::Tokens, InterfaceRole::Sender));
    let before = cpo.platform.partners();
    let tokens = |role: &str| {
        let url = "https://hand.example/ocpi/2.3.0/tokens";
        CannedPlatform::with(&format!(r#", {{"identifier": "tokens", "role": "{role}", "url": "{url}"}}"#))
    };
    for hand in [CannedPlatform::with(""), tokens("RECEIVER")] {
        hand.add_to(&network);
        assert_eq!(cpo.send_credentials(Method::POST, &token_a, &by_hand()), (200, 3003));
        assert_eq!(cpo.platform.partners(), before);
    }
    tokens("SENDER").add_to(&network);
    assert_eq!(cpo.send_credentials(Method::POST, &token_a, &by_hand()), (200, 1000));
}

/// A partner that lacks endpoints that we need is not registered with: token A is not spent, and can be used once they
/// are there.
#[test]
fn before_registering_we_look_at_what_the_partner_has() {
    let network = Network::default();
    let cpo = PlatformSetup::cpo().open(&network);
    let emsp =
        PlatformSetup::emsp().requiring(ModuleId::ChargingProfiles, InterfaceRole::Receiver).open(&network);
    let token_a = invite(&cpo, "emsp");
    let registered = block_on(emsp.platform.register("cpo", cpo.versions_url(), token_a.clone()));
    assert!(matches!(registered, Err(Error::LacksEndpoints(what)) if what == "chargingprofiles RECEIVER"));
    assert!(network.take_requests().iter().all(|asked| asked.starts_with("GET")), "nothing was sent");
    assert!(!is_registered(&cpo, "emsp") && !is_registered(&emsp, "cpo"));
    assert_eq!(cpo.status_for(&token_a), 200);
}

#[test]
fn credentials_that_cannot_be_read_change_nothing() {
    let (network, cpo, token_a) = inviting(PlatformSetup::cpo());
    CannedPlatform::with("").add_to(&network);
    let before = cpo.platform.partners();
    let whole = by_hand();
    for (body, expected) in [
        ("{".to_owned(), (400, 2001)),
        ("{}".to_owned(), (200, 2001)),
        (whole.replace(r#""token": "token-b""#, r#""token": null"#), (200, 2001)),
        (whole.replace("https://hand.example/ocpi/versions", "nowhere"), (200, 3001)),
        (credentials_json("token-b", "hand.example", &[]), (200, 2001)),
    ] {
        assert_eq!(cpo.send_credentials(Method::POST, &token_a, &body), expected, "{body}");
    }
    assert_eq!(cpo.platform.partners(), before);
    assert_eq!(network.take_requests(), [""; 0], "nobody was called back");
}

/// While one registration is at its call back, another one with the same token comes and is done first.
#[test]
fn of_two_registrations_with_one_token_one_wins() {
    let (network, cpo, token_a) = inviting(PlatformSetup::cpo());
    CannedPlatform::with("").add_to(&network);
    let cpo = Arc::new(cpo);
    let second = credentials_json("token-b-of-the-second", "hand.example", HAND);
    let came_between = Arc::new(AtomicBool::new(false));
    network.watch({
        let (cpo, token_a, came_between) = (Arc::clone(&cpo), token_a.clone(), Arc::clone(&came_between));
        move |_| {
            if !came_between.swap(true, Ordering::Relaxed) {
                assert_eq!(cpo.send_credentials(Method::POST, &token_a, &second), (200, 1000));
            }
            None
        }
    });
    assert_eq!(cpo.send_credentials(Method::POST, &token_a, &by_hand()), (405, 2000));
    assert!(came_between.load(Ordering::Relaxed));
    network.calm();
    let partner = cpo.platform.partners().remove(0);
    assert_eq!(partner.token_we_received, Some(token("token-b-of-the-second")));
    assert_eq!((cpo.status_for(&partner.token_we_issued), cpo.status_for(&token_a)), (200, 401));
}

/// Of the tokens C that were handed out one is good, whichever came last.
#[test]
fn of_many_registrations_at_the_same_time_one_counts() {
    for _ in 0..20 {
        let (network, cpo, token_a) = inviting(PlatformSetup::cpo());
        CannedPlatform::with("").add_to(&network);
        let codes: Vec<(u16, u16)> = std::thread::scope(|scope| {
            let post = || cpo.send_credentials(Method::POST, &token_a, &by_hand());
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(post)).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
        });
        let done = |code: &&(u16, u16)| **code == (200, 1000);
        assert!(codes.iter().any(|code| done(&code)), "{codes:?}");
        assert!(codes.iter().all(|code| done(&code) || *code == (405, 2000)), "{codes:?}");
        let partner = cpo.platform.partners().remove(0);
        assert_eq!((cpo.status_for(&partner.token_we_issued), cpo.status_for(&token_a)), (200, 401));
    }
}

#[test]
fn deleting_ends_both_directions_and_one_can_begin_anew() {
    let (_, cpo, emsp) = registered();
    let token_c = emsp.platform.partners().remove(0).token_we_received.expect("token C");
    let peer = emsp.platform.peer("cpo").expect("registered");
    block_on(peer.send(emsp.platform.transport(), &DeleteCredentials)).expect("deleted");
    assert_eq!(cpo.status_for(&token_c), 401);
    assert!(matches!(cpo.platform.peer("emsp"), Err(Error::NoPartner(_))));
    assert!(emsp.reach("cpo").is_err());
    let error = block_on(peer.send(emsp.platform.transport(), &DeleteCredentials)).expect_err("twice");
    assert!(error.is_unauthorized());
    let again = emsp.register_with(&cpo, "cpo", "emsp");
    assert!(matches!(again, Err(Error::Registered(_))), "the eMSP has not noticed");
    block_on(emsp.platform.forget("cpo")).expect("forgotten");
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered anew");
    cpo.reach("emsp").expect("the CPO has a new token");
    emsp.reach("cpo").expect("the eMSP has a new token");
}

/// One side is registered, the other is not: each can begin again.
#[test]
fn a_registration_that_got_stuck_can_be_forgotten() {
    let network = Network::default();
    let (cpo, emsp) = (PlatformSetup::cpo().open(&network), PlatformSetup::emsp().open(&network));
    network.once(Method::POST, Fate::AnswerLost);
    emsp.register_with(&cpo, "cpo", "emsp").expect_err("the answer was lost");
    network.calm();
    assert!(is_registered(&cpo, "emsp") && !is_registered(&emsp, "cpo"));
    assert_eq!(block_on(cpo.platform.invite("emsp")).expect("a store"), None);
    assert!(matches!(block_on(cpo.platform.forget("nobody")), Err(Error::NoPartner(_))));
    block_on(cpo.platform.forget("emsp")).expect("forgotten");
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    cpo.reach("emsp").expect("the CPO has token B");
    emsp.reach("cpo").expect("the eMSP has token C");
}

#[test]
fn a_request_that_was_lost_may_be_made_again() {
    let network = Network::default();
    let (cpo, emsp) = (PlatformSetup::cpo().open(&network), PlatformSetup::emsp().open(&network));
    let token_a = invite(&cpo, "emsp");
    let register = || block_on(emsp.platform.register("cpo", cpo.versions_url(), token_a.clone()));
    network.once(Method::POST, Fate::Lost);
    register().expect_err("it was lost");
    for fate in [Fate::Lost, Fate::AnswerLost] {
        network.once(Method::GET, fate);
        register().expect_err("the first GET");
    }
    network.once(Method::POST, Fate::AnswerLost);
    register().expect_err("the answer was lost");
    assert!(is_registered(&cpo, "emsp"));
    network.calm();
    register().expect("registered");
    cpo.reach("emsp").expect("the CPO has token B");
    emsp.reach("cpo").expect("the eMSP has token C");
}

#[test]
fn who_is_registered_is_not_registered_with_again() {
    let (_, cpo, emsp) = registered();
    let again = block_on(emsp.platform.register("cpo", cpo.versions_url(), token("not-token-a")));
    assert!(matches!(again, Err(Error::Registered(_))));
    cpo.reach("emsp").expect("nothing changed");
    emsp.reach("cpo").expect("nothing changed");
}

#[test]
fn partners_outlive_the_program() {
    let (network, cpo, emsp) = registered();
    let (of_cpo, of_emsp) = (cpo.platform.partners(), emsp.platform.partners());
    network.remove_host("cpo.example");
    network.remove_host("emsp.example");
    let cpo = PlatformSetup { store: Arc::clone(&cpo.store), ..PlatformSetup::cpo() }.open(&network);
    let emsp = PlatformSetup { store: Arc::clone(&emsp.store), ..PlatformSetup::emsp() }.open(&network);
    assert_eq!((cpo.platform.partners(), emsp.platform.partners()), (of_cpo, of_emsp));
    cpo.reach("emsp").expect("still registered");
    emsp.reach("cpo").expect("still registered");
    block_on(emsp.platform.renew("cpo")).expect("renewed");
    cpo.reach("emsp").expect("with the new token");
}

/// Nobody becomes the owner of what is another's by naming him in his credentials.
#[test]
fn parties_of_others_are_not_to_be_had() {
    let (network, cpo, emsp) = registered();
    let token_a = invite(&cpo, "hand");
    CannedPlatform::with("").add_to(&network);
    let before = cpo.platform.partners();
    // Our own party, and the one that the eMSP speaks for, in any case and company.
    for roles in [
        &[("CPO", "NL", "ALF")][..],
        &[("EMSP", "DE", "EMP")],
        &[("OTHER", "de", "emp")],
        &[("EMSP", "BE", "HND"), ("CPO", "nl", "BET")],
        &[],
    ] {
        let credentials = credentials_json("token-b", "hand.example", roles);
        assert_eq!(cpo.send_credentials(Method::POST, &token_a, &credentials), (200, 2001), "{roles:?}");
    }
    assert_eq!(cpo.platform.partners(), before);
    assert_eq!(cpo.send_credentials(Method::POST, &token_a, &by_hand()), (200, 1000));
    // Nor later, by a PUT.
    let token_c =
        cpo.platform.partners().into_iter().find(|known| known.id.as_str() == "hand").expect("known");
    let greedy =
        credentials_json("token-b2", "hand.example", &[("EMSP", "BE", "HND"), ("EMSP", "DE", "EMP")]);
    assert_eq!(cpo.send_credentials(Method::PUT, &token_c.token_we_issued, &greedy), (200, 2001));
    // The eMSP may say again what it said before.
    block_on(emsp.platform.renew("cpo")).expect("renewed");
    // A party that another one gave up can be had.
    block_on(cpo.platform.forget("emsp")).expect("forgotten");
    assert_eq!(cpo.send_credentials(Method::PUT, &token_c.token_we_issued, &greedy), (200, 1000));
}

/// The same where we go to the partner.
#[test]
fn parties_of_others_are_not_to_be_had_by_answering() {
    let network = Network::default();
    let roles = [("CPO", "NL", "ALF"), ("CPO", "FR", "GRE")];
    let (greedy, emsp) =
        (PlatformSetup::new("greedy", &roles).open(&network), PlatformSetup::emsp().open(&network));
    let cpo = PlatformSetup::cpo().open(&network);
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    let refused = emsp.register_with(&greedy, "greedy", "emsp");
    assert!(matches!(refused, Err(Error::PartyTaken(party)) if party.to_string() == "NL/ALF"));
    assert!(!is_registered(&emsp, "greedy"));
    emsp.reach("greedy").expect_err("not registered");
    greedy.reach("emsp").expect_err("not registered");
}

#[test]
fn what_is_shown_of_a_platform_holds_no_token() {
    let network = Network::default();
    let (cpo, emsp) = (PlatformSetup::cpo().open(&network), PlatformSetup::emsp().open(&network));
    let token_a = emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    let cpo_partner = cpo.platform.partners().remove(0);
    let secrets =
        [Some(token_a), Some(cpo_partner.token_we_issued.clone()), cpo_partner.token_we_received.clone()];
    let failed = block_on(emsp.platform.register("cpo", cpo.versions_url(), token("not-token-a")));
    for shown in [
        format!("{cpo_partner:?}"),
        format!("{:?}", cpo.platform.peer("emsp")),
        format!("{:?}", cpo.router),
        format!("{failed:?}"),
        network.take_requests().join(" "),
    ] {
        for secret in secrets.iter().flatten() {
            let encoded = secret.to_header(true);
            let encoded = encoded.trim_start_matches("Token ");
            assert!(!shown.contains(secret.expose()) && !shown.contains(encoded), "{shown}");
        }
    }
}
