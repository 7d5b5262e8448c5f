//! This library's ways to read, check and write.

use std::any::Any;
use std::cell::RefCell;
use std::hint::black_box;

use ocpi_types::json::{self, Items};
use ocpi_types::{Object, Patched, Version, check, v2_2_1, v2_3_0};

use crate::contenders::{Contender, Encode, Encoder};

/// Every way to read a page, for every kind of page.
#[must_use]
pub fn all() -> Vec<Contender> {
    [
        ways::<v2_2_1::locations::Location>("locations", "2.2.1"),
        ways::<v2_3_0::locations::Location>("locations", "2.3.0"),
        ways::<v2_2_1::cdrs::Cdr>("cdrs", "2.2.1"),
        ways::<v2_3_0::cdrs::Cdr>("cdrs", "2.3.0"),
        ways::<v2_2_1::tariffs::Tariff>("tariffs", "2.2.1"),
        ways::<v2_3_0::tariffs::Tariff>("tariffs", "2.3.0"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn ways<T: Object + for<'de> serde::Deserialize<'de>>(
    kind: &'static str,
    version: &'static str,
) -> Vec<Contender> {
    let ways: [(&'static str, fn(&str) -> Box<dyn Any>); 5] = [
        ("ours, tolerant", |text| Box::new(json::read_list::<T>(text.as_bytes()).expect("a page"))),
        ("ours, strict", |text| Box::new(json::from_str::<Vec<T>>(text).expect("a page"))),
        ("ours, serde", |text| Box::new(serde_json::from_slice::<Vec<T>>(text.as_bytes()).expect("a page"))),
        ("ours, tolerant + check", |text| {
            let list = json::read_list::<T>(text.as_bytes()).expect("a page");
            let version = if T::INFO.fields.iter().any(|field| field.name == "tax_included") {
                Version::V2_3_0
            } else {
                Version::V2_2_1
            };
            let findings: usize = list.items.iter().map(|item| check(item, version).len()).sum();
            Box::new((list, findings))
        }),
        ("ours, stream", |text| {
            let mut count = 0_usize;
            for item in Items::<_, T>::new(text.as_bytes()) {
                _ = black_box(item.expect("an object"));
                count += 1;
            }
            Box::new(count)
        }),
    ];
    ways.into_iter().map(|(name, decode)| Contender { name, kind, version, decode }).collect()
}

/// Writing a page.
#[must_use]
pub fn encoders() -> Vec<Encoder> {
    [
        writing::<v2_2_1::locations::Location>("locations", "2.2.1"),
        writing::<v2_3_0::locations::Location>("locations", "2.3.0"),
        writing::<v2_2_1::cdrs::Cdr>("cdrs", "2.2.1"),
        writing::<v2_3_0::cdrs::Cdr>("cdrs", "2.3.0"),
        writing::<v2_2_1::tariffs::Tariff>("tariffs", "2.2.1"),
        writing::<v2_3_0::tariffs::Tariff>("tariffs", "2.3.0"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn writing<T: Object>(kind: &'static str, version: &'static str) -> [Encoder; 2] {
    let own: fn(&str) -> Encode = |text| {
        let items = json::read_list::<T>(text.as_bytes()).expect("a page").items;
        Box::new(move || json::list_to_vec(&items))
    };
    let serde: fn(&str) -> Encode = |text| {
        let items = json::read_list::<T>(text.as_bytes()).expect("a page").items;
        Box::new(move || serde_json::to_vec(&items).expect("JSON"))
    };
    [
        Encoder { name: "ours", kind, version, prepare: own },
        Encoder { name: "ours, serde", kind, version, prepare: serde },
    ]
}

/// The first location of a page of 2.2.1, as it is written.
///
/// # Panics
/// When it is no page of locations, or an empty one.
#[must_use]
pub fn first_location(page: &str) -> String {
    let list = json::read_list::<v2_2_1::locations::Location>(page.as_bytes()).expect("a page");
    json::to_string(list.items.first().expect("a location"))
}

/// Parses a PATCH and applies it to a Location of 2.2.1.
#[must_use]
pub fn patch_prepared(location: &str, patch: &str) -> Box<dyn Fn()> {
    let location: v2_2_1::locations::Location = json::from_str(location).expect("a location");
    let patch = patch.to_owned();
    Box::new(move || {
        let mut location = location.clone();
        location.apply(json::from_str(black_box(&patch)).expect("a patch"));
        black_box(location);
    })
}

/// As [`patch_prepared`], in place: the location is the one that was changed before.
#[must_use]
pub fn patch_in_place_prepared(location: &str, patch: &str) -> Box<dyn Fn()> {
    let location: v2_2_1::locations::Location = json::from_str(location).expect("a location");
    let location = RefCell::new(location);
    let patch = patch.to_owned();
    Box::new(move || {
        let mut location = location.borrow_mut();
        location.apply(json::from_str(black_box(&patch)).expect("a patch"));
        black_box(&*location);
    })
}

/// Checks the objects of a conformant page, read before.
#[must_use]
pub fn check_prepared(text: &str) -> Box<dyn Fn() -> usize> {
    let items = json::read_list::<v2_2_1::locations::Location>(text.as_bytes()).expect("a page").items;
    Box::new(move || items.iter().map(|item| check(black_box(item), Version::V2_2_1).len()).sum())
}
