//! A day with a partner: every step, and what must hold whatever the partner does.

use ocpi_client::Retry;
use ocpi_testkit::{Expected, Fault, SimulatedTime, Step, WorstPartner, cpo_and_emsp, party};
use ocpi_types::Version;
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;

use super::lists::{crawl, failed, pull};
use super::ours::{self, OUR, Ours, Tap};
use super::report::{Outcome, Report};
use super::steps::{self, Done, NOT_IN_2_1_1, PartnersClient};

/// Most requests of a day.
const REQUESTS: usize = 1_000;

/// Objects of each kind: three pages.
const OBJECTS: usize = 7;
const PAGE: u32 = 3;

/// Spends a day with a partner that has these faults.
pub(crate) fn spend(faults: &[Fault]) -> Report {
    let time = SimulatedTime::default();
    let setup = cpo_and_emsp().seed_city(OBJECTS).page_size(PAGE).faults(faults.iter().copied());
    let partner = setup.open(&time);
    let mut report = Report::default();
    let day = async {
        let (ours, tap) = ours::open(&partner, &time).await;
        Day { ours: &ours, partner: &partner, report: &mut report }.spend().await;
        look_for_secrets(&tap, &mut report);
    };
    if let Err(hung) = time.run(day) {
        report.violation(hung.to_string());
    }
    let strays = partner.strays();
    if !strays.is_empty() {
        report.violation(format!("requests went elsewhere: {strays:?}"));
    }
    report.met = partner.met().into_iter().map(Fault::name).collect();
    report.requests = partner.requests();
    if report.requests.len() > REQUESTS {
        report.violation(format!("{} requests", report.requests.len()));
    }
    report
}

struct Day<'a> {
    ours: &'a Ours,
    partner: &'a WorstPartner,
    report: &'a mut Report,
}

impl Day<'_> {
    async fn spend(mut self) {
        let registered = steps::register(self.ours, self.partner, self.report).await;
        let is_registered = !matches!(registered, Outcome::Failed(_));
        self.note(Step::Register, registered);
        let Some(client) = self.client().await.filter(|_| is_registered) else { return };
        self.read(&client).await;
        self.push(&client).await;
        let rotated = steps::rotate(self.ours, self.report).await;
        self.note(Step::Rotate, rotated);
        let Some(old) = self.client().await else { return };
        let ended = steps::unregister(self.ours, self.report).await;
        let has_ended = !matches!(ended, Outcome::Failed(_));
        self.note(Step::Unregister, ended);
        if has_ended {
            let outcome = steps::old_token(&old, self.report).await;
            self.done(Step::OldToken, outcome);
        }
    }

    async fn read(&mut self, client: &PartnersClient) {
        let (partner, report) = (self.partner, &mut *self.report);
        let locations = pull::<Location>(self.ours, partner, Step::Locations, report).await;
        let tariffs = crawl::<Tariff>(client, partner, Step::Tariffs, report).await;
        let sessions = crawl::<Session>(client, partner, Step::Sessions, report).await;
        let cdrs = crawl::<Cdr>(client, partner, Step::Cdrs, report).await;
        self.note(Step::Locations, locations);
        self.note(Step::Tariffs, tariffs);
        self.note(Step::Sessions, sessions);
        self.note(Step::Cdrs, cdrs);
        if self.has(client, Step::Tokens) {
            let tokens = crawl::<Token>(client, partner, Step::Tokens, self.report).await;
            self.note(Step::Tokens, tokens);
        }
        let outcome = steps::get_one(client, partner, self.report).await;
        self.done(Step::GetOne, outcome);
        let outcome = steps::get_unknown(client, self.report).await;
        self.done(Step::GetUnknown, outcome);
    }

    async fn push(&mut self, client: &PartnersClient) {
        let partner = self.partner;
        let outcome = steps::put_token(client, partner, self.report).await;
        let is_put = outcome.is_ok();
        self.done(Step::PutToken, outcome);
        if is_put {
            let outcome = steps::patch_token(client, partner, self.report).await;
            self.done(Step::PatchToken, outcome);
        }
        let outcome = steps::command(self.ours, partner, self.report).await;
        self.done(Step::Command, outcome);
        if self.has(client, Step::PushLocation) {
            let outcome = steps::push_location(client, partner, self.report).await;
            self.done(Step::PushLocation, outcome);
            let outcome = steps::post_cdr(client, partner, self.report).await;
            self.done(Step::PostCdr, outcome);
            let outcome = steps::authorize(client, self.report).await;
            self.done(Step::Authorize, outcome);
            let outcome = steps::authorize_unknown(client, self.report).await;
            self.done(Step::AuthorizeUnknown, outcome);
        }
    }

    fn has(&self, client: &PartnersClient, step: Step) -> bool {
        client.version() != Version::V2_1_1 || !NOT_IN_2_1_1.contains(&step)
    }

    /// A client that repeats requests as an application would.
    async fn client(&mut self) -> Option<PartnersClient> {
        match self.ours.client("partner").await {
            Ok(client) => {
                let client = client.with_retry(Retry::default()).with_parties(party(OUR), party("NL/ALF"));
                Some(client.with_random(|| 0))
            }
            Err(error) => {
                failed(&error, self.report);
                None
            }
        }
    }

    fn done(&mut self, step: Step, outcome: Done) {
        self.note(step, outcome.unwrap_or_else(|failed| failed));
    }

    fn note(&mut self, step: Step, outcome: Outcome) {
        self.report.steps.insert(step, outcome);
    }
}

/// Breaches of a day. Objects that differ from the truth, without a word about it, may come only of faults that say something
/// else than the truth.
pub(crate) fn unexplained(faults: &[Fault], report: &Report) -> Vec<String> {
    let lies = |fault: &Fault| {
        use Expected::{AsSaid, AsSaidWith, Foreign, NotComplete, SetApart, Stops};
        let expected = fault.expected();
        matches!(expected, AsSaid | AsSaidWith(_) | Foreign | NotComplete(..) | SetApart(_) | Stops(..))
    };
    let mut all = report.violations.clone();
    let differing = report.steps.iter().filter(|(_, outcome)| **outcome == Outcome::AsSaid);
    if !faults.iter().any(lies) {
        all.extend(differing.map(|(step, _)| format!("{step}: something differs from the truth")));
    }
    all
}

/// No error shows a secret.
fn look_for_secrets(tap: &Tap, report: &mut Report) {
    let secrets = tap.secrets.lock().expect("no panic").clone();
    let shows =
        |text: &&String| secrets.iter().any(|secret| secret.len() > 6 && text.contains(secret.as_str()));
    let shown: Vec<String> = report.shown.iter().filter(shows).cloned().collect();
    for text in shown {
        report.violation(format!("a secret is shown: {text}"));
    }
}
