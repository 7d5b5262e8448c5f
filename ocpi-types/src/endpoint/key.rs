//! Keys that identify an object by parts of its path.

use std::fmt::Debug;
use std::hash::Hash;
use std::str::FromStr;

use super::{DecodeError, Incoming, Outgoing, Segment};
use crate::protocol::Party;
pub use crate::v2_2_1::tokens::TokenKey;
use crate::v2_2_1::tokens::TokenType;
use crate::{CiString, Private, Text, Value, Version};

/// Identity of an object among those of its owner.
pub trait Key: Clone + Debug + Eq + Hash + Ord + Send + Sync + 'static {
    /// Names of the path parameters.
    const PATH: &'static [&'static str];

    /// Appends the path segments and query parameters.
    fn encode(&self, to: &mut Outgoing);

    /// Reads the path parameters, starting with index `at`, and the query.
    ///
    /// # Errors
    /// When a part is missing or malformed.
    fn decode(from: &Incoming<'_>, at: usize) -> Result<Self, DecodeError>;

    /// Returns one text for the key, equal for equivalent spellings. Parts are separated by `/`.
    fn canonical(&self) -> String;

    /// Returns the other key that a path of this version may mean, if no object has this key. `None`: the path is
    /// unambiguous.
    ///
    /// In 2.1.1 the path of a Token does not contain its type.
    fn or_in(&self, _: Version) -> Option<Self> {
        None
    }

    /// Returns the part of the root object that a change feed names: the EVSE, for an EVSE and its Connectors. `None`
    /// for a root object.
    fn part(&self) -> Option<&str> {
        None
    }
}

/// A key, and the owner of the object.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Owned<K> {
    /// The owner.
    pub owner: Party,
    /// The identity among the owner's objects.
    pub key: K,
}

impl<K: Key> Owned<K> {
    /// Appends owner and key to the path and query, without anything in between.
    pub fn encode(&self, to: &mut Outgoing) {
        self.encode_in(&[], to);
    }

