//! Commands, and results that come as they should or not.

use std::task::{Context, Poll, Waker};

use ocpi_client::Error as ClientError;
use ocpi_platform::{CommandSent, Error, Results};
use ocpi_testkit::{ChargerReaction, Network, PlatformSetup, TestPlatform, registered, result_to};
use ocpi_types::Url;
use ocpi_types::v2_3_0::commands::{
    CommandResponseType, CommandResult, CommandResultType, StopSession, StopSessionInit,
};
use pollster::block_on;

fn stop(response_url: Url) -> StopSession {
    StopSessionInit { response_url, session_id: "S1".parse().expect("an id") }.into()
}

fn send(emsp: &TestPlatform) -> CommandSent {
    block_on(emsp.platform.command("cpo", stop)).expect("an answer")
}

/// Sends a result as a partner of the eMSP.
fn post(from: &TestPlatform, url: &Url, result: CommandResultType) -> Result<(), ClientError> {
    let client = block_on(from.platform.client("emsp")).expect("registered");
    block_on(client.send(&result_to(url.clone(), result))).map(drop)
}

/// Returns the next result, without waiting: `None` if there is none yet, `Some(None)` at the end.
fn now(results: &mut Results) -> Option<Option<CommandResultType>> {
    let mut next = std::pin::pin!(results.next());
    match next.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Some(result.map(|CommandResult { result, .. }| result)),
        Poll::Pending => None,
    }
}

#[test]
fn a_result_comes_to_its_command() {
    let (network, cpo, emsp) = registered();
    let CommandSent { response, mut results, .. } = send(&emsp);
    assert_eq!((response.result, response.timeout), (CommandResponseType::Accepted, 30));
    let url = cpo.chargers.response_url();
    assert_eq!(
        url.as_str(),
        format!("https://emsp.example/ocpi/2.3.0/sender/commands/STOP_SESSION/{}", results.uid())
    );
    assert_eq!(
        network.take_requests(),
        ["POST https://cpo.example/ocpi/2.3.0/receiver/commands/STOP_SESSION"]
    );
    assert_eq!(now(&mut results), None);
    post(&cpo, &url, CommandResultType::Accepted).expect("it is waited for");
    assert_eq!(now(&mut results), Some(Some(CommandResultType::Accepted)));
    // A reservation may be canceled later.
    post(&cpo, &url, CommandResultType::CanceledReservation).expect("it is waited for");
    assert_eq!(now(&mut results), Some(Some(CommandResultType::CanceledReservation)));
    assert_eq!(now(&mut results), None);
}

#[test]
fn every_command_has_a_url_of_its_own() {
    let (_, cpo, emsp) = registered();
    let mut commands: Vec<(CommandSent, Url)> =
        (0..3).map(|_| (send(&emsp), cpo.chargers.response_url())).collect();
    let results = [CommandResultType::Failed, CommandResultType::Timeout, CommandResultType::Accepted];
    for ((_, url), result) in commands.iter().zip(&results).rev() {
        post(&cpo, url, result.clone()).expect("it is waited for");
    }
    for ((sent, _), result) in commands.iter_mut().zip(results) {
        assert_eq!(sent.results.uid().len(), 32, "128 bits");
        assert_eq!(now(&mut sent.results), Some(Some(result)));
        assert_eq!(now(&mut sent.results), None);
    }
}

#[test]
fn a_result_may_be_faster_than_the_response() {
    let (_, cpo, emsp) = registered();
    cpo.chargers.plan([ChargerReaction::ResultFirst]);
    let mut sent = send(&emsp);
    assert_eq!(sent.response.result, CommandResponseType::Accepted);
    assert_eq!(now(&mut sent.results), Some(Some(CommandResultType::Accepted)));
}

#[test]
fn where_nothing_was_accepted_no_result_comes() {
    let (_, cpo, emsp) = registered();
    cpo.chargers.plan([ChargerReaction::Reject]);
    let mut sent = send(&emsp);
    assert_eq!(sent.response.result, CommandResponseType::Rejected);
    assert_eq!(now(&mut sent.results), Some(None), "the end, and no waiting for it");
    let error =
        post(&cpo, &cpo.chargers.response_url(), CommandResultType::Accepted).expect_err("nobody waits");
    assert!(error.is_not_found());
    assert_eq!(now(&mut sent.results), Some(None));
}

