//! The two sides of a connection.

use super::v2_1_1_to_2_2_1::cpo_sends;
use super::{Context, Embedded, Lookup, PriceChanges};
use crate::protocol::Party;
use crate::v2_2_1::locations::Location;
use crate::v2_2_1::tokens::{Token, TokenKey};
use crate::v2_2_1::types::Role;
use crate::{Decimal, InterfaceRole, ModuleId, TimeZone};

/// The parties on the two sides of a connection, and other facts that messages of 2.1.1 do not state.
///
/// ```
/// use ocpi_types::convert::Relation;
/// use ocpi_types::protocol::Party;
/// use ocpi_types::v2_3_0::types::Role;
/// let relation = Relation::of(Role::Emsp, Some(Party::new("DE", "EMP")?), Some(Party::new("NL", "ALF")?));
/// assert_eq!(relation.received().cpo, Some(Party::new("NL", "ALF")?));
/// assert_eq!((relation.received().role, relation.sent().role), (Some(Role::Cpo), Some(Role::Emsp)));
/// # Ok::<(), ocpi_types::TextError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Relation {
    /// The CPO.
    pub cpo: Option<Party>,
    /// The eMSP.
    pub emsp: Option<Party>,
    /// Role of our platform.
    pub ours: Option<Role>,
    /// Role of the partner's platform.
    pub theirs: Option<Role>,
    /// Time zone of Locations that have none. If `None`, they get the time zone of their country if it has only one,
    /// and are refused otherwise.
    pub time_zone: Option<TimeZone>,
    /// VAT in percent on prices that exclude it.
    pub vat: Option<Decimal>,
    /// The same two platforms with their roles exchanged, if each may be a CPO and an eMSP: see [`Relation::at`].
    pub exchanged: Option<Box<Self>>,
}

impl Relation {
    /// Returns the connection between a CPO and an eMSP in which our role is `ours`.
    pub fn of(ours: Role, own: Option<Party>, partner: Option<Party>) -> Self {
        let is_cpo = ours == Role::Cpo;
        let (cpo, emsp) = if is_cpo { (own, partner) } else { (partner, own) };
        let theirs = if is_cpo { Role::Emsp } else { Role::Cpo };
        Self { cpo, emsp, ours: Some(ours), theirs: Some(theirs), ..Self::default() }
    }

    /// Returns the connection where each platform may be a CPO and an eMSP: `self`, or `other` with the roles
    /// exchanged.
    ///
    /// ```
    /// use ocpi_types::convert::Relation;
    /// use ocpi_types::protocol::Party;
    /// use ocpi_types::{InterfaceRole::Receiver, ModuleId, Role};
    /// let (own, theirs) = (Party::new("NL", "ALF")?, Party::new("DE", "TWO")?);
    /// let relation = Relation::of(Role::Cpo, Some(own.clone()), Some(theirs.clone()))
    ///     .or_exchanged(Relation::of(Role::Emsp, Some(own.clone()), Some(theirs.clone())));
    ///
    /// // Whoever pushes a Location to us is the CPO, and we are the eMSP. With a Token it is the other way round.
    /// assert_eq!(relation.at(&ModuleId::Locations, &Receiver, true).cpo, Some(theirs));
    /// assert_eq!(relation.at(&ModuleId::Tokens, &Receiver, true).cpo, Some(own));
    /// # Ok::<(), ocpi_types::TextError>(())
    /// ```
    #[must_use]
    pub fn or_exchanged(self, other: Self) -> Self {
        Self { exchanged: Some(Box::new(other)), ..self }
    }

    /// Returns the connection as it is in the messages of one interface of a module, ours or the partner's: the
    /// interface determines which side is the CPO.
    pub fn at(&self, module: &ModuleId, interface: &InterfaceRole, is_ours: bool) -> &Self {
        let (Some(exchanged), Some(cpo_sends)) = (&self.exchanged, cpo_sends(module)) else { return self };
        let is_served_by_cpo = cpo_sends == (*interface == InterfaceRole::Sender);
        let is_cpo = self.ours == Some(Role::Cpo);
        if (is_served_by_cpo == is_ours) == is_cpo { self } else { exchanged }
    }

    /// Returns the connection in a message between two parties, if it names them: ours and the partner's, each one of
    /// several that a platform may speak for. If the roles are unknown, nothing changes.
    ///
    /// ```
    /// use ocpi_types::Role;
    /// use ocpi_types::convert::Relation;
    /// use ocpi_types::protocol::Party;
    /// let (first, second) = (Party::new("DE", "EMP")?, Party::new("DE", "TWO")?);
    /// let relation = Relation::of(Role::Emsp, Some(first), Some(Party::new("NL", "ALF")?));
    /// let relation = relation.between(Some(second.clone()), None);
    /// assert_eq!((relation.emsp, relation.cpo), (Some(second), Some(Party::new("NL", "ALF")?)));
    /// # Ok::<(), ocpi_types::TextError>(())
    /// ```
    #[must_use]
    pub fn between(mut self, ours: Option<Party>, theirs: Option<Party>) -> Self {
        let (cpo, emsp) = match &self.ours {
            None => return self,
            Some(Role::Cpo) => (ours, theirs),
            Some(_) => (theirs, ours),
        };
        self.cpo = cpo.or(self.cpo);
        self.emsp = emsp.or(self.emsp);
        self
    }

    /// Returns the context for messages that the partner sends.
    pub fn received(&self) -> Context<'_> {
        self.context(self.theirs.clone())
    }

    /// Returns the context for messages that we send.
    pub fn sent(&self) -> Context<'_> {
        self.context(self.ours.clone())
    }

    fn context(&self, role: Option<Role>) -> Context<'_> {
        Context {
            cpo: self.cpo.clone(),
            emsp: self.emsp.clone(),
            role,
            time_zone: self.time_zone.clone(),
            vat: self.vat,
            // A bill has to arrive, also without its tariffs.
            price_changes: PriceChanges::LeaveOut,
            ..Context::NONE
        }
    }
}

/// Objects that were looked up before a conversion.
#[derive(Clone, Debug, Default)]
pub struct Found {
    locations: Vec<(Embedded, Location)>,
    tokens: Vec<Token>,
}

impl Found {
    /// Adds a Location.
    pub fn add(&mut self, at: Embedded, location: Location) {
        self.locations.push((at, location));
    }

    /// Adds a token.
    pub fn add_token(&mut self, token: Token) {
        self.tokens.push(token);
    }
}

impl Lookup for Found {
    fn location(&self, owner: &Party, id: &str) -> Option<Location> {
        let is_it = |(at, _): &&(Embedded, Location)| {
            at.owner == *owner && at.location_id.as_str().eq_ignore_ascii_case(id)
        };
        self.locations.iter().find(is_it).map(|(_, location)| location.clone())
    }

    fn token_of(&self, owner: &Party, key: &TokenKey) -> Option<Token> {
        let is_it = |token: &&Token| {
            let is_owner = token.country_code == owner.country_code && token.party_id == owner.party_id;
            is_owner && token.uid == key.uid && token.r#type == key.r#type
        };
        self.tokens.iter().find(is_it).cloned()
    }
}
