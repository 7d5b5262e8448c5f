//! Bookings: charging at a time agreed on beforehand.
//!
//! A branch of 2.3.0, in its revision 1.1. The CPO offers booking locations with calendars of free time. The
//! eMSP posts a booking request and gets a booking, which may still be pending; the CPO pushes its outcome
//! later with PUT or PATCH. To change or cancel a booking the eMSP posts another request with the same
//! `request_id`. The CPO owns bookings and booking locations, and may cancel a booking too.
//!
//! Spec: 2.3.0 mod_bookings

use super::locations::{ConnectorFormat, ConnectorType, EvsePosition, PowerType, VehicleType};
use super::tokens::TokenType;
use super::types::Role;
use crate::macros::{object, open_enum};
use crate::{
    Check, CiString, CountryCode, DateTime, Decimal, NonEmpty, Object, PartyId, Private, Rule, Text, Url,
    rules,
};

object! {
    /// A place and time that is booked, or asked for.
    ///
    /// Only with Bookings. `reservation_status` is the state of the booking itself; each request to make or
    /// change it has a state of its own in `booking_requests`.
    ///
    /// Spec: 2.3.0 mod_bookings §booking_object
    pub struct Booking = "Booking", init BookingInit, patch BookingPatch {
        /// Identifies the booking in the platform of the CPO.
        pub id: CiString<36>,
        /// Country of the CPO that owns the booking.
        pub country_code: CountryCode,
        /// Party id of the CPO that owns the booking.
        pub party_id: PartyId,
        /// Id the eMSP chose for its request. All requests about one booking have the same.
        pub request_id: CiString<36>,
        /// Option that is booked: the EVSE, or the properties that it must have.
        pub booking_option: Option<Box<BookingOption>>,
        /// Id of the location.
        pub location_id: CiString<36>,
        /// The tokens that can be used for it.
        pub booking_tokens: Vec<BookingToken>,
        /// Ids of the tariffs that apply.
        pub tariff_ids: Vec<CiString<36>>,
        /// The time that is booked.
        pub period: Timeslot,
        /// The state of the booking.
        pub reservation_status: ReservationStatus,
        /// Party that cancelled it, and the reason. Absent unless it is cancelled.
        pub canceled: Option<Cancellation>,
        /// Ways to get into the site.
        pub access_information: Vec<AccessInformation>,
        /// Reference that the session and the CDR will have too.
        pub authorization_reference: CiString<36>,
        /// The terms it was made under.
        pub booking_terms: BookingTerms,
        /// All requests about this booking.
        pub booking_requests: NonEmpty<BookingRequestStatus>,
        /// When the booking was last changed, or created.
        pub last_updated: DateTime,
    }
}

object! {
    /// Booking offer of a location: the option that can be booked, the free times and the terms.
    ///
    /// Only with Bookings.
    ///
    /// Spec: 2.3.0 mod_bookings §bookinglocation_object
    pub struct BookingLocation = "BookingLocation", init BookingLocationInit, patch BookingLocationPatch,
        rules booking_location_rules {
        /// Country of the CPO that owns it.
        pub country_code: CountryCode,
        /// Party id of the CPO that owns it.
        pub party_id: PartyId,
        /// Identifies it in the platform of the CPO.
        pub id: CiString<36>,
        /// Id of the location.
        pub location_id: CiString<36>,
        /// Option that can be booked: an EVSE, or its properties.
        pub booking_option: Option<Box<BookingOption>>,
        /// Duty to book, and the number of chargers left for drivers without a booking.
        pub policy: Option<Policy>,
        /// Ids of the tariffs that apply.
        pub tariff_ids: Vec<CiString<36>>,
        /// The terms of a booking here.
        pub booking_terms: Option<Box<BookingTerms>>,
        /// When there is time to book.
        pub calendars: Vec<Calendar>,
        /// When it was last changed, or created. A change of a calendar counts.
        pub last_updated: DateTime,
    }
}

