//! The bill as JSON.

use ocpi_types::Decimal;
use serde::Serialize;

use super::texts::noun;
use super::{Amount, Bill, Category, Gap, Line, Reason};
use crate::error::PriceError;
use crate::rounding::Rounding;
use crate::tariff_model::{Phase, TariffDimension};
use crate::usage::Usage;

/// A self-contained bill with its reasons, for writing as JSON and storing. Amounts are decimal strings.
///
/// ```
/// # use ocpi_pricing::{TariffModel, Pricer, Usage, rounding::Rounding};
/// # let pricer = Pricer::new([]);
/// # let usage = Usage::new("EUR".parse().unwrap());
/// let bill = pricer.price(&usage)?;
/// let json = serde_json::to_value(bill.record(Rounding::none()))?;
/// assert_eq!(json["currency"], "EUR");
/// assert_eq!(json["not_computable"][0]["message"], "there are no periods");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[must_use]
pub struct Record {
    id: Option<String>,
    currency: String,
    total: Option<Money>,
    energy: Option<Money>,
    time: Option<Money>,
    parking: Option<Money>,
    fixed: Option<Money>,
    reservation: Option<Money>,
    limit: Option<Money>,
    taxes: Option<Vec<Tax>>,
    billed: Billed,
    not_computable: Vec<Missing>,
    notes: Vec<String>,
    periods: Vec<Period>,
}

#[derive(Clone, Debug, Serialize)]
struct Money {
    before_taxes: Option<String>,
    after_taxes: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Tax {
    percentage: Option<String>,
    amount: String,
}

#[derive(Clone, Debug, Default, Serialize)]
struct Billed {
    energy_kwh: Option<String>,
    time_h: Option<String>,
    parking_h: Option<String>,
    reservation_h: Option<String>,
}

#[derive(Clone, Debug, Default, Serialize)]
struct Missing {
    period: Option<usize>,
    tariff: Option<String>,
    element: Option<u32>,
    dimension: Option<&'static str>,
    pointer: Option<String>,
    /// Number of periods that it is about.
    count: usize,
    message: String,
    remedies: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Period {
    period: usize,
    start: String,
    end: Option<String>,
    lines: Vec<RecordLine>,
}

#[derive(Clone, Debug, Serialize)]
struct RecordLine {
    what: &'static str,
    dimension: &'static str,
    phase: &'static str,
    category: &'static str,
    from: String,
    tariff: String,
    element: usize,
    component: usize,
    price: String,
    vat: Option<String>,
    step_size: i64,
    measured: String,
    billed: String,
    unit: &'static str,
    before_taxes: Option<String>,
    after_taxes: Option<String>,
    estimate: bool,
    held: Vec<&'static str>,
    passed: Vec<Passed>,
}

#[derive(Clone, Debug, Serialize)]
struct Passed {
    element: usize,
    restriction: &'static str,
}

impl Record {
    /// Creates the record of a session or CDR that cannot be priced: all members are present, and null.
    pub fn without_bill(usage: &Usage, why: &PriceError) -> Self {
        Self {
            id: usage.id.as_deref().map(str::to_owned),
            currency: usage.currency.to_string(),
            total: None,
            energy: None,
            time: None,
            parking: None,
            fixed: None,
            reservation: None,
            limit: None,
            taxes: None,
            billed: Billed::default(),
            not_computable: vec![Missing {
                period: why.period(),
                count: usize::from(why.period().is_some()),
                message: why.to_string(),
                ..Missing::default()
            }],
            notes: Vec::new(),
            periods: Vec::new(),
        }
    }
}

/// Whether a missing amount may belong to a part of the cost.
fn may_be_in(gap: &Gap, category: Category) -> bool {
    match (gap.phase, gap.kind) {
        (Some(Phase::Charging), Some(TariffDimension::Energy)) => category == Category::Energy,
        (Some(Phase::Charging), Some(TariffDimension::Time)) => category == Category::Time,
        (Some(Phase::Charging), Some(TariffDimension::ParkingTime)) => category == Category::Parking,
        (Some(Phase::Charging), Some(TariffDimension::Flat)) => {
            matches!(category, Category::Fixed | Category::Parking)
        }
        (Some(phase), _) if phase != Phase::Charging => category == Category::Reservation,
        _ => true,
    }
}

impl Bill {
    /// Returns the bill with its reasons as a self-contained value, with rounded amounts. Amounts that cannot be
    /// computed are null.
    pub fn record(&self, rounding: Rounding) -> Record {
        let part = |category| {
            let is_known = !self.gaps.iter().any(|gap| may_be_in(gap, category));
            is_known.then(|| money(self.part(category), rounding))
        };
        let text = |value: Decimal| value.to_string();
        let billed = |category, quantity: Decimal| {
            let is_known = !self.gaps.iter().any(|gap| may_be_in(gap, category));
            is_known.then(|| quantity.to_string())
        };
        let tax = |tax: super::TaxLine| Tax {
            percentage: tax.percentage.map(text),
            amount: rounding.apply(tax.amount).to_string(),
        };
        Record {
            id: self.usage.id.as_deref().map(str::to_owned),
            currency: self.usage.currency.to_string(),
            total: self.total().map(|total| money(total, rounding)),
            energy: part(Category::Energy),
            time: part(Category::Time),
            parking: part(Category::Parking),
            fixed: part(Category::Fixed),
            reservation: part(Category::Reservation),
            limit: self.is_computable().then(|| money(self.limit(), rounding)),
            taxes: self.taxes().map(|taxes| taxes.into_iter().map(tax).collect()),
            billed: Billed {
                energy_kwh: billed(Category::Energy, self.billed(TariffDimension::Energy)),
                time_h: billed(Category::Time, hours(self.billed(TariffDimension::Time))),
                parking_h: billed(Category::Parking, hours(self.billed(TariffDimension::ParkingTime))),
                reservation_h: billed(Category::Reservation, hours(self.billed_reservation())),
            },
            not_computable: self.missing(),
            notes: self.notes.iter().map(ToString::to_string).collect(),
            periods: self.periods(rounding),
        }
    }

