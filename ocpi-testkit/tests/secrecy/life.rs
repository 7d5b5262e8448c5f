//! A whole life of two partners: from the invitation to the end of the registration.

use std::fmt::Debug;
use std::sync::Arc;

use ocpi_server_traits::{AnyStore, Caller, Error as Refusal, Handle};
use ocpi_testkit::{location_json, parse, party, result_to, tariff_json};
use ocpi_types::endpoint::{
    Authorize, ClearChargingProfile, ConnectorKey, Endpoint, EvseKey, GetActiveChargingProfile, GetCdr,
    GetCopy, GetOwn, List, LocationKey, Owned, Patch, PostActiveChargingProfileResult, PostCdr,
    PostChargingProfileResult, PostClearProfileResult, Put, PutChargingProfile, SessionKey,
};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::charging_profiles::{
    ActiveChargingProfileResultInit, ChargingProfileInit, ChargingProfileResponse,
    ChargingProfileResponseInit, ChargingProfileResponseType, ChargingProfileResultInit,
    ChargingProfileResultType, ChargingRateUnit, ClearProfileResultInit,
};
use ocpi_types::v2_3_0::commands::{
    CancelReservation, CommandResponse, CommandResponseInit, CommandResponseType, CommandResultType,
    ReserveNow, StartSession, StopSession, UnlockConnector,
};
use ocpi_types::v2_3_0::locations::{Evse, EvsePatch, Location};
use ocpi_types::v2_3_0::sessions::{Session, SessionPatch};
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::{Token, TokenPatch};
use ocpi_types::{Url, Version};

use crate::drivers;
use crate::refused;
use crate::side::{Carrier, Ours, Side};
use crate::watch::Watch;

const CPO: &str = "NL/ALF";
const EMSP: &str = "DE/EMP";

/// Lives it.
pub(crate) async fn live(watch: &Watch, version: Version, carrier: Carrier, durable: AnyStore) {
    let fleeting = ocpi_store::open("memory:").await.expect("a store");
    let cpo = Side::open(watch, ("CPO", CPO), version, carrier, durable).await;
    let emsp = Side::open(watch, ("EMSP", EMSP), version, carrier, fleeting).await;
    let life = Life { watch, version, cpo: &cpo.platform, emsp: &emsp.platform };
    let token_a = watch.success(cpo.platform.invite("emsp", emsp.allow()).await);
    watch.token(token_a.expose());
    life.look().await;
    let registered =
        emsp.platform.register("cpo", cpo.versions_url.clone(), token_a.clone(), cpo.allow()).await;
    watch.success(registered);
    watch.failure(emsp.platform.register("cpo", cpo.versions_url.clone(), token_a, cpo.allow()).await);
    life.look().await;
    life.push().await;
    life.pull().await;
    life.ask().await;
    life.command().await;
    refused::meet(watch, version, &emsp, &cpo).await;
    watch.success(life.emsp.rotate("cpo").await);
    watch.success(life.cpo.rotate("emsp").await);
    watch.success(life.emsp.revoke("cpo").await);
    life.look().await;
    let old = watch.success(life.emsp.client("cpo").await);
    watch.success(life.emsp.unregister("cpo").await);
    watch.failure(old.send(&List::<Tariff>::all()).await);
    watch.failure(life.emsp.send("cpo", &List::<Tariff>::all()).await);
    watch.success(life.cpo.tick().await);
    life.look().await;
    for side in [&cpo, &emsp] {
        side.look_at_messages(watch).await;
    }
}

struct Life<'a> {
    watch: &'a Watch,
    version: Version,
    cpo: &'a Ours,
    emsp: &'a Ours,
}

