//! Reasons why a router is not built.

use std::fmt::Write;

use ocpi_types::{Url, Version};

/// Reason why a router cannot be built: an endpoint mounted twice or in no version, or ambiguous URLs.
///
/// ```
/// use std::sync::Arc;
/// # use ocpi_server_traits::{Partner, PartnerDirectory, StoreError};
/// use ocpi_server_traits::{Clock, Memory, Objects, Router};
/// use ocpi_types::{CredentialsToken, Version, v2_3_0::bookings::Booking};
/// # struct Nobody;
/// # impl PartnerDirectory for Nobody {
/// #     async fn find(&self, _: &[CredentialsToken]) -> Result<Option<Partner>, StoreError> { Ok(None) }
/// # }
/// let objects = Arc::new(Objects::new(Memory::new(), Vec::new()));
/// let error = Router::builder("https://cpo.example/ocpi".parse()?, Clock::system())
///     .version(Version::V2_2_1, |routes| routes.sender::<Booking>(&objects))
///     .build(Nobody)
///     .expect_err("2.2.1 has no bookings");
/// assert!(error.is_not_in_version());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct RouterError {
    kind: Kind,
    message: String,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Duplicate,
    NotInVersion,
    Layout,
    Empty,
}

impl RouterError {
    /// Whether two endpoints of one version serve the same requests.
    pub fn is_duplicate(&self) -> bool {
        self.kind == Kind::Duplicate
    }

    /// Whether an endpoint was mounted only in versions that lack it.
    pub fn is_not_in_version(&self) -> bool {
        self.kind == Kind::NotInVersion
    }

    /// Whether the base URL or the layout is at fault.
    pub fn is_layout(&self) -> bool {
        self.kind == Kind::Layout
    }

    /// Whether there is no version, or a version without endpoints.
    pub fn is_empty(&self) -> bool {
        self.kind == Kind::Empty
    }

    pub(super) fn duplicate(version: Version, one: &str, other: &str, url: &Url) -> Self {
        let message = if one == other {
            format!("{one} is mounted twice in {version}: mount it once")
        } else {
            format!(
                "{one} and {other} are mounted in {version} and answer the same requests, at {url}: mount one of them, or \
                 give their interfaces different URLs with `RouterBuilder::with_layout`"
            )
        };
        Self { kind: Kind::Duplicate, message }
    }

    pub(super) fn not_in_version(name: &str, asked: &[Version], has: &[Version]) -> Self {
        let mut message = format!("{name} is mounted in {}, ", list(asked));
        // Writing into a string does not fail.
        let _ = match has {
            [] => write!(message, "but the router answers it itself: do not mount it"),
            has => write!(
                message,
                "but only {} can have it: mount it there, or for several versions at once with `RouterBuilder::versions`, \
                 which passes over those that lack it",
                list(has)
            ),
        };
        Self { kind: Kind::NotInVersion, message }
    }

    pub(super) fn layout(message: impl Into<String>) -> Self {
        Self { kind: Kind::Layout, message: message.into() }
    }

    pub(super) fn empty(version: Option<Version>) -> Self {
        let message = match version {
            Some(version) => {
                format!("nothing is mounted in {version}: mount endpoints, or leave the version out")
            }
            None => "no version is mounted: mount one with `RouterBuilder::version`".to_owned(),
        };
        Self { kind: Kind::Empty, message }
    }
}

fn list(versions: &[Version]) -> String {
    let versions: Vec<&str> = versions.iter().map(|version| version.as_str()).collect();
    versions.join(", ")
}
