//! The specification's tables, as they were extracted from its text.

use ocpi_types::Version;
use serde::Deserialize;

/// The tables of one version.
#[derive(Deserialize)]
pub(crate) struct Facts {
    pub(crate) objects: Vec<Table>,
    pub(crate) enums: Vec<Values>,
}

/// The table of an object.
#[derive(Deserialize)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) module: String,
    /// The file and line of the heading: `mod_locations:460`.
    pub(crate) doc: String,
    pub(crate) fields: Vec<Row>,
}

/// One row of a table.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Row {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) ty: String,
    pub(crate) max_len: Option<usize>,
    pub(crate) cardinality: String,
}

/// The values of an enum.
#[derive(Deserialize)]
pub(crate) struct Values {
    pub(crate) name: String,
    pub(crate) module: String,
    pub(crate) doc: String,
    pub(crate) open: bool,
    pub(crate) values: Vec<String>,
}

impl Facts {
    pub(crate) fn of(version: Version) -> Self {
        let text = match version {
            Version::V2_2_1 => include_str!("../facts/ocpi-2.2.1.json"),
            Version::V2_3_0 => include_str!("../facts/ocpi-2.3.0.json"),
            other => panic!("no facts of {other}"),
        };
        serde_json::from_str(text).expect("the facts are well-formed")
    }

    pub(crate) fn object(&self, name: &str) -> Option<&Table> {
        self.objects.iter().find(|table| table.name == name)
    }
}