    /// The path of an object in a collection of its owner.
    pub(super) fn path_in(collection: &[&'static str]) -> Vec<Segment> {
        party_path().into_iter().chain(path_in::<K>(collection)).collect()
    }

    pub(super) fn encode_in(&self, collection: &[&str], to: &mut Outgoing) {
        encode_party(&self.owner, to);
        collection.iter().for_each(|part| to.segment(part));
        self.key.encode(to);
    }

    pub(super) fn decode(from: &Incoming<'_>) -> Result<Self, DecodeError> {
        Ok(Self { owner: decode_party(from)?, key: K::decode(from, 2)? })
    }
}

/// The path of an object in a collection.
pub(super) fn path_in<K: Key>(collection: &[&'static str]) -> Vec<Segment> {
    let fixed = collection.iter().copied().map(Segment::Fixed);
    fixed.chain(K::PATH.iter().copied().map(Segment::Parameter)).collect()
}

pub(super) fn party_path() -> [Segment; 2] {
    ["country_code", "party_id"].map(Segment::Parameter)
}

pub(super) fn encode_party(party: &Party, to: &mut Outgoing) {
    to.segment(party.country_code.as_str());
    to.segment(party.party_id.as_str());
}

pub(super) fn decode_party(from: &Incoming<'_>) -> Result<Party, DecodeError> {
    Ok(Party { country_code: from.id(0, "country_code")?, party_id: from.id(1, "party_id")? })
}

/// Declares a key of nothing but parts of the path.
#[doc(hidden)]
#[macro_export]
macro_rules! __keys {
    ($(
        $(#[doc = $doc:expr])+
        $name:ident $(in $within:ident)? { $($(#[doc = $pdoc:expr])+ $part:ident: $ty:ty,)+ }
    )+) => { $(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name {
            $($(#[doc = $pdoc])+ pub $part: $ty,)+
        }

        impl $crate::endpoint::Key for $name {
            const PATH: &'static [&'static str] = &[$(::core::stringify!($part)),+];

            fn encode(&self, to: &mut $crate::endpoint::Outgoing) {
                $(to.segment(self.$part.as_str());)+
            }

            fn decode(
                from: &$crate::endpoint::Incoming<'_>,
                at: usize,
            ) -> ::core::result::Result<Self, $crate::endpoint::DecodeError> {
                let mut parts = at..;
                let mut next = || parts.next().unwrap_or(usize::MAX);
                Ok(Self { $($part: from.id(next(), ::core::stringify!($part))?,)+ })
            }

            fn canonical(&self) -> ::std::string::String {
                [$($crate::macros::Part::canonical(&self.$part)),+].join("/")
            }

            $(
                fn part(&self) -> ::core::option::Option<&str> {
                    Some(self.$within.as_str())
                }
            )?
        }
    )+ };
}

pub(super) use crate::__keys as keys;

keys! {
    /// Identifies a Location.
    LocationKey {
        /// The Location.
        location_id: CiString<36>,
    }
    /// Identifies an EVSE.
    EvseKey in evse_uid {
        /// The Location it stands at.
        location_id: CiString<36>,
        /// The EVSE.
        evse_uid: CiString<36>,
    }
    /// Identifies a Connector.
    ConnectorKey in evse_uid {
        /// The Location it stands at.
        location_id: CiString<36>,
        /// The EVSE it belongs to.
        evse_uid: CiString<36>,
        /// The Connector.
        connector_id: CiString<36>,
    }
    /// Identifies a Session.
    SessionKey {
        /// The Session.
        session_id: CiString<36>,
    }
    /// Identifies a CDR.
    CdrKey {
        /// The CDR.
        cdr_id: CiString<39>,
    }
    /// Identifies a Tariff.
    TariffKey {
        /// The Tariff.
        tariff_id: CiString<36>,
    }
    /// Identifies an invoice reconciliation record.
    InvoiceReconciliationKey {
        /// The record.
        id: CiString<36>,
    }
    /// Identifies a payment terminal. It has no owner in its path.
    TerminalKey {
        /// The terminal.
        terminal_id: CiString<36>,
    }
    /// Identifies a financial advice confirmation. It has no owner in its path.
    FinancialAdviceConfirmationKey {
        /// The confirmation.
        financial_advice_confirmation_id: CiString<36>,
    }
    /// Identifies a booking.
    BookingKey {
        /// The booking.
        booking_id: CiString<36>,
    }
    /// Identifies a booking location.
    BookingLocationKey {
        /// The booking location.
        booking_location_id: CiString<36>,
    }
    /// Identifies a calendar of a booking location.
    CalendarKey {
        /// The booking location.
        booking_location_id: CiString<36>,
        /// The calendar.
        calendar_id: CiString<36>,
    }
}

/// A part of a key.
pub trait Part: FromStr + Value {
    /// Returns one text for equivalent spellings, without slashes.
    fn canonical(&self) -> String;
}

impl<const N: usize> Part for CiString<N> {
    fn canonical(&self) -> String {
        without_slash(&self.as_str().to_ascii_lowercase())
    }
}

impl<const N: usize> Part for Text<N> {
    fn canonical(&self) -> String {
        without_slash(self.as_str())
    }
}

impl<T: Part> Part for Private<T> {
    fn canonical(&self) -> String {
        (**self).canonical()
    }
}

fn without_slash(part: &str) -> String {
    part.replace('%', "%25").replace('/', "%2f")
}

/// Names of the type of a Token in the query. The second is that of the table in 2.1.1, whose paths have the first.
const TOKEN_TYPE: [&str; 2] = ["type", "token_type"];

/// The type of a Token as the query names it.
pub(super) fn token_type(from: &Incoming<'_>) -> Result<Option<String>, DecodeError> {
    let [first, second] = TOKEN_TYPE;
    match from.query(first)? {
        Some(kind) => Ok(Some(kind)),
        None => from.query(second),
    }
}

impl TokenKey {
    /// Whether a query contains the type of a Token.
    #[doc(hidden)]
    pub fn is_type_in(query: &[(String, String)]) -> bool {
        query.iter().any(|(name, text)| TOKEN_TYPE.contains(&name.as_str()) && !text.is_empty())
    }
}

impl Key for TokenKey {
    const PATH: &'static [&'static str] = &["token_uid"];

    fn encode(&self, to: &mut Outgoing) {
        to.segment(self.uid.as_str());
        to.query.push(("type", self.r#type.as_str().to_owned()));
    }

    fn decode(from: &Incoming<'_>, at: usize) -> Result<Self, DecodeError> {
        Ok(Self {
            uid: from.id(at, "token_uid")?,
            // Without a type, or with an empty one, it is a card.
            r#type: token_type(from)?.map_or(TokenType::Rfid, |kind| kind.as_str().into()),
        })
    }

    fn or_in(&self, version: Version) -> Option<Self> {
        let is_open = version < Version::V2_2 && self.r#type == TokenType::Rfid;
        is_open.then(|| Self { r#type: TokenType::Other, ..self.clone() })
    }

    fn canonical(&self) -> String {
        let kind = without_slash(&self.r#type.as_str().to_ascii_lowercase());
        format!("{}/{kind}", self.uid.canonical())
    }
}
