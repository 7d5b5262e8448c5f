//! Hashes of tokens: a token that only has to be recognized is not stored itself.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use ocpi_types::{CredentialsToken, Url, Version};
use sha2::{Digest, Sha256};

/// Hash of a token that we issued, or of a request that may come again.
///
/// Two are compared in the same time wherever they differ.
#[derive(Clone, Copy)]
pub(crate) struct TokenHash([u8; 32]);

impl TokenHash {
    /// Reads what `Display` wrote.
    pub(crate) fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl PartialEq for TokenHash {
    fn eq(&self, other: &Self) -> bool {
        let differing = self.0.iter().zip(&other.0).fold(0_u8, |sum, (a, b)| sum | (a ^ b));
        std::hint::black_box(differing) == 0
    }
}

impl Eq for TokenHash {}

/// All 64 digits: the key of a document.
impl fmt::Display for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The first eight digits, as in a log.
impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().take(4).try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Makes hashes: SHA-256, or HMAC-SHA-256 if there is a key.
#[derive(Clone)]
pub(crate) struct Hasher(Option<Hmac<Sha256>>);

impl Hasher {
    /// A hasher; a `pepper` keeps who reads the store from trying tokens.
    pub(crate) fn new(pepper: Option<&[u8]>) -> Self {
        // HMAC takes keys of every length.
        Self(pepper.and_then(|key| Hmac::new_from_slice(key).ok()))
    }

    /// Hashes a token.
    pub(crate) fn token(&self, token: &CredentialsToken) -> TokenHash {
        self.parts(&["token", token.expose()])
    }

    /// Hashes the facts by which a POST or PUT is recognized when it comes again.
    pub(crate) fn request(&self, version: Version, token: &CredentialsToken, url: &Url) -> TokenHash {
        self.parts(&["request", version.as_str(), token.expose(), url.as_str()])
    }

    /// Hashes the part of a `response_url` that nobody can guess.
    pub(crate) fn response_url(&self, uid: &str) -> TokenHash {
        self.parts(&["response_url", uid])
    }

    /// Hashes the facts by which a request to charge points is recognized when it comes again.
    pub(crate) fn taken(&self, partner: &str, kind: &str, url: &str, body: &[u8]) -> TokenHash {
        self.parts(&["taken", partner, kind, url, &String::from_utf8_lossy(body)])
    }

    fn parts(&self, parts: &[&str]) -> TokenHash {
        let text = parts.join("\0");
        let bytes = match &self.0 {
            Some(keyed) => keyed.clone().chain_update(text).finalize().into_bytes(),
            None => Sha256::digest(text),
        };
        TokenHash(bytes.into())
    }
}

/// The key is a secret.
impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hasher")
    }
}

#[cfg(test)]
mod tests {
    use super::{Hasher, TokenHash};

    #[test]
    fn a_hash_is_read_as_it_is_written() {
        let (plain, keyed) = (Hasher::new(None), Hasher::new(Some(b"pepper")));
        let token = "secret".parse().expect("a token");
        let hash = plain.token(&token);
        assert_eq!(TokenHash::from_hex(&hash.to_string()), Some(hash));
        assert_ne!(hash, keyed.token(&token));
        assert_ne!(hash, plain.token(&"Secret".parse().expect("a token")));
        for text in ["", "0", &"g".repeat(64), &"ä".repeat(32), &"0".repeat(63)] {
            assert_eq!(TokenHash::from_hex(text), None, "{text}");
        }
    }
}
