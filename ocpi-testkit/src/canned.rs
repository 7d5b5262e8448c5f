//! A platform made of texts.

use crate::{Network, success};

/// A platform that has nothing but a list of versions and version details.
#[derive(Clone, Debug)]
pub struct CannedPlatform {
    /// The `data` of its list of versions.
    pub versions: String,
    /// The `data` of its version details.
    pub details: String,
}

impl CannedPlatform {
    /// One of 2.3.0 with credentials and these endpoints: `, {…}` for each.
    pub fn with(endpoints: &str) -> Self {
        Self {
            versions: r#"[{"version": "2.3.0", "url": "https://hand.example/ocpi/2.3.0"}]"#.to_owned(),
            details: format!(
                r#"{{"version": "2.3.0", "endpoints": [{{"identifier": "credentials", "role": "SENDER",
                "url": "https://hand.example/ocpi/2.3.0/credentials"}}{endpoints}]}}"#
            ),
        }
    }

    /// Adds it to a network as `hand.example`.
    pub fn add_to(self, network: &Network) {
        network.add_host("hand.example", move |request| {
            let data =
                if request.uri().path().ends_with("/versions") { &self.versions } else { &self.details };
            success(data)
        });
    }
}
