//! Faults of a sandbox.

use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::{CredentialsToken, Version};

use super::partner::Partner;
use super::{Sandbox, get_with};
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_show_to_partners_of_an_earlier_run() {
    let dir = folder(&[]);
    let usual = ["--store", "sqlite:sandbox.db", "--roles", "cpo"];
    let sandbox = Sandbox::start(dir.path(), &[&usual[..], &["--seed", "city:4", "--invite", "me"]].concat());
    let token: CredentialsToken =
        Partner::register(&sandbox, "EMSP", &[Version::V2_3_0]).await.token().await.parse().unwrap();
    assert_eq!(sandbox.stop().0, Some(0));

    let faults = ["--fault", "TokenRawOnly", "--fault", "LinkOnLastPage"];
    let again = Sandbox::start(dir.path(), &[&usual[..], &faults].concat());
    let base = again.text("versions_url").trim_end_matches("/versions").to_owned();
    let tariffs = format!("{base}/2.3.0/sender/tariffs");
    let get =
        |is_encoded: bool| get_with(&tariffs, &format!("authorization: {}\r\n", token.to_header(is_encoded)));
    assert_eq!(get(true).0, 401);
    let (status, head, _) = get(false);
    assert_eq!(status, 200);
    assert!(head.contains(&format!("link: <{tariffs}?offset=")), "{head}");
    assert_eq!(again.stop().0, Some(0));
}
