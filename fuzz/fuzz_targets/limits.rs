//! Reads any bytes within narrow limits: what is read keeps to them, and what does not is an error that says so.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ocpi_types::json::{self, Limits, Reading};
use ocpi_types::v2_3_0::tariffs::Tariff;

fuzz_target!(|text: &[u8]| {
    let limits = Limits::default()
        .with_bytes(2_000)
        .with_depth(5)
        .with_nodes(60)
        .with_string(40)
        .with_number(8)
        .with_exponent(3)
        .with_findings(4);
    let item = match json::read_item_within::<Tariff>(text, limits) {
        Ok(item) => item,
        Err(error) => {
            let unlimited = json::read_item_within::<Tariff>(text, Limits::trusted());
            assert!(unlimited.is_err() || error.is_limit(), "only a limit refuses what can be read: {error}");
            return;
        }
    };
    assert!(text.len() <= 2_000 && item.findings.len() <= 5);
    let value = match item.reading {
        Reading::Whole(value) => value,
        Reading::Partial(partial) => partial.into_value(),
        Reading::Unreadable(_) => return,
    };
    assert!(value.id.as_str().len() <= 40, "a string beyond the limit");
    for component in value.elements.iter().flat_map(|element| &element.price_components) {
        assert!(component.price.to_string().len() <= 8 + 4, "a number beyond the limit");
    }
});
