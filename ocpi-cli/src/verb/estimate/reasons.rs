//! Reasons why there is no price.

use ocpi_pricing::Restriction;
use ocpi_pricing::bill::{Amount, GapGroup, Reason, Remedy};
use ocpi_pricing::estimate::{Estimate, Ranked};

use super::offers::Named;

/// An estimate that has a total.
pub(super) fn known(ranked: &Ranked) -> Option<(&Estimate, Amount)> {
    let estimate = ranked.outcome.as_ref().ok()?;
    Some((estimate, estimate.total?))
}

/// Lists the reasons why an offer has no total, each once with its count, and with the flag that would decide it.
/// Empty: it has a total.
pub(super) fn reasons(named: &Named, ranked: &Ranked) -> Vec<String> {
    let estimate = match &ranked.outcome {
        Err(error) if error.is_power() => return vec![format!("{error}; give it with --power")],
        Err(error) => return vec![error.to_string()],
        Ok(estimate) => estimate,
    };
    let Ok(bill) = named.offer().pricer.price(&estimate.usage) else { return Vec::new() };
    let mut reasons: Vec<String> = Vec::new();
    for group in &bill.gap_groups() {
        let reason = reason(named, group);
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    if reasons.is_empty() && estimate.total.is_none() {
        return vec!["the total is not known".to_owned()];
    }
    reasons
}

fn reason(named: &Named, group: &GapGroup<'_>) -> String {
    let mut gap = group.gap.clone();
    gap.period = None;
    if matches!(gap.reason, Reason::Obstacle(_)) {
        // It is in the way of all that the element prices.
        (gap.phase, gap.kind) = (None, None);
    }
    let mut text = gap.to_string();
    if group.periods.len() > 1 {
        text += &format!(" ({} times)", group.periods.len());
    }
    let is_of_current =
        matches!(gap.reason, Reason::Restriction(Restriction::MinCurrent | Restriction::MaxCurrent));
    let voltage = (is_of_current && named.supply.voltage.is_none()).then(|| "--voltage".to_owned());
    let policies = group.remedies.iter().filter_map(|remedy| match remedy {
        Remedy::Policy(question, choice) => Some(format!("--policy {question}={choice}")),
        _ => None,
    });
    let advice: Vec<String> = voltage.into_iter().chain(policies).collect();
    if advice.is_empty() { text } else { format!("{text}; set {}", advice.join(" or ")) }
}
