//! Holds the library's tables to the specification's, in both directions.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::path::Path;

use ocpi_types::{EnumInfo, Field, ObjectInfo, Version};

use crate::facts::{DOCUMENTS, Document, Facts, Row, Table, Values};
use crate::registry::{self, Entry};

const VERSIONS: [Version; 3] = [Version::V2_1_1, Version::V2_2_1, Version::V2_3_0];

/// Chapters that are no part of the data model. `transport` is the envelope of answers.
const NOT_COVERED: &[&str] = &["transport"];

/// Differences that are made on purpose, as the census words them, with the reasons.
const ON_PURPOSE: &[(&str, &str)] = &[
    (
        "2.1.1 Credentials.party_id: type \"CiString\", not \"string\"",
        "a party is the same party however it is spelled, as from 2.2 on",
    ),
    (
        "2.1.1 Credentials.country_code: type \"CiString\", not \"string\"",
        "a country is the same country however it is spelled, as from 2.2 on",
    ),
    (
        "2.1.1 Hours.twentyfourseven: cardinality \"?\", not \"1\"",
        "erratum T19: it is one half of a choice, so regular hours may stand alone",
    ),
    (
        "2.3.0 InvoiceReconciliationRecord.cdrs: length Some(39), not Some(36)",
        "the id of a credit CDR has up to 39 characters",
    ),
    (
        "2.3.0 ModuleID.invoicereconciliation: not in the specification",
        "the chapter names it, the table of ids has forgotten it",
    ),
    ("2.3.0-payments InvoiceReconciliationRecord.cdrs: length Some(39), not Some(36)", "as in 2.3.0"),
    ("2.3.0-payments ModuleID.invoicereconciliation: not in the specification", "as in 2.3.0"),
    (
        "2.3.0-payments ModuleID.payments: not in the specification",
        "the chapter names it, the table of ids has forgotten it",
    ),
    (
        "2.3.0-payments Role.PTP: not in the specification",
        "the chapter uses it, the table of roles has forgotten it",
    ),
    (
        "2.3.0-payments Terminal.address: type \"string\", not \"CiString\"",
        "as in Location: street names are not all ASCII",
    ),
    (
        "2.3.0-payments Terminal.city: type \"string\", not \"CiString\"",
        "as in Location: names of cities are not all ASCII",
    ),
    ("2.3.0-payments Terminal.postal_code: type \"string\", not \"CiString\"", "as in Location"),
    (
        "2.3.0-payments Terminal.state: type \"string\", not \"CiString\"",
        "as in Location: names of states are not all ASCII",
    ),
    ("2.3.0-payments Terminal.country: type \"string\", not \"CiString\"", "as in Location"),
    (
        "2.3.0-payments FinancialAdviceConfirmation.currency: type \"string\", not \"CiString\"",
        "as everywhere else",
    ),
    (
        "2.3.0-payments FinancialAdviceConfirmation.eft_data: type \"string\", not \"CiString\"",
        "it is text for people, in any language",
    ),
    (
        "2.3.0-payments FinancialAdviceConfirmation.eft_data: cardinality \"*\", not \"+\"",
        "there is none when the capture failed",
    ),
    (
        "2.3.0-payments FinancialAdviceConfirmation.capture_status_message: type \"string\", not \"CiString\"",
        "it is text for people, in any language",
    ),
    (
        "2.3.0-bookings InvoiceReconciliationRecord: not in the specification's invoicereconciliation",
        "the branch is built on edition 1, which has no such chapter",
    ),
    (
        "2.3.0-bookings ModuleID.invoicereconciliation: not in the specification",
        "the branch is built on edition 1",
    ),
    (
        "2.3.0-bookings ModuleID.bookings: not in the specification",
        "the chapter's addresses name it, the table of ids has forgotten it",
    ),
    (
        "2.3.0-bookings Location.address: length Some(255), not Some(45)",
        "the branch is built on edition 1; edition 2 is the wider",
    ),
    (
        "2.3.0-bookings Location.state: length Some(45), not Some(20)",
        "the branch is built on edition 1; edition 2 is the wider",
    ),
    (
        "2.3.0-bookings SignedValue.plain_data: length Some(5000), not Some(512)",
        "the branch is built on edition 1; edition 2 is the wider",
    ),
];

/// The specification's name, in a version, of the object or enum with this name here.
fn name_in(version: Version, name: &str) -> &str {
    match (version, name) {
        (Version::V2_1_1, "AllowedType") => "Allowed",
        _ => name,
    }
}

#[test]
fn the_tables_are_those_of_the_specification() {
    let mut differences = Vec::new();
    for document in DOCUMENTS {
        let mut census = Census { document, differences: Vec::new(), found: Counts::default() };
        let facts = document.facts();
        census.objects(&facts);
        census.enums(&facts);
        let (name, expected) = (document.name, Counts::of(&facts));
        println!("{name}: found {} of {expected}", census.found);
        if !census.differences.iter().any(|difference| difference.contains(": missing")) {
            assert_eq!(census.found, expected, "{name}: nothing is missing, so all must have been found");
        }
        differences.append(&mut census.differences);
    }
    for (difference, _) in ON_PURPOSE {
        assert!(differences.iter().any(|found| found == difference), "not needed any more: {difference}");
    }
    differences.retain(|found| !ON_PURPOSE.iter().any(|(known, _)| known == found));
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}

