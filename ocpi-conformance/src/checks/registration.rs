//! Registration with a token A, rotation, and unregistration.

use http::Method;
use ocpi_types::{CredentialsToken, Version};
use serde_json::{Value, json};

use crate::behaviour::{Behaviour, Group, behaviours};
use crate::check::{Done, Failure, Stop};
use crate::checks::auth::unauthorized;
use crate::checks::credentials::{conform, url};
use crate::checks::results::no_inbox;
use crate::checks::versions;
use crate::context::Context;
use crate::inbox::Inbox;
use crate::wire::{Answer, Ask, Auth};

pub(crate) const REGISTRATION: Group<'_> =
    Group { name: "registration", module: "credentials", chapter: "credentials" };

/// Before anything else is looked at.
pub(crate) const OF_REGISTRATION: &[Behaviour<()>] = behaviours! { (), Active;
    "put_before" Must V2_1_1: "Whoever is not registered cannot change the registration: HTTP 405", "§put_method",
        needs "details.credentials" => put_before;
    "delete_before" Must V2_1_1: "Whoever is not registered cannot unregister: HTTP 405", "§delete_method",
        needs "details.credentials" => delete_before;
    "token_a" Must V2_2: "A token A opens no functional module", "transport_and_format §authorization_header",
        needs "details.credentials" => token_a;
    "no_json" Must V2_1_1: "Credentials that are no JSON are refused", "transport_and_format §response_format",
        needs "details.credentials" => no_json;
    "incomplete" Must V2_1_1: "Credentials without a URL are refused", "§credentials_object",
        needs "details.credentials" => incomplete;
    "unreachable" Must V2_1_1: "Credentials whose URL leads nowhere are refused: the server calls back",
        "§registration", needs "details.credentials" => unreachable;
    "unreachable_3001" Should V2_1_1: "A call back that fails is told with 3001", "status_codes §3xxx_server_errors",
        needs "unreachable" => unreachable_3001;
    "post" Must V2_1_1: "Credentials are answered with those of the server, and a new token", "§post_method",
        needs "details.credentials" => post;
    "called_back" Must V2_1_1: "The server asked for our versions and their details with our token", "§registration",
        needs "post" => called_back;
    "conform" Must V2_1_1: "The answer is as the specification has credentials", "§credentials_object", needs "post"
        => conform;
    "details" Must V2_1_1: "The new token opens the version details", "§registration", needs "post" => details;
    "token_a_dead" Must V2_1_1: "After registration token A is not good any more", "§registration", needs "post"
        => token_a_dead;
    "post_again" Must V2_1_1: "Whoever is registered cannot register: HTTP 405", "§post_method", needs "post"
        => post_again;
};

/// After everything else.
pub(crate) const OF_ROTATION: &[Behaviour<()>] = behaviours! { (), Active;
    "rotate" Must V2_1_1: "A PUT is answered with a new token", "§put_method", needs "post" => rotate;
    "rotate_called_back" Must V2_1_1: "At a PUT the server asks for our details again", "§put_method", needs "rotate"
        => called_back;
    "rotated_token" Must V2_1_1: "After a PUT the new token is good, and the one before is not", "§put_method",
        needs "rotate" => rotated_token;
};

/// At the end.
pub(crate) const OF_UNREGISTRATION: &[Behaviour<()>] = behaviours! { (), Active;
    "unregister" Must V2_1_1: "A DELETE ends the registration", "§delete_method", needs "post" => unregister;
    "unregistered_token" Must V2_1_1: "After a DELETE the token is not good any more", "§delete_method",
        needs "unregister" => unregistered_token;
    "unregister_again" Must V2_1_1: "A second DELETE is refused", "§delete_method", needs "unregister"
        => unregister_again;
};

async fn put_before(cx: &Context, (): &()) -> Done {
    let answer = exchange(cx, Method::PUT, &ours(cx)?).await?;
    answer.expect_http(405)?;
    Ok(1)
}

