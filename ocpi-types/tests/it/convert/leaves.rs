//! Search for values of a document that are neither in another nor in a ledger.

use ocpi_types::convert::{ConversionRule, Effect, Ledger};
use serde_json::Value;

/// The names that members have in another version; with a slash, where they stand in it.
const RENAMED: &[(&str, &str)] = &[
    ("start_datetime", "start_date_time"),
    ("end_datetime", "end_date_time"),
    ("stop_date_time", "end_date_time"),
    ("auth_id", "contract_id"),
    ("auth_id", "cdr_token/contract_id"),
    ("voltage", "max_voltage"),
    ("amperage", "max_amperage"),
    ("tariff_id", "tariff_ids/0"),
    ("type", "parking_type"),
    ("source", "category"),
    ("total_cost", "total_cost/excl_vat"),
    ("excl_vat", "before_taxes"),
    ("incl_vat", "after_taxes"),
    ("business_details", "roles/0/business_details"),
    ("party_id", "roles/0/party_id"),
    ("country_code", "roles/0/country_code"),
    ("location_id", "location/id"),
    ("evse_uid", "location/evses/0/uid"),
    ("connector_id", "location/evses/0/connectors/0/id"),
    ("cdr_location", "location"),
    ("cdr_location/evse_uid", "location/evses/0/uid"),
    ("cdr_location/evse_id", "location/evses/0/evse_id"),
    ("cdr_location/connector_id", "location/evses/0/connectors/0/id"),
    ("cdr_location/connector_standard", "location/evses/0/connectors/0/standard"),
    ("cdr_location/connector_format", "location/evses/0/connectors/0/format"),
    ("cdr_location/connector_power_type", "location/evses/0/connectors/0/power_type"),
];

/// Rules that tell of a value which is still there, in another form.
const IN_PLACE: &[ConversionRule] = &[
    ConversionRule::EnumReplaced,
    ConversionRule::Length,
    ConversionRule::Coordinate,
    ConversionRule::PriceRounded,
];

/// A leaf of the first document that is neither in the second nor in the ledger.
pub(super) fn unfound_leaf(before: &str, after: &str, ledger: &Ledger) -> Option<String> {
    let before: Value = serde_json::from_str(before).expect("it was written");
    let after: Value = serde_json::from_str(after).expect("it was written");
    let mut leaves = Vec::new();
    collect(&before, String::new(), &mut leaves);
    leaves
        .into_iter()
        .find(|(pointer, leaf)| !is_found(pointer, leaf, &before, &after, ledger))
        .map(|(p, _)| p)
}

fn collect<'a>(value: &'a Value, pointer: String, leaves: &mut Vec<(String, &'a Value)>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (name, value) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                collect(value, format!("{pointer}/{name}"), leaves);
            }
        }
        Value::Array(elements) => {
            for (index, value) in elements.iter().enumerate() {
                collect(value, format!("{pointer}/{index}"), leaves);
            }
        }
        leaf => leaves.push((pointer, leaf)),
    }
}

