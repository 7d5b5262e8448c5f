//! Sending the newest state of an object.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ocpi_client::Transport;
use ocpi_server_traits::Marks;
use ocpi_server_traits::storage::{Address, Document, Rejected, Store, StoreExt, UpdateError};
use ocpi_types::ModuleId;
use ocpi_types::endpoint::{Delete, GetCopy, Owned, Put};
use ocpi_types::json::{self, Limits};
use ocpi_types::protocol::Party;

use super::choose::{Has, Move, Wanted, choose};
use super::kinds::{Kind, Pushed, gone, with_pushed};
use super::line::{About, Line};
use super::pusher::Answer;
use super::refusal::{Refusal, Said, judge};
use super::stored::{DEAD, Letter};
use crate::documents::corrupt;
use crate::{Error, Platform};

/// State of an object that is to be sent.
#[derive(Clone, Debug)]
pub(super) struct StateJob {
    pub(super) at: Address,
    pub(super) kind: Kind,
    pub(super) wanted: Wanted,
    /// Its parties, in the form of lists.
    pub(super) parties: Arc<BTreeSet<String>>,
    /// The party that it is sent to.
    pub(super) to: Option<Party>,
    pub(super) timeout: Duration,
}

/// Result of a send.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) answer: Answer,
    /// The object as the partner has it now, if that is known.
    pub(super) has: Option<Has>,
    /// Whether the partner had refused the object before.
    pub(super) was_dead: bool,
    pub(super) refusal: Option<Refusal>,
    /// Whether a PATCH was refused that a PUT cured.
    pub(super) was_cured: bool,
    /// Whether another message took the place of this one while it was sent.
    pub(super) is_replaced: bool,
}

impl Sent {
    pub(super) fn of(answer: Answer) -> Self {
        Self { answer, has: None, was_dead: false, refusal: None, was_cured: false, is_replaced: false }
    }

    pub(super) fn refused(refusal: Refusal) -> Self {
        Self { refusal: Some(refusal), ..Self::of(Answer::Refused) }
    }
}

impl<S: Store, T: Transport> Platform<S, T> {
    /// Sends an object as it is now, in the smallest requests that will do.
    pub(super) async fn send_state(&self, partner: &str, job: &StateJob) -> Sent {
        self.try_state(partner, job).await.unwrap_or_else(|error| match judge(Err::<(), _>(error)) {
            Said::Refused(refusal) => Sent::refused(refusal),
            Said::Failed(answer) => Sent::of(answer),
            Said::Taken => Sent::of(Answer::Done),
        })
    }

    async fn try_state(&self, partner: &str, job: &StateJob) -> Result<Sent, Error> {
        let addresses = [job.at.clone(), Letter::with_partner(DEAD, &job.at, partner)];
        let [document, dead] = self.store().read(&addresses).await?.try_into().map_err(|_| corrupt())?;
        let is_dead = dead.is_some();
        let (document, gone) = match document {
            None => (None, tombstone(self.store(), &job.at).await?),
            document => (document, None),
        };
        let Some(list) = document.as_ref().or(gone.as_ref()).map(|document| &document.list) else {
            return Ok(Sent::of(Answer::Done));
        };
        if !is_for(list, &job.parties) {
            // Who charged where is nobody else's to know: there is no message for it.
            return Ok(Sent::of(Answer::Done));
        }
        // Behind a hub, the one that it is for.
        let party = group_of(list).and_then(party_of_list);
        let to = party.clone().or_else(|| job.to.clone());
        let about = Some(About { kind: job.kind, party });
        let mut line = self.line(partner, about, job.timeout, (job.at.owner(), to)).await?;
        let Some(document) = document else {
            let stamps = gone.map(|gone| gone.stamps).unwrap_or_default();
            return Ok(Sent { was_dead: is_dead, ..line.gone(job, &stamps).await? });
        };
        with_pushed!(job.kind, document.format, R => line.state::<R>(&document, job, is_dead).await, else {
            Ok(Sent::refused(Refusal::ours("the object was stored as the type of a version that is not pushed")))
        })
    }
}

