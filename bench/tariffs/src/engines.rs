//! Both engines, with their results in one form.

use chrono_tz::Tz;
use ocpi_pricing::bill::{Category, Reason};
use ocpi_pricing::{Policy, PriceError, Pricer, TariffModel, Usage};
use ocpi_tariffs::price::{self, TariffSource};
use ocpi_tariffs::{cdr, json, tariff};
use ocpi_types::json::Reading;
use ocpi_types::{Concern, Decimal, Finding, Object, Obstacle, ObstacleCause, Rule, Version, v2_1_1, v2_2_1};

/// Cost of a CDR. `None`: not known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Amounts {
    /// Whether nothing in it has a price.
    pub is_empty: bool,
    /// The total before tax.
    pub total: Option<Decimal>,
    /// The total with tax.
    pub with_tax: Option<Decimal>,
    /// The parts before tax: energy, charging time, parking, fees.
    pub parts: [Option<Decimal>; 4],
}

impl Amounts {
    /// Whether both say the same, to their rounding: theirs has four decimals. An amount that only one of them knows
    /// does not count against it.
    #[must_use]
    pub fn agree_with(&self, other: &Self) -> bool {
        self.distance(other).is_some()
    }

    /// Returns the greatest difference of any of the amounts; `None`: too great to be the same.
    #[must_use]
    pub fn distance(&self, other: &Self) -> Option<Decimal> {
        if self.total.is_some() != other.total.is_some() {
            return None;
        }
        let pairs = self.parts.into_iter().zip(other.parts);
        let pairs = pairs.chain([(self.total, other.total), (self.with_tax, other.with_tax)]);
        pairs.filter_map(|(one, other)| one.zip(other)).try_fold(Decimal::ZERO, |most, (one, other)| {
            let apart = one.max(other).checked_sub(one.min(other))?;
            (apart <= Decimal::new(1, 4)).then_some(most.max(apart))
        })
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
    /// Prices the CDR with `ocpi-tariffs`.
    ///
    /// # Errors
    /// Its message, if it gives no price.
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
            is_empty: total.is_none(),
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

    /// Reads the usage and the tariffs for our price.
    ///
    /// # Errors
    /// The reason, if they cannot be read.
    pub fn ours(&self) -> Result<Ours, String> {
        let (mut usage, own) = match self.version {
            Version::V2_1_1 => {
                let cdr: v2_1_1::cdrs::Cdr = read(&self.text)?;
                (Usage::from(&cdr), TariffModel::all_of(&cdr.tariffs, &cdr, &cdr.currency))
            }
            Version::V2_2 | Version::V2_2_1 | Version::V2_3_0 => {
                let cdr: v2_2_1::cdrs::Cdr = read(&self.text)?;
                (Usage::from(&cdr), TariffModel::all_of(&cdr.tariffs, &cdr, &cdr.currency))
            }
        };
        usage.zone = self.zone.name().parse().ok();
        usage.put_in_order();
        let plans = match &self.tariff {
            None => own,
            Some(text) if self.version == Version::V2_1_1 => {
                vec![TariffModel::from(&read::<v2_1_1::tariffs::Tariff>(text)?)]
            }
            Some(text) => vec![TariffModel::from(&read::<v2_2_1::tariffs::Tariff>(text)?)],
        };
        Ok(Ours { usage, pricer: Pricer::new(plans) })
    }
}

impl Document {
    /// The same with the names of the tariff's members in OCPI's own spelling; `None`: they are.
    #[must_use]
    pub fn in_own_spelling(&self) -> Option<Self> {
        let text = self.tariff.as_deref()?;
        let tariff = match self.version {
            Version::V2_1_1 => respelled::<v2_1_1::tariffs::Tariff>(text)?,
            Version::V2_2 | Version::V2_2_1 | Version::V2_3_0 => respelled::<v2_2_1::tariffs::Tariff>(text)?,
        };
        Some(Self { tariff: Some(tariff), ..self.clone() })
    }
}

fn respelled<T: Object>(text: &str) -> Option<String> {
    let item = ocpi_types::json::read_item::<T>(text.as_bytes()).ok()?;
    let is_odd = item.findings.iter().any(|finding| finding.rule == Rule::NameSpelling);
    match item.reading {
        Reading::Whole(tariff) if is_odd => Some(ocpi_types::json::to_string(&tariff)),
        _ => None,
    }
}

/// Usage to be priced, and the pricer.
#[derive(Debug)]
pub struct Ours {
    usage: Usage,
    pricer: Pricer,
}

impl Ours {
    /// Prices the usage with this library under a policy.
    ///
    /// # Errors
    /// The reason why there is no price.
    pub fn under(&self, policy: Policy) -> Result<Amounts, Unpriced> {
        let pricer = self.pricer.under(policy);
        let bill = pricer.price(&self.usage).map_err(|error| Unpriced::whole(&error))?;
        let Some(total) = bill.total() else {
            return Err(bill.gaps().first().map_or_else(Unpriced::default, |gap| Unpriced::of(&gap.reason)));
        };
        let part = |category| bill.part(category).before_taxes;
        Ok(Amounts {
            is_empty: bill.lines().len() == 0,
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

/// Reason why this library gives no price.
#[derive(Clone, Debug, Default)]
pub struct Unpriced {
    /// The reason.
    pub why: String,
    /// The rule that forbids a price; `None`: none is known.
    pub rule: Option<&'static str>,
}

impl Unpriced {
    fn whole(error: &PriceError) -> Self {
        let rule = error.is_negative().then_some(
            "2.2.1 mod_cdrs §cdrdimensiontype_enum: `TIME` and `PARKING_TIME` are times spent, which cannot be negative",
        );
        Self { why: error.to_string(), rule }
    }

    fn of(reason: &Reason) -> Self {
        let rule = match reason {
            Reason::Restriction(_) => Some(
                "2.2.1 mod_tariffs §tariffrestrictions_class: the bound is on a value that the CDR does not hold",
            ),
            Reason::Obstacle(obstacle) => rule_of(obstacle),
            Reason::NotInPeriods => Some(
                "2.2.1 mod_cdrs §cdr_object: a part of the cost says that there was something to pay, and no period says how much",
            ),
            _ => None,
        };
        let why = match reason {
            Reason::Restriction(restriction) => {
                format!("whether `{}` holds is not known", restriction.as_str())
            }
            Reason::Obstacle(obstacle) => obstacle.message(),
            Reason::NotInPeriods => "time has a price and a cost, and is in no period".to_owned(),
            other => format!("{other:?}"),
        };
        Self { why, rule }
    }
}

fn rule_of(obstacle: &Obstacle) -> Option<&'static str> {
    Some(match (obstacle.cause, obstacle.concern) {
        (ObstacleCause::UnknownValue, Concern::Kind) => {
            "2.2.1 mod_tariffs §tariffdimensiontype_enum: the list is closed, and nobody says what is counted"
        }
        (ObstacleCause::LooksLike(_), Concern::Restrictions) => {
            "2.2.1 mod_tariffs §tariffrestrictions_class: without the restriction what it excludes would have a price"
        }
        (ObstacleCause::Twice, _) => "RFC 8259 §4: names are unique; of two prices nobody knows which is due",
        _ => return None,
    })
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
