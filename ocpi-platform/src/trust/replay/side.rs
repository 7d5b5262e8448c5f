//! One side of a schedule: a record in a store.

use std::collections::BTreeSet;

use ocpi_server_traits::storage::Memory;
use ocpi_types::{CredentialsToken, DateTime, Url, Version};
use pollster::block_on;
use serde_json::Value;

use super::schedule::{Event, ExpectedRecord};
use crate::Error;
use crate::directory::{Also, Kept, Partners, Seals};
use crate::trust::{
    Accepted, Access, Contact, Hasher, Issued, Method, Offer, PartnerState, Received, Record, Terms,
    TokenHash, TokenKind, Verdict, later,
};

const ID: &str = "partner";
const REPEAT_FOR: i64 = 600;
const INVITED_FOR: i64 = 259_200;
const TERMS: Terms = Terms { heal_every: 3_600, repeat_for: REPEAT_FOR };

/// A side that is ours.
pub(super) struct Side {
    number: usize,
    keeps_token_before: bool,
    store: Memory,
    partners: Partners,
    accepts: Vec<Accept>,
    /// Every token that it issued.
    issued: BTreeSet<String>,
    now: DateTime,
}

/// An accept that is under way: the partner is called back.
struct Accept {
    offer: Offer,
    method: String,
    with: String,
    offers: String,
    kept: Kept,
    was_called_back: bool,
}

impl Side {
    pub(super) fn new(number: usize, keeps_token_before: bool, start: &ExpectedRecord) -> Self {
        let mut side = Self {
            number,
            keeps_token_before,
            store: Memory::new(),
            partners: partners(),
            accepts: Vec::new(),
            issued: BTreeSet::new(),
            now: "2026-11-22T12:00:00Z".parse().expect("a time"),
        };
        let record = Record::new(ID, side.now);
        match start.state() {
            "none" => {}
            "invited" => side.invites(&start.current()),
            "registered" => {
                let contact = Contact { versions_url: url(), version: Version::V2_3_0 };
                let record = Record {
                    state: PartnerState::Registered,
                    current: Some(side.issues(&start.current()).hash),
                    confirmed: true,
                    out: start.text("out").map(token),
                    contact: Some(contact),
                    ..record
                };
                side.write(None, record);
            }
            other => panic!("a start as {other}"),
        }
        side
    }

    /// The record as the store has it.
    fn kept(&self) -> Option<Kept> {
        block_on(self.partners.read(&self.store, ID)).expect("a store")
    }

    fn record(&self) -> Record {
        self.kept().expect("a record").record
    }

    fn write(&self, from: Option<&Kept>, to: Record) {
        block_on(self.partners.replace(&self.store, from, to, Also::default(), self.now))
            .expect("no conflict");
    }

    /// Stores what an event makes of the record, if it changes.
    fn change(&self, change: impl FnOnce(&Record) -> Option<Record>) {
        let kept = self.kept().expect("a record");
        if let Some(to) = change(&kept.record) {
            if to != kept.record {
                self.write(Some(&kept), to);
            }
        }
    }

    fn issues(&mut self, name: &str) -> Issued {
        assert!(self.issued.insert(name.to_owned()), "{name} was issued before");
        Issued { token: token(name), hash: self.hash(name) }
    }

    fn hash(&self, name: &str) -> TokenHash {
        self.partners.hasher().token(&token(name))
    }

    fn offer(&self, method: &str, with: &str, offers: &str) -> Offer {
        let request = self.partners.hasher().request(Version::V2_3_0, &token(offers), &url());
        Offer { method: read_method(method), with: self.hash(with), request }
    }

