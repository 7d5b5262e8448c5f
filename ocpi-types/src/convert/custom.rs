//! Types of modules that the specification does not have.

use std::marker::PhantomData;

use super::kinds::downgraded;
use super::spec_version::{AnyVersion, Kind, OfKind, SpecVersion, V2_3_0};
use super::{Context, ConversionError, Ledger, Step, Unsupported};
use crate::{Value, Version};

/// A type of a module that the specification does not have; it is the same in every version.
///
/// Implemented by [`module!`](crate::module). Values of the specification's enums that the partner's version lacks are
/// downgraded, as in all types that versions share.
pub trait Custom: Value {}

/// The kind of a custom type.
#[doc(hidden)]
#[derive(Debug)]
pub struct CustomKind<T>(PhantomData<fn() -> T>);

impl<T: Custom> Kind for CustomKind<T> {
    const NAME: &'static str = "object of a custom module";
    type V2_1_1 = T;
    type V2_2_1 = T;
    type V2_3_0 = T;

    fn up_from_2_1_1(value: T, run: &mut Step<'_>) -> Result<T, Unsupported> {
        downgraded(value, run)
    }

    fn up_from_2_2_1(value: T, run: &mut Step<'_>) -> Result<T, Unsupported> {
        downgraded(value, run)
    }

    fn down_from_2_3_0(value: T, run: &mut Step<'_>) -> Result<T, Unsupported> {
        downgraded(value, run)
    }

    fn down_from_2_2_1(value: T, run: &mut Step<'_>) -> Result<T, Unsupported> {
        downgraded(value, run)
    }
}

impl<T: Custom> OfKind for T {
    type Kind = CustomKind<T>;
    const NEWEST: Version = Version::V2_3_0;

    fn into_any(self) -> AnyVersion<CustomKind<T>> {
        AnyVersion::V2_3_0(self)
    }

    fn of_any(
        any: AnyVersion<CustomKind<T>>,
        context: &Context<'_>,
        ledger: &mut Ledger,
    ) -> Result<Self, ConversionError> {
        V2_3_0::of_any(any, context, ledger)
    }
}
