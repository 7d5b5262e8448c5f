//! Speed of a PATCH of a partner against that of the application, which compares no members. Run by hand, in release:
//! `cargo test --release -p ocpi-server-traits --test it speed -- --ignored --nocapture`.

use std::time::Instant;

use ocpi_server_traits::order::{Arrival, Update};
use ocpi_server_traits::{Cause, Memory, Objects};
use ocpi_testkit::{evse_json, location_json, parse, partner_id, party, time};
use ocpi_types::endpoint::{EvseKey, Owned, RootResource};
use ocpi_types::json;
use ocpi_types::v2_3_0::locations::{Evse, EvsePatch, Location};
use pollster::block_on;

#[test]
#[ignore = "a measurement"]
fn a_patch_of_one_evse_of_twenty() {
    let mut location: Location = parse(&location_json("NL/ALF", "L1", "10:00:00"));
    let evse = |number| parse::<Evse>(&evse_json(&format!("NL*ALF*E{number:04}"), "10:00:00"));
    location.evses = (0..20).map(evse).collect();
    let key = EvseKey {
        location_id: "L1".parse().expect("an id"),
        evse_uid: "NL*ALF*E0013".parse().expect("an id"),
    };
    let at = Owned { owner: party("NL/ALF"), key };
    let patch = |number: usize| -> EvsePatch {
        let status = if number % 2 == 0 { "CHARGING" } else { "AVAILABLE" };
        let (minute, second) = (number / 60 % 60, number % 60);
        let patch = format!(
            r#"{{"status": "{status}", "last_updated": "2026-11-22T{:02}:{minute:02}:{second:02}Z"}}"#,
            11 + number / 3_600
        );
        json::from_str(&patch).expect("a PATCH")
    };
    let by = Cause::Push { partner: partner_id("cpo"), request_id: None };
    let mut best = [u128::MAX; 2];
    for _ in 0..15 {
        let objects = Objects::new(Memory::new(), vec![]);
        block_on(objects.put(&location.identity(), location.clone())).expect("a store");
        let begin = Instant::now();
        for number in 0..2_000 {
            block_on(objects.patch::<Evse>(&at, patch(number))).expect("a PATCH");
        }
        best[0] = best[0].min(begin.elapsed().as_nanos() / 2_000);

        let objects = Objects::new(Memory::new(), vec![]);
        let put = Update::put(location.clone());
        let arrival = Arrival::of(&put, time("10:00:01"));
        block_on(objects.take(&location.identity(), put, arrival, &by)).expect("a PUT");
        let begin = Instant::now();
        for number in 0..2_000 {
            let update = Update::<Evse>::patch(patch(number));
            let arrival = Arrival::of(&update, update.time().expect("a time"));
            block_on(objects.take(&at, update, arrival, &by)).expect("a PATCH");
        }
        best[1] = best[1].min(begin.elapsed().as_nanos() / 2_000);
    }
    println!(
        "{} ns by the application, {} ns by a partner: {:.2}",
        best[0],
        best[1],
        best[1] as f64 / best[0] as f64
    );
}
