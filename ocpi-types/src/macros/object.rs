//! `object!`: a struct and everything that follows from its members.

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
        $crate::object! {
            @value $doc $name = $spec $branch $body
            check |value, check| { $($rules(value, check);)? let _ = (value, check); }
        }
        $($crate::object! { @patch $name = $spec $branch $body $patch $(merges $merge)? })?
        $crate::object! { @init $name $init {} $body }
    };

    // The struct and its implementations.
    (
        @value [$($doc:expr,)+] $name:ident = $spec:literal [$($branch:ident { $($added:ident)+ })?]
        { $($(#[doc = $mdoc:expr])+ pub $member:ident : $ty:ty,)+ }
        check |$value:ident, $check:ident| $rules:block
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, Eq, PartialEq)]
        pub struct $name {
            $($(#[doc = $mdoc])+ pub $member: $ty,)+
            /// Members that the specification does not have.
            pub extra: $crate::Extra,
        }

        impl $crate::Object for $name {
            const INFO: &'static $crate::ObjectInfo = &$crate::ObjectInfo {
                name: $spec,
                doc: &[$($doc,)+],
                fields: &[$($crate::Field {
                    name: $crate::macros::member_name(stringify!($member)),
                    card: <$ty as $crate::Value>::CARD,
                    ty: <$ty as $crate::Value>::TYPE,
                    is_list: <$ty as $crate::Value>::IS_LIST,
                    form: <$ty as $crate::Value>::FORM,
                    doc: &[$($mdoc,)+],
                },)+],
                branch: &[$($((
                    $crate::macros::member_name(stringify!($added)),
                    $crate::Versions::$branch,
                ),)+)?],
            };
        }

        impl $crate::Value for $name {
            const TYPE: $crate::Type = $crate::Type::Object(|| <Self as $crate::Object>::INFO);

            fn blank() -> Self {
                Self { $($member: <$ty as $crate::Value>::blank(),)+ extra: $crate::Extra::new() }
            }

            fn read(&mut self, r: &mut $crate::json::Reader<'_>) -> ::core::result::Result<(), $crate::json::Stop> {
                const REQUIRED: u64 = $crate::macros::required_mask(<$name as $crate::Object>::INFO.fields);
                let start = r.offset();
                let mut seen = $crate::json::Seen::default();
                let mut more = r.open_object()?;
                'members: while more {
                    let before = r.offset();
                    let mut bit = 1_u64;
                    $(
                        if r.key($crate::macros::key!($member, key_len, key_bytes)) {
                            let name = const { $crate::macros::member_name(stringify!($member)) };
                            if !r.member(name, &mut self.$member, bit, &mut seen)? {
                                r.keep_text(name, &mut self.extra);
                            }
                            more = r.next_member()?;
                            if !more {
                                break 'members;
                            }
                        }
                        bit <<= 1;
                    )+
                    let _ = bit;
                    if r.offset() == before {
                        self.read_odd_member(r, &mut seen)?;
                        more = r.next_member()?;
                    }
                }
                r.require(seen, REQUIRED, start, <Self as $crate::Object>::INFO, &mut self.extra)
            }

            fn write(&self, w: &mut $crate::json::Writer) {
                w.object(<Self as $crate::Object>::INFO, |w| {
                    let mut bit = 1_u64;
                    $(
                        if !self.extra.lacks(bit, &self.$member) {
                            w.member($crate::macros::key!($member, comma_key_len, comma_key_bytes), &self.$member);
                        }
                        bit <<= 1;
                    )+
                    let _ = bit;
                    // A member that could not be read is kept there, until it is given a value.
                    w.extra(&self.extra, |name| self.has(name));
                });
            }

            fn check(&self, check: &mut $crate::Check) {
                let mut bit = 1_u64;
                $(
                    check.member(const { $crate::macros::member_name(stringify!($member)) }, |check| {
                        if self.extra.lacks(bit, &self.$member) {
                            check.lacking(&self.$member);
                        } else {
                            $crate::Value::check(&self.$member, check);
                        }
                    });
                    bit <<= 1;
                )+
                let _ = bit;
                if check.has_demands() {
                    $(
                        check.demand(
                            <Self as $crate::Object>::INFO.name,
                            const { $crate::macros::member_name(stringify!($member)) },
                            $crate::Value::is_absent(&self.$member),
                        );
                    )+
                }
                $($(
                    check.branch_member(
                        const { $crate::macros::member_name(stringify!($added)) },
                        $crate::Value::is_absent(&self.$added),
                        $crate::Versions::$branch,
                    );
                )+)?
                check.extra(&self.extra, <Self as $crate::Object>::INFO);
                let ($value, $check) = (self, check);
                $rules
            }

            fn fit(
                &mut self,
                conversion: &mut $crate::convert::Conversion<'_>,
            ) -> ::core::result::Result<(), $crate::convert::Misfit> {
                let mut bit = 1_u64;
                $(
                    let name = const { $crate::macros::member_name(stringify!($member)) };
                    if self.extra.lacks(bit, &self.$member) {
                        return Err($crate::convert::Misfit::incomplete(name));
                    }
                    conversion.member(name, |conversion| $crate::Value::fit(&mut self.$member, conversion))?;
                    bit <<= 1;
                )+
                let _ = bit;
                for name in conversion.unwritten(&self.extra, |name| self.has(name)) {
                    self.extra.settle(&name);
                }
                Ok(())
            }
        }

        impl $name {
            /// Reads a member that is unknown, or whose name is written with escapes or as another version has it.
            #[cold]
            fn read_odd_member(
                &mut self,
                r: &mut $crate::json::Reader<'_>,
                seen: &mut $crate::json::Seen,
            ) -> ::core::result::Result<(), $crate::json::Stop> {
                let sent = r.key_text()?;
                let meant = $crate::macros::known_name(<Self as $crate::Object>::INFO, &sent);
                let mut bit = 1_u64;
                $(
                    if let Some(meant) = meant.filter(|meant| {
                        meant.name == const { $crate::macros::member_name(stringify!($member)) }
                    }) {
                        let meant = (meant, <Self as $crate::Object>::INFO);
                        if !r.odd_name_member(meant, &sent, &mut self.$member, bit, seen)? {
                            r.keep_text(&sent, &mut self.extra);
                        }
                        return Ok(());
                    }
                    bit <<= 1;
                )+
                let _ = bit;
                r.unknown_member(&sent, &mut self.extra)
            }

            /// Whether it has a member of this name, and the member has a value.
            #[cold]
            fn has(&self, name: &str) -> bool {
                let mut bit = 1_u64;
                $(
                    if name == const { $crate::macros::member_name(stringify!($member)) } {
                        return !$crate::Value::is_absent(&self.$member) && !self.extra.lacks(bit, &self.$member);
                    }
                    bit <<= 1;
                )+
                let _ = bit;
                false
            }
        }

        impl $crate::macros::serde::Serialize for $name {
            fn serialize<S: $crate::macros::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                use $crate::macros::serde::ser::SerializeMap as _;
                let mut map = serializer.serialize_map(None)?;
                let mut bit = 1_u64;
                $(
                    if !$crate::Value::is_absent(&self.$member) && !self.extra.lacks(bit, &self.$member) {
                        map.serialize_entry($crate::macros::member_name(stringify!($member)), &self.$member)?;
                    }
                    bit <<= 1;
                )+
                let _ = bit;
                self.extra.serialize_into(&mut map, |name| self.has(name))?;
                map.end()
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

    // The twin for PATCH.
    (
        @patch $name:ident = $spec:literal $branch:tt
        { $($(#[doc = $mdoc:expr])+ pub $member:ident : $ty:ty,)+ }
        $patch:ident $(merges $merge:ident)?
    ) => {
        $crate::object! {
            @value [concat!(" A change of a [`", stringify!($name), "`]: what a PATCH carries."),]
            $patch = $spec $branch
            { $($(#[doc = $mdoc])+ pub $member : $crate::Change<$ty>,)+ }
            check |value, check| { let _ = (value, check); }
        }

        impl ::core::default::Default for $patch {
            fn default() -> Self {
                <Self as $crate::Value>::blank()
            }
        }

        impl $crate::Patched for $name {
            type Patch = $patch;

            #[allow(unused_mut)]
            fn apply(&mut self, mut patch: $patch) {
                $($merge(self, &mut patch);)?
                $(
                    if patch.$member.as_set().is_some() {
                        self.extra.settle(const { $crate::macros::member_name(stringify!($member)) });
                    }
                    patch.$member.apply_to(&mut self.$member);
                )+
                self.extra.merge(patch.extra);
            }
        }
    };

    // The twin to construct from: members are taken one by one, optional ones and lists are left out.
    (@init $name:ident $init:ident { $($kept:tt)* }
        { $(#[doc = $mdoc:expr])+ pub $member:ident : Option<$ty:ty>, $($rest:tt)* }
    ) => {
        $crate::object! { @init $name $init { $($kept)* } { $($rest)* } }
    };
    (@init $name:ident $init:ident { $($kept:tt)* }
        { $(#[doc = $mdoc:expr])+ pub $member:ident : Vec<$ty:ty>, $($rest:tt)* }
    ) => {
        $crate::object! { @init $name $init { $($kept)* } { $($rest)* } }
    };
    (@init $name:ident $init:ident { $($kept:tt)* }
        { $(#[doc = $mdoc:expr])+ pub $member:ident : $ty:ty, $($rest:tt)* }
    ) => {
        $crate::object! { @init $name $init { $($kept)* $(#[doc = $mdoc])+ pub $member : $ty, } { $($rest)* } }
    };
    (@init $name:ident $init:ident { $($(#[doc = $mdoc:expr])+ pub $member:ident : $ty:ty,)* } {}) => {
        #[doc = concat!(" The required members of a [`", stringify!($name), "`], to construct one from.")]
        #[derive(Clone, Debug)]
        pub struct $init {
            $($(#[doc = $mdoc])+ pub $member: $ty,)*
        }

        impl ::core::convert::From<$init> for $name {
            fn from(init: $init) -> Self {
                let _ = &init;
                Self { $($member: init.$member,)* ..<Self as $crate::Value>::blank() }
            }
        }
    };
}
