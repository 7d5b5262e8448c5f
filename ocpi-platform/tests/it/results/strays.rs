//! Results that are late, repeated, changed or forged: told, and without effect.

use ocpi_platform::Outcome;
use ocpi_testkit::{ChargerReaction, Network, PlatformSetup, TestPlatform, result_to, success};
use ocpi_types::endpoint::PostClearProfileResult;
use ocpi_types::v2_3_0::charging_profiles::{ChargingProfileResultType, ClearProfileResultInit};
use ocpi_types::v2_3_0::commands::CommandResultType::{Accepted, CanceledReservation, EvseOccupied, Failed};
use ocpi_types::v2_3_0::commands::{CommandResponseType, CommandResultType};
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{Private, Url};
use pollster::block_on;

use super::world::{World, post, statuses};

/// Fate of a result.
#[derive(Clone, Copy, Debug)]
enum Fate {
    /// Answered with a success, and nothing is told.
    Fine,
    /// Answered with a success, and told under this rule.
    Told(&'static str),
    /// Answered with 2001, and told under this rule.
    Refused(&'static str),
}

/// Results in the order in which they come, each with the seconds before it, and the outcome of the request.
type Row = (&'static [(i64, CommandResultType, Fate)], Option<CommandResultType>);

const ROWS: &[Row] = &[
    (&[(0, Accepted, Fate::Fine), (0, Accepted, Fate::Told("result.repeated"))], Some(Accepted)),
    (&[(0, Accepted, Fate::Fine), (100, Accepted, Fate::Told("result.repeated"))], Some(Accepted)),
    (&[(0, Accepted, Fate::Fine), (0, Failed, Fate::Refused("result.changed"))], Some(Accepted)),
    (&[(0, Failed, Fate::Fine), (0, Accepted, Fate::Refused("result.changed"))], Some(Failed)),
    (
        &[
            (0, Failed, Fate::Fine),
            (0, Accepted, Fate::Refused("result.changed")),
            (0, Failed, Fate::Told("result.repeated")),
            (0, EvseOccupied, Fate::Refused("result.changed")),
        ],
        Some(Failed),
    ),
    (
        &[
            (35, Accepted, Fate::Told("result.late")),
            (1, Accepted, Fate::Told("result.repeated")),
            (1, Failed, Fate::Refused("result.changed")),
        ],
        None,
    ),
    // Only a reservation may be canceled.
    (&[(0, Accepted, Fate::Fine), (0, CanceledReservation, Fate::Refused("result.changed"))], Some(Accepted)),
];

#[test]
fn the_first_result_in_time_is_the_outcome() {
    for (row, (results, outcome)) in ROWS.iter().enumerate() {
        let world = World::new();
        let sent = world.stop().expect("accepted");
        let url = world.cpo.chargers.response_url();
        for (seconds, result, fate) in *results {
            world.clock.advance(*seconds);
            let answer = world.post(&url, result.clone());
            let told = world.told();
            let rule = match fate {
                Fate::Fine => None,
                Fate::Told(rule) | Fate::Refused(rule) => Some(format!("cpo STOP_SESSION {rule}")),
            };
            assert_eq!(told, Vec::from_iter(rule), "row {row}: {result}");
            let is_refused = matches!(fate, Fate::Refused(_));
            assert_eq!(
                answer.err().map(|error| statuses(&error)),
                is_refused.then_some((200, 2001)),
                "row {row}"
            );
        }
        let ended = block_on(sent.result()).expect("a store");
        assert_eq!(ended.result().map(|result| &result.result), outcome.as_ref(), "row {row}");
        assert_eq!(ended == Outcome::TimedOut, outcome.is_none(), "row {row}");
    }
}

#[test]
fn a_reservation_may_be_canceled_later() {
    let world = World::new();
    let token: Token = ocpi_testkit::parse(&ocpi_testkit::token_json("DE/EMP", "04A2", "10:00:00"));
    let at = ocpi_types::endpoint::LocationKey { location_id: "L1".parse().expect("an id") };
    let expiry = ocpi_testkit::time("13:00:00");
    let id = "1001".parse().expect("an id");
    let reserve = || block_on(world.emsp.platform.reserve_now("cpo", &token, &at, &id, expiry));
    let sent = reserve().expect("accepted");
    let url = world.cpo.chargers.response_url();
    world.post(&url, Accepted).expect("awaited");
    assert_eq!(block_on(sent.cancellation()).expect("a store"), None);

    world.clock.advance(600);
    world.post(&url, CanceledReservation).expect("the CPO may do that");
    world.post(&url, CanceledReservation).expect("a repeat");
    assert_eq!(statuses(&world.post(&url, Failed).expect_err("another")), (200, 2001));
    assert_eq!(world.told(), ["cpo RESERVE_NOW result.repeated", "cpo RESERVE_NOW result.changed"]);
    let canceled = block_on(sent.canceled()).expect("a store").expect("a cancellation");
    assert_eq!(canceled.result, CanceledReservation);
    // The outcome stays what it was.
    assert!(block_on(sent.result()).expect("a store").is_accepted());

    // It may be all that comes.
    for (seconds, is_late) in [(0, false), (35, true)] {
        let sent = reserve().expect("accepted");
        world.clock.advance(seconds);
        world.post(&world.cpo.chargers.response_url(), CanceledReservation).expect("the CPO may do that");
        let canceled = block_on(sent.canceled()).expect("a store").expect("a cancellation");
        assert_eq!(canceled.result, CanceledReservation);
        assert_eq!(block_on(sent.result()).expect("a store") == Outcome::TimedOut, is_late);
    }

    // Where nothing is reserved, nothing is canceled.
    world.cpo.chargers.plan([ChargerReaction::Reject]);
    let refused = reserve().expect("an answer");
    assert_eq!(refused.answer.value.as_ref().map(|it| &it.result), Some(&CommandResponseType::Rejected));
    assert_eq!(block_on(refused.canceled()).expect("a store"), None);
}

/// A third platform, registered with the eMSP too.
fn third(network: &Network, emsp: &TestPlatform) -> TestPlatform {
    let third = PlatformSetup::new("third", &[("CPO", "FR", "THI")]).open(network);
    third.register_with(emsp, "emsp", "third").expect("registered");
    third
}

#[test]
fn nobody_else_can_send_the_result() {
    let world = World::new();
    let third = third(&world.network, &world.emsp);
    let sent = world.stop().expect("accepted");
    let url = world.cpo.chargers.response_url();
    for at in [0, 35] {
        world.clock.advance(at);
        let error = post(&third, &url, Accepted).expect_err("not his command");
        assert!(error.is_not_found());
        assert_eq!(world.told(), ["third STOP_SESSION result.foreign"]);
    }
    assert_eq!(block_on(sent.late_result()).expect("a store"), None);
}

#[test]
fn a_url_that_was_guessed_leads_nowhere() {
    let world = World::new();
    let sent = world.stop().expect("accepted");
    let url = world.cpo.chargers.response_url().as_str().to_owned();
    let uid = url.rsplit('/').next().expect("a segment").to_owned();
    assert_eq!(uid.len(), 32, "128 bits");
    assert!(!url.contains(sent.id().as_str()), "what is stored is no secret");
    for (guess, rule) in [
        (url.replace(&uid, &"0".repeat(uid.len())), "STOP_SESSION result.unknown"),
        (url.replace(&uid, &uid[1..]), "STOP_SESSION result.unknown"),
        (url.replace(&uid, &uid.to_uppercase()), "STOP_SESSION result.unknown"),
        (url.replace(&uid, &format!("{uid}0")), "STOP_SESSION result.unknown"),
        (url.replace(&uid, &format!("{uid}%00")), "STOP_SESSION result.unknown"),
        (url.replace(&uid, sent.id().as_str()), "STOP_SESSION result.unknown"),
        (url.replace("STOP_SESSION", "RESERVE_NOW"), "RESERVE_NOW result.mismatch"),
        (url.replace("STOP_SESSION", "stop_session"), "other result.unknown"),
        (url.replace("STOP_SESSION", "set_profile"), "other result.unknown"),
    ] {
        // A uid of digits alone has no other case.
        if guess != url {
            let error = world.post(&guess.parse().expect("a URL"), Accepted).expect_err(&guess);
            assert!(error.is_not_found(), "{guess}");
            assert_eq!(world.told(), [format!("cpo {rule}")], "{guess}");
        }
    }
    for guess in [format!("{url}/x"), url.replace(&format!("/{uid}"), "")] {
        let guess: Private<Url> = guess.parse().expect("a URL");
        assert!(world.post(&guess, Accepted).expect_err("no such path").is_not_found());
    }
    for number in 0..1000 {
        let guess: Private<Url> = url.replace(&uid, &format!("{number:032x}")).parse().expect("a URL");
        assert!(world.post(&guess, Accepted).is_err());
    }
    assert_eq!(block_on(sent.outcome()).expect("a store"), None);
}

/// The result of a charging profile at the URL of a command, and the other way round.
#[test]
fn a_result_of_another_module_is_none() {
    let world = World::new();
    let sent = world.stop().expect("accepted");
    let url = world.cpo.chargers.response_url();
    let uid = url.as_str().rsplit('/').next().expect("a segment").to_owned();
    let profiles = "https://emsp.example/ocpi/2.3.0/sender/chargingprofiles/clear_profile";
    let post = PostClearProfileResult {
        url: format!("{profiles}/{uid}").parse().expect("a URL"),
        result: ClearProfileResultInit { result: ChargingProfileResultType::Accepted }.into(),
    };
    let client = block_on(world.cpo.platform.client("emsp")).expect("registered");
    assert!(block_on(client.send(&post)).expect_err("a command's").is_not_found());
    assert_eq!(world.told(), ["cpo clear_profile result.mismatch"]);
    assert_eq!(block_on(sent.outcome()).expect("a store"), None);
}

#[test]
fn a_result_that_cannot_be_read_is_none() {
    let world = World::new();
    let sent = world.stop().expect("accepted");
    let client = block_on(world.cpo.platform.client("emsp")).expect("registered");
    let honest = result_to(world.cpo.chargers.response_url(), Accepted);
    for (body, expected) in [("", 400), ("{}", 200), ("{\"result\": null}", 200), ("[]", 200)] {
        let request = client.request(&honest).expect("a request").map(|_| body.into());
        assert_eq!(world.emsp.ask(request), (expected, 2001), "{body}");
    }
    assert_eq!(block_on(sent.outcome()).expect("a store"), None);
    // Members that are missing do not matter, and unknown ones are kept.
    let request = client.request(&honest).expect("a request");
    let request = request.map(|_| r#"{"result": "ACCEPTED", "x": [1]}"#.into());
    assert_eq!(world.emsp.ask(request), (200, 1000));
    assert!(block_on(sent.result()).expect("a store").is_accepted());
}

#[test]
fn every_request_has_a_url_of_its_own() {
    let world = World::new();
    let sent: Vec<_> =
        (0..3).map(|_| (world.stop().expect("accepted"), world.cpo.chargers.response_url())).collect();
    let results = [Failed, CommandResultType::Timeout, Accepted];
    for ((_, url), result) in sent.iter().zip(&results).rev() {
        world.post(url, result.clone()).expect("it is waited for");
    }
    for ((sent, _), result) in sent.iter().zip(results) {
        let outcome = block_on(sent.result()).expect("a store");
        assert_eq!(outcome.result().map(|known| &known.result), Some(&result));
    }
    assert_eq!(world.told(), [""; 0]);
}

/// A partner that says REJECTED, and does it all the same.
#[test]
fn a_refusal_stays_one() {
    let world = World::new();
    world.answers(|| success(r#"{"result": "REJECTED", "timeout": 0}"#));
    let sent = world.stop().expect("an answer");
    let url = world.response_url();
    for _ in 0..2 {
        assert!(world.post(&url, Accepted).expect_err("nobody waits").is_not_found());
        assert_eq!(world.told(), ["cpo STOP_SESSION result.not_due"]);
    }
    assert!(matches!(block_on(sent.result()), Ok(Outcome::Refused(_))));
    assert_eq!(block_on(sent.late_result()).expect("a store"), None);
}
