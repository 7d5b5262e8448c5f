//! Settings of a platform at its start.

use ocpi_server_traits::{Clock, Layout, RequestLimits};
use ocpi_types::v2_3_0::credentials::CredentialsRole;
use ocpi_types::v2_3_0::versions::{InterfaceRole, ModuleId};
use ocpi_types::{NonEmpty, Url, Version};

use crate::{SecureRandom, UrlPolicy};

/// Settings of a platform at its start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The URL that all its own URLs begin with.
    pub base: Url,
    /// The paths below it. A platform that takes the place of another keeps the URLs that partners know.
    pub layout: Layout,
    /// Bounds on the requests of each partner.
    pub limits: RequestLimits,
    /// For whom it speaks.
    pub roles: NonEmpty<CredentialsRole>,
    /// The versions it has.
    pub versions: Vec<Version>,
    /// The endpoints that a partner must offer.
    pub required: Vec<(ModuleId, InterfaceRole)>,
    /// Which URLs of partners requests may go to.
    pub urls: UrlPolicy,
    /// Where the time comes from.
    pub clock: Clock,
    /// Where tokens and ids come from.
    pub secrets: SecureRandom,
}

impl Settings {
    /// A platform that speaks for one party, with every version it can, the time of the machine and the random
    /// numbers of the operating system.
    pub fn new(base: Url, role: CredentialsRole) -> Self {
        Self {
            base,
            layout: Layout::default(),
            limits: RequestLimits::default(),
            roles: NonEmpty::of(role),
            versions: Version::ALL.to_vec(),
            required: Vec::new(),
            urls: UrlPolicy::Public,
            clock: Clock::system(),
            secrets: SecureRandom::system(),
        }
    }
}
