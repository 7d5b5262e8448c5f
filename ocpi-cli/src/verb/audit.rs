//! `ocpi audit`.

mod read;
mod shown;

use std::io;
use std::path::PathBuf;
use std::sync::OnceLock;

use clap::Args;
use ocpi_pricing::Zone;
use ocpi_pricing::audit::{Audit, Report, Rule, Verdict};
use ocpi_pricing::policy::MissingTariff;
use ocpi_types::{Finding, Version};

use crate::exit::Exit;
use crate::findings::{About, FindingOptions, Findings, Stopped, Where};
use crate::infer::{self, Wanted};
use crate::input::{Content, Failure, Paths, Source, in_item};
use crate::kinds::Kind;
use crate::output::{self, NOT_COMPUTABLE};
use crate::remedies::Remedies;
use crate::told::Told;
use crate::{policies, priced};
use read::Cdrs;

/// Audit CDRs against their tariffs, their sessions and themselves
///
/// Computes every amount of a CDR, and reports each number that is not a rounding of it, with the expected and the found
/// value; --rules lists the rules. A CDR is priced by the tariffs in it, or by those given with --tariff. Text shows CDRs
/// with findings, JSON has a line for each CDR. The exit code is 1 if a CDR is wrong, or its cost cannot be computed.
#[derive(Debug, Args)]
#[command(
    mut_arg("paths", |paths| paths.required(false).required_unless_present("rules")),
    after_help = "\
Examples:
  ocpi audit cdr.json --time-zone Europe/Amsterdam
  ocpi audit exports/ --sessions sessions.ndjson --format json > audit.ndjson
  ocpi audit cdrs.ndjson.gz --tariff tariff.json --policy steps=each-dimension
  ocpi audit --rules"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    paths: Paths,
    /// The version of OCPI [default: detected; the newest that fits best]
    #[arg(long, value_name = "VERSION", value_parser = infer::version_parser())]
    version: Option<Version>,
    /// Price by the tariffs in this file instead of those in the CDR; periods that name none are priced by the first
    #[arg(long = "tariff", value_name = "FILE")]
    tariffs: Vec<PathBuf>,
    /// Compare each CDR with its session in this file or folder
    #[arg(long, value_name = "FILE")]
    sessions: Vec<PathBuf>,
    /// Compare each credit CDR with the CDR in this file or folder that it credits
    #[arg(long = "original", value_name = "FILE")]
    originals: Vec<PathBuf>,
    /// The time zone of the Location, such as Europe/Oslo: only OCPI 2.1.1 has it in CDRs
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<Zone>,
    /// Decide a question that the specification leaves open, such as steps=ignored
    #[arg(long = "policy", value_name = "QUESTION=CHOICE", value_parser = policies::parser())]
    policies: Vec<String>,
    #[command(flatten)]
    findings: FindingOptions,
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        let mut rules = output::all(Rule::ALL);
        rules.push(NOT_COMPUTABLE);
        if self.findings.print_rules(&rules)? {
            return Ok(Exit::Done);
        }
        let started = self.findings.start_lines(&rules);
        let (findings, (audit, originals)) = match started.and_then(|it| Ok((it, self.prepared()?))) {
            Ok(prepared) => prepared,
            Err(failure) => return Ok(output::unreadable(&failure)),
        };
        let mut run = Run {
            arguments: self,
            audit,
            originals,
            findings,
            count: Count::default(),
            told: Told::default(),
        };
        for source in self.paths.sources() {
            match source.map(|source| run.source(&source)) {
                Ok(Ok(())) => {}
                Ok(Err(Stopped::Output(error))) => return Err(error),
                Ok(Err(Stopped::Input(failure))) | Err(failure) => {
                    output::complain(&failure.to_string());
                    run.count.unreadable += 1;
                }
            }
        }
        run.finish()
    }

    /// Reads everything but the CDRs.
    fn prepared(&self) -> Result<(Audit, Cdrs), Failure> {
        let plans = priced::plans(&self.tariffs)?;
        let mut policy = policies::all(&[]);
        if !plans.is_empty() {
            policy.missing_tariff = MissingTariff::FirstTariff;
        }
        let policy = self.policies.iter().fold(policy, |policy, choice| policies::apply(policy, choice));
        let mut audit = Audit::new().with_policy(policy);
        if let Some(zone) = self.time_zone {
            audit = audit.in_zone(zone);
        }
        if !plans.is_empty() {
            audit = audit.with_tariffs(plans);
        }
        if !self.sessions.is_empty() {
            audit = audit.with_sessions(read::sessions(&self.sessions, self.version)?);
        }
        Ok((audit, read::cdrs(&self.originals, self.version)?))
    }
}

