//! Report of a run.

mod json;
mod junit;
mod text;

use crate::check::{CheckOutcome, Checked};
use crate::context::{Advertised, Context};

/// Report of a run: the server, and all checks with their outcomes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report {
    /// URL of the server's list of versions.
    pub server: String,
    /// The version that was spoken; `None` if none could be chosen.
    pub version: Option<String>,
    /// The checks, in the order in which they ran.
    pub checks: Vec<Checked>,
    versions: Vec<(String, String)>,
    endpoints: Vec<Advertised>,
    is_answered: bool,
}

impl Report {
    pub(crate) fn of(cx: &Context) -> Self {
        let server = cx.server();
        Self {
            server: cx.options.versions_url.clone(),
            version: cx.version().map(|version| version.to_string()),
            checks: cx.take_checked(),
            versions: server.versions,
            endpoints: server.endpoints,
            is_answered: !cx.wire.answers().is_empty(),
        }
    }

    /// Whether no check failed, and at least one passed.
    pub fn is_passed(&self) -> bool {
        self.count("fail") == 0 && self.count("pass") > 0
    }

    /// Whether the server answered at all.
    pub fn is_answered(&self) -> bool {
        self.is_answered
    }

    /// Returns the number of checks with an outcome: `pass`, `warn`, `fail` or `skip`.
    pub fn count(&self, outcome: &str) -> usize {
        self.checks.iter().filter(|it| it.outcome.as_str() == outcome).count()
    }

    /// Returns the ids of the checks that failed or warned.
    pub fn breached(&self) -> Vec<&str> {
        let is_breach =
            |it: &&Checked| matches!(it.outcome, CheckOutcome::Failed(_) | CheckOutcome::Warned(_));
        self.checks.iter().filter(is_breach).map(|it| it.check.id.as_str()).collect()
    }
}
