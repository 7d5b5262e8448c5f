//! Attempts of an attacker with a token that leaked, with an invitation, or as a partner.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::Method;
use ocpi_platform::{
    Allow, ApprovalRequest, Decision, Hooks, Limits, PartnerState, Permissions, Settings, UrlPolicy,
};
use ocpi_testkit::{
    CannedPlatform, Network, PlatformSetup, TestPlatform, credentials_json, party, registered, success, token,
};
use ocpi_types::protocol::Party;
use ocpi_types::{CredentialsToken, InterfaceRole, ModuleId};
use pollster::block_on;

use crate::hand::{
    HAND, allow_hand, ask_for_tariffs, by_hand, by_hand_registered, invite, inviting, is_registered, state,
};

const METHODS: [Method; 4] = [Method::GET, Method::POST, Method::PUT, Method::DELETE];

/// A token of the attacker, at the attacker's URL.
fn of_mallory() -> String {
    credentials_json("token-of-mallory", "mallory.example", &[("EMSP", "XX", "MAL")])
}

/// A host `mallory.example` that answers as a partner would.
fn add_mallory(network: &Network) {
    network.add_host("mallory.example", |request| {
        let CannedPlatform { versions, details } = CannedPlatform::with("");
        let data = if request.uri().path().ends_with("/versions") { versions } else { details };
        success(&data.replace("hand.example", "mallory.example"))
    });
}

/// F1: no answer holds a token but the one that was presented, or that of this very POST or PUT.
#[test]
fn a_superseded_token_does_not_show_the_new_one() {
    let (_network, cpo, token_a, token_c) = by_hand_registered();
    assert_eq!(cpo.exchange_credentials(Method::GET, &token_a, ""), (401, 2000, None));
    let shown = cpo.exchange_credentials(Method::GET, &token_c, "");
    assert_eq!(shown, (200, 1000, Some(token_c.clone())));
    let next = credentials_json("token-b2", "hand.example", HAND);
    let (_, code, token_d) = cpo.exchange_credentials(Method::PUT, &token_c, &next);
    assert_eq!(code, 1000);
    let token_d = token_d.expect("a new token");
    for old in [&token_a, &token_c] {
        assert_eq!(cpo.exchange_credentials(Method::GET, old, ""), (401, 2000, None));
        assert_eq!(ask_for_tariffs(&cpo, old), (401, 2000), "a rotation gets rid of a token that leaked");
        assert_eq!(cpo.send_credentials(Method::DELETE, old, ""), (401, 2000));
        assert_eq!(cpo.send_credentials(Method::PUT, old, &by_hand()), (401, 2000));
    }
    assert_eq!(cpo.exchange_credentials(Method::GET, &token_d, ""), (200, 1000, Some(token_d)));
}

/// F2: what superseded a token may come again as it was, and nothing else may come with it.
#[test]
fn an_invitation_that_was_used_registers_nobody_else() {
    let (network, cpo, token_a, token_c) = by_hand_registered();
    add_mallory(&network);
    network.take_requests();
    let other_token = credentials_json("token-b2", "hand.example", HAND);
    let other_url = by_hand().replace("/ocpi/versions", "/ocpi/versions/");
    for body in [of_mallory(), other_token, other_url] {
        assert_eq!(cpo.exchange_credentials(Method::POST, &token_a, &body), (401, 2000, None));
        assert_eq!(cpo.exchange_credentials(Method::PUT, &token_a, &body), (401, 2000, None));
    }
    assert_eq!(
        cpo.exchange_credentials(Method::PUT, &token_a, &by_hand()),
        (401, 2000, None),
        "it was a POST"
    );
    let again = cpo.exchange_credentials(Method::POST, &token_a, &by_hand());
    assert_eq!(again, (200, 1000, Some(token_c.clone())), "the same answer again");
    assert_eq!(network.take_requests(), [""; 0], "nobody was called back");
    assert_eq!(ask_for_tariffs(&cpo, &token_c), (200, 1000));
    assert_eq!(cpo.exchange_credentials(Method::POST, &token_a, &by_hand()), (401, 2000, None), "C was used");
}

