//! A session from its first second to its CDR: planned when it begins, shown as far as it has come.

use std::collections::BTreeMap;

use ocpi_pricing::estimate::{Charge, Need};
use ocpi_pricing::generate::{GenerateError, Generator, Random, Record, Template};
use ocpi_pricing::rounding::Rounding;
use ocpi_pricing::{Pricer, Usage, Zone};
use ocpi_types::v2_3_0::cdrs::{AuthMethod, Cdr, CdrDimensionType, CdrToken, CdrTokenInit};
use ocpi_types::v2_3_0::sessions::{Session, SessionInit, SessionStatus};
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::v2_3_0::types::{Price, PriceInit, TaxAmount, TaxAmountInit};
use ocpi_types::{CiString, DateTime, Decimal};

use crate::Error;
use crate::point::{Plug, Point};

/// Seconds after which a charging period ends: at each multiple of them on the clock.
const PERIOD: i64 = 300;
/// Number of the run of the generator: what it makes up is replaced.
const RUN: u64 = 0;

/// A driver and the way in which the session was allowed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Driver {
    pub(crate) token: CdrToken,
    pub(crate) auth_method: AuthMethod,
    pub(crate) reference: Option<CiString<36>>,
}

impl Driver {
    pub(crate) fn of(token: &Token, auth_method: AuthMethod, reference: Option<CiString<36>>) -> Self {
        let token = CdrTokenInit {
            country_code: token.country_code.clone(),
            party_id: token.party_id.clone(),
            uid: token.uid.clone(),
            r#type: token.r#type.clone(),
            contract_id: token.contract_id.clone(),
        };
        Self { token: token.into(), auth_method, reference }
    }
}

/// A session that goes on.
#[derive(Clone, Debug)]
pub(crate) struct Going {
    pub(crate) id: CiString<36>,
    pub(crate) plug: usize,
    driver: Driver,
    begin: DateTime,
    need: Plan,
    /// All of it, if nobody stops it.
    whole: Whole,
    /// The periods that were shown.
    shown: usize,
}

/// Energy, power and time after charging.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Plan {
    energy: Decimal,
    power: Decimal,
    idle: i64,
}

/// The session and the CDR at the end.
#[derive(Clone, Debug)]
struct Whole {
    cdr: Box<Cdr>,
    session: Box<Session>,
}

impl Going {
    /// Plans a session of so many minutes. `None`: the connector has no tariff.
    pub(crate) fn begin(
        seed: u64,
        id: CiString<36>,
        (point, plug): (&Point, usize),
        driver: Driver,
        begin: DateTime,
        minutes: Option<i64>,
    ) -> Result<Option<Self>, Error> {
        let Some(plug_of) = point.plugs.get(plug).filter(|plug| plug.tariff.is_some()) else {
            return Ok(None);
        };
        let need = Plan::of(seed, &id, plug_of, minutes);
        // Fractions of a second are cut off by the generator, too.
        let begin = DateTime::from_unix(begin.to_unix_micros().div_euclid(1_000_000)).unwrap_or(begin);
        let whole = write(&id, (point, plug_of), &driver, begin, need)?;
        Ok(whole.map(|whole| Self { id, plug, driver, begin, need, whole, shown: 0 }))
    }

    /// The Session at its beginning.
    pub(crate) fn first(&self, now: DateTime) -> Session {
        let whole = &self.whole.session;
        let init = SessionInit {
            country_code: whole.country_code.clone(),
            party_id: whole.party_id.clone(),
            id: self.id.clone(),
            start_date_time: self.begin,
            kwh: Decimal::ZERO,
            cdr_token: self.driver.token.clone(),
            auth_method: self.driver.auth_method.clone(),
            location_id: whole.location_id.clone(),
            evse_uid: whole.evse_uid.clone(),
            connector_id: whole.connector_id.clone(),
            currency: whole.currency.clone(),
            status: SessionStatus::Active,
            last_updated: now,
        };
        Session { authorization_reference: self.driver.reference.clone(), ..init.into() }
    }

    /// Takes over a Session of which so many periods were shown before.
    pub(crate) fn resumed(self, shown: usize) -> Self {
        Self { shown, ..self }
    }

