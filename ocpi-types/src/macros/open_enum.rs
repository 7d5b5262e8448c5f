//! `open_enum!`: an enum that keeps unknown values.

/// Declares an enum of a message.
///
/// Every enum can be read with any text: known values are variants, everything else keeps its text in `Custom`.
/// The check says whether a value is allowed in a version: `open` lists the versions in which values may be added, `in`
/// those that have the value. A value with a quotation mark, a backslash or a control character does not compile.
///
/// ```
/// use ocpi_types::{Version, check, json};
///
/// ocpi_types::open_enum! {
///     /// How a plug is held.
///     pub enum Latch = "Latch", open V2_3_0_UP {
///         /// By hand.
///         Manual = "MANUAL",
///         /// By a motor.
///         Motor = "MOTOR" in V2_3_0_UP,
///     }
/// }
///
/// let latch: Latch = json::from_str(r#""MAGNET""#)?;
/// assert_eq!(latch.as_str(), "MAGNET");
/// assert_eq!(format!("{latch:?} {:?}", Latch::Motor), r#"Custom("MAGNET") Motor"#);
/// assert_eq!(check(&latch, Version::V2_2_1)[0].rule.id(), "enum.unknown");
/// assert_eq!(check(&latch, Version::V2_3_0)[0].rule.id(), "enum.open");
/// assert_eq!(check(&Latch::Motor, Version::V2_2_1)[0].rule.id(), "enum.other_version");
/// # Ok::<(), json::Error>(())
/// ```
///
/// ```compile_fail,E0080
/// ocpi_types::open_enum! {
///     /// Sizes of a cable.
///     pub enum Size = "Size", open V2_3_0_UP {
///         /// In inches.
///         Six = "6\"",
///     }
/// }
/// ```
#[macro_export]
macro_rules! open_enum {
    (
        $(#[doc = $doc:expr])+
        pub enum $name:ident = $spec:literal, open $open:ident {
            $($(#[doc = $vdoc:expr])+ $variant:ident = $text:literal $(in $versions:ident)?,)+
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Hash, Ord, PartialEq, PartialOrd)]
        pub enum $name {
            $($(#[doc = $vdoc])+ $variant,)+
            /// A value that the specification does not list, as it was read.
            Custom($crate::UnknownValue),
        }

        impl ::core::cmp::Eq for $name {}

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let names = &[$(::core::stringify!($variant)),+];
                $crate::macros::debug_value(f, Self::INFO, names, self.as_str())
            }
        }

        impl $name {
            /// Facts of the specification about the enum.
            pub const INFO: &'static $crate::EnumInfo = &$crate::macros::plain_values($crate::EnumInfo {
                name: $spec,
                doc: &[$($doc,)+],
                values: &[$(($text, $crate::open_enum!(@versions $($versions)?)),)+],
                open: $crate::Versions::$open,
            });

            /// Every value that the specification lists, of any version.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Creates an unlisted value for a constant, such as `custom(&"nltnm-tokens")`; a listed one does not
            /// compile.
            pub const fn custom(text: &'static &'static str) -> Self {
                Self::Custom($crate::UnknownValue::unlisted(Self::INFO, text))
            }

            /// Returns the value as written in messages.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Custom(text) => text.as_str(),
                }
            }

            /// Returns the versions that have the value; `None` for an unlisted one.
            pub const fn versions(&self) -> ::core::option::Option<$crate::Versions> {
                match self {
                    $(Self::$variant => Some($crate::open_enum!(@versions $($versions)?)),)+
                    Self::Custom(_) => None,
                }
            }
        }

        /// Any text becomes a value.
        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)+
                    _ => Self::Custom($crate::UnknownValue::keep(text)),
                }
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::Value for $name {
            const TYPE: $crate::Type = $crate::Type::Enum(Self::INFO);

            fn blank() -> Self {
                Self::Custom($crate::UnknownValue::blank())
            }

            #[inline]
            fn read(&mut self, r: &mut $crate::json::Reader<'_>) -> ::core::result::Result<(), $crate::json::Stop> {
                let at = r.offset();
                let text = r.text()?;
                *self = Self::from(&*text);
                if let Self::Custom(_) = self {
                    return $crate::macros::read_odd_value(self, Self::INFO, text, at, r);
                }
                Ok(())
            }

            #[inline]
            fn write(&self, w: &mut $crate::json::Writer) {
                w.enum_value(self.as_str(), self.versions().is_some());
            }

            fn check(&self, check: &mut $crate::Check) {
                check.enum_value(Self::INFO, self.versions(), self.as_str());
            }

            #[inline]
            fn downgrade(
                &mut self,
                conversion: &mut $crate::convert::Conversion<'_>,
            ) -> ::core::result::Result<(), $crate::convert::Unsupported> {
                let known = self.versions();
                conversion.enum_value(self, Self::INFO, known)
            }
        }

        impl $crate::macros::serde::Serialize for $name {
            fn serialize<S: $crate::macros::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
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
    (@versions) => { $crate::Versions::ALL };
    (@versions $versions:ident) => { $crate::Versions::$versions };
}
