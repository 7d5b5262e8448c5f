//! `ocpi explain`.

use std::io;

use clap::{Args, ValueEnum};
use ocpi_pricing::TariffModel;
use ocpi_pricing::explain::{Explanation, Language};
use ocpi_types::Version;
use serde::Serialize;

use crate::exit::Exit;
use crate::infer::{self, Wanted};
use crate::input::{Failure, Paths, Source};
use crate::output::{self, Format};
use crate::priced::{self, CdrTariffs, Found};
use crate::told::priced_rules;

/// Explain tariffs to a driver, in sentences
///
/// Describes the prices and when they apply, in the order in which they apply. With --as cdr, explains the tariffs in
/// CDRs. Parts that cannot be explained are reported, and the exit code is 1. Input that is no tariff is refused, and the
/// exit code is 3.
#[derive(Debug, Args)]
#[command(
    mut_arg("paths", |paths| paths.required(false).required_unless_present("rules")),
    after_help = "\
Examples:
  ocpi explain tariff.json
  ocpi explain tariffs.json --lang sv
  ocpi explain cdr.json --as cdr
  ocpi explain exports/ --format json > explained.ndjson"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    paths: Paths,
    /// The type of the objects: tariffs, or CDRs with tariffs in them [default: tariffs, if they are recognized]
    #[arg(long = "as", value_name = "TYPE", value_enum)]
    kind: Option<What>,
    /// The version of OCPI [default: detected; the newest that fits best]
    #[arg(long, value_name = "VERSION", value_parser = infer::version_parser())]
    version: Option<Version>,
    /// The language of the explanation
    #[arg(long, value_enum, default_value_t = Lang::En)]
    lang: Lang,
    /// List the rules
    #[arg(long)]
    rules: bool,
    /// The format of the output: text for people, JSON for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum What {
    /// Tariffs
    Tariff,
    /// CDRs: the tariffs in them
    Cdr,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Lang {
    /// English
    En,
    /// Swedish
    Sv,
    /// German
    De,
    /// Dutch
    Nl,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::English,
            Lang::Sv => Self::Swedish,
            Lang::De => Self::German,
            Lang::Nl => Self::Dutch,
        }
    }
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        if self.rules {
            output::print(&output::rules(&priced_rules(), self.format)?)?;
            return Ok(Exit::Done);
        }
        let mut count = Count::default();
        for source in self.paths.sources() {
            if let Err(failure) = source.and_then(|source| self.source(&source, &mut count)) {
                output::complain(&failure.to_string());
                count.unreadable += 1;
            }
        }
        Ok(match (count.unreadable, count.unclear) {
            (0, 0) => Exit::Done,
            (0, _) => Exit::Objections,
            _ => Exit::Unreadable,
        })
    }

    fn source(&self, source: &Source, count: &mut Count) -> Result<(), Failure> {
        let is_cdr = self.kind == Some(What::Cdr);
        let (among, name): (&[&str], _) = if is_cdr { (&["cdr"], "cdr") } else { (&["tariff"], "tariff") };
        let wanted = Wanted::among(among, self.kind.map(|_| name.to_owned()), self.version);
        priced::each(source, &wanted, |found| {
            let told = if is_cdr {
                self.cdr(source, &found, count)
            } else {
                self.tariff(source, &found, &wanted, count)
            };
            told.map_err(|error| source.failure(error))
        })
    }

    fn tariff(
        &self,
        source: &Source,
        found: &Found<'_>,
        wanted: &Wanted,
        count: &mut Count,
    ) -> io::Result<()> {
        let read = found.text.clone().and_then(|text| {
            let (plan, told) = priced::plan_and_told(found.kind.version(), text)?;
            // Among tariffs something else may stand.
            let other = plan.elements.is_empty().then(|| wanted.stranger(text)).flatten();
            other.map_or(Ok((plan, told)), Err)
        });
        match read {
            Ok((plan, told)) => {
                found.mention(source, &told);
                self.explain(source, None, &plan, count)
            }
            Err(why) => {
                refuse(source, found, &why, count);
                Ok(())
            }
        }
    }

    fn cdr(&self, source: &Source, found: &Found<'_>, count: &mut Count) -> io::Result<()> {
        let read = found.text.clone().and_then(|text| CdrTariffs::read(found.kind.version(), text));
        let CdrTariffs { cdr, plans, told, lost } = match read {
            Ok(read) => read,
            Err(why) => {
                refuse(source, found, &why, count);
                return Ok(());
            }
        };
        found.mention(source, &told);
        for lost in &lost {
            refuse(source, found, &lost.to_string(), count);
        }
        if plans.is_empty() && lost.is_empty() {
            let why = format!("CDR {cdr} contains no tariff; explain the file with its tariff");
            output::complain(&source.failure(found.say(&why)).to_string());
            count.unclear += 1;
        }
        plans.iter().try_for_each(|plan| self.explain(source, Some(&cdr), plan, count))
    }

    fn explain(
        &self,
        source: &Source,
        cdr: Option<&str>,
        plan: &TariffModel,
        count: &mut Count,
    ) -> io::Result<()> {
        let explanation = Explanation::of(plan, self.lang.into());
        count.unclear += usize::from(!explanation.not_explained.is_empty());
        count.told += 1;
        output::print(&match self.format {
            Format::Json => serde_json::to_string(&Shown { cdr, explanation: &explanation })? + "\n",
            Format::Text => {
                let gap = if count.told > 1 { "\n" } else { "" };
                let name = if source.name() == "-" { "standard input".to_owned() } else { source.name() };
                let cdr = cdr.map_or_else(String::new, |cdr| format!("CDR {}, ", output::plain(cdr)));
                let tariff = output::plain(&explanation.tariff);
                let heading = format!("{gap}{}: {cdr}tariff {tariff}\n", output::plain(&name));
                heading + &output::plain_lines(&explanation.to_string())
            }
        })
    }
}

fn refuse(source: &Source, found: &Found<'_>, why: &str, count: &mut Count) {
    output::complain(&source.failure(found.say(why)).to_string());
    count.unreadable += 1;
}

#[derive(Serialize)]
struct Shown<'a> {
    /// The CDR that holds the tariff.
    #[serde(skip_serializing_if = "Option::is_none")]
    cdr: Option<&'a str>,
    #[serde(flatten)]
    explanation: &'a Explanation,
}

#[derive(Default)]
struct Count {
    told: usize,
    /// Tariffs of which something cannot be explained.
    unclear: usize,
    /// Inputs and objects that could not be read.
    unreadable: usize,
}
