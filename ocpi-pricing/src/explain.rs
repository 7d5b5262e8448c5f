//! Explanation of a tariff for drivers.

mod conditions;
mod language;
mod phrases;
mod prices;
mod told;

pub use language::Language;

use std::collections::BTreeSet;
use std::fmt;

use ocpi_types::v2_2_1::tariffs::TariffType;
use ocpi_types::{Decimal, Obstacle, Version};
use serde::Serialize;

use crate::tariff_model::{Limit, TariffModel, Tax};
use phrases::Phrase;
use prices::Prices;

/// Explanation of a tariff in sentences, ordered for drivers.
///
/// ```
/// use ocpi_pricing::TariffModel;
/// use ocpi_pricing::explain::{Explanation, Language};
/// use ocpi_types::{json, v2_2_1::tariffs::Tariff};
/// # let tariff = r#"{"country_code": "NL", "party_id": "ALF", "id": "T1", "currency": "EUR",
/// #   "elements": [{"price_components": [
/// #       {"type": "FLAT", "price": 0.50, "vat": 21, "step_size": 1},
/// #       {"type": "ENERGY", "price": 0.25, "vat": 21, "step_size": 1}]}],
/// #   "last_updated": "2026-01-01T00:00:00Z"}"#;
/// let tariff: Tariff = json::from_str(tariff)?;
/// let plan = TariffModel::from(&tariff);
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
    /// The id of the tariff.
    pub tariff: String,
    /// The language, as a two-letter code.
    #[serde(rename = "lang")]
    pub language: &'static str,
    /// The sentences. The last ones name the parts that cannot be explained.
    pub sentences: Vec<Sentence>,
    /// Parts of the tariff that cannot be explained.
    pub not_explained: Vec<Unexplained>,
}

/// A part of a tariff that cannot be explained.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Unexplained {
    /// A JSON pointer into the tariff.
    pub pointer: String,
    /// The cause.
    pub message: String,
}

/// One sentence.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Sentence {
    /// Topic of the sentence.
    pub topic: Topic,
    /// The words.
    pub text: String,
}

/// Topic of a sentence.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
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
    /// Minimum and maximum price of a session.
    Limit,
    /// Payment.
    Payment,
    /// Sessions and times to which the tariff applies.
    Validity,
    /// A part of the tariff that cannot be explained.
    Obstacle,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentences.iter().try_for_each(|sentence| writeln!(f, "{}", sentence.text))
    }
}

impl Explanation {
    /// Explains a tariff.
    pub fn of(plan: &TariffModel, language: Language) -> Self {
        let prices = Prices::of(plan);
        let mut writer = Writer { plan, language, rates: prices.rates(), sentences: Vec::new() };
        writer.prices(&prices);
        writer.taxes();
        writer.limits();
        writer.payment();
        writer.validity();
        writer.obstacles();
        let not_explained = plan
            .all_obstacles()
            .map(|obstacle| Unexplained { pointer: obstacle.pointer.clone(), message: obstacle.message() });
        Self {
            tariff: plan.id.to_string(),
            language: language.code(),
            sentences: writer.sentences,
            not_explained: not_explained.collect(),
        }
    }
}

struct Writer<'a> {
    plan: &'a TariffModel,
    language: Language,
    rates: BTreeSet<Option<Decimal>>,
    sentences: Vec<Sentence>,
}

impl Writer<'_> {
    fn say(&self, phrase: Phrase, parts: &[&str]) -> String {
        phrase.say(self.language, parts)
    }

    /// Adds a sentence, unless it has been said.
    fn add(&mut self, topic: Topic, text: String) {
        if !self.sentences.iter().any(|sentence| sentence.text == text) {
            self.sentences.push(Sentence { topic, text });
        }
    }

    fn taxes(&mut self) {
        let one = self.rates.first().copied().flatten().filter(|_| self.rates.len() == 1);
        let text = match (self.plan.tax, one) {
            _ if self.rates.is_empty() || self.lacks_tax() => return,
            (Tax::Included, _) => self.say(Phrase::TaxIncluded, &[]),
            (Tax::NotApplicable, _) => self.say(Phrase::TaxNone, &[]),
            (Tax::Excluded, Some(rate)) => self.say(Phrase::VatAdded, &[&self.language.percent(rate)]),
            (Tax::Excluded, None) if self.rates.len() == 1 => match self.plan.version {
                // No rate is none there; 2.1.1 has none to say, and North America settles it later.
                Version::V2_2 | Version::V2_2_1 => self.say(Phrase::VatNone, &[]),
                Version::V2_1_1 => self.say(Phrase::TaxUnknown, &[]),
                Version::V2_3_0 => self.say(Phrase::TaxUnstated, &[]),
            },
            // Each price says its own.
            (Tax::Excluded, None) => return,
        };
        self.add(Topic::Tax, text);
    }

    /// Whether it is not known if tax is in the prices.
    fn lacks_tax(&self) -> bool {
        self.plan.obstacles.iter().any(|obstacle| &*obstacle.member == "tax_included")
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

    fn payment(&mut self) {
        if let Some(amount) = self.plan.preauthorized {
            let amount = self.language.money(amount, &self.plan.currency);
            let text = self.say(Phrase::Preauthorized, &[&amount]);
            self.add(Topic::Payment, text);
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
        let mut causes: Vec<(&Obstacle, usize)> = Vec::new();
        for obstacle in self.plan.all_obstacles() {
            let is_same = |(it, _): &&mut (&Obstacle, usize)| {
                it.member == obstacle.member && it.cause == obstacle.cause && it.concern == obstacle.concern
            };
            match causes.iter_mut().find(is_same) {
                Some((_, count)) => *count += 1,
                None => causes.push((obstacle, 1)),
            }
        }
        for (first, count) in causes {
            let times = if count == 1 { String::new() } else { format!(", ×{count}") };
            let place = format!("{} ({}{times})", first.shown_pointer(), first.message());
            let text = self.say(Phrase::Obstacle, &[&place]);
            self.add(Topic::Obstacle, text);
        }
    }
}
