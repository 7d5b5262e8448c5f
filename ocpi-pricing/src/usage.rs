//! Normal form of usage, independent of the original object.

mod claimed;
mod from_messages;
mod names;
mod periods;
mod series;

pub(crate) use claimed::Claimed;
pub use periods::Periods;
pub use series::{Reading, State};

use std::sync::Arc;

use ocpi_types::{Currency, DateTime, Decimal, Obstacle};

use names::Names;

use crate::zone::{UnknownZone, Zone};

/// Usage of a connector: a session, a CDR or a series of meter readings in a form that is independent of the version.
///
/// A clone is cheap: it shares the periods until one of the copies changes them.
///
/// ```
/// use ocpi_pricing::usage::{Period, Usage};
/// let mut usage = Usage::new("EUR".parse().unwrap());
/// usage.start = Some("2026-05-01T10:00:00Z".parse().unwrap());
/// usage.end = Some("2026-05-01T11:00:00Z".parse().unwrap());
/// let mut period = Period::at("2026-05-01T10:00:00Z".parse().unwrap());
/// period.energy = Some("20".parse().unwrap());
/// usage.periods.push(period);
/// let usage = usage.with_time_zone("Europe/Amsterdam")?;
/// # Ok::<(), ocpi_pricing::UnknownZone>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Usage {
    /// The id of the session or CDR.
    pub id: Option<Arc<str>>,
    /// The currency of its costs.
    pub currency: Currency,
    /// Start of the session, including a reservation; `None`: unknown.
    pub start: Option<DateTime>,
    /// End of the session; `None`: unknown, or still in progress.
    pub end: Option<DateTime>,
    /// Time zone of the tariff's local times; `None`: unknown.
    pub zone: Option<Zone>,
    /// Whether this is a credit CDR, which reverses a bill.
    pub is_credit: bool,
    /// Whether it is to be billed. An `INVALID` session is not.
    pub is_billable: bool,
    /// Whether a reservation expired; `None`: if no charging followed.
    pub has_expired: Option<bool>,
    /// Whether it was booked, which only CDRs of 2.3.0 with Bookings state; a reservation by `RESERVE_NOW` is not a
    /// booking.
    pub is_booked: bool,
    /// Whether a booking was cancelled.
    pub is_cancelled: bool,
    /// The periods, in order.
    pub periods: Periods,
    /// The ids of tariffs that periods name.
    names: Names,
    /// Dimensions that OCPI does not have: the period, and their name.
    pub(crate) unknown_dimensions: Vec<(usize, Box<str>)>,
    /// Obstacles to knowing the usage. The pointers start at the CDR or session.
    pub obstacles: Vec<Obstacle>,
    /// Totals that the CDR or session claims.
    pub(crate) claimed: Option<Claimed>,
    /// Place of each period before they were put in order; empty: the same as now.
    written: Vec<usize>,
}

/// A stretch of a session, up to the start of the next one.
///
/// Volumes are in kWh and hours, readings in A and kW. `None` means not stated, which is not zero.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Period {
    /// Start of the period.
    pub start: DateTime,
    /// The tariff that applies.
    pub tariff: TariffRef,
    /// `ENERGY` in kWh.
    pub energy: Option<Decimal>,
    /// `TIME` in hours: charging.
    pub time: Option<Decimal>,
    /// `PARKING_TIME` in hours.
    pub parking_time: Option<Decimal>,
    /// `RESERVATION_TIME` in hours.
    pub reservation_time: Option<Decimal>,
    /// `RESERVATION_EXPIRES` in hours.
    pub reservation_expires: Option<Decimal>,
    /// `RESERVATION_OVERTIME` in hours.
    pub reservation_overtime: Option<Decimal>,
    /// `FLAT`, which only 2.1.1 has. A fee depends on the tariff, not on this value.
    pub flat: Option<Decimal>,
    /// The lowest current over all phases in A.
    pub min_current: Option<Decimal>,
    /// The highest current over all phases in A.
    pub max_current: Option<Decimal>,
    /// The lowest power in kW.
    pub min_power: Option<Decimal>,
    /// The highest power in kW.
    pub max_power: Option<Decimal>,
}

/// Tariff that applies to a period.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum TariffRef {
    /// The tariff whose id is at this index of [`Usage::tariff_ids`].
    Id(u32),
    /// The period could name a tariff but does not.
    Missing,
    /// The only tariff, or the first: the period cannot name one.
    Unstated,
}

