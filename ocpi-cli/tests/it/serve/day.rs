//! A partner lives with the sandbox.

use ocpi_platform::Outcome;
use ocpi_pricing::audit::{Audit, Verdict};
use ocpi_testkit::{parse, token_json};
use ocpi_types::endpoint::RootResource;
use ocpi_types::v2_3_0::cdrs::{AuthMethod, Cdr};
use ocpi_types::v2_3_0::commands::{StartSession, StartSessionInit};
use ocpi_types::v2_3_0::locations::{Location, Status};
use ocpi_types::v2_3_0::sessions::{Session, SessionStatus};
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{Decimal, Version};

use super::Sandbox;
use super::partner::Partner;
use crate::folder;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_partner_charges_by_command_and_gets_the_session_and_the_cdr() {
    let dir = folder(&[]);
    let sandbox = Sandbox::start(
        dir.path(),
        &[
            "--store",
            "sqlite:sandbox.db",
            "--seed",
            "city:8",
            "--speed",
            "300",
            "--invite",
            "me",
            "--admin",
            "127.0.0.1:0",
        ],
    );
    assert!(sandbox.text("versions_url").ends_with("/ocpi/versions"), "{}", sandbox.first);
    let emsp = Partner::register(&sandbox, "EMSP", &[Version::V2_3_0]).await;
    let (mut locations, mut sessions, mut cdrs) =
        (emsp.watch::<Location>("l"), emsp.watch::<Session>("s"), emsp.watch::<Cdr>("c"));
    let token: Token = parse(&token_json("DE/EMP", "U1", "10:00:00"));
    emsp.platform.publish(token.clone()).await.unwrap();

    let pulled = emsp.platform.pull::<Location>("sandbox", |_, _| {}).await.unwrap();
    assert_eq!((pulled.objects, pulled.outcome.is_complete()), (8, true));
    assert_eq!(emsp.platform.pull::<Tariff>("sandbox", |_, _| {}).await.unwrap().objects, 6);
    let before = emsp.platform.objects().all::<Location>().await.unwrap().objects;
    // The day goes on: a status changes.
    locations
        .until(|now| {
            before.iter().all(|before| before.last_updated < now.last_updated || before.id != now.id)
        })
        .await;

    // Somebody may be faster at one EVSE, not at all of them.
    let mut is_accepted = false;
    'all: for location in &before {
        for evse in location.evses.iter().filter(|evse| evse.status == Status::Available) {
            let command = |response_url| StartSession {
                evse_uid: Some(evse.uid.clone()),
                connector_id: Some(evse.connectors.first().unwrap().id.clone()),
                ..StartSessionInit { response_url, token: token.clone(), location_id: location.id.clone() }
                    .into()
            };
            let asked = emsp.platform.ask("sandbox", command).await.unwrap();
            if matches!(asked.result().await.unwrap(), Outcome::Accepted(_)) {
                is_accepted = true;
                break 'all;
            }
        }
    }
    assert!(is_accepted, "one is free");
    let active = sessions.until(|it| it.auth_method == AuthMethod::Command).await;
    assert_eq!((active.status, active.kwh), (SessionStatus::Active, Decimal::ZERO));
    assert_eq!(active.cdr_token.uid, token.uid);
    let charged = sessions.until(|it| it.id == active.id && it.kwh > Decimal::ZERO).await;
    assert!(charged.total_cost.is_some() && !charged.charging_periods.is_empty(), "priced as it goes");

    // It may be over meanwhile: then there is nothing to stop.
    let _ = emsp.platform.stop_session("sandbox", &active.id).await.unwrap().result().await;
    let over = sessions.until(|it| it.id == active.id && it.status == SessionStatus::Completed).await;
    let cdr = cdrs.until(|cdr| cdr.session_id.as_ref() == Some(&active.id)).await;
    assert_eq!((&cdr.total_energy, Some(&cdr.total_cost)), (&over.kwh, over.total_cost.as_ref()));
    assert_eq!(cdr.charging_periods.to_vec(), over.charging_periods, "nothing was lost on the way");
    let audit = Audit::new().in_zone("Europe/Amsterdam".parse().unwrap()).cdr(&cdr);
    assert_eq!(audit.verdict(), Verdict::Agrees, "{audit:?}");

    assert_eq!(sandbox.admin("/health/live"), (200, "live\n".to_owned()));
    assert_eq!(sandbox.admin("/health/ready"), (200, "ready\n".to_owned()));
    assert_eq!(sandbox.admin("/elsewhere").0, 404);
    let (status, metrics) = sandbox.admin("/metrics");
    assert_eq!(status, 200, "{metrics}");
    for line in [
        "ocpi_partners{state=\"registered\"} 1",
        "ocpi_objects{kind=\"Location\"} 8",
        "ocpi_deliveries{partner=\"me\",kind=\"messages\"} ",
        "ocpi_requests_total{direction=\"inbound\",http=\"200\",ocpi=\"1000\"} ",
    ] {
        assert!(metrics.contains(line), "{line}: {metrics}");
    }
    assert!(!metrics.contains(token.uid.as_str()) && !metrics.contains(&emsp.token().await));

    let (code, out, err) = sandbox.stop();
    assert_eq!((code, &*out), (Some(0), ""), "{err}");
    assert!(err.contains("partner me: registered") && err.contains("stopping"), "{err}");
    assert!(!err.contains("error:"), "{err}");
    assert!(cdr.identity().owner.canonical() == "NL/ALF");
}
