//! What identifies an object: the parts of its path.

use std::fmt::Debug;
use std::hash::Hash;

use super::{DecodeError, Incoming, Outgoing, Segment};
use crate::transport::Party;
use crate::v2_2_1::tokens::TokenType;
use crate::{CiString, Private};

/// The identity of an object inside its owner.
pub trait Key: Clone + Debug + Eq + Hash + Ord + Send + Sync + 'static {
    /// The names of the parts of the path.
    const PATH: &'static [&'static str];

    /// Appends the parts of path and query.
    fn encode(&self, to: &mut Outgoing);

    /// Reads the parts of the path, the first of which has the place `at`, and of the query.
    ///
    /// # Errors
    /// When a part is missing or malformed.
    fn decode(from: &Incoming<'_>, at: usize) -> Result<Self, DecodeError>;

    /// One text for the key, the same for spellings that are equal. Parts are separated by `/`.
    fn canonical(&self) -> String;
}

/// A key, and who owns the object.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Owned<K> {
    /// The owner.
    pub owner: Party,
    /// The identity inside the owner.
    pub key: K,
}

impl<K: Key> Owned<K> {
    pub(super) fn path() -> Vec<Segment> {
        ["country_code", "party_id"].iter().chain(K::PATH).map(|name| Segment::Parameter(name)).collect()
    }

    /// Appends the parts of path and query.
    pub fn encode(&self, to: &mut Outgoing) {
        to.segment(self.owner.country_code.as_str());
        to.segment(self.owner.party_id.as_str());
        self.key.encode(to);
    }

    pub(super) fn decode(from: &Incoming<'_>) -> Result<Self, DecodeError> {
        let owner = Party {
            country_code: from.parameter(0, "country_code")?,
            party_id: from.parameter(1, "party_id")?,
        };
        Ok(Self { owner, key: K::decode(from, 2)? })
    }
}

/// Declares a key of nothing but parts of the path.
macro_rules! keys {
    ($($(#[doc = $doc:expr])+ $name:ident { $($(#[doc = $pdoc:expr])+ $part:ident: $max:literal,)+ })+) => { $(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name {
            $($(#[doc = $pdoc])+ pub $part: CiString<$max>,)+
        }

        impl Key for $name {
            const PATH: &'static [&'static str] = &[$(stringify!($part)),+];

            fn encode(&self, to: &mut Outgoing) {
                $(to.segment(self.$part.as_str());)+
            }

            fn decode(from: &Incoming<'_>, at: usize) -> Result<Self, DecodeError> {
                let mut parts = at..;
                let mut next = || parts.next().unwrap_or(usize::MAX);
                Ok(Self { $($part: from.parameter(next(), stringify!($part))?,)+ })
            }

            fn canonical(&self) -> String {
                [$(canonical(self.$part.as_str())),+].join("/")
            }
        }
    )+ };
}

keys! {
    /// Identifies a Location.
    LocationKey {
        /// The Location.
        location_id: 36,
    }
    /// Identifies an EVSE.
    EvseKey {
        /// The Location it stands at.
        location_id: 36,
        /// The EVSE.
        evse_uid: 36,
    }
    /// Identifies a Connector.
    ConnectorKey {
        /// The Location it stands at.
        location_id: 36,
        /// The EVSE it belongs to.
        evse_uid: 36,
        /// The Connector.
        connector_id: 36,
    }
    /// Identifies a Session.
    SessionKey {
        /// The Session.
        session_id: 36,
    }
    /// Identifies a CDR.
    CdrKey {
        /// The CDR.
        cdr_id: 39,
    }
    /// Identifies a Tariff.
    TariffKey {
        /// The Tariff.
        tariff_id: 36,
    }
}

/// Lower case, and no slash inside a part.
fn canonical(part: &str) -> String {
    part.to_ascii_lowercase().replace('%', "%25").replace('/', "%2f")
}

/// Identifies a Token: its uid and its type.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct TokenKey {
    /// What the charge point reads.
    pub uid: Private<CiString<36>>,
    /// The type; `RFID` where a message does not say.
    pub r#type: TokenType,
}

impl Key for TokenKey {
    const PATH: &'static [&'static str] = &["token_uid"];

    fn encode(&self, to: &mut Outgoing) {
        to.segment(self.uid.as_str());
        to.query.push(("type", self.r#type.as_str().to_owned()));
    }

    fn decode(from: &Incoming<'_>, at: usize) -> Result<Self, DecodeError> {
        let kind: Option<String> = from.query("type")?;
        Ok(Self {
            uid: from.parameter(at, "token_uid")?,
            // Without a type, or with an empty one, it is a card.
            r#type: kind.filter(|kind| !kind.is_empty()).map_or(TokenType::Rfid, |kind| kind.as_str().into()),
        })
    }

    fn canonical(&self) -> String {
        format!("{}/{}", canonical(self.uid.as_str()), canonical(self.r#type.as_str()))
    }
}
