//! Steps of an onboarding, from the first request to a new start.

use std::collections::BTreeSet;

use crate::behaviour::{Behaviour, Group, behaviours};
use crate::check::{Done, Stop};
use crate::checks::lists::{List, advertised};
use crate::checks::{authorize, cdrs, commands, credentials, lists, parts, patches, puts};
use crate::checks::{registration, versions, windows};
use crate::context::Context;
use crate::crawl::crawl;
use crate::pushes::{PUSHES, Push};
use crate::wire::with_query;

pub(crate) const JOURNEY: Group<'_> = Group { name: "journey", module: "journey", chapter: "" };

/// With a CPO: we are its new eMSP.
pub(crate) const WITH_CPO: &[Behaviour<()>] = behaviours! { (), Active;
    "versions" Must V2_1_1: "Versions and details can be read with a token A", "version_information_endpoint" => versions;
    "register" Must V2_1_1: "Registration, in both directions: the server calls us back", "credentials §registration",
        needs "versions" => register;
    "credentials" Must V2_1_1: "The new token opens details and credentials", "credentials §get_method", needs "register"
        => credentials;
    "pull" Must V2_1_1: "All lists can be pulled, page by page, and are whole", "transport_and_format §pagination",
        needs "credentials" => pull;
    "tokens" Must V2_1_1: "A Token can be pushed, and made invalid", "mod_tokens §put_method", needs "credentials" => tokens;
    "command" Must V2_1_1: "A command is accepted, and its result comes", "mod_commands §commandresult_object",
        needs "pull" => command;
    "deltas" Must V2_1_1: "Windows that join have each change once", "transport_and_format §paginated_request",
        needs "pull" => deltas;
    "rotate" Must V2_1_1: "The tokens are rotated", "credentials §put_method", needs "register" => rotate;
    "outage" Must V2_1_1: "After an outage of ours, all that changed meanwhile can be pulled",
        "transport_and_format §paginated_request", needs "pull" => outage;
    "undo" Should V2_1_1: "What the suite created can be withdrawn", "transport_and_format §client_owned_object_push",
        needs "credentials" => undo;
    "unregister" Must V2_1_1: "Unregistration makes the token useless", "credentials §delete_method", needs "register"
        => unregister;
    "new_start" Must V2_1_1: "With a new token A, registration succeeds again", "credentials §registration",
        needs "unregister" => new_start;
};

/// With an eMSP: we are its new CPO.
pub(crate) const WITH_EMSP: &[Behaviour<()>] = behaviours! { (), Active;
    "versions" Must V2_1_1: "Versions and details can be read with a token A", "version_information_endpoint" => versions;
    "register" Must V2_1_1: "Registration, in both directions: the server calls us back", "credentials §registration",
        needs "versions" => register;
    "credentials" Must V2_1_1: "The new token opens details and credentials", "credentials §get_method", needs "register"
        => credentials;
    "pull" Must V2_1_1: "All lists can be pulled, page by page, and are whole", "transport_and_format §pagination",
        needs "credentials" => pull;
    "location" Must V2_1_1: "A Location can be pushed", "mod_locations §put_method", needs "credentials" => location;
    "status" Must V2_1_1: "The status of an EVSE can be pushed", "mod_locations §patch_method", needs "location" => status;
    "tariff" Must V2_1_1: "A Tariff can be pushed", "mod_tariffs §put_method", needs "credentials" => tariff;
    "authorize" Must V2_1_1: "A driver can be authorized in real time", "mod_tokens §real-time_authorization", needs "pull"
        => authorize;
    "session" Must V2_1_1: "A Session can be pushed, and updated", "mod_sessions §patch_method", needs "credentials"
        => session;
    "cdr" Must V2_1_1: "A CDR can be posted, and read", "mod_cdrs §post_method", needs "credentials" => cdr;
    "cdr_again" Must V2_1_1: "The same CDR again does not make a second one", "mod_cdrs §post_method", needs "cdr"
        => cdr_again;
    "deltas" Must V2_1_1: "Windows that join have each change once", "transport_and_format §paginated_request",
        needs "pull" => deltas;
    "rotate" Must V2_1_1: "The tokens are rotated", "credentials §put_method", needs "register" => rotate;
    "outage" Must V2_1_1: "After an outage of ours, all that changed meanwhile can be pulled",
        "transport_and_format §paginated_request", needs "pull" => outage;
    "catch_up" Must V2_1_1: "After an outage the state of before is taken over by the newest one",
        "transport_and_format §client_owned_object_push", needs "outage" "location" => status;
    "undo" Should V2_1_1: "What the suite created can be withdrawn", "transport_and_format §client_owned_object_push",
        needs "credentials" => undo;
    "unregister" Must V2_1_1: "Unregistration makes the token useless", "credentials §delete_method", needs "register"
        => unregister;
    "new_start" Must V2_1_1: "With a new token A, registration succeeds again", "credentials §registration",
        needs "unregister" => new_start;
};

async fn versions(cx: &Context, (): &()) -> Done {
    versions::list(cx, &()).await?;
    versions::known(cx, &()).await?;
    versions::get(cx, &()).await
}

async fn register(cx: &Context, (): &()) -> Done {
    registration::post(cx, &()).await?;
    registration::called_back(cx, &()).await
}

