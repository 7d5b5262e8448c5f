//! The endpoints that the branch Payments adds.

use ocpi_types::endpoint::{
    ActivateTerminal, DeactivateTerminal, FinancialAdviceConfirmationKey, GetFinancialAdviceConfirmation,
    GetTerminal, PatchTerminal, PostFinancialAdviceConfirmation, PostTerminal, PutTerminal, TerminalKey,
};
use ocpi_types::v2_3_0::payments::{FinancialAdviceConfirmation, Terminal};

use super::entry::{Entry, entry, fixture, owned, read, regular};

pub(super) fn endpoints() -> Vec<Entry> {
    let mut entries = Vec::new();

    let terminal_id = "T/1 %2F";
    let key = TerminalKey { terminal_id: terminal_id.parse().expect("an id") };
    let terminal = Terminal { terminal_id: key.terminal_id.clone(), ..fixture!("2.3.0", "terminal") };
    regular!(entries, list Terminal);
    regular!(entries, lookup Terminal, owned(key.clone()));
    entries.push(entry(ActivateTerminal(read(r#"{"customer_reference":"C1","state":null}"#))));
    entries.push(entry(DeactivateTerminal { key: key.clone() }));
    entries.push(entry(PutTerminal { key: key.clone(), terminal }));
    entries.push(entry(PatchTerminal { key: key.clone(), patch: read(r#"{"location_ids":["L1"]}"#) }));
    entries.push(entry(GetTerminal { key }));
    entries.push(entry(PostTerminal(read(r#"{"terminal_id":"T1"}"#))));

    let confirmation: FinancialAdviceConfirmation = fixture!("2.3.0", "financial_advice_confirmation");
    let key = FinancialAdviceConfirmationKey { financial_advice_confirmation_id: confirmation.id.clone() };
    regular!(entries, list FinancialAdviceConfirmation);
    regular!(entries, lookup FinancialAdviceConfirmation, owned(key.clone()));
    entries.push(entry(GetFinancialAdviceConfirmation { key }));
    entries.push(entry(PostFinancialAdviceConfirmation(confirmation)));
    entries
}
