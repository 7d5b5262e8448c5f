//! Rules of conversions, each with a stable id.

macro_rules! conversion_rules {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal $effect:ident $message:literal from $source:literal,)+) => {
        /// A kind of loss or assumption, with a stable id.
        ///
        /// The id is for filters, counts and configuration; it does not change between releases.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum ConversionRule { $($(#[doc = $doc])+ $name,)+ }

        impl ConversionRule {
            /// All rules.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The stable id: `conv.enum_value`.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)+ }
            }

            /// Returns the effect on the value concerned.
            pub const fn effect(self) -> Effect {
                match self { $(Self::$name => Effect::$effect,)+ }
            }

            /// Meaning of the rule, for people.
            pub const fn message(self) -> &'static str {
                match self { $(Self::$name => $message,)+ }
            }

            /// Where the rule comes from.
            pub const fn source(self) -> &'static str {
                match self { $(Self::$name => $source,)+ }
            }
        }
    };
}

/// Effect of a conversion on a value in a ledger.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Effect {
    /// It is missing from the result, in whole or in part.
    Lost,
    /// It is in the result, but not in the source object.
    Assumed,
    /// It is in the result, though the version does not provide for it.
    Kept,
}

impl Effect {
    /// Returns the word: `lost`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Assumed => "assumed",
            Self::Kept => "kept",
        }
    }
}

