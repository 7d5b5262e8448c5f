//! Charging profiles and charging preferences.

use http::Method;
use ocpi_types::{InterfaceRole, ModuleId};
use serde_json::{Value, json};

use crate::behaviour::{Behaviour, Group, behaviours};
use crate::check::{Done, Stop};
use crate::checks::items::UNKNOWN;
use crate::checks::results::{awaited, named, response_url};
use crate::context::Context;
use crate::pushes::{below, writing};
use crate::wire::{Answer, Ask, with_query};

pub(crate) const PROFILES: Group<'_> =
    Group { name: "chargingprofiles", module: "chargingprofiles", chapter: "mod_charging_profiles" };
pub(crate) const PREFERENCES: Group<'_> =
    Group { name: "sessions", module: "sessions", chapter: "mod_sessions" };

pub(crate) const OF_PROFILES: &[Behaviour<()>] = behaviours! { (), Active;
    "set" Must V2_2: "The PUT of a profile is answered with a result, and the outcome comes to response_url",
        "§cpo_put_method" => set;
    "active" Must V2_2: "The GET of a profile is answered with a result, and the outcome comes to response_url",
        "§cpo_get_method" => active;
    "clear" Must V2_2: "The DELETE of a profile is answered with a result, and the outcome comes to response_url",
        "§cpo_delete_method" => clear;
    "set_unknown" Must V2_2: "No profile is set for an unknown session", "§responsetype_enum"
        => set_unknown;
    "active_unknown" Must V2_2: "An unknown session has no profile", "§responsetype_enum"
        => active_unknown;
    "clear_unknown" Must V2_2: "No profile of an unknown session is cleared", "§responsetype_enum"
        => clear_unknown;
    "set_no_json" Must V2_2: "A body that is no JSON is refused", "transport_and_format §response_format" => set_no_json;
    "set_incomplete" Should V2_2: "A request without a profile is refused", "status_codes §2xxx_client_errors"
        => set_incomplete;
};

pub(crate) const OF_PREFERENCES: &[Behaviour<()>] = behaviours! { (), Active;
    "preferences" Must V2_2: "Charging preferences of a Session are answered with a result, or refused",
        "§set_charging_preferences", needs "sessions.list" => preferences;
    "preferences_unknown" Must V2_2: "Charging preferences of an unknown Session are refused",
        "§set_charging_preferences" => preferences_unknown;
    "preferences_no_json" Must V2_2: "A body that is no JSON is refused", "transport_and_format §response_format"
        => preferences_no_json;
};

const ANSWERS: [&str; 5] = ["ACCEPTED", "NOT_SUPPORTED", "REJECTED", "TOO_OFTEN", "UNKNOWN_SESSION"];
const RESULTS: [&str; 3] = ["ACCEPTED", "REJECTED", "UNKNOWN"];
const PREFERRED: [&str; 5] =
    ["ACCEPTED", "DEPARTURE_REQUIRED", "ENERGY_NEED_REQUIRED", "NOT_POSSIBLE", "PROFILE_TYPE_NOT_SUPPORTED"];

async fn set(cx: &Context, (): &()) -> Done {
    let session = session(cx)?;
    let (url, id) = response_url(cx);
    let answer = cx.wire.send(&writing(Method::PUT, at(cx, &session)?, &profile(&url))).await?;
    outcome(cx, &answer, &id).await
}

async fn active(cx: &Context, (): &()) -> Done {
    let session = session(cx)?;
    let (url, id) = response_url(cx);
    let query = [("duration", "900".to_owned()), ("response_url", url)];
    let answer = cx.wire.send(&Ask::get(with_query(&at(cx, &session)?, &query)).functional()).await?;
    outcome(cx, &answer, &id).await
}

async fn clear(cx: &Context, (): &()) -> Done {
    let session = session(cx)?;
    let (url, id) = response_url(cx);
    let url = with_query(&at(cx, &session)?, &[("response_url", url)]);
    let answer = cx.wire.send(&Ask::new(Method::DELETE, url).functional()).await?;
    outcome(cx, &answer, &id).await
}

async fn set_unknown(cx: &Context, (): &()) -> Done {
    let (url, _) = response_url(cx);
    let answer = cx.wire.send(&writing(Method::PUT, at(cx, UNKNOWN)?, &profile(&url))).await?;
    is_not_accepted(&answer)
}

