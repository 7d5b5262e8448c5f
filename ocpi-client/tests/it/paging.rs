//! Paging over lists that move, and over partners that page well, oddly, or with malice.

mod bodies;
mod budgets;
mod links;
mod pages;
mod replay;
mod store;
mod stores;

use bytes::Bytes;
use ocpi_client::{Error, ErrorKind, Pages, Transport};
use ocpi_testkit::{Script, envelope, respond};
use ocpi_types::v2_3_0::tariffs::Tariff;

use crate::wire::{client, tariff};

const FIRST: &str = "GET https://cpo.example/ocpi/2.3.0/sender/tariffs";

/// A page with Tariffs of these ids.
fn page(ids: &[&str], headers: &[(&str, &str)]) -> http::Response<Bytes> {
    let items: Vec<String> = ids.iter().map(|id| tariff(id)).collect();
    respond(200, headers, &envelope(&format!("[{}]", items.join(","))))
}

fn linked(ids: &[&str], next: &str) -> http::Response<Bytes> {
    page(ids, &[("Link", &format!(r#"<{next}>; rel="next""#))])
}

/// A page of a list of this many Tariffs.
fn counted(ids: &[&str], total: &str) -> http::Response<Bytes> {
    page(ids, &[("X-Total-Count", total)])
}

/// The pages of a partner that answers by a script.
fn pages(script: &Script) -> Pages<Tariff, &Script> {
    client().over(script).pages()
}

/// The ids of all pages, and how they ended.
fn read<T: Transport>(pages: &mut Pages<Tariff, T>) -> (Vec<String>, Result<(), Error>) {
    let mut ids = Vec::new();
    loop {
        match pollster::block_on(pages.next()) {
            Some(Ok(page)) => ids.extend(page.value.items.iter().map(|tariff| tariff.id.to_string())),
            None => return (ids, Ok(())),
            Some(Err(error)) => return (ids, Err(error)),
        }
    }
}

fn all(script: &Script) -> (Vec<String>, Result<(), Error>) {
    read(&mut pages(script))
}

/// The ids of findings on paging.
fn told<T>(pages: &Pages<Tariff, T>) -> Vec<&'static str> {
    pages.findings().iter().map(|finding| finding.rule.id()).collect()
}

fn is_budget(error: &Error) -> bool {
    (error.endpoint(), error.kind()) == ("List<Tariff>", ErrorKind::Budget)
}