/// F2: an invitation ends by itself, and so does the time for a repeat.
#[test]
fn invitations_and_repeats_end() {
    let network = Network::default();
    let clock = ocpi_testkit::SteppedClock::default();
    let cpo = PlatformSetup { clock: clock.clock(), ..PlatformSetup::cpo() }.open(&network);
    CannedPlatform::with("").add_to(&network);
    let token_a = invite(&cpo, "hand");
    clock.advance(72 * 60 * 60);
    assert_eq!(cpo.status_for(&token_a), 401);
    assert_eq!(cpo.send_credentials(Method::POST, &token_a, &by_hand()), (401, 2000));
    block_on(cpo.platform.tick()).expect("a store");
    assert_eq!(state(&cpo, "hand"), Some(PartnerState::Left));
    let token_a = invite(&cpo, "hand");
    let first = cpo.exchange_credentials(Method::POST, &token_a, &by_hand());
    assert_eq!(first.1, 1000);
    clock.advance(599);
    assert_eq!(cpo.exchange_credentials(Method::POST, &token_a, &by_hand()), first);
    clock.advance(1);
    assert_eq!(cpo.exchange_credentials(Method::POST, &token_a, &by_hand()), (401, 2000, None));
}

/// F3: parties and hosts come from the operator, or wait for its approval.
#[test]
fn who_says_more_than_was_expected_is_refused() {
    let (network, cpo, token_a) = inviting(PlatformSetup::cpo());
    CannedPlatform::with("").add_to(&network);
    add_mallory(&network);
    for body in [
        of_mallory(),
        credentials_json("token-b", "mallory.example", HAND),
        credentials_json("token-b", "hand.example", &[("EMSP", "BE", "HND"), ("EMSP", "XX", "MAL")]),
    ] {
        assert_eq!(cpo.exchange_credentials(Method::POST, &token_a, &body), (200, 2001, None), "{body}");
    }
    assert_eq!(state(&cpo, "hand"), Some(PartnerState::Invited));
    // Nor later.
    let (_, _, token_c) = cpo.exchange_credentials(Method::POST, &token_a, &by_hand());
    let more = credentials_json("token-b2", "hand.example", &[("EMSP", "BE", "HND"), ("EMSP", "XX", "MAL")]);
    assert_eq!(cpo.send_credentials(Method::PUT, &token_c.expect("token C"), &more), (200, 2001));
}

/// F3: if the operator named nothing, nothing is open before it has looked.
#[test]
fn who_was_not_named_waits_for_approval() {
    let network = Network::default();
    let cpo = PlatformSetup::cpo().open(&network);
    CannedPlatform::with("").add_to(&network);
    let token_a = block_on(cpo.platform.invite("hand", Allow::default())).expect("invited");
    let (_, code, token_c) = cpo.exchange_credentials(Method::POST, &token_a, &by_hand());
    let token_c = token_c.expect("token C");
    assert_eq!((code, state(&cpo, "hand")), (1000, Some(PartnerState::Pending)));
    assert_eq!(ask_for_tariffs(&cpo, &token_c), (200, 2000), "awaits approval");
    assert_eq!(cpo.exchange_credentials(Method::GET, &token_c, "").2, Some(token_c.clone()));
    assert!(block_on(cpo.platform.client("hand")).is_err(), "nor do we send anything");
    let seen = cpo.partner("hand");
    assert_eq!(seen.asked.len(), 1);
    // What was approved is what the operator saw, and not what the partner asked for in between.
    let greedy = credentials_json("token-b3", "hand.example", &[("EMSP", "BE", "HND"), ("CPO", "BE", "BIG")]);
    let (_, code, token_d) = cpo.exchange_credentials(Method::PUT, &token_c, &greedy);
    assert_eq!(code, 1000);
    let token_c = token_d.expect("a token");
    assert!(matches!(block_on(cpo.platform.approve(&seen)), Err(ocpi_platform::Error::Conflict(_))));
    let (_, _, token_d) = cpo.exchange_credentials(Method::PUT, &token_c, &by_hand());
    let token_c = token_d.expect("a token");
    let approved = block_on(cpo.platform.approve(&cpo.partner("hand"))).expect("approved");
    assert_eq!((approved.state, approved.parties()), (PartnerState::Registered, vec![party("BE/HND")]));
    assert_eq!(ask_for_tariffs(&cpo, &token_c), (200, 1000));
    block_on(cpo.platform.approve(&cpo.partner("hand"))).expect_err("it is done");
    // What it asks for later waits too, and its old parties go on.
    let more = credentials_json("token-b2", "hand.example", &[("EMSP", "BE", "HND"), ("EMSP", "BE", "TWO")]);
    assert_eq!(
        cpo.send_credentials(Method::PUT, &token_c, &more),
        (200, 2001),
        "it differs from what was named"
    );
}

