//! The partner directory as a trait object.

use ocpi_types::CredentialsToken;

use super::BoxFuture;
use crate::{Partner, PartnerDirectory, StoreError};

/// [`PartnerDirectory`], erased.
pub(super) trait AnyDirectory: Send + Sync {
    fn find<'a>(
        &'a self,
        tokens: &'a [CredentialsToken],
    ) -> BoxFuture<'a, Result<Option<Partner>, StoreError>>;

    fn confirm<'a>(&'a self, partner: &'a Partner) -> BoxFuture<'a, Result<bool, StoreError>>;
}

impl<D: PartnerDirectory> AnyDirectory for D {
    fn find<'a>(
        &'a self,
        tokens: &'a [CredentialsToken],
    ) -> BoxFuture<'a, Result<Option<Partner>, StoreError>> {
        Box::pin(PartnerDirectory::find(self, tokens))
    }

    fn confirm<'a>(&'a self, partner: &'a Partner) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(PartnerDirectory::confirm(self, partner))
    }
}
