//! Both engines, with what they come to in one form.

use chrono_tz::Tz;
use ocpi_pricing::bill::{Category, Reason};
use ocpi_pricing::{Plan, Policy, Pricer, Restriction, Usage};
use ocpi_tariffs::price::{self, TariffSource};
use ocpi_tariffs::{cdr, json, tariff};
use ocpi_types::json::Reading;
use ocpi_types::{Decimal, Finding, Object, Rule, Version, v2_1_1, v2_2_1};

/// What a CDR costs. `None`: not known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Amounts {
    /// The total before tax.
    pub total: Option<Decimal>,
    /// The total with tax.
    pub with_tax: Option<Decimal>,
    /// The parts before tax: energy, charging time, parking, fees.
    pub parts: [Option<Decimal>; 4],
}

impl Amounts {
    /// Whether both say the same, to their rounding: theirs has four decimals. What only one of them knows is not held
    /// against it.
    #[must_use]
    pub fn agree_with(&self, other: &Self) -> bool {
        let same = |one: Option<Decimal>, other: Option<Decimal>| match (one, other) {
            (Some(one), Some(other)) => {
                let (low, high) = if one < other { (one, other) } else { (other, one) };
                high.checked_sub(low).is_some_and(|apart| apart <= Decimal::new(1, 4))
            }
            _ => true,
        };
        self.total.is_some() == other.total.is_some()
            && same(self.total, other.total)
            && same(self.with_tax, other.with_tax)
            && self.parts.iter().zip(other.parts).all(|(one, other)| same(*one, other))
    }
}

/// A CDR as both engines take it.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its version.
    pub version: Version,
    /// Its text.
    pub text: String,
    /// The text of the tariff, if it is not the CDR's own.
    pub tariff: Option<String>,
    /// The time zone of the Location.
    pub zone: Tz,
}

impl Document {
    /// What `ocpi-tariffs` comes to.
    ///
    /// # Errors
    /// What it says, if it gives no price.
    pub fn theirs(&self) -> Result<Amounts, String> {
        let version = if self.version == Version::V2_1_1 {
            ocpi_tariffs::Version::V211
        } else {
            ocpi_tariffs::Version::V221
        };
        let document = json::parse_object(&self.text).map_err(|error| error.to_string())?;
        let (cdr, _) = cdr::from_json(document, version).into_parts();
        let source = match &self.tariff {
            Some(text) => {
                let document = json::parse_object(text).map_err(|error| error.to_string())?;
                TariffSource::single(tariff::from_json(document, version).into_parts().0)
            }
            None => TariffSource::UseCdr,
        };
        let report = cdr::price(&cdr, source, self.zone)
            .map_err(|error| error.into_parts().0.warning().to_string())?
            .into_parts()
            .0;
        let money = |money: ocpi_tariffs::Money| {
            rust_decimal::Decimal::from(money).to_string().parse::<Decimal>().ok()
        };
        let part = |total: &price::Total<Option<ocpi_tariffs::Price>>| {
            Some(total.calculated.map_or(Some(Decimal::ZERO), |price| money(price.excl_vat))).flatten()
        };
        // Without any price there is nothing to pay.
        let total = report.total_cost.calculated;
        Ok(Amounts {
            total: total.map_or(Some(Decimal::ZERO), |price| money(price.excl_vat)),
            with_tax: total.and_then(|price| price.incl_vat).and_then(money),
            parts: [
                part(&report.total_energy_cost),
                part(&report.total_charging_time_cost),
                part(&report.total_idle_cost),
                part(&report.total_fixed_cost),
            ],
        })
    }

    /// What is needed for our price.
    ///
    /// # Errors
    /// What is wrong, if it cannot be read.
    pub fn ours(&self) -> Result<Ours, String> {
        let (mut usage, own) = match self.version {
            Version::V2_1_1 => {
                let cdr: v2_1_1::cdrs::Cdr = read(&self.text)?;
                (Usage::from(&cdr), Plan::all_of(&cdr.tariffs, &cdr, &cdr.currency))
            }
            _ => {
                let cdr: v2_2_1::cdrs::Cdr = read(&self.text)?;
                (Usage::from(&cdr), Plan::all_of(&cdr.tariffs, &cdr, &cdr.currency))
            }
        };
        usage.zone = self.zone.name().parse().ok();
        usage.put_in_order();
        let plans = match &self.tariff {
            None => own,
            Some(text) if self.version == Version::V2_1_1 => {
                vec![Plan::from(&read::<v2_1_1::tariffs::Tariff>(text)?)]
            }
            Some(text) => vec![Plan::from(&read::<v2_2_1::tariffs::Tariff>(text)?)],
        };
        Ok(Ours { usage, pricer: Pricer::new(plans) })
    }
}

impl Document {
    /// Whether some member stands twice in one object: which of them counts, readers decide.
    #[must_use]
    pub fn has_doubles(&self) -> bool {
        let twice =
            |findings: &[Finding]| findings.iter().any(|finding| finding.rule == Rule::JsonDuplicateKey);
        let tariff = self.tariff.as_deref().unwrap_or_default();
        let tariff = ocpi_types::json::read_item::<v2_2_1::tariffs::Tariff>(tariff.as_bytes());
        let cdr = ocpi_types::json::read_item::<v2_2_1::cdrs::Cdr>(self.text.as_bytes());
        tariff.is_ok_and(|item| twice(&item.findings)) || cdr.is_ok_and(|item| twice(&item.findings))
    }
}

/// What is priced, and by what.
#[derive(Debug)]
pub struct Ours {
    usage: Usage,
    pricer: Pricer,
}

impl Ours {
    /// What this library comes to under a policy.
    ///
    /// # Errors
    /// Why there is no price.
    pub fn under(&self, policy: Policy) -> Result<Amounts, String> {
        let pricer = self.pricer.under(policy);
        let bill = pricer.price(&self.usage).map_err(|error| error.to_string())?;
        let Some(total) = bill.total() else {
            return Err(bill.gaps().first().map_or_else(String::new, |gap| why(&gap.reason)));
        };
        let part = |category| bill.part(category).before_taxes;
        Ok(Amounts {
            total: total.before_taxes,
            with_tax: total.after_taxes,
            parts: [
                part(Category::Energy),
                part(Category::Time),
                part(Category::Parking),
                part(Category::Fixed),
            ],
        })
    }
}

fn why(reason: &Reason) -> String {
    match reason {
        Reason::Restriction(Restriction::Unknown) => "a restriction is not understood".to_owned(),
        Reason::Restriction(restriction) => format!("whether `{}` holds is not known", restriction.as_str()),
        Reason::Obstacle(obstacle) => obstacle.message(),
        other => format!("{other:?}"),
    }
}

/// Whether a value is lost, not only written otherwise.
fn is_lost(finding: &Finding) -> bool {
    matches!(finding.rule, Rule::ValueForm | Rule::ValueType | Rule::Missing)
}

fn read<T: Object>(text: &str) -> Result<T, String> {
    let item = ocpi_types::json::read_item::<T>(text.as_bytes()).map_err(|error| error.to_string())?;
    // Their CDRs lack much that has nothing to do with the price; a period that cannot be read has.
    let lost = |finding: &&Finding| is_lost(finding) && finding.pointer.starts_with("/charging_periods");
    match (item.reading, item.findings.iter().find(lost)) {
        (Reading::Whole(value), None) => Ok(value),
        (Reading::Partial(partial), None) => Ok(partial.into_value()),
        (_, Some(finding)) => Err(finding.to_string()),
        (Reading::Unreadable(_), None) => Err("cannot be read".to_owned()),
    }
}
