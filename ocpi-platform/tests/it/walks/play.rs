//! One schedule, event by event.

mod operator;
mod receiver;
mod sender;

use std::collections::{BTreeMap, BTreeSet};

use ocpi_platform::Error;
use ocpi_types::CredentialsToken;
use serde_json::Value;

use super::laws::Laws;
use super::schedule::{Event, Expected, HAS_NO_SUSPECTS, KEEPS_NO_TOKEN_BEFORE};
use super::side::{ID, Side};
use super::wire::{Op, Request, Response, Wire};

/// The token that the attacker offers.
const EVIL_TOKEN: &str = "evil-token";

/// A request on its way.
#[derive(Clone)]
pub(super) struct Letter {
    pub(super) to: usize,
    method: String,
    with: String,
    offers: String,
    pub(super) request: Request,
    /// Whether somebody waits for the answer.
    waited: bool,
}

/// An answer on its way to who waits for it.
struct Answer {
    to: usize,
    response: Response,
    /// Whether the model has it, too: there, refusals are lost.
    is_success: bool,
}

/// An accept that is under way.
struct Accept {
    op: Op,
    node: usize,
    method: String,
    with: String,
    offers: String,
    waited: bool,
    /// The request of the call back that waits.
    asks: Option<Request>,
    /// The answer with the details, once the call back has come to it.
    details: Option<Response>,
    /// The record when it began: revision, and as the model has it.
    revision: u64,
    picture: Value,
}

/// Reason why the rest of a schedule cannot be followed.
pub(super) type Left = &'static str;

pub(super) struct Play {
    pub(super) sides: [Option<Side>; 2],
    pub(super) tokens: Tokens,
    pub(super) mail: Vec<Letter>,
    answers: Vec<Answer>,
    /// The operation of each side that waits for the answer to its credentials.
    senders: [Option<Op>; 2],
    accepts: [Vec<Accept>; 2],
    laws: Laws,
    pub(super) settings: Setting,
    /// The invitation that each side was given last.
    pub(super) invited: [Option<String>; 2],
    when: String,
}

pub(super) struct Setting {
    pub(super) name: String,
    keeps_token_before: bool,
    has_suspects: bool,
    leaked: Option<String>,
}

/// Tokens by the names that the model gives them: `a1`, `a2` … are issued by side 0, `b1` … by side 1.
#[derive(Default)]
pub(super) struct Tokens(BTreeMap<String, CredentialsToken>);

impl Tokens {
    /// Those of a scripted side, and those of the start, are called as the model calls them.
    pub(super) fn get(&self, name: &str) -> CredentialsToken {
        let literal = || if name == "x" { EVIL_TOKEN } else { name }.parse().expect("a token");
        self.0.get(name).cloned().unwrap_or_else(literal)
    }

    fn bind(&mut self, name: &str, token: CredentialsToken) {
        assert!(self.0.insert(name.to_owned(), token).is_none(), "{name} was issued before");
    }

    /// The names of the tokens that a side has issued.
    pub(super) fn of(&self, side: usize) -> Vec<String> {
        self.0.keys().filter(|name| issuer(name) == Some(side)).cloned().collect()
    }
}

pub(super) fn issuer(name: &str) -> Option<usize> {
    match name.as_bytes().first() {
        Some(b'a') => Some(0),
        Some(b'b') => Some(1),
        _ => None,
    }
}

impl Play {
    pub(super) fn new(schedule: &Value) -> Self {
        let name = schedule["setting"].as_str().expect("a setting").to_owned();
        let start = &schedule["start"]["records"];
        let wire = Wire::default();
        let named = schedule["named"] == true;
        let mut tokens = Tokens::default();
        let mut sides =
            [0, 1].map(|side| (schedule["makes"][side] == "ours").then(|| Side::open(side, named, &wire)));
        let mut invited = [None, None];
        for side in [0, 1] {
            let record = &start[side];
            let Some(current) = record["current"].as_str() else { continue };
            let is_invited = record["state"] == "invited";
            if is_invited {
                invited[1 - side] = Some(current.to_owned());
            }
            let token = match &mut sides[side] {
                Some(ours) if is_invited => ours.invites(),
                Some(ours) => {
                    ours.adopts(current, record["out"].as_str().expect("a token"));
                    tokens.get(current)
                }
                None => tokens.get(current),
            };
            tokens.bind(current, token);
        }
        let settings = Setting {
            keeps_token_before: !KEEPS_NO_TOKEN_BEFORE.contains(&name.as_str()),
            has_suspects: !HAS_NO_SUSPECTS.contains(&name.as_str()),
            leaked: schedule["leaked"].as_str().map(str::to_owned),
            name,
        };
        Self {
            sides,
            tokens,
            mail: Vec::new(),
            answers: Vec::new(),
            senders: [None, None],
            accepts: [Vec::new(), Vec::new()],
            laws: Laws::default(),
            settings,
            invited,
            when: String::new(),
        }
    }

