//! The list of a partner's versions.

use bytes::Bytes;
use ocpi_types::endpoint::{Endpoint, GetVersions};
use ocpi_types::json::RawJson;
use ocpi_types::observe::Observer;
use ocpi_types::protocol::{PartnerId, PartnerProfile, TokenForm, TokenScope};
use ocpi_types::v2_2_1::versions;
use ocpi_types::{Clock, CredentialsToken, Finding, Rule, Url, Version};

use super::token_forms::{TokenForms, may_be_about_form};
use super::{Machine, Next, Unshown, run};
use crate::client::Asked;
use crate::error::Kind;
use crate::{Client, Deviation, Error, RequestIds, Transport};

/// Most bytes of a list of versions.
const MOST: usize = 256 << 10;

/// Requests a platform's list of versions only, the first step of a [`Discovery`](super::Discovery). A refused token is
/// tried in its other form, and a missing list is looked for at `versions` below the URL.
///
/// ```
/// use bytes::Bytes;
/// use ocpi_client::{Next, RequestIds, VersionSearch};
/// let body = br#"{"data": [{"version": "2.2", "url": "https://cpo.example/2.2"}], "status_code": 1000}"#;
/// let url = "https://cpo.example/versions".parse()?;
/// let mut search = VersionSearch::new(url, "secret".parse()?, RequestIds::new("run-1"));
/// assert_eq!(search.start()?.uri(), "https://cpo.example/versions");
/// let Next::Done(list) = search.step(http::Response::new(Bytes::from_static(body)))? else { panic!("no list") };
/// assert_eq!(list.versions[0].version.as_str(), "2.2");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct VersionSearch {
    pub(super) client: Client,
    forms: TokenForms,
    /// The first answer, which says more than that of a guess.
    first: Option<Unshown>,
    /// Whether the list is looked for below the URL that was given.
    is_below: bool,
}

/// List of a partner's versions.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use]
pub struct VersionList {
    /// Client that fetched the list: with its URL, and the form of the token that worked.
    pub client: Client,
    /// The partner's list of versions; empty if it answered with the details of one version instead.
    pub versions: Vec<versions::Version>,
    /// Form of the token that worked.
    pub token_form: TokenForm,
    /// Whether the other form was refused.
    pub(super) forms: TokenForms,
    /// Details of a version that came in the place of the list.
    pub(super) details: Option<Unshown>,
}

impl VersionSearch {
    /// Starts at `versions_url` with `token`.
    pub fn new(versions_url: Url, token: CredentialsToken, ids: RequestIds) -> Self {
        Self::newest(versions_url, token, Version::V2_3_0, ids)
    }

    /// Asks as a platform whose newest version is this.
    pub(super) fn newest(
        versions_url: Url,
        token: CredentialsToken,
        newest: Version,
        ids: RequestIds,
    ) -> Self {
        let client = Client::new(newest, Vec::new(), token, ids).with_versions_url(versions_url);
        Self { client, forms: TokenForms::default(), first: None, is_below: false }
    }

    /// Sets the deviations of the partner that are known in advance.
    #[must_use]
    pub fn with_profile(self, profile: PartnerProfile) -> Self {
        self.with_client(|client| client.with_profile(profile))
    }

    pub(super) fn with_client(self, change: impl FnOnce(Client) -> Client) -> Self {
        Self { client: change(self.client), ..self }
    }

    /// Sets an observer: see [`Client::observed_by`].
    #[must_use]
    pub fn observed_by(self, observer: Observer, clock: Clock, partner: Option<PartnerId>) -> Self {
        self.with_client(|client| client.observed_by(observer, clock, partner))
    }

    /// Returns the first request.
    ///
    /// # Errors
    /// When no request to the URL can be built.
    pub fn start(&self) -> Result<http::Request<Bytes>, Error> {
        self.client.request(&GetVersions)
    }

    /// Takes the answer to the last request, and returns the next step.
    ///
    /// # Errors
    /// When the answer is an error, not a list, or too large.
    pub fn step(&mut self, answer: http::Response<Bytes>) -> Result<Next<VersionList>, Error> {
        let first = answer.clone();
        let error = match self.read(answer) {
            Ok(list) => return Ok(Next::Done(list)),
            Err(error) => error,
        };
        let is_to_be_tried = (is_of_other_url(&error) && self.goes_below())
            || (may_be_about_form(&error) && self.tries_other_form());
        if is_to_be_tried {
            self.first.get_or_insert(Unshown(first));
            return self.start().map(Next::Send);
        }
        match self.first.take().map(|Unshown(first)| self.read(first)) {
            Some(Err(error)) => Err(error),
            _ => Err(error),
        }
    }

