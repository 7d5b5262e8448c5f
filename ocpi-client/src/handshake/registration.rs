//! The exchange of credentials.

use bytes::Bytes;
use ocpi_types::convert::Relation;
use ocpi_types::endpoint::{GetVersions, PostCredentials, PutCredentials};
use ocpi_types::observe::Observer;
use ocpi_types::protocol::{PartnerId, PartnerProfile, TokenScope};
use ocpi_types::v2_3_0::credentials::Credentials;
use ocpi_types::{Clock, CredentialsToken, Finding, ModuleId, Rule, Url, Version};

use super::token_forms::{TokenForms, is_about_form, settled};
use super::{Discovered, Discovery, Machine, Next, run};
use crate::client::{Asked, is_at_origin_of_any};
use crate::error::Kind;
use crate::{Client, Deviation, Error, RequestIds, Transport};

/// Registers with a partner, or rotates the tokens of a registration.
///
/// While the request with the credentials is being answered, the partner calls back with the token in them: the token
/// must be valid before that request is sent.
///
/// ```
/// use ocpi_client::{Error, RequestIds, Registered, Registration, Transport};
/// use ocpi_types::v2_3_0::credentials::Credentials;
/// use ocpi_types::{CredentialsToken, Url, Version};
///
/// async fn register(
///     http: &impl Transport,
///     their_versions: Url,
///     token_a: CredentialsToken,
///     ours: Credentials,
/// ) -> Result<Registered, Error> {
///     let versions = [Version::V2_2_1, Version::V2_3_0];
///     Registration::new(their_versions, token_a, ours, &versions, RequestIds::new("reg-1")).run(http).await
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Registration {
    way: Way,
    exchange: Exchange,
}

/// Step of a registration.
#[derive(Clone, Debug)]
enum Way {
    Discovering(Box<Discovery>),
    Discovered(Discovered),
}

/// The request with the credentials, and the ways in which it was sent.
#[derive(Clone, Debug)]
struct Exchange {
    credentials: Credentials,
    renew: bool,
    /// The token that was good last.
    last: Option<CredentialsToken>,
    forms: TokenForms,
    /// URLs whose origins may have the credentials, beside that of the list of versions.
    trusted: Vec<Url>,
    /// Whether a POST was refused as if there were a registration.
    is_put_instead: bool,
    has_nulls: bool,
    /// Whether it went on with another end of the path.
    has_turned: bool,
}

/// A completed registration.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use]
pub struct Registered {
    /// Client of the partner, with the token that it gave us (token C). Its profile contains what was learned.
    pub client: Client,
    /// The version.
    pub version: Version,
    /// The partner's credentials.
    pub credentials: Credentials,
}

impl Registered {
    /// Deviations of the partner that were tolerated.
    pub fn deviations(&self) -> Vec<Deviation> {
        self.client.deviations()
    }
}

impl Registration {
    /// Registers with POST. `token` is the one that the partner handed over (token A); `credentials` contain our token
    /// for the partner (token B).
    pub fn new(
        versions_url: Url,
        token: CredentialsToken,
        credentials: Credentials,
        wanted: &[Version],
        ids: RequestIds,
    ) -> Self {
        let discovery = Discovery::new(versions_url, token, wanted, ids);
        Self { way: Way::Discovering(Box::new(discovery)), exchange: Exchange::new(credentials) }
    }

    /// Continues after a discovery, with the same token, for a partner whose offer has to be examined first.
    pub fn with(discovered: Discovered, credentials: Credentials) -> Self {
        Self { way: Way::Discovered(discovered), exchange: Exchange::new(credentials) }
    }

    /// Sets the parties on the two sides: see [`Discovery::with_relation`].
    #[must_use]
    pub fn with_relation(self, relation: Relation) -> Self {
        self.with_client(|client| client.with_relation(relation))
    }

    /// Sets the deviations of the partner: see [`Discovery::with_profile`].
    #[must_use]
    pub fn with_profile(self, profile: PartnerProfile) -> Self {
        self.with_client(|client| client.with_profile(profile))
    }

    /// Sets an observer: see [`Client::observed_by`].
    #[must_use]
    pub fn observed_by(self, observer: Observer, clock: Clock, partner: Option<PartnerId>) -> Self {
        self.with_client(|client| client.observed_by(observer, clock, partner))
    }

    /// Rotates with PUT: `token` is the one in use.
    #[must_use]
    pub fn renewing(mut self) -> Self {
        self.exchange.renew = true;
        self
    }

    /// Sets the last valid token of a registration that the partner may still know: if it refuses POST as if registered
    /// (405), PUT is tried with this token.
    #[must_use]
    pub fn with_last_token(mut self, token: CredentialsToken) -> Self {
        self.exchange.last = Some(token);
        self
    }

    /// Also allows the credentials to go to the origin of this URL, which must come from somebody who knows the
    /// partner. By default they go only to the origin of the list of versions, whatever the version details say.
    #[must_use]
    pub fn trusting(mut self, url: Url) -> Self {
        self.exchange.trusted.push(url);
        self
    }

    /// Returns the first request.
    ///
    /// # Errors
    /// As [`Discovery::start`].
    pub fn start(&self) -> Result<http::Request<Bytes>, Error> {
        match &self.way {
            Way::Discovered(discovered) => self.exchange.request(&discovered.client),
            Way::Discovering(discovery) => discovery.start(),
        }
    }

