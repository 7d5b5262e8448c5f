//! The schedules of the model through the machine: every state must be the model's.

use std::time::Duration;

use bytes::Bytes;
use ocpi_server_traits::order::{Arrival, Doubt, OrderSettings, StoredCopy, Update, UpdateOutcome};
use ocpi_server_traits::storage::{Address, Memory, NewDocument, Rejected, StoreExt};
use ocpi_server_traits::{Cause, Objects};
use ocpi_testkit::party;
use ocpi_types::endpoint::{Owned, Resource};
use ocpi_types::{DateTime, Object, Patched, Version, json, v2_1_1, v2_2_1, v2_3_0};

use pollster::block_on;

use super::schedule::{Event, Input, Schedule, State};
use super::wire::{Wire, root, time};

/// Schedules that are always replayed: of each world, and of each kind of object in it.
const FIXTURE: &str = include_str!("../../fixtures/order.jsonl");

#[test]
fn the_schedules_of_the_model_give_its_states() {
    let more = std::env::var("OCPI_SCHEDULES").ok();
    let lines = match more {
        Some(path) => std::fs::read_to_string(path).expect("a file of schedules"),
        None => FIXTURE.to_owned(),
    };
    let (mut count, mut events) = (0, 0);
    for line in lines.lines() {
        let schedule = Schedule::read(line);
        for version in [Version::V2_1_1, Version::V2_2_1, Version::V2_3_0] {
            events += replay(&schedule, version);
        }
        count += 1;
    }
    println!("{count} schedules, each in three versions: {events} states as the model has them");
    assert!(count >= 50, "too few schedules");
}

/// Replays a schedule with the objects of a version; returns the number of events.
fn replay(schedule: &Schedule, version: Version) -> usize {
    macro_rules! of {
        ($module:ident $own:path) => {{
            use $module::locations::{Evse, Location};
            use $module::sessions::Session;
            use $module::tariffs::Tariff;
            use $module::tokens::Token;
            use $own::{EvseKey, LocationKey, SessionKey, TariffKey, TokenKey};
            match schedule.object.as_str() {
                "location" => {
                    let location_id: LocationKey = LocationKey { location_id: parsed("L") };
                    let evse = |uid: &str| EvseKey { location_id: parsed("L"), evse_uid: parsed(uid) };
                    Replay::<Location>::new(schedule, version, location_id).run(
                        |replay, event| replay.patched::<Location>(event, replay.key.clone()),
                        |replay, event, part| replay.part::<Evse>(event, evse(part)),
                    )
                }
                "session" => Replay::<Session>::new(schedule, version, SessionKey { session_id: parsed("S") })
                    .run(|replay, event| replay.patched::<Session>(event, replay.key.clone()), no_part),
                "token" => Replay::<Token>::new(schedule, version, token_key!($module TokenKey))
                    .run(|replay, event| replay.patched::<Token>(event, replay.key.clone()), no_part),
                _ => Replay::<Tariff>::new(schedule, version, TariffKey { tariff_id: parsed("T") })
                    .run(|replay, event| replay.patched::<Tariff>(event, replay.key.clone()), no_part),
            }
        }};
    }
    macro_rules! token_key {
        (v2_1_1 $key:ident) => {
            $key { token_uid: parsed("K") }
        };
        ($other:ident $key:ident) => {
            $key { uid: parsed("K"), r#type: "RFID".into() }
        };
    }
    match version {
        Version::V2_1_1 => of!(v2_1_1 ocpi_types::endpoint::v2_1_1),
        Version::V2_2_1 => of!(v2_2_1 ocpi_types::endpoint),
        _ => of!(v2_3_0 ocpi_types::endpoint),
    }
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("an id")
}

fn no_part<R: Resource<Root = R>>(_: &mut Replay<'_, R>, _: &Event, _: &str) -> UpdateOutcome {
    panic!("no parts")
}

/// One schedule with objects of one type, which are kept in a store between the events.
struct Replay<'a, R: Resource> {
    schedule: &'a Schedule,
    wire: Wire,
    key: R::Key,
    settings: OrderSettings,
    store: Memory,
    doubt: Option<Doubt>,
    /// The same in `Objects`.
    objects: Objects<Memory>,
}

