//! Objects of any version, and the conversion between versions.

use std::fmt;

use super::edition_2_2::{completed, fitted};
use super::{Context, Conversion, ConversionError, ConversionRule, Entry, Ledger, Step, Unsupported};
use crate::json::{self, Read, Reading, WritingStyle, Written};
use crate::protocol::Party;
use crate::{CiString, Value, Version};

/// A kind of object, independent of the version: its type in each version, and the steps between them.
///
/// The kinds of the specification are in [`kind`](super::kind). A custom module can have its own.
pub trait Kind: Sized + 'static {
    /// Name of the kind.
    const NAME: &'static str;
    /// Type in 2.1.1; [`Absent`](super::Absent) if the version has none.
    type V2_1_1: Value;
    /// Type in 2.2.1.
    type V2_2_1: Value;
    /// Type in 2.3.0.
    type V2_3_0: Value;

    /// Converts from 2.1.1 to 2.2.1.
    ///
    /// # Errors
    /// When there is no counterpart.
    fn up_from_2_1_1(value: Self::V2_1_1, run: &mut Step<'_>) -> Result<Self::V2_2_1, Unsupported>;

    /// Converts from 2.2.1 to 2.3.0.
    ///
    /// # Errors
    /// When there is no counterpart.
    fn up_from_2_2_1(value: Self::V2_2_1, run: &mut Step<'_>) -> Result<Self::V2_3_0, Unsupported>;

    /// Converts from 2.3.0 to 2.2.1.
    ///
    /// # Errors
    /// When there is no counterpart.
    fn down_from_2_3_0(value: Self::V2_3_0, run: &mut Step<'_>) -> Result<Self::V2_2_1, Unsupported>;

    /// Converts from 2.2.1 to 2.1.1.
    ///
    /// # Errors
    /// When there is no counterpart.
    fn down_from_2_2_1(value: Self::V2_2_1, run: &mut Step<'_>) -> Result<Self::V2_1_1, Unsupported>;
}

/// A type that belongs to a kind, in one or more versions.
///
/// ```
/// use ocpi_types::convert::{Context, Kind, Ledger, OfKind, SpecVersion, V2_2_1, convert};
/// use ocpi_types::{json, v2_3_0::tokens::LocationReferences};
///
/// /// Reads what a partner of 2.2.1 sent as an object of the application's version `A`.
/// fn read_2_2_1<A: SpecVersion, K: Kind>(text: &[u8]) -> Result<A::Of<K>, Box<dyn std::error::Error>> {
///     let value = json::from_slice(text)?;
///     Ok(convert::<K, V2_2_1, A>(value, &Context::default(), &mut Ledger::new())?)
/// }
///
/// type LocationReferencesKind = <LocationReferences as OfKind>::Kind;
/// let references = read_2_2_1::<ocpi_types::convert::V2_3_0, LocationReferencesKind>(br#"{"location_id": "L1"}"#)?;
/// assert_eq!(references.location_id.as_str(), "L1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait OfKind: Value {
    /// Kind of the type. A type that serves two kinds has the kind with its name.
    type Kind: Kind;
    /// The newest version with this type.
    const NEWEST: Version;

    /// Returns the Location that a conversion to 2.1.1 will request from [`Lookup`](super::Lookup).
    fn embeds(&self) -> Option<Embedded> {
        None
    }

    /// Converts the object to another version, through the versions between them. The source version is the newest of
    /// those that share the type.
    ///
    /// ```
    /// use ocpi_types::convert::{Context, Ledger, OfKind, V2_1_1};
    /// use ocpi_types::{json, v2_3_0::locations::Connector};
    /// let connector: Connector = json::from_str(r#"{"id": "1", "standard": "IEC_62196_T2", "format": "SOCKET",
    ///     "power_type": "AC_3_PHASE", "max_voltage": 230, "max_amperage": 32, "tariff_ids": ["DAY"],
    ///     "last_updated": "2026-01-01T00:00:00Z"}"#)?;
    /// let old = connector.convert_to::<V2_1_1>(&Context::default(), &mut Ledger::new())?;
    /// assert_eq!((old.voltage, old.tariff_id), (230, "DAY".parse().ok()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the version cannot express it. The ledger is then unchanged.
    fn convert_to<V: SpecVersion>(
        self,
        context: &Context<'_>,
        ledger: &mut Ledger,
    ) -> Result<V::Of<Self::Kind>, ConversionError> {
        V::of_any(self.into_any(), context, ledger)
    }

    /// Wraps the object as one of that version.
    fn into_any(self) -> AnyVersion<Self::Kind>;

    /// Converts an object of any version to this type.
    ///
    /// # Errors
    /// When this type cannot express it. The ledger is then unchanged.
    fn of_any(
        any: AnyVersion<Self::Kind>,
        context: &Context<'_>,
        ledger: &mut Ledger,
    ) -> Result<Self, ConversionError>;
}

/// A Location that an older version embeds and a newer one refers to.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Embedded {
    /// Owner of the Location.
    pub owner: Party,
    /// Id of the Location.
    pub location_id: CiString<36>,
}

/// A version, as a type: [`V2_1_1`], [`V2_2_1`] or [`V2_3_0`].
///
/// Sealed: implemented for the supported versions only.
pub trait SpecVersion: sealed::Sealed + fmt::Debug + Sized + Send + Sync + 'static {
    /// The version.
    const VERSION: Version;

    /// The type of a kind of object in this version.
    type Of<K: Kind>: Value;

    /// Wraps an object of this version as one of any version.
    fn wrap<K: Kind>(value: Self::Of<K>) -> AnyVersion<K>;

    /// Converts an object of any version to this version.
    ///
    /// # Errors
    /// When this version cannot express it.
    fn of_any<K: Kind>(
        any: AnyVersion<K>,
        context: &Context<'_>,
        ledger: &mut Ledger,
    ) -> Result<Self::Of<K>, ConversionError>;
}

