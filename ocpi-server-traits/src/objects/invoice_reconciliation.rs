//! Posted records of invoice reconciliation.

use ocpi_types::endpoint::{PostInvoiceReconciliationRecord, PushOutcome};
use ocpi_types::v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord;

use super::handlers::tell_quota;
use super::{Cause, Objects};
use crate::order::{Arrival, Taken, Update};
use crate::storage::Store;
use crate::{Caller, Error, Handle};

/// The same record again is answered as the first time, another one with its id is refused: it is a PUT that changes one.
impl<S: Store> Handle<PostInvoiceReconciliationRecord> for Objects<S> {
    async fn handle(
        &self,
        caller: &Caller,
        PostInvoiceReconciliationRecord(record): PostInvoiceReconciliationRecord,
    ) -> Result<PushOutcome, Error> {
        let arrival = Arrival::of(&Update::put(record.clone()), caller.now);
        let taken = self.take_posted(record, arrival, &Cause::push(caller)).await;
        let Some(outcome) = tell_quota::<InvoiceReconciliationRecord, _>(caller, taken)? else {
            return Ok(PushOutcome::Created);
        };
        self.tell::<InvoiceReconciliationRecord>(caller, &outcome);
        Ok(if outcome.taken == Taken::Created { PushOutcome::Created } else { PushOutcome::Updated })
    }
}
