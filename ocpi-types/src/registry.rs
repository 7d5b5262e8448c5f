//! The list of all objects.

/// Hands all objects to a macro, by the rule set whose documents have them: `$take! { V2_1_1 in v2_1_1 { locations:
/// Location, …; … } … }`, behind further arguments of its own, if there are any.
///
/// Names are those of [`Ruleset`](crate::Ruleset)'s constants, and of modules and types of this crate. Objects that stand
/// alone in messages come first, their parts follow.
///
/// ```
/// macro_rules! count {
///     ($($ruleset:ident in $version:ident { $($chapter:ident: $($name:ident),+;)+ })+) => {
///         [$((stringify!($ruleset), [$($(stringify!($name)),+),+].len())),+]
///     };
/// }
/// assert_eq!(
///     ocpi_types::for_each_object!(count),
///     [("V2_1_1", 35), ("V2_2_1", 55), ("V2_3_0", 60), ("V2_3_0_PAYMENTS", 2), ("V2_3_0_BOOKINGS", 13)],
/// );
/// ```
#[macro_export]
macro_rules! for_each_object {
    ($take:ident $(, $($argument:tt)*)?) => {
        $take! {
            $($($argument)*)?
                V2_1_1 in v2_1_1 {
                    locations: Location, Evse, Connector;
                    sessions: Session;
                    cdrs: Cdr;
                    tariffs: Tariff;
                    tokens: Token, AuthorizationInfo, LocationReferences;
                    commands: CommandResponse, ReserveNow, StartSession, StopSession, UnlockConnector;
                    credentials: Credentials;
                    versions: Version, VersionDetails;

                    locations: AdditionalGeoLocation, BusinessDetails, EnergyMix, EnergySource, EnvironmentalImpact,
                        ExceptionalPeriod, GeoLocation, Hours, Image, RegularHours, StatusSchedule;
                    cdrs: CdrDimension, ChargingPeriod;
                    tariffs: PriceComponent, TariffElement, TariffRestrictions;
                    versions: Endpoint;
                    types: DisplayText;
                }
                V2_2_1 in v2_2_1 {
                    locations: Location, Evse, Connector;
                    sessions: Session, ChargingPreferences;
                    cdrs: Cdr;
                    tariffs: Tariff;
                    tokens: Token, AuthorizationInfo, LocationReferences;
                    commands: CancelReservation, CommandResponse, CommandResult, ReserveNow, StartSession, StopSession,
                        UnlockConnector;
                    charging_profiles: SetChargingProfile, ActiveChargingProfile, ChargingProfileResponse,
                        ActiveChargingProfileResult, ChargingProfileResult, ClearProfileResult;
                    hub_client_info: ClientInfo;
                    credentials: Credentials;
                    versions: Version, VersionDetails;

                    locations: AdditionalGeoLocation, BusinessDetails, EnergyMix, EnergySource, EnvironmentalImpact,
                        ExceptionalPeriod, GeoLocation, Hours, Image, PublishTokenType, RegularHours, StatusSchedule;
                    cdrs: CdrDimension, CdrLocation, CdrToken, ChargingPeriod, SignedData, SignedValue;
                    tariffs: PriceComponent, TariffElement, TariffRestrictions;
                    tokens: EnergyContract;
                    charging_profiles: ChargingProfile, ChargingProfilePeriod;
                    credentials: CredentialsRole;
                    versions: Endpoint;
                    types: DisplayText, Price;
                }
                V2_3_0 in v2_3_0 {
                    locations: Location, Evse, Connector;
                    sessions: Session, ChargingPreferences;
                    cdrs: Cdr;
                    tariffs: Tariff;
                    tokens: Token, AuthorizationInfo, LocationReferences;
                    commands: CancelReservation, CommandResponse, CommandResult, ReserveNow, StartSession, StopSession,
                        UnlockConnector;
                    charging_profiles: SetChargingProfile, ActiveChargingProfile, ChargingProfileResponse,
                        ActiveChargingProfileResult, ChargingProfileResult, ClearProfileResult;
                    hub_client_info: ClientInfo;
                    invoice_reconciliation: InvoiceReconciliationRecord;
                    credentials: Credentials;
                    versions: Version, VersionDetails;

                    locations: Parking, AdditionalGeoLocation, BusinessDetails, EnergyMix, EnergySource,
                        EnvironmentalImpact, EvseParking, ExceptionalPeriod, GeoLocation, Hours, Image, PublishTokenType,
                        RegularHours, StatusSchedule;
                    cdrs: CdrDimension, CdrLocation, CdrToken, ChargingPeriod, SignedData, SignedValue;
                    tariffs: PriceComponent, PriceLimit, TariffElement, TariffRestrictions;
                    tokens: EnergyContract;
                    charging_profiles: ChargingProfile, ChargingProfilePeriod;
                    credentials: CredentialsRole;
                    versions: Endpoint;
                    types: DisplayText, Price, TaxAmount;
                }
                V2_3_0_PAYMENTS in v2_3_0 {
                    payments: Terminal, FinancialAdviceConfirmation;
                }
                V2_3_0_BOOKINGS in v2_3_0 {
                    bookings: Booking, BookingLocation, BookingRequest, Calendar;

                    bookings: AccessInformation, BookingOption, BookingRequestStatus, BookingTerms, BookingToken,
                        Cancellation, Period, Policy, Timeslot;
                }
        }
    };
}
