//! Kinds of objects, and the steps of each from one version to the next.

use super::convert_to::step;
use super::{ConversionRule, Step, Unsupported};
use crate::json::{Reader, Stop, Writer};
use crate::v2_2_1::versions::VersionNumber;
use crate::{Check, Rule, Type, Value};

/// Placeholder for an object that a version does not have. No document can be read as one.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Absent;

impl serde::Serialize for Absent {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_none()
    }
}

impl Value for Absent {
    const TYPE: Type = Type::Any;
    const IS_CHECKED: bool = false;

    fn blank() -> Self {
        Self
    }

    fn read(&mut self, r: &mut Reader<'_>) -> Result<(), Stop> {
        Err(Stop::value(Rule::ValueType, r.offset()))
    }

    fn write(&self, w: &mut Writer) {
        w.raw("null");
    }

    fn check(&self, _: &mut Check) {}
}

/// Fits a value whose type is the same in the next version.
pub(super) fn downgraded<T: Value>(mut value: T, run: &mut Step<'_>) -> Result<T, Unsupported> {
    value.downgrade(run)?;
    Ok(value)
}

/// The next version has no such object.
pub(super) fn refused<T, U>(_: T, _: &mut Step<'_>) -> Result<U, Unsupported> {
    Err(Unsupported::new(ConversionRule::NoObject))
}

/// Version details are of the version that is converted to; its endpoints stay where they are.
fn renumber(version: &mut VersionNumber, run: &mut Step<'_>) {
    if version.as_str() == run.from().as_str() {
        run.note(ConversionRule::VersionNumber, "version", version);
        *version = VersionNumber::from(run.to().as_str());
    }
}

