//! Properties of the order of updates.

use ocpi_server_traits::order::{Arrival, OrderSettings, Stamps, StoredCopy, Taken, Update};
use ocpi_testkit::{evse_json, location_json, parse, session_json, tariff_json, token_json};
use ocpi_types::endpoint::{ConnectorKey, EvseKey, Owned, Resource, RootResource};
use ocpi_types::v2_3_0::locations::{Connector, Evse, Location};
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{DateTime, Object, Patched, json};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};

use super::wire::time;

/// A copy, and the time of the last arrival.
struct Receiver<R> {
    copy: StoredCopy<R>,
    settings: OrderSettings,
}

impl<R: RootResource> Receiver<R> {
    fn of(object: R, came: i64) -> Self {
        let mut receiver = Self { copy: StoredCopy::default(), settings: OrderSettings::default() };
        let at = object.identity();
        assert_eq!(receiver.take::<R>(&at, Update::put(object), came), Taken::Created);
        receiver
    }

    fn take<T: Resource<Root = R>>(&mut self, at: &Owned<T::Key>, update: Update<T>, came: i64) -> Taken {
        let arrival = Arrival::of(&update, time(came));
        self.copy.take::<T>(at, update, arrival, &self.settings).expect("an update").taken
    }

    fn object(&self) -> &R {
        self.copy.object.as_ref().expect("an object")
    }
}

/// A message about a Location with one EVSE of one Connector. Values are numbers, its time is in seconds.
#[derive(Clone, Copy, Debug)]
enum Message {
    PatchName(i64),
    PatchCity(i64),
    PatchStatus(i64),
    PatchVoltage(i64),
    PutConnector(i64),
    PutEvse(i64),
    PutLocation(i64),
    PatchEvses(i64),
}

use Message::{
    PatchCity, PatchEvses, PatchName, PatchStatus, PatchVoltage, PutConnector, PutEvse, PutLocation,
};

const MAKERS: [fn(i64) -> Message; 8] =
    [PatchName, PatchCity, PatchStatus, PatchVoltage, PutConnector, PutEvse, PutLocation, PatchEvses];

fn stamp(seconds: i64) -> String {
    time(seconds * 1_000).to_string()
}

fn connector(value: i64) -> Connector {
    let connector = format!(
        r#"{{"id": "C1", "standard": "IEC_62196_T2", "format": "SOCKET", "power_type": "AC_3_PHASE",
        "max_voltage": {value}, "max_amperage": 32, "last_updated": "{}"}}"#,
        stamp(value)
    );
    parse(&connector)
}

/// Its Connector is older by a third of a second, and it is older than the Location by as much: no two times are equal.
fn evse(value: i64) -> Evse {
    let mut evse: Evse = parse(&evse_json("E1", "10:00:00").replace("AVAILABLE", &format!("S{value}")));
    let mut inner = connector(value);
    inner.last_updated = time(value * 1_000 - 333);
    evse.connectors = vec![inner].try_into().expect("a connector");
    evse.last_updated = time(value * 1_000);
    evse
}

fn location(value: i64) -> Location {
    let mut location: Location = parse(&location_json("NL/ALF", "L1", "10:00:00"));
    location.name = Some(format!("N{value}").parse().expect("a name"));
    location.city = format!("C{value}").parse().expect("a city");
    location.evses = vec![evse(value)];
    location.evses[0].last_updated = time(value * 1_000 - 166);
    location.last_updated = time(value * 1_000);
    location
}

