//! Profile of a partner: its deviations, and its preferences for messages to it.

mod presets;
mod stored;

use std::collections::BTreeMap;

use crate::json::{OnPartial, WritingStyle};
use crate::v2_2_1::versions::{InterfaceRole, ModuleId};
use crate::{Rate, Url, Version};

pub use stored::ProfileError;

/// Profile of a partner: its deviations from the specification, and its preferences for messages to it. It applies
/// before, during and after registration.
///
/// The default is a partner that follows its version exactly: [`PartnerProfile::strict`]. A client learns part of the
/// profile by itself; store the profile with [`to_json`](Self::to_json).
///
/// ```
/// use ocpi_types::Version;
/// use ocpi_types::json::Times;
/// use ocpi_types::protocol::{PartnerProfile, TokenForm, TokenScope};
///
/// // A partner that refuses fractions of a second, and takes the token in Base64 in its list of versions only.
/// let mut profile = PartnerProfile::strict()
///     .with_token(TokenForm::Plain)
///     .with_token_at(TokenScope::Versions, TokenForm::Base64);
/// profile.style.times = Times::Seconds;
/// assert_eq!(profile.token_form(Version::V2_2_1, &TokenScope::VersionDetails), TokenForm::Plain);
/// assert_eq!(PartnerProfile::from_json(&profile.to_json())?, profile);
/// # Ok::<(), ocpi_types::protocol::ProfileError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct PartnerProfile {
    /// Form of the token that the partner accepts; `None`: that of the version, plain in 2.1.1 and Base64 from 2.2 on.
    pub token: Option<TokenForm>,
    /// Places where the partner accepts a form other than [`token`](Self::token).
    pub token_at: BTreeMap<TokenScope, TokenForm>,
    /// Style of messages to the partner.
    pub style: WritingStyle,
    /// Treatment of the partner's objects with missing required members.
    pub on_partial: OnPartial,
    /// Whether paths below module URLs end with a slash; `None`: no. The module URLs themselves are those in the
    /// partner's version details, or in [`urls`](Self::urls).
    pub request_slash: Option<bool>,
    /// Whether module URLs in our version details end with a slash, because the partner's client appends paths without
    /// one.
    pub needs_url_slash: bool,
    /// Largest page `limit` that the partner accepts; `None`: not known.
    pub most_limit: Option<u64>,
    /// Request rate that the partner allows; `None`: the client's default.
    pub rate: Option<Rate>,
    /// URLs that replace those in the partner's version details: if 2.1.1 lists a module twice, or a URL is wrong.
    pub urls: Vec<EndpointUrl>,
    /// Modules whose objects the partner only pushes, or only offers for pulling.
    pub traffic: BTreeMap<ModuleId, ModuleTraffic>,
    /// Whether the partner accepts only HTTP 200 as success; we then answer 200 instead of 201 when an object is
    /// created.
    pub counts_only_200: bool,
}

/// Form of a credentials token in the header `Authorization`.
///
/// ```
/// use ocpi_types::Version;
/// use ocpi_types::protocol::TokenForm;
/// assert_eq!(TokenForm::of(Version::V2_1_1), TokenForm::Plain);
/// assert_eq!(TokenForm::of(Version::V2_2_1), TokenForm::Base64);
/// ```
///
/// Spec: 2.2.1 transport_and_format §authorization_header
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum TokenForm {
    /// As it is.
    Plain,
    /// Encoded in Base64.
    Base64,
}

impl TokenForm {
    /// Returns the form that a version requires.
    pub fn of(version: Version) -> Self {
        if version >= Version::V2_2 { Self::Base64 } else { Self::Plain }
    }

    /// Returns the other form.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Plain => Self::Base64,
            Self::Base64 => Self::Plain,
        }
    }

    /// Returns its name: `plain` or `base64`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Base64 => "base64",
        }
    }
}

/// Place where a form of the token applies.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum TokenScope {
    /// The list of versions.
    Versions,
    /// The details of a version.
    VersionDetails,
    /// A module.
    Module(ModuleId),
}

/// Way in which the objects of a module are exchanged with a partner.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum ModuleTraffic {
    /// Objects are pushed by their owner and cannot be fetched: the owner's Sender interface has no GET.
    PushOnly,
    /// Objects are fetched from their owner and cannot be pushed: there is no Receiver interface.
    PullOnly,
}

