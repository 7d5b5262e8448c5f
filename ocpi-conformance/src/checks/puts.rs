//! Objects of ours that are pushed whole, and deleted.

use http::Method;
use serde_json::{Value, json};

use crate::behaviour::{Behaviour, behaviours};
use crate::check::{Done, Stop};
use crate::checks::auth::{unauthorized, wrong};
use crate::checks::items::UNKNOWN;
use crate::context::Context;
use crate::pushes::{Push, later, sample, writing};
use crate::wire::{Ask, Auth};

pub(crate) const OF_PUTS: &[Behaviour<Push>] = behaviours! { Push, Active;
    "put" Must V2_1_1: "A new object is taken", "transport_and_format §client_owned_object_push" => put;
    "put_created" Should V2_1_1: "A new object is answered with HTTP 201, one that is there with HTTP 200",
        "transport_and_format §response_format", needs "put" => put_created;
    "put_get" Must V2_1_1: "The copy of an object is as it was sent", "§interfaces_and_endpoints", needs "put" => put_get;
    "put_again" Must V2_1_1: "The same object again changes nothing", "§interfaces_and_endpoints", needs "put_get"
        => put_again;
    "put_replaces" Must V2_1_1: "A newer object takes the place of the one before, also in what it leaves out",
        "transport_and_format §client_owned_object_push", needs "put_get" => put_replaces;
    "put_older" Should V2_1_1: "An older object does not undo a newer one", "§object_description", needs "put_get"
        => put_older;
    "put_unknown_member" Must V2_3_0: "A member that nobody knows is no reason to refuse an object",
        "transport_and_format §json_http_implementation_guide", needs "put_get" => put_unknown_member;
    "put_other_id" Should V2_1_1: "An object whose id is not that of the URL is refused", "status_codes §2xxx_client_errors",
        needs "put_get" => put_other_id;
    "put_foreign" Must V2_1_1: "An object of a party that the caller does not speak for is refused",
        "transport_and_format §client_owned_object_push", needs "put_get" => put_foreign;
    "put_other_owner" Must V2_2: "An object whose owner is not that of the URL is refused",
        "transport_and_format §client_owned_object_push", needs "put_get" => put_other_owner;
    "put_without_token" Must V2_1_1: "Nobody writes without a token", "transport_and_format §authorization_header",
        needs "put_get" => put_without_token;
    "put_wrong_token" Must V2_1_1: "Nobody writes with an unknown token",
        "transport_and_format §authorization_header", needs "put_get" => put_wrong_token;
    "put_no_json" Must V2_1_1: "A body that is no JSON is refused, and changes nothing",
        "transport_and_format §response_format", needs "put_get" => put_no_json;
    "put_incomplete" Should V2_1_1: "An object without a required member is refused", "status_codes §2xxx_client_errors",
        needs "put_get" => put_incomplete;
};

/// Of modules that have a DELETE.
pub(crate) const OF_DELETES: &[Behaviour<Push>] = behaviours! { Push, Active;
    "delete" Must V2_1_1: "A deleted object is not there any more", "§interfaces_and_endpoints", needs "put_get" => delete;
    "delete_unknown" Should V2_1_1: "An unknown object cannot be deleted", "transport_and_format §response_format",
        needs "put" => delete_unknown;
    "delete_foreign" Must V2_1_1: "An object of a party that the caller does not speak for is not deleted",
        "transport_and_format §client_owned_object_push", needs "put" => delete_foreign;
};

/// Withdrawal of everything that the suite created, at the end.
pub(crate) const OF_UNDOING: &[Behaviour<Push>] = behaviours! { Push, Active;
    "undo" Should V2_1_1: "What the suite created can be withdrawn", "§interfaces_and_endpoints" => undo;
};

/// A party that nobody is.
pub(crate) const NOBODY: (&str, &str) = ("ZZ", "ZZZ");

async fn put(cx: &Context, push: &Push) -> Done {
    push.create(cx).await.map(|_| 1)
}

