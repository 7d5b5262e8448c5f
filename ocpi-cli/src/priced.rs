//! The objects that have to do with prices, read whatever their version, in the form that is priced.

use std::path::PathBuf;

use ocpi_pricing::{Plan, Usage};
use ocpi_types::json::{self, Reading};
use ocpi_types::{Finding, Object, Version, v2_1_1, v2_2_1, v2_3_0};

use crate::infer::Wanted;
use crate::input::{Content, Failure, Source, Span, sources};
use crate::kinds::Kind;
use crate::remark::Remark;

/// A CDR or session with the tariffs it holds.
#[derive(Debug)]
pub(crate) struct Priced {
    pub(crate) usage: Usage,
    /// Those of a CDR; a session has none.
    pub(crate) plans: Vec<Plan>,
}

/// One object of an input.
#[derive(Debug)]
pub(crate) struct Found<'a> {
    pub(crate) kind: &'static Kind,
    /// Its place in the array, page or sequence; `None` for an object that stands alone.
    pub(crate) index: Option<usize>,
    /// Its text, or why it is none.
    pub(crate) text: Result<&'a str, String>,
}

/// The tariffs in files and folders.
///
/// # Errors
/// When one cannot be read, or something is no tariff.
pub(crate) fn plans(paths: &[PathBuf]) -> Result<Vec<Plan>, Failure> {
    let mut plans = Vec::new();
    let wanted = Wanted::among(&["tariff"], None, None);
    for source in sources(paths) {
        let source = source?;
        each(&source, &wanted, |found| {
            let plan = found.text.clone().and_then(|text| plan(found.kind.version(), text));
            plans.push(plan.map_err(|why| source.failure(found.say(&why)))?);
            Ok(())
        })?;
    }
    Ok(plans)
}

/// Goes through the objects of an input.
///
/// # Errors
/// When the input is not JSON, looks like something else, or `then` fails.
pub(crate) fn each(
    source: &Source,
    wanted: &Wanted,
    mut then: impl FnMut(Found<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut content = Content::open(source, |_| {})?;
    let kind = content.kind(wanted)?;
    while let Some(Span { index, text, broken }) = content.next()? {
        let Some(kind) = kind else { continue };
        let text = broken.first().map_or(Ok(text.as_str()), |broken| Err(broken.message.clone()));
        then(Found { kind, index, text })?;
    }
    content.mention_refusal();
    Ok(())
}

/// A tariff in its normal form. What it lacks is an obstacle of the plan.
fn plan(version: Version, text: &str) -> Result<Plan, String> {
    fn read<T: Object>(text: &str) -> Result<T, String> {
        value::<T>(text).and_then(|(value, findings)| value.ok_or_else(|| reason(&findings)))
    }
    Ok(match version {
        Version::V2_1_1 => Plan::from(&read::<v2_1_1::tariffs::Tariff>(text)?),
        Version::V2_2_1 => Plan::from(&read::<v2_2_1::tariffs::Tariff>(text)?),
        _ => Plan::from(&read::<v2_3_0::tariffs::Tariff>(text)?),
    })
}

impl Found<'_> {
    /// Something about the object, with its place.
    pub(crate) fn say(&self, what: &str) -> String {
        self.index.map_or_else(|| what.to_owned(), |index| format!("item {index}: {what}"))
    }
}

impl Priced {
    /// Reads a CDR or session. What has nothing to do with its price may be missing.
    ///
    /// # Errors
    /// When it cannot be read, or something of which the price is made cannot.
    pub(crate) fn read(kind: &Kind, text: &str) -> Result<Self, String> {
        let version = kind.version();
        macro_rules! cdr {
            ($version:ident) => {{
                let cdr = whole::<$version::cdrs::Cdr>(text)?;
                let plans = cdr.tariffs.iter().map(Plan::from).collect();
                Self { usage: Usage::from(&cdr), plans }
            }};
        }
        macro_rules! session {
            ($version:ident) => {{
                let usage = Usage::from(&whole::<$version::sessions::Session>(text)?);
                Self { usage, plans: Vec::new() }
            }};
        }
        Ok(match (kind.name().as_str(), version) {
            ("cdr", Version::V2_1_1) => cdr!(v2_1_1),
            ("cdr", Version::V2_2_1) => cdr!(v2_2_1),
            ("cdr", _) => cdr!(v2_3_0),
            (_, Version::V2_1_1) => session!(v2_1_1),
            (_, Version::V2_2_1) => session!(v2_2_1),
            (_, _) => session!(v2_3_0),
        })
    }
}

/// The members of CDRs and sessions that a price is made of.
const PRICED: [&str; 8] = [
    "charging_periods",
    "credit",
    "currency",
    "end_date_time",
    "end_datetime",
    "start_date_time",
    "start_datetime",
    "stop_date_time",
];

/// An object that has all that its price is made of.
fn whole<T: Object>(text: &str) -> Result<T, String> {
    let (value, findings) = value::<T>(text)?;
    let is_lost = |finding: &&Finding| {
        let member = finding.pointer.split('/').nth(1).unwrap_or_default();
        PRICED.contains(&member) && Remark::from((*finding).clone()).costs_a_value()
    };
    match findings.iter().find(is_lost) {
        Some(lost) => Err(lost.to_string()),
        None => value.ok_or_else(|| reason(&findings)),
    }
}

/// What a tolerant reader makes of an object, and what it found odd.
fn value<T: Object>(text: &str) -> Result<(Option<T>, Vec<Finding>), String> {
    let item = json::read_item::<T>(text.as_bytes()).map_err(|error| error.to_string())?;
    let value = match item.reading {
        Reading::Whole(value) => Some(value),
        Reading::Partial(partial) => Some(partial.into_value()),
        Reading::Unreadable(_) => None,
    };
    Ok((value, item.findings))
}

fn reason(findings: &[Finding]) -> String {
    let error = findings.iter().find(|finding| finding.is_error()).or(findings.first());
    error.map_or_else(|| "cannot be read".to_owned(), ToString::to_string)
}
