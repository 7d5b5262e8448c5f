//! Laws of every object and every conversion.
//!
//! `OCPI_CASES` sets how many objects of each kind are tried, by each profile.

use std::any::TypeId;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use ocpi_types::convert::{
    Absent, AnyVersion, Context, ConversionRule, Effect, Kind, Ledger, Lookup, PriceChanges, SpecVersion,
    V2_1_1, V2_2_1, V2_3_0, convert, kind,
};
use ocpi_types::protocol::Party;
use ocpi_types::v2_2_1::locations::Location;
use ocpi_types::v2_2_1::sessions::Session;
use ocpi_types::v2_2_1::tokens::Token;
use ocpi_types::{Rule, Ruleset, Value, Version, check_ruleset, json, strategies};
use proptest::prelude::any;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

use super::leaves::unfound_leaf;
use crate::cases::cases;

/// Rules of ledgers and of refusals, by kind and step of the conversions; and the breaches of the laws.
#[derive(Default)]
struct Table {
    said: BTreeMap<(&'static str, &'static str, &'static str), Said>,
    broken: Vec<String>,
}

#[derive(Default)]
struct Said {
    told: BTreeSet<&'static str>,
    refused: BTreeSet<&'static str>,
}

pub(super) fn config() -> Config {
    Config { cases: cases(5), rng_seed: RngSeed::Fixed(2026), failure_persistence: None, ..Config::default() }
}

macro_rules! each_kind {
    ($test:ident $table:ident: $($kind:ident)+) => { $($test::<kind::$kind>(&mut $table);)+ };
}

/// Every object keeps its values, comes back from above as it was, and conforms below. The rules that are told on the
/// way are in the table, by which users can filter: a kind, the versions, the number of rules, the rules of its ledger,
/// and behind `!` those of refusals. `OCPI_CASES=300` with `OCPI_TABLE=path` rewrites the table.
#[test]
fn conversions_hold_what_they_promise() {
    let mut table = Table::default();
    ocpi_types::for_each_kind!(each_kind, holds table:);
    sessions_embed_what_is_found(&mut table);
    assert!(table.broken.is_empty(), "{}", table.broken.join("\n\n"));
    if let Ok(path) = std::env::var("OCPI_TABLE") {
        std::fs::write(path, table.written()).expect("the table can be written");
        return;
    }
    let known = Table::read(include_str!("table.txt"));
    for (conversion, said) in &table.said {
        let known = known.get(&format!("{} {} {}", conversion.0, conversion.1, conversion.2));
        let known = known.unwrap_or_else(|| panic!("{conversion:?} is not in the table"));
        assert!(said.told.iter().all(|rule| known.0.contains(rule)), "{conversion:?} tells {:?}", said.told);
        assert!(
            said.refused.iter().all(|rule| known.1.contains(rule)),
            "{conversion:?} refuses {:?}",
            said.refused
        );
    }
    assert_eq!(table.said.len(), known.len(), "the table has what is no conversion");
}

/// Each rule is one that some conversion tells or refuses by; few are too rare to be met by chance, and have a test.
#[test]
fn every_rule_is_told_by_some_conversion() {
    let by_chance = include_str!("table.txt");
    let tests = [
        include_str!("locations.rs"),
        include_str!("money.rs"),
        include_str!("owners.rs"),
        include_str!("prices.rs"),
        include_str!("unwritten.rs"),
        include_str!("parties.rs"),
        include_str!("patches.rs"),
        include_str!("sessions.rs"),
        include_str!("tariffs.rs"),
    ];
    for rule in ConversionRule::ALL {
        let (id, name) = (rule.id(), format!("ConversionRule::{rule:?}"));
        let is_met =
            by_chance.contains(id) || tests.iter().any(|test| test.contains(id) || test.contains(&name));
        assert!(is_met, "{id} is told by no conversion");
    }
}

impl Table {
    fn written(&self) -> String {
        let list = |rules: &BTreeSet<&str>| rules.iter().map(|rule| format!(" {rule}")).collect::<String>();
        let line = |((kind, from, to), said): (&(&str, &str, &str), &Said)| {
            let refused =
                if said.refused.is_empty() { String::new() } else { format!(" !{}", list(&said.refused)) };
            let count = said.told.union(&said.refused).count();
            format!("{kind} {from} {to}: {count}{}{refused}\n", list(&said.told))
        };
        self.said.iter().map(line).collect()
    }

