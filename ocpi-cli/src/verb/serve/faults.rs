//! Faults of a sandbox, by their names.

use std::io;

use ocpi_testkit::Fault;
use serde::Serialize;

use crate::nearest::nearest;
use crate::output::{self, Format};
use crate::remote::Table;

#[derive(Serialize)]
struct Json {
    name: &'static str,
    id: &'static str,
    description: &'static str,
}

/// Faults that a sandbox can have: those that show in its answers.
fn fit() -> impl Iterator<Item = Fault> {
    Fault::ALL.iter().copied().filter(|fault| fault.is_of_answers())
}

/// Finds a fault by its name; case and hyphens do not matter.
///
/// # Errors
/// A text that says what was likely meant.
pub(super) fn named(name: &str) -> Result<Fault, String> {
    let plain = |name: &str| name.replace(['-', '_'], "").to_ascii_lowercase();
    let all: Vec<(String, Fault)> = fit().map(|fault| (plain(fault.name()), fault)).collect();
    let find = |name: &str| all.iter().find(|(known, _)| known == name).map(|(_, fault)| *fault);
    let wanted = plain(name);
    find(&wanted).ok_or_else(|| {
        let likely = nearest(&wanted, all.iter().map(|(known, _)| known.as_str())).and_then(find);
        let likely = likely.map(|fault| format!(", did you mean `{}`?", fault.name())).unwrap_or_default();
        format!("there is no such fault{likely} (`ocpi serve --faults` lists them)")
    })
}

/// Prints all faults.
pub(super) fn list(format: Format) -> io::Result<()> {
    let all = fit()
        .map(|it| Json { name: it.name(), id: it.id(), description: it.description() })
        .collect::<Vec<_>>();
    output::print(&match format {
        Format::Json => output::json::line(&all)?,
        Format::Text => {
            let rows: Vec<[&str; 2]> = all.iter().map(|it| [it.name, it.description]).collect();
            let mut table = Table::default();
            table.rows("faults", &rows);
            table.finish()
        }
    })
}