async fn active_unknown(cx: &Context, (): &()) -> Done {
    let query = [("duration", "900".to_owned()), ("response_url", response_url(cx).0)];
    let url = with_query(&at(cx, UNKNOWN)?, &query);
    is_not_accepted(&cx.wire.send(&Ask::get(url).functional()).await?)
}

async fn clear_unknown(cx: &Context, (): &()) -> Done {
    let url = with_query(&at(cx, UNKNOWN)?, &[("response_url", response_url(cx).0)]);
    is_not_accepted(&cx.wire.send(&Ask::new(Method::DELETE, url).functional()).await?)
}

async fn set_no_json(cx: &Context, (): &()) -> Done {
    let ask = Ask::new(Method::PUT, at(cx, UNKNOWN)?).functional().body("{\"charging_profile\": ");
    cx.wire.send(&ask).await?.refused("the body is no object in JSON")?;
    Ok(1)
}

async fn set_incomplete(cx: &Context, (): &()) -> Done {
    let body = json!({"response_url": response_url(cx).0});
    let answer = cx.wire.send(&writing(Method::PUT, at(cx, &session(cx)?)?, &body)).await?;
    answer.refused("`charging_profile` is missing")?;
    Ok(1)
}

async fn preferences(cx: &Context, (): &()) -> Done {
    let answer = cx.wire.send(&preferring(cx, &session(cx)?)?).await?;
    if !answer.is_success() {
        answer.refused("the EVSE may not be able to")?;
        return Ok(1);
    }
    let data = answer.success()?.data.unwrap_or_default();
    if !data.as_str().is_some_and(|it| PREFERRED.contains(&it)) {
        return Err(answer.fail(format!("one of {}", PREFERRED.join(", ")), data.to_string()));
    }
    Ok(1)
}

async fn preferences_unknown(cx: &Context, (): &()) -> Done {
    cx.wire.send(&preferring(cx, UNKNOWN)?).await?.refused("there is no such Session")?;
    Ok(1)
}

async fn preferences_no_json(cx: &Context, (): &()) -> Done {
    let ask = preferring(cx, UNKNOWN)?.body("{\"profile_type\": ");
    cx.wire.send(&ask).await?.refused("the body is no object in JSON")?;
    Ok(1)
}

fn preferring(cx: &Context, session: &str) -> Result<Ask, Stop> {
    let base = cx.endpoint(&ModuleId::Sessions, &InterfaceRole::Sender);
    let base = base.ok_or_else(|| Stop::skip("the Sender interface is not offered"))?;
    let url = below(&base, &[session, "charging_preferences"])?;
    Ok(writing(Method::PUT, url, &json!({"profile_type": "REGULAR"})))
}

fn profile(url: &str) -> Value {
    let periods = json!([{"start_period": 0, "limit": 16.0}]);
    json!({"charging_profile": {"charging_rate_unit": "A", "charging_profile_period": periods},
        "response_url": url})
}

fn session(cx: &Context) -> Result<String, Stop> {
    let read = cx.listing("sessions").ok_or_else(|| Stop::skip("the list of Sessions was not read"))?;
    let found = read.items().map(|it| &it.json).find(|it| it["status"] == "ACTIVE");
    let id = found.and_then(|it| it["id"].as_str()).map(str::to_owned);
    id.ok_or_else(|| Stop::skip("no Session is active"))
}

fn at(cx: &Context, session: &str) -> Result<String, Stop> {
    let base = cx.endpoint(&ModuleId::ChargingProfiles, &InterfaceRole::Receiver);
    below(&base.ok_or_else(|| Stop::skip("the Receiver interface is not offered"))?, &[session])
}

async fn outcome(cx: &Context, answer: &Answer, id: &str) -> Done {
    if named(answer, &ANSWERS, true)? != "ACCEPTED" {
        return Ok(1);
    }
    if cx.options.inbox.is_some() {
        awaited(cx, answer, id, &RESULTS).await?;
    }
    Ok(1)
}

fn is_not_accepted(answer: &Answer) -> Done {
    let why = "there is no such session";
    if !answer.is_success() {
        answer.refused(why)?;
    } else if named(answer, &ANSWERS, true)? == "ACCEPTED" {
        return Err(answer.fail(format!("a refusal: {why}"), "ACCEPTED"));
    }
    Ok(1)
}
