//! What an audit holds a CDR to.

use ocpi_types::Severity;

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal $level:ident $message:literal,)+) => {
        /// A rule of the audit, with a stable id.
        ///
        /// **Tolerances.** Money written with so many decimals, or fewer than its currency has, is right if it is a
        /// rounding of the exact amount to them; a sum may also be the sum of its rounded parts. Hours are right if
        /// they are a rounding to the decimals they have, or to four if they have fewer than two: a writer of JSON
        /// drops zeros. A sum of hours may be off by as much for each of its terms.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum AuditRule { $($(#[doc = $doc])+ $name,)+ }

        impl AuditRule {
            /// All rules.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The stable id: `cdr.total_cost`.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)+ }
            }

            /// How bad a breach is.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$level,)+ }
            }

            /// What a breach means, for people.
            pub const fn message(self) -> &'static str {
                match self { $(Self::$name => $message,)+ }
            }
        }
    };
}

rules! {
    // By the tariff.
    /// The total without tax is not what the tariff says.
    TotalCost = "cdr.total_cost" Error "the total is not what the tariff says",
    /// The total with tax is not what the tariff says.
    TotalTax = "cdr.total_tax" Error "the total with tax is not what the tariff says",
    /// A part of the total is not what the tariff says.
    PartCost = "cdr.part_cost" Error "a part of the cost is not what the tariff says",
    /// A part of the total with tax is not what the tariff says.
    PartTax = "cdr.part_tax" Error "a part of the cost with tax is not what the tariff says",
    /// What is given as without tax is with tax, or the reverse.
    TaxSwapped = "cdr.tax_swapped" Error "the amounts with and without tax are swapped",
    /// There is no tariff to hold the CDR to.
    NoTariff = "cdr.no_tariff" Info "there is no tariff to hold the cost to",
    /// The price cannot be computed.
    NotComputable = "cdr.not_computable" Info "the price cannot be computed",
    /// A period names a tariff that is not there.
    UnknownTariff = "cdr.unknown_tariff" Error "the tariff of the period is not in the CDR",
    /// A tariff is in another currency.
    Currency = "cdr.currency" Error "a tariff is in another currency than the CDR",

    // By itself.
    /// The total energy is not the sum of the periods'.
    EnergySum = "cdr.energy_sum" Error "the total energy is not the sum of the periods'",
    /// Energy is given in Wh.
    EnergyUnit = "cdr.energy_unit" Error "energy looks like Wh where kWh are due",
    /// The total time is not the sum of the periods'.
    TimeSum = "cdr.time_sum" Error "the total time is not the sum of the periods'",
    /// Time is given in minutes or seconds.
    TimeUnit = "cdr.time_unit" Error "time looks like minutes or seconds where hours are due",
    /// The total parking time is not the sum of the periods'.
    ParkingSum = "cdr.parking_sum" Error "the total parking time is not the sum of the periods'",
    /// More time is billed than went by.
    TimeSpan = "cdr.time_span" Error "more time than from the start to the end of the session",
    /// The session ends before it starts.
    SessionOrder = "cdr.session_order" Error "the session ends before it starts",
    /// A period starts before the one before it.
    PeriodOrder = "cdr.period_order" Error "a period starts before the one before it",
    /// A period starts before the session, or after its end.
    PeriodOutside = "cdr.period_outside" Error "a period starts outside of the session",
    /// A period has more time than it lasts.
    PeriodTime = "cdr.period_time" Error "a period has more time than it lasts",
    /// A volume is negative.
    NegativeVolume = "cdr.negative_volume" Error "a volume is negative",
    /// A dimension is for sessions only.
    SessionDimension = "cdr.session_dimension" Warning "a dimension that only sessions may have",
    /// The total is not the sum of its parts.
    CostSum = "cdr.cost_sum" Error "the total is not the sum of its parts",
    /// With tax it is less than without.
    TaxOrder = "cdr.tax_order" Error "with tax it is less than without",
    /// A tax is not its percentage of the amount.
    TaxRate = "cdr.tax_rate" Warning "the tax is more than its percentage of the amount",
    /// An amount is negative.
    NegativeCost = "cdr.negative_cost" Error "an amount is negative",
    /// The total of a credit CDR is not negative.
    CreditSign = "cdr.credit_sign" Error "the total of a credit CDR is not negative",
    /// A credit CDR does not say which it cancels, or one that is none does.
    CreditReference = "cdr.credit_reference" Error "a credit CDR and its reference to the CDR it cancels go together",

    // By its sessions.
    /// No session has the id that the CDR names.
    SessionId = "cdr.session_id" Warning "no session has this id",
    /// The session is not completed.
    SessionStatus = "cdr.session_status" Warning "the session is not completed",
    /// Start or end is not the session's.
    SessionTime = "cdr.session_time" Error "the time is not that of the session",
    /// The energy is not the session's.
    SessionEnergy = "cdr.session_energy" Error "the energy is not that of the session",
    /// The token is not the session's.
    SessionToken = "cdr.session_token" Error "the token is not that of the session",
    /// The authorization reference is not the session's.
    SessionReference = "cdr.session_reference" Error "the authorization reference is not that of the session",
    /// The place is not the session's.
    SessionPlace = "cdr.session_place" Error "the place is not that of the session",
    /// The currency is not the session's.
    SessionCurrency = "cdr.session_currency" Error "the currency is not that of the session",
    /// The cost is not the session's last one.
    SessionCost = "cdr.session_cost" Warning "the cost is not the last one of the session",
}

impl AuditRule {
    /// Whether it says that the price is not known, rather than that something is wrong.
    pub(super) const fn is_open(self) -> bool {
        matches!(self, Self::NoTariff | Self::NotComputable)
    }
}
