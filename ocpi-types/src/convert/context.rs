//! What a conversion has to be told.

use std::fmt;

use super::{Conversion, ConversionRule, Misfit};
use crate::endpoint::TokenKey;
use crate::transport::Party;
use crate::v2_2_1::locations::Location;
use crate::v2_2_1::tokens::Token;
use crate::v2_2_1::types::Role;
use crate::v2_3_0::tariffs::TaxIncluded;
use crate::{Change, CountryCode, Decimal, PartyId, TimeZone};

/// What one version says and another leaves to the connection, the contract, or common sense.
///
/// What it fills in on the way up, such as a time zone, is like any other value on the way down.
///
/// Between 2.2.1 and 2.3.0 the default will do. From 2.1.1 the parties of the connection have to be named, because its
/// objects name none.
///
/// ```
/// use ocpi_types::convert::Context;
/// use ocpi_types::transport::Party;
/// let context = Context {
///     cpo: Some(Party::new("NL", "ALF")?),
///     emsp: Some(Party::new("DE", "MSP")?),
///     time_zone: Some("Europe/Amsterdam".parse()?),
///     ..Context::default()
/// };
/// # let _ = context;
/// # Ok::<(), ocpi_types::TextError>(())
/// ```
#[derive(Clone)]
pub struct Context<'a> {
    /// The CPO of a connection of 2.1.1: owner of Locations, Sessions, CDRs and Tariffs.
    pub cpo: Option<Party>,
    /// The eMSP of a connection of 2.1.1: owner of Tokens.
    pub emsp: Option<Party>,
    /// What the platform does whose Credentials or VersionDetails are converted. A platform of 2.1.1 is one of the two.
    pub role: Option<Role>,
    /// Time zone of Locations of 2.1.1 that have none.
    pub time_zone: Option<TimeZone>,
    /// VAT in percent on prices of 2.1.1, which are without it. `None`: not known, so nothing is said of it.
    pub vat: Option<Decimal>,
    /// Whether the prices of a PATCH of a Tariff of 2.3.0 include tax, if the PATCH does not say: as the Tariff has it.
    pub tax_included: Option<TaxIncluded>,
    /// Time limit of commands, in seconds: 2.1.1 has none.
    pub command_timeout: i64,
    /// The token that was asked about, for an AuthorizationInfo of 2.1.1.
    pub token: Option<&'a Token>,
    /// Where to find what 2.1.1 embeds and later versions refer to.
    pub lookup: Option<&'a dyn Lookup>,
}

/// Finds objects by what others say of them.
pub trait Lookup: Send + Sync {
    /// The Location with this owner and id, in the form of 2.2.1.
    fn location(&self, owner: &Party, id: &str) -> Option<Location> {
        let _ = (owner, id);
        None
    }

    /// The token of this eMSP with this key.
    fn token_of(&self, owner: &Party, key: &TokenKey) -> Option<Token> {
        let _ = (owner, key);
        None
    }

    /// The token with this contract: the `auth_id` of 2.1.1.
    fn token(&self, auth_id: &str) -> Option<Token> {
        let _ = auth_id;
        None
    }
}

impl Context<'_> {
    /// Nothing is known of the connection.
    pub const NONE: Self = Self {
        cpo: None,
        emsp: None,
        role: None,
        time_zone: None,
        vat: None,
        tax_included: None,
        command_timeout: 30,
        token: None,
        lookup: None,
    };
}

impl Default for Context<'_> {
    fn default() -> Self {
        Self::NONE
    }
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("cpo", &self.cpo)
            .field("emsp", &self.emsp)
            .field("role", &self.role)
            .field("time_zone", &self.time_zone)
            .field("vat", &self.vat)
            .field("tax_included", &self.tax_included)
            .field("command_timeout", &self.command_timeout)
            .finish_non_exhaustive()
    }
}

/// A side of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) enum Side {
    Cpo,
    Emsp,
}

impl Conversion<'_> {
    /// The party of the connection that owns objects which do not say whose they are.
    pub(super) fn party(&self, side: Side) -> Option<&Party> {
        match side {
            Side::Cpo => self.context().cpo.as_ref(),
            Side::Emsp => self.context().emsp.as_ref(),
        }
    }

    /// The owner of an object that does not name it.
    pub(super) fn owner(&mut self, side: Side) -> Result<Party, Misfit> {
        let owner = self.party(side).cloned();
        let owner = owner.ok_or_else(|| Misfit::at("country_code", ConversionRule::OwnerAssumed))?;
        self.note(ConversionRule::OwnerAssumed, "country_code", &owner.country_code);
        self.note(ConversionRule::OwnerAssumed, "party_id", &owner.party_id);
        Ok(owner)
    }

    /// Notes the owner that a PATCH names as lost, unless it is that of the connection.
    pub(super) fn lose_owner_change(
        &mut self,
        side: Side,
        country_code: &Change<CountryCode>,
        party_id: &Change<PartyId>,
    ) {
        let party = self.party(side).cloned();
        if country_code
            .as_set()
            .is_some_and(|code| party.as_ref().is_none_or(|party| party.country_code != *code))
        {
            self.note(ConversionRule::Owner, "country_code", country_code);
        }
        if party_id.as_set().is_some_and(|id| party.as_ref().is_none_or(|party| party.party_id != *id)) {
            self.note(ConversionRule::Owner, "party_id", party_id);
        }
    }

    /// Notes the owner as lost, unless it is that of the connection.
    pub(super) fn lose_owner(&mut self, side: Side, country_code: &CountryCode, party_id: &PartyId) {
        let is_known = self
            .party(side)
            .is_some_and(|party| party.country_code == *country_code && party.party_id == *party_id);
        if !is_known {
            self.note(ConversionRule::Owner, "country_code", country_code);
            self.note(ConversionRule::Owner, "party_id", party_id);
        }
    }
}
