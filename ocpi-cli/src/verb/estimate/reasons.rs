//! Why there is no price.

use ocpi_pricing::Restriction;
use ocpi_pricing::bill::{Amount, Gap, Reason};
use ocpi_pricing::estimate::{Estimate, Ranked};

use super::offers::Named;

/// An estimate that has a total.
pub(super) fn known(ranked: &Ranked) -> Option<(&Estimate, Amount)> {
    let estimate = ranked.outcome.as_ref().ok()?;
    Some((estimate, estimate.total?))
}

/// Why an offer has no total, with what would decide it; the same reason once, with its count. Empty: it has a total.
pub(super) fn reasons(named: &Named, ranked: &Ranked) -> Vec<String> {
    let estimate = match &ranked.outcome {
        Err(error) if error.is_power() => return vec![format!("{error}; say with --power what it gives")],
        Err(error) => return vec![error.to_string()],
        Ok(estimate) => estimate,
    };
    let mut reasons: Vec<(String, usize)> = Vec::new();
    for gap in &estimate.gaps {
        let mut alike = gap.clone();
        alike.period = None;
        let text = with_advice(named, &alike);
        match reasons.iter_mut().find(|(known, _)| *known == text) {
            Some((_, count)) => *count += 1,
            None => reasons.push((text, 1)),
        }
    }
    if reasons.is_empty() && estimate.total.is_none() {
        return vec!["the total is not known".to_owned()];
    }
    let folded = |(text, count)| if count == 1 { text } else { format!("{text} ({count} times)") };
    reasons.into_iter().map(folded).collect()
}

fn with_advice(named: &Named, gap: &Gap) -> String {
    let is_of_current =
        matches!(gap.reason, Reason::Restriction(Restriction::MinCurrent | Restriction::MaxCurrent));
    if is_of_current && named.supply.voltage.is_none() {
        return format!("{gap}; say --voltage");
    }
    gap.to_string()
}
