//! Secrets of an exchange, and texts without them.

use std::collections::{BTreeMap, BTreeSet};

/// Stands in the place of what is masked.
pub(crate) const MASK: &str = "***";
/// Shortest secret that is masked inside of a longer text, too: a shorter one may stand there by chance.
pub(super) const LONG: usize = 6;

/// The secrets of an exchange, in lower case: what one part of it shows by its place is masked in all of them.
#[derive(Default)]
pub(super) struct Secrets {
    all: BTreeSet<String>,
    /// Long ones by their beginnings: a page may have thousands.
    long: BTreeMap<[u8; LONG], BTreeSet<String>>,
}

impl Secrets {
    pub(super) fn add(&mut self, secret: &str) {
        if secret.is_empty() {
            return;
        }
        let secret = secret.to_ascii_lowercase();
        if let Some(start) = secret.as_bytes().first_chunk::<LONG>() {
            self.long.entry(*start).or_default().insert(secret.clone());
        }
        self.all.insert(secret);
    }

    /// Masks a text that is one of them, or has one in it, in whatever case it is written.
    pub(super) fn masked(&self, text: &str) -> String {
        // Letters of ASCII keep their places.
        let folded = text.to_ascii_lowercase();
        if self.all.contains(&folded) {
            return MASK.to_owned();
        }
        let (mut out, mut from, mut at) = (String::new(), 0, 0);
        while let Some(rest) = folded.as_bytes().get(at..) {
            let Some(start) = rest.first_chunk::<LONG>() else { break };
            // The longest comes last.
            let found = self
                .long
                .get(start)
                .and_then(|secrets| secrets.iter().rev().find(|secret| rest.starts_with(secret.as_bytes())));
            match found {
                Some(secret) => {
                    out.push_str(text.get(from..at).unwrap_or_default());
                    out.push_str(MASK);
                    at += secret.len();
                    from = at;
                }
                None => at += 1,
            }
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
        for (text, masked) in [
            ("x1", "***"),
            ("x12", "x12"),
            ("ABCDEF", "***"),
            ("is ABCDEFGH, abcdefg", "is ***, ***g"),
            ("ä abcdeä äöüäöüx", "ä abcdeä ***x"),
            ("", ""),
        ] {
            assert_eq!(secrets.masked(text), masked);
        }
    }
}