impl Life<'_> {
    /// Looks at all that can be shown of the platforms.
    async fn look(&self) {
        for (side, other) in [(self.cpo, "emsp"), (self.emsp, "cpo")] {
            self.watch.success(side.partners().await);
            self.watch.success(side.pending().await);
            self.watch.result(side.client(other).await);
            self.watch.result(side.partner(other).await);
            self.watch.success(side.tick().await);
            self.watch.show(side);
            self.watch.show(side.objects());
            self.watch.success(side.objects().all::<Token>().await);
            self.watch.success(side.objects().all::<Cdr>().await);
        }
    }

    async fn sent<E: Endpoint + Sync>(&self, from: &Ours, to: &str, endpoint: E)
    where
        E::Response: Debug,
    {
        self.watch.success(from.send(to, &endpoint).await);
    }

    async fn push(&self) {
        let (cpo, emsp) = (self.cpo, self.emsp);
        let location: Location = drivers::location(CPO, "L1");
        let evse = EvseKey { location_id: location.id.clone(), evse_uid: location.evses[0].uid.clone() };
        let [evse, late_evse] = [11, 9].map(|hour| Patch::<Evse> {
            at: Owned { owner: party(CPO), key: evse.clone() },
            patch: parse::<EvsePatch>(&format!(
                r#"{{"status": "CHARGING", "last_updated": "2026-11-22T{hour:02}:00:00Z"}}"#
            )),
        });
        // In 2.1.1 Sessions embed it.
        cpo.objects().put_all([location.clone()]).await.expect("a store");
        self.sent(cpo, "emsp", Put::of(location)).await;
        self.sent(cpo, "emsp", evse).await;
        self.watch.result(cpo.send("emsp", &late_evse).await);
        self.sent(cpo, "emsp", Put::<Tariff>::of(parse(&tariff_json(CPO, "T1", "10:00:00")))).await;

        let session: Session = drivers::session(CPO, "S1", "10:00:00");
        let at = Owned { owner: party(CPO), key: SessionKey { session_id: session.id.clone() } };
        self.sent(cpo, "emsp", Put::of(session)).await;
        for hour in [11, 9] {
            let patch = parse::<SessionPatch>(&format!(
                r#"{{"kwh": 2.5, "cdr_token": {{"country_code": "DE", "party_id": "EMP", "uid": "{}", "type": "RFID",
                "contract_id": "{}"}}, "last_updated": "2026-11-22T{hour:02}:00:00Z"}}"#,
                drivers::UID,
                drivers::CONTRACT
            ));
            self.watch.result(cpo.send("emsp", &Patch::<Session> { at: at.clone(), patch }).await);
        }
        let cdr: Cdr = drivers::cdr(CPO, "C1");
        let created = self.watch.success(cpo.send("emsp", &PostCdr(cdr.clone())).await);
        self.watch.result(cpo.send("emsp", &PostCdr(cdr)).await);
        let url: Option<Url> = created.value.location.and_then(|url| url.parse().ok());
        self.watch.result(cpo.send("emsp", &GetCdr::<Cdr>::at(url.expect("a URL"))).await);

        let token = drivers::token(EMSP, "10:00:00");
        self.sent(emsp, "cpo", Put::of(token)).await;
        let at = Owned { owner: party(EMSP), key: drivers::token_key(drivers::UID) };
        for hour in [11, 9] {
            let patch = parse::<TokenPatch>(&format!(
                r#"{{"visual_number": "{}", "group_id": "{}", "last_updated": "2026-11-22T{hour:02}:00:00Z"}}"#,
                drivers::VISUAL_NUMBER,
                drivers::GROUP
            ));
            self.watch.result(emsp.send("cpo", &Patch::<Token> { at: at.clone(), patch }).await);
        }
        self.sent(emsp, "cpo", GetCopy::<Token>::new(at.clone())).await;
        let unknown = Owned { owner: party(EMSP), key: drivers::token_key(drivers::UNKNOWN_UID) };
        self.watch.failure(emsp.send("cpo", &GetCopy::<Token>::new(unknown)).await);
        // Of somebody else.
        self.watch.failure(emsp.send("cpo", &Put::of(drivers::token("FR/FRE", "10:00:00"))).await);
    }

    async fn pull(&self) {
        for number in 2..=150 {
            let id = format!("{number}");
            let tariff: Tariff = parse(&tariff_json(CPO, &format!("T{id}"), "10:00:00"));
            self.cpo.objects().put_all([tariff]).await.expect("a store");
        }
        let cpo = self.cpo.objects();
        cpo.put_all([drivers::location::<Location>(CPO, "L2")]).await.expect("a store");
        cpo.put_all([drivers::session::<Session>(CPO, "S2", "10:00:00")]).await.expect("a store");
        cpo.put_all([drivers::cdr::<Cdr>(CPO, "C2")]).await.expect("a store");
        self.emsp.objects().put_all([drivers::token(EMSP, "11:30:00")]).await.expect("a store");
        self.watch.success(self.emsp.pull::<Location>("cpo", |_, _| {}).await);
        let tariffs = self.watch.success(self.emsp.pull::<Tariff>("cpo", |_, _| {}).await);
        assert!(tariffs.objects >= 149 && tariffs.pages > 1, "{tariffs:?}");
        self.watch.success(self.cpo.pull::<Token>("emsp", |_, _| {}).await);
        let client = self.watch.success(self.emsp.client("cpo").await);
        let (mut sessions, mut cdrs) = (client.pages::<Session>(), client.pages::<Cdr>());
        while let Some(page) = sessions.next().await {
            self.watch.show(&sessions);
            self.watch.success(page);
        }
        while let Some(page) = cdrs.next().await {
            self.watch.success(page);
        }
        self.watch.show((sessions.cursor(), cdrs.watermark(), cdrs.outcome()));
    }

    /// Real-time authorization, and single objects.
    async fn ask(&self) {
        let location = Some(parse(r#"{"location_id": "L1"}"#));
        for uid in [drivers::UID, drivers::UNKNOWN_UID] {
            let asked = Authorize { token: drivers::token_key(uid), location: location.clone() };
            self.watch.result(self.cpo.send("emsp", &asked).await);
        }
        for id in ["L2", "UNKNOWN"] {
            let key = LocationKey { location_id: id.parse().expect("an id") };
            self.watch.result(self.emsp.send("cpo", &GetOwn::<Location> { key }).await);
        }
        let location: Location = parse(&location_json("NL/XXX", "L9", "10:00:00"));
        self.watch.failure(self.cpo.send("emsp", &Put::of(location)).await);
    }

    async fn command(&self) {
        macro_rules! ends {
            ($sent:expr) => {{
                let sent = self.watch.success($sent.await);
                let outcome = self.watch.success(sent.result().await);
                assert!(outcome.is_accepted(), "{outcome:?}");
                self.watch.show(&sent);
                self.watch.show(sent.id());
                self.watch.success(sent.late_result().await);
            }};
        }
        let (emsp, token) = (self.emsp, drivers::token(EMSP, "10:00:00"));
        let session_id = "S1".parse().expect("an id");
        let key =
            EvseKey { location_id: "L1".parse().expect("an id"), evse_uid: "E1".parse().expect("an id") };
        let EvseKey { location_id, evse_uid } = key.clone();
        let connector = ConnectorKey { location_id, evse_uid, connector_id: "C1".parse().expect("an id") };
        let reservation = "4711".parse().expect("an id");
        let until = "2026-11-22T14:00:00Z".parse().expect("a time");
        ends!(emsp.start_session("cpo", &token, &key));
        ends!(emsp.stop_session("cpo", &session_id));
        ends!(emsp.unlock_connector("cpo", &connector));
        ends!(emsp.reserve_now("cpo", &token, &key, &reservation, until));
        if self.version < Version::V2_2 {
            self.watch.failure(emsp.cancel_reservation("cpo", &reservation).await);
            return;
        }
        ends!(emsp.cancel_reservation("cpo", &reservation));
        let profile = ChargingProfileInit { charging_rate_unit: ChargingRateUnit::W }.into();
        ends!(emsp.set_charging_profile("cpo", &session_id, profile));
        ends!(emsp.active_charging_profile("cpo", &session_id, 3_600));
        ends!(emsp.clear_charging_profile("cpo", &session_id));
    }
}

/// Charge points that do as they are asked, and say so a moment later.
pub(crate) struct ChargePoints(pub(crate) Ours);

impl ChargePoints {
    fn post<P: Endpoint<Response = ()> + Debug + Send + Sync + 'static>(&self, caller: &Caller, result: P) {
        let (platform, partner) = (Arc::clone(&self.0), caller.partner.id.as_str().to_owned());
        log::trace!("to be posted: {result:?}");
        tokio::spawn(async move {
            let sent = platform.send(&partner, &result).await;
            sent.expect("it is waited for");
        });
    }
}

