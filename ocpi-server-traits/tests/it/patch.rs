//! PUT and PATCH: what they change, and what they leave.

use ocpi_testkit::{
    connector_json, evse_json, location_json, parse, period_json, session_json, tariff_json, time, token_json,
};
use ocpi_types::endpoint::RootResource;
use ocpi_types::v2_3_0::locations::{Location, Status};
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tokens::Token;

use crate::site::Site;

const LOCATION: &str = "/receiver/locations/NL/ALF/L1";
const EVSE: &str = "/receiver/locations/NL/ALF/L1/E1";
const CONNECTOR: &str = "/receiver/locations/NL/ALF/L1/E1/C1";
const SESSION: &str = "/receiver/sessions/NL/ALF/S1";
const TOKEN: &str = "/receiver/tokens/NL/ALF/K1";

/// A site with one object of each kind that can be patched, all of 10:00:00.
fn site() -> Site {
    let site = Site::emsp();
    put::<Location>(&site, &location_json("NL/ALF", "L1", "10:00:00"));
    put::<Session>(&site, &session_json("NL/ALF", "S1", "10:00:00"));
    put::<Token>(&site, &token_json("NL/ALF", "K1", "10:00:00"));
    site
}

fn put<T: RootResource>(site: &Site, json: &str) {
    pollster::block_on(site.objects.put_all([parse::<T>(json)])).expect("a store");
}

fn location(site: &Site) -> Location {
    site.get(LOCATION).expect(200, 1000).object()
}

/// Everything there is, as text.
fn everything(site: &Site) -> [String; 3] {
    [LOCATION, SESSION, TOKEN].map(|path| site.get(path).expect(200, 1000).data.expect("an object"))
}

#[test]
fn a_patch_without_last_updated_is_2001() {
    let site = site();
    let before = everything(&site);
    for path in [LOCATION, EVSE, CONNECTOR, SESSION, TOKEN] {
        for body in [r#"{"note": 1}"#, "{}", r#"{"last_updated": null}"#, r#"{"last_updated": "noon"}"#] {
            site.patch(path, body).expect(200, 2001);
        }
    }
    assert_eq!(everything(&site), before);
}

