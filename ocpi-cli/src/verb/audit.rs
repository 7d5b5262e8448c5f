//! `ocpi audit`.

mod shown;

use std::io;
use std::path::PathBuf;

use clap::Args;
use ocpi_pricing::audit::{Audit, Report, Seen, Verdict};
use ocpi_pricing::policy::MissingTariff;
use ocpi_pricing::{Policy, Zone};
use ocpi_types::Version;

use crate::exit::Exit;
use crate::infer::{self, Wanted};
use crate::input::{Failure, Paths, Source};
use crate::kinds::Kind;
use crate::output::{self, Format, progress};
use crate::policies;
use crate::priced::{self, Found};
use shown::Shown;

/// Hold CDRs to their tariffs, to themselves, and to the sessions that led to them
///
/// Works out what each CDR should say and names what differs, with a tolerance for the last decimal of hours and money.
/// A CDR that is right has no findings. Inputs may be of any size; all cores are used.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ocpi audit cdr.json --time-zone Europe/Amsterdam
  ocpi audit cdrs.ndjson --sessions sessions.ndjson
  ocpi audit exports/ --tariff tariff.json --format json > audit.ndjson
  ocpi audit --rules")]
pub(crate) struct Arguments {
    #[command(flatten)]
    paths: Paths,
    /// The version of OCPI [default: found out; the newest that fits best]
    #[arg(long, value_name = "VERSION", value_parser = infer::version_parser())]
    version: Option<Version>,
    /// Audit by the tariffs in this file instead of those in the CDR; periods that name none are priced by the first
    #[arg(long = "tariff", value_name = "FILE")]
    tariffs: Vec<PathBuf>,
    /// The sessions that led to the CDRs
    #[arg(long, value_name = "FILE")]
    sessions: Vec<PathBuf>,
    /// The time zone of the Location, such as Europe/Oslo: only OCPI 2.1.1 has it in CDRs
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<Zone>,
    /// Decide a question that the specification leaves open, such as steps=ignored
    #[arg(long = "policy", value_name = "QUESTION=CHOICE", value_parser = policies::parser())]
    policies: Vec<String>,
    /// Print the rules, and nothing else
    #[arg(long, exclusive = true)]
    rules: bool,
    /// Text for people or JSON for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How many CDRs are read before they are audited together.
const BATCH: usize = 1_024;

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        if self.rules {
            output::print(&shown::rules())?;
            return Ok(Exit::Done);
        }
        let (audit, sessions) = match self.audit() {
            Ok(ready) => ready,
            Err(failure) => {
                output::complain(&failure.to_string());
                return Ok(Exit::Unreadable);
            }
        };
        let mut run = Run { arguments: self, audit, sessions, count: Count::default() };
        for source in self.paths.sources() {
            if let Err(failure) = source.and_then(|source| run.source(&source)) {
                output::complain(&failure.to_string());
                run.count.unreadable += 1;
            }
        }
        run.finish()
    }

    fn audit(&self) -> Result<(Audit, Vec<Seen>), Failure> {
        let mut policy = Policy::default();
        if !self.tariffs.is_empty() {
            policy.missing_tariff = MissingTariff::FirstTariff;
        }
        let policy = self.policies.iter().fold(policy, |policy, choice| policies::apply(policy, choice));
        let audit = Audit::new().in_zone(self.time_zone).with_policy(policy);
        let audit = audit.with_tariffs(priced::plans(&self.tariffs)?);
        Ok((audit, priced::sessions(&self.sessions)?))
    }
}

/// A CDR that waits for the others of its batch.
struct Waiting {
    kind: &'static Kind,
    item: Option<usize>,
    text: String,
}

struct Run<'a> {
    arguments: &'a Arguments,
    audit: Audit,
    sessions: Vec<Seen>,
    count: Count,
}

#[derive(Default)]
struct Count {
    agree: usize,
    differ: usize,
    not_computable: usize,
    /// Inputs and objects that could not be read.
    unreadable: usize,
}

impl Run<'_> {
    fn source(&mut self, source: &Source) -> Result<(), Failure> {
        let wanted = Wanted::among(&["cdr"], Some("cdr".to_owned()), self.arguments.version);
        let bar = progress(source.size());
        let told = bar.clone();
        let mut batch = Vec::with_capacity(BATCH);
        let read = priced::each_told(
            source,
            &wanted,
            move |bytes| told.set_position(bytes),
            |found| {
                match &found.text {
                    Ok(text) => {
                        batch.push(Waiting { kind: found.kind, item: found.index, text: (*text).to_owned() });
                    }
                    Err(why) => self.complain(source, &found, why),
                }
                if batch.len() < BATCH {
                    return Ok(());
                }
                self.audit_all(source, &std::mem::take(&mut batch)).map_err(|error| source.failure(error))
            },
        );
        // What was read before the input broke is audited.
        let audited = self.audit_all(source, &batch).map_err(|error| source.failure(error));
        bar.finish_and_clear();
        read.and(audited)
    }

    fn complain(&mut self, source: &Source, found: &Found<'_>, why: &str) {
        output::complain(&source.failure(found.say(why)).to_string());
        self.count.unreadable += 1;
    }

    /// Audits a batch on all cores, and prints the reports in the order of the input.
    fn audit_all(&mut self, source: &Source, batch: &[Waiting]) -> io::Result<()> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let share = batch.len().div_ceil(cores).max(1);
        let (audit, sessions) = (&self.audit, self.sessions.as_slice());
        let one =
            |cdr: &Waiting| priced::claims(cdr.kind, &cdr.text).map(|claims| audit.claims(claims, sessions));
        let reports: Vec<Result<Report, String>> = std::thread::scope(|threads| {
            let parts: Vec<_> = batch
                .chunks(share)
                .map(|part| threads.spawn(move || part.iter().map(one).collect::<Vec<_>>()))
                .collect();
            let join = |part: std::thread::ScopedJoinHandle<'_, Vec<_>>| {
                part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            parts.into_iter().flat_map(join).collect()
        });
        for (cdr, report) in batch.iter().zip(reports) {
            self.report(source, cdr, report)?;
        }
        Ok(())
    }

    fn report(&mut self, source: &Source, cdr: &Waiting, report: Result<Report, String>) -> io::Result<()> {
        let report = match report {
            Ok(report) => report,
            Err(why) => {
                let found = Found { kind: cdr.kind, index: cdr.item, text: Ok(&cdr.text) };
                self.complain(source, &found, &why);
                return Ok(());
            }
        };
        match report.verdict() {
            Verdict::Agrees => self.count.agree += 1,
            Verdict::Differs => self.count.differ += 1,
            Verdict::NotComputable => self.count.not_computable += 1,
        }
        let shown = Shown { file: source.name(), kind: cdr.kind, item: cdr.item, report: &report };
        output::print(&match self.arguments.format {
            Format::Text => shown.text(),
            Format::Json => shown.json()?,
        })
    }

    fn finish(self) -> io::Result<Exit> {
        let Count { agree, differ, not_computable, unreadable } = self.count;
        if matches!(self.arguments.format, Format::Text) && agree + differ + not_computable != 1 {
            output::print(&format!("{agree} agree, {differ} differ, {not_computable} not computable\n"))?;
        }
        Ok(match (unreadable, differ + not_computable) {
            (0, 0) => Exit::Done,
            (0, _) => Exit::Objections,
            _ => Exit::Unreadable,
        })
    }
}
