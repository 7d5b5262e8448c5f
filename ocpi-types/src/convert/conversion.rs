//! A conversion under way: its two versions, its context, and its ledger.

use std::borrow::Cow;
use std::fmt;

use ecow::EcoString;

use super::ledger::prefix;
use super::{Context, ConversionRule, Ledger};
use crate::json::RawJson;
use crate::pointer::shown;
use crate::protocol::Party;
use crate::{EnumInfo, Extra, Field, Finding, Object, Value, Version, Versions};

/// A conversion under way. Values meet it in [`Value::downgrade`].
///
/// It knows no place: each entry and each failure gets the names of the values around it on the way up, so nothing is
/// spent on places where nothing is lost.
#[derive(Debug)]
pub struct Conversion<'a> {
    context: &'a Context<'a>,
    ledger: &'a mut Ledger,
    from: Version,
    to: Version,
    /// The owner of the object in which others stand that may not name theirs.
    pub(super) holder: Option<Party>,
}

/// Reason for which a value has no counterpart in the version: the place, from the value on, and the rule.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Unsupported {
    pointer: EcoString,
    rule: ConversionRule,
    /// Cause, where the rule has several; else empty.
    detail: Cow<'static, str>,
}

/// Refusal of an object that cannot be expressed in the version: the place and the rule.
///
/// ```
/// use ocpi_types::convert::{Context, ConversionRule, Ledger, V2_1_1, V2_2_1, convert, kind};
/// use ocpi_types::{json, v2_2_1::locations::Connector};
/// let connector: Connector = json::from_str(r#"{"id":"1","standard":"CHAOJI","format":"CABLE","power_type":"DC",
///     "max_voltage":920,"max_amperage":500,"last_updated":"2026-01-01T00:00:00Z"}"#)?;
/// let refused =
///     convert::<kind::Connector, V2_2_1, V2_1_1>(connector, &Context::default(), &mut Ledger::new()).unwrap_err();
/// assert_eq!((refused.pointer(), refused.rule()), ("/standard", ConversionRule::EnumValue));
/// # Ok::<(), json::Error>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ConversionError {
    unsupported: Unsupported,
    from: Version,
    to: Version,
}

impl ConversionError {
    /// Place of the value in the object that was converted, as a JSON pointer (RFC 6901).
    pub fn pointer(&self) -> &str {
        &self.unsupported.pointer
    }

    /// Rule by which the object is refused.
    pub fn rule(&self) -> ConversionRule {
        self.unsupported.rule
    }

    /// The cause, where the rule has several; else empty.
    pub fn detail(&self) -> &str {
        &self.unsupported.detail
    }

    /// The version that was converted from, in the step that failed.
    pub fn from(&self) -> Version {
        self.from
    }

    /// The version that was converted to, in the step that failed.
    pub fn to(&self) -> Version {
        self.to
    }
}

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (pointer, rule) = (shown(&self.unsupported.pointer), self.unsupported.rule);
        let at = if pointer.is_empty() { String::new() } else { format!(" at {pointer}") };
        let detail = if self.detail().is_empty() { String::new() } else { format!(": {}", self.detail()) };
        write!(f, "cannot be expressed in {}{at}: {}{detail} [{}]", self.to, rule.message(), rule.id())
    }
}

impl std::error::Error for ConversionError {}

impl Unsupported {
    /// The value itself does not fit.
    #[cold]
    pub fn new(rule: ConversionRule) -> Self {
        Self { pointer: EcoString::new(), rule, detail: Cow::Borrowed("") }
    }

    /// Unsupported of the value that a finding is about.
    #[cold]
    pub(super) fn found(finding: Finding, rule: ConversionRule) -> Self {
        Self { pointer: finding.pointer.into(), rule, detail: finding.message }
    }

    /// A member of the value does not fit.
    #[cold]
    pub fn at(name: &str, rule: ConversionRule) -> Self {
        Self::new(rule).within(name)
    }

    /// A required member of the value is missing.
    #[doc(hidden)]
    #[cold]
    pub fn incomplete(name: &str) -> Self {
        Self::at(name, ConversionRule::Incomplete)
    }

