//! Endpoints that are mounted.

use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use ocpi_types::convert::Context;
use ocpi_types::endpoint::{
    Delete, EncodedResponse, Encoding, Endpoint, GetCopy, GetOwn, Incoming, List, Mount, Patch,
    PatchedResource, Put, Reply, Resource, Segment,
};
use ocpi_types::{InterfaceRole, ModuleId, Url, Version};

use super::BoxFuture;
use crate::locations::{AnyLocations, find_all};
use crate::observed::EndpointNames;
use crate::{Caller, Error, Handle, Partner};

/// The endpoints of a version, each with its handler.
///
/// The version details advertise the endpoints that are mounted here.
#[derive(Default)]
pub struct Routes(Vec<Route>);

#[derive(Clone)]
pub(super) struct Route {
    pub(super) method: Method,
    pub(super) module: ModuleId,
    pub(super) role: InterfaceRole,
    path: Vec<Segment>,
    pub(super) names: EndpointNames,
    pub(super) run: Arc<Run>,
}

type Run = dyn Fn(Caller, Call) -> BoxFuture<'static, Result<EncodedResponse, Error>> + Send + Sync;

/// A request on its way to its handler.
pub(super) struct Call {
    pub(super) url: Url,
    pub(super) parameters: Vec<String>,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Bytes,
    pub(super) locations: Option<Arc<dyn AnyLocations>>,
}

impl Routes {
    /// Mounts any endpoint.
    #[must_use]
    pub fn on<E: Endpoint, H: Handle<E>>(mut self, handler: &Arc<H>) -> Self {
        // Versions are the router's own.
        let Mount::Module(module, role) = E::MOUNT else { return self };
        let handler = Arc::clone(handler);
        self.0.push(Route {
            method: E::METHOD,
            role: credentials_role(&module, role),
            module,
            path: E::path(),
            names: EndpointNames::of::<E>(),
            run: Arc::new(move |caller, call| Box::pin(answer::<E, H>(Arc::clone(&handler), caller, call))),
        });
        self
    }

    /// Mounts `GET /{module}` of the Sender interface: the list of the application's objects.
    #[must_use]
    pub fn send<T: Resource, H: Handle<List<T>>>(self, handler: &Arc<H>) -> Self {
        self.on::<List<T>, H>(handler)
    }

    /// Mounts the GET of one of the application's objects in the Sender interface, such as `GET /{module}/{id}`.
    #[must_use]
    pub fn lookup<T: Resource, H: Handle<GetOwn<T>>>(self, handler: &Arc<H>) -> Self {
        self.on::<GetOwn<T>, H>(handler)
    }

    /// Mounts GET and PUT of others' objects.
    #[must_use]
    pub fn receive<T: Resource, H: Handle<GetCopy<T>> + Handle<Put<T>>>(self, handler: &Arc<H>) -> Self {
        self.on::<GetCopy<T>, H>(handler).on::<Put<T>, H>(handler)
    }

    /// Mounts PATCH of others' objects.
    #[must_use]
    pub fn patch<T: PatchedResource, H: Handle<Patch<T>>>(self, handler: &Arc<H>) -> Self {
        self.on::<Patch<T>, H>(handler)
    }

    /// Mounts DELETE of others' objects.
    #[must_use]
    pub fn delete<T: Resource, H: Handle<Delete<T>>>(self, handler: &Arc<H>) -> Self {
        self.on::<Delete<T>, H>(handler)
    }

    pub(super) fn into_routes(self) -> Vec<Route> {
        self.0
    }
}

impl Route {
    pub(super) fn is_at(&self, module: &ModuleId, role: Option<&InterfaceRole>) -> bool {
        let is_credentials = *module == ModuleId::Credentials;
        self.module == *module && if is_credentials { role.is_none() } else { role == Some(&self.role) }
    }

    pub(super) fn takes(&self, rest: &[String]) -> bool {
        self.path.len() == rest.len()
            && self.path.iter().zip(rest).all(|(segment, text)| match segment {
                Segment::Fixed(fixed) => fixed == text,
                Segment::Parameter(_) => true,
            })
    }

    /// The parts of the path that are parameters.
    pub(super) fn parameters(&self, rest: Vec<String>) -> Vec<String> {
        let parts = self.path.iter().zip(rest);
        parts.filter(|(segment, _)| matches!(segment, Segment::Parameter(_))).map(|(_, text)| text).collect()
    }
}

/// The credentials endpoint has one URL for both roles.
fn credentials_role(module: &ModuleId, role: InterfaceRole) -> InterfaceRole {
    if *module == ModuleId::Credentials { InterfaceRole::Sender } else { role }
}

/// Answers a request to any endpoint: decodes it, checks its owner, has it handled and writes the reply.
async fn answer<E: Endpoint, H: Handle<E>>(
    handler: Arc<H>,
    mut caller: Caller,
    call: Call,
) -> Result<EncodedResponse, Error> {
    let Partner { style, relation, .. } = caller.partner.clone();
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
    if let Some(encoded) = handler.encoded(&caller, &request).await? {
        return Ok(encoded);
    }
    let reply = handler.handle(&caller, request).await?;
    let embeds = if caller.version < Version::V2_2_1 { reply.embeds() } else { Vec::new() };
    let found = find_all(call.locations.as_ref(), embeds, &caller).await;
    let context = Context { lookup: Some(&found), ..relation.sent() };
    Ok(reply.write(&Encoding { version, context: &context, style, ..Encoding::PLAIN })?)
}
