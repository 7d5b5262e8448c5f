//! The rules, in one table.

use std::fmt;

use ocpi_types::Severity;

macro_rules! rules {
    ($($name:ident = $id:literal $severity:ident $message:literal $about:literal,)+) => {
        /// A rule of the [`Linter`](super::Linter), with a stable id.
        ///
        /// ```
        /// use ocpi_pricing::lint::Rule;
        /// assert_eq!(Rule::named("tariff.end_2359"), Some(Rule::End2359));
        /// assert!(Rule::ALL.len() >= 35);
        /// ```
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum Rule { $(#[doc = $about] $name,)+ }

        impl Rule {
            /// All rules.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The stable id: `tariff.end_2359`.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)+ }
            }

            /// Returns the severity of the finding. An error is a contradiction in the tariff; a warning is very
            /// probably not intended; an info may be intended, and could be expressed better.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)+ }
            }

            /// Returns a short message for the finding.
            pub const fn message(self) -> &'static str {
                match self { $(Self::$name => $message,)+ }
            }

            /// Returns the effect on a price.
            pub const fn about(self) -> &'static str {
                match self { $(Self::$name => $about,)+ }
            }
        }
    };
}

rules! {
    // Prices where they should be.
    UnreachableElement = "tariff.unreachable_element" Warning "the element is never used"
        "Earlier elements have a price for each of its dimensions whenever it applies.",
    ShadowedComponent = "tariff.shadowed_component" Warning "the price is never used"
        "Earlier elements have a price for this dimension whenever its element applies.",
    RepeatedElement = "tariff.repeated_element" Warning "the element is the same as an earlier one"
        "The first of two equal elements always comes first; the second does nothing.",
    RepeatedKind = "tariff.repeated_kind" Error "the element has a second price for this dimension"
        "An element has one price for a dimension; receivers differ in which of several they take.",
    EnergyGap = "tariff.energy_gap" Warning "charging has no price"
        "Energy has a price, but there are moments at which neither energy nor time has one: charging is free then.",
    NoFallback = "tariff.no_fallback" Info "at some moments no element applies"
        "All elements for charging are restricted, and together they leave something out: what is used then has no price.",
    NoPrice = "tariff.no_price" Error "the tariff has no price"
        "No element has a price component. Free charging is one flat price of 0.",
    EmptyElement = "tariff.empty_element" Error "the element has no price"
        "What is used while it applies has no price that is known: it is not free.",
    FreeInParts = "tariff.free_in_parts" Info "all prices are 0"
        "Free charging is written as one element without restrictions that has a flat price of 0.",
    SeveralFlats = "tariff.several_flats" Info "several elements have a flat price"
        "Which of the flat prices is due depends on when a session starts, and on the receiver.",
    TooMuchToCompare = "tariff.too_much_to_compare" Info "too many elements to look at together"
        "More than 128 elements, or too many moments that they tell apart: nobody looked whether some are never used.",
    MemberTwice = "tariff.member_twice" Error "the member stands twice, with different values"
        "Some readers take the first of the two values, others the last: leave one of them.",
    NotComputable = "tariff.not_computable" Error "no price can be computed from this"
        "A value or restriction that OCPI does not have; a receiver must not guess when the price holds.",

    // Times and days.
    EmptyWindow = "tariff.empty_window" Error "the window ends when it starts"
        "The end is not part of the window, so that it is empty and the element never applies.",
    IdleWindow = "tariff.idle_window" Info "the window is the whole day"
        "From 00:00 to 00:00 is always: leave the window out.",
    End2359 = "tariff.end_2359" Warning "the window ends at 23:59"
        "The end is not part of the window: the last minute of the day has another price, or none. 00:00 is the end of the day.",
    Time2400 = "tariff.time_2400" Error "24:00 is no time of day"
        "Times go from 00:00 to 23:59; as an end 00:00 is the end of the day.",
    OvernightDays = "tariff.overnight_days" Info "the window goes over midnight and has days"
        "After midnight it is the next day: Friday from 22:00 to 06:00 is the early morning and the late evening of Friday.",
    DuplicateDays = "tariff.duplicate_days" Warning "a day is listed twice"
        "A day counts once; another one may have been meant.",
    UnsortedDays = "tariff.unsorted_days" Info "the days are not in order"
        "From Monday to Sunday they are easier to compare.",
    AllDays = "tariff.all_days" Info "all seven days are listed"
        "That is every day: leave the list out.",
    EmptyDates = "tariff.empty_dates" Error "the dates leave no day"
        "The end date is not part of the range: the element never applies.",
    PastDates = "tariff.past_dates" Info "the element's last day has passed"
        "It does not apply any more: it can go.",

    // Other restrictions.
    EmptyRange = "tariff.empty_range" Error "the bounds leave no value"
        "The lower bound belongs to the range, the upper one does not: the element never applies.",
    IdleMinimum = "tariff.idle_minimum" Info "a lower bound of 0 restricts nothing"
        "Energy and duration are never below 0: leave the bound out.",
    ZeroMaximum = "tariff.zero_maximum" Error "an upper bound of 0 or less leaves no value"
        "The upper bound does not belong to the range: the element never applies.",
    EmptyRestrictions = "tariff.empty_restrictions" Info "the restrictions restrict nothing"
        "Without restrictions the element applies always; an empty object says no more.",
    ShortDuration = "tariff.short_duration" Warning "a duration of less than a minute"
        "Durations are in seconds; this looks like minutes or hours.",
    PowerScale = "tariff.power_scale" Warning "a power of more than 1000 kW"
        "Power is in kW; this looks like W.",
    PowerAsCurrent = "tariff.power_as_current" Warning "a power that looks like a current"
        "In 2.1.1 an example of the specification writes A into bounds that are in kW: 16, 32 and 63 are sizes of fuses.",
    CurrentScale = "tariff.current_scale" Warning "a current of more than 3000 A"
        "Current is in A, added up over all phases; this looks like mA or W.",
    ParkingPower = "tariff.parking_power" Warning "a price for parking that needs power"
        "While a car is parked and not charging no power flows: the price is never due.",
    ReservationEnergy = "tariff.reservation_energy" Error "a reservation has no energy and no parking time"
        "Elements for a reservation or booking may have flat and time prices only.",
    ReservationBound = "tariff.reservation_bound" Warning "a bound that no reservation reaches"
        "No energy flows before charging: the element never applies.",
    ExpiryWithoutReservation = "tariff.expiry_without_reservation" Info "an expired reservation costs something, one that is used does not"
        "There is a price for RESERVATION_EXPIRES or BOOKING_EXPIRES, but none for the reservation or booking.",
    ReservationAndBooking = "tariff.reservation_and_booking" Error "both a reservation and a booking"
        "An element is for one of them.",

    // Steps.
    FlatStep = "tariff.flat_step" Info "a flat price has a step"
        "A flat price is due once; its step means nothing. 1 is what the specification's examples write.",
    ZeroStep = "tariff.zero_step" Warning "a step of 0"
        "Receivers differ in whether 0 means no rounding; 1 rounds to Wh or seconds.",
    NegativeStep = "tariff.negative_step" Error "a step below 0"
        "Nothing can be rounded to it.",
    HugeStep = "tariff.huge_step" Warning "a step larger than a whole session"
        "More than 100 kWh or a day: every session is billed as if it were that long.",
    EnergyStepUnit = "tariff.energy_step_unit" Info "an energy step of a few Wh"
        "Steps are in Wh; 2 to 9 look like kWh.",
    TimeStepUnit = "tariff.time_step_unit" Warning "a time step of some seconds"
        "Steps are in seconds; 5, 10, 15, 20, 30 and 45 look like minutes.",
    DifferentSteps = "tariff.different_steps" Info "a dimension has several steps"
        "Only the step of the last used price rounds, once for the session: the others do nothing.",

    // Prices.
    TimePricePerMinute = "tariff.time_price_per_minute" Warning "a price per hour that looks like one per minute"
        "Prices of time are per hour, whatever the step is.",
    TimePriceHigh = "tariff.time_price_high" Warning "a price of more than 100 per hour"
        "Prices of time are per hour; this looks like cents.",
    EnergyPriceCents = "tariff.energy_price_cents" Warning "a price of 5 or more per kWh"
        "Prices are in units of the currency; this looks like cents.",
    EnergyPricePerWh = "tariff.energy_price_per_wh" Warning "a price of less than 0.01 per kWh"
        "Prices of energy are per kWh; this looks like one per Wh.",
    NegativePrice = "tariff.negative_price" Warning "a price below 0"
        "The driver gets money.",
    MinorUnit = "tariff.minor_unit" Warning "more decimals than the currency has"
        "A fee or limit that nobody can pay: it is rounded, and receivers differ in how.",
    LimitsInverted = "tariff.limits_inverted" Error "the least is above the most"
        "No amount lies between min_price and max_price.",
    LimitsEqual = "tariff.limits_equal" Info "the least is the most"
        "Every session costs the same: a flat price says it better.",
    LimitTax = "tariff.limit_tax" Error "the limit with tax is below the one without"
        "Tax adds to an amount.",
    MinPriceZero = "tariff.min_price_zero" Info "a least price of 0"
        "It limits nothing: leave it out.",
    MaxPriceZero = "tariff.max_price_zero" Warning "a most price of 0"
        "All sessions are free, whatever the prices say.",

    // Tax.
    VatFraction = "tariff.vat_fraction" Warning "a rate of tax below 1 percent"
        "Rates are in percent: 20, not 0.2.",
    VatRange = "tariff.vat_range" Warning "a rate of tax below 0 or above 30 percent"
        "Rates are in percent: 21, not 210. General rates of value added tax go up to 27.",
    VatMixed = "tariff.vat_mixed" Info "several rates of tax"
        "Most countries tax all that belongs to charging at one rate.",
    VatPartial = "tariff.vat_partial" Info "some prices have a rate of tax, others have none"
        "No rate is no tax. Where tax is 0 percent, say 0.",
    VatWithoutTax = "tariff.vat_without_tax" Warning "a rate of tax where no tax applies"
        "tax_included is N/A: the rate means nothing.",
    TaxWithoutVat = "tariff.tax_without_vat" Warning "tax is in the prices, and nobody says how much"
        "tax_included is YES and no price has a rate: amounts before tax cannot be computed.",

    // Validity and texts.
    Expired = "tariff.expired" Warning "the tariff is not valid any more"
        "Its end_date_time has passed.",
    ValidityInverted = "tariff.validity_inverted" Error "the tariff ends before it starts"
        "It is never valid.",
    AltTextMissing = "tariff.alt_text_missing" Info "nothing explains the tariff to drivers"
        "Three elements or more are hard to show; tariff_alt_text or tariff_alt_url can say it in words.",
    AltTextEmpty = "tariff.alt_text_empty" Warning "an empty explanation"
        "Drivers see nothing.",
    AltTextLanguage = "tariff.alt_text_language" Warning "a second explanation in the same language"
        "One of them is shown, and nobody knows which.",
    AltTextMarkup = "tariff.alt_text_markup" Warning "markup in an explanation"
        "Texts are plain; drivers see the tags.",
    AltUrlPlain = "tariff.alt_url_plain" Warning "the page is not fetched over https"
        "Apps refuse to open it.",
    EnergyMixSum = "tariff.energy_mix_sum" Warning "the shares do not add up to 100"
        "Shares of sources are in percent of all energy.",
}

impl Rule {
    /// Finds a rule by its id.
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.id() == id)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