impl<S: Store, T: Transport> Line<'_, S, T> {
    async fn state<R: Pushed>(
        &mut self,
        document: &Document,
        job: &StateJob,
        is_dead: bool,
    ) -> Result<Sent, Error> {
        let object: R = json::read_within(&document.body, Limits::trusted()).map_err(|_| corrupt())?.value;
        let (at, marks) = (object.identity(), Marks::from_bytes(&document.stamps));
        // Of one that was refused the partner may lack anything.
        let is_whole = job.wanted.is_whole || is_dead;
        let wanted = Wanted { version: self.version(), is_whole, ..job.wanted.clone() };
        let revision = document.revision;
        let has = marks.as_ref().map(|marks| Has { born: marks.born(), mark: marks.newest(), revision });
        let mut sent = Sent { has, was_dead: is_dead, ..Sent::of(Answer::Done) };
        for step in choose(&at, &object, marks.as_ref(), revision, &wanted) {
            let is_patch = matches!(step, Move::PatchRoot(_) | Move::PatchPart(_));
            let said = match &step {
                Move::PutRoot(put) => judge(self.send(put).await),
                Move::PatchRoot(patch) => judge(self.send(patch).await),
                Move::PutPart(put) => judge(self.send(put).await),
                Move::PatchPart(patch) => judge(self.send(patch).await),
            };
            let is_root = matches!(step, Move::PutRoot(_));
            let said = match said {
                // A part that is refused may lack what it belongs to.
                Said::Refused(refusal) if !is_root => {
                    let (said, was_put) = self.cure(&at, &object, &refusal).await;
                    if was_put {
                        // All of it is there: nothing is left to send.
                        sent.was_cured = is_patch && matches!(said, Said::Taken);
                        return Ok(ended(sent, said));
                    }
                    said
                }
                said => said,
            };
            if !matches!(said, Said::Taken) {
                return Ok(ended(sent, said));
            }
        }
        Ok(sent)
    }

    /// A PATCH, or the PUT of a part, was refused: the whole object is put, unless the partner has it as it is. `true`: it
    /// was put.
    async fn cure<R: Pushed>(&mut self, at: &Owned<R::Key>, object: &R, refusal: &Refusal) -> (Said, bool) {
        if !refusal.wants_put() {
            match self.send(&GetCopy::<R>::new(at.clone())).await {
                Ok(copy) if copy == *object => return (Said::Taken, false),
                Ok(_) => {}
                Err(error) => {
                    if let Said::Failed(answer) = judge(Err::<(), _>(error)) {
                        return (Said::Failed(answer), true);
                    }
                }
            }
        }
        (judge(self.send(&Put { at: at.clone(), object: object.clone() }).await), true)
    }

    /// Tells the partner of an object that is there no more. Of a kind that has no message for it, nothing is sent.
    async fn gone(&mut self, job: &StateJob, stamps: &Bytes) -> Result<Sent, Error> {
        if job.kind.module() != ModuleId::Tariffs {
            return Ok(Sent::of(Answer::Done));
        }
        type Tariff = ocpi_types::v2_3_0::tariffs::Tariff;
        let Some(at) = gone(stamps, Tariff::key_of) else { return Ok(Sent::of(Answer::Done)) };
        Ok(match judge(self.send(&Delete::<Tariff> { at }).await) {
            // It never had it.
            Said::Refused(refusal) if refusal.wants_put() => Sent::of(Answer::Done),
            said => ended(Sent::of(Answer::Done), said),
        })
    }
}

fn ended(sent: Sent, said: Said) -> Sent {
    match said {
        Said::Taken => sent,
        Said::Failed(answer) => Sent::of(answer),
        Said::Refused(refusal) => Sent::refused(refusal),
    }
}

/// Whether a list is for everybody, or for one of these parties.
pub(super) fn is_for(list: &str, parties: &BTreeSet<String>) -> bool {
    group_of(list).is_none_or(|group| parties.contains(group))
}

/// The party, in the form of lists, that a list is for; `None`: for everybody.
pub(super) fn group_of(list: &str) -> Option<&str> {
    list.split_once('>').map(|(_, group)| group)
}

/// Reads a party in the form of lists.
pub(super) fn party_of_list(list: &str) -> Option<Party> {
    let (country, id) = list.split_once('/')?;
    Party::new(country, id).ok()
}

/// Reads the tombstone of a deleted object.
pub(super) async fn tombstone(store: &impl Store, at: &Address) -> Result<Option<Document>, Error> {
    let address = at.clone();
    let read =
        store.update(vec![at.clone()], move |tx| Ok::<_, Rejected<()>>(tx.tombstone(&address)?.cloned()));
    read.await.map_err(|error| match error {
        UpdateError::Store(error) => error.into(),
        _ => corrupt(),
    })
}