fn is_found(pointer: &str, leaf: &Value, before: &Value, after: &Value, ledger: &Ledger) -> bool {
    let is_told = || {
        ledger.entries().iter().any(|entry| {
            entry.effect() != Effect::Assumed
                && pointer
                    .strip_prefix(entry.pointer())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    let is_at = |place: &str| after.pointer(place).is_some_and(|found| same(found, leaf));
    let place = shifted(pointer, ledger);
    is_at(&place)
        || is_told()
        || candidates(&place).iter().any(|place| is_at(place))
        || is_said_otherwise(pointer, &place, leaf, before, after, ledger)
}

/// The place of a leaf once elements before it were given up.
fn shifted(pointer: &str, ledger: &Ledger) -> String {
    let (mut seen, mut shifted) = (String::new(), String::new());
    for segment in pointer.split('/').skip(1) {
        let gone = segment.parse::<usize>().map(|index| {
            let is_gone = |before: usize| {
                ledger.entries().iter().filter(|entry| entry.effect() != Effect::Assumed).any(|entry| {
                    entry.pointer() == format!("{seen}/{before}") && !IN_PLACE.contains(&entry.rule)
                })
            };
            index - (0..index).filter(|before| is_gone(*before)).count()
        });
        seen = format!("{seen}/{segment}");
        shifted = gone.map_or_else(|_| format!("{shifted}/{segment}"), |index| format!("{shifted}/{index}"));
    }
    shifted
}

/// Where it may stand in the other version: there, or under other names.
fn candidates(pointer: &str) -> Vec<String> {
    let mut found = vec![pointer.to_owned()];
    // A place may have two members with another name.
    for _ in 0..2 {
        for place in found.clone() {
            for (one, other) in RENAMED.iter().flat_map(|(old, new)| [(old, new), (new, old)]) {
                let renamed = format!("{place}/").replacen(&format!("/{one}/"), &format!("/{other}/"), 1);
                found.push(renamed.trim_end_matches('/').to_owned());
            }
        }
        found.sort();
        found.dedup();
    }
    found
}

fn same(one: &Value, other: &Value) -> bool {
    let number = |value: &Value| match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    one == other || number(one).is_some_and(|one| number(other) == Some(one))
}

/// Values that are not copied but said in another way.
fn is_said_otherwise(
    pointer: &str,
    place: &str,
    leaf: &Value,
    before: &Value,
    after: &Value,
    ledger: &Ledger,
) -> bool {
    let number = |document: &Value, place: &str| document.pointer(place).and_then(Value::as_f64);
    let near = |one: f64, other: f64| (one - other).abs() <= 1e-6 * one.abs().max(other.abs()).max(1.0);
    let (holder, name) = place.rsplit_once('/').unwrap_or_default();
    let old_holder = pointer.rsplit_once('/').unwrap_or_default().0;
    match name {
        // The amount with VAT is the one without, and a tax.
        "incl_vat" => {
            let net = number(after, &format!("{holder}/before_taxes"));
            let tax = number(after, &format!("{holder}/taxes/0/amount"));
            net.zip(tax).zip(leaf.as_f64()).is_some_and(|((net, tax), gross)| near(net + tax, gross))
        }
        // And the other way round.
        "name" | "amount" if holder.contains("/taxes/") => {
            let price = old_holder.split("/taxes/").next().unwrap_or_default();
            let net = number(before, &format!("{price}/before_taxes"));
            let tax = number(before, &format!("{price}/taxes/0/amount"));
            let gross =
                number(after, &format!("{}/incl_vat", holder.split("/taxes/").next().unwrap_or_default()));
            before.pointer(&format!("{price}/taxes/1")).is_none()
                && net.zip(tax).zip(gross).is_some_and(|((net, tax), gross)| near(net + tax, gross))
        }
        // A price with tax became one without, which is told of the tariff.
        "price" => {
            let vat = number(before, &format!("{old_holder}/vat")).unwrap_or_default();
            let is_taken_out = ledger.entries().iter().any(|entry| entry.rule == ConversionRule::TaxTakenOut);
            let net = number(after, place);
            is_taken_out
                && net.zip(leaf.as_f64()).is_some_and(|(net, gross)| near(net * (100.0 + vat), gross * 100.0))
        }
        // Prices of 2.2.1 are without tax by definition, and ids of reservations are texts.
        "tax_included" => leaf == "NO",
        // A hub is no role in 2.3.0, but named beside the roles.
        "role" if leaf == "HUB" => after.get("hub_party_id").is_some(),
        // The platform is a CPO, as the context says.
        "role" if leaf == "CPO" => true,
        // A CPO of 2.1.1 serves one side of each module.
        "role" => {
            let module = before.pointer(&format!("{old_holder}/identifier"));
            let receives = module.is_some_and(|module| module == "tokens" || module == "commands");
            leaf == if receives { "RECEIVER" } else { "SENDER" }
        }
        "hub_party_id" => {
            after["roles"].as_array().is_some_and(|roles| roles.iter().any(|role| role["role"] == "HUB"))
        }
        // The party of the connection need not be said; nor the side of a module that a platform of 2.1.1 serves.
        "country_code" => leaf.as_str().is_some_and(|code| code.eq_ignore_ascii_case("NL")),
        "party_id" => leaf.as_str().is_some_and(|id| id.eq_ignore_ascii_case("ALF")),
        // 2.1.1 shows every Location.
        "publish" => leaf == true,
        // There was none to embed.
        "evse_uid" | "connector_id" if leaf == "#NA" => true,
        _ => false,
    }
}