impl<'a, R: Resource<Root = R>> Replay<'a, R> {
    fn new(schedule: &'a Schedule, version: Version, key: R::Key) -> Self {
        let millis = |name| Duration::from_millis(schedule.parameter(name));
        let mut settings = OrderSettings::default();
        settings.tolerance = millis("tolerance");
        settings.window = millis("window");
        settings.near = millis("near");
        settings.old_answers = u32::try_from(schedule.parameter("asks")).expect("a small number");
        let objects = Objects::new(Memory::new(), vec![]).with_order(settings);
        Self { schedule, wire: Wire(version), key, settings, store: Memory::new(), doubt: None, objects }
    }

    fn run(
        mut self,
        patch_root: impl Fn(&mut Self, &Event) -> UpdateOutcome,
        part: impl Fn(&mut Self, &Event, &str) -> UpdateOutcome,
    ) -> usize {
        let kind = self.schedule.object.as_str();
        for (number, event) in self.schedule.events.iter().enumerate() {
            let outcome = match &event.input {
                Input::Put(picture) => {
                    let object: R = read(&self.wire.object(kind, picture));
                    Some(self.take::<R>(self.key.clone(), Update::put(object), event.at))
                }
                Input::Patch { part: key, .. } if key == root(kind) => Some(patch_root(&mut self, event)),
                Input::PutPart { part: key, .. } | Input::Patch { part: key, .. } => {
                    Some(part(&mut self, event, key))
                }
                Input::Delete => Some(self.take::<R>(self.key.clone(), Update::delete(), event.at)),
                Input::Ask => {
                    self.change(event.at, |copy, _, _, _| copy.ask());
                    None
                }
                Input::Answer { asked, is_believed, picture } => {
                    let object = picture.as_ref().map(|picture| read(&self.wire.object(kind, picture)));
                    let outcome = self.change(event.at, |copy, settings, _, now| {
                        assert_eq!(copy.is_believed(settings), *is_believed);
                        copy.answer(object.clone(), time(*asked), now, settings).expect("an answer")
                    });
                    let at = self.owned(self.key.clone());
                    let (asked, came) = (time(*asked), time(event.at));
                    let answer = self.objects.answer::<R>(&at, object, asked, came, &Cause::Here);
                    let mut answer = block_on(answer).expect("an answer");
                    // The copy was in doubt no more since it was asked about.
                    answer.is_settled = outcome.is_settled;
                    assert_eq!(answer, outcome);
                    None
                }
            };
            let what = || {
                let Schedule { seed, world, .. } = self.schedule;
                format!("seed {seed} ({world}), {kind} of {:?}, event {number}", self.wire.0)
            };
            assert_eq!(outcome.map(|outcome| format!("{:?}", outcome.taken)), event.taken, "{}", what());
            let (found, due) = (self.state(), &event.state);
            assert_eq!(&found, &self.as_written(due), "{}", what());
            self.is_in_objects(&what());
        }
        self.schedule.events.len()
    }

    /// PATCH of a resource.
    fn patched<T: Resource<Root = R> + Patched>(&mut self, event: &Event, key: T::Key) -> UpdateOutcome {
        let Input::Patch { part, stamp, members, parts, periods } = &event.input else { panic!("no PATCH") };
        let kind = self.schedule.object.as_str();
        let kind = if part == root(kind) { kind } else { "evse" };
        let patch = read(&self.wire.patch(kind, *stamp, members, parts, periods));
        self.take::<T>(key, Update::patch(patch), event.at)
    }

    /// PUT or PATCH of a part.
    fn part<T: Resource<Root = R> + Patched>(&mut self, event: &Event, key: T::Key) -> UpdateOutcome {
        match &event.input {
            Input::PutPart { part, stamp, members } => {
                let part =
                    super::schedule::Part { key: part.clone(), stamp: *stamp, members: members.clone() };
                let object: T = read(&self.wire.evse(&part).to_string());
                self.take::<T>(key, Update::put(object), event.at)
            }
            _ => self.patched::<T>(event, key),
        }
    }