impl Usage {
    /// Creates an empty usage.
    pub fn new(currency: Currency) -> Self {
        Self {
            id: None,
            currency,
            start: None,
            end: None,
            zone: None,
            is_credit: false,
            is_billable: true,
            has_expired: None,
            is_booked: false,
            is_cancelled: false,
            periods: Periods::default(),
            names: Names::default(),
            unknown_dimensions: Vec::new(),
            obstacles: Vec::new(),
            claimed: None,
            written: Vec::new(),
        }
    }

    /// Sets the time zone: that of the Location.
    ///
    /// # Errors
    ///
    /// When no time zone has the name.
    pub fn with_time_zone(mut self, name: &str) -> Result<Self, UnknownZone> {
        self.zone = Some(name.parse()?);
        Ok(self)
    }

    /// Returns the reference to a tariff, for periods.
    pub fn tariff(&mut self, id: &str) -> TariffRef {
        TariffRef::Id(self.names.place(id))
    }

    /// Returns the ids of the tariffs that periods name.
    pub fn tariff_ids(&self) -> &[Box<str>] {
        self.names.ids()
    }

    /// Sorts the periods by start, stably; returns whether they were unsorted. Some partners write the periods of a CDR
    /// in no order, and only sorted periods can be priced.
    ///
    /// ```
    /// use ocpi_pricing::{Usage, usage::Period};
    /// let mut usage = Usage::new("EUR".parse().unwrap());
    /// usage.periods.push(Period::at("2026-05-01T11:00:00Z".parse().unwrap()));
    /// usage.periods.push(Period::at("2026-05-01T10:00:00Z".parse().unwrap()));
    /// assert!(usage.put_in_order());
    /// assert_eq!(usage.periods[0].start, "2026-05-01T10:00:00Z".parse().unwrap());
    /// assert!(!usage.put_in_order());
    /// ```
    pub fn put_in_order(&mut self) -> bool {
        if self.periods.is_sorted_by_key(|period| period.start) {
            return false;
        }
        let mut periods: Vec<(usize, Period)> =
            std::mem::take(&mut self.periods).into_iter().enumerate().collect();
        periods.sort_by_key(|(_, period)| period.start);
        let mut places = vec![0; periods.len()];
        for (new, (old, _)) in periods.iter().enumerate() {
            if let Some(place) = places.get_mut(*old) {
                *place = new;
            }
        }
        for (period, _) in &mut self.unknown_dimensions {
            *period = places.get(*period).copied().unwrap_or(*period);
        }
        self.written = periods.iter().map(|(written, _)| self.written_place(*written)).collect();
        self.periods = periods.into_iter().map(|(_, period)| period).collect();
        true
    }

    /// Returns the index of a period before [`put_in_order`](Self::put_in_order), from 0.
    pub fn written_place(&self, period: usize) -> usize {
        self.written.get(period).copied().unwrap_or(period)
    }

    /// Returns the end of a period: the start of the next one, or the end of the session; `None` if unknown.
    pub fn period_end(&self, period: usize) -> Option<DateTime> {
        let start = self.periods.get(period)?.start;
        let end = self.periods.get(period.checked_add(1)?).map(|next| next.start).or(self.end);
        end.filter(|end| *end >= start)
    }

    /// Whether a period belongs to charging and parking, rather than only to a reservation.
    pub fn is_charging(&self, period: usize) -> bool {
        self.periods.get(period).is_some_and(Period::is_charging)
    }
}

impl Period {
    /// Creates a period with only a start.
    pub fn at(start: DateTime) -> Self {
        Self {
            start,
            tariff: TariffRef::Unstated,
            energy: None,
            time: None,
            parking_time: None,
            reservation_time: None,
            reservation_expires: None,
            reservation_overtime: None,
            flat: None,
            min_current: None,
            max_current: None,
            min_power: None,
            max_power: None,
        }
    }

    /// All volumes in hours.
    pub(crate) fn hours(&self) -> impl Iterator<Item = Decimal> + use<> {
        let stay = [self.time, self.parking_time, self.reservation_time, self.reservation_expires];
        stay.into_iter().chain([self.reservation_overtime]).flatten()
    }

    pub(crate) fn is_charging(&self) -> bool {
        let is_some = |volume: &Option<Decimal>| volume.is_some_and(|volume| volume != Decimal::ZERO);
        let charges = [&self.energy, &self.time, &self.parking_time, &self.reservation_overtime];
        charges.into_iter().any(is_some)
            || (self.reservation_time.is_none() && self.reservation_expires.is_none())
    }
}
