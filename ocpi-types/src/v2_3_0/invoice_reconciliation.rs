//! Invoice reconciliation: which CDRs an invoice is for.
//!
//! New in 2.3.0. The sender of an invoice also sends a record of it: usually the CPO, or the eMSP where it is
//! agreed that the eMSP writes the invoices (reverse billing). The receiver adds up the CDRs and compares the
//! sum with the invoice; amounts are not sent. The invoice itself travels by other means. Records are
//! created with POST and replaced with PUT. DELETE says that the record was a mistake.
//!
//! Spec: 2.3.0 mod_invoice_reconciliation

use crate::macros::object;
use crate::{Check, CiString, CountryCode, DateTime, NonEmpty, PartyId, Rule, rules};

object! {
    /// An invoice and the CDRs it is for.
    ///
    /// New in 2.3.0. It is the list of CDRs that counts, not when they were made.
    ///
    /// Spec: 2.3.0 mod_invoice_reconciliation §record_object
    pub struct InvoiceReconciliationRecord = "InvoiceReconciliationRecord",
        init InvoiceReconciliationRecordInit, rules record_rules {
        /// Country of the party that owns the record.
        pub country_code: CountryCode,
        /// Id of the party that owns the record.
        pub party_id: PartyId,
        /// Identifies the record.
        pub id: CiString<36>,
        /// Number of the invoice, as its sender writes it.
        pub invoice_id: CiString<255>,
        /// Ids of the CDRs that the invoice is for. The specification allows 36 characters; credit CDRs may
        /// have 39, so this does.
        pub cdrs: NonEmpty<CiString<39>>,
        /// When the record was last changed, or created.
        pub last_updated: DateTime,
    }
}

fn record_rules(record: &InvoiceReconciliationRecord, check: &mut Check) {
    rules::unique(check, "cdrs", &record.cdrs, |id| id, Rule::DuplicateId);
}
