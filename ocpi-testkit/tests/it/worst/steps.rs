//! Steps that are no lists.

use std::time::Duration;

use ocpi_client::RequestOptions;
use ocpi_platform::{Error, Outcome as CommandOutcome, PartnerState};
use ocpi_testkit::{Step, WorstPartner, cdr_json, location_json, parse, party, token_json};
use ocpi_types::endpoint::{
    Authorize, ConnectorKey, EvseKey, GetCdr, GetCopy, GetOwn, List, LocationKey, Owned, Patch, PostCdr, Put,
    TokenKey,
};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::{Connector, Evse, EvsePatch, Location, Status};
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::{AllowedType, Token, TokenPatch, TokenType};
use ocpi_types::{CiString, Url};

use super::lists::failed;
use super::ours::{OUR, Ours};
use super::report::{Outcome, Report};

/// Client of the partner.
pub(crate) type PartnersClient = ocpi_client::Client<std::sync::Arc<super::ours::Tap>>;

/// Times that an exchange of credentials is tried.
const TRIES: usize = 4;

/// The outcome of a step, or the outcome it ended with early.
pub(crate) type Done = Result<Outcome, Outcome>;

macro_rules! attempt {
    ($report:ident, $sent:expr) => {
        match $sent.await {
            Ok(answer) => answer,
            Err(error) => return Err(failed(&error, $report)),
        }
    };
}

fn mismatch(text: &str) -> Outcome {
    Outcome::Failed(text.to_owned())
}

pub(crate) async fn register(ours: &Ours, partner: &WorstPartner, report: &mut Report) -> Outcome {
    let outcome = persist(report, || async {
        let (url, token_a) = (partner.versions_url(), partner.token_a());
        match ours.register("partner", url, token_a, partner.allow()).await {
            Ok(_) | Err(Error::Registered(_)) => Ok(()),
            Err(error) => Err(error),
        }
    });
    let outcome = outcome.await;
    approve(ours, report).await;
    outcome
}

pub(crate) async fn rotate(ours: &Ours, report: &mut Report) -> Outcome {
    let outcome = persist(report, || async { ours.rotate("partner").await.map(drop) }).await;
    approve(ours, report).await;
    outcome
}

pub(crate) async fn unregister(ours: &Ours, report: &mut Report) -> Outcome {
    persist(report, || ours.unregister("partner")).await
}

/// Repeats an exchange of credentials, as an operator or `tick` would.
async fn persist<F>(report: &mut Report, mut exchange: impl FnMut() -> F) -> Outcome
where
    F: Future<Output = Result<(), Error>>,
{
    let mut first = None;
    for _ in 0..TRIES {
        match exchange().await {
            Ok(()) => return first.map_or(Outcome::Fine, Outcome::FailedOnce),
            Err(error) => first = first.or(said(failed(&error, report))),
        }
    }
    Outcome::Failed(first.unwrap_or_default())
}

fn said(outcome: Outcome) -> Option<String> {
    match outcome {
        Outcome::Failed(text) => Some(text),
        _ => None,
    }
}

async fn approve(ours: &Ours, report: &mut Report) {
    let Some(status) = ours.partner("partner").await.expect("a store") else { return };
    if status.state == PartnerState::Pending || !status.asked.is_empty() {
        report.was_held = true;
        if let Err(error) = ours.approve(&status).await {
            failed(&error, report);
        }
    }
}

