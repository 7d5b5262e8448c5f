//! The specification's tables, as they were extracted from its text.

use ocpi_types::{Version, Versions};
use serde::Deserialize;

/// A document of the specification: a version, or a version with a branch of it.
#[derive(Clone, Copy)]
pub(crate) struct Document {
    pub(crate) name: &'static str,
    pub(crate) version: Version,
    /// The version, and the additions of the branch to it.
    pub(crate) parts: Versions,
    text: &'static str,
}

pub(crate) const DOCUMENTS: &[Document] = &[
    Document::of(Version::V2_1_1, include_str!("../facts/ocpi-2.1.1.json")),
    Document::of(Version::V2_2_1, include_str!("../facts/ocpi-2.2.1.json")),
    Document::of(Version::V2_3_0, include_str!("../facts/ocpi-2.3.0.json")),
    Document {
        name: "2.3.0-payments",
        parts: Versions::of(Version::V2_3_0).with(Versions::PAYMENTS),
        ..Document::of(Version::V2_3_0, include_str!("../facts/ocpi-2.3.0-payments.json"))
    },
    Document {
        name: "2.3.0-bookings",
        parts: Versions::of(Version::V2_3_0).with(Versions::BOOKINGS),
        ..Document::of(Version::V2_3_0, include_str!("../facts/ocpi-2.3.0-bookings.json"))
    },
];

impl Document {
    const fn of(version: Version, text: &'static str) -> Self {
        Self { name: version.as_str(), version, parts: Versions::of(version), text }
    }

    pub(crate) fn facts(&self) -> Facts {
        serde_json::from_str(self.text).expect("the facts are well-formed")
    }
}

/// The tables of one document.
#[derive(Deserialize)]
pub(crate) struct Facts {
    pub(crate) modules: Vec<Module>,
    pub(crate) objects: Vec<Table>,
    pub(crate) enums: Vec<Values>,
}

/// A module, and its endpoints.
#[derive(Deserialize)]
pub(crate) struct Module {
    pub(crate) id: String,
    pub(crate) endpoints: Vec<Endpoint>,
}

/// An endpoint of a module.
#[derive(Clone, Deserialize)]
pub(crate) struct Endpoint {
    /// `sender`, `receiver` or `both`.
    pub(crate) interface: String,
    pub(crate) method: String,
    pub(crate) path_template: String,
    /// A type, some members of one as in `partial(Location)`, or several as in `A|B`.
    pub(crate) request_type: Option<String>,
    #[serde(default)]
    pub(crate) request_optional: bool,
    /// A type, or a list as in `[Location]`.
    pub(crate) response_type: Option<String>,
    pub(crate) paginated: bool,
    #[serde(default)]
    pub(crate) params: Vec<Parameter>,
}

/// A parameter of an endpoint.
#[derive(Clone, Deserialize)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    /// `path` or `query`.
    #[serde(rename = "in")]
    pub(crate) place: String,
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
    /// The tables of a version, without its branches.
    pub(crate) fn of(version: Version) -> Self {
        let document = DOCUMENTS.iter().find(|document| document.name == version.as_str());
        document.unwrap_or_else(|| panic!("no facts of {version}")).facts()
    }

    pub(crate) fn object(&self, name: &str) -> Option<&Table> {
        self.objects.iter().find(|table| table.name == name)
    }
}
