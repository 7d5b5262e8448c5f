//! Lists, single objects, pushes.

use std::collections::BTreeSet;

use ocpi_types::endpoint::{
    EvseKey, GetCopy, GetOwn, LocationKey, Owned, Patch, Put, RootResource, TokenKey,
};
use ocpi_types::v2_3_0::locations::{Evse, EvsePatch, Location, Status};
use ocpi_types::v2_3_0::tokens::{Token, TokenPatch, TokenType};
use ocpi_types::{CiString, Finding, json};
use serde_json::Value;

use crate::dialog::{Failure, Told, told};
use crate::ours::{Ours, PEER};
use crate::request::{Kind, Request};
use crate::seeds;

/// Fetches all pages of a list, and counts.
pub(super) async fn crawl(ours: &Ours, request: &Request) -> Result<Told, Failure> {
    match request.kind()? {
        Kind::Location => pages::<Location>(ours).await,
        Kind::Token => pages::<Token>(ours).await,
        Kind::Evse => Err("EVSEs have no list".into()),
    }
}

async fn pages<R: RootResource>(ours: &Ours) -> Result<Told, Failure> {
    let pulled = ours.platform.pull::<R>(PEER, |_, _| {}).await?;
    if !pulled.outcome.is_complete() {
        return Err(format!("the list is not complete: {:?}", pulled.outcome).into());
    }
    Ok(told([
        ("pages", pulled.pages.into()),
        ("stored", pulled.objects.into()),
        // Those of ours that the partner lists are not its own to give.
        ("foreign", pulled.foreign.into()),
        ("unreadable", (pulled.partial + pulled.rejected).into()),
        ("rules", rules(&pulled.findings)),
    ]))
}

/// Fetches one Location from its owner.
pub(super) async fn get(ours: &Ours, request: &Request) -> Result<Told, Failure> {
    let location_id: CiString<36> = request.text("id")?.parse()?;
    let own = GetOwn::<Location> { key: LocationKey { location_id: location_id.clone() } };
    let answer = ours.platform.send(PEER, &own).await?;
    let id = answer.value.id;
    if id != location_id {
        return Err(format!("the partner answered with {id}").into());
    }
    Ok(told([("id", id.as_str().into()), ("rules", rules(&answer.findings))]))
}

/// Pushes objects of ours, and reads the last one back.
pub(super) async fn put(ours: &Ours, request: &Request) -> Result<Told, Failure> {
    let ids = request.texts("ids");
    match request.kind()? {
        Kind::Location => {
            for id in &ids {
                let location = seeds::location(&ours.party, id)?;
                ours.platform.send(PEER, &Put::of(location)).await?;
            }
            let last = seeds::location(&ours.party, ids.last().ok_or("no id")?)?;
            let copy = ours.platform.send(PEER, &GetCopy::<Location>::new(last.identity())).await?.value;
            same(&copy.name, &last.name)?;
        }
        Kind::Token => {
            for uid in &ids {
                let token = seeds::token(&ours.party, uid)?;
                ours.platform.send(PEER, &Put::of(token)).await?;
            }
            let last = seeds::token(&ours.party, ids.last().ok_or("no id")?)?;
            let copy = ours.platform.send(PEER, &GetCopy::<Token>::new(last.identity())).await?.value;
            same(&copy.contract_id, &last.contract_id)?;
        }
        Kind::Evse => return Err("an EVSE is pushed with its Location".into()),
    }
    Ok(told([("pushed", ids.len().into())]))
}

/// Pushes a change of an object of ours that the partner has, and reads it back.
pub(super) async fn patch(ours: &Ours, request: &Request) -> Result<Told, Failure> {
    let (id, now) = (request.text("id")?, ours.platform.clock().now());
    match request.kind()? {
        Kind::Token => {
            let at = Owned { owner: ours.party.clone(), key: token_key(id)? };
            let patch = TokenPatch { valid: false.into(), last_updated: now.into(), ..TokenPatch::default() };
            ours.platform.send(PEER, &Patch::<Token> { at: at.clone(), patch }).await?;
            let copy = ours.platform.send(PEER, &GetCopy::<Token>::new(at)).await?.value;
            same(&copy.valid, &false)?;
        }
        Kind::Evse => {
            let key = EvseKey { location_id: id.parse()?, evse_uid: "E1".parse()? };
            let at = Owned { owner: ours.party.clone(), key };
            let patch = EvsePatch {
                status: Status::Charging.into(),
                last_updated: now.into(),
                ..EvsePatch::default()
            };
            ours.platform.send(PEER, &Patch::<Evse> { at: at.clone(), patch }).await?;
            let copy = ours.platform.send(PEER, &GetCopy::<Evse>::new(at)).await?.value;
            same(&copy.status, &Status::Charging)?;
        }
        Kind::Location => return Err("of a Location, the status of its EVSE is changed".into()),
    }
    Ok(Told::new())
}

/// Tells what is stored of the partner's objects.
pub(super) async fn stored(ours: &Ours, request: &Request) -> Result<Told, Failure> {
    let (owner, id, objects) = (request.party("owner")?, request.text("id")?, ours.platform.objects());
    let text = match request.kind()? {
        Kind::Location => {
            let key = LocationKey { location_id: id.parse()? };
            objects.get::<Location>(&Owned { owner, key }).await?.map(|location| json::to_string(&location))
        }
        Kind::Token => {
            let at = Owned { owner, key: token_key(id)? };
            objects.get::<Token>(&at).await?.map(|token| json::to_string(&token))
        }
        Kind::Evse => return Err("an EVSE is stored with its Location".into()),
    };
    let object = text.map(|text| serde_json::from_str(&text)).transpose()?;
    Ok(told([("object", object.unwrap_or_default())]))
}

/// The rules that an answer broke.
fn rules(findings: &[Finding]) -> Value {
    findings.iter().map(|finding| finding.rule.id()).collect::<BTreeSet<_>>().into_iter().collect()
}

fn token_key(uid: &str) -> Result<TokenKey, Failure> {
    Ok(TokenKey { uid: uid.parse()?, r#type: TokenType::Rfid })
}

fn same<T: PartialEq>(copy: &T, sent: &T) -> Result<(), Failure> {
    if copy == sent { Ok(()) } else { Err("the partner's copy is another one".into()) }
}
