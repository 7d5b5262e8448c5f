//! Objects of ours that are changed in a member.

use http::Method;
use serde_json::{Value, json};

use crate::behaviour::{Behaviour, behaviours};
use crate::check::Done;
use crate::checks::puts::NOBODY;
use crate::context::Context;
use crate::pushes::{Push, later, writing};
use crate::wire::Ask;

pub(crate) const OF_PATCHES: &[Behaviour<Push>] = behaviours! { Push, Active;
    "patch" Must V2_1_1: "A PATCH changes a member, and no other", "§interfaces_and_endpoints", needs "put_get" => patch;
    "patch_last_updated" Must V2_2: "A PATCH without last_updated is refused",
        "transport_and_format §patch", needs "patch" => patch_last_updated;
    "patch_unknown" Must V2_1_1: "A PATCH of an unknown object is refused", "transport_and_format §response_format",
        needs "patch" => patch_unknown;
    "patch_older" Should V2_1_1: "An older PATCH does not undo a newer one", "§object_description", needs "patch"
        => patch_older;
    "patch_foreign" Must V2_1_1: "A PATCH for a party that the caller does not speak for is refused",
        "transport_and_format §client_owned_object_push", needs "patch" => patch_foreign;
    "patch_no_json" Must V2_1_1: "A PATCH that is no JSON is refused, and changes nothing",
        "transport_and_format §response_format", needs "patch" => patch_no_json;
};

pub(crate) async fn patch(cx: &Context, push: &Push) -> Done {
    let (id, object) = push.create(cx).await?;
    let patch = change(cx, push, 20);
    cx.wire.send(&push.patching(cx, &id, &patch)?).await?.success()?;
    push.expect(cx, &id, &merged(&object, &patch)).await?;
    Ok(1)
}

async fn patch_last_updated(cx: &Context, push: &Push) -> Done {
    let (id, object) = push.create(cx).await?;
    let (member, value) = (push.change)();
    let answer = cx.wire.send(&push.patching(cx, &id, &json!({ member: value }))?).await?;
    answer.refused("`last_updated` is missing")?;
    push.expect(cx, &id, &object).await?;
    Ok(1)
}

async fn patch_unknown(cx: &Context, push: &Push) -> Done {
    let id = cx.new_id();
    let answer = cx.wire.send(&push.patching(cx, &id, &change(cx, push, 20))?).await?;
    answer.refused("there is no such object")?;
    push.expect_none(cx, &id, "nobody has put it").await?;
    Ok(1)
}

async fn patch_older(cx: &Context, push: &Push) -> Done {
    let (id, object) = push.create(cx).await?;
    let newer = change(cx, push, 20);
    cx.wire.send(&push.patching(cx, &id, &newer)?).await?.success()?;
    let (member, _) = (push.change)();
    let mut older = json!({ member: object[member] });
    older = later(cx, &older, 15);
    cx.wire.send(&push.patching(cx, &id, &older)?).await?;
    push.expect(cx, &id, &merged(&object, &newer)).await?;
    Ok(1)
}

async fn patch_foreign(cx: &Context, push: &Push) -> Done {
    let (id, object) = push.create(cx).await?;
    let url = push.url_of(cx, NOBODY, &[&id])?;
    let answer = cx.wire.send(&writing(Method::PATCH, url, &change(cx, push, 20))).await?;
    answer.refused("the caller does not speak for `ZZ/ZZZ`")?;
    push.expect(cx, &id, &object).await?;
    Ok(1)
}

async fn patch_no_json(cx: &Context, push: &Push) -> Done {
    let (id, object) = push.create(cx).await?;
    let ask = Ask::new(Method::PATCH, push.url(cx, &[&id])?).functional().body("{\"last_updated\": ");
    cx.wire.send(&ask).await?.refused("the body is no object in JSON")?;
    push.expect(cx, &id, &object).await?;
    Ok(1)
}

fn change(cx: &Context, push: &Push, seconds: i64) -> Value {
    let (member, value) = (push.change)();
    later(cx, &json!({ member: value }), seconds)
}

/// The object after a PATCH.
pub(crate) fn merged(object: &Value, patch: &Value) -> Value {
    let mut object = object.clone();
    for (member, value) in patch.as_object().into_iter().flatten() {
        object[member] = value.clone();
    }
    object
}
