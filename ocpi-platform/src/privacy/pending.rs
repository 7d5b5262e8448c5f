//! Stored form of unfinished erasures. They identify the driver, so they are sealed if there is a seal, and are erased
//! themselves in the end.

use ocpi_server_traits::Store;
use ocpi_server_traits::storage::{Address, Document, NewDocument, Query, Rejected, Start, StoreExt};
use ocpi_types::DateTime;
use ocpi_types::protocol::Party;

use super::ErasureScope;
use super::driver::{Driver, Issued};
use crate::documents::{corrupt, failure, just_after};
use crate::lines::{fields, line};
use crate::sealed;
use crate::{Error, Seal};

const COLLECTION: &str = "Erasure";
const FORMAT: &str = "erasure/1";
const CONTEXT: &str = "erasure";
/// Seconds from the first pass to the second: from there on twice as many each time, up to [`SELDOM`].
const AGAIN: i64 = 60;
/// Most seconds from one pass to the next.
const SELDOM: i64 = 60 * 60;
/// Seconds after which nothing is waited for any more.
const LONGEST: i64 = 7 * 24 * 60 * 60;
/// Number of erasures of one tick, and of one read.
const MOST: u32 = 10;

/// An erasure that is not over.
#[derive(Clone, Eq, PartialEq)]
pub(super) struct Erasure {
    pub(super) since: DateTime,
    /// Time of the next pass.
    due: DateTime,
    /// Number of passes.
    passes: u32,
    pub(super) scope: ErasureScope,
    pub(super) driver: Driver,
}

pub(super) fn address(id: &str) -> Address {
    Address::new(COLLECTION, "", id)
}

/// Stores an erasure, at the time of its next pass.
pub(super) async fn put(
    store: &impl Store,
    seal: Option<&dyn Seal>,
    at: &Address,
    erasure: &Erasure,
) -> Result<(), Error> {
    let text = sealed::close(seal, CONTEXT, &erasure.to_text()).ok_or_else(corrupt)?;
    let (at, document) = (at.clone(), NewDocument::new(text, FORMAT, erasure.due));
    let put = store.update(vec![at.clone()], move |tx| {
        tx.put(&at, document.clone())?;
        Ok::<_, Rejected<()>>(())
    });
    put.await.map_err(failure)
}

/// The erasures whose time has come, and whether there are any at all.
pub(super) async fn due(
    store: &impl Store,
    seal: Option<&dyn Seal>,
    now: DateTime,
) -> Result<(Vec<(Address, Erasure)>, bool), Error> {
    let any = store.page(&Query::all(COLLECTION), Start::First, 1).await?;
    if any.rows.is_empty() {
        return Ok((Vec::new(), false));
    }
    let query = Query::all(COLLECTION).to(just_after(now));
    let (mut due, mut start) = (Vec::new(), Start::First);
    loop {
        let page = store.page(&query, start, MOST).await?;
        // One whose key is lost stays, for an operator, and is passed over.
        let read = |(at, document): (Address, Document)| Some((at, Erasure::read(seal, &document)?));
        due.extend(page.rows.into_iter().filter_map(read));
        match page.next {
            Some(cursor) if due.len() < MOST as usize => start = Start::After(cursor),
            _ => return Ok((due, true)),
        }
    }
}

/// The erasures of a driver, with their times.
pub(super) async fn of(
    store: &impl Store,
    seal: Option<&dyn Seal>,
    driver: &Driver,
) -> Result<Vec<(Address, DateTime, String)>, Error> {
    let page = store.page(&Query::all(COLLECTION), Start::First, 1_000).await?;
    let of = |(at, document): (Address, Document)| {
        let erasure = Erasure::read(seal, &document)?;
        erasure.driver.meets(driver).then(|| (at, erasure.since, erasure.to_text()))
    };
    Ok(page.rows.into_iter().filter_map(of).collect())
}

impl Erasure {
    pub(super) fn new(driver: Driver, scope: ErasureScope, now: DateTime) -> Self {
        Self { since: now, due: now, passes: 0, scope, driver }
    }

    /// Whether nothing is waited for any more.
    pub(super) fn is_late(&self, now: DateTime) -> bool {
        self.end().is_some_and(|end| end <= now)
    }

