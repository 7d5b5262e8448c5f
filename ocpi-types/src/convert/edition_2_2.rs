//! Conversion between messages of 2.2, the first edition of 2.2.1, and the types of 2.2.1.

use super::{Context, ConversionError, ConversionRule, Ledger, Step, Unsupported};
use crate::json::{self, Item, Partial, RawJson, Reading};
use crate::protocol::Party;
use crate::{Node, NodeMut, Rule, Text, Value, Version, access};

/// The owner of the token of a Session or CDR, which 2.2.1 has added.
const OWNER: [&str; 2] = ["/cdr_token/country_code", "/cdr_token/party_id"];

/// The postal code of the place of a CDR, which 2.2 requires.
const POSTAL_CODE: &str = "/cdr_location/postal_code";

/// An empty text, as JSON.
const EMPTY: &str = "\"\"";

/// Optional members that 2.2.1 has added and that mean something: a kind, and the members on the way.
const ADDED: &[(&str, &[&str])] = &[
    ("StartSession", &["connector_id"]),
    ("Cdr", &["home_charging_compensation"]),
    ("Cdr", &["cdr_location", "state"]),
];

/// Fits an object of 2.2.1, of the kind with this name, to 2.2. Members that 2.2.1 has added stay: they are unknown ones
/// there.
///
/// # Errors
/// When a value that is needed is not there in 2.2. The ledger is then as it was before.
pub(super) fn fitted<T: Value>(
    kind: &'static str,
    value: T,
    context: &Context<'_>,
    ledger: &mut Ledger,
    noted: usize,
) -> Result<T, ConversionError> {
    let versions = (Version::V2_2_1, Version::V2_2);
    Step::run(context, ledger, versions, noted, (kind, value), fit)
}

fn fit<T: Value>((kind, mut value): (&'static str, T), run: &mut Step<'_>) -> Result<T, Unsupported> {
    value.downgrade(run)?;
    for (_, members) in ADDED.iter().filter(|(name, _)| *name == kind) {
        tell_kept(value.node(), members, run);
    }
    if kind == "Cdr" {
        add_postal_code(value.node_mut(), run);
    }
    Ok(value)
}

/// Tells of a member that is an unknown one in 2.2.
fn tell_kept(node: Node<'_>, members: &[&str], run: &mut Step<'_>) {
    let Node::Object(object) = node else { return };
    let Ok(value) = access::find(object, &format!("/{}", members.join("/"))) else { return };
    if value.is_absent_any() {
        return;
    }
    let text = RawJson::walked(&json::text_of(value));
    match *members {
        [outer, name] => run.note_at(ConversionRule::MemberKept, [outer, name], &text),
        [name] => run.note(ConversionRule::MemberKept, name, &text),
        _ => {}
    }
}

/// A CDR of 2.2 has a postal code: where there is none, an empty one.
fn add_postal_code(node: NodeMut<'_>, run: &mut Step<'_>) {
    let NodeMut::Object(object) = node else { return };
    let is_absent = access::find(object, POSTAL_CODE).is_ok_and(|code| code.is_absent_any());
    if is_absent && access::set(object, POSTAL_CODE, EMPTY).is_ok() {
        let empty = Text::<10>::blank();
        run.note_at(ConversionRule::PostalCodeAssumed, ["cdr_location", "postal_code"], &empty);
    }
}

/// An object of 2.2 as one of 2.2.1, with the owner of its token, which is the eMSP of the connection. Without an eMSP it
/// is a partial one.
pub(super) fn completed<T: Value>(item: Item<T>, context: &Context<'_>, ledger: &mut Ledger) -> Item<T> {
    let Item { index, mut findings, .. } = item;
    let (reading, has_owner_now) = complete(item.reading, context, ledger);
    if has_owner_now {
        findings.retain(|finding| !is_of_owner(finding.rule, &finding.pointer));
    }
    Item { index, reading, findings }
}

/// Whether a finding says that the owner of the token is missing: its rule, and its place in the object.
pub(crate) fn is_of_owner(rule: Rule, pointer: &str) -> bool {
    rule == Rule::Missing && OWNER.contains(&pointer)
}

/// [`completed`], and whether it was completed by the owner, without the findings.
pub(crate) fn complete<T: Value>(
    reading: Reading<T>,
    context: &Context<'_>,
    ledger: &mut Ledger,
) -> (Reading<T>, bool) {
    let (mut value, has_owner_now) = match reading {
        Reading::Whole(value) => (value, false),
        Reading::Partial(partial) => match with_owner(&partial, context, ledger) {
            Some(value) => (value, true),
            None => return (Reading::Partial(partial), false),
        },
        Reading::Unreadable(text) => return (Reading::Unreadable(text), false),
    };
    drop_postal_code(value.node_mut());
    (Reading::Whole(value), has_owner_now)
}

/// An empty postal code of a CDR is none: in 2.2 there has to be one.
fn drop_postal_code(node: NodeMut<'_>) {
    let NodeMut::Object(object) = node else { return };
    if access::find(object, POSTAL_CODE).is_ok_and(|code| json::text_of(code) == EMPTY) {
        // Of an optional member null is absent.
        let _ = access::set(object, POSTAL_CODE, "null");
    }
}

/// The object with the owner of its token, if it lacks nothing else.
fn with_owner<T: Value>(partial: &Partial<T>, context: &Context<'_>, ledger: &mut Ledger) -> Option<T> {
    let missing = partial.missing();
    let owner = context.emsp.as_ref()?;
    if !missing.iter().all(|pointer| OWNER.contains(&pointer.as_str())) {
        return None;
    }
    let mut value = partial.clone().into_value();
    add_owner(value.node_mut(), &missing, owner, ledger)?;
    Some(value)
}

/// Sets the members of the token's owner that are missing.
fn add_owner(node: NodeMut<'_>, missing: &[String], owner: &Party, ledger: &mut Ledger) -> Option<()> {
    let NodeMut::Object(object) = node else { return None };
    let owner = [json::to_string(&owner.country_code), json::to_string(&owner.party_id)];
    let parts = OWNER.into_iter().zip(owner);
    let parts: Vec<_> = parts.filter(|(pointer, _)| missing.iter().any(|it| it == pointer)).collect();
    for (pointer, text) in &parts {
        access::set(object, pointer, text).ok()?;
    }
    let versions = (Version::V2_2, Version::V2_2_1);
    for (pointer, text) in parts {
        ledger.push_at(ConversionRule::OwnerAssumed, versions, pointer, text);
    }
    Some(())
}
