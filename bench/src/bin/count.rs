//! Runs one contender some times, for a tool that counts instructions: `count NAME KIND VERSION TIMES`.
//!
//! `encode NAME` writes a page, `check` checks one, and `patch` reads a PATCH and applies it to the first location, as
//! often as a page has objects.

use std::hint::black_box;

use ocpi_bench::{contenders, ours, pages};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, name, kind, version, times] = arguments.as_slice() else {
        panic!("count NAME KIND VERSION TIMES");
    };
    let times: usize = times.parse().expect("a number");
    let page = pages::page(kind, version);
    if let Some(name) = name.strip_prefix("encode ") {
        let encoders = [contenders::encoders(), ours::encoders()].concat();
        let encoder = encoders.iter().find(|it| (it.name, it.kind, it.version) == (name, kind, version));
        let encode = (encoder.expect("a contender").prepare)(&page);
        (0..times).for_each(|_| drop(black_box(encode())));
        return;
    }
    if name == "check" {
        let check = ours::check_prepared(&page);
        (0..times).for_each(|_| assert_eq!(black_box(check()), 0, "the page conforms"));
        return;
    }
    if name == "patch" {
        let location = ours::first_location(&page);
        let patch = ours::patch_in_place_prepared(&location, pages::PATCH);
        (0..times * pages::OBJECTS).for_each(|_| patch());
        return;
    }
    let all = [contenders::all(), ours::all()].concat();
    let contender = all.iter().find(|it| (it.name, it.kind, it.version) == (name, kind, version));
    let contender = contender.expect("a contender");
    (0..times).for_each(|_| drop(black_box((contender.decode)(black_box(&page)))));
}
