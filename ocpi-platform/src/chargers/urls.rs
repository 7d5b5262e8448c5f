//! Stored result URLs, which may contain a secret of the partner.

use ocpi_server_traits::Store;
use ocpi_types::{Private, Text, Url};

use crate::{Platform, sealed};

impl<S: Store, T> Platform<S, T> {
    /// Seals a URL for a result, where there is a seal. `None` if that fails.
    pub(super) fn seal_url(&self, partner: &str, url: &Url) -> Option<Private<Text<0>>> {
        let text = sealed::close(self.settings.seal.as_deref(), &context(partner), url.as_str())?;
        text.parse().ok()
    }

    /// Opens a URL for a result. One that was stored before there were seals is taken as it is.
    pub(super) fn open_url(&self, partner: &str, stored: &Private<Text<0>>) -> Option<Private<Url>> {
        let seal = self.settings.seal.as_deref();
        match sealed::open(seal, &context(partner), stored.as_str()) {
            Some(url) => url.parse().ok(),
            None if stored.as_str().starts_with("http") => stored.as_str().parse().ok(),
            None => None,
        }
    }
}

fn context(partner: &str) -> String {
    format!("response_url/{partner}")
}
