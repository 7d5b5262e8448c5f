//! Profiles as JSON.

use std::time::Duration;

use serde_json::{Map, Value as Json, json};

use super::{EndpointUrl, ModuleTraffic, PartnerProfile, TokenForm, TokenScope};
use crate::json::{OnPartial, RawJson, Times, WritingStyle};
use crate::v2_2_1::versions::ModuleId;
use crate::{Rate, Ruleset};

/// Error: a text is not a profile of a partner, which is a JSON object.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("this is no profile of a partner: it is no JSON object, or one too deep")]
pub struct ProfileError;

const TIMES: [(&str, Times); 2] = [("seconds", Times::Seconds), ("millis", Times::Millis)];
const ON_PARTIAL: [(&str, OnPartial); 2] = [("keep", OnPartial::Keep), ("fail", OnPartial::Fail)];
const FORMS: [(&str, TokenForm); 2] = [("plain", TokenForm::Plain), ("base64", TokenForm::Base64)];
const TRAFFIC: [(&str, ModuleTraffic); 2] =
    [("push", ModuleTraffic::PushOnly), ("pull", ModuleTraffic::PullOnly)];
const VERSIONS: &str = "versions";
const DETAILS: &str = "version_details";
const MODULE: &str = "module";

impl PartnerProfile {
    /// Returns the profile as a JSON object without default values.
    ///
    /// ```
    /// use ocpi_types::protocol::PartnerProfile;
    /// assert_eq!(PartnerProfile::strict().to_json().as_str(), "{}");
    /// assert_eq!(PartnerProfile::strict().counting_only_200().to_json().as_str(), r#"{"counts_only_200":true}"#);
    /// ```
    pub fn to_json(&self) -> RawJson {
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
        let members = [
            ("token", json!(token.and_then(|form| word(&FORMS, form)))),
            ("token_at", token_at.iter().map(|(scope, form)| stored_form(scope, *form)).collect()),
            ("explicit_nulls", json!(explicit_nulls.then_some(true))),
            ("times", json!(word(&TIMES, *times))),
            ("coordinate_decimals", json!(coordinate_decimals)),
            ("lengths", json!(lengths.map(|edition| edition.name()))),
            ("on_partial", json!(word(&ON_PARTIAL, *on_partial))),
            ("request_slash", json!(request_slash)),
            ("needs_url_slash", json!(needs_url_slash.then_some(true))),
            ("most_limit", json!(most_limit)),
            ("rate", rate.map_or(Json::Null, stored_rate)),
            ("urls", urls.iter().map(stored_url).collect()),
            ("traffic", traffic.iter().map(|(module, only)| stored_traffic(module, *only)).collect()),
            ("counts_only_200", json!(counts_only_200.then_some(true))),
        ];
        let told = members.into_iter().filter(|(_, value)| !value.is_null() && *value != json!([]));
        let object: Map<String, Json> = told.map(|(name, value)| (name.to_owned(), value)).collect();
        RawJson::walked(&Json::Object(object).to_string())
    }

    /// Reads a profile written by [`to_json`](Self::to_json) in any version of the library: unknown members and words
    /// are ignored.
    ///
    /// # Errors
    /// When the text is not a JSON object.
    ///
    /// ```
    /// use ocpi_types::protocol::PartnerProfile;
    /// let newer = r#"{"times": "fortnights", "mood": {"is": "good"}, "most_limit": 50}"#.parse()?;
    /// assert_eq!(PartnerProfile::from_json(&newer)?, PartnerProfile::strict().with_most_limit(50));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_json(text: &RawJson) -> Result<Self, ProfileError> {
        let stored: Map<String, Json> = serde_json::from_str(text.as_str()).map_err(|_| ProfileError)?;
        let stored = Json::Object(stored);
        let flag = |name: &str| stored[name].as_bool().unwrap_or_default();
        let list = |name: &str| stored[name].as_array().into_iter().flatten();
        Ok(Self {
            token: meaning(&FORMS, &stored["token"]),
            token_at: list("token_at").filter_map(form_of).collect(),
            style: WritingStyle {
                explicit_nulls: flag("explicit_nulls"),
                times: meaning(&TIMES, &stored["times"]).unwrap_or_default(),
                coordinate_decimals: number(&stored["coordinate_decimals"]),
                lengths: stored["lengths"].as_str().and_then(Ruleset::named),
            },
            on_partial: meaning(&ON_PARTIAL, &stored["on_partial"]).unwrap_or_default(),
            request_slash: stored["request_slash"].as_bool(),
            needs_url_slash: flag("needs_url_slash"),
            most_limit: stored["most_limit"].as_u64(),
            rate: rate_of(&stored["rate"]),
            urls: list("urls").filter_map(url_of).collect(),
            traffic: list("traffic").filter_map(traffic_of).collect(),
            counts_only_200: flag("counts_only_200"),
        })
    }
}

fn stored_form(scope: &TokenScope, form: TokenForm) -> Json {
    let form = word(&FORMS, form);
    match scope {
        TokenScope::Versions => json!({"place": VERSIONS, "form": form}),
        TokenScope::VersionDetails => json!({"place": DETAILS, "form": form}),
        TokenScope::Module(module) => json!({"place": MODULE, "module": module, "form": form}),
    }
}

fn form_of(stored: &Json) -> Option<(TokenScope, TokenForm)> {
    let scope = match (stored["place"].as_str()?, stored["module"].as_str()) {
        (VERSIONS, None) => TokenScope::Versions,
        (DETAILS, None) => TokenScope::VersionDetails,
        (MODULE, Some(module)) => TokenScope::Module(module.into()),
        _ => return None,
    };
    Some((scope, meaning(&FORMS, &stored["form"])?))
}

fn stored_rate(rate: Rate) -> Json {
    let millis = u64::try_from(rate.time().as_millis()).unwrap_or(u64::MAX);
    json!({"requests": rate.requests(), "millis": millis})
}

fn rate_of(stored: &Json) -> Option<Rate> {
    let time = Duration::from_millis(stored["millis"].as_u64()?);
    Some(Rate::new(number(&stored["requests"])?, time))
}

fn stored_url(known: &EndpointUrl) -> Json {
    let EndpointUrl { version, module, role, url } = known;
    json!({"version": version.as_str(), "module": module, "role": role, "url": url})
}

fn url_of(stored: &Json) -> Option<EndpointUrl> {
    Some(EndpointUrl {
        version: stored["version"].as_str()?.parse().ok()?,
        module: stored["module"].as_str()?.into(),
        role: stored["role"].as_str()?.into(),
        // As it was read from the partner, be it well-formed or not.
        url: serde_json::from_value(stored["url"].clone()).ok()?,
    })
}

fn stored_traffic(module: &ModuleId, only: ModuleTraffic) -> Json {
    json!({"module": module, "only": word(&TRAFFIC, only)})
}

fn traffic_of(stored: &Json) -> Option<(ModuleId, ModuleTraffic)> {
    Some((stored["module"].as_str()?.into(), meaning(&TRAFFIC, &stored["only"])?))
}

/// The word for a value; `None` for the usual one.
fn word<T: Copy + PartialEq>(words: &[(&'static str, T)], value: T) -> Option<&'static str> {
    words.iter().find(|(_, known)| *known == value).map(|(word, _)| *word)
}

fn meaning<T: Copy>(words: &[(&str, T)], word: &Json) -> Option<T> {
    words.iter().find(|(known, _)| word.as_str() == Some(known)).map(|(_, value)| *value)
}

fn number<T: TryFrom<u64>>(stored: &Json) -> Option<T> {
    stored.as_u64()?.try_into().ok()
}