    /// The rule.
    pub fn rule(&self) -> ConversionRule {
        self.rule
    }

    /// The unsupported of a value that stands under a name or index.
    #[cold]
    #[must_use]
    pub fn within(mut self, segment: &str) -> Self {
        prefix(&mut self.pointer, segment);
        self
    }
}

impl<'a> Conversion<'a> {
    pub(super) fn new(context: &'a Context<'a>, ledger: &'a mut Ledger, from: Version, to: Version) -> Self {
        Self { context, ledger, from, to, holder: None }
    }

    /// The version that is converted from.
    pub fn from(&self) -> Version {
        self.from
    }

    /// The version that is converted to.
    pub fn to(&self) -> Version {
        self.to
    }

    /// Whether it is to a newer version.
    pub fn is_upward(&self) -> bool {
        self.from < self.to
    }

    pub(super) fn context(&self) -> &'a Context<'a> {
        self.context
    }

    /// Notes that something was lost, assumed or kept: at a member, or with an empty name at the value itself.
    #[cold]
    pub fn note<T: Value>(&mut self, rule: ConversionRule, name: &str, value: &T) {
        self.ledger.push(rule, (self.from, self.to), name, value);
    }

    /// Notes the same at an element of a member, or at a member of it.
    #[cold]
    pub(super) fn note_at<T: Value>(&mut self, rule: ConversionRule, [outer, name]: [&str; 2], value: &T) {
        let first = self.ledger.len();
        self.note(rule, name, value);
        self.ledger.name(first, outer);
    }

    /// Notes that an element is taken out of its list.
    #[cold]
    pub(crate) fn note_element<T: Value>(&mut self, rule: ConversionRule, index: usize, value: &T) {
        self.ledger.push_element(rule, (self.from, self.to), index, value);
    }

    /// Fits a value and then runs `act` on it. The pointers of all entries lead through the value as it was before.
    pub(super) fn downgraded<T: Value, R>(
        &mut self,
        mut value: T,
        act: impl FnOnce(T, &mut Self) -> Result<R, Unsupported>,
    ) -> Result<R, Unsupported> {
        let first = self.told();
        value.downgrade(self)?;
        self.after(first, |run| act(value, run))
    }

    /// Number of entries in the ledger.
    pub(super) fn told(&self) -> usize {
        self.ledger.len()
    }

    /// Takes entries back, from `first` on.
    pub(super) fn forget(&mut self, first: usize) {
        self.ledger.truncate(first);
    }

    /// Runs `act` for a value that lost elements, as the entries from `first` on tell. The pointers of all entries lead
    /// through the value as it was before.
    pub(super) fn after<R>(
        &mut self,
        first: usize,
        act: impl FnOnce(&mut Self) -> Result<R, Unsupported>,
    ) -> Result<R, Unsupported> {
        let later = self.told();
        let result = act(self);
        if later > first {
            self.ledger.count_elements(first, later);
            return result.map_err(|unsupported| Unsupported {
                pointer: self.ledger.counted(first..later, &unsupported.pointer),
                ..unsupported
            });
        }
        result
    }

    /// Notes that a member is lost because the version does not have it, if it has a value.
    #[inline]
    pub(super) fn lose<T: Value>(&mut self, name: &'static str, value: &T) {
        if !value.is_absent() {
            self.note(ConversionRule::NoMember, name, value);
        }
    }

    /// Notes that unknown members are lost with the object that holds them.
    #[inline]
    pub(super) fn lose_extra(&mut self, extra: &Extra) {
        for (name, raw) in extra.iter() {
            self.note(ConversionRule::NoMember, name, &RawJson::walked(raw));
        }
    }

    /// Keeps a member among the unknown ones, under its name ([`kept_name`]).
    #[cold]
    pub(super) fn keep_member<T: Value>(&mut self, name: &'static str, value: &T, extra: &mut Extra) {
        let raw = RawJson::walked(&crate::json::to_string(value));
        self.note(ConversionRule::MemberKept, name, &raw);
        extra.insert(kept_name(name), raw);
    }

