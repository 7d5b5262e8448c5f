//! Registration of two platforms with each other, and its end.

use http::Method;
use ocpi_platform::{Allow, Error, PartnerState};
use ocpi_testkit::{
    CannedPlatform, Fate, Network, PlatformSetup, TestPlatform, credentials_json, party, registered, respond,
    token,
};
use ocpi_types::protocol::PartnerProfile;
use ocpi_types::{CredentialsToken, InterfaceRole, ModuleId, Role, Version};
use pollster::block_on;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::hand::{
    HAND, allow_hand, ask_for_tariffs, by_hand, by_hand_registered, invite, inviting, is_registered, state,
};

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
            "GET https://cpo.example/ocpi/versions",
            "GET https://cpo.example/ocpi/2.3.0",
            "POST https://cpo.example/ocpi/2.3.0/credentials",
            "GET https://emsp.example/ocpi/versions",
            "GET https://emsp.example/ocpi/2.3.0",
            // Whoever gets a new token uses it at once.
            "GET https://cpo.example/ocpi/2.3.0/credentials",
        ]
    );
    assert!(is_registered(&cpo, "emsp") && is_registered(&emsp, "cpo"));
    assert_eq!(cpo.status_for(&token_a), 401, "token C was used: token A is spent");
    cpo.reach("emsp").expect("the CPO has token B");
    emsp.reach("cpo").expect("the eMSP has token C");
}

#[test]
fn both_know_what_the_other_is() {
    let (_, cpo, emsp) = registered();
    let (at_cpo, at_emsp) = (cpo.partner("emsp"), emsp.partner("cpo"));
    let parties = |partner: &ocpi_platform::PartnerStatus| -> Vec<String> {
        partner.parties().iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        (parties(&at_cpo), parties(&at_emsp)),
        (vec!["DE/EMP".into()], vec!["NL/ALF".into(), "NL/BET".into()])
    );
    for (partner, side) in [(&at_cpo, &emsp), (&at_emsp, &cpo)] {
        assert_eq!(partner.version, Some(Version::V2_3_0));
        assert_eq!(partner.versions_url.as_ref(), Some(&side.versions_url()));
        assert_eq!(partner.endpoints, side.router.endpoints(Version::V2_3_0));
        assert_eq!(partner.profile, PartnerProfile::strict());
        assert!(partner.is_confirmed && !partner.is_exchanging && !partner.is_suspect);
    }
}

#[test]
fn the_newest_version_that_both_have_is_spoken() {
    let network = Network::default();
    let cpo = PlatformSetup { versions: vec![Version::V2_2_1], ..PlatformSetup::cpo() }.open(&network);
    let emsp = PlatformSetup { versions: vec![Version::V2_3_0, Version::V2_2_1], ..PlatformSetup::emsp() }
        .open(&network);
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    for (side, partner) in [(&cpo, "emsp"), (&emsp, "cpo")] {
        assert_eq!(block_on(side.platform.client(partner)).expect("registered").version(), Version::V2_2_1);
    }
    let older = PlatformSetup {
        versions: vec![Version::V2_2_1],
        ..PlatformSetup::new("old", &[("EMSP", "FR", "OLD")])
    }
    .open(&network);
    let newer = PlatformSetup::new("new", &[("CPO", "FR", "NEW")]).open(&network);
    let error = older.register_with(&newer, "new", "old").expect_err("no version in common");
    assert!(matches!(error, Error::Client(error) if error.is_no_common_version()));
    assert_eq!((state(&older, "new"), state(&newer, "old")), (None, Some(PartnerState::Invited)));
}

#[test]
fn an_invitation_is_good_for_versions_and_credentials_until_it_is_used() {
    let (network, cpo, lost) = inviting(PlatformSetup::cpo());
    assert_eq!(cpo.status_for(&lost), 200);
    let token_a = invite(&cpo, "hand");
    assert_eq!((cpo.status_for(&lost), cpo.status_for(&token_a)), (401, 200), "the second takes its place");
    for method in [Method::PUT, Method::DELETE] {
        assert_eq!(cpo.send_credentials(method, &token_a, &by_hand()), (405, 2000), "not registered yet");
    }
    assert!(matches!(block_on(cpo.platform.client("hand")), Err(Error::NoPartner(_))));
    assert_eq!(ask_for_tariffs(&cpo, &token_a), (401, 2000));
    let (http, code, shown) = cpo.exchange_credentials(Method::GET, &token_a, "");
    assert_eq!((http, code, shown), (200, 1000, Some(token_a.clone())), "the one that was presented");
    CannedPlatform::with("").add_to(&network);
    let (http, code, token_c) = cpo.exchange_credentials(Method::POST, &token_a, &by_hand());
    assert_eq!((http, code), (200, 1000));
    let invited = block_on(cpo.platform.invite("hand", Allow::default()));
    assert!(matches!(invited, Err(Error::Registered(_))));
    for method in [Method::PUT, Method::DELETE, Method::GET] {
        assert_eq!(cpo.send_credentials(method, &token_a, &by_hand()), (401, 2000), "for the repeat only");
    }
    assert_eq!(ask_for_tariffs(&cpo, &token_c.expect("token C")), (200, 1000));
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::GET] {
        let answer = cpo.send_credentials(method, &token_a, &by_hand());
        assert_eq!(answer, (401, 2000), "token C was used: token A is spent");
    }
}

