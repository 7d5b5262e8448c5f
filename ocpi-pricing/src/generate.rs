//! Sessions and CDRs that never were: for simulations, tests and benchmarks.
//!
//! A stay is thought up, divided into charging periods wherever its tariff changes a price, priced, and written as a
//! CPO would. All that is made follows from the seed.
//!
//! ```
//! use ocpi_pricing::generate::{Generator, Template};
//! use ocpi_types::{Version, check, json, v2_2_1::tariffs::Tariff};
//!
//! let tariff: Tariff = json::from_str(
//!     r#"{"country_code": "NL", "party_id": "ALF", "id": "DAY", "currency": "EUR",
//!         "elements": [
//!             {"price_components": [{"type": "ENERGY", "price": 0.60, "vat": 21, "step_size": 1}],
//!              "restrictions": {"start_time": "07:00", "end_time": "19:00"}},
//!             {"price_components": [{"type": "ENERGY", "price": 0.40, "vat": 21, "step_size": 1}]}],
//!         "last_updated": "2026-01-01T00:00:00Z"}"#,
//! )?;
//! let templates = [Template::new(tariff)];
//! let mut generator = Generator::new(7, "Europe/Amsterdam".parse()?);
//! for record in generator.records(&templates, 20) {
//!     let record = record?;
//!     assert!(check(&record.cdr, Version::V2_2_1).is_empty());
//!     assert_eq!(record.session.kwh, record.cdr.total_energy);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod draft;
mod error;
mod money;
mod random;
mod stay;
mod v2_1_1;
mod v2_2_1_up;

pub use error::GenerateError;
pub use random::Random;
pub use stay::Outlet;

use ocpi_types::DateTime;

use crate::estimate::{Charge, timeline};
use crate::rounding::Rounding;
use crate::{Policy, Pricer, TariffModel, Usage, Zone};
use draft::Draft;

/// A tariff from which sessions and CDRs can be made. That of each version is one.
pub trait Simulate: sealed::Write + Clone {
    /// The CDR of the version.
    type Cdr;
    /// The session of the version.
    type Session;
}

/// A tariff made ready: made once, for any number of records.
#[derive(Debug)]
pub struct Template<T> {
    tariff: T,
    pricer: Pricer,
}

/// A stay as a CPO writes it down.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Record<T: Simulate> {
    /// The bill. It holds the tariff.
    pub cdr: T::Cdr,
    /// The session when it was over, with the same periods.
    pub session: T::Session,
    /// Usage that the CDR claims, with the time zone that only 2.1.1 has in it.
    pub usage: Usage,
}

/// Makes stays up.
///
/// Cars come at any second of the year, to a connector of some kind, with some need, and some stay when they are full.
/// Where the tariff prices a reservation, some have one. Periods end where a price changes; see
/// [`with_period_length`](Self::with_period_length) for more of them. Energy is in whole Wh, hours have four decimals,
/// and money is rounded to the minor unit of its currency.
#[derive(Clone, Debug)]
pub struct Generator {
    seed: u64,
    /// Number of records that were made.
    count: u64,
    zone: Zone,
    from: i64,
    until: i64,
    every: Option<i64>,
    rounding: Option<Rounding>,
}

impl<T: Simulate> Template<T> {
    /// Makes a tariff ready.
    pub fn new(tariff: T) -> Self {
        Self::with_policy(tariff, Policy::default())
    }

    /// Makes a tariff ready for a CPO that has decided open questions in its own way.
    pub fn with_policy(tariff: T, policy: Policy) -> Self {
        let pricer = Pricer::with_policy([tariff.plan()], policy);
        Self { tariff, pricer }
    }

    /// The tariff.
    pub fn tariff(&self) -> &T {
        &self.tariff
    }

    /// Returns the pricer of its records.
    pub fn pricer(&self) -> &Pricer {
        &self.pricer
    }
}

impl Generator {
    /// Makes a generator whose records follow from the seed; they happen in a time zone, in 2026.
    pub fn new(seed: u64, zone: Zone) -> Self {
        const Y2026: i64 = 1_767_225_600;
        const YEAR: i64 = 365 * 24 * 60 * 60;
        Self { seed, count: 0, zone, from: Y2026, until: Y2026 + YEAR, every: None, rounding: None }
    }

    /// The same, with arrivals from one moment until another.
    #[must_use]
    pub fn with_arrivals(self, from: DateTime, until: DateTime) -> Self {
        Self { from: from.to_chrono().timestamp(), until: until.to_chrono().timestamp(), ..self }
    }

    /// The same, with periods that also end at every multiple of so many seconds on the clock: 900 for each quarter of
    /// an hour.
    #[must_use]
    pub fn with_period_length(self, seconds: i64) -> Self {
        Self { every: Some(seconds), ..self }
    }

    /// The same, with money rounded otherwise.
    #[must_use]
    pub fn with_rounding(self, rounding: Rounding) -> Self {
        Self { rounding: Some(rounding), ..self }
    }

    /// A stay under the tariff.
    ///
    /// # Errors
    ///
    /// The cost cannot be computed, or not be written: [`GenerateError`].
    pub fn record<T: Simulate>(&mut self, template: &Template<T>) -> Result<Record<T>, GenerateError> {
        let mut random = self.next();
        let Some(plan) = template.pricer.plans().next() else { return Err(error::Fault::Tariff.into()) };
        let outlet = Outlet::any(&mut random);
        let charge = stay::any(&mut random, plan, outlet, self.zone, self.from..self.until);
        self.write(random, template, &charge, outlet)
    }

    /// A certain stay at a certain connector under the tariff. The time zone is that of the charge.
    ///
    /// # Errors
    ///
    /// As for [`record`](Self::record); or the charge makes no sense.
    pub fn record_of<T: Simulate>(
        &mut self,
        template: &Template<T>,
        charge: &Charge,
        outlet: &Outlet,
    ) -> Result<Record<T>, GenerateError> {
        let random = self.next();
        self.write(random, template, charge, outlet)
    }

    /// Stays under several tariffs in turn.
    pub fn records<'a, T: Simulate>(
        &'a mut self,
        templates: &'a [Template<T>],
        count: usize,
    ) -> impl Iterator<Item = Result<Record<T>, GenerateError>> + 'a {
        templates.iter().cycle().take(count).map(|template| self.record(template))
    }

    /// Numbers for the next record, which do not depend on those before it.
    fn next(&mut self) -> Random {
        self.count = self.count.wrapping_add(1);
        Random::of(self.seed, self.count)
    }

    fn write<T: Simulate>(
        &self,
        mut random: Random,
        template: &Template<T>,
        charge: &Charge,
        outlet: &Outlet,
    ) -> Result<Record<T>, GenerateError> {
        let usage = timeline::usage(charge, &outlet.supply(), &template.pricer, self.every)
            .map_err(error::Fault::Charge)?;
        let rounding = self.rounding.unwrap_or_else(|| Rounding::of(&usage.currency));
        let zone = charge.zone;
        let draft = Draft::new(&mut random, (self.seed, self.count), usage, outlet, zone)?;
        template.tariff.write(&draft, &template.pricer, rounding)
    }
}

#[expect(unnameable_types, reason = "who cannot name it cannot implement it")]
mod sealed {
    use super::{Draft, GenerateError, Pricer, Record, Rounding, Simulate, TariffModel};

    /// Form in which each version writes a record.
    pub trait Write: Sized {
        fn plan(&self) -> TariffModel;

        fn write(
            &self,
            draft: &Draft,
            pricer: &Pricer,
            rounding: Rounding,
        ) -> Result<Record<Self>, GenerateError>
        where
            Self: Simulate;
    }
}
