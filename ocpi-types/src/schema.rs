//! JSON Schema (draft 2020-12) of every message, from the tables of members. Needs the feature `schema`.
//!
//! A schema describes one value: members, types, lengths, formats and enum values of one [ruleset](Ruleset). It cannot
//! express rules between members, the shorter lengths of older editions, or days that a month does not have: see
//! [`check_ruleset`](crate::check_ruleset). Unknown members are allowed.
//!
//! The objects do not implement `schemars::JsonSchema`: many are one Rust type in several versions, and that trait
//! cannot name a version. A type of the application can contain an object with `schema_with`:
//!
//! ```
//! use ocpi_types::{Ruleset, schema, v2_2_1::tokens::Token};
//! use schemars::{Schema, SchemaGenerator};
//!
//! // For `#[schemars(schema_with = "token_schema")]`.
//! fn token_schema(_: &mut SchemaGenerator) -> Schema {
//!     schema::schema_of::<Token>(&Ruleset::V2_2_1)
//! }
//! # token_schema(&mut SchemaGenerator::default());
//! ```

use schemars::Schema;
use serde_json::{Map, Value as Json, json};

use crate::{Cardinality, EnumInfo, Field, ObjectInfo, Pattern, Ruleset, Type, Url, Value, Versions};

/// Returns the schema of a type under a ruleset.
///
/// Optional members and lists may be `null`, which means absent, unless the ruleset requires the member. Members of a
/// branch are described if the ruleset has the branch, and unknown otherwise.
///
/// ```
/// use ocpi_types::{Ruleset, schema, v2_2_1::locations::Connector};
/// let schema = schema::schema_of::<Connector>(&Ruleset::V2_2_1);
/// assert_eq!(schema.pointer("/properties/id/maxLength").unwrap(), 36);
/// assert_eq!(schema.pointer("/properties/format/$ref").unwrap(), "#/$defs/ConnectorFormat");
/// ```
pub fn schema_of<T: Value>(profile: &Ruleset) -> Schema {
    let mut definitions = Definitions { profile, names: Vec::new(), schemas: Map::new() };
    let root = match T::TYPE {
        Type::Object(info) if !T::IS_LIST => definitions.object(info()),
        ty => {
            let one = definitions.one(&ty, T::PATTERN);
            if T::IS_LIST { list(one, T::CARD == Cardinality::AtLeastOne) } else { one }
        }
    };
    let mut schema = with("$schema", "https://json-schema.org/draft/2020-12/schema", root);
    if !definitions.schemas.is_empty() {
        schema.insert("$defs".to_owned(), Json::Object(definitions.schemas));
    }
    Schema::from(schema)
}

/// Definitions that the schema refers to by name.
struct Definitions<'a> {
    profile: &'a Ruleset,
    /// Objects and enums, and the names they were given: two of one name get two names.
    names: Vec<(String, Named)>,
    schemas: Map<String, Json>,
}

#[derive(Clone, Copy)]
enum Named {
    Object(&'static ObjectInfo),
    Enum(&'static EnumInfo),
}

impl Definitions<'_> {
    fn object(&mut self, info: &'static ObjectInfo) -> Map<String, Json> {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for field in info.fields {
            if !info.has_in(field.name, self.profile.documents) {
                continue;
            }
            let needed = is_needed(self.profile, info, field);
            if needed {
                required.push(Json::from(field.name));
            }
            properties.insert(field.name.to_owned(), Json::Object(self.member(field, needed)));
        }
        let schema = Map::from_iter([
            ("type".to_owned(), json!("object")),
            ("title".to_owned(), json!(info.name)),
            ("properties".to_owned(), Json::Object(properties)),
            ("required".to_owned(), Json::Array(required)),
            ("additionalProperties".to_owned(), json!(true)),
        ]);
        with("description", &text(info.doc), schema)
    }

    fn member(&mut self, field: &Field, needed: bool) -> Map<String, Json> {
        let mut schema = self.one(&field.ty, field.pattern);
        if field.is_list {
            schema = list(schema, needed);
        }
        if !needed {
            schema = or_null(schema);
        }
        with("description", &text(field.doc), schema)
    }

    /// One value, not a list.
    fn one(&mut self, ty: &Type, form: Pattern) -> Map<String, Json> {
        match ty {
            Type::Object(info) => self.reference(Named::Object(info())),
            Type::Enum(info) => self.reference(Named::Enum(info)),
            Type::Any => Map::new(),
            Type::Boolean => typed("boolean"),
            Type::Number => typed("number"),
            Type::Int { .. } => integer(ty.max_len()),
            Type::CiString { .. } | Type::String { .. } => self.text(ty.max_len(), form, None),
            Type::DateTime => self.text(None, form, None),
            Type::Url => self.text(Some(Url::MAX), form, Some("uri")),
        }
    }

