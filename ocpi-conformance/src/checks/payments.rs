//! Terminals and payments.

use http::Method;
use ocpi_types::{InterfaceRole, ModuleId};
use serde_json::{Value, json};

use crate::behaviour::{Behaviour, Group, behaviours};
use crate::check::{Done, Stop};
use crate::checks::auth::unauthorized;
use crate::checks::items::UNKNOWN;
use crate::context::Context;
use crate::pushes::{below, is_like, later, sample, writing};
use crate::samples::{self, Sample};
use crate::wire::{Ask, Auth};

/// A kind of object that is posted to the CPO, and can be read there by its id.
pub(crate) struct Posted {
    pub(crate) name: &'static str,
    path: &'static str,
    make: fn(&Sample) -> Value,
}

pub(crate) static POSTED: [Posted; 2] = [
    Posted { name: "terminals", path: "terminals", make: samples::terminal },
    Posted {
        name: "financial_advice_confirmations",
        path: "financial-advice-confirmations",
        make: samples::confirmation,
    },
];

pub(crate) const TERMINALS: Group<'_> =
    Group { name: "terminals", module: "payments", chapter: "mod_payments" };

pub(crate) const OF_POSTED: &[Behaviour<Posted>] = behaviours! { Posted, Active;
    "post" Must V2_3_0: "A new one is taken, and can be read", "§interfaces_and_endpoints" => post;
    "post_without_token" Must V2_3_0: "Nobody posts without a token", "transport_and_format §authorization_header",
        needs "post" => post_without_token;
    "post_no_json" Must V2_3_0: "A body that is no JSON is refused", "transport_and_format §response_format", needs "post"
        => post_no_json;
    "post_incomplete" Should V2_3_0: "One without an id is refused", "status_codes §2xxx_client_errors", needs "post"
        => post_incomplete;
    "copy_unknown" Must V2_3_0: "An unknown one is not there", "transport_and_format §response_format", needs "post"
        => copy_unknown;
};

pub(crate) const OF_TERMINALS: &[Behaviour<()>] = behaviours! { (), Active;
    "change" Must V2_3_0: "A terminal can be changed by a PATCH, and back by a PUT", "§interfaces_and_endpoints",
        needs "terminals.list" => change;
    "change_unknown" Must V2_3_0: "An unknown terminal cannot be changed", "transport_and_format §response_format"
        => change_unknown;
    "deactivate_unknown" Must V2_3_0: "An unknown terminal cannot be deactivated",
        "transport_and_format §response_format" => deactivate_unknown;
};

async fn post(cx: &Context, of: &Posted) -> Done {
    let (id, made) = new(cx, of)?;
    cx.wire.send(&writing(Method::POST, at(cx, of, &[])?, &made)).await?.success()?;
    is_like(&cx.wire.send(&Ask::get(at(cx, of, &[&id])?).functional()).await?, &made)?;
    Ok(1)
}

async fn post_without_token(cx: &Context, of: &Posted) -> Done {
    let (id, made) = new(cx, of)?;
    let ask = writing(Method::POST, at(cx, of, &[])?, &made).auth(Auth::Nothing);
    unauthorized(&cx.wire.send(&ask).await?)?;
    cx.wire.send(&Ask::get(at(cx, of, &[&id])?).functional()).await?.refused("its POST was refused")?;
    Ok(1)
}

async fn post_no_json(cx: &Context, of: &Posted) -> Done {
    let ask = Ask::new(Method::POST, at(cx, of, &[])?).functional().body("{\"id\": ");
    cx.wire.send(&ask).await?.refused("the body is no object in JSON")?;
    Ok(1)
}

async fn post_incomplete(cx: &Context, of: &Posted) -> Done {
    let (_, mut made) = new(cx, of)?;
    if let Some(members) = made.as_object_mut() {
        members.remove("id");
        members.remove("terminal_id");
    }
    let answer = cx.wire.send(&writing(Method::POST, at(cx, of, &[])?, &made)).await?;
    answer.refused("its id is missing")?;
    Ok(1)
}

async fn copy_unknown(cx: &Context, of: &Posted) -> Done {
    let answer = cx.wire.send(&Ask::get(at(cx, of, &[UNKNOWN])?).functional()).await?;
    answer.refused("there is no such object")?;
    Ok(1)
}

async fn change(cx: &Context, (): &()) -> Done {
    let read = cx.listing("terminals").ok_or_else(|| Stop::skip("the list was not read"))?;
    let Some(terminal) = read.items().next().map(|item| item.json.clone()) else {
        return Err(Stop::skip("the list is empty"));
    };
    let url = sender(cx, &[terminal["terminal_id"].as_str().unwrap_or_default()])?;
    let patch = json!({"customer_reference": "CONFORMANCE", "last_updated": cx.moment(3_600).to_string()});
    cx.wire.send(&writing(Method::PATCH, url.clone(), &patch)).await?.success()?;
    let found = cx.wire.send(&Ask::get(url.clone()).functional()).await?;
    let changed = is_like(&found, &json!({"customer_reference": "CONFORMANCE"}));
    // As it was before, whatever came of it.
    let before = later(cx, &terminal, 3_601);
    cx.wire.send(&writing(Method::PUT, url, &before)).await?.success()?;
    changed.map(|_| 2)
}

async fn change_unknown(cx: &Context, (): &()) -> Done {
    let patch = json!({"customer_reference": "CONFORMANCE", "last_updated": cx.moment(20).to_string()});
    let answer = cx.wire.send(&writing(Method::PATCH, sender(cx, &[UNKNOWN])?, &patch)).await?;
    answer.refused("there is no such terminal")?;
    Ok(1)
}

async fn deactivate_unknown(cx: &Context, (): &()) -> Done {
    let ask = Ask::new(Method::POST, sender(cx, &[UNKNOWN, "deactivate"])?).functional();
    cx.wire.send(&ask).await?.refused("there is no such terminal")?;
    Ok(1)
}

fn new(cx: &Context, of: &Posted) -> Result<(String, Value), Stop> {
    let sample = sample(cx, 10)?;
    let made = (of.make)(&sample);
    Ok((sample.id, made))
}

fn at(cx: &Context, of: &Posted, segments: &[&str]) -> Result<String, Stop> {
    let all: Vec<&str> = std::iter::once(of.path).chain(segments.iter().copied()).collect();
    below(&base(cx, &InterfaceRole::Receiver)?, &all)
}

fn sender(cx: &Context, segments: &[&str]) -> Result<String, Stop> {
    let all: Vec<&str> = std::iter::once("terminals").chain(segments.iter().copied()).collect();
    below(&base(cx, &InterfaceRole::Sender)?, &all)
}

fn base(cx: &Context, role: &InterfaceRole) -> Result<String, Stop> {
    cx.endpoint(&ModuleId::Payments, role).ok_or_else(|| Stop::skip(format!("{role} is not offered")))
}
