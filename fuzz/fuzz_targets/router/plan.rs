//! Requests, from the bytes of an input: near to those that partners send, and then changed.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, header};
use ocpi_server_traits::Layout;
use ocpi_types::{InterfaceRole, ModuleId, Version};

use crate::bodies::{KINDS, Kind};
use crate::choice::Choose;
use crate::world::{VERSIONS, World};

const PARTIES: [[&str; 2]; 12] = [
    ["NL", "ALF"],
    ["NL", "ALF"],
    ["NL", "BET"],
    ["nl", "aLf"],
    ["BE", "OTH"],
    ["be", "oth"],
    ["DE", "EMP"],
    ["BE", "ALF"],
    ["XX", "XXX"],
    ["", ""],
    ["NL%20", "ALF"],
    ["NL%2FALF", "ALF"],
];
const IDS: [&str; 16] = [
    "L1",
    "E1",
    "C1",
    "T1",
    "S1",
    "K1",
    "D1",
    "D2",
    "STOP_SESSION",
    "START_SESSION",
    "l1",
    "N%20x",
    "%2e%2e",
    "..",
    "A%2FB",
    "%ff",
];
const METHODS: [Method; 9] = [
    Method::GET,
    Method::PUT,
    Method::PATCH,
    Method::POST,
    Method::DELETE,
    Method::HEAD,
    Method::OPTIONS,
    Method::TRACE,
    Method::CONNECT,
];
const QUERIES: [&str; 12] = [
    "limit=1",
    "limit=0&offset=1",
    "offset=18446744073709551615",
    "limit=-1",
    "date_from=2026-11-22T00:00:00Z",
    "date_to=2026-11-22T10:00:00%2B01:00",
    "date_from=x&date_to=",
    "type=RFID",
    "type=%ff",
    "response_url=https://one.example/x&duration=5",
    "cursor=1",
    "&&=&%",
];
const HEADERS: [(&str, &str); 12] = [
    ("x-request-id", "r-1"),
    ("x-correlation-id", "é"),
    ("content-type", "text/plain"),
    ("content-length", "99999999999"),
    ("content-length", "x"),
    ("content-encoding", "gzip"),
    ("accept", "text/html"),
    ("ocpi-to-country-code", "DE"),
    ("ocpi-to-party-id", "EMP"),
    ("ocpi-to-party-id", "XXX"),
    ("expect", "100-continue"),
    ("authorization", "Token nonsense"),
];

