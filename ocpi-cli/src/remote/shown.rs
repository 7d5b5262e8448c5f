//! Partners as text and JSON.

use std::fmt::Write;

use ocpi_types::v2_2_1::versions;
use ocpi_types::{Finding, Severity};
use serde::Serialize;

use crate::output::{self, color, plain};

/// A way in which a partner deviates.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Deviation {
    pub(crate) rule: String,
    pub(crate) value: String,
    #[serde(serialize_with = "output::json::as_word")]
    pub(crate) severity: Severity,
}

impl Deviation {
    /// The deviations that a client has met.
    pub(crate) fn of_partner(met: &[ocpi_client::Deviation]) -> Vec<Self> {
        met.iter().map(|it| Self::new(named(&it.endpoint), &it.finding)).collect()
    }

    /// A finding on an answer.
    pub(crate) fn new(answer: &str, finding: &Finding) -> Self {
        Self {
            rule: finding.rule.id().to_owned(),
            value: format!("{answer}{}: {}", finding.pointer, finding.message),
            severity: finding.severity,
        }
    }
}

/// The answer of an endpoint, in words.
fn named(endpoint: &str) -> &str {
    match endpoint {
        "GetVersions" => "versions",
        "GetVersionDetails" => "version details",
        "PostCredentials" | "PutCredentials" => "credentials",
        other => other,
    }
}

/// A version in a list.
#[derive(Debug, Serialize)]
pub(crate) struct VersionRow<'a> {
    version: &'a str,
    url: &'a str,
}

impl<'a> From<&'a versions::Version> for VersionRow<'a> {
    fn from(version: &'a versions::Version) -> Self {
        Self { version: version.version.as_str(), url: version.url.as_str() }
    }
}

/// An endpoint of a partner.
#[derive(Debug, Serialize)]
pub(crate) struct EndpointRow<'a> {
    identifier: &'a str,
    role: &'a str,
    url: &'a str,
}

impl<'a> From<&'a versions::Endpoint> for EndpointRow<'a> {
    fn from(endpoint: &'a versions::Endpoint) -> Self {
        Self {
            identifier: endpoint.identifier.as_str(),
            role: endpoint.role.as_str(),
            url: endpoint.url.as_str(),
        }
    }
}

/// Texts in aligned columns under a title. Writing into a `String` does not fail.
#[derive(Debug, Default)]
pub(crate) struct Table(String);

impl Table {
    /// A line of a name and a value.
    pub(crate) fn line(&mut self, name: &str, value: &str) {
        let _ = writeln!(self.0, "{name:<14}{}", plain(value));
    }

    /// Rows under a title; `none` in their place.
    pub(crate) fn rows<const N: usize>(&mut self, title: &str, rows: &[[&str; N]]) {
        if rows.is_empty() {
            return self.line(title, "none");
        }
        let _ = writeln!(self.0, "{title}");
        let rows: Vec<[String; N]> = rows.iter().map(|row| row.map(plain)).collect();
        let mut widths = [0; N];
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        for row in &rows {
            let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
            let _ = writeln!(self.0, "  {}", cells.collect::<Vec<_>>().join("  ").trim_end());
        }
    }

    /// The versions of a list.
    pub(crate) fn versions(&mut self, versions: &[versions::Version]) {
        let rows: Vec<[&str; 2]> = versions.iter().map(|it| [it.version.as_str(), it.url.as_str()]).collect();
        self.rows("versions", &rows);
    }

    /// The endpoints of a partner.
    pub(crate) fn endpoints(&mut self, endpoints: &[versions::Endpoint]) {
        let row = |it| {
            let EndpointRow { identifier, role, url } = EndpointRow::from(it);
            [identifier, role, url]
        };
        let rows: Vec<[&str; 3]> = endpoints.iter().map(row).collect();
        self.rows("endpoints", &rows);
    }

    /// The deviations of a partner.
    pub(crate) fn deviations(&mut self, deviations: &[Deviation]) {
        if deviations.is_empty() {
            return self.line("deviations", "none");
        }
        let _ = writeln!(self.0, "deviations");
        for Deviation { rule, value, severity } in deviations {
            let style = color(*severity);
            let _ = writeln!(self.0, "  {style}{severity}{style:#}: {} [{rule}]", plain(value));
        }
    }

    pub(crate) fn finish(self) -> String {
        self.0
    }
}
