//! Frames around the objects of a document: OCPI's envelope, or another wrapper.
//!
//! Decides, for all ways of reading a document, whether an object is of the requested type or a frame around such
//! objects. Only distinctive members identify a type: `name`, `status` and `message` also occur in errors and frames.

use std::sync::Arc;

use super::Stop;
use super::aliases::{NamedMember, Naming, is_same_name, known_name};
use super::reader::Reader;
use crate::{Cardinality, ObjectInfo, Text, Type, Value};

/// The types that the objects of a document may have. Empty: unknown.
///
/// ```
/// use ocpi_types::json::{Candidates, Items};
/// use ocpi_types::json::RawJson;
/// use ocpi_types::v2_2_1::locations::Location;
/// let feed: &[u8] = br#"{"next": null, "items": [{"id": "L1", "evses": []}, {"id": "L2", "evses": []}]}"#;
/// let mut items = Items::<_, RawJson>::new(feed).among(Candidates::of::<Location>());
/// assert_eq!(items.by_ref().count(), 2);
/// assert_eq!(items.head().findings[0].to_string(), "/items: the objects stand in a frame that is not OCPI's [env.frame]");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    types: Arc<[&'static ObjectInfo]>,
    /// Others that are known, and not asked for.
    others: Arc<[&'static ObjectInfo]>,
    /// Whether any member may stand alone, as in the body of a PATCH.
    changes: bool,
    /// Whether lists of several of the types may stand beside each other.
    several: bool,
    /// Whether pages may stand one after another.
    pages: bool,
}

impl Candidates {
    /// Accepts one type.
    pub fn of<T: Value>() -> Self {
        match T::TYPE {
            Type::Object(info) if !T::IS_LIST => Self::among([info()]),
            _ => Self::default(),
        }
    }

    /// Accepts several types.
    pub fn among(types: impl IntoIterator<Item = &'static ObjectInfo>) -> Self {
        Self { types: types.into_iter().collect(), ..Self::default() }
    }

    /// Adds types that are not requested: a single object of such a type is returned, so that its type can be reported,
    /// instead of being taken for a frame.
    #[must_use]
    pub fn beside(self, others: impl IntoIterator<Item = &'static ObjectInfo>) -> Self {
        Self { others: others.into_iter().collect(), ..self }
    }

    /// Whether an object with these members is one of the types.
    ///
    /// ```
    /// use ocpi_types::json::Candidates;
    /// use ocpi_types::v2_2_1::locations::Location;
    /// let locations = Candidates::of::<Location>();
    /// assert!(locations.match_members(["id", "city"]));
    /// assert!(!locations.match_members(["name", "message", "status"]));
    /// ```
    pub fn match_members<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> bool {
        self.is_one(&names.into_iter().map(str::to_owned).collect::<Vec<_>>())
    }

    /// Accepts changes of such objects: any member may occur alone, as in the body of a PATCH.
    #[must_use]
    pub fn changes(self) -> Self {
        Self { changes: true, ..self }
    }

    /// Reads all lists of a document that has one list for each of several types, one after another.
    ///
    /// ```
    /// use ocpi_types::json::{Candidates, Items, RawJson};
    /// use ocpi_types::v2_2_1::{locations::Location, tokens::Token};
    /// use ocpi_types::Object;
    /// let both = Candidates::among([Location::INFO, Token::INFO]).several();
    /// let dump: &[u8] = br#"{"locations": [{"id": "L1", "city": "Ede"}], "tokens": [{"uid": "1", "whitelist": "NEVER"}]}"#;
    /// assert_eq!(Items::<_, RawJson>::new(dump).among(both).count(), 2);
    /// ```
    #[must_use]
    pub fn several(self) -> Self {
        Self { several: true, ..self }
    }

    /// Accepts several pages of such objects one after another, as in a file with one page per line.
    ///
    /// ```
    /// use ocpi_types::json::{Candidates, Items, RawJson};
    /// use ocpi_types::v2_2_1::locations::Location;
    /// let pages = Candidates::of::<Location>().pages();
    /// let log: &[u8] = br#"{"data": [{"id": "L1", "city": "Ede"}]}
    ///     {"data": []} {"data": [{"id": "L2", "city": "Ede"}, {"id": "L3", "city": "Ede"}]}"#;
    /// assert_eq!(Items::<_, RawJson>::new(log).among(pages).count(), 3);
    /// ```
    #[must_use]
    pub fn pages(self) -> Self {
        Self { pages: true, ..self }
    }