/// F3: a hook of the application decides.
#[test]
fn a_hook_may_accept_or_hold() {
    struct HoldsMore;
    impl Hooks for HoldsMore {
        fn on_credentials(&self, offered: &ApprovalRequest) -> Decision {
            assert!(!offered.parties.is_empty() || !offered.hosts.is_empty(), "{offered:?}");
            if offered.parties.iter().any(|party| party.to_string() == "BE/TWO") {
                Decision::Hold
            } else {
                Decision::Accept
            }
        }
    }
    let network = Network::default();
    let cpo = PlatformSetup { hooks: Some(Arc::new(HoldsMore)), ..PlatformSetup::cpo() }.open(&network);
    CannedPlatform::with("").add_to(&network);
    let token_a = block_on(cpo.platform.invite("hand", Allow::default())).expect("invited");
    let (_, _, token_c) = cpo.exchange_credentials(Method::POST, &token_a, &by_hand());
    assert!(is_registered(&cpo, "hand"));
    let more = credentials_json("token-b2", "hand.example", &[("EMSP", "BE", "HND"), ("EMSP", "BE", "TWO")]);
    let (_, code, token_d) = cpo.exchange_credentials(Method::PUT, &token_c.expect("token C"), &more);
    assert_eq!((code, state(&cpo, "hand")), (1000, Some(PartnerState::Registered)));
    assert_eq!(ask_for_tariffs(&cpo, &token_d.expect("a token")), (200, 1000), "its old party goes on");
    let partner = cpo.partner("hand");
    assert_eq!((partner.parties(), partner.asked.len()), (vec![party("BE/HND")], 1));
    block_on(cpo.platform.approve(&cpo.partner("hand"))).expect("approved");
    assert_eq!(cpo.partner("hand").parties(), [party("BE/HND"), party("BE/TWO")]);
}

/// F3: parties of ours and of others are not to be had, and not those of who left.
#[test]
fn parties_of_others_are_not_to_be_had() {
    let (network, cpo, _emsp) = registered();
    let token_a = block_on(cpo.platform.invite("hand", Allow::default())).expect("invited");
    CannedPlatform::with("").add_to(&network);
    let before = cpo.partner("hand");
    let greedy = |roles: &[(&str, &str, &str)]| credentials_json("token-b", "hand.example", roles);
    // Our own party, and the one that the eMSP speaks for, in any case and company.
    for roles in [
        &[("CPO", "NL", "ALF")][..],
        &[("EMSP", "DE", "EMP")],
        &[("OTHER", "de", "emp")],
        &[("EMSP", "BE", "HND"), ("CPO", "nl", "BET")],
        &[],
    ] {
        assert_eq!(cpo.send_credentials(Method::POST, &token_a, &greedy(roles)), (200, 2001), "{roles:?}");
    }
    assert_eq!(cpo.partner("hand"), before);
    // Who left keeps its parties, until the operator releases them.
    block_on(cpo.platform.forget("emsp")).expect("forgotten");
    let both = greedy(&[("EMSP", "DE", "EMP")]);
    assert_eq!(cpo.send_credentials(Method::POST, &token_a, &both), (200, 2001));
    block_on(cpo.platform.release(&party("DE/EMP"))).expect("released");
    block_on(cpo.platform.release(&party("DE/EMP"))).expect_err("it is done");
    assert_eq!(cpo.send_credentials(Method::POST, &token_a, &both), (200, 1000));
    assert_eq!(cpo.partner("hand").asked.len(), 1, "it waits for approval");
    block_on(cpo.platform.approve(&cpo.partner("hand"))).expect("approved");
}