pub(crate) async fn get_one(client: &PartnersClient, partner: &WorstPartner, report: &mut Report) -> Done {
    let truth = partner.truth::<Location>().await;
    let mut outcome = Outcome::Fine;
    for location in truth.iter().take(3) {
        let location_id = location.id.clone();
        let answer = attempt!(report, client.send(&GetOwn::<Location> { key: LocationKey { location_id } }));
        report.tell(&answer.findings);
        if answer.value != *location && answer.ledger.is_empty() {
            outcome = Outcome::AsSaid;
        }
    }
    if let Some(location) = truth.first() {
        let key = EvseKey { location_id: location.id.clone(), evse_uid: location.evses[0].uid.clone() };
        let evse = attempt!(report, client.send(&GetOwn::<Evse> { key: key.clone() }));
        let key = ConnectorKey {
            location_id: key.location_id,
            evse_uid: key.evse_uid,
            connector_id: location.evses[0].connectors[0].id.clone(),
        };
        let connector = attempt!(report, client.send(&GetOwn::<Connector> { key }));
        report.tell(&evse.findings);
        report.tell(&connector.findings);
        if evse.value.uid != location.evses[0].uid {
            outcome = Outcome::AsSaid;
        }
    }
    Ok(outcome)
}

pub(crate) async fn get_unknown(client: &PartnersClient, report: &mut Report) -> Done {
    let key = LocationKey { location_id: "UNKNOWN".parse().expect("an id") };
    match client.send(&GetOwn::<Location> { key }).await {
        Ok(_) => Err(mismatch("a Location that is not there")),
        Err(error) if error.is_not_found() => {
            failed(&error, report);
            Ok(Outcome::Fine)
        }
        Err(error) => Err(failed(&error, report)),
    }
}

