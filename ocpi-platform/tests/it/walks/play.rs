//! One schedule, event by event.

use std::collections::{BTreeMap, BTreeSet};

use http::Method;
use ocpi_platform::Error;
use ocpi_testkit::respond;
use ocpi_types::CredentialsToken;
use ocpi_types::endpoint::List;
use ocpi_types::v2_3_0::tariffs::Tariff;
use pollster::block_on;
use serde_json::Value;

use super::laws::{Laws, hash_of};
use super::probe::{request, status_code, token_in};
use super::schedule::{Event, Expected, HAS_NO_SUSPECTS, KEEPS_NO_TOKEN_BEFORE};
use super::side::{EVIL, HELD, HOSTS, ID, REFUSED, Side, allow_of, credentials_of, versions_url};
use super::wire::{Done, Op, Request, Response, Step, Wire, discovery, lost};

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
    pub(super) wire: Wire,
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
            wire,
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
                let offers: BTreeSet<_> = self.mail.iter().filter(is_it).map(|letter| &letter.offers).collect();
                if offers.len() > 1 {
                    return Err("it is not said which request is doubled");
                }
                let letter = self.mail.iter().position(|letter| is_it(&letter)).expect("a request");
                let twin = Letter { waited: false, ..self.mail[letter].clone() };
                self.mail.push(twin);
            }
            "give_up" => self.gives_up(e.who),
            "crash" => {
                self.senders[e.who] = None;
                self.accepts[e.who].clear();
                if let Some(side) = &mut self.sides[e.who] {
                    side.restart();
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

    // ---- the sender ---------------------------------------------------------------------------------------------

    /// A side begins an exchange, or sends an open one again.
    fn sends(&mut self, event: &Value, e: &Event<'_>) {
        let (who, there) = (e.who, 1 - e.who);
        let expected = Expected::of(event).records[who].clone();
        let Some(side) = &self.sides[who] else { return self.script_sends(event, e) };
        let url = versions_url(HOSTS[there]);
        let mut op = match e.what {
            "register" => {
                let token = self.tokens.get(e.token());
                let allow = side.allow();
                side.operates(0, |platform| async move {
                    platform.register(ID, url, token, allow).await.map(drop)
                })
            }
            "renew" if side.record().is_some_and(|(record, _)| record["confirmed"] == true) => {
                side.operates(0, |platform| async move { platform.rotate(ID).await.map(drop) })
            }
            // The model may renew before its answer was used; the operator has another word for it here.
            "renew" | "heal" | "send_again" => {
                side.operates(0, |platform| async move { platform.resume(ID).await.map(drop) })
            }
            _ => side.operates(0, |platform| async move { platform.unregister(ID).await }),
        };
        if e.what == "heal" && side.record().expect("a record").0["out"] != self.tokens.get(e.token()).expose() {
            // The partner does not know the token in use: that is found out by asking twice.
            for _ in 0..2 {
                let step = op.run();
                op.finish(step, |_| Ok(respond(401, &[], r#"{"status_code": 2000}"#)));
                op = side.operates(0, |platform| async move { platform.resume(ID).await.map(drop) });
            }
        }
        let mut step = op.run();
        let sent = loop {
            match step {
                Step::Asks(request) if is_discovery(&request) => {
                    let answer = self.discovery(there, &request);
                    step = op.answer(Ok(answer));
                }
                Step::Asks(request) => break request,
                Step::Done(Done::Ended(ended)) => panic!("{}: nothing was sent: {ended:?}", self.when),
                Step::Done(Done::Served(_)) => panic!("it serves nothing"),
            }
        };
        let offered = expected.exchange().map(|exchange| exchange[2].to_owned());
        if let ("register" | "renew" | "heal", Some(name)) = (e.what, &offered) {
            let record = self.sides[who].as_ref().and_then(Side::record).expect("a record").0;
            let token = record["exchange"]["offered"].as_str().expect("it is stored before it is sent");
            self.tokens.bind(name, token.parse().expect("a token"));
        }
        let with = match expected.exchange() {
            Some([_, with, _]) => with.to_owned(),
            None => expected.text("out").expect("a token").to_owned(),
        };
        let authorization = &sent.headers()[http::header::AUTHORIZATION];
        assert_eq!(authorization, &self.tokens.get(&with).to_header(true), "{}: sent with {with}", self.when);
        self.mail.push(Letter {
            to: there,
            method: sent.method().to_string(),
            with,
            offers: offered.unwrap_or_default(),
            request: sent,
            waited: true,
        });
        self.senders[who] = Some(op);
    }

    /// A partner of another make sends as the schedule says.
    fn script_sends(&mut self, event: &Value, e: &Event<'_>) {
        let there = 1 - e.who;
        let expected = Expected::of(event).records[e.who].clone();
        let (method, with, offers) = match expected.exchange() {
            Some([method, with, offered]) => (method, with.to_owned(), offered.to_owned()),
            None => ("DELETE", e.token().to_owned(), String::new()),
        };
        let body = if offers.is_empty() { String::new() } else { credentials_of(e.who, &offers, HOSTS[e.who]) };
        let parsed = method.parse().expect("a method");
        let sent = request(parsed, HOSTS[there], "2.3.0/credentials", &self.tokens.get(&with), &body);
        self.mail.push(Letter { to: there, method: method.to_owned(), with, offers, request: sent, waited: true });
    }

    /// The answer to a look at the versions. One that is refused is answered all the same: the token may have died
    /// after it.
    fn discovery(&mut self, there: usize, asked: &Request) -> Response {
        if let Some(side) = &mut self.sides[there] {
            side.refresh_probe();
            let answer = side.probe.ask(asked.clone());
            if answer.status() == 200 {
                return answer;
            }
        }
        discovery(HOSTS[there], asked)
    }

    fn is_answered(&mut self, e: &Event<'_>) {
        let Some(mut op) = self.senders[e.who].take() else {
            self.answers.retain(|answer| answer.to != e.who);
            return assert!(self.sides[e.who].is_none(), "{}: nobody waits", self.when);
        };
        let place = self.answers.iter().position(|answer| answer.to == e.who && answer.is_success);
        let place = place.unwrap_or_else(|| panic!("{}: there is no answer", self.when));
        let response = self.answers.remove(place).response;
        let token = token_in(&response);
        assert_eq!(token, e.token.map(|name| self.tokens.get(name)), "{}: the answer", self.when);
        let response = match (e.is_refused, e.is_held) {
            (true, _) => from_host(&response, 1 - e.who, REFUSED),
            (_, true) => from_host(&response, 1 - e.who, HELD),
            _ => response,
        };
        let mut deletes = Vec::new();
        let step = op.answer(Ok(response));
        op.finish(step, |asked| {
            if asked.method() == Method::DELETE {
                deletes.push(asked.headers()[http::header::AUTHORIZATION].clone());
            }
            Err(lost())
        });
        if let (Some(token), Some(side)) = (token, &self.sides[e.who]) {
            let (record, _) = side.record().expect("a record");
            let has_c = record["out"] == token.expose();
            assert!(has_c, "P8: {}: token C is not stored", self.when);
            let takes_back = deletes.iter().any(|header| *header == token.to_header(true));
            assert!(!e.is_refused || takes_back, "P8: {}: no DELETE with token C", self.when);
            let offered = Expected::current_of(side, &self.tokens);
            self.laws.is_settled(e.who, &self.tokens, offered.as_deref());
        }
    }

    /// Who waits is told that it failed, or is stopped.
    fn gives_up(&mut self, who: usize) {
        let Some(mut op) = self.senders[who].take() else { return };
        let refusal = self.answers.iter().position(|answer| answer.to == who && !answer.is_success);
        let refusal = refusal.map(|place| self.answers.remove(place).response);
        // A failure is noted in the record, at which an accept would fail that goes on in the model.
        if !self.accepts[who].is_empty() {
            return;
        }
        let keeps_before = self.sides[who].as_ref().and_then(Side::record).is_some_and(|(record, _)| !record["out_before"].is_null());
        let answer = match refusal {
            // After two of them the token of before would be tried.
            Some(response) if !keeps_before => Ok(response),
            _ => Err(lost()),
        };
        let step = op.answer(answer);
        op.finish(step, |_| Err(lost()));
    }

    /// Makes those wait who wait in the model. What comes after an exchange was overtaken changes nothing.
    fn wait_as(&mut self, event: &Value) {
        for who in [0, 1] {
            let waits = event["waits"][who] == true;
            if self.sides[who].is_some() {
                assert!(!waits || self.senders[who].is_some(), "{}: {who} does not wait", self.when);
            }
            if waits {
                continue;
            }
            if let Some(mut op) = self.senders[who].take() {
                let revision = self.sides[who].as_ref().map(Side::revision);
                let late = self.answers.iter().position(|answer| answer.to == who && answer.is_success);
                let step = op.answer(late.map_or(Err(lost()), |place| Ok(self.answers.remove(place).response)));
                op.finish(step, |_| Err(lost()));
                let after = self.sides[who].as_ref().map(Side::revision);
                assert_eq!(revision, after, "{}: an answer came late", self.when);
            }
            self.answers.retain(|answer| answer.to != who);
            let theirs = self.mail.iter_mut().filter(|letter| letter.to != who);
            theirs.for_each(|letter| letter.waited = false);
            self.accepts[1 - who].iter_mut().for_each(|accept| accept.waited = false);
        }
    }

    // ---- the receiver -------------------------------------------------------------------------------------------

    fn letter(&self, to: usize, e: &Event<'_>, waited: bool) -> usize {
        let is_it = |letter: &Letter| {
            let names = (letter.to, &*letter.method, &*letter.with, &*letter.offers, letter.waited);
            names == (to, e.method, e.token(), e.offers, waited)
        };
        self.mail.iter().position(is_it).unwrap_or_else(|| panic!("{}: no such request", self.when))
    }

    fn receives(&mut self, event: &Value, e: &Event<'_>, waited: bool) -> Result<(), Left> {
        let place = self.letter(e.who, e, waited);
        let letter = self.mail.remove(place);
        if self.sides[e.who].is_some() {
            return self.serves(event, e.who, letter, e.result);
        }
        // A partner of another make answers as the schedule says.
        let answer = match (e.method, e.result) {
            ("DELETE", _) => respond(200, &[], r#"{"status_code": 1000, "timestamp": "2026-11-22T12:00:00Z"}"#),
            (_, "200") => self.script_answers(event, e.who),
            _ => return Ok(()),
        };
        if waited {
            self.answers.push(Answer { to: 1 - e.who, response: answer, is_success: true });
        }
        Ok(())
    }

    fn script_answers(&mut self, event: &Value, who: usize) -> Response {
        let token = Expected::of(event).records[who].current();
        ocpi_testkit::success(&credentials_of(who, &token, HOSTS[who]))
    }

    /// A request arrives at a side that is ours.
    fn serves(&mut self, event: &Value, who: usize, letter: Letter, result: &str) -> Result<(), Left> {
        let node = if result == "busy" { self.busy_node(who) } else { self.free_node(who) };
        let side = self.sides[who].as_ref().expect("ours");
        let mut op = side.serves(node, letter.request);
        let response = match op.run() {
            Step::Asks(asks) => {
                assert_eq!(result, "call back", "{}", self.when);
                let (revision, picture) = (side.revision(), event["records"][who].clone());
                let Letter { method, with, offers, waited, .. } = letter;
                self.accepts[who].push(Accept {
                    op,
                    node,
                    method,
                    with,
                    offers,
                    waited,
                    asks: Some(asks),
                    details: None,
                    revision,
                    picture,
                });
                return Ok(());
            }
            Step::Done(Done::Served(response)) => response,
            Step::Done(Done::Ended(_)) => panic!("it operates nothing"),
        };
        let is_success = match (&*letter.method, response.status().as_u16(), status_code(&response)) {
            ("use", ..) => {
                assert_eq!(result, "used", "{}", self.when);
                return Ok(());
            }
            (_, 200, 1000) if letter.method == "DELETE" => {
                assert_eq!(result, "200", "{}", self.when);
                true
            }
            (_, 200, 1000) => {
                assert_eq!(result, "repeat", "{}", self.when);
                let token = token_in(&response).expect("credentials");
                let current = Expected::current_of(side, &self.tokens).expect("a token");
                assert_eq!(token, self.tokens.get(&current), "P1: {}: the repeated answer", self.when);
                true
            }
            (_, 200, 3000) => {
                assert_eq!(result, "busy", "{}", self.when);
                false
            }
            (_, status, _) => {
                assert_eq!(result, status.to_string(), "{}", self.when);
                // Who leaves takes this for an end.
                letter.method == "DELETE"
            }
        };
        if letter.waited && self.sides[1 - who].is_some() {
            self.answers.push(Answer { to: 1 - who, response, is_success });
        }
        Ok(())
    }

    /// A process that exchanges credentials with the partner already.
    fn busy_node(&self, who: usize) -> usize {
        match self.accepts[who].first() {
            _ if self.senders[who].is_some() => 0,
            Some(accept) => accept.node,
            None => panic!("{}: nobody is busy", self.when),
        }
    }

    fn free_node(&mut self, who: usize) -> usize {
        let is_free = |node: &usize| self.accepts[who].iter().all(|accept| accept.node != *node);
        [1, 2].into_iter().find(is_free).unwrap_or(0)
    }

    fn calls_back(&mut self, e: &Event<'_>, waited: bool) -> Result<(), Left> {
        let (who, there) = (e.who, 1 - e.who);
        let is_good = e.result == "good";
        let token = self.tokens.get(e.token());
        let is_evil = e.token() == "x";
        // What the side that is called back says of the token.
        if let Some(side) = self.sides[there].as_mut().filter(|_| !is_evil) {
            side.refresh_probe();
            let is_open = side.probe.opens_versions(&token);
            // The two requests before a repeat are not in the model.
            let is_repeat = is_open && !is_good && self.laws.is_superseded(there, e.token());
            assert!(is_open == is_good || is_repeat, "{}: the versions are open: {is_open}", self.when);
        }
        if self.sides[who].is_none() {
            return Ok(());
        }
        let is_it = |accept: &Accept| {
            accept.offers == e.token() && accept.waited == waited && accept.asks.is_some()
        };
        let place = self.accepts[who].iter().position(is_it);
        let place = place.unwrap_or_else(|| panic!("{}: no such accept", self.when));
        let asks = self.accepts[who][place].asks.take().expect("it waits");
        if !is_good {
            let mut accept = self.accepts[who].remove(place);
            let step = accept.op.answer(Err(lost()));
            let Done::Served(response) = accept.op.finish(step, |_| Err(lost())) else { panic!("it serves") };
            assert_eq!(status_code(&response), 3001, "{}", self.when);
            return Ok(());
        }
        let answers = |play: &mut Self, asks: &Request| {
            if is_evil { discovery(EVIL, asks) } else { play.discovery(there, asks) }
        };
        let versions = answers(self, &asks);
        let step = self.accepts[who][place].op.answer(Ok(versions));
        let Step::Asks(asks) = step else { panic!("{}: it asks for the details", self.when) };
        let details = answers(self, &asks);
        self.accepts[who][place].details = Some(details);
        Ok(())
    }

    fn commits(&mut self, event: &Value, e: &Event<'_>, waited: bool) -> Result<(), Left> {
        let who = e.who;
        let current = Expected::of(event).records[who].current();
        let response = if self.sides[who].is_some() {
            let is_it = |accept: &Accept| {
                let names = (&*accept.method, &*accept.with, &*accept.offers, accept.waited);
                names == (e.method, e.token(), e.offers, waited) && accept.details.is_some()
            };
            let place = self.accepts[who].iter().position(is_it);
            let place = place.unwrap_or_else(|| panic!("{}: no such accept", self.when));
            let mut accept = self.accepts[who].remove(place);
            let side = self.sides[who].as_ref().expect("ours");
            let was_written = side.revision() != accept.revision;
            let step = accept.op.answer(Ok(accept.details.take().expect("the details")));
            let Step::Done(Done::Served(response)) = step else { panic!("{}: it commits", self.when) };
            if was_written {
                assert_eq!(status_code(&response), 3000, "{}: the record was written", self.when);
                return Err("an accept failed after a write that the model does not have");
            }
            let token = token_in(&response).unwrap_or_else(|| panic!("{}: {response:?}", self.when));
            self.tokens.bind(&current, token);
            self.laws.is_committed(who, e.token());
            response
        } else {
            self.script_answers(event, who)
        };
        if waited && e.offers != "x" && self.sides[1 - who].is_some() {
            self.answers.push(Answer { to: 1 - who, response, is_success: true });
        }
        Ok(())
    }

    /// Accepts whose record was written since can commit no more.
    fn drop_stale(&mut self, event: &Value) {
        for who in [0, 1] {
            let Some(side) = &self.sides[who] else { continue };
            let picture = &event["records"][who];
            let (stale, fresh) =
                std::mem::take(&mut self.accepts[who]).into_iter().partition(|accept| accept.picture != *picture);
            self.accepts[who] = fresh;
            for mut accept in stale {
                let revision = side.revision();
                if revision == accept.revision {
                    continue;
                }
                let host = if accept.offers == "x" { EVIL } else { HOSTS[1 - who] };
                let step = match (accept.details.take(), accept.asks.take()) {
                    (Some(details), _) => accept.op.answer(Ok(details)),
                    (None, Some(asks)) => accept.op.answer(Ok(discovery(host, &asks))),
                    (None, None) => continue,
                };
                let Done::Served(response) = accept.op.finish(step, |asks| Ok(discovery(host, &asks))) else {
                    panic!("it serves")
                };
                assert!(status_code(&response) >= 2000, "{}: a late accept", self.when);
                assert_eq!(side.revision(), revision, "{}: a late accept", self.when);
            }
        }
    }

    // ---- operators, time and use ---------------------------------------------------------------------------------

    /// Something that the operator does. What is sent of it is lost.
    fn operates<F>(&mut self, who: usize, act: impl FnOnce(std::sync::Arc<super::side::OurPlatform>) -> F)
    where
        F: Future<Output = Result<(), Error>> + 'static,
    {
        let Some(side) = &self.sides[who] else { return };
        let mut op = side.operates(0, act);
        let step = op.run();
        let Done::Ended(ended) = op.finish(step, |_| Err(lost())) else { panic!("it operates") };
        assert!(ended.is_ok(), "{}: {ended:?}", self.when);
    }

    fn time_passes(&mut self, who: usize, seconds: i64) {
        let Some(side) = &self.sides[who] else { return };
        side.clock.advance(seconds);
        self.operates(who, |platform| async move { platform.tick().await.map(drop) });
    }

    /// Both operators end what they have, and one invites the other anew.
    fn resumes(&mut self, event: &Value, e: &Event<'_>) {
        for who in [0, 1] {
            self.senders[who] = None;
            self.accepts[who].clear();
            if let Some(side) = &mut self.sides[who] {
                if side.record().is_some() {
                    block_on(side.any().platform.forget(ID)).expect("forgotten");
                }
            }
        }
        let name = Expected::of(event).records[e.giver].current();
        let token = match &mut self.sides[e.giver] {
            Some(side) => side.invites(),
            None => self.tokens.get(&name),
        };
        self.tokens.bind(&name, token);
        self.invited[1 - e.giver] = Some(name);
    }

    /// A functional request of one side to the other.
    fn uses(&mut self, e: &Event<'_>) {
        let there = 1 - e.who;
        let was_accepted = if let Some(side) = &self.sides[e.who] {
            let mut op = side.operates(1, |platform| async move {
                platform.send(ID, &List::<Tariff>::all()).await.map(drop)
            });
            let mut step = op.run();
            loop {
                match step {
                    Step::Asks(asked) => {
                        let answer = match &mut self.sides[there] {
                            Some(side) => {
                                let router = side.any().router.clone();
                                block_on(router.call(asked))
                            }
                            None if e.result == "200" => ocpi_testkit::success("[]"),
                            None => ocpi_testkit::failure(401, 2000),
                        };
                        step = op.answer(Ok(answer));
                    }
                    Step::Done(Done::Ended(Err(Error::Client(error)))) => {
                        if !error.is_unauthorized() {
                            self.laws.is_not_marked(e.who);
                        }
                        break false;
                    }
                    Step::Done(Done::Ended(ended)) => break ended.is_ok(),
                    Step::Done(Done::Served(_)) => panic!("it serves nothing"),
                }
            }
        } else {
            let side = self.sides[there].as_ref().expect("ours");
            let record = side.record().map_or(Value::Null, |(record, _)| record);
            if record["superseded"]["token"] == hash_of(&self.tokens, e.token()).as_str() {
                self.laws.is_not_marked(there);
            }
            self.is_functional_at(there, e.token())
        };
        assert_eq!(was_accepted, e.result == "200", "{}", self.when);
    }

    fn is_functional_at(&mut self, there: usize, name: &str) -> bool {
        let token = self.tokens.get(name);
        let side = self.sides[there].as_mut().expect("ours");
        let asked = request(Method::GET, HOSTS[there], "2.3.0/sender/tariffs", &token, "");
        let router = side.any().router.clone();
        let response = block_on(router.call(asked));
        (response.status().as_u16(), status_code(&response)) == (200, 1000)
    }

    fn uses_slowly(&mut self, e: &Event<'_>) {
        let there = 1 - e.who;
        let token = self.tokens.get(e.token());
        let request = request(Method::GET, HOSTS[there], "2.3.0/sender/tariffs", &token, "");
        let letter = Letter {
            to: there,
            method: "use".to_owned(),
            with: e.token().to_owned(),
            offers: String::new(),
            request,
            waited: false,
        };
        self.mail.push(letter);
    }

    fn attacker_uses(&mut self, e: &Event<'_>) {
        assert_eq!(self.settings.leaked.as_deref(), e.token);
        assert_eq!(self.is_functional_at(e.at, e.token()), e.result == "200", "{}", self.when);
    }

    fn attacker_sends(&mut self, event: &Value, e: &Event<'_>) -> Result<(), Left> {
        let body = ocpi_testkit::credentials_json(EVIL_TOKEN, EVIL, &[("EMSP", "XX", "EVL")]);
        let method = e.method.parse().expect("a method");
        let token = self.tokens.get(e.token());
        let letter = Letter {
            to: e.at,
            method: e.method.to_owned(),
            with: e.token().to_owned(),
            offers: "x".to_owned(),
            request: request(method, HOSTS[e.at], "2.3.0/credentials", &token, &body),
            waited: false,
        };
        self.serves(event, e.at, letter, e.result)
    }

    pub(super) fn stop_all(&mut self) {
        self.senders = [None, None];
        self.accepts = [Vec::new(), Vec::new()];
        self.answers.clear();
    }

    pub(super) fn setting(&self) -> &Setting {
        &self.settings
    }
}

impl Setting {
    pub(super) fn compares_token_before(&self) -> bool {
        self.keeps_token_before
    }

    pub(super) fn compares_suspects(&self) -> bool {
        self.has_suspects
    }
}

fn is_discovery(request: &Request) -> bool {
    let path = request.uri().path();
    request.method() == Method::GET && (path.ends_with("/versions") || path.ends_with("/2.3.0"))
}

/// An answer with another host in its URL.
fn from_host(response: &Response, number: usize, host: &str) -> Response {
    let token = token_in(response).expect("credentials");
    let _ = allow_of(number);
    ocpi_testkit::success(&credentials_of(number, token.expose(), host))
}
