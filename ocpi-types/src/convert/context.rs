//! Context of a conversion: facts that the objects do not state.

use std::fmt;

use crate::protocol::Party;
use crate::v2_2_1::locations::Location;
use crate::v2_2_1::tokens::{Token, TokenKey};
use crate::v2_2_1::types::Role;
use crate::v2_3_0::tariffs::TaxIncluded;
use crate::{Decimal, TimeZone};

/// Facts that one version states and another leaves to the connection, the contract, or common sense.
///
/// A value that the context supplies on the way up, such as a time zone, is treated like any other value on the way
/// down.
///
/// Between 2.2.1 and 2.3.0 the default is enough. From 2.1.1 the parties of the connection have to be named, unless the
/// objects name their owner, as those of some partners do. An object that names another owner than the context is
/// refused.
///
/// ```
/// use ocpi_types::convert::Context;
/// use ocpi_types::protocol::Party;
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
    /// Role of the platform whose Credentials or VersionDetails are converted. A platform of 2.1.1 is a CPO or an eMSP.
    pub role: Option<Role>,
    /// Time zone of Locations that have none. If `None`, they get the time zone of their country, if it has only one.
    pub time_zone: Option<TimeZone>,
    /// VAT in percent on prices of 2.1.1, which exclude it. `None`: not known, so it is not stated in the result.
    pub vat: Option<Decimal>,
    /// Whether the prices in a PATCH of a 2.3.0 Tariff include tax, as the Tariff says: for a PATCH that does not state
    /// it.
    pub tax_included: Option<TaxIncluded>,
    /// Policy for tariffs that would cost something else in the other version.
    pub price_changes: PriceChanges,
    /// Time limit of commands, in seconds, because 2.1.1 has none.
    pub command_timeout: i64,
    /// The token that was asked about, for an AuthorizationInfo of 2.1.1.
    pub token: Option<&'a Token>,
    /// Lookup of the objects that 2.1.1 embeds and later versions refer to.
    pub lookup: Option<&'a dyn Lookup>,
}

/// Policy for tariffs that would cost something else in the other version, because it cannot express a condition or a
/// price limit.
///
/// Prices whose tax is unknown are refused under every policy: they would not be lost, but read as another amount.
///
/// ```
/// use ocpi_types::convert::{Context, ConversionRule, Ledger, PriceChanges, V2_1_1, V2_2_1, convert, kind};
/// use ocpi_types::{json, v2_2_1::tariffs::Tariff};
/// let tariff: Tariff = json::from_str(r#"{"country_code": "NL", "party_id": "ALF", "id": "T1", "currency": "EUR",
///     "min_price": {"excl_vat": 5}, "elements": [
///     {"price_components": [{"type": "ENERGY", "price": 0.25, "step_size": 1}]}],
///     "last_updated": "2026-01-01T00:00:00Z"}"#)?;
///
/// let refused = convert::<kind::Tariff, V2_2_1, V2_1_1>(tariff.clone(), &Context::default(), &mut Ledger::new());
/// assert_eq!(refused.unwrap_err().rule(), ConversionRule::PriceLimit);
///
/// let context = Context { price_changes: PriceChanges::Allow, ..Context::default() };
/// let mut ledger = Ledger::new();
/// convert::<kind::Tariff, V2_2_1, V2_1_1>(tariff, &context, &mut ledger)?;
/// assert!(ledger.entries().iter().any(|entry| entry.pointer() == "/min_price"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum PriceChanges {
    /// The tariff is refused, and so is a CDR that contains it. A tariff whose price cannot be computed is refused too.
    #[default]
    Refuse,
    /// The tariff is refused; a CDR is converted without its tariffs, and the ledger says so. A tariff whose price
    /// cannot be computed is carried along if no part of it would be lost, and the ledger says so. For connections,
    /// where a bill has to arrive.
    LeaveOut,
    /// The tariff is converted without the parts that the version cannot express, and the ledger lists them.
    Allow,
}

/// Finds objects by the references that other objects hold.
pub trait Lookup: Send + Sync {
    /// Finds the Location with this owner and id, in the type of 2.2.1.
    fn location(&self, owner: &Party, id: &str) -> Option<Location> {
        let _ = (owner, id);
        None
    }

    /// Finds the token of this eMSP with this key.
    fn token_of(&self, owner: &Party, key: &TokenKey) -> Option<Token> {
        let _ = (owner, key);
        None
    }

    /// Finds the token with this contract: the `auth_id` of 2.1.1.
    fn token(&self, auth_id: &str) -> Option<Token> {
        let _ = auth_id;
        None
    }
}

impl Context<'_> {
    /// A context that knows nothing about the connection.
    pub const NONE: Self = Self {
        cpo: None,
        emsp: None,
        role: None,
        time_zone: None,
        vat: None,
        tax_included: None,
        price_changes: PriceChanges::Refuse,
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
            .field("price_changes", &self.price_changes)
            .field("command_timeout", &self.command_timeout)
            .finish_non_exhaustive()
    }
}
