//! Handling of pages and failures.

use std::time::Duration;

use ocpi_types::{Finding, Rule};
use url::Url;

use super::link::{Link, Place, with_number};
use super::marks::mark;
use super::seen::mark_of_all;
use super::state::State;
use super::{Doubt, ItemFacts, LinkHeader, ListUrls, PageFacts, PageFailure, PageRequest, Stop};

/// Pages in a row that may bring nothing new.
const IDLE: u64 = 10;
/// Pages in a row without anything new that are an end, where neither link nor total says so.
const END: u64 = 3;
/// Times that the paging goes back because of an object that is known but has changed.
const WEAK: u64 = 3;
/// Times that a limit is halved before the limit is not to blame.
const HALVINGS: u64 = 6;
/// Limit to begin with where a page without one was too large.
const SMALL: u64 = 100;
/// Offset, counted from the end, at which no list has objects.
const FAR: u64 = 1_000_000;

/// Rules of the findings that the paging tells once. Their places are kept in cursors: add at the end.
pub(super) const RULES: [Rule; 8] = [
    Rule::PageNextHost,
    Rule::PageLinkSyntax,
    Rule::PageLinkDead,
    Rule::PageLinkMissing,
    Rule::PageTotal,
    Rule::PageUnstable,
    Rule::PageLimitRejected,
    Rule::PageRepeats,
];

/// Result of passing a page to a [`Paging`](super::Paging).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct PageTaken {
    /// For each object, in the order of the page, whether it occurred before, unchanged.
    pub repeated: Vec<bool>,
    /// Findings on paging, each reported once.
    pub findings: Vec<Finding>,
}

/// Findings of a step.
struct Told(Vec<Finding>);

impl Told {
    fn tell(&mut self, state: &mut State, rule: Rule) {
        let place = RULES.iter().position(|it| *it == rule).unwrap_or_default();
        if state.told & (1 << place) == 0 {
            state.told |= 1 << place;
            self.0.push(Finding::of_document(rule));
        }
    }
}

/// A link as it is to be used.
enum Next {
    Absent,
    Unusable,
    Offset(u64, Link),
    Mark(Link),
}

