//! Prices of a tariff in words, with their conditions.

use std::collections::BTreeSet;

use ocpi_types::Decimal;

use super::phrases::Phrase;
use super::told::{self, Run, Told};
use super::{Topic, Writer, conditions};
use crate::grid::Scene;
use crate::tariff_model::{Component, Phase, TariffDimension, TariffModel, Tax};

/// A quantity that is priced apart, with its phrases.
struct Priced {
    topic: Topic,
    phase: Phase,
    kind: TariffDimension,
    costs: Phrase,
    is_free: Phrase,
    is_unstated: Phrase,
}

const fn row(topic: Topic, phase: Phase, kind: TariffDimension, words: [Phrase; 3]) -> Priced {
    let [costs, is_free, is_unstated] = words;
    Priced { topic, phase, kind, costs, is_free, is_unstated }
}

/// In the order in which they are told.
static PRICED: [Priced; 12] = {
    use Phase::{Cancelled, Charging, Expired, Overtime, Reservation};
    use Phrase as P;
    use TariffDimension::{Energy, Flat, ParkingTime, Time};
    let reserved = Topic::Reservation;
    [
        row(Topic::Energy, Charging, Energy, [P::Energy, P::EnergyFree, P::EnergyUnstated]),
        row(Topic::Time, Charging, Time, [P::Time, P::TimeFree, P::TimeUnstated]),
        row(Topic::Parking, Charging, ParkingTime, [P::Parking, P::ParkingFree, P::ParkingUnstated]),
        row(Topic::Fee, Charging, Flat, [P::Fee, P::FeeFree, P::FeeUnstated]),
        row(reserved, Reservation, Flat, [P::ReservationFee, P::ReservationNoFee, P::ReservationUnstated]),
        row(reserved, Reservation, Time, [P::Reservation, P::ReservationFree, P::ReservationUnstated]),
        row(reserved, Expired, Flat, [P::ExpiredFee, P::ExpiredNoFee, P::ExpiredUnstated]),
        row(reserved, Expired, Time, [P::Expired, P::ExpiredFree, P::ExpiredUnstated]),
        row(reserved, Overtime, Flat, [P::OvertimeFee, P::OvertimeNoFee, P::OvertimeUnstated]),
        row(reserved, Overtime, Time, [P::Overtime, P::OvertimeFree, P::OvertimeUnstated]),
        row(reserved, Cancelled, Flat, [P::CancelFee, P::CancelNoFee, P::CancelUnstated]),
        row(reserved, Cancelled, Time, [P::Cancel, P::CancelFree, P::CancelUnstated]),
    ]
};

/// All prices that are told, in the order of their table.
pub(super) struct Prices<'a>(Vec<(&'static Priced, Told<'a>)>);

impl<'a> Prices<'a> {
    pub(super) fn of(plan: &'a TariffModel) -> Self {
        Self(PRICED.iter().map(|priced| (priced, told::of(plan, priced.phase, priced.kind))).collect())
    }

    fn components(&self) -> impl Iterator<Item = &'a Component> {
        self.0.iter().flat_map(|(_, told)| &told.runs).filter_map(|run| run.component)
    }

    /// The rates of tax on prices that are not zero; `None` among them: one without a rate.
    pub(super) fn rates(&self) -> BTreeSet<Option<Decimal>> {
        let taxed = self.components().filter(|component| component.price != Decimal::ZERO);
        taxed.map(|component| component.vat).collect()
    }
}

impl Writer<'_> {
    pub(super) fn prices(&mut self, prices: &Prices<'_>) {
        if self.is_free(prices) {
            let text = self.say(Phrase::Free, &[]);
            return self.add(Topic::Energy, text);
        }
        for (priced, told) in &prices.0 {
            self.price(priced, told);
        }
    }

    /// Whether nothing costs anything, and nothing is unknown.
    fn is_free(&self, prices: &Prices<'_>) -> bool {
        let has_least = self.plan.min_price.is_some_and(|least| least.before_taxes != Decimal::ZERO);
        prices.components().next().is_some()
            && prices.components().all(|component| component.price == Decimal::ZERO)
            && self.plan.all_obstacles().next().is_none()
            && !has_least
    }

    fn price(&mut self, priced: &Priced, told: &Told<'_>) {
        let scene = Scene::of(priced.phase, priced.kind);
        let mut runs: Vec<(&Run<'_>, Vec<String>)> =
            told.runs.iter().map(|run| (run, self.when(run, scene))).collect();
        // A price of zero need not be told apart from moments that are free otherwise.
        if told.is_free_otherwise {
            let costs = |(run, _): &(&Run<'_>, _)| run.component.is_none_or(|it| it.price != Decimal::ZERO);
            runs.truncate(runs.iter().rposition(costs).map_or(0, |last| last + 1));
        }
        let mut has_said = false;
        for (run, when) in runs {
            let is_always = when.is_empty();
            let text = self.run(priced, run, when);
            let text = if is_always && has_said { self.otherwise(&text) } else { text };
            self.add(priced.topic, text);
            has_said = true;
            if is_always {
                return;
            }
        }
        if told.is_free_otherwise && !told.runs.is_empty() {
            let text = self.say(priced.is_free, &[""]);
            let text = if has_said { self.otherwise(&text) } else { text };
            self.add(priced.topic, text);
        }
    }

    /// Lists the conditions that have to hold; empty: the price always applies.
    fn when(&self, run: &Run<'_>, scene: Scene) -> Vec<String> {
        let mut ways: Vec<String> = Vec::new();
        for restrictions in &run.when {
            let conditions = conditions::of(restrictions, scene, self.language).join(", ");
            if conditions.is_empty() {
                ways.clear();
                break;
            }
            if !ways.contains(&conditions) {
                ways.push(conditions);
            }
        }
        let ways = ways.into_iter().reduce(|one, other| self.say(Phrase::Or, &[&one, &other]));
        let unclear = (!run.is_certain).then(|| self.say(Phrase::Unclear, &[]));
        ways.into_iter().chain(unclear).collect()
    }

    fn run(&self, priced: &Priced, run: &Run<'_>, mut when: Vec<String>) -> String {
        let in_brackets = |parts: &[String]| {
            if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
        };
        let Some(component) = run.component else {
            return self.say(priced.is_unstated, &[&in_brackets(&when)]);
        };
        if component.price == Decimal::ZERO {
            return self.say(priced.is_free, &[&in_brackets(&when)]);
        }
        when.extend(conditions::step(component, self.language));
        if let Some(vat) =
            component.vat.filter(|_| self.rates.len() > 1 && self.plan.tax != Tax::NotApplicable)
        {
            let phrase = if self.plan.tax == Tax::Included { Phrase::WithVat } else { Phrase::PlusVat };
            when.push(self.say(phrase, &[&self.language.percent(vat)]));
        }
        let price = self.language.money(component.price, &self.plan.currency);
        self.say(priced.costs, &[&price, &in_brackets(&when)])
    }

    fn otherwise(&self, text: &str) -> String {
        let text = self.language.after_colon(text);
        self.say(Phrase::Otherwise, &[&text])
    }
}