object! {
    /// The free time of a booking location, from one moment to another.
    ///
    /// Only with Bookings. It has an address of its own, below that of its booking location. A receiver that
    /// takes a PATCH or PUT of it also moves `last_updated` of the booking location.
    ///
    /// Spec: 2.3.0 mod_bookings §calendar_object
    pub struct Calendar = "Calendar", init CalendarInit, patch CalendarPatch, rules calendar_rules {
        /// Identifies the calendar.
        pub id: CiString<36>,
        /// When the calendar starts.
        pub begin_from: DateTime,
        /// When the calendar ends.
        pub end_before: DateTime,
        /// Bookings are made in steps of this many minutes.
        pub timeslot_increment: Option<i64>,
        /// When there is time to book.
        pub available_timeslots: NonEmpty<Timeslot>,
        /// When the calendar was last changed, or created.
        pub last_updated: DateTime,
    }
}

object! {
    /// A way to get into the site, with the key that opens it.
    ///
    /// Only with Bookings.
    ///
    /// Spec: 2.3.0 mod_bookings §access_information_class
    pub struct AccessInformation = "AccessInformation", init AccessInformationInit {
        /// Method of access.
        pub method: AccessMethod,
        /// Key that opens it, such as a code or the number plate. A secret of this booking's driver. The
        /// specification gives no greatest length.
        pub value: Option<Private<Text<0>>>,
    }
}

open_enum! {
    /// Method by which a driver gets into the site of a booking.
    ///
    /// Only with Bookings.
    ///
    /// Spec: 2.3.0 mod_bookings §access_method_enum
    pub enum AccessMethod = "AccessMethod", open NEVER {
        /// The site is open.
        Open = "OPEN",
        /// With a token of the booking.
        Token = "TOKEN",
        /// By the number plate of the vehicle.
        LicensePlate = "LICENSE_PLATE",
        /// With a code.
        AccessCode = "ACCESS_CODE",
        /// By ringing at the gate.
        Intercom = "INTERCOM",
        /// With a parking ticket.
        ParkingTicket = "PARKING_TICKET",
    }
}

object! {
    /// Option that is booked or can be: an EVSE, or the properties that it must have.
    ///
    /// Only with Bookings. A site for vehicles larger than cars should give the sizes.
    ///
    /// Spec: 2.3.0 mod_bookings §booking_option_class
    pub struct BookingOption = "BookingOption", init BookingOptionInit {
        /// Uid of the EVSE. `#NA` while the driver has no EVSE yet.
        pub evse_uid: Option<CiString<36>>,
        /// Id of the connector.
        pub connector_id: Option<CiString<36>>,
        /// Id of the parking place.
        pub parking_id: Option<CiString<36>>,
        /// Where the EVSE may stand, seen from the parking place.
        pub evse_position: Vec<EvsePosition>,
        /// The vehicles the parking place was made for.
        pub vehicle_types: Vec<VehicleType>,
        /// Socket or fixed cable. A list, though its name is singular.
        pub connector_format: Vec<ConnectorFormat>,
        /// Standards of the connector.
        pub connector_types: Vec<ConnectorType>,
        /// Kinds of power.
        pub power_types: Vec<PowerType>,
        /// Greatest weight of a vehicle, in kilogram.
        pub max_vehicle_weight: Option<Decimal>,
        /// Greatest height of a vehicle, in centimetre.
        pub max_vehicle_height: Option<Decimal>,
        /// Greatest length of a vehicle, in centimetre.
        pub max_vehicle_length: Option<Decimal>,
        /// Greatest width of a vehicle, in centimetre.
        pub max_vehicle_width: Option<Decimal>,
        /// Length of the parking place at least, in centimetre.
        pub min_parking_space_length: Option<Decimal>,
        /// Width of the parking place at least, in centimetre.
        pub min_parking_space_width: Option<Decimal>,
        /// Whether a vehicle with dangerous goods on board may park there.
        pub dangerous_goods_allowed: Option<bool>,
        /// Whether a vehicle can enter and leave without reversing.
        pub drive_through: Option<bool>,
        /// Whether a lorry can plug in the cooling of its load while it stands there.
        pub refrigeration_outlet: Option<bool>,
    }
}

