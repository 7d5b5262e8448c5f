//! Validity, and texts for people.

use std::collections::BTreeSet;

use ocpi_types::Decimal;

use super::Rule;
use super::scope::Scope;

pub(super) fn look(scope: &mut Scope<'_>) {
    validity(scope);
    alt_texts(scope);
    alt_url(scope);
    energy_mix(scope);
}

fn validity(scope: &mut Scope<'_>) {
    let (from, until) = (scope.plan.valid_from, scope.plan.valid_until);
    match (from, until) {
        (Some(from), Some(until)) if until <= from => scope.find(Rule::ValidityInverted, "/end_date_time"),
        (_, Some(until)) if scope.at.is_some_and(|at| until <= at) => {
            scope.find_with(Rule::Expired, "/end_date_time", format_args!("since {until}"));
        }
        _ => {}
    }
}

fn alt_texts(scope: &mut Scope<'_>) {
    /// As many as can be shown in a line or two.
    const EASY: usize = 2;
    let document = scope.document;
    let count = document.length("/tariff_alt_text");
    let has_url = document.get("/tariff_alt_url").is_some();
    if count == 0 && !has_url && scope.plan.elements.len() > EASY {
        scope.find(Rule::AltTextMissing, "");
    }
    let mut languages = BTreeSet::new();
    for index in 0..count {
        let pointer = format!("/tariff_alt_text/{index}");
        let text = document.string(&format!("{pointer}/text"));
        if text.as_ref().is_some_and(|text| text.trim().is_empty()) {
            scope.remove(Rule::AltTextEmpty, pointer);
            continue;
        }
        if text.is_some_and(|text| has_markup(&text)) {
            scope.find(Rule::AltTextMarkup, format!("{pointer}/text"));
        }
        let language = document.string(&format!("{pointer}/language"));
        if language.is_some_and(|language| !languages.insert(language.to_ascii_lowercase())) {
            scope.find(Rule::AltTextLanguage, format!("{pointer}/language"));
        }
    }
}

/// Tags and entities, but not `a < b`.
fn has_markup(text: &str) -> bool {
    let is_tag = |rest: &str| {
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        rest.starts_with(|c: char| c.is_ascii_alphabetic()) && rest.contains('>')
    };
    let is_entity = |rest: &str| {
        let name = rest.split(';').next().unwrap_or_default();
        rest.len() > name.len()
            && (2..9).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
    };
    text.split('<').skip(1).any(is_tag) || text.split('&').skip(1).any(is_entity)
}

fn alt_url(scope: &mut Scope<'_>) {
    let url = scope.document.string("/tariff_alt_url");
    let is_safe = |url: &str| url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
    if url.is_some_and(|url| !url.is_empty() && !is_safe(&url)) {
        scope.find(Rule::AltUrlPlain, "/tariff_alt_url");
    }
}

fn energy_mix(scope: &mut Scope<'_>) {
    let list = "/energy_mix/energy_sources";
    let shares = (0..scope.document.length(list))
        .map(|index| scope.document.number(&format!("{list}/{index}/percentage")));
    let Some(shares) = shares.collect::<Option<Vec<Decimal>>>() else { return };
    let sum = shares.iter().try_fold(Decimal::ZERO, |sum, share| sum.checked_add(*share));
    // Shares that were rounded are no mistake.
    let tolerance = Decimal::new(i64::try_from(shares.len()).unwrap_or(i64::MAX), 1);
    let (low, high) = (Decimal::from(100).checked_sub(tolerance), Decimal::from(100).checked_add(tolerance));
    if let (Some(sum), Some(low), Some(high)) = (sum, low, high) {
        if !shares.is_empty() && !(low..=high).contains(&sum) {
            scope.find_with(Rule::EnergyMixSum, list, format_args!("{} percent", sum.normalize()));
        }
    }
}
