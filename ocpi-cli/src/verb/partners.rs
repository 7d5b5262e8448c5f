//! `ocpi partners`.

use std::io::{self, Write as _};

use clap::Args;
use ocpi_platform::{Latency, ListHealth, PartnerHealth, PartnerState};
use serde::Serialize;
use std::collections::BTreeMap;

use crate::exit::Exit;
use crate::output::{Format, Output, json, plain};
use crate::remote::{self, Failure, Own, Session, report};

/// Show the state of the partners of a platform: registrations, lists, deviations
///
/// A scorecard of each partner: its state and version, how old its lists are, how fast it answers, and how often it broke which rule. It shows no
/// secrets, so the card of a partner can be sent to it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  ocpi partners --store sqlite:ocpi.db
  ocpi partners --store postgres://ocpi@db.example/ocpi --partner cpo --format json

Exit code 1: a partner is suspect, or one of its lists is late.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    own: Own,
    /// One partner, by its id in the store [default: all]
    #[arg(long, value_name = "ID")]
    partner: Option<String>,
    #[command(flatten)]
    output: Output,
}

/// Card of a partner.
#[derive(Serialize)]
struct Card<'a> {
    id: &'a str,
    state: String,
    version: Option<&'static str>,
    parties: Vec<String>,
    health: Health<'a>,
    findings: &'a BTreeMap<&'static str, u64>,
    queue: Queue,
}

#[derive(Serialize)]
struct Health<'a> {
    good: bool,
    suspect: bool,
    since: String,
    lists: Vec<List<'a>>,
    latency: BTreeMap<&'a str, Times>,
}

#[derive(Serialize)]
struct List<'a> {
    module: &'a str,
    last_success: Option<String>,
    last_full: Option<String>,
    age_s: Option<i64>,
    watermark: Option<String>,
    failures: u32,
    next: Option<String>,
    absent: usize,
    held: usize,
    late: bool,
}

/// Time from our requests to answers.
#[derive(Serialize)]
struct Times {
    answers: usize,
    median_ms: u128,
    p95_ms: u128,
}

#[derive(Serialize)]
struct Queue {
    in_doubt: usize,
}

impl Arguments {
    pub(crate) fn run(&self) -> io::Result<Exit> {
        self.show().or_else(|failure| report(failure, None))
    }

    fn show(&self) -> Result<Exit, Failure> {
        let cards = remote::runtime()?.block_on(async {
            let session = Session::begin(&self.own, None, None).await?;
            let platform = session.platform();
            let ids: Vec<String> = match &self.partner {
                Some(id) => vec![id.clone()],
                None => {
                    platform.partners().await?.iter().map(|partner| partner.id.as_str().to_owned()).collect()
                }
            };
            let mut cards = Vec::with_capacity(ids.len());
            for id in ids {
                let unknown = || Failure::Usage(format!("the store has no partner {id}"));
                cards.push(platform.health(&id).await?.ok_or_else(unknown)?);
            }
            Ok::<_, Failure>(cards)
        })?;
        let mut out = io::stdout().lock();
        for health in &cards {
            let text = match self.output.format() {
                Format::Json => json::line(&Card::of(health))?,
                Format::Text => text_of(health),
            };
            out.write_all(text.as_bytes())?;
        }
        let is_bad =
            |health: &PartnerHealth| health.status.is_suspect || health.lists.iter().any(|list| list.is_late);
        Ok(if cards.iter().any(is_bad) { Exit::Objections } else { Exit::Done })
    }
}

impl<'a> Card<'a> {
    fn of(health: &'a PartnerHealth) -> Self {
        let status = &health.status;
        Self {
            id: status.id.as_str(),
            state: state_of(status.state),
            version: status.version.map(|version| version.as_str()),
            parties: status.parties().iter().map(ToString::to_string).collect(),
            health: Health {
                good: health.is_good(),
                suspect: status.is_suspect,
                since: status.since.to_string(),
                lists: health.lists.iter().map(List::of).collect(),
                latency: health
                    .latency
                    .iter()
                    .map(|(module, it)| (module.as_str(), Times::of(*it)))
                    .collect(),
            },
            findings: &health.findings,
            queue: Queue { in_doubt: health.in_doubt },
        }
    }
}

impl Times {
    fn of(latency: Latency) -> Self {
        let (median_ms, p95_ms) = (latency.median.as_millis(), latency.p95.as_millis());
        Self { answers: latency.answers, median_ms, p95_ms }
    }
}

impl<'a> List<'a> {
    fn of(health: &'a ListHealth) -> Self {
        let list = &health.list;
        let text = |time: Option<ocpi_types::DateTime>| time.map(|time| time.to_string());
        Self {
            module: &list.kind,
            last_success: text(list.last_success),
            last_full: text(list.last_full),
            age_s: health.age,
            watermark: text(list.watermark),
            failures: health.failures,
            next: text(health.next),
            absent: list.absent.len(),
            held: list.held,
            late: health.is_late,
        }
    }
}

fn state_of(state: PartnerState) -> String {
    format!("{state:?}").to_lowercase()
}

fn text_of(health: &PartnerHealth) -> String {
    let status = &health.status;
    let parties: Vec<String> = status.parties().iter().map(ToString::to_string).collect();
    let version = status.version.map_or("-", |version| version.as_str());
    let suspect = if status.is_suspect { ", suspect" } else { "" };
    let mut text = format!(
        "{}  {}{suspect} since {}, OCPI {version}, {}\n",
        plain(status.id.as_str()),
        state_of(status.state),
        status.since,
        if parties.is_empty() { "no parties".to_owned() } else { plain_list(&parties) },
    );
    for health in &health.lists {
        let list = &health.list;
        let age = health.age.map_or("never complete".to_owned(), |age| format!("complete {age} s ago"));
        text.push_str(&format!("  {:<12} {age}", plain(&list.kind)));
        let notes = [
            (u64::from(health.failures), "failures in a row"),
            (count(list.absent.len()), "absent from the last list"),
            (count(list.held), "gone, and kept because they are many"),
        ];
        for (count, what) in notes.into_iter().filter(|(count, _)| *count > 0) {
            text.push_str(&format!(", {count} {what}"));
        }
        text.push_str(if health.is_late { ", LATE\n" } else { "\n" });
    }
    for (module, latency) in &health.latency {
        let Times { answers, median_ms, p95_ms } = Times::of(*latency);
        let noun = if answers == 1 { "answer" } else { "answers" };
        text.push_str(&format!(
            "  {:<12} answers in {median_ms} ms, 95 % in {p95_ms} ms ({answers} {noun})\n",
            plain(module)
        ));
    }
    if health.in_doubt > 0 {
        text.push_str(&format!("  in doubt     {}\n", health.in_doubt));
    }
    for (rule, times) in &health.findings {
        text.push_str(&format!("  {times:>6} x  {rule}\n"));
    }
    text
}

/// As many as there are: each alone may be cut.
fn plain_list(parties: &[String]) -> String {
    parties.iter().map(|party| plain(party)).collect::<Vec<_>>().join(" ")
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
