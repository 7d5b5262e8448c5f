//! Credentials: registration of two platforms with each other, and the tokens they authenticate with.
//!
//! One side sends its credentials with POST, the other answers with its own. PUT renews tokens or the
//! version in use, DELETE ends the connection. CPO and eMSP can both start it. Each side is one party; from
//! 2.2 on it can be several, in several roles.
//!
//! Spec: 2.1.1 credentials

use super::locations::BusinessDetails;
use crate::macros::object;
use crate::{CountryCode, CredentialsToken, PartyId, Url};

object! {
    /// Connection data of a party for its partner: the token to use, the URL to start from and its identity.
    ///
    /// 2.2.1 moves the party into a list of roles.
    ///
    /// Spec: 2.1.1 credentials §21-credentials-object
    pub struct Credentials = "Credentials", init CredentialsInit {
        /// The token the other side must send to the party that made this object. Printable ASCII
        /// without blanks.
        pub token: CredentialsToken,
        /// Where the versions endpoint of the party is.
        pub url: Url,
        /// Name, website and logo of the party.
        pub business_details: BusinessDetails,
        /// Id of the party, three characters; identifies it together with the country. Stands in the URLs
        /// that it pushes to. Need not match the operator part of its EVSE ids.
        pub party_id: PartyId,
        /// Country of the party, as an ISO 3166-1 alpha-2 code. One that works in several countries may use
        /// its home country everywhere.
        pub country_code: CountryCode,
    }
}
