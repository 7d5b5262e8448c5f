//! Endpoints as types: a client sends and a server receives the same type.
//!
//! | Endpoint | is | answered with |
//! |---|---|---|
//! | [`List<T>`] | GET of the owner's list | [`Page<T>`] |
//! | [`GetOwn<T>`] | GET of one object from its owner | `T` |
//! | [`GetCopy<T>`] | GET of the copy that a receiver has | `T` |
//! | [`Put<T>`], [`Patch<T>`], [`Delete<T>`] | a push to a receiver | [`PushOutcome`] or `()` |
//! | [`Authorize`], the commands, … | written out, by module | their own |
//!
//! `encode` is the client's half, `decode` the server's; a property test checks that they are inverse.

mod bookings;
mod cdrs;
mod charging_profiles;
mod commands;
mod credentials;
mod declare;
mod encoded_page;
mod encoding;
mod hub_client_info;
mod invoice_reconciliation;
mod key;
mod payments;
mod regular;
mod repeat;
mod reply;
mod resource;
mod sessions;
mod stand_ins;
mod tokens;
pub mod v2_1_1;

pub use bookings::{ListBookingLocations, PostBookingRequest};
pub use cdrs::{GetCdr, PostCdr};
pub use charging_profiles::{
    ClearChargingProfile, GetActiveChargingProfile, PostActiveChargingProfileResult,
    PostChargingProfileResult, PostClearProfileResult, PutActiveChargingProfile, PutChargingProfile,
};
pub use commands::PostCommandResult;
pub use credentials::{
    DeleteCredentials, GetCredentials, GetVersionDetails, GetVersions, PostCredentials, PutCredentials,
};
pub use encoded_page::EncodedPage;
pub use encoding::{Encoding, Unread};
pub use hub_client_info::{GetClientInfo, OnePerParty, PutClientInfo};
pub use invoice_reconciliation::PostInvoiceReconciliationRecord;
#[doc(hidden)]
pub use key::Part;
pub use key::{
    BookingKey, BookingLocationKey, CalendarKey, CdrKey, ConnectorKey, EvseKey,
    FinancialAdviceConfirmationKey, InvoiceReconciliationKey, Key, LocationKey, Owned, SessionKey, TariffKey,
    TerminalKey, TokenKey,
};
pub use payments::{
    ActivateTerminal, DeactivateTerminal, GetFinancialAdviceConfirmation, GetTerminal, PatchTerminal,
    PostFinancialAdviceConfirmation, PostTerminal, PutTerminal,
};
pub use regular::{Delete, GetCopy, GetOwn, List, Patch, Put};
pub use repeat::Repeat;
pub use reply::{Created, DecodedResponse, EncodedResponse, Page, PushOutcome, RawResponse, Reply, Shape};
pub use resource::{Addressed, IdentityChange, PatchedResource, Resource, RootResource, Upsert, apply_at};
pub use sessions::SetChargingPreferences;
pub use tokens::Authorize;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use http::Method;

use crate::convert::{ConversionError, Embedded, Ledger, OfKind, Relation};
use crate::json::{Cut, OnPartial, as_in_bodies};
use crate::protocol::{Party, StatusCode};
use crate::v2_2_1::versions::{InterfaceRole, ModuleId};
use crate::{Finding, Type, Url, Value, Version, json};

