//! The versions of OCPI this library knows, and sets of them.

use std::fmt;

/// A version of OCPI, oldest first. Adding a variant is a breaking change, on purpose: code that distinguishes versions
/// has to handle it.
///
/// A versions list contains [`VersionNumber`](crate::VersionNumber)s, which may be any text; this is the closed list of
/// versions that the library implements.
///
/// ```
/// use ocpi_types::Version;
/// assert!(Version::V2_2_1 < Version::V2_3_0);
/// assert_eq!("2.3.0".parse(), Ok(Version::V2_3_0));
/// assert!("2.0".parse::<Version>().is_err());
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Version {
    /// OCPI 2.1.1.
    V2_1_1,
    /// OCPI 2.2, the first edition of 2.2.1: its types are those of 2.2.1, and its messages differ in a few members and
    /// values, see [`Version::edition_of`].
    V2_2,
    /// OCPI 2.2.1.
    V2_2_1,
    /// OCPI 2.3.0.
    V2_3_0,
}

impl Version {
    /// Versions with types of their own, oldest first.
    pub const ALL: &'static [Self] = &[Self::V2_1_1, Self::V2_2_1, Self::V2_3_0];

    /// Versions that can be used with a partner, oldest first: [`ALL`](Self::ALL), and the edition 2.2.
    pub const SPOKEN: &'static [Self] = &[Self::V2_1_1, Self::V2_2, Self::V2_2_1, Self::V2_3_0];

    /// Returns the version whose types this version has: 2.2.1 for 2.2, otherwise the version itself.
    ///
    /// Against 2.2.1, a `CdrToken` of 2.2 does not name its owner, which is that of the connection; a `CdrLocation` has a
    /// postal code; and a few values of `PowerType`, `ConnectorType` and `Capability` are not there. Members that 2.2.1 has
    /// added are unknown ones in 2.2, which are ignored.
    ///
    /// Spec: 2.2.1 changelog §changes_between_ocpi_2.2_and_2.2.1
    ///
    /// ```
    /// use ocpi_types::Version;
    /// assert_eq!(Version::V2_2.edition_of(), Version::V2_2_1);
    /// assert_eq!(Version::V2_3_0.edition_of(), Version::V2_3_0);
    /// ```
    #[must_use]
    pub const fn edition_of(self) -> Self {
        match self {
            Self::V2_2 => Self::V2_2_1,
            other => other,
        }
    }

    /// The version as it is written in URLs and messages: `2.2.1`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V2_1_1 => "2.1.1",
            Self::V2_2 => "2.2",
            Self::V2_2_1 => "2.2.1",
            Self::V2_3_0 => "2.3.0",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Version {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        Self::SPOKEN.iter().copied().find(|version| version.as_str() == text).ok_or(UnknownVersion)
    }
}

/// The text names no version of OCPI that this library implements.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a version of OCPI that this library implements (2.1.1, 2.2, 2.2.1, 2.3.0)")]
pub struct UnknownVersion;

/// A set of documents: in which an enum is open, or has a value, or an object has a member.
///
/// A document is a version, or the additions of a branch to one: 2.3.0 has Payments and Bookings.
///
/// ```
/// use ocpi_types::{Version, Versions};
/// assert!(Versions::V2_3_0_UP.contains(Version::V2_3_0));
/// assert!(!Versions::V2_3_0_UP.contains(Version::V2_2_1));
/// assert!(!Versions::PAYMENTS.contains(Version::V2_3_0));
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct Versions(u32);

impl Versions {
    /// Every document.
    pub const ALL: Self = Self::since(Version::V2_1_1);
    /// No document.
    pub const NEVER: Self = Self(0);
    /// 2.1.1 only.
    pub const V2_1_1: Self = Self::of(Version::V2_1_1);
    /// 2.2.1 only.
    pub const V2_2_1: Self = Self::of(Version::V2_2_1);
    /// 2.2.1 and older.
    pub const V2_2_1_DOWN: Self = Self::V2_1_1.with(Self::of(Version::V2_2)).with(Self::V2_2_1);
    /// 2.2 and newer, with the branches of 2.3.0.
    pub const V2_2_UP: Self = Self::since(Version::V2_2);
    /// 2.2.1 and newer, with the branches of 2.3.0.
    pub const V2_2_1_UP: Self = Self::since(Version::V2_2_1);
    /// 2.3.0 and newer, with its branches.
    pub const V2_3_0_UP: Self = Self::since(Version::V2_3_0);
    /// Additions of the branch Payments to 2.3.0.
    pub const PAYMENTS: Self = Self::branch(0);
    /// Additions of the branch Bookings to 2.3.0.
    pub const BOOKINGS: Self = Self::branch(1);

    /// The version alone, without branches.
    pub const fn of(version: Version) -> Self {
        Self(1 << version as u32)
    }

    /// A branch. They stand in the upper half: no version that is added meets one of them.
    const fn branch(number: u32) -> Self {
        Self(1 << (16 + number))
    }

    /// The version and all newer ones, with the branches of 2.3.0.
    const fn since(oldest: Version) -> Self {
        let mut set = Self::PAYMENTS.with(Self::BOOKINGS);
        let mut i = 0;
        while i < Version::SPOKEN.len() {
            if Version::SPOKEN[i] as u32 >= oldest as u32 {
                set = set.with(Self::of(Version::SPOKEN[i]));
            }
            i += 1;
        }
        set
    }

    /// Union of the two sets.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the set holds `version`.
    pub const fn contains(self, version: Version) -> bool {
        self.meets(Self::of(version))
    }

    /// Whether the set holds `version`, or a branch of it: a platform of 2.3.0 may have the modules of its branches.
    ///
    /// ```
    /// use ocpi_types::{Version, Versions};
    /// assert!(Versions::BOOKINGS.contains_or_branches(Version::V2_3_0));
    /// assert!(!Versions::BOOKINGS.contains_or_branches(Version::V2_2_1));
    /// ```
    pub const fn contains_or_branches(self, version: Version) -> bool {
        let branches = match version {
            Version::V2_1_1 | Version::V2_2 | Version::V2_2_1 => Self::NEVER,
            Version::V2_3_0 => Self::PAYMENTS.with(Self::BOOKINGS),
        };
        self.meets(Self::of(version).with(branches))
    }

    /// Whether the sets have a document in common.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}