fn patch<T: Patched>(members: &str, seconds: i64) -> T::Patch {
    json::from_str(&format!(r#"{{{members}, "last_updated": "{}"}}"#, stamp(seconds))).expect("a PATCH")
}

/// Member by member: values and the times that they have, in milliseconds.
type Newest = [(i64, i64); 4];

impl Message {
    fn send(self, to: &mut Receiver<Location>, came: i64) -> Taken {
        let owner = ocpi_testkit::party("NL/ALF");
        let root = Owned { owner: owner.clone(), key: location(0).identity().key };
        let (location_id, evse_uid) = (root.key.location_id.clone(), "E1".parse().expect("an id"));
        let of_evse = Owned { owner: owner.clone(), key: EvseKey { location_id, evse_uid } };
        let EvseKey { location_id, evse_uid } = of_evse.key.clone();
        let connector_id = "C1".parse().expect("an id");
        let of_connector = Owned { owner, key: ConnectorKey { location_id, evse_uid, connector_id } };
        match self {
            PatchName(v) => {
                let patch = patch::<Location>(&format!(r#""name": "N{v}""#), v);
                to.take::<Location>(&root, Update::patch(patch), came)
            }
            PatchCity(v) => {
                let patch = patch::<Location>(&format!(r#""city": "C{v}""#), v);
                to.take::<Location>(&root, Update::patch(patch), came)
            }
            PatchStatus(v) => {
                let patch = patch::<Evse>(&format!(r#""status": "S{v}""#), v);
                to.take::<Evse>(&of_evse, Update::patch(patch), came)
            }
            PatchVoltage(v) => {
                let patch = patch::<Connector>(&format!(r#""max_voltage": {v}"#), v);
                to.take::<Connector>(&of_connector, Update::patch(patch), came)
            }
            PutConnector(v) => to.take::<Connector>(&of_connector, Update::put(connector(v)), came),
            PutEvse(v) => to.take::<Evse>(&of_evse, Update::put(evse(v)), came),
            PutLocation(v) => to.take::<Location>(&root, Update::put(location(v)), came),
            PatchEvses(v) => {
                let evses = json::to_string(&location(v).evses[0]);
                let patch = patch::<Location>(&format!(r#""evses": [{evses}]"#), v);
                to.take::<Location>(&root, Update::patch(patch), came)
            }
        }
    }

    /// Name, city, status and voltage after the message: the newest of each.
    fn apply(self, newest: &mut Newest) {
        let mut set = |member: usize, value: i64, back: i64| {
            let time = value * 1_000 - back;
            if time > newest[member].1 {
                newest[member] = (value, time);
            }
        };
        match self {
            PatchName(v) => set(0, v, 0),
            PatchCity(v) => set(1, v, 0),
            PatchStatus(v) => set(2, v, 0),
            PatchVoltage(v) | PutConnector(v) => set(3, v, 0),
            PutEvse(v) => {
                set(2, v, 0);
                set(3, v, 333);
            }
            PutLocation(v) | PatchEvses(v) => {
                if matches!(self, PutLocation(_)) {
                    set(0, v, 0);
                    set(1, v, 0);
                }
                set(2, v, 166);
                set(3, v, 333);
            }
        }
    }
}

fn values(location: &Location) -> [i64; 4] {
    let number = |text: &str| text[1..].parse().expect("a number");
    let evse = &location.evses[0];
    [
        number(location.name.as_ref().expect("a name").as_str()),
        number(location.city.as_str()),
        number(evse.status.as_str()),
        evse.connectors[0].max_voltage,
    ]
}

fn of_all(messages: &[Message]) -> [i64; 4] {
    let mut newest = [(1, i64::MIN); 4];
    PutLocation(1).apply(&mut newest);
    for message in messages {
        message.apply(&mut newest);
    }
    newest.map(|(value, _)| value)
}

/// Every order of the numbers below `count`.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let shorter = if count == 0 { return vec![vec![]] } else { orders(count - 1) };
    let longer = shorter.iter().flat_map(|order| {
        (0..=order.len()).map(|place| {
            let mut order = order.clone();
            order.insert(place, count - 1);
            order
        })
    });
    longer.collect()
}

/// Of right and fine times, every order of six updates gives one object: that of the newest members.
#[test]
fn every_order_of_six_updates_gives_one_object() {
    let messages =
        [PatchName(11), PatchStatus(12), PutLocation(13), PutEvse(14), PatchCity(15), PutConnector(16)];
    let due = of_all(&messages);
    for order in orders(messages.len()) {
        let mut receiver = Receiver::of(location(1), 20_000);
        for (number, place) in order.iter().enumerate() {
            let came = 21_000 + i64::try_from(number).expect("a small number") * 100;
            messages[*place].send(&mut receiver, came);
        }
        assert_eq!(values(receiver.object()), due, "{order:?}");
    }
}

fn messages() -> impl Strategy<Value = Vec<Message>> {
    vec((0..MAKERS.len(), any::<u32>(), any::<bool>()), 1..16).prop_map(|messages| {
        let made = messages
            .iter()
            .zip(2..)
            .map(|((kind, order, twice), value)| (*order, MAKERS[*kind](value), *twice));
        let mut made: Vec<_> =
            made.flat_map(|(order, message, twice)| vec![(order, message); 1 + usize::from(twice)]).collect();
        // The second copy comes at any time after the first.
        made.sort_by_key(|(order, _)| *order);
        made.into_iter().map(|(_, message)| message).collect()
    })
}

proptest! {
    /// Any order of any updates, with repeats, gives the newest of each member; the same again changes nothing.
    #[test]
    fn every_interleaving_gives_the_newest_of_each_member(messages in messages()) {
        let mut receiver = Receiver::of(location(1), 30_000);
        for (message, came) in messages.iter().zip(31..) {
            message.send(&mut receiver, came * 1_000);
        }
        let due = of_all(&messages);
        prop_assert_eq!(values(receiver.object()), due);
        for message in &messages {
            let taken = message.send(&mut receiver, 100_000);
            prop_assert!(matches!(taken, Taken::Unchanged | Taken::Older), "{:?}", taken);
        }
        prop_assert_eq!(values(receiver.object()), due);
    }

    /// Whatever the times of the messages: an answer that was asked for after all of them is the copy, at the latest when
    /// it is repeated.
    #[test]
    fn an_answer_heals_everything(
        stamps in vec((0..MAKERS.len(), 0_usize..6, -9_000_i64..9_000), 1..12),
        now in 20_000_i64..21_000,
    ) {
        let mut receiver = Receiver::of(location(1), now * 1_000 - 1_000);
        for ((kind, _, stamp), number) in stamps.iter().zip(0..) {
            // Values are times here; some are far in the future.
            MAKERS[*kind](30_000 + stamp * 3).send(&mut receiver, (now + number) * 1_000);
        }
        let truth = location(20_500);
        let mut asked = (now + 60) * 1_000;
        for _ in 0..=receiver.settings.old_answers {
            receiver.copy.ask();
            let settings = receiver.settings;
            receiver.copy.answer(Some(truth.clone()), time(asked), time(asked + 500), &settings).expect("an answer");
            if receiver.copy.doubt.is_none() {
                break;
            }
            asked += 10_000;
        }
        prop_assert_eq!(values(receiver.object()), values(&truth));
        prop_assert!(receiver.copy.doubt.is_none());
    }

    /// With right clocks, whatever differs from the owner is in doubt.
    #[test]
    fn with_right_clocks_nothing_is_wrong_in_silence(
        deletes in vec(any::<bool>(), 1..8),
        late in vec(0_u32..9, 8),
    ) {
        // The owner changes or deletes the Tariff every ten seconds; messages come up to ninety seconds late.
        let mut tariff: Tariff = parse(&tariff_json("NL/ALF", "T1", "12:00:00"));
        let at = tariff.identity();
        let mut receiver = Receiver::of(tariff.clone(), 1_000);
        let mut truth = Some(tariff.clone());
        let mut sent = Vec::new();
        for ((delete, late), number) in deletes.iter().zip(&late).zip(1_i64..) {
            let made = number * 10_000;
            let message = if *delete && truth.is_some() { None } else {
                tariff.min_price = Some(json::from_str(&format!(r#"{{"before_taxes": {number}}}"#)).expect("a limit"));
                tariff.last_updated = time(made);
                Some(tariff.clone())
            };
            truth.clone_from(&message);
            sent.push((made + i64::from(*late) * 10_000 + 500 + number, message));
        }
        sent.sort_by_key(|(came, _)| *came);
        for (came, message) in sent {
            let update = message.map_or_else(Update::delete, Update::put);
            receiver.take::<Tariff>(&at, update, came);
        }
        if receiver.copy.object != truth {
            prop_assert!(receiver.copy.doubt.is_some());
        }
    }

    /// Whatever time an object has, of any year: a right change that comes later is made.
    #[test]
    fn no_time_freezes_an_object(year in 1_i32..=9999, month in 1_u32..=12, is_patch in any::<bool>()) {
        let odd: DateTime = format!("{year:04}-{month:02}-28T12:00:00Z").parse().expect("a time");
        let with = |text: &str| text.replace("2026-11-22T10:00:00Z", &odd.to_string());
        let (came, now) = (0, 60_000);

        let first: Location = parse(&with(&location_json("NL/ALF", "L1", "10:00:00")));
        let mut receiver = Receiver::of(first, came);
        let value = 59;
        for message in if is_patch { [PatchName(value), PatchCity(value), PatchStatus(value), PatchVoltage(value)] }
            else { [PutLocation(value); 4] }
        {
            message.send(&mut receiver, now);
        }
        prop_assert_eq!(values(receiver.object()), [value; 4]);

        let mut session = changed(parse::<Session>(&with(&session_json("NL/ALF", "S1", "10:00:00"))), is_patch, r#""kwh": 7"#);
        prop_assert_eq!(session.take_kwh(), "7");
        let mut token = changed(parse::<Token>(&with(&token_json("NL/ALF", "K1", "10:00:00"))), is_patch, r#""valid": false"#);
        prop_assert!(!token.copy.object.take().expect("a Token").valid);
        let tariff = tariff_json("NL/ALF", "T1", "10:00:00");
        let tariff = changed(parse::<Tariff>(&with(&tariff)), is_patch, r#""currency": "SEK""#);
        prop_assert_eq!(tariff.object().currency.as_str(), "SEK");
    }

    /// A charging period of a PATCH is in the Session afterwards, whatever its time; a PUT of fewer, in order, leaves fewer.
    #[test]
    fn no_period_of_a_patch_is_lost(stamps in vec(-100_000_i64..100_000, 1..8), start in 0_i64..50, years in 0_i64..3) {
        let mut receiver = Receiver::of(parse::<Session>(&session_json("NL/ALF", "S1", "10:00:00")), 0);
        let at = receiver.object().identity();
        for (seconds, number) in stamps.iter().zip(1..) {
            let began = start + number;
            let members = format!(
                r#""charging_periods": [{{"start_date_time": "{}", "dimensions": [{{"type": "ENERGY", "volume": 1}}]}}]"#,
                stamp(began)
            );
            let change = patch::<Session>(&members, seconds + years * 31_536_000);
            let taken = receiver.take::<Session>(&at, Update::patch(change), number * 1_000);
            prop_assert_eq!(taken, Taken::Updated);
            let starts: Vec<_> = receiver.object().charging_periods.iter().map(|period| period.start_date_time).collect();
            prop_assert!(starts.contains(&time(began * 1_000)));
            prop_assert!(starts.is_sorted());
        }
        // In order, with right times.
        let mut fewer = receiver.object().clone();
        let count = fewer.charging_periods.len();
        for (left, came) in (0..count).rev().zip(200_000..) {
            fewer.charging_periods.pop();
            fewer.last_updated = time(came * 1_000);
            receiver.take::<Session>(&at, Update::put(fewer.clone()), came * 1_000 + 50);
            let late = stamps.iter().any(|seconds| seconds + years * 31_536_000 >= came);
            if !late {
                prop_assert_eq!(receiver.object().charging_periods.len(), left);
            }
        }
    }

    /// An owner that puts the same again after ten minutes is believed, whatever is there; sooner, nothing changes.
    #[test]
    fn an_owner_that_insists_is_heard(messages in messages(), year in 1_i32..=9999) {
        let mut receiver = Receiver::of(location(1), 30_000);
        for (message, came) in messages.iter().zip(31..) {
            message.send(&mut receiver, came * 1_000);
        }
        let mut odd = location(7);
        odd.name = Some("N0".parse().expect("a name"));
        odd.last_updated = format!("{year:04}-06-01T00:00:00Z").parse().expect("a time");
        let at = odd.identity();
        receiver.take::<Location>(&at, Update::put(odd.clone()), 100_000);
        let between = values(receiver.object());
        receiver.take::<Location>(&at, Update::put(odd.clone()), 160_000);
        prop_assert_eq!(values(receiver.object()), between);
        receiver.take::<Location>(&at, Update::put(odd.clone()), 700_000);
        prop_assert_eq!(values(receiver.object()), values(&odd));
    }

    /// Bytes that are no times are no danger.
    #[test]
    fn any_bytes_can_be_read(bytes in vec(any::<u8>(), 0..200)) {
        for mut bytes in [bytes.clone(), [&[1, 0], &bytes[..]].concat()] {
            let _ = Stamps::from_bytes(&bytes);
            bytes.truncate(bytes.len() / 2);
            let _ = Stamps::from_bytes(&bytes);
        }
    }

    /// Times come back from their bytes, and no end of them is taken for the whole.
    #[test]
    fn times_come_back_from_their_bytes(messages in messages(), step in 1_i64..5_000) {
        let mut receiver = Receiver::of(location(1), 30_000);
        for (message, came) in messages.iter().zip(31..) {
            message.send(&mut receiver, came * step);
        }
        let bytes = receiver.copy.stamps.to_bytes();
        prop_assert_eq!(Stamps::from_bytes(&bytes), Some(receiver.copy.stamps));
        for end in 0..bytes.len() {
            prop_assert!(Stamps::from_bytes(&bytes[..end]).is_none());
        }
    }
}

/// A copy of an object after a right change a minute later.
fn changed<R: RootResource + Patched>(object: R, is_patch: bool, member: &str) -> Receiver<R> {
    let (at, text) = (object.identity(), json::to_string(&object));
    let mut receiver = Receiver::of(object, 0);
    let change = patch::<R>(member, 59);
    let update = if is_patch { Update::patch(change) } else { Update::put(with_change::<R>(&text, change)) };
    receiver.take::<R>(&at, update, 60_000);
    receiver
}

fn with_change<R: Object + Patched>(text: &str, change: R::Patch) -> R {
    let mut object: R = parse(text);
    object.apply(change);
    object
}

impl Receiver<Session> {
    fn take_kwh(&mut self) -> String {
        self.object().kwh.to_string()
    }
}

/// The times of a Location of ten EVSEs with two Connectors each.
#[test]
fn the_times_of_a_location_are_small() {
    let mut big = location(1);
    big.evses = (0..10)
        .map(|number| {
            let mut evse = evse(number);
            evse.uid = format!("NL*ALF*E{number:06}").parse().expect("an id");
            let mut second = connector(number);
            second.id = "C2".parse().expect("an id");
            evse.connectors.push(second);
            evse
        })
        .collect();
    let body = json::to_vec(&big).len();
    let mut receiver = Receiver::of(big, 30_123);
    let bytes = receiver.copy.stamps.to_bytes().len();
    assert!(bytes < 600, "{bytes} bytes beside {body}");
    // A change of a member: some bytes more.
    PatchName(40).send(&mut receiver, 41_234);
    let more = receiver.copy.stamps.to_bytes().len() - bytes;
    assert!(more <= 16, "{more} bytes");
}

/// The work of a PATCH grows as its EVSEs do and as those that are there, not as their product.
#[test]
fn a_patch_of_many_evses_is_linear() {
    let steps = |count: i64| {
        let evses = |from: i64| {
            (from..from + count).map(|number| {
                let mut evse = evse(number % 50);
                evse.uid = format!("E{number}").parse().expect("an id");
                evse
            })
        };
        let mut there = location(1);
        there.evses = evses(0).collect();
        let mut receiver = Receiver::of(there, 60_000);
        let at = receiver.object().identity();
        let mut change = patch::<Location>(r#""name": "N2""#, 59);
        change.evses = evses(count).collect::<Vec<_>>().into();
        let update = Update::patch(change);
        let arrival = Arrival::of(&update, time(61_000));
        let outcome =
            receiver.copy.take::<Location>(&at, update, arrival, &receiver.settings).expect("a PATCH");
        assert_eq!(receiver.object().evses.len(), usize::try_from(2 * count).expect("a count"));
        outcome.steps
    };
    let (one, two) = (steps(1_000), steps(2_000));
    assert!(two * 2 < one * 5, "{one} steps for 1,000, {two} for 2,000");
}
