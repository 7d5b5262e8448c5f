//! Runs one contender some times, for a tool that counts instructions: `count NAME KIND VERSION TIMES`.
//!
//! `encode NAME` writes a page, `check` checks one, and `patch` reads a PATCH and applies it to the first location, as
//! often as a page has objects: `patch clone` to a clone of it, `patch ocpi-kit` with that library. `dirty NAME` reads a
//! page in which every object deviates. `client NAME` goes from the body of an answer to locations of 2.3.0, `serve NAME`
//! from these to an answer in 2.2.1. `audit NAME` goes from text to an audited result: of kind `cdrs` as many CDRs of
//! eight periods as a page has objects, of kind `long` one of some thousand periods. `odd LENGTH` reads an EVSE with so
//! many values of a kind where texts are due.

use std::hint::black_box;

use bytes::Bytes;
use ocpi_bench::contenders::{self, kit_patch_prepared};
use ocpi_bench::{client, data, ours, pages, pricing};
use ocpi_pricing::audit::Audit;
use ocpi_types::json;
use ocpi_types::v2_3_0::locations::Evse;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, name, kind, version, times] = arguments.as_slice() else {
        panic!("count NAME KIND VERSION TIMES");
    };
    let times: usize = times.parse().expect("a number");
    let run = prepared(name, kind, version, times);
    (0..times).for_each(|_| run());
}

/// The contender, ready to be run so many times.
fn prepared(name: &str, kind: &str, version: &str, times: usize) -> Box<dyn Fn()> {
    if let Some(length) = name.strip_prefix("odd ") {
        return odd(kind, length.parse().expect("a number"));
    }
    if let Some(name) = name.strip_prefix("audit ") {
        return audit(name, kind);
    }
    let page = pages::page(kind, version);
    if let Some(name) = name.strip_prefix("encode ") {
        let encoders = [contenders::encoders(), ours::encoders()].concat();
        let encoder = encoders.iter().find(|it| (it.name, it.kind, it.version) == (name, kind, version));
        let encode = (encoder.expect("a contender").prepare)(&page);
        return Box::new(move || drop(black_box(encode())));
    }
    if let Some(name) = name.strip_prefix("patch") {
        return patch(name, &page);
    }
    if let Some(name) = name.strip_prefix("client ") {
        let read: fn(&Bytes) -> Box<dyn std::any::Any> = match (name, version) {
            ("ours", "2.3.0") => client::own,
            ("ours", _) => client::own_from_2_2_1,
            (_, "2.3.0") => client::kit,
            _ => client::kit_from_2_2_1,
        };
        let body = client::body(&page);
        return Box::new(move || drop(black_box(read(black_box(&body)))));
    }
    match name {
        "serve ours" => {
            let serve = client::own_serving_2_2_1(&page, times);
            Box::new(move || drop(black_box(serve())))
        }
        "serve ocpi-kit" => {
            let serve = client::kit_serving_2_2_1(&page);
            Box::new(move || drop(black_box(serve())))
        }
        "check" => {
            let check = ours::check_prepared(&page);
            Box::new(move || assert_eq!(black_box(check()), 0, "the page conforms"))
        }
        _ => {
            let (name, page) = match name.strip_prefix("dirty ") {
                Some(name) => (name, data::dirty(&page)),
                None => (name, page),
            };
            let all = [contenders::all(), ours::all()].concat();
            let contender = all.iter().find(|it| (it.name, it.kind, it.version) == (name, kind, version));
            let decode = contender.expect("a contender").decode;
            Box::new(move || drop(black_box(decode(black_box(&page)))))
        }
    }
}

fn patch(name: &str, page: &str) -> Box<dyn Fn()> {
    let location = ours::first_location(page);
    let patch = match name {
        "" => ours::patch_in_place_prepared(&location, pages::PATCH),
        " clone" => ours::patch_prepared(&location, pages::PATCH),
        _ => kit_patch_prepared(&location, pages::PATCH),
    };
    Box::new(move || (0..pages::OBJECTS).for_each(|_| patch()))
}

fn audit(name: &str, kind: &str) -> Box<dyn Fn()> {
    let (cdrs, count) = match kind {
        "long" => (vec![pricing::long()], 1),
        _ => (pricing::of_eight_periods(), pages::OBJECTS),
    };
    if name == "ours" {
        let audit = Audit::new().in_zone(pricing::ZONE.parse().expect("a zone"));
        let texts: Vec<String> = cdrs.iter().map(json::to_string).collect();
        return Box::new(move || {
            texts.iter().cycle().take(count).for_each(|text| _ = black_box(pricing::own(&audit, text)));
        });
    }
    let texts: Vec<String> = cdrs.iter().map(pricing::as_2_3_0).collect();
    Box::new(move || texts.iter().cycle().take(count).for_each(|text| _ = black_box(pricing::kit(text))))
}

/// Reads a list of values that are no texts, where values of enums and ids are due.
fn odd(value: &str, length: usize) -> Box<dyn Fn()> {
    let list = vec![value; length].join(",");
    let body = format!(r#"{{"capabilities": [{list}], "connectors": [{{"tariff_ids": [{list}]}}]}}"#);
    Box::new(move || drop(black_box(json::read::<Evse>(black_box(body.as_bytes())))))
}
