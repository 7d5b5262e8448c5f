//! What the specification leaves open, and how to decide it.

/// How to decide what the specification leaves open or where it can be read in two ways.
///
/// The default is the letter of the specification; where it is silent, what its worked examples do.
///
/// ```
/// use ocpi_pricing::policy::{Policy, Steps};
/// let mut policy = Policy::default();
/// policy.steps = Steps::Ignored;
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Policy {
    /// To what `step_size` is applied.
    pub steps: Steps,
    /// What to do with a period in which a price changes.
    pub spans: Spans,
    /// Which clock the times of a tariff follow.
    pub clock: Clock,
    /// To which day the hours after midnight of an overnight window belong.
    pub overnight: Overnight,
    /// In which total a fee of a parking element goes.
    pub fees: Fees,
    /// Which elements price what was booked.
    pub bookings: Bookings,
    /// Whether a component of a dimension that OCPI does not have is passed over.
    pub unknown_dimensions: UnknownDimensions,
    /// When the fee of a booking is due.
    pub booking_fee: BookingFee,
    /// What a volume in hours means.
    pub hours: Hours,
    /// What a period without `tariff_id` costs.
    pub missing_tariff: MissingTariff,
    /// Whose `min_price` and `max_price` hold if there were several tariffs.
    pub limits: Limits,
    /// What a period with a varying current or power is to a bound between its extremes.
    pub readings: Readings,
    /// What the power of a period is that does not say.
    pub power: Power,
    /// What `min_power` and `max_power` of 2.1.1 are held against.
    pub power_2_1_1: Power211,
    /// What energy below zero is: energy that is fed back.
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

                /// The name of the choice.
                pub const fn as_str(self) -> &'static str {
                    match self { $(Self::$variant => $text,)+ }
                }
            }
        )+

        impl Policy {
            /// Every policy that differs from this one in one choice, with the name of the question and the
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

            /// The choice for each question.
            pub fn choices(self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($field), self.$field.as_str()),)+]
            }
        }
    };
}

choices! {
    /// To what `step_size` is applied.
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

    /// What to do with a period in which a price changes: the CPO should have started a new one there.
    ///
    /// Spec: 2.2.1 mod_cdrs §charging_period
    Spans = spans {
        /// Split it where the price changes: energy at a bound of energy and time at a bound of time exactly,
        /// the rest in proportion, which the bill marks as estimated.
        #[default]
        Split = "split",
        /// What holds at its start holds to its end.
        AtStart = "at-start",
    }

    /// Which clock the times of a tariff follow; the specification says local time, and nothing of summer time.
    ///
    /// Spec: 2.2.1 mod_tariffs §tariffrestrictions_class
    Clock = clock {
        /// The clock on the wall, summer time included.
        #[default]
        Civil = "civil",
        /// The zone's standard time all year.
        Standard = "standard",
    }

    /// To which day the hours after midnight of an overnight window belong, if days of the week are given too.
    Overnight = overnight {
        /// To their own day: every restriction is looked at on its own, at each moment.
        #[default]
        OwnDay = "own-day",
        /// To the day on which the window began.
        StartDay = "start-day",
    }

    /// In which total the fee of an element goes that prices parking time and neither energy nor charging time.
    ///
    /// Spec: 2.2.1 mod_cdrs §cdr_object
    Fees = fees {
        /// In the total of parking: it includes the fixed prices of parking.
        #[default]
        Parking = "parking",
        /// In the total of fixed costs, as all other fees.
        Fixed = "fixed",
    }

    /// Which elements price what was booked, and what was reserved by `RESERVE_NOW`. A CDR has the same dimensions for
    /// both, and the text does not say whether `reservation` of a restriction means bookings too.
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
        /// Nothing: what OCPI does not count is billed in another way, if at all.
        Ignored = "ignored",
    }

    /// When the fee of a booking is due. It goes into the cost of the reservation: a CDR has no other place for it.
    ///
    /// Spec: 2.3.0 mod_cdrs §cdr_object
    BookingFee = booking_fee {
        /// With the first time of the periods that was reserved: without any there is no fee.
        #[default]
        WithTime = "with-time",
        /// By booking, which a CDR says by `booking_id`: also if no period holds time that was reserved.
        UpFront = "up-front",
    }

    /// What a volume in hours means. A minute has no finite number of decimals of an hour.
    Hours = hours {
        /// The length of the period by its time stamps, if that rounds to it; else, if it is a rounding of whole
        /// seconds, given to four decimals or more, those seconds; else what is written.
        #[default]
        WholeSeconds = "whole-seconds",
        /// What is written: 0.0167 hours are 60.12 seconds.
        AsWritten = "as-written",
    }

    /// What a period without `tariff_id` costs. 2.1.1 has no such member: its only tariff applies.
    ///
    /// Spec: 2.2.1 mod_cdrs §chargingperiod_class
    MissingTariff = missing_tariff {
        /// Nothing: no tariff applies.
        #[default]
        NoTariff = "no-tariff",
        /// What the first tariff says.
        FirstTariff = "first-tariff",
    }

    /// Whose `min_price` and `max_price` hold if there were several tariffs. They bound the cost of the session,
    /// its reservation included, but not that of a reservation that became no session.
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

    /// What a period is to a bound on current or power, of which only the extremes are known.
    ///
    /// Spec: 2.2.1 mod_tariffs §tariffrestrictions_class
    Readings = readings {
        /// A bound between the extremes holds at some moments and not at others: no price can be computed.
        #[default]
        WholePeriod = "whole-period",
        /// A lower bound is held against the lowest reading, an upper bound against the highest.
        Extremes = "extremes",
    }

    /// What the power of a period is that does not say. CDRs of 2.1.1 cannot say.
    Power = power {
        /// It is not known.
        #[default]
        Measured = "measured",
        /// The average: its energy by its length.
        Average = "average",
    }

    /// What `min_power` and `max_power` of 2.1.1 are held against. The text says kW; its example, and partners who
    /// follow that, mean A.
    ///
    /// Spec: 2.1.1 mod_tariffs §45-tariffrestrictions-class
    Power211 = power_2_1_1 {
        /// The power in kW.
        #[default]
        Kilowatts = "kilowatts",
        /// The current in A.
        Amperes = "amperes",
    }

    /// What a period with energy below zero costs: the car fed it back.
    ///
    /// Spec: 2.2.1 mod_cdrs §cdrdimensiontype_enum
    NegativeEnergy = negative_energy {
        /// Its volume times the price, which is below zero: it is credited, and told in a note. It is not rounded to
        /// steps, and no bound of energy is looked for inside the period.
        #[default]
        Credited = "credited",
        /// Nothing that can be computed: no tariff says what energy that flows back is worth.
        NotComputable = "not-computable",
    }
}
