//! Parts of objects with URLs and rules of their own: EVSEs, Connectors, charging periods, types of tokens.

use http::Method;
use ocpi_types::DateTime;
use serde_json::{Value, json};

use crate::behaviour::{Behaviour, behaviours};
use crate::check::{Done, Stop};
use crate::checks::patches::merged;
use crate::context::Context;
use crate::pushes::{Push, is_like, later, sample, writing};
use crate::samples;
use crate::wire::{Answer, Ask, with_query};

pub(crate) const OF_LOCATIONS: &[Behaviour<Push>] = behaviours! { Push, Active;
    "put_evse" Must V2_1_1: "An EVSE that is put at its URL is in its Location", "§interfaces_and_endpoints",
        needs "put_get" => put_evse;
    "patch_evse" Must V2_1_1: "A new status of an EVSE is in its Location, and nothing else has changed",
        "§interfaces_and_endpoints", needs "put_get" => patch_evse;
    "put_connector" Must V2_1_1: "A Connector that is put at its URL is in its EVSE", "§interfaces_and_endpoints",
        needs "put_get" => put_connector;
    "patch_connector" Must V2_1_1: "A PATCH of a Connector changes a member, and no other", "§interfaces_and_endpoints",
        needs "put_get" => patch_connector;
    "part_moves_parents" Must V2_2: "The Location is as new as the EVSE that was put", "§interfaces_and_endpoints",
        needs "put_evse" => part_moves_parents;
    "put_evse_other_uid" Should V2_1_1: "An EVSE whose uid is not that of the URL is refused",
        "status_codes §2xxx_client_errors", needs "put_evse" => put_evse_other_uid;
    "put_evse_unknown_location" Must V2_1_1: "An EVSE of an unknown Location is refused",
        "transport_and_format §response_format", needs "put_evse" => put_evse_unknown_location;
    "patch_evse_unknown" Must V2_1_1: "A PATCH of an unknown EVSE is refused", "transport_and_format §response_format",
        needs "patch_evse" => patch_evse_unknown;
    "patch_evse_last_updated" Must V2_2: "A PATCH of an EVSE without last_updated is refused",
        "transport_and_format §patch", needs "patch_evse" => patch_evse_last_updated;
};

pub(crate) const OF_SESSIONS: &[Behaviour<Push>] = behaviours! { Push, Active;
    "patch_appends_periods" Must V2_2: "Charging periods in a PATCH are added to those that are there", "§patch_method",
        needs "patch" => patch_appends_periods;
    "put_replaces_periods" Must V2_2: "Charging periods in a PUT take the place of those that are there", "§msp_put_method",
        needs "put_get" => put_replaces_periods;
    "put_completed" Must V2_1_1: "A Session that is completed stays completed", "§sessionstatus_enum", needs "put_get"
        => put_completed;
};

pub(crate) const OF_TOKENS: &[Behaviour<Push>] = behaviours! { Push, Active;
    "put_type" Must V2_2: "Tokens of two types may have the same uid", "§put_method", needs "put_get" => put_type;
    "put_type_default" Must V2_2: "A Token that is asked for without a type is an RFID card", "§cpo_get_method",
        needs "put_type" => put_type_default;
    "patch_invalid" Must V2_1_1: "A Token that is made invalid stays, and is not valid", "§token_object", needs "patch"
        => patch_invalid;
};

async fn put_evse(cx: &Context, push: &Push) -> Done {
    let (id, _) = push.create(cx).await?;
    let uid = format!("{id}-E2");
    let evse = samples::evse(&sample(cx, 20)?, &uid);
    let url = push.url(cx, &[&id, &uid])?;
    cx.wire.send(&writing(Method::PUT, url.clone(), &evse)).await?.success()?;
    is_like(&cx.wire.send(&Ask::get(url).functional()).await?, &evse)?;
    let answer = push.copy(cx, &id).await?;
    let location = answer.success()?.data.unwrap_or_default();
    is_part(&answer, &location, &uid, &evse)?;
    is_part(&answer, &location, &samples::evse_uid(&id), &json!({"status": "AVAILABLE"}))?;
    Ok(2)
}

pub(crate) async fn patch_evse(cx: &Context, push: &Push) -> Done {
    let (id, object) = push.create(cx).await?;
    let uid = samples::evse_uid(&id);
    let patch = later(cx, &json!({"status": "CHARGING"}), 20);
    cx.wire.send(&writing(Method::PATCH, push.url(cx, &[&id, &uid])?, &patch)).await?.success()?;
    let mut expected = object.clone();
    expected["evses"][0] = merged(&object["evses"][0], &patch);
    without_time(&mut expected);
    push.expect(cx, &id, &expected).await?;
    Ok(1)
}