/// An endpoint: a request, and the type of its answer.
///
/// ```
/// use ocpi_types::endpoint::{Endpoint, GetCopy, Outgoing, Owned, EvseKey};
/// use ocpi_types::protocol::Party;
/// use ocpi_types::v2_3_0::locations::Evse;
///
/// let key = EvseKey { location_id: "LOC1".parse()?, evse_uid: "A/1".parse()? };
/// let request = GetCopy::<Evse>::new(Owned { owner: Party::new("NL", "ALF")?, key });
/// let outgoing = Outgoing::of(&request);
/// let url = outgoing.url(Some(&"https://example.com/ocpi/2.3.0/locations".parse()?)).unwrap();
/// assert_eq!(url.as_str(), "https://example.com/ocpi/2.3.0/locations/NL/ALF/LOC1/A%2F1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Endpoint: Sized + Send + 'static {
    /// The HTTP method.
    const METHOD: Method;
    /// Source of its URL.
    const MOUNT: Mount;
    /// Effect of sending the same request again, for all requests of this endpoint; [`Endpoint::repeat`] decides for a
    /// single request. The default is that of the method.
    const REPEAT: Repeat = Repeat::of(const { &Self::METHOD });
    /// Query parameters that a partner may require, with values that filter nothing. A client adds those that a request
    /// lacks.
    const DEMANDED: &'static [(&'static str, &'static str)] = &[];
    /// The answer.
    type Response: Reply;

    /// Its name in errors: `Put<EVSE>`.
    fn name() -> String;

    /// Path below the URL of the module.
    fn path() -> Vec<Segment>;

    /// Whether a version, or a branch of it, has the endpoint. An endpoint that no version has, such as a GET of a
    /// single Session from its owner, counts as an extension of its module.
    ///
    /// ```
    /// use ocpi_types::Version;
    /// use ocpi_types::endpoint::{Endpoint, PutChargingProfile};
    /// use ocpi_types::v2_3_0::commands::CancelReservation;
    /// assert!(PutChargingProfile::exists_in(Version::V2_2_1));
    /// assert!(!PutChargingProfile::exists_in(Version::V2_1_1));
    /// assert!(!CancelReservation::exists_in(Version::V2_1_1), "2.1.1 has the module, but not this command");
    /// ```
    fn exists_in(version: Version) -> bool {
        Self::MOUNT.exists_in(version)
    }

    /// The body of the request.
    fn body() -> Body {
        Body::Nothing
    }

    /// Encodes the request, on the client.
    fn encode(&self, to: &mut Outgoing);

    /// Effect of sending this request again.
    fn repeat(&self) -> Repeat {
        Self::REPEAT
    }

    /// The Location that must be looked up to encode the request for 2.1.1.
    fn embeds(&self) -> Option<Embedded> {
        None
    }

    /// The token that the request asks about: an answer of 2.1.1 does not repeat it.
    fn asks_about(&self) -> Option<&TokenKey> {
        None
    }

    /// Decodes the request, on the server.
    ///
    /// # Errors
    /// When the path, the query or the body does not fit the endpoint.
    fn decode(from: &mut Incoming<'_>) -> Result<Self, DecodeError>;

    /// The owner of the object that the request reads or changes, if only the owner may send it.
    fn owner(&self) -> Option<Party> {
        None
    }

    /// Checks that the request is not contradictory, and that a PATCH has its required members.
    ///
    /// # Errors
    /// When it is contradictory, with a message for the partner.
    fn consistent(&self) -> Result<(), &'static str> {
        Ok(())
    }
}

/// Body of a request.
#[derive(Clone, Copy, Debug)]
pub enum Body {
    /// No body.
    Nothing,
    /// A value of this type.
    Whole(Type),
    /// A value of this type, or nothing.
    Optional(Type),
    /// Some members of an object of this type.
    Partial(Type),
}

/// Source of the URL of an endpoint.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Mount {
    /// The list of versions.
    Versions,
    /// The details of one version.
    VersionDetails,
    /// An endpoint of the version details.
    Module(ModuleId, InterfaceRole),
}

impl Mount {
    /// Whether a version, or a branch of it, has the module. Partners may agree on a custom module in any version.
    pub fn exists_in(&self, version: Version) -> bool {
        match self {
            Self::Versions | Self::VersionDetails => true,
            Self::Module(module, _) => {
                module.versions().is_none_or(|versions| versions.contains_or_branches(version))
            }
        }
    }

    /// Whether the messages carry routing headers: all but those of versions, credentials and hub client info.
    pub fn is_functional(&self) -> bool {
        match self {
            Self::Versions | Self::VersionDetails => false,
            Self::Module(module, _) => !matches!(module, ModuleId::Credentials | ModuleId::HubClientInfo),
        }
    }

    /// Returns the connection as it is in the messages of this endpoint, ours or the partner's: see [`Relation::at`].
    pub fn relation<'a>(&self, relation: &'a Relation, is_ours: bool) -> &'a Relation {
        match self {
            Self::Versions | Self::VersionDetails => relation,
            Self::Module(module, interface) => relation.at(module, interface, is_ours),
        }
    }
}

