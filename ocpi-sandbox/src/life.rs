//! The life of the city: the day goes on, minute by minute, and what happens is published by the platform.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use ocpi_client::{RequestOptions, Transport};
use ocpi_platform::{PartnerState, Platform};
use ocpi_pricing::generate::Random;
use ocpi_server_traits::order::Taken;
use ocpi_server_traits::{Store, Timer};
use ocpi_types::DateTime;
use ocpi_types::endpoint::{Authorize, CdrKey, Owned, RootResource};
use ocpi_types::protocol::Party;
use ocpi_types::v2_3_0::cdrs::{AuthMethod, Cdr};
use ocpi_types::v2_3_0::locations::{Evse, EvsePatch};
use ocpi_types::v2_3_0::sessions::{Session, SessionStatus};
use ocpi_types::v2_3_0::tokens::{
    AllowedType, LocationReferences, LocationReferencesInit, Token, TokenType, WhitelistType,
};

use crate::Error;
use crate::charge::{Driver, Going};
use crate::day::Visit;
use crate::promises::Promises;
use crate::world::{Deed, World, minute_of};

/// Most minutes that are made up for: a machine that slept does not play its nights.
const MISSED: i64 = 120;
/// Percentage of cars whose driver has a token.
const WITH_TOKEN: i64 = 70;
/// Time that an eMSP has to say whether a driver may charge: the driver stands at the charger.
const ANSWER: Duration = Duration::from_secs(5);
/// No minute was played yet.
const NEVER: i64 = i64::MIN;

/// The life of the city.
#[derive(Debug)]
pub(crate) struct Life<S, T> {
    platform: Arc<Platform<S, T>>,
    world: Arc<World>,
    promises: Promises,
    /// The last minute that was played.
    minute: AtomicI64,
}

impl<S: Store, T: Transport> Life<S, T> {
    /// Takes the city as it stands in the store: sessions that are active go on. Those that cannot be priced any more are void.
    pub(crate) async fn begin(
        platform: Arc<Platform<S, T>>,
        world: Arc<World>,
        now: DateTime,
        timer: Timer,
    ) -> Result<Self, Error> {
        let promises = Promises::of(&platform, timer).await?;
        let sessions = platform.objects().all::<Session>().await;
        let sessions = sessions.map_err(|error| Error::platform("the sessions cannot be read", error))?;
        let ours =
            sessions.objects.into_iter().filter(|it| platform.parties().contains(&it.identity().owner));
        for session in ours.filter(|session| session.status == SessionStatus::Active) {
            let Some(place) = world.point_of(&session) else { continue };
            match again(&world, place, &session) {
                Ok(Some(going)) => world.resume(place, going),
                Ok(None) | Err(_) => {
                    let last_updated = now.max(session.last_updated);
                    world.void(Session { status: SessionStatus::Invalid, last_updated, ..session });
                }
            }
        }
        Ok(Self { platform, world, promises, minute: AtomicI64::new(NEVER) })
    }

    /// Lets the day go on until a time. A charge that cannot be written down is told, and holds up no other. What cannot be
    /// published because the store fails stays for the next step.
    pub(crate) async fn step(&self, now: DateTime) -> Result<(), Error> {
        let mut trouble = Trouble::default();
        if let Err(error) = self.catch_up(now, &mut trouble).await {
            trouble.failures.push(error);
        }
        self.obey(now, trouble.failures).await
    }

    /// Does what commands have asked for, and publishes what is to be published. It asks no partner.
    pub(crate) async fn settle(&self, now: DateTime) -> Result<(), Error> {
        self.obey(now, Vec::new()).await
    }

    async fn obey(&self, now: DateTime, mut failures: Vec<Error>) -> Result<(), Error> {
        self.world.obey(now, &mut failures);
        self.world.show(minute_of(now), now);
        if let Err(error) = self.publish(&mut failures).await {
            failures.push(error);
        }
        if let Err(error) = self.promises.keep(&self.platform, self.world.reservations()).await {
            failures.push(error);
        }
        Error::of_all(failures)
    }

