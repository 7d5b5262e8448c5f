//! Modules whose objects are pushed to a Receiver: their URLs, and objects that the suite sends.

use http::Method;
use ocpi_types::{InterfaceRole, ModuleId, Version};
use serde_json::{Value, json};

use crate::check::Stop;
use crate::context::Context;
use crate::same;
use crate::samples::{self, Sample};
use crate::wire::{Answer, Ask};

/// A member, and its value in an object that counts no more.
type Withdrawn = (&'static str, fn(&Sample) -> Value);

/// Receiver interface of a module with copies of our objects.
pub(crate) struct Push {
    pub(crate) name: &'static str,
    pub(crate) module: ModuleId,
    pub(crate) chapter: &'static str,
    pub(crate) since: Version,
    /// Path between the module and the owner.
    collection: &'static [&'static str],
    /// Member with the id.
    pub(crate) id: &'static str,
    pub(crate) make: fn(&Sample) -> Value,
    /// A member with another value.
    pub(crate) change: fn() -> (&'static str, Value),
    /// An optional member that the object has.
    pub(crate) optional: &'static str,
    /// A member that is required in all versions.
    pub(crate) required: &'static str,
    /// The versions with a PATCH: from this one on, and before that one.
    patched: (Version, Option<Version>),
    pub(crate) is_deletable: bool,
    /// Whether a POST creates it, where the others have a PUT.
    pub(crate) is_posted: bool,
    /// The member, and its value, by which an object is withdrawn that cannot be deleted.
    pub(crate) withdrawn: Option<Withdrawn>,
}

const USUAL: Push = Push {
    name: "locations",
    module: ModuleId::Locations,
    chapter: "mod_locations",
    since: Version::V2_1_1,
    collection: &[],
    id: "id",
    make: samples::location,
    change: || ("address", json!("Vredenburg 40")),
    optional: "name",
    required: "coordinates",
    patched: (Version::V2_1_1, None),
    is_deletable: false,
    is_posted: false,
    withdrawn: None,
};

/// All of them. Locations come first: Sessions name one.
pub(crate) static PUSHES: [Push; 7] = [
    Push {
        withdrawn: Some(("evses", |of| {
            let mut evse = samples::evse(of, &samples::evse_uid(&of.id));
            evse["status"] = "REMOVED".into();
            json!([evse])
        })),
        ..USUAL
    },
    Push {
        name: "tariffs",
        module: ModuleId::Tariffs,
        chapter: "mod_tariffs",
        make: samples::tariff,
        change: || ("currency", json!("CHF")),
        optional: "tariff_alt_url",
        required: "currency",
        patched: (Version::V2_1_1, Some(Version::V2_2)),
        is_deletable: true,
        ..USUAL
    },
    Push {
        name: "sessions",
        module: ModuleId::Sessions,
        chapter: "mod_sessions",
        make: samples::session,
        change: || ("kwh", json!(2.5)),
        optional: "total_cost",
        required: "status",
        withdrawn: Some(("status", |_| json!("INVALID"))),
        ..USUAL
    },
    Push {
        name: "tokens",
        module: ModuleId::Tokens,
        chapter: "mod_tokens",
        id: "uid",
        make: samples::token,
        change: || ("whitelist", json!("ALLOWED")),
        optional: "visual_number",
        required: "whitelist",
        withdrawn: Some(("valid", |_| json!(false))),
        ..USUAL
    },
    Push {
        name: "invoicereconciliation",
        module: ModuleId::InvoiceReconciliation,
        chapter: "mod_invoice_reconciliation",
        since: Version::V2_3_0,
        make: samples::record,
        change: || ("invoice_id", json!("CONFORMANCE-2")),
        optional: "",
        required: "invoice_id",
        patched: (Version::V2_3_0, Some(Version::V2_3_0)),
        is_deletable: true,
        is_posted: true,
        ..USUAL
    },
    Push {
        name: "bookings",
        module: ModuleId::Bookings,
        chapter: "mod_bookings",
        since: Version::V2_3_0,
        make: samples::booking,
        change: || ("reservation_status", json!("RESERVED")),
        optional: "tariff_ids",
        required: "period",
        withdrawn: Some(("reservation_status", |_| json!("CANCELED"))),
        ..USUAL
    },
    Push {
        name: "booking_locations",
        module: ModuleId::Bookings,
        chapter: "mod_bookings",
        since: Version::V2_3_0,
        collection: &["booking_locations"],
        make: samples::booking_location,
        change: || ("location_id", json!("CONFORMANCE-L")),
        optional: "tariff_ids",
        required: "location_id",
        withdrawn: Some(("calendars", |_| json!([]))),
        ..USUAL
    },
];

impl Push {
    /// Whether the version has a PATCH of it.
    pub(crate) fn is_patched(&self, version: Version) -> bool {
        version >= self.patched.0 && self.patched.1.is_none_or(|end| version < end)
    }

    /// URL of the module.
    ///
    /// # Errors
    /// When the server does not offer it.
    pub(crate) fn base(&self, cx: &Context) -> Result<String, Stop> {
        cx.endpoint(&self.module, &InterfaceRole::Receiver)
            .ok_or_else(|| Stop::skip("the Receiver interface is not offered"))
    }

    /// URL of an object of ours, or of something below it.
    pub(crate) fn url(&self, cx: &Context, segments: &[&str]) -> Result<String, Stop> {
        let own = cx.own_party()?;
        self.url_of(cx, (own.country_code.as_str(), own.party_id.as_str()), segments)
    }

    /// URL of an object of a party.
    pub(crate) fn url_of(
        &self,
        cx: &Context,
        owner: (&str, &str),
        segments: &[&str],
    ) -> Result<String, Stop> {
        let all: Vec<&str> = self
            .collection
            .iter()
            .copied()
            .chain([owner.0, owner.1])
            .chain(segments.iter().copied())
            .collect();
        below(&self.base(cx)?, &all)
    }

    /// An object that was not sent yet, updated so many seconds after the beginning of the run.
    pub(crate) fn new_object(&self, cx: &Context, seconds: i64) -> Result<(String, Value), Stop> {
        let sample = sample(cx, seconds)?;
        let made = (self.make)(&sample);
        Ok((sample.id, made))
    }

    /// The request that creates an object.
    pub(crate) fn creating(&self, cx: &Context, id: &str, object: &Value) -> Result<Ask, Stop> {
        if self.is_posted {
            return Ok(writing(Method::POST, self.base(cx)?, object));
        }
        self.putting(cx, id, object)
    }

    /// The request that puts an object.
    pub(crate) fn putting(&self, cx: &Context, id: &str, object: &Value) -> Result<Ask, Stop> {
        Ok(writing(Method::PUT, self.url(cx, &[id])?, object))
    }

    /// The request that patches an object.
    pub(crate) fn patching(&self, cx: &Context, id: &str, patch: &Value) -> Result<Ask, Stop> {
        Ok(writing(Method::PATCH, self.url(cx, &[id])?, patch))
    }

    /// Creates an object, ten seconds after the beginning of the run.
    ///
    /// # Errors
    /// When it is refused.
    pub(crate) async fn create(&self, cx: &Context) -> Result<(String, Value), Stop> {
        let (id, object) = self.new_object(cx, 10)?;
        let answer = cx.wire.send(&self.creating(cx, &id, &object)?).await?;
        if answer.is_success() {
            cx.created(self.name, &id);
        }
        is_offered(cx, &answer)?;
        answer.success()?;
        Ok((id, object))
    }

    /// Asks for the server's copy of an object.
    pub(crate) async fn copy(&self, cx: &Context, id: &str) -> Result<Answer, Stop> {
        cx.wire.send(&Ask::get(self.url(cx, &[id])?).functional()).await
    }

    /// Looks that the server's copy is as an object was sent.
    ///
    /// # Errors
    /// When it is not.
    pub(crate) async fn expect(&self, cx: &Context, id: &str, object: &Value) -> Result<(), Stop> {
        is_like(&self.copy(cx, id).await?, object).map(drop)
    }

    /// Looks that the server has no copy.
    ///
    /// # Errors
    /// When it has one.
    pub(crate) async fn expect_none(&self, cx: &Context, id: &str, why: &str) -> Result<(), Stop> {
        self.copy(cx, id).await?.refused(why)
    }
}

/// Looks that the data of an answer are as an object was sent; returns them.
///
/// # Errors
/// When they are not.
pub(crate) fn is_like(answer: &Answer, object: &Value) -> Result<Value, Stop> {
    let data = answer.success()?.data.filter(Value::is_object);
    let Some(data) = data else { return Err(answer.fail("an object as data", "none")) };
    match same::lost(object, &data) {
        Some(place) => Err(answer.fail("the object as it was sent", format!("a difference at {place}"))),
        None => Ok(data),
    }
}

/// In 2.1.1 no endpoint says which of its interfaces are there: only the answer does.
///
/// # Errors
/// Where it says that there is none.
pub(crate) fn is_offered(cx: &Context, answer: &Answer) -> Result<(), Stop> {
    if cx.spoken()? < Version::V2_2 && matches!(answer.status, 404 | 405 | 501) {
        return Err(Stop::skip(format!("the interface is not there: HTTP {}", answer.status)));
    }
    Ok(())
}

/// A request with a body, of a functional module.
pub(crate) fn writing(method: Method, url: String, body: &Value) -> Ask {
    Ask::new(method, url).functional().body(body.to_string())
}

/// Facts for a new object, updated so many seconds after the beginning of the run.
///
/// # Errors
/// When the parties are not known.
pub(crate) fn sample(cx: &Context, seconds: i64) -> Result<Sample, Stop> {
    let id = cx.new_id();
    Ok(Sample {
        version: cx.spoken()?,
        own: cx.own_party()?,
        other: cx.server_party()?,
        place: cx.all_created("locations").into_iter().next().unwrap_or_else(|| format!("{id}-L")),
        id,
        updated: cx.moment(seconds).to_string(),
        begun: cx.moment(-900).to_string(),
        ahead: [cx.moment(90_000).to_string(), cx.moment(97_200).to_string()],
    })
}

/// The object with a later time.
pub(crate) fn later(cx: &Context, object: &Value, seconds: i64) -> Value {
    let mut object = object.clone();
    object["last_updated"] = cx.moment(seconds).to_string().into();
    object
}

/// The URL of something below another one; ids are encoded.
///
/// # Errors
/// When an id cannot stand in a path.
pub(crate) fn below(base: &str, segments: &[&str]) -> Result<String, Stop> {
    if segments.iter().any(|segment| matches!(*segment, "" | "." | "..")) {
        return Err(Stop::skip("an id cannot stand in a path"));
    }
    let base: ocpi_types::Url = base.parse().map_err(|_| Stop::skip("the URL of the module is none"))?;
    Ok(base.join(segments.iter().copied()).as_str().to_owned())
}
