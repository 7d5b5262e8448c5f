//! Commands to charge points, and their results.

use http::Method;
use ocpi_types::{InterfaceRole, ModuleId, Version};
use serde_json::{Value, json};

use crate::behaviour::{Behaviour, Group, behaviours};
use crate::check::{Done, Stop};
use crate::checks::items::UNKNOWN;
use crate::checks::results::{awaited, named, no_inbox, response_url};
use crate::context::Context;
use crate::pushes::{below, is_offered, sample, writing};
use crate::samples;
use crate::wire::{Answer, Ask};

pub(crate) const COMMANDS: Group<'_> =
    Group { name: "commands", module: "commands", chapter: "mod_commands" };

pub(crate) const OF_COMMANDS: &[Behaviour<()>] = behaviours! { (), Active;
    "start_session" Must V2_1_1: "START_SESSION is answered with a result", "§commandresponse_object"
        => start_session;
    "start_session_result" Must V2_1_1: "The result of START_SESSION comes to response_url", "§commandresult_object",
        needs "start_session" => start_session_result;
    "start_session_unknown" Must V2_1_1: "No session is started at an unknown Location", "§startsession_object"
        => start_session_unknown;
    "start_session_foreign" Should V2_2: "No session is started with the Token of another party", "§startsession_object",
        needs "start_session" => start_session_foreign;
    "stop_session" Must V2_1_1: "STOP_SESSION is answered with a result", "§commandresponse_object" => stop_session;
    "stop_session_unknown" Must V2_1_1: "An unknown session is not stopped", "§commandresponse_object"
        => stop_session_unknown;
    "reserve_now" Must V2_1_1: "RESERVE_NOW is answered with a result, and CANCEL_RESERVATION takes it back",
        "§commandresponse_object" => reserve_now;
    "unlock_connector" Must V2_1_1: "UNLOCK_CONNECTOR is answered with a result", "§commandresponse_object"
        => unlock_connector;
    "unlock_unknown" Must V2_1_1: "No unknown Connector is unlocked", "§unlockconnector_object" => unlock_unknown;
    "command_unknown" Must V2_1_1: "A command that does not exist is refused", "§cpo_post_method" => command_unknown;
    "command_no_json" Must V2_1_1: "A body that is no JSON is refused", "transport_and_format §response_format"
        => command_no_json;
    "command_incomplete" Should V2_1_1: "A command without response_url is refused", "status_codes §2xxx_client_errors"
        => command_incomplete;
};

/// Results of commands in 2.2 and later.
const RESULTS: [&str; 10] = [
    "ACCEPTED",
    "CANCELED_RESERVATION",
    "EVSE_OCCUPIED",
    "EVSE_INOPERATIVE",
    "FAILED",
    "NOT_SUPPORTED",
    "REJECTED",
    "TIMEOUT",
    "UNKNOWN_RESERVATION",
    "UNKNOWN_SESSION",
];
/// Answers, and results in 2.1.1.
const ANSWERS: [&str; 5] = ["ACCEPTED", "NOT_SUPPORTED", "REJECTED", "UNKNOWN_SESSION", "TIMEOUT"];

async fn start_session(cx: &Context, (): &()) -> Done {
    let (answer, _) = start(cx).await?;
    response(cx, &answer)?;
    Ok(1)
}

async fn start_session_result(cx: &Context, (): &()) -> Done {
    started(cx).await.map(|_| 1)
}

/// Starts a session, and waits for the result.
///
/// # Errors
/// When it is not accepted, or no result comes.
pub(crate) async fn started(cx: &Context) -> Result<Value, Stop> {
    cx.options.inbox.as_ref().ok_or_else(no_inbox)?;
    let (answer, id) = start(cx).await?;
    result(cx, &answer, &id).await
}

async fn start_session_unknown(cx: &Context, (): &()) -> Done {
    let (url, _) = response_url(cx);
    let body = json!({"response_url": url, "token": token(cx)?, "location_id": UNKNOWN});
    let answer = send(cx, "START_SESSION", &body).await?;
    is_not_accepted(&answer, "there is no such Location")?;
    Ok(1)
}

