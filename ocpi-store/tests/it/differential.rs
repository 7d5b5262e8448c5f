//! The same by chance on a file and on the model.

mod both;
mod plan;

use ocpi_server_traits::storage::Memory;

use self::both::Both;
use super::support::{Chance, Place, stepped};

#[test]
fn single_writes_leave_what_they_leave_in_memory() {
    for seed in 0..4 {
        let (mut both, _place) = pair(seed);
        for _ in 0..150 {
            both.write();
            both.read();
            both.moved();
            both.page();
            both.page();
            both.crawl();
            both.feed();
            both.purge();
        }
    }
}

#[test]
fn groups_of_writes_leave_what_single_ones_leave_in_memory() {
    for seed in 10..14 {
        let (mut both, _place) = pair(seed);
        both.group();
        for _ in 0..60 {
            both.write_together();
            for _ in 0..4 {
                both.page();
                both.crawl();
            }
            both.follow();
        }
    }
}

fn pair(seed: u64) -> (Both<Chance>, Place) {
    let (clock, hand) = stepped();
    let place = Place::new();
    let sqlite = place.builder().clock(clock.clone()).open().unwrap();
    (Both::new(Chance(seed), hand, Memory::with_clock(clock), sqlite), place)
}
