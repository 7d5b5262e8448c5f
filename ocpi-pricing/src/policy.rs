//! Policies: answers to the questions that the specification leaves open.

/// Answers to the questions that the specification leaves open or answers ambiguously.
///
/// The default is the letter of the specification, and where that is silent, the practice in its worked examples.
///
/// ```
/// use ocpi_pricing::policy::{Policy, Steps};
/// let mut policy = Policy::default();
/// policy.steps = Steps::Ignored;
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Policy {
    /// Quantities to which `step_size` applies.
    pub steps: Steps,
    /// Treatment of a period in which a price changes.
    pub spans: Spans,
    /// Clock of the times in a tariff.
    pub clock: Clock,
    /// Day of the hours after midnight in an overnight window.
    pub overnight: Overnight,
    /// Total that includes a fee of a parking element.
    pub fees: Fees,
    /// Elements that price bookings and reservations.
    pub bookings: Bookings,
    /// Cost of a component of a dimension that OCPI does not have.
    pub unknown_dimensions: UnknownDimensions,
    /// Condition under which the fee of a booking is due.
    pub booking_fee: BookingFee,
    /// Interpretation of a volume in hours.
    pub hours: Hours,
    /// Cost of a period without `tariff_id`.
    pub missing_tariff: MissingTariff,
    /// `min_price` and `max_price` that apply if there were several tariffs.
    pub limits: Limits,
    /// Treatment of a varying current or power with a bound between its extremes.
    pub readings: Readings,
    /// Power of a period that does not state it.
    pub power: Power,
    /// Quantity that `min_power` and `max_power` limit in 2.1.1.
    pub power_2_1_1: Power211,
    /// Treatment of negative energy, which is fed back.
    pub negative_energy: NegativeEnergy,
}

macro_rules! choices {
    ($($(#[doc = $doc:expr])+ $name:ident = $field:ident { $($(#[$meta:meta])+ $variant:ident = $text:literal,)+ })+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
            #[non_exhaustive]
            pub enum $name { $($(#[$meta])+ $variant,)+ }

            impl $name {
                /// All choices, the default first.
                pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

                /// Returns the name of the choice.
                pub const fn as_str(self) -> &'static str {
                    match self { $(Self::$variant => $text,)+ }
                }
            }
        )+

        impl Policy {
            /// Returns every policy that differs from this one in one choice, with the names of the question and the
            /// choice.
            pub fn variants(self) -> Vec<(&'static str, &'static str, Self)> {
                let mut variants = Vec::new();
                $(
                    for choice in $name::ALL.iter().filter(|choice| **choice != self.$field) {
                        variants.push((stringify!($field), choice.as_str(), Self { $field: *choice, ..self }));
                    }
                )+
                variants
            }

            /// Returns the choice for each question.
            pub fn choices(self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($field), self.$field.as_str()),)+]
            }
        }
    };
}

