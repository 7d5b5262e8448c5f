//! Conversions between versions: laws that hold for every object, and the hard places one by one.

#[cfg(feature = "proptest")]
mod commute;
mod edition_2_2;
#[cfg(feature = "proptest")]
mod laws;
#[cfg(feature = "proptest")]
mod leaves;
mod locations;
mod money;
mod owners;
mod parties;
mod patches;
mod prices;
mod sessions;
mod tariffs;
mod unwritten;

use ocpi_types::convert::{Context, ConversionError, Kind, Ledger, SpecVersion, convert};
use ocpi_types::protocol::Party;
use ocpi_types::{Role, Value, json};

/// The parties of a connection of 2.1.1.
fn context() -> Context<'static> {
    Context {
        cpo: Some(Party::new("NL", "ALF").expect("a party")),
        emsp: Some(Party::new("DE", "MSP").expect("a party")),
        role: Some(Role::Cpo),
        ..Context::default()
    }
}

/// Reads as a tolerant reader does: a member that it cannot read is kept as text.
fn read<T: Value>(text: &str) -> T {
    json::read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}")).value
}

/// Converts a document; returns the result, and the places and rules of the ledger.
fn converted<K: Kind, From: SpecVersion, To: SpecVersion>(text: &str) -> (To::Of<K>, Vec<String>) {
    let mut ledger = Ledger::new();
    let value = convert::<K, From, To>(read(text), &context(), &mut ledger)
        .unwrap_or_else(|refused| panic!("{refused}: {text}"));
    (value, told(&ledger))
}

/// Returns the refusal of a document.
fn refusal<K: Kind, From: SpecVersion, To: SpecVersion>(text: &str) -> ConversionError {
    let mut ledger = Ledger::new();
    let refused = convert::<K, From, To>(read(text), &context(), &mut ledger).expect_err("it is refused");
    assert!(ledger.is_empty(), "nothing was converted, so nothing is told: {ledger:?}");
    refused
}

fn told(ledger: &Ledger) -> Vec<String> {
    ledger.entries().iter().map(|entry| format!("{} {}", entry.pointer(), entry.rule.id())).collect()
}