conversion_rules! {
    // Values that an older version has no place for.
    /// The version has no such member.
    NoMember = "conv.no_member" Lost "the version has no such member" from "property tables",
    /// The version has no such enum value; the member or element that needs it is left out.
    EnumValue = "conv.enum_value" Lost "the version has no such enum value" from "types §enum_type",
    /// The version has no such enum value; one with nearly the same meaning replaces it.
    EnumReplaced = "conv.enum_replaced" Lost "another enum value of the version stands in its place"
        from "types §enum_type",
    /// A text is longer than the version allows; it is cut.
    Length = "conv.length" Lost "longer than the version allows: it is cut" from "property tables",
    /// An id is longer than the version allows: it cannot be cut.
    IdLength = "conv.id_length" Lost "an id longer than the version allows" from "property tables",
    /// A coordinate has more decimals than the version allows; it is rounded.
    Coordinate = "conv.coordinate" Lost "more decimals than the version allows: it is rounded"
        from "2.1.1 mod_locations §411-geolocation-class",
    /// There are several values, and the version allows only one.
    OnlyOne = "conv.only_one" Lost "the version has room for one: the others are left out"
        from "2.1.1 mod_locations §33-connector-object, version_information_endpoint",
    /// A list that needs an element has none left; the object that contains the list is left out.
    Emptied = "conv.emptied" Lost "nothing is left of a list that needs an element" from "property tables",
    /// A required member is missing: the object cannot be converted without it.
    Incomplete = "conv.incomplete" Lost "a required member is missing" from "property tables",
    /// The owner of the object is not known.
    OwnerUnknown = "conv.owner_unknown" Lost "nobody says whose it is: neither the object nor the context names the owner"
        from "2.2.1 mod_locations §location_object",
    /// The object and the context name different owners.
    OwnerDiffers = "conv.owner_differs" Lost "the object names another owner than the context"
        from "2.2.1 mod_locations §location_object",
    /// The role of the platform is not known.
    RoleUnknown = "conv.role_unknown" Lost "nobody says what the platform does: name its role in the context"
        from "2.2.1 credentials §credentials_role_class",
    /// The context lacks the token of the authorization request.
    TokenUnknown = "conv.token_unknown" Lost "the version repeats the token that was asked about: name it in the context"
        from "2.2.1 mod_tokens §authorizationinfo_object",
    /// The time zone of a Location is unknown, and its country has several or is unknown.
    TimeZoneUnknown = "conv.time_zone_unknown" Lost
        "nobody says in which time zone it is, and its country has not just one: name it in the context"
        from "2.2.1 mod_locations §location_object",
    /// A PATCH removes a value that the version requires.
    Required = "conv.required" Lost "the version requires the member: a PATCH cannot take it away" from "property tables",
    /// An id is `#NA`, which would be taken for a real id.
    Placeholder = "conv.placeholder" Lost "#NA stands in the place of an id: the version would take it for one"
        from "2.2.1 types §string_type",
    /// Not always open: the version expresses this by regular hours.
    NotAlwaysOpen = "conv.not_always_open" Lost "not always open: the version says so by its regular hours only"
        from "2.1.1 mod_locations §413-hours-class",
    /// The owner is not that of the connection, and the version does not name owners.
    Owner = "conv.owner" Lost "the version does not name owners, and it is not that of the connection"
        from "2.1.1 credentials §21-credentials-object",
    /// The version identifies a token only by its contract.
    Token = "conv.token" Lost "the version refers to a token by its contract only"
        from "2.1.1 mod_sessions §31-session-object, mod_cdrs §31-cdr-object",
    /// The version embeds the whole Location, but no Location was found for the ids.
    LocationUnknown = "conv.location_unknown" Lost
        "the version embeds the location, and there is none to be found for these ids"
        from "2.1.1 mod_sessions §31-session-object",
    /// The id of a reservation is not a number.
    ReservationId = "conv.reservation_id" Lost "the version has numbers for ids of reservations"
        from "2.1.1 mod_commands §32-reservenow-object",
    /// The version lacks a condition of the tariff: its prices would also apply where they should not.
    Restriction = "conv.restriction" Lost "the version has no such condition: its prices would hold too often"
        from "mod_tariffs §tariffrestrictions_class",
    /// The version cannot express a minimum or maximum price: sessions would cost less, or more.
    PriceLimit = "conv.price_limit" Lost
        "a least or most price that the version cannot say: sessions would cost less, or more"
        from "2.2.1 mod_tariffs §tariff_object",
    /// A tariff whose price cannot be computed.
    NotPriceable = "conv.not_priceable" Lost "no price can be computed of the tariff"
        from "mod_tariffs §tariffrestrictions_class",
    /// A tariff whose price cannot be computed: it is carried along, and is not priceable in the other version either.
    NotPriceableKept = "conv.not_priceable_kept" Kept
        "no price can be computed of the tariff: it is carried along as it is"
        from "mod_tariffs §tariffrestrictions_class",
    /// A member occurs twice with different values. The other value is in the result.
    Duplicate = "conv.duplicate" Lost "the member stands twice with different values, and the first one is taken"
        from "RFC 8259 §4",
    /// A tariff with limited validity, which the version cannot express: it is taken as valid at once.
    Validity = "conv.validity" Lost "the version cannot say when a tariff is valid: it will be taken as valid now"
        from "2.2.1 mod_tariffs §tariff_object",
    /// A credit CDR would be read as a bill.
    Credit = "conv.credit" Lost "the version has no credit CDRs: it would be read as a bill"
        from "2.2.1 mod_cdrs §credit_cdrs",
    /// Text of a member that could not be read; the version has no member of this name.
    Unreadable = "conv.unreadable" Lost "it could not be read, and the version has no member of its name"
        from "field practice: values of another type",
    /// Unreadable part of a member. The rest of the member is in the result.
    PartUnreadable = "conv.part_unreadable" Lost "a part of it could not be read, and is left out"
        from "field practice: values of another type",
    /// An unknown member has the name of a member of the version that has another value.
    NameTaken = "conv.name_taken" Lost "an unknown member, and the version has another value under this name"
        from "property tables",
    /// A value carried along from the older version that has since been replaced.
    Outdated = "conv.outdated" Lost "carried along from the older version, and replaced since" from "property tables",
    /// The version has no such object.
    NoObject = "conv.no_object" Lost "the version has no such object" from "property tables",
    /// A Location that is not public: the version cannot say so.
    Unpublished = "conv.unpublished" Lost "not to be published, and the version cannot say so"
        from "2.2.1 mod_locations §location_object",
    /// A connection in this version has one party, and it is not clear which one.
    Party = "conv.party" Lost "the version has room for one party: say by the context which"
        from "2.1.1 credentials §21-credentials-object",
    /// The version number was replaced by that of the target version.
    VersionNumber = "conv.version_number" Lost "the details have the number of the version that is converted to"
        from "version_information_endpoint",

    // Money.
    /// Several taxes were merged, or the name or rate of a tax was lost.
    TaxesMerged = "conv.taxes_merged" Lost "the version has one amount with VAT, without names and rates of taxes"
        from "2.2.1 types §price_class",
    /// Amounts whose sum cannot be computed.
    Amount = "conv.amount" Lost "the amounts have too many digits to be reckoned with" from "limits of this library",
    /// Prices including tax were converted to prices without it, by their VAT.
    TaxTakenOut = "conv.tax_taken_out" Lost "prices with tax: they became prices without it, by their VAT"
        from "2.3.0 mod_tariffs §taxincluded_enum",
    /// A price including tax was converted to one without, and rounded.
    PriceRounded = "conv.price_rounded" Lost "a price with tax: the price without it is rounded to four decimals"
        from "2.3.0 mod_tariffs §taxincluded_enum",
    /// A price including tax, with an unknown rate.
    GrossPrice = "conv.gross_price" Lost "a price with tax, of which no rate is known: there is no price without it"
        from "2.3.0 mod_tariffs §taxincluded_enum",
    /// It is not known whether prices include tax.
    TaxReading = "conv.tax_reading" Lost "it is not known whether the prices include tax"
        from "2.3.0 mod_tariffs §taxincluded_enum",
    /// The version cannot say that no tax applies.
    NoTax = "conv.no_tax" Lost "the version cannot say that no tax applies" from "2.3.0 mod_tariffs §taxincluded_enum",
    /// An amount of VAT became a single named tax.
    TaxNamed = "conv.tax_named" Assumed "the difference of the amounts is a tax called VAT" from "2.3.0 types §price_class",
    /// A VAT rate, or its absence, was assumed.
    Vat = "conv.vat" Assumed "the rate of VAT, of which the older version says nothing"
        from "2.2.1 mod_tariffs §pricecomponent_class",

    // Values that a newer version asks for and an older one lacks, or the other way round.
    /// The owner was taken from the connection.
    OwnerAssumed = "conv.owner_assumed" Assumed "the owner, as the context names it"
        from "2.2.1 mod_locations §location_object",
    /// The role was taken from the connection.
    RoleAssumed = "conv.role_assumed" Assumed "the role, as the context names it"
        from "2.2.1 credentials §credentials_role_class",
    /// A Location was assumed to be public.
    PublishAssumed = "conv.publish_assumed" Assumed "the location is taken as public"
        from "2.2.1 mod_locations §location_object",
    /// The time zone was taken from the context or the country.
    TimeZoneAssumed = "conv.time_zone_assumed" Assumed "the time zone, as the context names it, or the only one of the country"
        from "2.2.1 mod_locations §location_object",
    /// The type of a Location is unknown.
    LocationTypeAssumed = "conv.location_type_assumed" Assumed "what kind of place it is"
        from "2.1.1 mod_locations §416-locationtype-enum",
    /// Not always open: the older version does not say.
    HoursAssumed = "conv.hours_assumed" Assumed "not always open: the older version does not say that it is"
        from "2.2.1 mod_locations §hours_class",
    /// An empty postal code, for an address without one.
    PostalCodeAssumed = "conv.postal_code_assumed" Assumed "an empty postal code" from "2.1.1 mod_locations §31-location-object",
    /// The token was looked up by its contract, or only its contract is known.
    TokenAssumed = "conv.token_assumed" Assumed "the token of the contract, or that only its contract is known"
        from "2.2.1 mod_cdrs §cdr_token_object",
    /// No EVSE or Connector is known: `#NA`.
    NotAvailable = "conv.not_available" Assumed "#NA: the older version does not say" from "2.2.1 mod_sessions §session_object",
    /// The first of several embedded EVSEs or Connectors was assumed to be the one used.
    FirstAssumed = "conv.first_assumed" Assumed "the first of several, of which only the one in use should be there"
        from "2.1.1 mod_sessions §31-session-object",
    /// The Location was looked up by its ids.
    LocationAssumed = "conv.location_assumed" Assumed "the location, as it was found by its ids"
        from "2.1.1 mod_sessions §31-session-object",
    /// Details of a Connector that a CDR does not contain.
    ConnectorAssumed = "conv.connector_assumed" Assumed "what a CDR does not say of the EVSE and its connector"
        from "2.1.1 mod_locations §33-connector-object",
    /// Time limit of a command.
    TimeoutAssumed = "conv.timeout_assumed" Assumed "the time limit, as the context names it"
        from "2.2.1 mod_commands §commandresponse_object",
    /// The hub of a platform was assumed to be one of its parties.
    HubAssumed = "conv.hub_assumed" Assumed "the role by which the versions name a hub"
        from "2.3.0 credentials §credentials_object",

    // Values that are carried along although the version has no place for them.
    /// An enum value that the newer version no longer has.
    EnumKept = "conv.enum_kept" Kept "the version does not have this enum value any more" from "types §enum_type",
    /// A text that is too long for the newer version, or has characters that it does not allow.
    TextKept = "conv.text_kept" Kept "not a text that the version allows here" from "property tables",
    /// A member of the older version, kept among the unknown members.
    MemberKept = "conv.member_kept" Kept "carried along among the unknown members" from "property tables",
    /// An unknown member has the name of a member of the version.
    NameKept = "conv.name_kept" Kept "an unknown member, and the version has a member of this name"
        from "property tables",
}
