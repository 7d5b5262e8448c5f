//! Verdict and remarks on an object, from its reading and its check together.

use ocpi_types::json::Verdict;
use ocpi_types::{Rule, Ruleset, Severity};

use crate::feed::InFeed;
use crate::kinds::{Inspected, Kind};
use crate::place;
use crate::remark::Remark;

impl Kind {
    /// Reads and checks one object, and returns the verdict and all remarks, at their places in the text. Without a
    /// profile the specification of its type applies. A feed takes it in.
    pub(crate) fn judge(
        &'static self,
        text: &str,
        profile: Option<&'static Ruleset>,
        feed: Option<InFeed<'_>>,
    ) -> (Verdict, Vec<Remark>) {
        let Inspected { verdict, reading, checking } = self.inspect_by(profile, text, feed);
        let checking = place::in_document(checking, text, self, &reading);
        let new = |remark: &Remark| !reading.iter().any(|known| says(known, remark));
        let checking: Vec<_> = checking.into_iter().filter(new).collect();
        let remarks: Vec<_> = reading.into_iter().chain(checking).collect();
        // The values that the check objects to were read, and left as they are.
        let is_odd = remarks.iter().any(|remark| remark.severity > Severity::Info);
        let verdict = if verdict == Verdict::Clean && is_odd { Verdict::Tolerated } else { verdict };
        (verdict, remarks)
    }
}

/// Whether a remark of the reader says what one of the check says: the rule is the same, or the check misses the
/// value that the reader could not read.
fn says(reading: &Remark, checking: &Remark) -> bool {
    let is_missed = matches!(checking.rule, Rule::ValueForm | Rule::Missing) && reading.costs_a_value();
    match reading.pointer.strip_prefix(&checking.pointer) {
        Some("") => reading.rule == checking.rule || is_missed,
        Some(rest) => rest.starts_with('/') && is_missed,
        None => false,
    }
}
