//! CDRs, which are posted once and then found by URL.

use http::Method;

use super::key::Owned;
use super::reply::Created;
use super::resource::Resource;
use super::{Body, DecodeError, Endpoint, Incoming, Mount, Outgoing, Segment};
use crate::Url;
use crate::protocol::Party;
use crate::v2_2_1::versions::{InterfaceRole, ModuleId};

/// POST of a CDR; the answer contains the URL of the stored CDR.
///
/// Spec: 2.2.1 mod_cdrs §cdr_post_method
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PostCdr<T>(pub T);

impl<T: Resource> Endpoint for PostCdr<T> {
    const METHOD: Method = Method::POST;
    const MOUNT: Mount = Mount::Module(ModuleId::Cdrs, InterfaceRole::Receiver);
    type Response = Created;

    fn name() -> String {
        "PostCdr".to_owned()
    }

    fn path() -> Vec<Segment> {
        Vec::new()
    }

    fn body() -> Body {
        Body::Whole(T::TYPE)
    }

    fn encode(&self, to: &mut Outgoing) {
        to.body(&self.0);
    }

    fn decode(from: &mut Incoming<'_>) -> Result<Self, DecodeError> {
        from.read_body().map(Self)
    }

    fn owner(&self) -> Option<Party> {
        self.0.owner()
    }
}

/// GET of a CDR at the URL in the answer to its POST.
///
/// The URL is opaque to a client. A server chooses it: this library mounts `{country_code}/{party_id}/{cdr_id}`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GetCdr<T: Resource> {
    /// The URL.
    pub url: Url,
    /// Key and owner behind the URL, on the server that chose it; `None` on the client.
    pub at: Option<Owned<T::Key>>,
}

impl<T: Resource> GetCdr<T> {
    /// Requests the CDR at a URL.
    pub fn at(url: Url) -> Self {
        Self { url, at: None }
    }
}

impl<T: Resource> Endpoint for GetCdr<T> {
    const METHOD: Method = Method::GET;
    const MOUNT: Mount = Mount::Module(ModuleId::Cdrs, InterfaceRole::Receiver);
    type Response = T;

    fn name() -> String {
        "GetCdr".to_owned()
    }

    fn path() -> Vec<Segment> {
        Owned::<T::Key>::path_in(T::COLLECTION)
    }

    fn encode(&self, to: &mut Outgoing) {
        to.absolute = Some(self.url.clone());
    }

    fn decode(from: &mut Incoming<'_>) -> Result<Self, DecodeError> {
        Ok(Self { url: from.url.clone(), at: Some(Owned::decode(from)?) })
    }

    fn owner(&self) -> Option<Party> {
        self.at.as_ref().map(|at| at.owner.clone())
    }
}
