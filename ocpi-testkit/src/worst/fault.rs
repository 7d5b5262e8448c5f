//! Faults: one row each, with the row of the notes that it stands for, its deviation and its expected outcome.

use std::time::Duration;

use ocpi_types::Rule;

use super::Deviation::{self, Answer, Delay, Line, Object, Plan, Request, Text};
use super::Expected::{
    self, AsSaid, AsSaidWith, Fails, FailsOnce, Finding, Foreign, NotComplete, SetApart, Stops, Unaffected,
};
use super::Step;
use super::deviations::{credentials, lists, objects, pushes, statuses, urls, values};

macro_rules! faults {
    ($(#[doc = $doc:literal] $name:ident $(($($data:tt)+))? = $id:literal, $expected:expr,
        [$($deviation:expr),+];)+) => {
        /// Fault of a [`WorstPartner`](super::WorstPartner). Each stands for a way in which partners are known to deviate.
        ///
        /// ```
        /// use ocpi_testkit::{Expected, Fault};
        /// let fault = Fault::WrongLinkHost;
        /// assert_eq!((fault.id(), fault.name()), ("B3", "WrongLinkHost"));
        /// assert!(matches!(fault.expected(), Expected::Finding(rule) if rule.id() == "page.next_host_differs"));
        /// ```
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        #[non_exhaustive]
        pub enum Fault {
            $(
                #[doc = $doc]
                ///
                #[doc = concat!("Row ", $id, ".")]
                $name $((faults!(@type $($data)+)))?,
            )+
        }

        impl Fault {
            /// All faults, those with data with an example of it.
            pub const ALL: &'static [Self] = &[$(Self::$name $((faults!(@value $($data)+)))?,)+];

            /// Row of the catalogue of deviations: a letter for the chapter, and a number. A is about credentials, B about URLs
            /// and HTTP, C statuses, D values, E lists, F pushes, T attacks; U and M were met at other programs.
            pub const fn id(self) -> &'static str {
                match self { $(faults!(@pattern $name $($($data)+)?) => $id,)+ }
            }

            /// Its name.
            pub const fn name(self) -> &'static str {
                match self { $(faults!(@pattern $name $($($data)+)?) => stringify!($name),)+ }
            }

            /// Deed of the partner, as a sentence without its subject: `Sends no header Link.`
            pub fn description(self) -> &'static str {
                match self { $(faults!(@pattern $name $($($data)+)?) => $doc.trim(),)+ }
            }

            /// Outcome that it should have at a tolerant client.
            pub const fn expected(self) -> Expected {
                match self { $(faults!(@pattern $name $($($data)+)?) => $expected,)+ }
            }

            /// Whether it shows in answers alone, so that a [`FaultLayer`](super::FaultLayer) in front of any server can show it.
            pub fn is_of_answers(self) -> bool {
                self.deviations().iter().all(|deviation| !matches!(deviation, Plan(_)))
            }

            /// Whether it shows only when somebody registers.
            pub fn is_of_registration(self) -> bool {
                matches!(self, Self::CallBackFails | Self::RegistrationAnswerLost | Self::RegisteredAlready)
            }

            pub(crate) const fn deviations(self) -> &'static [Deviation] {
                match self { $(faults!(@pattern $name $($($data)+)?) => {
                    const DEVIATIONS: &[Deviation] = &[$($deviation),+];
                    DEVIATIONS
                })+ }
            }
        }
    };
    (@type $type:ty, $value:expr) => { $type };
    (@value $type:ty, $value:expr) => { $value };
    (@pattern $name:ident) => { Self::$name };
    (@pattern $name:ident $($data:tt)+) => { Self::$name(_) };
}

const TWO_SECONDS: Duration = Duration::from_secs(2);

