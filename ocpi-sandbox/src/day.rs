//! The day of an EVSE: when cars come and go, and when it is out of order. It follows from the seed alone.

use std::ops::Range;

use ocpi_pricing::generate::Random;

/// Minutes of a day.
const DAY: i64 = 24 * 60;

/// The stay of a car, in whole minutes since 1970.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Visit {
    pub(crate) begin: i64,
    pub(crate) minutes: i64,
}

impl Visit {
    fn has(&self, minute: i64) -> bool {
        (self.begin..self.begin.saturating_add(self.minutes)).contains(&minute)
    }
}

/// The plan of an EVSE for a minute.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Planned {
    Free,
    Busy(Visit),
    Broken,
}

/// An EVSE whose days follow from a seed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Days {
    seed: u64,
    is_fast: bool,
}

impl Days {
    /// The days of an EVSE; at a fast one stays are short.
    pub(crate) fn of(seed: u64, evse: &str, is_fast: bool) -> Self {
        Self { seed: seed ^ hash(evse), is_fast }
    }

    /// The plan for a minute since 1970.
    pub(crate) fn at(&self, minute: i64) -> Planned {
        let day = minute.div_euclid(DAY);
        match self.visits(day).find(|visit| visit.has(minute)) {
            Some(visit) => Planned::Busy(visit),
            None if self.outage(day).is_some_and(|outage| outage.contains(&minute)) => Planned::Broken,
            None => Planned::Free,
        }
    }

    /// The stays of a day, in order; none goes beyond midnight.
    fn visits(&self, day: i64) -> impl Iterator<Item = Visit> {
        let mut random = Random::of(self.seed, day.unsigned_abs());
        let (stays, is_fast) = (if self.is_fast { 15..45 } else { 30..180 }, self.is_fast);
        let mut minute = random.within(0, 120);
        std::iter::from_fn(move || {
            let begin = minute;
            let length = random.within(stays.start, stays.end).min(DAY - begin - 1);
            minute = begin + length + random.within(10, gap(begin, is_fast));
            (length > 5)
                .then(|| Visit { begin: day.saturating_mul(DAY).saturating_add(begin), minutes: length })
        })
    }

    /// One day in twenty an EVSE is out of order for some hours.
    fn outage(&self, day: i64) -> Option<Range<i64>> {
        let mut random = Random::of(self.seed, !day.unsigned_abs());
        let has_one = random.happens(5);
        let begin = day.saturating_mul(DAY).saturating_add(random.within(0, DAY));
        has_one.then(|| begin..begin.saturating_add(random.within(60, 300)))
    }
}

/// Longest time between two cars, by the time of day: at night it is quiet.
fn gap(minute: i64, is_fast: bool) -> i64 {
    let is_night = !(6 * 60..22 * 60).contains(&minute);
    match (is_night, is_fast) {
        (true, _) => 300,
        (false, true) => 45,
        (false, false) => 90,
    }
}

/// A number that follows from a text: FNV-1a.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::{DAY, Days, Planned};

    /// The minutes of a day in which an EVSE is busy, by hour, and the number of stays.
    fn day(seed: u64, evse: &str) -> Vec<Planned> {
        let days = Days::of(seed, evse, false);
        (0..DAY).map(|minute| days.at(20_789 * DAY + minute)).collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_day_and_another_one_another() {
        assert_eq!(day(1, "E1"), day(1, "E1"));
        assert_ne!(day(1, "E1"), day(2, "E1"));
        assert_ne!(day(1, "E1"), day(1, "E2"));
        let tomorrow: Vec<Planned> =
            (0..DAY).map(|minute| Days::of(1, "E1", false).at(20_790 * DAY + minute)).collect();
        assert_ne!(day(1, "E1"), tomorrow);
    }

    #[test]
    fn days_are_lively_and_nights_quiet() {
        let busy = |hours: std::ops::Range<usize>| -> usize {
            (0..50)
                .map(|number| {
                    let day = day(7, &format!("E{number}"));
                    let minutes = hours.start * 60..hours.end * 60;
                    day[minutes].iter().filter(|planned| matches!(planned, Planned::Busy(_))).count()
                })
                .sum::<usize>()
                * 100
                / (50 * 60 * hours.len())
        };
        let (night, noon) = (busy(2..6), busy(10..18));
        assert!((20..=60).contains(&night) && (50..=85).contains(&noon), "{night} {noon}");
    }

    #[test]
    fn some_are_out_of_order_and_stays_have_their_length() {
        let broken =
            (0..200).filter(|number| day(3, &format!("E{number}")).contains(&Planned::Broken)).count();
        assert!((3..=25).contains(&broken), "{broken}");
        for planned in day(3, "E3") {
            let Planned::Busy(visit) = planned else { continue };
            assert!((6..180).contains(&visit.minutes), "{visit:?}");
            assert_eq!(visit.begin / DAY, (visit.begin + visit.minutes) / DAY, "none goes beyond midnight");
        }
    }
}