impl Document {
    /// Keeps those of the registered objects or enums that the document has.
    fn only<I>(&self, mut entries: Vec<Entry<I>>) -> Vec<Entry<I>> {
        entries.retain(|entry| entry.documents.meets(self.parts));
        entries
    }

    /// Whether it has a member of ours. Others are added by another branch.
    fn has(&self, info: &ObjectInfo, field: &Field) -> bool {
        info.has_in(field.name, self.parts)
    }
}

/// Numbers of objects, fields, enums and values in the chapters that are covered.
#[derive(Debug, Default, PartialEq)]
struct Counts {
    objects: usize,
    fields: usize,
    enums: usize,
    values: usize,
}

impl Counts {
    fn of(facts: &Facts) -> Self {
        let objects = || facts.objects.iter().filter(|table| is_covered(&table.module));
        let enums = || facts.enums.iter().filter(|values| is_covered(&values.module));
        Self {
            objects: objects().count(),
            fields: objects().map(|table| table.fields.len()).sum(),
            enums: enums().count(),
            values: enums().map(|values| values.values.len()).sum(),
        }
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { objects, fields, enums, values } = self;
        write!(f, "{objects} objects, {fields} fields, {enums} enums, {values} values")
    }
}

fn is_covered(module: &str) -> bool {
    !NOT_COVERED.contains(&module)
}

struct Census {
    document: &'static Document,
    differences: Vec<String>,
    found: Counts,
}

impl Census {
    fn objects(&mut self, facts: &Facts) {
        let ours = self.document.only(registry::objects(self.document.version));
        self.names(
            ours.iter().map(|entry| (entry.chapter, entry.info.name)),
            facts.objects.iter().map(|table| (&*table.module, &*table.name)),
        );
        for entry in &ours {
            if let Some(table) = facts.object(entry.info.name) {
                self.found.objects += 1;
                self.fields(entry.info, table);
            }
        }
    }

    fn enums(&mut self, facts: &Facts) {
        let version = self.document.version;
        let ours = self.document.only(registry::enums(version));
        self.names(
            ours.iter().map(|entry| (entry.chapter, name_in(version, entry.info.name))),
            facts.enums.iter().map(|values| (&*values.module, &*values.name)),
        );
        for entry in &ours {
            let name = name_in(version, entry.info.name);
            if let Some(values) = facts.enums.iter().find(|values| values.name == name) {
                self.found.enums += 1;
                self.values(entry.info, values);
            }
        }
    }

    /// The same names in the same chapters. Where ours is `hub_client_info`, theirs is `hubclientinfo`.
    fn names<'a>(
        &mut self,
        ours: impl Iterator<Item = (&'a str, &'a str)>,
        theirs: impl Iterator<Item = (&'a str, &'a str)>,
    ) {
        let theirs = theirs.filter(|(module, _)| is_covered(module));
        let theirs: BTreeSet<_> = theirs.map(|(module, name)| (module.to_owned(), name)).collect();
        let mut seen = BTreeSet::new();
        for (chapter, name) in ours {
            if !seen.insert((chapter.replace('_', ""), name)) {
                self.differs(name, "registered twice");
            }
        }
        for (chapter, name) in theirs.difference(&seen) {
            self.differs(name, &format!("missing in {chapter}"));
        }
        for (chapter, name) in seen.difference(&theirs) {
            self.differs(name, &format!("not in the specification's {chapter}"));
        }
    }

    fn fields(&mut self, info: &ObjectInfo, table: &Table) {
        let object = info.name;
        let ours: Vec<&Field> = info.fields.iter().filter(|field| self.document.has(info, field)).collect();
        self.field_names(object, &ours, table);
        for field in ours {
            if let Some(row) = table.fields.iter().find(|row| row.name == field.name) {
                self.found.fields += 1;
                self.field(&format!("{object}.{}", field.name), field, row);
            }
        }
    }

    /// The same names in the same order.
    fn field_names(&mut self, object: &str, ours: &[&Field], table: &Table) {
        let ours: Vec<&str> = ours.iter().map(|field| field.name).collect();
        let theirs: Vec<&str> = table.fields.iter().map(|row| &*row.name).collect();
        for name in theirs.iter().filter(|name| !ours.contains(name)) {
            self.differs(&format!("{object}.{name}"), "missing");
        }
        for name in ours.iter().filter(|name| !theirs.contains(name)) {
            self.differs(&format!("{object}.{name}"), "not in the specification");
        }
        let in_both = |names: &[&str], others: &[&str]| -> Vec<String> {
            names.iter().filter(|name| others.contains(name)).map(ToString::to_string).collect()
        };
        self.same(object, "order of fields", in_both(&ours, &theirs), in_both(&theirs, &ours));
    }

    fn field(&mut self, place: &str, field: &Field, row: &Row) {
        self.same(place, "type", name_in(self.document.version, field.ty.name()), &*row.ty);
        self.same(place, "length", field.ty.max_len(), row.max_len);
        self.same(place, "cardinality", field.card.sign(), &*row.cardinality);
    }

    fn values(&mut self, info: &EnumInfo, values: &Values) {
        let name = info.name;
        let ours = info.values.iter().filter(|(_, versions)| versions.meets(self.document.parts));
        let ours: Vec<&str> = ours.map(|(value, _)| *value).collect();
        for value in values.values.iter().filter(|value| !ours.contains(&&***value)) {
            self.differs(&format!("{name}.{value}"), "missing");
        }
        for value in &ours {
            if values.values.iter().any(|known| known == value) {
                self.found.values += 1;
            } else {
                self.differs(&format!("{name}.{value}"), "not in the specification");
            }
        }
        self.same(name, "open", info.open.meets(self.document.parts), values.open);
    }

    fn same<T: PartialEq + Debug>(&mut self, place: &str, what: &str, ours: T, theirs: T) {
        if ours != theirs {
            self.differs(place, &format!("{what} {ours:?}, not {theirs:?}"));
        }
    }

    fn differs(&mut self, place: &str, how: &str) {
        self.differences.push(format!("{} {place}: {how}", self.document.name));
    }
}

