//! What the macros work out at compile time.

use crate::Field;

/// The name of a member in messages: a raw identifier without its prefix.
pub const fn member_name(identifier: &'static str) -> &'static str {
    match identifier.as_bytes() {
        [b'r', b'#', name @ ..] => match core::str::from_utf8(name) {
            Ok(name) => name,
            Err(_) => identifier,
        },
        _ => identifier,
    }
}

/// The length of `,"name":`.
pub const fn key_len(name: &str) -> usize {
    name.len() + 4
}

/// `,"name":`.
pub const fn key_bytes<const N: usize>(name: &str) -> [u8; N] {
    let mut key = [b'"'; N];
    key[0] = b',';
    let name = name.as_bytes();
    let mut i = 0;
    while i < name.len() {
        key[i + 2] = name[i];
        i += 1;
    }
    key[N - 1] = b':';
    key
}

/// One bit for every required member, in order of declaration.
pub const fn required_mask(fields: &[Field]) -> u64 {
    assert!(fields.len() <= 64, "an object has at most 64 members");
    let mut mask = 0;
    let mut i = 0;
    while i < fields.len() {
        if fields[i].card.is_required() {
            mask |= 1 << i;
        }
        i += 1;
    }
    mask
}