    /// Plays the minutes that are over. Each is played once, but one in which the store fails.
    async fn catch_up(&self, now: DateTime, trouble: &mut Trouble) -> Result<(), Error> {
        let minute = minute_of(now);
        let last = self.minute.load(Ordering::Acquire);
        if last == NEVER {
            self.world.settle_in(minute);
        } else {
            for minute in last.max(minute.saturating_sub(MISSED))..minute {
                let minute = minute.saturating_add(1);
                self.play(minute, now, trouble).await?;
                self.minute.store(minute, Ordering::Release);
            }
        }
        self.minute.store(minute.max(last), Ordering::Release);
        Ok(())
    }

    async fn play(&self, minute: i64, now: DateTime, trouble: &mut Trouble) -> Result<(), Error> {
        let arrivals = self.world.play(minute, now, &mut trouble.failures);
        if !arrivals.is_empty() {
            let tokens = self.tokens().await?;
            for (place, visit) in arrivals {
                let driver = match self.driver((place, visit), &tokens, &mut trouble.silent).await? {
                    // Who may not charge drives on.
                    Arrival::Refused => continue,
                    Arrival::Driver(driver) => Some(*driver),
                    Arrival::Stranger => None,
                };
                self.world.arrive((place, visit), driver, now, &mut trouble.failures);
            }
        }
        self.world.show(minute, now);
        self.publish(&mut trouble.failures).await
    }

