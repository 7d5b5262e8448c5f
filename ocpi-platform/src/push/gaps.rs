//! Changes that a partner missed because it had lost a kind of object or a party for a time.

use std::collections::BTreeMap;

use ocpi_server_traits::storage::Position;

use super::facts::Facts;
use super::kinds::Kind;
use crate::lines::{fields, line};

/// Most lost kinds and parties that are remembered. One that is not is read from the start when it is back.
const MOST: usize = 1_000;

/// Stands between two entries of the text that is stored.
const BETWEEN: &str = ",";

/// A kind of object, or a party, that a partner has.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Scope {
    Kind(Kind),
    Party(String),
}

/// A part of the feed that is read once more for one scope.
#[derive(Clone, Copy, Debug)]
struct Again {
    from: Position,
    read: Position,
    /// Its end, once it was read to there.
    until: Option<Position>,
}

/// Changes that a partner was not told of.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    /// Scopes that the partner has no more, and where in the feed it lost them.
    lost: BTreeMap<Scope, Position>,
    /// Those that it has again.
    again: BTreeMap<Scope, Again>,
}

impl Gaps {
    /// The gaps of a partner as they were stored when it had come to a position.
    pub(super) fn read(stored: &str, position: Position, facts: &Facts) -> Self {
        let mut gaps = Self::default();
        let fields = fields(stored);
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        for fields in fields.split(|field| *field == BETWEEN) {
            let (scope, at) = match fields {
                ["has", name] => (Kind::of(name).map(Scope::Kind), None),
                ["kind", name, at] => (Kind::of(name).map(Scope::Kind), at.parse().ok()),
                ["party", party, at] => (Some(Scope::Party((*party).to_owned())), at.parse().ok()),
                _ => continue,
            };
            match (scope, at) {
                (Some(scope), Some(at)) => gaps.lose(scope, Position::new(at)),
                // It was lost while nobody served the partner.
                (Some(scope), None) if !scope.is_in(facts) => gaps.lose(scope, position),
                _ => {}
            }
        }
        let back = gaps.lost.keys().filter(|scope| scope.is_in(facts)).cloned().collect();
        gaps.regain(back, |_| position);
        gaps
    }

    /// The partner has other kinds and parties than before. It has come to `position`; `looked` is the end of the feed when it
    /// was looked whether it has them.
    pub(super) fn change(&mut self, from: &Facts, to: &Facts, position: Position, looked: Position) {
        for scope in Scope::all(from).filter(|scope| !scope.is_in(to)) {
            let at = self.again.remove(&scope).map_or(position, |again| again.from.min(position));
            self.lose(scope, at);
        }
        let back = Scope::all(to).filter(|scope| !scope.is_in(from)).collect();
        self.regain(back, |scope| match scope {
            // Of a kind that is new it fetches what is there.
            Scope::Kind(_) => looked,
            // What is for a party waited for somebody who speaks for it, as messages do.
            Scope::Party(_) => Position::START,
        });
    }

    fn lose(&mut self, scope: Scope, at: Position) {
        if self.lost.len() < MOST || matches!(scope, Scope::Kind(_)) {
            let known = self.lost.entry(scope).or_insert(at);
            *known = at.min(*known);
        }
    }

    fn regain(&mut self, back: Vec<Scope>, otherwise: impl Fn(&Scope) -> Position) {
        for scope in back {
            let from = self.lost.remove(&scope).unwrap_or_else(|| otherwise(&scope));
            self.again.insert(scope, Again { from, read: from, until: None });
        }
    }

    /// Whether the partner was told of everything that it may be told of.
    pub(super) fn is_closed(&self) -> bool {
        self.again.is_empty()
    }

    /// The position from which on the feed is to be read once more.
    pub(super) fn next(&self) -> Option<Position> {
        self.again.values().filter(|again| again.until.is_none()).map(|again| again.read).min()
    }

    /// Whether a change is one that the partner may have missed.
    pub(super) fn has_missed(&self, kind: Kind, party: Option<&str>, position: Position) -> bool {
        self.again.iter().any(|(scope, again)| {
            let is_of_it = match scope {
                Scope::Kind(its) => *its == kind,
                Scope::Party(its) => party == Some(its.as_str()),
            };
            is_of_it && again.until.is_none() && position > again.read
        })
    }

    /// The feed was read once more up to a position, perhaps to its end.
    pub(super) fn read_up_to(&mut self, position: Position, is_end: bool) {
        for again in self.again.values_mut().filter(|again| again.until.is_none()) {
            again.read = again.read.max(position);
            again.until = is_end.then_some(again.read);
        }
    }

    /// The partner has everything up to a position.
    pub(super) fn close(&mut self, cursor: Position) {
        self.again.retain(|_, again| again.until.is_none_or(|until| cursor < until));
    }

    /// Reads each gap from its start again: requests for it may not have been answered.
    pub(super) fn begin_again(&mut self) {
        for again in self.again.values_mut() {
            (again.read, again.until) = (again.from, None);
        }
    }

    /// The partner fetches it itself.
    pub(super) fn give_way(&mut self) {
        self.again.clear();
    }

    /// The text that is stored.
    pub(super) fn text(&self, facts: &Facts) -> String {
        let again = self.again.iter().map(|(scope, again)| (scope, again.from));
        let gaps = self.lost.iter().map(|(scope, at)| (scope, *at)).chain(again);
        let gaps = gaps.map(|(scope, at)| {
            let at = at.number().to_string();
            match scope {
                Scope::Kind(kind) => line(&["kind", kind.collection(), &at]),
                Scope::Party(party) => line(&["party", party, &at]),
            }
        });
        let has = Scope::kinds(facts).map(|kind| line(&["has", kind.collection()]));
        gaps.chain(has).collect::<Vec<_>>().join(&format!(" {BETWEEN} "))
    }
}

impl Scope {
    fn all(facts: &Facts) -> impl Iterator<Item = Self> + '_ {
        Self::kinds(facts).map(Self::Kind).chain(facts.parties.iter().cloned().map(Self::Party))
    }

    /// Kinds whose state is sent. Messages wait in the store.
    fn kinds(facts: &Facts) -> impl Iterator<Item = Kind> + '_ {
        facts.kinds.iter().copied().filter(|kind| !kind.is_message())
    }

    fn is_in(&self, facts: &Facts) -> bool {
        match self {
            Self::Kind(kind) => facts.kinds.contains(kind),
            Self::Party(party) => facts.parties.contains(party),
        }
    }
}
