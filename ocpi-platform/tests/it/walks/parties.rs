//! Two partners that want one party, in one process or two over one store (P6, P10).
//!
//! The schedules say who comes, who goes, and whose accept makes its next step; a step is a few reads or writes of the
//! store. The platform reads and writes in other portions than the model, so what a schedule leads to may differ: the
//! properties may not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::Method;
use ocpi_platform::{Allow, PartnerState, Platform};
use ocpi_server_traits::Router;
use ocpi_server_traits::storage::{Query, Start, Store};
use ocpi_testkit::{SteppedClock, credentials_json, partner_id, party};
use ocpi_types::CredentialsToken;
use ocpi_types::protocol::PartnerId;
use pollster::block_on;
use serde_json::Value;

use super::probe::{request, status_code, token_in};
use super::side::{HOSTS, settings};
use super::stepped::Stepped;
use super::wire::{Done, Op, Request, Step, Wire, discovery};

const PARTNERS: [&str; 2] = ["first", "second"];
const WANTED: &str = "DE/VVV";

type Process = (Arc<Platform<Stepped, Wire>>, Router);

/// An accept that is under way.
struct Accept {
    partner: usize,
    op: Op,
    /// The request of its call back that waits.
    asks: Option<Request>,
}

pub(super) struct Parties {
    store: Stepped,
    wire: Wire,
    processes: Vec<Process>,
    accepts: Vec<Accept>,
    /// The token that each partner holds.
    tokens: [Option<CredentialsToken>; 2],
    /// Tokens that were revoked.
    dead: Vec<CredentialsToken>,
    offered: usize,
    when: String,
    /// Number of accepts that took the party, and of those that did not get it.
    pub(super) taken: usize,
    pub(super) refused: usize,
}

impl Parties {
    pub(super) fn open(schedule: &Value) -> Self {
        let (store, wire, clock) = (Stepped::default(), Wire::default(), SteppedClock::default());
        let chance = Arc::new(AtomicU64::new(1));
        let count = schedule["processes"].as_u64().expect("a number");
        let processes = (0..count).map(|_| {
            let settings = settings(0, &clock, Arc::clone(&chance));
            let opened = block_on(Platform::open(settings, store.clone(), wire.clone()));
            let platform = Arc::new(opened.expect("a platform"));
            let router = platform.router(|routes| routes).expect("a router");
            (platform, router)
        });
        let mut parties = Self {
            processes: processes.collect(),
            store,
            wire,
            accepts: Vec::new(),
            tokens: [None, None],
            dead: Vec::new(),
            offered: 0,
            when: String::new(),
            taken: 0,
            refused: 0,
        };
        for partner in [0, 1] {
            parties.invites(partner);
        }
        parties
    }

    pub(super) fn play(&mut self, schedule: &Value) {
        for (number, event) in schedule["events"].as_array().expect("events").iter().enumerate() {
            self.when = format!("seed {}, event {number}: {event}", schedule["seed"]);
            let index =
                |name: &str| usize::try_from(event[name].as_u64().unwrap_or_default()).expect("0 or 1");
            let (partner, process) = (index("partner"), index("process"));
            match event["do"].as_str().expect("a word") {
                "begin" => self.begins(partner, process),
                "leave" => self.leaves(partner, process),
                "release" => {
                    let platform = Arc::clone(&self.processes[0].0);
                    block_on(platform.release(&party(WANTED))).ok();
                }
                "invite" => self.invites(partner),
                "crash" => {
                    let place = self.accepts.iter().position(|accept| accept.partner == partner);
                    place.map(|place| self.accepts.remove(place));
                }
                "step" | "commit" => {
                    for _ in 0..1 + number % 4 {
                        self.steps(partner);
                        self.holds();
                    }
                }
                other => panic!("an event {other}"),
            }
            self.holds();
        }
        self.ends();
    }

    /// P6: a party is listed or reserved by one partner at most. P10: who is revoked is so in all processes.
    fn holds(&self) {
        let holders: Vec<_> = PARTNERS.iter().filter(|id| self.has(id, WANTED)).collect();
        assert!(holders.len() <= 1, "P6: {}: {holders:?} have one party", self.when);
        let dead =
            self.dead.last().into_iter().flat_map(|token| self.processes.iter().map(move |one| (token, one)));
        for (token, (_, router)) in dead {
            let asked = request(Method::GET, HOSTS[0], "versions", token, "");
            let status = block_on(router.call(asked)).status();
            assert_eq!(status, 401, "P10: {}: a process knows a token that was revoked", self.when);
        }
    }

