//! Replacement of everything in a stored object that identifies a driver, and nothing else, by pseudonyms.

use std::collections::BTreeSet;
use std::ops::Range;

use ocpi_types::v2_3_0::cdrs::Cdr;
use ocpi_types::v2_3_0::invoice_reconciliation::InvoiceReconciliationRecord;
use ocpi_types::v2_3_0::locations::Location;
use ocpi_types::v2_3_0::tariffs::Tariff;
use ocpi_types::v2_3_0::tokens::Token;
use ocpi_types::{Field, Object, ObjectInfo, Type, Version, v2_1_1};

use super::driver::{LONG, is_told};
use super::tree::{Member, Node, Value};

/// Members of a token that name the driver.
pub(super) const NAMES: [&str; 5] = ["uid", "contract_id", "auth_id", "visual_number", GROUP];
/// The member of a token that names a driver only if nobody else is in the group.
pub(super) const GROUP: &str = "group_id";
/// Members of a token that others may have with the same value: by another company, or in the same group.
const LOOSE: [&str; 2] = ["visual_number", GROUP];
/// Shortest id that a number is taken for: a shorter one may be an amount.
const DIGITS: usize = 4;
/// Members of OCPI in which people or eMSPs write as they like.
const FREE: [&str; 3] = ["authorization_reference", "remark", "text"];
/// Members that are never ids of drivers, in whatever object they are.
const OWNER: [&str; 2] = ["country_code", "party_id"];

/// Names of a driver that are replaced.
pub(super) struct Replacing<'a> {
    /// In lower case.
    names: BTreeSet<String>,
    /// Places of the driver's tokens: all that names them is replaced.
    tokens: &'a [Range<usize>],
    pseudonym: &'a str,
    edits: Vec<(Range<usize>, String)>,
}

/// Content of a member.
#[derive(Clone, Copy)]
enum Content {
    /// Another kind of id, or a word of the protocol.
    Fixed,
    /// An id of a driver.
    Name,
    /// A name of a place or a company, which may contain a long id.
    Label,
    Free,
    Known(&'static ObjectInfo),
    /// A value of a member that OCPI does not have.
    Unknown,
}

impl<'a> Replacing<'a> {
    pub(super) fn new(names: BTreeSet<String>, tokens: &'a [Range<usize>], pseudonym: &'a str) -> Self {
        Self { names, tokens, pseudonym, edits: Vec::new() }
    }

    /// Places in an object of a collection and a format, and the texts that come there.
    pub(super) fn edits(
        mut self,
        collection: &str,
        format: &str,
        object: &Node,
    ) -> Vec<(Range<usize>, String)> {
        self.value(object, model(collection, format).map_or(Content::Unknown, Content::Known));
        self.edits
    }

    fn value(&mut self, node: &Node, content: Content) {
        match (&node.value, content) {
            (Value::Array(items), content) => items.iter().for_each(|item| self.value(item, content)),
            (Value::Object(members), Content::Known(info)) => self.object(node, members, Some(info)),
            (Value::Object(members), _) => self.object(node, members, None),
            (Value::Text(text), content) => {
                let new = self.text(text, content);
                self.edit(&node.span, text, new);
            }
            (Value::Number(number), content) => {
                if self.is_name(number, content) {
                    self.edits.push((node.span.clone(), quoted(self.pseudonym)));
                }
            }
            (Value::Other, _) => {}
        }
    }

    fn object(&mut self, node: &Node, members: &[Member], info: Option<&'static ObjectInfo>) {
        let info = info.or_else(|| node.is_token().then_some(Token::INFO));
        for member in members {
            let name = member.name.as_str();
            let known = info.and_then(|info| info.fields.iter().find(|field| field.name == name));
            if name == "signed_data" {
                self.edits.push((member.node.span.clone(), "null".to_owned()));
            } else if NAMES.contains(&name) && self.tokens.contains(&node.span) {
                if let Value::Text(id) | Value::Number(id) = &member.node.value {
                    let new = if is_told(id) { self.pseudonym } else { id };
                    self.edit(&member.node.span, id, new.to_owned());
                }
            } else if NAMES.contains(&name) && node.is_token() {
                // Numbers and groups are of somebody else there, however much they look like the driver's.
                if !LOOSE.contains(&name) {
                    self.value(&member.node, Content::Name);
                }
            } else if let Some(field) = known {
                self.value(&member.node, content(field));
            } else if !OWNER.contains(&name) {
                let new = self.text(name, Content::Unknown);
                self.edit(&member.place, name, new);
                self.value(&member.node, Content::Unknown);
            }
        }
    }

    /// The text without names.
    fn text(&self, text: &str, content: Content) -> String {
        let (is_whole, is_inside) = match content {
            Content::Fixed => (false, false),
            Content::Name => (true, false),
            Content::Label => (false, true),
            Content::Free | Content::Known(_) | Content::Unknown => (true, true),
        };
        if is_whole && self.names.contains(&text.to_ascii_lowercase()) {
            return self.pseudonym.to_owned();
        }
        let long = self.names.iter().filter(|name| is_inside && name.len() >= LONG);
        long.fold(text.to_owned(), |text, name| replaced(&text, name, self.pseudonym))
    }

    fn edit(&mut self, place: &Range<usize>, text: &str, new: String) {
        if new != text {
            self.edits.push((place.clone(), quoted(&new)));
        }
    }

    /// Whether a number is a name. It may have lost zeros in front.
    fn is_name(&self, number: &str, content: Content) -> bool {
        let mut names = self.names.iter();
        match content {
            Content::Name => self.names.contains(number),
            Content::Unknown if number.len() >= DIGITS => {
                names.any(|name| name == number || name.trim_start_matches('0') == number)
            }
            _ => false,
        }
    }
}

/// The table of the objects of a collection; those of an application have none.
fn model(collection: &str, format: &str) -> Option<&'static ObjectInfo> {
    let cdr = if format == Version::V2_1_1.as_str() { v2_1_1::cdrs::Cdr::INFO } else { Cdr::INFO };
    [cdr, Location::INFO, Tariff::INFO, InvoiceReconciliationRecord::INFO]
        .into_iter()
        .find(|info| info.name == collection)
}

/// Content of a member that OCPI has.
fn content(field: &Field) -> Content {
    let is_id =
        matches!(field.name, "id" | "uid") || ["_id", "_uid"].iter().any(|end| field.name.ends_with(end));
    match field.ty {
        _ if FREE.contains(&field.name) => Content::Free,
        Type::Object(info) => Content::Known(info()),
        Type::String { .. } if !is_id => Content::Label,
        Type::Url => Content::Label,
        Type::Any => Content::Unknown,
        _ => Content::Fixed,
    }
}

/// A text with another one in place of a name, in whatever case it is written.
fn replaced(text: &str, name: &str, pseudonym: &str) -> String {
    // Letters of ASCII keep their places.
    let folded = text.to_ascii_lowercase();
    let (mut out, mut from) = (String::with_capacity(text.len()), 0);
    for (at, _) in folded.match_indices(name) {
        out.push_str(text.get(from..at).unwrap_or_default());
        out.push_str(pseudonym);
        from = at + name.len();
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}
