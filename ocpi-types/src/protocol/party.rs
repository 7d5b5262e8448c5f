//! Parties: a country code and a party id.

use std::fmt;

use crate::json::as_in_bodies;
use crate::{CountryCode, PartyId, TextError};

/// A party: the owner of an object, or the sender or receiver of a message.
///
/// ```
/// use ocpi_types::protocol::Party;
/// let party = Party::new("NL", "ALF")?;
/// assert_eq!(party, Party::new("nl", "alf")?);
/// assert_eq!(party.to_string(), "NL/ALF");
/// # Ok::<(), ocpi_types::TextError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Party {
    /// Country code.
    pub country_code: CountryCode,
    /// Party id, unique in the country.
    pub party_id: PartyId,
}

impl Party {
    /// Creates a party from its two codes.
    ///
    /// # Errors
    /// When a code is malformed.
    pub fn new(country_code: &str, party_id: &str) -> Result<Self, TextError> {
        Ok(Self { country_code: country_code.parse()?, party_id: party_id.parse()? })
    }

    /// Reads a party as partners write it, as tolerantly as in a body: a country code of three letters means the same country,
    /// and a code of another form is kept. `None` if a code is empty.
    ///
    /// ```
    /// use ocpi_types::protocol::Party;
    /// assert_eq!(Party::lenient("SWE", "ABC"), Some(Party::new("SE", "ABC")?));
    /// assert_eq!(Party::lenient("BE", "LONG").map(|party| party.to_string()), Some("BE/LONG".to_owned()));
    /// # Ok::<(), ocpi_types::TextError>(())
    /// ```
    pub fn lenient(country_code: &str, party_id: &str) -> Option<Self> {
        let (country, id) = (country_code.trim(), party_id.trim());
        if country.is_empty() || id.is_empty() {
            return None;
        }
        Some(Self { country_code: as_in_bodies(country)?, party_id: as_in_bodies(id)? })
    }

    /// Returns the party as text in upper case, equal for equivalent spellings.
    ///
    /// ```
    /// use ocpi_types::protocol::Party;
    /// assert_eq!(Party::new("nl", "Alf")?.canonical(), "NL/ALF");
    /// # Ok::<(), ocpi_types::TextError>(())
    /// ```
    pub fn canonical(&self) -> String {
        let mut text = self.to_string();
        text.make_ascii_uppercase();
        text
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.country_code, self.party_id)
    }
}