    /// Notes the texts of an object that are not written: second values of members that stand twice, and texts of
    /// members that were read in part. `has` says whether a member has a value. Returns the names of the members that
    /// stand twice, which need not be told again.
    #[doc(hidden)]
    #[inline]
    pub fn unwritten(&mut self, extra: &Extra, has: impl Fn(&str) -> bool) -> Vec<Box<str>> {
        if extra.is_untouched() { Vec::new() } else { self.odd_texts(extra, &has) }
    }

    #[cold]
    fn odd_texts(&mut self, extra: &Extra, has: &dyn Fn(&str) -> bool) -> Vec<Box<str>> {
        for (name, raw) in extra.iter().filter(|(name, _)| has(name)) {
            self.note(ConversionRule::PartUnreadable, name, &RawJson::walked(raw));
        }
        let mut names: Vec<Box<str>> = Vec::new();
        for (name, raw) in extra.repeated() {
            self.note(ConversionRule::Duplicate, name, &RawJson::walked(raw));
            names.push(name.into());
        }
        names
    }

    /// Drops the texts of members that could not be read, if the version has no members of their names: they would be
    /// read as something else there.
    #[inline]
    pub(super) fn lose_unreadable<Old: Object, New: Object>(&mut self, extra: &mut Extra) {
        if !extra.is_empty() {
            self.lose_unreadable_members(extra, Old::INFO.fields, New::INFO.fields);
        }
    }

    #[cold]
    fn lose_unreadable_members(&mut self, extra: &mut Extra, old: &[Field], new: &[Field]) {
        let has = |fields: &[Field], name: &str| fields.iter().any(|field| field.name == name);
        let names: Vec<String> = extra.iter().map(|(name, _)| name.to_owned()).collect();
        for name in names.iter().filter(|name| has(old, name) && !has(new, name)) {
            if let Some(raw) = extra.get(name).map(RawJson::walked) {
                self.note(ConversionRule::Unreadable, name, &raw);
                extra.remove(name);
            }
        }
    }

    /// Drops a member of the older version that was carried along, because another value has taken its place.
    pub(super) fn outdate(&mut self, name: &'static str, extra: &mut Extra) {
        if let Some(raw) = extra.get(kept_name(name)).map(RawJson::walked) {
            self.note(ConversionRule::Outdated, name, &raw);
            extra.remove(kept_name(name));
        }
    }

