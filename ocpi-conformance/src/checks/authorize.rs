//! Real-time authorization.

use http::Method;
use ocpi_types::Ruleset;
use ocpi_types::{InterfaceRole, ModuleId, Version, v2_1_1, v2_2_1, v2_3_0};
use serde_json::{Value, json};

use crate::behaviour::{Behaviour, Group, behaviours};
use crate::check::{Done, Stop};
use crate::checks::auth::{unauthorized, wrong};
use crate::checks::items::UNKNOWN;
use crate::context::Context;
use crate::inspect::inspect;
use crate::pushes::below;
use crate::wire::{Answer, Ask, Auth, with_query};

pub(crate) const TOKENS: Group<'_> = Group { name: "tokens", module: "tokens", chapter: "mod_tokens" };

pub(crate) const OF_AUTHORIZATION: &[Behaviour<()>] = behaviours! { (), Active;
    "authorize" Must V2_1_1: "A Token of the list is answered whether it may charge", "§real-time_authorization",
        needs "tokens.list" => authorize;
    "authorize_conform" Must V2_1_1: "The answer is as the specification has it", "§authorizationinfo_object",
        needs "authorize" => authorize_conform;
    "authorize_token" Must V2_2: "The answer has the Token that was asked about", "§authorizationinfo_object",
        needs "authorize" => authorize_token;
    "authorize_unknown" Must V2_1_1: "An unknown Token is refused", "§real-time_authorization" => authorize_unknown;
    "authorize_unknown_2004" Must V2_2: "An unknown Token is answered HTTP 404 and 2004", "§real-time_authorization",
        needs "authorize_unknown" => authorize_unknown_2004;
    "authorize_type" Must V2_1_1: "A Token of another type is another Token", "§real-time_authorization",
        needs "authorize" => authorize_type;
    "authorize_location" Must V2_1_1: "At an unknown Location no EVSE is allowed", "§locationreferences_class",
        needs "authorize" => authorize_location;
    "authorize_without_token" Must V2_1_1: "Authorization is for those who have a token",
        "transport_and_format §authorization_header" => authorize_without_token;
    "authorize_wrong_token" Must V2_1_1: "Authorization is not for an unknown token",
        "transport_and_format §authorization_header" => authorize_wrong_token;
    "authorize_no_json" Must V2_1_1: "A body that is no JSON is refused", "transport_and_format §response_format",
        needs "authorize" => authorize_no_json;
};

pub(crate) async fn authorize(cx: &Context, (): &()) -> Done {
    let mut looked_at = 0;
    for token in known(cx)?.iter().take(3) {
        let answer = ask(cx, token, None).await?;
        let data = answer.success()?.data.unwrap_or_default();
        if data.get("allowed").and_then(Value::as_str).is_none() {
            return Err(answer.fail("an object with `allowed`", "none"));
        }
        looked_at += 1;
    }
    Ok(looked_at)
}

async fn authorize_conform(cx: &Context, (): &()) -> Done {
    let version = cx.spoken()?;
    let token = first(cx)?;
    let answer = ask(cx, &token, None).await?;
    let text = answer.success()?.text.unwrap_or_default();
    let ruleset = Ruleset::of(version);
    let found = match version.edition_of() {
        Version::V2_1_1 => inspect::<v2_1_1::tokens::AuthorizationInfo>(&text, ruleset),
        Version::V2_3_0 => inspect::<v2_3_0::tokens::AuthorizationInfo>(&text, ruleset),
        _ => inspect::<v2_2_1::tokens::AuthorizationInfo>(&text, ruleset),
    };
    match found.first() {
        Some(found) => Err(answer.fail("an answer that conforms", cx.wire.redactor.mask(found))),
        None => Ok(1),
    }
}

async fn authorize_token(cx: &Context, (): &()) -> Done {
    let token = first(cx)?;
    let answer = ask(cx, &token, None).await?;
    let data = answer.success()?.data.unwrap_or_default();
    let is_same = |member: &str| data["token"][member] == token[member] && !token[member].is_null();
    if !is_same("uid") || !is_same("type") {
        return Err(answer.fail("`token`, the one that was asked about", "another one, or none"));
    }
    Ok(1)
}

