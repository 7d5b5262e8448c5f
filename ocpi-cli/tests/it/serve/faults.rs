//! Faults of a sandbox.

use ocpi_types::Version;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tariffs::Tariff;

use super::Sandbox;
use super::partner::Partner;
use crate::{folder, ocpi};

#[test]
fn faults_are_listed() {
    let dir = folder(&[]);
    let run = ocpi(dir.path(), &["serve", "--faults"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("WebPage "), "{run:?}");
    assert!(run.out.contains("Answers GET of Tariffs with a web page and 200."), "{run:?}");
    let run = ocpi(dir.path(), &["serve", "--faults", "--format", "json"]);
    let listed: Vec<serde_json::Value> = serde_json::from_str(&run.out).unwrap();
    assert!(listed.len() > 100, "{}", listed.len());
    assert!(listed.iter().any(|fault| fault["name"] == "WrongLinkHost" && fault["id"] == "B3"), "{listed:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_partner_meets_the_faults_that_were_chosen_and_no_others() {
    let dir = folder(&[]);
    let chosen = ["--fault", "wrong-link-host", "--fault", "WebPage"];
    let usual = ["--roles", "cpo", "--seed", "city:120", "--invite", "me"];
    let sandbox = Sandbox::start(dir.path(), &[&usual[..], &chosen].concat());
    let partner = Partner::register(&sandbox, "EMSP", &[Version::V2_3_0]).await;

    let pulled = partner.platform.pull::<Location>("sandbox", |_, _| {}).await.unwrap();
    // What changes while it is read moves to the end of the list, and may come again.
    assert!(pulled.objects >= 120 && pulled.outcome.is_complete(), "{pulled:?}");
    let rules: Vec<&str> = pulled.findings.iter().map(|finding| finding.rule.id()).collect();
    assert!(rules.contains(&"page.next_host_differs"), "{rules:?}");

    let error = partner.platform.pull::<Tariff>("sandbox", |_, _| {}).await.unwrap_err();
    assert!(error.to_string().contains("web page"), "{error}");
    assert_eq!(sandbox.stop().0, Some(0));
}
