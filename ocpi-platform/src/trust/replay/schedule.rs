//! Schedules as they are dumped.

use serde_json::Value;

/// Settings in which the model keeps no token of before for a rotation that heals.
pub(super) const KEEPS_NO_TOKEN_BEFORE: &[&str] = &[
    "register; token A leaked",
    "both register with each other",
    "both renew; the token of 0 leaked",
    "0 renews twice, 1 once; the token of 1 leaked",
    "both renew, with requests that take long",
    "unregister from both sides",
    "0 refuses or holds what 1 committed",
];

/// Settings in which the model has no mark `suspect`.
pub(super) const HAS_NO_SUSPECTS: &[&str] = &[
    "register; token A leaked",
    "both register with each other",
    "both renew; the token of 0 leaked",
    "0 renews twice, 1 once; the token of 1 leaked",
    "both renew, with requests that take long",
];

/// An event. Tokens are `a1`, `a2` … of side 0, `b1` … of side 1, and `x` of the attacker.
pub(super) struct Event<'a> {
    pub(super) what: &'a str,
    pub(super) who: usize,
    pub(super) at: usize,
    pub(super) giver: usize,
    pub(super) token: Option<&'a str>,
    pub(super) offers: &'a str,
    pub(super) method: &'a str,
    pub(super) result: &'a str,
    pub(super) is_refused: bool,
    pub(super) is_held: bool,
}

impl<'a> Event<'a> {
    pub(super) fn of(event: &'a Value) -> Self {
        let text = |name: &str| event[name].as_str().unwrap_or_default();
        let side = |name: &str| usize::try_from(event[name].as_u64().unwrap_or_default()).expect("0 or 1");
        Self {
            what: text("do"),
            who: side("who"),
            at: side("at"),
            giver: side("giver"),
            token: event["token"].as_str(),
            offers: text("offers"),
            method: text("method"),
            result: text("result"),
            is_refused: event["refused"] == true,
            is_held: event["held"] == true,
        }
    }

    pub(super) fn token(&self) -> &'a str {
        self.token.expect("a token")
    }

    /// The event without what it leads to.
    pub(super) fn text(event: &Value) -> String {
        let members = event.as_object().expect("an object").iter();
        let members =
            members.filter(|(name, _)| !["records", "rights", "waits", "fault"].contains(&name.as_str()));
        members.map(|(name, value)| format!("{name} {value} ")).collect()
    }
}

/// The state after an event.
pub(super) struct Expected {
    pub(super) records: Vec<ExpectedRecord>,
    pub(super) rights: Vec<Value>,
}

/// A record of the model.
#[derive(Clone)]
pub(super) struct ExpectedRecord(Value);

impl Expected {
    pub(super) fn of(picture: &Value) -> Self {
        let records = picture["records"].as_array().expect("records");
        Self {
            records: records.iter().cloned().map(ExpectedRecord).collect(),
            rights: picture["rights"].as_array().expect("rights").clone(),
        }
    }
}

impl ExpectedRecord {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0[name].as_str()
    }

    pub(super) fn is(&self, name: &str) -> bool {
        self.0[name] == true
    }

    pub(super) fn state(&self) -> &str {
        self.text("state").expect("a state")
    }

    pub(super) fn current(&self) -> String {
        self.text("current").expect("a current token").to_owned()
    }

    /// Method, token used and token offered of the open exchange.
    pub(super) fn exchange(&self) -> Option<[&str; 3]> {
        self.three("exchange")
    }

    /// Token, method and offered token of what was superseded.
    pub(super) fn superseded(&self) -> Option<[&str; 3]> {
        self.three("superseded")
    }

    fn three(&self, name: &str) -> Option<[&str; 3]> {
        let parts = self.0[name].as_array()?;
        Some([0, 1, 2].map(|place| parts[place].as_str().expect("a text")))
    }
}