/// F4: while one partner is called back, another one registers with the same party.
#[test]
fn a_party_that_two_want_at_the_same_time_is_given_to_one() {
    let network = Network::default();
    let cpo = Arc::new(PlatformSetup::cpo().open(&network));
    let (a, b) = (invite(&cpo, "a"), invite(&cpo, "b"));
    CannedPlatform::with("").add_to(&network);
    network.watch({
        let (cpo, count) = (Arc::clone(&cpo), AtomicUsize::new(0));
        move |_| {
            if count.fetch_add(1, Ordering::Relaxed) == 1 {
                let of_a = credentials_json("token-b-of-a", "hand.example", HAND);
                assert_eq!(cpo.send_credentials(Method::POST, &a, &of_a), (200, 1000));
            }
            None
        }
    });
    let (http, code) = cpo.send_credentials(Method::POST, &b, &by_hand());
    assert_eq!((http, code), (200, 2001), "the party is taken by then");
    let holders: Vec<_> = block_on(cpo.platform.partners()).expect("a store");
    let holders = holders.iter().filter(|partner| partner.parties().contains(&party("BE/HND"))).count();
    assert_eq!((holders, state(&cpo, "b")), (1, Some(PartnerState::Invited)));
}

/// F5: two processes on one store.
#[test]
fn what_one_process_stores_counts_in_all_at_the_next_request() {
    let (network, one, token_a) = inviting(PlatformSetup::cpo());
    let again = || PlatformSetup { store: Arc::clone(&one.store), ..PlatformSetup::cpo() }.open(&network);
    let two = again();
    CannedPlatform::with("").add_to(&network);
    let (_, code, token_c) = two.exchange_credentials(Method::POST, &token_a, &by_hand());
    let token_c = token_c.expect("token C");
    assert_eq!(code, 1000, "invited by one, registered at the other");
    for side in [&one, &two] {
        assert_eq!(ask_for_tariffs(side, &token_c), (200, 1000));
    }
    // Both find another partner with the same party.
    let other = invite(&one, "other");
    let body = credentials_json("token-b2", "hand.example", HAND);
    for side in [&one, &two] {
        assert_eq!(side.send_credentials(Method::POST, &other, &body), (200, 2001));
    }
    block_on(one.platform.forget("hand")).expect("no conflict");
    for side in [&one, &two, &again()] {
        assert_eq!(ask_for_tariffs(side, &token_c), (401, 2000), "revoked in one is revoked in all");
    }
}

/// F5 and F4 together: two processes, two partners, one party, all interleavings that threads come up with.
#[test]
fn in_two_processes_a_party_has_one_partner() {
    for round in 0..20 {
        let (network, one, _) = inviting(PlatformSetup::cpo());
        let two = PlatformSetup { store: Arc::clone(&one.store), ..PlatformSetup::cpo() }.open(&network);
        CannedPlatform::with("").add_to(&network);
        let (a, b) = (invite(&one, "a"), invite(&two, "b"));
        let post = |side: &TestPlatform, token_a: &CredentialsToken, token_b: &str| {
            let body = credentials_json(token_b, "hand.example", HAND);
            side.send_credentials(Method::POST, token_a, &body)
        };
        std::thread::scope(|scope| {
            scope.spawn(|| post(&one, &a, "token-of-a"));
            scope.spawn(|| post(&two, &b, "token-of-b"));
        });
        let partners = block_on(one.platform.partners()).expect("a store");
        let holders = partners.iter().filter(|partner| partner.parties().contains(&party("BE/HND"))).count();
        assert!(holders <= 1, "round {round}: {partners:?}");
        // Whoever was told to come again does.
        let codes = [post(&one, &a, "token-of-a").1, post(&two, &b, "token-of-b").1];
        assert!(codes.contains(&1000), "round {round}: {codes:?}");
    }
}

