//! Discovery and registration, step by step.

use bytes::Bytes;
use ocpi_client::{Discovered, Discovery, Error, ErrorKind, Next, Registered, Registration, RequestIds};
use ocpi_testkit::{Script, failure, parse, respond, success, token};
use ocpi_types::protocol::{PartnerProfile, TokenForm};
use ocpi_types::v2_3_0::credentials::Credentials;
use ocpi_types::{InterfaceRole, ModuleId, Version, json};

use crate::wire::TOKEN;

const VERSIONS: &str = r#"[{"version": "2.1.1", "url": "https://cpo.example/2.1.1"},
    {"version": "2.3.0", "url": "https://cpo.example/2.3.0"},
    {"version": "9.9", "url": "https://cpo.example/9.9"},
    {"version": "2.2.1", "url": "https://cpo.example/2.2.1"}]"#;

fn details(version: &str) -> String {
    format!(
        r#"{{"version": "{version}", "endpoints": [
        {{"identifier": "credentials", "role": "RECEIVER", "url": "https://cpo.example/{version}/credentials"}},
        {{"identifier": "locations", "role": "SENDER", "url": "https://cpo.example/{version}/locations"}}]}}"#
    )
}

const THEIRS: &str = r#"{"token": "token-c", "url": "https://cpo.example/versions", "roles": [{"role": "CPO",
    "business_details": {"name": "Alfa"}, "country_code": "NL", "party_id": "ALF"}]}"#;

fn ours() -> Credentials {
    parse(
        r#"{"token": "token-b", "url": "https://emsp.example/versions", "hub_party_id": "DEHUB", "note": 1,
        "roles": [{"role": "EMSP", "business_details": {"name": "EM"}, "country_code": "DE", "party_id": "EMP"}]}"#,
    )
}

const BOTH: &[Version] = &[Version::V2_2_1, Version::V2_3_0];

fn discovery(wanted: &[Version]) -> Discovery {
    let url = "https://cpo.example/versions".parse().expect("a URL");
    Discovery::new(url, token(TOKEN), wanted, RequestIds::new("reg"))
}

fn registration(wanted: &[Version]) -> Registration {
    let url = "https://cpo.example/versions".parse().expect("a URL");
    Registration::new(url, token(TOKEN), ours(), wanted, RequestIds::new("reg"))
}

fn discover(script: &Script) -> Result<Discovered, Error> {
    pollster::block_on(discovery(BOTH).run(script))
}

fn register(script: &Script) -> Result<Registered, Error> {
    pollster::block_on(registration(BOTH).run(script))
}

fn authorization(request: &http::Request<Bytes>) -> &str {
    request.headers()["authorization"].to_str().expect("ASCII")
}

#[test]
fn the_newest_version_that_both_have_is_taken() {
    for (wanted, version) in [
        (BOTH, Version::V2_3_0),
        (&[Version::V2_2_1][..], Version::V2_2_1),
        (&[Version::V2_3_0, Version::V2_2_1], Version::V2_3_0),
        (Version::ALL, Version::V2_3_0),
    ] {
        let script = Script::of([success(VERSIONS), success(&details(version.as_str()))]);
        let found = pollster::block_on(discovery(wanted).run(&script)).expect("a version");
        assert_eq!((found.version, found.client.version()), (version, version));
        let expected = format!("GET https://cpo.example/{version}");
        assert_eq!(script.asked(), ["GET https://cpo.example/versions", &expected]);
        let locations = found.client.endpoint(&ModuleId::Locations, &InterfaceRole::Sender).expect("offered");
        assert_eq!(locations.as_str(), format!("https://cpo.example/{version}/locations"));
        assert_eq!(found.client.profile(), &PartnerProfile::strict());
        let sent = token(TOKEN).to_header(true);
        assert!(script.requests().iter().all(|request| authorization(request) == sent));
    }
}