object! {
    /// Request of an eMSP to make, change or cancel a booking.
    ///
    /// Only with Bookings. The same `request_id` again means a change of the same booking; with `canceled` it
    /// cancels it.
    ///
    /// Spec: 2.3.0 mod_bookings §request_class
    pub struct BookingRequest = "BookingRequest", init BookingRequestInit, rules booking_request_rules {
        /// Country of the eMSP that asks.
        pub country_code: CountryCode,
        /// Party id of the eMSP that asks.
        pub party_id: PartyId,
        /// Id the eMSP chose. All requests about one booking have the same.
        pub request_id: CiString<36>,
        /// Option to book: the EVSE, or the properties that it must have.
        pub booking_option: Option<Box<BookingOption>>,
        /// Id of the location.
        pub location_id: CiString<36>,
        /// Id of the booking location.
        pub booking_location_id: CiString<36>,
        /// The tokens that can be used for it.
        pub tokens: Vec<BookingToken>,
        /// Ways in which the driver means to get into the site.
        pub access_information: Vec<AccessInformation>,
        /// The time to book.
        pub period: Period,
        /// Reference that the session and the CDR will have too.
        pub authorization_reference: CiString<36>,
        /// Power the driver wants, in kW. If it is less than there is, the CPO may give the rest to others.
        pub power_required: Option<i64>,
        /// Set to cancel the booking.
        pub canceled: Option<Cancellation>,
    }
}

object! {
    /// A booking request, as the CPO got it, with the answer of the CPO.
    ///
    /// Only with Bookings.
    ///
    /// Spec: 2.3.0 mod_bookings §request_status_class
    pub struct BookingRequestStatus = "BookingRequestStatus", init BookingRequestStatusInit {
        /// Answer of the CPO.
        pub request_status: ReservationRequestStatus,
        /// The request.
        pub booking_request: BookingRequest,
        /// When the CPO got it.
        pub request_received: DateTime,
    }
}

object! {
    /// The terms of a booking.
    ///
    /// Only with Bookings.
    ///
    /// Spec: 2.3.0 mod_bookings §booking_terms_class
    pub struct BookingTerms = "BookingTerms", init BookingTermsInit {
        /// Whether the driver has to show an RFID card at the charger.
        pub rfid_auth_required: Option<bool>,
        /// Whether any token of the same group will do.
        pub token_groups_supported: Option<bool>,
        /// Whether the session can be started from afar, by a command.
        pub remote_auth_supported: Option<bool>,
        /// Methods by which drivers can get into the site.
        pub supported_access_methods: NonEmpty<AccessMethod>,
        /// The booking can be changed until this many minutes before it starts.
        pub change_until_minutes: Decimal,
        /// The booking can be cancelled until this many minutes before it starts.
        pub cancel_until_minutes: Decimal,
        /// Whether changes are ruled out, as the name says. The specification describes it the other way
        /// round, so do not rely on it.
        pub change_not_allowed: Option<bool>,
        /// Whether charging may start before the booked time.
        pub early_start_allowed: Option<bool>,
        /// Minutes before the booked time, from which charging may start.
        pub early_start_time: Option<Decimal>,
        /// Minutes after its start, at which the booking lapses if nobody came. Absent means that it does not.
        pub noshow_timeout: Option<Decimal>,
        /// Whether not coming costs a fee. The tariff gives the amount.
        pub noshow_fee: Option<bool>,
        /// Whether charging may go on after the booked time.
        pub late_stop_allowed: Option<bool>,
        /// Minutes after the booked time, until which charging may go on.
        pub late_stop_time: Option<Decimal>,
        /// Whether one token may have several bookings at the same time.
        pub overlapping_bookings_allowed: Option<bool>,
        /// The shortest booking, in minutes.
        pub min_booking_duration: Option<Decimal>,
        /// The longest booking, in minutes.
        pub max_booking_duration: Option<Decimal>,
        /// Address of a page with the CPO's terms.
        pub booking_terms: Option<Url>,
    }
}

