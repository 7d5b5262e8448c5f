//! The engine: from plans and usage to a bill.

pub(crate) mod absent;
mod absent_time;
pub(crate) mod compiled;
pub(crate) mod draft;
mod hours;
pub(crate) mod moment;
mod periods;
mod piece;
pub(crate) mod split;
mod steps;
pub(crate) mod totals;
mod volumes;

use std::sync::Arc;

use ocpi_types::Concern;

use compiled::Compiled;
use draft::Draft;

use crate::bill::Note;
use crate::error::{Fault, PriceError};
use crate::policy::Policy;
use crate::tariff_model::TariffModel;
use crate::usage::Usage;

/// Compiled tariffs for pricing. Create it once, share it between threads, and use it for any number of sessions.
///
/// ```
/// use ocpi_pricing::{TariffModel, Pricer, Usage};
/// use ocpi_types::{json, v2_2_1::{cdrs::Cdr, tariffs::Tariff}};
/// # let tariff = r#"{"country_code": "NL", "party_id": "ALF", "id": "T1", "currency": "EUR",
/// #   "elements": [{"price_components": [
/// #       {"type": "FLAT", "price": 0.50, "vat": 20, "step_size": 1},
/// #       {"type": "ENERGY", "price": 0.25, "vat": 10, "step_size": 1}]}],
/// #   "last_updated": "2026-01-01T00:00:00Z"}"#;
/// let tariff: Tariff = json::from_str(tariff)?;
/// let pricer = Pricer::new([TariffModel::from(&tariff)]);
///
/// let mut usage = Usage::new("EUR".parse().unwrap());
/// # use ocpi_pricing::usage::Period;
/// # usage.start = Some("2026-05-01T10:00:00Z".parse().unwrap());
/// # usage.end = Some("2026-05-01T11:00:00Z".parse().unwrap());
/// let mut period = Period::at("2026-05-01T10:00:00Z".parse().unwrap());
/// period.energy = Some("20".parse().unwrap());
/// usage.periods.push(period);
///
/// let bill = pricer.price(&usage)?;
/// let total = bill.total().expect("everything could be computed");
/// assert_eq!(total.before_taxes, "5.5".parse().ok());
/// assert_eq!(total.after_taxes, "6.1".parse().ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pricer {
    pub(crate) plans: Arc<[Compiled]>,
    /// Number of components in all plans together.
    rate_count: usize,
    pub(crate) policy: Policy,
}

impl Pricer {
    /// Creates a pricer with these tariffs that follows the letter of the specification.
    pub fn new(plans: impl IntoIterator<Item = TariffModel>) -> Self {
        Self::with_policy(plans, Policy::default())
    }

    /// Creates a pricer with these tariffs and a policy.
    pub fn with_policy(plans: impl IntoIterator<Item = TariffModel>, policy: Policy) -> Self {
        Self::sharing(plans.into_iter().map(Arc::new), policy)
    }

    /// Prices by tariffs that stay those of others.
    pub(crate) fn sharing(plans: impl IntoIterator<Item = Arc<TariffModel>>, policy: Policy) -> Self {
        let mut rate_count = 0;
        let compile = |plan| {
            let compiled = Compiled::of(plan, rate_count);
            rate_count += compiled.rates.len();
            compiled
        };
        let mut plans: Vec<Compiled> = plans.into_iter().map(compile).collect();
        Compiled::agree_on_what_is_free(&mut plans);
        Self { plans: plans.into(), rate_count, policy }
    }

    /// Returns a pricer with the same compiled tariffs and another policy.
    #[must_use]
    pub fn under(&self, policy: Policy) -> Self {
        Self { plans: Arc::clone(&self.plans), policy, ..*self }
    }

    /// Returns the tariffs, in the order given.
    pub fn plans(&self) -> impl ExactSizeIterator<Item = &TariffModel> {
        self.plans.iter().map(|compiled| &*compiled.plan)
    }

    /// Returns the policy, which decides open questions.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Computes the bill of a usage.
    pub(crate) fn draft<'a>(&'a self, usage: &'a Usage) -> Result<Draft<'a>, PriceError> {
        check(usage)?;
        let mut draft = Draft::new(self, usage);
        if !usage.is_billable {
            draft.notes.push(Note::NotBillable);
            return Ok(draft);
        }
        let applied = periods::collect(&mut draft)?;
        steps::round(&mut draft)?;
        totals::sum(&mut draft, &applied)?;
        absent::look(&mut draft, &applied);
        Ok(draft)
    }
}

/// Refuses a usage that makes no sense as a whole.
fn check(usage: &Usage) -> Result<(), PriceError> {
    // Of times that are not known for certain nobody can say it.
    let is_unclear = usage.obstacles.iter().any(|obstacle| obstacle.concern == Concern::Usage);
    if !is_unclear && matches!((usage.start, usage.end), (Some(start), Some(end)) if end < start) {
        return Err(Fault::EndBeforeStart.into());
    }
    if usage.periods.len() > u32::MAX as usize {
        return Err(Fault::Count.into());
    }
    let mut before = None;
    for (index, period) in usage.periods.iter().enumerate() {
        if before.is_some_and(|before| period.start < before) {
            return Err(Fault::PeriodOrder(index).into());
        }
        before = Some(period.start);
    }
    Ok(())
}
