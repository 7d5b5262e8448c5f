//! Country and currency codes of two or three letters.

/// Two or three letters.
pub(super) type Country = [u8; 3];

/// The letters of a code, if it is as short as one.
pub(super) fn code(text: &str) -> Option<Country> {
    let mut code = [0; 3];
    let bytes = text.as_bytes();
    if !matches!(bytes.len(), 2 | 3) || !bytes.is_ascii() {
        return None;
    }
    for (slot, byte) in code.iter_mut().zip(bytes) {
        *slot = byte.to_ascii_uppercase();
    }
    Some(code)
}

/// The letters as a text.
pub(super) fn code_text(code: Country) -> String {
    code.into_iter().filter(|byte| *byte != 0).map(char::from).collect()
}
