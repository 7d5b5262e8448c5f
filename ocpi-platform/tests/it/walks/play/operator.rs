//! Operators, time, use of tokens, and the attacker.

use std::sync::Arc;

use http::Method;
use ocpi_platform::Error;
use ocpi_types::endpoint::List;
use ocpi_types::v2_3_0::tariffs::Tariff;
use pollster::block_on;
use serde_json::Value;

use super::{EVIL_TOKEN, Left, Letter, Play};
use crate::walks::laws::hash_of;
use crate::walks::probe::{request, status_code};
use crate::walks::schedule::{Event, Expected};
use crate::walks::side::{EVIL, HOSTS, ID, OurPlatform};
use crate::walks::wire::{Done, Step, lost};

impl Play {
    /// Something that the operator does. What is sent of it is lost.
    pub(super) fn operates<F>(&mut self, who: usize, act: impl FnOnce(Arc<OurPlatform>) -> F)
    where
        F: Future<Output = Result<(), Error>> + 'static,
    {
        let Some(side) = &self.sides[who] else { return };
        let mut op = side.operates(0, act);
        let step = op.run();
        let Done::Ended(ended) = op.finish(step, |_| Err(lost())) else { panic!("it operates") };
        assert!(ended.is_ok(), "{}: {ended:?}", self.when);
    }

    pub(super) fn time_passes(&mut self, who: usize, seconds: i64) {
        let Some(side) = &self.sides[who] else { return };
        side.clock.advance(seconds);
        self.operates(who, |platform| async move { platform.tick().await.map(drop) });
    }

    /// Both operators end what they have, and one invites the other anew.
    pub(super) fn resumes(&mut self, event: &Value, e: &Event<'_>) {
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
    pub(super) fn uses(&mut self, e: &Event<'_>) {
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

    pub(super) fn uses_slowly(&mut self, e: &Event<'_>) {
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

    pub(super) fn attacker_uses(&mut self, e: &Event<'_>) {
        assert_eq!(self.settings.leaked.as_deref(), e.token);
        assert_eq!(self.is_functional_at(e.at, e.token()), e.result == "200", "{}", self.when);
    }

    pub(super) fn attacker_sends(&mut self, event: &Value, e: &Event<'_>) -> Result<(), Left> {
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
}
