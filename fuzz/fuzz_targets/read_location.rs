//! Reads any bytes as a location, and as a list of locations.
//!
//! Nothing may panic. What the strict reader takes must come back the same after writing; serde and the tolerant
//! reader must see the same in it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::{Version, check, json};
use serde_json::value::RawValue;

fuzz_target!(|text: &[u8]| {
    let tolerant = json::read::<Location>(text);
    let _ = json::read_list::<Location>(text);
    let strict = json::from_slice::<Location>(text);
    agrees_with_serde(text, strict.as_ref().ok());
    let Ok(location) = strict else { return };

    let tolerant = tolerant.expect("the tolerant reader takes what the strict one takes").value;
    assert_same(&tolerant, &location);
    comes_back_the_same(&location);
    for version in Version::ALL {
        let _ = check(&location, *version);
    }
});

/// serde_json's way in gives what the strict reader gives, and refuses what that refuses. The one difference
/// allowed: serde_json also refuses texts that it does not take for JSON, such as those with a byte order mark.
fn agrees_with_serde(text: &[u8], strict: Option<&Location>) {
    match (serde_json::from_slice::<Location>(text), strict) {
        (Ok(by_serde), Some(strict)) => assert_same(&by_serde, strict),
        (Ok(_), None) => panic!("serde takes what the strict reader refuses"),
        (Err(error), Some(_)) => {
            assert!(serde_json::from_slice::<&RawValue>(text).is_err(), "serde refuses a location: {error}");
        }
        (Err(_), None) => {}
    }
}

fn comes_back_the_same(location: &Location) {
    let written = json::to_vec(location);
    let again: Location = json::from_slice(&written).expect("what was written can be read");
    assert_same(&again, location);
}

/// Equal as values, and in every byte when written: ids of another case are equal, but not the same.
fn assert_same(left: &Location, right: &Location) {
    assert_eq!(left, right);
    assert_eq!(json::to_string(left), json::to_string(right));
}