fn token_key(uid: &str) -> TokenKey {
    TokenKey { uid: uid.parse().expect("a uid"), r#type: TokenType::Rfid }
}

fn our_token() -> Token {
    parse(&token_json(OUR, "04A2B3", "10:00:00"))
}

fn copy_of_token() -> GetCopy<Token> {
    GetCopy::new(Owned { owner: party(OUR), key: token_key("04A2B3") })
}

pub(crate) async fn put_token(client: &PartnersClient, partner: &WorstPartner, report: &mut Report) -> Done {
    let token = our_token();
    let put = attempt!(report, client.send(&Put::of(token.clone())));
    report.tell(&put.findings);
    let copy = attempt!(report, client.send(&copy_of_token()));
    report.tell(&copy.findings);
    let pushed = partner.pushed::<Token>().await;
    match (copy.value.uid == token.uid, pushed.iter().any(|it| it.uid == token.uid && it.valid)) {
        (true, true) => Ok(Outcome::Fine),
        _ => Err(mismatch("the copy is another Token")),
    }
}

pub(crate) async fn patch_token(
    client: &PartnersClient,
    partner: &WorstPartner,
    report: &mut Report,
) -> Done {
    let patch = parse::<TokenPatch>(r#"{"valid": false, "last_updated": "2026-11-22T11:00:00Z"}"#);
    let at = Owned { owner: party(OUR), key: token_key("04A2B3") };
    let answer = attempt!(report, client.send(&Patch::<Token> { at, patch }));
    report.tell(&answer.findings);
    let copy = attempt!(report, client.send(&copy_of_token()));
    let is_there = partner.pushed::<Token>().await.iter().any(|token| !token.valid);
    if copy.value.valid || !is_there {
        return Err(mismatch("the copy was not patched"));
    }
    Ok(Outcome::Fine)
}

/// Everything that is known here of how commands are sent and their results awaited.
pub(crate) async fn command(ours: &Ours, partner: &WorstPartner, report: &mut Report) -> Done {
    let session_id: CiString<36> = "S1".parse().expect("an id");
    let sent = attempt!(report, ours.stop_session("partner", &session_id));
    partner.settle().await;
    match attempt!(report, sent.result()) {
        CommandOutcome::Accepted(_) => Ok(Outcome::Fine),
        CommandOutcome::TimedOut => Err(mismatch("no result in time")),
        CommandOutcome::Refused(answer) => Err(mismatch(answer.result.as_str())),
        other => Err(mismatch(&format!("{other:?}"))),
    }
}

pub(crate) async fn push_location(
    client: &PartnersClient,
    partner: &WorstPartner,
    report: &mut Report,
) -> Done {
    let location: Location = parse(&location_json(OUR, "OL1", "10:00:00"));
    let put = attempt!(report, client.send(&Put::of(location.clone())));
    report.tell(&put.findings);
    let key = EvseKey { location_id: location.id.clone(), evse_uid: location.evses[0].uid.clone() };
    let patch = parse::<EvsePatch>(r#"{"status": "CHARGING", "last_updated": "2026-11-22T11:00:00Z"}"#);
    let answer =
        attempt!(report, client.send(&Patch::<Evse> { at: Owned { owner: party(OUR), key }, patch }));
    report.tell(&answer.findings);
    let pushed = partner.pushed::<Location>().await;
    let is_there = pushed.iter().any(|it| it.id == location.id && it.evses[0].status == Status::Charging);
    if is_there { Ok(Outcome::Fine) } else { Err(mismatch("the Location did not arrive")) }
}

pub(crate) async fn post_cdr(client: &PartnersClient, partner: &WorstPartner, report: &mut Report) -> Done {
    // Of a driver of the partner's.
    let cdr = cdr_json(OUR, "OC1", "10:00:00");
    let [ours, theirs] = [("DE", "EMP"), ("NL", "ALF")]
        .map(|(country, party)| format!(r#""country_code": "{country}", "party_id": "{party}", "uid""#));
    let cdr: Cdr = parse(&cdr.replace(&ours, &theirs));
    let created = client.send(&PostCdr(cdr.clone())).await;
    let posts = partner.requests().iter().filter(|it| it.starts_with("POST") && it.contains("cdrs")).count();
    if posts > 1 {
        report.violation("a CDR was sent twice");
    }
    let created = match created {
        Ok(created) => created,
        Err(error) => return Err(failed(&error, report)),
    };
    report.tell(&created.findings);
    if let Some(url) = created.value.location.and_then(|url| url.parse::<Url>().ok()) {
        let got = attempt!(report, client.send(&GetCdr::<Cdr>::at(url)));
        if got.value != cdr && got.ledger.is_empty() {
            return Ok(Outcome::AsSaid);
        }
    }
    Ok(Outcome::Fine)
}

/// Time in which a driver must have an answer.
const REAL_TIME: Duration = Duration::from_secs(3);

pub(crate) async fn authorize(client: &PartnersClient, report: &mut Report) -> Done {
    let authorize = Authorize { token: token_key("U1"), location: None };
    let options = RequestOptions::new().within(REAL_TIME);
    let answer = attempt!(report, client.send_with(&authorize, &options));
    report.tell(&answer.findings);
    match answer.value.allowed {
        AllowedType::Allowed => Ok(Outcome::Fine),
        _ => Err(mismatch("not allowed")),
    }
}

pub(crate) async fn authorize_unknown(client: &PartnersClient, report: &mut Report) -> Done {
    let authorize = Authorize { token: token_key("NOBODY"), location: None };
    match client.send(&authorize).await {
        Ok(answer) if answer.value.allowed == AllowedType::Allowed => {
            Err(mismatch("a Token that nobody knows"))
        }
        Ok(_) => Ok(Outcome::Fine),
        Err(error) if error.is_not_found() => {
            failed(&error, report);
            Ok(Outcome::Fine)
        }
        Err(error) => Err(failed(&error, report)),
    }
}

/// The token that was good before.
pub(crate) async fn old_token(client: &PartnersClient, report: &mut Report) -> Done {
    match client.send(&List::<Tariff>::all()).await {
        Ok(_) => Err(mismatch("the old token is still good")),
        Err(error) => {
            failed(&error, report);
            Ok(Outcome::Fine)
        }
    }
}

/// Steps that 2.1.1 does not have at a partner that is but a CPO.
pub(crate) const NOT_IN_2_1_1: [Step; 5] =
    [Step::Tokens, Step::PushLocation, Step::PostCdr, Step::Authorize, Step::AuthorizeUnknown];