struct Run<'a> {
    arguments: &'a Arguments,
    audit: Audit,
    originals: Cdrs,
    findings: Findings,
    count: Count,
    told: Told,
}

#[derive(Default)]
struct Count {
    agree: usize,
    differ: usize,
    not_computable: usize,
    /// CDRs with an error that counts, or whose cost could not be computed.
    objections: usize,
    /// Inputs and objects that could not be read.
    unreadable: usize,
    /// Remedies for those that are not computable: flag or policy, and for how many.
    remedies: Remedies,
}

/// One CDR that is to be read.
struct Item {
    kind: &'static Kind,
    index: Option<usize>,
    /// Its text, or why it is none.
    text: Result<String, String>,
    /// Line and column of its beginning.
    start: (usize, usize),
    /// Findings of reading it that a price may depend on.
    told: OnceLock<Vec<Finding>>,
}

impl Run<'_> {
    /// Audits an input, many CDRs at a time.
    fn source(&mut self, source: &Source) -> Result<(), Stopped> {
        /// Enough to keep all cores busy, and little enough to keep in memory.
        const TOGETHER: usize = 512;
        let bar = output::progress(source);
        let told = bar.clone();
        let mut content = Content::open(source, move |bytes| told.set_position(bytes))?;
        let kind = content.kind(&Wanted::among(&["cdr"], None, self.arguments.version))?;
        let mut items = Vec::with_capacity(TOGETHER);
        let ended = loop {
            match content.next() {
                Ok(Some(span)) => {
                    let Some(kind) = kind else { continue };
                    let broken = span.broken.into_iter().next().map(|broken| broken.message);
                    let text = broken.map_or(Ok(span.text), Err);
                    items.push(Item {
                        kind,
                        index: span.index,
                        text,
                        start: span.start,
                        told: OnceLock::new(),
                    });
                }
                Ok(None) => break Ok(()),
                Err(failure) => break Err(failure),
            }
            if items.len() == TOGETHER {
                bar.suspend(|| self.items(source, &items)).map_err(Stopped::Output)?;
                items.clear();
            }
        };
        bar.finish_and_clear();
        // Items that were read before something went wrong count.
        self.items(source, &items).map_err(Stopped::Output)?;
        ended?;
        content.end()?;
        Ok(())
    }

    fn items(&mut self, source: &Source, items: &[Item]) -> io::Result<()> {
        let reports = self.audit.all_of(items, |item| read::case(item, &self.originals));
        let file = source.name();
        for (item, report) in items.iter().zip(reports) {
            self.told.tell(source, item.index, item.told.get().cloned().unwrap_or_default());
            match report {
                Ok(report) => {
                    self.count.add(&report);
                    let text = item.text.as_deref().unwrap_or_default();
                    let source = Where::Inside(text, item.start);
                    let about = About { file: &file, item: item.index, id: Some(&report.id), source };
                    let objects = shown::report(&about, &report, &mut self.findings)?;
                    self.count.objections += usize::from(objects);
                }
                Err(why) => {
                    let why = in_item(item.index, &why);
                    output::complain(&source.failure(why).to_string());
                    self.count.unreadable += 1;
                }
            }
        }
        Ok(())
    }

    fn finish(self) -> io::Result<Exit> {
        let Self { findings, count, told, .. } = self;
        told.finish();
        count.remedies.mention();
        let last_line = count.summary(&findings);
        findings.finish(&last_line, &())?;
        Ok(match (count.unreadable, count.objections) {
            (0, 0) => Exit::Done,
            (0, _) => Exit::Objections,
            _ => Exit::Unreadable,
        })
    }
}

impl Count {
    fn add(&mut self, report: &Report) {
        *match report.verdict() {
            Verdict::Agrees => &mut self.agree,
            Verdict::Differs => &mut self.differ,
            Verdict::NotComputable => &mut self.not_computable,
        } += 1;
        self.remedies.add(report.remedies.iter().copied());
    }
}
