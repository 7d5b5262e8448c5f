//! `module!`: a module that the specification does not have.

/// Declares a module that the specification does not have, which partners agree on: its objects and its requests.
///
/// The first line names the constant for the module, and its id in version details. Such an id begins with a prefix such
/// as country and party. Lines of these forms follow, any number of each:
///
/// - `object Price, patch PricePatch, key PriceKey { id: CiString<36> };` An object of [`object!`](crate::object!) with URLs
///   of its own: its members `country_code` (a [`CountryCode`](crate::CountryCode)), `party_id` (a
///   [`PartyId`](crate::PartyId)) and those of the key identify it, `last_updated` (a [`DateTime`](crate::DateTime)) says when
///   it changed. It gets the endpoints [`List`](crate::endpoint::List), [`GetOwn`](crate::endpoint::GetOwn),
///   [`GetCopy`](crate::endpoint::GetCopy), [`Put`](crate::endpoint::Put), [`Delete`](crate::endpoint::Delete), and, if it has
///   a twin for PATCH, [`Patch`](crate::endpoint::Patch). A store keeps it like any other object.
/// - `messages Question, Answer;` Objects that stand in requests and answers only.
/// - `POST Receiver ["quotes"] Ask(Question) -> Answer;` A request of one side to the other: method, interface, path behind
///   the URL of the module, name of the type, and, in parentheses, the type of the body, if it has one. The answer may be
///   any [`Reply`](crate::endpoint::Reply). For parameters in the path, implement [`Endpoint`](crate::endpoint::Endpoint).
///
/// The types are the same in every version. A server answers with a handler per endpoint, and lists the module in the
/// details of the versions in which it is mounted; a client sends the types as it sends those of the specification.
///
/// ```
/// use ocpi_types::endpoint::{Outgoing, Put};
/// use ocpi_types::{CiString, CountryCode, DateTime, Decimal, PartyId, json};
///
/// ocpi_types::object! {
///     /// Price that an eMSP charges its drivers.
///     pub struct DriverPrice = "DriverPrice", init DriverPriceInit {
///         /// Country of the eMSP.
///         pub country_code: CountryCode,
///         /// Id of the eMSP.
///         pub party_id: PartyId,
///         /// Id of the price.
///         pub id: CiString<36>,
///         /// Euros per kWh.
///         pub per_kwh: Decimal,
///         /// Time of the last change.
///         pub last_updated: DateTime,
///     }
/// }
///
/// ocpi_types::object! {
///     /// Question for a price.
///     pub struct Question = "Question", init QuestionInit {
///         /// Energy, in kWh.
///         pub kwh: Decimal,
///     }
/// }
///
/// ocpi_types::module! {
///     /// Prices for drivers.
///     pub const DRIVER_PRICES = "nlalf-driverprices";
///     object DriverPrice, key DriverPriceKey { id: CiString<36> };
///     messages Question;
///     /// Asks for the price that fits best.
///     POST Receiver ["best"] AskForPrice(Question) -> DriverPrice;
/// }
///
/// let price: DriverPrice = json::from_str(r#"{"country_code": "DE", "party_id": "EMP", "id": "DAY", "per_kwh": 0.49,
///     "last_updated": "2026-11-22T10:00:00Z"}"#)?;
/// let url = Outgoing::of(&Put::of(price)).url(Some(&"https://cpo.example/prices".parse()?)).unwrap();
/// assert_eq!(url.as_str(), "https://cpo.example/prices/DE/EMP/DAY");
/// assert_eq!(DRIVER_PRICES.as_str(), "nlalf-driverprices");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The id of a module of the specification is refused:
///
/// ```compile_fail,E0080
/// ocpi_types::module! {
///     /// No.
///     pub const MINE = "tokens";
/// }
/// ```
#[macro_export]
macro_rules! module {
    (
        $(#[doc = $doc:expr])+
        pub const $module:ident = $id:literal;
        $($lines:tt)*
    ) => {
        $(#[doc = $doc])+
        pub const $module: $crate::ModuleId = $crate::ModuleId::custom(&$id);

        const _: () = assert!($crate::macros::is_module_id($id), "letters, digits, `-`, `_` and `.` only");

        $crate::module! { @lines $id { $($lines)* } }
    };
    (@lines $id:literal {}) => {};
    (
        @lines $id:literal {
            object $object:ident $(, patch $patch:ident)?, key $key:ident { $($part:ident: $ty:ty),+ $(,)? };
            $($lines:tt)*
        }
    ) => {
        $crate::__keys! {
            #[doc = ::core::concat!(" Identifies a [`", ::core::stringify!($object), "`].")]
            $key { $(#[doc = ::core::concat!(" Its `", ::core::stringify!($part), "`.")] $part: $ty,)+ }
        }
        impl $crate::convert::Custom for $object {}
        $crate::__root!(
            V2_3_0, $object, custom($id), $key { $($part: $part),+ },
            kept as ::core::concat!($id, "/", ::core::stringify!($object))
        );
        $(
            impl $crate::convert::Custom for $patch {}
            $crate::module! { @patched $object $patch }
        )?
        $crate::module! { @lines $id { $($lines)* } }
    };
    (@patched $object:ident $patch:ident) => {
        $crate::__patched!($object);
    };
    (@lines $id:literal { messages $($message:ident),+; $($lines:tt)* }) => {
        $(impl $crate::convert::Custom for $message {})+
        $crate::module! { @lines $id { $($lines)* } }
    };
    (
        @lines $id:literal {
            $(#[doc = $doc:expr])+
            $verb:ident $role:ident [$($segment:literal),*] $name:ident -> $answer:ty;
            $($lines:tt)*
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub struct $name;

        $crate::__endpoint! {
            $name = ::core::stringify!($name), $verb custom($id) $role [$($segment),*] -> $answer,
            encode |_this, to| { $(to.segment($segment);)* let _ = to; },
            decode |_from| Ok(Self),
        }
        $crate::module! { @lines $id { $($lines)* } }
    };
    (
        @lines $id:literal {
            $(#[doc = $doc:expr])+
            $verb:ident $role:ident [$($segment:literal),*] $name:ident($body:ty) -> $answer:ty;
            $($lines:tt)*
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, Eq, PartialEq)]
        pub struct $name(pub $body);

        $crate::__endpoint! {
            $name = ::core::stringify!($name), $verb custom($id) $role [$($segment),*] -> $answer,
            body $crate::endpoint::Body::Whole(<$body as $crate::Value>::TYPE),
            encode |this, to| { $(to.segment($segment);)* to.body(&this.0); },
            decode |from| from.read_body().map(Self),
        }
        $crate::module! { @lines $id { $($lines)* } }
    };
}