/// Takes the facts of a page; and says why to stop there, if there is a reason.
pub(super) fn page(state: &mut State, urls: &ListUrls, facts: &PageFacts<'_>) -> (PageTaken, Option<Stop>) {
    let mut told = Told(Vec::new());
    let items = &facts.items;
    let received = u64::try_from(items.len()).unwrap_or(u64::MAX);
    spend(state, facts, received);
    let repeated = items.iter().map(|item| state.seen.has_unchanged(item)).collect();
    let taken = |told: Told| PageTaken { repeated, findings: told.0 };

    let (offset, range) = (state.asked_offset(), state.range);
    let limit = limit_in_force(state, facts, received);
    let nothing_new = items.iter().all(|item| state.seen.has(item));
    // One that is smaller than a page says nothing.
    let total = facts.total.filter(|total| *total >= received);
    shrunk(state, total, &mut told);
    if let Some((first, on)) = state.confirm.take() {
        confirmed(state, facts, first, on);
        return (taken(told), None);
    }
    let joins = joins(state, items, offset);
    if joins && nothing_new && state.back == 0 && state.idle >= IDLE {
        told.tell(state, Rule::PageRepeats);
        return (taken(told), Some(Stop::Repeats));
    }
    note(state, facts);
    if !joins {
        told.tell(state, Rule::PageUnstable);
        state.seen.note(items);
        state.failed = Some((offset, mark_of_all(items)));
        state.back = state.back.saturating_add(1);
        let step = limit.saturating_sub(1).max(1).saturating_mul(state.back);
        state.offset = state.offset.saturating_sub(step);
        return (taken(told), None);
    }
    let ahead = ahead(state, items, offset);
    state.seen.join(items);
    state.last =
        (ahead.map(|ahead| offset.saturating_sub(ahead)), items.iter().map(|item| item.mark).collect());
    let went_back = std::mem::take(&mut state.back) > 0;
    if state.short && !nothing_new {
        state.doubts.insert(Doubt::LeftOut);
    }
    // A limit that is not known says little: nothing of where the list ends, and nothing of pages whose places are not known.
    let is_exact = state.limit.now.is_some() && facts.limit.is_some();
    let is_short = received < limit;
    state.ended = is_short && (is_exact || (received <= 1 && facts.link == LinkHeader::Absent));
    state.short |= is_short && !went_back && (is_exact || !state.by_mark);
    state.idle = match (nothing_new, went_back) {
        (false, _) => 0,
        (true, false) => state.idle.saturating_add(1),
        (true, true) => state.idle,
    };
    state.limit.halved = 0;
    if total != facts.total {
        told.tell(state, Rule::PageTotal);
    }
    let next = read_link(state, urls, facts, &mut told);
    state.linked |= !matches!(next, Next::Absent);
    // Where nothing is new, places behind the page may be of objects that are left out.
    let covers = match (received, nothing_new && is_exact) {
        (0, _) | (_, true) => limit.max(received),
        _ => received,
    };
    let reached = offset.saturating_add(covers);
    let is_behind = total.is_some_and(|total| match ahead {
        _ if !state.doubts.is_empty() => reached >= total,
        Some(ahead) => reached.saturating_sub(ahead) >= total,
        None => false,
    });
    let on = match nothing_new && received > 0 && is_exact {
        true => reached.max(offset.saturating_add(limit)),
        false => reached,
    };
    let on = on.max(state.offset.saturating_add(1));
    state.instead = on;
    state.mark_worked = state.by_mark;
    let mut stop = None;
    match next {
        Next::Mark(link) => follow(state, link),
        Next::Offset(_, _) if nothing_new && is_behind => state.end(),
        Next::Offset(place, link) => {
            state.offset = if nothing_new { on } else { place.max(state.offset.saturating_add(1)) };
            state.link_is_repaired = link.is_repaired;
            state.link = Some(link.url);
        }
        Next::Unusable if state.by_mark => {
            let all =
                total.is_some_and(|total| u64::try_from(state.seen.len()).is_ok_and(|seen| seen >= total));
            if all {
                state.end();
            } else {
                stop = Some(Stop::Link);
            }
        }
        Next::Unusable if nothing_new && is_behind => state.end(),
        Next::Unusable => {
            state.offset = on;
            state.link = None;
        }
        Next::Absent if state.by_mark || (state.linked && total.is_none()) => state.end(),
        Next::Absent => {
            state.offset = on;
            let is_same_place = ahead == Some(0);
            match total {
                Some(_) if is_behind => state.end(),
                // Nothing is left, whatever the total says.
                Some(_) if state.idle >= END && items.is_empty() && state.ended => {
                    told.tell(state, Rule::PageTotal);
                    state.doubts.insert(Doubt::LeftOut);
                    state.end();
                }
                // It is no use: offsets are ignored or rounded, and the total is of other objects.
                Some(_) if state.idle >= END && !is_same_place => {
                    told.tell(state, Rule::PageTotal);
                    state.doubts.insert(Doubt::NoOverlap);
                    state.end();
                }
                Some(_) => told.tell(state, Rule::PageLinkMissing),
                None if state.idle >= END && (state.ended || state.is_moving) => {
                    if !state.ended {
                        state.doubts.insert(Doubt::Unstable);
                    }
                    state.end();
                }
                // Is it the whole list again, or is the list moving?
                None if state.idle > 0 && !is_same_place && !state.is_moving => {
                    state.confirm = items.first().map(|first| (first.mark, on));
                    state.offset = on.saturating_add(FAR);
                }
                None => {}
            }
        }
    }
    if limit == 1 && !state.by_mark && !state.is_done && state.range == range {
        state.no_overlap = true;
        state.doubts.insert(Doubt::NoOverlap);
    }
    (taken(told), stop)
}

