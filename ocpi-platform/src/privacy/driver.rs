//! The ids of a driver.

use std::collections::BTreeSet;
use std::fmt;

use ocpi_types::protocol::Party;

/// Shortest id that is looked for inside of a longer word, too: a shorter one may stand there by chance.
pub(super) const LONG: usize = 8;
/// Text in place of an id that a partner of 2.1.1 does not tell.
pub(super) const NOT_TOLD: &str = "#NA";

/// Identifies a driver by the `uid` of a token, by the id of a contract, or by several of them, case-insensitively.
///
/// ```
/// use ocpi_platform::Driver;
/// let driver = Driver::token("012345678").and_token("1F2D3A4F5506C7").and_contract("DE-EMP-C12345678-X");
/// assert_eq!(format!("{driver:?}"), "Driver(2 tokens, 1 contract)");
/// ```
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Driver {
    /// In lower case.
    pub(super) uids: BTreeSet<String>,
    /// In lower case.
    pub(super) contracts: BTreeSet<String>,
    pub(super) issuer: Option<Party>,
    /// `uid`s of Tokens that were found, in lower case.
    pub(super) found_tokens: BTreeSet<Issued>,
    /// Contracts of tokens that were found, in lower case: they count where a partner tells the contract only.
    pub(super) found_contracts: BTreeSet<Issued>,
    /// Numbers on cards that were found, with the companies on them: they count where nothing else is told.
    pub(super) found_numbers: BTreeSet<Issued>,
    /// Groups of Tokens that were found and that no other known Token is in, in lower case: they count where nothing else is told.
    pub(super) found_groups: BTreeSet<String>,
}

/// Facts about a token.
#[derive(Default)]
pub(super) struct Said<'a> {
    pub(super) uid: Option<&'a str>,
    pub(super) contracts: Vec<&'a str>,
    pub(super) number: Option<&'a str>,
    /// The company on the card.
    pub(super) company: Option<&'a str>,
    pub(super) group: Option<&'a str>,
    pub(super) issuer: Option<String>,
}

/// Id of a token or contract, with the party that issued it, or number of a card, with its company; an empty one: any.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Issued {
    pub(super) issuer: String,
    pub(super) id: String,
}

impl Driver {
    /// Identifies the driver with a token with this `uid`.
    pub fn token(uid: &str) -> Self {
        Self::default().and_token(uid)
    }

    /// Identifies the driver with a contract with this `contract_id`, including all its tokens.
    pub fn contract(contract_id: &str) -> Self {
        Self::default().and_contract(contract_id)
    }

    /// Adds another token. An empty `uid` and `#NA` identify nobody.
    #[must_use]
    pub fn and_token(mut self, uid: &str) -> Self {
        self.uids.extend(Some(uid.to_ascii_lowercase()).filter(|_| is_told(uid)));
        self
    }

    /// Adds another contract. An empty id and `#NA` identify nobody.
    #[must_use]
    pub fn and_contract(mut self, contract_id: &str) -> Self {
        self.contracts.extend(Some(contract_id.to_ascii_lowercase()).filter(|_| is_told(contract_id)));
        self
    }

    /// Restricts the tokens to those of this eMSP: two eMSPs may have issued tokens with the same `uid` to two drivers.
    #[must_use]
    pub fn issued_by(self, issuer: Party) -> Self {
        Self { issuer: Some(issuer), ..self }
    }

    /// Whether a token is the driver's, by what is said of it.
    pub(super) fn is(&self, said: &Said<'_>) -> bool {
        let issuer = said.issuer.as_deref();
        let is_issuer = match (&self.issuer, issuer) {
            (Some(wanted), Some(issuer)) => wanted.canonical().eq_ignore_ascii_case(issuer),
            _ => true,
        };
        let is_contract = |id: &&str| has(&self.contracts, id);
        let is_given =
            said.uid.is_some_and(|uid| has(&self.uids, uid)) || said.contracts.iter().any(is_contract);
        (is_issuer && is_given)
            || said.uid.is_some_and(|uid| is_found(&self.found_tokens, uid, issuer))
            || (!said.uid.is_some_and(is_told) && self.is_without_uid(said))
    }

