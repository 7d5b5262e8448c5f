//! `ocpi price`.

mod shown;

use std::io;
use std::path::PathBuf;

use clap::Args;
use ocpi_pricing::policy::MissingTariff;
use ocpi_pricing::{Policy, Pricer, TariffModel, Zone};
use ocpi_types::Version;

use crate::exit::Exit;
use crate::infer::{self, Wanted};
use crate::input::{Failure, Paths, Source};
use crate::output::{self, Format};
use crate::policies;
use crate::priced::{self, Found, Priced};
use crate::remedies::Remedies;
use crate::told::{Told, priced_rules};
use shown::Shown;

/// Price CDRs and sessions by their tariffs
///
/// Computes the cost of each CDR or session, line by line. A CDR is priced by the tariffs in it, or by those given with
/// --tariff; a session contains none. Text is rounded to the minor unit of the currency, JSON is exact. Costs that cannot
/// be computed are reported, and the exit code is 1.
#[derive(Debug, Args)]
#[command(
    mut_arg("paths", |paths| paths.required(false).required_unless_present("rules")),
    after_help = "\
Examples:
  ocpi price cdr.json --time-zone Europe/Amsterdam
  ocpi price --explain cdr.json --tariff tariff.json
  ocpi price --policy steps=ignored --format json exports/ > prices.ndjson
  ocpi price --compare-policies cdr.json"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    paths: Paths,
    /// The type of the objects [default: detected]
    #[arg(long = "as", value_name = "TYPE", value_parser = ["cdr", "session"])]
    name: Option<String>,
    /// The version of OCPI [default: detected; the newest that fits best]
    #[arg(long, value_name = "VERSION", value_parser = infer::version_parser())]
    version: Option<Version>,
    /// Price by the tariffs in this file instead of those in the CDR; periods that name none are priced by the first
    #[arg(long = "tariff", value_name = "FILE")]
    tariffs: Vec<PathBuf>,
    /// The time zone of the Location, such as Europe/Oslo: only OCPI 2.1.1 has it in CDRs and sessions
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<Zone>,
    /// Decide a question that the specification leaves open, such as steps=ignored
    #[arg(long = "policy", value_name = "QUESTION=CHOICE", value_parser = policies::parser())]
    policies: Vec<String>,
    /// Show which other policies would lead to another price
    #[arg(long)]
    compare_policies: bool,
    /// Explain each amount in sentences
    #[arg(long)]
    explain: bool,
    /// List the rules
    #[arg(long)]
    rules: bool,
    /// The format of the output: text for people, JSON for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        if self.rules {
            output::print(&output::rules(&priced_rules(), self.format)?)?;
            return Ok(Exit::Done);
        }
        let plans = match priced::plans(&self.tariffs) {
            Ok(plans) => plans,
            Err(failure) => {
                output::complain(&failure.to_string());
                return Ok(Exit::Unreadable);
            }
        };
        let mut run = Run {
            arguments: self,
            wanted: Wanted::among(&["cdr", "session"], self.name.clone(), self.version),
            policy: self.policy(),
            given: plans,
            count: Count::default(),
            told: Told::default(),
        };
        for source in self.paths.sources() {
            match source.and_then(|source| run.source(&source)) {
                Ok(()) => {}
                Err(failure) => {
                    output::complain(&failure.to_string());
                    run.count.unreadable += 1;
                }
            }
        }
        run.finish()
    }

    fn policy(&self) -> Policy {
        let mut policy = Policy::default();
        if !self.tariffs.is_empty() {
            policy.missing_tariff = MissingTariff::FirstTariff;
        }
        self.policies.iter().fold(policy, |policy, choice| policies::apply(policy, choice))
    }
}

struct Run<'a> {
    arguments: &'a Arguments,
    wanted: Wanted,
    policy: Policy,
    given: Vec<TariffModel>,
    count: Count,
    told: Told,
}

#[derive(Default)]
struct Count {
    priced: usize,
    not_computable: usize,
    /// Inputs and objects that could not be read.
    unreadable: usize,
    /// Remedies for those that are not computable: flag or policy, and for how many.
    remedies: Remedies,
    /// Objects whose periods are not sorted by their start.
    out_of_order: usize,
}

impl Run<'_> {
    fn source(&mut self, source: &Source) -> Result<(), Failure> {
        let wanted = self.wanted.clone();
        priced::each(source, &wanted, |found| {
            self.object(source, &found).map_err(|error| source.failure(error))
        })
    }

    fn object(&mut self, source: &Source, found: &Found<'_>) -> io::Result<()> {
        let read = found.text.clone().and_then(|text| Priced::read(found.kind, text));
        let priced = match read {
            Ok(priced) => priced,
            Err(why) => {
                output::complain(&source.failure(found.say(&why)).to_string());
                self.count.unreadable += 1;
                return Ok(());
            }
        };
        let Priced { mut usage, plans, told } = priced;
        self.told.tell(source, found.index, told);
        usage.zone = self.arguments.time_zone.or(usage.zone);
        self.count.out_of_order += usize::from(usage.put_in_order());
        let plans = if self.given.is_empty() { plans } else { self.given.clone() };
        let pricer = Pricer::with_policy(plans, self.policy);
        let bill = pricer.price(&usage);
        let comparison = (self.arguments.compare_policies && bill.is_ok()).then(|| pricer.compare(&usage));
        if let Ok(bill) = &bill {
            let groups = bill.gap_groups();
            self.count.remedies.add(groups.iter().flat_map(|group| group.remedies.iter().copied()));
        }
        let is_computable = bill.as_ref().is_ok_and(|bill| bill.is_computable());
        *if is_computable { &mut self.count.priced } else { &mut self.count.not_computable } += 1;
        let shown = Shown {
            file: source.name(),
            kind: found.kind,
            item: found.index,
            usage: &usage,
            bill,
            comparison,
            explain: self.arguments.explain,
        };
        output::print(&match self.arguments.format {
            Format::Text => shown.text(),
            Format::Json => shown.json()?,
        })
    }

    fn finish(self) -> io::Result<Exit> {
        let Count { priced, not_computable, unreadable, remedies, out_of_order } = self.count;
        self.told.finish();
        if out_of_order > 0 {
            output::mention(
                "periods are not sorted by their start; they are priced and counted in the sorted order",
            );
        }
        remedies.mention();
        if matches!(self.arguments.format, Format::Text) && priced + not_computable > 1 {
            output::print(&format!("{priced} priced, {not_computable} not computable\n"))?;
        }
        Ok(match (unreadable, not_computable) {
            (0, 0) => Exit::Done,
            (0, _) => Exit::Objections,
            _ => Exit::Unreadable,
        })
    }
}
