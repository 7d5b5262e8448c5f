//! The end of each schedule: nothing is lost any more, and both sides find to each other (L1).

use ocpi_client::TransportError;
use ocpi_platform::{Error, PartnerState, PartnerStatus};
use ocpi_types::endpoint::List;
use ocpi_types::v2_3_0::tariffs::Tariff;
use pollster::block_on;

use super::play::Play;
use super::side::{EVIL, HOSTS, ID, Side, versions_url};
use super::wire::{Done, Op, Request, Response, Step, discovery, lost};

/// Rounds until the operators step in, and until they must have succeeded.
const ALONE: usize = 6;
const ROUNDS: usize = 10;

impl Play {
    /// Lets all requests arrive, and time pass, until both sides reach each other, or both know that there is no
    /// registration.
    pub(super) fn comes_to_an_end(&mut self, when: &str) {
        let (may_leave, may_resume) = (self.settings.may_leave(), self.settings.may_resume());
        if self.sides.iter().any(Option::is_none) {
            return;
        }
        self.stop_all();
        for letter in std::mem::take(&mut self.mail) {
            self.deliver(letter.request).ok();
        }
        for round in 0..ROUNDS {
            for who in [0, 1] {
                self.works(who, round >= ALONE && may_resume);
            }
            if self.is_good(may_leave) {
                return;
            }
        }
        let [a, b] = [0, 1].map(|who| self.side(who).record());
        panic!("L1: {when}: it comes to no end: {a:?} {b:?}");
    }

    fn side(&self, who: usize) -> &Side {
        self.sides[who].as_ref().expect("ours")
    }

    fn status(&self, who: usize) -> Option<PartnerStatus> {
        block_on(self.side(who).nodes[0].platform.partner(ID)).expect("a store")
    }

    /// Time passes, and the operator does its work.
    fn works(&mut self, who: usize, steps_in: bool) {
        self.side(who).clock.advance(3_601);
        for node in [0, 1, 2] {
            self.operate(who, node, |platform| async move { platform.tick().await.map(drop) })
                .expect("a store");
        }
        let status = self.status(who);
        match status.as_ref().map(|status| status.state) {
            Some(PartnerState::Registered) => {
                self.uses_list(who).ok();
            }
            Some(PartnerState::Pending) => {
                let status = status.expect("a partner");
                let is_evil = status.versions_url.as_ref().is_some_and(|url| url.as_str().contains(EVIL));
                if is_evil {
                    self.operate(who, 0, |platform| async move { platform.forget(ID).await })
                        .expect("forgotten");
                } else {
                    self.operate(who, 0, |platform| async move { platform.approve(&status).await.map(drop) })
                        .expect("approved");
                }
            }
            None | Some(PartnerState::Left | PartnerState::Invited) => self.register_if_invited(who),
            _ => {}
        }
        if steps_in && who == 0 {
            self.begin_anew();
        }
    }

    fn register_if_invited(&mut self, who: usize) {
        let Some(token) = self.invited[who].clone().map(|name| self.tokens.get(&name)) else { return };
        let allow = self.side(who).allow();
        let url = versions_url(HOSTS[1 - who]);
        self.operate(
            who,
            0,
            |platform| async move { platform.register(ID, url, token, allow).await.map(drop) },
        )
        .ok();
    }

    /// One operator ends what there is and invites; the other one registers with the new token.
    fn begin_anew(&mut self) {
        for who in [0, 1] {
            if self.status(who).is_some() {
                self.operate(who, 0, |platform| async move { platform.forget(ID).await }).expect("forgotten");
            }
        }
        let token = self.sides[1].as_mut().expect("ours").invites();
        let allow = self.side(0).allow();
        let url = versions_url(HOSTS[1]);
        self.operate(
            0,
            0,
            |platform| async move { platform.register(ID, url, token, allow).await.map(drop) },
        )
        .ok();
    }

    fn is_good(&mut self, may_leave: bool) -> bool {
        let both = [0, 1].map(|who| self.status(who));
        let is =
            |status: &Option<PartnerStatus>, state| status.as_ref().is_some_and(|known| known.state == state);
        let is_away = |status: &Option<PartnerStatus>| {
            let state = status.as_ref().map(|known| known.state);
            matches!(state, None | Some(PartnerState::Left | PartnerState::Invited))
        };
        if both.iter().all(|status| is(status, PartnerState::Registered)) {
            let is_open = both.iter().flatten().any(|known| known.is_exchanging);
            return !is_open && [0, 1].into_iter().all(|who| self.uses_list(who).is_ok());
        }
        // Who waits for an answer, or is refused, knows that the other side has no registration any more.
        let knows = |status: &Option<PartnerStatus>| {
            let is_suspect = status.as_ref().is_some_and(|known| known.is_suspect);
            is_away(status) || is(status, PartnerState::Registering) || is_suspect
        };
        may_leave && both.iter().any(is_away) && both.iter().all(knows)
    }

    fn uses_list(&mut self, who: usize) -> Result<(), Error> {
        self.operate(
            who,
            1,
            |platform| async move { platform.send(ID, &List::<Tariff>::all()).await.map(drop) },
        )
    }

    fn operate<F>(
        &mut self,
        who: usize,
        node: usize,
        act: impl FnOnce(std::sync::Arc<super::side::OurPlatform>) -> F,
    ) -> Result<(), Error>
    where
        F: Future<Output = Result<(), Error>> + 'static,
    {
        let op = self.side(who).operates(node, act);
        match self.run(op) {
            Done::Ended(ended) => ended,
            Done::Served(_) => panic!("it serves nothing"),
        }
    }

    /// Runs an operation; all that it asks is answered, by the platforms.
    fn run(&mut self, mut op: Op) -> Done {
        let mut step = op.run();
        loop {
            match step {
                Step::Asks(request) => step = op.answer(self.deliver(request)),
                Step::Done(done) => return done,
            }
        }
    }

    fn deliver(&mut self, request: Request) -> Result<Response, TransportError> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        let to = match HOSTS.iter().position(|known| *known == host) {
            Some(to) => to,
            None if host == EVIL => return Ok(discovery(EVIL, &request)),
            // Another name of side 1.
            None => 1,
        };
        let op = self.sides[to].as_mut().ok_or_else(lost)?.serves_anywhere(request);
        match self.run(op) {
            Done::Served(response) => Ok(response),
            Done::Ended(_) => panic!("it operates nothing"),
        }
    }
}