async fn credentials(cx: &Context, (): &()) -> Done {
    versions::get(cx, &()).await?;
    credentials::get(cx, &()).await?;
    cx.address_messages();
    Ok(2)
}

async fn pull(cx: &Context, (): &()) -> Done {
    let mut pulled = 0;
    for list in advertised(cx) {
        pulled += lists::list(cx, &list).await?;
        lists::total(cx, &list).await?;
        or_empty(lists::pages_join(cx, &list).await)?;
    }
    Ok(pulled)
}

async fn deltas(cx: &Context, (): &()) -> Done {
    let mut windows = 0;
    for list in advertised(cx) {
        windows += or_empty(windows::windows_chain(cx, &list).await)?;
    }
    Ok(windows)
}

async fn tokens(cx: &Context, (): &()) -> Done {
    parts::patch_invalid(cx, push("tokens")?).await
}

async fn location(cx: &Context, (): &()) -> Done {
    puts::put_get(cx, push("locations")?).await
}

async fn status(cx: &Context, (): &()) -> Done {
    parts::patch_evse(cx, push("locations")?).await
}

async fn tariff(cx: &Context, (): &()) -> Done {
    puts::put_get(cx, push("tariffs")?).await
}

async fn session(cx: &Context, (): &()) -> Done {
    patches::patch(cx, push("sessions")?).await?;
    puts::put_replaces(cx, push("sessions")?).await
}

async fn command(cx: &Context, (): &()) -> Done {
    commands::started(cx).await.map(|_| 1)
}

async fn authorize(cx: &Context, (): &()) -> Done {
    authorize::authorize(cx, &()).await
}

async fn cdr(cx: &Context, (): &()) -> Done {
    cdrs::posted(cx).await.map(|_| 1)
}

async fn cdr_again(cx: &Context, (): &()) -> Done {
    cdrs::post_again(cx, &()).await
}

async fn rotate(cx: &Context, (): &()) -> Done {
    registration::rotate(cx, &()).await?;
    registration::called_back(cx, &()).await?;
    registration::rotated_token(cx, &()).await
}

/// For some time our side answers HTTP 503. What changed since it began is then in a window of each list.
async fn outage(cx: &Context, (): &()) -> Done {
    let inbox = cx.options.inbox.clone().ok_or_else(|| Stop::skip("there is no inbox that could fail"))?;
    let begun = cx.wire.clock.now();
    inbox.set_down(true);
    if let Some(meanwhile) = &cx.options.meanwhile {
        meanwhile().await;
    }
    cx.wire.timer.wait(cx.options.outage).await;
    inbox.set_down(false);
    let mut caught_up = 0;
    for list in advertised(cx) {
        caught_up += caught_up_with(cx, &list, begun).await?;
    }
    Ok(caught_up)
}

async fn caught_up_with(cx: &Context, list: &List, begun: ocpi_types::DateTime) -> Done {
    let version = cx.spoken()?;
    let whole = crawl(cx, &list.url).await?;
    if !whole.is_complete {
        return Ok(0);
    }
    let base = list.url.split('?').next().unwrap_or_default();
    let from = [("date_from", begun.with_zone().to_string())];
    let delta = crawl(cx, &with_query(base, &from)).await?;
    let states = |listing: &crate::listing::Listing| -> BTreeSet<(Option<String>, i64)> {
        let state = |item: &crate::listing::Item| {
            let at = item.updated.map(ocpi_types::DateTime::to_unix_micros)?;
            (at >= begun.to_unix_micros()).then(|| (list.of.id(&item.json, version), at))
        };
        listing.items().filter_map(state).collect()
    };
    let (expected, found) = (states(&whole), states(&delta));
    if expected != found {
        let expected = format!("the {} objects that changed since {begun}", expected.len());
        return Err(delta.first()?.answer.fail(expected, format!("{}, or others", found.len())));
    }
    Ok(1)
}

async fn undo(cx: &Context, (): &()) -> Done {
    let mut undone = 0;
    for push in PUSHES.iter().filter(|push| !cx.all_created(push.name).is_empty()) {
        undone += puts::undo(cx, push).await?;
    }
    Ok(undone)
}

async fn unregister(cx: &Context, (): &()) -> Done {
    registration::unregister(cx, &()).await?;
    registration::unregistered_token(cx, &()).await
}

async fn new_start(cx: &Context, (): &()) -> Done {
    let token = match &cx.options.next_token {
        Some(next) => next().await,
        None => return Err(Stop::skip("there is no second token A")),
    };
    cx.set_token(token);
    versions::get(cx, &()).await?;
    registration::post(cx, &()).await?;
    registration::called_back(cx, &()).await?;
    versions::get(cx, &()).await?;
    registration::unregister(cx, &()).await?;
    Ok(1)
}

fn push(name: &str) -> Result<&'static Push, Stop> {
    PUSHES.iter().find(|push| push.name == name).ok_or_else(|| Stop::skip("there is no such module"))
}

/// A list without objects, or with one only, is no reason to stop.
fn or_empty(done: Done) -> Done {
    match done {
        Err(Stop::Skipped(_)) => Ok(0),
        done => done,
    }
}
