//! Sessions and CDRs to be priced, and who prices them.

mod data;

pub use data::{DAY_AND_NIGHT, ZONE, cdrs, long, of_eight_periods, tariff};

use ocpi_kit::tariffs::{PricedSession, PricingEngine, TimeZone, verify_cdr_within};
use ocpi_kit::types::Number;
use ocpi_pricing::audit::Audit;
use ocpi_types::{json, v2_2_1, v2_3_0};

/// The same CDR as one of 2.3.0: what `ocpi-kit` prices.
///
/// # Panics
/// When it cannot be expressed, which does not happen.
#[must_use]
pub fn as_2_3_0(cdr: &v2_2_1::cdrs::Cdr) -> String {
    use ocpi_types::convert::{Context, Ledger, V2_2_1, V2_3_0, convert, kind};
    let newer: v2_3_0::cdrs::Cdr =
        convert::<kind::Cdr, V2_2_1, V2_3_0>(cdr.clone(), &Context::NONE, &mut Ledger::new())
            .expect("it can be expressed");
    json::to_string(&newer)
}

/// From the text of a CDR to what is wrong with it: ours.
///
/// # Panics
/// When the text is no CDR.
#[must_use]
pub fn own(audit: &Audit, text: &str) -> usize {
    let cdr = json::read::<v2_2_1::cdrs::Cdr>(text.as_bytes()).expect("a CDR").value;
    audit.cdr(&cdr).findings.len()
}

/// From the text of a CDR of 2.3.0 to what `ocpi-kit` has against it.
///
/// # Panics
/// When it cannot read or price it.
#[must_use]
pub fn kit(text: &str) -> usize {
    let cdr: ocpi_kit::v2_3_0::Cdr = serde_json::from_str(text).expect("a CDR");
    let zone = TimeZone::named(ZONE).expect("a zone");
    let session = PricedSession::from_cdr(&cdr, zone);
    let breakdown = PricingEngine::new().price(&session, &cdr.tariffs).expect("a price");
    usize::from(!verify_cdr_within(&cdr, &breakdown, "0.01".parse::<Number>().expect("a number")).agrees())
}
