//! Invoice reconciliation: records are created by POST. The other endpoints are regular.

use super::declare::endpoint;
use super::resource::RootResource;
use super::{Body, PushOutcome};
use crate::Value;
use crate::v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord;

/// POST of a new record, to the receiver of the invoice.
///
/// Spec: 2.3.0 mod_invoice_reconciliation
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PostInvoiceReconciliationRecord(pub InvoiceReconciliationRecord);

endpoint! {
    PostInvoiceReconciliationRecord = "PostInvoiceReconciliationRecord",
    POST InvoiceReconciliation Receiver [] -> PushOutcome,
    body Body::Whole(InvoiceReconciliationRecord::TYPE),
    encode |this, to| to.body(&this.0),
    decode |from| from.read_body().map(Self),
    owner |this| Some(this.0.identity().owner),
}
