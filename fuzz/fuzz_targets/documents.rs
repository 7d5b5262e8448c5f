//! Reads any bytes as a document of tariffs, CDRs and locations: in one go and piece by piece.
//!
//! Nothing may panic. Pieces must give what the whole gives. What was read is written as JSON, and reading that again
//! gives the same, without a finding of the reader's own making.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ocpi_types::json::{self, Decoder, Item, Progress, Reading};
use ocpi_types::{Priceable, Value, Version, check, v2_1_1, v2_2_1, v2_3_0};

fuzz_target!(|text: &[u8]| {
    documents::<v2_1_1::locations::Location>(text);
    documents::<v2_2_1::cdrs::Cdr>(text);
    for item in documents::<v2_3_0::tariffs::Tariff>(text) {
        if let Reading::Whole(tariff) = item.reading {
            let _ = tariff.obstacles();
        }
    }
});

fn documents<T: Value>(text: &[u8]) -> Vec<Item<T>> {
    let (whole, failed) = pieces::<T>(text, text.len().max(1));
    for size in [1, 13] {
        let (items, error) = pieces::<T>(text, size);
        assert!(items == whole && error == failed, "pieces of {size} give something else");
    }
    if let Ok(document) = json::read_document::<T>(text) {
        let list = document.list;
        let count = list.items.len() + list.partial.len() + list.rejected.len();
        // The status of a failure may stand behind its data: who reads the whole knows in time.
        assert_eq!(count, if document.head.is_failure() { 0 } else { whole.len() });
    }
    for item in &whole {
        let written = match &item.reading {
            Reading::Whole(value) => {
                let _ = check(value, Version::V2_2_1);
                json::to_vec(value)
            }
            Reading::Partial(partial) => {
                assert!(!partial.missing().is_empty(), "it is partial for something");
                partial.to_vec()
            }
            Reading::Unreadable(raw) => raw.as_str().as_bytes().to_vec(),
        };
        serde_json::from_slice::<&serde_json::value::RawValue>(&written).expect("what is written is JSON");
        if let Reading::Whole(value) = &item.reading {
            let again = json::read::<T>(&written).expect("what is written can be read").value;
            assert!(json::to_vec(&again) == json::to_vec(value), "it comes back otherwise");
        }
    }
    whole
}

fn pieces<T: Value>(text: &[u8], size: usize) -> (Vec<Item<T>>, Option<json::Error>) {
    let mut decoder = Decoder::<T>::new();
    let mut items = Vec::new();
    let mut chunks = text.chunks(size);
    loop {
        match decoder.next() {
            Ok(Progress::Item(item)) => items.push(item),
            Ok(Progress::Done) => return (items, None),
            Ok(Progress::NeedsMore) => match chunks.next() {
                Some(chunk) => decoder.push(chunk),
                None => decoder.finish(),
            },
            Err(error) => return (items, Some(error)),
        }
    }
}
