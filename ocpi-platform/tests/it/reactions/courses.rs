//! Courses of writes, failures, cuts and changes of nodes, by a seed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ocpi_platform::Reaction;
use ocpi_testkit::tariff_json;
use ocpi_types::endpoint::{Owned, RootResource, TariffKey};
use ocpi_types::v2_3_0::tariffs::Tariff;
use pollster::block_on;

use super::{node, tariff};

/// Numbers by a seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// Whatever is written, deleted, fails, is cut off or changes nodes: in the end the handlers have heard of the newest state of
/// each object.
#[test]
fn the_newest_state_is_always_heard() {
    for seed in 0..120 {
        course(seed);
    }
}

fn course(seed: u64) {
    let (mut chance, node) = (Chance(seed), node());
    let other = node.again();
    let heard = Arc::new(Mutex::new(BTreeMap::<String, Option<Tariff>>::new()));
    let failing = Arc::new(Mutex::new(0));
    for side in [&node.side, &other] {
        let (heard, failing, timer) = (Arc::clone(&heard), Arc::clone(&failing), node.time.timer());
        side.platform.react_with::<Tariff, _>(
            "copy",
            Reaction::default().batch(3).tries(50),
            move |change| {
                let (heard, failing, timer) = (Arc::clone(&heard), Arc::clone(&failing), timer.clone());
                async move {
                    timer.wait(Duration::from_millis(700)).await;
                    let mut failing = failing.lock().expect("no panic");
                    if *failing > 0 {
                        *failing -= 1;
                        return Err("not now".into());
                    }
                    let key = change.at.key.tariff_id.as_str().to_ascii_lowercase();
                    heard.lock().expect("no panic").insert(key, change.now);
                    Ok(())
                }
            },
        );
    }
    let objects = node.side.platform.objects();
    for step in 0..40_u64 {
        let id = format!("T{}", chance.below(6));
        let at = Owned { key: TariffKey { tariff_id: id.parse().expect("an id") }, ..tariff("A").identity() };
        match chance.below(10) {
            0..4 => {
                let json = tariff_json("NL/ALF", &id, "10:00:00")
                    .replace("10:00:00", &format!("10:{step:02}:00"))
                    .replace("0.45", &format!("0.{}", 100 + step));
                node.side.put::<Tariff>(&json);
            }
            4 => drop(block_on(objects.delete::<Tariff>(&at)).expect("a store")),
            5 => *failing.lock().expect("no panic") = chance.below(4),
            6 => node.time.advance(Duration::from_secs(chance.below(20))),
            7 => {
                // A process that is cut off in the middle.
                let cut = Duration::from_millis(100 * (1 + chance.below(40)));
                let timer = node.time.timer();
                let run = timer.within(cut, node.side.platform.reactions_due());
                drop(node.time.run(run).expect("it does not hang"));
            }
            _ => {
                let side = if chance.below(2) == 0 { &node.side } else { &other };
                node.run(&side.platform);
            }
        }
    }
    *failing.lock().expect("no panic") = 0;
    for round in 0..30 {
        node.time.advance(Duration::from_secs(400));
        let side = if round % 2 == 0 { &node.side } else { &other };
        node.run(&side.platform);
    }
    let heard = heard.lock().expect("no panic");
    for tariff in node.side.all::<Tariff>() {
        let key = tariff.id.as_str().to_ascii_lowercase();
        assert_eq!(heard.get(&key), Some(&Some(tariff)), "seed {seed}, {key}");
    }
    for (key, state) in heard.iter().filter(|(_, state)| state.is_some()) {
        let known = node.side.all::<Tariff>();
        assert!(known.iter().any(|tariff| Some(tariff) == state.as_ref()), "seed {seed}: {key} is gone");
    }
}
