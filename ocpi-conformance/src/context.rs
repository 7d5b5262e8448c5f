//! Everything that checks share: the line to the server, and the facts that earlier checks found out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ocpi_types::protocol::Party;
use ocpi_types::{CredentialsToken, DateTime, InterfaceRole, ModuleId, Version};

use crate::check::{Checked, Stop};
use crate::listing::Listing;
use crate::options::Options;
use crate::wire::Wire;

/// Beginning of the ids of everything that the suite creates: `CONFORMANCE-64a1f03b2c4d0-7`.
pub(crate) const PREFIX: &str = "CONFORMANCE-";

/// Facts about the server, as far as they are known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Server {
    /// The list of versions: number and URL.
    pub(crate) versions: Vec<(String, String)>,
    pub(crate) details_url: Option<String>,
    pub(crate) endpoints: Vec<Advertised>,
    /// Roles in its credentials: role and party.
    pub(crate) roles: Vec<(String, Party)>,
}

/// An endpoint that the server advertises.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Advertised {
    pub(crate) module: String,
    /// `None` in 2.1.1.
    pub(crate) role: Option<String>,
    pub(crate) url: String,
}

/// Everything that checks share.
pub(crate) struct Context {
    pub(crate) wire: Wire,
    pub(crate) options: Options,
    /// When the run began, in microseconds.
    run: i64,
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    version: Option<Version>,
    server: Server,
    listings: BTreeMap<&'static str, Arc<Listing>>,
    checked: Vec<Checked>,
    created: Vec<(&'static str, String)>,
    sequence: u64,
    /// Number of requests that had come to the inbox when the last exchange of credentials began.
    mark: usize,
    /// The token before the last exchange.
    token_before: Option<CredentialsToken>,
}

impl Context {
    pub(crate) fn new(wire: Wire, options: Options) -> Self {
        let run = wire.clock.now().to_unix_micros();
        Self { wire, options, run, inside: Mutex::default() }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The version that is spoken, once it is chosen.
    pub(crate) fn version(&self) -> Option<Version> {
        self.inside().version
    }

    /// The version that is spoken.
    ///
    /// # Errors
    /// When none is.
    pub(crate) fn spoken(&self) -> Result<Version, Stop> {
        self.version().ok_or_else(|| Stop::skip("no version was chosen"))
    }

    pub(crate) fn choose(&self, version: Version) {
        self.inside().version = Some(version);
    }

    pub(crate) fn server(&self) -> Server {
        self.inside().server.clone()
    }

    pub(crate) fn learn(&self, change: impl FnOnce(&mut Server)) {
        change(&mut self.inside().server);
    }

    /// Returns the URL of a module that the server advertises.
    pub(crate) fn endpoint(&self, module: &ModuleId, role: &InterfaceRole) -> Option<String> {
        let inside = self.inside();
        let is_it = |it: &&Advertised| {
            it.module.eq_ignore_ascii_case(module.as_str())
                && it.role.as_deref().is_none_or(|found| found.eq_ignore_ascii_case(role.as_str()))
        };
        inside.server.endpoints.iter().find(is_it).map(|it| it.url.clone())
    }

    pub(crate) fn listing(&self, name: &'static str) -> Option<Arc<Listing>> {
        self.inside().listings.get(name).cloned()
    }

    pub(crate) fn keep(&self, name: &'static str, listing: Listing) -> Arc<Listing> {
        let listing = Arc::new(listing);
        self.inside().listings.insert(name, Arc::clone(&listing));
        listing
    }

    pub(crate) fn add(&self, checked: Checked) {
        self.inside().checked.push(checked);
    }

    /// Returns the reason why a check cannot be run: a check that it needs did not succeed.
    pub(crate) fn missing(&self, group: &str, needs: &[&str]) -> Option<String> {
        let inside = self.inside();
        for need in needs {
            let own = format!("{group}.{need}");
            let found = inside.checked.iter().rev().find(|it| it.check.id == own || it.check.id == *need);
            match found.map(|it| (it.check.id.clone(), it.outcome.as_str())) {
                Some((_, "pass" | "warn")) => {}
                Some((id, "fail")) => return Some(format!("`{id}` failed")),
                Some((id, _)) => return Some(format!("`{id}` was skipped")),
                None => return Some(format!("`{need}` was not looked at")),
            }
        }
        None
    }

    /// An id that nobody has used: see [`PREFIX`].
    pub(crate) fn new_id(&self) -> String {
        let mut inside = self.inside();
        inside.sequence += 1;
        format!("{PREFIX}{:x}-{}", self.run, inside.sequence)
    }

    /// A number that nobody has used, for ids that are numbers.
    pub(crate) fn new_number(&self) -> i64 {
        let mut inside = self.inside();
        inside.sequence += 1;
        let second = self.run / 1_000_000 % 10_000_000;
        second * 100 + i64::try_from(inside.sequence % 100).unwrap_or_default()
    }

    /// A time about an hour ago, in full seconds: messages of a run say that they were made then, one after the other.
    pub(crate) fn moment(&self, seconds: i64) -> DateTime {
        let run = self.run / 1_000_000;
        DateTime::from_unix(run - 3_600 + seconds).unwrap_or(DateTime::UNIX_EPOCH).with_zone()
    }

    /// Remembers something that the suite created in a module, to be withdrawn at the end.
    pub(crate) fn created(&self, module: &'static str, id: &str) {
        self.inside().created.push((module, id.to_owned()));
    }

    /// The ids of everything that was created in a module.
    pub(crate) fn all_created(&self, module: &str) -> Vec<String> {
        let inside = self.inside();
        inside.created.iter().filter(|it| it.0 == module).map(|it| it.1.clone()).collect()
    }

    pub(crate) fn mark(&self) -> usize {
        self.inside().mark
    }

    pub(crate) fn set_mark(&self, mark: usize) {
        self.inside().mark = mark;
    }

    /// The token before the last exchange of credentials.
    pub(crate) fn token_before(&self) -> Option<CredentialsToken> {
        self.inside().token_before.clone()
    }

    /// Uses a new token from now on.
    pub(crate) fn set_token(&self, token: CredentialsToken) {
        let before = self.wire.set_token(token);
        self.inside().token_before = Some(before);
    }

    /// Sends messages from our party to the first one of the server from now on.
    pub(crate) fn address_messages(&self) {
        let to = self.server().roles.first().map(|(_, party)| party.clone());
        if let (Some(from), Some(to)) = (self.options.party.clone(), to) {
            self.wire.set_parties(Some(from), Some(to));
        }
    }

    /// Whether checks of this module are wanted.
    pub(crate) fn wants(&self, module: &str) -> bool {
        self.options.only.is_empty() || self.options.only.iter().any(|it| it == module)
    }

    /// Our party.
    ///
    /// # Errors
    /// When nobody named it.
    pub(crate) fn own_party(&self) -> Result<Party, Stop> {
        self.options.party.clone().ok_or_else(|| Stop::skip("our party is not known: name it"))
    }

    /// The party of the server: the first in its credentials.
    ///
    /// # Errors
    /// When they were not read.
    pub(crate) fn server_party(&self) -> Result<Party, Stop> {
        let party = self.inside().server.roles.first().map(|(_, party)| party.clone());
        party.ok_or_else(|| Stop::skip("the party of the server is not known"))
    }

    pub(crate) fn take_checked(&self) -> Vec<Checked> {
        std::mem::take(&mut self.inside().checked)
    }
}