    /// A conversion of something else in the course of this one, which is not told.
    pub(super) fn aside<R>(
        &self,
        act: impl FnOnce(&mut Conversion<'_>) -> Result<R, Unsupported>,
    ) -> Result<R, Unsupported> {
        act(&mut Conversion::new(self.context, &mut Ledger::new(), self.from, self.to))
    }

    /// The same for a conversion in the other direction.
    pub(super) fn back<R>(
        &self,
        act: impl FnOnce(&mut Conversion<'_>) -> Result<R, Unsupported>,
    ) -> Result<R, Unsupported> {
        act(&mut Conversion::new(self.context, &mut Ledger::new(), self.to, self.from))
    }

    /// Runs `act` for a member: its entries and its failure get the member's name.
    #[inline]
    pub fn member<R>(
        &mut self,
        name: &'static str,
        act: impl FnOnce(&mut Self) -> Result<R, Unsupported>,
    ) -> Result<R, Unsupported> {
        let first = self.ledger.len();
        let result = act(self);
        if self.ledger.len() > first {
            self.ledger.name(first, name);
        }
        result.map_err(|unsupported| unsupported.within(name))
    }

    /// Runs `act` for an element of a list: its entries and its failure get the index.
    #[inline]
    pub fn element<R>(
        &mut self,
        index: usize,
        act: impl FnOnce(&mut Self) -> Result<R, Unsupported>,
    ) -> Result<R, Unsupported> {
        let first = self.ledger.len();
        let result = act(self);
        if self.ledger.len() > first {
            self.ledger.name(first, &index.to_string());
        }
        result.map_err(|unsupported| unsupported.within(&index.to_string()))
    }

    /// Ends the conversion: for an object that cannot be expressed, its entries are taken back.
    pub(super) fn outcome<R>(
        self,
        noted: usize,
        result: Result<R, Unsupported>,
    ) -> Result<R, ConversionError> {
        let Self { ledger, from, to, .. } = self;
        ledger.tell_parts_once(noted);
        result.map_err(|unsupported| {
            ledger.truncate(noted);
            ConversionError { unsupported, from, to }
        })
    }

    /// Fits an enum value: one that the version before has and this one has not. `known` are the versions that have it.
    ///
    /// # Errors
    /// When the value has no stand-in.
    #[doc(hidden)]
    #[inline]
    pub fn enum_value<T: Value + for<'t> From<&'t str>>(
        &mut self,
        value: &mut T,
        info: &'static EnumInfo,
        known: Option<Versions>,
    ) -> Result<(), Unsupported> {
        let is_known =
            |documents| known.is_some_and(|versions| versions.meets(documents)) || info.open.meets(documents);
        // A value that the version it comes from does not know either is none of a conversion's business.
        if is_known(documents(self.to)) || !is_known(documents(self.from)) {
            return Ok(());
        }
        self.odd_enum_value(value, info)
    }

    #[cold]
    fn odd_enum_value<T: Value + for<'t> From<&'t str>>(
        &mut self,
        value: &mut T,
        info: &'static EnumInfo,
    ) -> Result<(), Unsupported> {
        if self.is_upward() {
            self.note(ConversionRule::EnumKept, "", value);
            return Ok(());
        }
        let text = crate::json::to_string(value);
        let stands_in =
            |(name, gone, _): &&(&str, &str, &str)| *name == info.name && *gone == text.trim_matches('"');
        let (.., known) =
            REPLACEMENTS.iter().find(stands_in).ok_or(Unsupported::new(ConversionRule::EnumValue))?;
        self.note(ConversionRule::EnumReplaced, "", value);
        *value = T::from(known);
        Ok(())
    }

    /// Notes unknown members that have the name of one that the version has, and the version before had not. Those that
    /// are `written` in their place are gone.
    #[inline]
    pub(super) fn carried<Old: Object, New: Object>(
        &mut self,
        extra: &mut Extra,
        written: impl Fn(&str) -> bool,
    ) {
        if !extra.is_empty() {
            self.odd_names(extra, Old::INFO.fields, New::INFO.fields, &written);
        }
    }

    #[cold]
    fn odd_names(&mut self, extra: &mut Extra, old: &[Field], new: &[Field], written: &dyn Fn(&str) -> bool) {
        let has = |fields: &[Field], name: &str| fields.iter().any(|field| field.name == name);
        let names: Vec<String> = extra.iter().map(|(name, _)| name.to_owned()).collect();
        for name in names.iter().filter(|name| has(new, name) && !has(old, name)) {
            let Some(raw) = extra.get(name).map(RawJson::walked) else { continue };
            if written(name) {
                self.note(ConversionRule::NameTaken, name, &raw);
                extra.remove(name);
            } else {
                self.note(ConversionRule::NameKept, name, &raw);
            }
        }
    }
}

/// Whether a member is there, read or not: one that could not be read stands as text among the unknown members.
pub(super) fn is_there<T>(name: &str, value: &Option<T>, extra: &Extra) -> bool {
    value.is_some() || extra.get(name).is_some()
}

/// The name under which a member is kept among the unknown ones: its own, but for one that the reader would take for
/// `parking_type` when the object is written and read again.
pub(super) fn kept_name(name: &'static str) -> &'static str {
    if name == "type" { "location_type" } else { name }
}

/// A version with its branches: an object of 2.3.0 may come from a platform that speaks them.
const fn documents(version: Version) -> Versions {
    match version {
        Version::V2_3_0 => Versions::V2_3_0_UP,
        other => Versions::of(other),
    }
}

/// Values that nearly mean another, which the version has.
const REPLACEMENTS: &[(&str, &str, &str)] = &[
    ("TokenType", "EMAID", "OTHER"),
    ("TokenType", "APP_USER", "OTHER"),
    ("TokenType", "AD_HOC_USER", "OTHER"),
    // Made by a reservation: not active yet either.
    ("SessionStatus", "RESERVATION", "PENDING"),
    // The eMSP that sent the command has authorised the driver.
    ("AuthMethod", "COMMAND", "AUTH_REQUEST"),
    ("Role", "PTP", "OTHER"),
];
