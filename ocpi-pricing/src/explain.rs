//! A tariff in words, for a driver.

mod conditions;
mod language;
mod phrases;

pub use language::Language;

use std::collections::BTreeSet;
use std::fmt;

use ocpi_types::v2_2_1::tariffs::TariffType;
use ocpi_types::{Decimal, Version};
use serde::Serialize;

use crate::plan::{Component, Kind, Limit, Phase, Plan, Restrictions, Tax};
use phrases::Phrase;

/// A tariff in sentences, in the order in which a driver needs them.
///
/// ```
/// use ocpi_pricing::Plan;
/// use ocpi_pricing::explain::{Explanation, Language};
/// use ocpi_types::{json, v2_2_1::tariffs::Tariff};
/// # let tariff = r#"{"country_code": "NL", "party_id": "ALF", "id": "T1", "currency": "EUR",
/// #   "elements": [{"price_components": [
/// #       {"type": "FLAT", "price": 0.50, "vat": 21, "step_size": 1},
/// #       {"type": "ENERGY", "price": 0.25, "vat": 21, "step_size": 1}]}],
/// #   "last_updated": "2026-01-01T00:00:00Z"}"#;
/// let tariff: Tariff = json::from_str(tariff)?;
/// let plan = Plan::from(&tariff);
/// assert_eq!(
///     Explanation::of(&plan, Language::English).to_string(),
///     "Energy costs €0.25 per kWh.\nEach session has a fee of €0.50.\nVAT of 21% is added to all prices.\n",
/// );
/// assert!(Explanation::of(&plan, Language::Swedish).to_string().starts_with("Energi kostar 0,25 € per kWh."));
/// # Ok::<(), json::Error>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The tariff.
    pub id: String,
    /// The language, in two letters.
    pub language: &'static str,
    /// The sentences.
    pub sentences: Vec<Sentence>,
}

/// One sentence.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Sentence {
    /// What it is about.
    pub topic: Topic,
    /// The words.
    pub text: String,
}

/// What a sentence is about.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Energy.
    Energy,
    /// Charging time.
    Time,
    /// Parking without charging.
    Parking,
    /// Fees.
    Fee,
    /// Reservations and bookings.
    Reservation,
    /// Tax.
    Tax,
    /// The least and the most that a session costs.
    Limit,
    /// Whom and when the tariff is for.
    Validity,
    /// What cannot be explained.
    Obstacle,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentences.iter().try_for_each(|sentence| writeln!(f, "{}", sentence.text))
    }
}

impl Explanation {
    /// Explains a tariff.
    pub fn of(plan: &Plan, language: Language) -> Self {
        let mut writer = Writer { plan, language, rates: rates(plan), sentences: Vec::new() };
        writer.prices();
        writer.taxes();
        writer.limits();
        writer.validity();
        writer.obstacles();
        Self { id: plan.id.to_string(), language: language.code(), sentences: writer.sentences }
    }
}

/// The rates of tax on prices that are not zero; `None` among them: one without a rate.
fn rates(plan: &Plan) -> BTreeSet<Option<Decimal>> {
    let components = plan.elements.iter().flat_map(|element| &element.components);
    components.filter(|component| component.price != Decimal::ZERO).map(|component| component.vat).collect()
}

struct Writer<'a> {
    plan: &'a Plan,
    language: Language,
    rates: BTreeSet<Option<Decimal>>,
    sentences: Vec<Sentence>,
}

/// What has a price of its own: topic, phase, kind, how it is said, and how it is said that it is free.
const PRICED: [(Topic, Phase, Kind, Phrase, Phrase); 12] = [
    (Topic::Energy, Phase::Charging, Kind::Energy, Phrase::Energy, Phrase::EnergyFree),
    (Topic::Time, Phase::Charging, Kind::Time, Phrase::Time, Phrase::TimeFree),
    (Topic::Parking, Phase::Charging, Kind::ParkingTime, Phrase::Parking, Phrase::ParkingFree),
    (Topic::Fee, Phase::Charging, Kind::Flat, Phrase::Fee, Phrase::FeeFree),
    (Topic::Reservation, Phase::Reservation, Kind::Flat, Phrase::ReservationFee, Phrase::ReservationFree),
    (Topic::Reservation, Phase::Reservation, Kind::Time, Phrase::Reservation, Phrase::ReservationFree),
    (Topic::Reservation, Phase::Expired, Kind::Flat, Phrase::ExpiredFee, Phrase::ReservationFree),
    (Topic::Reservation, Phase::Expired, Kind::Time, Phrase::Expired, Phrase::ReservationFree),
    (Topic::Reservation, Phase::Overtime, Kind::Flat, Phrase::OvertimeFee, Phrase::ReservationFree),
    (Topic::Reservation, Phase::Overtime, Kind::Time, Phrase::Overtime, Phrase::ReservationFree),
    (Topic::Reservation, Phase::Cancelled, Kind::Flat, Phrase::CancelFee, Phrase::ReservationFree),
    (Topic::Reservation, Phase::Cancelled, Kind::Time, Phrase::CancelFee, Phrase::ReservationFree),
];

