//! Every kind of object that can be converted, with its Rust types erased.

use ocpi_types::Version;
use ocpi_types::convert::{AnyVersion, Context, ConversionError, Kind, Ledger, kind};

use crate::kinds::dashed;
use crate::remark::Remark;

/// Conversion of the objects of one type.
#[derive(Debug)]
pub(crate) struct Converter {
    /// The name of the kind.
    name: &'static str,
    convert: Convert,
}

type Convert = fn(&str, Version, Version, &Context<'_>, &mut Ledger) -> Result<Vec<u8>, Unconverted>;

/// Reason why an object has no counterpart.
#[derive(Debug)]
pub(crate) enum Unconverted {
    /// It could not be read.
    Unreadable(Remark),
    /// The version cannot express it.
    ConversionError(ConversionError),
}

impl Converter {
    /// The one for a type, or its PATCH, by its name with dashes.
    pub(crate) fn named(name: &str, patch: bool) -> Option<&'static Self> {
        let name_of = |converter: &Self| match patch {
            true => converter.name.strip_suffix("Patch").map(dashed),
            false => Some(dashed(converter.name)),
        };
        CONVERTERS.iter().find(|converter| name_of(converter).as_deref() == Some(name))
    }

    /// Converts one object.
    ///
    /// # Errors
    /// When it cannot be read, or not be expressed.
    pub(crate) fn convert(
        &self,
        text: &str,
        from: Version,
        to: Version,
        context: &Context<'_>,
        ledger: &mut Ledger,
    ) -> Result<Vec<u8>, Unconverted> {
        (self.convert)(text, from, to, context, ledger)
    }
}

fn convert<K: Kind>(
    text: &str,
    from: Version,
    to: Version,
    context: &Context<'_>,
    ledger: &mut Ledger,
) -> Result<Vec<u8>, Unconverted> {
    let read = AnyVersion::<K>::read(from, text.as_bytes());
    let read = read.map_err(|error| Unconverted::Unreadable(Remark::from(&error)))?;
    Ok(read.value.convert(to, context, ledger)?.to_vec())
}

macro_rules! converters {
    ($($kind:ident)+) => {
        static CONVERTERS: &[Converter] = &[$(Converter {
            name: <kind::$kind as Kind>::NAME,
            convert: convert::<kind::$kind>,
        },)+];
    };
}

ocpi_types::for_each_kind!(converters);
