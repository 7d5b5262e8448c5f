//! Requests that fail, each endpoint in each way, by both ready transports.

use std::future::ready;
use std::time::Duration;

use ocpi_client::{Answer, Client, Outbound, RequestIds, Retry};
use ocpi_platform::{Allow, Platform, Settings};
use ocpi_server_traits::{Memory, Timer};
use ocpi_testkit::{fixed_clock, parse, parse_list, party, roles_json, token};
use ocpi_types::endpoint::{
    Authorize, Endpoint, GetCopy, GetCredentials, GetVersions, List, Owned, Patch, PostCdr, PostCredentials,
    Put, PutCredentials,
};
use ocpi_types::protocol::TokenForm;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::commands::{StartSession, StartSessionInit};
use ocpi_types::v2_3_0::credentials::{Credentials, CredentialsRole};
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::{Token, TokenPatch};
use ocpi_types::v2_3_0::versions::{Endpoint as Offered, EndpointInit};
use ocpi_types::{InterfaceRole, ModuleId, Version};

use crate::drivers;
use crate::mirror::{self, Failure};
use crate::side::{Carrier, Tapped, carry, observer};
use crate::watch::Watch;

/// The token in use, and the one that is offered.
const IN_USE: &str = "in-use-canary-9b41e0c7d25f4a83";
const OFFERED: &str = "offered-canary-f07c5a1e9d3b4826";

type Mirrored = Client<Tapped>;

/// Meets all failures.
pub(crate) async fn meet(watch: &Watch, carriers: &[Carrier]) {
    for secret in [IN_USE, OFFERED] {
        watch.token(secret);
    }
    for carrier in carriers.iter().copied() {
        send_to_nobody(watch, carrier).await;
        for failure in Failure::ALL {
            let outbound = match (failure, carrier) {
                // Every time is over at once.
                (Failure::Silent, Carrier::Reqwest) => Outbound::new().with_timer(Timer::new(|_| ready(()))),
                (Failure::Silent, Carrier::Ureq) => {
                    let short = Duration::from_millis(20);
                    Outbound::new().with_head_time(short).with_body_rate(1, short).with_whole_time(2 * short)
                }
                _ => Outbound::new(),
            };
            let origin = mirror::start(failure);
            send_all(watch, &origin, carrier, outbound.clone()).await;
            register(watch, &origin, carrier, outbound).await;
        }
    }
}

/// Sends to a port where nobody listens.
pub(crate) async fn send_to_nobody(watch: &Watch, carrier: Carrier) {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a socket");
    let nowhere = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    send_all(watch, &nowhere, carrier, Outbound::new()).await;
}

/// Sends to a partner that refuses everything.
pub(crate) async fn send_to_mirror(watch: &Watch, carrier: Carrier) {
    send_all(watch, &mirror::start(Failure::Unauthorized), carrier, Outbound::new()).await;
}

async fn send_all(watch: &Watch, origin: &str, carrier: Carrier, outbound: Outbound) {
    let http = Tapped::new(watch, carry(carrier, outbound));
    for form in [TokenForm::Base64, TokenForm::Plain] {
        let client = watch.show(client(origin, &http).with_token_form(form));
        let at = Owned { owner: party("DE/EMP"), key: drivers::token_key(drivers::UID) };
        let driver = drivers::token("DE/EMP", "10:00:00");
        let patch = parse::<TokenPatch>(&format!(
            r#"{{"contract_id": "{}", "last_updated": "2026-11-22T11:00:00Z"}}"#,
            drivers::CONTRACT
        ));
        send(watch, &client, Put::of(driver.clone())).await;
        send(watch, &client, Patch::<Token> { at: at.clone(), patch }).await;
        send(watch, &client, GetCopy::<Token>::new(at.clone())).await;
        send(watch, &client, Authorize { token: at.key, location: None }).await;
        send(watch, &client, List::<Token>::all()).await;
        send(watch, &client, List::<Tariff>::all()).await;
        send(watch, &client, Put::<Session>::of(drivers::session("NL/ALF", "S1", "10:00:00"))).await;
        send(watch, &client, PostCdr::<Cdr>(drivers::cdr("NL/ALF", "C1"))).await;
        send(watch, &client, start(driver)).await;
        send(watch, &client, PostCredentials(credentials())).await;
        send(watch, &client, PutCredentials(credentials())).await;
        send(watch, &client, GetCredentials::<Credentials>::default()).await;
        send(watch, &client, GetVersions).await;
        let mut pages = client.pages::<Token>();
        for _ in 0..3 {
            match pages.next().await {
                Some(Ok(page)) => show_about(watch, page),
                Some(Err(error)) => watch.show_error(&error),
                None => break,
            }
            watch.show((&pages, pages.outcome(), pages.findings()));
        }
        watch.show(client.deviations());
        watch.show(client.learned());
    }
}

async fn send<E: Endpoint + Sync>(watch: &Watch, client: &Mirrored, endpoint: E) {
    match client.send(&endpoint).await {
        Ok(answer) => show_about(watch, answer),
        Err(error) => {
            watch.show_error(&error);
            watch.show(error.kind());
        }
    }
}

/// Keeps what is shown of an answer but for its value: an object shows its public members, whatever a partner writes into them.
fn show_about<T>(watch: &Watch, answer: Answer<T>) {
    watch.show((answer.findings, answer.ledger, answer.status_code, answer.timestamp));
}

/// Registers with it, which fails.
async fn register(watch: &Watch, origin: &str, carrier: Carrier, outbound: Outbound) {
    let base = "http://127.0.0.1:9/ocpi".parse().expect("a URL");
    let roles: Vec<CredentialsRole> = parse_list(&roles_json(&[("EMSP", "DE", "EMP")]));
    let settings = Settings {
        urls: ocpi_client::UrlPolicy::Any,
        observer: observer(),
        clock: fixed_clock(),
        timer: Timer::new(|_| ready(())),
        ..Settings::new(base, roles[0].clone())
    };
    let http = Tapped::new(watch, carry(carrier, outbound));
    let platform = Platform::open(settings, Memory::new(), http).await.expect("a platform");
    let url = format!("{origin}/ocpi/versions").parse().expect("a URL");
    watch.failure(platform.register("mirror", url, token(IN_USE), Allow::default()).await);
    watch.success(platform.partners().await);
    watch.result(platform.client("mirror").await);
}

fn start(token: Token) -> StartSession {
    let response_url = "https://emsp.example/commands/START_SESSION/zq8w7x6v5k4j3h2g".parse().expect("a URL");
    StartSessionInit { response_url, token, location_id: "L1".parse().expect("an id") }.into()
}

fn credentials() -> Credentials {
    parse(&ocpi_testkit::credentials_json(OFFERED, "our.example", &[("EMSP", "DE", "EMP")]))
}

/// A client of a partner that offers everything.
fn client(origin: &str, http: &Tapped) -> Mirrored {
    let offered = ModuleId::ALL.iter().flat_map(|module| {
        [InterfaceRole::Sender, InterfaceRole::Receiver].map(|role| {
            let url = format!("{origin}/ocpi/2.3.0/{role}/{module}").parse().expect("a URL");
            Offered::from(EndpointInit { identifier: module.clone(), role, url })
        })
    });
    let versions = format!("{origin}/ocpi/versions").parse().expect("a URL");
    Client::new(Version::V2_3_0, offered.collect(), token(IN_USE), RequestIds::new("run"))
        .with_versions_url(versions)
        .with_rate(None)
        .with_retry(Retry::NEVER)
        .observed_by(observer(), fixed_clock(), Some(ocpi_testkit::partner_id("mirror")))
        .over(http.clone())
}
