//! The request being answered, as shown to an observer.

use std::sync::Arc;

use http::Method;
use ocpi_types::endpoint::Endpoint;
use ocpi_types::observe::{Exchange, Observer, template};

/// Observer of a request, with the names that it is told.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Observed {
    pub(crate) observer: Observer,
    pub(crate) method: Method,
    pub(crate) names: Option<EndpointNames>,
}

/// Names of an endpoint: cheap to clone.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct EndpointNames {
    pub(crate) endpoint: Arc<str>,
    pub(crate) template: Arc<str>,
}

impl EndpointNames {
    pub(crate) fn of<E: Endpoint>() -> Self {
        Self { endpoint: E::name().into(), template: template::<E>().into() }
    }
}

impl Observed {
    /// Nobody's.
    pub(crate) fn silent() -> Self {
        Self { observer: Observer::default(), method: Method::GET, names: None }
    }

    /// Names the method and the endpoint of an exchange.
    pub(crate) fn fill<'a>(&'a self, exchange: &mut Exchange<'a>) {
        exchange.method = Some(&self.method);
        exchange.endpoint = self.names.as_ref().map(|names| &*names.endpoint);
        exchange.template = self.names.as_ref().map(|names| &*names.template);
    }
}
