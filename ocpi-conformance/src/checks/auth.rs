//! Authorization.

use ocpi_types::{CredentialsToken, Version};

use crate::behaviour::{Behaviour, Group, behaviours};
use crate::check::{Done, Stop};
use crate::context::Context;
use crate::wire::{Answer, Ask, Auth};

pub(crate) const AUTH: Group<'_> =
    Group { name: "auth", module: "authorization", chapter: "transport_and_format" };

pub(crate) const OF_AUTH: &[Behaviour<()>] = behaviours! { (), ReadOnly;
    "token_form" Must V2_1_1: "The token is taken in the form of the version", "§authorization_header",
        needs "details.get" => token_form;
    "versions_without_token" Must V2_1_1: "The list of versions is for those who have a token",
        "§authorization_header", needs "versions.list" => versions_without_token;
    "versions_wrong_token" Must V2_1_1: "The list of versions is not for an unknown token",
        "§authorization_header", needs "versions.list" => versions_wrong_token;
    "details_without_token" Must V2_1_1: "Version details are for those who have a token",
        "§authorization_header", needs "details.get" => details_without_token;
    "details_wrong_token" Must V2_1_1: "Version details are not for an unknown token", "§authorization_header",
        needs "details.get" => details_wrong_token;
    "similar_token" Must V2_1_1: "A token that is like the right one is refused", "§authorization_header",
        needs "versions.list" => similar_token;
    "refusal_is_envelope" Should V2_1_1: "A refusal of a token is an envelope, too", "§response_format",
        needs "versions.list" => refusal_is_envelope;
};

async fn token_form(cx: &Context, (): &()) -> Done {
    let version = cx.spoken()?;
    let base64 = version >= Version::V2_2;
    let url = cx.server().details_url.unwrap_or_default();
    let answer = cx.wire.send(&Ask::get(url).auth(Auth::Form { base64 })).await?;
    if !answer.is_success() {
        let form = if base64 { "in Base64" } else { "as it is" };
        return Err(answer.fail(format!("the token is taken {form}"), format!("HTTP {}", answer.status)));
    }
    Ok(1)
}

async fn versions_without_token(cx: &Context, (): &()) -> Done {
    let answer = cx.wire.send(&Ask::get(&cx.options.versions_url).auth(Auth::Nothing)).await?;
    unauthorized(&answer)
}

async fn versions_wrong_token(cx: &Context, (): &()) -> Done {
    let answer = cx.wire.send(&Ask::get(&cx.options.versions_url).auth(wrong(cx)?)).await?;
    unauthorized(&answer)
}

async fn details_without_token(cx: &Context, (): &()) -> Done {
    let url = cx.server().details_url.unwrap_or_default();
    unauthorized(&cx.wire.send(&Ask::get(url).auth(Auth::Nothing)).await?)
}

async fn details_wrong_token(cx: &Context, (): &()) -> Done {
    let url = cx.server().details_url.unwrap_or_default();
    unauthorized(&cx.wire.send(&Ask::get(url).auth(wrong(cx)?)).await?)
}

/// Tokens that differ by their end or by case.
async fn similar_token(cx: &Context, (): &()) -> Done {
    let token = cx.wire.token();
    let text = token.expose();
    let mut similar: Vec<String> = vec![format!("{text}x")];
    similar.extend(
        text.char_indices().next_back().map(|(end, _)| text.get(..end).unwrap_or_default().to_owned()),
    );
    let swapped: String = text
        .chars()
        .map(|it| if it.is_ascii_lowercase() { it.to_ascii_uppercase() } else { it.to_ascii_lowercase() })
        .collect();
    similar.push(swapped);
    let mut looked_at = 0;
    for other in similar.into_iter().filter(|other| other != text) {
        let Ok(other) = other.parse::<CredentialsToken>() else { continue };
        cx.wire.redactor.hide_token(&other);
        let answer = cx.wire.send(&Ask::get(&cx.options.versions_url).auth(Auth::Token(other))).await?;
        unauthorized(&answer)?;
        looked_at += 1;
    }
    Ok(looked_at)
}

async fn refusal_is_envelope(cx: &Context, (): &()) -> Done {
    let answer = cx.wire.send(&Ask::get(&cx.options.versions_url).auth(wrong(cx)?)).await?;
    let envelope = answer.envelope()?;
    if envelope.code < 2000 {
        return Err(answer.fail("OCPI status 2xxx or 3xxx", envelope.code.to_string()));
    }
    Ok(1)
}

/// A token that nobody has.
pub(crate) fn wrong(cx: &Context) -> Result<Auth, Stop> {
    let text = format!("no-such-token-{:x}", cx.wire.clock.now().to_unix_micros());
    text.parse().map(Auth::Token).map_err(|_| Stop::skip("no token could be made up"))
}

/// Looks that a request is refused with HTTP 401, and that the refusal holds no data.
pub(crate) fn unauthorized(answer: &Answer) -> Done {
    answer.expect_http(401)?;
    let data = answer.envelope().ok().and_then(|envelope| envelope.data);
    if data.is_some_and(|data| data.as_array().is_none_or(|list| !list.is_empty())) {
        return Err(answer.fail("no data for an unknown token", "data"));
    }
    Ok(1)
}
