//! Mounted endpoints.

use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use ocpi_types::convert::{Context, Relation};
use ocpi_types::endpoint::{EncodedResponse, Encoding, Endpoint, Incoming, Mount, Reply, Segment, TokenKey};
use ocpi_types::protocol::Party;
use ocpi_types::{InterfaceRole, ModuleId, Url, Version};

use super::BoxFuture;
use crate::locations::{AnyLocations, find_all};
use crate::observed::EndpointNames;
use crate::{Caller, Error, Handle};

/// The endpoints of a version, each with its handler.
///
/// The version details advertise the endpoints that are mounted here.
pub struct Routes {
    version: Version,
    routes: Vec<Route>,
    asked: Vec<Asked>,
}

/// Something that was to be mounted.
pub(super) struct Asked {
    pub(super) name: String,
    pub(super) is_mounted: bool,
    /// The versions that have it.
    pub(super) has: Vec<Version>,
}

pub(super) struct Route {
    pub(super) method: Method,
    pub(super) module: ModuleId,
    pub(super) role: InterfaceRole,
    path: Vec<Segment>,
    pub(super) names: EndpointNames,
    pub(super) run: Box<Run>,
}

type Run = dyn Fn(Caller, Call) -> BoxFuture<'static, Result<EncodedResponse, Error>> + Send + Sync;

/// A request on its way to its handler.
pub(super) struct Call {
    pub(super) url: Url,
    pub(super) parameters: Vec<String>,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Bytes,
    pub(super) locations: Option<Arc<dyn AnyLocations>>,
    /// Our party that the message is for, if it names one of ours.
    pub(super) ours: Option<Party>,
}

impl Routes {
    pub(super) fn new(version: Version) -> Self {
        Self { version, routes: Vec::new(), asked: Vec::new() }
    }

    /// Returns the version of the endpoints.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Mounts one endpoint.
    ///
    /// If the version does not have the endpoint, it is not mounted. Building the router then fails, unless another
    /// version in the same call of [`RouterBuilder::versions`](super::RouterBuilder::versions) has it.
    #[must_use]
    pub fn on<E: Endpoint, H: Handle<E>>(mut self, handler: &Arc<H>) -> Self {
        let Mount::Module(module, role) = E::MOUNT else {
            // Versions are the router's own.
            self.asked.push(Asked { name: E::name(), is_mounted: false, has: Vec::new() });
            return self;
        };
        let is_mounted = E::exists_in(self.version);
        if is_mounted {
            let handler = Arc::clone(handler);
            self.routes.push(Route {
                method: E::METHOD,
                role: credentials_role(&module, role),
                module,
                path: E::path(),
                names: EndpointNames::of::<E>(),
                run: Box::new(move |caller, call| {
                    Box::pin(answer::<E, H>(Arc::clone(&handler), caller, call))
                }),
            });
        }
        let has = Version::SPOKEN.iter().copied().filter(|version| E::exists_in(*version)).collect();
        self.asked.push(Asked { name: E::name(), is_mounted, has });
        self
    }

    /// Mounts several endpoints. Those that the version lacks are passed over; if it lacks all, that is told.
    pub(super) fn group(self, name: &str, mount: impl FnOnce(Self) -> Self) -> Self {
        let before = self.asked.len();
        let mut routes = mount(self);
        let parts = routes.asked.split_off(before);
        let is_mounted = parts.iter().any(|part| part.is_mounted);
        let has = |version: &Version| parts.iter().any(|part| part.has.contains(version));
        let has = Version::SPOKEN.iter().copied().filter(has).collect();
        routes.asked.push(Asked { name: name.to_owned(), is_mounted, has });
        routes
    }

    pub(super) fn into_parts(self) -> (Vec<Route>, Vec<Asked>) {
        (self.routes, self.asked)
    }
}

impl Route {
    /// The path below the URL of the module.
    pub(super) fn template(&self) -> String {
        let segments = self.path.iter().map(|segment| match segment {
            Segment::Fixed(text) => format!("/{text}"),
            Segment::Parameter(name) => format!("/{{{name}}}"),
        });
        segments.collect()
    }

