//! A bill while the engine computes it.

use super::Pricer;
use super::moment::Starts;
use crate::bill::{Entry, Gap, Note, Sum};
use crate::usage::Usage;

/// A bill while the engine computes it; it borrows what it is computed from.
pub(crate) struct Draft<'a> {
    pub(crate) pricer: &'a Pricer,
    pub(crate) usage: &'a Usage,
    pub(crate) starts: Starts,
    pub(crate) entries: Vec<Entry>,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) notes: Vec<Note>,
    pub(crate) sums: [Sum; 5],
    /// Amount that `min_price` and `max_price` add or take.
    pub(crate) limit: Sum,
    pub(crate) total: Sum,
}

impl<'a> Draft<'a> {
    pub(super) fn new(pricer: &'a Pricer, usage: &'a Usage) -> Self {
        Self {
            pricer,
            usage,
            starts: Starts::of(usage),
            entries: Vec::new(),
            gaps: Vec::new(),
            notes: Vec::new(),
            sums: [Sum::default(); 5],
            limit: Sum::default(),
            total: Sum::default(),
        }
    }
}