/// Kinds of objects, by the changes of their types between the versions.
macro_rules! kinds {
    (($dollar:tt) $($shape:ident { $($(#[doc = $doc:literal])+ $name:ident in $chapter:ident;)+ })+) => {
        $($(
            $(#[doc = $doc])+
            #[derive(Debug)]
            pub enum $name {}

            kinds!(@$shape $name $chapter);
        )+)+

        /// Hands the names of all [kinds](mod@crate::convert::kind) to a macro, behind further arguments of its own, if
        /// there are any.
        ///
        /// ```
        /// use ocpi_types::convert::{Kind, kind};
        /// macro_rules! names {
        ///     ($($name:ident)+) => { [$(<kind::$name as Kind>::NAME),+] };
        /// }
        /// assert!(ocpi_types::for_each_kind!(names).contains(&"Tariff"));
        /// ```
        #[macro_export]
        macro_rules! for_each_kind {
            ($dollar take:ident $dollar(, $dollar($dollar argument:tt)*)?) => {
                $dollar take! { $dollar($dollar($dollar argument)*)? $($($name)+)+ }
            };
        }
    };
    // Its steps are written by hand.
    (@by_hand $name:ident $chapter:ident) => {};
    // Another type in each version.
    (@changed $name:ident $chapter:ident) => {
        impl Kind for $name {
            const NAME: &'static str = stringify!($name);
            type V2_1_1 = crate::v2_1_1::$chapter::$name;
            type V2_2_1 = crate::v2_2_1::$chapter::$name;
            type V2_3_0 = crate::v2_3_0::$chapter::$name;
            kinds!(@steps step step step step);
        }
        of_kind!(
            $name: crate::v2_1_1::$chapter::$name = V2_1_1, crate::v2_2_1::$chapter::$name = V2_2_1,
                crate::v2_3_0::$chapter::$name = V2_3_0;
        );
    };
    // The same type in 2.2.1 and 2.3.0, another in 2.1.1.
    (@settled $name:ident $chapter:ident) => {
        impl Kind for $name {
            const NAME: &'static str = stringify!($name);
            type V2_1_1 = crate::v2_1_1::$chapter::$name;
            type V2_2_1 = crate::v2_2_1::$chapter::$name;
            type V2_3_0 = crate::v2_2_1::$chapter::$name;
            kinds!(@steps step downgraded downgraded step);
        }
        of_kind!($name: crate::v2_1_1::$chapter::$name = V2_1_1, crate::v2_2_1::$chapter::$name = V2_3_0;);
    };
    // The same type in 2.2.1 and 2.3.0, and none in 2.1.1.
    (@since_2_2_1 $name:ident $chapter:ident) => {
        impl Kind for $name {
            const NAME: &'static str = stringify!($name);
            type V2_1_1 = Absent;
            type V2_2_1 = crate::v2_2_1::$chapter::$name;
            type V2_3_0 = crate::v2_2_1::$chapter::$name;
            kinds!(@steps refused downgraded downgraded refused);
        }
        of_kind!($name: crate::v2_2_1::$chapter::$name = V2_3_0;);
    };
    // Another type in 2.2.1 and 2.3.0, and none in 2.1.1.
    (@since_2_2_1_changed $name:ident $chapter:ident) => {
        impl Kind for $name {
            const NAME: &'static str = stringify!($name);
            type V2_1_1 = Absent;
            type V2_2_1 = crate::v2_2_1::$chapter::$name;
            type V2_3_0 = crate::v2_3_0::$chapter::$name;
            kinds!(@steps refused step step refused);
        }
        of_kind!($name: crate::v2_2_1::$chapter::$name = V2_2_1, crate::v2_3_0::$chapter::$name = V2_3_0;);
    };
    // The same type in all versions.
    (@lasting $name:ident $chapter:ident) => {
        impl Kind for $name {
            const NAME: &'static str = stringify!($name);
            type V2_1_1 = crate::v2_2_1::$chapter::$name;
            type V2_2_1 = crate::v2_2_1::$chapter::$name;
            type V2_3_0 = crate::v2_2_1::$chapter::$name;
            kinds!(@steps downgraded downgraded downgraded downgraded);
        }
        of_kind!($name: crate::v2_2_1::$chapter::$name = V2_3_0;);
    };
    // In 2.3.0 only.
    (@since_2_3_0 $name:ident $chapter:ident) => {
        impl Kind for $name {
            const NAME: &'static str = stringify!($name);
            type V2_1_1 = Absent;
            type V2_2_1 = Absent;
            type V2_3_0 = crate::v2_3_0::$chapter::$name;
            kinds!(@steps refused refused refused refused);
        }
        of_kind!($name: crate::v2_3_0::$chapter::$name = V2_3_0;);
    };
    (@steps $up:path, $up_again:path, $down:path, $down_again:path) => {
        fn up_from_2_1_1(value: Self::V2_1_1, run: &mut Step<'_>) -> Result<Self::V2_2_1, Unsupported> {
            $up(value, run)
        }

        fn up_from_2_2_1(value: Self::V2_2_1, run: &mut Step<'_>) -> Result<Self::V2_3_0, Unsupported> {
            $up_again(value, run)
        }

        fn down_from_2_3_0(value: Self::V2_3_0, run: &mut Step<'_>) -> Result<Self::V2_2_1, Unsupported> {
            $down(value, run)
        }

        fn down_from_2_2_1(value: Self::V2_2_1, run: &mut Step<'_>) -> Result<Self::V2_1_1, Unsupported> {
            $down_again(value, run)
        }
    };
    (@steps $up:ident $up_again:ident $down:ident $down_again:ident) => {
        kinds!(@steps $up, $up_again, $down, $down_again);
    };
}

/// A Session of 2.1.1 embeds the Location that later ones name.
macro_rules! embeds {
    (Session V2_1_1) => {};
    (Session $newest:ident) => {
        fn embeds(&self) -> Option<Embedded> {
            let owner = Party { country_code: self.country_code.clone(), party_id: self.party_id.clone() };
            Some(Embedded { owner, location_id: self.location_id.clone() })
        }
    };
    ($other:ident $newest:ident) => {};
}

/// Of which kind types are, and of which version at the latest.
macro_rules! of_kind {
    ($($name:ident: $($ty:ty = $newest:ident),+;)+) => { $($(
        impl OfKind for $ty {
            type Kind = $name;
            const NEWEST: crate::Version = crate::Version::$newest;

            embeds!($name $newest);

            fn into_any(self) -> AnyVersion<$name> {
                AnyVersion::$newest(self)
            }

            fn of_any(
                any: AnyVersion<$name>,
                context: &Context<'_>,
                ledger: &mut Ledger,
            ) -> Result<Self, ConversionError> {
                <crate::convert::$newest as SpecVersion>::of_any(any, context, ledger)
            }
        }
    )+)+ };
}

/// Kinds of objects, independent of the version: type arguments of [`convert`](super::convert).
///
/// Each has the name of its object; the PATCH of an object is a kind of its own.
pub mod kind {
    use super::{Absent, downgraded, refused, renumber, step};
    use crate::convert::Embedded;
    use crate::convert::{
        AnyVersion, Context, ConversionError, Kind, Ledger, OfKind, SpecVersion, Step, Unsupported,
    };
    use crate::protocol::Party;

    kinds! { ($)
        changed {
            /// A Location.
            Location in locations;
            /// A PATCH of a Location.
            LocationPatch in locations;
            /// An EVSE.
            Evse in locations;
            /// A PATCH of an EVSE.
            EvsePatch in locations;
            /// A Connector.
            Connector in locations;
            /// A PATCH of a Connector.
            ConnectorPatch in locations;
            /// A Session.
            Session in sessions;
            /// A PATCH of a Session.
            SessionPatch in sessions;
            /// A CDR.
            Cdr in cdrs;
            /// A Tariff.
            Tariff in tariffs;
            /// A PATCH of a Tariff.
            TariffPatch in tariffs;
        }
        settled {
            /// A Token.
            Token in tokens;
            /// A PATCH of a Token.
            TokenPatch in tokens;
            /// The answer to a real-time authorisation.
            AuthorizationInfo in tokens;
            /// The location and EVSEs that a real-time authorisation is for.
            LocationReferences in tokens;
            /// The first answer to a command.
            CommandResponse in commands;
            /// The command to reserve an EVSE.
            ReserveNow in commands;
            /// The command to start a session.
            StartSession in commands;
            /// The command to stop a session.
            StopSession in commands;
            /// The command to unlock a connector.
            UnlockConnector in commands;
        }
        since_2_2_1 {
            /// The command to cancel a reservation.
            CancelReservation in commands;
            /// A party that is connected to a hub.
            ClientInfo in hub_client_info;
            /// A driver's preferences for smart charging.
            ChargingPreferences in sessions;
            /// The answer to charging preferences.
            ChargingPreferencesResponse in sessions;
            /// A charging profile to set.
            SetChargingProfile in charging_profiles;
            /// The charging profile in force.
            ActiveChargingProfile in charging_profiles;
            /// The first answer to a request about charging profiles.
            ChargingProfileResponse in charging_profiles;
            /// The second answer to a request for the charging profile in force.
            ActiveChargingProfileResult in charging_profiles;
            /// The second answer to a charging profile that was set.
            ChargingProfileResult in charging_profiles;
            /// The second answer to a request to clear a charging profile.
            ClearProfileResult in charging_profiles;
        }
        // Parts of objects. Prices of tariffs are none: whether tax is in them stands in the tariff.
        settled {
            /// A company.
            BusinessDetails in locations;
            /// A link to a picture.
            Image in locations;
            /// Where energy comes from.
            EnergyMix in locations;
            /// A kind of waste or emission.
            EnvironmentalImpact in locations;
            /// When a location can be used.
            Hours in locations;
            /// A stretch of a session.
            ChargingPeriod in cdrs;
            /// Where a module can be reached.
            Endpoint in versions;
        }
        lasting {
            /// An entry of a list of versions.
            Version in versions;
            /// A text with its language.
            DisplayText in types;
            /// A point on the map.
            GeoLocation in locations;
            /// A point near a location.
            AdditionalGeoLocation in locations;
            /// Hours of a weekday.
            RegularHours in locations;
            /// A period with other opening hours.
            ExceptionalPeriod in locations;
            /// A status to come.
            StatusSchedule in locations;
            /// The share of a source of energy.
            EnergySource in locations;
            /// A value of a charging period.
            CdrDimension in cdrs;
        }
        since_2_2_1 {
            /// Tokens whose owners may see a location.
            PublishTokenType in locations;
            /// The place of a CDR.
            CdrLocation in cdrs;
            /// The token of a session or CDR.
            CdrToken in cdrs;
            /// Signed meter values.
            SignedData in cdrs;
            /// A signed meter value.
            SignedValue in cdrs;
            /// A driver's energy contract.
            EnergyContract in tokens;
            /// Limits on the charging speed of a session, one after the other.
            ChargingProfile in charging_profiles;
            /// One limit of a charging profile.
            ChargingProfilePeriod in charging_profiles;
            /// A party of a platform.
            CredentialsRole in credentials;
        }
        since_2_2_1_changed {
            /// An amount of money.
            Price in types;
        }
        since_2_3_0 {
            /// The CDRs that an invoice is for.
            InvoiceReconciliationRecord in invoice_reconciliation;
            /// A payment terminal. Only with Payments.
            Terminal in payments;
            /// A PATCH of a payment terminal. Only with Payments.
            TerminalPatch in payments;
            /// The confirmation of a capture from a card. Only with Payments.
            FinancialAdviceConfirmation in payments;
            /// A booking. Only with Bookings.
            Booking in bookings;
            /// A PATCH of a booking. Only with Bookings.
            BookingPatch in bookings;
            /// The booking options of a location. Only with Bookings.
            BookingLocation in bookings;
            /// A PATCH of the booking options of a location. Only with Bookings.
            BookingLocationPatch in bookings;
            /// Free times. Only with Bookings.
            Calendar in bookings;
            /// A PATCH of free times. Only with Bookings.
            CalendarPatch in bookings;
            /// A request for a booking. Only with Bookings.
            BookingRequest in bookings;
        }
        by_hand {
            /// Credentials.
            Credentials in credentials;
            /// The second answer to a command. 2.1.1 has one type for both.
            CommandResult in commands;
            /// The endpoints of a version. They get the number of the version that is converted to, and stay where they are.
            VersionDetails in versions;
        }
    }

    impl Kind for Credentials {
        const NAME: &'static str = "Credentials";
        type V2_1_1 = crate::v2_1_1::credentials::Credentials;
        type V2_2_1 = crate::v2_2_1::credentials::Credentials;
        type V2_3_0 = crate::v2_3_0::credentials::Credentials;
        kinds!(@steps step, crate::convert::v2_2_1_to_2_3_0::credentials_of_2_2_1, step, step);
    }

    impl Kind for CommandResult {
        const NAME: &'static str = "CommandResult";
        type V2_1_1 = crate::v2_1_1::commands::CommandResponse;
        type V2_2_1 = crate::v2_2_1::commands::CommandResult;
        type V2_3_0 = crate::v2_2_1::commands::CommandResult;
        kinds!(@steps crate::convert::v2_1_1_to_2_2_1::result_of_2_1_1, downgraded, downgraded, step);
    }

    impl Kind for VersionDetails {
        const NAME: &'static str = "VersionDetails";
        type V2_1_1 = crate::v2_1_1::versions::VersionDetails;
        type V2_2_1 = crate::v2_2_1::versions::VersionDetails;
        type V2_3_0 = crate::v2_2_1::versions::VersionDetails;

        fn up_from_2_1_1(mut value: Self::V2_1_1, run: &mut Step<'_>) -> Result<Self::V2_2_1, Unsupported> {
            renumber(&mut value.version, run);
            step(value, run)
        }

        fn up_from_2_2_1(mut value: Self::V2_2_1, run: &mut Step<'_>) -> Result<Self::V2_3_0, Unsupported> {
            renumber(&mut value.version, run);
            downgraded(value, run)
        }

        fn down_from_2_3_0(mut value: Self::V2_3_0, run: &mut Step<'_>) -> Result<Self::V2_2_1, Unsupported> {
            renumber(&mut value.version, run);
            downgraded(value, run)
        }

        fn down_from_2_2_1(mut value: Self::V2_2_1, run: &mut Step<'_>) -> Result<Self::V2_1_1, Unsupported> {
            renumber(&mut value.version, run);
            step(value, run)
        }
    }

    of_kind! {
        Credentials: crate::v2_1_1::credentials::Credentials = V2_1_1,
            crate::v2_2_1::credentials::Credentials = V2_2_1,
            crate::v2_3_0::credentials::Credentials = V2_3_0;
        CommandResult: crate::v2_2_1::commands::CommandResult = V2_3_0;
        VersionDetails: crate::v2_1_1::versions::VersionDetails = V2_1_1,
            crate::v2_2_1::versions::VersionDetails = V2_3_0;
    }
}
