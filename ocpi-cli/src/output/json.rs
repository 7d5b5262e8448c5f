//! JSON for programs.

use ocpi_types::Severity;
use ocpi_types::convert::Effect;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::ledger::{Account, Refusal, Told};

pub(crate) fn as_word<S: Serializer>(severity: &Severity, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(severity)
}

/// One line of JSON.
///
/// # Errors
/// When the value has no JSON.
pub(crate) fn line(value: &impl Serialize) -> serde_json::Result<String> {
    Ok(serde_json::to_string(value)? + "\n")
}

#[derive(Serialize)]
struct Converted<'a> {
    items: usize,
    converted: usize,
    refused: usize,
    ledger: Vec<LedgerEntry<'a>>,
    refusals: Vec<Refused<'a>>,
}

/// One of the last three has the value, as it was written.
#[derive(Serialize)]
struct LedgerEntry<'a> {
    file: &'a str,
    item: Option<usize>,
    pointer: &'a str,
    rule: &'static str,
    from: &'static str,
    to: &'static str,
    message: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    lost: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assumed: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<&'a RawValue>,
}

#[derive(Serialize)]
struct Refused<'a> {
    file: &'a str,
    item: Option<usize>,
    pointer: &'a str,
    rule: &'static str,
    message: String,
    /// Advice to the user that would let it be converted.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'static str>,
}

pub(super) fn ledger(account: &Account) -> serde_json::Result<String> {
    fn refused(refusal: &Refusal) -> Refused<'_> {
        Refused {
            file: &refusal.file,
            item: refusal.item,
            pointer: refusal.pointer(),
            rule: refusal.rule(),
            message: match refusal.detail() {
                "" => refusal.message().to_owned(),
                detail => format!("{}: {detail}", refusal.message()),
            },
            hint: refusal.way_on,
        }
    }
    line(&Converted {
        items: account.items,
        converted: account.converted,
        refused: account.refusals.len(),
        ledger: account.entries.iter().map(ledger_entry).collect::<serde_json::Result<_>>()?,
        refusals: account.refusals.iter().map(refused).collect(),
    })
}

fn ledger_entry(told: &Told) -> serde_json::Result<LedgerEntry<'_>> {
    let Told { file, item, entry } = told;
    let value: &RawValue = serde_json::from_str(entry.value())?;
    let of = |effect| (entry.effect() == effect).then_some(value);
    Ok(LedgerEntry {
        file,
        item: *item,
        pointer: entry.pointer(),
        rule: entry.rule.id(),
        from: entry.from.as_str(),
        to: entry.to.as_str(),
        message: entry.rule.message(),
        lost: of(Effect::Lost),
        assumed: of(Effect::Assumed),
        kept: of(Effect::Kept),
    })
}
