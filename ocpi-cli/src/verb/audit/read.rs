//! CDRs and sessions in the form that is audited.

use std::collections::BTreeMap;
use std::path::PathBuf;

use ocpi_pricing::audit::{Case, CdrClaims, SessionClaims, Sessions};
use ocpi_types::{Finding, Version, v2_1_1, v2_2_1, v2_3_0};

use super::Item;
use crate::infer::Wanted;
use crate::input::{Failure, sources};
use crate::kinds::Kind;
use crate::priced::{self, whole};

/// CDRs by their ids, in lower case.
pub(super) type Cdrs = BTreeMap<String, CdrClaims>;

/// The members of CDRs that tell which one it is. Others that cannot be read are obstacles.
const CDR: [&str; 3] = ["credit_reference_id", "id", "session_id"];

/// The members of sessions that a CDR is compared with.
const SESSION: [&str; 11] = [
    "charging_periods",
    "credit",
    "currency",
    "end_date_time",
    "end_datetime",
    "id",
    "kwh",
    "start_date_time",
    "start_datetime",
    "status",
    "stop_date_time",
];

/// A CDR with the one that it takes back, if that is among those that are known.
///
/// # Errors
/// When it cannot be read, or a member that identifies it cannot.
pub(super) fn case(item: &Item, originals: &Cdrs) -> Result<Case, String> {
    let (cdr, told) = cdr(item.kind, item.text.as_deref().map_err(Clone::clone)?)?;
    // An item is read once.
    let _ = item.told.set(told);
    let original = cdr.credit_reference_id().and_then(|id| originals.get(&id.to_ascii_lowercase())).cloned();
    let case = Case::of(cdr);
    Ok(match original {
        Some(original) => case.original(original),
        None => case,
    })
}

/// The sessions in files and folders.
///
/// # Errors
/// When one cannot be read, or something is no session.
pub(super) fn sessions(paths: &[PathBuf], version: Option<Version>) -> Result<Sessions, Failure> {
    let mut sessions = Sessions::default();
    each(paths, &Wanted::among(&["session"], None, version), |kind, text| {
        sessions.extend([session(kind, text)?]);
        Ok(())
    })?;
    Ok(sessions)
}

/// The CDRs in files and folders.
///
/// # Errors
/// When one cannot be read, or something is no CDR.
pub(super) fn cdrs(paths: &[PathBuf], version: Option<Version>) -> Result<Cdrs, Failure> {
    let mut cdrs = Cdrs::new();
    each(paths, &Wanted::among(&["cdr"], None, version), |kind, text| {
        let (cdr, _) = cdr(kind, text)?;
        cdrs.insert(cdr.id().to_ascii_lowercase(), cdr);
        Ok(())
    })?;
    Ok(cdrs)
}

fn each(
    paths: &[PathBuf],
    wanted: &Wanted,
    mut then: impl FnMut(&Kind, &str) -> Result<(), String>,
) -> Result<(), Failure> {
    for source in sources(paths) {
        let source = source?;
        priced::each(&source, wanted, |found| {
            let done = found.text.clone().and_then(|text| then(found.kind, text));
            done.map_err(|why| source.failure(found.say(&why)))
        })?;
    }
    Ok(())
}

fn cdr(kind: &Kind, text: &str) -> Result<(CdrClaims, Vec<Finding>), String> {
    macro_rules! claims {
        ($version:ident) => {{
            let (cdr, told) = whole::<$version::cdrs::Cdr>(text, &CDR)?;
            (CdrClaims::from(&cdr), told)
        }};
    }
    Ok(match kind.version() {
        Version::V2_1_1 => claims!(v2_1_1),
        Version::V2_2 | Version::V2_2_1 => claims!(v2_2_1),
        Version::V2_3_0 => claims!(v2_3_0),
    })
}

fn session(kind: &Kind, text: &str) -> Result<SessionClaims, String> {
    Ok(match kind.version() {
        Version::V2_1_1 => SessionClaims::from(&whole::<v2_1_1::sessions::Session>(text, &SESSION)?.0),
        Version::V2_2 | Version::V2_2_1 => {
            SessionClaims::from(&whole::<v2_2_1::sessions::Session>(text, &SESSION)?.0)
        }
        Version::V2_3_0 => SessionClaims::from(&whole::<v2_3_0::sessions::Session>(text, &SESSION)?.0),
    })
}
