//! `ocpi check`.

use std::io;
use std::sync::Arc;

use clap::Args;
use ocpi_types::json::Verdict;
use serde::Serialize;

use crate::exit::Exit;
use crate::feed::Feed;
use crate::findings::{About, Entry, FindingOptions, Findings, Stopped, Tally, Target};
use crate::infer::Wanted;
use crate::input::{Content, Failure, Paths, Source, Span};
use crate::judge::Judged;
use crate::kinds::Kind;
use crate::mixed::Kinds;
use crate::output;
use crate::remark::Remark;

/// Check documents against the specification, and against each other
///
/// Reads each object as a tolerant receiver does, then checks it against the specification. All files together form
/// one feed: duplicate ids and dangling references are found, too. Findings are grouped by rule and place, errors
/// first.
#[derive(Debug, Args)]
#[command(
    mut_arg("paths", |paths| paths.required(false).required_unless_present("rules")),
    after_help = "\
Examples:
  ocpi check locations.json
  ocpi check locations.json tariffs.json cdrs.json
  ocpi check --as cdr --version 2.2.1 --format json exports/ > findings.json
  ocpi check exports/ --baseline findings.json --severity warning
  ocpi check --ruleset ndw-dot-nl locations.json
  ocpi check --patch --as evse --version 2.2.1 statuses.ndjson
  curl -s \"$URL\" -H \"$AUTHORIZATION\" | ocpi check -"
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    paths: Paths,
    #[command(flatten)]
    wanted: Wanted,
    /// The input contains bodies of PATCH requests: no member is required but, from 2.2.1 on, the time of the change
    #[arg(long)]
    patch: bool,
    #[command(flatten)]
    findings: FindingOptions,
}

/// Members beside the findings in JSON.
#[derive(Serialize)]
struct Counts {
    items: usize,
    conformant: usize,
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        let rules = output::checked();
        if self.findings.print_rules(&rules)? {
            return Ok(Exit::Done);
        }
        let wanted = self.wanted.clone().of_patches(self.patch);
        wanted.validate();
        let findings = match self.findings.start(&rules, Target::Stdout) {
            Ok(findings) => findings,
            Err(failure) => return Ok(output::unreadable(&failure)),
        };
        // Changes are no feed.
        let mut judge =
            if self.patch { Judge::new(&wanted, findings) } else { Judge::of_feed(&wanted, findings) };
        for source in self.paths.sources() {
            judge.source(source, |_| {}, |_, _, _| Ok(()))?;
        }
        let (findings, tally) = judge.finish()?;
        let (last_line, exit) = (tally.summary(&findings), tally.exit(&findings));
        findings.finish(&last_line, &Counts { items: tally.items(), conformant: tally.conformant() })?;
        Ok(exit)
    }
}

/// Reads and checks inputs.
pub(super) struct Judge<'a> {
    wanted: &'a Wanted,
    findings: Findings,
    tally: Tally,
    /// Check of the inputs against each other, if that is asked for.
    feed: Option<Feed>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(wanted: &'a Wanted, findings: Findings) -> Self {
        Self { wanted, findings, tally: Tally::default(), feed: None }
    }

    /// One that also checks the inputs against each other.
    fn of_feed(wanted: &'a Wanted, findings: Findings) -> Self {
        Self { feed: Some(Feed::new()), ..Self::new(wanted, findings) }
    }

    /// Ends the check once all inputs are read, and returns the findings and the tally.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(super) fn finish(self) -> io::Result<(Findings, Tally)> {
        let Self { mut findings, mut tally, feed, .. } = self;
        if let Some(feed) = feed {
            feed.finish(&mut findings, &mut tally)?;
        }
        Ok((findings, tally))
    }

    /// Number of objects so far.
    pub(super) fn items(&self) -> usize {
        self.tally.items()
    }

    /// Reads and checks one input; says so if it cannot be read. `each` is told of every object, with its type and how
    /// it was read; `on_read` of the bytes read.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub(super) fn source(
        &mut self,
        source: Result<Source, Failure>,
        on_read: impl Fn(u64) + 'static,
        each: impl FnMut(&'static Kind, &Span, Verdict) -> Result<(), Failure>,
    ) -> io::Result<()> {
        match source.map_err(Stopped::Input).and_then(|source| self.judge(&source, on_read, each)) {
            Ok(()) => {}
            Err(Stopped::Output(error)) => return Err(error),
            Err(Stopped::Input(failure)) => {
                output::complain(&failure.to_string());
                self.tally.unreadable += 1;
                self.feed.iter_mut().for_each(Feed::is_incomplete);
            }
        }
        Ok(())
    }

    fn judge(
        &mut self,
        source: &Source,
        on_read: impl Fn(u64) + 'static,
        each: impl FnMut(&'static Kind, &Span, Verdict) -> Result<(), Failure>,
    ) -> Result<(), Stopped> {
        let mut content = Content::open(source, on_read)?;
        let mut kinds = Kinds::of(&mut content, self.wanted)?;
        self.tally.files += 1;
        let before = self.tally.mark();
        let ended = self.all_items(source, &mut content, &mut kinds, each);
        let (remarks, file) = (content.remarks(), source.name());
        self.findings.tell(&About::file(&file), &entries(&remarks))?;
        ended?;
        if let Err(refused) = content.end() {
            self.tally.back_to(before);
            return Err(refused.into());
        }
        Ok(())
    }

    fn all_items(
        &mut self,
        source: &Source,
        content: &mut Content<'_>,
        kinds: &mut Kinds<'_>,
        mut each: impl FnMut(&'static Kind, &Span, Verdict) -> Result<(), Failure>,
    ) -> Result<(), Stopped> {
        let (file, number) = (Arc::<str>::from(source.name()), self.tally.files);
        while let Some(span) = content.next()? {
            // Without a type there is nothing in it.
            let Some(judged) = kinds.judge(&span, self.wanted.profile()) else { continue };
            let Judged { kind, verdict, remarks, object } = judged;
            if let (Some(feed), Some(object)) = (&mut self.feed, object) {
                feed.take(object, source, &file, &span, number);
            }
            each(kind, &span, verdict)?;
            self.tally.add(kind);
            if !remarks.is_empty() {
                let id = kind.id_of(&span.text);
                let about = About::item(&file, &span, id.as_deref());
                if self.findings.tell(&about, &entries(&remarks))? > 0 {
                    self.tally.faulty(number, span.index);
                }
            }
        }
        Ok(())
    }
}

fn entries(remarks: &[Remark]) -> Vec<Entry<'_>> {
    remarks.iter().map(|remark| Entry::new(&remark.pointer, remark.rule, &remark.message)).collect()
}