#[test]
fn who_is_registered_cannot_register() {
    let (_network, cpo, _, token_c) = by_hand_registered();
    let other = credentials_json("token-b2", "hand.example", HAND);
    assert_eq!(cpo.send_credentials(Method::POST, &token_c, &other), (405, 2000));
    assert_eq!(ask_for_tariffs(&cpo, &token_c), (200, 1000), "nothing changed");
}

#[test]
fn a_call_back_that_fails_is_3001_and_changes_nothing() {
    let (network, cpo, token_a) = inviting(PlatformSetup::cpo());
    let before = cpo.partner("hand");
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
    let huge = CannedPlatform { details: " ".repeat(2 << 20) + &details, ..CannedPlatform::with("") };
    for hand in [without_details, of_another_version, elsewhere, huge] {
        hand.add_to(&network);
        assert_eq!(post(), (200, 3001));
    }
    let mut after = cpo.partner("hand");
    assert!(!after.deviations.is_empty(), "what was seen is told");
    after.deviations.clear();
    assert_eq!(after, before);
    CannedPlatform::with("").add_to(&network);
    assert_eq!(post(), (200, 1000), "token A is still good");
}

#[test]
fn a_partner_without_the_version_is_3002_and_nothing_changes() {
    let (network, cpo, token_a) = inviting(PlatformSetup::cpo());
    let before = cpo.partner("hand");
    for versions in [r#"[{"version": "2.2.1", "url": "https://hand.example/ocpi/2.2.1"}]"#, "[]"] {
        CannedPlatform { versions: versions.to_owned(), ..CannedPlatform::with("") }.add_to(&network);
        assert_eq!(cpo.send_credentials(Method::POST, &token_a, &by_hand()), (200, 3002));
    }
    assert_eq!(cpo.partner("hand"), before);
}

