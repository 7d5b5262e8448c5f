//! The objects that have to do with prices, read whatever their version, in the form that is priced.

use std::path::{Path, PathBuf};

use ocpi_pricing::estimate::Supply;
use ocpi_pricing::{TariffModel, Usage, Zone};
use ocpi_types::json::{self, Reading};
use ocpi_types::{Concern, Finding, Object, Obstacle, Priceable, Version, v2_1_1, v2_2_1, v2_3_0};

use crate::infer::Wanted;
use crate::input::{Content, Failure, Source, Span, in_item, sources};
use crate::kinds::Kind;
use crate::output;
use crate::remark::Remark;
use crate::told::{Told, telling};

/// A CDR or session with the tariffs it holds.
#[derive(Debug)]
pub(crate) struct Priced {
    pub(crate) usage: Usage,
    /// Those of a CDR; a session has none.
    pub(crate) plans: Vec<TariffModel>,
    /// Findings that the price may depend on.
    pub(crate) told: Vec<Finding>,
}

/// One object of an input.
#[derive(Debug)]
pub(crate) struct Found<'a> {
    pub(crate) kind: &'static Kind,
    /// Its place in the array, page or sequence; `None` for an object that stands alone.
    pub(crate) index: Option<usize>,
    /// Its text, or why it is none.
    pub(crate) text: Result<&'a str, String>,
    /// Line and column of its beginning, from 1.
    pub(crate) start: (usize, usize),
}

/// The tariffs in files and folders.
///
/// # Errors
/// When one cannot be read, something is no tariff, or there is none in a file or folder.
pub(crate) fn plans(paths: &[PathBuf]) -> Result<Vec<TariffModel>, Failure> {
    let (mut plans, mut odd) = (Vec::new(), Told::default());
    let wanted = Wanted::among(&["tariff"], None, None);
    for path in paths {
        let before = plans.len();
        for source in sources(std::slice::from_ref(path)) {
            let source = source?;
            each(&source, &wanted, |found| {
                let read = found.text.clone().and_then(|text| plan_and_told(found.kind.version(), text));
                let (plan, told) = read.map_err(|why| source.failure(found.say(&why)))?;
                odd.tell(&source, found.index, told);
                plans.push(plan);
                Ok(())
            })?;
        }
        if plans.len() == before {
            return Err(Source::File(path.clone()).failure("contains no tariff"));
        }
    }
    odd.finish();
    Ok(plans)
}

/// A connector that can be charged at.
#[derive(Debug)]
pub(crate) struct Plug {
    pub(crate) evse: String,
    pub(crate) connector: String,
    pub(crate) supply: Supply,
    pub(crate) tariff_ids: Vec<String>,
}

/// Where one can charge.
#[derive(Debug)]
pub(crate) struct Place {
    /// Country and party that it is of; `None`: that is not said.
    pub(crate) owner: Option<(String, String)>,
    /// 2.1.1 need not say it.
    pub(crate) zone: Option<Zone>,
    pub(crate) plugs: Vec<Plug>,
}

/// The connectors of the first location in a file. That there are more is mentioned.
///
/// # Errors
/// When there is none, or it cannot be read.
pub(crate) fn location(path: &Path) -> Result<Place, Failure> {
    let source = Source::File(path.to_owned());
    let (mut place, mut count) = (None, 0_usize);
    each(&source, &Wanted::among(&["location"], None, None), |found| {
        if place.is_none() {
            let read = found.text.clone().and_then(|text| Place::read(found.kind.version(), text));
            place = Some(read.map_err(|why| source.failure(found.say(&why)))?);
        }
        count += 1;
        Ok(())
    })?;
    if count > 1 {
        output::mention(&format!("{}: only the first of {count} locations is used", source.name()));
    }
    place.ok_or_else(|| source.failure("contains no location"))
}

impl Place {
    fn read(version: Version, text: &str) -> Result<Self, String> {
        macro_rules! place {
            ($version:ident, $owner:expr, $zone:expr, $ids:expr) => {{
                let location = read::<$version::locations::Location>(text)?;
                let plugs = location.evses.iter().flat_map(|evse| {
                    evse.connectors.iter().map(|connector| Plug {
                        evse: evse.uid.as_str().to_owned(),
                        connector: connector.id.as_str().to_owned(),
                        supply: Supply::from(connector),
                        tariff_ids: $ids(connector).iter().map(|id| id.as_str().to_owned()).collect(),
                    })
                });
                let owner: Option<(&str, &str)> = $owner(&location);
                Self {
                    owner: owner.map(|(country, party)| (country.to_owned(), party.to_owned())),
                    zone: $zone(&location).and_then(|zone| zone.parse().ok()),
                    plugs: plugs.collect(),
                }
            }};
        }
        fn old(location: &v2_1_1::locations::Location) -> Option<&str> {
            location.time_zone.as_ref().map(|zone| zone.as_str())
        }
        fn of_2_2_1(location: &v2_2_1::locations::Location) -> Option<(&str, &str)> {
            Some((location.country_code.as_str(), location.party_id.as_str()))
        }
        fn of_2_3_0(location: &v2_3_0::locations::Location) -> Option<(&str, &str)> {
            Some((location.country_code.as_str(), location.party_id.as_str()))
        }
        Ok(match version {
            Version::V2_1_1 => {
                place!(v2_1_1, |_| None, old, |it: &v2_1_1::locations::Connector| it.tariff_id.clone())
            }
            Version::V2_2 | Version::V2_2_1 => place!(
                v2_2_1,
                of_2_2_1,
                |it: &v2_2_1::locations::Location| Some(it.time_zone.as_str().to_owned()),
                |it: &v2_2_1::locations::Connector| it.tariff_ids.clone()
            ),
            Version::V2_3_0 => place!(
                v2_3_0,
                of_2_3_0,
                |it: &v2_3_0::locations::Location| Some(it.time_zone.as_str().to_owned()),
                |it: &v2_3_0::locations::Connector| it.tariff_ids.clone()
            ),
        })
    }
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
    while let Some(Span { index, text, start, broken }) = content.next()? {
        let Some(kind) = kind else { continue };
        let text = broken.first().map_or(Ok(text.as_str()), |broken| Err(broken.message.clone()));
        then(Found { kind, index, text, start })?;
    }
    content.end()?;
    Ok(())
}

