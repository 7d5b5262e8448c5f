//! Charging profiles: three requests, their three asynchronous results, and updates of the active profile.
//!
//! Results are posted to the `response_url` of their request, which is opaque to the CPO. The sender chooses it: this
//! library mounts one path per type of result, because two of the types look the same.

use super::Body;
use super::declare::endpoint;
use crate::v2_2_1::charging_profiles::{
    ActiveChargingProfile, ActiveChargingProfileResult, ChargingProfileResponse, ChargingProfileResult,
    ClearProfileResult, SetChargingProfile,
};
use crate::{CiString, Private, Url, Value};

/// GET with which a sender requests the active charging profile of a session.
///
/// Spec: 2.2.1 mod_charging_profiles §get_method
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GetActiveChargingProfile {
    /// The session.
    pub session_id: CiString<36>,
    /// Length of the requested profile, in seconds from now.
    pub duration: i64,
    /// URL to which the CPO posts the result.
    pub response_url: Private<Url>,
}

endpoint! {
    GetActiveChargingProfile = "GetActiveChargingProfile",
    GET ChargingProfiles Receiver [{"session_id"}] -> ChargingProfileResponse,
    encode |this, to| {
        to.segment(this.session_id.as_str());
        to.query.push(("duration", this.duration.to_string()));
        to.query.push(("response_url", this.response_url.as_str().to_owned()));
    },
    decode |from| Ok(Self {
        session_id: from.id(0, "session_id")?,
        duration: from.needed("duration")?,
        response_url: from.needed("response_url")?,
    }),
}

/// PUT with which a sender sets the charging profile of a session.
///
/// Spec: 2.2.1 mod_charging_profiles §put_method
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PutChargingProfile {
    /// The session.
    pub session_id: CiString<36>,
    /// The profile, and the URL to which the CPO posts the result.
    pub request: SetChargingProfile,
}

endpoint! {
    PutChargingProfile = "PutChargingProfile",
    PUT ChargingProfiles Receiver [{"session_id"}] -> ChargingProfileResponse,
    body Body::Whole(SetChargingProfile::TYPE),
    encode |this, to| {
        to.segment(this.session_id.as_str());
        to.body(&this.request);
    },
    decode |from| Ok(Self { session_id: from.id(0, "session_id")?, request: from.read_body()? }),
}

/// DELETE with which a sender clears the charging profile of a session.
///
/// Spec: 2.2.1 mod_charging_profiles §delete_method
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ClearChargingProfile {
    /// The session.
    pub session_id: CiString<36>,
    /// URL to which the CPO posts the result.
    pub response_url: Private<Url>,
}

endpoint! {
    ClearChargingProfile = "ClearChargingProfile",
    DELETE ChargingProfiles Receiver [{"session_id"}] -> ChargingProfileResponse,
    encode |this, to| {
        to.segment(this.session_id.as_str());
        to.query.push(("response_url", this.response_url.as_str().to_owned()));
    },
    decode |from| Ok(Self {
        session_id: from.id(0, "session_id")?,
        response_url: from.needed("response_url")?,
    }),
}

/// PUT with which a CPO reports a change of the active charging profile.
///
/// Spec: 2.2.1 mod_charging_profiles §put_method_2
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PutActiveChargingProfile {
    /// The session.
    pub session_id: CiString<36>,
    /// The profile that is active now.
    pub profile: ActiveChargingProfile,
}

endpoint! {
    PutActiveChargingProfile = "PutActiveChargingProfile",
    PUT ChargingProfiles Sender [{"session_id"}] -> (),
    body Body::Whole(ActiveChargingProfile::TYPE),
    encode |this, to| {
        to.segment(this.session_id.as_str());
        to.body(&this.profile);
    },
    decode |from| Ok(Self { session_id: from.id(0, "session_id")?, profile: from.read_body()? }),
}

macro_rules! results {
    ($($(#[doc = $doc:literal])+ $name:ident($text:literal, $path:literal): $result:ty;)+) => { $(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, Eq, PartialEq)]
        pub struct $name {
            /// The request's `response_url`.
            pub url: Private<Url>,
            /// Result of the request.
            pub result: $result,
        }

        endpoint! {
            $name = $text, POST ChargingProfiles Sender [$path, {"uid"}] -> (),
            body Body::Whole(<$result>::TYPE),
            encode |this, to| {
                to.absolute = Some((*this.url).clone());
                to.body(&this.result);
            },
            decode |from| Ok(Self { url: from.url.clone().into(), result: from.read_body()? }),
        }
    )+ };
}

results! {
    /// POST of the result of a [`GetActiveChargingProfile`]. This library mounts `active_profile/{uid}`.
    PostActiveChargingProfileResult("PostActiveChargingProfileResult", "active_profile"):
        ActiveChargingProfileResult;
    /// POST of the result of a [`PutChargingProfile`]. This library mounts `set_profile/{uid}`.
    PostChargingProfileResult("PostChargingProfileResult", "set_profile"): ChargingProfileResult;
    /// POST of the result of a [`ClearChargingProfile`]. This library mounts `clear_profile/{uid}`.
    PostClearProfileResult("PostClearProfileResult", "clear_profile"): ClearProfileResult;
}
