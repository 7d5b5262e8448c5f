//! Bill of a session, with reasons for every amount.

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

/// Bill of a session, line by line, with the reasons for every amount.
///
/// Totals are exactly the sums of their parts, taxes included. Amounts are exact, with up to sixteen decimals; infinite
/// decimals, such as those of a third of a cent, are cut there and nowhere earlier. Round to the minor unit of the
/// currency only for output: [`Rounding`](crate::rounding::Rounding).
///
/// A bill can be kept and passed on: it contains the usage and the tariffs, which it shares with its caller.
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
    /// Prices a usage. The time is linear in the number of periods.
    ///
    /// Quantities that cannot be priced are in [`Bill::gaps`].
    ///
    /// # Errors
    ///
    /// When times run backwards, a time is negative (or energy, unless the policy credits it), a number is too large,
    /// or the currencies differ.
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
    /// Returns the pricer that computed the bill, with its tariffs and policy.
    pub fn pricer(&self) -> &Pricer {
        &self.pricer
    }

    /// Returns the usage that was billed.
    pub fn usage(&self) -> &Usage {
        &self.usage
    }

    /// Returns the gaps; empty if everything could be computed.
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// Returns the notes, which do not prevent a computed bill.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Whether everything could be computed.
    pub fn is_computable(&self) -> bool {
        self.gaps.is_empty()
    }
}
