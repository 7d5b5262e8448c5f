//! Owners of objects: later versions name them in each object, 2.1.1 only by the connection.

use super::{ConversionRule, NOT_AVAILABLE, Step, Unsupported};
use crate::macros::is_same_name;
use crate::protocol::Party;
use crate::{Change, CountryCode, Extra, PartyId, Value, json};

/// A side of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) enum Side {
    Cpo,
    Emsp,
}

/// The unknown members of 2.1.1 by which some partners name the owner as later versions do, in whatever spelling.
const COUNTRY: &str = "country_code";
const PARTY: &str = "party_id";

/// The owner, as far as an object of 2.1.1 names it.
#[derive(Default)]
struct Named {
    country_code: Option<CountryCode>,
    party_id: Option<PartyId>,
}

impl Named {
    /// # Errors
    /// When a member stands twice and names two.
    fn of(extra: &Extra) -> Result<Self, Unsupported> {
        Ok(Self {
            country_code: code(extra, COUNTRY)?.map(|(code, _)| code),
            party_id: code(extra, PARTY)?.map(|(id, _)| id),
        })
    }

    /// Takes the members that name the owner in the newer version out of the unknown members.
    fn take(extra: &mut Extra) -> Result<Self, Unsupported> {
        let (country_code, party_id) = (code(extra, COUNTRY)?, code(extra, PARTY)?);
        let taken = [country_code.as_ref().map(|(_, name)| name), party_id.as_ref().map(|(_, name)| name)];
        taken.into_iter().flatten().for_each(|name| extra.remove(name));
        Ok(Self { country_code: country_code.map(|(code, _)| code), party_id: party_id.map(|(id, _)| id) })
    }

    /// Objects of another owner than that of the connection are not taken for those of its owner.
    fn agrees_with(&self, party: Option<&Party>) -> Result<(), Unsupported> {
        let Some(party) = party else { return Ok(()) };
        let differs = |name| Err(Unsupported::at(name, ConversionRule::OwnerDiffers));
        if self.country_code.as_ref().is_some_and(|code| *code != party.country_code) {
            return differs(COUNTRY);
        }
        if self.party_id.as_ref().is_some_and(|id| *id != party.party_id) {
            return differs(PARTY);
        }
        Ok(())
    }
}

/// A code that says something, neither empty nor a placeholder, and the name that it was sent by: the member's own, or
/// else another spelling of it.
fn code<T: Value + AsRef<str>>(extra: &Extra, name: &str) -> Result<Option<(T, String)>, Unsupported> {
    let own = code_by(extra, name, |sent| sent == name)?;
    if own.is_some() { Ok(own) } else { code_by(extra, name, |sent| is_same_name(name, sent)) }
}

fn code_by<T: Value + AsRef<str>>(
    extra: &Extra,
    name: &str,
    is_it: impl Fn(&str) -> bool,
) -> Result<Option<(T, String)>, Unsupported> {
    let mut found: Option<(T, String)> = None;
    for (sent, raw) in extra.iter().filter(|(sent, _)| is_it(sent)) {
        let Ok(read) = json::read::<T>(raw.as_bytes()) else { continue };
        let text = read.value.as_ref().trim();
        if text.is_empty() || text == NOT_AVAILABLE {
            continue;
        }
        match &found {
            Some((known, _)) if *known != read.value => {
                return Err(Unsupported::at(name, ConversionRule::Duplicate));
            }
            Some(_) => {}
            None => found = Some((read.value, sent.to_owned())),
        }
    }
    Ok(found)
}

impl Step<'_> {
    /// The party of the connection that owns objects without a named owner.
    pub(super) fn party(&self, side: Side) -> Option<&Party> {
        match side {
            Side::Cpo => self.context().cpo.as_ref(),
            Side::Emsp => self.context().emsp.as_ref(),
        }
    }

    /// The owner of an object of 2.1.1: the one that it names among its unknown members; or that of the object around
    /// it; or that of the connection.
    ///
    /// # Errors
    /// When no owner is known, or the object names another owner than the connection has.
    pub(super) fn owner(&mut self, side: Side, extra: &mut Extra) -> Result<Party, Unsupported> {
        let named = Named::take(extra)?;
        named.agrees_with(self.party(side))?;
        let holder = if matches!(side, Side::Cpo) { self.holder.clone() } else { None };
        let known = holder.or_else(|| self.party(side).cloned());
        let unknown = |name| Unsupported::at(name, ConversionRule::OwnerUnknown);
        let country_code = match (named.country_code, &known) {
            (Some(country_code), _) => country_code,
            (None, Some(known)) => {
                self.note(ConversionRule::OwnerAssumed, COUNTRY, &known.country_code);
                known.country_code.clone()
            }
            (None, None) => return Err(unknown(COUNTRY)),
        };
        let party_id = match (named.party_id, &known) {
            (Some(party_id), _) => party_id,
            (None, Some(known)) => {
                self.note(ConversionRule::OwnerAssumed, PARTY, &known.party_id);
                known.party_id.clone()
            }
            (None, None) => return Err(unknown(PARTY)),
        };
        Ok(Party { country_code, party_id })
    }

    /// The owner of a Session or CDR of 2.1.1. One that names none has that of the Location that it embeds.
    ///
    /// # Errors
    /// As [`Step::owner`].
    pub(super) fn owner_or_of(&mut self, extra: &mut Extra, location: &Extra) -> Result<Party, Unsupported> {
        let embedded = self.member("location", |run| {
            let named = Named::of(location)?;
            named.agrees_with(run.party(Side::Cpo))?;
            Ok(named)
        })?;
        if let Named { country_code: Some(country_code), party_id: Some(party_id) } = embedded {
            self.holder = Some(Party { country_code, party_id });
        }
        let owner = self.owner(Side::Cpo, extra)?;
        // Tariffs in it that name none are its owner's.
        self.holder = Some(owner.clone());
        Ok(owner)
    }

    /// Takes the change of the owner that a PATCH of 2.1.1 has among its unknown members.
    ///
    /// # Errors
    /// When it is another than that of the connection.
    pub(super) fn owner_change(
        &mut self,
        side: Side,
        extra: &mut Extra,
    ) -> Result<(Change<CountryCode>, Change<PartyId>), Unsupported> {
        let named = Named::take(extra)?;
        named.agrees_with(self.party(side))?;
        Ok((
            named.country_code.map_or(Change::Keep, Change::Set),
            named.party_id.map_or(Change::Keep, Change::Set),
        ))
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
            self.note(ConversionRule::Owner, COUNTRY, country_code);
        }
        if party_id.as_set().is_some_and(|id| party.as_ref().is_none_or(|party| party.party_id != *id)) {
            self.note(ConversionRule::Owner, PARTY, party_id);
        }
    }

    /// Notes the owner as lost, unless it is that of the connection.
    pub(super) fn lose_owner(&mut self, side: Side, country_code: &CountryCode, party_id: &PartyId) {
        let is_known = self
            .party(side)
            .is_some_and(|party| party.country_code == *country_code && party.party_id == *party_id);
        if !is_known {
            self.note(ConversionRule::Owner, COUNTRY, country_code);
            self.note(ConversionRule::Owner, PARTY, party_id);
        }
    }
}