mod sealed {
    #[expect(unnameable_types, reason = "nobody else may implement it")]
    pub trait Sealed {}
}

/// Converts an object of one version to another, through the versions between them.
///
/// # Errors
/// When the other version cannot express the object. The ledger is then unchanged.
pub fn convert<K: Kind, From: SpecVersion, To: SpecVersion>(
    value: From::Of<K>,
    context: &Context<'_>,
    ledger: &mut Ledger,
) -> Result<To::Of<K>, ConversionError> {
    To::of_any(From::wrap::<K>(value), context, ledger)
}

/// An object in one of the versions.
///
/// ```
/// use ocpi_types::convert::{AnyVersion, Context, Ledger, SpecVersion, V2_3_0, kind};
/// use ocpi_types::Version;
/// // The version of the wire is known at run time only.
/// let sent = AnyVersion::<kind::Version>::read(Version::V2_1_1, br#"{"version": "2.1.1", "url": "https://example.com/"}"#)?;
/// let version = V2_3_0::of_any(sent.value, &Context::default(), &mut Ledger::new())?;
/// assert_eq!(version.version.as_str(), "2.1.1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub enum AnyVersion<K: Kind> {
    /// The object in 2.1.1.
    V2_1_1(K::V2_1_1),
    /// The object in 2.2.1.
    V2_2_1(K::V2_2_1),
    /// The object in 2.3.0.
    V2_3_0(K::V2_3_0),
}

impl<K: Kind> AnyVersion<K> {
    /// Reads an object of a version, tolerating deviations. An object of 2.2 is read as one of 2.2.1; a Session or CDR
    /// must then contain the owner of its token, see [`AnyVersion::read_in`].
    ///
    /// # Errors
    /// As [`json::read`].
    pub fn read(version: Version, text: &[u8]) -> Result<Read<Self>, json::Error> {
        fn read<K: Kind, T: Value>(
            text: &[u8],
            wrap: fn(T) -> AnyVersion<K>,
        ) -> Result<Read<AnyVersion<K>>, json::Error> {
            json::read(text).map(|Read { value, findings }| Read { value: wrap(value), findings })
        }
        match version {
            Version::V2_1_1 => read(text, Self::V2_1_1),
            Version::V2_2 | Version::V2_2_1 => read(text, Self::V2_2_1),
            Version::V2_3_0 => read(text, Self::V2_3_0),
        }
    }

