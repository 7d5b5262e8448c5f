//! `ocpi conformance`.

use std::sync::Arc;

use ocpi_client::blocking::Blocking;
use ocpi_client::{Outbound, Ureq, UrlPolicy};
use ocpi_platform::{Platform, Settings};
use ocpi_server_traits::Memory;
use ocpi_testkit::{Fault, Serving, Socket, WorstPartner, WorstPartnerSetup, parse_list, roles_json};
use ocpi_types::CredentialsToken;
use ocpi_types::endpoint::GetVersions;
use tokio::runtime::Runtime;

use super::{ask_with, assert_secret};
use crate::{Run, folder};

/// A server with which an eMSP is registered, and its token.
struct Registered {
    server: WorstPartner,
    token: String,
    _serving: Serving,
    _runtime: Runtime,
}

fn registered(setup: WorstPartnerSetup) -> Registered {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    let (server, token, serving) = runtime.block_on(async {
        let socket = Socket::bind().await;
        let role = parse_list(&roles_json(&[("EMSP", "DE", "EMP")])).remove(0);
        let settings = Settings { urls: UrlPolicy::Any, ..Settings::new(socket.base(), role) };
        let http = Blocking(Ureq::new(Outbound::new().with_urls(UrlPolicy::Any)).unwrap());
        let emsp = Arc::new(Platform::open(settings, Memory::new(), http).await.unwrap());
        let serving = socket.serve(emsp.router(|routes| routes.emsp(emsp.objects())).unwrap());
        let server = setup.start().await;
        emsp.register("cpo", server.versions_url(), server.token_a(), server.allow()).await.unwrap();
        let request = emsp.client("cpo").await.unwrap().request(&GetVersions).unwrap();
        let header = request.headers()[http::header::AUTHORIZATION].to_str().unwrap();
        let token = CredentialsToken::candidates(header).remove(0).expose().to_owned();
        (server, token, serving)
    });
    Registered { server, token, _serving: serving, _runtime: runtime }
}

fn check(registered: &Registered, more: &[&str]) -> Run {
    let dir = folder(&[]);
    let url = registered.server.versions_url();
    let arguments = [&["conformance", url.as_str(), "--allow-private"], more].concat();
    let run = ask_with(dir.path(), &arguments, &[("OCPI_TOKEN", &registered.token)]);
    assert_secret(&run, &registered.token);
    run
}

#[test]
fn a_server_without_faults_is_passed_and_what_is_empty_is_skipped() {
    let registered = registered(ocpi_testkit::cpo());
    let run = check(&registered, &["--party", "DE/EMP"]);
    assert_eq!((run.code, &*run.err), (0, ""), "{run:?}");
    for line in [
        "    pass  auth.token_form ",
        "    pass  tariffs.list ",
        "    skip  tariffs.items_conform ",
        " 0 failed, 0 warned, ",
    ] {
        assert!(run.out.contains(line), "{line}: {}", run.out);
    }
}