async fn authorize_unknown(cx: &Context, (): &()) -> Done {
    ask(cx, &json!({"uid": UNKNOWN, "type": "RFID"}), None).await?.refused("there is no such Token")?;
    Ok(1)
}

async fn authorize_unknown_2004(cx: &Context, (): &()) -> Done {
    let answer = ask(cx, &json!({"uid": UNKNOWN, "type": "RFID"}), None).await?;
    answer.expect_http(404)?;
    match answer.envelope()?.code {
        2004 => Ok(1),
        code => Err(answer.fail("OCPI status 2004", code.to_string())),
    }
}

async fn authorize_type(cx: &Context, (): &()) -> Done {
    let mut token = first(cx)?;
    let other = if token["type"] == "OTHER" { "RFID" } else { "OTHER" };
    let is_it = |it: &Value| it["uid"] == token["uid"] && it["type"] == other;
    if known(cx)?.iter().any(is_it) {
        return Err(Stop::skip("there are Tokens of both types"));
    }
    token["type"] = other.into();
    ask(cx, &token, None).await?.refused("there is no such Token of this type")?;
    Ok(1)
}

async fn authorize_location(cx: &Context, (): &()) -> Done {
    let token = first(cx)?;
    let at = json!({"location_id": UNKNOWN, "evse_uids": [UNKNOWN]});
    let answer = ask(cx, &token, Some(at.to_string())).await?;
    if !answer.is_success() {
        answer.refused("there is no such Location")?;
        return Ok(1);
    }
    let data = answer.success()?.data.unwrap_or_default();
    let allowed = data["location"]["evse_uids"].as_array().map_or(0, Vec::len);
    if allowed > 0 {
        return Err(answer.fail("no EVSE of a Location that does not exist", format!("{allowed} EVSEs")));
    }
    Ok(1)
}

async fn authorize_without_token(cx: &Context, (): &()) -> Done {
    let url = url(cx, &json!({"uid": UNKNOWN, "type": "RFID"}))?;
    unauthorized(&cx.wire.send(&Ask::new(Method::POST, url).auth(Auth::Nothing)).await?)
}

async fn authorize_wrong_token(cx: &Context, (): &()) -> Done {
    let url = url(cx, &json!({"uid": UNKNOWN, "type": "RFID"}))?;
    unauthorized(&cx.wire.send(&Ask::new(Method::POST, url).auth(wrong(cx)?)).await?)
}

async fn authorize_no_json(cx: &Context, (): &()) -> Done {
    let token = first(cx)?;
    ask(cx, &token, Some("{\"location_id\": ".to_owned())).await?.refused("the body is no object in JSON")?;
    Ok(1)
}

async fn ask(cx: &Context, token: &Value, body: Option<String>) -> Result<Answer, Stop> {
    cx.wire.redactor.hide(token["uid"].as_str().filter(|it| *it != UNKNOWN).unwrap_or_default());
    let ask = Ask::new(Method::POST, url(cx, token)?).functional();
    cx.wire.send(&if let Some(body) = body { ask.body(body) } else { ask }).await
}

fn url(cx: &Context, token: &Value) -> Result<String, Stop> {
    let base = cx.endpoint(&ModuleId::Tokens, &InterfaceRole::Sender);
    let base = base.ok_or_else(|| Stop::skip("the Sender interface is not offered"))?;
    let text = |name: &str| token[name].as_str().unwrap_or_default().to_owned();
    Ok(with_query(&below(&base, &[&text("uid"), "authorize"])?, &[("type", text("type"))]))
}

/// Tokens of the server's list.
fn known(cx: &Context) -> Result<Vec<Value>, Stop> {
    let read = cx.listing("tokens").ok_or_else(|| Stop::skip("the list was not read"))?;
    Ok(read.items().map(|item| item.json.clone()).collect())
}

fn first(cx: &Context) -> Result<Value, Stop> {
    known(cx)?.into_iter().next().ok_or_else(|| Stop::skip("the list is empty"))
}
