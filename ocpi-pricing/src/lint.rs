//! Lint of tariffs: valid content that is probably a mistake.
//!
//! The check of `ocpi-types` finds breaches of the specification. The linter finds places where a possibly conforming
//! tariff does not do what its author wants: prices that are never used, hours without a price, mixed-up units. If the
//! meaning is certain there is a [`Fix`], which leaves the rest of the text unchanged.
//!
//! ```
//! use ocpi_pricing::lint::{Fixes, Linter, Rule};
//! use ocpi_types::Version;
//!
//! let tariff = r#"{
//!   "country_code": "NL", "party_id": "ALF", "id": "DAY", "currency": "EUR",
//!   "elements": [
//!     {"price_components": [{"type": "ENERGY", "price": 0.35, "step_size": 1}]},
//!     {"price_components": [{"type": "ENERGY", "price": 0.20, "step_size": 1}],
//!      "restrictions": {"start_time": "22:00", "end_time": "23:59"}}],
//!   "last_updated": "2026-01-01T00:00:00Z"
//! }"#;
//! let linter = Linter::new(Version::V2_2_1);
//! let findings = linter.lint(tariff)?;
//! let found: Vec<_> = findings.iter().map(|it| (it.rule, it.pointer.as_str())).collect();
//! assert_eq!(
//!     found,
//!     [(Rule::UnreachableElement, "/elements/1"), (Rule::End2359, "/elements/1/restrictions/end_time")]
//! );
//! // The price of the last minute of the day changes.
//! assert_eq!(linter.fix(tariff, Fixes::PriceNeutral)?.text, tariff);
//! assert_eq!(linter.fix(tariff, Fixes::All)?.text, tariff.replace("23:59", "00:00"));
//! # Ok::<(), ocpi_pricing::lint::LintError>(())
//! ```

mod coverage;
mod document;
mod error;
mod fix;
mod limits;
mod money;
mod rule;
mod scope;
mod steps;
mod tax;
mod texts;
mod windows;

pub use error::LintError;
pub use fix::{Edit, Fix, Fixes};
pub use rule::Rule;

use ocpi_types::json::{self, Reading};
use ocpi_types::{DateTime, Finding as Deviation, Object, Version, v2_1_1, v2_2_1, v2_3_0};

use crate::TariffModel;
use document::Document;
use scope::Scope;

/// Linter for tariffs of one version.
#[derive(Clone, Copy, Debug)]
pub struct Linter {
    version: Version,
    at: Option<DateTime>,
}

/// A probable mistake in a tariff.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// Place in the tariff, as a JSON pointer.
    pub pointer: String,
    /// Rule of the finding.
    pub rule: Rule,
    /// Message, with details.
    pub message: String,
    /// Fix, if it is certain.
    pub fix: Option<Fix>,
}

/// A tariff with fixes applied.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Fixed {
    /// The text, changed only by the fixes.
    pub text: String,
    /// Number of fixes that were applied.
    pub count: usize,
}

impl Linter {
    /// Creates a linter for tariffs of this version, which does not report past dates.
    pub fn new(version: Version) -> Self {
        Self { version, at: None }
    }

    /// Sets the current time, to report past dates.
    #[must_use]
    pub fn at(self, at: DateTime) -> Self {
        Self { at: Some(at), ..self }
    }

    /// Lints a tariff; the findings are in the order of the text.
    ///
    /// # Errors
    ///
    /// When the text is not a tariff: [`LintError`].
    pub fn lint(&self, text: &str) -> Result<Vec<Finding>, LintError> {
        let document = Document::of(text);
        let (plan, lost) = self.plan(text)?;
        let document = document.ok_or_else(|| LintError::unreadable("not JSON"))?;
        let mut scope = Scope::new(&plan, &document, self.at);
        for pointer in document.contradictions() {
            scope.find(Rule::MemberTwice, pointer);
        }
        if !lost.is_empty() {
            // The others have moved up: no more can be said of any place.
            for lost in lost {
                scope.find_with(Rule::NotComputable, lost.pointer, lost.message);
            }
            return Ok(scope.into_findings());
        }
        coverage::look(&mut scope);
        windows::look(&mut scope);
        limits::look(&mut scope);
        steps::look(&mut scope);
        money::look(&mut scope);
        tax::look(&mut scope);
        texts::look(&mut scope);
        scope.look_for_obstacles();
        Ok(scope.into_findings())
    }

    /// Applies fixes repeatedly until none is left. Fixing again has no effect.
    ///
    /// # Errors
    ///
    /// As for [`lint`](Self::lint).
    pub fn fix(&self, text: &str, fixes: Fixes) -> Result<Fixed, LintError> {
        /// One fix can make room for another, a few times at most.
        const ROUNDS: usize = 100;
        let mut fixed = Fixed { text: text.to_owned(), count: 0 };
        for _ in 0..ROUNDS {
            let findings = self.lint(&fixed.text)?;
            let wanted = findings.iter().filter_map(|it| it.fix.as_ref()).filter(|fix| fixes.include(fix));
            let (text, count) = fix::apply(&fixed.text, wanted);
            if count == 0 || text == fixed.text {
                break;
            }
            fixed = Fixed { text, count: fixed.count + count };
        }
        Ok(fixed)
    }

    /// Reads the tariff, with the deviations that keep elements or prices of it from being read.
    fn plan(&self, text: &str) -> Result<(TariffModel, Vec<Deviation>), LintError> {
        macro_rules! plan {
            ($version:ident) => {
                read::<$version::tariffs::Tariff>(text)
                    .map(|(tariff, lost)| (TariffModel::from(&tariff), lost))
            };
        }
        match self.version {
            Version::V2_1_1 => plan!(v2_1_1),
            Version::V2_2 | Version::V2_2_1 => plan!(v2_2_1),
            Version::V2_3_0 => plan!(v2_3_0),
        }
    }
}

/// Reads a tariff with possibly missing members. Also returns the elements and components that were given up: the
/// others keep their places.
fn read<T: Object>(text: &str) -> Result<(T, Vec<Deviation>), LintError> {
    let item = json::read_item::<T>(text.as_bytes()).map_err(LintError::unreadable)?;
    let mut findings = item.findings;
    let value = match item.reading {
        Reading::Unreadable(_) => {
            let why = findings.iter().find(|finding| finding.is_error()).or(findings.first());
            return Err(why.map_or_else(|| LintError::unreadable("cannot be read"), LintError::unreadable));
        }
        Reading::Whole(value) => value,
        Reading::Partial(partial) => partial.into_value(),
    };
    findings.retain(is_lost);
    Ok((value, findings))
}

/// Whether an element of the tariff, or a component of one, was given up.
fn is_lost(finding: &Deviation) -> bool {
    use ocpi_types::Rule;
    let is_given_up = matches!(
        finding.rule,
        Rule::ValueType | Rule::ValueForm | Rule::LimitNumber | Rule::Missing | Rule::NullInList
    );
    let is_index = |name: &str| name.parse::<usize>().is_ok();
    let names: Vec<&str> = finding.pointer.split('/').skip(1).collect();
    is_given_up
        && match names.as_slice() {
            ["elements", element] => is_index(element),
            ["elements", element, "price_components", component] => is_index(element) && is_index(component),
            _ => false,
        }
}
