//! Normal form of the data in CDRs and sessions of all versions.

mod dimensions;
mod from_messages;

use std::sync::Arc;

use ocpi_types::v2_2_1::cdrs::{AuthMethod, CdrLocation, SignedData};
use ocpi_types::v2_2_1::sessions::SessionStatus;
use ocpi_types::{CiString, CountryCode, DateTime, Decimal, PartyId, Private, Text, Version};

pub(super) use dimensions::{Dimension, Dimensions};

use super::Finding;
use crate::bill::Category;
use crate::{TariffModel, Usage};

/// Data stated by a CDR, independent of the version of OCPI.
///
/// ```
/// use ocpi_pricing::audit::{Audit, Case, CdrClaims};
/// # fn audit(cdr: &ocpi_types::v2_2_1::cdrs::Cdr) {
/// let claims = CdrClaims::from(cdr);
/// assert_eq!(claims.id(), cdr.id.as_str());
/// let report = Audit::new().case(&Case::of(claims));
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct CdrClaims {
    pub(super) version: Version,
    pub(super) id: Box<str>,
    pub(super) owner: Option<(CountryCode, PartyId)>,
    pub(super) stay: Stay,
    pub(super) session_id: Option<Box<str>>,
    pub(super) plans: Vec<Arc<TariffModel>>,
    pub(super) total: Money,
    /// In the order of the categories.
    pub(super) parts: [Option<Money>; 5],
    pub(super) total_time: Decimal,
    pub(super) parking_time: Option<Decimal>,
    pub(super) credit_reference: Option<Box<str>>,
    /// Members that only the audit of a credit CDR looks at; `None`: the version has no credit CDRs.
    pub(super) copied: Option<Box<Copied>>,
    /// Findings of the check of `ocpi-types` that an audit reports too.
    pub(super) checked: Vec<Finding>,
}

/// Members that a credit CDR copies and nothing else looks at.
#[derive(Clone, Debug)]
pub(super) struct Copied {
    pub(super) location: CdrLocation,
    pub(super) meter_id: Option<Text<255>>,
    pub(super) booking_id: Option<CiString<36>>,
    pub(super) signed_data: Private<Option<Box<SignedData>>>,
    pub(super) home_charging_compensation: bool,
}

/// Data stated by a session, independent of the version of OCPI.
#[derive(Clone, Debug)]
pub struct SessionClaims {
    pub(super) id: Box<str>,
    pub(super) owner: Option<(CountryCode, PartyId)>,
    pub(super) stay: Stay,
    pub(super) status: SessionStatus,
    pub(super) total: Option<Money>,
}

/// Claims that CDRs and sessions have in common.
#[derive(Clone, Debug)]
pub(super) struct Stay {
    pub(super) usage: Usage,
    pub(super) dimensions: Dimensions,
    pub(super) energy: Decimal,
    /// All that tells one driver's contract from others, by [`TOKEN_MEMBERS`] or only the id of 2.1.1.
    pub(super) token: Private<Vec<Box<str>>>,
    pub(super) auth_method: AuthMethod,
    pub(super) reference: Private<Option<Box<str>>>,
    /// Location, EVSE and connector.
    pub(super) place: [Option<Box<str>>; 3],
    pub(super) last_updated: DateTime,
}

/// The members of a token that tell one driver's contract from others.
pub(super) const TOKEN_MEMBERS: [&str; 5] = ["country_code", "party_id", "uid", "type", "contract_id"];

/// An amount as it is written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Money {
    /// Without tax.
    pub(super) before: Decimal,
    /// With tax.
    pub(super) after: Option<Decimal>,
    /// Each tax, of 2.3.0.
    pub(super) taxes: Vec<TaxClaim>,
}

/// A tax on an amount.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct TaxClaim {
    pub(super) name: Text<0>,
    /// In percent.
    pub(super) rate: Option<Decimal>,
    pub(super) amount: Decimal,
}

/// Pointers to members of the CDR of a version.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) end: &'static str,
    /// In an amount: without tax.
    pub(super) before: &'static str,
    /// In an amount: with tax.
    pub(super) after: &'static str,
    pub(super) token: &'static str,
    pub(super) place: [&'static str; 3],
}

const NAMES_2_1_1: Names = Names {
    end: "/stop_date_time",
    before: "",
    after: "",
    token: "/auth_id",
    place: ["/location/id", "/location/evses/0/uid", "/location/evses/0/connectors/0/id"],
};

const NAMES_2_2_1: Names = Names {
    end: "/end_date_time",
    before: "/excl_vat",
    after: "/incl_vat",
    token: "/cdr_token",
    place: ["/cdr_location/id", "/cdr_location/evse_uid", "/cdr_location/connector_id"],
};

const NAMES_2_3_0: Names = Names { before: "/before_taxes", after: "/taxes", ..NAMES_2_2_1 };

impl CdrClaims {
    /// Returns the id of the CDR.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the id of the session of the CDR.
    pub fn session_id(&self) -> Option<&str> {
        self.session_id.as_deref()
    }

    /// Returns the id of the CDR that this one credits.
    pub fn credit_reference_id(&self) -> Option<&str> {
        self.credit_reference.as_deref()
    }

    pub(super) fn names(&self) -> &'static Names {
        match self.version {
            Version::V2_1_1 => &NAMES_2_1_1,
            Version::V2_2 | Version::V2_2_1 => &NAMES_2_2_1,
            Version::V2_3_0 => &NAMES_2_3_0,
        }
    }

    pub(super) fn is_credit(&self) -> bool {
        self.stay.usage.is_credit
    }
}

impl SessionClaims {
    /// Returns the id of the session.
    pub fn id(&self) -> &str {
        &self.id
    }
}

/// The member of a CDR with a part of the cost.
pub(super) fn part_pointer(category: Category) -> &'static str {
    match category {
        Category::Energy => "/total_energy_cost",
        Category::Time => "/total_time_cost",
        Category::Parking => "/total_parking_cost",
        Category::Fixed => "/total_fixed_cost",
        Category::Reservation => "/total_reservation_cost",
    }
}
