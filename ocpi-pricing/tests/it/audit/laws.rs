//! Laws over records that are made up.

use ocpi_pricing::Policy;
use ocpi_pricing::audit::{CdrClaims, Rule, SessionClaims, Verdict};
use ocpi_pricing::generate::{Generator, Record, Simulate, Template};
use ocpi_types::{Object, Version, v2_1_1, v2_2_1, v2_3_0};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{auditor, in_full};
use crate::common::{read, tariff_text};
use crate::properties::{config, element};

pub(super) const ZONE: &str = "Europe/Amsterdam";

/// A record of a tariff, if its price can be computed.
fn record<T: Simulate + Object>(text: &str, seed: u64, every: Option<i64>) -> Option<Record<T>> {
    let template = Template::new(read::<T>(text));
    let generator = Generator::new(seed, ZONE.parse().unwrap());
    let mut generator = match every {
        Some(seconds) => generator.with_period_length(seconds),
        None => generator,
    };
    generator.record(&template).ok()
}

fn assert_right<'a, C, S>(cdr: &'a C, session: &'a S) -> Result<(), TestCaseError>
where
    CdrClaims: From<&'a C>,
    SessionClaims: From<&'a S>,
{
    let case = ocpi_pricing::audit::Case::of(cdr).against([session]);
    let report = auditor().case(&case);
    prop_assert_eq!(in_full(&report), Vec::<String>::new());
    prop_assert_eq!(report.verdict(), Verdict::Agrees);
    Ok(())
}

/// A tariff with these elements, that includes tax or not, in some currency, with or without limits.
pub(super) type Terms<'a> = (&'a [Value], &'a str, &'a str, Option<i64>);

pub(super) fn text(version: Version, (elements, tax, currency, limit): Terms<'_>) -> String {
    let mut more = json!({"currency": currency});
    let (net, gross) = match version {
        Version::V2_3_0 => ("before_taxes", "after_taxes"),
        _ => ("excl_vat", "incl_vat"),
    };
    if version == Version::V2_3_0 {
        more["tax_included"] = tax.into();
    }
    if let Some(limit) = limit.filter(|_| version != Version::V2_1_1) {
        more["min_price"] = json!({net: limit, gross: limit + 1});
        more["max_price"] = json!({net: limit + 3, gross: limit + 5});
    }
    tariff_text(version, &json!(elements), &more)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_cdr_made_from_a_bill_has_no_findings(
        elements in prop::collection::vec(element(), 1..4),
        tax in prop::sample::select(vec!["YES", "NO", "N/A"]),
        currency in prop::sample::select(vec!["EUR", "JPY", "KWD"]),
        limit in prop::option::of(0_i64..20),
        seed in any::<u64>(),
        every in prop::option::of(Just(900)),
    ) {
        let terms = (&*elements, tax, currency, limit);
        if let Some(it) = record::<v2_1_1::tariffs::Tariff>(&text(Version::V2_1_1, terms), seed, every) {
            assert_right(&it.cdr, &it.session)?;
        }
        if let Some(it) = record::<v2_2_1::tariffs::Tariff>(&text(Version::V2_2_1, terms), seed, every) {
            assert_right(&it.cdr, &it.session)?;
        }
        if let Some(it) = record::<v2_3_0::tariffs::Tariff>(&text(Version::V2_3_0, terms), seed, every) {
            assert_right(&it.cdr, &it.session)?;
        }
    }

    #[test]
    fn the_policy_of_another_party_is_named(
        elements in prop::collection::vec(element(), 1..4),
        seed in any::<u64>(),
        which in any::<prop::sample::Index>(),
    ) {
        let variants = Policy::default().variants();
        let (question, choice, policy) = variants[which.index(variants.len())];
        let tariff = read::<v2_2_1::tariffs::Tariff>(&text(Version::V2_2_1, (&elements, "NO", "EUR", None)));
        let template = Template::with_policy(tariff, policy);
        let mut generator = Generator::new(seed, ZONE.parse().unwrap());
        let Ok(record) = generator.record(&template) else { return Ok(()) };
        let report = auditor().cdr(&record.cdr);
        let costs = report.findings.iter().filter(|it| it.rule != Rule::TaxSide);
        for finding in costs {
            let named = format!("{question} = {choice}");
            prop_assert!(finding.message.contains(&named), "{}: {:?}", named, in_full(&report));
        }
        let right = auditor().with_policy(policy).cdr(&record.cdr);
        prop_assert_eq!(in_full(&right), Vec::<String>::new());
    }
}
