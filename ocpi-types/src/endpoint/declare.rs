//! `endpoint!`: the common code of the endpoints that are declared one by one.

/// Implements [`Endpoint`](super::Endpoint) for a request of a module.
///
/// The path is a list of fixed texts and, in braces, names of parameters.
#[doc(hidden)]
#[macro_export]
macro_rules! __endpoint {
    (
        $name:ty = $text:expr, $verb:ident $module:ident $(($custom:literal))? $role:ident [$($segment:tt),*] -> $response:ty,
        $(body $body:expr,)?
        encode |$this:ident, $to:ident| $encode:expr,
        decode |$from:ident| $decode:expr,
        $(owner |$of:ident| $owner:expr,)?
        $(consistent |$same:ident| $consistent:expr,)?
    ) => {
        impl $crate::endpoint::Endpoint for $name {
            const METHOD: $crate::macros::http::Method = $crate::macros::http::Method::$verb;
            const MOUNT: $crate::endpoint::Mount = $crate::endpoint::Mount::Module(
                $crate::v2_2_1::versions::ModuleId::$module$((&$custom))?,
                $crate::v2_2_1::versions::InterfaceRole::$role,
            );
            type Response = $response;

            fn name() -> String {
                $text.to_owned()
            }

            fn path() -> Vec<$crate::endpoint::Segment> {
                vec![$($crate::__endpoint!(@segment $segment)),*]
            }

            $(
                fn body() -> $crate::endpoint::Body {
                    $body
                }
            )?

            fn encode(&self, to: &mut $crate::endpoint::Outgoing) {
                let ($this, $to) = (self, to);
                $encode
            }

            fn decode(
                from: &mut $crate::endpoint::Incoming<'_>,
            ) -> Result<Self, $crate::endpoint::DecodeError> {
                let $from = from;
                $decode
            }

            $(
                fn owner(&self) -> Option<$crate::protocol::Party> {
                    let $of = self;
                    $owner
                }
            )?

            $(
                fn consistent(&self) -> Result<(), &'static str> {
                    let $same = self;
                    $consistent
                }
            )?
        }
    };
    (@segment $fixed:literal) => { $crate::endpoint::Segment::Fixed($fixed) };
    (@segment { $parameter:literal }) => { $crate::endpoint::Segment::Parameter($parameter) };
}

pub(super) use crate::__endpoint as endpoint;