    /// Takes the answer to the last request, and returns the next step.
    ///
    /// # Errors
    /// When the answer is an error, or the platforms have no version in common.
    pub fn step(&mut self, answer: http::Response<Bytes>) -> Result<Next<Registered>, Error> {
        match &mut self.way {
            Way::Discovering(discovery) => {
                let discovered = match discovery.step(answer)? {
                    Next::Send(request) => return Ok(Next::Send(request)),
                    Next::Done(discovered) => discovered,
                };
                let request = self.exchange.request(&discovered.client)?;
                self.way = Way::Discovered(discovered);
                Ok(Next::Send(request))
            }
            Way::Discovered(discovered) => self.exchange.step(discovered, answer),
        }
    }

    /// Runs the registration to its end.
    ///
    /// # Errors
    /// As [`Registration::step`], and those of the transport.
    pub async fn run(self, transport: &impl Transport) -> Result<Registered, Error> {
        run(self, transport).await
    }

    fn with_client(self, change: impl FnOnce(Client) -> Client) -> Self {
        let way = match self.way {
            Way::Discovering(it) => Way::Discovering(Box::new(it.with_client(change))),
            Way::Discovered(it) => Way::Discovered(Discovered { client: change(it.client), ..it }),
        };
        Self { way, ..self }
    }
}

impl Exchange {
    fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            renew: false,
            last: None,
            forms: TokenForms::default(),
            trusted: Vec::new(),
            is_put_instead: false,
            has_nulls: false,
            has_turned: false,
        }
    }

    fn request(&self, client: &Client) -> Result<http::Request<Bytes>, Error> {
        if let Some(at) =
            client.base_of::<PostCredentials<Credentials>>().filter(|at| !self.is_home(client, at))
        {
            return Err(Error::new(self.asked().endpoint, Kind::foreign_url(&at)));
        }
        // In the version that was found, whatever version these are of.
        let ours = self.credentials.clone();
        if self.renew {
            client.request(&PutCredentials(ours))
        } else {
            client.request(&PostCredentials(ours))
        }
    }

    fn step(
        &mut self,
        discovered: &mut Discovered,
        answer: http::Response<Bytes>,
    ) -> Result<Next<Registered>, Error> {
        let client = &discovered.client;
        let asked = self.request(client)?.uri().clone();
        let slash = client.wanted_slash(&asked, &answer).filter(|_| !self.has_turned);
        if slash.is_some_and(|slash| client.learn_slash::<PostCredentials<Credentials>>(&asked, slash)) {
            self.has_turned = true;
            return self.request(client).map(Next::Send);
        }
        let answered = if self.renew {
            client.response::<PutCredentials<Credentials>>(answer)
        } else {
            client.response::<PostCredentials<Credentials>>(answer)
        };
        let credentials = match answered {
            Ok(answered) => answered.value,
            Err(error) => {
                let Some(client) = self.other_way(client, &error) else { return Err(error) };
                discovered.client = client;
                return self.request(&discovered.client).map(Next::Send);
            }
        };
        let version = discovered.version;
        let client = self.learned(client.clone(), version).with_token(credentials.token.clone());
        Ok(Next::Done(Registered { client, version, credentials }))
    }

    /// The client for the next way to send a request that was refused; `None` if there is none. Each is tried once.
    fn other_way(&mut self, client: &Client, error: &Error) -> Option<Client> {
        if !error.is_clear_refusal() {
            return None;
        }
        if is_about_form(error) {
            return self.forms.other(client, &scope());
        }
        let http = error.http_status().map(|http| http.as_u16());
        if matches!(http, Some(400 | 422)) && !client.profile().style.explicit_nulls {
            self.has_nulls = true;
            return Some(client.clone().adapted(|profile| profile.style.explicit_nulls = true));
        }
        if error.is_method_not_allowed() && !self.renew {
            let last = self.last.take()?;
            (self.renew, self.is_put_instead) = (true, true);
            return Some(client.clone().with_token(last));
        }
        None
    }

    /// The client with what was learned, now that there was an answer.
    fn learned(&self, client: Client, version: Version) -> Client {
        let endpoint = self.asked().endpoint;
        let rules = [(self.has_nulls, Rule::NullsDemanded), (self.is_put_instead, Rule::RegisteredAlready)];
        for (_, rule) in rules.into_iter().filter(|(is_so, _)| *is_so) {
            client.learned().tell(&endpoint, &[Finding::of_document(rule)]);
        }
        let client = self.forms.worked(client, version, scope(), &endpoint);
        client.adapted(|profile| settled(profile, version))
    }

    /// Whether two tokens may go there: ours, and the one in use.
    fn is_home(&self, client: &Client, at: &Url) -> bool {
        is_at_origin_of_any(at, client.base_of::<GetVersions>().iter().chain(&self.trusted))
    }

    fn asked(&self) -> Asked {
        if self.renew {
            Asked::of::<PutCredentials<Credentials>>()
        } else {
            Asked::of::<PostCredentials<Credentials>>()
        }
    }
}

impl Machine for Registration {
    type Done = Registered;

    fn asks(&self) -> (Client, Asked) {
        match &self.way {
            Way::Discovering(discovery) => discovery.asks(),
            Way::Discovered(discovered) => (discovered.client.clone(), self.exchange.asked()),
        }
    }

    fn start(&self) -> Result<http::Request<Bytes>, Error> {
        self.start()
    }

    fn step(&mut self, answer: http::Response<Bytes>) -> Result<Next<Registered>, Error> {
        self.step(answer)
    }
}

fn scope() -> TokenScope {
    TokenScope::Module(ModuleId::Credentials)
}
