//! A day of the city.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ocpi_pricing::audit::{Audit, Verdict};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::{Location, Status};
use ocpi_types::v2_3_0::sessions::{Session, SessionStatus};
use ocpi_types::{Decimal, Finding, Version, check};

use crate::town::Town;

/// CDRs by their ids: driver, energy and cost.
fn bills(town: &Town) -> BTreeMap<String, (String, String, String)> {
    let line = |cdr: Cdr| {
        let cost = cdr.total_cost.before_taxes.to_string();
        (cdr.id.to_string(), (cdr.cdr_location.evse_uid.to_string(), cdr.total_energy.to_string(), cost))
    };
    town.cpo.all::<Cdr>().into_iter().map(line).collect()
}

#[test]
fn every_session_of_a_day_ends_in_a_cdr_that_agrees_and_arrives_once() {
    let town = Town::new(6, 3);
    let mut seen: BTreeMap<String, (String, usize)> = BTreeMap::new();
    let mut statuses = BTreeSet::new();
    for _ in 0..4 * 60 {
        town.pass(60);
        for session in town.cpo.all::<Session>() {
            let errors: Vec<Finding> =
                check(&session, Version::V2_3_0).into_iter().filter(Finding::is_error).collect();
            assert_eq!(errors, [], "{session:?}");
            let now = (session.kwh.to_string(), session.charging_periods.len());
            let before = seen.insert(session.id.to_string(), now.clone());
            assert!(before.is_none_or(|before| before.1 <= now.1), "periods are appended only");
        }
        let locations = town.cpo.all::<Location>();
        statuses.extend(locations.iter().flat_map(|it| &it.evses).map(|evse| evse.status.to_string()));
    }
    let (sessions, cdrs) = (town.cpo.all::<Session>(), town.cpo.all::<Cdr>());
    let over = sessions.iter().filter(|it| it.status == SessionStatus::Completed).count();
    assert!(over > 3 && over == cdrs.len(), "{over} {}", cdrs.len());
    for cdr in &cdrs {
        let errors: Vec<Finding> =
            check(cdr, Version::V2_3_0).into_iter().filter(Finding::is_error).collect();
        assert_eq!(errors, []);
        let report = Audit::new().in_zone("Europe/Amsterdam".parse().unwrap()).cdr(cdr);
        assert_eq!(report.verdict(), Verdict::Agrees, "{report:?}");
    }
    assert!(statuses.contains("AVAILABLE") && statuses.contains("CHARGING"), "{statuses:?}");
    // What is active has an EVSE that says so.
    let locations = town.cpo.all::<Location>();
    for session in sessions.iter().filter(|it| it.status == SessionStatus::Active) {
        let evse = locations.iter().find_map(|it| it.evse(session.evse_uid.as_str())).unwrap();
        assert_eq!(evse.status, Status::Charging);
    }
    // The eMSP has all of them, as they are.
    assert_eq!(town.emsp.all::<Cdr>().len(), cdrs.len());
    let theirs: BTreeSet<String> = town.emsp.all::<Session>().iter().map(|it| format!("{it:?}")).collect();
    assert_eq!(theirs, sessions.iter().map(|it| format!("{it:?}")).collect());
}

#[test]
fn the_same_seed_gives_the_same_day_however_the_steps_fall_and_after_a_restart() {
    let by = |seconds: u64, restarts: bool| {
        let mut town = Town::new(4, 2);
        for step in 1..=6 * 3_600 / seconds {
            town.pass(seconds);
            if restarts && step % 97 == 0 {
                town.restart();
                town.step();
            }
        }
        bills(&town)
    };
    let day = by(60, false);
    assert!(day.len() > 4, "{day:?}");
    assert_eq!(by(20, false), day);
    assert_eq!(by(60, true), day, "sessions go on after a restart");
}

#[test]
fn time_is_not_put_back_by_a_restart_after_a_run_that_was_faster() {
    let mut town = Town::new(4, 2);
    // Ten hours in the time of one step.
    let begin = town.sandbox.now();
    for minute in 0..=600 {
        let now = begin.checked_add_seconds(minute * 60).unwrap();
        town.time.run(town.sandbox.step(now)).unwrap().unwrap();
    }
    let is_active = |session: &Session| session.status == SessionStatus::Active;
    let active: Vec<Session> = town.cpo.all::<Session>().into_iter().filter(is_active).collect();
    let newest = town.cpo.all::<Session>().iter().map(|it| it.last_updated).max().unwrap();
    assert!(!active.is_empty());

    town.restart();
    assert!(town.sandbox.now() >= newest, "{} {newest}", town.sandbox.now());
    assert!(town.sandbox.notes().iter().any(|note| note.contains("where an earlier run has left it")));
    for _ in 0..4 * 60 {
        town.pass(60);
    }
    let (sessions, cdrs) = (town.cpo.all::<Session>(), town.cpo.all::<Cdr>());
    for before in active {
        let now = sessions.iter().find(|it| it.id == before.id).unwrap();
        assert_eq!(now.status, SessionStatus::Completed);
        assert!(cdrs.iter().any(|cdr| cdr.session_id.as_ref() == Some(&now.id)));
    }
}

#[test]
fn what_is_older_than_the_store_is_told_and_holds_up_nothing() {
    let town = Town::new(4, 2);
    let active = loop {
        town.pass(60);
        let active = town.cpo.all::<Session>().into_iter().find(|it| it.status == SessionStatus::Active);
        if let Some(session) = active {
            break session;
        }
    };
    let last_updated = "2030-01-01T00:00:00Z".parse().unwrap();
    let later = Session { last_updated, kwh: Decimal::from(99), ..active };
    town.time.run(town.cpo.platform.publish(later.clone())).unwrap().unwrap();
    let mut told = Vec::new();
    for _ in 0..4 * 60 {
        town.time.advance(Duration::from_secs(60));
        told.extend(town.try_step().err().map(|error| error.to_string()));
    }
    assert!(!told.is_empty() && told.iter().all(|text| text.contains("newer than")), "{told:?}");
    let sessions = town.cpo.all::<Session>();
    assert!(sessions.contains(&later));
    assert!(sessions.iter().any(|it| it.status == SessionStatus::Completed), "others go on");
}