/// A segment of a path.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Segment {
    /// A literal segment.
    Fixed(&'static str),
    /// A parameter with this name.
    Parameter(&'static str),
}

/// A request under construction, without host, token and headers.
#[derive(Clone, Default)]
pub struct Outgoing<'a> {
    /// An absolute URL given by the partner, used instead of the module's URL.
    pub absolute: Option<Url>,
    /// Path segments after the module's URL, not yet encoded.
    pub segments: Vec<String>,
    /// Query parameters, not yet encoded.
    pub query: Vec<(&'static str, String)>,
    /// The body, as JSON.
    pub body: Option<Vec<u8>>,
    /// Values of the body that were cut to suit the partner.
    pub cuts: Vec<Cut>,
    /// Losses and assumptions, if the version of the connection is another. Pointers start in the body.
    pub ledger: Ledger,
    refused: Option<ConversionError>,
    wire: Encoding<'a>,
}

/// Paths, queries and bodies may hold a driver's token: only their number and length are shown.
impl fmt::Debug for Outgoing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing")
            .field("segments", &self.segments.len())
            .field("query", &self.query.len())
            .field("body", &self.body.as_ref().map(Vec::len))
            .finish_non_exhaustive()
    }
}

impl Outgoing<'static> {
    /// Encodes a request in the version of its types.
    pub fn of<E: Endpoint>(request: &E) -> Self {
        let mut outgoing = Self::default();
        request.encode(&mut outgoing);
        outgoing
    }
}

impl<'a> Outgoing<'a> {
    /// Encodes a request for a connection.
    ///
    /// # Errors
    /// When the version of the connection cannot express it.
    pub fn over<E: Endpoint>(request: &E, wire: Encoding<'a>) -> Result<Self, ConversionError> {
        let mut outgoing = Self { wire, ..Outgoing::default() };
        request.encode(&mut outgoing);
        match outgoing.refused.take() {
            Some(refused) => Err(refused),
            None => Ok(outgoing),
        }
    }

    /// Returns the full URL; `base` is the module's URL. `None` if a base is needed and missing, or if an id is `.` or
    /// `..`, which a path cannot carry.
    pub fn url(&self, base: Option<&Url>) -> Option<Url> {
        if self.segments.iter().any(|segment| matches!(segment.as_str(), "" | "." | "..")) {
            return None;
        }
        let base = self.absolute.as_ref().or(base)?;
        let url = match self.segments.as_slice() {
            // As it was given: to some servers a slash at the end means something.
            [] => base.clone(),
            segments => base.join(segments.iter().map(String::as_str)),
        };
        Some(url.with_query(self.query.iter().map(|(name, value)| (*name, value.as_str()))))
    }

    /// Appends a path segment.
    pub fn segment(&mut self, segment: &str) {
        self.segments.push(segment.to_owned());
    }

    /// Sets the body.
    pub fn body<T: OfKind>(&mut self, value: &T) {
        match self.wire.write_ref(value, &mut self.ledger) {
            Ok(written) => {
                self.body = Some(written.json);
                self.cuts = written.cuts;
            }
            Err(refused) => self.refused = Some(refused),
        }
    }
}

/// A received request, split into its parts.
pub struct Incoming<'a> {
    /// The URL it was sent to, as seen from outside.
    pub url: &'a Url,
    /// The path parameters named by [`Endpoint::path`], decoded.
    pub parameters: &'a [String],
    /// The query, decoded.
    pub query: &'a [(String, String)],
    /// The body.
    pub body: &'a [u8],
    /// Findings in the body; filled by [`Incoming::read_body`].
    pub findings: Vec<Finding>,
    /// Version of the connection and style of its messages.
    pub wire: Encoding<'a>,
    /// Losses and assumptions, if the version of the connection is another; also filled by [`Incoming::read_body`].
    pub ledger: Ledger,
}

/// As [`Outgoing`].
impl fmt::Debug for Incoming<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incoming")
            .field("parameters", &self.parameters.len())
            .field("query", &self.query.len())
            .field("body", &self.body.len())
            .field("findings", &self.findings)
            .finish_non_exhaustive()
    }
}

impl<'a> Incoming<'a> {
    /// Creates a request in the version of its types.
    pub fn new(
        url: &'a Url,
        parameters: &'a [String],
        query: &'a [(String, String)],
        body: &'a [u8],
    ) -> Self {
        let (findings, ledger) = (Vec::new(), Ledger::new());
        Self { url, parameters, query, body, findings, wire: Encoding::PLAIN, ledger }
    }

    /// Returns a path parameter by its index.
    ///
    /// # Errors
    /// When it is missing or malformed.
    pub fn parameter<T: std::str::FromStr>(
        &self,
        index: usize,
        name: &'static str,
    ) -> Result<T, DecodeError> {
        let text = self.parameters.get(index).ok_or(DecodeError::Parameter(name))?;
        // Blanks around an id are no part of it, as in the body.
        text.trim().parse().map_err(|_| DecodeError::Parameter(name))
    }

