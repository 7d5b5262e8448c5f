//! Bookings that we ask for.

use http::Method;
use ocpi_types::{DateTime, InterfaceRole, ModuleId};
use serde_json::{Value, json};

use crate::behaviour::{Behaviour, Group, behaviours};
use crate::check::{Done, Stop};
use crate::checks::auth::unauthorized;
use crate::checks::items::UNKNOWN;
use crate::context::Context;
use crate::pushes::{sample, writing};
use crate::samples::{self, Sample};
use crate::wire::{Answer, Ask, Auth};

pub(crate) const BOOKINGS: Group<'_> =
    Group { name: "bookings", module: "bookings", chapter: "mod_bookings" };

pub(crate) const OF_REQUESTS: &[Behaviour<()>] = behaviours! { (), Active;
    "book" Must V2_3_0: "A request is answered with the Booking, which holds it", "§cpo_post_booking_method",
        needs "booking_locations.list" => book;
    "book_again" Must V2_3_0: "The same request again does not make a second Booking", "§cpo_post_booking_method", needs "book"
        => book_again;
    "book_cancel" Must V2_3_0: "A Booking can be cancelled by a request", "§cpo_post_booking_method", needs "book" => book_cancel;
    "book_unknown" Must V2_3_0: "Nothing is booked at an unknown booking location", "§cpo_post_booking_method" => book_unknown;
    "book_foreign" Must V2_3_0: "Nobody books for a party that it does not speak for", "§cpo_post_booking_method", needs "book"
        => book_foreign;
    "book_without_token" Must V2_3_0: "Nobody books without a token", "transport_and_format §authorization_header"
        => book_without_token;
    "book_no_json" Must V2_3_0: "A body that is no JSON is refused", "transport_and_format §response_format"
        => book_no_json;
};

async fn book(cx: &Context, (): &()) -> Done {
    let (request, _) = wanted(cx)?;
    let answer = send(cx, &request).await?;
    let result = is_booking(&answer, &request);
    cancel(cx, &request).await?;
    result.map(|_| 1)
}

async fn book_again(cx: &Context, (): &()) -> Done {
    let (request, _) = wanted(cx)?;
    let first = is_booking(&send(cx, &request).await?, &request)?;
    let answer = send(cx, &request).await?;
    let again = is_booking(&answer, &request);
    cancel(cx, &request).await?;
    if again?["id"] != first["id"] {
        return Err(answer.fail("the Booking of the first time", "another one"));
    }
    Ok(1)
}

async fn book_cancel(cx: &Context, (): &()) -> Done {
    let (request, _) = wanted(cx)?;
    let booking = is_booking(&send(cx, &request).await?, &request)?;
    if !matches!(booking["reservation_status"].as_str(), Some("PENDING" | "RESERVED")) {
        return Err(Stop::skip("the Booking was not made"));
    }
    let answer = cancel(cx, &request).await?;
    let after = is_booking(&answer, &request)?;
    if after["id"] != booking["id"] {
        return Err(answer.fail("the Booking that was cancelled", "another one"));
    }
    let is_declined = after["booking_requests"].as_array().is_some_and(|all| {
        all.iter().any(|it| matches!(it["request_status"].as_str(), Some("DECLINED" | "PENDING")))
    });
    if after["reservation_status"] != "CANCELED" && !is_declined {
        return Err(answer.fail(
            "CANCELED, or a request that is PENDING or DECLINED",
            after["reservation_status"].to_string(),
        ));
    }
    Ok(1)
}

async fn book_unknown(cx: &Context, (): &()) -> Done {
    let sample = sample(cx, 10)?;
    let request = samples::booking_request(&sample, UNKNOWN, UNKNOWN, &sample.ahead);
    is_not_booked(&send(cx, &request).await?, "there is no such booking location")
}

