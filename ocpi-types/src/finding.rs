//! Findings of the reader and the check, and their rules.

use std::borrow::Cow;
use std::fmt;

use crate::pointer::shown;

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal $severity:ident $lossy:ident $message:literal
        from $source:literal,)+) => {
        /// A rule of the reader or the check, with a stable id.
        ///
        /// The id is for filters, counts and configuration; it does not change between releases.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Rule { $($(#[doc = $doc])+ $name,)+ }

        impl Rule {
            /// All rules.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The stable id: `num.string`.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)+ }
            }

            /// Severity of a breach.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)+ }
            }

            /// Meaning of a breach, for people.
            pub const fn message(self) -> &'static str {
                match self { $(Self::$name => $message,)+ }
            }

            /// Returns the source of the rule: a section of the specification, another standard, or practice in the
            /// field.
            pub const fn source(self) -> &'static str {
                match self { $(Self::$name => $source,)+ }
            }

            /// Whether reading over the breach gives up something that was written.
            pub(crate) const fn is_lossy(self) -> bool {
                match self { $(Self::$name => rules!(@$lossy),)+ }
            }

            /// Whether a reader that notes a breach has put it right, rather than left the text as it was written.
            pub(crate) const fn is_put_right(self) -> bool {
                !matches!(
                    self,
                    Self::ValueType
                        | Self::ValueForm
                        | Self::Missing
                        | Self::EmptyList
                        | Self::ControlCharacter
                        | Self::LimitString
                        | Self::LimitNumber
                        | Self::LimitFindings
                        | Self::Envelope
                        | Self::HttpStatus
                        | Self::Version
                )
            }
        }
    };
    (@lossy) => { true };
    (@kept) => { false };
}