    /// Sets the time of the next pass, before this one.
    pub(super) fn begin_pass(&mut self, now: DateTime) {
        let pause = 2_i64.checked_pow(self.passes).and_then(|times| times.checked_mul(AGAIN));
        let next = now.checked_add_seconds(pause.unwrap_or(SELDOM).min(SELDOM)).unwrap_or(now);
        self.due = self.end().filter(|end| *end > now).map_or(next, |end| end.min(next));
        self.passes = self.passes.saturating_add(1);
    }

    fn end(&self) -> Option<DateTime> {
        self.since.checked_add_seconds(LONGEST)
    }

    fn to_text(&self) -> String {
        let issuer = self.driver.issuer.as_ref().map(Party::canonical).unwrap_or_default();
        let keep = if self.scope == ErasureScope::KeepCdrs { "cdrs" } else { "nothing" };
        let head =
            [self.since.to_unix_micros().to_string(), self.passes.to_string(), keep.to_owned(), issuer];
        let uids = self.driver.uids.iter().map(|uid| format!("u{uid}"));
        let contracts = self.driver.contracts.iter().map(|id| format!("c{id}"));
        let found = |kind, found: &Issued| format!("{kind}{}", line(&[&found.issuer, &found.id]));
        let tokens = self.driver.found_tokens.iter().map(|token| found("t", token));
        let others = self.driver.found_contracts.iter().map(|contract| found("f", contract));
        let numbers = self.driver.found_numbers.iter().map(|number| found("n", number));
        let groups = self.driver.found_groups.iter().map(|group| format!("g{group}"));
        let given = head.into_iter().chain(uids).chain(contracts);
        let all: Vec<String> = given.chain(tokens).chain(others).chain(numbers).chain(groups).collect();
        line(&all.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn read(seal: Option<&dyn Seal>, document: &Document) -> Option<Self> {
        Self::from_text(
            &sealed::open(seal, CONTEXT, std::str::from_utf8(&document.body).ok()?)?,
            document.last_updated,
        )
    }

    fn from_text(text: &str, due: DateTime) -> Option<Self> {
        let all = fields(text);
        let [since, passes, keep, issuer, ids @ ..] = all.as_slice() else { return None };
        let mut driver = Driver::default();
        if let Some((country, party)) = issuer.split_once('/') {
            driver = driver.issued_by(Party::new(country, party).ok()?);
        }
        for id in ids {
            let (kind, id) = id.split_at_checked(1)?;
            match kind {
                "u" => driver = driver.and_token(id),
                "c" => driver = driver.and_contract(id),
                "t" => drop(driver.found_tokens.insert(issued(id)?)),
                "f" => drop(driver.found_contracts.insert(issued(id)?)),
                "n" => drop(driver.found_numbers.insert(issued(id)?)),
                "g" => drop(driver.found_groups.insert(id.to_owned())),
                _ => return None,
            }
        }
        let since = DateTime::from_unix_micros(since.parse().ok()?)?;
        let passes = passes.parse().ok()?;
        Some(Self {
            since,
            due,
            passes,
            scope: if keep == "cdrs" { ErasureScope::KeepCdrs } else { ErasureScope::Everything },
            driver,
        })
    }
}

fn issued(text: &str) -> Option<Issued> {
    let [issuer, id]: [String; 2] = fields(text).try_into().ok()?;
    Issued::new(&issuer, &id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_erasure_is_read_as_it_is_written() {
        let since = DateTime::from_unix_micros(1_764_672_000_000_001).unwrap();
        let found = |id: &str| [Issued::new("DE/EMP", id).unwrap()].into();
        for driver in [
            Driver { found_contracts: found("x y%20"), found_tokens: found("04"), ..Driver::token("t") },
            Driver {
                found_numbers: found("1 2"),
                found_groups: ["g 1".to_owned()].into(),
                ..Driver::token("t")
            },
            Driver::token("a b%20c").and_token("\n").and_contract("u1"),
            Driver::contract("x").issued_by(Party::new("DE", "EMP").unwrap()),
            Driver::default(),
        ] {
            for scope in [ErasureScope::KeepCdrs, ErasureScope::Everything] {
                let mut erasure = Erasure::new(driver.clone(), scope, since);
                erasure.begin_pass(since);
                assert!(Erasure::from_text(&erasure.to_text(), erasure.due) == Some(erasure));
            }
        }
        assert!(Erasure::from_text("1 cdrs", since).is_none());
    }
}
