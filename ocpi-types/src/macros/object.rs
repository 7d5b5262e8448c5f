//! `object!`: a struct and everything derived from its members.

/// Declares an object of a message.
///
/// From the one list of members come: the struct (with `extra` for unknown members), reading and writing,
/// serde's traits, the check, the table of fields, a twin with the required members only, to construct from,
/// and, if asked for, a twin for PATCH.
///
/// The type of a member says the number of its values: `T` one, `Option<T>` none or one, `Vec<T>` any number,
/// [`NonEmpty<T>`](crate::NonEmpty) one or more.
///
/// ```
/// use ocpi_types::{CiString, Decimal, json};
///
/// ocpi_types::object! {
///     /// What a meter shows.
///     pub struct Reading = "Reading", init ReadingInit {
///         /// The meter.
///         pub meter_id: CiString<36>,
///         /// What it shows, in kWh.
///         pub kwh: Decimal,
///         /// A remark.
///         pub remark: Option<CiString<255>>,
///     }
/// }
///
/// let reading = Reading {
///     remark: Some("after repair".parse()?),
///     ..ReadingInit { meter_id: "M1".parse()?, kwh: "12.50".parse()? }.into()
/// };
/// assert_eq!(json::to_string(&reading), r#"{"meter_id":"M1","kwh":12.50,"remark":"after repair"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A member of a type that is no [`Value`](crate::Value) is refused where it stands:
///
/// ```compile_fail,E0277
/// ocpi_types::object! {
///     /// No.
///     pub struct Reading = "Reading", init ReadingInit {
///         /// A float is no OCPI value.
///         pub kwh: f64,
///     }
/// }
/// ```
#[macro_export]
macro_rules! object {
    (
        $(#[doc = $doc:expr])+
        pub struct $name:ident = $spec:literal, init $init:ident
            $(, patch $patch:ident $(merges $merge:ident)?)?
            $(, branch $branch:ident { $($added:ident),+ })? $(, rules $rules:ident)? { $($body:tt)+ }
    ) => {
        $crate::object! {
            @all [$($doc,)+] $name = $spec, $init, [$($patch $(merges $merge)?)?]
            [$($branch { $($added)+ })?] [$($rules)?] { $($body)+ }
        }
    };
    (
        @all $doc:tt $name:ident = $spec:literal, $init:ident,
        [$($patch:ident $(merges $merge:ident)?)?] $branch:tt [$($rules:ident)?] $body:tt
    ) => {
        $crate::object! { @whole $doc $name = $spec $branch [$($rules)?] $body }
        $($crate::object! { @patch $name = $spec $branch $body $patch $(merges $merge)? })?
        $crate::object! { @init $name $init {} {} $body }
    };

    // The object itself, whose table is made from its members.
    (
        @whole $doc:tt $name:ident = $spec:literal $branch:tt $rules:tt
        { $($(#[doc = $mdoc:expr])+ pub $member:ident : $ty:ty,)+ }
    ) => {
        $crate::object! {
            @value $doc $name = $spec $branch $rules hot
            { $($(#[doc = $mdoc])+ pub $member : $ty,)+ }
            fields {
                &[$($crate::Field::of::<$ty>(
                    $crate::member_name!($member),
                    &[$($mdoc,)+],
                ),)+]
            }
        }
    };

    // The struct and its implementations.
    (
        @value [$($doc:expr,)+] $name:ident = $spec:literal [$($branch:ident { $($added:ident)+ })?]
        [$($rules:ident)?] $speed:ident
        { $($(#[doc = $mdoc:expr])+ pub $member:ident : $ty:ty,)+ }
        fields $fields:block
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone)]
        pub struct $name {
            $($(#[doc = $mdoc])+ pub $member: $ty,)+
            /// Members that the specification does not have.
            pub extra: $crate::Extra,
        }

        impl ::core::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                $crate::macros::equals(self, other)
            }
        }

        impl ::core::cmp::Eq for $name {}

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::macros::debug(self, stringify!($name), f)
            }
        }

        impl $crate::Object for $name {
            const INFO: &'static $crate::ObjectInfo = {
                const FIELDS: &[$crate::Field] = $fields;
                &$crate::ObjectInfo {
                    name: $spec,
                    doc: &[$($doc,)+],
                    fields: FIELDS,
                    branch: &[$($((
                        $crate::macros::place(FIELDS, $crate::member_name!($added)),
                        $crate::Versions::$branch,
                    ),)+)?],
                }
            };
        }

        impl $crate::AnyObject for $name {
            fn info(&self) -> &'static $crate::ObjectInfo {
                <Self as $crate::Object>::INFO
            }

            fn slot(&self, place: usize) -> ::core::option::Option<&dyn $crate::AnyValue> {
                let mut here = $crate::macros::Count::new();
                $(
                    if here.is(place) {
                        return Some(&self.$member);
                    }
                )+
                None
            }

            fn slot_mut(
                &mut self,
                place: usize,
            ) -> ::core::option::Option<(&mut dyn $crate::AnyValue, &mut $crate::Extra)> {
                let mut here = $crate::macros::Count::new();
                let slot: &mut dyn $crate::AnyValue = 'slot: {
                    $(
                        if here.is(place) {
                            break 'slot &mut self.$member;
                        }
                    )+
                    return None;
                };
                Some((slot, &mut self.extra))
            }

            fn extra(&self) -> &$crate::Extra {
                &self.extra
            }

            fn extra_mut(&mut self) -> &mut $crate::Extra {
                &mut self.extra
            }

            $(fn check_rules(&self, check: &mut $crate::Check) {
                $rules(self, check);
            })?
        }

        impl $crate::Value for $name {
            const TYPE: $crate::Type = $crate::Type::Object(|| <Self as $crate::Object>::INFO);

            fn blank() -> Self {
                Self { $($member: <$ty as $crate::Value>::blank(),)+ extra: $crate::Extra::new() }
            }

            $crate::object! { @$speed $name { $($member)+ } }

            fn downgrade(
                &mut self,
                conversion: &mut $crate::convert::Conversion<'_>,
            ) -> ::core::result::Result<(), $crate::convert::Unsupported> {
                conversion.object(self)
            }

            fn node(&self) -> $crate::Node<'_> {
                $crate::Node::Object(self)
            }

            fn node_mut(&mut self) -> $crate::NodeMut<'_> {
                $crate::NodeMut::Object(self)
            }
        }

        impl $crate::macros::serde::Serialize for $name {
            fn serialize<S: $crate::macros::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::json::serialize(self, serializer)
            }
        }

        impl<'de> $crate::macros::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::macros::serde::Deserializer<'de>>(
                from: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::json::deserialize(from)
            }
        }
    };

    // Reading, writing and checking of objects that come in thousands: a comparison and a call for each member.
    (@hot $name:ident { $($member:ident)+ }) => {
        fn read(&mut self, r: &mut $crate::json::Reader<'_>) -> ::core::result::Result<(), $crate::json::Stop> {
            const INFO: &$crate::ObjectInfo = <$name as $crate::Object>::INFO;
            const REQUIRED: u64 = $crate::macros::required_mask(INFO.fields);
            let start = r.offset();
            let mut seen = $crate::json::Seen::default();
            let mut more = r.open_object()?;
            'members: while more {
                let before = r.offset();
                let mut place = 0;
                $(
                    if r.key(concat!("\"", $crate::member_name!($member), "\":")) {
                        r.hot_member(INFO, place, &mut self.$member, &mut seen, &mut self.extra)?;
                        if !r.next_member()? {
                            break 'members;
                        }
                    }
                    place += 1;
                )+
                let _ = place;
                if r.offset() == before {
                    $crate::json::read_odd_member(self, r, &mut seen)?;
                    more = r.next_member()?;
                }
            }
            r.require(seen, REQUIRED, start, INFO, &mut self.extra)
        }

        fn write(&self, w: &mut $crate::json::Writer) {
            if let Some(start) = w.begin_whole(self, &self.extra) {
                $(w.quick_member(concat!(",\"", $crate::member_name!($member), "\":"), &self.$member);)+
                w.end_whole(start, self, &self.extra);
            }
        }

        fn check(&self, check: &mut $crate::Check) {
            const INFO: &$crate::ObjectInfo = <$name as $crate::Object>::INFO;
            if !check.enter_whole(&self.extra) {
                return check.object(self);
            }
            $(check.quick_member($crate::member_name!($member), &self.$member);)+
            check.leave_whole();
            if !INFO.branch.is_empty() {
                check.branch_members(self);
            }
            $crate::AnyObject::check_rules(self, check);
        }
    };

    // Reading, writing and checking by the table.
    (@table $name:ident { $($member:ident)+ }) => {
        fn read(&mut self, r: &mut $crate::json::Reader<'_>) -> ::core::result::Result<(), $crate::json::Stop> {
            const REQUIRED: u64 = $crate::macros::required_mask(<$name as $crate::Object>::INFO.fields);
            $crate::json::read_object(self, r, REQUIRED)
        }

        fn write(&self, w: &mut $crate::json::Writer) {
            $crate::json::write_object(self, w);
        }

        fn check(&self, check: &mut $crate::Check) {
            check.object(self);
        }
    };

    // The twin for PATCH.
    (
        @patch $name:ident = $spec:literal $branch:tt
        { $($(#[doc = $mdoc:expr])+ pub $member:ident : $ty:ty,)+ }
        $patch:ident $(merges $merge:ident)?
    ) => {
        $crate::object! {
            @value [concat!(" A change of a [`", stringify!($name), "`]: what a PATCH carries."),]
            $patch = $spec $branch [] table
            { $($(#[doc = $mdoc])+ pub $member : $crate::Change<$ty>,)+ }
            fields {
                const WHOLE: &[$crate::Field] = <$name as $crate::Object>::INFO.fields;
                &$crate::macros::changes::<{ WHOLE.len() }>(WHOLE)
            }
        }

        impl ::core::default::Default for $patch {
            fn default() -> Self {
                <Self as $crate::Value>::blank()
            }
        }

        impl $crate::Patched for $name {
            type Patch = $patch;

            fn apply(&mut self, mut patch: $patch) {
                $($merge(self, &mut patch);)?
                $crate::macros::apply(self, &mut patch);
            }
        }
    };

    // The twin to construct from: members are taken one by one, optional ones and lists are left out.
    (@init $name:ident $init:ident $kept:tt { $($left:tt)* }
        { $(#[doc = $mdoc:expr])+ pub $member:ident : Option<$ty:ty>, $($rest:tt)* }
    ) => {
        $crate::object! { @init $name $init $kept { $($left)* $member: ::core::option::Option::None, } { $($rest)* } }
    };
    (@init $name:ident $init:ident $kept:tt { $($left:tt)* }
        { $(#[doc = $mdoc:expr])+ pub $member:ident : Vec<$ty:ty>, $($rest:tt)* }
    ) => {
        $crate::object! {
            @init $name $init $kept { $($left)* $member: ::std::vec::Vec::new(), } { $($rest)* }
        }
    };
    (@init $name:ident $init:ident { $($kept:tt)* } $left:tt
        { $(#[doc = $mdoc:expr])+ pub $member:ident : $ty:ty, $($rest:tt)* }
    ) => {
        $crate::object! {
            @init $name $init { $($kept)* $(#[doc = $mdoc])+ pub $member : $ty, } $left { $($rest)* }
        }
    };
    (@init $name:ident $init:ident { $($(#[doc = $mdoc:expr])+ pub $member:ident : $ty:ty,)* }
        { $($left:ident: $none:expr,)* } {}
    ) => {
        #[doc = concat!(" The required members of a [`", stringify!($name), "`], to construct one from.")]
        #[derive(Clone, Debug)]
        pub struct $init {
            $($(#[doc = $mdoc])+ pub $member: $ty,)*
        }

        impl $init {
            #[doc = concat!(" Makes the [`", stringify!($name), "`], without optional members.")]
            pub fn build(self) -> $name {
                self.into()
            }
        }

        impl ::core::convert::From<$init> for $name {
            fn from(init: $init) -> Self {
                let _ = &init;
                Self { $($member: init.$member,)* $($left: $none,)* extra: $crate::Extra::new() }
            }
        }
    };
}
