//! Connectors against physics.

use std::ops::RangeInclusive;

use super::PowerType;
use crate::{Check, Rule};

/// Powers that connectors have, in watt.
const POWERS: RangeInclusive<i64> = 500..=5_000_000;
/// Voltages that connectors have at most, in volt.
const HIGHEST_AC: i64 = 480;
const HIGHEST_DC: i64 = 1_500;
/// The current that connectors have at most, in ampere.
const HIGHEST_CURRENT: i64 = 5_000;

/// The electric members of a connector with their names; `None` for one that is missing or cannot be read.
pub(crate) struct Electric<'a> {
    pub(crate) power_type: &'a PowerType,
    pub(crate) voltage: (&'static str, Option<i64>),
    pub(crate) current: (&'static str, Option<i64>),
    pub(crate) power: (&'static str, Option<i64>),
}

/// Reports numbers that no connector has, and more power than voltage, current and phases give.
pub(crate) fn is_possible(check: &mut Check, electric: &Electric<'_>) {
    let ((volts_at, volts), (amps_at, amps), (watts_at, watts)) =
        (electric.voltage, electric.current, electric.power);
    let mut is_odd = false;
    let mut report = |check: &mut Check, name, rule, message: Option<&'static str>| {
        is_odd = true;
        check.member(name, |check| match message {
            Some(message) => check.report_as(rule, message),
            None => check.report(rule),
        });
    };
    for (name, value) in [(volts_at, volts), (amps_at, amps), (watts_at, watts)] {
        if value.is_some_and(|value| value <= 0) {
            report(check, name, Rule::NotPositive, None);
        }
    }
    if let Some(watts) = watts.filter(|watts| *watts > 0 && !POWERS.contains(watts)) {
        let kilo = "less power than connectors have; perhaps kilowatts were written where watts are due";
        let much = "more power than connectors have; perhaps milliwatts were written where watts are due";
        report(check, watts_at, Rule::Implausible, Some(if watts < 500 { kilo } else { much }));
    }
    if amps.is_some_and(|amps| amps > HIGHEST_CURRENT) {
        let milli =
            "more current than connectors have; perhaps milliamperes were written where amperes are due";
        report(check, amps_at, Rule::Implausible, Some(milli));
    }
    let (is_direct, highest) = match electric.power_type {
        PowerType::Dc => (true, HIGHEST_DC),
        PowerType::Custom(_) => (true, i64::MAX),
        _ => (false, HIGHEST_AC),
    };
    if let Some(volts) = volts.filter(|volts| *volts > 0) {
        let is_exchanged =
            !is_direct && volts < 100 && amps.is_some_and(|amps| (100..=HIGHEST_AC).contains(&amps));
        if volts > highest {
            report(check, volts_at, Rule::Voltage, None);
        } else if is_exchanged {
            report(check, volts_at, Rule::Voltage, Some("voltage and current are likely exchanged"));
        }
    }
    if !is_odd {
        power_fits(check, electric);
    }
}

/// Checks that the power is no more than a tenth above that of voltage, current and phases. Voltages of three phases
/// are read as between a phase and neutral, as the specification says, which allows more than those between two phases.
fn power_fits(check: &mut Check, electric: &Electric<'_>) {
    let (Some(volts), Some(amps), (name, Some(watts))) =
        (electric.voltage.1, electric.current.1, electric.power)
    else {
        return;
    };
    let phases = match electric.power_type {
        PowerType::Dc | PowerType::Ac1Phase => 1,
        PowerType::Ac2Phase | PowerType::Ac2PhaseSplit => 2,
        PowerType::Ac3Phase => 3,
        PowerType::Custom(_) => return,
    };
    let most = |phases: i64| volts.saturating_mul(amps).saturating_mul(phases).saturating_mul(11);
    let tenfold = watts.saturating_mul(10);
    if tenfold > most(phases) {
        check.member(name, |check| {
            if *electric.power_type != PowerType::Dc && tenfold <= most(3) {
                let message = Rule::PowerBeyond.message();
                check.report_as(Rule::PowerBeyond, format!("{message}: with more phases it would fit"));
            } else {
                check.report(Rule::PowerBeyond);
            }
        });
    }
}