async fn book_foreign(cx: &Context, (): &()) -> Done {
    let (mut request, _) = wanted(cx)?;
    (request["country_code"], request["party_id"]) = ("ZZ".into(), "ZZZ".into());
    send(cx, &request).await?.refused("the caller does not speak for `ZZ/ZZZ`")?;
    Ok(1)
}

async fn book_without_token(cx: &Context, (): &()) -> Done {
    let sample = sample(cx, 10)?;
    let request = samples::booking_request(&sample, UNKNOWN, UNKNOWN, &sample.ahead);
    unauthorized(&cx.wire.send(&writing(Method::POST, base(cx)?, &request).auth(Auth::Nothing)).await?)
}

async fn book_no_json(cx: &Context, (): &()) -> Done {
    let ask = Ask::new(Method::POST, base(cx)?).functional().body("{\"request_id\": ");
    cx.wire.send(&ask).await?.refused("the body is no object in JSON")?;
    Ok(1)
}

/// A request for the first hour that is free.
fn wanted(cx: &Context) -> Result<(Value, Sample), Stop> {
    let read = cx.listing("booking_locations").ok_or_else(|| Stop::skip("the list was not read"))?;
    let now = cx.wire.clock.now();
    let time = |it: &Value| it.as_str().and_then(|text| text.parse::<DateTime>().ok());
    let found = read.items().map(|it| &it.json).find_map(|offer| {
        let slots =
            offer["calendars"].as_array()?.iter().filter_map(|it| it["available_timeslots"].as_array());
        let slot = slots.flatten().find_map(|slot| {
            let (start, end) = (time(&slot["start_date_time"])?, time(&slot["end_date_time"])?);
            // A day ahead, so that it can be cancelled.
            (start.seconds_since(now) > 86_400 && end.seconds_since(start) >= 3_600).then_some(start)
        })?;
        Some((offer["location_id"].as_str()?, offer["id"].as_str()?, slot))
    });
    let Some((location, id, start)) = found else {
        return Err(Stop::skip("no booking location has an hour that is free, a day or more from now"));
    };
    let sample = sample(cx, 10)?;
    let end = start.checked_add_seconds(3_600).unwrap_or(start);
    let period = [start, end].map(|it| it.with_zone().to_string());
    Ok((samples::booking_request(&sample, location, id, &period), sample))
}

async fn cancel(cx: &Context, request: &Value) -> Result<Answer, Stop> {
    let mut request = request.clone();
    request["canceled"] = json!({"cancellation_reason": "NO_CANCELED", "who_canceled": "EMSP"});
    send(cx, &request).await
}

fn is_booking(answer: &Answer, request: &Value) -> Result<Value, Stop> {
    let data = answer.success()?.data.filter(Value::is_object);
    let Some(booking) = data else { return Err(answer.fail("a Booking as data", "none")) };
    let is_there = ["id", "reservation_status"].iter().all(|name| booking[*name].is_string());
    if !is_there || booking["request_id"] != request["request_id"] {
        return Err(answer.fail("a Booking with the id of the request", "another object"));
    }
    if booking["booking_requests"].as_array().is_none_or(Vec::is_empty) {
        return Err(answer.fail("a Booking that holds the request", "none in booking_requests"));
    }
    Ok(booking)
}

fn is_not_booked(answer: &Answer, why: &str) -> Done {
    if !answer.is_success() {
        answer.refused(why)?;
        return Ok(1);
    }
    let data = answer.success()?.data.unwrap_or_default();
    match data["reservation_status"].as_str() {
        Some("REJECTED" | "FAILED") => Ok(1),
        _ => Err(answer.fail(format!("a refusal, REJECTED or FAILED: {why}"), "a success")),
    }
}

async fn send(cx: &Context, request: &Value) -> Result<Answer, Stop> {
    cx.wire.send(&writing(Method::POST, base(cx)?, request)).await
}

fn base(cx: &Context) -> Result<String, Stop> {
    cx.endpoint(&ModuleId::Bookings, &InterfaceRole::Sender)
        .ok_or_else(|| Stop::skip("the Sender interface is not offered"))
}
