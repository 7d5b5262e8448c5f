//! Finding out what a partner offers, and how it deviates.

use bytes::Bytes;
use ocpi_client::blocking::BlockingTransport;
use ocpi_client::{Client, Discovery, Next};
use ocpi_types::endpoint::{GetVersionDetails, GetVersions, v2_1_1};
use ocpi_types::v2_2_1::versions;
use ocpi_types::{CredentialsToken, Finding, ModuleId, Severity, Url, Version};

use crate::remote::{Deviation, Failure, Http, Secret, request_ids};

/// List of a partner's versions.
#[derive(Debug)]
pub(crate) struct Offered {
    pub(crate) versions: Vec<versions::Version>,
    pub(crate) deviations: Vec<Deviation>,
    /// Whether the token was taken in Base64.
    pub(crate) base64: bool,
}

/// A partner with the version that is spoken.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) versions: Vec<versions::Version>,
    pub(crate) client: Client,
    pub(crate) version: Version,
    pub(crate) deviations: Vec<Deviation>,
}

/// Asks for the list of versions alone, with the token in both forms if it has to be.
///
/// # Errors
/// When the partner does not answer, or refuses both forms.
pub(crate) fn offered(url: &Url, secret: &Secret, http: &Http) -> Result<Offered, Failure> {
    let client = client(url, secret.token());
    let first = versions_by(&client, http);
    let (answer, base64) = match first {
        Err(Failed::Answer(error)) if error.is_unauthorized() => {
            // The first error says more than that of a guess.
            match versions_by(&client.with_base64(false), http) {
                Ok(answer) => (answer, false),
                Err(_) => return Err(error.into()),
            }
        }
        first => (first.map_err(Failed::told)?, true),
    };
    let mut deviations = Deviation::of_findings("versions", &answer.findings);
    let is_new = |entry: &versions::Version| {
        entry.version.as_str().parse().is_ok_and(|it: Version| it >= Version::V2_2_1)
    };
    if !base64 && answer.value.iter().any(is_new) {
        deviations.insert(0, Deviation::not_base64());
    }
    Ok(Offered { versions: answer.value, deviations, base64 })
}

/// Asks for the versions and for the details of the newest of those that are wanted.
///
/// # Errors
/// When the partner does not answer as it has to, or has none of the versions.
pub(crate) fn discover(
    url: &Url,
    secret: &Secret,
    wanted: &[Version],
    http: &Http,
) -> Result<Found, Failure> {
    let mut discovery = Discovery::new(url.clone(), secret.token(), wanted, request_ids());
    let reader = client(url, secret.token());
    let mut request = discovery.start()?;
    let mut list = None;
    let (discovered, details) = loop {
        let answer = http.0.send(request)?;
        match discovery.step(answer.clone())? {
            Next::Send(next) => request = next,
            Next::Done(discovered) => break (discovered, answer),
        }
        // What was refused for the form of the token is no list.
        if list.is_none() {
            list = reader.response::<GetVersions>(answer).ok();
        }
    };
    let version = discovered.version;
    let (versions, mut deviations) = match list {
        Some(list) => (list.value, Deviation::of_findings("versions", &list.findings)),
        None => (Vec::new(), Vec::new()),
    };
    if version >= Version::V2_2_1 && !discovered.client.profile().base64 {
        deviations.insert(0, Deviation::not_base64());
    }
    let findings = findings_of(&discovered.client, version, details);
    deviations.extend(Deviation::of_findings("version details", &findings));
    if !discovered.client.endpoints().iter().any(|it| it.identifier == ModuleId::Credentials) {
        deviations.push(Deviation::no_credentials());
    }
    Ok(Found { versions, client: discovered.client, version, deviations })
}

/// Findings on version details.
fn findings_of(client: &Client, version: Version, answer: http::Response<Bytes>) -> Vec<Finding> {
    let findings = if version >= Version::V2_2_1 {
        client.response::<GetVersionDetails>(answer).map(|answer| answer.findings)
    } else {
        client.response::<v2_1_1::GetVersionDetails>(answer).map(|answer| answer.findings)
    };
    // The handshake has read it.
    findings.unwrap_or_default()
}

fn client(url: &Url, token: CredentialsToken) -> Client {
    Client::new(Version::V2_3_0, Vec::new(), token, request_ids()).with_versions_url(url.clone())
}

enum Failed {
    Answer(ocpi_client::Error),
    Other(Failure),
}

impl Failed {
    fn told(self) -> Failure {
        match self {
            Self::Answer(error) => error.into(),
            Self::Other(failure) => failure,
        }
    }
}

fn versions_by(client: &Client, http: &Http) -> Result<ocpi_client::Answer<Vec<versions::Version>>, Failed> {
    let request = client.request(&GetVersions).map_err(Failed::Answer)?;
    let answer = http.0.send(request).map_err(|error| Failed::Other(error.into()))?;
    client.response::<GetVersions>(answer).map_err(Failed::Answer)
}

/// Whether one of them is of severity error.
pub(crate) fn has_errors(deviations: &[Deviation]) -> bool {
    deviations.iter().any(|deviation| deviation.severity == Severity::Error)
}