async fn put_connector(cx: &Context, push: &Push) -> Done {
    let (id, object) = push.create(cx).await?;
    let uid = samples::evse_uid(&id);
    let connector = samples::connector(&sample(cx, 20)?, "2");
    let url = push.url(cx, &[&id, &uid, "2"])?;
    cx.wire.send(&writing(Method::PUT, url.clone(), &connector)).await?.success()?;
    is_like(&cx.wire.send(&Ask::get(url).functional()).await?, &connector)?;
    let mut expected = object.clone();
    without_time(&mut expected);
    without_time(&mut expected["evses"][0]);
    expected["evses"][0]["connectors"] = json!([object["evses"][0]["connectors"][0], connector]);
    push.expect(cx, &id, &expected).await?;
    Ok(2)
}

async fn patch_connector(cx: &Context, push: &Push) -> Done {
    let (id, object) = push.create(cx).await?;
    let patch = later(cx, &json!({"format": "CABLE"}), 20);
    let url = push.url(cx, &[&id, &samples::evse_uid(&id), "1"])?;
    cx.wire.send(&writing(Method::PATCH, url, &patch)).await?.success()?;
    let mut expected = object.clone();
    without_time(&mut expected);
    without_time(&mut expected["evses"][0]);
    expected["evses"][0]["connectors"][0] = merged(&object["evses"][0]["connectors"][0], &patch);
    push.expect(cx, &id, &expected).await?;
    Ok(1)
}

async fn part_moves_parents(cx: &Context, push: &Push) -> Done {
    let (id, _) = push.create(cx).await?;
    let uid = samples::evse_uid(&id);
    let evse = samples::evse(&sample(cx, 40)?, &uid);
    cx.wire.send(&writing(Method::PUT, push.url(cx, &[&id, &uid])?, &evse)).await?.success()?;
    let answer = push.copy(cx, &id).await?;
    let location = answer.success()?.data.unwrap_or_default();
    let time = |json: &Value| json["last_updated"].as_str().and_then(|it| it.parse::<DateTime>().ok());
    match (time(&location), time(&evse)) {
        (Some(found), Some(sent)) if found.to_unix_micros() >= sent.to_unix_micros() => Ok(1),
        (found, _) => {
            let found = found.map_or("none".to_owned(), |it| it.to_string());
            Err(answer.fail(format!("last_updated {} or later", cx.moment(40)), found))
        }
    }
}

async fn put_evse_other_uid(cx: &Context, push: &Push) -> Done {
    let (id, object) = push.create(cx).await?;
    let url = push.url(cx, &[&id, &samples::evse_uid(&id)])?;
    let evse = samples::evse(&sample(cx, 20)?, &cx.new_id());
    cx.wire.send(&writing(Method::PUT, url, &evse)).await?.refused("`uid` is not that of the URL")?;
    push.expect(cx, &id, &object).await?;
    Ok(1)
}

async fn put_evse_unknown_location(cx: &Context, push: &Push) -> Done {
    let (id, uid) = (cx.new_id(), cx.new_id());
    let evse = samples::evse(&sample(cx, 20)?, &uid);
    let answer = cx.wire.send(&writing(Method::PUT, push.url(cx, &[&id, &uid])?, &evse)).await?;
    answer.refused("there is no such Location")?;
    Ok(1)
}

async fn patch_evse_unknown(cx: &Context, push: &Push) -> Done {
    let (id, object) = push.create(cx).await?;
    let patch = later(cx, &json!({"status": "CHARGING"}), 20);
    let url = push.url(cx, &[&id, &cx.new_id()])?;
    cx.wire.send(&writing(Method::PATCH, url, &patch)).await?.refused("there is no such EVSE")?;
    push.expect(cx, &id, &object).await?;
    Ok(1)
}

async fn patch_evse_last_updated(cx: &Context, push: &Push) -> Done {
    let (id, object) = push.create(cx).await?;
    let url = push.url(cx, &[&id, &samples::evse_uid(&id)])?;
    let answer = cx.wire.send(&writing(Method::PATCH, url, &json!({"status": "CHARGING"}))).await?;
    answer.refused("`last_updated` is missing")?;
    push.expect(cx, &id, &object).await?;
    Ok(1)
}

