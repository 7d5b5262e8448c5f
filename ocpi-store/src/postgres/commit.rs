//! The end of a transaction that writes.

use deadpool_postgres::Object;
use tokio_postgres::Error;
use tokio_postgres::types::Type;

use super::namespace::Namespace;
use super::persist::Plan;
use super::pipeline::{Parameter, batch, in_order, query};
use super::rows::{Batches, INSERT, UPDATE};

/// Sends all that is left with the commit behind it, and returns the position to which the feed has come.
pub(super) async fn finish(
    client: &Object,
    namespace: &Namespace,
    kept: &Batches<'_>,
    plan: &Plan<'_>,
) -> Result<i64, Error> {
    let sql = Statements::new(namespace);
    let (collections, lists, buckets, deltas) = plan.deltas.columns();
    let keys = || -> Vec<Parameter<'_>> {
        vec![(&collections, Type::TEXT_ARRAY), (&lists, Type::TEXT_ARRAY), (&buckets, Type::INT8_ARRAY)]
    };
    let Plan { created, moved, gone, forgotten, feed, terms_gone, terms_new, .. } = plan;
    let places = |places| vec![(places as _, Type::INT8_ARRAY)];
    let mut statements = Vec::new();
    let mut send = |sql, parameters| statements.push(query(client, sql, parameters));
    kept.iter().for_each(|rows| send(&sql.update, rows.parameters()));
    if !gone.is_empty() {
        send(&sql.gone, places(gone));
    }
    if !forgotten.is_empty() {
        send(&sql.forgotten, places(forgotten));
    }
    created.iter().for_each(|rows| send(&sql.insert, rows.parameters()));
    moved.iter().for_each(|rows| send(&sql.update, rows.parameters()));
    for (sql, terms) in [(&sql.terms_gone, terms_gone), (&sql.terms_new, terms_new)] {
        if !terms.places.is_empty() {
            let parameters: Vec<Parameter<'_>> = vec![
                (&terms.collections, Type::TEXT_ARRAY),
                (&terms.names, Type::TEXT_ARRAY),
                (&terms.values, Type::TEXT_ARRAY),
                (&terms.places, Type::INT8_ARRAY),
            ];
            send(sql, parameters);
        }
    }
    if !buckets.is_empty() {
        send(&sql.count, [keys(), vec![(&deltas, Type::INT8_ARRAY)]].concat());
        if deltas.iter().any(|delta| *delta < 0) {
            send(&sql.uncount, keys());
        }
    }
    if !feed.positions.is_empty() {
        let parameters: Vec<Parameter<'_>> = vec![
            (&feed.positions, Type::INT8_ARRAY),
            (&feed.places, Type::INT8_ARRAY),
            (&feed.parts, Type::TEXT_ARRAY),
        ];
        send(&sql.feed, parameters);
    }
    send(&sql.head, vec![]);
    statements.push(batch(client, "COMMIT"));
    let answers = in_order(statements).await?;
    // The last but one: the position to which the feed has come.
    answers.iter().rev().nth(1).and_then(|rows| rows.first()).map_or(Ok(0), |row| row.try_get(0))
}

struct Statements {
    gone: String,
    forgotten: String,
    insert: String,
    update: String,
    terms_gone: String,
    terms_new: String,
    count: String,
    uncount: String,
    feed: String,
    head: String,
}

impl Statements {
    fn new(namespace: &Namespace) -> Self {
        let sql = |statement| namespace.sql(statement);
        Self {
            gone: sql(
                "DELETE FROM §.documents d USING unnest($1::bigint[]) u (place) WHERE d.place = u.place",
            ),
            forgotten: sql(
                "DELETE FROM §.changes c USING unnest($1::bigint[]) u (place) WHERE c.place = u.place",
            ),
            insert: sql(INSERT),
            update: sql(UPDATE),
            terms_gone: sql("DELETE FROM §.terms t \
                 USING unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) u (collection, name, value, place) \
                 WHERE t.collection = u.collection AND t.name = u.name AND t.value = u.value AND t.place = u.place"),
            terms_new: sql("INSERT INTO §.terms (collection, name, value, place) \
                 SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) ON CONFLICT DO NOTHING"),
            count: sql("INSERT INTO §.buckets AS b (collection, list, bucket, n) \
                 SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) \
                 ON CONFLICT (collection, list, bucket) DO UPDATE SET n = b.n + excluded.n"),
            uncount: sql("DELETE FROM §.buckets b \
                 USING unnest($1::text[], $2::text[], $3::bigint[]) u (collection, list, bucket) \
                 WHERE b.collection = u.collection AND b.list = u.list AND b.bucket = u.bucket AND b.n <= 0"),
            feed: sql("INSERT INTO §.changes (position, place, part) \
                 SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[]) \
                 ON CONFLICT (place, part) DO UPDATE SET position = excluded.position"),
            head: sql(
                "SELECT greatest((SELECT max(position) FROM §.changes), (SELECT purged FROM §.version), 0)",
            ),
        }
    }
}
