//! A side sends its credentials, and has the answer.

use http::Method;
use ocpi_platform::Error;
use ocpi_testkit::respond;
use serde_json::Value;

use super::{Letter, Play};
use crate::walks::probe::{request, token_in};
use crate::walks::schedule::{Event, Expected};
use crate::walks::side::{HELD, HOSTS, ID, REFUSED, Side, credentials_of, versions_url};
use crate::walks::wire::{Done, Request, Response, Step, discovery, lost};

impl Play {
    /// A side begins an exchange, or sends an open one again.
    pub(super) fn sends(&mut self, event: &Value, e: &Event<'_>) {
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
            // The model may renew before its answer was used. Here the operator has another word for it, which clears the
            // mark of a suspect, too.
            "renew" => {
                let mut rotates =
                    side.operates(0, |platform| async move { platform.rotate(ID).await.map(drop) });
                let is_busy = matches!(rotates.run(), Step::Done(Done::Ended(Err(Error::Busy(_)))));
                assert!(is_busy, "{}: our answer was not used yet", self.when);
                self.laws.is_not_marked(who);
                side.operates(0, |platform| async move { platform.resume(ID).await.map(drop) })
            }
            "heal" | "send_again" => {
                side.operates(0, |platform| async move { platform.resume(ID).await.map(drop) })
            }
            _ => side.operates(0, |platform| async move { platform.unregister(ID).await }),
        };
        let other = match e.what {
            "heal" => "/out",
            _ => "/exchange/with",
        };
        let known = side.record().and_then(|(record, _)| record.pointer(other).cloned());
        let is_other = |name| known != Some(self.tokens.get(name).expose().into());
        if matches!(e.what, "heal" | "send_again") && e.token.is_some_and(is_other) {
            // The partner does not know the token of the last try: that is found out by asking twice.
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
        let body =
            if offers.is_empty() { String::new() } else { credentials_of(e.who, &offers, HOSTS[e.who]) };
        let parsed = method.parse().expect("a method");
        let sent = request(parsed, HOSTS[there], "2.3.0/credentials", &self.tokens.get(&with), &body);
        self.mail.push(Letter {
            to: there,
            method: method.to_owned(),
            with,
            offers,
            request: sent,
            waited: true,
        });
    }

    /// The answer to a look at the versions. One that is refused is answered all the same: the token may have died
    /// after it.
    pub(super) fn discovery(&mut self, there: usize, asked: &Request) -> Response {
        if let Some(side) = &mut self.sides[there] {
            side.refresh_probe();
            let answer = side.probe.ask(asked.clone());
            if answer.status() == 200 {
                return answer;
            }
        }
        discovery(HOSTS[there], asked)
    }

    pub(super) fn is_answered(&mut self, e: &Event<'_>) {
        let Some(mut op) = self.senders[e.who].take() else {
            self.answers.retain(|answer| answer.to != e.who);
            return assert!(self.sides[e.who].is_none(), "{}: nobody waits", self.when);
        };
        let place = self.answers.iter().position(|answer| answer.to == e.who && answer.is_success);
        let place = place.unwrap_or_else(|| panic!("{}: there is no answer", self.when));
        let response = self.answers.remove(place).response;
        let token = token_in(&response);
        assert_eq!(token, e.token.map(|name| self.tokens.get(name)), "{}: the answer", self.when);
        if e.is_refused {
            // It is pending for a moment, and that is news.
            self.laws.is_not_marked(e.who);
        }
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

    /// Tells who waits that it failed, or stops it.
    pub(super) fn gives_up(&mut self, who: usize) {
        let Some(mut op) = self.senders[who].take() else { return };
        let refusal = self.answers.iter().position(|answer| answer.to == who && !answer.is_success);
        let refusal = refusal.map(|place| self.answers.remove(place).response);
        // A failure is noted in the record, at which an accept would fail that goes on in the model.
        if !self.accepts[who].is_empty() {
            return;
        }
        let keeps_before = self.sides[who]
            .as_ref()
            .and_then(Side::record)
            .is_some_and(|(record, _)| !record["out_before"].is_null());
        let answer = match refusal {
            // After two of them the token of before would be tried.
            Some(response) if !keeps_before => Ok(response),
            _ => Err(lost()),
        };
        let step = op.answer(answer);
        op.finish(step, |_| Err(lost()));
    }

    /// Makes those wait who wait in the model. What comes after an exchange was overtaken changes nothing.
    pub(super) fn wait_as(&mut self, event: &Value) {
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
                let step =
                    op.answer(late.map_or(Err(lost()), |place| Ok(self.answers.remove(place).response)));
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
}

fn is_discovery(request: &Request) -> bool {
    let path = request.uri().path();
    request.method() == Method::GET && (path.ends_with("/versions") || path.ends_with("/2.3.0"))
}

/// An answer with another host in its URL.
fn from_host(response: &Response, number: usize, host: &str) -> Response {
    let token = token_in(response).expect("credentials");
    ocpi_testkit::success(&credentials_of(number, token.expose(), host))
}
