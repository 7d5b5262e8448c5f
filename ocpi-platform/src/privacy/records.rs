//! Export of everything that is stored about a driver.

use std::fmt;

use ocpi_server_traits::storage::{Address, Document};
use ocpi_types::DateTime;
use ocpi_types::Object;
use ocpi_types::v2_3_0::locations::Location;

use super::naming::Named;
use super::scan::Findings;
use super::tree::Node;

/// Everything that is stored about a driver: see [`DriverData::export`](crate::DriverData::export).
#[derive(Clone, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct DriverExport {
    /// The documents: objects, confirmations of payments, records of the platform about them, and tombstones.
    pub records: Vec<DriverRecord>,
}

/// A document about a driver.
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct DriverRecord {
    /// Address of the document. The key may identify the driver.
    pub at: Address,
    /// Time of its last change; `None` for a tombstone.
    pub last_updated: Option<DateTime>,
    /// The document, as JSON or another text; for a Location only the entries that identify the driver. `None` for a
    /// tombstone, which has only an address.
    pub body: Option<String>,
}

impl DriverExport {
    pub(super) fn of(found: Findings) -> Self {
        let driver = &found.driver;
        let objects = found.objects.into_iter().map(|(at, object)| {
            let named = Named::find(driver, &at, &object.document.body);
            let part = named.filter(|_| at.collection() == Location::INFO.name).map(|named| named.tokens());
            DriverRecord {
                body: part.or_else(|| text(&object.document)),
                ..DriverRecord::of(at, &object.document)
            }
        });
        let others = found.confirmations.into_iter().chain(found.about);
        let others = others.map(|(at, document)| DriverRecord::of(at, &document));
        let tombstones = found.tombstones.into_keys();
        let tombstones = tombstones.map(|at| DriverRecord { at, last_updated: None, body: None });
        Self { records: objects.chain(others).chain(tombstones).collect() }
    }

    pub(super) fn add_erasures(&mut self, erasures: Vec<(Address, DateTime, String)>) {
        let of = |(at, since, body)| DriverRecord { at, last_updated: Some(since), body: Some(body) };
        self.records.extend(erasures.into_iter().map(of));
    }

    /// Returns the export as JSON: a list of objects with `collection`, `owner`, `key`, `last_updated` and `body`,
    /// which is an object if the document is one, a string for any other text, and `null` for a tombstone.
    pub fn to_json(&self) -> String {
        let records: Vec<_> = self.records.iter().map(DriverRecord::to_json).collect();
        format!("[{}]", records.join(","))
    }
}

impl DriverRecord {
    fn of(at: Address, document: &Document) -> Self {
        Self { at, last_updated: Some(document.last_updated), body: text(document) }
    }

    /// Returns the document as JSON: see [`DriverExport::to_json`].
    pub fn to_json(&self) -> String {
        let string = |text: &str| serde_json::Value::String(text.to_owned()).to_string();
        let body = match &self.body {
            None => "null".to_owned(),
            Some(body) if Node::read(body).is_some() => body.clone(),
            Some(body) => string(body),
        };
        let time = self.last_updated.map_or_else(|| "null".to_owned(), |time| string(&time.to_string()));
        format!(
            r#"{{"collection":{},"owner":{},"key":{},"last_updated":{time},"body":{body}}}"#,
            string(self.at.collection()),
            string(self.at.owner()),
            string(self.at.key()),
        )
    }
}

fn text(document: &Document) -> Option<String> {
    Some(String::from_utf8_lossy(&document.body).into_owned())
}

/// Nothing of the driver.
impl fmt::Debug for DriverExport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DriverExport").field("records", &self.records.len()).finish()
    }
}

/// Nothing of the driver.
impl fmt::Debug for DriverRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DriverRecord").field("at", &self.at).finish_non_exhaustive()
    }
}