fn spend(state: &mut State, facts: &PageFacts<'_>, received: u64) {
    state.began.get_or_insert(facts.asked);
    let spent = &mut state.spent;
    spent.pages = spent.pages.saturating_add(1);
    spent.objects = spent.objects.saturating_add(received);
    spent.bytes = spent.bytes.saturating_add(facts.bytes);
    // As a cursor keeps it.
    let took = Duration::from_micros(u64::try_from(facts.took.as_micros()).unwrap_or(u64::MAX));
    spent.time = spent.time.saturating_add(took);
}

fn note(state: &mut State, facts: &PageFacts<'_>) {
    if facts.items.iter().any(|item| !item.has_id) {
        state.doubts.insert(Doubt::ObjectsWithoutId);
    }
    state.theirs = state.theirs.or(facts.timestamp);
    let newest = facts.items.iter().filter_map(|item| item.updated).max();
    state.newest = state.newest.max(newest);
}

/// The number of objects that the page would have if there were enough. A partner that names no limit is taken to have the
/// one of its longest page.
fn limit_in_force(state: &mut State, facts: &PageFacts<'_>, received: u64) -> u64 {
    state.longest = state.longest.max(received);
    match (state.limit.now, facts.limit) {
        (Some(asked), Some(theirs)) => asked.min(theirs).max(1),
        (None, Some(theirs)) => state.longest.min(theirs).max(1),
        (_, None) => state.longest.max(1),
    }
}

/// Notes the total. Marks may be offsets in disguise: if something went from the list, something else may have been passed
/// over, and no overlap shows it.
fn shrunk(state: &mut State, total: Option<u64>, told: &mut Told) {
    let before = std::mem::replace(&mut state.total, total);
    if state.by_mark && total < before && total.is_some() {
        told.tell(state, Rule::PageUnstable);
        state.doubts.insert(Doubt::Unstable);
    }
}

/// Whether a page joins the pages before: an object on it is known and has not changed.
fn joins(state: &mut State, items: &[ItemFacts], offset: u64) -> bool {
    if state.by_mark || offset == 0 || state.no_overlap {
        return true;
    }
    let joins = match items {
        [] => state.ended,
        items => items.iter().any(|item| state.seen.has_unchanged(item)),
    };
    if joins {
        return true;
    }
    // Nothing has moved since: what should be here is left out.
    if state.failed == Some((offset, mark_of_all(items))) {
        state.doubts.insert(Doubt::LeftOut);
        return true;
    }
    let is_weak = match items.first() {
        None => state.idle > 0,
        Some(first) => state.seen.has(first),
    };
    state.weak += u64::from(is_weak);
    if is_weak && state.weak > WEAK {
        state.doubts.insert(Doubt::Unstable);
        return true;
    }
    false
}

/// Takes the page of an offset that is far behind the end. If it begins with the same object as another page, offsets are
/// ignored, and every page is the whole list, or the first of many if it is as long as pages are. If not, the list was moving.
fn confirmed(state: &mut State, facts: &PageFacts<'_>, first: u64, on: u64) {
    note(state, facts);
    let items = &facts.items;
    if items.first().is_some_and(|item| item.mark == first) {
        state.seen.join(items);
        let limit = [state.limit.now, facts.limit].into_iter().flatten().min();
        if limit.is_some_and(|limit| u64::try_from(items.len()) == Ok(limit)) {
            state.doubts.insert(Doubt::NoOverlap);
        }
        state.end();
    } else {
        state.seen.note(items);
        moving(state, on);
    }
}

fn moving(state: &mut State, on: u64) {
    state.is_moving = true;
    state.offset = on;
}

/// Number of places by which the objects of the page before stand further behind on this page than they stood: as many came
/// in before them, or the page begins before its offset. `None` if none of them can be found.
fn ahead(state: &State, items: &[ItemFacts], offset: u64) -> Option<u64> {
    if offset == 0 || state.by_mark || items.is_empty() {
        return Some(0);
    }
    let last = &state.last.1;
    let last_at = state.last.0?;
    let place = |from: u64, index: usize| from.saturating_add(u64::try_from(index).unwrap_or(u64::MAX));
    let unchanged = items.iter().enumerate().filter(|(_, item)| state.seen.has_unchanged(item));
    let moved = unchanged.filter_map(|(index, item)| {
        let before = last.iter().position(|mark| *mark == item.mark)?;
        Some(place(offset, index).saturating_sub(place(last_at, before)))
    });
    moved.max()
}

