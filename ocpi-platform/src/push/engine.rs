//! The steps of the push engine: it checks partners, starts requests, and handles their outcomes.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;
use ocpi_client::Transport;
use ocpi_server_traits::storage::{
    Address, Lease, NewDocument, Position, Query, Rejected, Start, Store, StoreExt, WriteOutcome, fenced,
    release,
};
use ocpi_types::endpoint::GetVersions;
use ocpi_types::observe::{EventKind, PushTrouble};

use super::choose::Wanted;
use super::garage::Engine;
use super::kinds::Kind;
use super::letters::LetterJob;
use super::pusher::{Answer, Request, Turn, What};
use super::refusal::{Said, judge};
use super::send::{Sent, StateJob};
use super::served::{RENEWAL, Served};
use super::stored::{DEAD, LETTERS, Letter};
use crate::documents::{corrupt, failure};
use crate::{Error, Platform};

/// Messages of a partner that are read at once, and that its machine has at most before they failed once.
const LETTERS_AT_ONCE: u32 = 500;
/// Most messages of a partner that its machine has, those included that fail again and again.
const MOST_LETTERS: usize = 20_000;

/// A request that has ended.
pub(super) struct Finished {
    id: String,
    generation: u64,
    request: Request<Address, String, Address>,
    sent: Sent,
}

pub(super) type UnderWay<'a> = FuturesUnordered<Pin<Box<dyn Future<Output = Finished> + Send + 'a>>>;

