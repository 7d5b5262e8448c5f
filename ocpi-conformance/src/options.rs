//! Options of a run.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use ocpi_types::protocol::Party;
use ocpi_types::{CredentialsToken, Role, Version};

use crate::inbox::Inbox;

/// Something that is done when it is asked for.
pub(crate) type Deed<T> = Box<dyn Fn() -> Pin<Box<dyn Future<Output = T> + Send>> + Send + Sync>;

/// Options of a run.
pub(crate) struct Options {
    pub(crate) versions_url: String,
    pub(crate) version: Option<Version>,
    /// Our party: the server knows the token as its.
    pub(crate) party: Option<Party>,
    /// Most objects of a list that are read.
    pub(crate) most: usize,
    /// Modules to look at; empty for all.
    pub(crate) only: Vec<String>,
    /// Whether it may write.
    pub(crate) is_active: bool,
    /// Our side of the line, where the server may call.
    pub(crate) inbox: Option<Inbox>,
    /// The role in which we register, if the token is a token A.
    pub(crate) registers_as: Option<Role>,
    /// Gives a second token A.
    pub(crate) next_token: Option<Deed<CredentialsToken>>,
    /// Length of the outage in a journey.
    pub(crate) outage: Duration,
    /// Done during the outage.
    pub(crate) meanwhile: Option<Deed<()>>,
}
