//! Bill of a session, and the argument for it.

mod category;
mod entry;
mod gap;
mod groups;
mod note;
mod record;
mod table;
mod texts;
mod views;
mod why;
mod words;

pub use category::Category;
pub(crate) use entry::{Entry, Sum};
pub use gap::{Gap, Reason};
pub use groups::{GapGroup, Remedy};
pub use note::Note;
pub use record::Record;
pub use views::{Amount, Line, TaxLine};
pub use why::{Passed, Why};

use crate::engine::Pricer;
use crate::engine::draft::Draft;
use crate::engine::moment::Starts;
use crate::error::PriceError;
use crate::usage::Usage;

/// Bill of a session, amount by amount, with the argument for each.
///
/// Totals are exactly the sums of their parts, taxes included. Amounts have up to sixteen decimals and are exact,
/// unless they have no end, as a third of a cent: they are cut there, and nowhere before. To round to the minor unit
/// of the currency is for the edge: [`Rounding`](crate::rounding::Rounding).
///
/// A bill can be kept and passed on: it holds the usage and the tariffs, which it shares with its caller.
///
/// ```
/// use ocpi_pricing::{Bill, PriceError, Pricer, TariffModel, Usage};
///
/// fn price(tariff: TariffModel, usage: &Usage) -> Result<Bill, PriceError> {
///     Pricer::new([tariff]).price(usage)
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Bill {
    pricer: Pricer,
    usage: Usage,
    starts: Starts,
    entries: Vec<Entry>,
    gaps: Vec<Gap>,
    notes: Vec<Note>,
    sums: [Sum; 5],
    /// Amount that `min_price` and `max_price` add or take.
    limit: Sum,
    total: Sum,
}

impl Pricer {
    /// Prices a usage. Time is linear in the number of periods.
    ///
    /// Quantities that cannot be priced are in [`Bill::gaps`].
    ///
    /// # Errors
    ///
    /// Times run backwards, a time is negative (or energy, where the policy does not credit that), a number is too
    /// large, or the currencies differ.
    pub fn price(&self, usage: &Usage) -> Result<Bill, PriceError> {
        self.draft(usage).map(Bill::from)
    }
}

impl From<Draft<'_>> for Bill {
    fn from(draft: Draft<'_>) -> Self {
        let Draft { pricer, usage, starts, entries, gaps, notes, sums, limit, total } = draft;
        // Both are shared, not copied.
        let (pricer, usage) = (pricer.clone(), usage.clone());
        Self { pricer, usage, starts, entries, gaps, notes, sums, limit, total }
    }
}

impl Bill {
    /// By which tariffs and policy it was computed.
    pub fn pricer(&self) -> &Pricer {
        &self.pricer
    }

    /// Returns the usage that was billed.
    pub fn usage(&self) -> &Usage {
        &self.usage
    }

    /// Returns the gaps; empty: everything could be computed.
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// Returns the notes: facts that do not keep the bill from being computed.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Whether everything could be computed.
    pub fn is_computable(&self) -> bool {
        self.gaps.is_empty()
    }
}