    fn has(&self, id: &str, wanted: &str) -> bool {
        let query = Query::all("PartnerDetails");
        let page = block_on(self.store.memory.page(&query, Start::First, 100)).expect("a store");
        page.rows.iter().filter(|(at, _)| at.owner() == id).any(|(_, document)| {
            let details: Value = serde_json::from_slice(&document.body).expect("details");
            let roles = details["roles"].as_array().into_iter().flatten();
            let listed =
                roles.map(|role| format!("{}/{}", text(&role["country_code"]), text(&role["party_id"])));
            let reserved = details["reserved"].as_array().into_iter().flatten().map(text);
            listed.chain(reserved).any(|party| party == wanted)
        })
    }

    fn state(&self, partner: usize) -> Option<PartnerState> {
        let status = block_on(self.processes[0].0.partner(PARTNERS[partner])).expect("a store");
        status.map(|status| status.state)
    }

    fn invites(&mut self, partner: usize) {
        let allow = Allow::default().party(party(WANTED)).host(host(partner));
        let id: PartnerId = partner_id(PARTNERS[partner]);
        if let Ok(token) = block_on(self.processes[0].0.invite(id.as_str(), allow)) {
            self.tokens[partner] = Some(token);
        }
    }

    /// A partner sends its credentials.
    fn begins(&mut self, partner: usize, process: usize) {
        let Some(token) = self.tokens[partner].clone() else { return };
        let method = match self.state(partner) {
            Some(PartnerState::Invited) => Method::POST,
            Some(PartnerState::Registered) => Method::PUT,
            _ => return,
        };
        self.offered += 1;
        let roles = [("EMSP", "DE", "VVV")];
        let body = credentials_json(&format!("offered-{}", self.offered), host(partner), &roles);
        let asked = request(method, HOSTS[0], "2.3.0/credentials", &token, &body);
        let router = self.processes[process].1.clone();
        let op = Op::new(&self.wire, async move { Done::Served(router.call(asked).await) });
        self.accepts.push(Accept { partner, op, asks: None });
        self.steps(partner);
    }

    /// The first accept of a partner goes on until its next read or write.
    fn steps(&mut self, partner: usize) {
        let Some(place) = self.accepts.iter().position(|accept| accept.partner == partner) else { return };
        let accept = &mut self.accepts[place];
        self.store.is_stepped.store(true, Ordering::Relaxed);
        let step = match accept.asks.take() {
            Some(asks) => accept.op.try_answer(Ok(discovery(host(partner), &asks))),
            None => accept.op.try_run(),
        };
        self.store.is_stepped.store(false, Ordering::Relaxed);
        match step {
            None => {}
            Some(Step::Asks(asks)) => accept.asks = Some(asks),
            Some(Step::Done(Done::Served(response))) => {
                self.accepts.remove(place);
                if response.status() == 200 && status_code(&response) == 1000 {
                    self.taken += 1;
                    self.tokens[partner] = token_in(&response);
                } else {
                    self.refused += 1;
                }
            }
            Some(Step::Done(Done::Ended(_))) => panic!("it operates nothing"),
        }
    }

    fn leaves(&mut self, partner: usize, process: usize) {
        let Some(token) = self.tokens[partner].clone() else { return };
        if self.state(partner) != Some(PartnerState::Registered) {
            return;
        }
        // All processes have seen it.
        for (_, router) in &self.processes {
            block_on(router.call(request(Method::GET, HOSTS[0], "versions", &token, "")));
        }
        let asked = request(Method::DELETE, HOSTS[0], "2.3.0/credentials", &token, "");
        let response = block_on(self.processes[process].1.call(asked));
        if response.status() == 200 && status_code(&response) == 1000 {
            self.tokens[partner] = None;
            self.dead.push(token);
        }
    }

    /// Ends all that is under way; then the party can be had (L1).
    fn ends(&mut self) {
        while let Some(partner) = self.accepts.first().map(|accept| accept.partner) {
            self.steps(partner);
            self.holds();
        }
        self.when = format!("{}, and then", self.when);
        for attempt in 0..4 {
            if (0..2).any(|partner| {
                self.state(partner) == Some(PartnerState::Registered) && self.has(PARTNERS[partner], WANTED)
            }) {
                return;
            }
            let partner = attempt % 2;
            self.invites(partner);
            self.begins(partner, 0);
            while !self.accepts.is_empty() {
                self.steps(partner);
            }
            self.holds();
        }
        panic!("L1: {}: nobody can have the party", self.when);
    }
}

fn host(partner: usize) -> &'static str {
    ["first.example", "second.example"][partner]
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