    /// An event at this side.
    pub(super) fn does(&mut self, event: &Event<'_>, expected: &ExpectedRecord, when: &str) {
        self.now = later(self.now, 1);
        let now = self.now;
        match event.what {
            "receive" => self.receives(event, event.offers, when),
            "call_back" => self.called_back(event),
            "commit" => self.commits(event, &expected.current(), when),
            "answered" => self.is_answered(event, now),
            "crash" => {
                self.accepts.clear();
                self.partners = partners();
            }
            "register" => {
                let [_, with, offered] = expected.exchange().expect("an exchange");
                let offered = self.issues(offered);
                let kept = self.kept();
                let record = kept.as_ref().map_or_else(|| Record::new(ID, now), |kept| kept.record.clone());
                self.write(kept.as_ref(), record.registering(token(with), offered, url(), now));
            }
            "renew" => {
                let offered = self.issues(expected.exchange().expect("an exchange")[2]);
                self.change(|record| Some(record.rotating(offered, now).expect("it may rotate")));
            }
            "heal" => {
                let offered = self.issues(expected.exchange().expect("an exchange")[2]);
                self.change(|record| Some(record.healing(offered, now).expect("it may heal")));
                self.sends_with(event.token(), now);
            }
            "unregister" | "reject" => self.change(|record| record.leaving(now)),
            "approve" => self.change(|record| record.approved(now)),
            "repeat_over" => {
                self.change(|record| record.tidied(later(now, REPEAT_FOR), &TERMS));
            }
            "expire" => self.change(|record| record.tidied(later(now, INVITED_FOR), &TERMS)),
            "send_again" if event.token.is_some() => self.sends_with(event.token(), now),
            // What is on its way changes no record.
            "doubled" | "give_up" | "send_again" | "send_delete" | "use_slow" => {}
            other => panic!("{when}: an event {other}"),
        }
    }

    /// Its open exchange is sent with a token. That the partner does not know the other one is found out by asking twice.
    fn sends_with(&self, with: &str, now: DateTime) {
        let open = self.record().exchange.expect("an exchange");
        if open.with != token(with) {
            for _ in 0..2 {
                self.change(|record| record.exchange_failed(&open.offered.hash, true, now, 0));
            }
        }
    }

    pub(super) fn resumes(&mut self, invites: Option<String>) {
        self.accepts.clear();
        if self.kept().is_some() {
            self.change(|record| Some(record.clone().left(self.now)));
        }
        if let Some(name) = invites {
            self.invites(&name);
        }
    }

    fn invites(&mut self, name: &str) {
        let token = self.issues(name).hash;
        let kept = self.kept();
        let record = kept.as_ref().map_or_else(|| Record::new(ID, self.now), |kept| kept.record.clone());
        self.write(kept.as_ref(), record.invited(token, later(self.now, INVITED_FOR), self.now));
    }

    /// A request arrives.
    pub(super) fn receives(&mut self, event: &Event<'_>, offers: &str, when: &str) {
        let with = event.token();
        match event.method {
            "use" => return self.is_used(with, when),
            "DELETE" => {
                let kept = self.kept();
                let rights = kept.map(|kept| kept.record.rights_of(&self.hash(with), self.now));
                let is_good = rights.is_some_and(|rights| rights.delete == Access::Yes);
                assert_eq!(if is_good { "200" } else { "401" }, event.result, "{when}");
                if is_good {
                    self.change(|record| Some(record.clone().left(self.now)));
                }
                return;
            }
            _ => {}
        }
        let offer = self.offer(event.method, with, offers);
        let received = self.kept().map_or(Received::Dead, |kept| kept.record.receives(&offer, self.now));
        let result = match received {
            Received::Repeat(answer) => {
                assert_eq!(Some(self.partners.hasher().token(&answer)), self.record().current, "{when}");
                "repeat"
            }
            Received::NotNow => "405",
            Received::Dead => "401",
            // A lease would have done it.
            Received::CallBack(_) if event.result == "busy" => "busy",
            Received::CallBack(used) => {
                self.change(|_| used.map(|used| *used));
                self.accepts.push(Accept {
                    offer,
                    method: event.method.to_owned(),
                    with: with.to_owned(),
                    offers: offers.to_owned(),
                    kept: self.kept().expect("a record"),
                    was_called_back: false,
                });
                "call back"
            }
        };
        assert_eq!(result, event.result, "{when}");
    }

