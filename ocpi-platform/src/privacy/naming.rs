//! Everything in a stored object that identifies a driver, and the text without it.

use std::collections::BTreeSet;
use std::ops::Range;

use ocpi_server_traits::storage::Address;

use super::driver::{Driver, Issued, Said, is_told};
use super::references::TOKENS;
use super::replacing::{GROUP, NAMES, Replacing};
use super::tree::{Node, Value};

/// The list of a Location whose entries are tokens, whatever they have.
const LIST: &str = "publish_allowed_to";

/// The tokens of a driver in a stored object.
pub(super) struct Named<'a> {
    driver: &'a Driver,
    at: &'a Address,
    text: &'a str,
    tree: Node,
    /// Places of tokens.
    tokens: Vec<Range<usize>>,
}

impl<'a> Named<'a> {
    /// Looks for the driver in the text of a document; `None` if nothing names it.
    pub(super) fn find(driver: &'a Driver, at: &'a Address, body: &'a [u8]) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?;
        if !may_name(driver, text) {
            return None;
        }
        let tree = Node::read(text)?;
        let listed: Vec<_> =
            tree.member(LIST).into_iter().flat_map(Node::children).map(|entry| entry.span.clone()).collect();
        let is_of_driver = |node: &&Node| {
            let is_listed = listed.contains(&node.span);
            (is_listed || node.is_token()) && driver.is(&said(node, at, is_listed))
        };
        let mut tokens: Vec<_> =
            tree.all().into_iter().filter(is_of_driver).map(|node| node.span.clone()).collect();
        tokens.sort_by_key(|span| span.start);
        (!tokens.is_empty()).then_some(Self { driver, at, text, tree, tokens })
    }

    /// Tokens that say who issued them.
    pub(super) fn uids(&self) -> BTreeSet<Issued> {
        let issued = |token: &Node| Issued::new(&issuer(token, self.at)?, token.id("uid")?);
        self.nodes().filter_map(issued).collect()
    }

    /// Contracts of the tokens that say who issued them.
    pub(super) fn contracts(&self) -> BTreeSet<Issued> {
        let issued = |token: &Node| -> Option<Vec<Issued>> {
            let issuer = issuer(token, self.at)?;
            Some(contracts(token).filter_map(|id| Issued::new(&issuer, id)).collect())
        };
        self.nodes().filter_map(issued).flatten().collect()
    }

    /// Numbers on the cards, with the companies on them.
    pub(super) fn numbers(&self) -> BTreeSet<Issued> {
        let number =
            |token: &Node| Issued::new(token.text("issuer").unwrap_or_default(), token.id("visual_number")?);
        self.nodes().filter_map(number).collect()
    }

    /// Groups of the tokens, in lower case.
    pub(super) fn groups(&self) -> BTreeSet<String> {
        self.nodes().filter_map(group).collect()
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
    pub(super) fn pseudonymised(&self, format: &str, pseudonym: &str) -> String {
        replaced(self.text, &self.tree, &self.tokens, self.names(), (self.at, format), pseudonym)
    }

    /// The text without the tokens that stand in lists, and with a pseudonym in place of everything else that names the
    /// driver.
    pub(super) fn struck(&self, format: &str, pseudonym: &str) -> String {
        let mut text = self.without_listed();
        // A list may stand in an entry of another one.
        while let Some(named) = Named::find(self.driver, self.at, text.as_bytes()) {
            let shorter = named.without_listed();
            if shorter == text {
                break;
            }
            text = shorter;
        }
        let left = Named::find(self.driver, self.at, text.as_bytes());
        let tokens = left.map(|named| named.tokens).unwrap_or_default();
        match Node::read(&text) {
            Some(tree) => replaced(&text, &tree, &tokens, self.names(), (self.at, format), pseudonym),
            None => text,
        }
    }

    /// The text without the tokens that stand in lists.
    fn without_listed(&self) -> String {
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

    fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.tree.all().into_iter().filter(|node| self.tokens.contains(&node.span))
    }

    /// All ids of the tokens that name nobody else, in lower case.
    fn names(&self) -> BTreeSet<String> {
        let is_name = |name: &str, id: &str| is_told(id) && (name != GROUP || self.driver.is_alone_in(id));
        let names = self
            .nodes()
            .flat_map(|token| NAMES.iter().filter_map(|name| token.id(name).filter(|id| is_name(name, id))));
        names.map(str::to_ascii_lowercase).collect()
    }
}

/// A text with a pseudonym in place of some tokens and of names.
fn replaced(
    text: &str,
    tree: &Node,
    tokens: &[Range<usize>],
    names: BTreeSet<String>,
    (at, format): (&Address, &str),
    pseudonym: &str,
) -> String {
    let mut edits = Replacing::new(names, tokens, pseudonym).edits(at.collection(), format, tree);
    // By its own id it is kept.
    let id = tree.member("id").map(|id| id.span.clone());
    edits.retain(|(span, _)| Some(span) != id.as_ref());
    edited(text, edits)
}

/// Whether a text may name the driver. Ids of odd characters may be written in several ways.
fn may_name(driver: &Driver, text: &str) -> bool {
    let is_plain = |id: &str| id.bytes().all(|byte| matches!(byte, b' '..=b'~') && !b"\"\\/".contains(&byte));
    if !driver.ids().all(|id| is_plain(id)) || text.contains('\\') {
        return true;
    }
    let text = text.to_ascii_lowercase();
    driver.ids().any(|id| text.contains(id.as_str()))
}

/// The ids of a token. A group alone names somebody only in a list of tokens: elsewhere it may be one of something else.
fn said<'a>(node: &'a Node, at: &Address, is_listed: bool) -> Said<'a> {
    Said {
        uid: node.id("uid"),
        contracts: contracts(node).collect(),
        number: node.id("visual_number"),
        company: node.text("issuer").filter(|company| !company.is_empty()),
        group: node.id(GROUP).filter(|_| is_listed),
        issuer: issuer(node, at),
    }
}

