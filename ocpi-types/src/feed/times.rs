//! Times of the last change of the objects of a feed.

use std::collections::BTreeMap;

use super::collected::Collected;
use super::findings::Told;
use super::kind::FeedKind;
use super::place::{At, Spot};
use crate::{DateTime, Rule};

/// Objects of a kind that may well have changed together.
const A_FEW: usize = 5;

#[derive(Debug, Default)]
pub(super) struct Times {
    kinds: BTreeMap<FeedKind, Changed>,
}

#[derive(Debug)]
struct Changed {
    first: At,
    time: DateTime,
    count: usize,
    is_same: bool,
}

impl Times {
    pub(super) fn add(&mut self, object: &Collected<'_>, at: At) {
        let Some(time) = object.last_updated else { return };
        let known = self.kinds.entry(object.kind);
        let changed = known.or_insert(Changed { first: at, time, count: 0, is_same: true });
        changed.count += 1;
        changed.is_same &= changed.time == time;
    }

    pub(super) fn finish(self, told: &mut Vec<Told>) {
        for (kind, Changed { first, count, is_same, .. }) in self.kinds {
            if is_same && count > A_FEW {
                let text = format!(
                    "all {count} objects of the type {} have the same last_updated: it should say when each of them changed",
                    kind.name()
                );
                told.push(Told::of(Rule::FeedLastUpdated, first, Spot::member("/last_updated")).saying(text));
            }
        }
    }
}
