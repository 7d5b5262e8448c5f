//! Every immediate answer, with results that come in time, late or not at all.

use bytes::Bytes;
use ocpi_platform::{Error, Outcome};
use ocpi_testkit::{Fate, NOW, failure, respond, success, time};
use ocpi_types::v2_3_0::commands::{CommandResponseType, CommandResultType};
use pollster::block_on;

use super::world::World;

/// Expectation after an answer.
#[derive(Clone, Copy, Debug)]
enum Then {
    /// The result is awaited for so many seconds, and the answer was read, or not.
    Waits(i64, bool),
    /// The partner refused.
    Refused,
    /// The request failed.
    Fails,
}

/// By the answer, the grace, and the time where the partner gives none.
const READ: bool = true;
const UNREAD: bool = false;
const DEFAULT: i64 = 60 + 5;

type Answer = fn() -> http::Response<Bytes>;

fn html(status: u16) -> http::Response<Bytes> {
    respond(status, &[], "<html><body>Bad gateway</body></html>")
}

const ANSWERS: &[(&str, Answer, Then)] = &[
    ("accepted", || success(r#"{"result": "ACCEPTED", "timeout": 30}"#), Then::Waits(35, READ)),
    ("lower case", || success(r#"{"result": "accepted", "timeout": 30}"#), Then::Waits(35, READ)),
    ("a number as text", || success(r#"{"result": "ACCEPTED", "timeout": "30"}"#), Then::Waits(35, READ)),
    ("no timeout", || success(r#"{"result": "ACCEPTED"}"#), Then::Waits(DEFAULT, READ)),
    ("timeout null", || success(r#"{"result": "ACCEPTED", "timeout": null}"#), Then::Waits(DEFAULT, READ)),
    (
        "timeout a word",
        || success(r#"{"result": "ACCEPTED", "timeout": "soon"}"#),
        Then::Waits(DEFAULT, READ),
    ),
    ("timeout 0", || success(r#"{"result": "ACCEPTED", "timeout": 0}"#), Then::Waits(DEFAULT, READ)),
    ("timeout -1", || success(r#"{"result": "ACCEPTED", "timeout": -1}"#), Then::Waits(DEFAULT, READ)),
    ("weeks", || success(r#"{"result": "ACCEPTED", "timeout": 9000000000}"#), Then::Waits(3_605, READ)),
    ("an unknown value", || success(r#"{"result": "PERHAPS", "timeout": 30}"#), Then::Waits(35, READ)),
    ("no result", || success(r#"{"timeout": 30}"#), Then::Waits(DEFAULT, UNREAD)),
    ("an empty object", || success("{}"), Then::Waits(DEFAULT, UNREAD)),
    ("null", || success("null"), Then::Waits(DEFAULT, UNREAD)),
    ("a text", || success("\"done\""), Then::Waits(DEFAULT, UNREAD)),
    ("nothing", || respond(200, &[], ""), Then::Waits(DEFAULT, UNREAD)),
    ("nothing, 204", || respond(204, &[], ""), Then::Waits(DEFAULT, UNREAD)),
    ("a web page", || html(200), Then::Waits(DEFAULT, UNREAD)),
    ("broken JSON", || respond(200, &[], r#"{"data": {"result": "ACCEP"#), Then::Waits(DEFAULT, UNREAD)),
    (
        "without an envelope",
        || respond(200, &[], r#"{"result": "ACCEPTED", "timeout": 30}"#),
        Then::Waits(35, READ),
    ),
    ("a gateway's 502", || html(502), Then::Waits(DEFAULT, UNREAD)),
    ("a gateway's 504", || html(504), Then::Waits(DEFAULT, UNREAD)),
    ("500 without OCPI", || respond(500, &[], ""), Then::Waits(DEFAULT, UNREAD)),
    ("a hub's 4002", || failure(200, 4002), Then::Waits(DEFAULT, UNREAD)),
    ("a hub's 4001", || failure(200, 4001), Then::Fails),
    ("a hub's 4003", || failure(200, 4003), Then::Fails),
    ("rejected", || success(r#"{"result": "REJECTED", "timeout": 30}"#), Then::Refused),
    ("rejected, no timeout", || success(r#"{"result": "REJECTED"}"#), Then::Refused),
    ("not supported", || success(r#"{"result": "NOT_SUPPORTED", "timeout": 0}"#), Then::Refused),
    ("unknown session", || success(r#"{"result": "UNKNOWN_SESSION", "timeout": 0}"#), Then::Refused),
    ("2001", || failure(200, 2001), Then::Fails),
    ("3000", || failure(200, 3000), Then::Fails),
    ("500 and 3000", || failure(500, 3000), Then::Fails),
    ("404", || failure(404, 2003), Then::Fails),
    ("404 without OCPI", || html(404), Then::Fails),
    ("401", || failure(401, 2000), Then::Fails),
    ("405", || respond(405, &[], ""), Then::Fails),
    ("501", || respond(501, &[], ""), Then::Fails),
    ("503", || html(503), Then::Fails),
    ("429", || respond(429, &[], ""), Then::Fails),
];

#[test]
fn without_a_result_the_wait_ends_in_time() {
    for (name, answer, then) in ANSWERS {
        let world = World::new();
        world.answers(*answer);
        let started = world.clock.clock().now();
        let sent = world.stop();
        let passed = |world: &World| {
            (world.clock.clock().now().to_unix_micros() - started.to_unix_micros()) / 1_000_000
        };
        match then {
            Then::Waits(seconds, is_read) => {
                let sent = sent.unwrap_or_else(|error| panic!("{name}: {error}"));
                assert_eq!(sent.answer.value.is_some(), *is_read, "{name}: {:?}", sent.answer);
                assert_eq!(sent.answer.failure.is_none(), *is_read, "{name}");
                assert_eq!(block_on(sent.outcome()).expect(name), None, "{name}");
                assert_eq!(world.pending().len(), 1, "{name}");
                assert_eq!(block_on(sent.result()).expect(name), Outcome::TimedOut, "{name}");
                assert_eq!(passed(&world), *seconds, "{name}");
                assert_eq!(world.told(), ["cpo STOP_SESSION result.missing"], "{name}");
            }
            Then::Refused => {
                let sent = sent.unwrap_or_else(|error| panic!("{name}: {error}"));
                let Outcome::Refused(answer) = block_on(sent.result()).expect(name) else {
                    panic!("{name}: it was refused")
                };
                assert_eq!(Some(&answer.result), sent.answer.value.as_ref().map(|value| &value.result));
                assert_ne!(answer.result, CommandResponseType::Accepted, "{name}");
                assert_eq!((passed(&world), world.told().len()), (0, 0), "{name}");
            }
            Then::Fails => {
                let error = sent.err().unwrap_or_else(|| panic!("{name}: it failed"));
                assert!(matches!(error, Error::Client(_)), "{name}: {error}");
                assert_eq!((passed(&world), world.told().len()), (0, 0), "{name}");
            }
        }
        assert_eq!(world.pending(), [], "{name}");
    }
}

#[test]
fn a_result_counts_until_the_wait_is_over() {
    for (name, answer, then) in ANSWERS {
        for (result, is_late) in [
            (CommandResultType::Accepted, false),
            (CommandResultType::Accepted, true),
            (CommandResultType::EvseOccupied, false),
            (CommandResultType::Timeout, false),
            (CommandResultType::from("WHO_KNOWS"), false),
        ] {
            let world = World::new();
            world.answers(*answer);
            let sent = world.stop();
            let url = world.response_url();
            match (then, sent) {
                (Then::Waits(seconds, _), Ok(sent)) => {
                    world.clock.advance(if is_late { *seconds } else { seconds - 1 });
                    world.post(&url, result.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
                    let outcome = block_on(sent.result()).expect(name);
                    match &outcome {
                        Outcome::TimedOut if is_late => {}
                        Outcome::Accepted(_) if !is_late && result == CommandResultType::Accepted => {}
                        Outcome::Unsuccessful(known) if !is_late && known.result == result => {}
                        other => panic!("{name}, {result}, {is_late}: {other:?}"),
                    }
                    assert_eq!(outcome.is_accepted(), !is_late && result == CommandResultType::Accepted);
                    let late = block_on(sent.late_result()).expect(name);
                    assert_eq!(late.map(|late| late.result), is_late.then_some(result), "{name}");
                    let told: &[&str] = if is_late { &["cpo STOP_SESSION result.late"] } else { &[] };
                    assert_eq!(world.told(), told, "{name}");
                }
                (Then::Refused | Then::Fails, sent) => {
                    let error = world.post(&url, result).expect_err(name);
                    assert!(error.is_not_found(), "{name}: {error}");
                    assert_eq!(world.told(), ["cpo STOP_SESSION result.not_due"], "{name}");
                    if let Ok(sent) = sent {
                        assert!(matches!(block_on(sent.result()), Ok(Outcome::Refused(_))), "{name}");
                    }
                }
                (_, Err(error)) => panic!("{name}: {error}"),
            }
            assert_eq!(world.pending(), [], "{name}");
        }
    }
}

#[test]
fn a_result_may_be_faster_than_any_answer() {
    for (name, answer, then) in ANSWERS {
        let world = World::new();
        let cpo = std::sync::Arc::clone(&world.cpo.platform);
        let (router, answer) = (world.cpo.router.clone(), *answer);
        world.network.add_host("cpo.example", move |request| {
            if !request.uri().path().contains("/commands/") {
                return block_on(router.call(request));
            }
            let body: serde_json::Value = serde_json::from_slice(request.body()).expect("JSON");
            let url = body["response_url"].as_str().expect("a URL").parse().expect("a URL");
            let client = block_on(cpo.client("emsp")).expect("registered");
            let result = ocpi_testkit::result_to(url, CommandResultType::Accepted);
            block_on(client.send(&result)).expect("it is waited for");
            answer()
        });
        // Also where the answer is a failure: the partner did it.
        let sent = world.stop().unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(block_on(sent.result()).expect(name).is_accepted(), "{name}");
        assert_eq!(sent.answer.failure.is_some(), sent.answer.value.is_none(), "{name}");
        let told: &[&str] =
            if matches!(then, Then::Refused) { &["cpo STOP_SESSION result.not_due"] } else { &[] };
        assert_eq!(world.told(), told, "{name}");
    }
}

#[test]
fn findings_on_the_answer_are_at_hand() {
    let world = World::new();
    world.answers(|| success(r#"{"result": "ACCEPTED"}"#));
    let sent = world.stop().expect("accepted");
    let findings: Vec<_> =
        sent.answer.findings.iter().map(|it| (it.rule.id(), it.pointer.as_str())).collect();
    assert_eq!(findings, [("req.missing", "/timeout")]);
    assert!(!sent.answer.is_delivery_unclear());
    let deadline = block_on(sent.deadline()).expect("a store");
    assert_eq!(deadline, time("12:01:05"));
    assert_eq!(world.clock.clock().now().to_string(), NOW);
}

#[test]
fn a_request_that_may_have_arrived_is_awaited() {
    for fate in [Fate::Lost, Fate::AnswerLost] {
        let world = World::new();
        world.network.once(http::Method::POST, fate);
        let sent = world.stop().expect("nobody knows");
        assert!(sent.answer.is_delivery_unclear(), "{fate:?}");
        assert!(sent.answer.failure.as_ref().is_some_and(|error| error.to_string().contains("no answer")));
        if fate == Fate::AnswerLost {
            world.post(&world.cpo.chargers.response_url(), CommandResultType::Accepted).expect("awaited");
        }
        let outcome = block_on(sent.result()).expect("a store");
        assert_eq!(outcome.is_accepted(), fate == Fate::AnswerLost);
    }
}

/// An unreadable success is one: whether the partner has the request is clear.
#[test]
fn an_answer_that_cannot_be_read_is_no_doubt_about_delivery() {
    let world = World::new();
    world.answers(|| html(200));
    assert!(!world.stop().expect("a success").answer.is_delivery_unclear());
    world.answers(|| html(504));
    assert!(world.stop().expect("nobody knows").answer.is_delivery_unclear());
}
