//! Macros for the common code of root resources.

/// The list of Sessions demands `date_from`, in every version.
pub(in crate::endpoint) const SINCE_EVER: &[(&str, &str)] = &[("date_from", "1970-01-01T00:00:00Z")];

/// An object that is kept by itself.
///
/// `demanded` is what its list demands in the query, `parts` the member with its parts, `audience` finds the party that it is
/// for, `addressed` is `true` if that is kept beside it, `terms` those by which it is looked up, `credited` the object that it takes back, `in_url` finds the place that a URL
/// means, `owner` its owner.
#[doc(hidden)]
#[macro_export]
macro_rules! __resource {
    (
        $version:ident, $ty:ty, $module:ident $(($custom:literal))?, $key:ty, |$this:ident, $at:ident| $is_at:expr
        $(, kept as $kept:expr)? $(, in $collection:expr)? $(, demanded $demanded:expr)? $(, parts $parts:ident)? $(, audience $audience:expr)? $(, addressed $is_addressed:literal)?
        $(, terms $terms:expr)? $(, credited $credited:expr)? $(, in_url $in_url:expr)?
        $(, owner $owner:expr)?
    ) => {
        impl $crate::endpoint::Addressed for $ty {
            const MODULE: $crate::v2_2_1::versions::ModuleId =
                $crate::v2_2_1::versions::ModuleId::$module$((&$custom))?;
            $(const KEPT_AS: &'static str = $kept;)?
            $(const COLLECTION: &'static [&'static str] = $collection;)?
            $(const DEMANDED: &'static [(&'static str, &'static str)] = $demanded;)?
            type Key = $key;
        }

        impl $crate::endpoint::Resource for $ty {
            $(
                fn place_in_url(
                    &self,
                    at: $crate::endpoint::Owned<$key>,
                    from: &$crate::endpoint::Incoming<'_>,
                ) -> $crate::endpoint::Owned<$key> {
                    let in_url: fn(
                        &Self,
                        $crate::endpoint::Owned<$key>,
                        &$crate::endpoint::Incoming<'_>,
                    ) -> $crate::endpoint::Owned<$key> = $in_url;
                    in_url(self, at, from)
                }
            )?

            const VERSION: $crate::Version = $crate::Version::$version;
            type Root = Self;

            fn root_key(key: &$key) -> $key {
                key.clone()
            }

            fn find<'a>(root: &'a Self, _: &$key) -> Option<&'a Self> {
                Some(root)
            }

            fn put_into(self, root: &mut Self, _: &$key) -> $crate::endpoint::Upsert {
                *root = self;
                $crate::endpoint::Upsert::Replaced
            }

            fn into_root(self) -> Option<Self> {
                Some(self)
            }

            fn is_at(&self, at: &$crate::endpoint::Owned<$key>) -> bool {
                let ($this, $at) = (self, at);
                $is_at
            }

            fn last_updated(&self) -> $crate::DateTime {
                self.last_updated
            }

            $(
                fn newest_change(&self) -> $crate::DateTime {
                    let parts = self.$parts.iter().map($crate::endpoint::Resource::newest_change);
                    parts.fold(self.last_updated, $crate::DateTime::max)
                }
            )?

            $(
                const HAS_AUDIENCE: bool = true;

                fn audience(&self) -> Option<$crate::protocol::Party> {
                    let audience: fn(&Self) -> Option<$crate::protocol::Party> = $audience;
                    audience(self)
                }
            )?

            $(
                const HAS_AUDIENCE: bool = $is_addressed;
                const ONLY_FOR_AUDIENCE: bool = $is_addressed;
            )?

            $(
                fn terms(&self) -> Vec<(&'static str, String)> {
                    let terms: fn(&Self) -> Vec<(&'static str, String)> = $terms;
                    terms(self)
                }
            )?

            $(
                fn credited(&self) -> Option<$key> {
                    let credited: fn(&Self) -> Option<$key> = $credited;
                    credited(self)
                }
            )?

            $(
                fn owner(&self) -> Option<$crate::protocol::Party> {
                    let owner: fn(&Self) -> Option<$crate::protocol::Party> = $owner;
                    owner(self)
                }
            )?
        }
    };
}

/// An object that is kept by itself and names its owner.
#[doc(hidden)]
#[macro_export]
macro_rules! __root {
    (
        $version:ident, $ty:ty, $module:ident $(($custom:literal))?, $key:ident { $($part:ident: $member:ident),+ } $($more:tt)*
    ) => {
        $crate::__resource!(
            $version, $ty, $module $(($custom))?, $key,
            |this, at| $crate::endpoint::RootResource::identity(this) == *at
            $($more)*, owner |this| Some($crate::endpoint::RootResource::identity(this).owner)
        );

        impl $crate::endpoint::RootResource for $ty {
            fn identity(&self) -> $crate::endpoint::Owned<$key> {
                let (country_code, party_id) = (self.country_code.clone(), self.party_id.clone());
                $crate::endpoint::Owned {
                    owner: $crate::protocol::Party { country_code, party_id },
                    key: $key { $($part: self.$member.clone()),+ },
                }
            }
        }
    };
}

/// Objects that a PATCH can change; `undated` if it need not say when, `appending` the list to which it appends.
#[doc(hidden)]
#[macro_export]
macro_rules! __patched {
    (undated $($ty:ty $(, appending $list:ident)?);+) => {
        $crate::__patched!(@dated false, $($ty $(, appending $list)?);+);
    };
    (@dated $dated:literal, $($ty:ty $(, appending $list:ident)?);+) => { $(
        impl $crate::endpoint::PatchedResource for $ty {
            const DATED: bool = $dated;

            fn patch_time(patch: &Self::Patch) -> Option<$crate::DateTime> {
                patch.last_updated.as_set().copied()
            }

            fn with_patch_time(mut patch: Self::Patch, time: $crate::DateTime) -> Self::Patch {
                patch.last_updated = time.into();
                patch
            }

            $(
                fn appends(patch: &Self::Patch) -> bool {
                    patch.$list.as_set().is_some_and(|list| !list.is_empty())
                }
            )?
        }
    )+ };
    ($($ty:ty $(, appending $list:ident)?);+) => {
        $crate::__patched!(@dated true, $($ty $(, appending $list)?);+);
    };
}

pub(in crate::endpoint) use {
    crate::__patched as patched, crate::__resource as resource, crate::__root as root,
};
