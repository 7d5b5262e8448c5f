//! Profile of a partner: how it deviates, and how it wants to be spoken to.

mod presets;
mod stored;

use std::collections::BTreeMap;

use crate::json::{OnPartial, WritingStyle};
use crate::v2_2_1::versions::{InterfaceRole, ModuleId};
use crate::{Rate, Url, Version};

pub use stored::ProfileError;

/// Profile of a partner: how it deviates from the specification, and how it wants to be spoken to. It applies before, during
/// and after registration.
///
/// The default is a partner that follows its version exactly: [`PartnerProfile::strict`]. A client learns part of the profile
/// by itself; store it with [`to_json`](Self::to_json).
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
    /// Form of the token that it accepts; `None`: that of the version, plain in 2.1.1 and Base64 from 2.2 on.
    pub token: Option<TokenForm>,
    /// Places where it accepts a form other than [`token`](Self::token).
    pub token_at: BTreeMap<TokenScope, TokenForm>,
    /// Form in which it wants to be written to.
    pub style: WritingStyle,
    /// Treatment of its objects in which required members are missing.
    pub on_partial: OnPartial,
    /// Whether paths below the URLs of its modules end with a slash; `None`: without one. The URLs of modules themselves are those
    /// of its version details, or of [`urls`](Self::urls).
    pub request_slash: Option<bool>,
    /// Whether our version details give it module URLs with a slash at the end, because its client appends paths without one.
    pub needs_url_slash: bool,
    /// Largest `limit` that it accepts for a page; `None`: not known.
    pub most_limit: Option<u64>,
    /// Request rate that it allows; `None`: the client's default.
    pub rate: Option<Rate>,
    /// URLs to use in the place of those in its version details: where 2.1.1 names a module twice, or one is wrong.
    pub urls: Vec<EndpointUrl>,
    /// Modules whose objects it only pushes, or only lets be fetched.
    pub traffic: BTreeMap<ModuleId, ModuleTraffic>,
    /// Whether it accepts only HTTP 200 as success, so that we answer 200 instead of 201 when an object is new.
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
    /// Returns the form that a version asks for.
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

/// Place where a form of the token holds.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum TokenScope {
    /// The list of versions.
    Versions,
    /// The details of a version.
    VersionDetails,
    /// A module.
    Module(ModuleId),
}

/// Direction in which the objects of a module are exchanged with a partner.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum ModuleTraffic {
    /// Objects are pushed by their owner, and cannot be fetched: its Sender interface has no GET.
    PushOnly,
    /// Objects are fetched from their owner, and cannot be pushed: there is no Receiver interface.
    PullOnly,
}

/// URL to use for an interface of a module in one version, whatever the version details say.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EndpointUrl {
    /// The version in which it holds.
    pub version: Version,
    /// The module.
    pub module: ModuleId,
    /// The interface.
    pub role: InterfaceRole,
    /// The URL.
    pub url: Url,
}

impl PartnerProfile {
    /// With the token in this form, whatever the version, but where [`with_token_at`](Self::with_token_at) says otherwise.
    #[must_use]
    pub fn with_token(self, form: TokenForm) -> Self {
        Self { token: Some(form), ..self }
    }

    /// With the token in this form at one place.
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

    /// With a style of messages to it.
    #[must_use]
    pub fn with_style(self, style: WritingStyle) -> Self {
        Self { style, ..self }
    }

    /// With a treatment of its objects in which required members are missing.
    #[must_use]
    pub fn with_on_partial(self, on_partial: OnPartial) -> Self {
        Self { on_partial, ..self }
    }

    /// With a slash at the end of paths below the URLs of modules, or without: see [`request_slash`](Self::request_slash).
    #[must_use]
    pub fn with_request_slash(self, slash: bool) -> Self {
        Self { request_slash: Some(slash), ..self }
    }

    /// With a slash at the end of the URLs that it is told: see [`needs_url_slash`](Self::needs_url_slash).
    #[must_use]
    pub fn with_url_slash(self) -> Self {
        Self { needs_url_slash: true, ..self }
    }

    /// With the most objects that it lets be asked for on a page.
    #[must_use]
    pub fn with_most_limit(self, limit: u64) -> Self {
        Self { most_limit: Some(limit), ..self }
    }

    /// With the requests that it allows in a time.
    #[must_use]
    pub fn with_rate(self, rate: Rate) -> Self {
        Self { rate: Some(rate), ..self }
    }

    /// With a URL for an interface of a module, in the place of the one before.
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

    /// Returns the URL for an interface of a module, if there is one to use in the place of that of the version details.
    pub fn url(&self, version: Version, module: &ModuleId, role: &InterfaceRole) -> Option<&Url> {
        self.urls.iter().find(|known| known.is_at(version, module, role)).map(|known| &known.url)
    }

    /// With the one direction in which the objects of a module are exchanged.
    #[must_use]
    pub fn with_traffic(mut self, module: ModuleId, traffic: ModuleTraffic) -> Self {
        self.traffic.insert(module, traffic);
        self
    }

    /// With HTTP 200 as the answer also where an object is new.
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
