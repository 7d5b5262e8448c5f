//! Deviations of a partner that were met and tolerated.

use std::collections::BTreeMap;
use std::fmt;

use ocpi_types::{Finding, Rule};

/// A way in which a partner deviates, with the endpoint that showed it: to be sent to the partner.
///
/// ```
/// use bytes::Bytes;
/// use ocpi_client::{Client, RequestIds};
/// use ocpi_types::endpoint::GetVersions;
/// use ocpi_types::{Rule, Version};
///
/// let client = Client::new(Version::V2_3_0, vec![], "secret".parse()?, RequestIds::new("run-1"));
/// // The envelope has no `timestamp`.
/// client.response::<GetVersions>(http::Response::new(Bytes::from_static(br#"{"data": [], "status_code": 1000}"#)))?;
/// let deviations = client.deviations();
/// assert_eq!((deviations[0].endpoint.as_str(), deviations[0].finding.rule), ("GetVersions", Rule::Envelope));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Deviation {
    /// Name of the endpoint: `List<Location>`.
    pub endpoint: String,
    /// The first of its kind.
    pub finding: Finding,
    /// Times that the endpoint broke the rule.
    pub times: u64,
}

impl Deviation {
    /// A deviation that was met once.
    pub fn new(endpoint: impl Into<String>, finding: Finding) -> Self {
        Self { endpoint: endpoint.into(), finding, times: 1 }
    }
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.endpoint, self.finding)
    }
}

/// Most deviations that are kept: of each endpoint the first of each rule.
const MOST: usize = 500;

/// Deviations of a partner in the order in which they were met, of each endpoint the first of each rule.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deviations {
    all: Vec<Deviation>,
    /// Their places.
    known: BTreeMap<(String, Rule), usize>,
}

impl Deviations {
    pub(crate) fn add(&mut self, endpoint: &str, finding: &Finding) {
        let key = (endpoint.to_owned(), finding.rule);
        if let Some(known) = self.known.get(&key).and_then(|place| self.all.get_mut(*place)) {
            known.times = known.times.saturating_add(1);
        } else if self.all.len() < MOST {
            self.known.insert(key, self.all.len());
            self.all.push(Deviation::new(endpoint, finding.clone()));
        }
    }

    pub(crate) fn list(&self) -> Vec<Deviation> {
        self.all.clone()
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }
}

#[cfg(test)]
mod tests {
    use ocpi_types::{Finding, Rule};

    use super::{Deviations, MOST};

    #[test]
    fn no_more_than_some_hundreds_are_kept() {
        let mut deviations = Deviations::default();
        for number in 0..=MOST {
            deviations.add(&format!("endpoint {number}"), &Finding::of_document(Rule::Envelope));
        }
        deviations.add("endpoint 0", &Finding::of_document(Rule::Envelope));
        assert_eq!((deviations.len(), deviations.list()[0].times), (MOST, 2));
    }
}