choices! {
    /// Quantities that `step_size` is applied to.
    ///
    /// Spec: 2.2.1 mod_cdrs §step_size
    Steps = steps {
        /// Once to all energy and once to all time: to the parking time if the session ends with parking,
        /// else to the charging time. A reservation is rounded on its own.
        #[default]
        OncePerSession = "once-per-session",
        /// Once to each dimension: charging time is rounded also when parking follows.
        EachDimension = "each-dimension",
        /// To each period on its own, which the specification forbids and some partners do.
        EachPeriod = "each-period",
        /// To nothing: quantities are billed as measured, as in OCPI 3.0.
        Ignored = "ignored",
    }

    /// Treatment of a period in which a price changes: the CPO should have started a new one there.
    ///
    /// Spec: 2.2.1 mod_cdrs §charging_period
    Spans = spans {
        /// Split it where the price changes: energy at a bound of energy and time at a bound of time exactly,
        /// the rest in proportion, which the bill marks as estimated.
        #[default]
        Split = "split",
        /// Elements that apply at its start apply to its end.
        AtStart = "at-start",
    }

    /// Clock that the times of a tariff follow; the specification says local time, and nothing of summer time.
    ///
    /// Spec: 2.2.1 mod_tariffs §tariffrestrictions_class
    Clock = clock {
        /// The clock on the wall, summer time included.
        #[default]
        Civil = "civil",
        /// The zone's standard time all year.
        Standard = "standard",
    }

    /// Day that the hours after midnight of an overnight window belong to, if days of the week are given too.
    Overnight = overnight {
        /// To their own day: every restriction is looked at on its own, at each moment.
        #[default]
        OwnDay = "own-day",
        /// To the day on which the window began.
        StartDay = "start-day",
    }

    /// Total that the fee goes into of an element that prices parking time and neither energy nor charging time.
    ///
    /// Spec: 2.2.1 mod_cdrs §cdr_object
    Fees = fees {
        /// In the total of parking: it includes the fixed prices of parking.
        #[default]
        Parking = "parking",
        /// In the total of fixed costs, as all other fees.
        Fixed = "fixed",
    }

    /// Elements that price bookings, and reservations by `RESERVE_NOW`. A CDR has the same dimensions for both, and the
    /// text does not say whether `reservation` of a restriction means bookings too.
    ///
    /// Spec: 2.3.0 mod_tariffs §booking_restriction_type
    Bookings = bookings {
        /// Those for reservations and those for bookings price both.
        #[default]
        AsReservations = "as-reservations",
        /// Those for bookings price bookings, which a CDR says by `booking_id`; those for reservations price the
        /// others.
        Apart = "apart",
    }

    /// The cost of a component of a tariff whose `type` is none of OCPI's dimensions.
    ///
    /// Spec: 2.2.1 mod_tariffs §tariffdimensiontype_enum
    UnknownDimensions = unknown_dimensions {
        /// It has no price that is known, where its element may apply.
        #[default]
        NotComputable = "not-computable",
        /// Nothing: a dimension that OCPI does not count is billed in another way, if at all.
        Ignored = "ignored",
    }

    /// Condition under which the fee of a booking is due. It goes into the cost of the reservation: a CDR has no other
    /// place for it.
    ///
    /// Spec: 2.3.0 mod_cdrs §cdr_object
    BookingFee = booking_fee {
        /// With the first time of the periods that was reserved: without any there is no fee.
        #[default]
        WithTime = "with-time",
        /// By booking, which a CDR says by `booking_id`: also if no period holds time that was reserved.
        UpFront = "up-front",
    }

    /// Meaning of a volume in hours. A minute has no finite number of decimals of an hour.
    Hours = hours {
        /// The length of the period by its time stamps, if that rounds to it; else, if it is a rounding of whole
        /// seconds, given to four decimals or more, those seconds; else the written number.
        #[default]
        WholeSeconds = "whole-seconds",
        /// The written number: 0.0167 hours are 60.12 seconds.
        AsWritten = "as-written",
    }

    /// Cost of a period without `tariff_id`. 2.1.1 has no such member: its only tariff applies.
    ///
    /// Spec: 2.2.1 mod_cdrs §chargingperiod_class
    MissingTariff = missing_tariff {
        /// Nothing: no tariff applies.
        #[default]
        NoTariff = "no-tariff",
        /// The cost by the first tariff.
        FirstTariff = "first-tariff",
    }

    /// `min_price` and `max_price` that hold if there were several tariffs. They bound the cost of the session, its
    /// reservation included, but not that of a reservation that became no session.
    ///
    /// Spec: 2.2.1 mod_tariffs §tariff_object
    Limits = limits {
        /// Those of every tariff: the highest minimum and the lowest maximum.
        #[default]
        EveryTariff = "every-tariff",
        /// Those of the tariff that applied first.
        FirstTariff = "first-tariff",
        /// Those of the tariff that applied last.
        LastTariff = "last-tariff",
        /// None.
        Ignored = "ignored",
    }

    /// Treatment of a bound on current or power in a period of which only the extremes are known.
    ///
    /// Spec: 2.2.1 mod_tariffs §tariffrestrictions_class
    Readings = readings {
        /// A bound between the extremes holds at some moments and not at others: no price can be computed.
        #[default]
        WholePeriod = "whole-period",
        /// A lower bound is compared with the lowest reading, an upper bound with the highest.
        Extremes = "extremes",
    }

    /// Power of a period that does not say it. CDRs of 2.1.1 cannot say it.
    Power = power {
        /// It is not known.
        #[default]
        Measured = "measured",
        /// The average: its energy by its length.
        Average = "average",
    }

    /// Quantity that `min_power` and `max_power` of 2.1.1 are bounds on. The text says kW; its example, and partners
    /// who follow that, mean A.
    ///
    /// Spec: 2.1.1 mod_tariffs §45-tariffrestrictions-class
    Power211 = power_2_1_1 {
        /// The power in kW.
        #[default]
        Kilowatts = "kilowatts",
        /// The current in A.
        Amperes = "amperes",
    }

    /// Cost of a period with energy below zero: the car fed it back.
    ///
    /// Spec: 2.2.1 mod_cdrs §cdrdimensiontype_enum
    NegativeEnergy = negative_energy {
        /// Its volume times the price, which is below zero: it is credited, and told in a note. It is not rounded to
        /// steps, and no bound of energy is looked for inside the period.
        #[default]
        Credited = "credited",
        /// Nothing that can be computed: no tariff gives the worth of energy that flows back.
        NotComputable = "not-computable",
    }
}
