//! The rules, in one table.

use std::fmt;

use ocpi_types::{Rule as Checked, Severity};

macro_rules! rules {
    (
        $($name:ident = $id:literal $severity:ident $message:literal $about:literal from $source:literal,)+
        => $($checked:ident $says:literal expects $expected:literal,)+
    ) => {
        /// A rule of the [`Audit`](super::Audit), with a stable id.
        ///
        /// Rules for contradictions within a CDR are also rules of the check of `ocpi-types`, with the same id.
        ///
        /// ```
        /// use ocpi_pricing::audit::Rule;
        /// assert_eq!(Rule::named("cdr.total_cost"), Some(Rule::TotalCost));
        /// assert_eq!(Rule::named("cdr.credit_sign"), Some(Rule::CreditSign));
        /// ```
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum Rule {
            $(#[doc = $about] $name,)+
            $(#[doc = $says] $checked,)+
        }

        impl Rule {
            /// All rules.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+ $(Self::$checked,)+];

            /// The stable id: `cdr.total_cost`.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)+ $(Self::$checked => Checked::$checked.id(),)+ }
            }

            /// Returns the severity of the finding. With an error the CDR is wrong; a warning may have a legitimate
            /// reason; an info is worth knowing.
            pub const fn severity(self) -> Severity {
                // They are priced in order of time, as whoever wrote them must have done.
                if matches!(self, Self::PeriodsOrder) {
                    return Severity::Warning;
                }
                match self {
                    $(Self::$name => Severity::$severity,)+
                    $(Self::$checked => Checked::$checked.severity(),)+
                }
            }

            /// Returns a short message for the finding.
            pub const fn message(self) -> &'static str {
                match self { $(Self::$name => $message,)+ $(Self::$checked => Checked::$checked.message(),)+ }
            }

            /// Returns the meaning of the finding.
            pub const fn about(self) -> &'static str {
                match self { $(Self::$name => $about,)+ $(Self::$checked => $says,)+ }
            }

            /// Returns the source of the rule: a section of the specification, or messages that partners are known to
            /// send.
            pub const fn source(self) -> &'static str {
                match self { $(Self::$name => $source,)+ $(Self::$checked => Checked::$checked.source(),)+ }
            }

            /// Finds the rule that stands for one of the check, with the text of the expected value.
            pub(super) const fn of_check(rule: Checked) -> Option<(Self, &'static str)> {
                match rule { $(Checked::$checked => Some((Self::$checked, $expected)),)+ _ => None }
            }
        }
    };
}