    /// Its call back comes to an end.
    fn called_back(&mut self, event: &Event<'_>) {
        let is_it = |accept: &Accept| accept.offers == event.token() && !accept.was_called_back;
        let place = self.accepts.iter().position(is_it).expect("an accept");
        if event.result == "good" {
            self.accepts[place].was_called_back = true;
        } else {
            self.accepts.remove(place);
        }
    }

    /// The other side calls it back.
    pub(super) fn is_called_back(&self, with: &str, is_good: bool, when: &str) {
        let Some(kept) = self.kept() else { return assert!(!is_good, "{when}") };
        let rights = kept.record.rights_of(&self.hash(with), self.now);
        // The two requests before a repeat are not in the model.
        let is_superseded = kept.record.kind_of(&self.hash(with)) == TokenKind::Superseded;
        assert!(rights.versions == is_good || is_superseded && !is_good, "{when}");
    }

    fn commits(&mut self, event: &Event<'_>, token_c: &str, when: &str) {
        let is_it = |accept: &Accept| {
            let names = (&*accept.method, &*accept.with, &*accept.offers);
            names == (event.method, event.token(), event.offers) && accept.was_called_back
        };
        let place = self.accepts.iter().position(is_it).expect("an accept");
        let accept = self.accepts.remove(place);
        let committed = self.commit(&accept, token_c);
        assert!(committed.is_ok(), "{when}: {committed:?}");
        self.issued.insert(token_c.to_owned());
    }

    fn commit(&self, accept: &Accept, token_c: &str) -> Result<Kept, Error> {
        let with = Accepted {
            token: Issued { token: token(token_c), hash: self.hash(token_c) },
            out: token(&accept.offers),
            is_held: accept.offers == "x",
            repeat_until: later(self.now, REPEAT_FOR),
        };
        let mut record = accept.kept.record.clone().accepted(&accept.offer, with, self.now);
        record.contact = Some(Contact { versions_url: url(), version: Version::V2_3_0 });
        let replaced =
            self.partners.replace(&self.store, Some(&accept.kept), record, Also::default(), self.now);
        block_on(replaced)
    }

    /// Accepts whose record was written since can commit no more.
    pub(super) fn drop_stale(&mut self, when: &str) {
        let now = self.kept().map(|kept| kept.record);
        for accept in std::mem::take(&mut self.accepts) {
            if now.as_ref() == Some(&accept.kept.record) {
                self.accepts.push(accept);
            } else {
                let late = self.commit(&accept, "late");
                assert!(matches!(late, Err(Error::Conflict(_))), "{when}");
            }
        }
    }

    fn is_answered(&mut self, event: &Event<'_>, now: DateTime) {
        let Some(answer) = event.token else {
            return self
                .change(|record| (record.state == PartnerState::Leaving).then(|| record.clone().left(now)));
        };
        let verdict = match (event.is_refused, event.is_held) {
            (true, _) => Verdict::Leaving,
            (_, true) => Verdict::Pending,
            _ => Verdict::Registered,
        };
        self.change(|record| {
            let offered = record.exchange.as_ref()?.offered.hash;
            let mut next = record.answered(&offered, token(answer), verdict, now)?;
            next.contact = Some(Contact { versions_url: url(), version: Version::V2_3_0 });
            Some(next)
        });
    }

    pub(super) fn is_open_to(&self, with: &str) -> bool {
        let kept = self.kept();
        kept.is_some_and(|kept| kept.record.rights_of(&self.hash(with), self.now).functional == Access::Yes)
    }

    /// A token is used on a functional module.
    pub(super) fn is_used(&mut self, with: &str, _when: &str) {
        if self.is_open_to(with) {
            let hash = self.hash(with);
            self.change(|record| record.used(&hash));
        }
    }

    /// Somebody came with a token that is dead.
    pub(super) fn suspects(&self) {
        self.change(Record::used_dead_token);
    }

    /// Its own functional request was answered.
    pub(super) fn used_out(&self, was_accepted: bool) {
        self.change(|record| record.out_was_used(was_accepted));
    }

