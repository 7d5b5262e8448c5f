//! Credentials, as far as they can be read.

use std::collections::BTreeSet;

use ocpi_types::protocol::Party;
use ocpi_types::{InterfaceRole, ModuleId, Ruleset, Version, v2_1_1, v2_2_1, v2_3_0};
use serde_json::Value;

use crate::behaviour::{Behaviour, Group, behaviours};
use crate::check::{Done, Stop};
use crate::checks::auth::{unauthorized, wrong};
use crate::context::Context;
use crate::inspect::inspect;
use crate::wire::{Answer, Ask, Auth};

pub(crate) const CREDENTIALS: Group<'_> =
    Group { name: "credentials", module: "credentials", chapter: "credentials" };

pub(crate) const OF_CREDENTIALS: &[Behaviour<()>] = behaviours! { (), ReadOnly;
    "get" Must V2_1_1: "Credentials can be read", "§get_method", needs "details.credentials" => get;
    "without_token" Must V2_1_1: "Credentials are for those who have a token",
        "transport_and_format §authorization_header", needs "details.credentials" => without_token;
    "wrong_token" Must V2_1_1: "Credentials are not for an unknown token",
        "transport_and_format §authorization_header", needs "details.credentials" => wrong_token;
    "conform" Must V2_1_1: "Credentials are as the specification has them", "§credentials_object", needs "get"
        => conform;
    "token_is_ours" Should V2_1_1: "Credentials hold the token that the request was made with", "§get_method",
        needs "get" => token_is_ours;
    "url_is_versions" Must V2_1_1: "The URL in credentials is that of the list of versions", "§credentials_object",
        needs "get" => url_is_versions;
    "roles_unique" Must V2_2: "No role and party stands in credentials twice", "§credentials_role_class",
        needs "get" => roles_unique;
};

pub(crate) async fn get(cx: &Context, (): &()) -> Done {
    let answer = fetch(cx).await?;
    let data = answer.success()?.data;
    let Some(data) = data.filter(Value::is_object) else {
        return Err(answer.fail("an object as data", "none"));
    };
    let roles = match data.get("roles").and_then(Value::as_array) {
        Some(roles) => roles.iter().filter_map(role).collect(),
        // 2.1.1 has one party, and no role.
        None => party(&data).map(|party| (String::new(), party)).into_iter().collect::<Vec<_>>(),
    };
    cx.learn(|server| server.roles = roles);
    Ok(1)
}

async fn without_token(cx: &Context, (): &()) -> Done {
    unauthorized(&cx.wire.send(&Ask::get(url(cx)?).auth(Auth::Nothing)).await?)
}

async fn wrong_token(cx: &Context, (): &()) -> Done {
    unauthorized(&cx.wire.send(&Ask::get(url(cx)?).auth(wrong(cx)?)).await?)
}

pub(crate) async fn conform(cx: &Context, (): &()) -> Done {
    let version = cx.spoken()?;
    let answer = fetch(cx).await?;
    let text = answer.success()?.text.unwrap_or_default();
    let ruleset = Ruleset::of(version);
    let found = match version.edition_of() {
        Version::V2_1_1 => inspect::<v2_1_1::credentials::Credentials>(&text, ruleset),
        Version::V2_3_0 => inspect::<v2_3_0::credentials::Credentials>(&text, ruleset),
        _ => inspect::<v2_2_1::credentials::Credentials>(&text, ruleset),
    };
    match found.first() {
        Some(found) => Err(answer.fail("credentials that conform", found.clone())),
        None => Ok(1),
    }
}

async fn token_is_ours(cx: &Context, (): &()) -> Done {
    let answer = fetch(cx).await?;
    let data = answer.success()?.data.unwrap_or_default();
    let token = cx.wire.token();
    if data.get("token").and_then(Value::as_str) != Some(token.expose()) {
        return Err(answer.fail("the token of the request", "another one"));
    }
    Ok(1)
}

async fn url_is_versions(cx: &Context, (): &()) -> Done {
    let answer = fetch(cx).await?;
    let data = answer.success()?.data.unwrap_or_default();
    let found = data.get("url").and_then(Value::as_str).unwrap_or_default();
    let expected = format!("`{}`", cx.options.versions_url);
    let same = |a: &str, b: &str| a.trim_end_matches('/') == b.trim_end_matches('/');
    if same(found, &cx.options.versions_url) {
        return Ok(1);
    }
    // Another one may be right, if it leads to the same list. Our token goes to the same origin only.
    let origin = |text: &str| url::Url::parse(text).ok().map(|url| url.origin());
    if origin(found).is_none() || origin(found) != origin(&cx.options.versions_url) {
        return Err(answer.fail(expected, format!("`{found}`")));
    }
    let list = cx.wire.send(&Ask::get(found)).await?;
    let data = list.success().ok().and_then(|it| it.data);
    let is_list = data
        .is_some_and(|it| it.as_array().is_some_and(|it| it.iter().all(|it| it.get("version").is_some())));
    if is_list {
        Ok(1)
    } else {
        Err(answer.fail(expected, format!("`{found}`, which is no list of versions")))
    }
}

async fn roles_unique(cx: &Context, (): &()) -> Done {
    let server = cx.server();
    let mut seen = BTreeSet::new();
    for (role, party) in &server.roles {
        if !seen.insert((role, party.canonical())) {
            let found = format!("{role} {party} twice");
            return Err(fetch(cx).await?.fail("each role and party once", found));
        }
    }
    Ok(seen.len())
}

/// URL of the module.
pub(crate) fn url(cx: &Context) -> Result<String, Stop> {
    let found = cx.endpoint(&ModuleId::Credentials, &InterfaceRole::Sender);
    let other = || cx.endpoint(&ModuleId::Credentials, &InterfaceRole::Receiver);
    found.or_else(other).ok_or_else(|| Stop::skip("no endpoint of credentials is advertised"))
}

async fn fetch(cx: &Context) -> Result<Answer, Stop> {
    cx.wire.send(&Ask::get(url(cx)?)).await
}

fn role(entry: &Value) -> Option<(String, Party)> {
    Some((entry.get("role")?.as_str()?.to_owned(), party(entry)?))
}

fn party(entry: &Value) -> Option<Party> {
    let text = |name: &str| entry.get(name).and_then(Value::as_str);
    Party::new(text("country_code")?, text("party_id")?).ok()
}