macro_rules! commands {
    ($($command:ident)+) => { $(
        impl Handle<$command> for ChargePoints {
            async fn handle(&self, caller: &Caller, it: $command) -> Result<CommandResponse, Refusal> {
                // As a charge point of somebody else would log it.
                log::trace!("asked: {it:?}");
                self.post(caller, result_to(it.response_url, CommandResultType::Accepted));
                Ok(CommandResponseInit { result: CommandResponseType::Accepted, timeout: 30 }.into())
            }
        }
    )+ };
}

commands! { CancelReservation ReserveNow StartSession StopSession UnlockConnector }

macro_rules! profiles {
    ($($request:ident at $($url:ident).+ => $post:ident, $result:ident;)+) => { $(
        impl Handle<$request> for ChargePoints {
            async fn handle(&self, caller: &Caller, it: $request) -> Result<ChargingProfileResponse, Refusal> {
                log::trace!("asked: {it:?}");
                let result = $result { result: ChargingProfileResultType::Accepted }.into();
                self.post(caller, $post { url: it.$($url).+, result });
                let result = ChargingProfileResponseType::Accepted;
                Ok(ChargingProfileResponseInit { result, timeout: 30 }.into())
            }
        }
    )+ };
}

profiles! {
    GetActiveChargingProfile at response_url => PostActiveChargingProfileResult, ActiveChargingProfileResultInit;
    PutChargingProfile at request.response_url => PostChargingProfileResult, ChargingProfileResultInit;
    ClearChargingProfile at response_url => PostClearProfileResult, ClearProfileResultInit;
}
