//! Conformance tests for implementations of a storage: one async function per behaviour, and one that runs them all.
//!
//! Needs the feature `conformance`. The functions need no runtime and no test framework; run them in the environment
//! that the storage needs.
//!
//! ```
//! use ocpi_server_traits::Memory;
//! use ocpi_server_traits::conformance::store::{self, Fresh};
//!
//! let report = pollster::block_on(store::all(&Fresh(|| async { Memory::new() })));
//! assert!(report.passed(), "{report}");
//! ```

pub mod store;
mod test_context;

use std::error::Error;
use std::fmt;

/// Failure of a behaviour test.
#[derive(Debug, thiserror::Error)]
#[error("{behavior}: {detail}")]
pub struct Failure {
    behavior: &'static str,
    detail: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Failure {
    /// The name of the behaviour, which is the name of its function.
    pub fn behavior(&self) -> &'static str {
        self.behavior
    }

    /// Describes the operation, the expected result and the actual one.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

/// Outcome of the test of one behaviour.
#[derive(Debug)]
#[non_exhaustive]
#[must_use]
pub struct BehaviorOutcome {
    /// The name of the behaviour, which is the name of its function.
    pub behavior: &'static str,
    /// Success, or the failure.
    pub result: Result<(), Failure>,
    /// Whether the behaviour applies to the tested implementation: a store in memory has no second process.
    pub is_applicable: bool,
}

/// Whether the test of a behaviour was applicable.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Applied {
    /// Applicable; the test succeeded.
    Tested,
    /// Not applicable: the implementation lacks something that the behaviour requires.
    NotApplicable,
}

/// Outcomes of all behaviour tests. Its text has one line for each.
#[derive(Debug, Default)]
#[must_use]
pub struct Report {
    outcomes: Vec<BehaviorOutcome>,
}

impl Report {
    /// Returns the outcomes, in the order of the tests.
    pub fn outcomes(&self) -> &[BehaviorOutcome] {
        &self.outcomes
    }

    /// Returns the failures.
    pub fn failures(&self) -> impl Iterator<Item = &Failure> {
        self.outcomes.iter().filter_map(|outcome| outcome.result.as_ref().err())
    }

    /// Whether there were tests and none failed.
    pub fn passed(&self) -> bool {
        !self.outcomes.is_empty() && self.failures().next().is_none()
    }

    fn add(&mut self, behavior: &'static str, result: Result<(), Failure>) {
        self.outcomes.push(BehaviorOutcome { behavior, result, is_applicable: true });
    }

    fn add_if_applicable(&mut self, behavior: &'static str, result: Result<Applied, Failure>) {
        let is_applicable = !matches!(result, Ok(Applied::NotApplicable));
        self.outcomes.push(BehaviorOutcome { behavior, result: result.map(|_| ()), is_applicable });
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for outcome in &self.outcomes {
            match &outcome.result {
                Ok(()) if !outcome.is_applicable => writeln!(f, "n/a     {}", outcome.behavior)?,
                Ok(()) => writeln!(f, "ok      {}", outcome.behavior)?,
                Err(failure) => writeln!(f, "FAILED  {failure}")?,
            }
        }
        Ok(())
    }
}