    /// The rules that are told, and those of refusals, by conversion.
    fn read(text: &str) -> BTreeMap<String, (BTreeSet<&str>, BTreeSet<&str>)> {
        text.lines()
            .filter_map(|line| {
                let (conversion, rules) = line.split_once(':')?;
                let (told, refused) = rules.split_once('!').unwrap_or((rules, ""));
                let told = told.split_whitespace().skip(1).collect();
                Some((conversion.to_owned(), (told, refused.split_whitespace().collect())))
            })
            .collect()
    }
}

/// The laws of a kind: to make a value costs more than to try them, so each value is tried by all.
fn holds<K: Kind>(table: &mut Table) {
    let said = RefCell::new(&mut table.said);
    let place = Cell::new(0);
    let laws = [
        each::<K, V2_1_1>(|value, context| {
            stepped::<K, V2_1_1, V2_2_1>(value.clone(), context, &mut said.borrow_mut())?;
            comes_back::<K, V2_1_1, V2_2_1>(value.clone(), context)?;
            comes_back::<K, V2_1_1, V2_3_0>(value.clone(), context)?;
            converts_or_is_refused::<K, V2_1_1>(&value, context, &place)
        }),
        each::<K, V2_2_1>(|value, context| {
            stepped::<K, V2_2_1, V2_3_0>(value.clone(), context, &mut said.borrow_mut())?;
            stepped::<K, V2_2_1, V2_1_1>(value.clone(), context, &mut said.borrow_mut())?;
            comes_back::<K, V2_2_1, V2_3_0>(value.clone(), context)?;
            converts_or_is_refused::<K, V2_2_1>(&value, context, &place)
        }),
        each::<K, V2_3_0>(|value, context| {
            stepped::<K, V2_3_0, V2_2_1>(value.clone(), context, &mut said.borrow_mut())?;
            conforms_two_steps_down::<K>(value.clone(), context)?;
            converts_or_is_refused::<K, V2_3_0>(&value, context, &place)
        }),
    ];
    table.broken.extend(laws.into_iter().filter_map(Result::err));
}

fn exists<K: Kind, R: SpecVersion>() -> bool {
    TypeId::of::<R::Of<K>>() != TypeId::of::<Absent>()
}

/// The profiles by which objects of a version are made.
fn profiles(version: Version) -> Vec<&'static Ruleset> {
    match version {
        Version::V2_3_0 => vec![&Ruleset::V2_3_0, &Ruleset::V2_3_0_PAYMENTS, &Ruleset::V2_3_0_BOOKINGS],
        version => vec![Ruleset::of(version)],
    }
}

fn each<K: Kind, R: SpecVersion>(
    law: impl Fn(R::Of<K>, &Context<'_>) -> Result<(), String>,
) -> Result<(), String> {
    if !exists::<K, R>() {
        return Ok(());
    }
    let token = strategies::any_conformant::<Token>(&Ruleset::V2_2_1);
    for profile in profiles(R::VERSION) {
        let values = (strategies::any_conformant::<R::Of<K>>(profile), token.clone(), any::<bool>());
        let outcome = TestRunner::new(config()).run(&values, |(value, token, is_extended)| {
            let value = if is_extended { with_unknown_members(&value) } else { value };
            let text = json::to_string(&value);
            let context =
                Context { token: Some(&token), price_changes: PriceChanges::LeaveOut, ..super::context() };
            law(value, &context).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))
        });
        outcome.map_err(|error| format!("{} of {}: {error}", K::NAME, profile.name()))?;
    }
    Ok(())
}

/// The same with a member in every object that no version has.
fn with_unknown_members<T: Value>(value: &T) -> T {
    fn extend(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(members) => {
                members.values_mut().for_each(extend);
                members.insert("x_unknown".to_owned(), serde_json::json!({"kept": [1.5, null]}));
            }
            serde_json::Value::Array(elements) => elements.iter_mut().for_each(extend),
            _ => {}
        }
    }
    let mut document = serde_json::from_str(&json::to_string(value)).expect("it was written");
    extend(&mut document);
    json::from_str(&document.to_string()).expect("unknown members are read")
}