    /// Compares the stored record, and the rights of all tokens, with those of the model.
    pub(super) fn compare(&self, expected: &ExpectedRecord, rights: &Value, when: &str) {
        let record = self.kept().map_or_else(|| Record::new(ID, self.now), |kept| kept.record);
        self.compare_record(&record, expected, &format!("{when}: record of {}", self.number));
        for name in self.issued.iter().map(String::as_str).chain(["x"]) {
            let ours = self.rights(&record, name);
            let theirs = rights.get(name).cloned().unwrap_or_else(none);
            let mut theirs = theirs.as_array().expect("rights").clone();
            if theirs[2] == "busy" || theirs[3] == "busy" {
                assert!(self.accepts.len() > 1, "{when}: busy");
                theirs
                    .iter_mut()
                    .filter(|right| **right == "busy")
                    .for_each(|right| *right = "call back".into());
            }
            if record.state == PartnerState::Leaving {
                // The model answers GET with the token that was presented; here it is 401, as we have left.
                theirs[1] = Value::Null;
            }
            assert_eq!(ours, theirs, "{when}: rights of {name} at {}", self.number);
        }
        assert!(rights.as_object().expect("rights").keys().all(|name| self.issued.contains(name)), "{when}");
    }

    fn rights(&self, record: &Record, name: &str) -> Vec<Value> {
        let hash = self.hash(name);
        let rights = record.rights_of(&hash, self.now);
        let sends = |method: &str| match record.receives(&self.offer(method, name, "never"), self.now) {
            Received::CallBack(_) => "call back",
            Received::NotNow => "405",
            Received::Dead => "401",
            Received::Repeat(_) => "repeat",
        };
        let is_superseded = record.kind_of(&hash) == TokenKind::Superseded;
        vec![
            (rights.versions && !is_superseded).into(),
            (rights.get == Access::Yes).then(|| name.to_owned()).into(),
            sends("POST").into(),
            sends("PUT").into(),
            if rights.delete == Access::Yes { "200".into() } else { "401".into() },
            (rights.functional == Access::Yes).into(),
        ]
    }

    fn compare_record(&self, record: &Record, expected: &ExpectedRecord, when: &str) {
        let hash = |name: Option<&str>| name.map(|name| self.hash(name));
        // An invitation that is over leaves a record here, and none in the model.
        let theirs = if expected.state() == "none" { "left" } else { expected.state() };
        assert_eq!(record.state.as_str(), theirs, "{when}: state");
        assert_eq!(record.current, hash(expected.text("current")), "{when}: current");
        assert_eq!(record.confirmed, expected.is("confirmed"), "{when}: confirmed");
        assert_eq!(record.kept, hash(expected.text("kept")), "{when}: kept");
        let superseded = record.superseded.as_ref().map(|known| (known.token, known.method, known.request));
        let theirs = expected.superseded().map(|[with, method, offered]| {
            let offer = self.offer(method, with, offered);
            (offer.with, offer.method, offer.request)
        });
        assert_eq!(superseded, theirs, "{when}: superseded");
        assert_eq!(record.out, expected.text("out").map(token), "{when}: out");
        if self.keeps_token_before {
            assert_eq!(record.out_before, expected.text("out_before").map(token), "{when}: out before");
        }
        let exchange = record.exchange.as_ref();
        let exchange = exchange.map(|open| (open.method, open.with.clone(), open.offered.token.clone()));
        let theirs = expected.exchange();
        let theirs = theirs.map(|[method, with, offered]| (read_method(method), token(with), token(offered)));
        assert_eq!(exchange, theirs, "{when}: exchange");
        assert_eq!(record.suspect, expected.is("suspect"), "{when}: suspect");
    }
}

fn partners() -> Partners {
    Partners::new(Hasher::new(Some(b"pepper")), Seals::default())
}

fn none() -> Value {
    serde_json::json!([false, null, "401", "401", "401", false])
}

fn token(name: &str) -> CredentialsToken {
    name.parse().expect("a token")
}

fn url() -> Url {
    "https://partner.example/ocpi/versions".parse().expect("a URL")
}

fn read_method(method: &str) -> Method {
    match method {
        "POST" => Method::Post,
        "PUT" => Method::Put,
        other => panic!("a method {other}"),
    }
}
