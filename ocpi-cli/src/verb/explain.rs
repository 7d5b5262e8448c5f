//! `ocpi explain`.

use std::io;

use clap::{Args, ValueEnum};
use ocpi_pricing::explain::{Explanation, Language};
use ocpi_types::Version;

use crate::exit::Exit;
use crate::infer::{self, Wanted};
use crate::input::{Failure, Paths, Source};
use crate::output::{self, Format};
use crate::priced::{self, Found};

/// Explain tariffs to a driver, in sentences
///
/// Says what costs how much and when, in the order in which it applies. What cannot be explained is named, and ends the
/// run with 1.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ocpi explain tariff.json
  ocpi explain tariffs.json --lang sv
  ocpi explain exports/ --format json > explained.ndjson")]
pub(crate) struct Arguments {
    #[command(flatten)]
    paths: Paths,
    /// The version of OCPI [default: found out; the newest that fits best]
    #[arg(long, value_name = "VERSION", value_parser = infer::version_parser())]
    version: Option<Version>,
    /// The language
    #[arg(long, value_enum, default_value_t = Lang::En)]
    lang: Lang,
    /// Text for people or JSON for programs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
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
        let wanted = Wanted::among(&["tariff"], Some("tariff".to_owned()), self.version);
        priced::each(source, &wanted, |found| {
            self.tariff(source, &found, count).map_err(|error| source.failure(error))
        })
    }

    fn tariff(&self, source: &Source, found: &Found<'_>, count: &mut Count) -> io::Result<()> {
        let plan = found.text.clone().and_then(|text| priced::plan(found.kind.version(), text));
        let plan = match plan {
            Ok(plan) => plan,
            Err(why) => {
                output::complain(&source.failure(found.say(&why)).to_string());
                count.unreadable += 1;
                return Ok(());
            }
        };
        count.unclear += usize::from(plan.all_obstacles().next().is_some());
        let explanation = Explanation::of(&plan, self.lang.into());
        count.told += 1;
        output::print(&match self.format {
            Format::Json => serde_json::to_string(&explanation)? + "\n",
            Format::Text => {
                let gap = if count.told > 1 { "\n" } else { "" };
                let name = if source.name() == "-" { "standard input".to_owned() } else { source.name() };
                let heading =
                    format!("{gap}{}: tariff {}\n", output::plain(&name), output::plain(&explanation.id));
                heading + &output::plain_lines(&explanation.to_string())
            }
        })
    }
}

#[derive(Default)]
struct Count {
    told: usize,
    /// Tariffs of which something cannot be explained.
    unclear: usize,
    /// Inputs and objects that could not be read.
    unreadable: usize,
}
