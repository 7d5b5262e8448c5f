//! Texts that must not show, in all their forms.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// Least characters of a piece that shows a secret.
const PIECE: usize = 12;

/// Pieces of the forms of secrets, in lower case, each with the secret that it is of.
#[derive(Debug)]
pub(crate) struct Canaries {
    pieces: BTreeMap<Vec<u8>, usize>,
    /// By the first three letters of a piece: whether there is any. Most texts are passed over by them.
    starts: Vec<bool>,
    secrets: Vec<String>,
}

impl Canaries {
    pub(crate) fn of(secrets: impl IntoIterator<Item = String>) -> Self {
        let mut canaries =
            Self { pieces: BTreeMap::new(), starts: vec![false; 1 << 18], secrets: Vec::new() };
        for secret in secrets.into_iter().collect::<BTreeSet<_>>() {
            assert!(secret.len() >= PIECE, "too short to be told from other texts: {secret}");
            let place = canaries.secrets.len();
            for form in forms(&secret) {
                let form = form.to_ascii_lowercase().into_bytes();
                for piece in form.windows(PIECE) {
                    canaries.starts[start(piece)] = true;
                    canaries.pieces.insert(piece.to_vec(), place);
                }
            }
            canaries.secrets.push(secret);
        }
        canaries
    }

    pub(crate) fn len(&self) -> usize {
        self.secrets.len()
    }

    /// The first secret of which a piece is in a text.
    pub(crate) fn found_in(&self, text: &str) -> Option<&str> {
        let lists = text.split(['[', ']']).filter_map(bytes_of);
        self.spelled_in(text).or_else(|| lists.into_iter().find_map(|list| self.spelled_in(&list)))
    }

    fn spelled_in(&self, text: &str) -> Option<&str> {
        let text = text.to_ascii_lowercase();
        let mut pieces = text.as_bytes().windows(PIECE).filter(|piece| self.starts[start(piece)]);
        let place = pieces.find_map(|piece| self.pieces.get(piece))?;
        Some(&self.secrets[*place])
    }
}

/// The text of bytes that are written as a list of numbers, as `Debug` does it.
fn bytes_of(list: &str) -> Option<String> {
    if list.len() < 2 * PIECE || !list.contains(',') {
        return None;
    }
    let numbers = list.trim().trim_end_matches(',').split(',').map(|number| number.trim().parse::<u8>());
    let bytes: Vec<u8> = numbers.collect::<Result<_, _>>().ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Place of a piece among the starts.
fn start(piece: &[u8]) -> usize {
    piece[..3].iter().fold(0, |place, byte| place << 6 | usize::from(byte & 63))
}

fn forms(secret: &str) -> Vec<String> {
    let mut forms = vec![secret.to_owned(), hex(secret)];
    let percent = |is_plain: fn(u8) -> bool| {
        let encoded = secret.bytes().map(|byte| match is_plain(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        });
        encoded.collect::<String>()
    };
    forms.push(percent(|byte| byte.is_ascii_alphanumeric()));
    forms.push(percent(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)));
    forms.push(percent(|_| false));
    // What stands before a secret shifts its letters.
    for shift in 0..3 {
        let shifted = format!("{}{secret}", &"\0\0\0"[..shift]);
        for encoded in [STANDARD.encode(&shifted), URL_SAFE.encode(&shifted)] {
            let encoded = encoded.trim_end_matches('=');
            // The letters at both ends depend on what stands beside the secret.
            let (from, to) = (shift + usize::from(shift > 0), encoded.len() - 1);
            forms.push(encoded[from..to].to_owned());
        }
    }
    forms
}

pub(crate) fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn base64(text: &str) -> String {
    STANDARD.encode(text)
}

#[test]
fn each_form_is_found_and_nothing_else() {
    let secret = "Zebra/77:quagga~Okapi";
    let canaries = Canaries::of([secret.to_owned()]);
    for text in [
        secret.to_owned(),
        secret[4..16].to_owned(),
        format!("path /tokens/{}?x", "Zebra%2F77%3Aquagga~Okapi"),
        hex(secret).to_uppercase(),
        base64(secret),
        base64(&format!("a{secret}")),
        base64(&format!("ab{secret} and more")),
        URL_SAFE.encode(format!("abc{secret}")),
        secret.bytes().map(|byte| format!("%{byte:02x}")).collect(),
        format!("body={:?}", [b"{}".as_slice(), secret.as_bytes()]),
        format!("{:#?}", Some(secret.as_bytes())),
    ] {
        assert_eq!(canaries.found_in(&text), Some(secret), "{text}");
    }
    for text in ["", "Zebra/77:qu", "an okapi and a quagga", &base64("something else altogether")] {
        assert_eq!(canaries.found_in(text), None, "{text}");
    }
}