/// F17: roles decide which modules are open.
#[test]
fn a_partner_may_use_what_its_roles_may() {
    let network = Network::default();
    let setup = PlatformSetup { permissions: Permissions::default(), ..PlatformSetup::cpo() };
    let cpo = setup.open(&network);
    CannedPlatform::with("").add_to(&network);
    let token_a = block_on(cpo.platform.invite("hand", allow_hand())).expect("invited");
    let body = credentials_json("token-b", "hand.example", &[("CPO", "BE", "HND")]);
    let (_, _, token_c) = cpo.exchange_credentials(Method::POST, &token_a, &body);
    let token_c = token_c.expect("token C");
    assert_eq!(ask_for_tariffs(&cpo, &token_c), (200, 2000), "tariffs of a CPO are not for a CPO");
    let permissions = Permissions::default().allow(ModuleId::Tariffs, InterfaceRole::Sender);
    block_on(cpo.platform.set_permissions("hand", permissions)).expect("a partner");
    assert_eq!(ask_for_tariffs(&cpo, &token_c), (200, 1000), "unless the operator says so");
    let permissions = Permissions::default().deny(ModuleId::Tariffs, InterfaceRole::Sender);
    block_on(cpo.platform.set_permissions("hand", permissions)).expect("a partner");
    assert_eq!(ask_for_tariffs(&cpo, &token_c), (200, 2000));
}

/// F22: a partner whose versions never answer holds one call back open, not hundreds.
#[test]
fn call_backs_are_few() {
    let network = Network::default();
    let limits = Limits { exchanges: 2, credentials_per_minute: 5, ..Limits::default() };
    let cpo = Arc::new(PlatformSetup { limits, ..PlatformSetup::cpo() }.open(&network));
    let invited: Vec<_> = ["a", "b", "c"].map(|id| invite(&cpo, id)).into();
    CannedPlatform::with("").add_to(&network);
    let depth = Arc::new(AtomicUsize::new(0));
    // While one is called back, all come.
    network.watch({
        let (cpo, depth, invited) = (Arc::clone(&cpo), Arc::clone(&depth), invited.clone());
        move |_| {
            if depth.fetch_add(1, Ordering::Relaxed) == 0 {
                for token_a in &invited {
                    let (http, code) = cpo.send_credentials(Method::POST, token_a, &by_hand());
                    let is_first = *token_a == invited[0];
                    assert!(http == 200 && (!is_first || code == 3000), "{code}");
                }
            }
            None
        }
    });
    cpo.send_credentials(Method::POST, &invited[0], &by_hand());
    network.calm();
    // And nobody may try without end.
    network.remove_host("hand.example");
    let token_a = invite(&cpo, "d");
    let codes: Vec<u16> =
        (0..7).map(|_| cpo.send_credentials(Method::POST, &token_a, &by_hand()).1).collect();
    assert_eq!(codes[..5], [2001; 5], "the party is another's");
    assert_eq!(codes[5..], [3000; 2], "too many in a minute");
}

/// F24, F25: URLs that lead to ourselves or into a private network, and tokens of ours.
#[test]
fn urls_and_tokens_of_ours_are_not_a_partners() {
    let (network, cpo, token_a) = inviting(PlatformSetup::cpo());
    CannedPlatform::with("").add_to(&network);
    network.take_requests();
    for host in [
        "cpo.example",
        "CPO.example",
        "cpo.example.",
        "localhost",
        "10.0.0.1",
        "hand.local",
        "metadata.google.internal",
        "user@hand.example",
        "hand.example:22",
    ] {
        let body = credentials_json("token-b", host, HAND);
        assert_eq!(cpo.send_credentials(Method::POST, &token_a, &body), (200, 3001), "{host}");
    }
    let own = credentials_json(token_a.expose(), "hand.example", HAND);
    assert_eq!(cpo.send_credentials(Method::POST, &token_a, &own), (200, 2001), "our own token");
    assert_eq!(network.take_requests(), [""; 0], "nobody was called");
    let again = block_on(cpo.platform.register("itself", cpo.versions_url(), token_a, Allow::default()));
    assert!(again.is_err(), "nor do we register with ourselves");
    assert_eq!(network.take_requests(), [""; 0], "nobody was called");
}

