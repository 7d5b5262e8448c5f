//! Messages that have to arrive once: CDRs and invoice reconciliation records.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use ocpi_client::Transport;
use ocpi_server_traits::storage::{
    Address, Document, Lease, NewDocument, Rejected, Store, StoreExt, UpdateError, fenced,
};
use ocpi_types::endpoint::{Created, PostCdr, PostInvoiceReconciliationRecord, Put};
use ocpi_types::json::{self, Limits};
use ocpi_types::observe::{EventKind, PushTrouble};
use ocpi_types::v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord;
use ocpi_types::{Object, Version};

use super::kinds::Kind;
use super::line::About;
use super::pusher::Answer;
use super::refusal::{Refusal, Said, judge};
use super::send::{Sent, party_of_list};
use super::stored::{DELIVERED, Letter, dead_list};
use crate::documents::corrupt;
use crate::{Error, Platform};

/// A message that is to be sent.
#[derive(Clone, Debug)]
pub(super) struct LetterJob {
    pub(super) at: Address,
    /// Parties of the partner, in the form of lists.
    pub(super) parties: Arc<BTreeSet<String>>,
    /// Kinds of objects that it may see and has a place for.
    pub(super) kinds: BTreeSet<Kind>,
    pub(super) lease: Lease,
    pub(super) attempts: u32,
    pub(super) timeout: Duration,
}

/// Result of the POST of a message: where the partner has it, if it says so.
type Place = Option<String>;

impl<S: Store, T: Transport> Platform<S, T> {
    /// Sends a message, and stores the outcome as long as this node serves the partner. A crash between the two sends
    /// it again.
    pub(super) async fn send_letter(&self, partner: &str, job: &LetterJob) -> Sent {
        self.try_letter(partner, job).await.unwrap_or_else(|_| Sent::of(Answer::Hindered(None)))
    }

    async fn try_letter(&self, partner: &str, job: &LetterJob) -> Result<Sent, Error> {
        let Some(document) = self.store().get(&job.at).await? else { return Ok(Sent::of(Answer::Done)) };
        let letter = Letter::read(&document).ok_or_else(corrupt)?;
        if !job.is_for_partner(&letter, &document.list) {
            // It stays in the store, for whoever it is for now.
            return Ok(Sent::of(Answer::Done));
        }
        let Some(object) = self.store().get(&letter.object).await? else {
            return self.end_letter(job, &document, None, Answer::Done).await;
        };
        let place_at = Letter::with_partner(DELIVERED, &letter.object, partner);
        let was_delivered = self.store().get(&place_at).await?.is_some();
        let sent = self.post(partner, job, &letter, &object, &document.list, was_delivered).await;
        let (object, key) = (letter.object.collection(), letter.object.key().to_lowercase());
        let name = if object == Kind::Cdr.collection() { "cdr" } else { "record" };
        let place = match sent {
            Ok(place) => place,
            Err(Said::Refused(refusal)) if refusal.is_there_already(&[name, &key]) => {
                self.requests
                    .tell(partner, EventKind::Push(PushTrouble::new(object, "push.delivered_before")));
                None
            }
            Err(Said::Refused(refusal)) => {
                self.requests.tell(partner, EventKind::Push(PushTrouble::new(object, "push.dead")));
                let dead = Letter { refusal: Some(refusal), attempts: job.attempts, ..letter };
                let dead = dead.document(dead_list(partner), self.now()).ok_or_else(corrupt)?;
                let instead = Instead { at: job.at.clone(), document: dead, also_if: None };
                return self.end_letter(job, &document, Some(instead), Answer::Refused).await;
            }
            Err(Said::Failed(answer)) => return Ok(Sent::of(answer)),
            Err(Said::Taken) => None,
        };
        let place = self.seal_place(partner, place.unwrap_or_default()).unwrap_or_else(|| {
            // Without its place it is delivered all the same: otherwise it would be posted again and again.
            self.tell_missing(partner, "the URL at which a partner has a CDR is not kept", &Error::Broken);
            String::new()
        });
        let place = NewDocument::new(place, "url", self.now()).in_list(partner);
        let instead = Instead { at: place_at, document: place, also_if: Some(letter.object) };
        self.end_letter(job, &document, Some(instead), Answer::Done).await
    }