impl Writer<'_> {
    fn say(&self, phrase: Phrase, parts: &[&str]) -> String {
        phrase.say(self.language, parts)
    }

    fn add(&mut self, topic: Topic, text: String) {
        self.sentences.push(Sentence { topic, text });
    }

    fn prices(&mut self) {
        let components = || self.plan.elements.iter().flat_map(|element| &element.components);
        if components().next().is_some() && components().all(|component| component.price == Decimal::ZERO) {
            let text = self.say(Phrase::Free, &[]);
            return self.add(Topic::Energy, text);
        }
        for (topic, phase, kind, costs, is_free) in PRICED {
            let (mut sentences, limits) = self.sentences_on(phase, kind, costs, is_free);
            // What only some elements price is free otherwise; for a fee that goes without saying.
            let is_open = sentences.last().is_some_and(|(_, is_restricted)| *is_restricted);
            if is_open
                && !conditions::leave_nothing(&limits)
                && phase == Phase::Charging
                && kind != Kind::Flat
            {
                let text = self.say(is_free, &[""]);
                sentences.push((self.say(Phrase::Otherwise, &[&text]), false));
            }
            for (text, _) in sentences {
                self.add(topic, text);
            }
        }
    }

    /// What the elements say on one kind of price, in their order, and whether each is restricted. Behind one that
    /// always applies, none does.
    fn sentences_on(
        &self,
        phase: Phase,
        kind: Kind,
        costs: Phrase,
        is_free: Phrase,
    ) -> (Vec<(String, bool)>, Vec<&Restrictions>) {
        let mut sentences: Vec<(String, bool)> = Vec::new();
        let mut limits = Vec::new();
        for element in &self.plan.elements {
            let restrictions = &element.restrictions;
            if restrictions.reservation.or(restrictions.booking).unwrap_or(Phase::Charging) != phase {
                continue;
            }
            let Some(component) = element.components.iter().find(|component| component.kind == kind) else {
                continue;
            };
            let mut when = conditions::of(restrictions, self.language);
            if !element.obstacles.is_empty() {
                when.push(self.say(Phrase::Unclear, &[]));
            }
            limits.push(restrictions);
            let is_restricted = !when.is_empty();
            let text = self.sentence(component, when, costs, is_free);
            let text = if sentences.is_empty() || is_restricted {
                text
            } else {
                self.say(Phrase::Otherwise, &[&text])
            };
            sentences.push((text, is_restricted));
            if !is_restricted {
                break;
            }
        }
        (sentences, limits)
    }

    fn sentence(
        &self,
        component: &Component,
        mut when: Vec<String>,
        costs: Phrase,
        is_free: Phrase,
    ) -> String {
        let in_brackets = |parts: &[String]| {
            if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
        };
        if component.price == Decimal::ZERO {
            return self.say(is_free, &[&in_brackets(&when)]);
        }
        when.extend(conditions::step(component, self.language));
        if let Some(vat) =
            component.vat.filter(|_| self.rates.len() > 1 && self.plan.tax != Tax::NotApplicable)
        {
            let phrase = if self.plan.tax == Tax::Included { Phrase::WithVat } else { Phrase::PlusVat };
            when.push(self.say(phrase, &[&self.language.percent(vat)]));
        }
        let price = self.language.money(component.price, &self.plan.currency);
        self.say(costs, &[&price, &in_brackets(&when)])
    }

    fn taxes(&mut self) {
        let one = self.rates.first().copied().flatten().filter(|_| self.rates.len() == 1);
        let text = match (self.plan.tax, one) {
            _ if self.rates.is_empty() => return,
            (Tax::Included, _) => self.say(Phrase::TaxIncluded, &[]),
            (Tax::NotApplicable, _) => self.say(Phrase::TaxNone, &[]),
            (Tax::Excluded, Some(rate)) => self.say(Phrase::VatAdded, &[&self.language.percent(rate)]),
            (Tax::Excluded, None) if self.rates.len() == 1 => match self.plan.version {
                // No rate is none there; 2.1.1 has none to say, and North America settles it later.
                Version::V2_2_1 => self.say(Phrase::VatNone, &[]),
                Version::V2_1_1 => self.say(Phrase::TaxUnknown, &[]),
                _ => self.say(Phrase::TaxUnstated, &[]),
            },
            // Each price says its own.
            (Tax::Excluded, None) => return,
        };
        self.add(Topic::Tax, text);
    }

    fn limits(&mut self) {
        for (limit, phrase) in [(self.plan.min_price, Phrase::Least), (self.plan.max_price, Phrase::Most)] {
            if let Some(limit) = limit {
                let amount = self.limit(limit);
                let text = self.say(phrase, &[&amount]);
                self.add(Topic::Limit, text);
            }
        }
    }

    fn limit(&self, limit: Limit) -> String {
        let money = |amount| self.language.money(amount, &self.plan.currency);
        let without = self.say(Phrase::WithoutTax, &[&money(limit.before_taxes)]);
        match limit.after_taxes {
            Some(after) => format!("{without}, {}", self.say(Phrase::WithTax, &[&money(after)])),
            None => without,
        }
    }

    fn validity(&mut self) {
        let phrase = match &self.plan.kind {
            Some(TariffType::AdHocPayment) => Some(Phrase::AdHoc),
            Some(TariffType::ProfileCheap) => Some(Phrase::Cheap),
            Some(TariffType::ProfileFast) => Some(Phrase::Fast),
            Some(TariffType::ProfileGreen) => Some(Phrase::Green),
            _ => None,
        };
        if let Some(phrase) = phrase {
            let text = self.say(phrase, &[]);
            self.add(Topic::Validity, text);
        }
        let ends = [(self.plan.valid_from, Phrase::ValidFrom), (self.plan.valid_until, Phrase::ValidUntil)];
        for (at, phrase) in ends {
            if let Some(at) = at {
                let at = at.to_chrono();
                let shown = format!("{} {} UTC", self.language.date(at.date_naive()), at.format("%H:%M"));
                let text = self.say(phrase, &[&shown]);
                self.add(Topic::Validity, text);
            }
        }
    }

    fn obstacles(&mut self) {
        let pointers: Vec<String> =
            self.plan.all_obstacles().map(|obstacle| obstacle.pointer.clone()).collect();
        for pointer in pointers {
            let text = self.say(Phrase::Obstacle, &[&pointer]);
            self.add(Topic::Obstacle, text);
        }
    }
}