/// A tariff in its normal form, and findings that its prices may depend on. What it lacks is an obstacle of the plan.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn plan_and_told(version: Version, text: &str) -> Result<(TariffModel, Vec<Finding>), String> {
    macro_rules! plan {
        ($version:ident) => {{
            let (tariff, findings) = value::<$version::tariffs::Tariff>(text)?;
            let tariff = tariff.ok_or_else(|| reason(&findings))?;
            (TariffModel::from(&tariff), telling(findings))
        }};
    }
    Ok(match version {
        Version::V2_1_1 => plan!(v2_1_1),
        Version::V2_2 | Version::V2_2_1 => plan!(v2_2_1),
        Version::V2_3_0 => plan!(v2_3_0),
    })
}

/// The tariffs that a CDR holds.
#[derive(Debug)]
pub(crate) struct CdrTariffs {
    /// The id of the CDR.
    pub(crate) cdr: String,
    pub(crate) plans: Vec<TariffModel>,
    /// Findings of the CDR or its tariffs that prices may depend on.
    pub(crate) told: Vec<Finding>,
    /// Obstacles that keep tariffs from being read.
    pub(crate) lost: Vec<Obstacle>,
}

impl CdrTariffs {
    /// Reads a CDR. Whatever has nothing to do with its tariffs may be missing.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn read(version: Version, text: &str) -> Result<Self, String> {
        macro_rules! tariffs {
            ($version:ident) => {{
                let (cdr, findings) = value::<$version::cdrs::Cdr>(text)?;
                let cdr = cdr.ok_or_else(|| reason(&findings))?;
                let mut lost = cdr.obstacles();
                lost.retain(|obstacle| obstacle.concern == Concern::Tariff);
                Self {
                    cdr: cdr.id.as_str().to_owned(),
                    plans: cdr.tariffs.iter().map(TariffModel::from).collect(),
                    lost,
                    told: telling(findings),
                }
            }};
        }
        Ok(match version {
            Version::V2_1_1 => tariffs!(v2_1_1),
            Version::V2_2 | Version::V2_2_1 => tariffs!(v2_2_1),
            Version::V2_3_0 => tariffs!(v2_3_0),
        })
    }
}

impl Found<'_> {
    /// Mentions findings on the object.
    pub(crate) fn mention(&self, source: &Source, findings: &[Finding]) {
        for finding in findings {
            output::mention(&source.failure(self.say(&finding.to_string())).to_string());
        }
    }

    /// Something about the object, with its place.
    pub(crate) fn say(&self, what: &str) -> String {
        in_item(self.index, what)
    }
}

impl Priced {
    /// Reads a CDR or session. Something of which the price is made and that cannot be read is an obstacle of the usage;
    /// anything else may be missing.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn read(kind: &Kind, text: &str) -> Result<Self, String> {
        let version = kind.version();
        macro_rules! cdr {
            ($version:ident) => {{
                let (cdr, told) = whole::<$version::cdrs::Cdr>(text, &[])?;
                let plans = TariffModel::all_of(&cdr.tariffs, &cdr, &cdr.currency);
                Self { usage: Usage::from(&cdr), plans, told }
            }};
        }
        macro_rules! session {
            ($version:ident) => {{
                let (session, told) = whole::<$version::sessions::Session>(text, &[])?;
                Self { usage: Usage::from(&session), plans: Vec::new(), told }
            }};
        }
        Ok(match (kind.name().as_str(), version) {
            ("cdr", Version::V2_1_1) => cdr!(v2_1_1),
            ("cdr", Version::V2_2 | Version::V2_2_1) => cdr!(v2_2_1),
            ("cdr", Version::V2_3_0) => cdr!(v2_3_0),
            (_, Version::V2_1_1) => session!(v2_1_1),
            (_, Version::V2_2 | Version::V2_2_1) => session!(v2_2_1),
            (_, Version::V2_3_0) => session!(v2_3_0),
        })
    }
}

/// An object of which something may be missing.
fn read<T: Object>(text: &str) -> Result<T, String> {
    value::<T>(text).and_then(|(value, findings)| value.ok_or_else(|| reason(&findings)))
}

/// An object in which nothing that matters is lost, with findings that a price may depend on; other members may be
/// missing.
///
/// # Errors
/// When it cannot be read, or one of the members cannot.
pub(crate) fn whole<T: Object>(text: &str, members: &[&str]) -> Result<(T, Vec<Finding>), String> {
    let (value, findings) = value::<T>(text)?;
    let is_lost = |finding: &&Finding| {
        let member = finding.pointer.split('/').nth(1).unwrap_or_default();
        members.contains(&member) && Remark::from((*finding).clone()).costs_a_value()
    };
    match findings.iter().find(is_lost) {
        Some(lost) => Err(lost.to_string()),
        None => match value {
            Some(value) => Ok((value, telling(findings))),
            None => Err(reason(&findings)),
        },
    }
}

/// Reads an object tolerantly; returns its value, unless nothing could be read, and the findings.
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