    /// Follows the schedule; returns why it left it, if it did.
    pub(super) fn follow(&mut self, schedule: &Value) -> Option<Left> {
        self.when = format!("seed {}, {}, at the start", schedule["seed"], self.settings.name);
        self.compare(&schedule["start"]);
        for (number, event) in schedule["events"].as_array().expect("events").iter().enumerate() {
            let text = Event::text(event);
            self.when = format!("seed {}, {}, event {number}: {text}", schedule["seed"], self.settings.name);
            if let Err(left) = self.happens(event) {
                return Some(left);
            }
            self.wait_as(event);
            self.drop_stale(event);
            self.compare(event);
        }
        None
    }

    fn compare(&mut self, picture: &Value) {
        let expected = Expected::of(picture);
        let when = &self.when;
        let is_calm = self.accepts.iter().all(Vec::is_empty) && self.senders.iter().all(Option::is_none);
        self.laws.hold(&mut self.sides, &self.tokens, is_calm, when);
        for number in [0, 1] {
            if let Some(side) = &mut self.sides[number] {
                let accepts = self.accepts[number].len();
                self.laws.compare(side, &self.tokens, &expected, &self.settings, accepts, when);
            }
        }
    }

    fn happens(&mut self, event: &Value) -> Result<(), Left> {
        let e = Event::of(event);
        let waited = event["waited"] == true;
        match e.what {
            "receive" => return self.receives(event, &e, waited),
            "call_back" => return self.calls_back(&e, waited),
            "commit" => return self.commits(event, &e, waited),
            "answered" => self.is_answered(&e),
            "doubled" => {
                // The event does not say what the request offers.
                let is_it = |letter: &&Letter| {
                    (letter.to, &*letter.method, &*letter.with, letter.waited)
                        == (e.who, e.method, e.token(), waited)
                };
                let offers: BTreeSet<_> =
                    self.mail.iter().filter(is_it).map(|letter| &letter.offers).collect();
                if offers.len() > 1 {
                    return Err("it is not said which request is doubled");
                }
                let letter = self.mail.iter().position(|letter| is_it(&letter)).expect("a request");
                let twin = Letter { waited: false, ..self.mail[letter].clone() };
                self.mail.push(twin);
            }
            "give_up" => self.gives_up(e.who),
            "crash" => {
                let has_sent = self.senders[e.who].take().is_some();
                self.accepts[e.who].clear();
                if let Some(side) = &mut self.sides[e.who] {
                    side.restart();
                    if has_sent {
                        side.outlives_lease();
                    }
                }
            }
            "register" | "renew" | "renew_asked" | "heal" | "send_again" | "unregister" | "send_delete" => {
                self.sends(event, &e);
            }
            "approve" => self.operates(e.who, |platform| async move {
                let seen = platform.partner(ID).await?.ok_or(Error::InvalidId)?;
                platform.approve(&seen).await.map(drop)
            }),
            "reject" => self.operates(e.who, |platform| async move {
                let _ = platform.reject(ID).await;
                Ok(())
            }),
            "repeat_over" => self.time_passes(e.who, 601),
            "expire" => self.time_passes(e.who, 72 * 60 * 60 + 1),
            "resume" => self.resumes(event, &e),
            "use" => self.uses(&e),
            "use_slow" => self.uses_slowly(&e),
            "attacker_uses" => self.attacker_uses(&e),
            "attacker_sends" => return self.attacker_sends(event, &e),
            other => panic!("{}: an event {other}", self.when),
        }
        Ok(())
    }

    pub(super) fn stop_all(&mut self) {
        self.senders = [None, None];
        self.accepts = [Vec::new(), Vec::new()];
        self.answers.clear();
    }
}

/// Settings in which somebody leaves or is refused: it may end without a registration.
const MAY_LEAVE: &[&str] = &[
    "renew and unregister, then invite anew",
    "unregister from both sides",
    "0 refuses or holds what 1 committed",
];

/// Settings in which the operators may begin anew.
const MAY_RESUME: &[&str] =
    &["register, no hosts or parties named; token A leaked", "renew and unregister, then invite anew"];

impl Setting {
    pub(super) fn may_leave(&self) -> bool {
        MAY_LEAVE.contains(&self.name.as_str())
    }

    pub(super) fn may_resume(&self) -> bool {
        MAY_RESUME.contains(&self.name.as_str())
    }

    pub(super) fn compares_token_before(&self) -> bool {
        self.keeps_token_before
    }

    pub(super) fn compares_suspects(&self) -> bool {
        self.has_suspects
    }
}
