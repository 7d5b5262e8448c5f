//! Profiles as JSON.

#![expect(unreachable_pub, reason = "the macro makes public items, and these are of this file")]

use std::time::Duration;

use super::{EndpointUrl, ModuleTraffic, PartnerProfile, TokenForm, TokenScope};
use crate::json::{self, Limits, OnPartial, RawJson, Times, WritingStyle};
use crate::macros::object;
use crate::v2_2_1::versions::{InterfaceRole, ModuleId};
use crate::{FreeText, Rate, Ruleset, Url};

/// A text that is no profile of a partner.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("this is no profile of a partner: {0}")]
pub struct ProfileError(#[from] json::Error);

object! {
    /// A profile as it is stored. What is as usual is left out.
    pub struct StoredProfile = "PartnerProfile", init StoredProfileInit {
        /// Form of the token: `plain` or `base64`.
        pub token: Option<FreeText>,
        /// Places with another form.
        pub token_at: Vec<StoredTokenForm>,
        /// Whether it wants `null` for absent members.
        pub explicit_nulls: Option<bool>,
        /// Form of points in time that it wants: `seconds` or `millis`.
        pub times: Option<FreeText>,
        /// Number of decimals that it wants in coordinates.
        pub coordinate_decimals: Option<i64>,
        /// The name of the edition whose narrower lengths it keeps to.
        pub lengths: Option<FreeText>,
        /// Treatment of its objects in which required members are missing: `keep` or `fail`.
        pub on_partial: Option<FreeText>,
        /// Whether paths of requests end with a slash.
        pub request_slash: Option<bool>,
        /// Whether it is told URLs with a slash at the end.
        pub needs_url_slash: Option<bool>,
        /// The most objects on a page.
        pub most_limit: Option<i64>,
        /// Requests in a time.
        pub rate: Option<Box<StoredRate>>,
        /// URLs in the place of those in its version details.
        pub urls: Vec<StoredUrl>,
        /// Modules of one direction.
        pub traffic: Vec<StoredTraffic>,
        /// Whether HTTP 200 alone is success.
        pub counts_only_200: Option<bool>,
    }
}

object! {
    /// Form of the token at one place.
    pub struct StoredTokenForm = "TokenForm", init StoredTokenFormInit {
        /// `versions` or `version_details`; with a module, `module`.
        pub place: FreeText,
        /// The module.
        pub module: Option<ModuleId>,
        /// The form.
        pub form: FreeText,
    }
}

object! {
    /// Requests in a time.
    pub struct StoredRate = "Rate", init StoredRateInit {
        /// Number of requests.
        pub requests: i64,
        /// The time in milliseconds.
        pub millis: i64,
    }
}

object! {
    /// URL of an interface of a module.
    pub struct StoredUrl = "EndpointUrl", init StoredUrlInit {
        /// The version.
        pub version: FreeText,
        /// The module.
        pub module: ModuleId,
        /// The interface.
        pub role: InterfaceRole,
        /// The URL.
        pub url: Url,
    }
}

object! {
    /// Direction of a module.
    pub struct StoredTraffic = "ModuleTraffic", init StoredTrafficInit {
        /// The module.
        pub module: ModuleId,
        /// `push` or `pull`.
        pub only: FreeText,
    }
}

const FORMS: [(&str, TokenForm); 2] = [("plain", TokenForm::Plain), ("base64", TokenForm::Base64)];
const TIMES: [(&str, Times); 2] = [("seconds", Times::Seconds), ("millis", Times::Millis)];
const ON_PARTIAL: [(&str, OnPartial); 2] = [("keep", OnPartial::Keep), ("fail", OnPartial::Fail)];
const TRAFFIC: [(&str, ModuleTraffic); 2] =
    [("push", ModuleTraffic::PushOnly), ("pull", ModuleTraffic::PullOnly)];
const VERSIONS: &str = "versions";
const DETAILS: &str = "version_details";
const MODULE: &str = "module";

impl PartnerProfile {
    /// The profile as a JSON object, in which all that is as usual is left out.
    ///
    /// ```
    /// use ocpi_types::protocol::PartnerProfile;
    /// assert_eq!(PartnerProfile::strict().to_json().as_str(), "{}");
    /// assert_eq!(PartnerProfile::strict().counting_only_200().to_json().as_str(), r#"{"counts_only_200":true}"#);
    /// ```
    pub fn to_json(&self) -> RawJson {
        let text = String::from_utf8(json::to_vec(&self.stored())).ok();
        // What the writer writes is JSON.
        text.and_then(|text| text.parse().ok()).unwrap_or_else(|| RawJson::walked("{}"))
    }

    /// Reads a profile that [`to_json`](Self::to_json) wrote, in this version of the library or another: members and words
    /// that are not known are passed over.
    ///
    /// # Errors
    /// When it is no JSON object.
    ///
    /// ```
    /// use ocpi_types::protocol::PartnerProfile;
    /// let newer = r#"{"times": "fortnights", "mood": {"is": "good"}, "most_limit": 50}"#.parse()?;
    /// assert_eq!(PartnerProfile::from_json(&newer)?, PartnerProfile::strict().with_most_limit(50));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_json(text: &RawJson) -> Result<Self, ProfileError> {
        let stored: StoredProfile = json::read_within(text.as_str().as_bytes(), Limits::trusted())?.value;
        Ok(Self::of_stored(stored))
    }

    fn stored(&self) -> StoredProfile {
        let Self {
            token,
            token_at,
            style: WritingStyle { explicit_nulls, times, coordinate_decimals, lengths },
            on_partial,
            request_slash,
            needs_url_slash,
            most_limit,
            rate,
            urls,
            traffic,
            counts_only_200,
        } = self;
        StoredProfile {
            token: token.and_then(|form| word(&FORMS, form)),
            token_at: token_at.iter().filter_map(|(scope, form)| stored_form(scope, *form)).collect(),
            explicit_nulls: explicit_nulls.then_some(true),
            times: word(&TIMES, *times),
            coordinate_decimals: coordinate_decimals.map(i64::from),
            lengths: lengths.and_then(|edition| text(edition.name())),
            on_partial: word(&ON_PARTIAL, *on_partial),
            request_slash: *request_slash,
            needs_url_slash: needs_url_slash.then_some(true),
            most_limit: most_limit.map(|limit| i64::try_from(limit).unwrap_or(i64::MAX)),
            rate: rate.map(|rate| {
                let millis = i64::try_from(rate.time().as_millis()).unwrap_or(i64::MAX);
                Box::new(StoredRateInit { requests: rate.requests().into(), millis }.build())
            }),
            urls: urls.iter().filter_map(stored_url).collect(),
            traffic: traffic
                .iter()
                .filter_map(|(module, only)| {
                    let only = word(&TRAFFIC, *only)?;
                    Some(StoredTrafficInit { module: module.clone(), only }.build())
                })
                .collect(),
            counts_only_200: counts_only_200.then_some(true),
            ..StoredProfileInit {}.build()
        }
    }

    fn of_stored(stored: StoredProfile) -> Self {
        let style = WritingStyle {
            explicit_nulls: stored.explicit_nulls.unwrap_or_default(),
            times: meaning(&TIMES, stored.times.as_ref()).unwrap_or_default(),
            coordinate_decimals: stored.coordinate_decimals.and_then(|decimals| decimals.try_into().ok()),
            lengths: stored.lengths.as_ref().and_then(|name| Ruleset::named(name.as_str())),
        };
        Self {
            token: meaning(&FORMS, stored.token.as_ref()),
            token_at: stored.token_at.into_iter().filter_map(form_of).collect(),
            style,
            on_partial: meaning(&ON_PARTIAL, stored.on_partial.as_ref()).unwrap_or_default(),
            request_slash: stored.request_slash,
            needs_url_slash: stored.needs_url_slash.unwrap_or_default(),
            most_limit: stored.most_limit.and_then(|limit| limit.try_into().ok()),
            rate: stored.rate.and_then(|rate| {
                let millis = u64::try_from(rate.millis).ok()?;
                Some(Rate::new(rate.requests.try_into().ok()?, Duration::from_millis(millis)))
            }),
            urls: stored.urls.into_iter().filter_map(url_of).collect(),
            traffic: stored
                .traffic
                .into_iter()
                .filter_map(|one| Some((one.module, meaning(&TRAFFIC, Some(&one.only))?)))
                .collect(),
            counts_only_200: stored.counts_only_200.unwrap_or_default(),
        }
    }
}