    pub(super) fn have_pages(&self) -> bool {
        self.pages && self.is_known()
    }

    /// Whether an object with these members is clearly of a type that is not requested: it has members that only such
    /// types have, and is not of a requested type.
    ///
    /// ```
    /// use ocpi_types::json::Candidates;
    /// use ocpi_types::v2_2_1::{locations::Location, tokens::Token};
    /// use ocpi_types::Object;
    /// let locations = Candidates::of::<Location>().beside([Token::INFO]);
    /// assert!(locations.match_others(["uid", "whitelist"]));
    /// assert!(!locations.match_others(["uid", "whitelist", "city"]));
    /// ```
    pub fn match_others<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> bool {
        let names: Vec<_> = names.into_iter().map(str::to_owned).collect();
        !self.is_one(&names) && self.others.iter().any(|info| is_told(info, &names))
    }

    pub(super) fn is_known(&self) -> bool {
        !self.types.is_empty()
    }

    /// Whether the next object stands around such objects, rather than being one. The reader is a copy to look ahead
    /// with.
    pub(super) fn is_around(&self, r: &mut Reader<'_>) -> Result<bool, Stop> {
        if !self.is_known() {
            return is_envelope_of_any(r);
        }
        let mut names = Vec::new();
        let mut has_status = false;
        // Fit of the best list of objects in it.
        let mut list: Option<i64> = None;
        let mut more = r.open_object()?;
        while more {
            let name = r.key_text()?.into_owned();
            if is_same_name("status_code", &name) {
                has_status = true;
            } else {
                let is_member = self.types.iter().any(|info| known_name(info, &name).is_some());
                let is_data = is_same_name("data", &name) && !is_member;
                if r.peek() == Some(b'[') {
                    if is_data && !self.is_one(&names) {
                        return Ok(true);
                    }
                    let as_member = self.member_fit(&name, r);
                    match self.list_fit(&name, r)? {
                        Some(fit) if Some(fit) > as_member => {
                            if !self.is_one(&names) {
                                return Ok(true);
                            }
                            list = list.max(Some(fit));
                        }
                        // Both a member of one type and a list of another: it tells nothing.
                        Some(fit) if Some(fit) == as_member => {
                            r.skip_value()?;
                            more = r.next_member()?;
                            continue;
                        }
                        _ => {}
                    }
                } else if is_data && has_status {
                    return Ok(true);
                }
                // A member that holds no object is another's by this name.
                names.push(if self.may_hold(&name, r) { name } else { String::new() });
            }
            r.skip_value()?;
            more = r.next_member()?;
        }
        let is_other = || self.others.iter().any(|info| self.is_of(info, &names) && fit(info, &names) >= 0);
        if !self.is_one(&names) {
            return Ok(!is_other());
        }
        Ok(list.is_some_and(|list| list > self.fit(&names)))
    }

    /// Whether an object with these members is one of them.
    fn is_one(&self, names: &[String]) -> bool {
        self.types.iter().any(|info| self.is_of(info, names))
    }

    fn is_of(&self, info: &ObjectInfo, names: &[String]) -> bool {
        let members = || names.iter().filter_map(|name| known_name(info, name));
        if self.changes {
            return members().next().is_some();
        }
        // Errors and frames share a few names with many types, but never so many with one, owner and time stamp aside.
        let has_most = || members().count() >= 6 && 2 * members().count() > names.len();
        let may_be = || has_most() || self.has_all_required(info, names);
        is_told(info, names) || may_be() && !self.is_told_as_other(info, names)
    }

    /// Whether members that only another type has tell that an object is one of that type.
    fn is_told_as_other(&self, info: &ObjectInfo, names: &[String]) -> bool {
        let others = self.types.iter().chain(&*self.others).filter(|other| other.name != info.name);
        others.into_iter().any(|other| is_told(other, names))
    }

    /// Whether the next value may be the member of this name: a member that holds no object is never one.
    fn may_hold(&self, name: &str, r: &Reader<'_>) -> bool {
        if r.peek() != Some(b'{') {
            return true;
        }
        let known = self.types.iter().chain(&*self.others).filter_map(|info| {
            let member = known_name(info, name)?;
            info.fields.get(member.place)
        });
        let mut known = known.peekable();
        known.peek().is_none() || known.any(|field| matches!(field.ty, Type::Object(_) | Type::Any))
    }

