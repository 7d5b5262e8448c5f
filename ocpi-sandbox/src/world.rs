//! State of the city: which EVSE is taken by whom. It does no I/O: it says what is to be published.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use ocpi_types::protocol::PartnerId;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::Status;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::{CiString, DateTime, Private};

use crate::Error;
use crate::charge::{Driver, Going};
use crate::day::{Planned, Visit, hash};
use crate::point::Point;

/// The EVSEs of the city, and what happens at them.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) points: Vec<Point>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    spots: Vec<Spot>,
    /// Charges that commands have begun, and that are still to be shown.
    begun: Vec<(usize, Start)>,
    /// Places where a command has ended the charge.
    stopped: Vec<usize>,
    /// Deeds that are still to be published, oldest first.
    deeds: VecDeque<Deed>,
}

/// State of an EVSE.
#[derive(Debug)]
struct Spot {
    /// Its status as it is published.
    status: Status,
    changed: DateTime,
    guest: Option<Guest>,
    reservation: Option<Reservation>,
}

#[derive(Debug)]
enum Guest {
    /// A driver whose platform is told.
    Driver(Box<Going>),
    /// Somebody who pays at the charger, until a minute.
    Stranger(i64),
    /// A driver whom a command has let in, and whose charge begins with the next step.
    Expected,
}

/// A reservation by a command.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Reservation {
    pub(crate) partner: PartnerId,
    pub(crate) id: CiString<36>,
    pub(crate) token: Private<CiString<36>>,
    pub(crate) until: DateTime,
}

impl Reservation {
    fn is(&self, partner: &PartnerId, id: &CiString<36>) -> bool {
        self.partner == *partner && self.id == *id
    }
}

/// A charge that a command begins.
#[derive(Clone, Debug)]
pub(crate) struct Start {
    pub(crate) plug: usize,
    pub(crate) driver: Driver,
}

/// Something to publish.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    Status(usize, Status, DateTime),
    Session(Box<Session>),
    Cdr(Box<Cdr>),
}

/// Reason why an EVSE is not to be had.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Taken {
    Busy,
    Broken,
}

