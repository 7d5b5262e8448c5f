//! An endpoint type, as the census sees it, and one request of it.

use std::collections::BTreeSet;
use std::fmt::Debug;

use ocpi_types::endpoint::{
    Body, Endpoint, Incoming, Mount, Outgoing, Owned, Patch, PatchedResource, Repeat, Reply, Segment, Shape,
};
use ocpi_types::protocol::Party;
use ocpi_types::{InterfaceRole, ModuleId, Patched, Url, Value, Version, json};

/// The URL of the module, in requests that are tried.
pub(crate) const BASE: &str = "https://alfa.example/ocpi/module";

pub(crate) struct Entry {
    pub(crate) name: String,
    /// Module, role, method and path.
    pub(crate) place: String,
    pub(crate) request: String,
    pub(crate) response: String,
    /// The names of the parameters of the query.
    pub(crate) query: BTreeSet<String>,
    /// The versions that it says have it.
    pub(crate) versions: Vec<Version>,
    /// Effect of sending it again.
    pub(crate) repeat: Repeat,
    /// Parameters that it demands.
    pub(crate) demanded: Vec<&'static str>,
    /// Result of writing the request and reading it again.
    pub(crate) came_back: Result<(), String>,
}

/// An endpoint, and a request of it that has all there can be in the query.
pub(crate) fn entry<E: Endpoint + Debug + PartialEq>(request: E) -> Entry {
    let template = match E::MOUNT {
        Mount::Versions => "{versions_url}".to_owned(),
        Mount::VersionDetails => "{version_details_url}".to_owned(),
        Mount::Module(..) => E::path().iter().fold("{endpoint}".to_owned(), |path, segment| match segment {
            Segment::Fixed(text) => format!("{path}/{text}"),
            Segment::Parameter(name) => format!("{path}/{{{name}}}"),
        }),
    };
    entry_at(&template, request)
}

/// An endpoint whose URL a partner chooses, and the words of the specification in place of its path.
pub(crate) fn entry_at<E: Endpoint + Debug + PartialEq>(template: &str, request: E) -> Entry {
    let outgoing = Outgoing::of(&request);
    let at = E::MOUNT;
    let (module, role) = module_and_role(&at);
    Entry {
        name: E::name(),
        place: format!("{module} {role} {} {template}", E::METHOD),
        request: request_type(E::body()),
        response: response_type(<E::Response as Reply>::SHAPE),
        query: outgoing.query.iter().map(|(name, _)| (*name).to_owned()).collect(),
        versions: Version::ALL.iter().copied().filter(|version| E::exists_in(*version)).collect(),
        repeat: E::REPEAT,
        demanded: E::DEMANDED.iter().map(|(name, _)| *name).collect(),
        came_back: comes_back(&request, &outgoing),
    }
}

/// Module and role, as the specification's tables have them.
fn module_and_role(place: &Mount) -> (&str, &'static str) {
    match place {
        Mount::Versions | Mount::VersionDetails => ("versions", "both"),
        Mount::Module(module @ ModuleId::Credentials, _) => (module.as_str(), "both"),
        Mount::Module(module, role) => {
            // The chapter writes its name another way than its addresses do.
            let module = if *module == ModuleId::Bookings { "Booking" } else { module.as_str() };
            let is_sender = *role == InterfaceRole::Sender;
            (module, if is_sender { "sender" } else { "receiver" })
        }
    }
}

fn request_type(body: Body) -> String {
    match body {
        Body::Nothing => "nothing".to_owned(),
        Body::Whole(ty) => ty.name().to_owned(),
        Body::Optional(ty) => format!("{}?", ty.name()),
        Body::Partial(ty) => format!("partial({})", ty.name()),
    }
}

fn response_type(shape: Shape) -> String {
    match shape {
        Shape::Nothing => "nothing".to_owned(),
        Shape::One(ty) => ty.name().to_owned(),
        Shape::List(ty) => format!("[{}]", ty.name()),
        Shape::Page(ty) => format!("[{}] paginated", ty.name()),
    }
}

