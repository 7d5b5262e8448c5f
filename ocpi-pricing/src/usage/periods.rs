//! The periods of a usage, shared by its clones.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::Period;

/// The periods of a usage, in order: a `Vec` that clones share until one of them changes it.
///
/// ```
/// use ocpi_pricing::{Usage, usage::Period};
/// let mut usage = Usage::new("EUR".parse().unwrap());
/// usage.periods.push(Period::at("2026-05-01T10:00:00Z".parse().unwrap()));
/// let mut longer = usage.clone();
/// longer.periods.push(Period::at("2026-05-01T11:00:00Z".parse().unwrap()));
/// assert_eq!((usage.periods.len(), longer.periods.len()), (1, 2));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Periods(Arc<Vec<Period>>);

impl Deref for Periods {
    type Target = Vec<Period>;

    #[inline]
    fn deref(&self) -> &Vec<Period> {
        &self.0
    }
}

/// Copies the periods first, if clones share them.
impl DerefMut for Periods {
    fn deref_mut(&mut self) -> &mut Vec<Period> {
        Arc::make_mut(&mut self.0)
    }
}

impl From<Vec<Period>> for Periods {
    fn from(periods: Vec<Period>) -> Self {
        Self(Arc::new(periods))
    }
}

impl FromIterator<Period> for Periods {
    fn from_iter<I: IntoIterator<Item = Period>>(periods: I) -> Self {
        Vec::from_iter(periods).into()
    }
}

impl IntoIterator for Periods {
    type Item = Period;
    type IntoIter = std::vec::IntoIter<Period>;

    fn into_iter(self) -> Self::IntoIter {
        Arc::unwrap_or_clone(self.0).into_iter()
    }
}

impl<'a> IntoIterator for &'a Periods {
    type Item = &'a Period;
    type IntoIter = std::slice::Iter<'a, Period>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a> IntoIterator for &'a mut Periods {
    type Item = &'a mut Period;
    type IntoIter = std::slice::IterMut<'a, Period>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}