rules! {
    // The cost, by the tariffs.
    TotalCost = "cdr.total_cost" Error "the total is not what the tariffs come to"
        "The total without tax differs from the bill that the tariffs give for the periods."
        from "mod_cdrs §cdr_object",
    TotalCostWithTax = "cdr.total_cost_with_tax" Error "the total with tax is not what the tariffs come to"
        "The total without tax may be right; the tax is not what the rates of the tariffs give."
        from "mod_cdrs §cdr_object, types §price_class",
    PartCost = "cdr.part_cost" Error "this part of the cost is not what the tariffs come to"
        "A cost of energy, time, parking, reservation or fees differs from that part of the bill."
        from "mod_cdrs §cdr_object",
    PartsSum = "cdr.parts_sum" Error "the total is not the sum of its parts"
        "The parts that the CDR gives do not add up to its total. Looked for where the bill does not say which is wrong."
        from "mod_cdrs §cdr_object",
    TaxSide = "cdr.tax_side" Error "the amounts with and without tax are mixed up"
        "The amount with tax stands where the one without is due."
        from "types §price_class",
    TaxAmount = "cdr.tax_amount" Error "the tax is not what its rate gives"
        "The amount of a tax is not its percentage of what it is on, or the tariffs have no such rate."
        from "2.3.0 types §tax_amount_class",
    TaxRange = "cdr.tax_range" Error "the tax fits no rate of the tariffs"
        "The bill cannot be computed, but the tax is below the lowest or above the highest rate of the tariffs."
        from "types §price_class, mod_tariffs §pricecomponent_class",

    // Energy and time.
    TotalEnergy = "cdr.total_energy" Error "the energy is not the sum of the periods"
        "total_energy differs from the sum of ENERGY, in kWh."
        from "mod_cdrs §cdr_object",
    EnergyUnit = "cdr.energy_unit" Error "energy in Wh where kWh are due"
        "The number fits if it is divided by 1000. The rest was looked at as if it were."
        from "mod_cdrs §cdrdimensiontype_enum",
    TotalTime = "cdr.total_time" Error "the time is not that of the session"
        "total_time is neither the sum of TIME and PARKING_TIME nor the time from start to end, in hours."
        from "mod_cdrs §cdr_object",
    TotalParkingTime = "cdr.total_parking_time" Error "the parking time is not that of the periods"
        "total_parking_time is neither the sum of PARKING_TIME nor total_time less the sum of TIME, in hours."
        from "mod_cdrs §cdr_object",
    TimeUnit = "cdr.time_unit" Error "minutes or seconds where hours are due"
        "The number fits if it is divided by 60 or 3600. The rest was looked at as if it were."
        from "mod_cdrs §cdrdimensiontype_enum",

    // Periods.
    PeriodTime = "cdr.period_time" Error "more hours than the period lasts"
        "Charging, parking and reservation of a period take longer than from its start to the next one's."
        from "mod_cdrs §chargingperiod_class",
    PeriodGap = "cdr.period_gap" Warning "time that nobody accounts for"
        "The session starts before its first period, or a period lasts longer than what is in it. The car may have waited."
        from "mod_cdrs §chargingperiod_class",
    PeriodZero = "cdr.period_zero" Warning "the period has no length"
        "The next period starts, or the session ends, at the same moment."
        from "mod_cdrs §chargingperiod_class",
    DimensionRepeated = "cdr.dimension_repeated" Warning "the period has this dimension already"
        "Receivers add them up, or take one of them."
        from "mod_cdrs §chargingperiod_class",
    DimensionUnknown = "cdr.dimension_unknown" Warning "OCPI has no such dimension"
        "No tariff prices it; what it costs cannot be in the total."
        from "mod_cdrs §cdrdimensiontype_enum",
    DimensionNegative = "cdr.dimension_negative" Error "less than no time"
        "Times of a period are never below zero."
        from "mod_cdrs §cdrdimensiontype_enum",

    // Times and ids.
    UpdatedEarly = "cdr.updated_early" Warning "written before the session ended"
        "A CDR is final: it is made when the session is over."
        from "mod_cdrs §cdr_object",
    TimeUnknown = "cdr.time_unknown" Info "start or end of the session is not known"
        "1970 stands there, which both parties must have agreed on."
        from "mod_cdrs §cdr_object",

    // Tariffs.
    TariffUnknown = "cdr.tariff_unknown" Error "no tariff of the CDR has this id"
        "The period is charged by a tariff that the CDR does not have."
        from "mod_cdrs §cdr_object, §chargingperiod_class",
    TariffRepeated = "cdr.tariff_repeated" Warning "an earlier tariff has the same id"
        "Receivers differ in which of them they take; here it is the first."
        from "mod_tariffs §tariff_object",
    TariffValidity = "cdr.tariff_validity" Warning "the tariff was not valid then"
        "The first period of the tariff starts before its start_date_time, or not before its end_date_time."
        from "mod_tariffs §tariff_object",

    // Credit CDRs.
    CreditSelf = "cdr.credit_self" Error "the CDR takes itself back"
        "A credit CDR has an id of its own."
        from "mod_cdrs §credit_cdrs",
    CreditPartSign = "cdr.credit_part_sign" Warning "negative outside total_cost"
        "A credit CDR is a copy but for total_cost: its other amounts stay positive."
        from "mod_cdrs §credit_cdrs",
    CreditOther = "cdr.credit_other" Error "it takes another CDR back"
        "credit_reference_id is not the id of the original."
        from "mod_cdrs §credit_cdrs",
    CreditTwice = "cdr.credit_twice" Error "it takes a credit CDR back"
        "The original is a credit CDR itself: a new CDR would be due."
        from "mod_cdrs §credit_cdrs",
    CreditAmount = "cdr.credit_amount" Error "it does not take back what the original charged"
        "total_cost is not the negative of the original's."
        from "mod_cdrs §credit_cdrs",
    CreditCopy = "cdr.credit_copy" Error "not as in the original"
        "A credit CDR has all the data of the original."
        from "mod_cdrs §credit_cdrs",

    // The session that led to it.
    SessionUnknown = "session.unknown" Error "none of the sessions is that of the CDR"
        "No session has this id, or in 2.1.1 this driver at this time."
        from "mod_cdrs §cdr_object",
    SessionMissing = "session.missing" Warning "the CDR names no session"
        "There are sessions, but the CDR cannot be held to one."
        from "mod_cdrs §cdr_object; field practice: CDRs without session",
    SessionStatus = "session.status" Error "the session is not completed"
        "A CDR is for a session that is over and valid."
        from "mod_sessions §session_object, §sessionstatus_enum",
    SessionTimes = "session.times" Error "not when the session was"
        "Start or end differ; the CDR of a reservation may start earlier."
        from "mod_cdrs §cdr_object",
    SessionEnergy = "session.energy" Error "not the energy of the session"
        "total_energy differs from the session's kwh."
        from "mod_cdrs §cdr_object, mod_sessions §session_object",
    SessionPeriods = "session.periods" Warning "not the periods of the session"
        "The periods that the session showed are not the first ones of the CDR."
        from "mod_sessions §session_object",
    SessionToken = "session.token" Error "not the token of the session"
        "Another token, or another contract, would have to pay."
        from "mod_cdrs §cdr_object",
    SessionReference = "session.authorization_reference" Error "not the authorization of the session"
        "The last reference that the eMSP gave counts for both."
        from "mod_cdrs §cdr_object",
    SessionAuthMethod = "session.auth_method" Warning "not authorized as the session was"
        "The last method counts for both."
        from "mod_cdrs §cdr_object",
    SessionPlace = "session.place" Error "not where the session was"
        "Location, EVSE or connector differ."
        from "mod_cdrs §cdr_object",
    SessionCurrency = "session.currency" Error "not the currency of the session"
        "Amounts cannot be held to each other."
        from "mod_cdrs §cdr_object",
    SessionCost = "session.cost" Warning "not the cost that the session showed"
        "The driver may have seen another amount."
        from "mod_sessions §session_object",

    // Those of the check.
    =>
    PeriodOrder "The session ends before it starts." expects "later than the start",
    PeriodsOrder "A period starts before the one before it. They are priced in order of time." expects "not before the period before it",
    PeriodOutside "A period starts outside the session." expects "between start and end of the session",
    SessionDimension "Only sessions have values of this kind." expects "a dimension of CDRs",
    ParkingTime "More time without charging than time." expects "no more than total_time",
    TariffCurrency "A tariff in another currency than the CDR." expects "the currency of the CDR",
    TaxNegative "Less with tax than without." expects "no less than the amount without tax",
    CreditReference "`credit` or `credit_reference_id` without the other." expects "both, or none",
    CreditSign "A credit CDR that charges." expects "0 or less",
    NegativeCost "No credit CDR, and it pays." expects "0 or more",
    CdrIdLength "An id that only credit CDRs may have." expects "36 characters at most",
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
