//! From the token to the end of charging.

use ocpi_platform::{AsyncRequest, Outcome, PendingResult};
use ocpi_types::endpoint::{Authorize, EvseKey, Owned, Patch, Put, RootResource, SessionKey};
use ocpi_types::v2_3_0::cdrs::{
    AuthMethod, CdrDimension, CdrDimensionInit, CdrDimensionType, CdrToken, CdrTokenInit, ChargingPeriod,
    ChargingPeriodInit,
};
use ocpi_types::v2_3_0::commands::{StartSession, StartSessionInit};
use ocpi_types::v2_3_0::sessions::{Session, SessionInit, SessionPatch, SessionStatus};
use ocpi_types::v2_3_0::tokens::{
    AllowedType, LocationReferencesInit, Token, TokenInit, TokenType, WhitelistType,
};
use ocpi_types::{CiString, DateTime, Decimal, NonEmpty};
use serde_json::json;

use super::Failure;
use super::report::Details;
use super::search::Spot;
use super::words::count;
use super::world::{World, emsp_party};

/// The eMSP pushes a Token; the CPO asks for it in real time.
pub(super) async fn push_token(world: &World) -> Result<(Token, Details), Failure> {
    let owner = emsp_party()?;
    let token = Token {
        visual_number: Some("DE-EMP-00-42".parse()?),
        ..TokenInit {
            country_code: owner.country_code,
            party_id: owner.party_id,
            uid: "04A2B3C4D5E680".parse()?,
            r#type: TokenType::Rfid,
            contract_id: "DE-EMP-C00000042-X".parse()?,
            issuer: "EM Power".try_into()?,
            valid: true,
            whitelist: WhitelistType::AllowedOffline,
            last_updated: world.emsp.platform.clock().now(),
        }
        .into()
    };
    let emsp = &world.emsp.platform;
    emsp.objects().put(&token.identity(), token.clone()).await?;
    emsp.client("cpo").await?.send(&Put::of(token.clone())).await?;

    let cpo = &world.cpo.platform;
    let stored: Option<Token> = cpo.objects().get(&token.identity()).await?;
    if stored != Some(world.seen_by_cpo(token.clone())?) {
        return Err("the CPO's copy of the token is another one".into());
    }
    let locations = world.cpo.locations().await?;
    let location =
        locations.first().map(|location| LocationReferencesInit { location_id: location.id.clone() }.into());
    let ask = Authorize { token: token.identity().key, location };
    let answer = cpo.send("emsp", &ask).await?.value;
    if answer.allowed != AllowedType::Allowed {
        return Err(format!("the eMSP does not allow its own token: {}", answer.allowed).into());
    }
    let text = "the CPO has the token; asked in real time the eMSP says ALLOWED";
    Ok((token, Details::new(text, json!({ "allowed": answer.allowed.as_str() }))))
}

/// The eMSP books the charger.
pub(super) async fn reserve(world: &World, token: &Token, spot: &Spot) -> Result<((), Details), Failure> {
    let reservation_id: CiString<36> = "1001".parse()?;
    let expiry_date = after(world.emsp.platform.clock().now(), 30 * 60)?;
    let at = EvseKey { location_id: spot.location.id.clone(), evse_uid: spot.evse.uid.clone() };
    accepted(world.emsp.platform.reserve_now("cpo", token, &at, &reservation_id, expiry_date).await?).await?;
    let text = format!(
        "{} at {} is booked for 30 minutes; the result came to its own URL",
        spot.evse.uid, spot.location.address
    );
    Ok(((), Details::new(text, json!({ "reservation_id": "1001", "result": "ACCEPTED" }))))
}

/// The eMSP starts the session.
pub(super) async fn start(world: &World, token: &Token, spot: &Spot) -> Result<((), Details), Failure> {
    let reference = "AUTH0001".parse()?;
    let (token, location_id) = (token.clone(), spot.location.id.clone());
    let command = |response_url| StartSession {
        evse_uid: Some(spot.evse.uid.clone()),
        connector_id: Some(spot.connector.id.clone()),
        authorization_reference: Some(reference),
        ..StartSessionInit { response_url, token, location_id }.into()
    };
    accepted(world.emsp.platform.ask("cpo", command).await?).await?;
    let text = format!("connector {} gives power; the result came to its own URL", spot.connector.id);
    Ok(((), Details::new(text, json!({ "result": "ACCEPTED" }))))
}

fn after(time: DateTime, seconds: i64) -> Result<DateTime, Failure> {
    Ok(time.checked_add_seconds(seconds).ok_or("a time out of range")?)
}

/// Waits for the result of a command.
async fn accepted<R: AsyncRequest>(sent: PendingResult<R>) -> Result<(), Failure> {
    match sent.result().await? {
        Outcome::Accepted(_) => Ok(()),
        other => Err(format!("{} ended with {other:?}", R::KIND).into()),
    }
}

