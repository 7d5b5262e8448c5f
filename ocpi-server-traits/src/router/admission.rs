//! Admission of a request by its head, and its answer once the body has arrived.

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, header};
use ocpi_types::convert::Ledger;
use ocpi_types::protocol::{Party, headers};
use ocpi_types::{CredentialsToken, Version};

use super::matching::{Matched, MatchedTarget};
use super::panics::caught;
use super::routes::Call;
use super::usage::InFlight;
use super::watch::Watch;
use super::{Inner, RemoteAddress, Router, answer, path, recipient};
use crate::{Caller, Error, Partner};

/// A request that was admitted: its body may be read and the request answered.
pub struct Admitted {
    router: Router,
    matched: Matched,
    caller: Caller,
    echo: answer::Echo,
    watch: Watch,
    in_flight: InFlight,
}

impl Router {
    /// Checks everything but the body: the first half of [`Router::call`], so that unknown callers cannot make a server
    /// read a body.
    ///
    /// # Errors
    /// When the request is refused: the answer.
    pub async fn admit(&self, parts: &Parts) -> Result<Admitted, http::Response<Bytes>> {
        let echo = answer::Echo::of(parts);
        let mut watch = Watch::over(parts, self.0.observer.clone(), self.0.clock.clone());
        let admission = self.admission(parts, &echo, &mut watch).await;
        watch.received();
        watch.keep(parts);
        match admission {
            Ok((matched, caller, in_flight)) => {
                Ok(Admitted { router: self.clone(), matched, caller, echo, watch, in_flight })
            }
            // Which version is meant may not even be known: all have these codes.
            Err(error) => Err(answer::refusal(&error, Version::V2_1_1, &echo, self.0.clock.now(), watch)),
        }
    }

    async fn admission(
        &self,
        parts: &Parts,
        echo: &answer::Echo,
        watch: &mut Watch,
    ) -> Result<(Matched, Caller, InFlight), Error> {
        let inner = &self.0;
        let identified = self.identify(&parts.headers, parts.extensions.get().copied()).await;
        let matched = self.matched(&parts.method, parts.uri.path(), identified.as_ref().ok());
        // For the observer, also of somebody unknown, who is not told what there is.
        if let Ok(matched) = &matched {
            watch.matched(matched);
        }
        let partner = identified?;
        watch.identified(&partner.id);
        let now = inner.clock.now();
        let in_flight = inner.usage.enter(&partner.id, now)?;
        let matched = matched?;
        if !partner.is_registered && !matched.is_open_before_registration {
            return Err(Error::unauthorized(
                "register first: this token is for versions and credentials only",
            ));
        }
        if let Some((module, interface)) = matched.functional() {
            if partner.is_unconfirmed && !inner.directory.confirm(&partner).await? {
                return Err(Error::unauthorized("the token is not known"));
            }
            partner.may_use(module, interface)?;
        }
        if parts.headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| !is_identity(encoding)) {
            return Err(Error::unsupported_media_type("send the body as it is, without Content-Encoding"));
        }
        let length =
            headers::text(&parts.headers, &header::CONTENT_LENGTH).and_then(|text| text.parse().ok());
        if length.is_some_and(|length: usize| length > inner.limits.body_bytes) {
            return Err(too_large());
        }
        let (from, to) = (echo.from.clone(), echo.to.clone());
        speaks_for(&partner, from.as_ref())?;
        recipient::check(&parts.headers, to.as_ref(), matched.is_routed, &inner.parties)?;
        let owned = |name| headers::message_id(&parts.headers, name).map(str::to_owned);
        let caller = Caller {
            partner,
            version: matched.version,
            from,
            to,
            request_id: owned(&headers::X_REQUEST_ID),
            correlation_id: owned(&headers::X_CORRELATION_ID),
            endpoint: matched.endpoint.clone(),
            now,
            findings: Vec::new(),
            ledger: Ledger::new(),
            has_token_type: false,
            observed: watch.observed().clone(),
        };
        let query = path::query(parts.uri.query().unwrap_or_default());
        Ok((Matched { query, ..matched }, caller, in_flight))
    }

    /// Asks once more who the caller is, if its body took longer than a second: a token may have been revoked meanwhile, or
    /// a party given to another partner. The answer goes by the partner as it is now.
    pub(super) async fn look_again(&self, headers: &HeaderMap, admitted: &mut Admitted) -> Result<(), Error> {
        let (then, now) = (admitted.caller.now.to_unix_micros(), self.0.clock.now().to_unix_micros());
        let Some((module, interface)) = admitted.matched.functional() else { return Ok(()) };
        if now.abs_diff(then) < 1_000_000 {
            return Ok(());
        }
        let partner = self.identify(headers, None).await?;
        if !partner.is_registered || partner.id != admitted.caller.partner.id {
            return Err(Error::unauthorized("the token is not known"));
        }
        partner.may_use(module, interface)?;
        speaks_for(&partner, admitted.caller.from.as_ref())?;
        admitted.caller.partner = partner;
        Ok(())
    }

    async fn identify(&self, headers: &HeaderMap, address: Option<RemoteAddress>) -> Result<Partner, Error> {
        let Inner { directory, refusals, clock, .. } = &*self.0;
        let header = headers::text(headers, &header::AUTHORIZATION);
        let presented = refusals.presented(header.unwrap_or_default(), address, clock.now());
        refusals.check(&presented)?;
        let tokens = header.map(CredentialsToken::candidates).unwrap_or_default();
        if tokens.is_empty() {
            let _ = refusals.refused(&presented);
            return Err(Error::unauthorized("the header Authorization must be `Token …`"));
        }
        let Some(partner) = directory.find(&tokens).await? else {
            return Err(refusals.not_found(&presented));
        };
        refusals.found(&presented);
        Ok(partner)
    }
}