async fn delete_before(cx: &Context, (): &()) -> Done {
    cx.wire.send(&Ask::new(Method::DELETE, url(cx)?)).await?.expect_http(405)?;
    Ok(1)
}

async fn token_a(cx: &Context, (): &()) -> Done {
    let server = cx.server();
    let is_list = |it: &&crate::context::Advertised| {
        let is_sender = it.role.as_deref() == Some("SENDER");
        is_sender && matches!(it.module.as_str(), "locations" | "tariffs" | "tokens" | "cdrs")
    };
    let found = server.endpoints.iter().find(is_list).map(|it| it.url.clone());
    let Some(url) = found else { return Err(Stop::skip("no module with a list is advertised")) };
    unauthorized(&cx.wire.send(&Ask::get(url)).await?)
}

async fn no_json(cx: &Context, (): &()) -> Done {
    let ask = Ask::new(Method::POST, url(cx)?).body("{\"token\": ");
    cx.wire.send(&ask).await?.refused("the body is no object in JSON")?;
    Ok(1)
}

async fn incomplete(cx: &Context, (): &()) -> Done {
    let mut ours = ours(cx)?;
    if let Some(members) = ours.as_object_mut() {
        members.remove("url");
    }
    exchange(cx, Method::POST, &ours).await?.refused("`url` is missing")?;
    Ok(1)
}

async fn unreachable(cx: &Context, (): &()) -> Done {
    is_not_called(cx).await?;
    Ok(1)
}

async fn unreachable_3001(cx: &Context, (): &()) -> Done {
    let answer = is_not_called(cx).await?;
    match answer.envelope()?.code {
        3001 => Ok(1),
        code => Err(answer.fail("OCPI status 3001", code.to_string())),
    }
}

/// Registers at a URL of ours where nothing is.
async fn is_not_called(cx: &Context) -> Result<Answer, Stop> {
    let mut ours = ours(cx)?;
    ours["url"] = inbox(cx)?.nowhere().as_str().into();
    let answer = exchange(cx, Method::POST, &ours).await?;
    if answer.is_success() {
        return Err(answer.fail("a refusal: the server cannot call us back", "a success"));
    }
    Ok(answer)
}

pub(crate) async fn post(cx: &Context, (): &()) -> Done {
    let before = cx.wire.token();
    let answer = exchange(cx, Method::POST, &ours(cx)?).await?;
    take(cx, &answer, &before)?;
    Ok(1)
}

/// The two requests of a call back, since the last exchange of credentials began.
pub(crate) async fn called_back(cx: &Context, (): &()) -> Done {
    let inbox = inbox(cx)?;
    let version = cx.spoken()?;
    let got = inbox.since(cx.mark());
    for path in ["/versions".to_owned(), format!("/{}", version.as_str())] {
        let is_it = |it: &&crate::inbox::Got| it.method == Method::GET && it.path == path;
        let found = got.iter().find(is_it);
        if found.is_none_or(|it| !it.is_newest) {
            let seen = if found.is_some() { "another token" } else { "no such request" };
            let expected = format!("GET {path} at our side, with our new token");
            let is_exchange = |it: &&std::sync::Arc<crate::wire::Exchange>| {
                ["POST ", "PUT "].iter().any(|method| it.request.starts_with(method))
            };
            let last = cx.wire.answers().into_iter().rev().find(|it| is_exchange(&it));
            return Err(match last {
                Some(exchange) => exchange.fail(expected, seen),
                None => Stop::Failed(Box::new(Failure::new(expected, seen))),
            });
        }
    }
    Ok(2)
}

/// Learns the endpoints that are offered to those who are registered.
async fn details(cx: &Context, (): &()) -> Done {
    versions::get(cx, &()).await
}

async fn token_a_dead(cx: &Context, (): &()) -> Done {
    let before = cx.token_before().ok_or_else(|| Stop::skip("there was no other token"))?;
    dead(cx, before).await
}