object! {
    /// The part of a token that bookings need.
    ///
    /// Only with Bookings.
    ///
    /// Spec: 2.3.0 mod_bookings §booking_token_object
    pub struct BookingToken = "BookingToken", init BookingTokenInit {
        /// Country of the eMSP that owns the token.
        pub country_code: CountryCode,
        /// Party id of the eMSP that owns the token.
        pub party_id: PartyId,
        /// Id that the charge point reads, such as the hidden id of an RFID card. For an app user: an id
        /// made by the eMSP.
        pub uid: Private<CiString<36>>,
        /// Kind of token.
        pub r#type: TokenType,
        /// Identifies the driver's contract with the eMSP, preferably as an eMA id.
        pub contract_id: Private<CiString<36>>,
    }
}

open_enum! {
    /// Reason for cancelling a booking.
    ///
    /// Only with Bookings.
    ///
    /// Spec: 2.3.0 mod_bookings §canceled_reason_enum
    pub enum CanceledReason = "CanceledReason", open NEVER {
        /// The site has no power. From the CPO.
        PowerOutage = "POWER_OUTAGE",
        /// The charger is broken. From the CPO.
        BrokenCharger = "BROKEN_CHARGER",
        /// Somebody does not leave, and no charger is free. From the CPO.
        Full = "FULL",
        /// Something stands in the way to the charger.
        Blocked = "BLOCKED",
        /// The driver is stuck in traffic. From the eMSP.
        Traffic = "TRAFFIC",
        /// The vehicle has broken down. From the eMSP.
        BrokenVehicle = "BROKEN_VEHICLE",
        /// The driver gave no reason. From the eMSP.
        NoCanceled = "NO_CANCELED",
        /// Any other reason.
        Unknown = "UNKNOWN",
    }
}

object! {
    /// Cancellation of a booking: the reason, and the party that cancelled it.
    ///
    /// Only with Bookings.
    ///
    /// Spec: 2.3.0 mod_bookings §cancellation_class
    pub struct Cancellation = "Cancellation", init CancellationInit {
        /// Reason for the cancellation.
        pub cancellation_reason: CanceledReason,
        /// Role of the party that cancelled. The specification says role but points to `SENDER` and
        /// `RECEIVER`; partners may write those.
        pub who_canceled: Role,
    }
}

object! {
    /// A stretch of time that is asked for.
    ///
    /// Only with Bookings.
    ///
    /// Spec: 2.3.0 mod_bookings §period_class
    pub struct Period = "Period", init PeriodInit, rules period_rules {
        /// When it starts.
        pub start_date_time: DateTime,
        /// When it ends.
        pub end_date_time: DateTime,
    }
}

object! {
    /// Booking policy of a location.
    ///
    /// Only with Bookings.
    ///
    /// Spec: 2.3.0 mod_bookings §policy_object
    pub struct Policy = "Policy", init PolicyInit {
        /// Whether one has to book.
        pub reservation_required: bool,
        /// Number of chargers left for drivers without a booking.
        pub ad_hoc: Option<Decimal>,
    }
}

open_enum! {
    /// Answer of the CPO to a booking request.
    ///
    /// Only with Bookings.
    ///
    /// Spec: 2.3.0 mod_bookings §request_status_enum
    pub enum ReservationRequestStatus = "ReservationRequestStatus", open NEVER {
        /// Nothing yet.
        Pending = "PENDING",
        /// Yes.
        Accepted = "ACCEPTED",
        /// No.
        Declined = "DECLINED",
        /// Something went wrong.
        Failed = "FAILED",
    }
}