    /// The type of the objects of the next list, if lists of several types may stand beside each other.
    pub(super) fn type_of_list(&self, r: &Reader<'_>) -> Result<Option<&'static str>, Stop> {
        if !self.several {
            return Ok(None);
        }
        let first = first_objects(r)?;
        let Some(names) = first.first() else { return Ok(None) };
        let found = self.types.iter().filter(|info| self.is_of(info, names));
        Ok(found.max_by_key(|info| fit(info, names)).map(|info| info.name))
    }

    /// Whether an object has all that a type requires; a single member is enough only where the type was asked for.
    fn has_all_required(&self, info: &ObjectInfo, names: &[String]) -> bool {
        let mut required = info.fields.iter().filter(|field| matches!(field.card, Cardinality::One));
        let least = if self.types.iter().all(|other| other.name == info.name) { 1 } else { 2 };
        required.clone().count() >= least
            && required.all(|field| {
                names.iter().any(|name| known_name(info, name).is_some_and(|it| it.name == field.name))
            })
    }

    /// Fit of an object with these members to the best of the types: members that it has, less those that it lacks and
    /// those that it has too many.
    fn fit(&self, names: &[String]) -> i64 {
        self.types.iter().map(|info| fit(info, names)).max().unwrap_or_default()
    }

    /// Fit of the objects of the next list; `None` if it holds none that look like one of the types.
    fn list_fit(&self, name: &str, r: &Reader<'_>) -> Result<Option<i64>, Stop> {
        let first = first_objects(r)?;
        let is_named = self.is_name_of_list(name);
        let is_any = |names: &[String]| {
            self.types.iter().any(|info| names.iter().any(|name| known_name(info, name).is_some()))
        };
        // By another name it must be plain that these are they: other objects share some of their members.
        let is_one = |names: &[String]| self.is_one(names) && self.fit(names) >= 0;
        let fitting = first.iter().filter(|names| is_one(names) || is_named && is_any(names));
        Ok(fitting.map(|names| self.fit(names)).max())
    }

    /// Fit of the objects of the next list as the values of a member of this name.
    fn member_fit(&self, name: &str, r: &Reader<'_>) -> Option<i64> {
        let first = first_objects(r).ok()?;
        let types = self.types.iter().chain(&*self.others).filter_map(|info| {
            let member = known_name(info, name)?;
            match info.fields.get(member.place)?.ty {
                Type::Object(info) => Some(info()),
                _ => None,
            }
        });
        types.filter_map(|info| first.iter().map(|names| fit(info, names)).max()).max()
    }

    /// Whether the next list may be the one that is asked for.
    pub(super) fn is_list(&self, name: &str, r: &Reader<'_>) -> Result<bool, Stop> {
        Ok(self.list_fit(name, r)?.is_some())
    }

    /// Whether a list, or an object, of this name holds the objects that are asked for, if it holds anything.
    pub(super) fn is_name_of_list(&self, name: &str) -> bool {
        const NAMES: &[&str] = &[
            "data",
            "items",
            "content",
            "contents",
            "results",
            "result",
            "records",
            "rows",
            "values",
            "value",
            "list",
            "entries",
            "objects",
            "elements",
            "payload",
            "response",
            "body",
            "docs",
            "hits",
            "entities",
            "collection",
        ];
        NAMES.iter().any(|known| is_same_name(known, name)) || self.is_name_of_type(name)
    }

    fn is_name_of_type(&self, name: &str) -> bool {
        self.types.iter().any(|info| {
            let (plural, plain) = (format!("{}s", info.name), info.name);
            is_same_name(&plural, name) || is_same_name(plain, name)
        })
    }
}

/// Members that stand in frames, in errors and in many types.
fn is_telling(name: &str) -> bool {
    const EVERYWHERE: &[&str] = &[
        // In frames and errors.
        "id",
        "name",
        "type",
        "status",
        "message",
        "description",
        "url",
        "version",
        "code",
        "title",
        "text",
        "timestamp",
        "data",
        "reason",
        "period",
        "value",
        "category",
        // In several objects that stand alone.
        "uid",
        "last_updated",
        "country_code",
        "party_id",
        "currency",
        "start_date_time",
        "end_date_time",
        "start_datetime",
        "end_datetime",
        "auth_id",
        "auth_method",
        "authorization_reference",
        "cdr_token",
        "charging_periods",
        "meter_id",
        "total_cost",
        "energy_mix",
        "coordinates",
        "directions",
        "images",
        "capabilities",
        "location",
    ];
    !EVERYWHERE.contains(&name)
}

/// Whether an object has a member that only this type has.
fn is_told(info: &ObjectInfo, names: &[String]) -> bool {
    names.iter().any(|name| {
        let is_plain = |member: NamedMember| member.naming != Naming::OtherVersion || is_telling(name);
        known_name(info, name).is_some_and(|member| is_telling(member.name) && is_plain(member))
    })
}

fn fit(info: &ObjectInfo, names: &[String]) -> i64 {
    let members: Vec<_> = names.iter().filter_map(|name| known_name(info, name)).collect();
    let required =
        info.fields.iter().filter(|field| matches!(field.card, Cardinality::One | Cardinality::AtLeastOne));
    let lacking = required.filter(|field| !members.iter().any(|member| member.name == field.name)).count();
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX / 4);
    2 * count(members.len()) - count(names.len() - members.len()) - 2 * count(lacking)
}

