//! Generated sessions and CDRs, for simulations, tests and benchmarks.
//!
//! A stay is made up, divided into charging periods wherever its tariff changes a price, priced, and written as a CPO
//! would. Everything is determined by the seed.
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

/// A tariff from which sessions and CDRs can be generated. Implemented for the tariffs of all versions.
pub trait Simulate: sealed::Write + Clone {
    /// The CDR of the version.
    type Cdr;
    /// The session of the version.
    type Session;
}

/// A compiled tariff for any number of records.
#[derive(Debug)]
pub struct Template<T> {
    tariff: T,
    pricer: Pricer,
}

/// A stay, as written by a CPO.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Record<T: Simulate> {
    /// The CDR, which contains the tariff.
    pub cdr: T::Cdr,
    /// The completed session, with the same periods.
    pub session: T::Session,
    /// Usage stated by the CDR, with its time zone, which only CDRs of 2.1.1 contain.
    pub usage: Usage,
}

/// Generator of stays.
///
/// Cars arrive at any second of the year, at some type of connector, with some need, and some stay when they are full.
/// If the tariff prices a reservation, some have one. Periods end where a price changes; for more periods, see
/// [`with_period_length`](Self::with_period_length). Energy is in whole Wh, hours have four decimals, and money is
/// rounded to the minor unit of its currency.
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
    /// Compiles a tariff.
    pub fn new(tariff: T) -> Self {
        Self::with_policy(tariff, Policy::default())
    }

    /// Compiles a tariff for a CPO with its own policy.
    pub fn with_policy(tariff: T, policy: Policy) -> Self {
        let pricer = Pricer::with_policy([tariff.plan()], policy);
        Self { tariff, pricer }
    }

    /// Returns the tariff.
    pub fn tariff(&self) -> &T {
        &self.tariff
    }

    /// Returns the pricer of the records.
    pub fn pricer(&self) -> &Pricer {
        &self.pricer
    }
}

impl Generator {
    /// Creates a generator whose records are determined by the seed, in a time zone, in 2026.
    pub fn new(seed: u64, zone: Zone) -> Self {
        const Y2026: i64 = 1_767_225_600;
        const YEAR: i64 = 365 * 24 * 60 * 60;
        Self { seed, count: 0, zone, from: Y2026, until: Y2026 + YEAR, every: None, rounding: None }
    }

    /// Sets the range of arrivals.
    #[must_use]
    pub fn with_arrivals(self, from: DateTime, until: DateTime) -> Self {
        Self { from: from.to_chrono().timestamp(), until: until.to_chrono().timestamp(), ..self }
    }

    /// Also ends periods at every multiple of this many seconds on the clock: 900 for each quarter of an hour.
    #[must_use]
    pub fn with_period_length(self, seconds: i64) -> Self {
        Self { every: Some(seconds), ..self }
    }

    /// Sets the rounding of money.
    #[must_use]
    pub fn with_rounding(self, rounding: Rounding) -> Self {
        Self { rounding: Some(rounding), ..self }
    }

    /// Generates a stay under the tariff.
    ///
    /// # Errors
    ///
    /// When the cost cannot be computed, or cannot be written: [`GenerateError`].
    pub fn record<T: Simulate>(&mut self, template: &Template<T>) -> Result<Record<T>, GenerateError> {
        let mut random = self.next();
        let Some(plan) = template.pricer.plans().next() else { return Err(error::Fault::Tariff.into()) };
        let outlet = Outlet::any(&mut random);
        let charge = stay::any(&mut random, plan, outlet, self.zone, self.from..self.until);
        self.write(random, template, &charge, outlet)
    }

    /// Generates the record of a given charge at a given connector under the tariff. The time zone is that of the
    /// charge.
    ///
    /// # Errors
    ///
    /// As [`record`](Self::record), and when the charge is invalid.
    pub fn record_of<T: Simulate>(
        &mut self,
        template: &Template<T>,
        charge: &Charge,
        outlet: &Outlet,
    ) -> Result<Record<T>, GenerateError> {
        let random = self.next();
        self.write(random, template, charge, outlet)
    }

    /// Generates stays under several tariffs in turn.
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