async fn start_session_foreign(cx: &Context, (): &()) -> Done {
    let (url, _) = response_url(cx);
    let mut token = token(cx)?;
    (token["country_code"], token["party_id"]) = ("ZZ".into(), "ZZZ".into());
    let place = place(cx)?;
    let body = json!({"response_url": url, "token": token, "location_id": place.location});
    is_not_accepted(&send(cx, "START_SESSION", &body).await?, "the Token is of another party")?;
    Ok(1)
}

async fn stop_session(cx: &Context, (): &()) -> Done {
    let read = cx.listing("sessions").ok_or_else(|| Stop::skip("the list of Sessions was not read"))?;
    let is_active = |it: &&Value| it["status"] == "ACTIVE";
    let id = read.items().map(|it| &it.json).find(is_active).and_then(|it| it["id"].as_str());
    let Some(session) = id else { return Err(Stop::skip("no Session is active")) };
    let (url, id) = response_url(cx);
    let answer = send(cx, "STOP_SESSION", &json!({"response_url": url, "session_id": session})).await?;
    if response(cx, &answer)? == "ACCEPTED" && cx.options.inbox.is_some() {
        result(cx, &answer, &id).await?;
    }
    Ok(1)
}

async fn stop_session_unknown(cx: &Context, (): &()) -> Done {
    let (url, _) = response_url(cx);
    let answer = send(cx, "STOP_SESSION", &json!({"response_url": url, "session_id": UNKNOWN})).await?;
    is_not_accepted(&answer, "there is no such session")?;
    Ok(1)
}

async fn reserve_now(cx: &Context, (): &()) -> Done {
    let version = cx.spoken()?;
    let place = place(cx)?;
    let (url, id) = response_url(cx);
    let reservation: Value =
        if version < Version::V2_2 { cx.new_number().into() } else { cx.new_id().into() };
    let ahead = cx.moment(5_400).to_string();
    let body = json!({"response_url": url, "token": token(cx)?, "expiry_date": ahead,
        "reservation_id": reservation, "location_id": place.location});
    let answer = send(cx, "RESERVE_NOW", &body).await?;
    if response(cx, &answer)? != "ACCEPTED" {
        return Ok(1);
    }
    if cx.options.inbox.is_some() {
        result(cx, &answer, &id).await?;
    }
    if version < Version::V2_2 {
        return Ok(1);
    }
    let (url, id) = response_url(cx);
    let body = json!({"response_url": url, "reservation_id": reservation});
    let answer = send(cx, "CANCEL_RESERVATION", &body).await?;
    if response(cx, &answer)? == "ACCEPTED" && cx.options.inbox.is_some() {
        result(cx, &answer, &id).await?;
    }
    Ok(2)
}

async fn unlock_connector(cx: &Context, (): &()) -> Done {
    let place = place(cx)?;
    let (url, id) = response_url(cx);
    let (Some(evse), Some(connector)) = (place.evse, place.connector) else {
        return Err(Stop::skip("no Location of the list has a Connector"));
    };
    let body = json!({"response_url": url, "location_id": place.location, "evse_uid": evse,
        "connector_id": connector});
    let answer = send(cx, "UNLOCK_CONNECTOR", &body).await?;
    if response(cx, &answer)? == "ACCEPTED" && cx.options.inbox.is_some() {
        result(cx, &answer, &id).await?;
    }
    Ok(1)
}

async fn unlock_unknown(cx: &Context, (): &()) -> Done {
    let (url, _) = response_url(cx);
    let body = json!({"response_url": url, "location_id": UNKNOWN, "evse_uid": UNKNOWN, "connector_id": "1"});
    is_not_accepted(&send(cx, "UNLOCK_CONNECTOR", &body).await?, "there is no such Connector")?;
    Ok(1)
}

