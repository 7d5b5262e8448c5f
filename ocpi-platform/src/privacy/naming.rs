//! Everything in a stored object that names a driver, and the text without it.

use std::collections::BTreeSet;
use std::ops::Range;

use super::driver::{Driver, Issued, is_told};
use super::replacing::{NAMES, Replacing};
use super::tree::{Node, Value};

/// The tokens of a driver in a stored object.
pub(super) struct Named<'a> {
    text: &'a str,
    tree: Node,
    /// Places of tokens.
    tokens: Vec<Range<usize>>,
}

impl<'a> Named<'a> {
    /// Looks for the driver in the text of a document; `None` if nothing names it.
    pub(super) fn find(driver: &Driver, body: &'a [u8]) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?;
        if !may_name(driver, text) {
            return None;
        }
        let tree = Node::read(text)?;
        let tokens: Vec<_> = tree
            .all()
            .into_iter()
            .filter(|node| is_token(driver, node))
            .map(|node| node.span.clone())
            .collect();
        (!tokens.is_empty()).then_some(Self { text, tree, tokens })
    }

    /// Ids of the tokens that say who issued them: of a member of them.
    pub(super) fn issued(&self, member: &str) -> BTreeSet<Issued> {
        let tokens = self.tree.all().into_iter().filter(|node| self.tokens.contains(&node.span));
        tokens.filter_map(|token| Issued::new(&issuer(token)?, token.id(member)?)).collect()
    }

    /// The parts of the text that are the tokens, as JSON.
    pub(super) fn tokens(&self) -> String {
        let texts: Vec<_> = self.tokens.iter().filter_map(|span| self.text.get(span.clone())).collect();
        format!("[{}]", texts.join(","))
    }

    /// A text of the object itself.
    pub(super) fn text(&self, member: &str) -> Option<&str> {
        self.tree.text(member)
    }

    /// The text with a pseudonym in place of all that names the driver, and without signed meter data.
    pub(super) fn pseudonymised(&self, collection: &str, pseudonym: &str) -> String {
        let tokens = self.tree.all().into_iter().filter(|node| self.tokens.contains(&node.span));
        let names: BTreeSet<String> = tokens
            .flat_map(|token| NAMES.iter().filter_map(|name| token.id(name)))
            .filter(|name| is_told(name))
            .map(str::to_ascii_lowercase)
            .collect();
        let mut edits = Replacing::new(names, pseudonym).edits(collection, &self.tree);
        // By its own id it is kept.
        let id = self.tree.member("id").map(|id| id.span.clone());
        edits.retain(|(span, _)| Some(span) != id.as_ref());
        edited(self.text, edits)
    }

    /// The text without the tokens that stand in lists.
    pub(super) fn without_tokens(&self) -> String {
        let mut edits = Vec::new();
        for node in self.tree.all() {
            let Value::Array(items) = &node.value else { continue };
            let (gone, left): (Vec<_>, Vec<_>) =
                items.iter().partition(|item| self.tokens.contains(&item.span));
            if !gone.is_empty() {
                let left: Vec<_> = left.iter().filter_map(|item| self.text.get(item.span.clone())).collect();
                edits.push((node.span.clone(), format!("[{}]", left.join(","))));
            }
        }
        edited(self.text, edits)
    }
}

/// Whether a text may name the driver. Ids of odd characters may be written in several ways.
fn may_name(driver: &Driver, text: &str) -> bool {
    let is_plain = |id: &str| id.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\/".contains(&byte));
    if !driver.ids().all(|id| is_plain(id)) || text.contains('\\') {
        return true;
    }
    let text = text.to_ascii_lowercase();
    driver.ids().any(|id| text.contains(id.as_str()))
}

/// Whether a value is a token of the driver: Tokens, and tokens in CDRs, Sessions, Bookings and Locations.
fn is_token(driver: &Driver, node: &Node) -> bool {
    node.is_token() && driver.is(node.id("uid"), node.id("contract_id"), issuer(node).as_deref())
}

