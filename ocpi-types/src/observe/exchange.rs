//! Exchanges: a request with its response, as shown to observers.

use http::Method;

use crate::Version;
use crate::endpoint::{Endpoint, Mount, Segment};
use crate::protocol::PartnerId;
use crate::v2_2_1::versions::{InterfaceRole, ModuleId};

/// Direction of a request.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Direction {
    /// A partner sent it to us.
    Inbound,
    /// We sent it to a partner.
    Outbound,
    /// Not a request: an event outside of exchanges.
    Internal,
}

impl Direction {
    /// Returns the name: `inbound`, `outbound`, `internal`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
            Self::Internal => "internal",
        }
    }
}

/// A request with its response, as far as known: names and ids of messages, none of drivers.
///
/// ```
/// use ocpi_types::observe::{Direction, Exchange};
/// let partner = "cpo".parse()?;
/// let mut exchange = Exchange::new(Direction::Inbound);
/// exchange.partner = Some(&partner);
/// # Ok::<(), ocpi_types::protocol::PartnerIdError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Exchange<'a> {
    /// Direction of the request.
    pub direction: Direction,
    /// The partner; `None` if its token is unknown.
    pub partner: Option<&'a PartnerId>,
    /// The version in use.
    pub version: Option<Version>,
    /// The method.
    pub method: Option<&'a Method>,
    /// Name of the endpoint, such as `Put<EVSE>`; `None` if the URL belongs to none.
    pub endpoint: Option<&'a str>,
    /// Template of the path: see [`template`].
    pub template: Option<&'a str>,
    /// The header `X-Request-ID`, if it is well-formed. The sender of the request chose it.
    pub request_id: Option<&'a str>,
    /// The header `X-Correlation-ID`, if it is well-formed. The first sender of the message chose it.
    pub correlation_id: Option<&'a str>,
}

impl Exchange<'_> {
    /// Creates an exchange of which only the direction is known.
    pub const fn new(direction: Direction) -> Self {
        Self {
            direction,
            partner: None,
            version: None,
            method: None,
            endpoint: None,
            template: None,
            request_id: None,
            correlation_id: None,
        }
    }
}

/// Returns the path template of an endpoint, the same on both sides, for all versions and all URLs of partners.
///
/// ```
/// use ocpi_types::endpoint::{GetVersionDetails, Put};
/// use ocpi_types::observe::template;
/// use ocpi_types::v2_3_0::tokens::Token;
/// assert_eq!(template::<Put<Token>>(), "/receiver/tokens/{country_code}/{party_id}/{token_uid}");
/// assert_eq!(template::<GetVersionDetails>(), "/{version}");
/// ```
pub fn template<E: Endpoint>() -> String {
    let (module, role): (ModuleId, InterfaceRole) = match E::MOUNT {
        Mount::Versions => return "/versions".to_owned(),
        Mount::VersionDetails => return "/{version}".to_owned(),
        Mount::Module(module, role) => (module, role),
    };
    let mut template = match module {
        ModuleId::Credentials => String::new(),
        _ => format!("/{}", role.as_str().to_ascii_lowercase()),
    };
    template.push('/');
    template.push_str(module.as_str());
    for segment in E::path() {
        match segment {
            Segment::Fixed(fixed) => template.extend(["/", fixed]),
            Segment::Parameter(name) => template.extend(["/{", name, "}"]),
        }
    }
    template
}