/// A request, and what the oracle has to know of it.
pub(crate) struct Plan {
    /// The number of the partner that it comes from; `None`: nobody that is known.
    pub(crate) from: Option<usize>,
    pub(crate) request: http::Request<Bytes>,
    /// Whether it is for the credentials module.
    pub(crate) is_credentials: bool,
    /// The party that is named as the owner by the path.
    pub(crate) owner: Option<[&'static str; 2]>,
}

/// A place that a request is for.
struct Target {
    version: Version,
    module: ModuleId,
    role: InterfaceRole,
    method: Method,
    /// The parts of the path behind the URL of the module.
    parts: Vec<String>,
    owner: Option<[&'static str; 2]>,
    kind: Option<&'static Kind>,
}

pub(crate) fn chosen(world: &World, text: &[u8], choices: &mut impl Choose) -> Plan {
    let from = match choices.below(8) {
        0 => None,
        1 | 2 => Some(1),
        _ => Some(0),
    };
    let party = choices.of(&PARTIES);
    let mut target =
        if choices.one_in(2) { of_endpoint(world, party, choices) } else { of_kind(party, choices) };
    if choices.one_in(8) {
        target.method = choices.of(&METHODS);
    }
    let body = body(&target, text, choices);
    let module = Layout::default().module_url(world.base(), target.version, &target.module, &target.role);
    let mut url = module.as_str().to_owned();
    for part in &target.parts {
        url.push('/');
        url.push_str(part);
    }
    let mut is_changed = false;
    if choices.one_in(8) {
        is_changed = true;
        url = changed(world, &url, choices);
    }
    if choices.one_in(4) {
        url = format!("{url}?{}", choices.of(&QUERIES));
    }
    let is_credentials = url.to_ascii_lowercase().contains(ModuleId::Credentials.as_str());
    let mut request = http::Request::new(body);
    *request.method_mut() = target.method;
    *request.uri_mut() = url.parse().unwrap_or_else(|_| module.as_str().parse().expect("a URL"));
    let headers = request.headers_mut();
    if let Some(from) = from {
        let value = HeaderValue::from_str(&world.partners[from].authorization).expect("ASCII");
        headers.insert(header::AUTHORIZATION, value);
    }
    let mut is_known = from.is_some();
    if choices.one_in(4) {
        let [country, id] = choices.of(&PARTIES);
        headers.insert("ocpi-from-country-code", HeaderValue::from_static(country));
        headers.insert("ocpi-from-party-id", HeaderValue::from_static(id));
    }
    if choices.one_in(4) {
        let (name, value) = choices.of(&HEADERS);
        is_known &= name != "authorization";
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a value");
        headers.insert(HeaderName::from_static(name), value);
    }
    Plan {
        from: from.filter(|_| is_known),
        request,
        is_credentials,
        owner: target.owner.filter(|_| !is_changed),
    }
}

/// An endpoint that is mounted.
fn of_endpoint(world: &World, party: [&'static str; 2], choices: &mut impl Choose) -> Target {
    let place = choices.below(world.mounted.len().min(256));
    let (version, endpoint) = &world.mounted[place];
    let mut owner = None;
    let mut parts = Vec::new();
    for segment in endpoint.path.split('/').skip(1) {
        parts.push(match segment {
            "{country_code}" => {
                owner = Some(party);
                party[0].to_owned()
            }
            "{party_id}" => party[1].to_owned(),
            parameter if parameter.starts_with('{') => choices.of(&IDS).to_owned(),
            fixed => fixed.to_owned(),
        });
    }
    let (module, role, method) = (endpoint.module.clone(), endpoint.role.clone(), endpoint.method.clone());
    let kind = KINDS.iter().find(|kind| kind.module == module && kind.methods.contains(&method));
    Target { version: *version, module, role, method, parts, owner, kind }
}

/// An object that the receiver of a push has, or may get.
fn of_kind(party: [&'static str; 2], choices: &mut impl Choose) -> Target {
    let kind = &KINDS[choices.below(KINDS.len())];
    let method = choices.of(kind.methods);
    let (parts, owner) = match method {
        Method::POST => (Vec::new(), None),
        _ => {
            let below = kind.below.split('/').map(str::to_owned);
            (party.into_iter().map(str::to_owned).chain(below).collect(), Some(party))
        }
    };
    Target {
        version: choices.of(&VERSIONS),
        module: kind.module.clone(),
        role: InterfaceRole::Receiver,
        method,
        parts,
        owner,
        kind: Some(kind),
    }
}

/// A body as partners send it, a text, or one in the other.
fn body(target: &Target, text: &[u8], choices: &mut impl Choose) -> Bytes {
    let named = target.owner.unwrap_or(["NL", "ALF"]);
    let named = if choices.one_in(6) { choices.of(&PARTIES) } else { named };
    let usual = match (target.kind, &target.method) {
        (Some(kind), &Method::PUT | &Method::POST) => (kind.body)(named, target.version),
        (Some(kind), &Method::PATCH) => kind.patch(named, target.version),
        _ => return Bytes::copy_from_slice(text),
    };
    match choices.below(4) {
        0 => Bytes::copy_from_slice(text),
        1 => {
            let at = usual.len() * (choices.below(256) + 1) / 257;
            let skipped = (at + choices.below(32)).min(usual.len());
            Bytes::from([&usual.as_bytes()[..at], text, &usual.as_bytes()[skipped..]].concat())
        }
        _ => usual.into(),
    }
}

/// A URL as no partner should send it.
fn changed(world: &World, url: &str, choices: &mut impl Choose) -> String {
    let base = world.base().as_str();
    match choices.below(10) {
        0 => format!("{url}/"),
        1 => format!("{url}//"),
        2 => format!("{url}/{}", choices.of(&IDS)),
        3 => url.rsplit_once('/').map_or(url, |(before, _)| before).to_owned(),
        4 => url.replace("/receiver/", "/sender/"),
        5 => url.replace("/2.", "/3."),
        6 => url.to_uppercase(),
        7 => url.strip_prefix("https://us.example").unwrap_or(url).to_owned(),
        8 => format!("{base}/versions"),
        _ => format!("{base}/{}", choices.of(&VERSIONS)),
    }
}