    /// Reads an object as [`AnyVersion::read`] does, in a context that supplies the token owner of a Session or CDR of
    /// 2.2; the ledger then has an entry for it.
    ///
    /// ```
    /// use ocpi_types::convert::{AnyVersion, Context, Ledger, OfKind, SpecVersion, V2_2_1, kind};
    /// use ocpi_types::protocol::Party;
    /// use ocpi_types::Version;
    /// let session = br#"{"country_code": "NL", "party_id": "ALF", "id": "S1", "start_date_time": "2026-01-01T00:00:00Z",
    ///     "kwh": 1, "cdr_token": {"uid": "04A2", "type": "RFID", "contract_id": "C1"}, "auth_method": "WHITELIST",
    ///     "location_id": "L1", "evse_uid": "E1", "connector_id": "1", "currency": "EUR", "status": "ACTIVE",
    ///     "last_updated": "2026-01-01T00:00:00Z"}"#;
    /// let context = Context { emsp: Some(Party::new("DE", "EMP")?), ..Context::default() };
    /// let mut ledger = Ledger::new();
    /// let read = AnyVersion::<kind::Session>::read_in(Version::V2_2, session, &context, &mut ledger)?;
    /// let session = V2_2_1::of_any(read.value, &context, &mut ledger)?;
    /// assert_eq!(session.cdr_token.party_id.as_str(), "EMP");
    /// assert_eq!(ledger.entries()[0].pointer(), "/cdr_token/country_code");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`json::read`].
    pub fn read_in(
        version: Version,
        text: &[u8],
        context: &Context<'_>,
        ledger: &mut Ledger,
    ) -> Result<Read<Self>, json::Error> {
        if version != Version::V2_2 {
            return Self::read(version, text);
        }
        let item = completed(json::read_item::<K::V2_2_1>(text)?, context, ledger);
        match item.reading {
            Reading::Whole(value) => Ok(Read { value: Self::V2_2_1(value), findings: item.findings }),
            // Which fails, and says why.
            Reading::Partial(_) | Reading::Unreadable(_) => Self::read(version, text),
        }
    }

    /// Writes the object as JSON.
    pub fn to_vec(&self) -> Vec<u8> {
        match self {
            Self::V2_1_1(value) => json::to_vec(value),
            Self::V2_2_1(value) => json::to_vec(value),
            Self::V2_3_0(value) => json::to_vec(value),
        }
    }

    /// Writes the object in the style of a partner.
    pub fn write_for(&self, style: &WritingStyle) -> Written {
        match self {
            Self::V2_1_1(value) => json::write_for(value, style),
            Self::V2_2_1(value) => json::write_for(value, style),
            Self::V2_3_0(value) => json::write_for(value, style),
        }
    }

    /// Returns the version of the object.
    pub fn version(&self) -> Version {
        match self {
            Self::V2_1_1(_) => Version::V2_1_1,
            Self::V2_2_1(_) => Version::V2_2_1,
            Self::V2_3_0(_) => Version::V2_3_0,
        }
    }

    /// Converts the object to a version. In its own version it is unchanged, and the ledger lists its texts that will
    /// not be written.
    ///
    /// # Errors
    /// When the version cannot express it. The ledger is then unchanged.
    pub fn convert(
        self,
        to: Version,
        context: &Context<'_>,
        ledger: &mut Ledger,
    ) -> Result<Self, ConversionError> {
        if to == self.version() {
            self.tell_unwritten(ledger);
            return Ok(self);
        }
        match to {
            Version::V2_1_1 => V2_1_1::of_any(self, context, ledger).map(Self::V2_1_1),
            Version::V2_2 => self.convert_to_2_2(context, ledger).map(Self::V2_2_1),
            Version::V2_2_1 => V2_2_1::of_any(self, context, ledger).map(Self::V2_2_1),
            Version::V2_3_0 => V2_3_0::of_any(self, context, ledger).map(Self::V2_3_0),
        }
    }

    /// The object in 2.2, in the type of 2.2.1.
    pub(crate) fn convert_to_2_2(
        self,
        context: &Context<'_>,
        ledger: &mut Ledger,
    ) -> Result<K::V2_2_1, ConversionError> {
        let noted = ledger.len();
        let value = V2_2_1::of_any(self, context, ledger)?;
        fitted(K::NAME, value, context, ledger, noted)
    }
}

