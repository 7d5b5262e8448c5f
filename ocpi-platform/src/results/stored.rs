//! Entries as they are stored.

use ocpi_server_traits::storage::NewDocument;
use ocpi_types::json::{self, Limits};
use ocpi_types::{DateTime, Text};

use super::RequestKind;
use super::entry::{Entry, State};

/// Format of the documents.
const FORMAT: &str = "result 1";

/// The list of requests whose result is awaited.
pub(super) const OPEN: &str = "open";
/// The list of those that are over.
pub(super) const OVER: &str = "over";
/// The term by which the requests to a partner are found.
pub(super) const PARTNER: &str = "partner";

ocpi_types::object! {
    /// A request whose result comes later.
    pub struct StoredRequest = "AwaitedResult", init StoredRequestInit {
        /// The application's name for the partner.
        pub partner: Text<0>,
        /// Kind of the request.
        pub kind: Text<0>,
        /// Time of the request.
        pub asked: DateTime,
        /// End of the wait.
        pub deadline: DateTime,
        /// Time until which something may follow the result.
        pub useful_until: Option<DateTime>,
        /// The state.
        pub state: Text<0>,
        /// The immediate answer, as JSON.
        pub answer: Option<Text<0>>,
        /// The result, as JSON.
        pub result: Option<Text<0>>,
        /// A result that came too late, as JSON.
        pub late: Option<Text<0>>,
        /// The cancellation of a reservation, as JSON.
        pub cancellation: Option<Text<0>>,
    }
}

const STATES: [(&str, State); 5] = [
    ("open", State::Open),
    ("answered", State::Answered),
    ("refused", State::Refused),
    ("failed", State::Failed),
    ("timed out", State::TimedOut),
];

/// Writes an entry. In windows of time stands the end of the wait, or the time from which it is of no use any more.
pub(super) fn write(entry: &Entry, now: DateTime) -> Option<NewDocument> {
    let text = |text: &str| text.parse::<Text<0>>().ok();
    let optional =
        |text: &Option<String>| text.as_ref().map_or(Some(None), |text| text.parse().ok().map(Some));
    let (state, _) = STATES.iter().find(|(_, state)| *state == entry.state)?;
    let stored = StoredRequest {
        useful_until: entry.useful_until,
        answer: optional(&entry.answer)?,
        result: optional(&entry.result)?,
        late: optional(&entry.late)?,
        cancellation: optional(&entry.cancellation)?,
        ..StoredRequestInit {
            partner: text(&entry.partner)?,
            kind: text(entry.kind.as_str())?,
            asked: entry.asked,
            deadline: entry.deadline,
            state: text(state)?,
        }
        .into()
    };
    let (list, time) = match entry.state {
        State::Open => (OPEN, entry.deadline),
        _ => (OVER, entry.useful_until.map_or(now, |until| until.max(now))),
    };
    let document = NewDocument::new(json::to_vec(&stored), FORMAT, time);
    // Without a part: it is no object that anybody else has a copy of, so it is not in the change feed.
    Some(document.in_list(list).with_term(PARTNER, &entry.partner))
}

/// Reads an entry; `None` if it is broken.
pub(super) fn read(body: &[u8]) -> Option<Entry> {
    let stored: StoredRequest = json::read_within(body, Limits::trusted()).ok()?.value;
    let owned = |text: Option<Text<0>>| text.map(|text| text.as_str().to_owned());
    let (_, state) = STATES.iter().find(|(name, _)| *name == stored.state.as_str())?;
    Some(Entry {
        partner: stored.partner.as_str().to_owned(),
        kind: RequestKind::named(stored.kind.as_str())?,
        asked: stored.asked,
        deadline: stored.deadline,
        useful_until: stored.useful_until,
        state: *state,
        answer: owned(stored.answer),
        result: owned(stored.result),
        late: owned(stored.late),
        cancellation: owned(stored.cancellation),
    })
}