    async fn post(
        &self,
        partner: &str,
        job: &LetterJob,
        letter: &Letter,
        object: &Document,
        list: &str,
        was_delivered: bool,
    ) -> Result<Place, Said> {
        let Some(kind) = Kind::of(letter.object.collection()) else { return Err(unreadable()) };
        let to = party_of_list(list);
        let about = Some(About { kind, party: to.clone() });
        let line = self.line(partner, about, job.timeout, (letter.object.owner(), to)).await;
        let mut line = line.map_err(failed)?;
        let is_older = object.format == Version::V2_2_1.as_str();
        let place = |created: Created| created.location;
        match kind {
            Kind::Cdr if is_older => {
                let cdr: ocpi_types::v2_2_1::cdrs::Cdr = read(object)?;
                line.send(&PostCdr(cdr)).await.map(place).map_err(failed)
            }
            Kind::Cdr => {
                let cdr: ocpi_types::v2_3_0::cdrs::Cdr = read(object)?;
                line.send(&PostCdr(cdr)).await.map(place).map_err(failed)
            }
            Kind::Invoice if was_delivered => {
                line.send(&Put::of(record(object)?)).await.map(|_| None).map_err(failed)
            }
            Kind::Invoice => line
                .send(&PostInvoiceReconciliationRecord(record(object)?))
                .await
                .map(|_| None)
                .map_err(failed),
            _ => Err(unreadable()),
        }
    }

    /// Ends the wait of a message. If another one took its place meanwhile, that one waits on. An error: another node serves the
    /// partner now.
    async fn end_letter(
        &self,
        job: &LetterJob,
        sent: &Document,
        instead: Option<Instead>,
        answer: Answer,
    ) -> Result<Sent, Error> {
        let (at, lease, revision, now) = (job.at.clone(), job.lease.clone(), sent.revision, self.now());
        let mut addresses = vec![lease.address(), at.clone()];
        if let Some(instead) = &instead {
            addresses.push(instead.at.clone());
            addresses.extend(instead.also_if.clone());
        }
        addresses.dedup();
        let ended = self.store().update(addresses, move |tx| {
            fenced(tx, &lease)?;
            let waits = tx.get(&at)?.map(|letter| letter.revision == revision);
            if waits == Some(true) {
                tx.delete(&at, now)?;
            }
            if let Some(instead) = &instead {
                let also = match &instead.also_if {
                    Some(object) => tx.get(object)?.is_some(),
                    None => false,
                };
                if waits == Some(true) || also {
                    tx.put(&instead.at, instead.document.clone())?;
                }
            }
            Ok::<_, Rejected<()>>(waits == Some(false))
        });
        let is_replaced = ended.await.map_err(|error| match error {
            UpdateError::Store(error) => error.into(),
            UpdateError::Aborted | UpdateError::Rejected(()) => Error::Conflict(job.lease.name.clone()),
        })?;
        Ok(Sent { is_replaced, ..Sent::of(answer) })
    }
}

/// Document that takes the place of a message that has ended, if the message is still as it was sent.
struct Instead {
    at: Address,
    document: NewDocument,
    /// It is written in any case as long as this object is there.
    also_if: Option<Address>,
}

impl LetterJob {
    /// Whether a message is for the partner, as far as it is known who the partner is now.
    fn is_for_partner(&self, letter: &Letter, list: &str) -> bool {
        let kind = Kind::of(letter.object.collection());
        self.parties.contains(list) && kind.is_some_and(|kind| self.kinds.contains(&kind))
    }
}

fn failed(error: Error) -> Said {
    judge(Err::<(), _>(error))
}

fn record(object: &Document) -> Result<InvoiceReconciliationRecord, Said> {
    read(object)
}

fn read<R: Object>(document: &Document) -> Result<R, Said> {
    Ok(json::read_within(&document.body, Limits::trusted()).map_err(|_| unreadable())?.value)
}

fn unreadable() -> Said {
    Said::Refused(Refusal::ours("the stored object cannot be read"))
}
