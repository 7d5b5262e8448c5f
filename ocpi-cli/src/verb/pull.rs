//! `ocpi pull`.

mod progress;
mod resume;
mod summary;
mod torn;

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use ocpi_client::{Answer, Client, Pages};
use ocpi_types::endpoint::{Page, Resource};
use ocpi_types::{DateTime, ModuleId, Version, json, v2_1_1, v2_2_1, v2_3_0};

use crate::exit::Exit;
use crate::output::{self, Output};
use crate::remote::{self, Failure, Http, Secret, Target, mask, report, told};
use progress::Progress;
use resume::ResumeFile;
use summary::Summary;

/// Fetch the objects of a module from a partner, as newline-delimited JSON
///
/// Objects are written as the partner's version has them, after repair, while pages come. A summary goes to standard error.
/// The exit code is 4 if the list is not complete, also because nobody reads the output any more, and 1 if it has objects with findings of severity error.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  OCPI_TOKEN=… ocpi pull locations https://cpo.example/ocpi/versions > locations.ndjson
  ocpi pull cdrs --store sqlite:ocpi.db --partner cpo --from 2026-05-01 --to 2026-06-01 > may.ndjson
  ocpi pull tariffs https://cpo.example/ocpi/versions --token-file token.txt --resume tariffs.cursor >> tariffs.ndjson")]
pub(crate) struct Arguments {
    /// The module
    #[arg(value_enum)]
    module: Module,
    #[command(flatten)]
    target: Target,
    /// Only objects that changed at this time or later, such as 2026-05-04 or 2026-05-04T16:30:00Z
    #[arg(long, value_name = "TIME", value_parser = remote::time)]
    from: Option<DateTime>,
    /// Only objects that changed before this time
    #[arg(long, value_name = "TIME", value_parser = remote::time)]
    to: Option<DateTime>,
    /// Ask for pages of at most this many objects
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,
    /// Store the position in this file after each page, and resume from it if the file exists
    ///
    /// It is removed when the list is at its end. If a run is cut off, the last page may come a second time. The file goes on
    /// with the times and the limit that it was begun with. A line of the output that was torn then is ended first.
    #[arg(long, value_name = "FILE")]
    resume: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

/// Modules with lists.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(in crate::verb) enum Module {
    Locations,
    Sessions,
    Cdrs,
    Tariffs,
    Tokens,
}

impl Module {
    pub(in crate::verb) fn id(self) -> ModuleId {
        match self {
            Self::Locations => ModuleId::Locations,
            Self::Sessions => ModuleId::Sessions,
            Self::Cdrs => ModuleId::Cdrs,
            Self::Tariffs => ModuleId::Tariffs,
            Self::Tokens => ModuleId::Tokens,
        }
    }
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        match self.target.secret() {
            Ok(secret) => self.pull(secret.as_ref()).or_else(|failure| report(failure, secret.as_ref())),
            Err(failure) => report(failure, None),
        }
    }

    fn pull(&self, secret: Option<&Secret>) -> Result<Exit, Failure> {
        let mut file = self.resume.as_deref().map(ResumeFile::open).transpose()?;
        let client = self.target.client(secret)?;
        let (summary, failure) = self.pull_module(&client, file.as_mut())?;
        if let Some(failure) = &failure {
            output::complain(&mask(secret, failure));
        }
        output::print_aside(&mask(secret, &summary.shown(self.output.format())?))?;
        Ok(summary.exit())
    }

    /// Pulls the objects as types of the partner's version: nothing is converted, but for what 2.2.1 adds to 2.2.
    fn pull_module(
        &self,
        client: &Client<Http>,
        file: Option<&mut ResumeFile>,
    ) -> Result<(Summary, Option<String>), Failure> {
        macro_rules! of_version {
            ($version:ident) => {
                match self.module {
                    Module::Locations => self.pull_objects::<$version::locations::Location>(client, file),
                    Module::Sessions => self.pull_objects::<$version::sessions::Session>(client, file),
                    Module::Cdrs => self.pull_objects::<$version::cdrs::Cdr>(client, file),
                    Module::Tariffs => self.pull_objects::<$version::tariffs::Tariff>(client, file),
                    Module::Tokens => self.pull_objects::<$version::tokens::Token>(client, file),
                }
            };
        }
        match client.version() {
            Version::V2_1_1 => of_version!(v2_1_1),
            Version::V2_2 | Version::V2_2_1 => of_version!(v2_2_1),
            _ => of_version!(v2_3_0),
        }
    }

    /// Writes the objects of page after page. A page that does not come ends it, and is told beside the summary.
    fn pull_objects<R: Resource>(
        &self,
        client: &Client<Http>,
        mut file: Option<&mut ResumeFile>,
    ) -> Result<(Summary, Option<String>), Failure> {
        let before = file.as_ref().and_then(|file| file.objects());
        let mut summary = Summary::resumed_from(before);
        let mut pages = self.pages::<R>(client, file.as_deref())?.blocking();
        let mut out = BufWriter::new(io::stdout().lock());
        let mut is_written = true;
        if file.is_some() && torn::is_torn() {
            output::mention("the last line of the output was torn in the run before: its page comes again");
            out.write_all(b"\n")?;
        }
        let progress = Progress::new();
        let mut failure = None;
        while let Some(page) = pages.next() {
            match page {
                Ok(page) => {
                    if let Err(error) = write(&mut out, &page) {
                        failure = Some(format!("cannot write the output: {error}"));
                        is_written = false;
                        break;
                    }
                    summary.add(&page);
                    progress.show(&summary, page.value.total_count);
                    if let Some(file) = &mut file {
                        file.keep(&pages.pages().cursor(), summary.objects_in_all())?;
                    }
                }
                Err(error) => {
                    failure = Some(told(&error));
                    break;
                }
            }
        }
        progress.finish();
        // What was not written is not there, whatever the partner sent.
        if is_written {
            summary.end(pages.pages().outcome(), pages.pages().watermark());
        } else {
            summary.end_unwritten();
        }
        if let (Some(file), true) = (file, summary.is_at_its_end()) {
            file.remove()?;
        }
        Ok((summary, failure))
    }

    fn pages<R: Resource>(
        &self,
        client: &Client<Http>,
        file: Option<&ResumeFile>,
    ) -> Result<Pages<R, Http>, Failure> {
        let mut pages = client.pages::<R>();
        if let Some(from) = self.from {
            pages = pages.from(from);
        }
        if let Some(to) = self.to {
            pages = pages.to(to);
        }
        if let Some(limit) = self.limit {
            pages = pages.limit(limit);
        }
        match file.and_then(|file| file.cursor().map(|cursor| (file, cursor))) {
            Some((file, cursor)) => pages.resume(cursor).map_err(|error| file.failure(error)),
            None => Ok(pages),
        }
    }
}

/// Writes the objects of a page, a line each; those that lack members come last.
fn write<R: Resource>(out: &mut impl Write, page: &Answer<Page<R>>) -> io::Result<()> {
    for item in &page.value.items {
        out.write_all(&json::to_vec(item))?;
        out.write_all(b"\n")?;
    }
    for item in &page.value.partial {
        out.write_all(&item.object.to_vec())?;
        out.write_all(b"\n")?;
    }
    out.flush()
}
