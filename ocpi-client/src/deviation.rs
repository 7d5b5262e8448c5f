//! Deviations of a partner that were tolerated.

use std::collections::BTreeMap;
use std::fmt;

use ocpi_types::{Finding, Rule};

/// A deviation of a partner, with the endpoint at which it occurred; suitable for a report to the partner.
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
    /// First finding of its kind.
    pub finding: Finding,
    /// Number of times that the endpoint broke the rule.
    pub times: u64,
}

impl Deviation {
    /// Maximum number of deviations kept for a partner: the first for each endpoint and rule.
    pub const MOST: usize = 500;

    /// Creates a deviation that occurred once.
    pub fn new(endpoint: impl Into<String>, finding: Finding) -> Self {
        Self { endpoint: endpoint.into(), finding, times: 1 }
    }
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.endpoint, self.finding)
    }
}

/// Deviations of a partner in the order in which they were met, of each endpoint the first of each rule.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deviations {
    all: Vec<Met>,
    /// Their places.
    known: BTreeMap<(String, Rule), usize>,
}

/// Deviation with the number of times that are stored elsewhere.
#[derive(Clone, Debug)]
struct Met {
    deviation: Deviation,
    saved: u64,
}

impl Met {
    /// The deviation with the times that are not stored; `None` if all are.
    fn unsaved(&self) -> Option<Deviation> {
        let times = self.deviation.times.saturating_sub(self.saved);
        (times > 0).then(|| Deviation { times, ..self.deviation.clone() })
    }
}

impl Deviations {
    pub(crate) fn add(&mut self, endpoint: &str, finding: &Finding) {
        let key = (endpoint.to_owned(), finding.rule);
        if let Some(known) = self.known.get(&key).and_then(|place| self.all.get_mut(*place)) {
            known.deviation.times = known.deviation.times.saturating_add(1);
        } else if self.all.len() < Deviation::MOST {
            self.known.insert(key, self.all.len());
            self.all.push(Met { deviation: Deviation::new(endpoint, finding.clone()), saved: 0 });
        }
    }

    pub(crate) fn list(&self) -> Vec<Deviation> {
        self.all.iter().map(|met| met.deviation.clone()).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether a deviation occurred that is not stored yet.
    pub(crate) fn has_new(&self) -> bool {
        self.all.iter().any(|met| met.saved == 0)
    }

    pub(crate) fn unsaved(&self) -> Vec<Deviation> {
        self.all.iter().filter_map(Met::unsaved).collect()
    }

    pub(crate) fn take_unsaved(&mut self) -> Vec<Deviation> {
        let unsaved = self.unsaved();
        for met in &mut self.all {
            met.saved = met.deviation.times;
        }
        unsaved
    }

    pub(crate) fn give_back(&mut self, unsaved: &[Deviation]) {
        for deviation in unsaved {
            let key = (deviation.endpoint.clone(), deviation.finding.rule);
            if let Some(met) = self.known.get(&key).and_then(|place| self.all.get_mut(*place)) {
                met.saved = met.saved.saturating_sub(deviation.times);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ocpi_types::{Finding, Rule};

    use super::{Deviation, Deviations};

    #[test]
    fn no_more_than_some_hundreds_are_kept() {
        let mut deviations = Deviations::default();
        for number in 0..=Deviation::MOST {
            deviations.add(&format!("endpoint {number}"), &Finding::of_document(Rule::Envelope));
        }
        deviations.add("endpoint 0", &Finding::of_document(Rule::Envelope));
        assert_eq!((deviations.len(), deviations.list()[0].times), (Deviation::MOST, 2));
    }

    #[test]
    fn each_time_is_taken_once() {
        let finding = Finding::of_document(Rule::Envelope);
        let (mut deviations, times) =
            (Deviations::default(), |all: &[Deviation]| all.iter().map(|it| it.times).collect::<Vec<_>>());
        deviations.add("one", &finding);
        deviations.add("one", &finding);
        assert!(deviations.has_new());
        let taken = deviations.take_unsaved();
        assert_eq!((times(&taken), times(&deviations.unsaved())), (vec![2], vec![]));
        deviations.add("one", &finding);
        assert!(!deviations.has_new(), "it is known");
        assert_eq!(times(&deviations.unsaved()), [1]);
        // It could not be stored.
        deviations.give_back(&taken);
        assert!(deviations.has_new());
        assert_eq!(times(&deviations.take_unsaved()), [3]);
        assert_eq!(times(&deviations.list()), [3]);
    }
}