rules! {
    /// The text is not JSON.
    JsonSyntax = "json.syntax" Error lossy "not JSON" from "RFC 8259",
    /// The text ends in the middle of a value.
    JsonEnd = "json.end" Error lossy "the text ends too early" from "RFC 8259",
    /// Text follows the value.
    JsonTrailing = "json.trailing" Error lossy "text follows the value" from "RFC 8259",
    /// The bytes are not UTF-8.
    JsonUtf8 = "json.utf8" Error lossy "not UTF-8" from "RFC 8259 §8.1",
    /// A byte order mark stands before the text.
    JsonBom = "json.bom" Warning kept "a byte order mark stands before the text" from "RFC 8259 §8.1",
    /// The text is larger than the limit.
    LimitBytes = "limit.bytes" Error lossy "larger than the limit" from "limits of this library",
    /// Objects and lists are nested deeper than the limit.
    LimitDepth = "limit.depth" Error lossy "nested deeper than the limit" from "limits of this library",
    /// There are more members and elements than the limit.
    LimitNodes = "limit.nodes" Error lossy "more members and elements than the limit"
        from "limits of this library",
    /// A number has more characters than the limit.
    LimitNumber = "limit.number" Error lossy "a number longer than the limit" from "limits of this library",
    /// A string is longer than the limit.
    LimitString = "limit.string" Error lossy "a string longer than the limit" from "limits of this library",
    /// A member that determines identity, access or destination occurs twice in an object; neither is used.
    DuplicateSecurity = "json.duplicate_security" Error lossy
        "the member occurs twice and may not be guessed: the object is refused" from "RFC 8259 §4",
    /// A member name occurs twice in an object; the first one is used.
    JsonDuplicateKey = "json.duplicate_key" Error lossy "the member occurs twice; the first one counts"
        from "RFC 8259 §4",
    /// There are more deviations than the limit on findings.
    LimitFindings = "limit.findings" Warning kept "there are more deviations than are listed"
        from "limits of this library",
    /// The value has another JSON type than the member.
    ValueType = "val.type" Error lossy "a value of another type was expected" from "property tables",
    /// The text does not have the format of the member's type.
    ValueForm = "val.form" Error lossy "the text has not the form of this type" from "property tables",
    /// An optional member is `null`.
    Null = "val.null" Warning kept "null stands where the member could be left out"
        from "field practice: null for absent",
    /// An optional member is an empty text.
    EmptyText = "val.empty" Error kept "an empty text stands for no value"
        from "field practice: empty texts for absent",
    /// A member has the name that it has in another version.
    OtherVersionName = "name.other_version" Warning kept "another version's name of this member"
        from "field practice: names of other versions",
    /// A member's name is spelled differently: `countryCode`, `Country-Code`, `COUNTRY_CODE`.
    NameSpelling = "name.spelling" Warning kept "the name of this member in another spelling"
        from "field practice: members in camel case",
    /// A list contains `null`, which is left out.
    NullInList = "val.null_in_list" Error kept "null stands inside a list; it is left out"
        from "field practice: null inside lists",
    /// A list with a single value is written without brackets.
    ObjectForArray = "val.object_for_array" Error kept "a single value stands where a list is due"
        from "field practice: lists of one without brackets",
    /// A single object is written as a list.
    ArrayForObject = "val.array_for_object" Error kept "a list of one stands where a single value is due"
        from "field practice: brackets around one object",
    /// A required member is missing.
    Missing = "req.missing" Error lossy "a required member is missing"
        from "property tables: cardinality 1 and +",
    /// A list that needs an element is empty.
    EmptyList = "card.empty" Error kept "the list needs one element or more"
        from "property tables: cardinality +",
    /// A number in quotes.
    NumberString = "num.string" Error kept "a number is written as a string" from "types §number_type",
    /// An integer is written with a fraction or an exponent.
    IntForm = "int.form" Warning kept "an integer is written with a fraction or an exponent"
        from "field practice: integers with a fraction",
    /// A number has more digits than can be kept, and is rounded.
    NumberPrecision = "num.precision" Warning lossy "more than 28 digits; the value is rounded"
        from "limits of this library",
    /// A boolean is not written as a boolean.
    BooleanString = "bool.string" Error kept "a boolean is not written as true or false"
        from "field practice: booleans in quotes",
    /// An amount of money is written without its object.
    BareAmount = "price.bare" Error kept "an amount is written as a number; it is taken as the one before taxes"
        from "types §price_class, mod_tariffs §pricelimit_class",
    /// Blanks surround a value that is not free text.
    Blanks = "str.blank" Error kept "blanks stand around a value that is no free text"
        from "field practice: fields of fixed length",
    /// A text is written as a number or a boolean.
    TextForm = "str.number" Error kept "a text is written without quotes"
        from "field practice: numbers for ids",
    /// A coordinate is written as a number.
    GeoNumber = "geo.number" Error kept "a coordinate is written as a number"
        from "mod_locations §geolocation_class",
    /// A coordinate does not have the format or the number of decimals of the version, or is out of range.
    GeoFormat = "geo.format" Error kept "not a coordinate with the version's number of decimals"
        from "mod_locations §geolocation_class",
    /// A time with an offset from UTC.
    DateTimeOffset = "dt.offset" Error kept "a time is given with an offset; OCPI takes UTC only"
        from "types §datetime_type",
    /// A time in a format that OCPI does not have.
    DateTimeForm = "dt.form" Error kept "not one of OCPI's forms of a date and time"
        from "types §datetime_type",
    /// A time with more precision than can be kept: more than nine fractional digits, or a leap second.
    DateTimePrecision = "dt.precision" Warning lossy "digits beyond the ninth, or a leap second, are not kept"
        from "limits of this library",
    /// A time with more fractional digits than its length allows.
    DateTimeFraction = "dt.fraction" Warning kept "more digits of a second than OCPI's 25 characters hold"
        from "types §datetime_type",
    /// A text is longer than its limit, in characters.
    LengthExceeded = "len.exceeded" Error kept "longer than the field's limit"
        from "types §string_type, §cistring_type",
    /// A control character in a text.
    ControlCharacter = "str.control" Error kept "a control character in a text" from "types §string_type",
    /// A character outside printable ASCII in a case-insensitive string.
    NonAsciiCiString = "str.non_ascii_cistring" Error kept "a character outside printable ASCII"
        from "types §cistring_type",
    /// An unpaired surrogate in a text, which is replaced.
    Surrogate = "str.surrogate" Error lossy "half of a surrogate pair; replaced" from "RFC 8259 §8.2",
    /// A country code that does not have the form that OCPI requires.
    CountryCode = "country.alpha" Error kept "not a country code of the kind asked for"
        from "credentials §credentials_role_class, mod_locations §location_object",
    /// A party id that is not three letters or digits.
    PartyId = "party.form" Error kept "a party id has three letters or digits"
        from "credentials §credentials_role_class",
    /// A country or party in lower case.
    LowerCaseParty = "party.lower_case" Warning kept "written in lower case; others may not take it for the same"
        from "field practice: parties are compared with regard to case",
    /// A currency that is not an ISO 4217 code.
    Currency = "currency.iso4217" Error kept "not a currency code of ISO 4217"
        from "mod_tariffs §tariff_object",
    /// A language that is not an ISO 639-1 code.
    Language = "language.iso639" Error kept "not a language code of ISO 639-1"
        from "types §displaytext_class",
    /// A time zone that does not have the form of an IANA name.
    TimeZone = "tz.name" Error kept "not the name of a time zone" from "mod_locations §location_object",
    /// A time of day not written as `HH:MM`.
    TimeOfDay = "time.form" Error kept "a time of day is written HH:MM"
        from "mod_locations §regularhours_class, mod_tariffs §tariffrestrictions_class",
    /// A date not written as `YYYY-MM-DD`, or a day that does not exist.
    LocalDate = "date.form" Error kept "not a date written YYYY-MM-DD"
        from "mod_tariffs §tariffrestrictions_class",
    /// A URL that is not absolute, or not http.
    Url = "url.form" Error kept "not an absolute http or https URL" from "types §url_type",
    /// An integer with more digits than its limit.
    IntDigits = "int.digits" Error kept "more digits than the field's limit" from "property tables",
    /// A number with more decimals than its limit.
    NumberScale = "num.scale" Warning kept "more than four decimals" from "types §number_type",
    /// An enum value in another case, or with other separators between its words.
    EnumSpelling = "enum.case" Error kept "a value of this enum in another spelling"
        from "field practice: enum values in lower case",
    /// A day of the week is written as a number.
    DayNumber = "day.number" Error kept "a day of the week is written as a number"
        from "mod_tariffs §dayofweek_enum",
    /// A day of the week is written as a word.
    DayName = "day.name" Error kept "a day of the week is written as a word"
        from "mod_locations §regularhours_class",
    /// A value that a closed enum does not have.
    EnumUnknown = "enum.unknown" Error kept "not a value of this enum" from "types §enum_type",
    /// A value that an open enum does not list.
    EnumOpen = "enum.open" Info kept "not one of the values the specification lists"
        from "types §openenum_type",
    /// An enum value of another version.
    EnumVersion = "enum.other_version" Error kept "not a value of this enum in this version"
        from "types §enum_type",
    /// A member that the specification does not have.
    UnknownField = "ext.unknown_field" Info kept "the specification has no such member"
        from "property tables",
    /// A credentials token with characters that a header cannot contain.
    TokenForm = "auth.token_form" Error kept "a credentials token has printable characters without blanks"
        from "transport_and_format §authorization_header",
    /// A partner of 2.2 or later expects the token without Base64.
    TokenNotBase64 = "auth.not_base64" Error kept "the token is taken as it is, not in Base64"
        from "transport_and_format §authorization_header",
    /// A partner of 2.1.1 expects the token in Base64.
    TokenNotPlain = "auth.not_plain" Warning kept "the token is taken in Base64, not as it is"
        from "2.1.1 transport_and_format §authorization_header",
    /// The URL in the credentials, or the one that was handed over, is not the versions URL.
    UrlNotVersions = "cred.url_not_versions" Error kept "the URL is not that of the list of versions"
        from "credentials §credentials_object",
    /// Credentials were accepted only with `null` for absent members.
    NullsDemanded = "cred.nulls_demanded" Error kept "absent members are wanted as null"
        from "field practice: validators that know no absent members",
    /// A POST of credentials was refused as if already registered, and the PUT was accepted.
    RegisteredAlready = "cred.wrong_405" Error kept "POST is refused as if registered, and PUT is taken"
        from "credentials §post_method",
    /// An endpoint has no role, or an unknown one.
    EndpointRole = "vers.role_missing" Error kept "the endpoint has no role that is known; it is taken for both"
        from "version_information_endpoint §endpoint_class",
    /// A module is listed twice, and an interface is at its second URL.
    SecondUrl = "vers.second_url" Error kept "the module is named twice, and this interface is at the second URL"
        from "2.1.1 version_information_endpoint §endpoint-class",
    /// A redirect that only adds or removes a slash at the end of the path.
    SlashDemanded = "vers.slash" Warning kept "it redirects to the same path with another end: a slash, or none"
        from "field practice: web frameworks that tell such paths apart",
    /// Version details without the credentials module.
    NoCredentials = "vers.no_credentials" Error kept "there is no endpoint of the module credentials"
        from "version_information_endpoint §moduleid_enum",
    /// The envelope of an answer lacks a member.
    Envelope = "env.missing" Error kept "the envelope of the answer lacks a part"
        from "transport_and_format §response_format",
    /// The HTTP status reports a failure, and the envelope success.
    HttpStatus = "http.status" Error kept "HTTP says that the request failed, the envelope that it succeeded"
        from "status_codes §status_codes",
    /// Objects in a frame that is not OCPI's envelope.
    Frame = "env.frame" Error kept "the objects stand in a frame that is not OCPI's"
        from "transport_and_format §response_format",
    /// A frame indicates more pages, without their URL.
    NextPage = "page.next" Error lossy "there are more pages, and nothing says where the next one is"
        from "transport_and_format §pagination",
    /// The link to the next page names another scheme or host than the partner registered.
    PageNextHost = "page.next_host_differs" Warning kept
        "the link to the next page names another origin than the one that is registered"
        from "transport_and_format §pagination",
    /// An unreadable `Link` header.
    PageLinkSyntax = "page.link_syntax" Error kept "the header Link cannot be read"
        from "transport_and_format §pagination, RFC 8288",
    /// The link to the next page does not work.
    PageLinkDead = "page.link_dead" Error kept "the link to the next page leads nowhere"
        from "transport_and_format §pagination",
    /// The total indicates more objects, but there is no link to the next page.
    PageLinkMissing = "page.link_missing" Error kept "there are more objects, and no link to the next page"
        from "transport_and_format §pagination",
    /// `X-Total-Count` is not the number of objects.
    PageTotal = "page.total_wrong" Warning kept "X-Total-Count is not the number of objects"
        from "transport_and_format §pagination",
    /// The list changed while it was read.
    PageUnstable = "page.unstable" Info kept "the list moved while it was read; pages were read again"
        from "transport_and_format §pagination",
    /// The `limit` was refused, or the page was too large.
    PageLimitRejected = "page.limit_rejected" Warning kept "a smaller limit was needed"
        from "transport_and_format §pagination",
    /// A page was sent before.
    PageRepeats = "page.repeats" Error kept "a page was sent before" from "transport_and_format §pagination",
    /// The answer has several lists of objects, and it is unclear which one is meant.
    Lists = "env.lists" Error lossy "several lists of such objects: which one is meant cannot be known"
        from "transport_and_format §response_format",
    /// An object of another version that the application's types cannot express.
    Version = "env.version" Error lossy "cannot be expressed in the version that it is wanted in"
        from "the conversion between versions",
    /// A member that only a branch of the version has, such as Payments or Bookings.
    BranchMember = "branch.member" Error kept "only a branch of this version has this member"
        from "branches of the specification",
    /// A member that the ruleset requires is absent.
    ProfileDemand = "profile.demand" Error kept "the profile asks for this member"
        from "demands of the profile",
    /// Two elements of a list have the same id.
    DuplicateId = "id.duplicate" Error kept "another element of the list has this id"
        from "mod_locations §location_object, §evse_object, mod_invoice_reconciliation §record_object",
    /// An object was changed after the object that contains it.
    ChildNewer = "lu.child_newer_than_parent" Warning kept "changed later than the object that holds it"
        from "mod_locations §get_list_request_parameters",
    /// A period ends before it begins.
    PeriodOrder = "period.order" Error kept "the period does not end after it begins"
        from "mod_locations §exceptionalperiod_class, §statusschedule_class and others with two ends",
    /// Periods are not in chronological order.
    PeriodsOrder = "periods.order" Error kept "the periods are not in the order of time"
        from "mod_cdrs §chargingperiod_class, mod_charging_profiles §charging_profile_period_class",
    /// A charging period begins outside its session.
    PeriodOutside = "periods.outside" Error kept "outside the time of the object that holds it"
        from "mod_cdrs §chargingperiod_class, mod_bookings §calendar_object",
    /// No value lies between the lower and the upper bound.
    EmptyRange = "range.empty" Error kept "the upper bound leaves nothing above the lower bound"
        from "mod_tariffs §tariffrestrictions_class, §tariff_object, mod_bookings §timeslot_class",
    /// A negative number that has no meaning there.
    Negative = "num.negative" Error kept "less than zero"
        from "mod_locations §parking_object, mod_tariffs §pricecomponent_class",
    /// A number that is probably in another unit.
    Implausible = "unit.implausible" Warning kept "an unlikely number; perhaps another unit is meant"
        from "field practice: kilowatts for watts, seconds for hours",
    /// A location that is not always open has no regular hours.
    HoursMissing = "hours.missing" Error kept "neither always open nor regular hours"
        from "mod_locations §hours_class",
    /// Regular hours of a location that is always open.
    HoursRedundant = "hours.redundant" Info kept "regular hours mean nothing if always open"
        from "mod_locations §hours_class",
    /// A weekday outside the range 1 to 7.
    Weekday = "hours.weekday" Error kept "a weekday is a number from 1 to 7"
        from "mod_locations §regularhours_class",
    /// Regular hours that end before they begin.
    HoursOrder = "hours.order" Error kept "regular hours end after they begin, on the same day"
        from "mod_locations §regularhours_class",
    /// A token description (`publish_allowed_to`) that identifies no token.
    PublishEmpty = "publish.empty" Error kept "one of uid, visual_number and group_id is needed"
        from "mod_locations §publish_token_class",
    /// A `uid` of a token without its `type`.
    PublishType = "publish.type" Error kept "uid needs type with it"
        from "mod_locations §publish_token_class",
    /// A `visual_number` of a token without its `issuer`.
    PublishIssuer = "publish.issuer" Error kept "visual_number needs issuer with it"
        from "mod_locations §publish_token_class",
    /// A public Location restricts who may see it.
    PublishAllowedTo = "publish.allowed_to" Warning kept "only for locations that are not public"
        from "mod_locations §location_object",
    /// An EVSE refers to a parking place that its location does not have.
    ParkingUnknown = "parking.unknown" Error kept "the location has no parking place of this id"
        from "mod_locations §evseparking_class",
    /// A share that is not a percentage.
    EnergyShare = "energy.share" Error kept "a share is a percentage from 0 to 100"
        from "mod_locations §energysource_class",
    /// Shares that do not add up to 100 percent.
    EnergySum = "energy.sum" Warning kept "the shares of the sources do not add up to 100 percent"
        from "mod_locations §energysource_class",
    /// A place at 0 degrees north and east.
    NullIsland = "geo.null_island" Warning kept "both coordinates are zero"
        from "field practice: zero for an unknown place",
    /// A voltage or current of zero.
    NotPositive = "connector.not_positive" Warning kept "a connector has a voltage and a current"
        from "field practice: zero for an unknown number",
    /// A party or role is listed twice.
    DuplicateRole = "cred.duplicate_role" Error kept "the party is listed in this role already"
        from "credentials §credentials_object",
    /// An endpoint is listed twice.
    DuplicateEndpoint = "vers.duplicate_endpoint" Error kept "the endpoint is listed already"
        from "version_information_endpoint §endpoint_class",
    /// The minimum price is above the maximum price.
    PriceLimits = "tariff.price_limits" Error kept "the least price is above the greatest"
        from "mod_tariffs §tariff_object",
    /// A member that affects the price is not understood.
    NotComputable = "tariff.not_computable" Warning kept "not understood: no price can be computed from this element"
        from "mod_tariffs §tariffrestrictions_class",
    /// A day of the week is listed twice.
    DuplicateDay = "tariff.duplicate_day" Warning kept "the day is listed already"
        from "mod_tariffs §tariffrestrictions_class",
    /// A reservation price that is neither flat nor by time.
    ReservationPrice = "tariff.reservation_price" Error kept "only flat and time prices fit a reservation"
        from "mod_tariffs §reservation_restriction_type",
    /// Both a reservation and a booking are priced.
    ReservationAndBooking = "tariff.reservation_and_booking" Warning kept "both a reservation and a booking"
        from "mod_tariffs §tariffrestrictions_class",
    /// A step size of zero.
    StepZero = "tariff.step_zero" Info kept "a step size of 0 is taken as no rounding"
        from "field practice: zero for no rounding",
    /// An amount that is lower with tax than without.
    TaxNegative = "price.tax_negative" Warning kept "less with tax than without"
        from "types §price_class, mod_tariffs §pricelimit_class",
    /// A lower and an upper bound that are equal.
    NoRoom = "range.equal" Warning kept "both bounds are the same, which leaves nothing between them"
        from "mod_tariffs §tariffrestrictions_class, §tariff_object",
    /// A country that ISO 3166-1 does not have.
    CountryUnknown = "country.unknown" Error kept "not a country of ISO 3166-1"
        from "credentials §credentials_role_class, mod_locations §location_object",
    /// A currency that ISO 4217 does not have.
    CurrencyUnknown = "currency.unknown" Error kept "not a currency of ISO 4217" from "mod_tariffs §tariff_object",
    /// A language that ISO 639-1 does not have.
    LanguageUnknown = "language.unknown" Error kept "not a language of ISO 639-1" from "types §displaytext_class",
    /// A time zone that the IANA database does not have.
    TimeZoneUnknown = "tz.unknown" Error kept "not a time zone of the IANA database"
        from "mod_locations §location_object",
    /// A value of an open enum that probably means a listed one.
    EnumNear = "enum.near_miss" Warning kept "not one of the values the specification lists"
        from "field practice: other names for connectors and states",
    /// An optional member is a text without content.
    BlankText = "val.blank" Warning kept "an empty text stands where the member could be left out"
        from "field practice: empty texts for absent",
    /// A time before 2010, when OCPI did not exist yet.
    EarlyTime = "dt.early" Warning kept "a time before 2010, when there was no OCPI"
        from "field practice: 1970 for an unknown time",
    /// A place outside the country named with it.
    PlaceAbroad = "geo.abroad" Warning kept "the place is not in the country that is named with it"
        from "field practice: latitude and longitude exchanged, signs lost",
    /// A place with equal latitude and longitude.
    PlaceEqual = "geo.equal" Warning kept "latitude and longitude are the same number; one of them is likely wrong"
        from "field practice: one number for both",
    /// More power than possible.
    PowerBeyond = "connector.power" Warning kept "more power than voltage, current and phases give"
        from "mod_locations §connector_object",
    /// A voltage that connectors do not have.
    Voltage = "connector.voltage" Warning kept "a voltage that connectors of this power type do not have"
        from "IEC 61851: up to 480 V of alternating and 1,500 V of direct current",
    /// One of `credit` and `credit_reference_id` without the other.
    CreditReference = "cdr.credit_reference" Error kept "credit and credit_reference_id belong together"
        from "mod_cdrs §cdr_object",
    /// A credit CDR with positive amounts.
    CreditSign = "cdr.credit_sign" Error kept "a credit CDR has negative amounts in total_cost"
        from "mod_cdrs §credit_cdrs",
    /// A negative cost in a CDR that is not a credit CDR.
    NegativeCost = "cdr.negative_cost" Warning kept "a negative cost, and this is no credit CDR"
        from "mod_cdrs §credit_cdrs",
    /// The id of a CDR has a length that is reserved for credit CDRs.
    CdrIdLength = "cdr.id_length" Error kept "only credit CDRs have ids longer than 36 characters"
        from "mod_cdrs §cdr_object",
    /// A value that is allowed in Sessions only.
    SessionDimension = "cdr.session_dimension" Error kept "only sessions have values of this type"
        from "mod_cdrs §cdrdimensiontype_enum",
    /// More parking time than total time.
    ParkingTime = "cdr.parking_time" Error kept "total_parking_time is a part of total_time"
        from "mod_cdrs §cdr_object",
    /// A tariff whose currency differs from the CDR's.
    TariffCurrency = "cdr.tariff_currency" Warning kept "the currency is not that of the CDR"
        from "mod_cdrs §cdr_object",
    /// A completed Session without an end.
    SessionEnd = "session.end_missing" Warning kept "a completed session has an end"
        from "mod_sessions §session_object",
    /// A whitelist setting of an app user's token that lets a CPO accept it without asking.
    TokenWhitelist = "token.whitelist" Warning kept "tokens of this type should have NEVER"
        from "mod_tokens §tokentype_enum",
    /// A token of a type that should not be pushed.
    TokenPushed = "token.pushed" Info kept "tokens of this type should not be pushed"
        from "mod_tokens §tokentype_enum",
    /// A connector without its EVSE.
    ConnectorWithoutEvse = "command.connector_without_evse" Error kept "connector_id needs evse_uid with it"
        from "mod_commands §startsession_object",
    /// A command was accepted, but no time is left for its result.
    CommandTimeout = "command.timeout" Warning kept "no time is left for the result to come"
        from "mod_commands §commandresponse_object",
    /// A charging rate with more than one decimal.
    RateScale = "profile.scale" Error kept "more than one decimal"
        from "mod_charging_profiles §charging_profile_class, §charging_profile_period_class",
    /// A charging profile whose first period does not start at 0.
    ProfileStart = "profile.start" Error kept "the first period starts at 0"
        from "mod_charging_profiles §charging_profile_period_class",
    /// A charging profile without periods.
    ProfileEmpty = "profile.empty" Warning kept "a profile without periods limits nothing"
        from "mod_charging_profiles §charging_profile_class",
    /// `country_code` or `party_id` without the other.
    TerminalParty = "terminal.party" Error kept "country_code and party_id belong together"
        from "mod_payments §terminal_object",
    /// A booking location without a bookable option.
    BookingOption = "booking.option_missing" Warning kept "it does not say what can be booked"
        from "mod_bookings §bookinglocation_object",
    /// The same object occurs twice in a feed.
    FeedDuplicate = "feed.duplicate" Warning kept "the same object is in the feed twice"
        from "transport_and_format §pagination",
    /// Two different objects of a feed have the same id.
    FeedDuplicateId = "feed.duplicate_id" Error kept "another object in the feed has this id, and differs"
        from "transport_and_format §client_owned_object_push",
    /// An EVSE belongs to two Locations.
    FeedEvseTwice = "feed.evse_twice" Error kept "another Location has an EVSE with this id"
        from "mod_locations §evse_object",
    /// A reference to an object that is not in the feed.
    FeedDangling = "feed.dangling" Warning kept "a reference to what is not in the feed"
        from "mod_locations §connector_object, mod_cdrs §cdr_object, mod_sessions §session_object",
    /// A reference to an object of another party.
    FeedOtherOwner = "feed.other_owner" Info kept "only another party has an object of this id"
        from "transport_and_format §client_owned_object_push",
    /// A currency that is not used in the country.
    FeedCurrency = "feed.currency" Warning kept "not a currency of the country"
        from "field practice: prices of another country",
    /// All objects of a feed changed at the same moment.
    FeedLastUpdated = "feed.last_updated" Warning kept "all objects of a type have the same last_updated"
        from "field practice: the time of the export for that of the change",
    /// An unknown member whose name is nearly that of an absent known one.
    NameNear = "name.near_miss" Warning kept "the specification has no such member"
        from "field practice: names of members with a slip",
}