fn stored_form(scope: &TokenScope, form: TokenForm) -> Option<StoredTokenForm> {
    let (place, module) = match scope {
        TokenScope::Versions => (VERSIONS, None),
        TokenScope::VersionDetails => (DETAILS, None),
        TokenScope::Module(module) => (MODULE, Some(module.clone())),
    };
    let init = StoredTokenFormInit { place: text(place)?, form: word(&FORMS, form)? };
    Some(StoredTokenForm { module, ..init.build() })
}

fn form_of(stored: StoredTokenForm) -> Option<(TokenScope, TokenForm)> {
    let scope = match (stored.place.as_str(), stored.module) {
        (VERSIONS, None) => TokenScope::Versions,
        (DETAILS, None) => TokenScope::VersionDetails,
        (MODULE, Some(module)) => TokenScope::Module(module),
        _ => return None,
    };
    Some((scope, meaning(&FORMS, Some(&stored.form))?))
}

fn stored_url(known: &EndpointUrl) -> Option<StoredUrl> {
    let EndpointUrl { version, module, role, url } = known.clone();
    Some(StoredUrlInit { version: text(version.as_str())?, module, role, url }.build())
}

fn url_of(stored: StoredUrl) -> Option<EndpointUrl> {
    let StoredUrl { version, module, role, url, .. } = stored;
    Some(EndpointUrl { version: version.as_str().parse().ok()?, module, role, url })
}

fn text(text: &str) -> Option<FreeText> {
    text.parse().ok()
}

/// The word for a value; `None` for the usual one.
fn word<T: Copy + PartialEq>(words: &[(&str, T)], value: T) -> Option<FreeText> {
    words.iter().find(|(_, known)| *known == value).and_then(|(word, _)| text(word))
}

fn meaning<T: Copy>(words: &[(&str, T)], word: Option<&FreeText>) -> Option<T> {
    words.iter().find(|(known, _)| word.is_some_and(|word| word.as_str() == *known)).map(|(_, value)| *value)
}
