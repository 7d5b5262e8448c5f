//! A seal with keys that can rotate.

use std::collections::BTreeMap;
use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use crate::{Seal, SecureRandom};

/// Encrypts tokens with XChaCha20-Poly1305. The newest key seals; older keys can open what they sealed, which is sealed
/// again when the partner's record is next written, at the latest when its tokens rotate.
///
/// ```
/// use ocpi_platform::{Seal, SealKeys, SecureRandom};
/// let old = SealKeys::new("2026", [1; 32], SecureRandom::system());
/// let sealed = old.seal("cpo", "secret").unwrap();
/// let both = SealKeys::new("2027", [2; 32], SecureRandom::system()).with_older("2026", [1; 32]);
/// assert_eq!(both.open("cpo", &sealed).as_deref(), Some("secret"));
/// assert_eq!(both.open("emsp", &sealed), None, "it is the token of another partner");
/// let new = SealKeys::new("2027", [2; 32], SecureRandom::system());
/// assert_eq!(new.open("cpo", &sealed), None, "the key is not there");
/// ```
#[derive(Clone)]
pub struct SealKeys {
    newest: String,
    keys: BTreeMap<String, XChaCha20Poly1305>,
    random: SecureRandom,
}

const NONCE: usize = 24;

impl SealKeys {
    /// Creates a seal with one key. Its name is stored with the sealed texts.
    pub fn new(name: impl Into<String>, key: [u8; 32], random: SecureRandom) -> Self {
        let newest = name.into();
        let keys = BTreeMap::from([(newest.clone(), XChaCha20Poly1305::new(&key.into()))]);
        Self { newest, keys, random }
    }

    /// Adds an older key, for opening only.
    #[must_use]
    pub fn with_older(mut self, name: impl Into<String>, key: [u8; 32]) -> Self {
        self.keys.entry(name.into()).or_insert_with(|| XChaCha20Poly1305::new(&key.into()));
        self
    }
}

impl Seal for SealKeys {
    fn seal(&self, context: &str, secret: &str) -> Option<String> {
        let nonce = self.random.bytes::<NONCE>().ok()?;
        let payload = Payload { msg: secret.as_bytes(), aad: context.as_bytes() };
        let sealed = self.keys.get(&self.newest)?.encrypt(&XNonce::from(nonce), payload).ok()?;
        Some(format!("{}{} {}", hex(&nonce), hex(&sealed), self.newest))
    }

    fn open(&self, context: &str, sealed: &str) -> Option<String> {
        let (bytes, name) = sealed.split_once(' ')?;
        let bytes = from_hex(bytes)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: sealed, aad: context.as_bytes() };
        let opened = self.keys.get(name)?.decrypt(&XNonce::from(*nonce), payload).ok()?;
        String::from_utf8(opened).ok()
    }
}

/// The keys are secrets: their names are shown.
impl fmt::Debug for SealKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.keys.keys()).finish()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || text.len() % 2 != 0 {
        return None;
    }
    let places = (0..text.len()).step_by(2);
    places.map(|place| u8::from_str_radix(text.get(place..place + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::SealKeys;
    use crate::{Seal, SecureRandom};

    #[test]
    fn what_was_changed_is_not_opened() {
        let keys = SealKeys::new("a key", [7; 32], SecureRandom::system());
        let sealed = keys.seal("cpo", "secret").expect("sealed");
        assert_ne!(keys.seal("cpo", "secret"), Some(sealed.clone()), "no nonce comes twice");
        assert!(!sealed.contains("secret") && !format!("{keys:?}").contains('7'));
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            let other = if sealed.as_bytes()[place] == b'0' { "1" } else { "0" };
            changed.replace_range(place..=place, other);
            assert_eq!(keys.open("cpo", &changed), None, "{place}");
        }
        for text in ["", " ", " a key", "zz a key", "00 a key", "ää a key"] {
            assert_eq!(keys.open("cpo", text), None, "{text}");
        }
    }
}
