//! Names, keys and masks that the macros work out at compile time.

use crate::Field;
#[doc(hidden)]
pub use crate::key;

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

/// The length of `"name":`.
pub const fn key_len(name: &str) -> usize {
    name.len() + 3
}

/// `"name":`.
pub const fn key_bytes<const N: usize>(name: &str) -> [u8; N] {
    let mut key = [b'"'; N];
    let name = name.as_bytes();
    let mut i = 0;
    while i < name.len() {
        key[i + 1] = name[i];
        i += 1;
    }
    key[N - 1] = b':';
    key
}

/// The length of `,"name":`.
pub const fn comma_key_len(name: &str) -> usize {
    key_len(name) + 1
}

/// `,"name":`.
pub const fn comma_key_bytes<const N: usize>(name: &str) -> [u8; N] {
    let mut key = [b','; N];
    let plain: [u8; N] = key_bytes(name);
    let mut i = 0;
    while i < name.len() + 2 {
        key[i + 1] = plain[i];
        i += 1;
    }
    key[N - 1] = b':';
    key
}

/// A member's name as it stands in messages, made at compile time by two of the functions above.
#[doc(hidden)]
#[macro_export]
macro_rules! key {
    ($member:ident, $len:ident, $bytes:ident) => {
        const {
            const NAME: &str = $crate::macros::member_name(stringify!($member));
            const KEY: &[u8; $crate::macros::$len(NAME)] = &$crate::macros::$bytes(NAME);
            KEY
        }
    };
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

/// The table of a PATCH from that of its object: the same members, none of them required.
pub const fn changes<const N: usize>(whole: &[Field]) -> [Field; N] {
    let mut fields = [whole[0]; N];
    let mut i = 0;
    while i < N {
        fields[i] = whole[i];
        fields[i].card = crate::Cardinality::Optional;
        i += 1;
    }
    fields
}
