//! Finding the partner of a token.

use ocpi_server_traits::storage::Store;
use ocpi_types::CredentialsToken;

use super::records::{Kept, record_at, token_at};
use super::{Partners, failure};
use crate::Error;
use crate::trust::TokenHash;

impl Partners {
    /// Finds the partner that one of these tokens was issued to, and reads its record: two reads of the store, or one if
    /// the token came before.
    pub(crate) async fn find(
        &self,
        store: &impl Store,
        tokens: &[CredentialsToken],
    ) -> Result<Option<(Kept, CredentialsToken)>, Error> {
        for token in tokens {
            let hash = self.forms.hasher.token(token);
            let Some(id) = self.id_of(store, &hash).await? else { continue };
            let record = store.read(&[record_at(&id)]).await.map_err(failure)?.pop().flatten();
            if let Some(document) = record {
                return Ok(Some((self.kept(&document)?, token.clone())));
            }
        }
        Ok(None)
    }

    /// Whether we issued a token: nobody may give it to us as its own.
    pub(crate) async fn is_ours(&self, store: &impl Store, token: &CredentialsToken) -> Result<bool, Error> {
        Ok(self.id_of(store, &self.forms.hasher.token(token)).await?.is_some())
    }

    async fn id_of(&self, store: &impl Store, hash: &TokenHash) -> Result<Option<String>, Error> {
        if let Some(id) = self.cache.id(hash) {
            return Ok(Some(id));
        }
        let index = store.read(&[token_at(hash)]).await.map_err(failure)?.pop().flatten();
        let id = index.and_then(|document| String::from_utf8(document.body.to_vec()).ok());
        if let Some(id) = &id {
            self.cache.remember_id(hash, id);
        }
        Ok(id)
    }
}
