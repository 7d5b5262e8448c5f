//! CDRs that are posted.

use http::Method;
use ocpi_types::{InterfaceRole, ModuleId};
use serde_json::{Value, json};

use crate::behaviour::{Behaviour, Group, behaviours};
use crate::check::{Done, Stop};
use crate::checks::auth::{unauthorized, wrong};
use crate::checks::puts::NOBODY;
use crate::context::Context;
use crate::pushes::{is_like, is_offered, later, sample, writing};
use crate::samples::{self, Sample};
use crate::wire::{Answer, Ask, Auth};

pub(crate) const CDRS: Group<'_> = Group { name: "cdrs", module: "cdrs", chapter: "mod_cdrs" };

pub(crate) const OF_CDRS: &[Behaviour<()>] = behaviours! { (), Active;
    "post" Must V2_1_1: "A CDR is taken", "§post_method" => post;
    "post_location" Must V2_1_1: "The header Location says where the CDR is", "§post_method", needs "post"
        => post_location;
    "post_get" Must V2_1_1: "At its Location the CDR is as it was sent", "§msp_get_method", needs "post_location"
        => post_get;
    "post_again" Must V2_1_1: "The same CDR again does not make a second one", "§post_method", needs "post_get"
        => post_again;
    "post_changed" Must V2_1_1: "A CDR cannot be changed: another one with its id leaves it as it is",
        "§cdr_object", needs "post_get" => post_changed;
    "post_credit" Must V2_2: "A Credit CDR is taken, and leaves the CDR that it takes back", "§credit_cdrs",
        needs "post_get" => post_credit;
    "post_other_owner" Must V2_2: "A CDR of a party that the caller does not speak for is refused",
        "transport_and_format §client_owned_object_push", needs "post" => post_other_owner;
    "post_without_token" Must V2_1_1: "Nobody posts without a token", "transport_and_format §authorization_header",
        needs "post" => post_without_token;
    "post_wrong_token" Must V2_1_1: "Nobody posts with an unknown token",
        "transport_and_format §authorization_header", needs "post" => post_wrong_token;
    "get_without_token" Must V2_1_1: "A CDR is for those who have a token", "transport_and_format §authorization_header",
        needs "post_get" => get_without_token;
    "post_no_json" Must V2_1_1: "A body that is no JSON is refused", "transport_and_format §response_format", needs "post"
        => post_no_json;
    "post_incomplete" Should V2_1_1: "A CDR without a required member is refused", "status_codes §2xxx_client_errors",
        needs "post" => post_incomplete;
};

async fn post(cx: &Context, (): &()) -> Done {
    let (_, cdr) = new(cx)?;
    let answer = send(cx, &cdr).await?;
    is_offered(cx, &answer)?;
    answer.success()?;
    Ok(1)
}

async fn post_location(cx: &Context, (): &()) -> Done {
    let (_, cdr) = new(cx)?;
    location(cx, &send(cx, &cdr).await?).map(|_| 1)
}

async fn post_get(cx: &Context, (): &()) -> Done {
    posted(cx).await.map(|_| 1)
}

pub(crate) async fn post_again(cx: &Context, (): &()) -> Done {
    let (url, cdr) = posted(cx).await?;
    let again = send(cx, &cdr).await?;
    if again.is_success() {
        let second = location(cx, &again)?;
        if second != url {
            return Err(again.fail("the Location of the first time, or a refusal", "another Location"));
        }
    }
    at(cx, &url, &cdr).await?;
    Ok(1)
}

async fn post_changed(cx: &Context, (): &()) -> Done {
    let (url, cdr) = posted(cx).await?;
    let mut changed = later(cx, &cdr, 20);
    changed["total_energy"] = json!(99.5);
    // It may be refused, or be taken and change nothing.
    send(cx, &changed).await?;
    at(cx, &url, &cdr).await?;
    Ok(1)
}