    fn missing(&self) -> Vec<Missing> {
        let missing = self.gap_groups().into_iter().map(|group| {
            let gap = group.gap;
            Missing {
                period: gap.period,
                tariff: gap.tariff.map(|tariff| self.tariff_id(tariff as usize).to_owned()),
                element: gap.element,
                dimension: gap.kind.map(TariffDimension::as_str),
                pointer: match &gap.reason {
                    Reason::Obstacle(obstacle) => Some(obstacle.pointer.clone()),
                    _ => None,
                },
                count: group.periods.len(),
                message: group.to_string(),
                remedies: group.remedies.iter().map(ToString::to_string).collect(),
            }
        });
        missing.collect()
    }

    fn periods(&self, rounding: Rounding) -> Vec<Period> {
        let periods = self.usage.periods.iter().enumerate().map(|(period, usage)| Period {
            period,
            start: usage.start.to_string(),
            end: self.usage.period_end(period).map(|end| end.to_string()),
            lines: Vec::new(),
        });
        let mut periods: Vec<Period> = periods.collect();
        for (index, line) in self.lines().enumerate() {
            if let Some(period) = periods.get_mut(line.period) {
                period.lines.push(self.record_line(index, &line, rounding));
            }
        }
        periods
    }

    fn record_line(&self, index: usize, line: &Line, rounding: Rounding) -> RecordLine {
        let amount = money(line.amount, rounding);
        let why = self.why(index);
        let passed = |passed: &super::Passed| Passed {
            element: passed.element,
            restriction: passed.restriction.as_str(),
        };
        RecordLine {
            what: noun(line.phase, line.kind),
            dimension: line.kind.as_str(),
            phase: line.phase.as_str(),
            category: line.category.as_str(),
            from: line.at.to_string(),
            tariff: self.tariff_id(line.tariff).to_owned(),
            element: line.element,
            component: line.component,
            price: line.rate.price.to_string(),
            vat: line.rate.vat.map(|vat| vat.to_string()),
            step_size: line.rate.step_size,
            measured: line.measured.to_string(),
            billed: line.billed.to_string(),
            unit: match line.kind {
                TariffDimension::Energy => "kWh",
                TariffDimension::Time | TariffDimension::ParkingTime => "s",
                TariffDimension::Flat | TariffDimension::Unknown => "1",
            },
            before_taxes: amount.before_taxes,
            after_taxes: amount.after_taxes,
            estimate: line.is_estimate,
            held: why.iter().flat_map(|why| &why.held).map(|held| held.as_str()).collect(),
            passed: why.iter().flat_map(|why| &why.passed).map(passed).collect(),
        }
    }
}

fn money(amount: Amount, rounding: Rounding) -> Money {
    let text = |amount: Decimal| rounding.apply(amount).to_string();
    Money { before_taxes: amount.before_taxes.map(text), after_taxes: amount.after_taxes.map(text) }
}

fn hours(seconds: Decimal) -> Decimal {
    super::views::units(TariffDimension::Time, seconds)
}