#[test]
fn a_fault_is_told_with_its_request_its_answer_and_its_rule() {
    let registered = registered(ocpi_testkit::cpo().seed_city(5).fault(Fault::NoTotal));
    let run = check(&registered, &["--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let json: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(json["chosen"], "2.3.0");
    let checks = json["checks"].as_array().unwrap();
    let total = checks.iter().find(|it| it["id"] == "tariffs.list_total").unwrap();
    assert_eq!((&total["outcome"], &total["level"]), (&"fail".into(), &"MUST".into()), "{total}");
    assert_eq!(total["expected"], "X-Total-Count: 5");
    assert!(total["request"].as_str().unwrap().starts_with("GET http://127.0.0.1:"), "{total}");
    assert!(total["answer"].as_str().unwrap().starts_with("HTTP 200"), "{total}");
    assert_eq!(total["source"], "2.3.0 transport_and_format §paginated_response");

    let xml = check(&registered, &["--junit", "-"]);
    assert_eq!(xml.code, 1);
    assert!(
        xml.out.starts_with("<?xml") && xml.out.contains("<failure message=\"expected X-Total-Count: 5;")
    );
}

#[test]
fn nobody_there_is_another_exit_code() {
    let dir = folder(&[]);
    let url = format!("http://{}/versions", super::cpo::free_address());
    let run = ask_with(
        dir.path(),
        &["conformance", &url, "--allow-private"],
        &[("OCPI_TOKEN", "a-token-of-a-test")],
    );
    assert_eq!((run.code, &*run.out), (4, ""), "{run:?}");
    assert!(run.err.contains("no answer"), "{run:?}");
}

fn with_token_a(setup: WorstPartnerSetup, more: &[&str]) -> Run {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    let server = runtime.block_on(setup.start());
    let (url, token) = (server.versions_url(), server.token_a());
    let dir = folder(&[]);
    let arguments = [&["conformance", url.as_str(), "--allow-private", "--party", "DE/EMP"], more].concat();
    let run = ask_with(dir.path(), &arguments, &[("OCPI_TOKEN", token.expose())]);
    assert_secret(&run, token.expose());
    run
}

#[test]
fn a_module_that_is_not_there_is_refused() {
    let dir = folder(&[]);
    let run = ask_with(dir.path(), &["conformance", "https://cpo.example", "--only", "location"], &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("there is no such module, did you mean `locations`?"), "{run:?}");
}

#[test]
fn a_server_is_checked_from_registration_to_unregistration() {
    let run = with_token_a(
        ocpi_testkit::cpo().seed_city(3),
        &["--register", "EMSP", "--listen", "127.0.0.1:0", "--only", "tokens"],
    );
    assert_eq!((run.code, &*run.err), (0, ""), "{run:?}");
    for line in [
        "    pass  registration.called_back ",
        "    pass  registration.rotated_token ",
        "    pass  registration.unregistered_token ",
        "    pass  tokens.put_get ",
        "    pass  tokens.undo ",
        " 0 failed, 0 warned, ",
    ] {
        assert!(run.out.contains(line), "{line}: {}", run.out);
    }
}

#[test]
fn a_journey_is_played_over_sockets() {
    let run = with_token_a(
        ocpi_testkit::cpo().seed_city(3),
        &["--journey", "cpo", "--listen", "127.0.0.1:0", "--outage", "0s"],
    );
    assert_eq!((run.code, &*run.err), (0, ""), "{run:?}");
    for step in ["register", "pull", "tokens", "deltas", "rotate", "outage", "undo", "unregister"] {
        assert!(run.out.contains(&format!("    pass  journey.{step} ")), "{step}: {}", run.out);
    }
}

#[test]
fn flags_that_need_others_say_so() {
    let url = "https://cpo.example/versions";
    for arguments in [
        &["conformance", url, "--active"][..],
        &["conformance", url, "--register", "EMSP", "--party", "DE/EMP"],
        &["conformance", url, "--journey", "cpo", "--listen", "127.0.0.1:0"],
        &["conformance", url, "--active", "--party", "DE/EMP", "--journey", "cpo", "--listen", "127.0.0.1:0"],
    ] {
        let run = ask_with(folder(&[]).path(), arguments, &[("OCPI_TOKEN", "a-token-of-a-test")]);
        assert_eq!(run.code, 2, "{arguments:?}: {run:?}");
    }
}

#[test]
fn a_report_that_cannot_be_written_is_told_before_the_run() {
    let dir = folder(&[]);
    // Nobody is there: a run would end with 4.
    let url = format!("http://{}/versions", super::cpo::free_address());
    let arguments = ["conformance", &url, "--allow-private", "--junit", "nowhere/report.xml"];
    let run = ask_with(dir.path(), &arguments, &[("OCPI_TOKEN", "a-token-of-a-test")]);
    assert_eq!((run.code, &*run.out), (3, ""), "{run:?}");
    assert!(run.err.contains("nowhere/report.xml: "), "{run:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_is_lost_on_the_way_to_its_file_is_shown_all_the_same() {
    let registered = registered(ocpi_testkit::cpo());
    let run = check(&registered, &["--party", "DE/EMP", "--junit", "/dev/full"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.out.contains(" 0 failed, 0 warned, ") && run.err.contains("/dev/full: "), "{run:?}");
}