/// Quarters of an hour that the driver charges.
const QUARTERS: i64 = 3;

/// The CPO sends the Session as it goes, the eMSP stops it. Returns the Session as the eMSP has it.
pub(super) async fn charge(world: &World, spot: &Spot) -> Result<(Session, Details), Failure> {
    let (id, command) = world.depot.running().ok_or("no session is running")?;
    let started = world.cpo.platform.clock().now();
    let session = new_session(id, &command, spot, started)?;
    let at = session.identity();
    let cpo = &world.cpo.platform;
    cpo.objects().put(&at, session.clone()).await?;
    cpo.send("emsp", &Put::of(session)).await?;

    let mut energy = Decimal::ZERO;
    for quarter in 0..QUARTERS {
        let period = period(started, quarter, spot)?;
        let volumes =
            period.dimensions.iter().filter(|dimension| dimension.r#type == CdrDimensionType::Energy);
        for dimension in volumes {
            energy = energy.checked_add(dimension.volume).ok_or("too much energy")?;
        }
        let patch = SessionPatch {
            kwh: energy.into(),
            charging_periods: vec![period].into(),
            last_updated: after(started, (quarter + 1) * 900)?.into(),
            ..SessionPatch::default()
        };
        patch_both(world, &at, patch).await?;
    }

    let session_id = at.key.session_id.clone();
    accepted(world.emsp.platform.stop_session("cpo", &session_id).await?).await?;
    let end = after(started, QUARTERS * 900)?;
    let patch = SessionPatch {
        status: SessionStatus::Completed.into(),
        end_date_time: Some(end).into(),
        last_updated: after(end, 1)?.into(),
        ..SessionPatch::default()
    };
    patch_both(world, &at, patch).await?;

    let copy: Session =
        world.emsp.platform.objects().get(&at).await?.ok_or("the eMSP has no such session")?;
    let ours: Session = cpo.objects().get(&at).await?.ok_or("the CPO has no such session")?;
    if world.session_seen_by_emsp(ours).await? != copy
        || copy.charging_periods.len() != usize::try_from(QUARTERS)?
    {
        return Err("the eMSP's copy of the session is another one".into());
    }
    let text = format!(
        "{} kWh in {}, appended one by one; stopped by the eMSP",
        copy.kwh,
        count(copy.charging_periods.len(), "period")
    );
    let data = json!({ "session_id": copy.id.as_str(), "kwh": copy.kwh.to_string(), "periods": copy.charging_periods.len() });
    Ok((copy, Details::new(text, data)))
}

async fn patch_both(world: &World, at: &Owned<SessionKey>, patch: SessionPatch) -> Result<(), Failure> {
    let cpo = &world.cpo.platform;
    cpo.objects().patch::<Session>(at, patch.clone()).await?;
    let push = Patch::<Session> { at: at.clone(), patch };
    cpo.client("emsp").await?.send(&push).await?;
    Ok(())
}

fn new_session(
    id: CiString<36>,
    command: &StartSession,
    spot: &Spot,
    started: DateTime,
) -> Result<Session, Failure> {
    let owner = spot.location.identity().owner;
    Ok(Session {
        authorization_reference: command.authorization_reference.clone(),
        ..SessionInit {
            country_code: owner.country_code,
            party_id: owner.party_id,
            id,
            start_date_time: started,
            kwh: Decimal::ZERO,
            cdr_token: cdr_token(&command.token),
            auth_method: AuthMethod::Command,
            location_id: spot.location.id.clone(),
            evse_uid: spot.evse.uid.clone(),
            connector_id: spot.connector.id.clone(),
            currency: spot.tariff.currency.clone(),
            status: SessionStatus::Active,
            last_updated: started,
        }
        .into()
    })
}

fn cdr_token(token: &Token) -> CdrToken {
    CdrTokenInit {
        country_code: token.country_code.clone(),
        party_id: token.party_id.clone(),
        uid: token.uid.clone(),
        r#type: token.r#type.clone(),
        contract_id: token.contract_id.clone(),
    }
    .into()
}

/// A quarter of an hour: 6.275 kWh, then a little less each time.
fn period(started: DateTime, quarter: i64, spot: &Spot) -> Result<ChargingPeriod, Failure> {
    let dimension = |r#type, volume| -> CdrDimension { CdrDimensionInit { r#type, volume }.into() };
    let energy = dimension(CdrDimensionType::Energy, Decimal::new(6275 - 250 * quarter, 3));
    let time = dimension(CdrDimensionType::Time, Decimal::new(25, 2));
    Ok(ChargingPeriod {
        tariff_id: Some(spot.tariff.id.clone()),
        ..ChargingPeriodInit {
            start_date_time: after(started, quarter * 900)?,
            dimensions: NonEmpty::try_from(vec![energy, time])?,
        }
        .into()
    })
}