async fn patch_appends_periods(cx: &Context, push: &Push) -> Done {
    let (first, second, third) = (minutes(cx, 0), minutes(cx, 5), minutes(cx, 10));
    let (id, _) = push.create(cx).await?;
    for (seconds, period) in [(20, &first), (25, &second), (30, &third)] {
        let patch = later(cx, &json!({"charging_periods": [period]}), seconds);
        cx.wire.send(&push.patching(cx, &id, &patch)?).await?.success()?;
    }
    // One without periods takes none away.
    let patch = later(cx, &json!({"charging_periods": [], "kwh": 4.5}), 35);
    cx.wire.send(&push.patching(cx, &id, &patch)?).await?.success()?;
    push.expect(cx, &id, &json!({"charging_periods": [first, second, third], "kwh": 4.5})).await?;
    Ok(4)
}

async fn put_replaces_periods(cx: &Context, push: &Push) -> Done {
    let (id, mut object) = push.new_object(cx, 10)?;
    object["charging_periods"] = json!([minutes(cx, 0), minutes(cx, 5)]);
    cx.wire.send(&push.putting(cx, &id, &object)?).await?.success()?;
    cx.created(push.name, &id);
    push.expect(cx, &id, &object).await?;
    let mut newer = later(cx, &object, 20);
    newer["charging_periods"] = json!([minutes(cx, 0)]);
    cx.wire.send(&push.putting(cx, &id, &newer)?).await?.success()?;
    push.expect(cx, &id, &newer).await?;
    Ok(2)
}

async fn put_completed(cx: &Context, push: &Push) -> Done {
    let (id, object) = push.create(cx).await?;
    let mut done = later(cx, &object, 20);
    done["status"] = "COMPLETED".into();
    let end = if object.get("start_datetime").is_some() { "end_datetime" } else { "end_date_time" };
    done[end] = cx.moment(20).to_string().into();
    cx.wire.send(&push.putting(cx, &id, &done)?).await?.success()?;
    // One that comes late is taken, or refused.
    cx.wire.send(&push.putting(cx, &id, &later(cx, &object, 15))?).await?;
    push.expect(cx, &id, &done).await?;
    Ok(1)
}

async fn put_type(cx: &Context, push: &Push) -> Done {
    let (id, card) = push.create(cx).await?;
    let mut app = card.clone();
    (app["type"], app["valid"]) = ("APP_USER".into(), false.into());
    let url = typed(push.url(cx, &[&id])?, "APP_USER");
    cx.wire.send(&writing(Method::PUT, url.clone(), &app)).await?.success()?;
    is_like(&cx.wire.send(&Ask::get(url).functional()).await?, &app)?;
    is_like(&cx.wire.send(&Ask::get(typed(push.url(cx, &[&id])?, "RFID")).functional()).await?, &card)?;
    Ok(2)
}

async fn put_type_default(cx: &Context, push: &Push) -> Done {
    let (id, card) = push.create(cx).await?;
    push.expect(cx, &id, &json!({"type": "RFID", "valid": card["valid"]})).await?;
    let url = typed(push.url(cx, &[&id])?, "APP_USER");
    cx.wire.send(&Ask::get(url).functional()).await?.refused("there is no such Token of this type")?;
    Ok(2)
}

pub(crate) async fn patch_invalid(cx: &Context, push: &Push) -> Done {
    let (id, card) = push.create(cx).await?;
    let patch = later(cx, &json!({"valid": false}), 20);
    cx.wire.send(&push.patching(cx, &id, &patch)?).await?.success()?;
    push.expect(cx, &id, &merged(&card, &patch)).await?;
    Ok(1)
}

/// Looks that an EVSE is in a Location, as it was sent.
fn is_part(answer: &Answer, location: &Value, uid: &str, evse: &Value) -> Result<(), Stop> {
    let parts = location.get("evses").and_then(Value::as_array);
    let found = parts.into_iter().flatten().find(|it| it["uid"].as_str() == Some(uid));
    match found.map(|found| crate::same::lost(evse, found)) {
        Some(None) => Ok(()),
        Some(Some(place)) => {
            Err(answer.fail(format!("EVSE `{uid}` as it was sent"), format!("a difference at {place}")))
        }
        None => Err(answer.fail(format!("EVSE `{uid}` in its Location"), "none")),
    }
}

fn minutes(cx: &Context, minutes: i64) -> Value {
    samples::period(&cx.moment(-900 + 60 * minutes).to_string(), 1.5)
}

fn typed(url: String, of: &str) -> String {
    with_query(&url, &[("type", of.to_owned())])
}

fn without_time(object: &mut Value) {
    if let Some(members) = object.as_object_mut() {
        members.remove("last_updated");
    }
}