#[test]
fn chapters_that_are_not_covered_do_not_exist() {
    for chapter in NOT_COVERED {
        for version in VERSIONS {
            assert!(!chapters(version).contains(*chapter), "{version} has {chapter}: take it off the list");
            let registered = registry::objects(version).iter().any(|entry| entry.chapter == *chapter);
            assert!(!registered, "{version} {chapter} is registered: take it off the list");
        }
        let is_known = VERSIONS.iter().any(|version| {
            let facts = Facts::of(*version);
            facts.objects.iter().any(|table| table.module == *chapter)
        });
        assert!(is_known, "the specification has no chapter {chapter}");
    }
}

/// The modules that a version declares.
fn chapters(version: Version) -> BTreeSet<String> {
    let source = read(&module(version).with_extension("rs"));
    let names = source.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    names.map(str::to_owned).collect()
}

#[test]
fn every_declaration_is_registered() {
    for version in VERSIONS {
        let mut registered: BTreeSet<_> =
            registry::objects(version).iter().map(|entry| (entry.chapter, entry.info.name)).collect();
        registered.extend(registry::enums(version).iter().map(|entry| (entry.chapter, entry.info.name)));
        for chapter in chapters(version) {
            let declared = declared(&read(&module(version).join(&chapter).with_extension("rs")));
            for name in declared {
                assert!(
                    registered.contains(&(chapter.as_str(), name.as_str())),
                    "{version} {chapter}: {name} is declared, but not registered in these tests",
                );
            }
        }
    }
}

/// The specification's names that a source file declares: `pub struct Evse = "EVSE", …`.
fn declared(source: &str) -> Vec<String> {
    let lines = source.lines().map(str::trim_start);
    let declarations = lines.filter(|line| line.starts_with("pub struct ") || line.starts_with("pub enum "));
    declarations.filter_map(|line| line.split('"').nth(1)).map(str::to_owned).collect()
}

fn module(version: Version) -> std::path::PathBuf {
    let name = format!("v{}", version.as_str().replace('.', "_"));
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(name)
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_type_names_its_place_in_the_specification() {
    let mut missing = Vec::new();
    for document in DOCUMENTS {
        let (facts, version) = (document.facts(), document.version);
        let objects = document.only(registry::objects(version));
        let first = first_version(version, &objects, &registry::objects(Version::V2_2_1));
        for (entry, first) in objects.iter().zip(first) {
            if let Some(table) = facts.object(entry.info.name) {
                missing.extend(without_place(entry.info.name, entry.info.doc, first, &table.doc));
            }
        }
        let enums = document.only(registry::enums(version));
        let first = first_version(version, &enums, &registry::enums(Version::V2_2_1));
        for (entry, first) in enums.iter().zip(first) {
            let name = name_in(version, entry.info.name);
            if let Some(values) = facts.enums.iter().find(|values| values.name == name) {
                missing.extend(without_place(entry.info.name, entry.info.doc, first, &values.doc));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// The version that each type is documented from: 2.2.1 for types that it has, also if an older one has them too.
fn first_version<I>(version: Version, entries: &[Entry<I>], oldest: &[Entry<I>]) -> Vec<Version> {
    let is_old = |entry: &Entry<I>| oldest.iter().any(|old| old.id == entry.id);
    entries.iter().map(|entry| if is_old(entry) { Version::V2_2_1 } else { version }).collect()
}

/// Returns a difference if no line reads `Spec: 2.2.1 mod_locations §location_object`.
fn without_place(name: &str, doc: &[&str], version: Version, heading: &str) -> Option<String> {
    let (file, _) = heading.split_once(':').expect("a heading is a file and a line");
    let start = format!("Spec: {version} {file} §");
    let is_place = |line: &str| line.trim().strip_prefix(&start).is_some_and(|anchor| !anchor.is_empty());
    if doc.iter().any(|line| is_place(line)) {
        None
    } else {
        Some(format!("{name} has no line `{start}…`"))
    }
}
