//! The documents that a query asks for, in SQL.

use ocpi_server_traits::storage::{Cursor, Lists, Query};
use tokio_postgres::types::{ToSql, Type};

use super::buckets::place_before;
use super::numbers::to_bigint;
use super::text::is_storable;

/// Order of a page.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Order {
    /// By list and place.
    Lists,
    /// By place.
    Places,
    /// By time and place.
    Times,
}

/// A query, and the row behind which a page begins.
#[derive(Debug)]
pub(super) struct Wanted<'a> {
    pub(super) order: Order,
    pub(super) term: Option<(&'a str, &'a str)>,
    /// Whether a page of the term goes through the window.
    by_window: bool,
    collection: &'a str,
    is_all: bool,
    lists: Vec<&'a str>,
    name: &'a str,
    value: &'a str,
    from: i64,
    to: i64,
    after: After,
}

#[derive(Debug)]
struct After {
    list: String,
    updated: i64,
    place: i64,
}

impl<'a> Wanted<'a> {
    /// `None`: it asks for a text that the database cannot hold, and so for nothing.
    pub(super) fn new(query: &'a Query) -> Option<Self> {
        let term = query.term();
        let order = match (query.window(), query.wanted_lists()) {
            (Some(_), _) => Order::Times,
            (None, Lists::All) if term.is_none() => Order::Lists,
            (None, _) => Order::Places,
        };
        let (is_all, lists) = match query.wanted_lists() {
            Lists::All => (true, Vec::new()),
            Lists::These(lists) => (false, lists.iter().map(String::as_str).collect()),
        };
        let (name, value) = term.unwrap_or_default();
        let window = query.window().unwrap_or(i64::MIN..i64::MAX);
        let after = After { list: String::new(), updated: window.start, place: -1 };
        [query.collection(), name, value].into_iter().all(is_storable).then(|| Self {
            order,
            term,
            by_window: false,
            collection: query.collection(),
            is_all,
            lists: lists.into_iter().filter(|list| is_storable(list)).collect(),
            name,
            value,
            from: window.start,
            to: window.end,
            after,
        })
    }

    /// Begins behind a row. What is behind it must be in the window still.
    pub(super) fn begin_after(&mut self, cursor: &Cursor) {
        let (mut list, mut place) = (cursor.list.as_str(), to_bigint(cursor.place));
        if let Some((before, _)) = list.split_once('\0') {
            // No list has a NUL: those behind this one are those behind the text before it.
            (list, place) = (before, i64::MAX);
        }
        if self.order != Order::Times || (cursor.updated, place) > (self.after.updated, self.after.place) {
            self.after = After { list: list.to_owned(), updated: cursor.updated, place };
        }
    }

    /// Begins with a bucket.
    pub(super) fn begin_at(&mut self, list: String, bucket: i64) {
        self.after = After { list, place: place_before(bucket), updated: self.from };
    }

    /// Goes through the window, and passes over documents without the term, instead of sorting all that have it.
    pub(super) fn go_by_window(&mut self) {
        self.by_window = true;
    }

    /// Parameters of all statements, whether they use them or not.
    pub(super) fn parameters(&self) -> Vec<(&(dyn ToSql + Sync), Type)> {
        vec![
            (&self.collection, Type::TEXT),
            (&self.lists, Type::TEXT_ARRAY),
            (&self.name, Type::TEXT),
            (&self.value, Type::TEXT),
            (&self.from, Type::INT8),
            (&self.to, Type::INT8),
            (&self.after.list, Type::TEXT),
            (&self.after.updated, Type::INT8),
            (&self.after.place, Type::INT8),
        ]
    }

    /// Restricts `d.list`.
    pub(super) fn in_lists(&self) -> &'static str {
        if self.is_all { "" } else { " AND d.list = ANY($2)" }
    }

    /// All that is wanted, wherever a page begins: a table and a condition.
    pub(super) fn source(&self) -> String {
        let lists = self.in_lists();
        let times = if self.order == Order::Times { " AND d.updated >= $5 AND d.updated < $6" } else { "" };
        match self.term {
            Some(_) => format!("{TERMS}{lists}{times}"),
            None => format!("§.documents d WHERE NOT d.deleted AND d.collection = $1{lists}{times}"),
        }
    }

    /// Keys of a page: those of `take` rows behind `skip`. One range for each list, each with a limit of its own.
    pub(super) fn keys(&self, skip: i64, take: i64) -> String {
        let most = skip.saturating_add(take);
        let limit = format!("OFFSET {skip} LIMIT {take}");
        let lists = self.in_lists();
        let behind = match self.order {
            Order::Lists => "(d.list, d.place) > ($7, $9)",
            Order::Places => "d.place > $9",
            // One lower bound: with two PostgreSQL may begin at the lower one.
            Order::Times => "d.updated < $6 AND (d.updated, d.place) > ($8, $9)",
        };
        let order = self.columns("d");
        // No more than the index has by which they are found.
        let columns =
            if self.order == Order::Times { "d.list, d.updated, d.place" } else { "d.list, d.place" };
        let is_windowed = self.by_window && self.order == Order::Times;
        if self.term.is_some() && !is_windowed {
            // The table of terms is in the order of places.
            let (behind, order) = match self.order {
                Order::Times => (behind, order),
                _ => ("t.place > $9", "t.place".to_owned()),
            };
            return format!("SELECT {columns} FROM {TERMS} AND {behind}{lists} ORDER BY {order} {limit}");
        }
        let documents = format!(
            "SELECT {columns} FROM §.documents d{} WHERE NOT d.deleted AND d.collection = $1 AND {behind}",
            if is_windowed { WITH_TERM } else { "" }
        );
        if self.order == Order::Lists {
            return format!("{documents} ORDER BY {order} {limit}");
        }
        let all = "(SELECT DISTINCT list FROM §.buckets WHERE collection = $1)";
        let these = if self.is_all { all } else { "unnest($2)" };
        format!(
            "SELECT k.* FROM {these} l (list) CROSS JOIN LATERAL \
             ({documents} AND d.list = l.list ORDER BY {order} LIMIT {most}) k ORDER BY {} {limit}",
            self.columns("k")
        )
    }

    /// The columns by which rows are ordered.
    pub(super) fn columns(&self, table: &str) -> String {
        match self.order {
            Order::Lists => format!("{table}.list, {table}.place"),
            Order::Places => format!("{table}.place"),
            Order::Times => format!("{table}.updated, {table}.place"),
        }
    }
}

/// Number of documents with the term, up to one more than so many.
pub(super) fn count_term(most: u32) -> String {
    let limit = most.saturating_add(1);
    format!(
        "SELECT count(*) FROM (SELECT FROM §.terms t \
         WHERE t.collection = $1 AND t.name = $3 AND t.value = $4 LIMIT {limit}) c"
    )
}

/// Restricts documents to those with the term.
const WITH_TERM: &str =
    " JOIN §.terms t ON t.collection = $1 AND t.name = $3 AND t.value = $4 AND t.place = d.place";

const TERMS: &str = "§.terms t JOIN §.documents d ON d.place = t.place AND NOT d.deleted \
                     WHERE t.collection = $1 AND t.name = $3 AND t.value = $4";
