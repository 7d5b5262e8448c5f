//! What a reader or a check has to say about a document.

use std::fmt;

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal $severity:ident $lossy:ident $message:literal,)+) => {
        /// A rule of reading or checking, with a stable id.
        ///
        /// The id is what to filter, count and configure by; it does not change between releases.
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

            /// How bad a breach is.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)+ }
            }

            /// What a breach means, for people.
            pub const fn message(self) -> &'static str {
                match self { $(Self::$name => $message,)+ }
            }

            /// Whether reading over the breach gives up something that was written.
            pub(crate) const fn is_lossy(self) -> bool {
                match self { $(Self::$name => rules!(@$lossy),)+ }
            }
        }
    };
    (@lossy) => { true };
    (@kept) => { false };
}

rules! {
    /// The text is not JSON.
    JsonSyntax = "json.syntax" Error lossy "not JSON",
    /// The text ends in the middle of a value.
    JsonEnd = "json.end" Error lossy "the text ends too early",
    /// Text follows the value.
    JsonTrailing = "json.trailing" Error lossy "text follows the value",
    /// The bytes are not UTF-8.
    JsonUtf8 = "json.utf8" Error lossy "not UTF-8",
    /// A byte order mark stands before the text.
    JsonBom = "json.bom" Warning kept "a byte order mark stands before the text",
    /// The text is larger than the limit.
    LimitBytes = "limit.bytes" Error lossy "larger than the limit",
    /// Objects and lists are nested deeper than the limit.
    LimitDepth = "limit.depth" Error lossy "nested deeper than the limit",
    /// A number has more characters than the limit.
    LimitNumber = "limit.number" Error lossy "a number longer than the limit",
    /// A member name occurs twice in one object; the first one counts.
    JsonDuplicateKey = "json.duplicate_key" Error lossy "the member occurs twice; the first one counts",
    /// There are more deviations than the reader keeps.
    LimitFindings = "limit.findings" Warning kept "there are more deviations than are listed",
    /// The value has another JSON type than the member's.
    ValueType = "val.type" Error lossy "a value of another type was expected",
    /// The text cannot be read as the member's type.
    ValueForm = "val.form" Error lossy "the text has not the form of this type",
    /// A list holds `null`; it is left out.
    NullInList = "val.null_in_list" Error kept "null stands inside a list; it is left out",
    /// A list holds a single value without brackets.
    ObjectForArray = "val.object_for_array" Error kept "a single value stands where a list is due",
    /// An object stands in brackets.
    ArrayForObject = "val.array_for_object" Error kept "a list of one stands where a single value is due",
    /// A required member is missing.
    Missing = "req.missing" Error lossy "a required member is missing",
    /// A list that needs an element has none.
    EmptyList = "card.empty" Error kept "the list needs one element or more",
    /// A number in quotes.
    NumberString = "num.string" Error kept "a number is written as a string",
    /// An integer is written with a fraction or an exponent.
    IntForm = "int.form" Warning kept "an integer is written with a fraction or an exponent",
    /// A number has more digits than can be kept; it is rounded.
    NumberPrecision = "num.precision" Warning lossy "more than 28 digits; the value is rounded",
    /// A boolean in quotes.
    BooleanString = "bool.string" Error kept "a boolean is not written as true or false",
    /// A text is written as a number or a boolean.
    TextForm = "str.number" Error kept "a text is written without quotes",
    /// A coordinate is written as a number.
    GeoNumber = "geo.number" Error kept "a coordinate is written as a number",
    /// A coordinate has not the form or the number of decimals of the version, or is out of range.
    GeoFormat = "geo.format" Error kept "not a coordinate with the version's number of decimals",
    /// A time with an offset from UTC.
    DateTimeOffset = "dt.offset" Error kept "a time is given with an offset; OCPI takes UTC only",
    /// A time in a form that OCPI does not have.
    DateTimeForm = "dt.form" Error kept "not one of OCPI's forms of a date and time",
    /// A time more precise than can be kept: digits of a second beyond the ninth, or a leap second.
    DateTimePrecision = "dt.precision" Warning lossy "digits beyond the ninth, or a leap second, are not kept",
    /// A time with more digits of a second than fit.
    DateTimeFraction = "dt.fraction" Warning kept "more digits of a second than OCPI's 25 characters hold",
    /// A text is longer than its limit, in characters.
    LengthExceeded = "len.exceeded" Error kept "longer than the field's limit",
    /// A control character in a text.
    ControlCharacter = "str.control" Error kept "a control character in a text",
    /// A character outside printable ASCII in a case-insensitive string.
    NonAsciiCiString = "str.non_ascii_cistring" Error kept "a character outside printable ASCII",
    /// A surrogate without its other half in a text; replaced.
    Surrogate = "str.surrogate" Error lossy "half of a surrogate pair; replaced",
    /// A country that is not written as OCPI asks.
    CountryCode = "country.alpha" Error kept "not a country code of the kind asked for",
    /// A party id that is not three letters or digits.
    PartyId = "party.form" Error kept "a party id has three letters or digits",
    /// A currency that is not an ISO 4217 code.
    Currency = "currency.iso4217" Error kept "not a currency code of ISO 4217",
    /// A language that is not an ISO 639-1 code.
    Language = "language.iso639" Error kept "not a language code of ISO 639-1",
    /// A time zone that has not the form of a name of the IANA database.
    TimeZone = "tz.name" Error kept "not the name of a time zone",
    /// A time of day not written as `HH:MM`.
    TimeOfDay = "time.form" Error kept "a time of day is written HH:MM",
    /// A date not written as `YYYY-MM-DD`, or a day that does not exist.
    LocalDate = "date.form" Error kept "not a date written YYYY-MM-DD",
    /// A URL that is not absolute, or not http.
    Url = "url.form" Error kept "not an absolute http or https URL",
    /// An integer with more digits than its limit.
    IntDigits = "int.digits" Error kept "more digits than the field's limit",
    /// A number with more decimals than its limit.
    NumberScale = "num.scale" Warning kept "more than four decimals",
    /// A value that a closed enum does not have.
    EnumUnknown = "enum.unknown" Error kept "not a value of this enum",
    /// A value new to an open enum.
    EnumOpen = "enum.open" Info kept "not one of the values the specification lists",
    /// A value that another version has.
    EnumVersion = "enum.other_version" Error kept "not a value of this enum in this version",
    /// A member that the specification does not have.
    UnknownField = "ext.unknown_field" Info kept "the specification has no such member",
    /// A credentials token with characters that cannot stand in a header.
    TokenForm = "auth.token_form" Error kept "a credentials token has printable characters without blanks",
    /// The envelope of an answer lacks a part.
    Envelope = "env.missing" Error kept "the envelope of the answer lacks a part",
    /// A member that only a branch of the version has, such as Payments or Bookings.
    BranchMember = "branch.member" Error kept "only a branch of this version has this member",
    /// A member that the profile asks for is absent.
    ProfileDemand = "profile.demand" Error kept "the profile asks for this member",
    /// Two members contradict each other.
    Contradiction = "rule.contradiction" Error kept "two members contradict each other",
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Severity {
    /// Allowed; worth knowing.
    Info,
    /// Allowed, but a partner may stumble.
    Warning,
    /// Against the specification.
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

/// One deviation: where, which rule, what it means.
///
/// It never quotes the value, so it may be logged.
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
    /// Where: a JSON pointer (RFC 6901).
    pub pointer: String,
    /// Which rule.
    pub rule: Rule,
    /// How bad it is.
    pub severity: Severity,
    /// What it means, for people.
    pub message: String,
}

impl Finding {
    pub(crate) fn new(pointer: String, rule: Rule) -> Self {
        Self { pointer, rule, severity: rule.severity(), message: rule.message().to_owned() }
    }

    /// Whether the document does not conform because of it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let colon = if self.pointer.is_empty() { "" } else { ": " };
        write!(f, "{}{colon}{} [{}]", self.pointer, self.message, self.rule.id())
    }
}
