//! Arrivals, charges and stays of cars.

use std::ops::Range;

use ocpi_types::v2_2_1::locations::{ConnectorFormat, ConnectorType, PowerType};
use ocpi_types::{DateTime, Decimal, Version};

use super::random::Random;
use crate::estimate::{Battery, Charge, Need, Supply};
use crate::tariff_model::TariffModel;
use crate::{Zone, tariff_model::Phase};

/// A type of connector.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Outlet {
    /// The plug.
    pub standard: ConnectorType,
    /// Socket or cable.
    pub format: ConnectorFormat,
    /// Kind of current.
    pub power_type: PowerType,
    /// In V.
    pub voltage: i64,
    /// In A.
    pub amperage: i64,
}

const fn socket(power_type: PowerType, amperage: i64) -> Outlet {
    let (standard, format) = (ConnectorType::Iec62196T2, ConnectorFormat::Socket);
    Outlet { standard, format, power_type, voltage: 230, amperage }
}

const fn cable(voltage: i64, amperage: i64) -> Outlet {
    let (standard, format) = (ConnectorType::Iec62196T2Combo, ConnectorFormat::Cable);
    Outlet { standard, format, power_type: PowerType::Dc, voltage, amperage }
}

impl Outlet {
    /// Typical public connectors: from 3.68 kW of alternating to 300 kW of direct current.
    pub const ALL: &'static [Self] = &[
        socket(PowerType::Ac1Phase, 16),
        socket(PowerType::Ac3Phase, 16),
        socket(PowerType::Ac3Phase, 32),
        cable(400, 125),
        cable(400, 375),
        cable(800, 375),
    ];

    /// Returns the supply of the connector.
    pub fn supply(&self) -> Supply {
        Supply::of(self.power_type.power(self.voltage, self.amperage), self.voltage)
    }

    pub(crate) fn any(random: &mut Random) -> &'static Self {
        const FIRST: &Outlet = &socket(PowerType::Ac1Phase, 16);
        random.pick(Self::ALL).unwrap_or(FIRST)
    }
}

/// A stay under a tariff.
pub(crate) fn any(
    random: &mut Random,
    plan: &TariffModel,
    outlet: &Outlet,
    zone: Zone,
    arrivals: Range<i64>,
) -> Charge {
    let mut charge = Charge::new(arrival(random, plan, arrivals), zone, need(random, outlet));
    if random.happens(60) {
        charge.idle = random.within(30, 4 * 3600);
    }
    if has_reservation(plan) && random.happens(50) {
        charge.reserved = random.within(60, 3600);
    }
    charge
}

/// Within the time of validity of the tariff, if that is possible.
fn arrival(random: &mut Random, plan: &TariffModel, Range { start, end }: Range<i64>) -> DateTime {
    let seconds = |at: Option<DateTime>| at.map(|at| at.to_chrono().timestamp());
    let from = seconds(plan.valid_from).map_or(start, |from| from.max(start));
    let until = seconds(plan.valid_until).map_or(end, |until| until.min(end));
    let (from, until) = if from < until { (from, until) } else { (start, end) };
    DateTime::from_unix(random.within(from, until)).unwrap_or(DateTime::UNIX_EPOCH)
}

fn need(random: &mut Random, outlet: &Outlet) -> Need {
    if outlet.power_type != PowerType::Dc {
        let energy = Decimal::new(random.within(200, 40_000), 3);
        // Most cars take less than the strongest sockets give.
        let power = random.happens(70).then(|| Decimal::from(11));
        return Need::Energy { energy, power };
    }
    let capacity = Decimal::from(random.within(30, 110));
    let from = random.within(5, 70);
    let to = random.within(from + 1, 101);
    let power = Decimal::from(random.within(40, 280));
    Battery::new(capacity, Decimal::from(from), Decimal::from(to)).with_power(power).into()
}

fn has_reservation(plan: &TariffModel) -> bool {
    let is_one = |phase: Option<Phase>| phase == Some(Phase::Reservation);
    plan.version != Version::V2_1_1
        && plan
            .elements
            .iter()
            .any(|element| is_one(element.restrictions.reservation) || is_one(element.restrictions.booking))
}