async fn post_again(cx: &Context, (): &()) -> Done {
    exchange(cx, Method::POST, &ours(cx)?).await?.expect_http(405)?;
    cx.wire.send(&Ask::get(url(cx)?)).await?.success()?;
    Ok(1)
}

pub(crate) async fn rotate(cx: &Context, (): &()) -> Done {
    let before = cx.wire.token();
    let answer = exchange(cx, Method::PUT, &ours(cx)?).await?;
    take(cx, &answer, &before)?;
    Ok(1)
}

pub(crate) async fn rotated_token(cx: &Context, (): &()) -> Done {
    cx.wire.send(&Ask::get(url(cx)?)).await?.success()?;
    let before = cx.token_before().ok_or_else(|| Stop::skip("there was no other token"))?;
    dead(cx, before).await.map(|cases| cases + 1)
}

pub(crate) async fn unregister(cx: &Context, (): &()) -> Done {
    cx.wire.send(&Ask::new(Method::DELETE, url(cx)?)).await?.success()?;
    Ok(1)
}

pub(crate) async fn unregistered_token(cx: &Context, (): &()) -> Done {
    dead(cx, cx.wire.token()).await
}

async fn unregister_again(cx: &Context, (): &()) -> Done {
    let answer = cx.wire.send(&Ask::new(Method::DELETE, url(cx)?)).await?;
    if !matches!(answer.status, 401 | 405) {
        return Err(answer
            .fail("HTTP 405, or 401 as the token is not good any more", format!("HTTP {}", answer.status)));
    }
    Ok(1)
}

/// Looks that a token opens nothing.
async fn dead(cx: &Context, token: CredentialsToken) -> Done {
    let urls = [url(cx)?, cx.server().details_url.unwrap_or_default()];
    for url in urls {
        unauthorized(&cx.wire.send(&Ask::get(url).auth(Auth::Token(token.clone()))).await?)?;
    }
    Ok(2)
}

/// Credentials of ours, with a token that nobody has.
fn ours(cx: &Context) -> Result<Value, Stop> {
    let inbox = inbox(cx)?;
    let party = cx.own_party()?;
    let version = cx.spoken()?;
    let text = format!("{}{}", cx.new_id(), "-B");
    let token: CredentialsToken = text.parse().map_err(|_| Stop::skip("no token could be made up"))?;
    cx.wire.redactor.hide_token(&token);
    inbox.open(version, token);
    let role = cx.options.registers_as.clone().ok_or_else(|| Stop::skip("the token is no token A"))?;
    let url = inbox.versions_url();
    let (country, id) = (party.country_code.as_str(), party.party_id.as_str());
    let details = json!({"name": "OCPI conformance suite"});
    Ok(if version < Version::V2_2 {
        json!({"token": text, "url": url.as_str(), "business_details": details, "country_code": country,
            "party_id": id})
    } else {
        json!({"token": text, "url": url.as_str(), "roles": [{"role": role.as_str(), "business_details": details,
            "country_code": country, "party_id": id}]})
    })
}

async fn exchange(cx: &Context, method: Method, ours: &Value) -> Result<Answer, Stop> {
    cx.set_mark(inbox(cx)?.count());
    cx.wire.send(&Ask::new(method, url(cx)?).body(ours.to_string())).await
}

/// Takes the token of an answer. The one before may not come again.
fn take(cx: &Context, answer: &Answer, before: &CredentialsToken) -> Result<(), Stop> {
    let data = answer.success()?.data.unwrap_or_default();
    let text = data.get("token").and_then(Value::as_str).unwrap_or_default();
    let Ok(token) = text.parse::<CredentialsToken>() else {
        return Err(answer.fail("credentials with a token", "none"));
    };
    if token == *before {
        return Err(answer.fail("a new token", "the one of before"));
    }
    cx.set_token(token);
    Ok(())
}

fn inbox(cx: &Context) -> Result<Inbox, Stop> {
    cx.options.inbox.clone().ok_or_else(no_inbox)
}