/// Contracts of a token; `auth_id` is the name of 2.1.1.
fn contracts(token: &Node) -> impl Iterator<Item = &str> {
    ["contract_id", "auth_id"].into_iter().filter_map(|name| token.id(name))
}

/// The party that issued a token, if it is said: by a Token of 2.1.1 in its address only.
fn issuer(token: &Node, at: &Address) -> Option<String> {
    // The party in a Session or CDR of 2.1.1 is its CPO.
    let has_party = token.member("uid").is_some() || token.member("auth_id").is_none();
    let party = token.text("country_code").zip(token.text("party_id")).filter(|_| has_party);
    let of_address = || Some(at.owner().to_owned()).filter(|_| at.collection() == TOKENS);
    party.map(|(country, party)| format!("{country}/{party}")).or_else(of_address)
}

/// The group of a Token, in lower case.
pub(super) fn group(token: &Node) -> Option<String> {
    token.id(GROUP).filter(|group| is_told(group)).map(str::to_ascii_lowercase)
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

    fn at(collection: &'static str) -> Address {
        Address::new(collection, "NL/ALF", "x")
    }

    fn is_found(driver: &Driver, text: &str) -> bool {
        Named::find(driver, &at("CDR"), text.as_bytes()).is_some()
    }

    #[test]
    fn a_token_is_found_by_its_ids_alone() {
        let party = |id: &str| ocpi_types::protocol::Party::new("DE", id).unwrap();
        for (driver, expected) in [
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
            assert_eq!(is_found(&driver, CDR), expected, "{driver:?}");
        }
        // A `uid` of something else.
        for evse in [r#""status":"AVAILABLE""#, r#""type":"AC","connectors":[]"#] {
            assert!(!is_found(&Driver::token("e1"), &format!(r#"{{"evses":[{{"uid":"e1",{evse}}}]}}"#)));
        }
        // Escapes, and what is no JSON.
        assert!(is_found(&Driver::token("a/b"), r#"{"uid":"a\/\u0062","type":"RFID"}"#));
        assert!(!is_found(&Driver::token("abc"), "uid abc type"));
    }

    #[test]
    fn a_pseudonym_takes_the_place_of_every_name_and_of_nothing_else() {
        let (driver, at) = (Driver::token("12345678"), at("CDR"));
        let new = Named::find(&driver, &at, CDR.as_bytes()).unwrap().pseudonymised("2.3.0", "erased-1");
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
        assert!(!is_found(&driver, &new));
    }

    fn struck(text: &str) -> String {
        let (driver, at) = (Driver::token("a"), at("Location"));
        Named::find(&driver, &at, text.as_bytes()).unwrap().struck("2.3.0", "erased-1")
    }

    #[test]
    fn entries_of_lists_go() {
        let text = r#"{"id":"L1","publish_allowed_to":[ {"uid":"A","type":"RFID"}, {"uid":"B","type":"RFID"}, {"uid":"a"} ],"x":1.0}"#;
        let (driver, at) = (Driver::token("a"), at("Location"));
        let named = Named::find(&driver, &at, text.as_bytes()).unwrap();
        assert_eq!(named.tokens(), r#"[{"uid":"A","type":"RFID"},{"uid":"a"}]"#);
        assert_eq!(struck(text), r#"{"id":"L1","publish_allowed_to":[{"uid":"B","type":"RFID"}],"x":1.0}"#);
        assert_eq!(
            struck(r#"{"x":[{"uid":"A","type":"RFID"},{"y":[[{"uid":"A","type":"RFID"}],2]}]}"#),
            r#"{"x":[{"y":[[],2]}]}"#
        );
    }

    #[test]
    fn tokens_in_no_list_get_a_pseudonym() {
        let text = r#"{"id":"A","name":"A","evses":[{"uid":"A","connectors":[]}],"publish_allowed_to":[{"uid":"A"}],
            "x_owner":{"uid":"A","type":"RFID","group_id":"G"},"x_by":["A","G"]}"#;
        let new = struck(text);
        assert_eq!(
            new,
            r#"{"id":"A","name":"A","evses":[{"uid":"A","connectors":[]}],"publish_allowed_to":[],
            "x_owner":{"uid":"erased-1","type":"RFID","group_id":"erased-1"},"x_by":["erased-1","G"]}"#
        );
        assert!(Named::find(&Driver::token("a"), &at("Location"), new.as_bytes()).is_none());
    }
}