    fn text(&self, max: Option<usize>, form: Pattern, format: Option<&str>) -> Map<String, Json> {
        let mut schema = typed("string");
        // A form of the whole text says how long it is.
        if let Some(max) = max.filter(|_| !matches!(form, Pattern::Whole(_))) {
            schema.insert("maxLength".to_owned(), json!(max));
        }
        if let Some(pattern) = form.pattern(self.profile.version) {
            schema.insert("pattern".to_owned(), json!(pattern));
        }
        match format {
            Some(format) => with("format", format, schema),
            None => schema,
        }
    }

    fn reference(&mut self, named: Named) -> Map<String, Json> {
        let known = self.names.iter().find(|(_, known)| known.is(named)).map(|(name, _)| name.clone());
        let name = known.unwrap_or_else(|| self.define(named));
        with("$ref", &format!("#/$defs/{name}"), Map::new())
    }

    fn define(&mut self, named: Named) -> String {
        let mut name = named.name().to_owned();
        while self.names.iter().any(|(taken, _)| *taken == name) {
            name.push('_');
        }
        self.names.push((name.clone(), named));
        let schema = match named {
            Named::Object(info) => self.object(info),
            Named::Enum(info) => enumeration(info, self.profile.documents),
        };
        self.schemas.insert(name.clone(), Json::Object(schema));
        name
    }
}

impl Named {
    fn name(self) -> &'static str {
        match self {
            Self::Object(info) => info.name,
            Self::Enum(info) => info.name,
        }
    }

    /// Whether both describe the same. A table may stand at two addresses, so its content is compared.
    fn is(self, other: Self) -> bool {
        match (self, other) {
            (Self::Object(one), Self::Object(other)) => {
                let names = |info: &'static ObjectInfo| info.fields.iter().map(|field| field.name);
                one.name == other.name && one.doc == other.doc && names(one).eq(names(other))
            }
            (Self::Enum(one), Self::Enum(other)) => one.name == other.name && one.values == other.values,
            _ => false,
        }
    }
}

fn is_needed(profile: &Ruleset, info: &ObjectInfo, field: &Field) -> bool {
    field.card.is_required() || profile.demands.contains(&(info.name, field.name))
}

fn enumeration(info: &EnumInfo, documents: Versions) -> Map<String, Json> {
    let has = |(_, versions): &&(&str, Versions)| versions.meets(documents);
    let values: Vec<Json> = info.values.iter().filter(has).map(|(text, _)| json!(text)).collect();
    let listed = with_value("enum", Json::Array(values), Map::new());
    let schema = if info.open.meets(documents) {
        with_value("anyOf", json!([listed, {"type": "string"}]), Map::new())
    } else {
        with("type", "string", listed)
    };
    with("description", &text(info.doc), with("title", info.name, schema))
}

fn list(items: Map<String, Json>, filled: bool) -> Map<String, Json> {
    let schema = with_value("items", Json::Object(items), typed("array"));
    if filled { with_value("minItems", json!(1), schema) } else { schema }
}

fn integer(digits: Option<usize>) -> Map<String, Json> {
    let schema = typed("integer");
    let limit = digits.and_then(|digits| 10_i64.checked_pow(u32::try_from(digits).ok()?));
    match limit {
        Some(limit) => {
            with_value("minimum", json!(1 - limit), with_value("maximum", json!(limit - 1), schema))
        }
        None => schema,
    }
}

/// The same, or `null`.
fn or_null(mut schema: Map<String, Json>) -> Map<String, Json> {
    if let Some(ty) = schema.get_mut("type") {
        *ty = json!([ty.take(), "null"]);
        return schema;
    }
    // Without a type it is a reference, or anything at all.
    if schema.is_empty() {
        schema
    } else {
        with_value("anyOf", json!([schema, {"type": "null"}]), Map::new())
    }
}

fn typed(name: &str) -> Map<String, Json> {
    with("type", name, Map::new())
}

fn with(key: &str, value: &str, schema: Map<String, Json>) -> Map<String, Json> {
    with_value(key, json!(value), schema)
}

fn with_value(key: &str, value: Json, mut schema: Map<String, Json>) -> Map<String, Json> {
    schema.insert(key.to_owned(), value);
    schema
}

/// The lines of a comment, as one text.
fn text(doc: &[&str]) -> String {
    doc.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n").trim().to_owned()
}