impl World {
    pub(crate) fn new(seed: u64, points: Vec<Point>) -> Self {
        let spot = |point: &Point| Spot {
            status: point.status.clone(),
            changed: point.changed,
            guest: None,
            reservation: None,
        };
        let state = State {
            spots: points.iter().map(spot).collect(),
            begun: Vec::new(),
            stopped: Vec::new(),
            deeds: VecDeque::new(),
        };
        Self { seed, points, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each change is whole before anything can fail.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Finds the EVSE of a Session.
    pub(crate) fn point_of(&self, session: &Session) -> Option<usize> {
        let is_it = |point: &Point| {
            (point.location_id(), point.evse_uid()) == (&session.location_id, &session.evse_uid)
        };
        self.points.iter().position(is_it)
    }

    /// The charge at an EVSE that a command may end.
    pub(crate) fn charging(&self, session: &CiString<36>) -> Option<usize> {
        let state = self.state();
        state
            .spots
            .iter()
            .position(|spot| matches!(&spot.guest, Some(Guest::Driver(going)) if going.id == *session))
    }

    /// Goes on with a charge that was there before a restart.
    pub(crate) fn resume(&self, point: usize, going: Going) {
        if let Some(spot) = self.state().spots.get_mut(point) {
            spot.guest = Some(Guest::Driver(Box::new(going)));
        }
    }

    /// Publishes a Session that cannot go on.
    pub(crate) fn void(&self, session: Session) {
        self.state().deeds.push_back(Deed::Session(Box::new(session)));
    }

    /// The number of charges of drivers whose platforms are told.
    pub(crate) fn charges(&self) -> usize {
        let is_one = |spot: &&Spot| matches!(spot.guest, Some(Guest::Driver(_) | Guest::Expected));
        self.state().spots.iter().filter(is_one).count()
    }

    /// Looks whether an EVSE is free for a driver.
    pub(crate) fn is_free(
        &self,
        point: usize,
        driver: Option<&CiString<36>>,
        now: DateTime,
    ) -> Result<(), Taken> {
        self.state().is_free(&self.points, point, driver, now)
    }

    /// Lets a driver in, if the EVSE is still free.
    pub(crate) fn let_in(&self, point: usize, start: Start, now: DateTime) -> Result<(), Taken> {
        let mut state = self.state();
        state.is_free(&self.points, point, Some(&start.driver.token.uid), now)?;
        if let Some(spot) = state.spots.get_mut(point) {
            spot.guest = Some(Guest::Expected);
            spot.reservation = None;
        }
        state.begun.push((point, start));
        Ok(())
    }

    /// Ends the charge at an EVSE; `false`: there is none.
    pub(crate) fn stop(&self, point: usize) -> bool {
        let mut state = self.state();
        let is_charging =
            state.spots.get(point).is_some_and(|spot| matches!(spot.guest, Some(Guest::Driver(_))));
        if is_charging && !state.stopped.contains(&point) {
            state.stopped.push(point);
        }
        is_charging
    }

    /// Keeps an EVSE free for a driver, if it is; the same reservation again replaces the first.
    pub(crate) fn reserve(&self, point: usize, reservation: Reservation, now: DateTime) -> Result<(), Taken> {
        let mut state = self.state();
        let spot = state.spots.get(point);
        let is_replaced = spot.is_some_and(|spot| {
            let known = spot.reservation.as_ref();
            spot.guest.is_none() && known.is_some_and(|it| it.is(&reservation.partner, &reservation.id))
        });
        match state.is_free(&self.points, point, Some(&reservation.token), now) {
            // It does not stand in its own way.
            Err(Taken::Busy) if is_replaced => {}
            free => free?,
        }
        state.forget(&reservation.partner, &reservation.id);
        if let Some(spot) = state.spots.get_mut(point) {
            spot.reservation = Some(reservation);
        }
        Ok(())
    }

    /// Drops a reservation; `false`: there is none.
    pub(crate) fn cancel(&self, partner: &PartnerId, id: &CiString<36>) -> bool {
        self.state().forget(partner, id)
    }

    /// The reservations that stand, by their partners and ids.
    pub(crate) fn reservations(&self) -> BTreeSet<(String, String)> {
        let state = self.state();
        let standing = state.spots.iter().filter_map(|spot| spot.reservation.as_ref());
        standing.map(|it| (it.partner.as_str().to_owned(), it.id.to_string())).collect()
    }

    /// Plays a minute: charges go on, those that are over end; returns the cars that come. A charge that fails ends, and the
    /// others go on.
    pub(crate) fn play(&self, minute: i64, now: DateTime, failures: &mut Vec<Error>) -> Vec<(usize, Visit)> {
        let (mut state, mut arrivals) = (self.state(), Vec::new());
        let Some(time) = minute.checked_mul(60).and_then(DateTime::from_unix) else { return arrivals };
        let State { spots, deeds, .. } = &mut *state;
        for (place, (point, spot)) in self.points.iter().zip(spots).enumerate() {
            if spot.reservation.as_ref().is_some_and(|it| it.until <= time) {
                spot.reservation = None;
            }
            match &mut spot.guest {
                Some(Guest::Driver(going)) if going.is_over(time) => {
                    end(going, now, deeds);
                    spot.guest = None;
                }
                Some(Guest::Driver(going)) => match going.progress(point, time, now) {
                    Ok(progress) => {
                        deeds.extend(progress.map(|session| Deed::Session(Box::new(session))));
                    }
                    Err(error) => {
                        failures.push(error);
                        deeds.push_back(Deed::Session(Box::new(going.invalid(now))));
                        spot.guest = None;
                    }
                },
                Some(Guest::Stranger(until)) if *until <= minute => spot.guest = None,
                _ => {}
            }
            if let Planned::Busy(visit) = point.days.at(minute) {
                if visit.begin == minute && spot.guest.is_none() && spot.reservation.is_none() {
                    arrivals.push((place, visit));
                }
            }
        }
        arrivals
    }

    /// A car comes: with a driver of a platform, or a stranger. Where a charge cannot be written down, the car pays at the charger.
    pub(crate) fn arrive(
        &self,
        (place, visit): (usize, Visit),
        driver: Option<Driver>,
        now: DateTime,
        failures: &mut Vec<Error>,
    ) {
        let Some(point) = self.points.get(place) else { return };
        let begin = visit.begin.checked_mul(60).and_then(DateTime::from_unix).unwrap_or(now);
        let going = driver.map(|driver| {
            let id = session_id(self.seed, point, begin)?;
            Going::begin(self.seed, id, (point, 0), driver, begin, Some(visit.minutes))
        });
        let going = going.transpose().unwrap_or_else(|error| {
            failures.push(error);
            None
        });
        let mut state = self.state();
        let State { spots, deeds, .. } = &mut *state;
        // A command may have been faster.
        let Some(spot) = spots.get_mut(place).filter(|spot| spot.guest.is_none()) else { return };
        spot.guest = Some(match going.flatten() {
            Some(going) => {
                deeds.push_back(Deed::Session(Box::new(going.first(now))));
                Guest::Driver(Box::new(going))
            }
            None => Guest::Stranger(visit.begin.saturating_add(visit.minutes)),
        });
    }

    /// Somebody charges since before the life began.
    pub(crate) fn settle_in(&self, minute: i64) {
        let mut state = self.state();
        for (point, spot) in self.points.iter().zip(&mut state.spots) {
            if let (Planned::Busy(visit), None) = (point.days.at(minute), &spot.guest) {
                spot.guest = Some(Guest::Stranger(visit.begin.saturating_add(visit.minutes)));
            }
        }
    }

    /// Begins and ends the charges that commands have begun and ended. One that fails leaves its EVSE free.
    pub(crate) fn obey(&self, now: DateTime, failures: &mut Vec<Error>) {
        let mut state = self.state();
        for (place, start) in std::mem::take(&mut state.begun) {
            let Some(point) = self.points.get(place) else { continue };
            let going = session_id(self.seed, point, now)
                .and_then(|id| Going::begin(self.seed, id, (point, start.plug), start.driver, now, None));
            let going = going.unwrap_or_else(|error| {
                failures.push(error);
                None
            });
            if let Some(going) = &going {
                state.deeds.push_back(Deed::Session(Box::new(going.first(now))));
            }
            if let Some(spot) = state.spots.get_mut(place) {
                spot.guest = going.map(|going| Guest::Driver(Box::new(going)));
            }
        }
        for place in std::mem::take(&mut state.stopped) {
            let State { spots, deeds, .. } = &mut *state;
            let both = self.points.get(place).zip(spots.get_mut(place));
            let Some((point, spot)) = both else { continue };
            if let Some(Guest::Driver(going)) = &mut spot.guest {
                match going.stop(point, now) {
                    Ok(()) => end(going, now, deeds),
                    Err(error) => {
                        failures.push(error);
                        deeds.push_back(Deed::Session(Box::new(going.invalid(now))));
                    }
                }
                spot.guest = None;
            }
        }
    }

    /// Notes the statuses that are not as they are published.
    pub(crate) fn show(&self, minute: i64, now: DateTime) {
        let mut state = self.state();
        let State { spots, deeds, .. } = &mut *state;
        for (place, (point, spot)) in self.points.iter().zip(spots).enumerate() {
            let status = match (&spot.guest, &spot.reservation) {
                (Some(_), _) => Status::Charging,
                (None, _) if point.days.at(minute) == Planned::Broken => Status::Outoforder,
                (None, Some(_)) => Status::Reserved,
                (None, None) => Status::Available,
            };
            if spot.status != status {
                spot.status = status.clone();
                // The clock of a city that ran faster may have been ahead.
                spot.changed = spot.changed.max(now);
                deeds.push_back(Deed::Status(place, status, spot.changed));
            }
        }
    }

    /// The oldest that is to be published. It stays until [`done`](Self::done).
    pub(crate) fn deed(&self) -> Option<Deed> {
        self.state().deeds.front().cloned()
    }

    /// The oldest is published.
    pub(crate) fn done(&self) {
        self.state().deeds.pop_front();
    }
}

impl State {
    fn is_free(
        &self,
        points: &[Point],
        place: usize,
        driver: Option<&CiString<36>>,
        now: DateTime,
    ) -> Result<(), Taken> {
        let (Some(spot), Some(point)) = (self.spots.get(place), points.get(place)) else {
            return Err(Taken::Broken);
        };
        if spot.guest.is_some() {
            return Err(Taken::Busy);
        }
        if point.days.at(minute_of(now)) == Planned::Broken {
            return Err(Taken::Broken);
        }
        match &spot.reservation {
            Some(kept) if kept.until > now && driver != Some(&*kept.token) => Err(Taken::Busy),
            _ => Ok(()),
        }
    }

    fn forget(&mut self, partner: &PartnerId, id: &CiString<36>) -> bool {
        let is_it = |it: &Reservation| it.is(partner, id);
        let spot = self.spots.iter_mut().find(|spot| spot.reservation.as_ref().is_some_and(is_it));
        spot.is_some_and(|spot| spot.reservation.take().is_some())
    }
}

/// The CDR is published before the Session is completed: a Session that is still active after a restart ends again.
fn end(going: &Going, now: DateTime, deeds: &mut VecDeque<Deed>) {
    let (session, cdr) = going.end(now);
    deeds.push_back(Deed::Cdr(Box::new(cdr)));
    deeds.push_back(Deed::Session(Box::new(session)));
}

/// The id of a session that begins at an EVSE at a time.
fn session_id(seed: u64, point: &Point, begin: DateTime) -> Result<CiString<36>, Error> {
    let text = format!("{seed}/{}/{}", point.evse_uid(), begin.to_unix_micros() / 1_000_000);
    format!("S{:016X}", hash(&text)).parse().map_err(Error::id)
}

/// The minute since 1970.
pub(crate) fn minute_of(time: DateTime) -> i64 {
    time.to_unix_micros().div_euclid(60_000_000)
}