#[test]
fn a_command_that_failed_is_not_sent_again_and_waits_for_nothing() {
    let (network, cpo, emsp) = registered();
    cpo.chargers.plan([ChargerReaction::Fail]);
    let failed = block_on(emsp.platform.command("cpo", stop));
    assert!(matches!(failed, Err(Error::Client(error)) if error.is_retryable()));
    assert_eq!(network.take_requests().len(), 1);
    let error =
        post(&cpo, &cpo.chargers.response_url(), CommandResultType::Accepted).expect_err("nobody waits");
    assert!(error.is_not_found());
    assert!(matches!(block_on(emsp.platform.command("nobody", stop)), Err(Error::NoPartner(_))));
}

#[test]
fn who_waits_no_more_gets_nothing() {
    let (_, cpo, emsp) = registered();
    let sent = send(&emsp);
    let url = cpo.chargers.response_url();
    drop(sent);
    assert!(post(&cpo, &url, CommandResultType::Accepted).expect_err("too late").is_not_found());
}

#[test]
fn results_without_end_are_refused() {
    let (_, cpo, emsp) = registered();
    let mut sent = send(&emsp);
    let url = cpo.chargers.response_url();
    let accepted = (0..100).filter(|_| post(&cpo, &url, CommandResultType::Accepted).is_ok()).count();
    assert_eq!(accepted, 8);
    for _ in 0..8 {
        assert_eq!(now(&mut sent.results), Some(Some(CommandResultType::Accepted)));
    }
    assert_eq!(now(&mut sent.results), None);
}

/// A third platform, registered with the eMSP too.
fn third(network: &Network, emsp: &TestPlatform) -> TestPlatform {
    let third = PlatformSetup::new("third", &[("CPO", "FR", "THI")]).open(network);
    third.register_with(emsp, "emsp", "third").expect("registered");
    third
}

#[test]
fn nobody_else_can_send_the_result_of_a_command() {
    let (network, cpo, emsp) = registered();
    let third = third(&network, &emsp);
    let mut sent = send(&emsp);
    let url = cpo.chargers.response_url();
    assert!(post(&third, &url, CommandResultType::Accepted).expect_err("not his command").is_not_found());
    assert_eq!(now(&mut sent.results), None);
    post(&cpo, &url, CommandResultType::Failed).expect("the CPO's own");
    assert_eq!(now(&mut sent.results), Some(Some(CommandResultType::Failed)));
}

#[test]
fn a_url_that_was_guessed_leads_nowhere() {
    let (_, cpo, emsp) = registered();
    let mut sent = send(&emsp);
    let url = cpo.chargers.response_url().as_str().to_owned();
    let uid = sent.results.uid().to_owned();
    let zeros = "0".repeat(uid.len());
    for guess in [
        url.replace(&uid, &zeros),
        url.replace(&uid, &uid[1..]),
        url.replace(&uid, &uid.to_uppercase()),
        url.replace(&uid, &format!("{uid}0")),
        url.replace(&uid, &format!("{uid}%00")),
        url.replace(&uid, "x"),
        url.replace("STOP_SESSION", "RESERVE_NOW"),
        url.replace("STOP_SESSION", "stop_session"),
        format!("{url}/x"),
        url.replace(&format!("/{uid}"), ""),
    ] {
        if guess == url {
            // A uid of digits alone has no other case.
            continue;
        }
        let guess: Url = guess.parse().expect("a URL");
        assert!(post(&cpo, &guess, CommandResultType::Accepted).expect_err(guess.as_str()).is_not_found());
    }
    for number in 0..1000 {
        let guess: Url = url.replace(&uid, &format!("{number:032x}")).parse().expect("a URL");
        assert!(post(&cpo, &guess, CommandResultType::Accepted).is_err());
    }
    assert_eq!(now(&mut sent.results), None);
}

#[test]
fn a_result_that_cannot_be_read_is_none() {
    let (_, cpo, emsp) = registered();
    let mut sent = send(&emsp);
    let client = block_on(cpo.platform.client("emsp")).expect("registered");
    let honest = result_to(cpo.chargers.response_url(), CommandResultType::Accepted);
    for (body, expected) in [("", 400), ("{}", 200), ("{\"result\": null}", 200), ("[]", 200)] {
        let request = client.request(&honest).expect("a request").map(|_| body.into());
        let (http, code) = emsp.ask(request);
        assert_eq!((http, code), (expected, 2001), "{body}");
    }
    assert_eq!(now(&mut sent.results), None);
}