    /// Runs the search to its end.
    ///
    /// # Errors
    /// As [`VersionSearch::step`], and those of the transport.
    pub async fn run(self, transport: &impl Transport) -> Result<VersionList, Error> {
        run(self, transport).await
    }

    fn read(&self, answer: http::Response<Bytes>) -> Result<VersionList, Error> {
        let fail = |what| Err(Error::new(GetVersions::name(), Kind::Handshake(what)));
        if answer.body().len() > MOST {
            return fail("the list of versions is too large");
        }
        let listed = |versions, details| VersionList {
            client: self.client.clone(),
            versions,
            token_form: self.client.profile().token_form(self.client.version(), &TokenScope::Versions),
            forms: self.forms,
            details,
        };
        let object = answered_object(&answer);
        let (versions, details) = if object.is_some_and(|data| data.member("endpoints").is_some()) {
            (Vec::new(), Some(Unshown(answer)))
        } else {
            (self.client.response::<GetVersions>(answer)?.value, None)
        };
        if self.is_below || details.is_some() {
            self.client.learned().tell(&GetVersions::name(), &[Finding::of_document(Rule::UrlNotVersions)]);
        }
        Ok(listed(versions, details))
    }

    fn tries_other_form(&mut self) -> bool {
        let other = self.forms.other(&self.client, &TokenScope::Versions);
        other.map(|client| self.client = client).is_some()
    }

    /// Looks for the list below the URL that was given; `false` if that is not to be done.
    fn goes_below(&mut self) -> bool {
        const NAME: &str = "versions";
        let given = self.client.base_of::<GetVersions>().filter(|_| !self.is_below);
        let is_named = |url: &Url| url.as_str().trim_end_matches('/').ends_with(NAME);
        let Some(given) = given.filter(|url| !is_named(url)) else { return false };
        self.is_below = true;
        self.forms = TokenForms::default();
        self.client = self.client.clone().with_versions_url(given.join([NAME]));
        true
    }
}

impl Machine for VersionSearch {
    type Done = VersionList;

    fn asks(&self) -> (Client, Asked) {
        (self.client.clone(), Asked::of::<GetVersions>())
    }

    fn start(&self) -> Result<http::Request<Bytes>, Error> {
        self.start()
    }

    fn step(&mut self, answer: http::Response<Bytes>) -> Result<Next<VersionList>, Error> {
        self.step(answer)
    }
}

impl VersionList {
    /// Deviations of the partner that were tolerated so far.
    pub fn deviations(&self) -> Vec<Deviation> {
        self.client.deviations()
    }

    /// Tells of the form of the token, once a version is chosen; by itself a list does not say which form is right.
    pub(super) fn chosen(self, version: Version) -> Client {
        let Self { client, forms, token_form, .. } = self;
        let client = forms.worked(client, version, TokenScope::Versions, &GetVersions::name());
        client.with_endpoints(version, Vec::new()).adapted(|profile| {
            // In 2.1.1 it is plain for everything else, whatever the list was had with.
            if forms.was_changed() && version >= Version::V2_2 {
                profile.token = Some(token_form);
            }
        })
    }
}

/// Whether the URL may be that of something else than the list: a base URL, or a web page.
fn is_of_other_url(error: &Error) -> bool {
    let is_not_there = matches!(error.http_status(), Some(http) if [404, 405, 410].contains(&http.as_u16()));
    is_not_there || error.is_unreadable()
}

/// The object that a successful answer holds, or is.
fn answered_object(answer: &http::Response<Bytes>) -> Option<RawJson> {
    let text = std::str::from_utf8(answer.body()).ok().filter(|_| answer.status().is_success())?;
    let text = text.trim_start_matches('\u{feff}').trim();
    let whole: RawJson = text.starts_with('{').then(|| text.parse().ok())??;
    let data = whole.member("data");
    let is_envelope = data.is_some() || whole.member("status_code").is_some();
    let object = if is_envelope { data? } else { whole };
    object.as_str().starts_with('{').then_some(object)
}