/// F30: tokens that cannot be sent.
#[test]
fn tokens_have_a_form() {
    let (network, cpo, token_a) = inviting(PlatformSetup::cpo());
    CannedPlatform::with("").add_to(&network);
    network.take_requests();
    for bad in ["", "a b", "tok c\\n", &"x".repeat(65), "t\u{e4}"] {
        let body = credentials_json(bad, "hand.example", HAND);
        assert_eq!(cpo.send_credentials(Method::POST, &token_a, &body), (200, 2001), "{bad:?}");
    }
    assert_eq!(network.take_requests(), [""; 0], "nobody was called back");
}

/// F19: a partner cannot make its record large.
#[test]
fn endpoints_and_roles_are_limited() {
    let limits = Limits { endpoints: 3, roles: 2, credentials_per_minute: 100, ..Limits::default() };
    let (network, cpo, token_a) = inviting(PlatformSetup { limits, ..PlatformSetup::cpo() });
    let one = r#", {"identifier": "tokens", "role": "SENDER", "url": "https://hand.example/t"}"#;
    CannedPlatform::with(&one.repeat(3)).add_to(&network);
    assert_eq!(cpo.send_credentials(Method::POST, &token_a, &by_hand()), (200, 2001));
    let roles = [("CPO", "BE", "HND"), ("EMSP", "BE", "HND"), ("NSP", "BE", "HND")];
    let many = credentials_json("token-b", "hand.example", &roles);
    assert_eq!(cpo.send_credentials(Method::POST, &token_a, &many), (200, 2001));
    CannedPlatform::with(&one.repeat(2)).add_to(&network);
    assert_eq!(cpo.send_credentials(Method::POST, &token_a, &by_hand()), (200, 1000));
}

/// Whatever is tried with a token of a partner that has left, it is 401.
#[test]
fn who_has_left_has_no_rights() {
    let (_network, cpo, token_a, token_c) = by_hand_registered();
    assert_eq!(cpo.send_credentials(Method::DELETE, &token_c, ""), (200, 1000));
    assert_eq!(state(&cpo, "hand"), Some(PartnerState::Left));
    for dead in [&token_a, &token_c, &token("never-issued")] {
        assert_eq!((cpo.status_for(dead), ask_for_tariffs(&cpo, dead)), (401, (401, 2000)));
        for method in METHODS {
            assert_eq!(cpo.send_credentials(method, dead, &by_hand()), (401, 2000));
        }
    }
    assert_eq!(cpo.partner("hand").reserved, [party("BE/HND")]);
}

/// Answers with tokens are not for caches.
#[test]
fn answers_with_tokens_are_not_stored() {
    let (_network, cpo, _, token_c) = by_hand_registered();
    let url = format!("{}/2.3.0/credentials", cpo.platform.base());
    let request = http::Request::get(url).header("Authorization", token_c.to_header(true));
    let answer = block_on(cpo.router.call(request.body("".into()).expect("a request")));
    assert_eq!(answer.headers()[http::header::CACHE_CONTROL], "no-store");
}

/// The settings show no secret.
#[test]
fn settings_show_no_secret() {
    let role = ocpi_testkit::parse_list(&ocpi_testkit::roles_json(&[("CPO", "NL", "ALF")])).remove(0);
    let base = "https://cpo.example/ocpi".parse().expect("a URL");
    let settings =
        Settings { pepper: Some(b"CANARY".to_vec()), urls: UrlPolicy::Public, ..Settings::new(base, role) };
    let shown = format!("{settings:?}");
    assert!(!shown.contains("CANARY") && !shown.contains("67, 65"), "{shown}");
}

