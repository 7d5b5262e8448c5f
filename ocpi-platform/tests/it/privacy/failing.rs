//! Erasures that fail or that a guard refuses, and the others, which they do not hold up.

use std::time::Duration;

use ocpi_platform::{Driver, ErasureScope, Retention, WaitsFor};
use ocpi_server_traits::Error as Refused;
use ocpi_server_traits::storage::Address;
use ocpi_testkit::{session_json, token_json};
use ocpi_types::v2_3_0::tokens::Token;
use pollster::block_on;

use super::World;

const EMSP: &[(&str, &str, &str)] = &[("EMSP", "DE", "EMP")];
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl World {
    /// Stores a Token of ours and a Session of it.
    fn driver(&self, uid: &str) -> [Address; 2] {
        let session = session_json("NL/ALF", uid, "10:00:00").replace("04A2", uid);
        let key = format!("{}/rfid", uid.to_lowercase());
        [
            self.object("Token", "DE/EMP", &key, &token_json("DE/EMP", uid, "10:00:00")),
            self.object("Session", "NL/ALF", &uid.to_lowercase(), &session),
        ]
    }

    /// A partner that has not been told of anything.
    fn partner_behind(&self) {
        self.silent("PushCursor", "", "cpo", r#"{"position": 0, "clean": 0}"#);
    }

    fn pass(&self) -> u64 {
        self.time.advance(Duration::from_secs(61));
        self.time.run(self.platform.tick()).expect("no hang").expect("a tick").forgotten
    }
}

/// Lets a guard refuse that the Token of this `uid` becomes not valid.
fn refuse(world: &World, uid: &'static str, refusal: fn() -> Refused) {
    world.platform.guard::<Token>(move |step| {
        let is_meant = |token: &&Token| !token.valid && token.uid.as_str() == uid;
        step.after.filter(is_meant).map_or(Ok(()), |_| Err(refusal()))
    });
}

#[test]
fn a_guard_that_refuses_holds_up_the_token_only() {
    let world = World::in_memory(EMSP);
    world.partner_behind();
    refuse(&world, "AAAA", || Refused::conflict("no"));
    let [token, session] = world.driver("AAAA");
    let report = block_on(world.platform.driver(Driver::token("AAAA")).erase(ErasureScope::KeepCdrs))
        .expect("a store");
    let waits: Vec<_> = report.postponed.iter().map(|it| (&it.at, it.reason)).collect();
    assert_eq!(waits, [(&token, WaitsFor::Guard)]);
    assert!(world.body(&token).is_some() && world.body(&session).is_none());
    world.pass();
    assert!(world.body(&token).is_some());
    // Nothing is waited for any more.
    world.time.advance(7 * DAY);
    world.pass();
    assert!(world.is_gone(&token));
}

#[test]
fn an_erasure_that_fails_holds_up_no_other() {
    let world = World::in_memory(EMSP);
    world.partner_behind();
    refuse(&world, "AAAA", || Refused::internal("the rules are not there"));
    let [token, session] = world.driver("AAAA");
    // Those whose key is lost.
    for number in 0..25 {
        world.silent("Erasure", "", &format!("lost{number}"), "sealed ???");
    }
    let erase = |uid: &str| block_on(world.platform.driver(Driver::token(uid)).erase(ErasureScope::KeepCdrs));
    assert!(erase("AAAA").is_err_and(|error| error.to_string().contains("rules")));
    assert!(world.body(&token).is_some() && world.body(&session).is_none());
    let [other, _] = world.driver("BBBB");
    assert!(!erase("BBBB").expect("a store").is_done());
    // Partners have been told of all, and something is too old.
    world.silent("PushCursor", "", "cpo", r#"{"position": 1000000, "clean": 0}"#);
    let [_, old] = world.driver("CCCC");
    world.platform.retain(Retention::default().sessions(Duration::from_secs(60)));
    assert_eq!(world.pass(), 2);
    assert!(world.is_gone(&other) && world.body(&old).is_none() && world.body(&token).is_some());
}
