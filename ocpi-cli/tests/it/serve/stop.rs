//! The end of a sandbox.

use std::collections::BTreeSet;

use ocpi_platform::Outcome;
use ocpi_testkit::{parse, token_json};
use ocpi_types::Version;
use ocpi_types::v2_3_0::cdrs::AuthMethod;
use ocpi_types::v2_3_0::commands::{StartSession, StartSessionInit};
use ocpi_types::v2_3_0::locations::{Location, Status};
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tokens::Token;

use super::Sandbox;
use super::partner::Partner;
use crate::folder;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_that_was_accepted_is_carried_out_before_the_end() {
    let dir = folder(&[]);
    let usual = ["--roles", "cpo", "--store", "sqlite:cpo.db"];
    let sandbox = Sandbox::start(dir.path(), &[&usual[..], &["--seed", "city:8", "--invite", "me"]].concat());
    let emsp = Partner::register(&sandbox, "EMSP", &[Version::V2_3_0]).await;
    let mut sessions = emsp.watch::<Session>("s");
    let token: Token = parse(&token_json("DE/EMP", "U1", "10:00:00"));
    emsp.platform.publish(token.clone()).await.unwrap();
    emsp.platform.pull::<Location>("sandbox", |_, _| {}).await.unwrap();
    let locations = emsp.platform.objects().all::<Location>().await.unwrap().objects;
    let mut waits = Vec::new();
    // Somebody may be faster at one EVSE, not at all of them.
    for location in &locations {
        for evse in location.evses.iter().filter(|evse| evse.status == Status::Available).take(1) {
            let command = |response_url| StartSession {
                evse_uid: Some(evse.uid.clone()),
                connector_id: Some(evse.connectors.first().unwrap().id.clone()),
                ..StartSessionInit { response_url, token: token.clone(), location_id: location.id.clone() }
                    .into()
            };
            waits.push(emsp.platform.ask("sandbox", command).await.unwrap());
        }
    }
    // The charge points are still at work.
    let stopped = tokio::task::spawn_blocking(|| sandbox.stop());
    let mut accepted = 0;
    for asked in waits {
        accepted += usize::from(matches!(asked.result().await.unwrap(), Outcome::Accepted(_)));
    }
    assert!(accepted > 0, "one is free");
    let (code, out, err) = stopped.await.unwrap();
    assert_eq!((code, &*out), (Some(0), ""), "{err}");
    assert!(!err.contains("error:") && !err.contains("stopped before"), "{err}");

    // What the first run could not send any more, the next one does.
    let again = Sandbox::start(dir.path(), &usual);
    let mut begun = BTreeSet::new();
    while begun.len() < accepted {
        let session = sessions.until(|it| it.auth_method == AuthMethod::Command).await;
        assert_eq!(session.cdr_token.uid, token.uid);
        begun.insert(session.id.to_string());
    }
    assert_eq!(again.stop().0, Some(0));
}
