//! Plan of a partner: what is fixed when it opens.

use ocpi_server_traits::Layout;
use ocpi_types::Version;

/// Habit of sending the results of commands.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum ResultHabit {
    #[default]
    Once,
    Twice,
    Never,
    /// Before the command is answered.
    First,
    /// After the time that was said.
    Late,
    /// With the token that we gave it, not the one that it gave us.
    WrongToken,
    /// To a URL of a command that nobody sent, and to the right one.
    Forged,
}

/// Change of one object, as JSON, before it is stored.
pub(crate) type SeedChange = fn(kind: &'static str, number: usize, json: &mut serde_json::Value);

/// Plan of a partner.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) versions: Vec<Version>,
    /// Its roles, each a role, a country and a party.
    pub(crate) roles: Vec<(String, String, String)>,
    pub(crate) layout: Layout,
    pub(crate) results: ResultHabit,
    pub(crate) seed_changes: Vec<SeedChange>,
    /// Seconds by which its clock is ahead of the time.
    pub(crate) ahead: i64,
}