/// Severity of a finding.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Severity {
    /// Allowed, but worth knowing.
    Info,
    /// Allowed, but may cause trouble for a partner.
    Warning,
    /// A breach of the specification.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A deviation: its place, rule, severity and message.
///
/// It contains no secret and nothing that identifies a driver, so it may be logged: it quotes at most ids and codes of
/// public objects. If another code, name or place was probably meant, the message names it.
///
/// ```
/// use ocpi_types::{json, v2_3_0::locations::Connector};
/// let text = br#"{"id":"1","standard":"IEC_62196_T2","format":"SOCKET","power_type":"AC_3_PHASE",
///     "max_voltage":"230","max_amperage":32,"last_updated":"2026-01-01T00:00:00Z"}"#;
/// let read = json::read::<Connector>(text)?;
/// assert_eq!(read.value.max_voltage, 230);
/// assert_eq!(read.findings[0].to_string(), "/max_voltage: a number is written as a string [num.string]");
/// # Ok::<(), json::Error>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// Place, as a JSON pointer (RFC 6901).
    pub pointer: String,
    /// Rule that was broken.
    pub rule: Rule,
    /// Severity of the deviation.
    pub severity: Severity,
    /// Meaning of the deviation, for people.
    pub message: Cow<'static, str>,
    /// Whether the reader corrected it. `false` for values that the reader left unchanged, and for findings of the
    /// check.
    pub repaired: bool,
}