fn read_link(state: &mut State, urls: &ListUrls, facts: &PageFacts<'_>, told: &mut Told) -> Next {
    let text = match facts.link {
        LinkHeader::Absent => return Next::Absent,
        LinkHeader::Unreadable => {
            told.tell(state, Rule::PageLinkSyntax);
            return Next::Unusable;
        }
        LinkHeader::Next(text) => text,
    };
    let Some(link) = Link::read(text, &url_of(&state.request(), &urls.list), urls) else {
        told.tell(state, Rule::PageLinkSyntax);
        return Next::Unusable;
    };
    if link.is_repaired {
        told.tell(state, Rule::PageNextHost);
        if state.repaired_are_dead {
            return Next::Unusable;
        }
    }
    match link.place {
        Place::Offset(offset) if !state.by_mark => Next::Offset(offset, link),
        _ if state.visited.contains(&mark(link.url.as_str().as_bytes())) => {
            told.tell(state, Rule::PageRepeats);
            Next::Unusable
        }
        _ => Next::Mark(link),
    }
}

fn follow(state: &mut State, link: Link) {
    if link.place == Place::PageNumber {
        state.doubts.insert(Doubt::NoOverlap);
    }
    state.by_mark = true;
    state.visited.insert(mark(link.url.as_str().as_bytes()));
    state.link_is_repaired = link.is_repaired;
    state.link = Some(link.url);
}

/// The URL of a request: links are relative to it.
fn url_of(request: &PageRequest, list: &Url) -> Url {
    match request {
        PageRequest::Link(url) => url.clone(),
        PageRequest::At { offset: 0, .. } => list.clone(),
        PageRequest::At { offset, .. } => with_number(list, "offset", *offset),
    }
}

/// Takes a failure; `None` if there is no other way to ask.
pub(super) fn failed(state: &mut State, failure: PageFailure) -> Option<Vec<Finding>> {
    let mut told = Told(Vec::new());
    let is_refused = failure == PageFailure::Refused;
    match failure {
        PageFailure::Other => return None,
        PageFailure::NotThere | PageFailure::Refused if state.confirm.is_some() => {
            if let Some((_, on)) = state.confirm.take() {
                moving(state, on);
            }
        }
        PageFailure::TooLarge => {
            let limit = state.limit.now.map_or(SMALL, |limit| limit / 2);
            lower(state, limit, &mut told)?;
        }
        // The last object of the page before was asked for again, which a partner may refuse.
        _ if is_refused
            && !state.no_overlap
            && !state.by_mark
            && state.asked_offset() > 0
            && !state.link_is_repaired =>
        {
            state.no_overlap = true;
            state.doubts.insert(Doubt::NoOverlap);
        }
        _ if state.link.is_some() && !state.mark_worked => {
            told.tell(state, Rule::PageLinkDead);
            state.repaired_are_dead |= state.link_is_repaired;
            state.link = None;
            state.link_is_repaired = false;
            state.by_mark = false;
            state.offset = state.instead;
        }
        _ if is_refused && state.limit.halved < HALVINGS => {
            let limit = state.limit.now? / 2;
            state.limit.halved = state.limit.halved.saturating_add(1);
            lower(state, limit, &mut told)?;
        }
        // Behind the end of a list of which nothing says where it ends.
        _ if !state.linked && state.total.is_none() && state.idle > 0 => {
            state.doubts.insert(Doubt::EndRefused);
            state.end();
        }
        _ => return None,
    }
    Some(told.0)
}

fn lower(state: &mut State, limit: u64, told: &mut Told) -> Option<()> {
    told.tell(state, Rule::PageLimitRejected);
    state.limit.now = Some(Some(limit).filter(|limit| *limit > 0)?);
    state.limit.is_lowered = true;
    Some(())
}