/// URL of a module interface in one version, which overrides the version details.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EndpointUrl {
    /// The version in which the URL applies.
    pub version: Version,
    /// The module.
    pub module: ModuleId,
    /// The interface.
    pub role: InterfaceRole,
    /// The URL.
    pub url: Url,
}

impl PartnerProfile {
    /// Sets the form of the token for all versions, except where [`with_token_at`](Self::with_token_at) sets another.
    #[must_use]
    pub fn with_token(self, form: TokenForm) -> Self {
        Self { token: Some(form), ..self }
    }

    /// Sets the form of the token at one place.
    #[must_use]
    pub fn with_token_at(mut self, scope: TokenScope, form: TokenForm) -> Self {
        self.token_at.insert(scope, form);
        self
    }

    /// Returns the form of the token in a request.
    pub fn token_form(&self, version: Version, scope: &TokenScope) -> TokenForm {
        let here = self.token_at.get(scope).copied();
        here.or(self.token).unwrap_or_else(|| TokenForm::of(version))
    }

    /// Sets the style of messages to the partner.
    #[must_use]
    pub fn with_style(self, style: WritingStyle) -> Self {
        Self { style, ..self }
    }

    /// Sets the treatment of the partner's objects with missing required members.
    #[must_use]
    pub fn with_on_partial(self, on_partial: OnPartial) -> Self {
        Self { on_partial, ..self }
    }

    /// Sets whether paths below module URLs end with a slash: see [`request_slash`](Self::request_slash).
    #[must_use]
    pub fn with_request_slash(self, slash: bool) -> Self {
        Self { request_slash: Some(slash), ..self }
    }

    /// Adds a slash to the module URLs in our version details: see [`needs_url_slash`](Self::needs_url_slash).
    #[must_use]
    pub fn with_url_slash(self) -> Self {
        Self { needs_url_slash: true, ..self }
    }

    /// Sets the largest page `limit` that the partner accepts.
    #[must_use]
    pub fn with_most_limit(self, limit: u64) -> Self {
        Self { most_limit: Some(limit), ..self }
    }

    /// Sets the request rate that the partner allows.
    #[must_use]
    pub fn with_rate(self, rate: Rate) -> Self {
        Self { rate: Some(rate), ..self }
    }

    /// Sets the URL of a module interface, replacing an earlier one.
    ///
    /// ```
    /// use ocpi_types::protocol::{EndpointUrl, PartnerProfile};
    /// use ocpi_types::{InterfaceRole, ModuleId, Version};
    /// // A platform of 2.1.1 that is CPO and eMSP, and names Locations twice: we push to the second.
    /// let profile = PartnerProfile::legacy_2_1_1().with_url(EndpointUrl {
    ///     version: Version::V2_1_1,
    ///     module: ModuleId::Locations,
    ///     role: InterfaceRole::Receiver,
    ///     url: "https://roaming.example/emsp/2.1.1/locations".parse()?,
    /// });
    /// assert!(profile.url(Version::V2_1_1, &ModuleId::Locations, &InterfaceRole::Receiver).is_some());
    /// assert!(profile.url(Version::V2_1_1, &ModuleId::Locations, &InterfaceRole::Sender).is_none());
    /// # Ok::<(), ocpi_types::UrlError>(())
    /// ```
    #[must_use]
    pub fn with_url(mut self, url: EndpointUrl) -> Self {
        self.urls.retain(|known| !known.is_at(url.version, &url.module, &url.role));
        self.urls.push(url);
        self
    }

    /// Returns the URL of a module interface that replaces the one in the version details, if there is one.
    pub fn url(&self, version: Version, module: &ModuleId, role: &InterfaceRole) -> Option<&Url> {
        self.urls.iter().find(|known| known.is_at(version, module, role)).map(|known| &known.url)
    }

    /// Sets the only way in which the objects of a module are exchanged.
    #[must_use]
    pub fn with_traffic(mut self, module: ModuleId, traffic: ModuleTraffic) -> Self {
        self.traffic.insert(module, traffic);
        self
    }

    /// Answers HTTP 200 also when an object is created.
    #[must_use]
    pub fn counting_only_200(self) -> Self {
        Self { counts_only_200: true, ..self }
    }
}

impl EndpointUrl {
    fn is_at(&self, version: Version, module: &ModuleId, role: &InterfaceRole) -> bool {
        (self.version, &self.module, &self.role) == (version, module, role)
    }
}
