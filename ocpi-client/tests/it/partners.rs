//! Partners that deviate while they are met: the requests that go to each, what comes of them, and what is learned and told.
//!
//! Rows are named after the collection of deviations in the field: A… of credentials and handshakes, U… of what was met with
//! systems of other makes.

use bytes::Bytes;
use ocpi_client::{Discovery, Error, ErrorKind, Registered, Registration, RequestIds};
use ocpi_testkit::{Script, failure, parse, party, respond, success, token};
use ocpi_types::convert::Relation;
use ocpi_types::endpoint::GetVersions;
use ocpi_types::protocol::{PartnerProfile, TokenForm, TokenScope};
use ocpi_types::v2_3_0::credentials::Credentials;
use ocpi_types::{InterfaceRole, ModuleId, Role, Version};

const URL: &str = "https://cpo.example/versions";
const THEIRS: &str = r#"{"token": "token-c", "url": "https://cpo.example/versions", "roles": [{"role": "CPO",
    "business_details": {"name": "Alfa"}, "country_code": "NL", "party_id": "ALF"}]}"#;
const THEIRS_2_1_1: &str = r#"{"token": "token-c", "url": "https://cpo.example/versions", "country_code": "NL",
    "party_id": "ALF", "business_details": {"name": "Alfa"}}"#;

fn list(versions: &[&str]) -> http::Response<Bytes> {
    let one = |it: &&str| format!(r#"{{"version": "{it}", "url": "https://cpo.example/{it}"}}"#);
    success(&format!("[{}]", versions.iter().map(one).collect::<Vec<_>>().join(",")))
}

fn details(version: &str) -> String {
    format!(
        r#"{{"version": "{version}", "endpoints": [
        {{"identifier": "credentials", "role": "SENDER", "url": "https://cpo.example/{version}/credentials"}},
        {{"identifier": "locations", "role": "SENDER", "url": "https://cpo.example/{version}/locations"}}]}}"#
    )
}

fn ours() -> Credentials {
    parse(
        r#"{"token": "token-b", "url": "https://emsp.example/versions",
        "roles": [{"role": "EMSP", "business_details": {"name": "EM"}, "country_code": "DE", "party_id": "EMP"}]}"#,
    )
}

fn registration(url: &str, wanted: &[Version]) -> Registration {
    Registration::new(url.parse().expect("a URL"), token("token-a"), ours(), wanted, RequestIds::new("reg"))
        .with_relation(Relation::of(Role::Emsp, Some(party("DE/EMP")), None))
}

/// The requests, with the form of the token: `plain GET https://…`.
fn asked(script: &Script) -> Vec<String> {
    let shown = |(request, asked): (&http::Request<Bytes>, String)| {
        let header = request.headers()["authorization"].to_str().expect("ASCII");
        let known = ["token-a", "token-c", "token-last"].into_iter().find_map(|known| {
            let forms = [("plain", false), ("base64", true)];
            let form = forms.into_iter().find(|(_, base64)| token(known).to_header(*base64) == header)?;
            Some(format!("{} {known}", form.0))
        });
        format!("{} {asked}", known.expect("one of them"))
    };
    script.requests().iter().zip(script.asked()).map(shown).collect()
}

fn told(registered: &Registered) -> Vec<String> {
    let told = |it: &ocpi_client::Deviation| format!("{} {}", it.endpoint, it.finding.rule.id());
    registered.deviations().iter().map(told).collect()
}

/// A partner of the table: its answers, the requests that they lead to, and the deviations that are told.
struct Row {
    name: &'static str,
    url: &'static str,
    wanted: &'static [Version],
    answers: Vec<http::Response<Bytes>>,
    asked: &'static [&'static str],
    told: &'static [&'static str],
}

const ALL: &[Version] = Version::ALL;
const OLD: &[Version] = &[Version::V2_1_1];

