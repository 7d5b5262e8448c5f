//! Stored URLs of CDRs at partners, which may contain a secret of the partner.

use ocpi_server_traits::Store;

use crate::{Platform, sealed};

impl<S: Store, T> Platform<S, T> {
    /// Seals a URL, where there is a seal; an empty one stays empty. `None` if that fails.
    pub(super) fn seal_place(&self, partner: &str, url: String) -> Option<String> {
        if url.is_empty() {
            return Some(url);
        }
        sealed::close(self.settings.seal.as_deref(), &context(partner), &url)
    }

    /// Opens a URL; one that was stored before there were seals is taken as it is. `None`: there is none, or the key is not
    /// there.
    pub(super) fn open_place(&self, partner: &str, stored: String) -> Option<String> {
        match sealed::open(self.settings.seal.as_deref(), &context(partner), &stored) {
            None if stored.starts_with("http") => Some(stored),
            opened => opened,
        }
    }
}

fn context(partner: &str) -> String {
    format!("place/{partner}")
}