    /// Whether the path names the owner of an object first.
    pub(super) fn names_owner(&self) -> bool {
        matches!(
            self.path.as_slice(),
            [Segment::Parameter("country_code"), Segment::Parameter("party_id"), ..]
        )
    }

    /// Whether it answers the same requests as another at the same URL. One whose path names the owner is told apart by the
    /// parties of the caller.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let same = |(one, other): (&Segment, &Segment)| match (one, other) {
            (Segment::Fixed(one), Segment::Fixed(other)) => one == other,
            (Segment::Parameter(_), Segment::Parameter(_)) => true,
            _ => false,
        };
        self.method == other.method
            && self.names_owner() == other.names_owner()
            && self.path.len() == other.path.len()
            && self.path.iter().zip(&other.path).all(same)
    }

    /// Order among routes that take the same path: those that name more of it first.
    pub(super) fn parameter_places(&self) -> impl Iterator<Item = bool> + '_ {
        self.path.iter().map(|segment| matches!(segment, Segment::Parameter(_)))
    }

    pub(super) fn takes(&self, rest: &[String]) -> bool {
        self.path.len() == rest.len()
            && self.path.iter().zip(rest).all(|(segment, text)| match segment {
                Segment::Fixed(fixed) => fixed == text,
                Segment::Parameter(_) => !text.is_empty(),
            })
    }

    /// The parts of the path that are parameters.
    pub(super) fn parameters(&self, rest: &[String]) -> Vec<String> {
        let parts = self.path.iter().zip(rest);
        let parameters = parts.filter(|(segment, _)| matches!(segment, Segment::Parameter(_)));
        parameters.map(|(_, text)| text.clone()).collect()
    }
}

/// The credentials endpoint has one URL for both roles.
fn credentials_role(module: &ModuleId, role: InterfaceRole) -> InterfaceRole {
    if *module == ModuleId::Credentials { InterfaceRole::Sender } else { role }
}

/// The two parties of a message. In 2.2 an object does not say which eMSP it is for, and a platform may have several: it is
/// the one that the headers name.
fn relation_of<E: Endpoint>(caller: &Caller, ours: Option<Party>) -> Relation {
    let relation = E::MOUNT.relation(&caller.partner.relation, true).clone();
    if caller.version < Version::V2_2 {
        return relation;
    }
    relation.between(ours, caller.from.clone().filter(|from| caller.speaks_for(from)))
}

/// Answers a request to any endpoint: decodes it, checks its owner, has it handled and writes the reply.
async fn answer<E: Endpoint, H: Handle<E>>(
    handler: Arc<H>,
    mut caller: Caller,
    call: Call,
) -> Result<EncodedResponse, Error> {
    let style = caller.partner.style;
    let relation = relation_of::<E>(&caller, call.ours);
    caller.has_token_type = TokenKey::is_type_in(&call.query);
    let version = Some(caller.version);
    let request = {
        let context = relation.received();
        let mut incoming = Incoming::new(&call.url, &call.parameters, &call.query, &call.body);
        incoming.wire = Encoding { version, context: &context, style, ..Encoding::PLAIN };
        let request = E::decode(&mut incoming)?;
        caller.findings = incoming.findings;
        caller.ledger = incoming.ledger;
        request
    };
    caller.observe_reading();
    if request.owner().is_some_and(|owner| !caller.speaks_for(&owner)) {
        // To others the objects of a party do not exist.
        return Err(Error::not_found("this partner does not speak for the owner in the URL"));
    }
    request.consistent().map_err(Error::invalid)?;
    let refused = |mut error: Error| {
        let context = relation.sent();
        error.write_data(&Encoding { version, context: &context, style, ..Encoding::PLAIN });
        error
    };
    if let Some(encoded) = handler.encoded(&caller, &request).await.map_err(refused)? {
        return Ok(encoded);
    }
    let reply = handler.handle(&caller, request).await.map_err(refused)?;
    let embeds = if caller.version < Version::V2_2 { reply.embeds() } else { Vec::new() };
    let found = find_all(call.locations.as_ref(), embeds, &caller).await;
    let context = Context { lookup: Some(&found), ..relation.sent() };
    Ok(reply.write(&Encoding { version, context: &context, style, ..Encoding::PLAIN })?)
}