/// One step: every leaf is in the result or in the ledger, and the result below conforms.
fn stepped<K: Kind, From: SpecVersion, To: SpecVersion>(
    value: From::Of<K>,
    context: &Context<'_>,
    said: &mut BTreeMap<(&'static str, &'static str, &'static str), Said>,
) -> Result<(), String> {
    let mut ledger = Ledger::new();
    let text = json::to_string(&value);
    let result = convert::<K, From, To>(value, context, &mut ledger);
    let said = said.entry((K::NAME, From::VERSION.as_str(), To::VERSION.as_str())).or_default();
    let result = match result {
        Ok(result) => result,
        Err(refused) => {
            said.refused.insert(refused.rule().id());
            return Ok(());
        }
    };
    said.told.extend(ledger.entries().iter().map(|entry| entry.rule.id()));
    let result_text = json::to_string(&result);
    if let Some(leaf) = unfound_leaf(&text, &result_text, &ledger) {
        return Err(format!("to {}: {leaf} is lost silently: {result_text}", To::VERSION));
    }
    // A value that the newer version does not have any more is kept, and told.
    let is_kept = ledger.with_effect(Effect::Kept).next().is_some();
    if To::VERSION < From::VERSION || !is_kept { conforms(&result, To::VERSION) } else { Ok(()) }
}

/// Finds one Location, whatever is asked for.
struct One(Location);

impl Lookup for One {
    fn location(&self, _: &Party, _: &str) -> Option<Location> {
        Some(self.0.clone())
    }
}

/// Sessions of ids have a counterpart in 2.1.1 if their Location is found.
fn sessions_embed_what_is_found(table: &mut Table) {
    let locations = strategies::any_conformant::<Location>(&Ruleset::V2_2_1);
    let sessions = strategies::any_conformant::<Session>(&Ruleset::V2_2_1);
    let said = RefCell::new(&mut table.said);
    let outcome = TestRunner::new(config()).run(&(sessions, locations), |(mut session, location)| {
        let (evse, connector) =
            (location.evses.first(), location.evses.first().map(|evse| &evse.connectors[0]));
        let not_available = "#NA".parse().expect("an id");
        session.location_id = location.id.clone();
        session.evse_uid = evse.map_or(not_available, |evse| evse.uid.clone());
        session.connector_id =
            connector.map_or("#NA".parse().expect("an id"), |connector| connector.id.clone());
        let found = One(location);
        let context = Context { lookup: Some(&found), ..super::context() };
        stepped::<kind::Session, V2_2_1, V2_1_1>(session, &context, &mut said.borrow_mut())
            .map_err(TestCaseError::fail)
    });
    table.broken.extend(outcome.err().map(|error| error.to_string()));
}

fn conforms<T: Value>(result: &T, version: Version) -> Result<(), String> {
    let error = check_ruleset(result, Ruleset::of(version)).into_iter().find(|finding| {
        finding.is_error()
            // Amounts that go the one way without VAT and the other with it are one way or the other no credit.
            && finding.rule != Rule::CreditSign
            // 2.1.1 takes it that a place is not always open, and does not say when it is.
            && finding.rule != Rule::HoursMissing
            // A place without a postal code has none in 2.1.1 either, which asks for one.
            && !(finding.rule == Rule::EmptyText && finding.pointer.ends_with("/postal_code"))
    });
    error.map_or(Ok(()), |error| Err(format!("{error}: {}", json::to_string(result))))
}

/// Up, written, read, and down again.
fn comes_back<K: Kind, Low: SpecVersion, High: SpecVersion>(
    value: Low::Of<K>,
    context: &Context<'_>,
) -> Result<(), String> {
    if !exists::<K, High>() {
        return Ok(());
    }
    let mut ledger = Ledger::new();
    let up = convert::<K, Low, High>(value.clone(), context, &mut ledger);
    let up = match up {
        // Nobody knows where that is.
        Err(refused) if refused.rule() == ConversionRule::TimeZoneUnknown => return Ok(()),
        up => up.map_err(|refused| format!("up: {refused}"))?,
    };
    let has_new_zone = ledger.entries().iter().any(|entry| entry.rule == ConversionRule::TimeZoneAssumed);
    let text = json::to_string(&up);
    let read = json::read::<High::Of<K>>(text.as_bytes()).map_err(|error| format!("{error}: {text}"))?.value;
    // In a PATCH, `type` beside a `parking_type` of null is read as the same member twice.
    let read = (!K::NAME.ends_with("Patch")).then_some(read);
    let value = normal(&value);
    for up in [Some(up), read].into_iter().flatten() {
        let back = convert::<K, High, Low>(up, context, &mut Ledger::new());
        let back = back.map_err(|refused| format!("down: {refused}: {text}"))?;
        let back = if has_new_zone { without_zone(&back) } else { back };
        if normal(&back) != value {
            return Err(format!("came back as {}: {text}", json::to_string(&back)));
        }
    }
    Ok(())
}

/// The value without its time zone: one that was filled in on the way up is like any other on the way down.
fn without_zone<T: Value>(value: &T) -> T {
    let mut document: serde_json::Value =
        serde_json::from_str(&json::to_string(value)).expect("it was written");
    document.as_object_mut().expect("an object").remove("time_zone");
    json::from_str(&document.to_string()).expect("it was written")
}

/// The value without a needless `twentyfourseven`: 2.1.1 wants it or regular hours; a value with both says the same
/// twice.
fn normal<T: Value>(value: &T) -> T {
    let text = json::to_string(value).replace(r#","twentyfourseven":false"#, "");
    json::from_str(&text).expect("it was written")
}

/// From the newest to the oldest, every object that is not refused conforms.
fn conforms_two_steps_down<K: Kind>(
    value: <V2_3_0 as SpecVersion>::Of<K>,
    context: &Context<'_>,
) -> Result<(), String> {
    if !exists::<K, V2_1_1>() {
        return Ok(());
    }
    match convert::<K, V2_3_0, V2_1_1>(value, context, &mut Ledger::new()) {
        Ok(result) => conforms(&result, Version::V2_1_1),
        Err(_) => Ok(()),
    }
}

/// Whatever a partner sends, in part or wrong, is converted or refused, in every direction; and the result of a
/// conversion is an object that can be read.
fn converts_or_is_refused<K: Kind, From: SpecVersion>(
    value: &From::Of<K>,
    context: &Context<'_>,
    place: &Cell<usize>,
) -> Result<(), String> {
    let mut document: serde_json::Value =
        serde_json::from_str(&json::to_string(value)).expect("it was written");
    // Another leaf in each case, and another deviation.
    place.set(place.get() + 1);
    spoil(&mut document, &mut (place.get() % 29), place.get() % 7);
    let text = document.to_string();
    let value =
        match json::read_item::<From::Of<K>>(text.as_bytes()).map_err(|error| error.to_string())?.reading {
            json::Reading::Whole(value) => value,
            json::Reading::Partial(partial) => partial.into_value(),
            json::Reading::Unreadable(_) => return Ok(()),
        };
    for to in Version::SPOKEN {
        let any = From::wrap::<K>(value.clone());
        let Ok(converted) = any.convert(*to, context, &mut Ledger::new()) else { continue };
        let written = converted.to_vec();
        let read = AnyVersion::<K>::read(*to, &written);
        // An incomplete object may still be so where nothing had to be done.
        if *to != From::VERSION && read.is_err() {
            return Err(format!("{} cannot be read", String::from_utf8_lossy(&written)));
        }
    }
    Ok(())
}

/// Puts something else in the place of one leaf, or takes it away.
fn spoil(value: &mut serde_json::Value, leaves: &mut usize, how: usize) {
    match value {
        serde_json::Value::Object(members) => {
            for member in members.values_mut() {
                spoil(member, leaves, how);
            }
            members.retain(|_, value| value != "taken away");
        }
        serde_json::Value::Array(elements) => {
            for element in elements.iter_mut() {
                spoil(element, leaves, how);
            }
        }
        leaf if *leaves == 0 => {
            *leaves = usize::MAX;
            *leaf = match how {
                0 => serde_json::json!("taken away"),
                1 => serde_json::Value::Null,
                2 => serde_json::json!(i64::MAX),
                3 => serde_json::json!("\u{e9}".repeat(300)),
                4 => serde_json::json!([[], {}]),
                5 => serde_json::json!({"0": "#NA"}),
                _ => serde_json::json!(-0.00001),
            };
        }
        _ => *leaves -= 1,
    }
}
