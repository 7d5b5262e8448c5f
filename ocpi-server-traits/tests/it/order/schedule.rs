//! Schedules as the model writes them, one a line.

use serde_json::{Map, Value};

/// One schedule.
pub(super) struct Schedule {
    pub(super) seed: u64,
    pub(super) world: String,
    /// `location`, `session`, `token` or `tariff`.
    pub(super) object: String,
    pub(super) events: Vec<Event>,
    parameters: Value,
}

/// Something that goes into the machine, and the state that it is to have then.
pub(super) struct Event {
    /// When it came, in milliseconds.
    pub(super) at: i64,
    pub(super) input: Input,
    pub(super) taken: Option<String>,
    pub(super) state: State,
}

pub(super) enum Input {
    Put(Picture),
    PutPart { part: String, stamp: i64, members: Members },
    Patch { part: String, stamp: Option<i64>, members: Members, parts: Vec<Part>, periods: Members },
    Delete,
    Ask,
    Answer { asked: i64, is_believed: bool, picture: Option<Picture> },
}

/// Numbers by name.
pub(super) type Members = Vec<(String, i64)>;

pub(super) struct Part {
    pub(super) key: String,
    pub(super) stamp: i64,
    pub(super) members: Members,
}

/// A whole object.
pub(super) struct Picture {
    pub(super) parts: Vec<Part>,
    pub(super) periods: Members,
}

/// Values, as JSON of the model; and the rest that is compared.
#[derive(Debug, PartialEq)]
pub(super) struct State {
    pub(super) parts: Value,
    pub(super) periods: Value,
    pub(super) gone: Vec<String>,
    pub(super) is_deleted: bool,
    pub(super) in_doubt: bool,
}

impl Schedule {
    pub(super) fn read(line: &str) -> Self {
        let line: Value = serde_json::from_str(line).expect("JSON");
        Self {
            seed: line["seed"].as_u64().expect("a seed"),
            world: text(&line["world"]),
            object: text(&line["object"]),
            events: line["events"].as_array().expect("events").iter().map(event).collect(),
            parameters: line["parameters"].clone(),
        }
    }

    pub(super) fn parameter(&self, name: &str) -> u64 {
        self.parameters[name].as_u64().expect("a parameter")
    }
}

fn event(event: &Value) -> Event {
    let part = || text(&event["part"]);
    let input = match event["method"].as_str() {
        Some("PUT") if event["members"].is_object() => {
            let stamp = event["stamp"].as_i64().expect("a stamp");
            Input::PutPart { part: part(), stamp, members: members(&event["members"]) }
        }
        Some("PUT") => Input::Put(picture(event)),
        Some("PATCH") => Input::Patch {
            part: part(),
            stamp: event["stamp"].as_i64(),
            members: members(&event["members"]),
            parts: parts(&event["parts"]),
            periods: members(&event["periods"]),
        },
        Some("DELETE") => Input::Delete,
        Some(other) => panic!("{other}"),
        None if event["ask"] == true => Input::Ask,
        None => Input::Answer {
            asked: event["asked"].as_i64().expect("a time"),
            is_believed: event["believed"] == true,
            picture: event["answer"].is_object().then(|| picture(&event["answer"])),
        },
    };
    let state = &event["state"];
    Event {
        at: event["at"].as_i64().expect("a time"),
        input,
        taken: event["taken"].as_str().map(str::to_owned),
        state: State {
            parts: state["parts"].clone(),
            periods: state["periods"].clone(),
            gone: state["gone"].as_array().expect("parts").iter().map(text).collect(),
            is_deleted: state["deleted"] == true,
            in_doubt: state["doubt"] == true,
        },
    }
}

fn picture(of: &Value) -> Picture {
    Picture { parts: parts(&of["parts"]), periods: members(&of["periods"]) }
}

fn parts(of: &Value) -> Vec<Part> {
    let part = |(key, part): (&String, &Value)| Part {
        key: key.clone(),
        stamp: part["stamp"].as_i64().expect("a stamp"),
        members: members(&part["members"]),
    };
    entries(of).iter().map(part).collect()
}

fn members(of: &Value) -> Members {
    entries(of).iter().map(|(name, value)| (name.clone(), value.as_i64().expect("a number"))).collect()
}

fn entries(of: &Value) -> &Map<String, Value> {
    of.as_object().expect("an object")
}

fn text(of: &Value) -> String {
    of.as_str().expect("a text").to_owned()
}
