//! Reasons why no Location of a feed can be read.

use ocpi_types::json::{self, Document};
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::{Finding, v2_1_1};

use super::words::count;

/// Most findings that are named.
const NAMED: usize = 3;

/// Reason why a document has no Location that can be read, in one line.
pub(super) fn reason(bytes: &[u8], document: &Document<Location>) -> String {
    let (head, list) = (&document.head, &document.list);
    if let Some(code) = head.status_code.filter(|code| !code.is_success()) {
        // A frame that is not OCPI's has no code.
        let code = if code.get() == 0 { String::new() } else { format!(" (OCPI status {})", code.get()) };
        return format!("it is the answer to a request that failed{code}");
    }
    if is_of_2_1_1(bytes, document) {
        return "its locations are of OCPI 2.1.1: `ocpi convert --to 2.3.0 --cpo COUNTRY/PARTY` converts them"
            .to_owned();
    }
    if list.partial.is_empty() && list.rejected.is_empty() {
        return "it holds no locations".to_owned();
    }
    let is_cause = |finding: &&Finding| finding.is_error() && !finding.repaired;
    let findings: Vec<&Finding> = list.findings.iter().filter(is_cause).collect();
    let named: Vec<String> = findings.iter().take(NAMED).map(|finding| finding.to_string()).collect();
    let more = match findings.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!("; and {}", count(more, "more finding")),
    };
    format!("no location in it can be read: {}{more}", named.join("; "))
}

/// Whether its objects are Locations of 2.1.1, which do not name their party.
fn is_of_2_1_1(bytes: &[u8], document: &Document<Location>) -> bool {
    let no_party = document.list.partial.iter().any(|partial| {
        let missing = partial.object.missing();
        ["/country_code", "/party_id"].iter().all(|member| missing.iter().any(|at| at == member))
    });
    no_party
        && json::read_document::<v2_1_1::locations::Location>(bytes)
            .is_ok_and(|older| !older.list.items.is_empty())
}
