//! Registration, from the discovery of versions to its end.

use std::sync::{Mutex, PoisonError};

use axum::http::header::AUTHORIZATION;
use ocpi_client::transport::from_fn;
use ocpi_client::{Discovery, RequestIds, Transport};
use ocpi_platform::{Adopted, Allow, Error, PartnerState};
use ocpi_types::endpoint::{DeleteCredentials, GetCredentials};
use ocpi_types::protocol::PartnerProfile;
use ocpi_types::v2_3_0::credentials::{Credentials, CredentialsRole, CredentialsRoleInit};
use ocpi_types::v2_3_0::locations::BusinessDetailsInit;

use crate::dialog::{Failure, Told, told};
use crate::ours::{Ours, PEER};
use crate::request::Request;

/// Invites the partner.
pub(super) async fn invite(ours: &Ours, request: &Request) -> Result<Told, Failure> {
    let token = ours.platform.invite(PEER, allow(request)?).await?;
    Ok(told([("token", token.expose().into())]))
}

/// Drops what is known of the partner.
pub(super) async fn forget(ours: &Ours) -> Result<Told, Failure> {
    ours.platform.forget(PEER).await?;
    Ok(Told::new())
}

/// Takes a partner for registered, with tokens that the script chose and endpoints that it knows.
pub(super) async fn adopt(ours: &Ours, request: &Request) -> Result<Told, Failure> {
    let party = request.party("peer")?;
    let version = *request.versions().first().ok_or("a version to adopt with")?;
    let roles: Result<Vec<CredentialsRole>, Failure> = request
        .roles()?
        .into_iter()
        .map(|role| {
            let business_details = BusinessDetailsInit { name: "Partner".try_into()? }.into();
            let (party_id, country_code) = (party.party_id.clone(), party.country_code.clone());
            Ok(CredentialsRoleInit { role, business_details, party_id, country_code }.into())
        })
        .collect();
    let adopted = Adopted {
        token_we_issued: request.text("token")?.parse()?,
        token_we_received: request.text("received")?.parse()?,
        versions_url: request.text("url")?.parse()?,
        version,
        profile: PartnerProfile::default(),
        endpoints: request.endpoints()?,
        roles: roles?,
    };
    ours.platform.adopt(PEER, adopted).await?;
    state(ours).await
}

/// Tells the state of the partner.
pub(super) async fn state(ours: &Ours) -> Result<Told, Failure> {
    let status = ours.platform.partner(PEER).await?.ok_or("there is no partner")?;
    Ok(told([("state", format!("{:?}", status.state).into())]))
}

/// Asks for versions and details.
pub(super) async fn discover(ours: &Ours, request: &Request) -> Result<Told, Failure> {
    let (url, token) = (request.text("url")?.parse()?, request.text("token")?);
    let plain = format!("Token {token}");
    let discovery = Discovery::new(url, token.parse()?, &request.versions(), RequestIds::new("interop"));
    let forms = Mutex::new(Vec::new());
    let watched = from_fn(async |request| {
        let is_plain = request.headers().get(AUTHORIZATION).is_some_and(|sent| sent == plain.as_str());
        let response = ours.platform.transport().send(request).await?;
        if response.status().is_success() {
            let mut forms = forms.lock().unwrap_or_else(PoisonError::into_inner);
            forms.push(if is_plain { "plain" } else { "Base64" });
        }
        Ok(response)
    });
    let found = discovery.run(&watched).await?;
    let endpoints = found.client.endpoints().len();
    if endpoints == 0 {
        return Err("the details name no endpoint".into());
    }
    Ok(told([
        ("version", found.version.to_string().into()),
        ("endpoints", endpoints.into()),
        // Of the token, in the requests that were taken: for the versions, and for the details.
        ("forms", forms.into_inner().unwrap_or_else(PoisonError::into_inner).join(", ").into()),
    ]))
}

/// Registers with the partner.
pub(super) async fn register(ours: &Ours, request: &Request) -> Result<Told, Failure> {
    let (url, token) = (request.text("url")?.parse()?, request.text("token")?.parse()?);
    let status = ours.platform.register(PEER, url, token, allow(request)?).await?;
    if status.state != PartnerState::Registered {
        return Err(format!("the partner is {:?}", status.state).into());
    }
    state(ours).await
}

/// Rotates the tokens of both sides, and uses the new one.
pub(super) async fn rotate(ours: &Ours) -> Result<Told, Failure> {
    let before = ours.platform.client(PEER).await?;
    // It uses the new token. The old one must be dead.
    ours.platform.rotate(PEER).await?;
    let old = before.send(&GetCredentials::<Credentials>::default()).await;
    let is_dead = matches!(&old, Err(error) if error.is_unauthorized());
    Ok(told([("old_token_dead", is_dead.into())]))
}

/// Ends the registration.
pub(super) async fn unregister(ours: &mut Ours) -> Result<Told, Failure> {
    ours.former = Some(ours.platform.client(PEER).await?);
    ours.platform.unregister(PEER).await?;
    is_left(ours).await
}

/// Ends the registration once more: we say that there is none, and the partner refuses the token of the former one.
pub(super) async fn unregister_again(ours: &Ours) -> Result<Told, Failure> {
    match ours.platform.unregister(PEER).await {
        // The first DELETE was answered oddly; now it is settled.
        Ok(()) | Err(Error::NoPartner(_)) => {}
        Err(error) => return Err(error.into()),
    }
    is_left(ours).await?;
    let former = ours.former.as_ref().ok_or("unregister comes first")?;
    match former.send(&DeleteCredentials).await {
        Ok(_) => Err("the partner takes a DELETE with a token that is dead".into()),
        Err(error) if error.is_unauthorized() => {
            Ok(told([("answer", error.http_status().map(|status| status.as_u16()).into())]))
        }
        Err(error) => Err(error.into()),
    }
}

async fn is_left(ours: &Ours) -> Result<Told, Failure> {
    let status = ours.platform.partner(PEER).await?.ok_or("there is no partner")?;
    if status.state != PartnerState::Left {
        return Err(format!("the partner is {:?}", status.state).into());
    }
    state(ours).await
}

/// The partner's party, and its host.
fn allow(request: &Request) -> Result<Allow, Failure> {
    let allow = Allow::default().party(request.party("peer")?);
    Ok(match request.optional("host") {
        Some(host) => allow.host(host),
        None => allow,
    })
}