impl Admitted {
    /// Returns the caller.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Answers the request, given its body. The answer has the extension [`InFlight`], which must be kept until it is
    /// sent.
    pub async fn answer(self, body: Bytes) -> http::Response<Bytes> {
        let (now, version) = (self.caller.now, self.caller.version);
        let Self { router, matched, caller, echo, mut watch, in_flight } = self;
        watch.read(&body);
        let is_private = matched.is_private();
        let counts_only_200 = caller.partner.counts_only_200;
        let reply = match matched.target {
            MatchedTarget::Versions => router.version_list(&caller.partner.style),
            MatchedTarget::Details => router.version_details(matched.version, &caller.partner),
            MatchedTarget::Options(methods) => Ok(answer::options(methods)),
            MatchedTarget::Route(route) => {
                let locations = router.0.conversions.locations.clone();
                let Matched { url, parameters, query, .. } = matched;
                let ours = caller.to.clone().filter(|to| router.0.parties.contains(to));
                let call = Call { url, parameters, query, body, locations, ours };
                watch.scoped(Box::pin(caught((route.run)(caller, call)))).await
            }
        };
        let mut answer = match reply {
            Ok(mut parts) => {
                if counts_only_200 && parts.status == http::StatusCode::CREATED {
                    parts.status = http::StatusCode::OK;
                }
                let message = router.0.conversions.report(&watch, version, &parts);
                answer::success(parts, message.as_deref(), &echo, now, watch)
            }
            Err(error) => answer::refusal(&error, version, &echo, now, watch),
        };
        if is_private {
            answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        answer.extensions_mut().insert(in_flight);
        answer
    }

    /// Refuses the request because its body could not be read. The answer has the same extension as that of
    /// [`answer`](Self::answer).
    pub fn refuse(self, error: Error) -> http::Response<Bytes> {
        let Self { caller, echo, watch, in_flight, .. } = self;
        let mut answer = answer::refusal(&error, caller.version, &echo, caller.now, watch);
        answer.extensions_mut().insert(in_flight);
        answer
    }
}

/// The OCPI-from headers of a partner that is registered name one of its parties.
fn speaks_for(partner: &Partner, from: Option<&Party>) -> Result<(), Error> {
    if from.is_some_and(|from| partner.is_registered && !partner.speaks_for(from)) {
        return Err(Error::invalid(
            "the OCPI-from headers name a party that this partner does not speak for",
        ));
    }
    Ok(())
}

/// Whether a body with this `Content-Encoding` is as it is.
fn is_identity(encoding: &HeaderValue) -> bool {
    let encoding = encoding.as_bytes().trim_ascii();
    encoding.is_empty() || encoding.eq_ignore_ascii_case(b"identity")
}

pub(super) fn too_slow() -> Error {
    Error::request_timeout("the body did not arrive in time")
}

pub(super) fn too_large() -> Error {
    Error::too_large("the body is larger than this server reads")
}
