//! The objects of both sides as they should be, and whether the other side has been told so.

use std::collections::BTreeMap;
use std::fmt;

use ocpi_testkit::{cdr_json, location_json, parse, session_json, tariff_json, token_json};
use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::locations::{Location, Status};
use ocpi_types::v2_3_0::sessions::Session;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{DateTime, Object};
use serde_json::{Value, json};

use super::world::{CPO, EMSP, PARTIES, World};

/// Kind of an object that is pushed.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Kind {
    Location,
    Tariff,
    Session,
    Cdr,
    Token,
}

impl Kind {
    pub(crate) const OF_CPO: [Self; 4] = [Self::Location, Self::Tariff, Self::Session, Self::Cdr];

    /// The side that has them.
    pub(crate) fn owner(self) -> usize {
        if self == Self::Token { EMSP } else { CPO }
    }

    fn letter(self) -> char {
        match self {
            Self::Location => 'L',
            Self::Tariff => 'T',
            Self::Session => 'S',
            Self::Cdr => 'C',
            Self::Token => 'U',
        }
    }
}

/// Key of an object: its kind and a number.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Key {
    pub(crate) kind: Kind,
    pub(crate) number: u64,
}

impl Key {
    pub(crate) fn id(self) -> String {
        format!("{}{}", self.kind.letter(), self.number)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {}", self.kind, self.id())
    }
}

/// State of an object: what a push sets, and what a patch sets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct State {
    pub(crate) whole: u64,
    pub(crate) part: u64,
    pub(crate) updated: DateTime,
    pub(crate) part_updated: DateTime,
    /// Whether the other side has said that it has it.
    pub(crate) is_there: bool,
}

/// The objects as they should be.
#[derive(Debug, Default)]
pub(crate) struct Truth(pub(crate) BTreeMap<Key, State>);

impl Truth {
    /// Changes the whole of an object, or makes it.
    pub(crate) fn change(&mut self, key: Key, now: DateTime) {
        let state = self.0.entry(key).or_insert(State {
            whole: 0,
            part: 0,
            updated: now,
            part_updated: now,
            is_there: false,
        });
        *state = State { whole: state.whole + 1, updated: now, is_there: false, ..*state };
    }

    /// Changes a part of an object.
    pub(crate) fn change_part(&mut self, key: Key, now: DateTime) {
        if let Some(state) = self.0.get_mut(&key) {
            (state.part, state.updated, state.part_updated) = (state.part + 1, now, now);
        }
    }
}

fn changed<T: Object>(json: &str, change: impl FnOnce(&mut Value)) -> T {
    let mut value: Value = serde_json::from_str(json).expect("JSON");
    change(&mut value);
    parse(&value.to_string())
}

/// Status of an EVSE, as often as it was patched.
pub(crate) fn status(part: u64) -> Status {
    if part % 2 == 0 { Status::Available } else { Status::Charging }
}

const OLD: &str = "08:00:00";

pub(crate) fn location(key: Key, state: &State) -> Location {
    changed(&location_json(PARTIES[CPO], &key.id(), OLD), |location| {
        location["address"] = json!(format!("Street {}", state.whole));
        location["last_updated"] = json!(state.updated.to_string());
        location["evses"][0]["status"] = json!(status(state.part).as_str());
        location["evses"][0]["last_updated"] = json!(state.part_updated.to_string());
    })
}

pub(crate) fn tariff(key: Key, state: &State) -> Tariff {
    changed(&tariff_json(PARTIES[CPO], &key.id(), OLD), |tariff| {
        tariff["elements"][0]["price_components"][0]["price"] = json!(state.whole);
        tariff["last_updated"] = json!(state.updated.to_string());
    })
}

pub(crate) fn session(key: Key, state: &State) -> Session {
    changed(&session_json(PARTIES[CPO], &key.id(), OLD), |session| {
        session["kwh"] = json!(state.part);
        session["meter_id"] = json!(format!("meter {}", state.whole));
        session["last_updated"] = json!(state.updated.to_string());
    })
}

pub(crate) fn cdr(key: Key) -> Cdr {
    parse(&cdr_json(PARTIES[CPO], &key.id(), OLD))
}

pub(crate) fn token(key: Key, state: &State) -> Token {
    changed(&token_json(PARTIES[EMSP], &key.id(), OLD), |token| {
        token["issuer"] = json!(format!("EM {}", state.whole));
        token["valid"] = json!(state.part % 2 == 0);
        token["last_updated"] = json!(state.updated.to_string());
    })
}

/// The differences between an object as it should be and the copy of the other side. Several objects of a key are one, too.
pub(crate) async fn differences(world: &World, key: Key, state: &State) -> Option<String> {
    let copies = world.objects(1 - key.kind.owner());
    macro_rules! copies {
        ($type:ty, $id:ident) => {{
            let all = copies.all::<$type>().await.expect("a store").objects;
            let same: Vec<_> = all.into_iter().filter(|it| it.$id.as_str() == key.id()).collect();
            match <[$type; 1]>::try_from(same) {
                Ok([copy]) => copy,
                Err(same) => return Some(format!("{key}: {} copies", same.len())),
            }
        }};
    }
    let (is, should) = match key.kind {
        Kind::Location => {
            let (copy, due) = (copies!(Location, id), location(key, state));
            let shown = |it: &Location| format!("{} {}", it.address, it.evses[0].status);
            (shown(&copy), shown(&due))
        }
        Kind::Tariff => {
            let (copy, due) = (copies!(Tariff, id), tariff(key, state));
            let shown = |it: &Tariff| format!("{:?}", it.elements);
            (shown(&copy), shown(&due))
        }
        Kind::Session => {
            let (copy, due) = (copies!(Session, id), session(key, state));
            let shown = |it: &Session| format!("{} {:?}", it.kwh, it.meter_id);
            (shown(&copy), shown(&due))
        }
        Kind::Cdr => {
            let (copy, due) = (copies!(Cdr, id), cdr(key));
            (format!("{copy:?}"), format!("{due:?}"))
        }
        Kind::Token => {
            let (copy, due) = (copies!(Token, uid), token(key, state));
            let shown = |it: &Token| format!("{} {}", it.issuer, it.valid);
            (shown(&copy), shown(&due))
        }
    };
    (is != should).then(|| format!("{key}: {is}, should be {should}"))
}