#[test]
fn a_patch_cannot_change_who_an_object_is() {
    let site = site();
    let before = everything(&site);
    for (path, member) in [
        (LOCATION, r#""id": "L2""#),
        (LOCATION, r#""country_code": "BE""#),
        (LOCATION, r#""party_id": "BET""#),
        (EVSE, r#""uid": "E2""#),
        (CONNECTOR, r#""id": "C2""#),
        (SESSION, r#""id": "S2""#),
        (SESSION, r#""party_id": "BET""#),
        (TOKEN, r#""uid": "K2""#),
        (TOKEN, r#""type": "APP_USER""#),
    ] {
        site.patch(path, &format!(r#"{{{member}, "last_updated": "2026-11-22T11:00:00Z"}}"#))
            .expect(200, 2001);
    }
    assert_eq!(everything(&site), before);
    // The same identity in another case is the same.
    site.patch(LOCATION, r#"{"id": "l1", "last_updated": "2026-11-22T11:00:00Z"}"#).expect(200, 1000);
}

/// A change that cannot be made is refused as a whole: to answer 1000 would be to say that it was made.
#[test]
fn a_patch_that_takes_away_what_must_be_there_is_2001() {
    let site = site();
    let before = everything(&site);
    for (path, member) in [
        (LOCATION, r#""address": null"#),
        (LOCATION, r#""publish": null"#),
        (LOCATION, r#""coordinates": null"#),
        (LOCATION, r#""coordinates": {"latitude": "52.1"}"#),
        (EVSE, r#""status": null"#),
        (EVSE, r#""status": {}"#),
        (CONNECTOR, r#""max_voltage": null"#),
        (CONNECTOR, r#""max_voltage": "plenty""#),
        (SESSION, r#""kwh": null"#),
        (SESSION, r#""kwh": "4,00""#),
        (SESSION, r#""status": null"#),
        (TOKEN, r#""valid": null"#),
        (TOKEN, r#""valid": "perhaps""#),
        (TOKEN, r#""valid": false, "valid": true"#),
    ] {
        let body = format!(r#"{{{member}, "last_updated": "2026-11-22T11:00:00Z"}}"#);
        let answer = site.patch(path, &body);
        assert!(answer.is(200, 2001), "{path} {member}: {answer:?}");
    }
    assert_eq!(everything(&site), before);
}

#[test]
fn a_patch_may_deviate_where_nothing_is_lost() {
    let site = site();
    site.patch(SESSION, r#"{"kwh": "4.25", "new": [1], "last_updated": "2026-11-22T11:00:00+00:00"}"#)
        .expect(200, 1000);
    let session: Session = site.get(SESSION).expect(200, 1000).object();
    assert_eq!((session.kwh.to_string().as_str(), session.last_updated), ("4.25", time("11:00:00")));
    assert!(site.get(SESSION).data.is_some_and(|data| data.contains(r#""new":[1]"#)));
    // Binary noise of a float, longer than a decimal: rounded, not refused.
    let noise = "0.1000000000000000055511151231257827";
    site.patch(SESSION, &format!(r#"{{"kwh": {noise}, "last_updated": "2026-11-22T11:30:00Z"}}"#))
        .expect(200, 1000);
}

#[test]
fn a_patch_changes_what_it_names_and_nothing_else() {
    let site = site();
    let mut expected = location(&site);
    site.patch(LOCATION, r#"{"name": "CS", "publish": false, "last_updated": "2026-11-22T11:00:00Z"}"#)
        .expect(200, 1000);
    expected.name = Some("CS".parse().expect("a name"));
    expected.publish = false;
    expected.last_updated = time("11:00:00");
    assert_eq!(location(&site), expected);
    site.patch(LOCATION, r#"{"name": null, "last_updated": "2026-11-22T12:00:00Z"}"#).expect(200, 1000);
    assert_eq!(location(&site).name, None, "an optional member can be taken away");
}

#[test]
fn what_is_older_changes_nothing_and_is_no_error() {
    let site = site();
    let before = everything(&site);
    let patch = r#"{"last_updated": "2026-11-22T09:59:59.999Z", "note": "late"}"#;
    for path in [LOCATION, EVSE, CONNECTOR, SESSION, TOKEN] {
        site.patch(path, patch).expect(200, 1000);
    }
    for (path, body) in [
        (LOCATION, location_json("NL/ALF", "L1", "09:00:00").replace("Utrecht", "Gent")),
        (EVSE, evse_json("E1", "09:00:00").replace("AVAILABLE", "BLOCKED")),
        (CONNECTOR, connector_json("C1", "09:00:00").replace("230", "400")),
        (SESSION, session_json("NL/ALF", "S1", "09:00:00").replace("1.5", "0.5")),
        (TOKEN, token_json("NL/ALF", "K1", "09:00:00").replace("true", "false")),
    ] {
        site.put(path, &body).expect(200, 1000);
    }
    assert_eq!(everything(&site), before);
}

#[test]
fn of_the_same_time_the_last_one_counts() {
    let site = site();
    site.put(EVSE, &evse_json("E1", "10:00:00").replace("AVAILABLE", "BLOCKED")).expect(200, 1000);
    assert_eq!(location(&site).evses[0].status, Status::Blocked);
    site.patch(EVSE, r#"{"status": "CHARGING", "last_updated": "2026-11-22T10:00:00Z"}"#).expect(200, 1000);
    assert_eq!(location(&site).evses[0].status, Status::Charging);
}

/// The times of Location, EVSE and Connector, in seconds after ten.
fn times(site: &Site) -> [i64; 3] {
    let location = location(site);
    let evse = &location.evses[0];
    let connector = evse.connectors.first().expect("a connector");
    [location.last_updated, evse.last_updated, connector.last_updated]
        .map(|time_of| time_of.seconds_since(time("10:00:00")))
}

#[test]
fn a_part_that_changes_raises_the_time_of_what_it_is_part_of() {
    let site = site();
    site.patch(EVSE, r#"{"status": "CHARGING", "last_updated": "2026-11-22T10:00:01Z"}"#).expect(200, 1000);
    assert_eq!(times(&site), [1, 1, 0]);
    site.patch(CONNECTOR, r#"{"max_amperage": 16, "last_updated": "2026-11-22T10:00:02Z"}"#)
        .expect(200, 1000);
    assert_eq!(times(&site), [2, 2, 2]);
    site.put(CONNECTOR, &connector_json("C1", "10:00:03")).expect(200, 1000);
    assert_eq!(times(&site), [3, 3, 3]);
    site.put(EVSE, &evse_json("E1", "10:00:04")).expect(200, 1000);
    assert_eq!(times(&site), [4, 4, 4]);
    // A part that is newer than what was there, but older than the whole, changes the part only.
    site.patch(LOCATION, r#"{"name": "CS", "last_updated": "2026-11-22T10:00:09Z"}"#).expect(200, 1000);
    site.patch(EVSE, r#"{"status": "BLOCKED", "last_updated": "2026-11-22T10:00:06Z"}"#).expect(200, 1000);
    assert_eq!(times(&site), [9, 6, 4]);
}

#[test]
fn a_new_part_is_added_to_what_is_there() {
    let site = site();
    site.put("/receiver/locations/NL/ALF/L1/E2", &evse_json("E2", "10:00:05")).expect(201, 1000);
    site.put("/receiver/locations/NL/ALF/L1/E2/C9", &connector_json("C9", "10:00:06")).expect(201, 1000);
    let location = location(&site);
    let shape: Vec<(&str, usize)> =
        location.evses.iter().map(|evse| (evse.uid.as_str(), evse.connectors.len())).collect();
    assert_eq!(shape, [("E1", 1), ("E2", 2)]);
    assert_eq!(location.last_updated, time("10:00:06"));
    site.get("/receiver/locations/NL/ALF/L1/E2/C9").expect(200, 1000);
}

#[test]
fn a_part_of_nothing_is_404_and_2003() {
    let site = site();
    let before = everything(&site);
    let (evse, connector) = (evse_json("E9", "11:00:00"), connector_json("C9", "11:00:00"));
    site.put("/receiver/locations/NL/ALF/L9/E9", &evse).expect(404, 2003);
    site.put("/receiver/locations/NL/ALF/L9/E9/C9", &connector).expect(404, 2003);
    site.put("/receiver/locations/NL/ALF/L1/E9/C9", &connector).expect(404, 2003);
    let patch = r#"{"last_updated": "2026-11-22T11:00:00Z"}"#;
    for path in ["L9", "L9/E1", "L1/E9", "L1/E9/C1", "L1/E1/C9"] {
        site.patch(&format!("/receiver/locations/NL/ALF/{path}"), patch).expect(404, 2003);
        site.get(&format!("/receiver/locations/NL/ALF/{path}")).expect(404, 2003);
    }
    assert_eq!(everything(&site), before);
}

#[test]
fn what_is_not_there_has_the_status_of_its_module() {
    let site = Site::emsp();
    let patch = r#"{"last_updated": "2026-11-22T11:00:00Z"}"#;
    for (path, code, patched) in [(LOCATION, 2003, 2003), (TOKEN, 2004, 2004), (SESSION, 2000, 2001)] {
        site.get(path).expect(404, code);
        site.patch(path, patch).expect(404, patched);
    }
    let tariff = "/receiver/tariffs/NL/ALF/T1";
    let delete = || site.ask(crate::site::request(http::Method::DELETE, tariff, ""));
    delete().expect(404, 2000);
    site.put(tariff, &tariff_json("NL/ALF", "T1", "10:00:00")).expect(201, 1000);
    delete().expect(200, 1000);
    site.get(tariff).expect(404, 2000);
    // Whoever deletes again did not get the answer.
    delete().expect(200, 1000);
}

fn periods(site: &Site) -> Vec<String> {
    let session: Session = site.get(SESSION).expect(200, 1000).object();
    session
        .charging_periods
        .iter()
        .map(|period| period.start_date_time.to_string()[11..19].to_owned())
        .collect()
}

fn with_periods(updated: &str, starts: &[&str]) -> String {
    let periods: Vec<String> = starts.iter().map(|start| period_json(start, "1.25")).collect();
    format!(r#""charging_periods": [{}], "last_updated": "2026-11-22T{updated}Z""#, periods.join(","))
}

#[test]
fn the_periods_of_a_patch_are_appended_and_those_of_a_put_replace() {
    let site = site();
    site.patch(SESSION, &format!("{{{}}}", with_periods("10:01:00", &["08:00:00"]))).expect(200, 1000);
    site.patch(SESSION, &format!("{{{}}}", with_periods("10:02:00", &["08:15:00", "08:30:00"])))
        .expect(200, 1000);
    assert_eq!(periods(&site), ["08:00:00", "08:15:00", "08:30:00"]);
    // Sent again, because the answer was lost.
    site.patch(SESSION, &format!("{{{}}}", with_periods("10:02:00", &["08:15:00", "08:30:00"])))
        .expect(200, 1000);
    assert_eq!(periods(&site), ["08:00:00", "08:15:00", "08:30:00"]);
    for nothing in [r#""charging_periods": []"#, r#""charging_periods": null"#, r#""kwh": 2"#] {
        site.patch(SESSION, &format!(r#"{{{nothing}, "last_updated": "2026-11-22T10:03:00Z"}}"#))
            .expect(200, 1000);
        assert_eq!(periods(&site).len(), 3, "{nothing}");
    }
    let put = |updated: &str, starts: &[&str]| {
        let session = session_json("NL/ALF", "S1", updated);
        let (head, _) = session.rsplit_once(r#""last_updated""#).expect("the last member");
        site.put(SESSION, &format!("{head}{}}}", with_periods(updated, starts))).expect(200, 1000);
    };
    put("10:04:00", &["08:45:00"]);
    assert_eq!(periods(&site), ["08:45:00"]);
    put("10:05:00", &[]);
    assert_eq!(periods(&site), [""; 0]);
}

#[test]
fn a_patch_removes_no_parts() {
    let site = site();
    let before = location(&site);
    for (minute, evses) in [(1, "null"), (2, "[]")] {
        let updated = format!("2026-11-22T11:0{minute}:00Z");
        site.patch(LOCATION, &format!(r#"{{"evses": {evses}, "last_updated": "{updated}"}}"#))
            .expect(200, 1000);
    }
    // An EVSE has one Connector at least.
    site.patch(EVSE, r#"{"connectors": [], "last_updated": "2026-11-22T11:03:00Z"}"#).expect(200, 2001);
    let after = location(&site);
    assert_eq!(after.evses[0].connectors, before.evses[0].connectors);

    let evse = evse_json("E9", "11:04:00");
    let patch = format!(r#"{{"evses": [{evse}], "last_updated": "2026-11-22T11:04:00Z"}}"#);
    site.patch(LOCATION, &patch).expect(200, 1000);
    let uids: Vec<_> = location(&site).evses.iter().map(|evse| evse.uid.as_str().to_owned()).collect();
    assert_eq!(uids, [before.evses[0].uid.as_str(), "E9"]);
}

/// A partner that does not raise the time of a Location with those of its EVSEs must not be cut off for ever.
#[test]
fn the_newest_time_of_the_parts_counts() {
    let site = site();
    site.patch(EVSE, r#"{"status": "CHARGING", "last_updated": "2026-11-22T11:00:00Z"}"#).expect(200, 1000);
    let mut whole = location(&site);
    whole.last_updated = time("10:30:00");
    whole.evses[0].last_updated = time("11:30:00");
    whole.evses[0].status = Status::Outoforder;
    put::<Location>(&site, &ocpi_types::json::to_string(&whole));
    assert_eq!(location(&site).evses[0].status, Status::Outoforder);
}
