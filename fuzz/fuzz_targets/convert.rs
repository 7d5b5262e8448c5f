//! Reads any bytes as objects of each version and converts them to each other.
//!
//! Nothing may panic. What is converted is written as JSON; what is refused leaves no trace in the ledger.

#![no_main]

use libfuzzer_sys::fuzz_target;
use ocpi_types::convert::{AnyVersion, Context, Kind, Ledger, kind};
use ocpi_types::protocol::Party;
use ocpi_types::{Role, Version};

fuzz_target!(|text: &[u8]| {
    converts::<kind::Location>(text);
    converts::<kind::LocationPatch>(text);
    converts::<kind::Session>(text);
    converts::<kind::SessionPatch>(text);
    converts::<kind::Cdr>(text);
    converts::<kind::Tariff>(text);
    converts::<kind::TariffPatch>(text);
    converts::<kind::Token>(text);
    converts::<kind::Credentials>(text);
    converts::<kind::VersionDetails>(text);
});

fn converts<K: Kind>(text: &[u8]) {
    let context = Context {
        cpo: Party::new("NL", "ALF").ok(),
        emsp: Party::new("DE", "MSP").ok(),
        role: Some(Role::Cpo),
        ..Context::default()
    };
    for from in Version::ALL {
        let Ok(read) = AnyVersion::<K>::read(*from, text) else { continue };
        for to in Version::SPOKEN {
            let mut ledger = Ledger::new();
            match read.value.clone().convert(*to, &context, &mut ledger) {
                Ok(converted) => {
                    let written = converted.to_vec();
                    serde_json::from_slice::<&serde_json::value::RawValue>(&written)
                        .expect("what is written is JSON");
                    for entry in ledger.entries() {
                        serde_json::from_str::<&serde_json::value::RawValue>(entry.value())
                            .expect("what is told is JSON");
                    }
                }
                Err(refused) => {
                    assert!(ledger.is_empty(), "{refused}");
                }
            }
        }
    }
}