impl<K: Kind> AnyVersion<K> {
    /// Tells the texts that would not be written. Nothing is downgraded, because the version is the same.
    fn tell_unwritten(&self, ledger: &mut Ledger) {
        let mut told = Ledger::new();
        let mut run = Conversion::new(&mut told, self.version(), self.version());
        let _ = match self.clone() {
            Self::V2_1_1(mut value) => value.downgrade(&mut run),
            Self::V2_2_1(mut value) => value.downgrade(&mut run),
            Self::V2_3_0(mut value) => value.downgrade(&mut run),
        };
        let is_unwritten =
            |entry: &Entry| matches!(entry.rule, ConversionRule::Duplicate | ConversionRule::PartUnreadable);
        ledger.append(told.take().into_iter().filter(is_unwritten).collect());
    }
}

impl<K: Kind> Clone for AnyVersion<K> {
    fn clone(&self) -> Self {
        match self {
            Self::V2_1_1(value) => Self::V2_1_1(value.clone()),
            Self::V2_2_1(value) => Self::V2_2_1(value.clone()),
            Self::V2_3_0(value) => Self::V2_3_0(value.clone()),
        }
    }
}

impl<K: Kind> PartialEq for AnyVersion<K> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::V2_1_1(one), Self::V2_1_1(other)) => one == other,
            (Self::V2_2_1(one), Self::V2_2_1(other)) => one == other,
            (Self::V2_3_0(one), Self::V2_3_0(other)) => one == other,
            _ => false,
        }
    }
}

impl<K: Kind> fmt::Debug for AnyVersion<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V2_1_1(value) => f.debug_tuple("V2_1_1").field(value).finish(),
            Self::V2_2_1(value) => f.debug_tuple("V2_2_1").field(value).finish(),
            Self::V2_3_0(value) => f.debug_tuple("V2_3_0").field(value).finish(),
        }
    }
}

macro_rules! releases {
    ($($(#[doc = $doc:literal])+ $name:ident { $($from:ident by [$($step:ident $step_from:ident $step_to:ident)*];)+ })+) => { $(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}

        impl sealed::Sealed for $name {}

        impl SpecVersion for $name {
            const VERSION: Version = Version::$name;
            type Of<K: Kind> = K::$name;

            fn wrap<K: Kind>(value: Self::Of<K>) -> AnyVersion<K> {
                AnyVersion::$name(value)
            }

            fn of_any<K: Kind>(
                any: AnyVersion<K>,
                context: &Context<'_>,
                ledger: &mut Ledger,
            ) -> Result<Self::Of<K>, ConversionError> {
                let noted = ledger.len();
                match any {
                    $(AnyVersion::$from(value) => {
                        let result = Ok(value);
                        $(
                            let result = match result {
                                Ok(value) => {
                                    let versions = (Version::$step_from, Version::$step_to);
                                    Step::run(context, ledger, versions, noted, value, K::$step)
                                }
                                Err(error) => Err(error),
                            };
                        )*
                        let _ = noted;
                        result
                    })+
                }
            }
        }
    )+ };
}

releases! {
    /// OCPI 2.1.1.
    V2_1_1 {
        V2_1_1 by [];
        V2_2_1 by [down_from_2_2_1 V2_2_1 V2_1_1];
        V2_3_0 by [down_from_2_3_0 V2_3_0 V2_2_1 down_from_2_2_1 V2_2_1 V2_1_1];
    }
    /// OCPI 2.2.1.
    V2_2_1 {
        V2_1_1 by [up_from_2_1_1 V2_1_1 V2_2_1];
        V2_2_1 by [];
        V2_3_0 by [down_from_2_3_0 V2_3_0 V2_2_1];
    }
    /// OCPI 2.3.0.
    V2_3_0 {
        V2_1_1 by [up_from_2_1_1 V2_1_1 V2_2_1 up_from_2_2_1 V2_2_1 V2_3_0];
        V2_2_1 by [up_from_2_2_1 V2_2_1 V2_3_0];
        V2_3_0 by [];
    }
}
