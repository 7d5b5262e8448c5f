//! What is legal in a tariff, but hardly meant.
//!
//! The check of `ocpi-types` says what breaks the specification. This says where a tariff that may well keep to it does
//! not do what its author wants: prices that are never used, hours without a price, units mixed up. Where it is certain
//! what is meant there is a [`Fix`], which changes the text and leaves all the rest of it as it is.
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

use crate::Plan;
use document::Document;
use scope::Scope;

/// Looks at tariffs of one version.
#[derive(Clone, Copy, Debug)]
pub struct Linter {
    version: Version,
    at: Option<DateTime>,
}

/// One thing that is hardly meant.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// Where: a JSON pointer into the tariff.
    pub pointer: String,
    /// What.
    pub rule: Rule,
    /// What, about this place.
    pub message: String,
    /// What to do, where that is certain.
    pub fix: Option<Fix>,
}

/// A tariff after fixes.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Fixed {
    /// The text: as it was but for what was fixed.
    pub text: String,
    /// How many fixes were applied.
    pub count: usize,
}

impl Linter {
    /// For tariffs of this version, without a date: what has passed is not known.
    pub fn new(version: Version) -> Self {
        Self { version, at: None }
    }

    /// The same, which also says what has passed at a moment.
    #[must_use]
    pub fn at(self, at: DateTime) -> Self {
        Self { at: Some(at), ..self }
    }

    /// What there is to say about a tariff, in the order of its elements.
    ///
    /// # Errors
    ///
    /// The text is no tariff, or a part of its elements cannot be read: [`LintError`].
    pub fn lint(&self, text: &str) -> Result<Vec<Finding>, LintError> {
        let document = Document::of(text);
        let plan = self.plan(text)?;
        let document = document.ok_or_else(|| LintError::unreadable("not JSON"))?;
        let mut scope = Scope::new(&plan, &document, self.at);
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

    /// Fixes what can be fixed, again and again until nothing is left to fix. Fixing twice does no more than once.
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

    fn plan(&self, text: &str) -> Result<Plan, LintError> {
        Ok(match self.version {
            Version::V2_1_1 => Plan::from(&read::<v2_1_1::tariffs::Tariff>(text)?),
            Version::V2_2_1 => Plan::from(&read::<v2_2_1::tariffs::Tariff>(text)?),
            _ => Plan::from(&read::<v2_3_0::tariffs::Tariff>(text)?),
        })
    }
}

/// Reads a tariff. What has nothing to do with its elements may be missing; elements may not, because the others
/// would be taken for them.
fn read<T: Object>(text: &str) -> Result<T, LintError> {
    let item = json::read_item::<T>(text.as_bytes()).map_err(LintError::unreadable)?;
    let lost = item.findings.iter().find(|finding| is_lost(finding));
    match (item.reading, lost) {
        (Reading::Unreadable(_), lost) => {
            Err(lost.map_or_else(|| LintError::unreadable("cannot be read"), LintError::unreadable))
        }
        (_, Some(lost)) => Err(LintError::lost(lost)),
        (Reading::Whole(value), None) => Ok(value),
        (Reading::Partial(partial), None) => Ok(partial.into_value()),
    }
}

/// Whether elements or prices stand elsewhere in the text than in the value.
fn is_lost(finding: &Deviation) -> bool {
    use ocpi_types::Rule;
    let pointer = finding.pointer.as_str();
    let is_shifting = matches!(
        finding.rule,
        Rule::ValueType
            | Rule::ValueForm
            | Rule::LimitNumber
            | Rule::Missing
            | Rule::NullInList
            | Rule::ObjectForArray
            | Rule::ArrayForObject
    );
    is_shifting && (pointer.is_empty() || pointer.starts_with("/elements"))
}