/// The party that issued a token, if it is said.
fn issuer(token: &Node) -> Option<String> {
    let (country, party) = token.text("country_code").zip(token.text("party_id"))?;
    Some(format!("{country}/{party}"))
}

/// A text with some places replaced that do not overlap.
fn edited(text: &str, mut edits: Vec<(Range<usize>, String)>) -> String {
    edits.sort_by_key(|(span, _)| span.start);
    let (mut out, mut from) = (String::with_capacity(text.len()), 0);
    for (span, new) in edits {
        if span.start < from {
            continue;
        }
        out.push_str(text.get(from..span.start).unwrap_or_default());
        out.push_str(&new);
        from = span.end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const CDR: &str = r#"{"id":"12345678","cdr_token":{"country_code":"DE","party_id":"EMP","uid":"12345678",
        "type":"RFID","contract_id":"DE8AA"},"total_cost":1.50,"remark":"card 12345678, DE8AA",
        "signed_data":{"x":"12345678"},"x_note":"De8aA"}"#;

    fn find(driver: Driver, text: &str) -> Option<Named<'_>> {
        Named::find(&driver, text.as_bytes())
    }

    #[test]
    fn a_token_is_found_by_its_ids_alone() {
        let party = |id: &str| ocpi_types::protocol::Party::new("DE", id).unwrap();
        for (driver, is_found) in [
            (Driver::token("12345678"), true),
            (Driver::contract("de8Aa"), true),
            (Driver::token("12345678").issued_by(party("EMP")), true),
            (Driver::token("12345678").issued_by(party("OTH")), false),
            (Driver::token("1234567"), false),
            (Driver::token("123456789"), false),
            (Driver::token(""), false),
            (Driver::contract("12345678"), false),
            (Driver::default(), false),
        ] {
            assert_eq!(find(driver.clone(), CDR).is_some(), is_found, "{driver:?}");
        }
        // A `uid` of something else.
        assert!(find(Driver::token("e1"), r#"{"evses":[{"uid":"e1","status":"AVAILABLE"}]}"#).is_none());
        // Escapes, and what is no JSON.
        assert!(find(Driver::token("a/b"), r#"{"uid":"a\/\u0062","type":"RFID"}"#).is_some());
        assert!(find(Driver::token("abc"), "uid abc type").is_none());
    }

    #[test]
    fn a_pseudonym_takes_the_place_of_every_name_and_of_nothing_else() {
        let new = find(Driver::token("12345678"), CDR).unwrap().pseudonymised("CDR", "erased-1");
        // The id of the object itself happens to be the same, and stays.
        assert!(new.starts_with(r#"{"id":"12345678","cdr_token""#), "{new}");
        assert_eq!(new.matches("12345678").count(), 1, "{new}");
        assert!(
            new.contains("\"contract_id\":\"erased-1\"") && new.contains("\"x_note\":\"erased-1\""),
            "{new}"
        );
        assert!(new.contains("1.50") && new.contains("\"signed_data\":null"), "{new}");
        // A short name inside of a text stays: it may be a word.
        assert!(new.contains("card erased-1, DE8AA"), "{new}");
        assert!(find(Driver::token("12345678"), &new).is_none());
    }

    #[test]
    fn entries_of_lists_go() {
        let text = r#"{"id":"L1","publish_allowed_to":[ {"uid":"A","type":"RFID"}, {"uid":"B","type":"RFID"} ],"x":1.0}"#;
        let named = find(Driver::token("a"), text).unwrap();
        assert_eq!(named.tokens(), r#"[{"uid":"A","type":"RFID"}]"#);
        assert_eq!(
            named.without_tokens(),
            r#"{"id":"L1","publish_allowed_to":[{"uid":"B","type":"RFID"}],"x":1.0}"#
        );
    }
}
