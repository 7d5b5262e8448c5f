//! Records of invoice reconciliation, which are posted.

use ocpi_types::endpoint::{PostInvoiceReconciliationRecord, PushOutcome, RootResource};

use super::Objects;
use crate::storage::Store;
use crate::{Caller, Error, Handle};

impl<S: Store> Handle<PostInvoiceReconciliationRecord> for Objects<S> {
    async fn handle(
        &self,
        _: &Caller,
        PostInvoiceReconciliationRecord(record): PostInvoiceReconciliationRecord,
    ) -> Result<PushOutcome, Error> {
        self.put(&record.identity(), record).await
    }
}
