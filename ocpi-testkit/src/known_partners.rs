//! A directory of partners that a test writes down.

use ocpi_server_traits::{Connection, PartnerDirectory, StoreError};
use ocpi_types::CredentialsToken;

use crate::token;

/// Partners by their tokens.
///
/// ```
/// use ocpi_server_traits::Connection;
/// use ocpi_testkit::{KnownPartners, party};
/// let cpo = Connection::new("cpo", vec![party("NL/ALF")], true);
/// let newcomer = Connection::new("newcomer", Vec::new(), false);
/// let partners = KnownPartners::default().with("token-c", cpo).with("token-a", newcomer);
/// ```
#[derive(Clone, Debug, Default)]
pub struct KnownPartners(Vec<(CredentialsToken, Connection)>);

impl KnownPartners {
    /// With a partner that has this token.
    #[must_use]
    pub fn with(mut self, text: &str, connection: Connection) -> Self {
        self.0.push((token(text), connection));
        self
    }
}

impl PartnerDirectory for KnownPartners {
    async fn find(&self, tokens: &[CredentialsToken]) -> Result<Option<Connection>, StoreError> {
        let found = self.0.iter().find(|(known, _)| tokens.contains(known));
        Ok(found.map(|(_, connection)| connection.clone()))
    }
}
