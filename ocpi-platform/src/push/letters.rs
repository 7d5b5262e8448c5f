//! Messages that are to arrive once: CDRs and invoice reconciliation records.

use std::time::Duration;

use ocpi_client::Transport;
use ocpi_server_traits::storage::{
    Address, Document, Lease, NewDocument, Rejected, Store, StoreExt, UpdateError, fenced,
};
use ocpi_types::endpoint::{Created, PostCdr, PostInvoiceReconciliationRecord, Put};
use ocpi_types::json::{self, Limits};
use ocpi_types::observe::{EventKind, PushTrouble};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord;
use ocpi_types::{Object, Version};

use super::kinds::Kind;
use super::pusher::Answer;
use super::refusal::{Refusal, Said, judge};
use super::send::Sent;
use super::stored::{DELIVERED, Letter, dead_list};
use crate::documents::corrupt;
use crate::{Error, Platform};

/// A message that is to be sent.
#[derive(Clone, Debug)]
pub(super) struct LetterJob {
    pub(super) at: Address,
    pub(super) lease: Lease,
    pub(super) attempts: u32,
    pub(super) timeout: Duration,
}

/// Result of the POST of a message: where the partner has it, if it says so.
type Place = Option<String>;

impl<S: Store, T: Transport> Platform<S, T> {
    /// Sends a message, and stores what came of it as long as the partner is ours to serve. A crash between the two sends it again.
    pub(super) async fn send_letter(&self, partner: &str, job: &LetterJob) -> Sent {
        match self.try_letter(partner, job).await {
            Ok(answer) => Sent::of(answer),
            Err(_) => Sent::of(Answer::Busy(None)),
        }
    }

    async fn try_letter(&self, partner: &str, job: &LetterJob) -> Result<Answer, Error> {
        let Some(document) = self.store().get(&job.at).await? else { return Ok(Answer::Done) };
        let letter = Letter::read(&document).ok_or_else(corrupt)?;
        let Some(object) = self.store().get(&letter.object).await? else {
            self.end_letter(job, &document, None).await?;
            return Ok(Answer::Done);
        };
        let place_at = Letter::with_partner(DELIVERED, &letter.object, partner);
        let was_delivered = self.store().get(&place_at).await?.is_some();
        let sent = self.post(partner, job, &letter, &object, &document.list, was_delivered).await;
        let object = letter.object.collection();
        let place = match sent {
            Ok(place) => place,
            Err(Said::Refused(refusal)) if refusal.is_there_already() => {
                self.requests
                    .tell(partner, EventKind::Push(PushTrouble::new(object, "push.delivered_before")));
                None
            }
            Err(Said::Refused(refusal)) => {
                self.requests.tell(partner, EventKind::Push(PushTrouble::new(object, "push.dead")));
                let dead = Letter { refusal: Some(refusal), attempts: job.attempts, ..letter };
                let dead = dead.document(dead_list(partner), self.now()).ok_or_else(corrupt)?;
                self.end_letter(job, &document, Some((job.at.clone(), dead))).await?;
                return Ok(Answer::Refused);
            }
            Err(Said::Failed(answer)) => return Ok(answer),
            Err(Said::Taken) => None,
        };
        let place = self.seal_place(partner, place.unwrap_or_default()).ok_or_else(corrupt)?;
        let place = NewDocument::new(place, "url", self.now()).in_list(partner);
        self.end_letter(job, &document, Some((place_at, place))).await?;
        Ok(Answer::Done)
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
        let to = list.split_once('/').and_then(|(country, id)| Party::new(country, id).ok());
        let line = self.line(partner, job.timeout, (letter.object.owner(), to)).await.map_err(failed)?;
        let is_older = object.format == Version::V2_2_1.as_str();
        let place = |created: Created| created.location;
        match Kind::of(letter.object.collection()) {
            Some(Kind::Cdr) if is_older => {
                let cdr: ocpi_types::v2_2_1::cdrs::Cdr = read(object)?;
                line.send(&PostCdr(cdr)).await.map(place).map_err(failed)
            }
            Some(Kind::Cdr) => {
                let cdr: ocpi_types::v2_3_0::cdrs::Cdr = read(object)?;
                line.send(&PostCdr(cdr)).await.map(place).map_err(failed)
            }
            Some(Kind::Invoice) if was_delivered => {
                line.send(&Put::of(record(object)?)).await.map(|_| None).map_err(failed)
            }
            Some(Kind::Invoice) => line
                .send(&PostInvoiceReconciliationRecord(record(object)?))
                .await
                .map(|_| None)
                .map_err(failed),
            _ => Err(unreadable()),
        }
    }

    /// Ends the wait of a message, unless another one took its place or another node serves the partner now.
    async fn end_letter(
        &self,
        job: &LetterJob,
        sent: &Document,
        with: Option<(Address, NewDocument)>,
    ) -> Result<(), Error> {
        let (at, lease, revision, now) = (job.at.clone(), job.lease.clone(), sent.revision, self.now());
        let mut addresses = vec![lease.address(), at.clone()];
        addresses.extend(with.iter().map(|(at, _)| at.clone()));
        addresses.dedup();
        let ended = self.store().update(addresses, move |tx| {
            fenced(tx, &lease)?;
            if tx.get(&at)?.is_some_and(|letter| letter.revision == revision) {
                tx.delete(&at, now)?;
            }
            if let Some((at, document)) = &with {
                tx.put(at, document.clone())?;
            }
            Ok::<_, Rejected<()>>(())
        });
        ended.await.map_err(|error| match error {
            UpdateError::Store(error) => error.into(),
            UpdateError::Aborted | UpdateError::Rejected(()) => Error::Conflict(job.lease.name.clone()),
        })
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