async fn command_unknown(cx: &Context, (): &()) -> Done {
    let (url, _) = response_url(cx);
    let answer = send(cx, "OPEN_THE_GATE", &json!({"response_url": url})).await?;
    is_not_accepted(&answer, "there is no such command")?;
    Ok(1)
}

async fn command_no_json(cx: &Context, (): &()) -> Done {
    let ask = Ask::new(Method::POST, at(cx, "STOP_SESSION")?).functional().body("{\"session_id\": ");
    cx.wire.send(&ask).await?.refused("the body is no object in JSON")?;
    Ok(1)
}

async fn command_incomplete(cx: &Context, (): &()) -> Done {
    let answer = send(cx, "STOP_SESSION", &json!({"session_id": UNKNOWN})).await?;
    is_not_accepted(&answer, "`response_url` is missing")?;
    Ok(1)
}

/// A place of the server where a command may be tried.
struct Place {
    location: String,
    evse: Option<String>,
    connector: Option<String>,
}

fn place(cx: &Context) -> Result<Place, Stop> {
    let read = cx.listing("locations").ok_or_else(|| Stop::skip("the list of Locations was not read"))?;
    let text = |it: &Value, name: &str| it[name].as_str().map(str::to_owned);
    let places = read.items().filter_map(|item| {
        let evse = &item.json["evses"][0];
        let connector = text(&evse["connectors"][0], "id");
        Some(Place { location: text(&item.json, "id")?, evse: text(evse, "uid"), connector })
    });
    let first = places.into_iter().max_by_key(|it| it.connector.is_some());
    first.ok_or_else(|| Stop::skip("the list of Locations is empty"))
}

async fn start(cx: &Context) -> Result<(Answer, String), Stop> {
    let place = place(cx)?;
    let (url, id) = response_url(cx);
    let mut body = json!({"response_url": url, "token": token(cx)?, "location_id": place.location});
    if let Some(evse) = place.evse {
        body["evse_uid"] = evse.into();
    }
    if let Some(connector) = place.connector.filter(|_| cx.version() >= Some(Version::V2_2_1)) {
        body["connector_id"] = connector.into();
    }
    Ok((send(cx, "START_SESSION", &body).await?, id))
}

/// A Token of ours.
fn token(cx: &Context) -> Result<Value, Stop> {
    Ok(samples::token(&sample(cx, 10)?))
}

async fn send(cx: &Context, command: &str, body: &Value) -> Result<Answer, Stop> {
    cx.wire.send(&writing(Method::POST, at(cx, command)?, body)).await
}

fn at(cx: &Context, command: &str) -> Result<String, Stop> {
    let base = cx.endpoint(&ModuleId::Commands, &InterfaceRole::Receiver);
    below(&base.ok_or_else(|| Stop::skip("the Receiver interface is not offered"))?, &[command])
}

fn response(cx: &Context, answer: &Answer) -> Result<String, Stop> {
    is_offered(cx, answer)?;
    let is_old = cx.spoken()? < Version::V2_2;
    // TIMEOUT is of 2.1.1 only.
    let known = if is_old { &ANSWERS[..] } else { &ANSWERS[..4] };
    named(answer, known, !is_old)
}

async fn result(cx: &Context, answer: &Answer, id: &str) -> Result<Value, Stop> {
    let name = response(cx, answer)?;
    if name != "ACCEPTED" {
        return Err(Stop::skip(format!("the command was answered {name}")));
    }
    let known = if cx.spoken()? < Version::V2_2 { &ANSWERS[..] } else { &RESULTS[..] };
    awaited(cx, answer, id, known).await
}

/// Looks that a command was refused, in the envelope or by its result.
fn is_not_accepted(answer: &Answer, why: &str) -> Result<(), Stop> {
    if !answer.is_success() {
        return answer.refused(why);
    }
    let data = answer.success()?.data.unwrap_or_default();
    match data.get("result").and_then(Value::as_str) {
        Some("ACCEPTED") | None => Err(answer.fail(format!("a refusal: {why}"), "a success".to_owned())),
        Some(_) => Ok(()),
    }
}
