//! Entries as they are stored.

use ocpi_server_traits::storage::NewDocument;
use ocpi_types::json::{self, Limits};
use ocpi_types::protocol::Party;
use ocpi_types::{DateTime, Private, Text};

use super::entry::{Entry, State};
use crate::RequestKind;
use crate::directory::party_from;

/// Format of the documents.
const FORMAT: &str = "taken 1";

/// The list of requests at which charge points are at work; windows of time are by their deadlines.
pub(super) const RUNNING: &str = "running";
/// The list of those whose results are to be posted; windows of time are by the next post.
pub(super) const DUE: &str = "due";
/// The list of those that are over; windows of time are by the end of their use.
pub(super) const OVER: &str = "over";
/// The term by which the requests of a partner are found.
pub(super) const PARTNER: &str = "partner";
/// The term by which a reservation is found, by its id in lower case behind the partner.
pub(super) const RESERVATION: &str = "reservation";

ocpi_types::object! {
    /// A request to charge points.
    pub struct StoredTaken = "TakenRequest", init StoredTakenInit {
        /// The application's name for the partner.
        pub partner: Text<0>,
        /// Kind of the request.
        pub kind: Text<0>,
        /// The id by which it is told from another request that looks the same.
        pub run: Option<Text<0>>,
        /// The id of the message.
        pub request_id: Option<Text<0>>,
        /// The party that was asked, as `CC/PID`.
        pub from: Option<Text<0>>,
        /// The party that asked, as `CC/PID`.
        pub to: Option<Text<0>>,
        /// The URL for the result, sealed.
        pub url: Private<Text<0>>,
        /// Time of the request.
        pub asked: DateTime,
        /// End of the charge point's time.
        pub deadline: DateTime,
        /// The state.
        pub state: Text<0>,
        /// The immediate answer, as JSON.
        pub answer: Text<0>,
        /// Whether the same request came again and was answered so.
        pub repeated: Option<bool>,
        /// The result, as JSON.
        pub result: Option<Text<0>>,
        /// Posts of the result so far.
        pub posts: i64,
        /// Time of the next post.
        pub next: DateTime,
        /// Id of the reservation that it made.
        pub reservation: Option<Text<0>>,
        /// End of the reservation.
        pub reserved_until: Option<DateTime>,
    }
}

const STATES: [(&str, State); 3] = [(RUNNING, State::Running), (DUE, State::Due), (OVER, State::Over)];

/// Writes an entry.
pub(super) fn write(entry: &Entry, now: DateTime) -> Option<NewDocument> {
    let text = |text: &str| text.parse::<Text<0>>().ok();
    let optional = |text: Option<&String>| text.map_or(Some(None), |text| text.parse().ok().map(Some));
    let party = |party: Option<&Party>| optional(party.map(Party::to_string).as_ref());
    let (state, _) = STATES.iter().find(|(_, state)| *state == entry.state)?;
    let stored = StoredTaken {
        run: optional(Some(&entry.run))?,
        request_id: optional(entry.request_id.as_ref())?,
        from: party(entry.from.as_ref())?,
        to: party(entry.to.as_ref())?,
        repeated: entry.is_repeated.then_some(true),
        result: optional(entry.result.as_ref())?,
        reservation: optional(entry.reservation.as_ref().map(|(id, _)| id))?,
        reserved_until: entry.reservation.as_ref().map(|(_, until)| *until),
        ..StoredTakenInit {
            partner: text(&entry.partner)?,
            kind: text(entry.kind.as_str())?,
            url: entry.url.clone(),
            asked: entry.asked,
            deadline: entry.deadline,
            state: text(state)?,
            answer: text(&entry.answer)?,
            posts: entry.posts,
            next: entry.next,
        }
        .into()
    };
    let time = match entry.state {
        State::Running => entry.deadline,
        State::Due => entry.next,
        State::Over => entry.reservation.as_ref().map_or(now, |(_, until)| (*until).max(now)),
    };
    let mut document = NewDocument::new(json::to_vec(&stored), FORMAT, time).in_list(*state);
    document = document.with_term(PARTNER, &entry.partner);
    if let Some((id, _)) = &entry.reservation {
        document = document.with_term(RESERVATION, reservation(&entry.partner, id));
    }
    // Without a part: it is no object that anybody else has a copy of, so it is not in the change feed.
    Some(document)
}

/// The value of the term for a reservation of a partner.
pub(super) fn reservation(partner: &str, id: &str) -> String {
    format!("{partner} {}", id.to_lowercase())
}

/// Reads an entry; `None` if it is broken.
pub(super) fn read(body: &[u8]) -> Option<Entry> {
    let stored: StoredTaken = json::read_within(body, Limits::trusted()).ok()?.value;
    let owned = |text: Text<0>| text.as_str().to_owned();
    let party = |text: Text<0>| party_from(text.as_str());
    let (_, state) = STATES.iter().find(|(name, _)| *name == stored.state.as_str())?;
    Some(Entry {
        partner: owned(stored.partner),
        kind: RequestKind::named(stored.kind.as_str())?,
        run: stored.run.map(owned).unwrap_or_default(),
        request_id: stored.request_id.map(owned),
        from: stored.from.and_then(party),
        to: stored.to.and_then(party),
        url: stored.url,
        asked: stored.asked,
        deadline: stored.deadline,
        state: *state,
        answer: owned(stored.answer),
        is_repeated: stored.repeated.unwrap_or(false),
        result: stored.result.map(owned),
        posts: stored.posts,
        next: stored.next,
        reservation: stored.reservation.map(owned).zip(stored.reserved_until),
    })
}