    /// Whether a token of which no `uid` is told is the driver's, by what was found. The more a name says, the sooner it counts.
    fn is_without_uid(&self, said: &Said<'_>) -> bool {
        let mut contracts = said.contracts.iter().filter(|id| is_told(id)).peekable();
        if contracts.peek().is_some() {
            let issuer = said.issuer.as_deref();
            return contracts.any(|id| is_found(&self.found_contracts, id, issuer));
        }
        match said.number.filter(|number| is_told(number)) {
            Some(number) => is_found(&self.found_numbers, number, said.company),
            None => said.group.is_some_and(|group| self.is_alone_in(group)),
        }
    }

    /// Whether a group has the driver's tokens only.
    pub(super) fn is_alone_in(&self, group: &str) -> bool {
        has(&self.found_groups, group)
    }

    /// Whether a text of people names the driver: a short id as a word of its own, a longer one anywhere.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        let is_apart = |at: usize, id: &str| {
            let before = text.get(..at).and_then(|text| text.chars().next_back());
            let behind = text.get(at + id.len()..).and_then(|text| text.chars().next());
            ![before, behind].into_iter().flatten().any(char::is_alphanumeric)
        };
        self.ids()
            .any(|id| text.match_indices(id.as_str()).any(|(at, id)| id.len() >= LONG || is_apart(at, id)))
    }

    /// Whether a token or a contract is of both.
    pub(super) fn meets(&self, other: &Self) -> bool {
        let meet = |ours: &BTreeSet<Issued>, theirs: &BTreeSet<Issued>| {
            let is_there = |id: &Issued| theirs.iter().any(|other| other.is(&id.id, id.issuer()));
            ours.iter().any(is_there)
        };
        meet(&self.all(&self.uids, &self.found_tokens), &other.all(&other.uids, &other.found_tokens))
            || meet(
                &self.all(&self.contracts, &self.found_contracts),
                &other.all(&other.contracts, &other.found_contracts),
            )
    }

    /// Ids that were given and those that were found.
    fn all(&self, given: &BTreeSet<String>, found: &BTreeSet<Issued>) -> BTreeSet<Issued> {
        let issuer = self.issuer.as_ref().map(Party::canonical).unwrap_or_default();
        given.iter().filter_map(|id| Issued::new(&issuer, id)).chain(found.iter().cloned()).collect()
    }

    /// The ids, in lower case.
    pub(super) fn ids(&self) -> impl Iterator<Item = &String> {
        let found = self.found_tokens.iter().chain(&self.found_contracts).chain(&self.found_numbers);
        let found = found.map(|found| &found.id).chain(&self.found_groups);
        self.uids.iter().chain(&self.contracts).chain(found)
    }
}

impl Issued {
    /// An id as it is told; `None`: it is not.
    pub(super) fn new(issuer: &str, id: &str) -> Option<Self> {
        let text = str::to_ascii_lowercase;
        is_told(id).then(|| Self { issuer: text(issuer), id: text(id) })
    }

    /// Whether it is this id, of this party, if that is said.
    fn is(&self, id: &str, issuer: Option<&str>) -> bool {
        let is_issuer = |issuer| self.issuer().is_none_or(|known| known.eq_ignore_ascii_case(issuer));
        self.id.eq_ignore_ascii_case(id) && issuer.is_none_or(is_issuer)
    }

    fn issuer(&self) -> Option<&str> {
        Some(&*self.issuer).filter(|issuer| !issuer.is_empty())
    }
}

fn has(ids: &BTreeSet<String>, id: &str) -> bool {
    ids.contains(&id.to_ascii_lowercase())
}

fn is_found(found: &BTreeSet<Issued>, id: &str, issuer: Option<&str>) -> bool {
    found.iter().any(|found| found.is(id, issuer))
}

/// Whether an id is one.
pub(super) fn is_told(id: &str) -> bool {
    !id.is_empty() && !id.eq_ignore_ascii_case(NOT_TOLD)
}

/// No id.
impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
        write!(f, "Driver({}, {})", of(self.uids.len(), "token"), of(self.contracts.len(), "contract"))
    }
}