/// Writes the request and reads it as a server does that has mounted the endpoint at [`BASE`].
fn comes_back<E: Endpoint + Debug + PartialEq>(request: &E, outgoing: &Outgoing) -> Result<(), String> {
    request.consistent()?;
    if outgoing.body.is_some() && matches!(E::body(), Body::Nothing) {
        return Err("there is a body that it does not speak of".to_owned());
    }
    let url = outgoing.url(Some(&url(&[]))).ok_or("no URL")?;
    let behind = url.as_str().strip_prefix(BASE).ok_or("the URL is elsewhere")?;
    let (path, query) = behind.split_once('?').unwrap_or((behind, ""));
    let segments: Vec<String> = path.split('/').skip(1).map(decoded).collect();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let query: Vec<_> = pairs.map(|(name, value)| (decoded(name), decoded(value))).collect();
    let parameters = parameters(&E::path(), segments)?;
    let body = outgoing.body.as_deref().unwrap_or_default();
    let mut incoming = Incoming::new(&url, &parameters, &query, body);
    let arrived = E::decode(&mut incoming).map_err(|error| error.to_string())?;
    if !incoming.findings.is_empty() {
        return Err(format!("findings: {:?}", incoming.findings));
    }
    if arrived != *request {
        return Err(format!("{arrived:?} is not {request:?}"));
    }
    Ok(())
}

/// The parts of a path that are parameters.
fn parameters(path: &[Segment], segments: Vec<String>) -> Result<Vec<String>, String> {
    let fits = path.len() == segments.len()
        && path.iter().zip(&segments).all(|(segment, text)| match segment {
            Segment::Fixed(fixed) => fixed == text,
            Segment::Parameter(_) => true,
        });
    if !fits {
        return Err(format!("{segments:?} is not {path:?}"));
    }
    let parts = path.iter().zip(segments);
    Ok(parts.filter(|(segment, _)| matches!(segment, Segment::Parameter(_))).map(|(_, text)| text).collect())
}

fn decoded(text: &str) -> String {
    let mut bytes = text.bytes();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        let mut digit = || char::from(bytes.next()?).to_digit(16);
        let decoded =
            if byte == b'%' { digit().zip(digit()).map(|(high, low)| high * 16 + low) } else { None };
        out.push(decoded.map_or(byte, |code| u8::try_from(code).expect("two digits are a byte")));
    }
    String::from_utf8(out).expect("URLs are of UTF-8")
}

/// A URL below that of the module.
pub(crate) fn url(segments: &[&str]) -> Url {
    let base: Url = BASE.parse().expect("a URL");
    if segments.is_empty() { base } else { base.join(segments.iter().copied()) }
}

/// The owner of objects that do not name theirs.
pub(crate) fn owned<K>(key: K) -> Owned<K> {
    Owned { owner: Party::new("NL", "ALF").expect("a party"), key }
}

/// A change of some object.
pub(crate) fn patch<T: PatchedResource>(at: Owned<T::Key>) -> Patch<T>
where
    <T as Patched>::Patch: Value,
{
    Patch { at, patch: read(r#"{"last_updated":"2026-11-22T10:00:00Z","x_vendor":1.50}"#) }
}

pub(crate) fn read<T: Value>(text: &str) -> T {
    json::from_str(text).expect("it can be read")
}

/// Reads the fullest fixture of an object.
macro_rules! fixture {
    ($version:literal, $name:literal) => {
        $crate::endpoints::entry::read(include_str!(concat!(
            "../../fixtures/",
            $version,
            "/",
            $name,
            ".full.json"
        )))
    };
}

/// The endpoints that an object has at its owner or at a receiver.
macro_rules! regular {
    ($entries:ident, list $ty:ty) => {
        let list = ocpi_types::endpoint::List::<$ty> {
            date_from: "2026-01-01T00:00:00Z".parse().ok(),
            date_to: "2026-02-01T00:00:00Z".parse().ok(),
            offset: Some(50),
            limit: Some(25),
            ..ocpi_types::endpoint::List::all()
        };
        $entries.push($crate::endpoints::entry::entry(list));
    };
    ($entries:ident, lookup $ty:ty, $at:expr) => {
        let key = $at.key.clone();
        $entries.push($crate::endpoints::entry::entry(ocpi_types::endpoint::GetOwn::<$ty> { key }));
    };
    ($entries:ident, get and put $ty:ty, $at:expr, $object:expr) => {
        $entries
            .push($crate::endpoints::entry::entry(ocpi_types::endpoint::GetCopy::<$ty>::new($at.clone())));
        let (at, object) = ($at.clone(), $object.clone());
        $entries.push($crate::endpoints::entry::entry(ocpi_types::endpoint::Put::<$ty> { at, object }));
    };
    ($entries:ident, patch $ty:ty, $at:expr) => {
        let patch = $crate::endpoints::entry::patch::<$ty>($at.clone());
        $entries.push($crate::endpoints::entry::entry(patch));
    };
    ($entries:ident, delete $ty:ty, $at:expr) => {
        let at = $at.clone();
        $entries.push($crate::endpoints::entry::entry(ocpi_types::endpoint::Delete::<$ty> { at }));
    };
}

pub(crate) use {fixture, regular};
