//! A directory of partners that a test writes down.

use ocpi_server_traits::{Partner, PartnerDirectory, StoreError};
use ocpi_types::CredentialsToken;

use crate::token;

/// Partners by their tokens.
///
/// ```
/// use ocpi_server_traits::Partner;
/// use ocpi_testkit::{KnownPartners, party};
/// let cpo = Partner::new("cpo".parse()?, [party("NL/ALF")]);
/// let newcomer = Partner::invited("newcomer".parse()?);
/// let partners = KnownPartners::default().with("token-c", cpo).with("token-a", newcomer);
/// # Ok::<(), ocpi_types::protocol::PartnerIdError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct KnownPartners(Vec<(CredentialsToken, Partner)>);

impl KnownPartners {
    /// With a partner that has this token.
    #[must_use]
    pub fn with(mut self, text: &str, partner: Partner) -> Self {
        self.0.push((token(text), partner));
        self
    }
}

impl PartnerDirectory for KnownPartners {
    async fn find(&self, tokens: &[CredentialsToken]) -> Result<Option<Partner>, StoreError> {
        let found = self.0.iter().find(|(known, _)| tokens.contains(known));
        Ok(found.map(|(_, partner)| partner.clone()))
    }
}