async fn put_created(cx: &Context, push: &Push) -> Done {
    let (id, object) = push.new_object(cx, 10)?;
    cx.created(push.name, &id);
    cx.wire.send(&push.creating(cx, &id, &object)?).await?.expect_http(201)?;
    cx.wire.send(&push.putting(cx, &id, &later(cx, &object, 20))?).await?.expect_http(200)?;
    Ok(2)
}

pub(crate) async fn put_get(cx: &Context, push: &Push) -> Done {
    let (id, object) = push.create(cx).await?;
    push.expect(cx, &id, &object).await?;
    Ok(1)
}

async fn put_again(cx: &Context, push: &Push) -> Done {
    let (id, object) = push.create(cx).await?;
    cx.wire.send(&push.putting(cx, &id, &object)?).await?.success()?;
    push.expect(cx, &id, &object).await?;
    Ok(1)
}

pub(crate) async fn put_replaces(cx: &Context, push: &Push) -> Done {
    let (id, object) = push.create(cx).await?;
    let (member, value) = (push.change)();
    let mut newer = later(cx, &object, 20);
    newer[member] = value;
    remove(&mut newer, push.optional);
    cx.wire.send(&push.putting(cx, &id, &newer)?).await?.success()?;
    let answer = push.copy(cx, &id).await?;
    let data = crate::pushes::is_like(&answer, &newer)?;
    let is_gone = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    if data.get(push.optional).is_some_and(|it| !is_gone(it)) {
        return Err(answer.fail(format!("no `{}`: it was left out", push.optional), "the one of before"));
    }
    Ok(1)
}

async fn put_older(cx: &Context, push: &Push) -> Done {
    let (id, object) = push.create(cx).await?;
    let (member, value) = (push.change)();
    let mut older = later(cx, &object, 5);
    older[member] = value;
    // It may be refused, or be taken and change nothing.
    cx.wire.send(&push.putting(cx, &id, &older)?).await?;
    push.expect(cx, &id, &object).await?;
    Ok(1)
}

async fn put_unknown_member(cx: &Context, push: &Push) -> Done {
    let (id, object) = push.create(cx).await?;
    let mut newer = later(cx, &object, 20);
    newer["conformance_member"] = json!({"nested": [1, "x"]});
    cx.wire.send(&push.putting(cx, &id, &newer)?).await?.success()?;
    let answer = push.copy(cx, &id).await?;
    let data = crate::pushes::is_like(&answer, &later(cx, &object, 20))?;
    if let Some(kept) = data.get("conformance_member").filter(|it| !it.is_null()) {
        if *kept != newer["conformance_member"] {
            return Err(answer.fail("the unknown member as it was sent, or not at all", "another value"));
        }
    }
    Ok(1)
}

async fn put_other_id(cx: &Context, push: &Push) -> Done {
    let (id, object) = push.create(cx).await?;
    let other = cx.new_id();
    let mut wrong = later(cx, &object, 20);
    wrong[push.id] = other.as_str().into();
    let answer = cx.wire.send(&push.putting(cx, &id, &wrong)?).await?;
    answer.refused(&format!("`{}` is not that of the URL", push.id))?;
    push.expect(cx, &id, &object).await?;
    push.expect_none(cx, &other, "its PUT was refused").await?;
    Ok(1)
}

async fn put_foreign(cx: &Context, push: &Push) -> Done {
    let mut sample = sample(cx, 10)?;
    sample.own = ocpi_types::protocol::Party::new(NOBODY.0, NOBODY.1)
        .map_err(|_| Stop::skip("no party could be made up"))?;
    let object = (push.make)(&sample);
    let url = push.url_of(cx, NOBODY, &[&sample.id])?;
    let answer = cx.wire.send(&writing(Method::PUT, url.clone(), &object)).await?;
    answer.refused("the caller does not speak for `ZZ/ZZZ`")?;
    let found = cx.wire.send(&Ask::get(url).functional()).await?;
    found.refused("its PUT was refused")?;
    Ok(1)
}