    /// Reads a path parameter that is an id or a code, as tolerantly as one in a body: an id that is too long, or has another
    /// form, is kept, because the object may be stored under it.
    ///
    /// # Errors
    /// When it is not there, or empty.
    pub fn id<T: std::str::FromStr + Value>(
        &self,
        index: usize,
        name: &'static str,
    ) -> Result<T, DecodeError> {
        let text = self.parameters.get(index).map(|text| text.trim()).filter(|text| !text.is_empty());
        let read = text.and_then(|text| text.parse().ok().or_else(|| as_in_bodies(text)));
        read.ok_or(DecodeError::Parameter(name))
    }

    /// Returns a query parameter, if it is present and not empty.
    ///
    /// # Errors
    /// When it is malformed.
    pub fn query<T: std::str::FromStr>(&self, name: &'static str) -> Result<Option<T>, DecodeError> {
        let value = self.query.iter().find(|(known, text)| known == name && !text.is_empty());
        value.map(|(_, text)| text.parse().map_err(|_| DecodeError::Parameter(name))).transpose()
    }

    /// Returns a required query parameter.
    ///
    /// # Errors
    /// When it is missing or malformed.
    pub fn needed<T: std::str::FromStr>(&self, name: &'static str) -> Result<T, DecodeError> {
        self.query(name)?.ok_or(DecodeError::Parameter(name))
    }

    /// Reads the body.
    ///
    /// # Errors
    /// When it is not JSON, or not an object of this type.
    pub fn read_body<T: OfKind>(&mut self) -> Result<T, DecodeError> {
        let wire = Encoding { on_partial: OnPartial::Fail, ..self.wire };
        wire.read(self.body, &mut self.findings, &mut self.ledger).map_err(|error| match error {
            Unread::Json(error) => error.into(),
            Unread::Version(error) => error.into(),
        })
    }

    /// Reads an optional body. An empty object counts as no body: some clients cannot send none.
    ///
    /// # Errors
    /// As [`Incoming::read_body`].
    pub fn read_body_if_any<T: OfKind>(&mut self) -> Result<Option<T>, DecodeError> {
        let body = self.body.trim_ascii();
        // An object without a value, `{"location_id": null}`, says no more than none.
        let has_no_value = || serde_json::from_slice::<BTreeMap<Cow<'_, str>, ()>>(body).is_ok();
        let is_none = matches!(body, b"" | b"null") || has_no_value();
        if is_none { Ok(None) } else { self.read_body().map(Some) }
    }

    /// Reads the body of a PATCH, in which every value must be readable: otherwise a change would be acknowledged but
    /// not made.
    ///
    /// # Errors
    /// As [`Incoming::read_body`], and when a value in the body cannot be read.
    pub fn read_patch<T: OfKind>(&mut self) -> Result<T, DecodeError> {
        let patch = self.read_body()?;
        let lost = self.findings.iter().find(|finding| finding.rule.is_lossy() && finding.is_error());
        lost.map_or(Ok(patch), |lost| Err(DecodeError::Lost(lost.clone())))
    }
}

/// Reason why a server cannot accept a request.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// A parameter of the path or the query is missing or malformed.
    #[error("parameter {0} is missing or malformed")]
    Parameter(&'static str),
    /// The body cannot be read.
    #[error("body: {0}")]
    Body(#[from] json::Error),
    /// The types of the application cannot express the body.
    #[error("body: {0}")]
    Version(#[from] ConversionError),
    /// A PATCH does not say when the change was made.
    #[error("a PATCH must give last_updated")]
    Undated,
    /// A value of a PATCH cannot be read.
    #[error("body: {0}")]
    Lost(Finding),
}

impl DecodeError {
    /// Returns the HTTP and OCPI status of the answer: an HTTP error for a body that is not JSON, an OCPI error
    /// otherwise.
    pub fn status(&self) -> (http::StatusCode, StatusCode) {
        match self {
            Self::Body(error) if error.is_syntax() || error.is_limit() => {
                (http::StatusCode::BAD_REQUEST, StatusCode::INVALID_PARAMETERS)
            }
            _ => (http::StatusCode::OK, StatusCode::INVALID_PARAMETERS),
        }
    }
}