impl Finding {
    /// Creates the finding of a breach at a place.
    ///
    /// ```
    /// use ocpi_types::{Finding, Rule};
    /// let finding = Finding::new("/timestamp".to_owned(), Rule::Envelope);
    /// assert_eq!(finding.to_string(), "/timestamp: the envelope of the answer lacks a part [env.missing]");
    /// ```
    pub fn new(pointer: String, rule: Rule) -> Self {
        let message = Cow::Borrowed(rule.message());
        Self { pointer, rule, severity: rule.severity(), message, repaired: false }
    }

    /// Creates a finding about a document or an answer as a whole.
    ///
    /// ```
    /// use ocpi_types::{Finding, Rule};
    /// assert_eq!(Finding::of_document(Rule::Frame).pointer, "");
    /// ```
    pub fn of_document(rule: Rule) -> Self {
        Self::new(String::new(), rule)
    }

    /// The finding, with the value that is likely meant.
    pub(crate) fn with_likely(self, likely: impl fmt::Display) -> Self {
        let message = format!("{}: perhaps {likely} is meant", self.message).into();
        Self { message, ..self }
    }

    /// Whether the document does not conform because of this finding.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let colon = if self.pointer.is_empty() { "" } else { ": " };
        write!(f, "{}{colon}{} [{}]", shown(&self.pointer), self.message, self.rule.id())
    }
}