/// M11: 2.2 is spoken where there is nothing newer.
#[test]
fn a_partner_of_2_2_is_spoken_with_in_it() {
    let entry =
        |version: &str| format!(r#"{{"version": "{version}", "url": "https://cpo.example/{version}"}}"#);
    for (offered, chosen) in [(&["2.2"][..], Version::V2_2), (&["2.2.1", "2.2"], Version::V2_2_1)] {
        let list = offered.iter().map(|version| entry(version)).collect::<Vec<_>>().join(",");
        let script = Script::of([success(&format!("[{list}]")), success(&details(chosen.as_str()))]);
        let found = pollster::block_on(discovery(Version::SPOKEN).run(&script)).expect("a version");
        assert_eq!((found.version, found.client.version()), (chosen, chosen));
        let sent = token(TOKEN).to_header(true);
        assert!(script.requests().iter().all(|request| authorization(request) == sent), "Base64");
        let locations = found.client.endpoint(&ModuleId::Locations, &InterfaceRole::Sender).expect("offered");
        assert_eq!(locations.as_str(), format!("https://cpo.example/{chosen}/locations"));
    }
}

#[test]
fn without_a_version_in_common_it_ends() {
    for versions in [r#"[{"version": "2.1.1", "url": "https://cpo.example/2.1.1"}]"#, "[]", "null"] {
        let script = Script::of([success(versions)]);
        assert!(discover(&script).is_err(), "{versions}");
        assert_eq!(script.requests().len(), 1);
    }
    let only_older = Script::of([success(r#"[{"version": "2.1.1", "url": "https://cpo.example/2.1.1"}]"#)]);
    let error = discover(&only_older).expect_err("no version");
    assert!(error.is_no_common_version(), "{error}");
    assert_eq!(error.endpoint(), "GetVersions");
}

#[test]
fn without_a_version_in_common_it_says_what_the_partner_offers() {
    let many: Vec<String> = (0..20).map(|minor| format!("9.{minor}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (versions, told) in [
        (&["2.2"][..], "2.2 only"),
        (&["2.0", "2.1.1", "2.2"], "2.0, 2.1.1 and 2.2"),
        (&["2.2.1-d2", "3.0"], "2.2.1-d2 and 3.0"),
        (&["see the wiki", "2.2"], "2.2 and 1 more"),
        (&["<b>"], "1 unknown only"),
        (&many, "9.0, 9.1, 9.2, 9.3, 9.4, 9.5, 9.6, 9.7 and 12 more"),
        (&[], "none"),
    ] {
        let one = |version: &&str| format!(r#"{{"version": "{version}", "url": "https://cpo.example/x"}}"#);
        let versions = versions.iter().map(one).collect::<Vec<_>>().join(",");
        let error = discover(&Script::of([success(&format!("[{versions}]"))])).expect_err("no version");
        let text = format!(
            "GetVersions: the platforms have no version in common: the partner offers {told}; allow another version, or \
             ask the partner for one"
        );
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn details_of_another_version_are_refused() {
    let script = Script::of([success(VERSIONS), success(&details("2.2.1"))]);
    let error = discover(&script).expect_err("it was 2.3.0 that was asked for");
    assert_eq!(
        error.to_string(),
        "GetVersionDetails: the details are those of another version than was asked for"
    );
}

#[test]
fn details_elsewhere_are_not_asked_for() {
    let versions = r#"[{"version": "2.3.0", "url": "https://evil.example/2.3.0"}]"#;
    let script = Script::of([success(versions)]);
    let error = discover(&script).expect_err("a foreign host");
    assert_eq!((error.endpoint(), error.kind()), ("GetVersionDetails", ErrorKind::ForeignUrl));
    assert_eq!(
        error.to_string(),
        "GetVersionDetails: the URL leads to `https://evil.example`, and requests go only to hosts of the endpoints and \
         versions that the partner registered; no token is sent there; the partner has to register the host"
    );
    assert_eq!(script.requests().len(), 1);
}

#[test]
fn a_partner_that_takes_plain_tokens_is_learnt_once() {
    let steps = [success(VERSIONS), success(&details("2.3.0")), success(THEIRS)];
    let (encoded, plain) = (token(TOKEN).to_header(true), token(TOKEN).to_header(false));
    let refusals = [
        failure(401, 2000),
        failure(403, 2000),
        respond(401, &[], "<html>"),
        failure(200, 3000),
        failure(200, 2001),
        failure(404, 2004),
    ];
    for step in 0..steps.len() {
        // Anything may mean the token in the first request only.
        for refusal in &refusals[..if step == 0 { refusals.len() } else { 3 }] {
            let mut answers = steps.to_vec();
            answers.insert(step, refusal.clone());
            let script = Script::of(answers);
            let registered = register(&script).expect("registered");
            assert_eq!(registered.client.profile().token, Some(TokenForm::Plain));
            let sent: Vec<String> =
                script.requests().iter().map(|request| authorization(request).to_owned()).collect();
            let expected = (0..4).map(|number| if number <= step { encoded.clone() } else { plain.clone() });
            assert_eq!(sent, expected.collect::<Vec<_>>());
        }
    }
    // Once in each step, and not for any other failure.
    for answers in [
        vec![failure(401, 2000), failure(401, 2000)],
        vec![failure(200, 3000), failure(200, 3000)],
        vec![failure(404, 2000), failure(404, 2000)],
        vec![failure(200, 2001), failure(200, 2001)],
        vec![failure(500, 3000)],
        vec![success(VERSIONS), failure(404, 2000)],
        vec![success(VERSIONS), failure(401, 2000), failure(401, 2000)],
        vec![success(VERSIONS), failure(200, 3000)],
        vec![failure(401, 2000), success(VERSIONS), failure(401, 2000), failure(401, 2000)],
        vec![success(VERSIONS), success(&details("2.3.0")), failure(401, 2000), failure(401, 2000)],
    ] {
        let requests = answers.len();
        let script = Script::of(answers);
        assert!(register(&script).is_err());
        assert_eq!(script.requests().len(), requests);
    }
}

#[test]
fn a_registration_ends_with_the_token_that_the_partner_gave() {
    let script = Script::of([success(VERSIONS), success(&details("2.3.0")), success(THEIRS)]);
    let registered = register(&script).expect("registered");
    assert_eq!(registered.version, Version::V2_3_0);
    assert_eq!(registered.credentials, parse(THEIRS));
    assert_eq!(script.asked()[2], "POST https://cpo.example/2.3.0/credentials");
    let sent: Credentials = parse(std::str::from_utf8(script.requests()[2].body()).expect("text"));
    assert_eq!(sent, ours());
    let request = registered.client.request(&ocpi_types::endpoint::GetVersions).expect("offered");
    assert_eq!(authorization(&request), token("token-c").to_header(true));
}

/// P1: the redirect of a framework that wants a slash at the end is followed once, at the origin that was registered.
#[test]
fn credentials_go_to_the_path_with_the_slash() {
    let redirect = |to: &str| respond(308, &[("location", to)], "");
    let script = Script::of([
        success(VERSIONS),
        success(&details("2.3.0")),
        redirect("http://cpo.example/2.3.0/credentials/"),
        success(THEIRS),
    ]);
    let registered = register(&script).expect("registered");
    assert_eq!(
        script.asked()[2..],
        ["POST https://cpo.example/2.3.0/credentials", "POST https://cpo.example/2.3.0/credentials/"]
    );
    let stored = PartnerProfile::from_json(&registered.client.learned_profile().to_json()).expect("stored");
    let url = stored.url(Version::V2_3_0, &ModuleId::Credentials, &InterfaceRole::Sender);
    assert_eq!(url.map(|url| url.as_str()), Some("https://cpo.example/2.3.0/credentials/"));
    for wrong in ["https://cpo.example/2.3.0/login/", "https://cpo.example/2.3.0/credentials"] {
        let script = Script::of([success(VERSIONS), success(&details("2.3.0")), redirect(wrong)]);
        register(&script).expect_err("nobody goes there");
    }
    let there = redirect("https://cpo.example/2.3.0/credentials/");
    let back = redirect("https://cpo.example/2.3.0/credentials");
    let script = Script::of([success(VERSIONS), success(&details("2.3.0")), there, back]);
    register(&script).expect_err("it goes in circles");
    assert_eq!(script.asked().len(), 4);
}

#[test]
fn renewing_is_a_put_with_the_token_in_use() {
    let script = Script::of([success(VERSIONS), success(&details("2.3.0")), success(THEIRS)]);
    let _ = pollster::block_on(registration(BOTH).renewing().run(&script)).expect("renewed");
    assert_eq!(script.asked()[2], "PUT https://cpo.example/2.3.0/credentials");
    assert_eq!(authorization(&script.requests()[2]), token(TOKEN).to_header(true));
}

/// 2.2.1 has no `hub_party_id`: there the hub has a role; what an application added of its own stays.
#[test]
fn the_older_version_gets_its_own_credentials() {
    let script = Script::of([success(VERSIONS), success(&details("2.2.1")), success(THEIRS)]);
    let run = registration(&[Version::V2_2_1]).run(&script);
    let registered = pollster::block_on(run).expect("registered");
    assert_eq!(registered.version, Version::V2_2_1);
    let body = script.requests()[2].body().clone();
    let text = std::str::from_utf8(&body).expect("text");
    assert!(!text.contains("hub_party_id") && text.contains(r#""note":1"#), "{text}");
    let sent: ocpi_types::v2_2_1::credentials::Credentials = json::from_str(text).expect("credentials");
    assert_eq!((sent.token, sent.url), (ours().token, ours().url));
    let (hub, own) = sent.roles.split_last().expect("roles");
    assert_eq!((own, hub.role.as_str(), hub.party_id.as_str()), (&*ours().roles, "HUB", "HUB"));
}

#[test]
fn an_error_at_any_step_ends_it_there() {
    let steps = [success(VERSIONS), success(&details("2.3.0")), success(THEIRS)];
    // The first may be about the form of the token, if they are said to the first request.
    let wrong = [
        failure(200, 2000),
        failure(200, 3001),
        failure(404, 2000),
        failure(405, 2000),
        failure(500, 3000),
        success("1"),
        success("{}"),
        respond(200, &[], "<html>"),
        respond(302, &[("Location", "https://evil.example/")], ""),
    ];
    for step in 0..steps.len() {
        for (place, wrong) in wrong.iter().enumerate() {
            let mut answers: Vec<_> = steps[..step].to_vec();
            answers.push(wrong.clone());
            answers.extend((step == 0 && place < 4).then(|| wrong.clone()));
            let requests = answers.len();
            let script = Script::of(answers);
            assert!(register(&script).is_err(), "step {step}: {wrong:?}");
            assert_eq!(script.requests().len(), requests);
        }
        let dead = Script::of(steps[..step].to_vec()).then_nothing();
        assert!(register(&dead).expect_err("no answer").is_retryable(), "step {step}");
    }
}

#[test]
fn a_partner_without_credentials_cannot_be_registered_with() {
    let details = r#"{"version": "2.3.0", "endpoints":
        [{"identifier": "locations", "role": "SENDER", "url": "https://cpo.example/l"}]}"#;
    let script = Script::of([success(VERSIONS), success(details)]);
    assert!(register(&script).expect_err("nowhere to POST").is_not_offered());
    assert_eq!(script.requests().len(), 2);
}

#[test]
fn what_was_discovered_can_be_looked_at_first() {
    let script = Script::of([success(VERSIONS), success(&details("2.3.0"))]);
    let found = discover(&script).expect("a version");
    let script = Script::of([success(THEIRS)]);
    let _ = pollster::block_on(Registration::with(found, ours()).run(&script)).expect("registered");
    assert_eq!(script.asked(), ["POST https://cpo.example/2.3.0/credentials"]);
}

/// Without any transport: each answer is given by hand.
#[test]
fn the_machine_can_be_stopped_between_steps() {
    let mut registration = registration(BOTH);
    let first = registration.start().expect("a request");
    assert_eq!(first.uri(), "https://cpo.example/versions");
    let Ok(Next::Send(second)) = registration.step(success(VERSIONS)) else { panic!("no second request") };
    assert_eq!(second.uri(), "https://cpo.example/2.3.0");
    let mut copy = registration.clone();
    for registration in [&mut registration, &mut copy] {
        let Ok(Next::Send(third)) = registration.step(success(&details("2.3.0"))) else {
            panic!("no third request")
        };
        assert_eq!(third.method(), http::Method::POST);
        // An answer that failed may be asked for again.
        assert!(registration.step(failure(500, 3000)).is_err());
        assert!(matches!(registration.step(success(THEIRS)), Ok(Next::Done(_))));
    }
}

/// A registration that is answered with something that is no whole object: the token in it must not be lost.
#[test]
fn the_token_of_an_answer_that_cannot_be_read_is_told() {
    let roles =
        r#"[{"role": "CPO", "country_code": "NL", "party_id": "ALF"}, {"role": "CPO"}, {"party_id": "X"}]"#;
    for (data, url, roles) in [
        (r#"{"token": "token-c"}"#.to_owned(), false, 0),
        (r#"{"token": "token-c", "url": 5, "roles": "none"}"#.to_owned(), false, 0),
        (
            format!(r#"{{"token": "token-c", "url": "https://cpo.example/versions", "roles": {roles}}}"#),
            true,
            1,
        ),
    ] {
        let script = Script::of([success(VERSIONS), success(&details("2.3.0")), success(&data)]);
        let said = register(&script).expect_err("no whole object").credentials().expect("a token");
        assert_eq!(
            (said.token, said.url.is_some(), said.roles.len()),
            (token("token-c"), url, roles),
            "{data}"
        );
    }
    for answer in [
        success("{}"),
        success("[]"),
        success(r#"{"token": ""}"#),
        success(r#"{"token": "with blank"}"#),
        respond(200, &[], "<html>"),
        respond(500, &[], r#"{"data": {"token": "token-c"}, "status_code": 1000}"#),
        respond(200, &[], r#"{"data": {"token": "token-c"}, "status_code": 2000}"#),
    ] {
        let script = Script::of([success(VERSIONS), success(&details("2.3.0")), answer]);
        assert!(register(&script).expect_err("a failure").credentials().is_none());
    }
}
