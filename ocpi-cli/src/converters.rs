//! Every kind of object that can be converted, with its Rust types erased.

use ocpi_types::convert::{AnyVersion, Context, ConversionError, Kind, Ledger, kind};
use ocpi_types::{Object, Version};

use crate::kinds::dashed;
use crate::remark::Remark;

/// Conversion of the objects of one type.
#[derive(Debug)]
pub(crate) struct Converter {
    /// The specification's name of the type.
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
        let converters = if patch { PATCHES } else { CONVERTERS };
        converters.iter().find(|converter| dashed(converter.name) == name)
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
    ($all:ident: $($kind:ident)+) => {
        static $all: &[Converter] = &[$(Converter {
            name: <<kind::$kind as Kind>::V2_3_0 as Object>::INFO.name,
            convert: convert::<kind::$kind>,
        },)+];
    };
}

converters! {
    CONVERTERS:
    Location Evse Connector Session Cdr Tariff Token AuthorizationInfo LocationReferences CommandResponse
    CommandResult ReserveNow StartSession StopSession UnlockConnector CancelReservation Credentials Version
    VersionDetails ClientInfo ChargingPreferences SetChargingProfile ActiveChargingProfile ChargingProfileResponse
    ActiveChargingProfileResult ChargingProfileResult ClearProfileResult InvoiceReconciliationRecord Terminal
    FinancialAdviceConfirmation Booking BookingLocation BookingRequest Calendar BusinessDetails Image EnergyMix
    EnvironmentalImpact Hours ChargingPeriod Endpoint DisplayText GeoLocation AdditionalGeoLocation RegularHours
    ExceptionalPeriod StatusSchedule EnergySource CdrDimension PublishTokenType CdrLocation CdrToken SignedData
    SignedValue EnergyContract ChargingProfile ChargingProfilePeriod CredentialsRole Price
}

converters! {
    PATCHES:
    LocationPatch EvsePatch ConnectorPatch SessionPatch TariffPatch TokenPatch TerminalPatch BookingPatch
    BookingLocationPatch CalendarPatch
}