/// Reads the names of the members of the first objects of the next list.
fn first_objects(r: &Reader<'_>) -> Result<Vec<Vec<String>>, Stop> {
    /// Elements to look at: others than objects may stand before them.
    const MOST: usize = 5;
    let mut r = r.ahead();
    let mut objects = Vec::new();
    let mut more = r.open_list()?;
    for _ in 0..MOST {
        if !more {
            break;
        }
        if r.peek() == Some(b'{') {
            objects.push(names(&mut r)?);
            // One is enough where it is read in pieces: more of them may not be there yet.
            if objects.last().is_some_and(|names| !names.is_empty()) {
                break;
            }
        } else {
            r.skip_value()?;
        }
        more = r.next_element()?;
    }
    Ok(objects)
}

/// Reads the names of the members of the next object.
fn names(r: &mut Reader<'_>) -> Result<Vec<String>, Stop> {
    let mut names = Vec::new();
    let mut more = r.open_object()?;
    while more {
        names.push(r.key_text()?.into_owned());
        r.skip_value()?;
        more = r.next_member()?;
    }
    Ok(names)
}

/// Whether an object of a type that is not known is an envelope: it has a status, or `data` before anything else.
fn is_envelope_of_any(r: &mut Reader<'_>) -> Result<bool, Stop> {
    let (mut has_status, mut is_mixed) = (false, false);
    let mut more = r.open_object()?;
    while more {
        let name = r.key_text()?;
        match &*name {
            name if is_same_name("status_code", name) => has_status = true,
            name if is_same_name("data", name) && (has_status || !is_mixed) => return Ok(true),
            name if is_same_name("status_message", name) || is_same_name("timestamp", name) => {}
            _ => is_mixed = true,
        }
        r.skip_value()?;
        more = r.next_member()?;
    }
    Ok(has_status)
}

/// Paging hints in a frame.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Following {
    /// URL of the next page, as sent.
    pub next: Option<String>,
    /// Total number of objects.
    pub total: Option<u64>,
    /// Whether there are more pages.
    pub more: bool,
}

impl Following {
    /// Takes a member of a frame, which may stand in an object of the name `around`.
    pub(super) fn take(&mut self, around: Option<&str>, name: &str, raw: &str) {
        let is = |name: &str, names: &[&str]| names.iter().any(|known| is_same_name(known, name));
        const NEXT: &[&str] =
            &["next", "next_page", "next_url", "next_link", "next_page_url", "@odata.nextLink"];
        let is_next = is(name, NEXT)
            || is(name, &["href", "url"]) && around.is_some_and(|around| is(around, NEXT))
            || is(name, &["next_page_token", "next_cursor", "cursor", "continuation_token"]);
        let is_nothing = matches!(raw, "null" | "false" | "\"\"" | "0" | "[]" | "{}");
        if is_next && !is_nothing {
            self.more = true;
            let text = crate::json::from_str::<Text<0>>(raw).ok().map(|text| text.as_str().to_owned());
            let is_place = |text: &String| text.contains("://") || text.starts_with(['/', '?']);
            self.next = self.next.take().or(text.filter(is_place));
        } else if is(name, &["has_more", "has_next", "has_next_page", "more"]) {
            self.more |= !is_nothing;
        } else if is(name, &["last", "is_last", "is_last_page"]) {
            self.more |= raw == "false";
        } else if is(
            name,
            &["total", "total_count", "total_elements", "total_items", "total_results", "total_records"],
        ) {
            self.total = self.total.or(raw.trim_matches('"').parse().ok());
        }
    }
}
