//! Faults of registration, rotation and unregistration, and of steps of a journey.

use http::{Method, StatusCode};
use ocpi_conformance::{Journey, Report};
use ocpi_testkit::Network;
use ocpi_types::{Role, Version};
use pollster::block_on;
use serde_json::json;

use super::swallow_refusal;
use crate::correct::memory;
use crate::layer::Deed::{self, After, Before};
use crate::layer::{Asked, Told, over};
use crate::server::Server;

type Fault = (&'static str, fn(&Asked) -> bool, Deed);

type Step = (&'static str, Journey, fn(&Asked) -> bool);

fn credentials(it: &Asked) -> bool {
    it.path.ends_with("/credentials")
}

fn is(it: &Asked, method: Method) -> bool {
    credentials(it) && it.is(method)
}

fn not_405(told: &mut Told) {
    if told.status == StatusCode::METHOD_NOT_ALLOWED {
        told.status = StatusCode::OK;
    }
}

/// Lets those in who were refused for their token.
fn let_in(_: &Asked, told: &mut Told) {
    if told.status == StatusCode::UNAUTHORIZED {
        *told = Told::success(&json!({"token": "x"}));
    }
}

const FAULTS: &[Fault] = &[
    ("registration.put_before", |it| is(it, Method::PUT), After(|_, told| not_405(told))),
    ("registration.delete_before", |it| is(it, Method::DELETE), After(|_, told| not_405(told))),
    ("registration.token_a", |it| it.path.contains("/sender/"), After(let_in)),
    ("registration.no_json", |it| is(it, Method::POST), After(swallow_refusal)),
    ("registration.incomplete", |it| is(it, Method::POST), After(swallow_refusal)),
    ("registration.unreachable", |it| is(it, Method::POST), After(swallow_refusal)),
    (
        "registration.unreachable_3001",
        |it| is(it, Method::POST),
        After(|_, told| {
            told.envelope(|it| {
                if it["status_code"] == 3001 {
                    it["status_code"] = 3000.into()
                }
            })
        }),
    ),
    (
        "registration.post",
        |it| is(it, Method::POST),
        After(|_, told| told.data(|it| it["token"] = json!(null))),
    ),
    ("registration.post", |it| is(it, Method::POST), After(|_, told| told.status = StatusCode::FORBIDDEN)),
    (
        "registration.called_back",
        |it| is(it, Method::POST),
        Before(|it| {
            let text = String::from_utf8_lossy(it.request.body()).into_owned();
            let is_good = text.contains("/ocpi/versions");
            is_good.then(|| {
                Told::success(
                    &json!({"token": "another-token", "url": "https://server.example/ocpi/versions"}),
                )
            })
        }),
    ),
    (
        "registration.conform",
        |it| is(it, Method::GET),
        After(|_, told| {
            told.data(|it| {
                it.as_object_mut().map(|it| it.remove("url"));
            })
        }),
    ),
    (
        "registration.details",
        |it| it.path.ends_with("/2.3.0"),
        After(|it, told| {
            // With the token of the registration.
            if !it.is_authorized() && told.status == StatusCode::OK {
                told.body.clear();
            }
        }),
    ),
    ("registration.token_a_dead", |it| is(it, Method::GET), After(let_in)),
    ("registration.post_again", |it| is(it, Method::POST), After(|_, told| not_405(told))),
    (
        "registration.rotate",
        |it| is(it, Method::PUT),
        After(|_, told| {
            if told.status == StatusCode::OK {
                told.status = StatusCode::FORBIDDEN
            }
        }),
    ),
    ("registration.rotated_token", |it| is(it, Method::GET), After(let_in)),
    (
        "registration.unregister",
        |it| is(it, Method::DELETE),
        After(|_, told| {
            if told.status == StatusCode::OK {
                told.status = StatusCode::FORBIDDEN
            }
        }),
    ),
    (
        "registration.unregistered_token",
        |it| is(it, Method::DELETE),
        // With the token of the registration.
        Before(|it| (!it.is_authorized()).then(|| Told::success(&json!(null)))),
    ),
    (
        "registration.unregister_again",
        |it| is(it, Method::DELETE),
        After(|_, told| {
            if told.status.is_client_error() {
                told.status = StatusCode::OK;
            }
        }),
    ),
];

fn check(concerns: fn(&Asked) -> bool, deed: Deed, journey: Option<Journey>) -> Report {
    block_on(async {
        let server = Server::invited(&[Version::V2_3_0], memory(), &Network::default()).await;
        let faulty = over(&server.network, server.token.to_header(true), concerns, deed);
        let suite = server.suite(Version::V2_3_0, faulty).inbox(server.inbox());
        match journey {
            Some(journey) => suite.run_journey(journey).await,
            None => suite.registering(Role::Emsp).only(["nothing"]).run().await,
        }
    })
}

#[test]
fn faults_of_registration_are_caught() {
    for (number, (check_id, concerns, deed)) in FAULTS.iter().enumerate() {
        let report = check(*concerns, *deed, None);
        assert!(
            report.breached().contains(check_id),
            "fault {number} should break {check_id}: {:?}",
            report.breached()
        );
    }
}

#[test]
fn a_fault_in_a_step_of_a_journey_is_caught_and_the_rest_is_skipped() {
    let steps: &[Step] = &[
        ("journey.register", Journey::Cpo, |it| is(it, Method::POST)),
        ("journey.pull", Journey::Cpo, |it| it.path.ends_with("/sender/tariffs")),
        ("journey.tokens", Journey::Cpo, |it| it.path.contains("/receiver/tokens/")),
        ("journey.command", Journey::Cpo, |it| it.path.ends_with("/START_SESSION")),
        ("journey.rotate", Journey::Cpo, |it| is(it, Method::PUT)),
        ("journey.location", Journey::Emsp, |it| {
            it.path.contains("/receiver/locations/") && it.is(Method::PUT)
        }),
        ("journey.status", Journey::Emsp, |it| {
            it.path.contains("/receiver/locations/") && it.is(Method::PATCH)
        }),
        ("journey.authorize", Journey::Emsp, |it| it.path.ends_with("/authorize")),
        ("journey.session", Journey::Emsp, |it| it.path.contains("/receiver/sessions/")),
        ("journey.cdr", Journey::Emsp, |it| it.path.contains("/receiver/cdrs")),
        ("journey.unregister", Journey::Emsp, |it| is(it, Method::DELETE)),
    ];
    for (step, journey, concerns) in steps {
        let report =
            check(*concerns, After(|_, told| told.status = StatusCode::NOT_IMPLEMENTED), Some(*journey));
        assert!(report.breached().contains(step), "{step}: {:?}", report.breached());
    }
}