/// A party whose id has another form than the specification's can be approved, and its partner lives on.
#[test]
fn odd_party_ids_make_no_record_unreadable() {
    for odd in ["ABCD", "B*", "x"] {
        let network = Network::default();
        let cpo = PlatformSetup::cpo().open(&network);
        CannedPlatform::with("").add_to(&network);
        let token_a = block_on(cpo.platform.invite("hand", Allow::default())).expect("invited");
        let roles = credentials_json("token-b", "hand.example", &[("EMSP", "BE", odd)]);
        let (_, code, token_c) = cpo.exchange_credentials(Method::POST, &token_a, &roles);
        assert_eq!(code, 1000, "{odd}");
        block_on(cpo.platform.approve(&cpo.partner("hand"))).expect("approved");
        assert_eq!(ask_for_tariffs(&cpo, &token_c.expect("token C")), (200, 1000), "{odd}");
        block_on(cpo.platform.forget("hand")).expect("forgotten");
        assert_eq!(cpo.partner("hand").reserved.len(), 1, "{odd}");
    }
}

/// The objects of NL/ALF for DE/EMP are in the list `NL/ALF>DE/EMP`.
#[test]
fn a_party_that_could_be_taken_for_another_is_refused() {
    let network = Network::default();
    let cpo = PlatformSetup::cpo().open(&network);
    CannedPlatform::with("").add_to(&network);
    let odd =
        [("NL", "ALF>DE/EMP"), ("NL", "ALF>"), ("N/L", "ALF"), ("NL", "A\\u0000"), ("NL", ""), ("", "ALF")];
    let named = odd.iter().fold(Allow::default(), |allow, (country, id)| {
        let texts = (country.parse(), id.replace("\\u0000", "\0").parse());
        let (Ok(country_code), Ok(party_id)) = texts else { return allow };
        allow.party(Party { country_code, party_id })
    });
    for allow in [Allow::default(), named] {
        let token_a = block_on(cpo.platform.invite("hand", allow)).expect("invited");
        for (country, id) in odd {
            let roles = credentials_json("token-b", "hand.example", &[("EMSP", country, id)]);
            assert_eq!(cpo.send_credentials(Method::POST, &token_a, &roles), (200, 2001), "{country} {id}");
        }
        assert_eq!(cpo.partner("hand").parties(), []);
    }
}

/// F17: an approval is one of the roles that were seen: others wait.
#[test]
fn an_approved_partner_takes_no_other_role() {
    let network = Network::default();
    let cpo = PlatformSetup::cpo().open(&network);
    CannedPlatform::with("").add_to(&network);
    let token_a = block_on(cpo.platform.invite("hand", Allow::default())).expect("invited");
    let (_, _, token_c) = cpo.exchange_credentials(Method::POST, &token_a, &by_hand());
    block_on(cpo.platform.approve(&cpo.partner("hand"))).expect("approved");
    let more = credentials_json("token-b2", "hand.example", &[("EMSP", "BE", "HND"), ("CPO", "BE", "HND")]);
    let (_, code, _) = cpo.exchange_credentials(Method::PUT, &token_c.expect("token C"), &more);
    assert_eq!(code, 2001, "it differs from what was approved");
    let roles: Vec<String> = cpo.partner("hand").roles.iter().map(|role| role.role.to_string()).collect();
    assert_eq!(roles, ["EMSP"]);
}

/// F5: a party of ours that only another node knows of is ours all the same.
#[test]
fn parties_of_our_other_nodes_are_not_to_be_had() {
    let network = Network::default();
    let old = PlatformSetup::cpo().open(&network);
    CannedPlatform::with("").add_to(&network);
    let token_a = block_on(old.platform.invite("hand", Allow::default())).expect("invited");
    let roles = [("CPO", "NL", "ALF"), ("CPO", "NL", "NEW")];
    let setup = PlatformSetup { store: Arc::clone(&old.store), ..PlatformSetup::new("cpo2", &roles) };
    let _new = setup.open(&network);
    let greedy = credentials_json("token-b", "hand.example", &[("CPO", "NL", "NEW")]);
    assert_eq!(old.send_credentials(Method::POST, &token_a, &greedy), (200, 2001));
}
