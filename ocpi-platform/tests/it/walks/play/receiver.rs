//! A side takes credentials, calls back and commits.

use ocpi_testkit::respond;
use serde_json::Value;

use super::{Accept, Answer, Left, Letter, Play};
use crate::walks::probe::{status_code, token_in};
use crate::walks::schedule::{Event, Expected};
use crate::walks::side::{EVIL, HOSTS, credentials_of};
use crate::walks::wire::{Done, Request, Response, Step, discovery, lost};

impl Play {
    pub(super) fn letter(&self, to: usize, e: &Event<'_>, waited: bool) -> usize {
        let is_it = |letter: &Letter| {
            let names = (letter.to, &*letter.method, &*letter.with, &*letter.offers, letter.waited);
            names == (to, e.method, e.token(), e.offers, waited)
        };
        self.mail.iter().position(is_it).unwrap_or_else(|| panic!("{}: no such request", self.when))
    }

    pub(super) fn receives(&mut self, event: &Value, e: &Event<'_>, waited: bool) -> Result<(), Left> {
        let place = self.letter(e.who, e, waited);
        let letter = self.mail.remove(place);
        if self.sides[e.who].is_some() {
            return self.serves(event, e.who, letter, e.result);
        }
        // A partner of another make answers as the schedule says.
        let answer = match (e.method, e.result) {
            ("DELETE", _) => {
                respond(200, &[], r#"{"status_code": 1000, "timestamp": "2026-11-22T12:00:00Z"}"#)
            }
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
    pub(super) fn serves(
        &mut self,
        event: &Value,
        who: usize,
        letter: Letter,
        result: &str,
    ) -> Result<(), Left> {
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

    pub(super) fn calls_back(&mut self, e: &Event<'_>, waited: bool) -> Result<(), Left> {
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
        let is_it =
            |accept: &Accept| accept.offers == e.token() && accept.waited == waited && accept.asks.is_some();
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

    pub(super) fn commits(&mut self, event: &Value, e: &Event<'_>, waited: bool) -> Result<(), Left> {
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
    pub(super) fn drop_stale(&mut self, event: &Value) {
        for who in [0, 1] {
            let Some(side) = &self.sides[who] else { continue };
            let picture = &event["records"][who];
            let (stale, fresh) = std::mem::take(&mut self.accepts[who])
                .into_iter()
                .partition(|accept| accept.picture != *picture);
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
}
