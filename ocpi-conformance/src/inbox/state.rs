//! State of an inbox.

use ocpi_types::{Clock, CredentialsToken, Version};

use super::Got;

/// Most requests that are kept.
const KEPT: usize = 10_000;

/// State of an inbox.
pub(super) struct State {
    pub(super) clock: Clock,
    pub(super) version: Version,
    /// Tokens that the server may use. It has the newest one, unless it refused the credentials with it.
    pub(super) tokens: Vec<CredentialsToken>,
    pub(super) is_down: bool,
    pub(super) got: Vec<Got>,
}

impl Default for State {
    fn default() -> Self {
        let clock = Clock::system();
        Self { clock, version: Version::V2_2_1, tokens: Vec::new(), is_down: false, got: Vec::new() }
    }
}

impl State {
    pub(super) fn keep(&mut self, got: Got) {
        if self.got.len() < KEPT {
            self.got.push(got);
        }
    }
}
