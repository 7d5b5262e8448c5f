//! Rulesets: a version, its editions and branches, or a country's additional requirements.

use crate::{Version, Versions};

/// Ruleset to check against.
///
/// ```
/// use ocpi_types::{Ruleset, Version};
/// assert_eq!(Ruleset::named("ndw-dot-nl"), Some(&Ruleset::NDW_DOT_NL));
/// assert_eq!(Ruleset::of(Version::V2_3_0).name(), "2.3.0");
/// ```
#[derive(Debug, Eq, PartialEq)]
pub struct Ruleset {
    name: &'static str,
    about: &'static str,
    pub(crate) version: Version,
    /// The version, and the branches that may be used.
    pub(crate) documents: Versions,
    /// Whether the document is of before the lengths of a few fields grew.
    pub(crate) narrow: bool,
    /// Members that the specification leaves open and the profile does not: object and member.
    pub(crate) demands: &'static [(&'static str, &'static str)],
}

/// The lengths, in characters, that grew since the narrow editions: object, member, and the length of old.
const NARROW: &[(&str, &str, usize)] =
    &[("Location", "address", 45), ("Location", "state", 20), ("SignedValue", "plain_data", 512)];

/// The length that a member has in the narrow editions, if it has grown since.
pub(crate) fn narrow_length(object: &str, member: &str) -> Option<usize> {
    NARROW.iter().find(|(known, name, _)| *known == object && *name == member).map(|(_, _, chars)| *chars)
}

impl Ruleset {
    /// OCPI 2.1.1.
    pub const V2_1_1: Self = Self::plain(Version::V2_1_1, "2.1.1", "OCPI 2.1.1");
    /// OCPI 2.2.1, current document.
    pub const V2_2_1: Self = Self::plain(Version::V2_2_1, "2.2.1", "OCPI 2.2.1");
    /// OCPI 2.2.1, revision d2, with shorter maximum lengths: for partners that still use it.
    pub const V2_2_1_D2: Self = Self {
        narrow: true,
        ..Self::plain(Version::V2_2_1, "2.2.1-d2", "OCPI 2.2.1, revision d2: narrower lengths")
    };
    /// OCPI 2.3.0, edition 2.
    pub const V2_3_0: Self = Self::plain(Version::V2_3_0, "2.3.0", "OCPI 2.3.0, edition 2");
    /// OCPI 2.3.0, edition 1, with shorter maximum lengths.
    pub const V2_3_0_ED1: Self = Self {
        narrow: true,
        ..Self::plain(Version::V2_3_0, "2.3.0-ed1", "OCPI 2.3.0, edition 1: narrower lengths")
    };
    /// OCPI 2.3.0 with the branch Payments.
    pub const V2_3_0_PAYMENTS: Self = Self {
        documents: Versions::of(Version::V2_3_0).with(Versions::PAYMENTS),
        ..Self::plain(Version::V2_3_0, "2.3.0-payments", "OCPI 2.3.0 with Payments")
    };
    /// OCPI 2.3.0 with the branch Bookings, which is built on edition 1.
    pub const V2_3_0_BOOKINGS: Self = Self {
        documents: Versions::of(Version::V2_3_0).with(Versions::BOOKINGS),
        narrow: true,
        ..Self::plain(Version::V2_3_0, "2.3.0-bookings", "OCPI 2.3.0 with Bookings")
    };
    /// United Kingdom: Public Charge Point Regulations 2023 (SI 2023/1168). Open data by OCPI 2.2.1; makes no further
    /// member mandatory.
    pub const UK_PCPR: Self =
        Self::plain(Version::V2_2_1, "uk-pcpr", "UK Public Charge Point Regulations 2023: OCPI 2.2.1");
    /// Netherlands: DOT-NL of NDW. OCPI 2.2.1, with some optional members made mandatory.
    pub const NDW_DOT_NL: Self = Self {
        demands: &[
            ("Location", "opening_times"),
            ("Location", "energy_mix"),
            ("EVSE", "parking_restrictions"),
            ("Connector", "max_electric_power"),
            ("Connector", "tariff_ids"),
        ],
        ..Self::plain(Version::V2_2_1, "ndw-dot-nl", "NDW DOT-NL: OCPI 2.2.1 with mandatory members")
    };
    /// United States: NEVI standards, 23 CFR 680.108(c). Networks capable of OCPI 2.2.1; makes no further member
    /// mandatory.
    pub const NEVI: Self = Self::plain(Version::V2_2_1, "nevi", "US NEVI, 23 CFR 680: OCPI 2.2.1");

    /// All rulesets.
    pub const ALL: &'static [&'static Self] = &[
        &Self::V2_1_1,
        &Self::V2_2_1,
        &Self::V2_2_1_D2,
        &Self::V2_3_0,
        &Self::V2_3_0_ED1,
        &Self::V2_3_0_PAYMENTS,
        &Self::V2_3_0_BOOKINGS,
        &Self::UK_PCPR,
        &Self::NDW_DOT_NL,
        &Self::NEVI,
    ];

    const fn plain(version: Version, name: &'static str, about: &'static str) -> Self {
        Self { name, about, version, documents: Versions::of(version), narrow: false, demands: &[] }
    }

    /// Returns the ruleset of a version's current document, without branches. For 2.2, it is that of 2.2.1.
    pub const fn of(version: Version) -> &'static Self {
        match version {
            Version::V2_1_1 => &Self::V2_1_1,
            // Of 2.2 nothing is checked that 2.2.1 does not say, too.
            Version::V2_2 | Version::V2_2_1 => &Self::V2_2_1,
            Version::V2_3_0 => &Self::V2_3_0,
        }
    }

    /// Finds a ruleset by its name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().copied().find(|profile| profile.name == name)
    }

    /// Returns the name, as used on the command line: `ndw-dot-nl`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns a one-line description.
    pub const fn about(&self) -> &'static str {
        self.about
    }

    /// Whether it is an edition with shorter maximum lengths.
    pub const fn is_narrow(&self) -> bool {
        self.narrow
    }

    /// Returns the version.
    pub const fn version(&self) -> Version {
        self.version
    }
}