    /// The Session as far as it has come by a time; `None`: it was shown so far before.
    pub(crate) fn progress(
        &mut self,
        point: &Point,
        time: DateTime,
        now: DateTime,
    ) -> Result<Option<Session>, Error> {
        let periods = &self.whole.session.charging_periods;
        let ends = periods.iter().skip(1).map(|period| period.start_date_time);
        let over = ends.take_while(|end| *end <= time).count();
        let Some(end) = periods.get(over).map(|period| period.start_date_time) else { return Ok(None) };
        if over <= self.shown {
            return Ok(None);
        }
        self.shown = over;
        let mut session = self.so_far(now);
        let tariff = point.plugs.get(self.plug).and_then(|plug| plug.tariff.as_ref());
        if let Some(tariff) = tariff {
            let so_far = Session { end_date_time: Some(end), ..session.clone() };
            let mut usage = Usage::from(&so_far);
            usage.zone = Some(point.zone);
            session.total_cost = price(tariff.pricer(), &usage)?;
        }
        Ok(Some(session))
    }

    /// The Session as it was shown, without its price.
    fn so_far(&self, now: DateTime) -> Session {
        let mut session = self.first(now);
        session.charging_periods =
            self.whole.session.charging_periods.iter().take(self.shown).cloned().collect();
        let volumes = session.charging_periods.iter().flat_map(|period| period.dimensions.iter());
        let energy = volumes.filter(|dimension| dimension.r#type == CdrDimensionType::Energy);
        let energy = energy.map(|dimension| dimension.volume);
        session.kwh = energy.fold(Decimal::ZERO, |sum, volume| sum.checked_add(volume).unwrap_or(sum));
        session
    }

    /// The Session at the end of a charge that cannot be written down: it is not billed.
    pub(crate) fn invalid(&self, now: DateTime) -> Session {
        Session { status: SessionStatus::Invalid, ..self.so_far(now) }
    }

    /// Whether it is over by a time.
    pub(crate) fn is_over(&self, time: DateTime) -> bool {
        self.whole.cdr.end_date_time <= time
    }

    /// Ends it earlier than planned.
    pub(crate) fn stop(&mut self, point: &Point, time: DateTime) -> Result<(), Error> {
        let seconds = time.seconds_since(self.begin).max(1);
        let hours = Decimal::from(seconds).checked_div(Decimal::from(3_600));
        let energy = hours.and_then(|hours| self.need.power.checked_mul(hours));
        // At least a Wh, so that there is something to write down.
        let energy = energy.unwrap_or(Decimal::ZERO).round(3).max(Decimal::new(1, 3));
        if energy < self.need.energy {
            self.need = Plan { energy, idle: 0, ..self.need };
        } else {
            let charging = seconds_of(self.need.energy, self.need.power);
            self.need = Plan { idle: seconds.saturating_sub(charging).clamp(0, self.need.idle), ..self.need };
        }
        let Some(plug) = point.plugs.get(self.plug) else { return Ok(()) };
        if let Some(whole) = write(&self.id, (point, plug), &self.driver, self.begin, self.need)? {
            self.whole = whole;
        }
        Ok(())
    }

    /// The Session and the CDR at its end.
    pub(crate) fn end(&self, now: DateTime) -> (Session, Cdr) {
        let (mut session, mut cdr) = ((*self.whole.session).clone(), (*self.whole.cdr).clone());
        // A charge that is stopped ends in the second after.
        let now = now.max(cdr.end_date_time);
        (session.last_updated, cdr.last_updated) = (now, now);
        (session, cdr)
    }
}

/// Takes away the tariffs by which an hour from a time on cannot be priced, and says why, by their ids: nobody charges there
/// for money.
pub(crate) fn drop_unpriceable(points: &mut [Point], now: DateTime) -> BTreeMap<CiString<36>, GenerateError> {
    let mut dropped = BTreeMap::new();
    for point in points {
        let zone = point.zone;
        for plug in &mut point.plugs {
            let Some(tariff) = plug.tariff.clone() else { continue };
            let plan = Plan { energy: Decimal::ONE, power: Decimal::from(11), idle: 0 };
            if let Err(error) = record(zone, (plug, &tariff), now, plan) {
                plug.tariff = None;
                dropped.insert(tariff.tariff().id.clone(), error);
            }
        }
    }
    dropped
}

impl Plan {
    /// The need of a car: it follows from the seed and the id of the session, so that it is known again after a restart.
    fn of(seed: u64, id: &CiString<36>, plug: &Plug, minutes: Option<i64>) -> Self {
        let mut random = Random::of(seed, crate::day::hash(id.as_str()));
        let car = Decimal::from(if plug.power > Decimal::from(22) { random.within(40, 250) } else { 11 });
        let power = if plug.power > Decimal::ZERO { plug.power.min(car) } else { car };
        let minutes = minutes.unwrap_or_else(|| random.within(20, 90)).max(1);
        let idle = if random.happens(25) { minutes / 4 } else { 0 };
        let hours = Decimal::from(minutes - idle).checked_div(Decimal::from(60)).unwrap_or(Decimal::ZERO);
        let energy = power.checked_mul(hours).unwrap_or(power).round(1).max(Decimal::new(1, 1));
        Self { energy, power, idle: idle * 60 }
    }
}

fn seconds_of(energy: Decimal, power: Decimal) -> i64 {
    let seconds = energy.checked_mul(Decimal::from(3_600)).and_then(|it| it.checked_div(power));
    seconds.and_then(|seconds| seconds.round(0).to_integer()).unwrap_or(0)
}

/// Writes Session and CDR of a charge; `None`: the connector has no tariff.
fn write(
    id: &CiString<36>,
    (point, plug): (&Point, &Plug),
    driver: &Driver,
    begin: DateTime,
    plan: Plan,
) -> Result<Option<Whole>, Error> {
    let Some(tariff) = &plug.tariff else { return Ok(None) };
    let record = record(point.zone, (plug, tariff), begin, plan)
        .map_err(|error| Error::session(point.evse_uid(), &plug.id, error))?;
    let cdr_id = id.as_str().replacen('S', "C", 1);
    let cdr = Cdr {
        id: cdr_id.parse().map_err(Error::id)?,
        session_id: Some(id.clone()),
        cdr_token: driver.token.clone(),
        auth_method: driver.auth_method.clone(),
        authorization_reference: driver.reference.clone(),
        cdr_location: plug.place.clone(),
        ..record.cdr
    };
    let session = Session {
        id: id.clone(),
        cdr_token: driver.token.clone(),
        auth_method: driver.auth_method.clone(),
        authorization_reference: driver.reference.clone(),
        location_id: point.location_id().clone(),
        evse_uid: point.evse_uid().clone(),
        connector_id: plug.id.clone(),
        ..record.session
    };
    Ok(Some(Whole { cdr: Box::new(cdr), session: Box::new(session) }))
}

/// Prices a stay at a connector.
fn record(
    zone: Zone,
    (plug, tariff): (&Plug, &Template<Tariff>),
    begin: DateTime,
    plan: Plan,
) -> Result<Record<Tariff>, GenerateError> {
    let need = Need::at_most(plan.energy, Some(plan.power));
    let charge = Charge::new(begin, zone, need).with_idle(plan.idle);
    let mut generator = Generator::new(RUN, zone).with_period_length(PERIOD);
    generator.record_of(tariff, &charge, &plug.outlet)
}

/// The price of what was charged; `None`: it cannot be computed.
fn price(pricer: &Pricer, usage: &Usage) -> Result<Option<Price>, Error> {
    let Ok(bill) = pricer.price(usage) else { return Ok(None) };
    let Some(before) = bill.total().and_then(|total| total.before_taxes) else { return Ok(None) };
    let rounding = Rounding::of(&usage.currency);
    let mut price: Price = PriceInit { before_taxes: rounding.apply(before) }.into();
    for tax in bill.taxes().unwrap_or_default() {
        let name = "VAT".parse().map_err(Error::id)?;
        let amount: TaxAmount = TaxAmountInit { name, amount: rounding.apply(tax.amount) }.into();
        price.taxes.push(TaxAmount { percentage: tax.percentage, ..amount });
    }
    Ok(Some(price))
}