async fn put_other_owner(cx: &Context, push: &Push) -> Done {
    let (id, mut object) = push.new_object(cx, 10)?;
    (object["country_code"], object["party_id"]) = (NOBODY.0.into(), NOBODY.1.into());
    let answer = cx.wire.send(&push.putting(cx, &id, &object)?).await?;
    if answer.is_success() {
        cx.created(push.name, &id);
    }
    answer.refused("the owner in the object is not that of the URL")?;
    push.expect_none(cx, &id, "its PUT was refused").await?;
    Ok(1)
}

async fn put_without_token(cx: &Context, push: &Push) -> Done {
    unauthorized_put(cx, push, Auth::Nothing).await
}

async fn put_wrong_token(cx: &Context, push: &Push) -> Done {
    unauthorized_put(cx, push, wrong(cx)?).await
}

async fn unauthorized_put(cx: &Context, push: &Push, auth: Auth) -> Done {
    let (id, object) = push.new_object(cx, 10)?;
    let answer = cx.wire.send(&push.creating(cx, &id, &object)?.auth(auth)).await?;
    if answer.is_success() {
        cx.created(push.name, &id);
    }
    unauthorized(&answer)?;
    push.expect_none(cx, &id, "its PUT was refused").await?;
    Ok(1)
}

async fn put_no_json(cx: &Context, push: &Push) -> Done {
    let (id, object) = push.create(cx).await?;
    let cut = later(cx, &object, 20).to_string();
    let cut = cut.get(..cut.len() / 2).unwrap_or("{").to_owned();
    for body in [cut, "[]".to_owned()] {
        let ask = Ask::new(Method::PUT, push.url(cx, &[&id])?).functional().body(body);
        cx.wire.send(&ask).await?.refused("the body is no object in JSON")?;
    }
    push.expect(cx, &id, &object).await?;
    Ok(2)
}

async fn put_incomplete(cx: &Context, push: &Push) -> Done {
    let (id, mut object) = push.new_object(cx, 10)?;
    remove(&mut object, push.required);
    let answer = cx.wire.send(&push.creating(cx, &id, &object)?).await?;
    if answer.is_success() {
        cx.created(push.name, &id);
    }
    answer.refused(&format!("`{}` is missing", push.required))?;
    push.expect_none(cx, &id, "its PUT was refused").await?;
    Ok(1)
}

async fn delete(cx: &Context, push: &Push) -> Done {
    let (id, _) = push.create(cx).await?;
    cx.wire.send(&deleting(push.url(cx, &[&id])?)).await?.success()?;
    push.expect_none(cx, &id, "it was deleted").await?;
    Ok(1)
}

async fn delete_unknown(cx: &Context, push: &Push) -> Done {
    cx.wire.send(&deleting(push.url(cx, &[UNKNOWN])?)).await?.refused("there is no such object")?;
    Ok(1)
}

async fn delete_foreign(cx: &Context, push: &Push) -> Done {
    let (id, object) = push.create(cx).await?;
    let url = push.url_of(cx, NOBODY, &[&id])?;
    cx.wire.send(&deleting(url)).await?.refused("the caller does not speak for `ZZ/ZZZ`")?;
    push.expect(cx, &id, &object).await?;
    Ok(1)
}

/// Deletes what can be deleted; else puts the object as one that counts no more.
pub(crate) async fn undo(cx: &Context, push: &Push) -> Done {
    let mut undone = 0;
    for id in cx.all_created(push.name) {
        if push.copy(cx, &id).await.is_ok_and(|answer| !answer.is_success()) {
            continue;
        }
        let ask = match push.withdrawn {
            _ if push.is_deletable => deleting(push.url(cx, &[&id])?),
            Some((member, value)) => {
                let mut sample = sample(cx, 3_000)?;
                sample.id.clone_from(&id);
                let mut object = (push.make)(&sample);
                object[member] = value(&sample);
                push.putting(cx, &id, &object)?
            }
            None => return Err(Stop::skip("it cannot be withdrawn")),
        };
        cx.wire.send(&ask).await?.success()?;
        undone += 1;
    }
    Ok(undone)
}

fn deleting(url: String) -> Ask {
    Ask::new(Method::DELETE, url).functional()
}

fn remove(object: &mut Value, member: &str) {
    if let Some(members) = object.as_object_mut() {
        members.remove(member);
    }
}
