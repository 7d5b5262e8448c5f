//! Secrets of an exchange, and their removal from texts.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use ocpi_types::CredentialsToken;

/// Stands in the place of what is masked.
pub(crate) const MASK: &str = "***";
/// Shortest secret that is masked inside of a longer text, too: a shorter one may stand there by chance.
pub(super) const LONG: usize = 6;
/// Most secrets of an exchange: more than a page of the longest body that is masked has.
const MOST: usize = 20_000;
/// Most bytes of all of them: looking for them needs memory.
const MOST_BYTES: usize = 1 << 19;

/// The secrets of an exchange, in lower case: what one part of it shows by its place is masked in all of them.
#[derive(Default)]
pub(super) struct Secrets {
    all: BTreeSet<String>,
    bytes: usize,
    is_full: bool,
}

impl Secrets {
    pub(super) fn add(&mut self, secret: &str) {
        if secret.is_empty() || self.is_full {
            return;
        }
        let bytes = self.bytes.saturating_add(secret.len());
        if bytes > MOST_BYTES || self.all.len() == MOST {
            self.is_full = true;
        } else if self.all.insert(secret.to_ascii_lowercase()) {
            self.bytes = bytes;
        }
    }

    /// Adds the token of a header `Authorization` in each form in which it may be written: as it stands, decoded, in Base64.
    pub(super) fn add_token(&mut self, header: &str) {
        let header = header.trim();
        self.add(header.split_once(' ').map_or(header, |(_, token)| token.trim()));
        for token in CredentialsToken::candidates(header) {
            self.add(token.expose());
            let encoded = token.to_header(true);
            let encoded = encoded.split_once(' ').map_or("", |(_, encoded)| encoded);
            self.add(encoded);
            self.add(encoded.trim_end_matches('='));
        }
    }

    /// Whether there were more than can be looked for: what may show the others is not to be logged.
    pub(super) fn is_full(&self) -> bool {
        self.is_full
    }

    /// Prepares the search for them.
    pub(super) fn masker(self) -> Masker {
        let long = self.all.iter().filter(|secret| secret.len() >= LONG);
        // One search for all of them: a partner chooses their number and their beginnings.
        let long = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::LeftmostLongest)
            .prefilter(false)
            .build(long);
        Masker { all: self.all, long: long.ok() }
    }
}

/// Masks secrets in texts.
pub(super) struct Masker {
    all: BTreeSet<String>,
    /// Search for the long ones; without it nothing can be told, and all is masked.
    long: Option<AhoCorasick>,
}

impl Masker {
    /// Masks a text that is one of them, or has one in it, in whatever case it is written.
    pub(super) fn masked(&self, text: &str) -> String {
        // Letters of ASCII keep their places.
        let folded = text.to_ascii_lowercase();
        let long = match &self.long {
            Some(long) if !self.all.contains(&folded) => long,
            _ => return MASK.to_owned(),
        };
        let (mut out, mut from) = (String::new(), 0);
        for found in long.find_iter(&folded) {
            out.push_str(text.get(from..found.start()).unwrap_or_default());
            out.push_str(MASK);
            from = found.end();
        }
        out.push_str(text.get(from..).unwrap_or_default());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_in_longer_texts() {
        let mut secrets = Secrets::default();
        ["abcdef", "abcdefgh", "x1", "", "äöüäöü"].iter().for_each(|secret| secrets.add(secret));
        let masker = secrets.masker();
        for (text, masked) in [
            ("x1", "***"),
            ("x12", "x12"),
            ("ABCDEF", "***"),
            ("is ABCDEFGH, abcdefg", "is ***, ***g"),
            ("ä abcdeä äöüäöüx", "ä abcdeä ***x"),
            ("", ""),
        ] {
            assert_eq!(masker.masked(text), masked);
        }
    }

    #[test]
    fn tokens_are_masked_in_each_form() {
        // In Base64, and as it stands, of which nobody can tell that it is none.
        for header in ["Token MWYyZS0zZDRjLWZm", "token 1f2e-3d4c-ff", "1f2e-3d4c-ff"] {
            let mut secrets = Secrets::default();
            secrets.add_token(header);
            let masker = secrets.masker();
            assert_eq!(masker.masked("invalid 1F2E-3d4c-ff"), "invalid ***", "{header}");
            if header.contains(' ') {
                assert_eq!(masker.masked("got MWYyZS0zZDRjLWZm"), "got ***", "{header}");
            }
        }
    }

    #[test]
    fn secrets_that_begin_alike_are_looked_for_at_once() {
        let mut secrets = Secrets::default();
        (0..MOST).for_each(|number| secrets.add(&format!("aaaaaa{number:05}")));
        assert!(!secrets.is_full());
        let masker = secrets.masker();
        // One pass: compared with each secret at each place, these would be 10^10 steps.
        let text = "a".repeat(1 << 20);
        assert_eq!(masker.masked(&text), text);
        assert_eq!(masker.masked(&format!("{text}00007 b")), format!("{}*** b", "a".repeat((1 << 20) - 6)));
    }

    #[test]
    fn too_many_secrets_are_noticed() {
        let mut secrets = Secrets::default();
        (0..=MOST).for_each(|number| secrets.add(&number.to_string()));
        assert!(secrets.is_full());
        let mut secrets = Secrets::default();
        secrets.add(&"a".repeat(MOST_BYTES));
        assert!(!secrets.is_full());
        secrets.add("b");
        assert!(secrets.is_full());
    }
}