faults! {
    /// Takes tokens only as they stand, where Base64 is due.
    TokenRawOnly = "A1", Unaffected, [Request(credentials::raw_only)];
    /// Speaks 2.1.1 and takes tokens only in Base64.
    TokenBase64Only = "A1", Unaffected, [Plan(credentials::v2_1_1), Request(credentials::base64_only)];
    /// Ends the tokens that it gives in a line feed.
    TokenEndsInLineFeed = "A2", Unaffected, [Answer(credentials::line_feed)];
    /// Gives tokens that can be taken for Base64.
    TokenLooksLikeBase64 = "A3", Unaffected,
        [Request(credentials::from_alias), Answer(credentials::to_alias)];
    /// Answers 403 to tokens that it does not know, and takes them only as they stand.
    UnknownTokenIs403 = "A4", Unaffected, [Request(credentials::raw_only), Answer(credentials::says_403)];
    /// Answers 404 to tokens that it does not know, and takes them only as they stand.
    UnknownTokenIs404 = "A4", Unaffected,
        [Request(credentials::raw_only), Answer(credentials::says_404)];
    /// Answers 200 with 2001 to tokens that it does not know, and takes them only as they stand.
    UnknownTokenIs2001 = "A4", Unaffected,
        [Request(credentials::raw_only), Answer(credentials::says_2001)];
    /// Tells its versions to anyone, and takes tokens only as they stand elsewhere.
    VersionsAreOpen = "A5", Unaffected,
        [Request(credentials::open_versions), Request(credentials::raw_only)];
    /// Sends the results of commands with a token that is not known here.
    ResultsWithWrongToken = "A6", Fails(Step::Command, "no result"), [Plan(pushes::wrong_token)];
    /// Says once that it could not call back.
    CallBackFails = "A7", FailsOnce(Step::Register), [Request(credentials::call_back_fails)];
    /// Loses its first answer to POST of credentials.
    RegistrationAnswerLost = "A8", FailsOnce(Step::Register), [Line(credentials::post_answer_lost)];
    /// Loses its first answer to PUT of credentials.
    RotationAnswerLost = "A8", FailsOnce(Step::Rotate), [Line(credentials::put_answer_lost)];
    /// Does not get the first PUT of credentials.
    RotationLost = "A8", FailsOnce(Step::Rotate), [Request(credentials::put_lost)];
    /// Answers 405 to POST of credentials, as if there were a registration, and takes PUT.
    RegisteredAlready = "A9", Stops(Step::Register, "HTTP 405"), [Request(credentials::registered_already)];
    /// Answers GET of credentials with those of the caller.
    CredentialsAreTheCallers = "A10", Unaffected, [Answer(credentials::of_the_caller)];
    /// Has no GET of credentials.
    NoGetOfCredentials = "A10", Unaffected, [Request(credentials::no_get)];
    /// Gives the URL that its URLs begin with, not that of its versions.
    CredentialsUrlIsBase = "A11", Unaffected, [Answer(credentials::url_is_base)];
    /// Gives the URL of version details, not that of its versions.
    CredentialsUrlIsDetails = "A11", Unaffected, [Answer(credentials::url_is_details)];
    /// Puts version details into a list.
    DetailsInList = "A12", Unaffected, [Answer(credentials::details_in_list)];
    /// Leaves the roles of endpoints out.
    EndpointsWithoutRole = "A12", Unaffected, [Answer(credentials::no_roles)];
    /// Calls the Receiver of Tokens a Sender.
    EndpointWithWrongRole = "A12", Stops(Step::PutToken, "does not offer"), [Answer(credentials::wrong_role)];
    /// Writes names of modules with capitals.
    ModulesInCapitals = "A12", Unaffected, [Answer(credentials::capitals)];
    /// Speaks for a hundred and fifty CPOs.
    ManyRoles = "A13", Unaffected, [Plan(credentials::many_roles)];
    /// Has the role of a hub beside its own.
    HubRole = "A13", Unaffected, [Answer(credentials::hub_role)];
    /// Sends credentials without roles in answer to GET.
    CredentialsWithoutRoles = "A13", Unaffected, [Answer(credentials::without_roles)];
    /// Claims a party that nobody expected.
    ClaimsAnotherParty = "A14", Stops(Step::Register, "not expected"), [Answer(credentials::claims_another)];
    /// Claims the party of the other side.
    ClaimsOurParty = "A14", Stops(Step::Register, "spoken for by another platform"),
        [Request(credentials::learns_party), Answer(credentials::claims_theirs)];
    /// Claims another party in answer to a rotation.
    ClaimsAnotherPartyLater = "A14", Unaffected, [Answer(credentials::claims_later)];
    /// Writes countries and parties in lower case.
    LowerCaseParty = "A15", Unaffected,
        [Answer(credentials::lower_case), Object("locations", credentials::lower_case_owner)];

    /// Ends the URLs of its modules in a slash.
    UrlsEndInSlash = "B1", Unaffected, [Plan(urls::trailing_slash)];
    /// Ends the URLs of its modules in a slash, and has nothing at lists without one.
    SlashDemanded = "B1", Unaffected, [Plan(urls::trailing_slash), Request(urls::slash_demanded)];
    /// Redirects PUT of Tokens to another host.
    RedirectsWrites = "B2", Stops(Step::PutToken, "302"), [Request(urls::redirects_writes)];
    /// Redirects GET of Tariffs to another host.
    RedirectsReads = "B2", Fails(Step::Tariffs, "307"), [Request(urls::redirects_reads)];
    /// Names its inner host in the links to next pages.
    WrongLinkHost = "B3", Finding(Rule::PageNextHost), [Answer(urls::inner_host)];
    /// Names http in the links to next pages.
    LinkOverHttp = "B3", Finding(Rule::PageNextHost), [Answer(urls::http_link)];
    /// Names its inner host in the URL of a CDR that was posted.
    CdrAtInnerHost = "B3", Fails(Step::PostCdr, "leads to"), [Answer(urls::cdr_at_inner_host)];
    /// Has ids with slashes, blanks, stars and number signs.
    OddIds = "B4", Unaffected, [Plan(urls::odd_ids)];
    /// Has a Location with the id `..`.
    DotIds = "B4", Fails(Step::GetOne, "no request can carry"), [Plan(urls::dot_ids)];
    /// Is behind a gateway that fails once.
    GatewayFailsOnce = "B7", Unaffected, [Request(urls::gateway_fails_once)];
    /// Is behind a gateway that has no Tariffs.
    GatewayFails = "B7", Fails(Step::Tariffs, "502"), [Request(urls::gateway_fails)];
    /// Answers GET of Tariffs with a web page and 200.
    WebPage = "B7", Fails(Step::Tariffs, "web page"), [Request(urls::web_page)];
    /// Answers GET of Tariffs with plain text and 200.
    PlainText = "B7", Fails(Step::Tariffs, "plain text"), [Request(urls::plain_text)];
    /// Calls its answers HTML.
    ContentTypeIsHtml = "B7", Unaffected, [Answer(urls::content_type_is_html)];
    /// Sends no content type.
    NoContentType = "B7", Unaffected, [Answer(urls::no_content_type)];
    /// Sends no ids of messages.
    NoMessageIds = "B8", Unaffected, [Answer(urls::no_message_ids)];
    /// Refuses requests without routing headers.
    RoutingDemanded = "B9", Unaffected, [Request(urls::routing_demanded)];
    /// Sends no routing headers.
    NoRouting = "B9", Unaffected, [Answer(urls::no_routing)];
    /// Has its modules at paths of its own.
    OddPaths = "B11", Unaffected, [Plan(urls::odd_paths)];

    /// Answers 404 without a body to an unknown id.
    NotFoundWithoutBody = "C1", Unaffected, [Answer(statuses::not_found_empty)];
    /// Answers 404 with a web page to an unknown id.
    NotFoundWithPage = "C1", Unaffected, [Answer(statuses::not_found_page)];
    /// Answers 200 with 2003 to an unknown id.
    NotFoundWith200 = "C1", Unaffected, [Answer(statuses::not_found_200)];
    /// Answers 500 with 2003 to an unknown id.
    NotFoundWith500 = "C2", Unaffected, [Answer(statuses::not_found_500)];
    /// Answers 400 with 2003 to an unknown id.
    NotFoundWith400 = "C2", Unaffected, [Answer(statuses::not_found_400)];
    /// Sends its Tariffs with HTTP 400.
    ListWith400 = "C2", Finding(Rule::HttpStatus), [Answer(statuses::list_with_400)];
    /// Sends its Tariffs with HTTP 500.
    ListWith500 = "C2", Fails(Step::Tariffs, "HTTP 500"), [Answer(statuses::list_with_500)];
    /// Sends single Locations with HTTP 500.
    ObjectWith500 = "C2", Finding(Rule::HttpStatus), [Answer(statuses::object_with_500)];
    /// Answers 200 where something was created.
    CreatedIs200 = "C3", Unaffected, [Answer(statuses::created_200)];
    /// Answers 202 where something was created.
    CreatedIs202 = "C3", Unaffected, [Answer(statuses::created_202)];
    /// Answers 204, without a body, where something was written.
    WrittenIs204 = "C3", Unaffected, [Text(statuses::written_204)];
    /// Answers writes with null as their data.
    WriteDataNull = "C4", Unaffected, [Answer(statuses::write_null)];
    /// Answers writes with the object as their data.
    WriteDataObject = "C4", Unaffected, [Answer(statuses::write_object)];
    /// Answers writes with a list as their data.
    WriteDataList = "C4", Unaffected, [Answer(statuses::write_list)];
    /// Answers writes with `{}`.
    WriteEmptyObject = "C4", Unaffected, [Text(statuses::write_empty_object)];
    /// Answers writes with `OK`.
    WriteSaysOk = "C4", Unaffected, [Text(statuses::write_ok)];
    /// Answers writes with nothing.
    WriteSaysNothing = "C4", Unaffected, [Text(statuses::write_nothing)];
    /// Sends single Locations without their envelope.
    ObjectWithoutEnvelope = "C4", Unaffected, [Text(statuses::object_bare)];
    /// Sends lists of Tariffs without their envelope.
    ListWithoutEnvelope = "C4", Unaffected, [Text(statuses::list_bare)];
    /// Sends a success without the list that was asked for.
    ListWithoutData = "C4", Fails(Step::Tariffs, "data"), [Answer(statuses::list_without_data)];
    /// Puts single objects into lists.
    OneInList = "C5", Unaffected, [Answer(statuses::one_in_list)];
    /// Puts the object where a list of one is due.
    ObjectForList = "C5", Finding(Rule::ObjectForArray), [Object("locations", values::object_for_list)];
    /// Sends envelopes without a time.
    NoTimestamp = "C6", Unaffected, [Answer(statuses::no_timestamp)];
    /// Sends envelopes with a time that has no zone.
    TimestampWithoutZone = "C6", Unaffected, [Answer(statuses::timestamp_without_zone)];
    /// Answers 200 with 2004 about an unknown Token.
    UnknownTokenWith200 = "C7", Unaffected, [Answer(statuses::unknown_token_200)];
    /// Answers 404 with a web page about an unknown Token.
    UnknownTokenWithPage = "C7", Unaffected, [Answer(statuses::unknown_token_page)];
    /// Means a limit of its rate by 2004.
    RateLimitIs2004 = "C8", Fails(Step::Sessions, "2004"), [Request(statuses::rate_is_2004)];
    /// Says 1999 for success.
    SuccessIs1999 = "C9", Unaffected, [Answer(statuses::success_1999)];
    /// Writes the status as a text.
    StatusIsText = "C9", Unaffected, [Answer(statuses::status_text)];

    /// Writes null for what is absent.
    NullMembers = "D1", Finding(Rule::Null), [Object("locations", values::nulls)];
    /// Writes null inside lists.
    NullInList = "D1", Finding(Rule::NullInList), [Object("locations", values::null_in_list)];
    /// Writes an empty text for what is absent.
    EmptyTexts = "D2", Finding(Rule::EmptyText), [Object("tariffs", values::empty_texts)];
    /// Leaves the format of Connectors out.
    MissingMember = "D3", SetApart(Rule::Missing), [Object("locations", values::no_format)];
    /// Puts coordinates into a list.
    ListForObject = "D4", Finding(Rule::ArrayForObject), [Object("locations", values::list_for_object)];
    /// Writes numbers as texts.
    NumbersAsText = "D5", Finding(Rule::NumberString), [Object("sessions", values::number_as_text)];
    /// Writes numbers as texts with a comma.
    CommaDecimals = "D5", SetApart(Rule::ValueForm), [Object("sessions", values::comma)];
    /// Writes amounts with the noise of binary numbers.
    BinaryNoise = "D6", AsSaidWith(Rule::NumberPrecision), [Text(values::noise)];
    /// Writes coordinates as numbers.
    CoordinatesAsNumbers = "D7", AsSaidWith(Rule::GeoNumber), [Object("locations", values::coordinates_as_numbers)];
    /// Writes coordinates with one decimal.
    ShortCoordinates = "D7", AsSaidWith(Rule::GeoFormat), [Object("locations", values::short_coordinates)];
    /// Writes times without a zone.
    TimesWithoutZone = "D8", Unaffected, [Object("sessions", values::times_without_zone)];
    /// Writes times with `+00:00`.
    TimesWithOffset = "D8", Finding(Rule::DateTimeOffset), [Object("sessions", values::times_with_offset)];
    /// Writes times with nine decimals of a second.
    TimesWithNanos = "D8", Unaffected, [Object("sessions", values::times_with_nanos)];
    /// Sends members of its own.
    ExtraMembers = "D9", AsSaidWith(Rule::UnknownField), [Object("locations", values::extra)];
    /// Sends a member of its own that is nested two hundred deep.
    DeepMembers = "D9", Stops(Step::Locations, "nested deeper than the limit"), [Text(values::deep)];
    /// Sends a status of EVSEs that OCPI does not have.
    UnknownValues = "D10", AsSaidWith(Rule::EnumUnknown), [Object("locations", values::unknown_value)];
    /// Sends slang for the standard of Connectors.
    SlangValues = "D10", AsSaidWith(Rule::EnumNear), [Object("locations", values::slang)];
    /// Sends addresses of three hundred characters.
    TooLong = "D11", AsSaidWith(Rule::LengthExceeded), [Object("locations", values::too_long)];
    /// Writes ids in lower case in lists.
    IdsInOtherCase = "D12", Unaffected, [Object("tariffs", values::other_case)];
    /// Sends control characters.
    ControlCharacters = "D12", AsSaidWith(Rule::ControlCharacter), [Object("locations", values::control)];
    /// Writes a country with two letters where three are due.
    ShortCountry = "D13", AsSaidWith(Rule::CountryCode), [Object("locations", values::short_country)];
    /// Sends kilowatts where watts are due.
    KilowattsForWatts = "D14", AsSaid, [Object("locations", values::kilowatts)];
    /// Calls members as another version does.
    OtherVersionNames = "D15", Finding(Rule::OtherVersionName), [Object("locations", values::other_names)];
    /// Sends a member twice.
    DuplicateKeys = "D16", Finding(Rule::JsonDuplicateKey), [Text(values::duplicate)];
    /// Sends an id twice.
    DuplicateIds = "D16", SetApart(Rule::DuplicateSecurity), [Text(values::duplicate_id)];
    /// Begins bodies with a byte order mark.
    ByteOrderMark = "D17", Finding(Rule::JsonBom), [Text(values::bom)];
    /// Writes integers with decimals.
    IntegersWithDecimals = "D17", Finding(Rule::IntForm), [Object("locations", values::integers)];
    /// Writes booleans as texts.
    BooleansAsText = "D17", Finding(Rule::BooleanString), [Object("locations", values::booleans)];
    /// Leaves the time zone of Locations out.
    NoTimeZone = "D18", SetApart(Rule::Missing), [Object("locations", values::no_time_zone)];

    /// Moves an object to the end of the list while it is read.
    ObjectMoves = "E1", AsSaidWith(Rule::PageUnstable), [Request(lists::moved), Answer(lists::moves)];
    /// Names next pages by marks of its own.
    OpaqueCursor = "E3", Unaffected, [Request(lists::from_cursor), Answer(lists::to_cursor)];
    /// Writes typographic quotes into the header Link.
    LinkWithOddQuotes = "E4", Unaffected, [Answer(lists::odd_quotes)];
    /// Sends a header Link that is none.
    LinkUnreadable = "E4", Finding(Rule::PageLinkSyntax), [Answer(lists::unreadable_link)];
    /// Links to a next page on the last one.
    LinkOnLastPage = "E4", Unaffected, [Answer(lists::link_on_last)];
    /// Sends no header Link.
    NoLink = "E5", Finding(Rule::PageLinkMissing), [Answer(lists::no_link)];
    /// Sends no X-Total-Count.
    NoTotal = "E5", Unaffected, [Answer(lists::no_total)];
    /// Says that there is one object.
    TotalTooSmall = "E5", Finding(Rule::PageTotal), [Answer(lists::total_too_small)];
    /// Says that there are a thousand Tariffs.
    TotalTooLarge = "E5", NotComplete(Step::Tariffs, "leaves objects out"), [Answer(lists::total_too_large)];
    /// Sends neither Link nor X-Total-Count.
    NoLinkNoTotal = "E5", Unaffected, [Answer(lists::no_link), Answer(lists::no_total)];
    /// Ignores the limit, and does not say its own.
    LimitIgnored = "E6", Unaffected, [Request(lists::limit_ignored), Answer(lists::no_limit)];
    /// Refuses limits above ten.
    LimitRefused = "E6", Finding(Rule::PageLimitRejected), [Request(lists::limit_refused)];
    /// Ignores the offset: each page is the first.
    OffsetIgnored = "E6", NotComplete(Step::Tariffs, "overlap"), [Request(lists::offset_ignored), Answer(lists::no_link)];
    /// Has parts that are newer than their Location.
    ChildNewer = "E7", AsSaid, [Object("locations", values::child_newer)];
    /// Loses an object while the list is read.
    ObjectVanishes = "E8", Finding(Rule::PageUnstable), [Request(lists::moved), Answer(lists::vanishes)];
    /// Has Locations that are not to be published.
    Unpublished = "E9", Unaffected, [Plan(objects::unpublished)];
    /// Is busy once, and does not say for how long.
    BusyOnce = "E10", Unaffected, [Request(lists::busy_once)];
    /// Is busy for thirty seconds, and says so.
    BusyForSeconds = "E10", Unaffected, [Request(lists::busy_for_seconds)];
    /// Is busy until a time, and says so.
    BusyUntil = "E10", Unaffected, [Request(lists::busy_until)];
    /// Is not available once.
    UnavailableOnce = "E10", Unaffected, [Request(lists::unavailable_once)];
    /// Is always busy.
    BusyForever = "E10", Fails(Step::Sessions, "429"), [Request(lists::busy_forever)];
    /// Has no CDRs to pull, and does not say that it has.
    CdrsNotOffered = "E11", Fails(Step::Cdrs, "does not offer"), [Answer(lists::no_cdrs)];
    /// Has no CDRs to pull, although it says so.
    CdrsNotThere = "E11", Fails(Step::Cdrs, "405"), [Request(lists::cdrs_405)];
    /// Has a clock that is an hour ahead.
    ClockAhead = "E13", Unaffected, [Plan(objects::ahead)];
    /// Has a clock that is an hour behind.
    ClockBehind = "E13", Unaffected, [Plan(objects::behind)];
    /// Has something in a page that is no object.
    BadItem = "E14", NotComplete(Step::Tariffs, "objects without an id"), [Answer(lists::bad_item)];

    /// Does not take PATCH.
    PatchRefused = "F1", Fails(Step::PatchToken, "405"), [Request(pushes::patch_refused)];
    /// Refuses a PATCH without its time.
    PatchWantsTime = "F2", Unaffected, [Request(pushes::patch_wants_time)];
    /// Forgets what was put, and answers success.
    ForgetsPuts = "F4", Stops(Step::PutToken, "404"), [Request(pushes::forgets_puts)];
    /// Loses its answer to the POST of a CDR.
    CdrAnswerLost = "F8", Fails(Step::PostCdr, "the line is dead"), [Line(pushes::cdr_answer_lost)];
    /// Says in the body, not in a header, where a CDR is.
    CdrUrlInBody = "F9", Unaffected, [Answer(pushes::cdr_url_in_body)];
    /// Does not say where a CDR is.
    NoCdrUrl = "F9", Unaffected, [Answer(pushes::no_cdr_url)];
    /// Has credit CDRs whose costs are not negative.
    CreditIsPositive = "F10", AsSaid, [Object("cdrs", values::positive_credit)];
    /// Has CDRs of Locations that it does not have.
    CdrOfUnknownLocation = "F11", AsSaid, [Object("cdrs", values::unknown_location)];
    /// Has Sessions that never begin.
    SessionsStuck = "F12", AsSaid, [Object("sessions", values::stuck)];
    /// Has CDRs with seconds where hours are due.
    SecondsForHours = "F13", AsSaid, [Object("cdrs", values::seconds)];
    /// Sends the result of a command twice.
    ResultTwice = "F14", Unaffected, [Plan(pushes::twice)];
    /// Sends no result of commands.
    ResultNever = "F14", Fails(Step::Command, "no result"), [Plan(pushes::never)];
    /// Sends the result of a command before it answers.
    ResultFirst = "F14", Unaffected, [Plan(pushes::first)];
    /// Sends the result of a command after the time that it said.
    ResultLate = "F14", Fails(Step::Command, "no result"), [Plan(pushes::late)];
    /// Sends the result of a command that nobody sent, beside the right one.
    ResultForged = "F14", Unaffected, [Plan(pushes::forged)];
    /// Does not support commands.
    CommandNotSupported = "F14", Fails(Step::Command, "NOT_SUPPORTED"), [Request(pushes::not_supported)];
    /// Needs five seconds to say whether a Token may charge.
    SlowAuthorization = "F15", Fails(Step::Authorize, "within the deadline"), [Request(pushes::slow_authorization)];
    /// Writes the ids of Tokens in lower case.
    TokenUidsInOtherCase = "F16", Unaffected, [Object("tokens", values::uid_in_other_case)];
    /// Has ids of EVSEs of forty-eight characters.
    LongEvseUids = "F17", AsSaidWith(Rule::LengthExceeded), [Object("locations", values::long_uids)];
    /// Has a Location of somebody else in its list.
    ForeignObject = "F18", Foreign, [Answer(values::foreign)];
    /// Has meter data that was signed, in an encoding nobody knows.
    OddSignedData = "F19", Unaffected, [Plan(objects::signed)];

    /// Speaks 2.1.1, tells versions to both forms of the token, and takes it elsewhere only as it stands.
    RawBehindVersions = "U1", Unaffected, [Plan(credentials::v2_1_1), Request(credentials::raw_on_modules)];
    /// Links to next pages at another host and path, where nothing is.
    LinkDead = "U2", Finding(Rule::PageLinkDead), [Answer(urls::dead_link)];
    /// Accepts commands and does not say how long their results may take.
    AcceptedWithoutTimeout = "U3", Unaffected, [Answer(pushes::without_timeout)];
    /// Refuses lists of Sessions without a date.
    DateFromDemanded = "U4", Unaffected, [Request(lists::date_demanded)];
    /// Answers 200 with 3000 to tokens that it cannot read, and takes them only as they stand.
    UnknownTokenIs3000 = "U5", Unaffected, [Request(credentials::raw_only), Answer(credentials::says_3000)];
    /// Wants null for what is absent in credentials.
    NullsDemanded = "U6", Unaffected, [Request(credentials::nulls_demanded)];
    /// Speaks 2.1.1 and names its module of Tokens twice, first where nothing is.
    ModuleTwice = "U7", Unaffected, [Plan(credentials::v2_1_1), Answer(credentials::module_twice)];
    /// Is a hub: all Locations in its list are of somebody else.
    HubObjects = "U10", Foreign, [Object("locations", values::all_foreign)];
    /// Speaks 2.2.1 and leaves the EVSE of CDRs out.
    PartialInOtherVersion = "U9", SetApart(Rule::Missing), [Plan(credentials::v2_2_1), Object("cdrs", values::no_evse)];
    /// Speaks 2.2, in which Sessions and CDRs do not name the owner of the token.
    OldVersionOnly = "M11", Unaffected, [Plan(credentials::v2_2), Object("sessions", values::no_token_owner),
        Object("cdrs", values::no_token_owner)];
    /// Offers 2.0 only.
    ForgottenVersionOnly = "M11", Stops(Step::Register, "2.0 only"), [Answer(credentials::forgotten_version)];
    /// Cuts the JSON of Tariffs off.
    CutJson = "T8", Fails(Step::Tariffs, "ends too early"), [Text(lists::cut)];
    /// Takes a token after its registration was ended.
    TokenLivesOn = "A5", Fails(Step::OldToken, "still"), [Request(credentials::token_lives_on)];

    /// Takes this long for each answer.
    Slow(Duration, TWO_SECONDS) = "T13", Unaffected, [Delay];
    /// Never answers GET of Tariffs.
    NeverAnswers = "T13", Fails(Step::Tariffs, "within the deadline"), [Request(lists::never)];
    /// Breaks the line once.
    LineBreaksOnce = "T13", Unaffected, [Request(lists::lost_once)];
}
