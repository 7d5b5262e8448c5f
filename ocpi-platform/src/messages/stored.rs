//! Stored messages: documents outside of the change feed, and their total size.

use ocpi_server_traits::storage::{Address, Document, NewDocument, Query, Rejected, Start, Store, StoreExt};
use ocpi_types::DateTime;

use super::logged::LoggedMessage;
use crate::Error;
use crate::documents::failure;

/// Collection of the messages; the list is the partner.
pub(super) const MESSAGES: &str = "Message";
/// Terms by which messages are looked up.
pub(super) const CORRELATION: &str = "correlation";
pub(super) const REQUEST: &str = "request";
pub(super) const MODULE: &str = "module";
const FORMAT: &str = "message/1";
/// Format of the document with the number of bytes.
const ACCOUNT: &str = "message_bytes/1";
/// Most messages that are deleted in one write.
const ROWS: u32 = 200;
/// Most writes of one purge: the next one goes on.
const WRITES: usize = 20;

/// A message to be written.
pub(super) struct Row {
    at: Address,
    document: NewDocument,
    pub(super) bytes: u64,
}

impl Row {
    /// `name` is one that no other message has.
    pub(super) fn of(message: &LoggedMessage, name: &str) -> Self {
        let body = message.to_json();
        let bytes = size(body.len());
        let mut document = NewDocument::new(body, FORMAT, message.at).in_list(message.partner.as_str());
        let terms = [
            (CORRELATION, &message.correlation_id),
            (REQUEST, &message.request_id),
            (MODULE, &message.module),
        ];
        for (term, value) in terms {
            if let Some(value) = value {
                document = document.with_term(term, value.as_str());
            }
        }
        Self { at: Address::new(MESSAGES, message.partner.as_str(), name), document, bytes }
    }
}

/// Writes messages in one transaction.
pub(super) async fn write(store: &impl Store, rows: Vec<Row>, now: DateTime) -> Result<(), Error> {
    let mut at: Vec<Address> = rows.iter().map(|row| row.at.clone()).collect();
    at.push(account_at());
    let written = store.update(at, move |tx| {
        let mut bytes = account(tx.get(&account_at())?);
        for row in &rows {
            bytes = bytes.saturating_add(row.bytes);
            tx.put(&row.at, row.document.clone())?;
        }
        tx.put(&account_at(), NewDocument::new(bytes.to_string(), ACCOUNT, now))?;
        Ok::<_, Rejected<()>>(())
    });
    written.await.map_err(failure)
}

/// Deletes messages that began before `old`, and the oldest of those that are beyond `most` bytes. Returns their number.
pub(super) async fn purge(store: &impl Store, old: DateTime, most: u64, now: DateTime) -> Result<u64, Error> {
    let mut count = 0;
    for _ in 0..WRITES {
        let too_old = store.page(&Query::all(MESSAGES).to(old), Start::First, ROWS).await?;
        let mut rows = too_old.rows;
        if rows.is_empty() {
            let beyond = account(store.get(&account_at()).await?.as_ref()).saturating_sub(most);
            if beyond == 0 {
                return Ok(count);
            }
            let all = Query::all(MESSAGES).from(DateTime::UNIX_EPOCH);
            rows = store.page(&all, Start::First, ROWS).await?.rows;
            let mut left = beyond;
            rows.retain(|(_, document)| {
                let is_wanted = left > 0;
                left = left.saturating_sub(size(document.body.len()));
                is_wanted
            });
        }
        let deleted = delete(store, rows.into_iter().map(|(at, _)| at).collect(), now).await?;
        if deleted == 0 {
            return Ok(count);
        }
        count += deleted;
    }
    Ok(count)
}

async fn delete(store: &impl Store, rows: Vec<Address>, now: DateTime) -> Result<u64, Error> {
    let mut at = rows.clone();
    at.push(account_at());
    let deleted = store.update(at, move |tx| {
        let (mut bytes, mut count) = (account(tx.get(&account_at())?), 0);
        for at in &rows {
            // Another node may have been faster.
            let Some(size) = tx.get(at)?.map(|document| size(document.body.len())) else { continue };
            tx.delete(at, now)?;
            bytes = bytes.saturating_sub(size);
            count += 1;
        }
        tx.put(&account_at(), NewDocument::new(bytes.to_string(), ACCOUNT, now))?;
        Ok::<_, Rejected<()>>(count)
    });
    deleted.await.map_err(failure)
}

fn account_at() -> Address {
    Address::new("MessageBytes", "", "all")
}

fn account(document: Option<&Document>) -> u64 {
    let text = document.and_then(|document| std::str::from_utf8(&document.body).ok());
    text.and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn size(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