    fn take<T: Resource<Root = R>>(&mut self, key: T::Key, update: Update<T>, at: i64) -> UpdateOutcome {
        let (place, arrival) = (self.owned(key), Arrival::of(&update, time(at)));
        let outcome = self.change(at, |copy, settings, _, _| {
            copy.take::<T>(&place, update.clone(), arrival, settings).expect("an update")
        });
        let taken = self.objects.take::<T>(&place, update, arrival, &Cause::Here);
        assert_eq!(block_on(taken).expect("an update"), outcome);
        outcome
    }

    fn owned<K>(&self, key: K) -> Owned<K> {
        Owned { owner: party("NL/ALF"), key }
    }

    /// `Objects` has the same object. It keeps a doubt until the answer, where the model forgets it when it asks.
    fn is_in_objects(&self, what: &str) {
        let copy = self.load(time(0));
        let at = self.owned(self.key.clone());
        let object: Option<R> = block_on(self.objects.get(&at)).expect("a store");
        assert_eq!(object, copy.object, "{what}");
        let doubt = block_on(self.objects.doubt::<R>(&at)).expect("a store");
        assert!(doubt.is_some() || copy.doubt.is_none(), "{what}");
    }

    /// Loads the copy, changes it, and stores it.
    fn change<X: Send + 'static>(
        &mut self,
        at: i64,
        change: impl FnOnce(&mut StoredCopy<R>, &OrderSettings, &Owned<R::Key>, DateTime) -> X,
    ) -> X {
        let owned = self.owned(self.key.clone());
        let mut copy = self.load(time(at));
        let result = change(&mut copy, &self.settings, &owned, time(at));
        self.doubt = copy.doubt;
        let body = copy.object.as_ref().map(json::to_vec).unwrap_or_default();
        let stamps = copy.stamps.to_bytes();
        let write = self.store.update(vec![address()], move |tx| {
            let document = NewDocument::new(body.clone(), "json", time(0)).with_stamps(stamps.clone());
            tx.put(&address(), document)?;
            Ok::<_, Rejected<()>>(())
        });
        block_on(write).expect("a store");
        result
    }

    fn load(&self, now: DateTime) -> StoredCopy<R> {
        let document = block_on(self.store.get(&address())).expect("a store");
        let (body, stamps) =
            document.map_or((Bytes::new(), Bytes::new()), |known| (known.body, known.stamps));
        let object = (!body.is_empty()).then(|| read(std::str::from_utf8(&body).expect("a text")));
        StoredCopy::load(object, &stamps, self.doubt.clone(), now)
    }

    fn state(&self) -> State {
        let copy = self.load(time(0));
        let kind = self.schedule.object.as_str();
        let values = copy.object.as_ref().map(|object| self.wire.values(kind, &json::to_string(object)));
        let (parts, periods) = values.unwrap_or_default();
        let gone = copy.stamps.gone().map(str::to_uppercase).collect();
        let (is_deleted, in_doubt) = (copy.stamps.is_deleted(), copy.doubt.is_some());
        State { parts, periods, gone, is_deleted, in_doubt }
    }

    /// The state that is due, with its values as they can be read from the objects.
    fn as_written(&self, due: &State) -> State {
        let mut parts = due.parts.clone();
        if let Some(alt) = parts.get_mut("T").and_then(|members| members.get_mut("alt")) {
            let number = alt.as_i64().expect("a number");
            *alt = if number < 1_000 { number } else { 1_000 + number / 10_000 }.into();
        }
        let State { ref periods, ref gone, is_deleted, in_doubt, .. } = *due;
        State { parts, periods: periods.clone(), gone: gone.clone(), is_deleted, in_doubt }
    }
}

fn address() -> Address {
    Address::new("Object", "NL/ALF", "1")
}

fn read<T: Object>(text: &str) -> T {
    json::read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}")).value
}