async fn post_credit(cx: &Context, (): &()) -> Done {
    let (url, cdr) = posted(cx).await?;
    let credit = samples::credit(&sample(cx, 20)?, &cdr);
    let answer = send(cx, &credit).await?;
    let there = location(cx, &answer)?;
    at(cx, &there, &credit).await?;
    at(cx, &url, &cdr).await?;
    Ok(1)
}

async fn post_other_owner(cx: &Context, (): &()) -> Done {
    let (_, mut cdr) = new(cx)?;
    (cdr["country_code"], cdr["party_id"]) = (NOBODY.0.into(), NOBODY.1.into());
    send(cx, &cdr).await?.refused("the caller does not speak for `ZZ/ZZZ`")?;
    Ok(1)
}

async fn post_without_token(cx: &Context, (): &()) -> Done {
    let (_, cdr) = new(cx)?;
    unauthorized(&cx.wire.send(&posting(cx, &cdr)?.auth(Auth::Nothing)).await?)
}

async fn post_wrong_token(cx: &Context, (): &()) -> Done {
    let (_, cdr) = new(cx)?;
    unauthorized(&cx.wire.send(&posting(cx, &cdr)?.auth(wrong(cx)?)).await?)
}

async fn get_without_token(cx: &Context, (): &()) -> Done {
    let (url, _) = posted(cx).await?;
    unauthorized(&cx.wire.send(&Ask::get(url).auth(Auth::Nothing)).await?)
}

async fn post_no_json(cx: &Context, (): &()) -> Done {
    for body in ["{\"id\": ", "[]"] {
        let ask = Ask::new(Method::POST, base(cx)?).functional().body(body);
        cx.wire.send(&ask).await?.refused("the body is no object in JSON")?;
    }
    Ok(2)
}

async fn post_incomplete(cx: &Context, (): &()) -> Done {
    let (_, mut cdr) = new(cx)?;
    if let Some(members) = cdr.as_object_mut() {
        members.remove("total_cost");
    }
    send(cx, &cdr).await?.refused("`total_cost` is missing")?;
    Ok(1)
}

/// Posts a new CDR, and returns its URL, where it is as it was sent.
pub(crate) async fn posted(cx: &Context) -> Result<(String, Value), Stop> {
    let (_, cdr) = new(cx)?;
    let url = location(cx, &send(cx, &cdr).await?)?;
    at(cx, &url, &cdr).await?;
    Ok((url, cdr))
}

async fn at(cx: &Context, url: &str, cdr: &Value) -> Result<(), Stop> {
    is_like(&cx.wire.send(&Ask::get(url).functional()).await?, cdr).map(drop)
}

/// The URL in the header Location. Our token goes to the host of the module only.
fn location(cx: &Context, answer: &Answer) -> Result<String, Stop> {
    answer.success()?;
    let Some(found) = answer.header("location").map(str::to_owned) else {
        return Err(answer.fail("the header Location, with the URL of the CDR", "none"));
    };
    let origin = |text: &str| url::Url::parse(text).ok().map(|url| url.origin());
    if origin(&found).is_none() || origin(&found) != origin(&base(cx)?) {
        return Err(answer.fail("an absolute URL of the host of the module", format!("`{found}`")));
    }
    Ok(found)
}

fn new(cx: &Context) -> Result<(Sample, Value), Stop> {
    let sample = sample(cx, 10)?;
    let cdr = samples::cdr(&sample);
    Ok((sample, cdr))
}

async fn send(cx: &Context, cdr: &Value) -> Result<Answer, Stop> {
    cx.wire.send(&posting(cx, cdr)?).await
}

fn posting(cx: &Context, cdr: &Value) -> Result<Ask, Stop> {
    Ok(writing(Method::POST, base(cx)?, cdr))
}

fn base(cx: &Context) -> Result<String, Stop> {
    cx.endpoint(&ModuleId::Cdrs, &InterfaceRole::Receiver)
        .ok_or_else(|| Stop::skip("the Receiver interface is not offered"))
}