fn rows() -> Vec<Row> {
    let of = |name, url, wanted, answers, asked, told| Row { name, url, wanted, answers, asked, told };
    let unauthorized = || failure(401, 2000);
    vec![
        of(
            "nothing is odd",
            URL,
            ALL,
            vec![list(&["2.3.0"]), success(&details("2.3.0")), success(THEIRS)],
            &[
                "base64 token-a GET https://cpo.example/versions",
                "base64 token-a GET https://cpo.example/2.3.0",
                "base64 token-a POST https://cpo.example/2.3.0/credentials",
            ],
            &[],
        ),
        of(
            "U1: 2.1.1 alone, whose list takes both forms",
            URL,
            ALL,
            vec![list(&["2.1.1"]), success(&details("2.1.1")), success(THEIRS_2_1_1)],
            &[
                "base64 token-a GET https://cpo.example/versions",
                "plain token-a GET https://cpo.example/2.1.1",
                "plain token-a POST https://cpo.example/2.1.1/credentials",
            ],
            &[],
        ),
        of(
            "U5: 2.1.1, whose list says 200 and 3000 to a plain token",
            URL,
            OLD,
            vec![failure(200, 3000), list(&["2.1.1"]), success(&details("2.1.1")), success(THEIRS_2_1_1)],
            &[
                "plain token-a GET https://cpo.example/versions",
                "base64 token-a GET https://cpo.example/versions",
                "plain token-a GET https://cpo.example/2.1.1",
                "plain token-a POST https://cpo.example/2.1.1/credentials",
            ],
            &["GetVersions auth.not_plain"],
        ),
        of(
            "A1: 2.1.1, everything in Base64",
            URL,
            ALL,
            vec![list(&["2.1.1"]), unauthorized(), success(&details("2.1.1")), success(THEIRS_2_1_1)],
            &[
                "base64 token-a GET https://cpo.example/versions",
                "plain token-a GET https://cpo.example/2.1.1",
                "base64 token-a GET https://cpo.example/2.1.1",
                "base64 token-a POST https://cpo.example/2.1.1/credentials",
            ],
            &["GetVersionDetails auth.not_plain"],
        ),
        of(
            "A1: another form in each step",
            URL,
            ALL,
            vec![
                unauthorized(),
                list(&["2.2.1"]),
                unauthorized(),
                success(&details("2.2.1")),
                failure(403, 2000),
                success(THEIRS),
            ],
            &[
                "base64 token-a GET https://cpo.example/versions",
                "plain token-a GET https://cpo.example/versions",
                "plain token-a GET https://cpo.example/2.2.1",
                "base64 token-a GET https://cpo.example/2.2.1",
                "base64 token-a POST https://cpo.example/2.2.1/credentials",
                "plain token-a POST https://cpo.example/2.2.1/credentials",
            ],
            &["GetVersions auth.not_base64", "PostCredentials auth.not_base64"],
        ),
        of(
            "A11: the URL is that of the details",
            "https://cpo.example/ocpi/2.2.1",
            ALL,
            vec![success(&details("2.2.1")), success(THEIRS)],
            &[
                "base64 token-a GET https://cpo.example/ocpi/2.2.1",
                "base64 token-a POST https://cpo.example/2.2.1/credentials",
            ],
            &["GetVersions cred.url_not_versions"],
        ),
        of(
            "A11: the URL is that of the details of 2.1.1, which have no roles",
            "https://cpo.example/ocpi/2.1.1",
            OLD,
            vec![success(&details("2.1.1")), success(THEIRS_2_1_1)],
            &[
                "plain token-a GET https://cpo.example/ocpi/2.1.1",
                "plain token-a POST https://cpo.example/2.1.1/credentials",
            ],
            &["GetVersions cred.url_not_versions"],
        ),
        of(
            "A11: a base URL at which nothing is",
            "https://cpo.example/",
            ALL,
            vec![failure(404, 2000), list(&["2.2.1"]), success(&details("2.2.1")), success(THEIRS)],
            &[
                "base64 token-a GET https://cpo.example/",
                "base64 token-a GET https://cpo.example/versions",
                "base64 token-a GET https://cpo.example/2.2.1",
                "base64 token-a POST https://cpo.example/2.2.1/credentials",
            ],
            &["GetVersions cred.url_not_versions"],
        ),
        of(
            "A11, A1: a base URL with a web page, and a list that takes plain tokens",
            "https://cpo.example",
            ALL,
            vec![
                respond(200, &[], "<html>Welcome</html>"),
                unauthorized(),
                list(&["2.2.1"]),
                success(&details("2.2.1")),
                success(THEIRS),
            ],
            &[
                "base64 token-a GET https://cpo.example/",
                "base64 token-a GET https://cpo.example/versions",
                "plain token-a GET https://cpo.example/versions",
                "plain token-a GET https://cpo.example/2.2.1",
                "plain token-a POST https://cpo.example/2.2.1/credentials",
            ],
            &["GetVersions cred.url_not_versions", "GetVersions auth.not_base64"],
        ),
        of(
            "A12: details in brackets",
            URL,
            ALL,
            vec![list(&["2.2.1"]), success(&format!("[{}]", details("2.2.1"))), success(THEIRS)],
            &[
                "base64 token-a GET https://cpo.example/versions",
                "base64 token-a GET https://cpo.example/2.2.1",
                "base64 token-a POST https://cpo.example/2.2.1/credentials",
            ],
            &["GetVersionDetails val.array_for_object"],
        ),
        of(
            "U6: absent members are wanted as null (422)",
            URL,
            ALL,
            vec![
                list(&["2.2.1"]),
                success(&details("2.2.1")),
                respond(422, &[], r#"{"detail": [{"loc": ["body", "roles", 0, "website"]}]}"#),
                success(THEIRS),
            ],
            &[
                "base64 token-a GET https://cpo.example/versions",
                "base64 token-a GET https://cpo.example/2.2.1",
                "base64 token-a POST https://cpo.example/2.2.1/credentials",
                "base64 token-a POST https://cpo.example/2.2.1/credentials",
            ],
            &["PostCredentials cred.nulls_demanded"],
        ),
        of(
            "U6, A1: plain tokens, then nulls (400)",
            URL,
            ALL,
            vec![
                list(&["2.2.1"]),
                success(&details("2.2.1")),
                unauthorized(),
                failure(400, 2001),
                success(THEIRS),
            ],
            &[
                "base64 token-a GET https://cpo.example/versions",
                "base64 token-a GET https://cpo.example/2.2.1",
                "base64 token-a POST https://cpo.example/2.2.1/credentials",
                "plain token-a POST https://cpo.example/2.2.1/credentials",
                "plain token-a POST https://cpo.example/2.2.1/credentials",
            ],
            &["PostCredentials cred.nulls_demanded", "PostCredentials auth.not_base64"],
        ),
        of(
            "A9: a registration is known already",
            URL,
            ALL,
            vec![list(&["2.2.1"]), success(&details("2.2.1")), failure(405, 2000), success(THEIRS)],
            &[
                "base64 token-a GET https://cpo.example/versions",
                "base64 token-a GET https://cpo.example/2.2.1",
                "base64 token-a POST https://cpo.example/2.2.1/credentials",
                "base64 token-last PUT https://cpo.example/2.2.1/credentials",
            ],
            &["PutCredentials cred.wrong_405"],
        ),
    ]
}

fn run(row: &Row) -> (Script, Result<Registered, Error>) {
    let script = Script::of(row.answers.clone());
    let registration = registration(row.url, row.wanted).with_last_token(token("token-last"));
    let done = pollster::block_on(registration.run(&script));
    (script, done)
}

#[test]
fn each_partner_is_registered_with_in_its_way() {
    for row in rows() {
        let (script, done) = run(&row);
        let registered = done.unwrap_or_else(|error| panic!("{}: {error}\n{:#?}", row.name, asked(&script)));
        assert_eq!(asked(&script), row.asked, "{}", row.name);
        assert_eq!(told(&registered), row.told, "{}", row.name);
        assert!(registered.deviations().iter().all(|it| it.times == 1), "{}: each is told once", row.name);
    }
}

/// U1: what was learned is known from the first request of the next time on, so that nothing is tried any more.
#[test]
fn a_second_time_nothing_is_tried() {
    for row in rows() {
        let (_, done) = run(&row);
        let learned = done.expect("registered").client.learned_profile();
        let stored = PartnerProfile::from_json(&learned.to_json()).expect("it was stored");
        assert_eq!(stored, learned, "{}", row.name);
        // Only what worked: the refusals are left out. The URL of the list and a known registration are not in a profile.
        if row.name.contains("A11") || row.name.contains("A9") {
            continue;
        }
        let is_good = |answer: &&http::Response<Bytes>| {
            answer.status() == 200 && !String::from_utf8_lossy(answer.body()).contains("3000")
        };
        let answers: Vec<_> = row.answers.iter().filter(is_good).cloned().collect();
        assert_eq!(answers.len(), 3, "{}", row.name);
        let script = Script::of(answers);
        let again = registration(row.url, row.wanted).with_profile(stored.clone()).renewing();
        let again =
            pollster::block_on(again.run(&script)).unwrap_or_else(|error| panic!("{}: {error}", row.name));
        assert_eq!(again.client.learned_profile(), stored, "{}", row.name);
        let wanted = row.answers.iter().zip(row.asked).filter(|(answer, _)| is_good(answer));
        let wanted: Vec<String> = wanted.map(|(_, asked)| asked.replace("POST", "PUT")).collect();
        assert_eq!(asked(&script), wanted, "{}", row.name);
    }
}

/// Each detour is taken once, and nothing is sent again that may have done something.
#[test]
fn what_is_tried_is_bounded() {
    let unauthorized = || failure(401, 2000);
    let found = || vec![list(&["2.2.1"]), success(&details("2.2.1"))];
    let with = |answers: Vec<http::Response<Bytes>>| [found(), answers].concat();
    let done = r#"{"status_code": 1000, "timestamp": "2026-11-22T10:00:00Z"}"#;
    let committed = r#"{"token": "token-c", "url": 5}"#;
    for (name, url, answers, text) in [
        ("A4: a dead token", URL, vec![unauthorized(), unauthorized()], "HTTP 401"),
        ("U5: first 3000, then 401", URL, vec![failure(200, 3000), unauthorized()], "3000"),
        (
            "A11: nothing anywhere",
            "https://cpo.example/",
            vec![failure(404, 2000), failure(404, 2003), failure(404, 2003)],
            "2000",
        ),
        ("A11: the URL has the name of a list", URL, vec![failure(404, 2000), failure(404, 2000)], "2000"),
        ("A11: an object of something else", URL, vec![success(r#"{"name": "API"}"#)], "GetVersions: data"),
        ("A9: no PUT either", URL, with(vec![failure(405, 2000), failure(405, 2000)]), "HTTP 405"),
        ("U6: nulls do not help", URL, with(vec![failure(422, 2001), failure(422, 2001)]), "HTTP 422"),
        ("a 400 that says that it was done", URL, with(vec![respond(400, &[], done)]), "HTTP 400"),
        ("a 500", URL, with(vec![failure(500, 3000)]), "HTTP 500"),
        ("a success that cannot be read", URL, with(vec![success(committed)]), "PostCredentials"),
        (
            "everything, one after the other",
            "https://cpo.example/",
            [
                vec![unauthorized(), failure(404, 2000), unauthorized(), list(&["2.2.1"])],
                vec![unauthorized(), success(&details("2.2.1"))],
                vec![unauthorized(), failure(422, 2001), failure(405, 2000), unauthorized()],
            ]
            .concat(),
            "HTTP 401",
        ),
    ] {
        let requests = answers.len();
        let script = Script::of(answers);
        let registration = registration(url, ALL).with_last_token(token("token-last"));
        let error = pollster::block_on(registration.run(&script)).expect_err(name);
        assert!(error.to_string().contains(text), "{name}: {error}");
        assert_eq!(script.requests().len(), requests, "{name}");
    }
    let script = Script::of(with(vec![failure(405, 2000)]));
    let error = pollster::block_on(registration(URL, ALL).run(&script)).expect_err("there is no other token");
    assert!(error.is_method_not_allowed());
    let script = Script::of(found()).then_nothing();
    pollster::block_on(registration(URL, ALL).run(&script)).expect_err("no answer");
    assert_eq!(script.requests().len(), 3, "what may have been done is not sent again");
}

/// A partner whose details name another origin for the credentials: two tokens would go there.
#[test]
fn credentials_go_to_the_origin_of_the_list_or_one_that_was_named() {
    for (there, is_named) in [
        ("https://evil.example", false),
        ("http://cpo.example", false),
        ("https://cpo.example:8443", false),
        ("https://api.cpo.example", true),
    ] {
        let elsewhere =
            details("2.2.1").replace("https://cpo.example/2.2.1/credentials", &format!("{there}/c"));
        let script = Script::of([list(&["2.2.1"]), success(&elsewhere), success(THEIRS)]);
        let named = "https://api.cpo.example/anything".parse().expect("a URL");
        let done = pollster::block_on(registration(URL, ALL).trusting(named).run(&script));
        if is_named {
            assert_eq!(asked(&script)[2], format!("base64 token-a POST {there}/c"));
            let _ = done.expect("registered");
        } else {
            assert_eq!(done.expect_err("nobody named it").kind(), ErrorKind::ForeignUrl, "{there}");
            assert_eq!(script.requests().len(), 2);
        }
    }
}

/// A12: an endpoint without a role, or with an odd one, is there for both sides that are not named; ids in any case.
#[test]
fn endpoints_are_taken_as_far_as_they_are_clear() {
    let details = r#"{"version": "2.2.1", "endpoints": [
        {"identifier": "credentials", "url": "https://cpo.example/c"},
        {"identifier": "Locations", "role": "sender", "url": "https://cpo.example/l"},
        {"identifier": "tariffs", "url": "https://cpo.example/t"},
        {"identifier": "cdrs", "role": "CPO", "url": "https://cpo.example/d"},
        {"identifier": "sessions", "role": "SENDER", "url": "https://cpo.example/s"},
        {"identifier": "sessions", "url": "https://cpo.example/s2"},
        {"identifier": "tokens", "role": "RECEIVER"}, 5, null]}"#;
    let script = Script::of([list(&["2.2.1"]), success(details)]);
    let url = URL.parse().expect("a URL");
    let discovery = Discovery::new(url, token("token-a"), ALL, RequestIds::new("d"));
    let found = pollster::block_on(discovery.run(&script)).expect("it is clear enough");
    let at = |module, role| found.client.endpoint(&module, &role).map(|url| url.as_str().to_owned());
    use InterfaceRole::{Receiver, Sender};
    for (module, sender, receiver) in [
        (ModuleId::Credentials, Some("c"), Some("c")),
        (ModuleId::Locations, Some("l"), None),
        (ModuleId::Tariffs, Some("t"), Some("t")),
        (ModuleId::Cdrs, Some("d"), Some("d")),
        (ModuleId::Sessions, Some("s"), Some("s2")),
        (ModuleId::Tokens, None, None),
    ] {
        let url = |path: &str| format!("https://cpo.example/{path}");
        assert_eq!(at(module.clone(), Sender), sender.map(url), "{module}");
        assert_eq!(at(module.clone(), Receiver), receiver.map(url), "{module}");
    }
    let roles = found
        .deviations()
        .iter()
        .filter(|it| it.finding.rule.id() == "vers.role_missing")
        .map(|it| it.times)
        .sum::<u64>();
    assert_eq!(roles, 3, "tariffs, cdrs, sessions: {:?}", found.deviations());
    assert_eq!(found.offered.len(), 1);
}

/// A form of the token for one place alone, as the operator knows it.
#[test]
fn forms_of_the_token_hold_where_they_are_named() {
    let profile = PartnerProfile::strict()
        .with_token(TokenForm::Plain)
        .with_token_at(TokenScope::Versions, TokenForm::Base64)
        .with_token_at(TokenScope::Module(ModuleId::Credentials), TokenForm::Base64);
    let script = Script::of([list(&["2.2.1"]), success(&details("2.2.1")), success(THEIRS)]);
    let registration = registration(URL, ALL).with_profile(profile.clone());
    let registered = pollster::block_on(registration.run(&script)).expect("registered");
    let forms: Vec<String> =
        asked(&script).iter().map(|it| it.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(forms, ["base64", "plain", "base64"]);
    assert_eq!(registered.client.profile(), &profile);
    let request = registered.client.request(&GetVersions).expect("a URL");
    assert_eq!(request.headers()["authorization"], token("token-c").to_header(true));
}