#[test]
fn a_partner_without_what_is_required_is_3003_and_nothing_changes() {
    let (network, cpo, token_a) =
        inviting(PlatformSetup::cpo().requiring(ModuleId::Tokens, InterfaceRole::Sender));
    let before = cpo.partner("hand");
    let tokens = |role: &str| {
        let url = "https://hand.example/ocpi/2.3.0/tokens";
        CannedPlatform::with(&format!(r#", {{"identifier": "tokens", "role": "{role}", "url": "{url}"}}"#))
    };
    for hand in [CannedPlatform::with(""), tokens("RECEIVER")] {
        hand.add_to(&network);
        assert_eq!(cpo.send_credentials(Method::POST, &token_a, &by_hand()), (200, 3003));
        assert_eq!(cpo.partner("hand"), before);
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
    let emsp = PlatformSetup::emsp().requiring(ModuleId::Payments, InterfaceRole::Receiver).open(&network);
    let token_a = cpo.invite("emsp", &emsp).expect("invited");
    let registered =
        block_on(emsp.platform.register("cpo", cpo.versions_url(), token_a.clone(), cpo.allow()));
    assert!(matches!(registered, Err(Error::LacksEndpoints(what)) if what == "payments RECEIVER"));
    assert!(network.take_requests().iter().all(|asked| asked.starts_with("GET")), "nothing was sent");
    assert_eq!((state(&cpo, "emsp"), state(&emsp, "cpo")), (Some(PartnerState::Invited), None));
    assert_eq!(cpo.status_for(&token_a), 200);
}

#[test]
fn credentials_that_cannot_be_read_change_nothing() {
    let (network, cpo, token_a) = inviting(PlatformSetup::cpo());
    CannedPlatform::with("").add_to(&network);
    let before = cpo.partner("hand");
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
    assert_eq!(cpo.partner("hand"), before);
    assert_eq!(network.take_requests(), [""; 0], "nobody was called back");
}

/// While one registration is at its call back, another one with the same token comes: it is told to come again later.
#[test]
fn of_two_registrations_with_one_token_the_second_is_told_to_wait() {
    let (network, cpo, token_a) = inviting(PlatformSetup::cpo());
    CannedPlatform::with("").add_to(&network);
    let cpo = Arc::new(cpo);
    let second = credentials_json("token-b-of-the-second", "hand.example", HAND);
    let came_between = Arc::new(AtomicBool::new(false));
    network.watch({
        let (cpo, token_a, came_between) = (Arc::clone(&cpo), token_a.clone(), Arc::clone(&came_between));
        move |_| {
            if !came_between.swap(true, Ordering::Relaxed) {
                assert_eq!(cpo.send_credentials(Method::POST, &token_a, &second), (200, 3000));
            }
            None
        }
    });
    let (_, code, token_c) = cpo.exchange_credentials(Method::POST, &token_a, &by_hand());
    assert_eq!(code, 1000);
    assert!(came_between.load(Ordering::Relaxed));
    network.calm();
    assert_eq!(ask_for_tariffs(&cpo, &token_c.expect("token C")), (200, 1000));
}

/// In 2.3.0 the party of a hub stands beside the roles, which are those of the parties behind it.
#[test]
fn a_hub_speaks_for_its_own_party() {
    let hub = by_hand().replacen('{', r#"{"hub_party_id": "BEHUB", "#, 1);
    let open = |allow: Allow, credentials: &str| {
        let network = Network::default();
        let cpo = PlatformSetup::cpo().open(&network);
        CannedPlatform::with("").add_to(&network);
        let token_a = block_on(cpo.platform.invite("hand", allow)).expect("invited");
        let (_, code, token_c) = cpo.exchange_credentials(Method::POST, &token_a, credentials);
        (cpo, code, token_c)
    };
    let ask_from = |cpo: &TestPlatform, token: &CredentialsToken, party_id: &str| {
        let url = format!("{}/2.3.0/sender/tariffs", cpo.platform.base());
        let request = http::Request::get(url).header("Authorization", token.to_header(true));
        let request = request.header("OCPI-from-country-code", "BE").header("OCPI-from-party-id", party_id);
        cpo.ask(request.body("".into()).expect("a request")).1
    };
    let (cpo, code, token_c) = open(allow_hand().party(party("BE/HUB")), &hub);
    assert_eq!(code, 1000);
    let token_c = token_c.expect("token C");
    for (party_id, code) in [("HND", 1000), ("HUB", 1000), ("OTH", 2001)] {
        assert_eq!(ask_from(&cpo, &token_c, party_id), code, "{party_id}");
    }
    assert_eq!(cpo.partner("hand").parties(), [party("BE/HND"), party("BE/HUB")]);

    // It is a party as any other: one that the operator did not name is refused, and so is one of ours.
    assert_ne!(open(allow_hand(), &hub).1, 1000);
    let ours = hub.replace("BEHUB", "NLALF");
    assert_ne!(open(allow_hand().party(party("BE/HUB")), &ours).1, 1000);
    // Who was registered before goes on without it.
    let (cpo, _, token_c) = open(allow_hand(), &by_hand());
    let renewed = hub.replace("token-b", "token-b-2");
    let (_, code, _) = cpo.exchange_credentials(Method::PUT, &token_c.expect("token C"), &renewed);
    assert_eq!((code, cpo.partner("hand").parties()), (1000, vec![party("BE/HND")]));
    // A platform that the operator knows to be none is no hub.
    let (cpo, code, _) = open(allow_hand().role(Role::Emsp), &hub);
    assert_eq!((code, cpo.partner("hand").parties()), (1000, vec![party("BE/HND")]));
}

/// However many come at the same time, there is one token C.
#[test]
fn of_many_registrations_at_the_same_time_one_counts() {
    for _ in 0..20 {
        let (network, cpo, token_a) = inviting(PlatformSetup::cpo());
        CannedPlatform::with("").add_to(&network);
        let answers: Vec<_> = std::thread::scope(|scope| {
            let post = || cpo.exchange_credentials(Method::POST, &token_a, &by_hand());
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(post)).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
        });
        let mut tokens: Vec<_> = answers.iter().filter_map(|(_, _, token_c)| token_c.clone()).collect();
        assert!(
            answers.iter().all(|(http, code, _)| *http == 200 && [1000, 3000].contains(code)),
            "{answers:?}"
        );
        tokens.dedup();
        assert_eq!(tokens.len(), 1, "{answers:?}");
        assert_eq!(ask_for_tariffs(&cpo, &tokens[0]), (200, 1000));
    }
}

#[test]
fn unregistering_ends_both_directions_and_one_can_begin_anew() {
    let (_network, cpo, emsp) = registered();
    block_on(emsp.platform.unregister("cpo")).expect("deleted");
    assert_eq!(
        (state(&cpo, "emsp"), state(&emsp, "cpo")),
        (Some(PartnerState::Left), Some(PartnerState::Left))
    );
    assert!(matches!(block_on(cpo.platform.client("emsp")), Err(Error::NoPartner(_))));
    assert!(emsp.reach("cpo").is_err() && cpo.reach("emsp").is_err());
    assert!(matches!(block_on(emsp.platform.unregister("cpo")), Err(Error::NoPartner(_))), "twice");
    emsp.register_with(&cpo, "cpo", "emsp").expect("registered anew");
    cpo.reach("emsp").expect("the CPO has a new token");
    emsp.reach("cpo").expect("the eMSP has a new token");
}

#[test]
fn a_request_that_was_lost_is_made_again() {
    let network = Network::default();
    let (cpo, emsp) = (PlatformSetup::cpo().open(&network), PlatformSetup::emsp().open(&network));
    let token_a = cpo.invite("emsp", &emsp).expect("invited");
    let register =
        || block_on(emsp.platform.register("cpo", cpo.versions_url(), token_a.clone(), cpo.allow()));
    for fate in [Fate::Lost, Fate::AnswerLost] {
        network.once(Method::GET, fate);
        register().expect_err("the first GET");
        assert_eq!(state(&emsp, "cpo"), None, "nothing was sent");
    }
    for fate in [Fate::Lost, Fate::AnswerLost] {
        network.once(Method::POST, fate);
        register().expect_err("the POST");
        assert_eq!(state(&emsp, "cpo"), Some(PartnerState::Registering));
    }
    network.calm();
    register().expect("registered");
    cpo.reach("emsp").expect("the CPO has token B");
    emsp.reach("cpo").expect("the eMSP has token C");
}

#[test]
fn who_is_registered_is_not_registered_with_again() {
    let (_network, cpo, emsp) = registered();
    let url = cpo.versions_url();
    let again = block_on(emsp.platform.register("cpo", url, token("not-token-a"), cpo.allow()));
    assert!(matches!(again, Err(Error::Registered(_))));
    cpo.reach("emsp").expect("nothing changed");
    emsp.reach("cpo").expect("nothing changed");
}

#[test]
fn partners_outlive_the_program() {
    let (network, cpo, emsp) = registered();
    let (of_cpo, of_emsp) = (cpo.partner("emsp"), emsp.partner("cpo"));
    network.remove_host("cpo.example");
    network.remove_host("emsp.example");
    let cpo = PlatformSetup { store: Arc::clone(&cpo.store), ..PlatformSetup::cpo() }.open(&network);
    let emsp = PlatformSetup { store: Arc::clone(&emsp.store), ..PlatformSetup::emsp() }.open(&network);
    assert_eq!((cpo.partner("emsp"), emsp.partner("cpo")), (of_cpo, of_emsp));
    cpo.reach("emsp").expect("still registered");
    emsp.reach("cpo").expect("still registered");
    block_on(emsp.platform.rotate("cpo")).expect("rotated");
    cpo.reach("emsp").expect("with the new token");
}

#[test]
fn names_of_partners_have_a_form() {
    let (_network, cpo, _, _) = by_hand_registered();
    for id in ["", "a\nb", &"x".repeat(256)] {
        let invited = block_on(cpo.platform.invite(id, Allow::default()));
        assert!(matches!(invited, Err(Error::InvalidId)), "{id:?}");
    }
    assert!(matches!(block_on(cpo.platform.forget("nobody")), Err(Error::NoPartner(_))));
}

#[test]
fn what_is_shown_of_a_platform_holds_no_token() {
    let network = Network::default();
    let (cpo, emsp) = (PlatformSetup::cpo().open(&network), PlatformSetup::emsp().open(&network));
    let token_a = emsp.register_with(&cpo, "cpo", "emsp").expect("registered");
    let hand = invite(&cpo, "hand");
    CannedPlatform::with("").add_to(&network);
    let (_, _, token_c) = cpo.exchange_credentials(Method::POST, &hand, &by_hand());
    let secrets = [token_a, hand, token_c.expect("token C"), token("token-b")];
    let failed =
        block_on(emsp.platform.register("cpo", cpo.versions_url(), token("not-token-a"), cpo.allow()));
    for shown in [
        format!("{:?}", block_on(cpo.platform.partners())),
        format!("{:?}", block_on(cpo.platform.client("emsp"))),
        format!("{:?}", block_on(cpo.platform.client("hand"))),
        format!("{:?}", cpo.router),
        format!("{:?}", cpo.platform),
        format!("{failed:?}"),
        network.take_requests().join(" "),
    ] {
        for secret in &secrets {
            let encoded = secret.to_header(true);
            let encoded = encoded.trim_start_matches("Token ");
            assert!(!shown.contains(secret.expose()) && !shown.contains(encoded), "{shown}");
        }
    }
}
