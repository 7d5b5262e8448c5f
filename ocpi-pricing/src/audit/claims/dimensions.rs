//! The dimensions of all periods, one after the other: two lists, however many periods there are.

use ocpi_types::Decimal;
use ocpi_types::v2_2_1::cdrs::{CdrDimension, CdrDimensionType};

/// The dimensions of all periods, as they are written.
#[derive(Clone, Debug)]
pub(in crate::audit) struct Dimensions {
    all: Vec<Dimension>,
    /// The end of each period among them.
    ends: Vec<usize>,
}

/// A dimension as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::audit) struct Dimension {
    pub(in crate::audit) kind: CdrDimensionType,
    pub(in crate::audit) volume: Decimal,
}

impl Dimensions {
    pub(super) fn of<'a>(periods: impl ExactSizeIterator<Item = &'a [CdrDimension]> + Clone) -> Self {
        let mut all = Vec::with_capacity(periods.clone().map(<[_]>::len).sum());
        let mut ends = Vec::with_capacity(periods.len());
        for period in periods {
            let own = |it: &CdrDimension| Dimension { kind: it.r#type.clone(), volume: it.volume };
            all.extend(period.iter().map(own));
            ends.push(all.len());
        }
        Self { all, ends }
    }

    /// Number of periods.
    pub(in crate::audit) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The dimensions of each period.
    pub(in crate::audit) fn periods(&self) -> impl Iterator<Item = &[Dimension]> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| self.all.get(start..*end).unwrap_or_default())
    }
}