    /// The tokens with which somebody may charge, in the order of their ids.
    async fn tokens(&self) -> Result<Vec<Token>, Error> {
        let all = self.platform.objects().all::<Token>().await;
        let all = all.map_err(|error| Error::platform("the tokens cannot be read", error))?;
        let is_card = |token: &Token| matches!(token.r#type, TokenType::Rfid | TokenType::AppUser);
        let mut tokens: Vec<Token> =
            all.objects.into_iter().filter(|token| token.valid && is_card(token)).collect();
        tokens.sort_by_cached_key(|token| {
            (token.identity().owner.canonical(), token.uid.as_str().to_ascii_lowercase())
        });
        Ok(tokens)
    }

    /// Finds out who comes, and whether the driver may charge. A partner that does not answer is not asked again in the same step:
    /// the others would wait for it.
    async fn driver(
        &self,
        (place, visit): (usize, Visit),
        tokens: &[Token],
        silent: &mut BTreeSet<String>,
    ) -> Result<Arrival, Error> {
        let Some(point) = self.world.points.get(place) else { return Ok(Arrival::Stranger) };
        let stream = crate::day::hash(point.evse_uid().as_str()) ^ visit.begin.unsigned_abs();
        let mut random = Random::of(self.world.seed, stream);
        let has_token = random.happens(WITH_TOKEN);
        let token = random.pick(tokens).filter(|_| has_token);
        let Some(token) = token else { return Ok(Arrival::Stranger) };
        if token.whitelist == WhitelistType::Always {
            return Ok(Arrival::driver(token, AuthMethod::Whitelist));
        }
        let owner = token.identity().owner;
        if self.platform.parties().contains(&owner) {
            return Ok(Arrival::driver(token, AuthMethod::Whitelist));
        }
        let partner = self.partner_of(&owner).await?;
        let Some(partner) = partner.filter(|partner| !silent.contains(partner)) else {
            return Ok(Arrival::offline(token));
        };
        let at = LocationReferencesInit { location_id: point.location_id().clone() };
        let at = LocationReferences { evse_uids: vec![point.evse_uid().clone()], ..at.into() };
        let ask = Authorize { token: token.identity().key, location: Some(at) };
        let options = RequestOptions::new().within(ANSWER);
        Ok(match self.platform.send_with(&partner, &ask, &options).await {
            Ok(answer) if answer.value.allowed == AllowedType::Allowed => Arrival::Driver(Box::new(
                Driver::of(token, AuthMethod::AuthRequest, answer.value.authorization_reference),
            )),
            Ok(_) => Arrival::Refused,
            Err(error) => {
                if is_silence(&error) {
                    silent.insert(partner);
                }
                Arrival::offline(token)
            }
        })
    }

    async fn partner_of(&self, party: &Party) -> Result<Option<String>, Error> {
        let partners = self.platform.partners().await;
        let partners = partners.map_err(|error| Error::platform("the partners cannot be read", error))?;
        let is_it = |partner: &&ocpi_platform::PartnerStatus| {
            partner.state == PartnerState::Registered && partner.parties().contains(party)
        };
        Ok(partners.iter().find(is_it).map(|partner| partner.id.as_str().to_owned()))
    }

    /// Publishes what is to be published, oldest first. What is refused is told, and left out: it would be refused for ever.
    async fn publish(&self, failures: &mut Vec<Error>) -> Result<(), Error> {
        while let Some(deed) = self.world.deed() {
            let done = match deed {
                Deed::Status(place, status, time) => match self.world.points.get(place) {
                    Some(point) => {
                        let change = EvsePatch {
                            status: status.into(),
                            last_updated: time.into(),
                            ..EvsePatch::default()
                        };
                        self.platform.patch::<Evse>(&point.at, change).await
                    }
                    None => Ok(Taken::Unchanged),
                },
                Deed::Session(session) => self.platform.publish(*session).await,
                Deed::Cdr(cdr) => self.publish_cdr(*cdr).await,
            };
            match done {
                Ok(Taken::Older) => failures.push(Error::older()),
                Ok(_) => {}
                Err(error) => {
                    let is_refused = is_refused(&error);
                    let error = Error::platform("what happened in the city cannot be published", error);
                    if !is_refused {
                        return Err(error);
                    }
                    failures.push(error);
                }
            }
            self.world.done();
        }
        Ok(())
    }

    /// A CDR does not change: one that was there before a restart stays.
    async fn publish_cdr(&self, cdr: Cdr) -> Result<Taken, ocpi_platform::Error> {
        let at: Owned<CdrKey> = cdr.identity();
        if self.platform.objects().get::<Cdr>(&at).await?.is_some() {
            return Ok(Taken::Unchanged);
        }
        self.platform.publish(cdr).await
    }
}

/// Troubles of a step.
#[derive(Default)]
struct Trouble {
    failures: Vec<Error>,
    /// Partners that did not answer.
    silent: BTreeSet<String>,
}

/// Whether a partner has not answered.
fn is_silence(error: &ocpi_platform::Error) -> bool {
    match error {
        ocpi_platform::Error::Client(error) => error.is_timeout() || error.is_retryable(),
        _ => false,
    }
}

/// Whether an object is refused, and not because the store fails.
fn is_refused(error: &ocpi_platform::Error) -> bool {
    match error {
        ocpi_platform::Error::Store(error) => !error.is_internal() && !error.is_temporary(),
        _ => false,
    }
}

/// Somebody who comes to an EVSE.
enum Arrival {
    Driver(Box<Driver>),
    Stranger,
    Refused,
}

impl Arrival {
    fn driver(token: &Token, auth_method: AuthMethod) -> Self {
        Self::Driver(Box::new(Driver::of(token, auth_method, None)))
    }

    /// The eMSP cannot be asked.
    fn offline(token: &Token) -> Self {
        match token.whitelist {
            WhitelistType::Never => Self::Refused,
            _ => Self::driver(token, AuthMethod::Whitelist),
        }
    }
}

/// A Session that was active before a restart; its plan follows from its id.
fn again(world: &World, place: usize, session: &Session) -> Result<Option<Going>, Error> {
    let Some(point) = world.points.get(place) else { return Ok(None) };
    let Some(plug) = point.plug(Some(&session.connector_id)) else { return Ok(None) };
    let driver = Driver {
        token: session.cdr_token.clone(),
        auth_method: session.auth_method.clone(),
        reference: session.authorization_reference.clone(),
    };
    let begin = session.start_date_time;
    let minutes = match point.days.at(minute_of(begin)) {
        crate::day::Planned::Busy(visit)
            if visit.begin == minute_of(begin) && session.auth_method != AuthMethod::Command =>
        {
            Some(visit.minutes)
        }
        _ => None,
    };
    let going = Going::begin(world.seed, session.id.clone(), (point, plug), driver, begin, minutes)?;
    Ok(going.map(|going| going.resumed(session.charging_periods.len())))
}