open_enum! {
    /// The state of a booking.
    ///
    /// Only with Bookings. `PENDING` and `RESERVED` may still change; the others are final.
    ///
    /// Spec: 2.3.0 mod_bookings §reservation_status_enum
    pub enum ReservationStatus = "ReservationStatus", open NEVER {
        /// The CPO has not decided yet.
        Pending = "PENDING",
        /// It is booked.
        Reserved = "RESERVED",
        /// It is cancelled.
        Canceled = "CANCELED",
        /// Something went wrong with the request.
        Failed = "FAILED",
        /// Nobody came in time.
        NoShow = "NO_SHOW",
        /// The driver came and started a session.
        Fulfilled = "FULFILLED",
        /// The CPO said no.
        Rejected = "REJECTED",
        /// Any other state.
        Unknown = "UNKNOWN",
    }
}

object! {
    /// A stretch of time, and the power there is in it.
    ///
    /// Only with Bookings.
    ///
    /// Spec: 2.3.0 mod_bookings §timeslot_class
    pub struct Timeslot = "Timeslot", init TimeslotInit, rules timeslot_rules {
        /// When it starts.
        pub start_date_time: DateTime,
        /// When it ends.
        pub end_date_time: DateTime,
        /// Power that is sure to be there, in W. A request gives power in kW.
        pub min_power: Option<Decimal>,
        /// The most power there is, in W. One may ask for less.
        pub max_power: Option<Decimal>,
        /// Whether the energy is green.
        pub green_energy_support: Option<bool>,
    }
}

fn booking_location_rules(offer: &BookingLocation, check: &mut Check) {
    let has_option =
        offer.booking_option.is_some() || !offer.extra.has_read(BookingLocation::INFO, "booking_option");
    check.expect_at("booking_option", has_option, Rule::BookingOption);
    rules::each(check, "calendars", &offer.calendars, |calendar, check| {
        rules::no_newer(check, calendar.last_updated, offer.last_updated);
    });
}

fn booking_request_rules(request: &BookingRequest, check: &mut Check) {
    let message = "more power than there is; perhaps watts were written where kilowatts are due";
    if request.power_required.is_some_and(|power| power > 5_000) {
        check.member("power_required", |check| check.report_as(Rule::Implausible, message));
    }
}

fn calendar_rules(calendar: &Calendar, check: &mut Check) {
    rules::in_order(check, calendar.begin_from, "end_before", calendar.end_before);
    if !calendar.extra.is_read(Calendar::INFO) {
        return;
    }
    rules::each(check, "available_timeslots", &calendar.available_timeslots, |slot, check| {
        if !slot.extra.is_read(Timeslot::INFO) {
            return;
        }
        check.expect_at("start_date_time", slot.start_date_time >= calendar.begin_from, Rule::PeriodOutside);
        check.expect_at("end_date_time", slot.end_date_time <= calendar.end_before, Rule::PeriodOutside);
    });
}

fn period_rules(period: &Period, check: &mut Check) {
    rules::in_order(check, period.start_date_time, "end_date_time", period.end_date_time);
}

fn timeslot_rules(slot: &Timeslot, check: &mut Check) {
    rules::in_order(check, slot.start_date_time, "end_date_time", slot.end_date_time);
    let message = "less power than chargers have; perhaps kilowatts were written where watts are due";
    for (name, power) in [("min_power", slot.min_power), ("max_power", slot.max_power)] {
        if power.is_some_and(|power| power > Decimal::ZERO && power < Decimal::from(500)) {
            check.member(name, |check| check.report_as(Rule::Implausible, message));
        }
    }
    if let (Some(least), Some(greatest)) = (slot.min_power, slot.max_power) {
        check.expect_at("max_power", least <= greatest, Rule::EmptyRange);
    }
}