/// Does some work while requests go on; those that end meanwhile are added to `finished`.
pub(super) async fn alongside<F: Future>(
    under_way: &mut UnderWay<'_>,
    finished: &mut Vec<Finished>,
    work: F,
) -> F::Output {
    let mut work = pin!(work);
    poll_fn(|context| {
        while let Poll::Ready(Some(ended)) = under_way.poll_next_unpin(context) {
            finished.push(ended);
        }
        work.as_mut().poll(context)
    })
    .await
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Looks which partners there are, renews the leases of those that are served, and takes those of others that nobody serves.
    pub(super) async fn look_through(&self, engine: &mut Engine, is_due: bool) -> Result<(), Error> {
        let now = self.clock().ticks();
        if !is_due && engine.looked.is_some_and(|looked| now < looked.saturating_add(RENEWAL)) {
            return Ok(());
        }
        let is_first = engine.looked.is_none();
        let head = self.end_of_feed().await?;
        if is_first {
            engine.head = head;
        }
        let all = self.to_serve().await?;
        let before = engine.head;
        let mut known = std::mem::take(&mut engine.served);
        let (mut serving, mut failed) = (Vec::new(), None);
        for (id, facts) in all {
            let served = known.remove(&id);
            let was_served = engine.passed_over.remove(&id) || served.is_some();
            match facts {
                Some(facts) => {
                    engine.generation = engine.generation.saturating_add(1);
                    let generation = engine.generation;
                    serving.push(async move {
                        let served =
                            self.serve(self.push.node(), &id, facts, served, generation, before).await;
                        (id, served)
                    });
                }
                None if is_first || was_served => {
                    if let Err(error) = self.forget_cursor(&id).await {
                        engine.passed_over.insert(id);
                        failed = Some(error);
                    }
                }
                None => {}
            }
        }
        engine.passed_over.extend(known.into_keys());
        for (id, served) in join_all(serving).await {
            match served {
                Ok(Some(served)) => drop(engine.served.insert(id, served)),
                Ok(None) => {}
                Err(error) => {
                    engine.passed_over.insert(id);
                    failed = Some(error);
                }
            }
        }
        (engine.looked, engine.head) = (Some(now), head);
        match failed {
            Some(error) if engine.served.is_empty() => Err(error),
            Some(error) => {
                self.tell_missing(None, "a partner is not served", &error);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Time of the next look.
    pub(super) fn next_look(&self, engine: &Engine) -> Duration {
        engine.looked.map_or(Duration::ZERO, |looked| looked.saturating_add(RENEWAL))
    }

    async fn end_of_feed(&self) -> Result<Position, Error> {
        let at = Address::new("PushNode", "", self.push.node());
        let now = self.now();
        let write = self.store().write(
            vec![at.clone()],
            Box::new(move |tx| tx.put(&at, NewDocument::new("", "push", now)).map(drop)),
        );
        match write.await? {
            WriteOutcome::Committed(position) => Ok(position),
            WriteOutcome::Aborted => Err(corrupt()),
        }
    }

    /// Hands the messages in the store to the machines that are to look through them.
    pub(super) async fn read_letters(&self, engine: &mut Engine) -> Result<(), Error> {
        for served in engine.served.values_mut().filter(|served| served.wants_letters) {
            let takes: Vec<&str> = served
                .facts
                .kinds
                .iter()
                .filter(|kind| kind.is_message())
                .map(|kind| kind.collection())
                .collect();
            if takes.is_empty() {
                served.wants_letters = false;
                continue;
            }
            if served.pusher.fresh_messages() >= LETTERS_AT_ONCE as usize / 2 {
                continue;
            }
            let lists: Vec<String> = served.facts.parties.iter().cloned().collect();
            let (query, mut start) = (Query::lists(LETTERS, lists), Some(Start::First));
            // Those that wait for something else must not hide those behind them.
            while let Some(from) = start.take() {
                let page = self.store().page(&query, from, LETTERS_AT_ONCE).await?;
                for (at, document) in page.rows {
                    let letter = Letter::read(&document);
                    if letter.is_some_and(|letter| takes.contains(&letter.object.collection())) {
                        served.pusher.message(at);
                    }
                }
                let is_full = served.pusher.fresh_messages() >= LETTERS_AT_ONCE as usize
                    || served.pusher.messages() >= MOST_LETTERS;
                served.wants_letters = page.next.is_some();
                start = page.next.filter(|_| !is_full).map(Start::After);
            }
        }
        Ok(())
    }

    /// Begins the requests that are due.
    pub(super) fn begin<'a>(&'a self, engine: &mut Engine, under_way: &UnderWay<'a>) {
        let now = self.clock().ticks();
        for (id, served) in &mut engine.served {
            while served.may_send(now) {
                let Some(request) = served.pusher.next(now) else { break };
                let work = self.work(served, &request, now);
                let (id, generation) = (id.clone(), served.generation);
                under_way.push(Box::pin(async move {
                    let sent = match work {
                        Work::State(job) => self.send_state(&id, &job).await,
                        Work::Letter(job) => self.send_letter(&id, &job).await,
                        Work::Probe(timeout) => self.probe(&id, timeout).await,
                        Work::Nothing => Sent::of(Answer::Done),
                    };
                    Finished { id, generation, request, sent }
                }));
            }
        }
    }

    fn work(&self, served: &Served, request: &Request<Address, String, Address>, now: Duration) -> Work {
        let timeout = served.facts.push.timeout;
        match &request.what {
            What::State { at, parts, is_whole } => match Kind::of(at.collection()) {
                // It may see the kind no more.
                Some(kind) if !served.facts.kinds.contains(&kind) => Work::Nothing,
                Some(kind) => Work::State(StateJob {
                    at: at.clone(),
                    kind,
                    wanted: Wanted {
                        parts: parts.clone(),
                        is_whole: *is_whole,
                        base: served.bases.base(at),
                        takes_patches: served.takes_patches(now),
                        version: ocpi_types::Version::V2_3_0,
                    },
                    parties: Arc::clone(&served.facts.parties),
                    to: served.facts.to.clone(),
                    timeout,
                }),
                None => Work::Nothing,
            },
            What::Message(at) => Work::Letter(LetterJob {
                at: at.clone(),
                parties: Arc::clone(&served.facts.parties),
                kinds: served.facts.kinds.clone(),
                lease: served.lease.clone(),
                attempts: request.attempts,
                timeout,
            }),
            What::Probe => Work::Probe(timeout),
        }
    }

    async fn probe(&self, partner: &str, timeout: Duration) -> Sent {
        let asked = async { self.line(partner, None, timeout, ("", None)).await?.send(&GetVersions).await };
        Sent::of(match judge(asked.await) {
            Said::Failed(answer) => answer,
            // Nobody said it: there was no answer.
            Said::Refused(refusal) if refusal.http.is_none() => Answer::Down(None),
            Said::Taken | Said::Refused(_) => Answer::Done,
        })
    }

    /// Takes the ends of requests into account.
    pub(super) async fn end(&self, engine: &mut Engine, finished: Vec<Finished>) {
        for Finished { id, generation, request, sent } in finished {
            let (now, head) = (self.clock().ticks(), engine.head);
            let served = engine.served.get_mut(&id).filter(|served| served.generation == generation);
            let Some(served) = served else { continue };
            let mut answer = sent.answer;
            if let What::State { at, .. } = &request.what {
                // A partner that was busy or not asked took nothing.
                if !matches!(answer, Answer::Busy(_) | Answer::Hindered(_)) {
                    served.bases.has(at.clone(), sent.has.filter(|_| answer == Answer::Done));
                }
                if sent.was_cured {
                    served.was_cured(now);
                }
                // It is dead before the cursor goes on.
                if let Err(error) = self.note_refusal(&id, &served.lease, at, request.attempts, &sent).await {
                    self.tell_missing(&*id, "what a partner refused is not noted", &error);
                    answer = Answer::Busy(None);
                }
            }
            served.wants_letters |= sent.is_replaced;
            let random = self.settings.secrets.bytes().map_or(u64::MAX, u64::from_le_bytes);
            match served.pusher.answered(request.id, answer, now, random) {
                None => {}
                Some(Turn::Opened) => {
                    served.away.get_or_insert(self.now());
                    served.gaps.begin_again();
                    self.trouble(&id, "push.breaker_opened");
                }
                Some(Turn::Closed) => {
                    self.trouble(&id, "push.breaker_closed");
                    if served.is_back(self.now(), head) {
                        self.trouble(&id, "push.passed_over");
                    }
                }
            }
        }
    }

    /// Keeps an object that a partner refused, and forgets that it did once it has the object.
    async fn note_refusal(
        &self,
        partner: &str,
        lease: &Lease,
        at: &Address,
        attempts: u32,
        sent: &Sent,
    ) -> Result<(), Error> {
        match &sent.refusal {
            Some(refusal) => {
                let letter = Letter::about(at.clone(), self.now());
                let dead = Letter { attempts, refusal: Some(refusal.clone()), ..letter };
                self.keep_dead(partner, lease, &dead).await
            }
            None if sent.was_dead && sent.answer == Answer::Done => self.bury(partner, lease, at).await,
            None => Ok(()),
        }
    }

    fn trouble(&self, partner: &str, rule: &'static str) {
        self.requests.tell(partner, EventKind::Push(PushTrouble::new("partner", rule)));
    }

    async fn keep_dead(&self, partner: &str, lease: &Lease, dead: &Letter) -> Result<(), Error> {
        let object = dead.object.collection();
        self.requests.tell(partner, EventKind::Push(PushTrouble::new(object, "push.dead")));
        let at = Letter::with_partner(DEAD, &dead.object, partner);
        let document = dead.document(partner.to_owned(), self.now()).ok_or_else(corrupt)?;
        let lease = lease.clone();
        let kept = self.store().update(vec![at.clone(), lease.address()], move |tx| {
            fenced(tx, &lease)?;
            tx.put(&at, document.clone())?;
            Ok::<_, Rejected<()>>(())
        });
        kept.await.map_err(failure)
    }

    /// The object has reached the partner: that it was refused before is of no use any more.
    async fn bury(&self, partner: &str, lease: &Lease, object: &Address) -> Result<(), Error> {
        let (at, lease, now) = (Letter::with_partner(DEAD, object, partner), lease.clone(), self.now());
        let gone = self.store().update(vec![at.clone(), lease.address()], move |tx| {
            fenced(tx, &lease)?;
            tx.delete(&at, now)?;
            Ok::<_, Rejected<()>>(())
        });
        gone.await.map_err(failure)
    }

    /// Stores how far partners have come, once a second. Those that another node serves now are let go.
    pub(super) async fn save_all(&self, engine: &mut Engine, is_due: bool) -> Result<(), Error> {
        let now = self.clock().ticks();
        if !is_due && engine.saved.is_some_and(|saved| now < saved.saturating_add(Duration::from_secs(1))) {
            return Ok(());
        }
        engine.saved = Some(now);
        let mut lost = Vec::new();
        for (id, served) in &mut engine.served {
            if !self.save(id, served).await? {
                lost.push(id.clone());
            }
        }
        lost.iter().for_each(|id| drop(engine.served.remove(id)));
        Ok(())
    }

    /// Gives the leases back, so that another node need not wait for their end.
    pub(super) async fn let_go(&self, engine: &mut Engine) -> Result<(), Error> {
        for (_, served) in std::mem::take(&mut engine.served) {
            release(self.store(), &served.lease).await?;
        }
        Ok(())
    }
}

/// Work of a request.
enum Work {
    State(StateJob),
    Letter(LetterJob),
    Probe(Duration),
    /// There is nothing left to send.
    Nothing,
}
