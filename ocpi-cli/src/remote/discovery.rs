//! Finding out what a partner offers, and how it deviates.

use ocpi_client::blocking::wait;
use ocpi_client::{Client, Discovered, Discovery, VersionSearch};
use ocpi_types::protocol::TokenForm;
use ocpi_types::v2_2_1::versions;
use ocpi_types::{Finding, Rule, Severity, Url, Version};

use crate::remote::{Deviation, Failure, Http, Secret, request_ids};

/// List of a partner's versions.
#[derive(Debug)]
pub(crate) struct Offered {
    pub(crate) versions: Vec<versions::Version>,
    pub(crate) deviations: Vec<Deviation>,
    /// Form in which the token was taken.
    pub(crate) token_form: TokenForm,
}

/// A partner with the version that is spoken.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) versions: Vec<versions::Version>,
    pub(crate) client: Client,
    pub(crate) version: Version,
    pub(crate) deviations: Vec<Deviation>,
}

/// Asks for the list of versions alone, by the rules of the first step of a discovery.
///
/// # Errors
/// When the partner does not answer, or refuses the token in both forms.
pub(crate) fn offered(url: &Url, secret: &Secret, http: &Http) -> Result<Offered, Failure> {
    let search = VersionSearch::new(url.clone(), secret.token(), request_ids());
    let list = wait(search.run(http))?;
    let mut deviations = Deviation::of_partner(&list.deviations());
    let is_new = |entry: &versions::Version| {
        entry.version.as_str().parse().is_ok_and(|it: Version| it >= Version::V2_2)
    };
    if list.token_form == TokenForm::Plain && list.versions.iter().any(is_new) {
        deviations.push(Deviation::new("versions", &Finding::of_document(Rule::TokenNotBase64)));
    }
    Ok(Offered { versions: list.versions, deviations, token_form: list.token_form })
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
    let discovery = Discovery::new(url.clone(), secret.token(), wanted, request_ids());
    let found = wait(discovery.run(http))?;
    let deviations = Deviation::of_partner(&found.deviations());
    let Discovered { client, version, offered, .. } = found;
    Ok(Found { versions: offered, client, version, deviations })
}

/// Whether one of them is of severity error.
pub(crate) fn has_errors(deviations: &[Deviation]) -> bool {
    deviations.iter().any(|deviation| deviation.severity == Severity::Error)
}
