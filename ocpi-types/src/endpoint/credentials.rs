//! Endpoints for discovery and registration: versions, version details and credentials.

use std::marker::PhantomData;

use http::Method;

use super::{Body, DecodeError, Endpoint, Incoming, Mount, Outgoing, Repeat, Segment};
use crate::convert::OfKind;
use crate::v2_2_1::versions::{InterfaceRole, ModuleId, Version, VersionDetails};
use crate::{Object, Url};

/// GET of the list of versions.
///
/// Spec: 2.2.1 version_information_endpoint §version_information_endpoint
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct GetVersions;

/// GET of the details of one version.
///
/// Spec: 2.2.1 version_information_endpoint §version_details_endpoint
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct GetVersionDetails {
    /// The URL from the list of versions.
    pub url: Option<Url>,
}

impl Endpoint for GetVersions {
    const METHOD: Method = Method::GET;
    const MOUNT: Mount = Mount::Versions;
    type Response = Vec<Version>;

    fn name() -> String {
        "GetVersions".to_owned()
    }

    fn path() -> Vec<Segment> {
        Vec::new()
    }

    fn encode(&self, _: &mut Outgoing) {}

    fn decode(_: &mut Incoming<'_>) -> Result<Self, DecodeError> {
        Ok(Self)
    }
}

impl Endpoint for GetVersionDetails {
    const METHOD: Method = Method::GET;
    const MOUNT: Mount = Mount::VersionDetails;
    type Response = VersionDetails;

    fn name() -> String {
        "GetVersionDetails".to_owned()
    }

    fn path() -> Vec<Segment> {
        Vec::new()
    }

    fn encode(&self, to: &mut Outgoing) {
        to.absolute.clone_from(&self.url);
    }

    fn decode(from: &mut Incoming<'_>) -> Result<Self, DecodeError> {
        Ok(Self { url: Some(from.url.clone()) })
    }
}

/// GET of the partner's credentials.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GetCredentials<C>(PhantomData<fn() -> C>);

impl<C> Default for GetCredentials<C> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

/// POST of our credentials: registration.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PostCredentials<C>(pub C);

/// PUT of our credentials: an update, or a change of version.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PutCredentials<C>(pub C);

/// DELETE of the registration.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct DeleteCredentials;

// What changes tokens is sent once: when its answer is lost, the token of the repeat may not be good any more.
macro_rules! credentials {
    ([$($generics:tt)*] $name:ty, $verb:ident $repeat:expr, $text:literal, $response:ty, $body:expr, $encode:expr, $decode:expr) => {
        impl<$($generics)*> Endpoint for $name {
            const METHOD: Method = Method::$verb;
            // The role means nothing here; the specification advises this one.
            const MOUNT: Mount = Mount::Module(ModuleId::Credentials, InterfaceRole::Sender);
            const REPEAT: Repeat = $repeat;
            type Response = $response;

            fn name() -> String {
                $text.to_owned()
            }

            fn path() -> Vec<Segment> {
                Vec::new()
            }

            fn body() -> Body {
                $body
            }

            fn encode(&self, to: &mut Outgoing) {
                let encode: fn(&Self, &mut Outgoing) = $encode;
                encode(self, to);
            }

            fn decode(from: &mut Incoming<'_>) -> Result<Self, DecodeError> {
                let decode: fn(&mut Incoming<'_>) -> Result<Self, DecodeError> = $decode;
                decode(from)
            }
        }
    };
}

credentials!([C: Object + OfKind] GetCredentials<C>, GET Repeat::Safe, "GetCredentials", C, Body::Nothing, |_, _| {}, |_| {
    Ok(Self::default())
});
credentials!(
    [C: Object + OfKind] PostCredentials<C>, POST Repeat::Once, "PostCredentials", C, Body::Whole(C::TYPE),
    |this, to| to.body(&this.0),
    |from| from.read_body().map(Self)
);
credentials!(
    [C: Object + OfKind] PutCredentials<C>, PUT Repeat::Once, "PutCredentials", C, Body::Whole(C::TYPE),
    |this, to| to.body(&this.0),
    |from| from.read_body().map(Self)
);
credentials!([] DeleteCredentials, DELETE Repeat::Once, "DeleteCredentials", (), Body::Nothing, |_, _| {}, |_| Ok(Self));
