//! Hours that were rounded, against the time stamps of their period.
//!
//! A duration can seldom be written exactly in hours. If the length of a period by its time stamps rounds to the
//! written hours, that length is used, including fractions of seconds.
//!
//! Spec: 2.2.1 types §number_type

use ocpi_types::Decimal;

use super::volumes::Volume;
use crate::fixed::{Fixed, half_of_last, seconds_of_hours};
use crate::usage::{Period, Usage};

/// To how many decimals the hours of a session are rounded; `None`: nobody asked yet.
#[derive(Clone, Copy, Default)]
pub(super) struct Decimals(Option<u32>);

/// Number of decimals that OCPI writes numbers with.
const DECIMALS: u32 = 4;
/// The fewest that hours are taken to be rounded to.
const FEWEST: u32 = 2;

/// Gives the volumes of a period the seconds that its time stamps say.
///
/// - If there is one kind of time, that is the length of the period.
/// - If there are several, all of whole seconds but one, that is the rest of the period.
/// - Overtime runs beside the others.
///
/// Hours that do not round to these stay as they are: not all of the period was charging, or parking.
pub(super) fn fit(
    volumes: &mut [Volume; 6],
    period: &Period,
    length: Fixed,
    usage: &Usage,
    decimals: &mut Decimals,
) {
    let [_, stay @ .., overtime] = volumes;
    let hours = [period.time, period.parking_time, period.reservation_time, period.reservation_expires];
    let mut fit = |volume: &mut Volume, hours: Option<Decimal>, room: Option<Fixed>| {
        let Some(room) = room.filter(|room| *room > Fixed::ZERO && *room != volume.volume) else { return };
        if hours.is_some_and(|hours| rounds_to(room, hours, usage, decimals)) {
            volume.volume = room;
        }
    };
    if !overtime.volume.is_zero() {
        fit(overtime, period.reservation_overtime, Some(length));
    }
    let kinds = stay.iter().filter(|volume| !volume.volume.is_zero()).count();
    let is_open = |volume: &Volume| !volume.volume.is_zero() && (kinds == 1 || !volume.volume.is_whole());
    let mut open = stay.iter().enumerate().filter(|(_, volume)| is_open(volume)).map(|(index, _)| index);
    let (Some(index), None) = (open.next(), open.next()) else { return };
    let others = stay.iter().enumerate().filter(|(other, _)| *other != index);
    let rest = others.into_iter().try_fold(length, |rest, (_, other)| rest.sub(other.volume));
    if let Some((volume, hours)) = stay.get_mut(index).zip(hours.get(index)) {
        fit(volume, *hours, rest);
    }
}

/// Whether a length in time rounds to the written hours.
fn rounds_to(length: Fixed, hours: Decimal, usage: &Usage, decimals: &mut Decimals) -> bool {
    let Some(written) = seconds_of_hours(hours, false) else { return false };
    let (less, more) = if written < length { (written, length) } else { (length, written) };
    let Some(off) = more.sub(less) else { return false };
    let is_within = |decimals: u32| off <= half_of_last(decimals);
    let scale = hours.scale().max(DECIMALS);
    is_within(scale) || (scale == DECIMALS && is_within(decimals.of(usage)))
}

impl Decimals {
    /// As many as any hours of the session have. Whole minutes lose nothing by
    /// having few, so where all are whole minutes they have as many as OCPI asks for.
    fn of(&mut self, usage: &Usage) -> u32 {
        *self.0.get_or_insert_with(|| {
            let hours = || usage.periods.iter().flat_map(Period::hours);
            let is_minutes = |hours: Decimal| {
                hours.checked_mul(Decimal::from(60)).is_some_and(|minutes| minutes.to_integer().is_some())
            };
            if hours().all(is_minutes) {
                return DECIMALS;
            }
            let decimals = hours().map(|hours| hours.normalize().scale()).max();
            decimals.unwrap_or(DECIMALS).clamp(FEWEST, DECIMALS)
        })
    }
}
